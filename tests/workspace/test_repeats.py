"""Put the next occurrence of a repeating topic on the agenda of the next session."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.records import TODAY, write
from tldash.editing.edits import Refused, SetStatus
from tldash.history.journal import Journal, NothingLeft
from tldash.insight.topics import find_agenda, place_topics
from tldash.model.records import Lead, Status, Task
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
OLD, NEXT = "ada/sessions/2026-11-03.md", "ada/sessions/2026-12-01.md"
LATER = "ada/sessions/2027-01-05.md"
WINS = "- [ ] wins @ada #growth 🔁 every month"
DONE = "- [x] wins @ada #growth 🔁 every month ✅ 2026-11-20"


def agenda(*lines: str) -> str:
    return "\n".join(["# Session", "", "## Agenda", *lines, "", "## Notes", "Some.", ""])


@pytest.fixture
def files(tmp_path: Path) -> Folders:
    return Folders([write(tmp_path / "coaching", {"ada/lead.md": ""})], _journal)


def _journal(root: Path) -> Journal:
    return Journal(root.parent / ".state", root, lambda: NOW)


def fill(folders: Folders, texts: dict[str, str]) -> dict[str, bytes]:
    write(folders.roots[0], texts)
    folders.read()
    return contents(folders)


def contents(folders: Folders) -> dict[str, bytes]:
    root = folders.roots[0]
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def ada(folders: Folders) -> Lead:
    return folders.workspace.leads[0]


def topic(folders: Folders, text: str = "wins") -> Task:
    """The open topic that comes first in the files."""
    found = [one for session in ada(folders).sessions for one in session.topics]
    return next(one for one in found if one.text == text and not one.status.closed)


def tick(folders: Folders, on: date = TODAY) -> None:
    folders.edit(SetStatus(topic(folders), Status.DONE, on))


def on_agendas(folders: Folders) -> list[list[str]]:
    return [[one.task.text for one in found.topics] for found in place_topics(ada(folders), NOW)]


def test_it_returns_in_the_file_of_the_next_session(files):
    before = fill(files, {OLD: agenda(WINS, "- [ ] the outage"), NEXT: agenda("- [ ] own")})
    tick(files)
    after = contents(files)
    assert after[OLD].decode() == agenda(DONE, "- [ ] the outage")
    assert after[NEXT].decode() == agenda("- [ ] own", WINS)
    assert files.followed_in == NEXT
    assert on_agendas(files) == [["the outage", "own", "wins"], []]
    assert files.undo().what == "done: wins"
    assert contents(files) == before
    files.redo()
    assert contents(files) == after


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-11-20", NEXT), ("2026-12-01", LATER), ("2026-12-02", LATER)]
)
def test_it_never_returns_on_the_agenda_that_settled_it(files, day, expected):
    fill(files, {OLD: agenda(WINS), NEXT: agenda(), LATER: agenda()})
    tick(files, date.fromisoformat(day))
    assert files.followed_in == expected


def test_without_a_later_file_it_stays_and_is_for_the_session_after(files):
    before = fill(files, {OLD: agenda(), NEXT: agenda(WINS)})
    tick(files)
    assert contents(files)[NEXT].decode() == agenda(WINS, DONE)
    assert files.followed_in == ""
    assert on_agendas(files) == [[], ["wins"]]
    files.undo()
    assert contents(files) == before


def test_in_a_running_file_it_returns_below_the_next_heading(files):
    running = (
        "# Ada and Mira\n\n## 2026-12-01\n### Agenda\n- [ ] own\n\n## 2026-11-03\n### Agenda\n"
    )
    before = fill(files, {"ada/1on1.md": f"{running}{WINS}\n"})
    tick(files)
    after = contents(files)["ada/1on1.md"].decode()
    assert after == running.replace("own\n", f"own\n{WINS}\n") + f"{DONE}\n"
    assert files.followed_in == "ada/1on1.md"
    files.undo()
    assert contents(files) == before


@pytest.mark.parametrize(
    ("old", "ticked", "added"),
    [
        ("  - wins rec:1m due:2026-11-03\n",
         "  - wins rec:1m due:2026-11-03 done:2026-11-20\n", "wins rec:1m due:2026-12-20"),
        ("  - text: wins\n    repeat: every month\n    owner: ada\n",
         "  - text: wins\n    repeat: every month\n    owner: ada\n    done: 2026-11-20\n",
         "wins @ada rec:+1m"),
    ],
)  # fmt: skip
def test_from_a_yaml_session_into_markdown(files, old, ticked, added):
    path = OLD.replace(".md", ".yaml")
    head = "date: 2026-11-03\nagenda:\n"
    before = fill(files, {path: head + old, NEXT: agenda("- [ ] own")})
    tick(files)
    after = contents(files)
    assert after[path].decode() == head + ticked
    assert after[NEXT].decode() == agenda("- [ ] own", f"- [ ] {added}")
    files.undo()
    assert contents(files) == before


def test_from_markdown_into_a_yaml_session(files):
    path = NEXT.replace(".md", ".yaml")
    fill(files, {OLD: agenda(WINS), path: "date: 2026-12-01\n"})
    tick(files)
    found = find_agenda(ada(files), NOW)
    assert [(one.task.text, one.by, one.task.fields.repeat) for one in found] == [
        ("wins", "ada", "every month")
    ]
    assert found[0].task.path == path


def test_a_copy_on_the_next_agenda_is_the_next_occurrence(files):
    fill(files, {OLD: agenda(WINS), NEXT: agenda(WINS)})
    tick(files)
    assert contents(files)[NEXT].decode() == agenda(WINS)
    assert on_agendas(files) == [["wins"], []]


def test_where_the_next_file_cannot_be_edited_it_stays(files):
    fill(files, {OLD: agenda(WINS), NEXT: "<<<<<<< a\n=======\n>>>>>>> b\n"})
    tick(files)
    assert contents(files)[OLD].decode() == agenda(WINS, DONE)


def test_a_refused_tick_adds_nothing(files):
    fill(files, {OLD: agenda(WINS), NEXT: agenda()})
    seen = topic(files)
    write(files.roots[0], {OLD: agenda("- [ ] wins and losses 🔁 every month")})
    before = contents(files)
    with pytest.raises(Refused):
        files.edit(SetStatus(seen, Status.DONE, TODAY))
    assert contents(files) == before


def test_a_tick_that_cannot_be_written_changes_neither_file(files):
    before = fill(files, {OLD: agenda(WINS), NEXT: agenda()})
    (files.roots[0] / OLD).chmod(0o400)
    with pytest.raises(WriteRefused):
        tick(files)
    assert contents(files) == before
    with pytest.raises(NothingLeft):
        files.undo()


def test_where_the_next_file_is_read_only_it_stays(files):
    before = fill(files, {OLD: agenda(WINS), NEXT: agenda()})
    (files.roots[0] / NEXT).chmod(0o400)
    tick(files)
    assert contents(files) == {**before, OLD: agenda(WINS, DONE).encode()}
    assert files.followed_in == ""


def test_an_action_repeats_in_its_own_file(files):
    line = "- [ ] call 🔁 every week 📅 2026-11-20"
    fill(files, {OLD: f"# Session\n\n## Actions\n{line}\n", NEXT: agenda()})
    action = ada(files).actions[0].task
    files.edit(SetStatus(action, Status.DONE, TODAY))
    assert files.followed_in == ""
    assert contents(files)[NEXT].decode() == agenda()
    assert len(ada(files).actions) == 2
