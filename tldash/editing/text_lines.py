"""Add a line of text to a section of a session, or change or remove one that was added before.

In Markdown a new line is a paragraph, a list item or a block quote, whatever the section already
has. Text that would start a heading, a fence or a task item is escaped with a backslash. In a YAML
session the line goes to the end of a block of text (`notes`) or of a list. The result is parsed
again and refused if anything else changed. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tldash.editing import markdown, semantics, verify, yaml
from tldash.editing.edits import ALREADY, AddTask, PutText, Refused
from tldash.editing.markdown import Body
from tldash.formats.markdown.scanner import Kind
from tldash.formats.text import BOM, line_spans
from tldash.formats.yaml import load
from tldash.formats.yaml import splice as yamlsplice
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import ListNode, MappingNode, Node, Pair, ScalarNode, child
from tldash.formats.yaml.splice import Unsafe
from tldash.model.file_roles import is_yaml
from tldash.model.section_names import normalize_heading, section_names

LINE_GONE: Final = "line-gone"
"""The code of a refusal because the line to change is not in the file."""
NOTES: Final = "notes"
"""The key of a YAML session that holds a block of text."""
_PREFIX: Final = re.compile(r"[ ]{0,3}(?:>[ ]?|[-*+][ ]+)?")
_BULLET: Final = re.compile(r"[ ]{0,3}[-*+][ ]+(?!\[.\])")
_PARAGRAPHS: Final = {"text": "", "quote": "> ", "item": "- "}


def apply(edit: PutText, text: str) -> str:
    """Return the text of the file after the edit. Raises Refused."""
    if semantics.is_forbidden(edit.text):
        raise Refused("encoding", "this text has characters that a text file cannot hold")
    if not edit.text.strip() and not edit.was:
        raise Refused(ALREADY, "there is nothing to write")
    if edit.was and semantics.one_line(edit.text) == semantics.one_line(edit.was):
        raise Refused(ALREADY, "already as requested")
    if is_yaml(edit.path):
        start = len(BOM) if text.startswith(BOM) else 0
        return text[:start] + _apply_to_yaml(edit, text[start:])
    return _apply_to_markdown(edit, text)


# Markdown


def _apply_to_markdown(edit: PutText, text: str) -> str:
    head, body = markdown.read(text, edit.path)
    if head.removeprefix(BOM) and not head.endswith(("\r", "\n")):
        head += body.ending
    for new, at in _markdown_drafts(edit, body):
        _, after = markdown.read(head + new, edit.path)
        whole = markdown.read(head + new, edit.path)[0] == head
        plain = at is None or (after.lines[at].kind is Kind.PARAGRAPH and after.lines[at].box < 0)
        if (
            whole
            and plain
            and verify.same_tasks(body.tasks, after.tasks)
            and verify.same_outline(body.lines, after.lines)
        ):
            return head + new
    raise Refused("unclear", "this text would change what is around it; add it in an editor")


def _markdown_drafts(edit: PutText, body: Body) -> Iterator[tuple[str, int | None]]:
    """Yield possible bodies with the index of the new line (None if one is removed)."""
    new = semantics.one_line(edit.text)
    if edit.was:
        at, prefix = _find_line(edit, body)
        if not new:
            yield _without_line(body, at), None
            return
        begin, end = line_spans(body.text)[at]
        for written in _spellings(new):
            yield body.text[:begin] + prefix + written + body.text[end:], at
        return
    place = _find_place(edit, body)
    for written in _spellings(new):
        yield _insert(body, edit, place, written)


def _spellings(text: str) -> Iterator[str]:
    yield text
    yield f"\\{text}"


def _prefix_before(line: str, was: str) -> str | None:
    """Return what is written on a line before the text `was`; None if it is another line."""
    line = line.rstrip()
    found = _PREFIX.match(line)
    marks = ("", found[0] if found else "")
    return next((mark for mark in marks if line[len(mark) :] in (was, f"\\{was}")), None)


def _find_line(edit: PutText, body: Body) -> tuple[int, str]:
    """Return the index of the line that was added before, and what is before its text.

    If there are several, it is the last one of the section.
    """
    was = semantics.one_line(edit.was)
    lines = (body.text[begin:end] for begin, end in line_spans(body.text))
    found = {
        at: prefix
        for at, line in enumerate(lines)
        if (prefix := _prefix_before(line, was)) is not None
    }
    if not found:
        raise Refused(LINE_GONE, "somebody changed or removed this line in the meantime")
    _, start, end = _find_place(edit, body)
    at = max((at for at in found if start <= at < end), default=max(found))
    return at, found[at]


def _without_line(body: Body, at: int) -> str:
    """Return the body without a line, and without one of two blank lines around it."""
    spans = line_spans(body.text)
    first, last = at, at
    blank = [not body.text[begin:end].strip() for begin, end in spans]
    if at and blank[at - 1] and (at + 1 == len(spans) or blank[at + 1]):
        first = at - 1
    if last + 1 < len(spans):
        return body.text[: spans[first][0]] + body.text[spans[last + 1][0] :]
    return body.text[: spans[first - 1][1]] if first else ""


Place = tuple[int | None, int, int]
"""The heading of a section (None to add one), and the indexes from which and up to which it is."""


def _find_place(edit: PutText, body: Body) -> Place:
    """Return where the section is."""
    names = section_names(edit.section)
    sections = [one for one in markdown.sections(body) if one[1] < markdown.BOLD_LEVEL]
    first, stop = 0, len(body.lines)
    if edit.within:
        first, stop = markdown.find_dated(body, edit.within)
    for at, _, headings in sections:
        inside = first <= at < stop and (at > first or not edit.within)
        if inside and headings and normalize_heading(headings[-1]) in names:
            return _place_below(body, at, stop)
    if edit.within and normalize_heading(edit.section) == NOTES:
        return _place_below(body, first, stop)
    return None, stop, stop


def _place_below(body: Body, heading: int, stop: int) -> Place:
    """Return the place of the section of a heading, up to the next heading."""
    heading = markdown.skip_underline(body, heading)
    return heading, heading + 1, min(markdown.section_end(body, heading), stop)


def _insert(body: Body, edit: PutText, place: Place, written: str) -> tuple[str, int]:
    heading, start, end = place
    if heading is None:
        line = _PARAGRAPHS[edit.form] + written
        mark = "#" * (3 if edit.within else 2)
        last = next((at for at in range(end - 1, -1, -1) if body.lines[at].text.strip()), -1)
        title = f"{mark} {semantics.one_line(edit.section)}"
        if last < 0:
            new = "".join(one + body.ending for one in (title, "", line))
            return new + body.text, 2
        after = markdown.insert(body, last, ["", title, "", line])
        return after, last + 4
    last = max((at for at in range(start, end) if body.lines[at].text.strip()), default=heading)
    before = body.lines[last]
    bullet = _BULLET.match(before.text) if last != heading and not before.quote else None
    if bullet and edit.form != "quote":
        return markdown.insert(body, last, [bullet[0] + written]), last + 1
    line = _PARAGRAPHS[edit.form] + written
    blanks = end - 1 - last
    followed = end < len(body.lines)
    if blanks:
        return markdown.insert(body, last + 1, [line, *[""] * (followed and blanks == 1)]), last + 2
    return markdown.insert(body, last, ["", line, *[""] * followed]), last + 2


# YAML


def _apply_to_yaml(edit: PutText, document: str) -> str:
    data, problems = load.load(document, "")
    root = compose(document)
    if (root is None and (data is not None or problems)) or (
        root is not None and not (isinstance(root, MappingNode) and not root.flow)
    ):
        raise Refused("yaml", "this file cannot be edited here; fix it in an editor")
    name = NOTES if NOTES in section_names(edit.section) else "_".join(edit.section.lower().split())
    values = data if isinstance(data, dict) else {}
    try:
        if root is not None:
            yamlsplice.check_keys(root)
        pair = _plain_pair(root, name)
        drafts = _note_drafts if name == NOTES else _list_drafts
        for new, wanted in drafts(edit, document, name, pair, values.get(name)):
            after, _ = load.load(new, "")
            held = after.get(name) if isinstance(after, dict) else None
            same = held.rstrip("\n") if isinstance(held, str) else held or []
            if same == wanted and verify.same_values(document, new, name):
                return new
    except Unsafe as error:
        raise Refused("yaml", str(error)) from error
    raise Refused("unclear", f"{name}: is written in a way that cannot be edited here")


def _plain_pair(root: Node | None, name: str) -> Pair | None:
    """Return a key and its value. Raises Unsafe for a value with anchors."""
    pair = child(root, name)
    if pair is not None and yamlsplice.has_anchor(pair[1]):
        raise Unsafe(f"{name}: holds an anchor or an alias; write it out to edit it here")
    return pair


def _note_drafts(
    edit: PutText, document: str, name: str, pair: Pair | None, value: object
) -> Iterator[tuple[str, str]]:
    """Yield documents with the text in a literal block, and the text that the block then has."""
    if value is not None and not isinstance(value, str):
        raise Unsafe(f"{name}: is not a text; add it in an editor")
    lines = (value or "").rstrip("\n").split("\n") if value else []
    new = semantics.one_line(edit.text)
    changed = _change_lines(lines, edit, new)
    wanted = "\n".join(changed)
    end = yamlsplice.ending(document)
    if pair is None:
        apart = "" if not document or document.endswith(("\r", "\n")) else end
        yield document + apart + f"{name}: |" + _block(changed, "  ", end) + end, wanted
        return
    key, node = pair
    indent = " " * (yamlsplice.column(document, key) + 2)
    if isinstance(node, ScalarNode) and node.style == "|":
        yield _in_block(document, node, lines, changed, indent), wanted
    start = yamlsplice.end_of(document, key, node)
    if not yamlsplice.is_missing(node) and isinstance(node, ScalarNode):
        start = node.start
    stop = yamlsplice.last_of(document, key, node)
    tail = document[stop : yamlsplice.line_end(document, stop)]
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        tail = ""
    space = " " if yamlsplice.is_missing(node) else ""
    block = f"{space}|{tail.rstrip()}" + _block(changed, indent, end)
    yield document[:start] + block + document[stop + len(tail) :], wanted


def _change_lines(lines: Sequence[str], edit: PutText, new: str) -> list[str]:
    """Return the lines of a text after the edit."""
    if not edit.was:
        line = _PARAGRAPHS[edit.form] + new
        bullet = _BULLET.match(lines[-1]) if lines else None
        if bullet and edit.form != "quote":
            return [*lines, bullet[0] + new]
        return [*lines, *[""] * bool(lines), line]
    was = semantics.one_line(edit.was)
    found = ((n, _prefix_before(lines[n], was)) for n in reversed(range(len(lines))))
    at, prefix = next(((n, mark) for n, mark in found if mark is not None), (-1, ""))
    if at < 0:
        raise Refused(LINE_GONE, "somebody changed or removed this line in the meantime")
    if new:
        return [*lines[:at], f"{prefix}{new}", *lines[at + 1 :]]
    first = (
        at - 1 if at and not lines[at - 1] and (at + 1 == len(lines) or not lines[at + 1]) else at
    )
    return [*lines[:first], *lines[at + 1 :]]


def _block(lines: Sequence[str], indent: str, end: str) -> str:
    return "".join(f"{end}{indent}{line}" if line else end for line in lines)


def _in_block(
    document: str, node: ScalarNode, lines: Sequence[str], changed: Sequence[str], indent: str
) -> str:
    """Change the lines of a literal block that differ, and keep the others byte for byte."""
    header = yamlsplice.line_end(document, node.start)
    stop = yamlsplice.last_of(document, node, node)
    end = yamlsplice.ending(document)
    spans = line_spans(document[header:stop])[1:]
    if len(spans) != len(lines):
        raise Unsafe("this block of text cannot be edited here; use an editor")
    texts = [document[header + begin : header + finish] for begin, finish in spans]
    pads = [text[: len(text) - len(text.lstrip(" "))] for text in texts if text.strip()]
    indent = min(pads, key=len) if pads else indent
    same = next(
        (n for n, (a, b) in enumerate(zip(lines, changed, strict=False)) if a != b),
        min(len(lines), len(changed)),
    )
    kept = next(
        (
            n
            for n, (a, b) in enumerate(zip(lines[same:][::-1], changed[same:][::-1], strict=False))
            if a != b
        ),
        min(len(lines), len(changed)) - same,
    )
    middle = changed[same : len(changed) - kept]
    upto = header + (spans[same - 1][1] if same else 0)
    rest = header + (spans[len(lines) - kept - 1][1] if len(lines) - kept else 0)
    return document[:upto] + _block(middle, indent, end) + document[rest:]


def _list_drafts(
    edit: PutText, document: str, name: str, pair: Pair | None, value: object
) -> Iterator[tuple[str, list[object]]]:
    """Yield documents with the text in a list, and the values that the list then has."""
    known = list(value) if isinstance(value, list) else []
    if value is not None and not isinstance(value, list):
        raise Unsafe(f"{name}: is not a list; fix it first")
    new = semantics.one_line(edit.text)
    if not edit.was:
        for draft in yaml.added(document, name, AddTask(edit.path, new, name)):
            yield draft, [*known, new]
        return
    was = semantics.one_line(edit.was)
    if was not in known:
        raise Refused(LINE_GONE, "somebody changed or removed this line in the meantime")
    at = len(known) - 1 - known[::-1].index(was)
    node: Node | None = pair[1] if pair is not None else None
    if not isinstance(node, ListNode):
        raise Unsafe(f"{name}: cannot be found again; use an editor")
    if not new:
        yield yaml.removed(document, name, node.items[at]), [*known[:at], *known[at + 1 :]]
        return
    for quoted in (False, True):
        splice = yamlsplice.rewrite(document, node.items[at], new, quoted=quoted)
        yield yamlsplice.spliced(document, [splice]), [*known[:at], new, *known[at + 1 :]]
