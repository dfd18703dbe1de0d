"""Search the text of all files again and again, as somebody types.

The folded text of each file is kept in memory, nothing on disk. A file is read again once its stamp
changes. The files of the latest sessions come first, so the first results are there before the rest
is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from tldash.formats.file_record import FileRecord, digest, read_data
from tldash.formats.text import BOM, NotText, decode, split_lines, unify_line_ends
from tldash.insight.place_filter import PlaceFilter
from tldash.model.file_roles import FileRole
from tldash.model.places import FoundPlace, Place, PlaceKind
from tldash.model.records import Lead, Session, Workspace
from tldash.model.spelling import fold_accents
from tldash.model.word_search import Hit, Phrase
from tldash.storage import walk
from tldash.storage.source import FileReader, SourceError
from tldash.workspace.builder import root_id
from tldash.workspace.place_kinds import kinds_of_record
from tldash.workspace.root import Root

LIMIT: Final = 200
"""Places that a search finds at most."""
FIRST: Final = 10
"""Files with the words after which the first places are returned."""
SOON: Final = 400
"""Of the files that were not read yet, the latest that are read before all others."""
AROUND: Final = 12
"""Lines before and after a place."""
_WEIGHTS: Final = [
    PlaceKind.GOAL,
    PlaceKind.ACTION,
    PlaceKind.TOPIC,
    PlaceKind.NOTES,
    PlaceKind.MARKER,
    PlaceKind.FIELD,
]
"""Of two places on the same day, the one whose kind is earlier here comes first."""


class Results(NamedTuple):
    """The best places so far."""

    places: tuple[FoundPlace, ...]
    files: int
    """The number of files with all words."""
    is_complete: bool
    """Whether every file was searched."""


class _File(NamedTuple):
    """A file, its lead, and what is known of its time."""

    part: Root
    path: str
    """Workspace path."""
    lead: Lead | None
    lead_id: str
    sessions: tuple[Session, ...]

    @property
    def day(self) -> date:
        """The day of its latest session."""
        return max((session.at.day for session in self.sessions), default=date.min)


class TextIndex:
    """The text of the files of some opened folders."""

    def __init__(self, parts: Sequence[Root]) -> None:
        self._parts = parts
        self._texts: dict[str, tuple[walk.Stamp, bytes]] = {}
        """Path -> stamp and folded text in UTF-8; an empty one if it is unreadable.

        A string with one emoji takes four bytes a character.
        """
        self._found: tuple[Workspace, PlaceFilter, list[_File]] | None = None
        """The last complete search, and the files with all of its words."""
        self._listed: tuple[Workspace, list[_File]] | None = None
        """The files of a workspace, the latest first."""

    def search(
        self, wanted: PlaceFilter, workspace: Workspace, is_cancelled: Callable[[], bool]
    ) -> Iterator[Results]:
        """Yield the best places of some files, then those of all files.

        A file that cannot be read has no places. Yields nothing more once it is cancelled, and
        nothing at all if nothing is wanted: then it only reads the files, for the next search.
        """
        first, *others = [word.encode() for word in wanted.query.words] or [b""]
        phrase, may_match = wanted.phrase.encode(), _make_check(wanted)
        files = self._narrow(wanted, workspace)
        found: dict[str, bool] = {}
        """Path of a file with all words -> whether they follow each other there."""
        latest: list[_File] = []
        with _Readers() as readers:
            for file in self._order(files):
                if is_cancelled():
                    return
                text = self._text(file, readers) if may_match is None or may_match(file) else b""
                if text and wanted.finds_anything and first in text:
                    if not all(word in text for word in others):
                        continue
                    found[file.path] = phrase in text
                    latest.append(file)
                    if len(latest) == FIRST:
                        yield Results(_find_best(wanted, latest, readers), FIRST, False)
            candidates = [file for file in files if file.path in found]
            self._found = workspace, wanted, candidates
            candidates = sorted(candidates, key=lambda one: not found[one.path])  # keeps the days
            places = _find_best(wanted, _until(is_cancelled, candidates), readers)
        if wanted.finds_anything and not is_cancelled():
            yield Results(places, len(candidates), True)

    def _order(self, files: Sequence[_File]) -> Sequence[_File]:
        """Return files in the order to search them: those that were read, then the others.

        The latest of those come first, then those of the same folder follow each other. Opening a
        folder for each file takes as long as reading it.
        """
        unread = [file for file in files if file.path not in self._texts]
        if not unread:
            return files
        read = (file for file in files if file.path in self._texts)
        later = sorted(unread[SOON:], key=lambda file: file.path)
        return [*read, *unread[:SOON], *later]

    def _narrow(self, wanted: PlaceFilter, workspace: Workspace) -> list[_File]:
        """Return the files to search: those of the last search if more letters were typed."""
        if self._found is not None:
            before, last, files = self._found
            longer = all(any(old in new for new in wanted.query.words) for old in last.query.words)
            same = wanted.file_filters == last.file_filters and last.finds_anything
            if before is workspace and same and longer:
                return files
        return self._files(workspace)

    def _files(self, workspace: Workspace) -> list[_File]:
        if self._listed is None or self._listed[0] is not workspace:
            files = [file for part in self._parts for file in _list_files(part, workspace)]
            files.sort(key=lambda file: file.day, reverse=True)
            self._listed = workspace, files
            paths = {file.path for file in files}
            self._texts = {path: text for path, text in self._texts.items() if path in paths}
        return self._listed[1]

    def _text(self, file: _File, readers: _Readers) -> bytes:
        stamp = file.part.stamps.get(file.path)
        if stamp is None:
            return b""
        known = self._texts.get(file.path)
        if known is None or (known[0] is not stamp and known[0] != stamp):
            known = self._texts[file.path] = stamp, _fold(readers.read(file))
        return known[1]


class _Readers:
    """A reader for each opened folder, which keeps the folder of the last file open."""

    def __init__(self) -> None:
        self._open: dict[str, FileReader] = {}
        self._ends = ExitStack()

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def read(self, file: _File) -> bytes:
        """Return the bytes of a file; none if it is unreadable or gone."""
        part = file.part
        if part.label not in self._open:
            self._open[part.label] = self._ends.enter_context(part.source.reader())
        try:
            return self._open[part.label].read(part.inside(file.path))
        except (walk.Unreadable, SourceError):
            return b""


def _decode(data: bytes) -> str:
    """Return the text of a file; an empty one if it is not text."""
    try:
        return decode(data).removeprefix(BOM)
    except NotText:
        return ""


def _fold(data: bytes) -> bytes:
    """Return the folded text of a file in UTF-8; an empty one if it is not text.

    Most lines are ASCII, and folding others takes 20 times as long. Nothing is folded across lines.
    """
    if data.isascii() and b"\0" not in data:
        return data.lower()
    lines = _decode(data).encode().lower().split(b"\n")
    return b"\n".join(
        [line if line.isascii() else fold_accents(line.decode()).encode() for line in lines]
    )


def _until(is_cancelled: Callable[[], bool], candidates: Iterable[_File]) -> Iterator[_File]:
    """Yield candidates until the search is cancelled."""
    for one in candidates:
        if is_cancelled():
            return
        yield one


def _find_best(
    wanted: PlaceFilter, candidates: Iterable[_File], readers: _Readers
) -> tuple[FoundPlace, ...]:
    """Return the places of the first files, about `LIMIT`, the best one first."""
    found: list[FoundPlace] = []
    for file in candidates:
        found.extend(_find_places(wanted, file, readers.read(file)))
        if len(found) >= LIMIT:
            break
    found.sort(key=_rank)
    return tuple(found[:LIMIT])


def _list_files(part: Root, workspace: Workspace) -> Iterator[_File]:
    leads: Mapping[str, Lead] = {
        lead.id: lead for lead in chain(workspace.leads, workspace.unlisted)
    }
    private = workspace.private.leads if workspace.private is not None else ()
    about = {one.lead.id: one.of for one in private}
    sessions: dict[str, list[Session]] = {}
    for lead in (*leads.values(), *(one.lead for one in private)):
        for session in lead.sessions:
            sessions.setdefault(session.path, []).append(session)
    of_root = root_id(part.builder.name, part.layout)
    files = {part.inside(path) for path in tuple(part.stamps)}
    for inside in files:
        if walk.find_original(inside, files) is not None:
            continue
        path = part.path_of(inside)
        owner = part.layout.owners.get(path)
        lead_id = owner or of_root if owner is not None else ""
        lead_id = about.get(lead_id, lead_id)
        yield _File(part, path, leads.get(lead_id), lead_id, tuple(sessions.get(path, ())))


def _make_check(wanted: PlaceFilter) -> Callable[[_File], bool] | None:
    """Return whether a file may have a place: its lead, and the day of one of its sessions.

    None if any file may.
    """
    if not any(wanted.file_filters):
        return None
    known: dict[str, bool] = {}

    def may_match(file: _File) -> bool:
        if file.lead_id not in known:
            known[file.lead_id] = wanted.matches_lead(file.lead)
        if not known[file.lead_id]:
            return False
        if not file.sessions:
            return wanted.matches_day(None)
        return any(wanted.matches_day(session.at.day) for session in file.sessions)

    return may_match


def _find_places(wanted: PlaceFilter, file: _File, data: bytes) -> Iterator[FoundPlace]:
    """Yield the places in a file with these bytes, which may be newer than its record."""
    text = unify_line_ends(_decode(data))
    lines = split_lines(text)
    record = _record_of(file, data)
    tasks = {task.line: task for task in record.tasks}
    hits: Iterator[Hit] = (
        wanted.query.find(text) if wanted.query.words else _list_items(record, lines)
    )
    kind_at = kinds_of_record(record)
    phrase = Phrase(wanted.phrase)
    for hit in hits:
        kind, session = kind_at(hit.block, hit.begin), _session_at(file, hit.line)
        day = session.at.day if session is not None else None
        task, skill = tasks.get(hit.block), session.skill if session is not None else None
        if wanted.matches_day(day) and wanted.matches_place(kind, task, skill):
            place = Place(file.path, hit.line, hit.column, kind, file.lead_id, hit.text.strip())
            first = max(hit.line - 1 - AROUND, 0)
            around = lines[first : hit.line + AROUND]
            is_phrase = any(phrase.find(lines[hit.block - 1 : hit.line + 1]))
            yield FoundPlace(place, day, is_phrase, first + 1, tuple(around))


def _record_of(file: _File, data: bytes) -> FileRecord:
    """Return the record of a file with these bytes: the known one, if it was read from them."""
    known = file.part.records.get(file.path)
    if known is not None and known.digest == digest(data):
        return known
    return read_data(data, file.path, file.part.layout.roles.get(file.path, FileRole.NOTE))


def _list_items(record: FileRecord, lines: Sequence[str]) -> Iterator[Hit]:
    """Yield the task items and goals of a file, for a search without words."""
    places: set[int] = {task.line for task in record.tasks} | {goal.line for goal in record.goals}
    for line in sorted(places):
        if line <= len(lines):
            yield Hit(line, lines[line - 1], line, 1, lines[line - 1])


def _session_at(file: _File, line: int) -> Session | None:
    """Return the session that a line belongs to."""
    around = (
        one for one in file.sessions if one.section and one.body_line <= line <= one.last_line
    )
    whole = (one for one in file.sessions if not one.section)
    return next(around, next(whole, None))


def _rank(found: FoundPlace) -> tuple[object, ...]:
    day = found.day.toordinal() if found.day is not None else 0
    place = found.place
    return not found.is_phrase, -day, _WEIGHTS.index(place.kind), place.path, place.line
