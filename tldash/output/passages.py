"""Parse a session file into passages for display.

The lines of a paragraph become one passage, so the screen can wrap them to its own width. Passages
of task items keep their `Task`, so they can be ticked while reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from tldash.formats.markdown.body import is_topics
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import Kind, Line, heading_title, scan
from tldash.formats.text import BOM, BrokenMarkers, find_conflict, keep_ours, split_lines
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import ListNode, ScalarNode, child, position
from tldash.model.file_roles import is_yaml
from tldash.model.frozen import frozen
from tldash.model.records import Session, Task
from tldash.model.section_names import normalize_heading, section_names
from tldash.output.passage import Passage, PassageKind

SUMMARY_LENGTH: Final = 400
"""Characters of the notes that stand for a summary."""
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)*_]*\s")
_CELL_END: Final = re.compile(r"(?<!\\)\|")


def parse_passages(
    text: str, path: str, tasks: Iterable[Task], session: Session
) -> tuple[Passage, ...]:
    """Parse the passages of a session file, without its front matter.

    Args:
        text: The content of the file.
        path: Its path, which decides between Markdown and YAML.
        tasks: The task items parsed from the file. If the file has changed since, items that do not
            match a line are shown as text.
        session: The session parsed from the file.
    """
    if is_yaml(path):
        return _yaml_passages(_take_ours(text), session)
    by_line = {task.line: task for task in tasks}
    lines = _body_lines(text, path)
    if session.section:
        lines = [line for line in lines if session.body_line <= line.number <= session.last_line]
    return tuple(_passages(lines, by_line))


def parse_note(text: str, path: str, tasks: Iterable[Task]) -> tuple[Passage, ...]:
    """Parse the passages of a file that is no session, as `parse_passages` does.

    YAML is returned line by line, as code.
    """
    if is_yaml(path):
        lines = enumerate(split_lines(text.removeprefix(BOM)), 1)
        return tuple(Passage(PassageKind.CODE, line, number) for number, line in lines)
    return tuple(_passages(_body_lines(text, path), {task.line: task for task in tasks}))


def _body_lines(text: str, path: str) -> Sequence[Line]:
    front = split_front(_take_ours(text), path)
    return scan(front.body, front.body_line)


def _take_ours(text: str) -> str:
    """Return our side of a text with conflicts, as its items are read; else the text."""
    try:
        return text if find_conflict(text) is None else keep_ours(text)
    except BrokenMarkers:
        return text


def parse_page(text: str) -> tuple[Passage, ...]:
    """Parse the passages of other Markdown text, such as a page of the manual."""
    return tuple(_passages(scan(text), {}))


def find_agenda_end(found: Sequence[Passage]) -> int:
    """Return the index after the agenda of a session, without the empty lines at its end.

    Without an agenda it is that of the first section, or the number of passages.
    """
    first, end, inside = len(found), 0, False
    for index, passage in enumerate(found):
        if passage.kind is PassageKind.HEADING:
            inside = is_topics((passage.text,))
            if passage.level > 1:
                first = min(first, index)
        if inside and passage.kind is not PassageKind.BLANK:
            end = index + 1
    return end or first


def extract_notes(found: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return the notes of a session.

    Leaves out the title, the agenda, task items, empty sections and repeated empty lines.
    """
    return tuple(without_agenda(_without_tasks(found)))


@frozen
class Outcome:
    """What a session came to, as its file says it."""

    agreements: tuple[str, ...] = ()
    structure: tuple[str, ...] = ()
    """What each person said about how the sessions are held."""
    summary: tuple[str, ...] = ()
    """The section Summary, else the beginning of the notes."""


def extract_outcome(found: Iterable[Passage]) -> Outcome:
    """Return what a session came to."""
    parts: dict[str, list[str]] = {"agreements": [], "structure": [], "summary": [], "": []}
    section, on_agenda = "", False
    for passage in _without_tasks(found):
        if passage.kind is PassageKind.HEADING:
            name = normalize_heading(passage.text)
            named = (one for one in parts if one and name in section_names(one))
            section = next(named, "")
            on_agenda = is_topics((passage.text,))
        elif passage.kind in (PassageKind.TEXT, PassageKind.ITEM) and not on_agenda:
            parts[section].append(passage.text)
    return Outcome(
        tuple(parts["agreements"]),
        tuple(parts["structure"]),
        tuple(parts["summary"]) or _shorten(parts[""]),
    )


def _shorten(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return the first paragraphs, at most `SUMMARY_LENGTH` characters of them."""
    kept: list[str] = []
    left = SUMMARY_LENGTH
    for paragraph in filter(None, paragraphs):
        if len(paragraph) > left:
            ends = [end.end() for end in _SENTENCE_END.finditer(paragraph[:left])]
            start = paragraph[: ends[-1]] if ends else paragraph[:left].rpartition(" ")[0]
            kept.append(f"{start.rstrip()} …".lstrip())
            break
        kept.append(paragraph)
        left -= len(paragraph)
    return tuple(kept)


def without_agenda(found: Iterable[Passage]) -> list[Passage]:
    """Return the passages of a session without its title, topics, comments and empty sections."""
    kept: list[Passage] = []
    pending: list[Passage] = []
    on_agenda = False
    for passage in found:
        if passage.kind is PassageKind.HEADING:
            on_agenda = is_topics((passage.text,))
            outer = [one for one in pending if one.level < passage.level]
            pending = [*outer, passage] if passage.level > 1 else []
        elif passage.kind is PassageKind.BLANK:
            if kept and kept[-1].kind is not PassageKind.BLANK:
                kept.append(passage)
        elif not on_agenda and passage.kind is not PassageKind.COMMENT:
            if kept and pending and kept[-1].kind is not PassageKind.BLANK:
                kept.append(Passage(PassageKind.BLANK, "", passage.line))
            kept.extend(pending)
            pending = []
            kept.append(passage)
    while kept and kept[-1].kind is PassageKind.BLANK:
        kept.pop()
    return kept


def _without_tasks(found: Iterable[Passage]) -> Iterable[Passage]:
    """Yield the passages that are not part of a task item."""
    task: Passage | None = None
    for passage in found:
        if passage.kind is PassageKind.TASK:
            task = passage
            continue
        if task is not None and passage.kind is not PassageKind.BLANK:
            if passage.indent > task.indent and passage.kind is not PassageKind.HEADING:
                continue
            task = None
        yield passage


def _passages(lines: Iterable[Line], tasks: dict[int, Task]) -> Iterable[Passage]:
    pending: Passage | None = None
    words: list[str] = []  # of `pending`, joined at its end: there may be very many lines
    for line in lines:
        passage = _passage(line, tasks)
        if passage is not None and pending is not None and _continues(pending, words, line):
            words.append(passage.text or words.pop())
            continue
        if pending is not None:
            yield _joined(pending, words)
        pending = passage
        words = [passage.text] if passage is not None else []
    if pending is not None:
        yield _joined(pending, words)


def _joined(first: Passage, words: Sequence[str]) -> Passage:
    """Return a passage with the words of all its lines."""
    return first if len(words) == 1 else replace(first, text=" ".join(words).strip())


def _continues(before: Passage, words: Sequence[str], line: Line) -> bool:
    """Return whether a line continues the paragraph or heading before it, which has these words."""
    if line.kind is Kind.HEADING:
        return not line.level
    return (
        line.kind is Kind.PARAGRAPH
        and not line.marker
        and before.kind in (PassageKind.TEXT, PassageKind.ITEM)
        and before.quote == line.quote
        and not words[-1].endswith("\\")
    )


def _passage(line: Line, tasks: dict[int, Task]) -> Passage | None:
    words = line.text[line.content :].rstrip()
    indent = line.depth - (1 if line.marker else 0)
    if line.box >= 0 and (task := tasks.get(line.number)) is not None:
        return Passage(
            PassageKind.TASK, task.text, line.number, 0, indent, line.quote, line.marker, task
        )
    if line.kind is Kind.HEADING:
        return Passage(PassageKind.HEADING, heading_title(line), line.number, line.level)
    if line.kind in (Kind.UNDERLINE, Kind.FENCE):
        return None
    if line.kind is Kind.TABLE:
        return _table_row(words, line)
    shape = {
        Kind.BLANK: PassageKind.BLANK,
        Kind.RULE: PassageKind.RULE,
        Kind.CODE: PassageKind.CODE,
        Kind.MATH: PassageKind.CODE,
        Kind.COMMENT: PassageKind.COMMENT,
    }.get(line.kind, PassageKind.ITEM if line.marker else PassageKind.TEXT)
    if line.kind is Kind.CODE:
        words = line.text[min(line.content, len(line.text)) :].rstrip()
    return Passage(shape, words, line.number, 0, indent, line.quote, line.marker)


def _table_row(words: str, line: Line) -> Passage | None:
    """Build a table row. Returns None for the delimiter row below the header."""
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(words.strip("| \t"))]
    if all(set(cell) <= set(":-") for cell in cells):
        return None
    return Passage(PassageKind.TABLE, "\t".join(cells), line.number, quote=line.quote)


def _yaml_passages(text: str, session: Session) -> tuple[Passage, ...]:
    """Return the passages of a YAML session, in the order of a Markdown session."""
    found = [Passage(PassageKind.HEADING, session.title or f"Session {session.number}", 1, 1)]
    if session.topics:
        found.append(Passage(PassageKind.HEADING, "Agenda", session.topics[0].line, 2))
        found.extend(Passage(PassageKind.TASK, t.text, t.line, task=t) for t in session.topics)
    notes, line = _yaml_notes(text)
    if notes:
        found.append(Passage(PassageKind.HEADING, "Notes", line, 2))
        found.extend(_passages(scan(notes, line + 1), {}))
    for key in ("agreements", "structure"):
        if texts := _yaml_texts(text, key):
            found.append(Passage(PassageKind.HEADING, key.capitalize(), texts[0][1], 2))
            found.extend(Passage(PassageKind.ITEM, one, at, marker="-") for one, at in texts)
    if session.actions:
        first = session.actions[0].task.line
        found.append(Passage(PassageKind.HEADING, "Actions", first, 2))
        found.extend(
            Passage(PassageKind.TASK, a.task.text, a.task.line, task=a.task)
            for a in session.actions
        )
    spaced: list[Passage] = []
    for passage in found:
        if passage.kind is PassageKind.HEADING and spaced:
            spaced.append(Passage(PassageKind.BLANK, "", passage.line))
        spaced.append(passage)
    return tuple(spaced)


def _yaml_texts(text: str, key: str) -> list[tuple[str, int]]:
    """Return the texts of a list with their lines."""
    document = text.removeprefix(BOM)
    pair = child(compose(document), key)
    if pair is None or not isinstance(pair[1], ListNode):
        return []
    return [
        (node.value, position(document, node.start)[0])
        for node in pair[1].items
        if isinstance(node, ScalarNode)
    ]


def _yaml_notes(text: str) -> tuple[str, int]:
    document = text.removeprefix(BOM)
    pair = child(compose(document), "notes")
    if pair is None or not isinstance(pair[1], ScalarNode):
        return "", 1
    return pair[1].value, position(document, pair[0].start)[0]
