"""The schemas say what `tldash check` says, are valid themselves, and describe every field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.examples import examples
from tests.support.tables import each
from tldash.documents.json_schema import NAMES, build_schema
from tldash.documents.models import (
    ConfigDocument,
    Document,
    FrameworkDocument,
    LeadDocument,
    YamlSessionDocument,
)
from tldash.documents.validate import check
from tldash.formats.file_record import read_data
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.yaml import load
from tldash.model.dates import parse_moment
from tldash.model.file_roles import FileRole
from tldash.model.records import Fields, Severity, Status, Task

SAMPLE = Path(__file__).parents[2] / "sample-data"
MODELS: dict[str, type[Document]] = {
    "lead": LeadDocument,
    "session": YamlSessionDocument,
    "framework": FrameworkDocument,
    "config": ConfigDocument,
}
VALIDATORS = {name: Draft202012Validator(build_schema(name)) for name in NAMES}


def accepted_by_schema(name: str, data: object) -> bool:
    return VALIDATORS[name].is_valid(data)


def accepted_by_check(name: str, data: object) -> bool:
    _, faults = check(MODELS[name], data)
    return not any(fault.severity is Severity.ERROR for fault in faults)


# -- the schemas themselves ----------------------------------------------------------------------


@each("name", NAMES)
def test_is_a_valid_schema_that_says_what_it_is(name: str) -> None:
    made = build_schema(name)
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["$id"] == f"urn:tldash:schema:{name}"
    assert made["title"]
    assert made["description"]
    assert json.loads(json.dumps(made)) == made


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no schema 'leed'"):
        build_schema("leed")


def parts(made: Any) -> Iterator[dict[str, Any]]:
    if isinstance(made, dict):
        yield made
        for value in made.values():
            yield from parts(value)
    elif isinstance(made, list):
        for value in made:
            yield from parts(value)


@each("name", NAMES)
def test_every_field_is_described_and_unknown_ones_are_welcome(name: str) -> None:
    objects = [part for part in parts(build_schema(name)) if part.keys() >= {"properties", "type"}]
    assert objects or name == "skills"
    for part in objects:
        assert part["additionalProperties"] is True
        for key, value in part["properties"].items():
            assert len(value["description"]) > 8, key
            assert "title" not in value, key
            assert value.get("default", "said") is not None, key


@each("name", NAMES)
def test_patterns_are_of_the_kind_that_every_dialect_knows(name: str) -> None:
    """No look-behind, named or possessive groups, nor escapes but `\\s`, `\\S` and `\\.`."""
    for part in parts(build_schema(name)):
        if isinstance(part.get("pattern"), str):
            assert re.compile(part["pattern"])
            assert set(re.findall(r"\\.", part["pattern"])) <= {r"\s", r"\S", r"\."}
            assert not re.search(r"\(\?[^:=!]|[*+?}][+]", part["pattern"])
            assert part["patternErrorMessage"].endswith(".")


def test_every_model_field_is_in_its_schema() -> None:
    for name, model in MODELS.items():
        assert set(build_schema(name)["properties"]) == set(model.model_fields)


# -- what is shipped and shown -------------------------------------------------------------------


def hand_written() -> list[tuple[str, str, object]]:
    """Every front matter and YAML file that comes with tldash: where, which schema, its value."""
    found: list[tuple[str, str, object]] = []
    for path in sorted(SAMPLE.rglob("*")):
        text = path.read_text("utf-8") if path.is_file() else ""
        front = split_front(text, path.name).yaml
        if path.name == "tldash.yaml":
            kind, source = "config", text
        elif path.suffix in (".yaml", ".yml"):
            kind, source = "session", text
        elif front is not None:
            kind, source = ("lead" if path.name == "lead.md" else "session"), front
        else:
            continue
        data, problems = load.load(source, path.name)
        assert problems == ()
        found.append((path.relative_to(SAMPLE).as_posix(), kind, data))
    shipped = files("tldash.documents").joinpath("framework.yaml").read_text("utf-8")
    found.append(("framework.yaml", "framework", load.load(shipped, "framework.yaml")[0]))
    return found


@each(("where", "name", "data"), hand_written())
def test_sample_data_and_framework_are_valid(where: str, name: str, data: object) -> None:
    assert [error.message for error in VALIDATORS[name].iter_errors(data)] == []
    assert accepted_by_check(name, data)


def test_sample_data_has_a_file_of_every_kind() -> None:
    assert {name for _, name, _ in hand_written()} == {"lead", "session", "config", "framework"}


def test_skills_are_the_list_in_a_framework() -> None:
    framework = next(data for where, _, data in hand_written() if where == "framework.yaml")
    assert isinstance(framework, dict)
    assert accepted_by_schema("skills", framework["skills"])
    assert not accepted_by_schema("skills", [])
    assert not accepted_by_schema("skills", [{"id": "vision", "name": "Vision"}])
    assert not accepted_by_schema("skills", framework)


# -- agreement with the checks -------------------------------------------------------------------

SKILL = {"id": "x", "name": "X", "levels": [{"id": "one"}]}

GOOD: list[tuple[str, object]] = [
    *(("session", data) for data in (None, {}, {"date": None}, {"mood": [1]})),
    *(("session", {"date": d}) for d in ("2026-11-03", " 2026-11-03 ", "2026-11-03 16:00")),
    *(("session", {"date": d}) for d in ("2026-11-03T7:05:09.25", "2026-11-03 16:00+22:99")),
    *(("session", {"next": d}) for d in ("2024-02-29", "2000-02-29", "2026-11-03T16:00 Z")),
    *(("session", {"duration": d}) for d in (45, 0, "45", "1h", "1h 15m", "1 Hour 5 mins", "90M")),
    *(("session", {"status": s}) for s in ("held", "Held", " MISSED ")),
    *(("session", {"time": t}) for t in ("16:00", "9:30", "16:00:59")),
    *(("session", {"title": t}) for t in ("x", 7, 1.5, "")),
    ("session", {"levels": {"vision": "beginner", "x": 2}}),
    ("session", {"actions": ["call", 7, True, None, {"text": "x"}], "topics": [], "notes": "x"}),
    *(("lead", {"timezone": z}) for z in ("Europe/Oslo", "UTC", "Etc/GMT+1", None)),
    ("lead", {"name": "Ada", "cadence": 10, "started": "2026-05-05", "status": "resting"}),
    ("config", {"people": {"mira": "Mira Halvorsen", "x": 5}}),
    ("framework", {"skills": [SKILL], "name": None, "session": None, "cadences": {"x": None}}),
    ("framework", {"skills": [SKILL | {"scale": "sliding", "short": None, "questions": ["?"]}]}),
    ("framework", {"skills": [SKILL], "session": [{"id": "a", "name": "A", "minutes": [5, 10]}]}),
]
BAD: list[tuple[str, object]] = [
    *((name, data) for name in MODELS for data in ("text", [1], 7, True)),
    *(("session", {"date": d}) for d in ("2026-02-30", "2026-13-01", "2026-04-31", "0000-01-01")),
    *(("session", {"date": d}) for d in ("1900-02-29", "2025-02-29", "20.11.2026", "2026-1-5")),
    *(("session", {"date": d}) for d in ("2026-11-03 24:00", "2026-11-03 16:60", "2026-11-03 16")),
    *(
        ("session", {"date": d})
        for d in ("2026-11-03 16:00 +24:00", "2026-11-03 16:00+23:60", "2026-11-03 16:00 CET")
    ),
    *(("session", {"date": d}) for d in ("soon", "", 20261103, True, ["2026-11-03"], {})),
    *(("session", {"duration": d}) for d in ("", "  ", "long", 10000, -1, 1.5, True, [45], "1d")),
    *(("session", {"status": s}) for s in ("gone", "", 1, True, ["held"])),
    *(("session", {"time": t}) for t in ("24:00", "16", "16:60", 960, "4 pm")),
    *(
        ("session", {"levels": v})
        for v in ("x", [1], {"vision": None}, {"vision": True}, {"v": []})
    ),
    *(("session", {key: "x"}) for key in ("agenda", "topics", "actions")),
    *(("session", {"notes": v}) for v in (True, ["x"], {})),
    *(("lead", {"name": v}) for v in (True, ["x"], {"x": 1})),
    *(("lead", {"timezone": z}) for z in (5, "Europe Oslo", "", "../x", True)),
    *(("config", {"people": v}) for v in (["mira"], {"mira": None}, "mira")),
    *(("framework", data) for data in (None, {}, {"skills": None}, {"skills": []})),
    *(("framework", {"skills": [SKILL | more]}) for more in ({"levels": []}, {"levels": None})),
    *(("framework", {"skills": [SKILL | more]}) for more in ({"scale": "Sliding"}, {"name": None})),
    ("framework", {"skills": [SKILL | {"levels": [{"id": str(n)} for n in range(10)]}]}),
    ("framework", {"skills": [{"id": "x", "levels": [{"id": "one"}]}]}),
    *(
        ("framework", {"skills": [SKILL], "session": [{"id": "a", "name": "A", "minutes": m}]})
        for m in ([5], [5, 6, 7], 5, [5, "x"], [1.5, 2])
    ),
    ("framework", {"skills": [SKILL], "cadences": {"x": "week"}}),
    ("framework", {"skills": [SKILL], "starters": [{"title": "x"}]}),
    ("framework", {"skills": [SKILL], "cadences": {"x": "7"}}),
    ("framework", {"skills": [SKILL], "cadences": {"x": True}}),
    ("framework", {"skills": [SKILL], "starters": [{"number": "1", "title": "x"}]}),
    ("framework", {"skills": [SKILL], "starters": [{"number": True, "title": "x"}]}),
]
UNSEEN: list[tuple[str, object]] = [
    ("session", {"duration": 45.0}),
    (
        "framework",
        {"skills": [SKILL], "cadences": {"x": 7.0}},
    ),  # in JSON Schema, a number without a fraction is an integer
    ("lead", {"timezone": "Europe/Osl"}),  # which zones there are depends on the machine
]
"""What `check` finds wrong and no schema can see."""


@each(("name", "data"), GOOD)
def test_good_documents_are_accepted_by_both(name: str, data: object) -> None:
    assert accepted_by_check(name, data)
    assert [error.message for error in VALIDATORS[name].iter_errors(data)] == []


@each(("name", "data"), BAD)
def test_wrong_documents_are_rejected_by_both(name: str, data: object) -> None:
    assert not accepted_by_check(name, data)
    assert not accepted_by_schema(name, data)


def test_the_differences_are_these_and_no_other() -> None:
    for name, data in UNSEEN:
        assert not accepted_by_check(name, data), data
        assert accepted_by_schema(name, data), data


near_moments = st.from_regex(
    r"[ ]?(000|190|200|202)[0-9]-[01][0-9]-[0123][0-9]([T ]{1,2}[0-2]?[0-9]:[0-6][0-9]"
    r"(:[0-6][0-9](\.[0-9]{1,3})?)?( ?(Z|[+-][0-2][0-9]:?[0-9]{2}))?)?[ ]?",
    fullmatch=True,
)
near_clocks = st.from_regex(r"[0-9]{1,2}:[0-9]{1,2}(:[0-9]{2})?", fullmatch=True)
near_durations = st.from_regex(
    r"[ ]?([0-9]{1,5} ?(h|H|hour|hours|hr))? ?([0-9]{1,5} ?(m|min|Mins|minute|sec)?)?",
    fullmatch=True,
)
words = st.sampled_from(
    ["", "x", "held", "Held ", "cancelled", "yes", "null", "sliding", "stacking", "weekly"]
)
readable = st.characters(exclude_categories=["C"])  # others are no YAML
numbers = st.integers(-3, 12000) | st.sampled_from([0.5, -1.25, 1e300])
scalars = st.one_of(st.none(), st.booleans(), numbers, words, st.text(readable, max_size=5))
values = st.one_of(
    scalars,
    near_moments,
    near_clocks,
    near_durations,
    st.lists(scalars, max_size=3),
    st.dictionaries(words, scalars, max_size=3),
)
zones = st.sampled_from(["Europe/Oslo", "UTC", None, 5, "", "no zone", "Europe/", True, ["UTC"]])


@st.composite
def mappings(draw: st.DrawFn, name: str) -> dict[str, object]:
    """Fields of the model with values that suit some field, and keys that are no field's."""
    keys = st.sampled_from([*MODELS[name].model_fields, "mood", "x-y"])
    data = draw(st.dictionaries(keys, values, max_size=5))
    if "timezone" in data:
        data["timezone"] = draw(zones)
    return data


@pytest.mark.parametrize("name", ["lead", "session", "config"])
@settings(max_examples=examples(250))
@given(st.data())
def test_schema_and_check_agree(name: str, data: st.DataObject) -> None:
    document = data.draw(mappings(name))
    assert accepted_by_schema(name, document) == accepted_by_check(name, document)


@settings(max_examples=examples(300))
@given(near_moments)
def test_schema_and_check_agree_on_moments(moment: str) -> None:
    document = {"date": moment}
    assert accepted_by_schema("session", document) == accepted_by_check("session", document)


def test_every_day_of_the_calendar_and_no_other() -> None:
    leap_days = (f"{year:04}-02-29" for year in range(10_000))
    pattern = re.compile(build_schema("session")["properties"]["date"]["pattern"])
    days = [f"{year}-{month:02}-{day:02}" for year in (2023, 2024) for month in range(14)
            for day in range(33)]  # fmt: skip
    for day in (*leap_days, *days):
        assert bool(pattern.search(day)) == (parse_moment(day) is not None), day


texts = st.sampled_from(["x", "", 7, 1.5, None, True, ["x"]])
wholes = st.sampled_from([0, 7, 1.5, None, ["x"], "x"])
levels = st.fixed_dictionaries(
    {"id": texts}, optional={"name": texts, "description": texts, "markers": st.lists(texts)}
)
skills = st.fixed_dictionaries(
    {"id": st.just("x") | texts, "name": st.just("X") | texts},
    optional={
        "levels": st.lists(st.just({"id": "one"}) | levels, max_size=10) | texts,
        "scale": words,
        "short": texts,
        "summary": texts,
        "questions": st.lists(texts, max_size=2) | texts,
    },
)
focuses = st.sampled_from(["goals", "last-actions", "", "mood", None, 7])
some_parts = st.lists(
    st.fixed_dictionaries(
        {"id": texts, "name": texts},
        optional={
            "minutes": st.none() | st.lists(wholes, max_size=3),
            "prompt": texts,
            "purpose": texts,
            "questions": st.lists(texts, max_size=2) | texts,
            "focus": focuses,
        },
    ),
    max_size=2,
)
afterwards = st.fixed_dictionaries(
    {"title": texts}, optional={"purpose": texts, "shape": texts | st.none()}
)
frameworks = st.fixed_dictionaries(
    {"skills": st.lists(st.just(SKILL) | skills, max_size=2) | st.none()},
    optional={
        "name": texts,
        "session": st.none() | some_parts,
        "shapes": st.none()
        | st.lists(
            st.fixed_dictionaries({"id": texts, "parts": some_parts}, optional={"name": texts}),
            max_size=2,
        ),
        "after": st.none() | afterwards,
        "starters": st.none()
        | st.lists(st.fixed_dictionaries({"number": wholes, "title": texts}), max_size=2),
        "cadences": st.none() | st.dictionaries(words, wholes, max_size=2),
        "levels": values,
    },
)


@settings(max_examples=examples(300))
@given(frameworks)
def test_schema_and_check_agree_on_frameworks(document: dict[str, object]) -> None:
    agreed = accepted_by_schema("framework", document)
    assert agreed == accepted_by_check("framework", document)
    if "skills" in document and agreed:
        assert accepted_by_schema("skills", document["skills"])


# -- topics and actions, which are read from the text --------------------------------------------

WITHIN_TEXT = {"bad-date", "bad-priority", "bad-id", "bad-owner"}
"""Problems with the metadata in an item's text; no schema looks into a text."""

days = st.sampled_from(
    ["2026-11-20", "2026-02-30", "soon", "", "null", "~", "True", "false", " 2026-11-20 ", "  "]
)
fields = {
    **dict.fromkeys(("due", "scheduled", "start", "created"), days | st.booleans() | st.none()),
    **dict.fromkeys(("done", "cancelled"), days | st.booleans() | st.none() | st.just(7)),
    **dict.fromkeys(
        ("owner", "repeat", "id", "note", "notes"), words | st.none() | st.just(7) | values
    ),
    "status": st.sampled_from(
        ["open", "Done", "in-progress", " cancelled", "held", "", 7, True, None, "null", ["open"]]
    ),
    "priority": st.sampled_from(
        ["high", "Lowest", "normal", "none", "", "urgent", 7, None, "~", ["high"]]
    ),
    "tags": values,
    "mood": values,
}
item_words = st.sampled_from(["call Ann due:2026-11-20", "", 7, True, None, ["x"], {"x": 1}])


items = st.one_of(
    scalars,
    st.lists(words, max_size=2),
    st.fixed_dictionaries({}, optional=fields),
    *(
        st.fixed_dictionaries({key: item_words}, optional=fields)
        for key in ("text", "action", "topic")
    ),
    st.fixed_dictionaries({"text": item_words, "action": item_words}),
)


@settings(max_examples=examples(300))
@given(st.lists(items, min_size=1, max_size=3))
def test_schema_and_reader_agree_on_items(found: list[object]) -> None:
    document = {"date": "2026-11-03", "actions": found}
    source = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    record = read_data(source, "2026-11-03.yaml", FileRole.SESSION)
    wrong = [
        problem
        for problem in record.problems
        if problem.severity is Severity.ERROR and problem.code not in WITHIN_TEXT
    ]
    data, _ = load.load(source.decode(), "2026-11-03.yaml")
    assert accepted_by_schema("session", data) == (wrong == []), wrong


def read_item(**fields: object) -> Task:
    source = json.dumps({"date": "2026-11-03", "actions": [fields]})
    record = read_data(source.encode(), "2026-11-03.yaml", FileRole.SESSION)
    assert record.problems == ()
    return record.tasks[0]


def test_both_keys_for_a_note_are_checked() -> None:
    source = json.dumps(
        {"date": "2026-11-03", "actions": [{"text": "a", "note": "x", "notes": []}]}
    )
    record = read_data(source.encode(), "2026-11-03.yaml", FileRole.SESSION)
    messages = [problem.message for problem in record.problems]
    assert messages == ["a text was expected at notes, not a list"]
    assert record.tasks[0].note == "x"


ITEM_VALUES: dict[str, tuple[object, Any]] = {
    **{key: ("2026-11-20", key) for key in ("due", "scheduled", "start", "created", "done")},
    "cancelled": ("2026-11-20", "cancelled"),
    "owner": ("mira", "owner"),
    "priority": ("high", "priority"),
    "tags": (["vision"], "tags"),
    "repeat": ("every week", "repeat"),
    "id": ("a1", "id"),
}


def test_every_field_that_an_item_offers_is_read() -> None:
    offered = set(build_schema("session")["$defs"]["Item"]["properties"])
    assert offered == {"text", "action", "topic", "status", "note", "notes", *ITEM_VALUES}
    for key in ("text", "action", "topic"):
        assert read_item(**{key: "call"}).text == "call"
    for key in ("note", "notes"):
        assert read_item(text="x", **{key: "more"}).note == "more"
    assert read_item(text="x", status="in-progress").status is Status.IN_PROGRESS
    for key, (value, field) in ITEM_VALUES.items():
        assert getattr(read_item(text="x", **{key: value}).fields, field) != getattr(
            Fields(), field
        )
