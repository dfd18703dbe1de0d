"""What the files tell about the history of an action."""

from __future__ import annotations

from pathlib import Path

from tests.support.records import NOW, day, opened
from tldash.insight.item_dates import find_copies, find_due_dates, list_dates
from tldash.model.records import Action, Lead


def read(tmp_path: Path, *sessions: str) -> tuple[Lead, Action]:
    """A lead with these sessions from June 2026 on, and the action of the last one."""
    files = {f"ada/2026-{6 + n:02}-03.md": f"talked\n{text}" for n, text in enumerate(sessions)}
    (lead,) = opened(tmp_path, {"ada/lead.md": "# Ada\n", **files}).leads
    return lead, lead.actions[-1]


def test_copies_end_at_one_that_is_done(tmp_path: Path) -> None:
    lead, action = read(
        tmp_path,
        "- [ ] Call  the vendor due:2026-06-10\n",
        "- [x] call the vendor due:2026-07-10\n",
        "- [-] call THE vendor due:2026-08-10\n- [ ] call another vendor due:2026-08-11\n",
        "- [ ] call the vendor due:2026-08-10 created:2026-09-01\n",
    )
    assert [copy.session for copy in find_copies(lead, action)] == [day("2026-08-03")]
    assert find_due_dates(lead, action) == (day("2026-08-10"),)
    assert list_dates(lead, action, NOW) == (
        (day("2026-09-03"), "agreed in the session, due 10 Aug"),
        (day("2026-09-01"), "created"),
        (day("2026-08-03"), "agreed in the session, due 10 Aug"),
    )


def test_a_repeating_action_and_one_in_a_note_have_no_copies(tmp_path: Path) -> None:
    line = "- [ ] report rec:1w due:2026-06-10\n"
    lead, action = read(tmp_path / "a", line, line)
    assert find_copies(lead, action) == ()
    (lead,) = opened(
        tmp_path / "b",
        {"ada/2026-06-03.md": "- [ ] call\n", "ada/notes.md": "- [ ] call\n"},
    ).leads
    assert find_copies(lead, lead.actions[-1]) == ()


def test_sessions_held_since_and_the_end_of_it(tmp_path: Path) -> None:
    lead, _ = read(tmp_path, "- [x] call done:2026-08-05\n", "talked\n", "talked\n", "talked\n")
    assert list_dates(lead, lead.actions[0], NOW) == (
        (day("2026-08-05"), "done"),
        (day("2026-08-03"), "carried over in the session"),
        (day("2026-07-03"), "carried over in the session"),
        (day("2026-06-03"), "agreed in the session"),
    )
