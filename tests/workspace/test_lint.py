"""Doubts about meaning, which show only when files are seen side by side."""

from __future__ import annotations

import re

import pytest

from tests.support.records import opened
from tldash.editing.fixes import apply
from tldash.model.file_roles import FileRole
from tldash.model.records import Fix, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
OTHERWISE = "add the name to people: in tldash.yaml if it is right"


def problems(tmp_path, files):
    found = opened(tmp_path / "coaching", files).all_problems
    return [(p.path, p.line, p.column, p.severity, p.code, p.hint) for p in found]


def session(front: str, body: str = "", name: str = "2026-11-03.md"):
    return {"ada/lead.md": "", f"ada/{name}": f"---\n{front}\n---\n{body}"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (session("skill: vision\nlevels: {Vision: BEGINNER}\nnext: 2026-11-03"), []),
        (session("skill: articulating a vision"), []),
        (
            session("date: 2026-11-03\nskill: visoin"),
            [("ada/2026-11-03.md", 3, 1, ERROR, "unknown-skill", "did you mean 'vision'?")],
        ),
        (
            session("skill: cooking"),
            [("ada/2026-11-03.md", 2, 1, ERROR, "unknown-skill",
              "choose from listening, initiative, vision, tracking, growth")],
        ),
        (
            session("levels: {visoin: beginner}"),
            [("ada/2026-11-03.md", 2, 1, ERROR, "unknown-skill", "did you mean 'vision'?")],
        ),
        (
            session("levels: {vision: begginer}"),
            [("ada/2026-11-03.md", 2, 1, ERROR, "unknown-level", "did you mean 'beginner'?")],
        ),
        (
            session("levels_self: {visoin: beginner}\nlevels_coach: {vision: begginer}"),
            [("ada/2026-11-03.md", 2, 1, ERROR, "unknown-skill", "did you mean 'vision'?"),
             ("ada/2026-11-03.md", 3, 1, ERROR, "unknown-level", "did you mean 'beginner'?")],
        ),
        (
            session("date: 2026-11-04"),
            [("ada/2026-11-03.md", 2, 1, WARNING, "date-mismatch",
              "rename the file, or write date: 2026-11-03")],
        ),
        (
            session("skill: vision\nnext: 2026-11-02"),
            [("ada/2026-11-03.md", 3, 1, ERROR, "dates-backwards", "correct one of the two dates")],
        ),
        (
            {"ada/lead.md": "", "ada/sessions/x.md": "---\nskill: vision\n---\n"},
            [("ada/sessions/x.md", 1, 1, ERROR, "no-date",
              "add date: YYYY-MM-DD, or name the file YYYY-MM-DD.md")],
        ),
        (
            {"ada/lead.md": "", "ada/sessions/x.md": "---\ndate: soon\n---\n"},
            [("ada/sessions/x.md", 2, 1, ERROR, "date",
              "write it as YYYY-MM-DD, with HH:MM after it if there is a time")],
        ),
        (
            {"ada/lead.md": "---\nname: Ada\ncadence: often\n---\n"},
            [("ada/lead.md", 3, 1, ERROR, "cadence",
              "write weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days")],
        ),
        (
            {"ada/lead.md": "", "tldash.yaml": "cadence: often\n"},
            [("tldash.yaml", 1, 1, ERROR, "cadence",
              "write weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days")],
        ),
        (
            {"ada/lead.md": "---\nstatus: pasued\n---\n"},
            [("ada/lead.md", 2, 1, WARNING, "value", "did you mean 'paused'?")],
        ),
        ({"ada/lead.md": "---\nstatus: Ended\n---\n"}, []),
        (
            {"ada/lead.md": "", "README.md": "- [ ] a due:soon\n", "old/x.md": "", "x.md": "",
             "_x.md": "- [ ] a due:soon\n", "templates/x.md": "- [ ] a due:soon\n",
             "x y.md": "---\ndate: {{date}}\n---\n- [ ] a due:soon\n",
             "ada/sessions/new.md": "# <% tp.file.title %>\n- [ ] a due:soon\n"},
            [],
        ),
        (
            {"ada/2026-11-03.md": "# the {{name}} bug\n- [ ] a due:soon\n"},
            [("ada/2026-11-03.md", 2, 9, ERROR, "bad-date",
              "write the date as YYYY-MM-DD, as in due:2026-11-20")],
        ),
        ({"todo.md": "- [ ] a\n"}, []),
        (
            {"ada/lead.md": "", "ada/03-11-2026.md": "a\n", "ada/17-11-2026.md": "a\n",
             "ada/13-13-2026.md": "a\n", "ada/11.11.2026.md": "a\n"},
            [("ada/03-11-2026.md", 1, 1, WARNING, "ambiguous-date",
              "rename it to start with 2026-11-03 or 2026-03-11")],
        ),
    ],
)  # fmt: skip
def test_doubts(tmp_path, files, expected):
    assert problems(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("vision", None),
        ("VISION", None),
        ("skill/vision", None),
        ("visoin", "did you mean #vision?"),
        ("vison", "did you mean #vision?"),
        ("visions", "did you mean #vision?"),
        ("vislon", "did you mean #vision?"),
        ("skill/visoin", "did you mean #vision?"),
        ("skill/cooking", ""),
        ("team/visoin", "did you mean #vision?"),
        ("version", None),
        ("cooking", None),
        ("team/infra", None),
        ("row", None),
        ("visino/db", None),
    ],
)
def test_tags_that_look_like_a_slip_of_a_skill(tmp_path, tag, hint):
    found = problems(tmp_path, {"ada/lead.md": "", "ada/x.md": f"- [ ] call #{tag} now\n"})
    expected = ("ada/x.md", 1, 12, WARNING, "unknown-skill", hint)
    assert found == ([] if hint is None else [expected])


@pytest.mark.parametrize(
    ("fronts", "doubled"),
    [
        (["", ""], {}),
        (["levels: {vision: beginner}", "levels: {vision: beginner, growth: advanced}"], {}),
        (["levels: {vision: beginner}", "levels: {vision: advanced}"],
         {1: "on the same day: ada/0.md"}),
        (["time: 9:00\nnext: 2026-12-01", "next: 2026-12-02"], {0: "on the same day: ada/1.md"}),
        (["next: 2026-12-01", "next: 2026-12-01"], {}),
        (["time: 9:00\nnext: 2026-12-01", "time: 16:00\nnext: 2026-12-02"], {}),
        (["status: cancelled\nnext: 2026-12-01", "next: 2026-12-02"], {}),
        (["time: 9:00", "time: 9:00"], {1: "at the same time: ada/0.md"}),
        (["time: 9:00", "time: 16:00"], {}),
        (["time: 9:00", "time: 16:00", ""], {}),
        (["next: 2026-12-01", "next: 2026-12-02", "next: 2026-12-03"],
         {1: "on the same day: ada/0.md", 2: "on the same day: ada/0.md"}),
        (["status: cancelled", ""], {}),
        (["", "time: 9:00\nstatus: missed"], {}),
        (["date: 2026-11-03T09:00Z", "date: 2026-11-03T09:00+01:00"], {}),
        (["date: 2026-11-03T09:00Z", "date: 2026-11-03T09:00Z"],
         {1: "at the same time: ada/0.md"}),
    ],
)  # fmt: skip
def test_sessions_of_one_day(tmp_path, fronts, doubled):
    files = {
        f"ada/sessions/{at}.md": f"---\n{front or 'title: x'}\n"
        + ("" if "date:" in front else "date: 2026-11-03\n")
        + "---\n"
        for at, front in enumerate(fronts)
    }
    found = opened(tmp_path / "coaching", files | {"ada/lead.md": ""}).all_problems
    assert {p.code for p in found} <= {"same-day"}
    words = {int(p.path[-4]): p.message.replace("sessions/", "") for p in found}
    assert words == {at: f"another session is {said}" for at, said in doubled.items()}


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("[ ] a due:2026-11-01 t:2026-11-02", 9, "due on 2026-11-01, before its start, 2026-11-02"),
        ("[ ] a ⏳ 2026-11-02 📅 2026-11-01", 22,
         "due on 2026-11-01, before its scheduled date, 2026-11-02"),
        ("[/] a ➕ 2026-11-02 [due:: 2026-11-01]", 22,
         "due on 2026-11-01, before it was created, 2026-11-02"),
        ("[x] a ➕ 2026-11-02 ✅ 2026-11-01", 22,
         "done on 2026-11-01, before it was created, 2026-11-02"),
        ("[-] a ❌ 2026-11-01 ➕ 2026-11-02", 9,
         "cancelled on 2026-11-01, before it was created, 2026-11-02"),
        ("[x] a due:2026-11-01 t:2026-11-02 created:2026-11-03", 0, ""),
        ("[ ] a due:2026-11-01 t:2026-11-01 created:2026-11-01", 0, ""),
        ("[x] a done:2026-11-01 created:2026-11-01", 0, ""),
        ("[ ] a due:2026-11-01", 0, ""),
    ],
)  # fmt: skip
def test_dates_of_an_item_that_run_backwards(tmp_path, line, column, said):
    found = opened(tmp_path, {"ada/lead.md": "", "ada/x.md": f"- {line}\n"}).all_problems
    expected = (
        1,
        column,
        WARNING,
        "dates-backwards",
        f"the dates of this item run backwards: {said}",
    )
    assert [(p.line, p.column, p.severity, p.code, p.message) for p in found] == (
        [expected] if said else []
    )


def test_dates_of_an_item_in_yaml_that_run_backwards(tmp_path):
    text = "actions:\n  - text: a\n    due: 2026-11-01\n    start: 2026-11-02\n"
    found = problems(tmp_path, {"ada/sessions/2026-11-03.yaml": text})
    hint = "correct one of the two dates"
    assert found == [("ada/sessions/2026-11-03.yaml", 2, 1, WARNING, "dates-backwards", hint)]


@pytest.mark.parametrize(
    ("days", "early"),
    [(["2026-11-03"], None), (["2026-11-04"], None), (["2026-10-03", "2026-10-30"], "2026-10-03")],
)
def test_a_session_before_the_coaching_started(tmp_path, days, early):
    files = {f"ada/{day}.md": f"---\nskill: vision\ndate: {day}\n---\n" for day in days}
    found = problems(tmp_path, files | {"ada/lead.md": "---\nstarted: 2026-11-03\n---\n"})
    hint = "correct its date, or started: in lead.md"
    expected = (f"ada/{early}.md", 3, 1, WARNING, "dates-backwards", hint)
    assert found == ([expected] if early else [])


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("- [ ] a #visoin", "- [ ] a #vision"),
        ("- [ ] a #team/Visoin now #visoin", "- [ ] a #team/vision now #vision"),
        ("- [ ] #vison `#vison` #vison", "- [ ] #vision `#vison` #vision"),
        ("> 1. [ ] [x] http://x#visoin #visoin/ #visoin",
         "> 1. [ ] [x] http://x#visoin #visoin/ #vision"),
        ("- [ ] a #skill/cooking", None),
        ("- [ ] a #sales", None),
    ],
)  # fmt: skip
def test_a_tag_one_slip_from_a_skill_has_its_fix(tmp_path, line, fixed):
    skills = ["vision", "saves", "tales", "scales"]
    framework = "skills:\n" + "".join(
        f"- {{id: {skill}, name: {skill}, levels: [{{id: a}}]}}\n" for skill in skills
    )
    files = {"ada/lead.md": "", "ada/x.md": line, "framework.yaml": framework}
    workspace = opened(tmp_path / "coaching", files)
    made = apply(workspace.all_problems, "ada/x.md", FileRole.NOTE, line.encode())
    assert bool(made.left) <= (fixed is None)
    assert made.data.decode() == (fixed or line)
    assert all(p.hint.startswith("did you mean #") for p in made.fixed)
    again = opened(tmp_path / "coaching", {"ada/x.md": made.data})
    assert len(again.all_problems) == (0 if fixed else 1)


def test_a_tag_in_yaml_has_its_fix_where_it_stands_in_the_line(tmp_path):
    text = 'actions:\n  - "call #visoin"\n  - text: a\n    tags: [visoin]\n'
    files = {"ada/sessions/2026-11-03.yaml": text}
    found = opened(tmp_path / "coaching", files).all_problems
    assert [(p.line, p.column, p.fix) for p in found] == [
        (2, 11, Fix(11, "#visoin", "#vision")), (3, 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("front", "fixed"),
    [
        ("skill: visoin", "skill: vision"),
        ('skill:  "Visoin" # visions', 'skill:  "vision" # visions'),
        ("skill: visoin # not visoin", None),
        ("skill: cooking", None),
        (
            "levels: {vision: advanced, growth: beginer}",
            "levels: {vision: advanced, growth: beginner}",
        ),
        ("levels: {visoin: beginner}", "levels: {vision: beginner}"),
        ("levels:\n  visoin: beginner", None),
        ("levels: {vision: beginer, growth: beginer}", None),
    ],
)
def test_a_value_one_slip_from_the_right_one_has_its_fix(tmp_path, front, fixed):
    path = "ada/sessions/2026-11-03.md"
    text = f"\ufeff---\r\n{front}\r\n---\r\n"
    found = opened(tmp_path / "coaching", {"ada/lead.md": "", path: text}).all_problems
    assert found
    made = apply(found, path, FileRole.SESSION, text.encode())
    assert bool(made.left) <= (fixed is None)
    assert made.data.decode() == (f"\ufeff---\r\n{fixed}\r\n---\r\n" if fixed else text)


def test_a_status_of_a_lead_one_slip_from_the_right_one_has_its_fix(tmp_path):
    text = "---\nstatus: Pasued\n---\n"
    found = opened(tmp_path / "coaching", {"ada/lead.md": text}).all_problems
    made = apply(found, "ada/lead.md", FileRole.LEAD, text.encode())
    assert made.data == b"---\nstatus: paused\n---\n"


@pytest.mark.parametrize(
    ("owner", "hint"),
    [
        ("mria", "did you mean @mira?"),
        ("Boob", "did you mean @bob?"),
        ("adda", "did you mean @ada?"),
        ("coahc", "did you mean @coach?"),
        ("stefan", "did you mean @stefani?"),
        ("joan", OTHERWISE),
        ("lindqvst", OTHERWISE),
        ("zoe", OTHERWISE),
    ],
)
def test_an_owner_one_slip_from_somebody(tmp_path, owner, hint):
    people = "{bob: Bob Stone, stefani: Stefani V, joana: Joana K, johan: Johan L}"
    files = {
        "tldash.yaml": f"coach: Mira Holm\npeople: {people}\n",
        "a-lindqvist/lead.md": f"# Ada Lindqvist\n- [ ] `@{owner}` @{owner}\n",
    }
    place = "a-lindqvist/lead.md", 2, len(owner) + 11
    assert problems(tmp_path, files) == [(*place, INFO, "unknown-owner", hint)]


@pytest.mark.parametrize(("count", "told", "more"), [(20, 20, None), (21, 20, 1), (3000, 20, 2980)])
def test_one_line_is_told_of_at_most_twenty_times_for_each_code(tmp_path, count, told, more):
    line = "- [ ] due:soon" + "".join(f" #skill/x{at}" for at in range(count)) + " @x\n"
    text = f"{line}- [ ] b #skill/y\n"
    found = opened(tmp_path, {"ada/lead.md": "", "ada/x.md": text}).all_problems
    unknown = [p for p in found if (p.line, p.code) == (1, "unknown-skill")]
    assert len(unknown) == told
    assert {p.code for p in found if p.line == 1} == {"bad-date", "unknown-skill", "unknown-owner"}
    assert [p.code for p in found if p.line == 2] == ["unknown-skill"]
    assert [p for p in unknown if "more" in p.message] == (unknown[-1:] if more else [])
    assert more is None or unknown[-1].message.endswith(f"; {more} more like this on the line")


def test_the_settings_too_are_told_of_at_most_twenty_times_a_line(tmp_path):
    text = "{" + ", ".join(f"{at}: x" for at in range(30)) + "}"
    found = opened(tmp_path, {"ada/lead.md": "", "tldash.yaml": text}).all_problems
    assert len(found) == 20


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        ("ada", True),
        ("Ada", True),
        ("coach", True),
        ("mira", True),
        ("bob", True),
        ("lindqvist", False),
        ("zoe", False),
    ],
)
def test_owners_that_nobody_knows(tmp_path, owner, known):
    files = {
        "tldash.yaml": "coach: Mira Holm\npeople: {bob: Bob Stone}\n",
        "a-lindqvist/lead.md": f"# Ada Lindqvist\n- [ ] call @{owner}\n",
    }
    found = problems(tmp_path, files)
    expected = ("a-lindqvist/lead.md", 2, 12, INFO, "unknown-owner", OTHERWISE)
    assert found == ([] if known else [expected])


def test_one_doubt_for_all_markers_under_a_heading(tmp_path):
    text = "# Skills\n- [ ] a\n- [ ] b\n## Odd\n- [ ] c\n## Vision\n- [ ] d\n"
    found = problems(tmp_path, {"ada/lead.md": "", "ada/skills.md": text})
    assert [(line, code) for _, line, _, _, code, _ in found] == [(2, "marker"), (5, "marker")]


def test_problems_come_in_order_and_once(tmp_path):
    files = {
        "b/lead.md": "- [ ] x @zoe\n- [ ] x @zoe due:soon\n",
        "a/lead.md": "---\ncadence: often\n---\n- [ ] x @yann\n",
        "c/x.md": "- [ ] @zoe call\n- [ ] x @yann\n- [ ] x @xu\n",
        "c/_template.md": "- [ ] @who due:when\n",
        "README.md": "- [ ] @who due:when\n",
    }
    found = problems(tmp_path, files)
    assert [place[:2] for place in found] == [
        ("a/lead.md", 2), ("a/lead.md", 4), ("b/lead.md", 1), ("b/lead.md", 2), ("c/x.md", 3),
    ]  # fmt: skip
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (session("skill: vision\u200b"), "zero width space (U+200B)"),
        (session("levels: {vision: begin\u200ener}"), "left-to-right mark (U+200E)"),
        (session("skill: vision", "- [ ] call due:\u200b2026-11-20"), "zero width space (U+200B)"),
        (session("duration: 45\u00a0min later"), "no-break space (U+00A0)"),
    ],
)
def test_messages_name_hidden_characters(tmp_path, files, name):
    (problem,) = opened(tmp_path / "coaching", files).all_problems
    assert f"a hidden {name}" in problem.message


def test_messages_do_not_name_joiners_and_variation_selectors(tmp_path):
    (problem,) = opened(tmp_path / "coaching", session("skill: می\u200cرود\ufe0f")).all_problems
    assert "hidden" not in problem.message


@pytest.mark.parametrize("date", ["{{date}}", "{{date:YYYY-MM-DD}}", "<% tp.date.now() %>"])
def test_no_message_about_a_placeholder_shows_python(tmp_path, date):
    files = {"ada/lead.md": "", "ada/sessions/x.md": f"---\ndate: {date}\n---\n"}
    for problem in opened(tmp_path / "coaching", files).all_problems:
        assert not re.search(r"None|\{'|Error|Traceback", problem.message + problem.hint)
