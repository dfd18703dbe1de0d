"""Write edits to the files of opened folders, and undo and redo them.

Every write goes the same way: rewrite the file safely (`tldash.storage.write`), record the edit in
the folder's journal, read the file again, and build a new workspace.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from tldash.editing import edits, fixes, name_fixes, patch
from tldash.editing.edits import FOLLOWING, AddTask, Edit, Refused, SetStatus
from tldash.editing.fixes import Fixed
from tldash.editing.splice import NotAsLeft, difference
from tldash.formats.file_record import read_data
from tldash.formats.private_text import Guard
from tldash.formats.text import split_lines
from tldash.history.journal import (
    Change,
    Created,
    Entry,
    Journal,
    NothingLeft,
    Removed,
    Renamed,
    UndoTrouble,
    renamed_path,
)
from tldash.insight.schedule import find_session_for
from tldash.model.dates import pluralize
from tldash.model.file_roles import FileRole
from tldash.model.frozen import frozen
from tldash.model.permissions import READ_ONLY_MESSAGE
from tldash.model.records import Lead, Problem, Task, is_private
from tldash.storage.safe_open import Unreadable, read_bytes
from tldash.storage.signals import held_back
from tldash.storage.write import Rewritten, WriteRefused, create, remove, rename, rewrite
from tldash.workspace import repeats
from tldash.workspace import undo as batches
from tldash.workspace.root import Root, find_root
from tldash.workspace.undo import Found, OpenedJournals, Step, UndoResult

OpenJournal = Callable[[Path], Journal]
"""Returns the journal of an opened folder."""
Edited = TypeVar("Edited", bound=Edit)
OWN_STATE: Final = ".tldash"
"""The folder in a private folder that has its history of edits. It is never read as notes."""
CREATING: Final = edits.AddTask | edits.PutText | edits.SetField
"""Edits that create a private file that does not exist yet."""
TAKES_DIALECT = edits.SetStatus | edits.SetDate | edits.SetPriority | edits.SetRepeat
"""Edits that may add a field, in the dialect that the lead's other task lines use."""


@frozen
class FixPreview:
    """A file, and what it would be after its problems are fixed."""

    path: str
    before: bytes
    after: Fixed


class Writer:
    """Write to the files of some roots.

    Without `open_journal`, no edit is recorded, so none can be undone. With `read_only`, every
    method that writes raises WriteRefused or NothingLeft, and no journal is opened.
    """

    def __init__(
        self,
        find_roots: Callable[[], Sequence[Root]],
        open_journal: OpenJournal | None,
        *,
        read_only: bool,
    ) -> None:
        self._find_roots = find_roots
        self._open_journal = open_journal
        self._read_only = read_only
        self.rescued: tuple[str, ...] = ()
        """Paths of the copies kept by the last edit, because another program wrote meanwhile."""
        self.undo_trouble: UndoTrouble | None = None
        """Why the last edit cannot be undone later, or its undo was not recorded."""
        self.followed_in = ""
        """The file that got the next occurrence of the topic done last, if it is another one."""

    @property
    def _roots(self) -> Sequence[Root]:
        """The folders, the private ones among them once they are read."""
        return self._find_roots()

    def edit(self, edit: Edit, batch: str, leads: Iterable[Lead] = (), what: str = "") -> Rewritten:
        """Apply an edit to its file. `what` describes it in the history.

        The next occurrence of a repeating topic of `leads` goes into a session that is to come.
        """
        self.followed_in = ""
        following = repeats.find_following(edit, leads)
        if isinstance(edit, SetStatus) and following is not None:
            return self._edit_both(edit, following, batch)
        return self._edit(edit, batch, what)

    def _edit_both(self, done: SetStatus, following: AddTask, batch: str) -> Rewritten:
        """Mark a repeating topic as done, and put its next occurrence into another session.

        Both are one batch. In one file they are one write. In two, the next occurrence is written
        first, so that it is not lost, and removed again if the other edit is refused. Where it
        cannot be written, it stays in the file of the topic.
        """
        batch = batch or os.urandom(8).hex()
        path, marked = done.task.path, self._with_dialect(replace(done, follows=False))
        try:
            if following.path == path:
                what = edits.describe([done])
                written = self._write(
                    path, lambda data: _apply(data, marked, following), what, batch
                )
            else:
                root = find_root(self._roots, path)
                _apply(read_bytes(root.path, root.inside(path)), marked)
                what = f"{FOLLOWING}{following.text}"
                added = self._write(
                    following.path, lambda data: _apply(data, following), what, batch
                )
        except (Refused, WriteRefused, Unreadable):
            return self._edit(done, batch)
        if following.path != path:
            try:
                written = self._edit(marked, batch)
            except (Refused, WriteRefused):
                self._take_back(following.path, added, batch)
                raise
        self.followed_in = following.path
        return written

    def _take_back(self, path: str, added: Rewritten, batch: str) -> None:
        """Restore a file as it was before a write, unless somebody has written it since."""

        def restore(data: bytes) -> bytes:
            if data != added.after:
                raise Refused("changed", "the file was changed meanwhile")
            return added.before

        root = find_root(self._roots, path)
        journal = self._journal(root)
        with suppress(Refused, WriteRefused):
            rewrite(root.path, root.inside(path), restore)
            entry = journal.last_done() if journal is not None else None
            if journal is not None and entry is not None and entry.batch == batch:
                journal.discard(entry)
        root.refresh((root.inside(path),))

    def _with_dialect(self, edit: Edited) -> Edited:
        path = edits.path_of(edit)
        if isinstance(edit, TAKES_DIALECT) and edit.dialect is None:
            return replace(edit, dialect=find_root(self._roots, path).dialect(path))
        return edit

    def _edit(self, edit: Edit, batch: str, what: str = "") -> Rewritten:
        edit, what = self._with_dialect(edit), what or edits.describe([edit])
        if isinstance(edit, CREATING) and is_private(edit.path):
            created = self._create_with(edit, batch, what)
            if created is not None:
                return created
        return self._write(edits.path_of(edit), lambda data: patch.apply(edit, data), what, batch)

    def _create_with(self, edit: Edit, batch: str, what: str) -> Rewritten | None:
        """Create a private file with what an edit adds to it; None if it exists."""
        path = edits.path_of(edit)
        root = find_root(self._roots, path)
        if os.path.lexists(root.path / root.inside(path)):
            return None
        data = patch.apply(edit, b"")
        self.create(path, data.decode("utf-8"), what, batch)
        return Rewritten(b"", data)

    def add(self, lead: Lead, text: str, today: date) -> Task:
        """Add an action to the lead's current session, and return it as read from the file."""
        place = find_session_for(lead, today)
        if place is None:
            raise Refused(
                "no-session",
                f"{lead.name} has no session to add it to; "
                f"create one first: tldash new session {lead.id}",
            )
        written = self.edit(AddTask(place.path, text, within=place.section), "")
        lines = difference(written.before, written.after)
        found = read_data(written.after, place.path, FileRole.SESSION).tasks
        end = lines.line + len(split_lines(lines.new.lines.decode("utf-8")))
        return [task for task in found if lines.line <= task.line < end][-1]

    @held_back()
    def create(self, path: str, text: str, what: str, batch: str) -> None:
        """Create a file and its missing folders."""
        root = self._root_to_write(path)
        inside, data = root.inside(path), text.encode("utf-8")
        try:
            folders = create(root.path, inside, data, private=root.is_private)
            self._record(root, inside, what, Created(data, folders), batch)
        finally:
            root.refresh((inside,))

    @held_back()
    def rename(self, path: str, name: str, what: str, batch: str) -> None:
        """Give a file another name in its folder."""
        root = self._root_to_write(path)
        inside, change = root.inside(path), Renamed(name)
        new = renamed_path(inside, change)
        try:
            rename(root.path, inside, new)
            self._record(root, inside, what, change, batch)
        finally:
            root.refresh((inside, new))

    def replace(self, path: str, before: bytes, after: bytes, what: str, batch: str) -> None:
        """Replace the content of a file that has exactly the content `before`.

        Refused if it could not be undone.
        """
        root = self._root_to_write(path)
        self._check_undoable(root, difference(before, after))

        def change(data: bytes) -> bytes:
            if data != before:
                raise Refused("changed", f"{path} was changed meanwhile")
            return after

        self._write(path, change, what, batch)
        self._check_recorded()

    @held_back()
    def remove(self, path: str, data: bytes, what: str, batch: str) -> None:
        """Remove a file that has exactly the content `data`. Refused if it could not be undone."""
        root = self._root_to_write(path)
        inside = root.inside(path)
        self._check_undoable(root, Removed(data))
        try:
            mode = remove(root.path, inside, data)
            self._record(root, inside, what, Removed(data, mode), batch)
        finally:
            root.refresh((inside,))
        self._check_recorded()

    def _check_undoable(self, root: Root, change: Change) -> None:
        journal = self._journal(root)
        if journal is None or not journal.has_room_for(change):
            raise Refused("too-large", "it is too large to be undone; use an editor")

    def _check_recorded(self) -> None:
        """Raise Refused if the last edit was not saved in the list of edits."""
        if self.undo_trouble is not None:
            raise Refused("not-saved", f"it could not be undone: {self.undo_trouble.reason}")

    def _record(self, root: Root, inside: str, what: str, change: Change, batch: str) -> None:
        journal = self._journal(root)
        self.undo_trouble = None
        if journal is not None:
            journal.add_change(inside, what, change, batch)
            self.undo_trouble = journal.trouble

    def preview_fixes(self, problems: Sequence[Problem]) -> Iterator[FixPreview]:
        """Yield what the fixes of these problems would do to each file."""
        for path in dict.fromkeys(problem.path for problem in problems if problem.fix):
            root = find_root(self._roots, path)
            with suppress(Unreadable):
                before = read_bytes(root.path, root.inside(path))
                role = root.layout.roles[path]
                yield FixPreview(path, before, fixes.apply(problems, path, role, before))

    def preview_names(self, guard: Guard) -> Iterator[FixPreview]:
        """Yield what each file with listed names would be with their nicknames."""
        for root in self._roots:
            for inside in () if root.is_private else root.tree.files:
                path = root.path_of(inside)
                with suppress(Unreadable):
                    before = read_bytes(root.path, inside)
                    role = root.layout.roles.get(path, FileRole.NOTE)
                    after = name_fixes.apply(before, path, role, guard)
                    if after.fixed or after.left:
                        yield FixPreview(path, before, after)

    def apply_fixes(self, preview: FixPreview, batch: str) -> None:
        """Write the fixes of a file."""

        def change(data: bytes) -> bytes:
            if data != preview.before:
                raise Refused("changed", "the file was changed meanwhile; run the command again")
            return preview.after.data

        what = pluralize(len(preview.after.fixed), "fix", "fixes")
        self._write(preview.path, change, what, batch)

    @held_back()
    def roll_back(self, batch: str) -> None:
        """Undo and forget the edits of a batch, unless another program has changed them since."""
        found = [
            (root, journal, entry)
            for root in self._roots
            if (journal := root.journal) is not None
            for entry in journal.entries()
            if entry.batch == batch
        ][::-1]
        try:
            with suppress(NotAsLeft, WriteRefused, NothingLeft):
                if not batches.carry_out(Step.UNDO, found).failed:
                    batches.discard(found)
        finally:
            self._refresh(found)

    def undo(self) -> UndoResult:
        """Undo the latest edit and the others of its batch."""
        with self._recorded(batches.to_undo) as found:
            return batches.carry_out(Step.UNDO, found)

    @held_back()
    def redo(self) -> UndoResult:
        """Redo the edits undone last."""
        with self._recorded(batches.to_redo) as found:
            return batches.carry_out(Step.REDO, found)

    def discard(self, entry: Entry | None) -> UndoResult:
        """Discard an edit from its journal, by default the ones to undo next.

        If its batch created or renamed files, discard all of that.
        """
        opened = self._journals()
        if entry is None:
            return batches.discard(batches.to_undo(opened))
        of_entry = find_root(self._roots, entry.path)
        inside = replace(entry, path=of_entry.inside(entry.path))
        found = [(root, journal, inside) for root, journal in opened if root is of_entry]
        whole = batches.batch_of(opened, found[0])[::-1] if found else []
        return batches.discard(whole if batches.concerns_files(whole) else found)

    def next_undo(self) -> Entry:
        """Return the edit to undo next."""
        root, _, entry = batches.to_undo(self._journals())[0]
        return replace(entry, path=root.path_of(entry.path))

    @held_back()
    def _write(
        self, path: str, change: Callable[[bytes], bytes], what: str, batch: str = ""
    ) -> Rewritten:
        root = self._root_to_write(path)
        inside = root.inside(path)
        journal = self._journal(root)
        self.undo_trouble = None
        try:
            written = rewrite(root.path, inside, change)
            self.rescued = tuple(map(root.path_of, written.rescued))
            if journal is not None:
                recorded = written.before != written.after
                journal.add(inside, what, written, batch)
                self.undo_trouble = journal.trouble if recorded else None
        finally:
            root.refresh((inside,))
        return written

    def _root_to_write(self, path: str) -> Root:
        """Return the folder of a file to write. A private one is never written anywhere else."""
        if self._read_only:
            raise WriteRefused("read-only", READ_ONLY_MESSAGE)
        root = find_root(self._roots, path)
        if root.is_private != is_private(path):
            raise WriteRefused("private", "the private folder is not open")
        return root

    @contextmanager
    def _recorded(self, choose: Callable[[OpenedJournals], list[Found]]) -> Iterator[list[Found]]:
        """Choose edits to undo or redo, and read their files again afterwards."""
        found = choose(self._journals())
        try:
            yield found
        finally:
            troubles = (journal.trouble for _, journal, _ in found if journal.trouble)
            self.undo_trouble = next(troubles, None)
            self._refresh(found)

    def _refresh(self, found: Sequence[Found]) -> None:
        for root in self._roots:
            of_root = [entry for of, _, entry in found if of is root]
            root.refresh({path for entry in of_root for path in (entry.path, entry.new_path)})

    def _journals(self) -> list[tuple[Root, Journal]]:
        if self._read_only:
            raise NothingLeft(READ_ONLY_MESSAGE)
        return [(root, found) for root in self._roots if (found := self._journal(root))]

    def _journal(self, root: Root) -> Journal | None:
        if root.journal is None and self._open_journal is not None:
            opened = self._open_journal(root.path)
            # What was in a private file must not stand anywhere else.
            root.journal = opened.kept_in(root.path / OWN_STATE) if root.is_private else opened
        return root.journal


def _apply(data: bytes, *edits: Edit) -> bytes:
    for edit in edits:
        data = patch.apply(edit, data)
    return data
