"""Divide the text of a YAML document into units: keys, list items and lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tldash.formats.text import line_spans
from tldash.formats.yaml import session
from tldash.formats.yaml.compose import look
from tldash.formats.yaml.nodes import (
    QUOTES,
    ListNode,
    MappingNode,
    Node,
    Pair,
    Places,
    ScalarNode,
    Trouble,
    name_of,
)
from tldash.merging.units import Kind, TaskLine, Unit, Unstructured, text_units
from tldash.model.records import Task

_BLOCKS: Final = ("|", ">")


def divide_yaml(text: str, path: str, *, in_session: bool) -> list[Unit]:
    """Return the units of a document whose lines all end at line feeds.

    Args:
        in_session: Whether the lists of a YAML session hold task items.

    Raises:
        Unstructured: The document is not valid, too large, or not in block style.
    """
    root = look(text)
    if isinstance(root, Trouble):
        raise Unstructured
    if root is None and any(line.strip() and line[0] != "#" for line in text.split("\n")):
        raise Unstructured
    tasks = {}
    if in_session:
        tasks = {item.task.line: item.task for item in session.read(text, path)[0]}
    return _Divider(text, tasks).divide(root)


class _Divider:
    """The lines of a document, counted from 0, and where its nodes are."""

    def __init__(self, text: str, tasks: dict[int, Task]) -> None:
        self._text = text
        self._tasks = tasks
        self._places = Places(text)
        self._lines = [text[start : end + 1] for start, end in line_spans(text)]
        if "".join(self._lines) != text:
            raise Unstructured

    def divide(self, root: Node | None) -> list[Unit]:
        if root is None or (isinstance(root, ScalarNode) and not root.value):
            return text_units(self._lines)
        if not isinstance(root, MappingNode) or root.flow:
            raise Unstructured
        return self._mapping(root.pairs, 0, len(self._lines))

    def _line(self, offset: int) -> int:
        return self._places.of(offset)[0] - 1

    def _mapping(self, pairs: Sequence[Pair], start: int, end: int) -> list[Unit]:
        """Divide the lines of some pairs of a mapping in block style."""
        starts = [self._line(key.start) for key, _ in pairs]
        units = self._before(starts, start, end)
        for (key, value), first, after in zip(pairs, starts, [*starts[1:], end], strict=True):
            is_block = isinstance(value, ScalarNode) and value.style in _BLOCKS
            last = self._trim(first + 1, after, is_block=is_block)
            units.append(self._pair(name_of(key), value, first, last))
            units += text_units(self._lines[last:after])
        return units

    def _before(self, starts: Sequence[int], start: int, end: int) -> list[Unit]:
        """Return the lines before the first of some parts, each on a line of its own."""
        edges = [start - 1, *starts, end]
        if any(one >= other for one, other in pairwise(edges)):
            raise Unstructured
        return text_units(self._lines[start : starts[0]])

    def _trim(self, start: int, end: int, *, is_block: bool) -> int:
        """Return the end of a part without the blank lines and comments that follow it."""
        while end > start:
            line = self._lines[end - 1]
            words = line if is_block else line.lstrip()
            if line.strip() and not words.startswith("#"):
                break
            end -= 1
        return end

    def _pair(self, name: str, value: Node, first: int, last: int) -> Unit:
        if isinstance(value, ScalarNode) and value.style in _BLOCKS:
            rest = text_units(self._lines[first + 1 : last])
            return Unit(Kind.PAIR, self._lines[first], tuple(rest), name)
        if isinstance(value, MappingNode) and not value.flow:
            start = self._line(value.pairs[0][0].start) if value.pairs else last
            rest = self._mapping(value.pairs, start, last) if value.pairs else []
        elif isinstance(value, ListNode) and not value.flow:
            start = self._line(value.items[0].start) if value.items else last
            rest = self._list(value, start, last) if value.items else []
        else:
            start, rest = last, []
        if start <= first:
            raise Unstructured
        return Unit(Kind.PAIR, "".join(self._lines[first:start]), tuple(rest), name)

    def _list(self, node: ListNode, start: int, end: int) -> list[Unit]:
        starts = [self._line(item.start) for item in node.items]
        units = self._before(starts, start, end)
        for item, first, after in zip(node.items, starts, [*starts[1:], end], strict=True):
            if not self._lines[first].lstrip().startswith("- "):
                raise Unstructured
            last = self._trim(first + 1, after, is_block=False)
            units.append(self._item(item, first, last))
            units += text_units(self._lines[last:after])
        return units

    def _item(self, node: Node, first: int, last: int) -> Unit:
        task = self._tasks.get(first + 1)
        if task is None or isinstance(node, ListNode):
            return Unit(Kind.BULLET, "".join(self._lines[first:last]))
        if isinstance(node, ScalarNode) or node.flow:
            line = self._task_line(node, first, last)
            return Unit(Kind.TASK, "".join(self._lines[first:last]), task=task, line=line)
        key, value = node.pairs[0]
        start = self._line(node.pairs[1][0].start) if len(node.pairs) > 1 else last
        rest = self._mapping(node.pairs[1:], start, last) if len(node.pairs) > 1 else []
        if start <= first:
            raise Unstructured
        line = self._task_line(value, first, start) if name_of(key) in session.TEXT_KEYS else None
        head = "".join(self._lines[first:start])
        return Unit(Kind.TASK, head, tuple(rest), name_of(key), task=task, line=line)

    def _task_line(self, node: Node, first: int, end: int) -> TaskLine | None:
        """Return the parts of a string on one line; None if it is written in another way."""
        if not isinstance(node, ScalarNode) or end != first + 1 or node.anchor:
            return None
        quoted = int(node.style in QUOTES)
        start, stop = node.start + quoted, node.end - quoted
        if node.style in _BLOCKS or self._text[start:stop] != node.value:
            return None
        line = self._lines[first]
        begin = self._places.of(start)[1] - 1
        lead, tail = line[:begin], line[begin + stop - start :]
        mark, at = session.split_box(node.value)
        body = node.value[at:]
        if mark:
            return TaskLine(f"{lead}[", mark, node.value[2:at], body, tail)
        return TaskLine(lead, "", "", body, tail)
