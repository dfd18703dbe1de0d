"""Values that are right beyond doubt are what the models make of them."""

from __future__ import annotations

import dataclasses

import pytest
import yaml_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.create.demo import find_sample_data
from tldash.documents import framework, models, validate
from tldash.documents import front as fronts
from tldash.documents.front import YAML_READERS, ConfigFront, LeadFront, SessionFront, parse_front
from tldash.formats.markdown.front_matter import split_front

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 100_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["2026-11-03", "2026-11-03 16:00", "2026-13-40", "16:00", "45m", "1h 15m", "planned",
         "Planned", "held", "Europe/Oslo", "Europe/Olso", "monthly", "2026-11-03T16:00Z", "",
         "../x"]
    ),
    st.dictionaries(st.sampled_from(["vision", "x"]), st.sampled_from(["beginner", 3, None])),
    st.lists(st.sampled_from(["a", 1]), max_size=2),
)  # fmt: skip
CASES = {
    "session": (SessionFront, models.SessionDocument, None),
    "yaml session": (SessionFront, models.YamlSessionDocument, YAML_READERS),
    "lead": (LeadFront, models.LeadDocument, None),
    "config": (ConfigFront, models.ConfigDocument, None),
}


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=examples(400), deadline=None)
@given(data=st.data())
def test_the_models_agree(case: str, data: st.DataObject) -> None:
    kind, model, readers = CASES[case]
    readers = readers or kind.READERS
    keys = st.sampled_from([*readers, "tags", "id", "mood", "notes", "skil", "topics"])
    document = data.draw(st.dictionaries(keys, VALUES, max_size=5))
    front, faults = parse_front(kind, document, readers)
    careful, found = validate.check(model, document)
    assert faults == found
    for field in dataclasses.fields(front):
        if field.name in model.model_fields:
            assert getattr(front, field.name) == getattr(careful, field.name)


@each("data", [None, [], "text", 3, {1: "a"}])
def test_what_is_no_mapping_is_left_to_the_models(data: object) -> None:
    assert parse_front(LeadFront, data)[1] == validate.check(models.LeadDocument, data)[1]


def test_the_sample_data_needs_no_model() -> None:
    for file in find_sample_data().rglob("*.md"):
        front = split_front(file.read_text("utf-8"), file.name)
        if front.yaml is not None:
            kind = LeadFront if file.name == "lead.md" else SessionFront
            value = yaml_rs.loads(front.yaml, parse_datetime=False)
            assert fronts.convert_values(value, kind.READERS) is not None


def test_the_shipped_framework_is_right() -> None:
    text = framework.SHIPPED.read_text("utf-8")
    data = yaml_rs.loads(text, parse_datetime=False)
    assert framework.parse_framework(data) == (framework.load_shipped(), ())
