"""Doubts about meaning, which show only when files are seen side by side."""

from __future__ import annotations

import pytest

from tests.making import opened
from tldash.records import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


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
              "write one of listening, initiative, vision, tracking, growth")],
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
              "add date: YYYY-MM-DD, or call the file YYYY-MM-DD.md")],
        ),
        (
            {"ada/lead.md": "", "ada/sessions/x.md": "---\ndate: soon\n---\n"},
            [("ada/sessions/x.md", 2, 1, ERROR, "date",
              "write it as YYYY-MM-DD, with HH:MM after it if there is a time")],
        ),
        (
            {"ada/2026-11-03.md": "", "ada/sessions/2026-11-03.md": ""},
            [("ada/sessions/2026-11-03.md", 1, 1, WARNING, "same-day",
              "join the two files, or give each its time")],
        ),
        (
            {"ada/2026-11-03.md": "---\ntime: 9:00\n---\n", "ada/2026-11-03-b.md": ""},
            [],
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
            {"ada/lead.md": "", "README.md": "- [ ] a\n", "old/x.md": "", "old/y/z.md": ""},
            [("old", 1, 1, INFO, "no-lead", "add a lead.md to it, or a dated session file")],
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
    hint = "add the name to people: in tldash.yaml, if it is one"
    expected = ("a-lindqvist/lead.md", 2, 12, INFO, "unknown-owner", hint)
    assert found == ([] if known else [expected])


def test_one_doubt_for_all_markers_under_a_heading(tmp_path):
    text = "# Skills\n- [ ] a\n- [ ] b\n## Odd\n- [ ] c\n## Vision\n- [ ] d\n"
    found = problems(tmp_path, {"ada/lead.md": "", "ada/skills.md": text})
    assert [(line, code) for _, line, _, _, code, _ in found] == [(2, "marker"), (5, "marker")]


def test_problems_come_in_order_and_once(tmp_path):
    files = {
        "b/lead.md": "- [ ] x @zoe\n- [ ] x @zoe due:soon\n",
        "a/lead.md": "---\ncadence: often\n---\n",
        "stray/x.md": "",
    }
    found = problems(tmp_path, files)
    assert [place[:2] for place in found] == [
        ("a/lead.md", 2), ("b/lead.md", 1), ("b/lead.md", 2), ("b/lead.md", 2), ("stray", 1),
    ]  # fmt: skip
    assert len(found) == len(set(found))
