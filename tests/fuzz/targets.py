"""What must be true of every parser for every input: one function a parser, each of bytes.

`tests.fuzz.run` feeds them what a coverage-guided fuzzer comes up with, `test_corpus.py` what was
kept of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from tests.support.markdown import read_body
from tldash.documents import models, validate
from tldash.editing import patch
from tldash.editing.splice import NotAsLeft, difference, redo, undo
from tldash.formats.file_record import read_data
from tldash.formats.markdown.body import read_pieces
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import scan as scan_markdown
from tldash.formats.tasks import edit, next_occurrence, parse, recurrence
from tldash.formats.tasks.fixes import MAX_PROBLEMS
from tldash.formats.tasks.parse import Parsed
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import FieldProblem, Scan
from tldash.formats.tasks.vocabulary import EMOJI
from tldash.formats.text import NotText, decode, split_lines
from tldash.formats.yaml import load
from tldash.formats.yaml import session as yamlsession
from tldash.model import dates, sanitize
from tldash.model.file_roles import FileRole
from tldash.model.records import Dialect, Fields, Moment, Problem, Session, Status, Task
from tldash.output import passages

ON: Final = date(2026, 11, 9)
NOW: Final = datetime(2026, 11, 9, 12, tzinfo=UTC)
SOME: Final = 4
"""Task items of one file that an edit is tried on."""

_ENDS: Final = re.compile("[\r\n]")
_FORBIDDEN: Final = re.compile(
    "[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f\ud800-\udfff]"
)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "ignore")


def _line(data: bytes) -> str:
    return _ENDS.sub(" ", _text(data))


def _check_places(problems: tuple[Problem, ...], text: str) -> None:
    """Every problem points into the file, and says something."""
    lines = max(1, len(split_lines(text)))
    for problem in problems:
        assert 1 <= problem.line <= lines + 1, problem
        assert problem.column >= 1, problem
        assert problem.message, problem


def fuzz_blocks(data: bytes) -> None:
    """Every line is scanned, and a text is read as its lines are."""
    text = _text(data)
    lines = scan_markdown(text)
    assert [line.text for line in lines] == split_lines(text)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert read_body(text, "x.md") == read_pieces(lines, "x.md")


_MOVED: Final = dict.fromkeys(("due", "scheduled", "start", "created"))
_OF_ONE: Final = {
    **_MOVED, "done": None, "cancelled": None, "id": None, "depends": (), "block_id": None
}  # fmt: skip
"""The fields that belong to one occurrence of a repeating action, or move on with it."""


def _check_fix(body: str, parsed: Parsed, problem: FieldProblem) -> None:
    """A fix takes its problem away, brings no other, and changes no value that is there."""
    fix = problem.fix
    assert fix is not None
    start = fix.column - 1
    end = start + len(fix.old)
    assert body[start:end] == fix.old
    fixed = parse.parse(body[:start] + fix.new + body[end:])
    if len(parsed.problems) <= MAX_PROBLEMS:
        codes = Counter(one.code for one in parsed.problems)
        codes[problem.code] -= 1
        assert not Counter(one.code for one in fixed.problems) - codes
    if fix.new:
        assert (problem.offset, problem.code) not in [(p.offset, p.code) for p in fixed.problems]
    for name in Fields.__slots__:
        value = getattr(parsed.fields, name)
        if value and not (name == "repeat" and problem.code == "repeat"):
            assert getattr(fixed.fields, name) == value


def fuzz_tasks(data: bytes) -> None:
    """A task line is read and reworded without a trace of what was not asked for."""
    body = _line(data)
    parsed = parse.parse(body)
    assert not _ENDS.search(parsed.text)
    for problem in parsed.problems:
        assert 0 <= problem.offset <= len(body)
        assert problem.message
    recurrence.parse_rule(body)
    for problem in parsed.problems:
        if problem.fix:
            _check_fix(body, parsed, problem)
    following = next_occurrence.next_line(body, ON)
    if isinstance(following, str):
        after, before = (replace(one.fields, **_OF_ONE) for one in (parse.parse(following), parsed))
        assert after == before
        gone = replace(parse.parse(following).fields, **_MOVED)
        assert gone == replace(before, **_MOVED)


_SIGN: Final = re.compile(f"[{EMOJI}]")


def _said(found: Scan) -> tuple[object, ...]:
    return sorted((t.kind, str(t.value)) for t in found.tokens if not t.bad), found.block_id


def _check_stays(body: str, kind: str) -> None:
    """A date only stays where the line would say something else however the gap is closed."""
    line = scan(body)
    found = [token for token in line.tokens if token.kind == kind and not token.bad]
    rest = line._replace(tokens=[token for token in line.tokens if token not in found])
    assert found
    for token in found if len(found) == 1 else ():
        before, after = body[: token.start], body[token.end :]
        for closed in (before + after, before.rstrip() + after.lstrip(), f"{before} {after}"):
            assert _said(scan(closed.lstrip())) != _said(rest)


def fuzz_taskedit(data: bytes) -> None:
    """What is written reads back, nothing else changes, and unticking takes a tick back."""
    dialect = list(Dialect)[data[0] % 3] if data else Dialect.PLAIN
    body = _line(data[1:])
    fields = parse.parse(body).fields
    for status, name in ((Status.DONE, "done"), (Status.CANCELLED, "cancelled")):
        mark, closed = edit.set_status(" ", body, status, ON, dialect)
        before = getattr(fields, name)
        assert parse.parse(closed).fields == replace(fields, **{name: before or ON})
        if before is None:
            assert edit.set_status(mark, closed, Status.OPEN, ON, dialect) == (" ", body)
    for kind in ("due", "scheduled", "start", "created"):
        moved = edit.set_date(body, kind, ON, dialect)
        assert parse.parse(moved).fields == replace(fields, **{kind: ON})
        bare = edit.set_date(moved, kind, None, dialect)
        if bare != moved:
            assert parse.parse(bare).fields == replace(fields, **{kind: None})
        else:
            _check_stays(moved, kind)
    owned = edit.set_owner(body, "ada")
    assert parse.parse(owned).fields.owner == "ada"
    free = edit.set_owner(body, None)
    after = parse.parse(free).fields
    assert free == body or after == replace(fields, owner=None)
    assert free != body or after.owner is None or _SIGN.search(body)


def fuzz_markdown(data: bytes) -> None:
    """Front matter and body are the whole file, and every task item is where it says."""
    text = _text(data)
    front = split_front(text, "x.md")
    assert text.endswith(front.body)
    lines = split_lines(text)
    found = read_body(front.body, "x.md", front.body_line)
    for task in found.tasks:
        assert lines[task.line - 1].endswith(task.raw)
    _check_places((*front.problems, *found.problems), text)
    for role in (FileRole.SESSION, FileRole.LEAD, FileRole.SKILLS, FileRole.NOTE):
        record = read_data(data, "x.md", role)
        _check_places(record.problems, text)
    session = Session("a", "x.md", Moment(ON), None, 1, body_line=front.body_line)
    for passage in passages.parse_passages(text, "x.md", found.tasks, session):
        assert passage is not None


def fuzz_yamls(data: bytes) -> None:
    """Every YAML document is a value and problems with a place, whatever it holds."""
    text = _text(data)
    value, found = load.read(text, "x.yaml")
    _check_places(found, text)
    for model in (
        models.SessionDocument,
        models.YamlSessionDocument,
        models.LeadDocument,
        models.ConfigDocument,
        models.FrameworkDocument,
    ):
        document, faults = validate.check(model, value)
        assert document is not None or faults
        _check_places(load.problems(faults, text, "x.yaml"), text)


def fuzz_yamlsession(data: bytes) -> None:
    """The items of a YAML session, found quickly or carefully, are the same."""
    text = _text(data)
    items, found = yamlsession.read(text, "x.yaml")
    _check_places(found, text)
    value, wrong = load.load(text, "x.yaml")
    quick, also_found = yamlsession.read_loaded(text, "x.yaml", value, wrong)
    assert list(quick) == [item.task for item in items]
    assert also_found == found
    record = read_data(data, "x.yaml", FileRole.SESSION)
    _check_places(record.problems, text)


def _ticked(task: Task, data: bytes, status: Status) -> bytes | None:
    try:
        return patch.apply(patch.SetStatus(task, status, ON, Dialect.EMOJI), data)
    except patch.Refused:
        return None


def _edits(data: bytes, path: str, role: FileRole) -> None:
    try:
        decode(data)
    except NotText:
        return
    before = read_data(data, path, role).tasks
    for number, task in enumerate(before[:SOME]):
        after = _ticked(task, data, Status.DONE)
        if task.status.closed or after is None or task.fields.repeat:
            continue
        now = read_data(after, path, role).tasks
        assert [(t.text, t.status) for t in now] == [
            (t.text, Status.DONE if at == number else t.status) for at, t in enumerate(before)
        ]
        if task.status is Status.OPEN and task.fields.done is None:
            back = _ticked(now[number], after, Status.OPEN)
            assert back is not None
            # Another character in the box, or an unknown status, counts as open and is not kept.
            if "[ ]" in task.raw:
                assert back == data
            again = read_data(back, path, role).tasks[number]
            assert _ticked(again, back, Status.DONE) == after
        splice = difference(data, after)
        assert undo(splice, after) == data
        assert redo(splice, data) == after


def fuzz_patch(data: bytes) -> None:
    """Ticking changes one item and no other; unticking gives the bytes back."""
    _edits(data, "x.md", FileRole.NOTE)


def fuzz_patch_yaml(data: bytes) -> None:
    """The same in a YAML session."""
    _edits(data, "x.yaml", FileRole.SESSION)


def fuzz_splice(data: bytes) -> None:
    """Undo and redo are exact; in any other file they put back the lines or are refused."""
    before, _, rest = data.partition(b"\0")
    after, _, now = rest.partition(b"\0")
    splice = difference(before, after)
    assert undo(splice, after) == before
    assert redo(splice, before) == after
    try:
        result = undo(splice, now)
    except NotAsLeft:
        return
    gone = splice.new.lines
    ends = ("", "\n", "\r\n", "\r") if gone and gone[-1:] not in b"\r\n" else ("",)
    pieces = [(splice.old.lines, gone + end.encode()) for end in ends]
    assert result == now or any(
        now.startswith(result[:at]) and now[at:].startswith(new)
        for old, new in pieces
        for at in range(len(now) + 1)
        if result[at:].startswith(old) and len(result) - len(now) in (0, len(old) - len(new))
    )
    assert splice.old.lines in result


def fuzz_words(data: bytes) -> None:
    """Dates and durations are read or not; words come out harmless."""
    text = _text(data)
    moment = dates.parse_moment(text)
    if moment is not None:
        dates.to_local(moment, NOW)
        dates.format_moment(moment, NOW)
        assert dates.parse_moment(dates.format_iso(moment)) == moment
    dates.parse_time(text)
    dates.parse_duration(text)
    dates.guess_date(text)
    clean = sanitize.sanitize(text)
    assert not _FORBIDDEN.search(clean)
    assert sanitize.sanitize(clean) == clean


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    name.removeprefix("fuzz_"): target
    for name, target in list(globals().items())
    if name.startswith("fuzz_")
}
