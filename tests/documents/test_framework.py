"""The framework: the shipped one is right, and one's own is read as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml_rs

from tldash import documents
from tldash.documents.framework import build_framework, load_shipped, parse_framework
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.framework import Framework, Level, Skill
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


def test_the_shape_of_a_session_fits_into_an_hour():
    least = sum(part.minutes[0] for part in FRAMEWORK.session if part.minutes)
    assert 40 <= least <= 60
    assert len(FRAMEWORK.starters) == 7
    assert FRAMEWORK.starters[0].startswith("Get acquainted")
    assert all(part.prompt for part in FRAMEWORK.session)


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
    assert [part.minutes for part in framework.session] == [(5, 10), None]
    assert framework.starters == ("First", "Second")
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


@pytest.mark.parametrize(
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
    assert (framework.name, framework.session, framework.starters) == ("Framework", (), ())


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("name", "id_"),
    [("vision", "vision"), (" Vision ", "vision"), ("articulating a vision", "vision"),
     ("visions", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_skill_by_its_name(name, id_):
    found = FRAMEWORK.find_skill(name)
    assert (found.id if found else None) == id_


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("level", "rank"),
    [("l1", 1), (" LEVEL 2 ", 2), ("l3", 0), ("", 0), (None, 0)],
)
def test_the_rank_of_a_level(level, rank):
    assert AIM.rank_of(level) == rank
