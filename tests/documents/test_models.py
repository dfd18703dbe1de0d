"""What is written by hand in YAML: what is understood, and what a wrong value costs."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.documents.front import SessionFront, parse_front
from tldash.documents.models import (
    ConfigDocument,
    FrameworkDocument,
    LeadDocument,
    SessionDocument,
    YamlSessionDocument,
)
from tldash.documents.validate import Rewrite, check
from tldash.model.records import Moment, SessionStatus, Severity


@each(
    ("model", "data", "field", "value"),
    [
        (SessionDocument, {"date": "2026-11-03"}, "date", Moment(date(2026, 11, 3))),
        (SessionDocument, {"date": "2026-11-03 16:00"}, "date",
         Moment(date(2026, 11, 3), time(16))),
        (SessionDocument, {"time": "16:00"}, "time", time(16)),
        (SessionDocument, {"duration": "45m"}, "duration", 45),
        (SessionDocument, {"duration": 45}, "duration", 45),
        (SessionDocument, {"status": "Held "}, "status", SessionStatus.HELD),
        (SessionDocument, {"title": 5}, "title", "5"),
        (SessionDocument, {"levels": {"vision": "beginner", "x": 2}}, "levels",
         {"vision": "beginner", "x": "2"}),
        (SessionDocument, {"next": "2026-12-01"}, "next", Moment(date(2026, 12, 1))),
        (SessionDocument, {"skill": None}, "skill", None),
        (YamlSessionDocument, {"actions": ["a", {"text": "b"}]}, "actions", ["a", {"text": "b"}]),
        (LeadDocument, {"timezone": "Europe/Oslo"}, "timezone", "Europe/Oslo"),
        (LeadDocument, {"started": "2026-11-03"}, "started", date(2026, 11, 3)),
        (LeadDocument, {"cadence": 10}, "cadence", "10"),
        (ConfigDocument, {"people": {"mira": "Mira Holm"}}, "people", {"mira": "Mira Holm"}),
    ],
)  # fmt: skip
def test_fields_are_read(model, data, field, value):
    document, faults = check(model, data)
    assert faults == ()
    assert getattr(document, field) == value


@each(
    ("model", "data", "where", "code", "hint"),
    [
        (SessionDocument, {"date": "3.11.2026"}, ("date",), "date", "write 2026-11-03"),
        (SessionDocument, {"date": "soon"}, ("date",), "date", "YYYY-MM-DD"),
        (SessionDocument, {"date": 20261103}, ("date",), "date", "write 2026-11-03"),
        (SessionDocument, {"date": "2024-02-30"}, ("date",), "date", "YYYY-MM-DD"),
        (SessionDocument, {"date": 10**5000}, ("date",), "date", "YYYY-MM-DD"),
        (SessionDocument, {"date": ["x"] * 100}, ("date",), "date", "YYYY-MM-DD"),
        (SessionDocument, {"time": "25:00"}, ("time",), "time", "HH:MM"),
        (SessionDocument, {"time": 16}, ("time",), "time", "HH:MM"),
        (SessionDocument, {"duration": "long"}, ("duration",), "duration", "45m"),
        (SessionDocument, {"duration": True}, ("duration",), "duration", "45m"),
        (SessionDocument, {"duration": 1.5}, ("duration",), "duration", "45m"),
        (SessionDocument, {"status": "helt"}, ("status",), "value", "did you mean 'held'?"),
        (SessionDocument, {"status": "gone"}, ("status",), "value", "planned, held"),
        (SessionDocument, {"status": 1}, ("status",), "value", "planned, held"),
        (SessionDocument, {"title": ["a"]}, ("title",), "text", ""),
        (SessionDocument, {"title": 10**5000}, ("title",), "text", ""),
        (SessionDocument, {"duration": 10**5000}, ("duration",), "duration", "45m"),
        (SessionDocument, {"title": True}, ("title",), "text", ""),
        (SessionDocument, {"title": {"a": 1}}, ("title",), "text", ""),
        (SessionDocument, {"levels": ["vision"]}, ("levels",), "value", ""),
        (SessionDocument, {"levels": {"vision": None}}, ("levels", "vision"), "text", ""),
        (YamlSessionDocument, {"actions": "call"}, ("actions",), "value", ""),
        (SessionDocument, {"time": "4 pm"}, ("time",), "time", "write 16:00"),
        (SessionDocument, {"actions": ["call"]}, ("actions",), "misplaced", "- [ ]"),
        (SessionDocument, {"agenda": ["a"]}, ("agenda",), "misplaced", "task items in the body"),
        (SessionDocument, {"agenda": [1]}, ("agenda",), "misplaced", "task items in the body"),
        (LeadDocument, {"timezone": "Oslo"}, ("timezone",), "timezone", "Europe/Oslo"),
        (LeadDocument, {"timezone": "../x"}, ("timezone",), "timezone", "Europe/Oslo"),
        (LeadDocument, {"timezone": "a" * 300}, ("timezone",), "timezone", "Europe/Oslo"),
    ],
)
def test_a_wrong_value_is_one_fault_and_costs_itself(model, data, where, code, hint):
    document, [fault] = check(model, {"skill": "vision", "name": "Ada", **data})
    assert (fault.where, fault.code, fault.severity) == (where, code, Severity.ERROR)
    assert hint in fault.hint
    assert len(fault.message) < 150
    assert document is not None
    assert code == "misplaced" or not getattr(document, where[0])
    assert "Ada" in (getattr(document, "name", None), (document.model_extra or {}).get("name"))


def test_one_wrong_level_leaves_the_others():
    document, faults = check(
        SessionDocument,
        {"levels": {"vision": "beginner", "growth": [1], 5: {}, "a": "b"}},
    )
    assert document is not None
    assert document.levels == {"vision": "beginner", "a": "b"}
    assert [fault.where[1] for fault in faults] == ["growth", 5]


def test_levels_under_a_key_without_a_name_are_left_out_as_a_whole():
    document, [fault] = check(SessionDocument, {"levels": {10**5000: "x"}, "skill": "vision"})
    assert document is not None
    assert (document.levels, document.skill) == (None, "vision")
    assert fault.code == "text"


@each("data", ["words", ["a"], {"a"}, 5, 1.5, True])
def test_what_is_no_mapping(data):
    document, [fault] = check(SessionDocument, data)
    assert document == SessionDocument()
    assert (fault.where, fault.code) == ((), "not-a-mapping")


def test_nothing_is_an_empty_document():
    assert check(SessionDocument, None) == (SessionDocument(), ())


def test_unknown_keys_are_kept_and_slips_are_told():
    document, [fault] = check(SessionDocument, {"skil": "vision", "mood": "fine", "room": 3})
    assert document is not None
    assert document.model_extra == {"skil": "vision", "mood": "fine", "room": 3}
    assert (fault.where, fault.severity) == (("skil",), Severity.WARNING)
    assert fault.hint == "did you mean 'skill'?"


def test_a_slip_of_a_key_that_is_there_too_is_none():
    assert check(SessionDocument, {"skill": "vision", "skils": "a"})[1] == ()


@each(
    ("model", "data"),
    [
        (SessionDocument, {"actions": []}),
        (SessionDocument, {"topics": "leadership"}),
        (SessionDocument, {"topics": ["rota"], "status": "Done", "text": "a", "type": "1on1"}),
        (SessionDocument, {"next": "[[2026-12-01]]", "date": [["2026-11-03"]]}),
        (SessionDocument, {"next": "[[2026-12-01 Ada|next]]", "date": "[[Kick-off]]"}),
        (SessionDocument, {"Status": "Done", "type": "meeting", "up": "[[Ada]]"}),
        (SessionDocument, {"status": "🟢 Active"}),
        (SessionDocument, {"agenda": None}),
        (YamlSessionDocument, {"actions": ["a"], "topics": ["b"], "agenda": ["c"]}),
        (LeadDocument, {"topics": ["leadership"]}),
    ],
)
def test_lists_where_they_cost_nothing(model, data):
    assert check(model, data)[1] == ()


@each(
    ("value", "message"),
    [
        ({"date": None}, "a mapping is not a date"),
        ({("date",): None}, "a mapping is not a date"),
        (["2026-11-03"], "a list is not a date"),
        (True, "'true' is not a date"),
        (float("inf"), "'.inf' is not a date"),
        ("{{date}}", "'{{date}}' is not a date"),
    ],
)
def test_messages_quote_values_as_yaml(value, message):
    _, (fault,) = check(SessionDocument, {"date": value})
    assert fault.message == message


@each("key", ["next_session", "session_date", "NEXT-MEETING"])
def test_a_longer_name_of_a_key_is_a_warning(key):
    (fault,) = check(SessionDocument, {key: "soon"})[1]
    assert (fault.severity, fault.code) == (Severity.WARNING, "unknown-key")
    assert parse_front(SessionFront, {key: "2026-11-03"})[1]  # also without a model


@each(
    ("model", "data", "rewrite"),
    [
        (SessionDocument, {"skil": "vision"}, Rewrite("skil", "skill", key=True)),
        (SessionDocument, {"Date": "2026-11-03"}, Rewrite("Date", "date", key=True)),
        (SessionDocument, {"NEXT": "2026-11-03"}, Rewrite("NEXT", "next", key=True)),
        (SessionDocument, {"next_session": "2026-11-03"},
         Rewrite("next_session", "next", key=True)),
        (SessionDocument, {"Next meeting": "2026-11-03"},
         Rewrite("Next meeting", "next", key=True)),
        (SessionDocument, {"next-session": "soon"}, None),
        (SessionDocument, {"date": "2024-W06-5"}, Rewrite("2024-W06-5", "2024-02-09")),
        (YamlSessionDocument, {"acitons": ["a"]}, Rewrite("acitons", "actions", key=True)),
        (SessionDocument, {"date": "20.11.2026"}, Rewrite("20.11.2026", "2026-11-20")),
        (SessionDocument, {"date": 20261120}, Rewrite("20261120", "2026-11-20")),
        (SessionDocument, {"next": "2026-1-5"}, Rewrite("2026-1-5", "2026-01-05")),
        (LeadDocument, {"started": "11/20/2026"}, Rewrite("11/20/2026", "2026-11-20")),
        (SessionDocument, {"time": "4 pm"}, Rewrite("4 pm", "16:00")),
        (SessionDocument, {"status": "hled"}, Rewrite("hled", "held")),
        (LeadDocument, {"timezone": "Europe/Olso"}, Rewrite("Europe/Olso", "Europe/Oslo")),
        (FrameworkDocument, {"skills": [{"id": "a", "name": "A", "levels": [{"id": "b"}],
         "scale": "slidng"}]}, Rewrite("slidng", "sliding")),
        # what could be meant in two ways, or would be wrong all the same
        (SessionDocument, {"date": "03/04/2026"}, None),
        (SessionDocument, {"date": "03.04.2026"}, None),
        (SessionDocument, {"date": "about 2026-11-20"}, None),
        (SessionDocument, {"date": "2026-02-30"}, None),
        (SessionDocument, {"time": "4"}, None),
        (SessionDocument, {"status": "planed or held"}, None),
        (SessionDocument, {"mate": "Ben"}, None),
        (SessionDocument, {"dates": "soon"}, None),
        (SessionDocument, {"lvels": {"vision": []}}, None),
        (SessionDocument, {"durations": "45m"}, Rewrite("durations", "duration", key=True)),
        (SessionDocument, {"duraton_": "45m"}, None),
    ],
)  # fmt: skip
def test_what_can_be_meant_in_one_way_only_says_how(model, data, rewrite):
    _, [fault] = check(model, data)
    assert fault.rewrite == rewrite


WORK = {"id": "x", "name": "X", "levels": [{"id": "one"}]}


@each(
    ("more", "where"),
    [
        ({"starters": [{"number": wrong, "title": "A"}]}, ("starters", 0, "number"))
        for wrong in (True, "7", 7.0, None, [7], 10**5000)
    ]
    + [
        ({"cadences": {"often": wrong}}, ("cadences", "often"))
        for wrong in (True, "7", 7.5, {"days": 7})
    ]
    + [
        ({"session": [{"id": "a", "name": "A", "minutes": [5, wrong]}]},
         ("session", 0, "minutes", 1))
        for wrong in (False, "10", 10.0)
    ],
)  # fmt: skip
def test_whole_numbers_of_a_framework_are_written_as_such(more, where):
    _, [fault] = check(FrameworkDocument, {"skills": [WORK], **more})
    assert (fault.where, fault.code) == (where, "number")
    assert "whole number" in fault.message
    assert len(fault.message) < 150


def test_keys_that_are_no_text():
    document, [fault] = check(SessionDocument, {1: "a", "skill": "vision"})
    assert document is not None
    assert document.skill == "vision"
    assert (fault.code, fault.severity) == ("odd-key", Severity.WARNING)


def test_a_framework_without_skills_is_none():
    document, faults = check(FrameworkDocument, {"name": "Ours", "skills": []})
    assert document is None
    assert [fault.where for fault in faults] == [("skills",)]
    document, faults = check(FrameworkDocument, {"skills": [{"id": "a", "levels": [{"id": "b"}]}]})
    assert document is None
    assert faults[0].where == ("skills", 0, "name")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted({*YamlSessionDocument.model_fields, *LeadDocument.model_fields}))


@settings(max_examples=examples(200))
@given(st.dictionaries(KEYS | st.text(max_size=6) | st.integers(), VALUES, max_size=5) | VALUES)
def test_whatever_is_written_the_rest_is_read(data: Any):
    for model in (YamlSessionDocument, LeadDocument, ConfigDocument):
        document, faults = check(model, data)
        assert document is not None
        for fault in faults:
            assert fault.message
            assert len(fault.message) < 250
            assert not fault.where or fault.where[0] in data


def test_every_field_tells_editors_what_it_is_for():
    for model in (YamlSessionDocument, LeadDocument, ConfigDocument, FrameworkDocument):
        schema = model.model_json_schema()
        for name, field in schema["properties"].items():
            assert field.get("description"), name
