"""Two dashboards with views of their own age, and others who save the same files as they please.

The model is what must be on the disk, to the byte: whatever others save is there until they change
it; a wish that is refused changes nothing; one that comes true changes the one item that was meant,
known by a token that no edit knows of; and no file is there that nobody made.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.faults.desk import (
    FOUR,
    ITEM,
    MARKDOWN,
    ONE,
    PATHS,
    THREE,
    TOKEN,
    TWO,
    YAML,
    Desk,
    at_sync,
    same_end,
    segments,
    token_of,
    words,
)
from tests.support.records import write
from tldash.editing.edits import AddTask, Edit, Refused, SetDate, SetStatus, SetText
from tldash.model.records import Status, Task
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Change, Folders

desks = st.sampled_from((0, 1))
numbers = st.integers(0, 20)
paths = st.sampled_from(PATHS)
days = st.sampled_from((date(2026, 12, 1), date(2027, 1, 31), None))
wishes = st.sampled_from(("tick", "untick", "drop", "due", "reword"))
hands = st.sampled_from(("in place", "replace", "move away"))


class Crowd(RuleBasedStateMachine):
    """Everybody who writes, one after the other, and once in a while at the same moment."""

    @initialize()
    def open(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="tldash-test-"))
        self.root = self.top / "root"
        self.count = 0
        crlf = self.fresh(MARKDOWN, 5).replace(b"\n", b"\r\n")
        self.disk = {ONE: self.fresh(MARKDOWN + "\n", 5), TWO: crlf, THREE: self.fresh(YAML, 4)}
        write(self.root, self.disk)
        self.desks = [Desk(self.root), Desk(self.root)]
        for desk in self.desks:
            desk.seen = dict(self.disk)
        self.buffer: tuple[str, bytes] | None = None
        self.commit = dict(self.disk)

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    def token(self) -> str:
        self.count += 1
        return f"t{self.count}e"

    def fresh(self, template: str, tokens: int) -> bytes:
        return template.format(*(self.token() for _ in range(tokens))).encode()

    def actual(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if not path.is_dir()
        }

    # The dashboards

    @rule(who=desks, only=st.none() | paths)
    def look(self, who: int, only: str | None) -> None:
        desk = self.desks[who]
        if only is None:
            differing = {p for p in PATHS if desk.seen.get(p) != self.disk.get(p)}
            view = desk.folders.refresh([Change(0, frozenset(differing))])
            assert view == Folders([self.root]).read()
            desk.seen = dict(self.disk)
        else:
            desk.folders.refresh([Change(0, frozenset((only,)))])
            desk.noticed(only, self.disk)

    @rule(who=desks, number=numbers, what=wishes, day=days)
    def wish(self, who: int, number: int, what: str, day: date | None) -> None:
        desk = self.desks[who]
        if not (tasks := desk.tasks()):
            return
        task = tasks[number % len(tasks)]
        fresh = desk.seen.get(task.path) == self.disk.get(task.path)
        edit = self.edit_of(task, what, day)
        before = self.disk
        try:
            desk.folders.edit(edit)
        except (Refused, WriteRefused) as error:
            assert self.actual() == before
            assert not fresh or (isinstance(error, Refused) and error.already), edit
        else:
            self.disk = self.actual()
            assert self.others(before, task.path) == self.others(self.disk, task.path)
            self.check_one(edit, task, before[task.path], self.disk[task.path])
            self.check_true(desk, edit, task)
        desk.noticed(task.path, self.disk)

    @rule(who=desks, path=st.sampled_from((ONE, TWO, THREE)))
    def add(self, who: int, path: str) -> None:
        desk = self.desks[who]
        token, before = self.token(), self.disk
        try:
            desk.folders.edit(AddTask(path, f"Something new {token}"))
        except (Refused, WriteRefused) as refused:
            assert self.actual() == before
            assert path not in before, refused
            desk.noticed(path, self.disk)
            return
        self.disk = self.actual()
        desk.noticed(path, self.disk)
        assert self.others(before, path) == self.others(self.disk, path)
        old = [same_end(one) for one in segments(before[path])]
        new = [same_end(one) for one in segments(self.disk[path])]
        at = next(n for n, one in enumerate(new) if token.encode() in one)
        assert new[:at] + new[at + 1 :] == old
        assert desk.task(token, path)

    @rule(who=desks, number=numbers, what=wishes, how=hands, sync=st.integers(1, 3), data=st.data())
    def wish_while_somebody_saves(
        self, who: int, number: int, what: str, how: str, sync: int, data: st.DataObject
    ) -> None:
        """The other program reads, changes another item or puts in a line, and saves."""
        desk = self.desks[who]
        tasks = [task for task in desk.tasks() if task.path in self.disk]
        if not tasks:
            return
        task = tasks[number % len(tasks)]
        edit, path = self.edit_of(task, what, date(2027, 3, 1)), task.path
        act = data.draw(st.sampled_from(("line above", "delete", "old buffer")))
        old_buffer = self.buffer[1] if self.buffer and self.buffer[0] == path else b""
        found: list[bytes] = []
        theirs: list[bytes] = []
        before = self.disk

        def other() -> None:
            found.append((self.root / path).read_bytes())
            if act == "delete":
                (self.root / path).unlink()
                return
            basis = old_buffer if act == "old buffer" and old_buffer else found[0]
            theirs.append(self.with_a_line(basis, number))
            self.save(path, theirs[0], how)

        accepted = False
        with at_sync(sync, other):
            try:
                desk.folders.edit(edit)
                accepted = True
            except (Refused, WriteRefused):
                pass
        self.disk = self.actual()
        desk.noticed(path, self.disk)
        assert self.others(before, path) == self.others(self.disk, path)
        if not found:
            if accepted:
                self.check_one(edit, task, before[path], self.disk[path])
            else:
                assert self.disk == before
        elif not theirs:
            assert path not in self.disk
            assert accepted is (found[0] != before[path])
        elif not accepted:
            assert self.disk[path] == theirs[0]
        elif self.disk[path] != theirs[0]:
            self.check_one(edit, task, theirs[0], self.disk[path])
        else:
            # They saved after we had: on top of what we wrote, or, by their own doing, without it.
            assert found[0] != before[path]

    def edit_of(self, task: Task, what: str, day: date | None) -> Edit:
        match what:
            case "tick":
                return SetStatus(task, Status.DONE, date(2026, 11, 20))
            case "untick":
                return SetStatus(task, Status.OPEN, date(2026, 11, 20))
            case "drop":
                return SetStatus(task, Status.CANCELLED, date(2026, 11, 20))
            case "due":
                return SetDate(task, "due", day)
        return SetText(task, f"Worded anew {token_of(task)}")

    def others(self, disk: dict[str, bytes], path: str) -> dict[str, bytes]:
        return {name: data for name, data in disk.items() if name != path}

    def check_one(self, edit: Edit, task: Task, before: bytes, after: bytes) -> None:
        """Exactly the item that was meant is another now, and has lost no word."""
        old, new = segments(before), segments(after)
        assert len(old) == len(new)
        (changed,) = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        token = token_of(task).encode()
        assert all(token in segment for segment in changed)
        if not isinstance(edit, SetText):
            assert words(changed[0]) <= words(changed[1])

    def check_true(self, desk: Desk, edit: Edit, task: Task) -> None:
        meant = desk.task(token_of(task), task.path)
        assert meant
        if isinstance(edit, SetStatus):
            assert meant.status is edit.status
        elif isinstance(edit, SetDate):
            assert meant.fields.due == edit.day
        elif isinstance(edit, SetText):
            assert meant.text == edit.text

    # Everybody else

    def save(self, path: str, data: bytes, how: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if how == "in place":
            with file.open("wb", buffering=0) as stream:
                stream.write(data[: len(data) // 2])
                stream.write(data[len(data) // 2 :])
            return
        if how == "move away" and file.exists():
            away = file.with_name(f"{file.name}~")
            file.rename(away)
            file.write_bytes(data)
            away.unlink()
            return
        spare = file.with_name(f".{file.name}.swp")
        spare.write_bytes(data)
        spare.replace(file)

    def put(self, path: str, data: bytes, how: str) -> None:
        self.save(path, data, how)
        self.disk = {**self.disk, path: data}

    def with_a_line(self, data: bytes, number: int) -> bytes:
        """With one more item, above one of those that are there."""
        found = segments(data)
        items = [at for at, one in enumerate(found) if ITEM.match(one)]
        if not items:
            return data + f"- [ ] Theirs {self.token()}\n".encode()
        at = items[number % len(items)]
        lead = ITEM.match(found[at])
        assert lead
        box = b"" if b":" in data.partition(b"\n")[2].partition(b"\n")[0] else b"[ ] "
        end = b"\r\n" if b"\r\n" in data else b"\n"
        line = lead[0] + box + f"Theirs {self.token()}".encode() + end
        return b"".join([*found[:at], line, *found[at:]])

    @rule(path=paths, number=numbers, how=hands)
    def foreign_line_above(self, path: str, number: int, how: str) -> None:
        if path in self.disk:
            self.put(path, self.with_a_line(self.disk[path], number), how)

    @rule(path=paths, number=numbers, how=hands)
    def foreign_reword(self, path: str, number: int, how: str) -> None:
        if path not in self.disk:
            return
        found = segments(self.disk[path])
        items = [at for at, one in enumerate(found) if TOKEN.search(one)]
        at = items[number % len(items)]
        found[at] = TOKEN.sub(rb"and more \g<0>", found[at], count=1)
        self.put(path, b"".join(found), how)

    @rule(path=paths, number=numbers, how=hands)
    def foreign_tick(self, path: str, number: int, how: str) -> None:
        if path not in self.disk:
            return
        found = segments(self.disk[path])
        boxes = [at for at, one in enumerate(found) if b"[ ]" in one]
        if boxes:
            at = boxes[number % len(boxes)]
            found[at] = found[at].replace(b"[ ]", b"[x]", 1)
            self.put(path, b"".join(found), how)

    @rule(path=paths, number=numbers, how=hands)
    def foreign_delete_item(self, path: str, number: int, how: str) -> None:
        if path not in self.disk:
            return
        found = segments(self.disk[path])
        items = [at for at, one in enumerate(found) if ITEM.match(one)]
        if len(items) > 1:
            del found[items[number % len(items)]]
            self.put(path, b"".join(found), how)

    @rule(path=paths)
    def foreign_delete(self, path: str) -> None:
        if path in self.disk:
            (self.root / path).unlink()
            self.disk = self.others(self.disk, path)

    @rule(path=st.sampled_from((ONE, TWO)), back=st.booleans())
    def foreign_rename(self, path: str, back: bool) -> None:
        old, new = (FOUR, path) if back else (path, FOUR)
        if old in self.disk:
            (self.root / old).replace(self.root / new)
            self.disk = {**self.others(self.disk, old), new: self.disk[old]}

    @rule(path=st.sampled_from((ONE, TWO)), how=hands)
    def foreign_make_anew(self, path: str, how: str) -> None:
        if path not in self.disk:
            self.put(path, self.fresh(MARKDOWN, 5), how)

    @rule(path=paths)
    def editor_loads(self, path: str) -> None:
        if path in self.disk:
            self.buffer = (path, self.disk[path])

    @precondition(lambda self: self.buffer is not None)
    @rule(number=numbers, how=hands)
    def editor_saves_its_buffer(self, number: int, how: str) -> None:
        """Whatever others saved since it was loaded is gone, by the editor's own doing."""
        assert self.buffer
        path, data = self.buffer
        self.put(path, self.with_a_line(data, number), how)

    @rule()
    def git_commits(self) -> None:
        self.commit = dict(self.disk)

    @rule()
    def git_checks_out(self) -> None:
        for path in self.disk.keys() - self.commit.keys():
            (self.root / path).unlink()
            self.disk = self.others(self.disk, path)
        for path, data in self.commit.items():
            self.put(path, data, "replace")

    @invariant()
    def nothing_else_is_on_the_disk(self) -> None:
        if hasattr(self, "disk"):
            assert self.actual() == self.disk


TestCrowd = Crowd.TestCase
TestCrowd.settings = settings(
    max_examples=settings().max_examples * 3 // 5, stateful_step_count=30, deadline=None
)
