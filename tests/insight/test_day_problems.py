"""Find problems that depend on the current day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.records import TODAY, day, opened
from tests.support.tables import each
from tldash.create.demo import SAMPLE_DAY, find_sample_data
from tldash.insight import day_problems
from tldash.model.records import Severity
from tldash.workspace.folders import Folders

FUTURE = "future-done"
NEXT = "next-without-session"


def found(root: Path, files: dict[str, str], today: str = "2026-11-20"):
    problems = day_problems.find_problems(opened(root / "coaching", files), day(today))
    return [(p.path, p.line, p.column, p.code, p.hint) for p in problems]


def promising(at: str, following: str, *more: str, lead: str = "") -> dict[str, str]:
    """Build a lead with a session that has a `next` day, and sessions on other days."""
    named = {f"ada/sessions/{at}.md": f"---\nnext: {following}\n---\n- [ ] a\n"}
    return {"ada/lead.md": lead, **named, **{f"ada/sessions/{other}.md": "x" for other in more}}


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        (promising("2026-10-20", "2026-11-19"), "2026-11-19"),
        (promising("2026-10-20", "2026-11-19 16:00"), "2026-11-19"),
        (promising("2026-10-20", "2026-11-20"), None),
        (promising("2026-10-20", "2026-12-20"), None),
        (promising("2026-10-20", "2026-11-10", "2026-11-10"), None),
        (promising("2026-10-20", "2026-11-10", "2026-11-14"), None),
        (promising("2026-10-20", "2026-11-10", "2026-11-08"), None),
        (promising("2026-10-20", "2026-11-10", "2026-11-02"), None),
        (promising("2026-10-20", "2026-11-10", "2026-12-02"), None),
        (promising("2026-10-20", "2026-11-10", "2026-09-02"), "2026-11-10"),
        (promising("2026-11-10", "2026-11-10"), None),
        (promising("2026-11-10", "2026-11-12"), None),
        (promising("2026-11-10", "2026-11-17"), "2026-11-17"),
        (promising("2026-10-20", "2026-11-19", lead="---\nstatus: Paused\n---\n"), None),
        (promising("2026-10-20", "2026-11-19", lead="---\nstatus: ended\n---\n"), None),
        (promising("2026-10-20", "2026-11-19", lead="---\nstatus: active\n---\n"), "2026-11-19"),
    ],
)
def test_a_next_session_that_nobody_wrote_up(tmp_path, files, missing):
    hint = f"create ada/sessions/{missing}.md, or change next:"
    expected = [(NEXT, hint)] if missing else []
    places = found(tmp_path, files)
    assert [place[3:] for place in places] == expected
    assert [place[1:3] for place in places] == [(2, 1)] * len(expected)


def test_the_files_of_a_lead_by_itself_are_named_without_a_folder(tmp_path):
    files = {"2026-10-20.md": "---\nnext: 2026-11-03\n---\n"}
    assert [place[-1] for place in found(tmp_path, files)] == [
        "create 2026-11-03.md, or change next:"
    ]


@pytest.mark.parametrize(
    ("line", "column", "hint"),
    [
        ("- [x] call ✅ 2026-11-20", 0, ""),
        ("- [x] call ✅ 2026-11-21", 0, ""),
        ("- [x] call ✅ 2026-11-22", 14, "did you mean 2025-11-22?"),
        ("- [x] call done:2027-11-09", 17, "did you mean 2026-11-09?"),
        ("- [x] call done:2027-12-09", 17, "did you mean 2025-12-09?"),
        ("- [-] call [cancelled:: 2062-01-01]", 25, "did you mean 2026-01-01?"),
        ("- [x] call ✅ 9999-12-31", 14, "did you mean 2025-12-31?"),
        ("- [x] call ✅ 2028-02-29", 14, "write the day it was closed"),
        ("- [ ] call 📅 2027-11-09", 0, ""),
    ],
)
def test_an_item_that_was_closed_in_the_future(tmp_path, line, column, hint):
    files = {"ada/lead.md": "", "ada/x.md": f"# Notes\n{line}\n"}
    expected = [("ada/x.md", 2, column, FUTURE, hint)] if column else []
    assert found(tmp_path, files) == expected


def test_topics_actions_and_markers_in_every_kind_of_file_are_looked_at(tmp_path):
    files = {
        "ada/lead.md": "",
        "ada/skills.md": "# Vision\n- [x] a ✅ 2027-01-01\n",
        "ada/sessions/2026-11-03.md": "## Agenda\n- [x] a ✅ 2027-01-01\n",
        "ada/sessions/2026-11-04.yaml": "actions:\n  - text: a\n    done: 2027-01-01\n",
    }
    assert [place[:4] for place in found(tmp_path, files)] == [
        ("ada/sessions/2026-11-03.md", 2, 11, FUTURE),
        ("ada/sessions/2026-11-04.yaml", 2, 1, FUTURE),
        ("ada/skills.md", 2, 11, FUTURE),
    ]


def test_days_at_the_ends_of_the_calendar(tmp_path):
    files = promising("0001-01-01", "0001-01-02") | {"ada/x.md": "- [x] a done:9999-12-31\n"}
    assert found(tmp_path, files, "0001-01-01")[0][3:] == (
        FUTURE, "write the day it was closed",
    )  # fmt: skip
    assert found(tmp_path, files, "9999-12-31") == []


def test_they_stand_among_the_other_problems_in_order(tmp_path):
    files = {
        "ada/lead.md": "- [x] a ✅ 2027-01-01\n- [ ] a due:soon\n",
        "ben/lead.md": "- [ ] a due:soon\n- [x] a ✅ 2027-01-01\n",
        "old/x.md": "- [ ] a due:soon\n",
    }
    workspace = opened(tmp_path / "coaching", files)
    problems = day_problems.find_problems(workspace, TODAY)
    assert [(p.path, p.line) for p in problems] == [
        ("ada/lead.md", 1), ("ada/lead.md", 2), ("ben/lead.md", 1), ("ben/lead.md", 2),
        ("old/x.md", 1),
    ]  # fmt: skip
    assert all(p.severity is Severity.WARNING for p in problems if p.code == FUTURE)
    assert set(workspace.all_problems) < set(problems)


@each("days", [0, 1, 2])
def test_the_sample_data_leaves_no_doubt_on_the_days_after_it_was_written(days):
    workspace = Folders([find_sample_data()]).read()
    assert day_problems.find_problems(workspace, SAMPLE_DAY + timedelta(days=days)) == ()
