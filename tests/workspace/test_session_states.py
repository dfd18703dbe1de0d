"""Sessions that are planned, held, missed, moved, cancelled and reopened, with undo and redo.

A state machine compares the folder, byte for byte, with two stacks of snapshots. Other programs
write in between: then an undo may refuse, but loses nothing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.examples import examples
from tests.support.records import write
from tldash.create import new_files
from tldash.editing.edits import AddTask, Edit, Refused, SetDate, SetStatus
from tldash.editing.splice import NotAsLeft
from tldash.history.journal import Journal, NothingLeft
from tldash.insight.moving import find_promised
from tldash.insight.schedule import find_next_session
from tldash.insight.topics import find_day_after_next, place_topics
from tldash.model.item_keys import iter_tasks
from tldash.model.records import (
    NEXT_SESSION_TAG,
    Lead,
    Moment,
    Session,
    SessionStatus,
    Severity,
    Status,
    Task,
)
from tldash.storage import linux
from tldash.storage.write import WriteRefused
from tldash.tui.prompts.changes import keep_topics
from tldash.workspace import sessions
from tldash.workspace.folders import Folders

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
TIMES = (None, time_of_day(16), time_of_day(9, 30))
Snapshot = dict[str, bytes]

MARKDOWN = "---\ndate: 2026-11-03 16:00\nnext: 2026-12-01\n---\n# One\n\nTalked.\n\n## Actions\n"
BARE = (
    "# Two\n\nTalked.\n\n## Agenda\n- [ ] wins 🔁 every month\n- [ ] the outage\n\n"
    "## Actions\n\n- [ ] call the vendor due:2026-12-01 #next-session\n"
)
YAML = (
    "# ours\ndate: 2026-12-01\nactions:\n  - ask due:2026-12-01 #next-session # kept\n"
    "notes: |\n  x\nagenda:\n  - review rec:1w\n"
)


def snapshot(root: Path) -> Snapshot:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


class Sessions(RuleBasedStateMachine):
    """The sessions of one lead, with everything that a key or a command does to them."""

    @initialize(end=st.sampled_from(["\n", "\r\n"]), yaml=st.booleans(), planned=st.booleans())
    def start(self, end: str, yaml: bool, planned: bool) -> None:
        files = {
            "ada/lead.md": "---\nname: Ada\ncadence: monthly\n---\n",
            "ada/sessions/2026-10-06.md": BARE,
            "ada/sessions/2026-11-03.md": MARKDOWN,
        }
        if planned:
            files["ada/sessions/2026-12-01.yaml" if yaml else "ada/sessions/2026-12-01.md"] = (
                YAML
                if yaml
                else MARKDOWN.replace("2026-11-03 16:00\nnext: 2026-12-01", "2026-12-01")
            )
        write(self.root, {path: text.replace("\n", end) for path, text in files.items()})
        self.reopen_folder()

    def __init__(self) -> None:
        super().__init__()
        self.kept = tempfile.TemporaryDirectory()
        self.root = Path(self.kept.name) / "coaching"
        self.now = START
        self.ticks = 0
        self.past: list[Snapshot] = []
        """What undo has to restore, the latest last."""
        self.future: list[Snapshot] = []
        self.theirs: list[bytes] = []
        """Lines that other programs wrote. Each is in the folder once, whatever happens."""

    def teardown(self) -> None:
        self.kept.cleanup()

    def clock(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    @property
    def lead(self) -> Lead:
        (lead,) = self.folders.workspace.leads
        return lead

    def choose(self, number: int) -> Session:
        return self.lead.sessions[number % len(self.lead.sessions)]

    def attempt(self, call: Callable[[], object]) -> bool:
        """Do something that is one undo, or is refused and changes nothing."""
        before = snapshot(self.root)
        try:
            call()
        except (Refused, WriteRefused):
            assert snapshot(self.root) == before
            return False
        assert snapshot(self.root) != before
        self.past.append(before)
        self.future.clear()
        return True

    # What people do

    @rule(days=st.integers(-3, 60), at=st.sampled_from(TIMES))
    def plan(self, days: int, at: time_of_day | None) -> None:
        day = self.now.date() + timedelta(days=days)
        lead = self.lead
        if self.attempt(lambda: new_files.create_session(self.folders, lead, self.now, day, at)):
            assert any(session.at.day == day for session in self.lead.sessions)

    @rule(number=st.integers(0, 9), days=st.integers(-20, 40), at=st.sampled_from(TIMES))
    def move(self, number: int, days: int, at: time_of_day | None) -> None:
        session, count = self.choose(number), len(self.lead.sessions)
        promisers = [
            one.place
            for one in self.lead.sessions
            if one.at.day < session.at.day and one.next and one.next.day == session.at.day
        ]
        day = session.at.day + timedelta(days=days)
        done: list[sessions.SessionChanged] = []

        def move() -> None:
            wanted = Moment(day, at)
            done.append(sessions.move_session(self.folders, "ada", session.place, wanted, self.now))

        if self.attempt(move):
            assert len(self.lead.sessions) == count
            (moved,) = [one for one in self.lead.sessions if one.path == done[0].path]
            assert moved.at == Moment(day, at or session.at.time)
            assert not done[0].left_out
            assert not days or not find_promised(self.lead, session.at.day)
            for one in self.lead.sessions:
                if one.place in promisers[-1:]:
                    assert one.next is not None
                    assert one.next.day == day

    @rule(days=st.integers(1, 40))
    def move_next(self, days: int) -> None:
        """Move the next session by its `next` date, while it has no file."""
        found = find_next_session(self.lead, self.now)
        if found.at is None or found.session is not None:
            return
        wanted = Moment(found.at.day + timedelta(days=days))
        self.attempt(lambda: sessions.move_session(self.folders, "ada", "", wanted, self.now))

    @rule(
        number=st.integers(0, 9),
        status=st.sampled_from([SessionStatus.CANCELLED, SessionStatus.MISSED, None]),
    )
    def call_off(self, number: int, status: SessionStatus | None) -> None:
        """Cancel a session, mark it as missed, or reopen it."""
        place = self.choose(number).place
        if self.attempt(lambda: sessions.set_status(self.folders, "ada", place, status, self.now)):
            assert next(s for s in self.lead.sessions if s.place == place).status is status

    @rule(number=st.integers(0, 9))
    def promise(self, number: int) -> None:
        """Make an action due by a session."""
        day = self.choose(number).at.day
        open_ = [task for task in iter_tasks(self.lead) if not task.status.closed]
        if open_:
            edit = SetDate(open_[number % len(open_)], "due", day, by_session=True)
            self.attempt(lambda: self.folders.edit(edit))

    # Topics

    def edit_topic(self, number: int, make: Callable[[Task], Edit | None]) -> None:
        topics = [topic for session in self.lead.sessions for topic in session.topics]
        edit = make(topics[number % len(topics)]) if topics else None
        if edit is not None:
            self.attempt(lambda: self.folders.edit(edit))

    @rule(repeats=st.booleans())
    def add_topic(self, repeats: bool) -> None:
        session = find_next_session(self.lead, self.now).session
        if session is not None:
            self.ticks += 1
            text = f"topic {self.ticks}" + " 🔁 every 2 weeks" * repeats
            self.attempt(lambda: self.folders.edit(AddTask(session.path, text, "Agenda")))

    @rule(number=st.integers(0, 9), status=st.sampled_from(Status))
    def settle(self, number: int, status: Status) -> None:
        """Tick a topic, drop it, start it or open it again."""
        self.edit_topic(number, lambda topic: SetStatus(topic, status, self.now.date()))

    @rule(number=st.integers(0, 9), days=st.none() | st.integers(-20, 90))
    def move_topic(self, number: int, days: int | None) -> None:
        """Move a topic to the session after the next one, or to one around some day."""
        after = find_day_after_next(self.lead, self.now)
        day = after if days is None else self.now.date() + timedelta(days=days)
        self.edit_topic(number, lambda topic: SetDate(topic, "scheduled", day))

    @rule(number=st.integers(0, 9))
    def keep(self, number: int) -> None:
        """Keep a topic for the next agenda."""

        def make(topic: Task) -> Edit | None:
            kept = keep_topics([topic], self.folders.workspace, self.now)
            return kept.change(topic) if kept.tasks else None

        self.edit_topic(number, make)

    # Undo and redo

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.step(self.folders.undo, self.past, self.future)

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.step(self.folders.redo, self.future, self.past)

    def step(self, step: Callable[[], object], out: list[Snapshot], back: list[Snapshot]) -> None:
        before, wanted = snapshot(self.root), out[-1]
        try:
            step()
        except (NotAsLeft, WriteRefused):
            assert self.theirs, "nobody else wrote"
            assert snapshot(self.root) == before
            self.past.clear()
            self.future.clear()
            self.forget_all()
            return
        out.pop()
        back.append(before)
        if not self.theirs:
            assert snapshot(self.root) == wanted

    def forget_all(self) -> None:
        while True:
            try:
                self.folders.discard()
            except NothingLeft:
                return

    # What happens around them

    @rule()
    def reopen_folder(self) -> None:
        """Another process goes on with the same list of edits."""
        state = Path(self.kept.name) / "state"
        self.folders = Folders([self.root], lambda root: Journal(state, root, self.clock))
        self.folders.read()

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: len(self.theirs) < 3)
    @rule(number=st.integers(0, 9), on_top=st.booleans())
    def write_elsewhere(self, number: int, on_top: bool) -> None:
        """Another program adds a line to a session: its notes, for example, which hold it."""
        file = self.root / self.choose(number).path
        line = b"# their words %d" % len(self.theirs)
        data = file.read_bytes()
        end = b"\r\n" if b"\r\n" in data else b"\n"
        if on_top and file.suffix == ".yaml":
            data = line + end + data
        else:
            data += (b"" if data.endswith(b"\n") else end) + line + end
        file.write_bytes(data)
        self.theirs.append(line)
        self.folders.read()

    # What must be true at any time

    @invariant()
    def nothing_is_lost_or_left_over(self) -> None:
        if not self.root.exists():
            return
        found = snapshot(self.root)
        everything = b"\n".join(found.values())
        assert [everything.count(line) for line in self.theirs] == [1] * len(self.theirs)
        assert not [path for path in found if "/." in path or "rescue" in path]

    @invariant()
    def each_session_is_found_once_and_on_the_day_of_its_name(self) -> None:
        if not self.root.exists():
            return
        lead = self.lead
        days = [session.at.day for session in lead.sessions]
        assert len(days) == len(set(days)) == len(list((self.root / "ada/sessions").iterdir()))
        wrong = [one for one in lead.problems if one.severity is Severity.ERROR]
        wrong += [one for one in lead.problems if one.code == "date-mismatch"]
        assert [one for one in wrong if one.code != "dates-backwards"] == []

    @invariant()
    def what_moves_along_has_a_date(self) -> None:
        if self.root.exists():
            for task in iter_tasks(self.lead):
                assert task.fields.due or NEXT_SESSION_TAG not in task.fields.tags

    @invariant()
    def each_open_topic_is_on_one_agenda(self) -> None:
        """A copy in a later session stands for those before it, which are on none."""
        if not self.root.exists():
            return
        agendas = place_topics(self.lead, self.now)
        shown = [one.task for agenda in agendas for one in agenda.topics]
        later: set[str] = set()
        for session in reversed(self.lead.sessions):
            for topic in session.topics:
                expected = 0 if topic.status.closed else 1
                assert shown.count(topic) == expected or (
                    topic.text in later and topic not in shown
                )
            later.update(topic.text for topic in session.topics)


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=examples(60), stateful_step_count=16, deadline=None)


class Killed(BaseException):
    """Stands for SIGKILL in the child of a test."""


@pytest.mark.parametrize("ending", ["md", "yaml"])
def test_a_move_that_is_killed_leaves_a_session_that_can_be_moved(
    tmp_path: Path, ending: str
) -> None:
    """The process ends before its n-th system call that writes, for each n."""
    number = 0
    while True:
        number += 1
        root = tmp_path / str(number) / "coaching"
        old = f"ada/sessions/2026-12-01.{ending}"
        plan = YAML if ending == "yaml" else "---\ndate: 2026-12-01\n---\n# Plan\n"
        write(root, {"ada/lead.md": "", "ada/sessions/2026-11-03.md": MARKDOWN, old: plan})
        before = snapshot(root)
        ended = _run_killed(root, old, number)
        folders = _open(root)
        (lead,) = folders.workspace.leads
        assert len(lead.sessions) == 2
        session = lead.sessions[-1]
        assert session.at.day in (date(2026, 12, 1), date(2026, 12, 4))
        left = folders.read_text(session.path).replace("2026-12-04", "2026-12-01")
        assert left == plan
        # The next move completes it, and one undo of that restores what there was.
        there = snapshot(root)
        sessions.move_session(folders, "ada", session.place, Moment(date(2026, 12, 8)), START)
        names = [path for path in snapshot(root) if "/sessions/2026-12" in path]
        assert names == [f"ada/sessions/2026-12-08.{ending}"]
        folders.undo()
        assert snapshot(root) == {
            path: data for path, data in there.items() if "/.tldash" not in path
        }
        if ended:
            folders.undo()
            assert snapshot(root) == before
            break
    assert number > 10


def _open(root: Path) -> Folders:
    state = root.parent / "state"
    ticks = iter(range(10_000))
    base = datetime.now(UTC)
    folders = Folders(
        [root], lambda root: Journal(state, root, lambda: base + timedelta(seconds=next(ticks)))
    )
    folders.read()
    return folders


def _run_killed(root: Path, place: str, number: int) -> bool:
    """Move a session in a child that ends before a system call. Return whether it completed."""
    child = os.fork()
    if child == 0:  # pragma: no cover - in the child
        left = number

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object, **more: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os._exit(9)
                return real(*arguments, **more)

            return call

        folders = _open(root)
        for name in ("write", "fsync", "rename", "replace", "unlink", "ftruncate"):
            setattr(os, name, counted(getattr(os, name)))
        for name in ("exchange", "rename_new"):
            setattr(linux, name, counted(getattr(linux, name)))
        sessions.move_session(folders, "ada", place, Moment(date(2026, 12, 4)), START)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0
