"""The journal of edits that this user made on this machine: undo, redo and discard.

An edit changed lines of a file, or created, renamed or removed a file. The journal is an append-
only JSON Lines file in the user's state folder, never in a shared folder, since it holds lines of
private notes. An edit belongs to its file, so an edit made in a lead's folder can be undone from
the folder of all leads. Invalid lines of the journal are ignored. If the file cannot be written,
the journal is kept in memory and `Journal.trouble` is set. The edits of one batch are kept or
deleted together, so that undo never reverts a part of them. Only an edit that is too large to be
kept is left out, which `trouble` says as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Final

from tldash.editing import splice as splices
from tldash.editing.splice import Side, Splice
from tldash.model.frozen import frozen
from tldash.storage import write
from tldash.storage.state_file import READ_LIMIT, StateFile
from tldash.storage.write import Rewritten, WriteRefused

ENTRY_LIMIT: Final = 500
"""Edits to keep when the journal is compacted, in addition to the rest of their batches."""
LINE_LIMIT: Final = 2 * ENTRY_LIMIT
SIZE_LIMIT: Final = 1 << 20
"""Bytes from which the journal is compacted to half the size. The latest edit is always kept."""
EDIT_SIZE_LIMIT: Final = 4 << 20
"""Bytes of one edit in the journal."""
_FIELDS_SIZE: Final = 64 << 10
"""Bytes of the other fields of an edit, at most: two paths and a description."""
BATCH_SIZE_LIMIT: Final = READ_LIMIT // 2
"""Bytes of all edits of one batch, so that they are always read together."""
BATCH_LIMIT: Final = 1000
"""The most edits of one batch, so that the journal can keep all of them."""
_CACHED_LINES: Final = 2 * (LINE_LIMIT + BATCH_LIMIT)
"""Lines to cache when the journal is parsed again."""

Clock = Callable[[], datetime]
Record = dict[str, object]


@frozen
class UndoTrouble:
    """Why an edit cannot be undone later."""

    reason: str
    kept: bool = True
    """Whether it can be undone as long as this process runs."""


class NothingLeft(Exception):
    """There is no edit to undo or redo."""


@frozen
class Created:
    """A file was created. Undone by removing it, if it still has the same bytes."""

    data: bytes
    folders: int = 0
    """The number of folders that were created with it, the innermost ones of its path."""


@frozen
class Renamed:
    """A file was renamed. Undone by renaming it back, if nobody has taken the old name."""

    name: str
    """The new name, in the same folder."""


@frozen
class Removed:
    """A file was removed. Undone by creating it again, if nobody has taken its name."""

    data: bytes
    mode: int | None = None
    """Its permissions; None if they are not known."""


Change = Splice | Created | Renamed | Removed


@frozen
class Entry:
    """One edit."""

    id: str
    when: datetime
    """The time of the first edit, with the time zone that the clock returned, if any."""
    path: str
    """The path of the file relative to the folder, with forward slashes; of one that was renamed,
    the path before."""
    what: str
    """The description of the edit, as `edits.describe` returns it."""
    change: Change
    """What the edit did when it was last applied or undone."""
    undone: bool = False
    batch: str = ""
    """The same for all edits of one request; empty for a single edit."""

    @property
    def line(self) -> int:
        """The first line that the edit changed; 1 for a file."""
        return self.change.line if isinstance(self.change, Splice) else 1

    @property
    def new_path(self) -> str:
        """The path of the file after the edit."""
        return renamed_path(self.path, self.change)


def concerns_file(entry: Entry) -> bool:
    """Return whether an edit created, renamed or removed a file."""
    return isinstance(entry.change, Created | Renamed | Removed)


def renamed_path(path: str, change: Change) -> str:
    """Return the path that a file has after a change."""
    if not isinstance(change, Renamed):
        return path
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{change.name}"


_Located = tuple[str, Entry]
"""The root folder of an edit, and the edit, whose path is relative to that root."""


class Journal:
    """The edits made to the files of one folder, oldest first.

    Threads and processes may share a journal. Errors of the state folder are not raised but kept in
    `trouble`.
    """

    def __init__(self, state_folder: Path, root: Path, clock: Clock) -> None:
        self._root = os.path.realpath(root)
        self._clock = clock
        self._file = StateFile(state_folder / "edits.jsonl")
        self._unsaved: list[bytes] = []
        self._kept_size = self._kept_lines = 0
        """The size of the journal after the last compaction, if that is still over the limits."""
        self._batch = ("", 0)
        """The last batch, and the bytes of its edits."""
        self.trouble: UndoTrouble | None = None
        """Why the latest change is not in the journal; None if it is saved."""

    def kept_in(self, state_folder: Path) -> Journal:
        """Return a journal of the same folder that is kept elsewhere."""
        return Journal(state_folder, Path(self._root), self._clock)

    def entries(self) -> tuple[Entry, ...]:
        """Return all edits of the files of this folder."""
        return tuple(
            replace(entry, path=path)
            for root, entry in self._known().values()
            if (path := _relative(self._root, root, entry.path)) is not None
        )

    def _known(self) -> dict[str, _Located]:
        """Return all edits of all folders, by id."""
        return _replay_all((*self._saved(), *self._unsaved))

    def find(self, entry: Entry) -> Entry | None:
        """Return the current state of an entry; None if it was discarded."""
        root, found = self._known().get(entry.id, ("", None))
        path = _relative(self._root, root, found.path) if found is not None else None
        return replace(found, path=path) if found is not None and path is not None else None

    def last_done(self) -> Entry | None:
        """Return the edit to undo next."""
        return next((entry for entry in reversed(self.entries()) if not entry.undone), None)

    def last_undone(self) -> Entry | None:
        """Return the edit to redo next: the one that was undone last.

        An edit that could not be undone with the rest of its batch does not hide the others.
        """
        found = None
        entries = self.entries()
        torn = {entry.batch for entry in entries if entry.batch and entry.undone}
        for entry in reversed(entries):
            if entry.undone:
                found = entry
            elif entry.batch not in torn:
                break
        return found

    def batch_of(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the edits of the same batch that are in the same state, oldest first."""
        if not entry.batch:
            return (entry,)
        return tuple(
            other
            for other in self.entries()
            if other.batch == entry.batch and other.undone is entry.undone
        )

    def add(self, path: str, what: str, rewritten: Rewritten, batch: str = "") -> Entry | None:
        """Record an edit that was just made, and delete those that were undone before it.

        Edits of one `batch` are undone together. Returns None if the edit changed nothing, or is
        too large to be recorded, which `trouble` says.
        """
        if rewritten.before == rewritten.after:
            return None
        splice = splices.difference(rewritten.before, rewritten.after)
        return self.add_change(path, what, splice, batch)

    def add_change(self, path: str, what: str, change: Change, batch: str = "") -> Entry | None:
        """Record a change as `add` does: that of a file that was created, renamed or removed.

        `path` is the path before the change.
        """
        entry = Entry(token_hex(8), self._clock(), path, what, change, batch=batch)
        line = _dump(_dump_entry(self._root, entry))
        size = len(line) + (self._batch[1] if batch and batch == self._batch[0] else 0)
        if len(line) > EDIT_SIZE_LIMIT or size > BATCH_SIZE_LIMIT:
            self.trouble = UndoTrouble("it is too large for the list of edits", kept=False)
            return None
        self._batch = batch, size
        self._append(line)
        return entry

    def has_room_for(self, change: Change) -> bool:
        """Return whether a change is small enough to be recorded."""
        return len(_dump(_dump_change(change))) <= EDIT_SIZE_LIMIT - _FIELDS_SIZE

    def mark(self, entry: Entry, *, undone: bool, change: Change | None = None) -> Entry:
        """Record that an edit was undone or redone; `change` is what it does now."""
        marked = replace(entry, undone=undone, change=change or entry.change)
        record = {"mark": entry.id, "undone": undone, **_dump_change(marked.change)}
        self._append(_dump(record))
        return marked

    def discard(self, entry: Entry) -> None:
        """Delete an edit that cannot be undone, so that those before it can."""
        self._append(_dump({"forget": entry.id}))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the journal against other threads and processes. Reentrant.

        A journal that is only in memory needs no lock. Raises WriteRefused if another process keeps
        it locked.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._file.locked())
            except TimeoutError as error:
                raise WriteRefused(
                    "busy", "another tldash is using the list of edits", "try again in a moment"
                ) from error
            except OSError as error:
                self._set_trouble(error)
            yield

    def _saved(self) -> list[bytes]:
        try:
            return self._file.read()
        except OSError as error:
            self._set_trouble(error)
            return []

    def _set_trouble(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.trouble = UndoTrouble(f"{self._file.path}: {reason}")

    def _append(self, line: bytes) -> None:
        self._unsaved.append(line)
        try:
            with self._file.locked():
                size = self._file.append(self._unsaved)
                self._unsaved.clear()
                self.trouble = None
                # If compaction fails, the journal is complete and the next append tries again.
                with suppress(OSError):
                    room = LINE_LIMIT + self._kept_lines
                    if size > SIZE_LIMIT + self._kept_size or len(self._file.read()) > room:
                        self._compact()
        except OSError as error:
            self._set_trouble(error)

    def _compact(self) -> None:
        kept = self._latest()
        self._file.replace(kept)
        size = sum(map(len, kept))
        large = len(kept) > ENTRY_LIMIT or size > SIZE_LIMIT // 2
        self._kept_size, self._kept_lines = (size, len(kept)) if large else (0, 0)

    def _latest(self) -> list[bytes]:
        """Return the lines of the latest edits within the limits, with all edits of each batch."""
        lines: dict[str, bytes] = {}
        batches: set[str] = set()
        size, full = 0, False
        known = _replay_all(self._file.read_all())
        for root, entry in reversed(known.values()):
            line = _dump(_dump_entry(root, entry))
            full = full or len(lines) >= ENTRY_LIMIT or size + len(line) + 1 > SIZE_LIMIT // 2
            if lines and full and entry.batch not in batches:
                continue
            if entry.batch:
                batches.add(entry.batch)
            lines[entry.id] = line
            size += len(line) + 1
        return [lines[id_] for id_ in known if id_ in lines]


def _replay_all(lines: Iterable[bytes]) -> dict[str, _Located]:
    """Return the edits that these lines of a journal leave, by id."""
    known: dict[str, _Located] = {}
    undone: dict[str, None] = {}
    for line in lines:
        _replay(known, undone, *_parse_line(line))
    return known


def _replay(
    known: dict[str, _Located], undone: dict[str, None], record: Record, new: Entry | None
) -> None:
    """Apply one line of the journal to `known`; `undone` holds the ids of undone edits."""
    kept = known.get(str(record.get("mark")))
    if kept is not None:
        root, entry = kept
        change = _load_change(record) or entry.change
        entry = replace(entry, undone=record.get("undone") is True, change=change)
        known[entry.id] = root, entry
        _update_undone(undone, entry)
    elif "forget" in record:
        _follow_renamed(known, str(record["forget"]))
        known.pop(str(record["forget"]), None)
        undone.pop(str(record["forget"]), None)
    elif new is not None:
        root = str(record.get("root"))
        if not new.undone:
            for id_ in [*undone]:
                other, entry = known[id_]
                if new.batch and entry.batch == new.batch:
                    continue
                if _relative(root, other, entry.path) is not None:
                    del known[id_], undone[id_]
        known[new.id] = root, new
        _update_undone(undone, new)


def _follow_renamed(known: dict[str, _Located], forgotten: str) -> None:
    """Let the earlier edits of a file name its new path, if the forgotten edit renamed it."""
    root, renamed = known.get(forgotten, ("", None))
    if renamed is None or renamed.undone or not isinstance(renamed.change, Renamed):
        return
    old, new = Path(root, renamed.path), Path(root, renamed.new_path)
    for id_, (other, entry) in [*known.items()]:
        if id_ == forgotten:
            break
        if Path(other, entry.path) == old:
            known[id_] = other, replace(entry, path=new.relative_to(other).as_posix())


def _update_undone(undone: dict[str, None], entry: Entry) -> None:
    if entry.undone:
        undone[entry.id] = None
    else:
        undone.pop(entry.id, None)


def _relative(top: str, root: str, path: str) -> str | None:
    """Return the path relative to `top` of a `path` below `root`; None if outside of `top`."""
    try:
        return Path(root, path).relative_to(top).as_posix()
    except ValueError:
        return None


def undo(journal: Journal, root: Path, which: Entry | None = None) -> Entry:
    """Undo an edit in its file: `which`, or else the latest one that is not undone.

    Raises NothingLeft, write.WriteRefused, or splice.NotAsLeft if the lines have changed since.
    Then nothing was written, and the edit remains the next one to undo until it is discarded.
    """
    with journal.locked():
        entry = _current(journal, which, undone=False) if which else journal.last_done()
        if entry is None:
            raise NothingLeft("there is no edit to undo")
        now = None
        match entry.change:
            case Created(data, folders):
                write.remove(root, entry.path, data, folders)
            case Renamed():
                write.rename(root, entry.new_path, entry.path)
            case Removed(data, mode):
                write.create(root, entry.path, data, mode=mode)
            case splice:
                done = write.rewrite(root, entry.path, lambda data: splices.undo(splice, data))
                now = splices.difference(done.after, done.before)
        return journal.mark(entry, undone=True, change=now)


def redo(journal: Journal, root: Path, which: Entry | None = None) -> Entry:
    """Redo an edit: `which`, or else the one that was undone last. Raises the same as `undo`."""
    with journal.locked():
        entry = _current(journal, which, undone=True) if which else journal.last_undone()
        if entry is None:
            raise NothingLeft("there is no edit to redo")
        now: Change | None = None
        match entry.change:
            case Created(data):
                now = Created(data, write.create(root, entry.path, data))
            case Renamed():
                write.rename(root, entry.path, entry.new_path)
            case Removed(data):
                write.remove(root, entry.path, data)
            case splice:
                done = write.rewrite(root, entry.path, lambda data: splices.redo(splice, data))
                now = splices.difference(done.before, done.after)
        return journal.mark(entry, undone=False, change=now)


def _current(journal: Journal, which: Entry, *, undone: bool) -> Entry | None:
    """Return the current state of an entry, unless another process has undone or redone it."""
    found = journal.find(which)
    return found if found is not None and found.undone is undone else None


# Entries as JSON. Bytes that are not UTF-8 are written as lone surrogates, which JSON escapes, so
# that every file can be restored exactly.


def _dump_entry(root: str, entry: Entry) -> Record:
    return {
        "root": root,
        "id": entry.id,
        "when": entry.when.isoformat(),
        "path": entry.path,
        "what": entry.what,
        "undone": entry.undone,
        **_dump_change(entry.change),
        **({"batch": entry.batch} if entry.batch else {}),
    }


def _dump(record: Record) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode("ascii")


@lru_cache(_CACHED_LINES)
def _parse_line(line: bytes) -> tuple[Record, Entry | None]:
    """Parse a line, and the edit in it, if there is one."""
    record = _load(line)
    return record, _load_entry(record)


def _load(line: bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _load_entry(record: Record) -> Entry | None:
    change = _load_change(record)
    batch = record.get("batch")
    match record:
        case {"id": str(id_), "when": str(when), "path": str(path), "what": str(what)} if change:
            try:
                moment = datetime.fromisoformat(when)
            except ValueError:
                return None
            undone = record.get("undone") is True
            return Entry(
                id_, moment, path, what, change, undone, batch if isinstance(batch, str) else ""
            )
    return None


def _dump_change(change: Change) -> Record:
    match change:
        case Created(data, folders):
            return {"created": _text(data), "folders": folders}
        case Renamed(name):
            return {"renamed": name}
        case Removed(data, mode):
            return {"removed": _text(data), "mode": mode}
        case splice:
            return {"splice": _dump_splice(splice)}


def _load_change(record: Record) -> Change | None:
    match record:
        case {"created": str(data), "folders": int(folders)}:
            try:
                return Created(_bytes(data), folders)
            except UnicodeEncodeError:
                return None
        case {"renamed": str(name)} if name and "/" not in name:
            return Renamed(name)
        case {"removed": str(data)}:
            mode = record.get("mode")
            try:
                return Removed(_bytes(data), mode if isinstance(mode, int) else None)
            except UnicodeEncodeError:
                return None
    return _load_splice(record.get("splice"))


def _dump_splice(splice: Splice) -> Record:
    return {
        "line": splice.line,
        "old": [_text(splice.old.lines), splice.old.twins, splice.old.alike],
        "new": [_text(splice.new.lines), splice.new.twins, splice.new.alike],
        "around": [_text(splice.before), _text(splice.after)],
        "digests": [splice.above, splice.below],
        "rest": splice.rest,
    }


def _load_splice(record: object) -> Splice | None:
    match record:
        case {
            "line": int(line),
            "old": [str(old), int(old_twins), int(old_alike)],
            "new": [str(new), int(new_twins), int(new_alike)],
            "around": [str(before), str(after)],
            "digests": [str(above), str(below)],
            "rest": int(rest),
        }:
            try:
                return Splice(
                    line,
                    Side(_bytes(old), old_twins, old_alike),
                    Side(_bytes(new), new_twins, new_alike),
                    _bytes(before),
                    _bytes(after),
                    above,
                    below,
                    rest,
                )
            except UnicodeEncodeError:
                return None
    return None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
