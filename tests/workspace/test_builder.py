"""From files to leads, sessions and actions: what is written, and what is inferred."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.support.records import NOW, opened
from tldash.insight.attention import AttentionCode, find_attention_reasons
from tldash.insight.schedule import find_next_session
from tldash.model.records import Goal, Moment, SessionStatus, Status


def one_lead(tmp_path, files, folder="ada"):
    [lead] = opened(tmp_path / "coaching", {f"{folder}/{p}": t for p, t in files.items()}).leads
    return lead


def test_a_folder_with_one_task_is_already_something_to_show(tmp_path):
    workspace = opened(tmp_path / "my-notes", {"todo.md": "- [ ] call the vendor\n"})
    assert workspace.name == "my-notes"
    [lead] = workspace.leads
    assert (lead.id, lead.path, lead.name) == ("my-notes", "", "My Notes")
    [action] = lead.actions
    assert (action.task.text, action.owner, action.session) == ("call the vendor", "my-notes", None)
    assert lead.notes == ("todo.md",)
    assert lead.problems == ()


def test_an_empty_folder(tmp_path):
    workspace = opened(tmp_path / "new", {})
    assert (workspace.name, workspace.leads, workspace.files) == ("new", (), 0)
    assert [skill.id for skill in workspace.framework.skills] == [
        "listening", "initiative", "vision", "tracking", "growth",
    ]  # fmt: skip


LEAD = """\
---
name: Ada Lindqvist
coach: Mira
email: ada@example.org
timezone: Europe/Oslo
cadence: every 2 weeks
started: 2026-01-02
status: active
---
# Not the name
## Goals
- ship it
"""


def test_what_a_lead_says(tmp_path):
    lead = one_lead(tmp_path, {"lead.md": LEAD})
    assert (lead.id, lead.path, lead.name, lead.coach) == ("ada", "ada", "Ada Lindqvist", "Mira")
    assert (lead.email, lead.timezone, lead.status) == ("ada@example.org", "Europe/Oslo", "active")
    assert (lead.cadence, lead.cadence_name) == (14, "every 2 weeks")
    assert lead.started == date(2026, 1, 2)
    assert lead.goals == (Goal("ship it", "ada/lead.md", 12),)
    assert lead.problems == ()


@pytest.mark.parametrize(
    ("folder", "text", "name"),
    [
        ("ada", "", "Ada"),
        ("ben-okafor", "", "Ben Okafor"),
        ("team/van_der_berg", "", "Van Der Berg"),
        ("---", "", "---"),
        ("ada", "# Ada Lindqvist\n", "Ada Lindqvist"),
        ("ada", "---\nname: Ada L\n---\n# Other\n", "Ada L"),
        ("ada", "---\nname: [x]\n---\n# Heading\n", "Heading"),
    ],
)
def test_the_name_of_a_lead(tmp_path, folder, text, name):
    assert one_lead(tmp_path, {"lead.md": text}, folder).name == name


def test_settings_are_for_leads_that_say_nothing_else(tmp_path):
    files = {
        "tldash.yaml": "name: Circle\ncoach: Mira\ncadence: weekly\ntimezone: Asia/Tokyo\n",
        "ada/lead.md": "---\ncoach: Ola\ncadence: quarterly\ntimezone: Europe/Oslo\n---\n",
        "ben/lead.md": "",
    }
    workspace = opened(tmp_path, files)
    assert workspace.name == "Circle"
    ada, ben = workspace.leads
    assert (ada.coach, ada.cadence_name, ada.timezone) == ("Ola", "quarterly", "Europe/Oslo")
    assert (ben.coach, ben.cadence_name, ben.timezone) == ("Mira", "weekly", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("cadence", "days", "name"),
    [
        ("", 30, "monthly"),
        ("cadence: ad hoc", None, "ad hoc"),
        ("cadence: 10", 10, "10 days"),
        ("cadence: often", 30, "monthly"),
    ],
)
def test_the_cadence_of_a_lead(tmp_path, cadence, days, name):
    lead = one_lead(tmp_path, {"lead.md": f"---\n{cadence}\n---\n"})
    assert (lead.cadence, lead.cadence_name) == (days, name)


def test_a_framework_without_a_monthly_cadence_still_has_one(tmp_path):
    framework = "skills:\n- {id: a, name: A, levels: [{id: x}]}\n"
    workspace = opened(tmp_path, {"framework.yaml": framework, "ada/lead.md": ""})
    assert workspace.leads[0].cadence == 30
    assert [skill.id for skill in workspace.framework.skills] == ["a"]


def test_a_framework_that_is_wrong_is_a_problem_and_the_shipped_one_is_used(tmp_path):
    workspace = opened(tmp_path, {"framework.yaml": "skills: []\n", "ada/lead.md": ""})
    assert len(workspace.framework.skills) == 5
    assert [problem.path for problem in workspace.all_problems] == ["framework.yaml"]


def test_settings_that_cannot_be_read_are_a_problem_and_no_settings(tmp_path):
    workspace = opened(tmp_path, {"tldash.yaml": b"coach: \xff\n", "ada/lead.md": ""})
    assert [problem.path for problem in workspace.all_problems] == ["tldash.yaml"]
    assert workspace.leads[0].coach is None


SESSION = """\
---
date: 2026-11-03 16:00
duration: 45m
skill: Vision
levels: {vision: Beginner, growth: advanced}
next: 2026-12-01
---
# Third
## Talking points
- [ ] the outage
## Actions
- [ ] write it down
- [ ] send the article @mira
"""


def test_a_session(tmp_path):
    lead = one_lead(
        tmp_path, {"lead.md": "---\ncoach: Mira\n---\n", "sessions/2026-11-03.md": SESSION}
    )
    [session] = lead.sessions
    assert session.path == "ada/sessions/2026-11-03.md"
    assert session.at == Moment(date(2026, 11, 3), time(16))
    assert (session.title, session.skill, session.duration) == ("Third", "vision", 45)
    assert session.levels == (("vision", "beginner"), ("growth", "advanced"))
    assert session.next == Moment(date(2026, 12, 1))
    assert [topic.text for topic in session.topics] == ["the outage"]
    assert [action.task.text for action in session.actions] == ["write it down", "send the article"]
    assert lead.actions == session.actions
    assert [(a.owner, a.coach_owned, a.session) for a in lead.actions] == [
        ("ada", False, date(2026, 11, 3)),
        ("mira", True, date(2026, 11, 3)),
    ]
    assert session.has_notes
    assert session.status is None
    assert lead.problems == ()


def test_a_yaml_session_says_the_same(tmp_path):
    text = (
        "date: 2026-11-03 16:00\ntitle: Third\nduration: 45m\nskill: Vision\nnext: 2026-12-01\n"
        "levels: {vision: Beginner, growth: advanced}\nagenda: [the outage]\n"
        "actions:\n- write it down\n- send the article @mira\n"
    )
    head = {"lead.md": "---\ncoach: Mira\n---\n"}
    in_yaml = one_lead(tmp_path / "a", {**head, "sessions/2026-11-03.yaml": text}).sessions[0]
    in_markdown = one_lead(tmp_path / "b", {**head, "sessions/2026-11-03.md": SESSION}).sessions[0]
    for name in (
        "at",
        "title",
        "skill",
        "duration",
        "levels",
        "next",
        "number",
        "has_notes",
        "status",
    ):
        assert getattr(in_yaml, name) == getattr(in_markdown, name), name
    assert [topic.text for topic in in_yaml.topics] == ["the outage"]
    assert [(a.task.text, a.owner, a.coach_owned) for a in in_yaml.actions] == [
        (a.task.text, a.owner, a.coach_owned) for a in in_markdown.actions
    ]


@pytest.mark.parametrize(
    ("name", "front", "moment"),
    [
        ("2026-11-03.md", "", Moment(date(2026, 11, 3))),
        ("2026-11-03.md", "time: 16:00", Moment(date(2026, 11, 3), time(16))),
        ("2026-11-03.md", "date: 2026-11-04", Moment(date(2026, 11, 4))),
        ("2026-11-03.md", "date: 2026-11-04\ntime: 9:30", Moment(date(2026, 11, 4), time(9, 30))),
        ("x.md", "date: 2026-11-04 16:00\ntime: 9:30", Moment(date(2026, 11, 4), time(16))),
        ("x.md", "date: 2026-11-04T16:00Z", Moment(date(2026, 11, 4), time(16), UTC)),
        ("2026-11-03.md", "date: soon", Moment(date(2026, 11, 3))),
    ],
)
def test_when_a_session_is(tmp_path, name, front, moment):
    lead = one_lead(tmp_path, {"lead.md": "", f"sessions/{name}": f"---\n{front}\n---\n"})
    assert lead.sessions[0].at == moment


def test_a_time_without_a_zone_is_in_the_leads(tmp_path):
    lead = one_lead(
        tmp_path,
        {
            "lead.md": "---\ntimezone: America/New_York\n---\n",
            "sessions/2026-11-03.md": (
                "---\ndate: 2026-11-03 16:00\nnext: 2026-12-01 16:00\n---\nx\n"
            ),
            "sessions/2026-11-04.md": "---\ndate: 2026-11-04 16:00Z\n---\n",
            "sessions/2026-11-05.md": "",
        },
    )
    first, second, third = lead.sessions
    assert first.at.zone == ZoneInfo("America/New_York")
    assert first.next == Moment(date(2026, 12, 1), time(16), ZoneInfo("America/New_York"))
    assert second.at.zone is UTC
    assert third.at == Moment(date(2026, 11, 5))
    begun = datetime(2026, 11, 3, 20, 59, tzinfo=UTC)
    assert find_next_session(lead, begun).session == first
    assert find_next_session(lead, begun.replace(hour=21)).session == second


def test_sessions_come_in_order_of_time(tmp_path):
    lead = one_lead(
        tmp_path,
        {
            "lead.md": "",
            "sessions/a.md": "---\ndate: 2026-11-03 16:00\n---\n",
            "sessions/b.md": "---\ndate: 2026-11-03 9:00\n---\n",
            "sessions/2026-11-03.md": "",
            "2026-01-01.yaml": "",
        },
    )
    assert [(session.number, session.path.rpartition("/")[2]) for session in lead.sessions] == [
        (1, "2026-01-01.yaml"),
        (2, "2026-11-03.md"),
        (3, "b.md"),
        (4, "a.md"),
    ]


def test_a_session_without_a_date_keeps_its_actions(tmp_path):
    lead = one_lead(tmp_path, {"lead.md": "", "sessions/first.md": "- [ ] a\n"})
    assert lead.sessions == ()
    assert [(action.task.text, action.session) for action in lead.actions] == [("a", None)]
    assert [(problem.code, problem.line) for problem in lead.problems] == [("no-date", 1)]


@pytest.mark.parametrize(
    ("front", "body", "written"),
    [
        ("", "## Agenda\n- [ ] a\n", False),
        ("levels: {vision: beginner}", "", True),
        ("", "words\n", True),
        ("skill: vision", "", False),
    ],
)
def test_whether_a_session_was_written_up(tmp_path, front, body, written):
    text = f"---\n{front}\n---\n{body}"
    assert one_lead(tmp_path, {"2026-11-03.md": text}).sessions[0].has_notes is written


def test_the_status_as_it_is_written(tmp_path):
    for word in SessionStatus:
        text = f"---\nstatus: {word}\n---\n"
        lead = one_lead(tmp_path / word, {"2026-11-03.md": text})
        assert lead.sessions[0].status is word


def test_actions_are_those_of_sessions_by_date_then_those_of_notes(tmp_path):
    lead = one_lead(
        tmp_path,
        {
            "lead.md": "- [ ] from lead\n",
            "a-note.md": "# Topics\n- [ ] from note\n",
            "sessions/2026-11-03.md": "- [ ] second\n",
            "sessions/2026-10-03.md": "- [x] first\n",
        },
    )
    assert [a.task.text for a in lead.actions] == ["first", "second", "from note", "from lead"]
    assert lead.notes == ("ada/a-note.md",)


PEOPLE = "coach: Mira\npeople:\n  mh: Mira\n  bob: Bob Stone\n"


@pytest.mark.parametrize(
    ("coach", "owner", "by_coach"),
    [
        ("coach: Mira Holm", "mira", True),
        ("coach: Mira Holm", "MIRA", True),
        ("coach: Mira Holm", "coach", True),
        ("coach: Mira Holm", "holm", False),
        ("coach: Mira Holm", "ada", False),
        ("", "coach", True),
        ("", "mira", False),
        (PEOPLE, "mh", True),
        (PEOPLE, "bob", False),
        ("coach: Mira Holm\npeople: {mh: Mira Holm}", "mh", True),
        ("coach: Mira\npeople: {mh: Mira Holm}", "mh", True),
    ],
)
def test_what_the_coach_does(tmp_path, coach, owner, by_coach):
    files = {"tldash.yaml": coach, "ada/lead.md": f"- [ ] a @{owner}\n- [ ] b\n"}
    [lead] = opened(tmp_path, files).leads
    assert [(a.owner, a.coach_owned) for a in lead.actions] == [(owner, by_coach), ("ada", False)]


SKILLS = """\
# Skills
- [ ] about nothing
## Articulating a vision
- [ ] in general
### Beginner
- [x] wrote it down
### Unheard of
- [ ] still in general
## Growth
### Level advanced
#### More
- [ ] grows others
"""


def test_markers(tmp_path):
    lead = one_lead(tmp_path, {"lead.md": "", "skills.md": SKILLS})
    assert [(m.skill, m.level, m.task.text, m.task.status) for m in lead.markers] == [
        ("vision", None, "in general", Status.OPEN),
        ("vision", "beginner", "wrote it down", Status.DONE),
        ("vision", None, "still in general", Status.OPEN),
        ("growth", "advanced", "grows others", Status.OPEN),
    ]
    assert lead.actions == ()
    [problem] = lead.problems
    assert (problem.path, problem.line, problem.code) == ("ada/skills.md", 2, "marker")


def test_a_file_that_cannot_be_read_costs_itself(tmp_path):
    files = {"lead.md": LEAD, "x.md": b"\xff", "2026-11-03.yaml": "a: b: c\n", "y.md": "- [ ] a\n"}
    lead = one_lead(tmp_path, files)
    assert [problem.path for problem in lead.problems] == ["ada/2026-11-03.yaml", "ada/x.md"]
    assert [action.task.text for action in lead.actions] == ["a"]
    assert len(lead.sessions) == 1


def test_leads_are_found_by_id(tmp_path):
    workspace = opened(tmp_path, {"ada/lead.md": "", "ben/lead.md": ""})
    assert workspace.find_lead("ben") is workspace.leads[1]
    assert workspace.find_lead("none") is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("2026-11-03.md", b"# S\n\xff\n"),
        ("2026-11-03.yaml", b"title: a: b\n"),
        ("2026-11-03.yaml", b"<<<<<<< a\nx: 1\n=======\nx: 2\n>>>>>>> b\n"),
    ],
)
def test_a_session_that_cannot_be_read_is_a_problem_and_not_one_to_write_up(tmp_path, name, data):
    files = {"ada/lead.md": "# Ada\n", f"ada/sessions/{name}": data}
    [lead] = opened(tmp_path / "c", files).leads
    assert [p.severity.value for p in lead.problems] == ["error"]
    codes = {reason.code for reason in find_attention_reasons(lead, NOW)}
    assert AttentionCode.NOT_WRITTEN_UP not in codes
    assert AttentionCode.PROBLEMS in codes


@pytest.mark.parametrize(
    ("body", "waiting"),
    [
        ("- [ ] a ⛔ x\n- [ ] draft 🆔 x\n", ("draft",)),
        ("- [ ] a dep:x,y\n- [ ] draft id:x\n- [ ] review [id:: y]\n", ("draft", "review")),
        ("- [ ] a dep:x\n## Agenda\n- [ ] topic id:x\n", ("topic",)),
        ("- [ ] a dep:x\n- [x] draft id:x\n", ()),
        ("- [ ] a dep:x\n- [-] draft id:x\n", ()),
        ("- [ ] a dep:nobody\n", ()),
        ("- [ ] a id:x dep:x\n", ()),
        ("- [x] a dep:x\n- [ ] draft id:x\n", ()),
    ],
)
@pytest.mark.parametrize("path", ["ada/2026-11-03.md", "ada/notes.md"])
def test_what_an_action_waits_for(tmp_path, body, waiting, path):
    files = {"ada/lead.md": "", path: body}
    (lead,) = opened(tmp_path, files).leads
    found = {action.task.text: action.waiting_for for action in lead.actions}
    assert found["a"] == waiting
    assert not any(names for text, names in found.items() if text != "a")


def test_an_action_can_wait_for_an_item_of_another_file(tmp_path):
    files = {
        "ada/2026-11-03.yaml": "actions:\n  - draft id:x\n",
        "ada/2026-11-04.yaml": "actions:\n  - call dep:x\n",
    }
    (lead,) = opened(tmp_path, files).leads
    assert [action.waiting_for for action in lead.actions] == [(), ("draft",)]
    assert lead.sessions[1].actions[0].waiting_for == ("draft",)
