"""The edits that this user made on this machine, so that each can be taken back, even tomorrow.

One list, in the user's own state folder and never in a shared one: it holds lines of private notes.
An edit belongs to its file, so that what was made in a lead's folder can be undone from the folder
of all leads. Whatever else is found in the list is passed over. Where nothing can be kept, edits
are remembered as long as the process lives, and `Journal.trouble` says so. What was wished for in
one go is remembered or forgotten as a whole, so that no undo takes back half of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Final

from tldash.editing import splice as splices
from tldash.editing.splice import Side, Splice
from tldash.model.frozen import frozen
from tldash.storage.state_file import StateFile
from tldash.storage.write import Rewritten

ENTRY_LIMIT: Final = 500
"""Edits that are kept when a list is cut, and the others of their batch."""
LINE_LIMIT: Final = 2 * ENTRY_LIMIT
SIZE_LIMIT: Final = 1 << 20
"""Bytes beyond which a list is cut to half of that; its newest edit stays, however large."""
BATCH_LIMIT: Final = 1000
"""Edits that may be wished for in one go, so that the list can keep all of them."""
_PARSED: Final = 2 * (LINE_LIMIT + BATCH_LIMIT)
"""Lines that are not parsed again, each time that the list is looked at."""

Rewrite = Callable[[Path, str, Callable[[bytes], bytes]], Rewritten]
"""`tldash.storage.write.rewrite`."""
Clock = Callable[[], datetime]
Record = dict[str, object]


class NothingLeft(Exception):
    """There is no edit to take back, or none to make again."""


@frozen
class Entry:
    """One edit."""

    id: str
    when: datetime
    """When it was made first; as it was given, with its zone if it had one."""
    path: str
    """Of the file: POSIX, relative to the folder."""
    what: str
    """The edit in words, as it may be shown after "undone: "."""
    splice: Splice
    """Between the file without the edit and with it, when it was last made or taken back."""
    undone: bool = False
    batch: str = ""
    """The same for edits that were wished for in one go; empty for one that was made alone."""


_Kept = tuple[str, Entry]
"""The folder that an edit was made from, and the edit; its path is below that folder."""


class Journal:
    """The edits made to the files of one folder, oldest first.

    May be used from several threads and processes. Nothing that is wrong with the state folder
    raises.
    """

    def __init__(self, state_folder: Path, root: Path, clock: Clock) -> None:
        self._root = os.path.realpath(root)
        self._clock = clock
        self._file = StateFile(state_folder / "edits.jsonl")
        self._unsaved: list[bytes] = []
        self._kept_size = self._kept_lines = 0
        """Bytes and lines that the last cut had to leave beyond its limits."""
        self.trouble = ""
        """Why edits are forgotten when the process ends; empty while they are kept."""

    def entries(self) -> tuple[Entry, ...]:
        """Every edit of this folder's files that is remembered."""
        return tuple(
            replace(entry, path=path)
            for root, entry in self._known().values()
            if (path := _below(self._root, root, entry.path)) is not None
        )

    def _known(self) -> dict[str, _Kept]:
        """Every edit that is remembered, of all folders, by id."""
        known: dict[str, _Kept] = {}
        undone: dict[str, None] = {}
        for line in (*self._saved(), *self._unsaved):
            _take_in(known, undone, *_parsed(line))
        return known

    def find(self, entry: Entry) -> Entry | None:
        """An edit as it is remembered now."""
        root, found = self._known().get(entry.id, ("", None))
        path = _below(self._root, root, found.path) if found is not None else None
        return replace(found, path=path) if found is not None and path is not None else None

    def last_done(self) -> Entry | None:
        """The edit to undo next."""
        return next((entry for entry in reversed(self.entries()) if not entry.undone), None)

    def last_undone(self) -> Entry | None:
        """The edit to make again next: the one that was undone last.

        One that could not be undone with the others of its batch does not hide them.
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

    def together(self, entry: Entry) -> tuple[Entry, ...]:
        """The edits that were wished for with this one and are done or undone as it is, in order
        of making; it alone where it was made alone."""
        if not entry.batch:
            return (entry,)
        return tuple(
            other
            for other in self.entries()
            if other.batch == entry.batch and other.undone is entry.undone
        )

    def add(self, path: str, what: str, rewritten: Rewritten, batch: str = "") -> Entry | None:
        """Remember an edit that was just made; those undone before it are forgotten.

        Edits of one `batch` are taken back in one go. None if it changed nothing.
        """
        if rewritten.before == rewritten.after:
            return None
        splice = splices.difference(rewritten.before, rewritten.after)
        entry = Entry(token_hex(8), self._clock(), path, what, splice, batch=batch)
        self._append(_record(self._root, entry))
        return entry

    def mark(self, entry: Entry, *, undone: bool, splice: Splice | None = None) -> Entry:
        """Remember that an edit was undone, or made again; `splice` is what it looks like now."""
        marked = replace(entry, undone=undone, splice=splice or entry.splice)
        self._append({"mark": entry.id, "undone": undone, "splice": _splice_out(marked.splice)})
        return marked

    def forget(self, entry: Entry) -> None:
        """Let go of an edit that cannot be undone any more, so that those before it can."""
        self._append({"forget": entry.id})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who changes this list, of all threads and processes; may be nested."""
        with self._file.locked():
            yield

    def _saved(self) -> list[bytes]:
        try:
            return self._file.read()
        except OSError as error:
            self._failed(error)
            return []

    def _failed(self, error: OSError) -> None:
        words = error.strerror or type(error).__name__
        self.trouble = f"edits can be undone only until tldash ends: {self._file.path}: {words}"

    def _append(self, record: Record) -> None:
        with self.locked():
            self._unsaved.append(_dumped(record))
            try:
                size = self._file.append(self._unsaved)
            except OSError as error:
                self._failed(error)
                return
            self._unsaved.clear()
            self.trouble = ""
            # A list that could not be cut is whole all the same, and is cut the next time.
            with suppress(OSError):
                room = LINE_LIMIT + self._kept_lines
                if size > SIZE_LIMIT + self._kept_size or len(self._file.read()) > room:
                    self._cut()

    def _cut(self) -> None:
        kept = self._newest()
        self._file.replace(kept)
        size = sum(map(len, kept))
        large = len(kept) > ENTRY_LIMIT or size > SIZE_LIMIT // 2
        self._kept_size, self._kept_lines = (size, len(kept)) if large else (0, 0)

    def _newest(self) -> list[bytes]:
        """The newest edits that there is room for; a batch goes on or off the list as a whole."""
        lines: dict[str, bytes] = {}
        batches: set[str] = set()
        size, full = 0, False
        known = self._known()
        for root, entry in reversed(known.values()):
            line = _dumped(_record(root, entry))
            full = full or len(lines) >= ENTRY_LIMIT or size + len(line) + 1 > SIZE_LIMIT // 2
            if lines and full and entry.batch not in batches:
                continue
            if entry.batch:
                batches.add(entry.batch)
            lines[entry.id] = line
            size += len(line) + 1
        return [lines[id_] for id_ in known if id_ in lines]


def _take_in(
    known: dict[str, _Kept], undone: dict[str, None], record: Record, new: Entry | None
) -> None:
    """Follow one line of the list; `undone` are those of `known` that are."""
    kept = known.get(str(record.get("mark")))
    if kept is not None:
        root, entry = kept
        splice = _splice_in(record.get("splice")) or entry.splice
        entry = replace(entry, undone=record.get("undone") is True, splice=splice)
        known[entry.id] = root, entry
        _note(undone, entry)
    elif "forget" in record:
        known.pop(str(record["forget"]), None)
        undone.pop(str(record["forget"]), None)
    elif new is not None:
        root = str(record.get("root"))
        if not new.undone:
            for id_ in [*undone]:
                other, entry = known[id_]
                if new.batch and entry.batch == new.batch:
                    continue
                if _below(root, other, entry.path) is not None:
                    del known[id_], undone[id_]
        known[new.id] = root, new
        _note(undone, new)


def _note(undone: dict[str, None], entry: Entry) -> None:
    if entry.undone:
        undone[entry.id] = None
    else:
        undone.pop(entry.id, None)


def _below(top: str, root: str, path: str) -> str | None:
    """The path below `top` of a file that lies at `path` below `root`; None if it is elsewhere."""
    try:
        return Path(root, path).relative_to(top).as_posix()
    except ValueError:
        return None


def undo(journal: Journal, root: Path, rewrite: Rewrite, which: Entry | None = None) -> Entry:
    """Take back an edit in its file: `which`, else the last one that was not undone.

    Raises NothingLeft; splice.NotAsLeft where the place changed since; write.WriteRefused. Nothing
    was written then, and the edit stays the one to undo next, until it is forgotten.
    """
    with journal.locked():
        entry = _still(journal, which, undone=False) if which else journal.last_done()
        if entry is None:
            raise NothingLeft("there is no edit to undo")
        done = rewrite(root, entry.path, lambda data: splices.undo(entry.splice, data))
        return journal.mark(entry, undone=True, splice=splices.difference(done.after, done.before))


def redo(journal: Journal, root: Path, rewrite: Rewrite, which: Entry | None = None) -> Entry:
    """Make an edit again: `which`, else the one that was undone last. Raises as `undo` does."""
    with journal.locked():
        entry = _still(journal, which, undone=True) if which else journal.last_undone()
        if entry is None:
            raise NothingLeft("there is no edit to make again")
        done = rewrite(root, entry.path, lambda data: splices.redo(entry.splice, data))
        return journal.mark(entry, undone=False, splice=splices.difference(done.before, done.after))


def _still(journal: Journal, which: Entry, *, undone: bool) -> Entry | None:
    """An edit as it is remembered now, unless another process has seen to it meanwhile."""
    found = journal.find(which)
    return found if found is not None and found.undone is undone else None


# Entries as JSON. Bytes are written as UTF-8; those that are none as lone surrogates, which JSON
# escapes, so that every file comes back as it was.


def _record(root: str, entry: Entry) -> Record:
    return {
        "root": root,
        "id": entry.id,
        "when": entry.when.isoformat(),
        "path": entry.path,
        "what": entry.what,
        "undone": entry.undone,
        "splice": _splice_out(entry.splice),
        **({"batch": entry.batch} if entry.batch else {}),
    }


def _dumped(record: Record) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode("ascii")


@lru_cache(_PARSED)
def _parsed(line: bytes) -> tuple[Record, Entry | None]:
    """A line of the list, and the edit that it tells of, if it does."""
    record = _loaded(line)
    return record, _entry(record)


def _loaded(line: bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _entry(record: Record) -> Entry | None:
    splice = _splice_in(record.get("splice"))
    batch = record.get("batch")
    match record:
        case {"id": str(id_), "when": str(when), "path": str(path), "what": str(what)} if splice:
            try:
                moment = datetime.fromisoformat(when)
            except ValueError:
                return None
            undone = record.get("undone") is True
            return Entry(
                id_, moment, path, what, splice, undone, batch if isinstance(batch, str) else ""
            )
    return None


def _splice_out(splice: Splice) -> Record:
    return {
        "line": splice.line,
        "old": [_text(splice.old.lines), splice.old.twins, splice.old.alike],
        "new": [_text(splice.new.lines), splice.new.twins, splice.new.alike],
        "around": [_text(splice.before), _text(splice.after)],
        "digests": [splice.above, splice.below],
        "rest": splice.rest,
    }


def _splice_in(record: object) -> Splice | None:
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
