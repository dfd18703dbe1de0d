"""The framework: the shipped one is right, and one's own is read as it is written."""

from __future__ import annotations

from pathlib import Path

import yaml_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash import documents
from tldash.documents.framework import build_framework, load_shipped, parse_framework
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.framework import Focus, Framework, Level, SessionPart, Skill, Starter
from tldash.model.records import Severity

FRAMEWORK = load_shipped()


def test_the_five_skills_and_their_scales():
    assert [(skill.id, skill.short, skill.sliding) for skill in FRAMEWORK.skills] == [
        ("listening", "LIS", False),
        ("initiative", "INI", True),
        ("vision", "VIS", False),
        ("tracking", "TRA", False),
        ("growth", "GRO", True),
    ]
    for skill in FRAMEWORK.skills:
        assert [level.id for level in skill.levels] == ["beginner", "intermediate", "advanced"]
        assert len(skill.questions) >= 5
        assert skill.summary
        assert all(level.description for level in skill.levels)


def test_every_shape_fits_into_an_hour_and_says_what_each_part_is_for():
    assert [shape.id for shape in FRAMEWORK.shapes] == ["first", "regular", "review"]
    for shape in FRAMEWORK.shapes:
        least, most = shape.minutes
        assert 40 <= least <= 45 <= most <= 70
        assert shape.parts[-1].focus is Focus.NEXT
        for part in shape.parts:
            assert part.prompt, part
            assert part.purpose, part
            assert part.questions or part.focus in (Focus.SKILL, Focus.ACTIONS, Focus.NEXT), part


def test_starters_name_their_shapes():
    assert [starter.number for starter in FRAMEWORK.starters] == [1, 2, 3, 4, 5, 6, 7]
    shapes = [FRAMEWORK.shape_for(number) for number in range(1, 10)]
    assert [shape.id for shape in shapes if shape] == [
        "first", *["regular"] * 5, "review", "regular", "regular",
    ]  # fmt: skip
    assert all(starter.title and starter.purpose for starter in FRAMEWORK.starters)
    assert FRAMEWORK.find_starter(4) == FRAMEWORK.starters[3]
    assert FRAMEWORK.find_starter(8) is None
    assert FRAMEWORK.after is not None
    assert FRAMEWORK.after.number == 8


def test_the_shipped_framework_has_no_fault():
    text = Path(documents.__path__[0], "framework.yaml").read_text("utf-8")
    data = yaml_rs.loads(text, parse_datetime=False)
    assert parse_framework(data) == (FRAMEWORK, ())
    assert load_shipped() is FRAMEWORK


OWN = {
    "name": "Ours",
    "skills": [
        {"id": "aim", "name": "Aiming high",
         "levels": [{"id": "l1", "name": "Level 1"}, {"id": 2}]},
        {"id": "rest", "name": "Resting", "short": "zz", "scale": "sliding",
         "levels": [{"id": "a", "description": "x"}], "questions": ["Why?"]},
    ],
    "session": [{"id": "x", "name": "Talk", "minutes": [5, 10], "prompt": "Go"},
                {"id": "y", "name": "End"}],
    "starters": [{"number": 2, "title": "Second"}, {"number": 1, "title": "First"}],
    "cadences": {"fortnightly": 15, "never": None},
}  # fmt: skip


def test_ones_own_framework():
    framework, faults = parse_framework(OWN)
    assert faults == ()
    assert framework is not None
    aim, rest = framework.skills
    assert (aim.short, rest.short, rest.sliding, rest.questions) == ("AIM", "ZZ", True, ("Why?",))
    assert aim.levels == (Level("l1", "Level 1", ""), Level("2", "2", ""))
    [regular] = framework.shapes
    assert regular == framework.regular
    assert [part.minutes for part in regular.parts] == [(5, 10), None]
    assert framework.starters == (Starter(1, "First"), Starter(2, "Second"))
    assert framework.after is None
    assert framework.shape_for(1) == framework.shape_for(9) == regular
    assert framework.parse_cadence("fortnightly") == ("fortnightly", 15)
    assert framework.parse_cadence("never") == ("never", None)
    assert framework.parse_cadence("weekly") == ("weekly", 7)


def test_a_framework_that_is_wrong_is_none():
    framework, faults = parse_framework({"skills": [{"id": "a", "name": "A", "levels": []}]})
    assert framework is None
    assert faults


def test_a_slip_of_a_key_costs_no_framework():
    framework, [fault] = parse_framework({"skills": OWN["skills"], "name": "Ours", "startrs": []})
    assert fault.severity is Severity.WARNING
    assert framework is not None
    assert framework.name == "Ours"


NUMBERS = """\
skills:
  - {id: aim, name: Aiming, levels: [{id: low}]}
session:
  - id: talk
    name: Talk
    minutes: [5, 10]
starters:
  - number: 1
    title: First
cadences:
  often: 3
"""


@each(
    ("right", "wrong", "place"),
    [
        ("minutes: [5, 10]", "minutes: [5, true]", (6, 18)),
        ("minutes: [5, 10]", "minutes: ['5', 10]", (6, 15)),
        ("number: 1", "number: true", (8, 5)),
        ("number: 1", 'number: "7"', (8, 5)),
        ("number: 1", "number: 1.0", (8, 5)),
        ("often: 3", "often: yes", (11, 3)),
        ("often: 3", "often: true", (11, 3)),
        ("often: 3", "often: '3'", (11, 3)),
    ],
)
def test_a_number_of_a_framework_is_a_number(right, wrong, place):
    good = read_data(NUMBERS.encode(), "framework.yaml", FileRole.FRAMEWORK)
    assert good.problems == ()
    assert good.framework is not None
    bad = read_data(NUMBERS.replace(right, wrong).encode(), "framework.yaml", FileRole.FRAMEWORK)
    [problem] = bad.problems
    assert (problem.line, problem.column, problem.code) == (*place, "number")
    assert bad.framework is None


def test_what_is_left_out_is_empty():
    framework = build_framework({"skills": [{"id": "a", "name": "A", "levels": [{"id": "x"}]}]})
    assert (framework.name, framework.shapes, framework.starters) == ("Framework", (), ())
    assert (framework.regular, framework.shape_for(1), framework.last_starter) == (None, None, 0)


SHORT = {
    "skills": OWN["skills"],
    "shapes": [
        {"id": "hello", "parts": [{"id": "talk", "name": "Talk"}]},
        {"id": "half", "name": "Half an hour", "parts": [
            {"id": "goals", "name": "Goals", "minutes": [5, 5], "purpose": "To know", "prompt": "?",
             "questions": ["Why?", "When?"]},
            {"id": "explore", "name": "Explore", "focus": "agenda"},
            {"id": "check-in", "name": "Check in"},
            {"id": "actions", "name": "Actions", "focus": ""},
        ]},
    ],
    "starters": [{"number": 1, "title": "Hello", "purpose": "Meet"},
                 {"number": 2, "title": "Half", "shape": "Half"}],
    "after": {"title": "On and on", "shape": "half"},
}  # fmt: skip


def test_shapes_of_ones_own():
    framework, faults = parse_framework(SHORT)
    assert faults == ()
    assert framework is not None
    hello, half = framework.shapes
    assert (hello.name, half.name, half.minutes) == ("hello", "Half an hour", (5, 5))
    assert half.parts[0] == SessionPart(
        "goals", "Goals", (5, 5), "?", "To know", ("Why?", "When?"), Focus.GOALS
    )
    assert [part.focus for part in half.parts] == ["goals", "agenda", "last-actions", ""]
    assert [framework.shape_for(number) for number in (1, 2, 3, 9)] == [hello, half, half, half]
    assert framework.after == Starter(3, "On and on", "", "half")


@each(
    ("change", "code", "where", "message"),
    [
        ({"skills": [*OWN["skills"], {**OWN["skills"][0], "id": "AIM"}]}, "duplicate-id",
         ("skills", 2, "id"), "there are two skills with the id 'AIM'"),
        ({"skills": [{**OWN["skills"][0], "levels": [{"id": "l"}, {"id": "l"}]}]}, "duplicate-id",
         ("skills", 0, "levels", 1, "id"), "there are two levels with the id 'l'"),
        ({"skills": [{"id": "x", "name": "X"}]}, "value",
         ("skills", 0, "levels"), "levels: this key is missing"),
    ],
)  # fmt: skip
def test_what_would_change_the_meaning_of_levels_is_an_error(change, code, where, message):
    framework, [fault] = parse_framework({**SHORT, **change})
    assert framework is None
    assert (fault.severity, fault.code, fault.where) == (Severity.ERROR, code, where)
    assert fault.message == message


def parts(*given):
    return {"session": [{"name": f"Part {number}", **part} for number, part in enumerate(given)]}


@each(
    ("change", "code", "where", "message"),
    [
        (parts({"id": "a", "minutes": [0, 0]}), "minutes", ("session", 0, "minutes"), "0 minutes"),
        (parts({"id": "a", "minutes": [9, 3]}), "minutes", ("session", 0, "minutes"), "9 is more"),
        (parts({"id": "a", "minutes": [-3, 3]}), "minutes", ("session", 0, "minutes"), "0 to"),
        (parts({"id": "a", "minutes": [3, 9**99]}), "minutes", ("session", 0, "minutes"), "0 to"),
        (parts({"id": "a"}, {"id": "A"}), "duplicate-id", ("session", 1, "id"), "two parts"),
        ({"starters": [{"number": 1, "title": "A", "shape": "hafl"}]}, "unknown-shape",
         ("starters", 0, "shape"), "no shape 'hafl'"),
        ({"after": {"title": "A", "shape": "x"}}, "unknown-shape", ("after", "shape"), "'x'"),
        ({"starters": [{"number": 1, "title": "A"}, {"number": 1, "title": "B"}]}, "duplicate-id",
         ("starters", 1, "number"), "two starters with the number 1"),
        ({"starters": [{"number": 0, "title": "A"}]}, "number", ("starters", 0, "number"), "1"),
        ({"shapes": [*SHORT["shapes"], SHORT["shapes"][0]]}, "duplicate-id",
         ("shapes", 2, "id"), "two shapes"),
        ({"session": [{"id": "a", "name": "A"}], "shapes": [*SHORT["shapes"],
          {"id": "regular", "parts": [{"id": "x", "name": "X"}]}]}, "duplicate-id",
         ("shapes", 2, "id"), "so this one is not used"),
        ({"skills": OWN["skills"][:1], "levels": ["l1", 2, "2", "l3"]}, "missing-level",
         ("skills", 0, "levels"), "the skill 'aim' has no level 'l3'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_shape_costs_only_that(change, code, where, message):
    framework, [fault] = parse_framework({**SHORT, **change})
    assert framework is not None
    assert (fault.severity, fault.code, fault.where) == (Severity.WARNING, code, where)
    assert message in fault.message
    assert len(fault.message) + len(fault.hint) < 150
    for number in (1, 2, 3, 10**30):
        shape = framework.shape_for(number)
        assert shape is not None
        ids = [part.id for part in shape.parts]
        assert len(set(ids)) == len(ids)
        assert all(part.minutes is None or 0 < part.minutes[1] < 1441 for part in shape.parts)


WILD = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9**30) | st.sampled_from(["a", "regular", "goals"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "minutes", "focus", "parts", "number", "title", "shape"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=examples(200))
@given(st.dictionaries(st.sampled_from(["session", "shapes", "starters", "after"]), WILD))
def test_no_shape_makes_it_crash(document):
    framework, faults = parse_framework({"skills": OWN["skills"], **document})
    assert framework is not None or faults
    if framework is not None:
        for number in (1, 2, 3):
            shape = framework.shape_for(number)
            assert shape is None or shape.minutes[0] >= 0


@each(
    ("written", "expected"),
    [
        ("weekly", ("weekly", 7)),
        (" Monthly ", ("monthly", 30)),
        ("biweekly", ("biweekly", 14)),
        ("ad  hoc", ("ad hoc", None)),
        ("AD-HOC", ("ad-hoc", None)),
        ("10", ("10 days", 10)),
        ("1 day", ("1 day", 1)),
        ("10 days", ("10 days", 10)),
        ("every 2 weeks", ("every 2 weeks", 14)),
        ("3w", ("3w", 21)),
        ("2 months", ("2 months", 60)),
        ("0", None),
        ("-3", None),
        ("1000", None),
        ("often", None),
        ("", None),
        (None, None),
    ],
)
def test_a_cadence_as_it_is_written(written, expected):
    assert FRAMEWORK.parse_cadence(written) == expected


@each(
    ("name", "id_"),
    [("vision", "vision"), (" Vision ", "vision"), ("articulating a vision", "vision"),
     ("visions", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_skill_by_its_name(name, id_):
    found = FRAMEWORK.find_skill(name)
    assert (found.id if found else None) == id_


@each(
    ("heading", "id_"),
    [
        ("Vision", "vision"),
        ("Articulating a vision", "vision"),
        ("Her vision, and how it is told", "vision"),
        ("**Listening** (stacking)", "listening"),
        ("Taking initiative: a position", "initiative"),
        ("Growth mindset", "growth"),
        ("Taking notes", None),
        ("Television", None),
        ("", None),
    ],
)
def test_the_skill_in_a_heading(heading, id_):
    found = FRAMEWORK.match_skill(heading)
    assert (found.id if found else None) == id_


AIM = Skill(
    "aim", "Aiming", "AIM", False, "", (Level("l1", "Level 1", ""), Level("l2", "Level 2", ""))
)


@each(
    ("heading", "level"),
    [
        ("Level 1", "l1"),
        ("level 2: more", "l2"),
        ("L2", "l2"),
        ("Level", None),
        ("1", None),
        ("", None),
    ],
)
def test_the_level_in_a_heading(heading, level):
    found = Framework("", (AIM,)).match_level(heading, AIM)
    assert (found.id if found else None) == level


@each(
    ("level", "rank"),
    [("l1", 1), (" LEVEL 2 ", 2), ("l3", 0), ("", 0), (None, 0)],
)
def test_the_rank_of_a_level(level, rank):
    assert AIM.rank_of(level) == rank
