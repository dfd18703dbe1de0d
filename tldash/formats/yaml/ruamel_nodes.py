"""The nodes of a YAML document as ruamel.yaml composes it.

For documents with anchors, aliases, tags, complex keys and whatever else the scanner does not
cover. ruamel.yaml is kept to YAML 1.2: it may not take NEL, U+2028 and U+2029 for line ends, stop
at control characters, or refuse tabs between tokens. Importing this module imports ruamel.yaml.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scanner import Scanner

from tldash.formats.yaml.nodes import ListNode, MappingNode, Node, ScalarNode, Trouble

_HIDDEN: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_STAND_INS: Final = range(0xF0000, 0xFFFFE)
_SPACES: Final = " \t"
_BREAKS: Final = "\r\n"


class Indented(YAMLError):
    """A line is indented with a tab."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at
        """Offset of the tab."""


class TabScanner(Scanner):
    """Reads a text in which lines end at `\\r\\n`, `\\n` and `\\r` only."""

    def scan_to_next_token(self) -> Any:
        """Skip spaces, tabs, comments and line ends. Raises Indented."""
        peek, forward = self.reader.peek, self.reader.forward
        while True:
            tab = None if self.reader.column or self.flow_level else -1
            while peek() in _SPACES:
                if peek() == "\t" and tab == -1:
                    tab = self.reader.index
                forward()
            if peek() == "#":
                while peek() not in "\0\r\n":
                    forward()
            if not self.scan_line_break():
                if tab is not None and tab >= 0 and peek() != "\0":
                    raise Indented(tab)
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> Any:
        """Return the spaces between two words of a plain scalar, or its folded line ends."""
        del indent, start_mark
        peek, forward = self.reader.peek, self.reader.forward
        length = 0
        while peek(length) in _SPACES:
            length += 1
        spaces = self.reader.prefix(length)
        forward(length)
        if peek() not in _BREAKS:
            return [spaces] if spaces else []
        self.scan_line_break()
        self.allow_simple_key = True
        breaks: list[str] = []
        while not self._at_document_end():
            if peek() in _SPACES:
                forward()
            elif peek() in _BREAKS:
                breaks.append(self.scan_line_break())
            else:
                return breaks or [" "]
        return []

    def _at_document_end(self) -> bool:
        return bool(self.check_document_start() or self.check_document_end())


def compose(text: str) -> Node | Trouble | None:
    """Return the root node of a document, None if it is empty, or why it cannot be composed."""
    reader = YAML(typ="safe", pure=True)
    reader.Scanner = TabScanner
    reader.composer.warn_double_anchors = False  # warnings go to stderr, which the screen is on
    shown, hidden = _hide(text)
    try:
        root = reader.compose(shown)
    except Indented as error:
        return Trouble(error.at, "a tab indents this line; YAML allows spaces only")
    except MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        return Trouble(place.index if place else 0, f"not valid YAML: {error.problem}")
    except (YAMLError, ValueError, KeyError, IndexError, AssertionError, RecursionError):
        # ruamel.yaml raises each of these on some document that is not valid
        return Trouble(0, "not valid YAML")
    return None if root is None else _Converter(hidden).node(root)


def _hide(text: str) -> tuple[str, dict[int, str]]:
    """Replace characters that ruamel.yaml misreads; return the text and how to restore them."""
    found = sorted(set(_HIDDEN.findall(text)))
    free = (chr(code) for code in _STAND_INS if chr(code) not in text)
    pairs = list(zip(found, islice(free, len(found)), strict=True))
    shown = text.translate({ord(one): other for one, other in pairs}) if pairs else text
    return shown, {ord(other): one for one, other in pairs}


class _Converter:
    """Makes our nodes of ruamel.yaml's; an alias becomes the very node that it stands for."""

    def __init__(self, hidden: dict[int, str]) -> None:
        self._hidden = hidden
        self._made: dict[int, Node] = {}

    def node(self, node: Any) -> Node:
        """Convert a node and all nodes in it, which it may be one of."""
        if id(node) in self._made:
            return self._made[id(node)]
        start, end, tag = node.start_mark.index, node.end_mark.index, str(node.tag)
        if node.id == "scalar":
            value = self._restored(node.value)
            made: Node = ScalarNode(value, start, end, node.style, node.anchor, tag)
            self._made[id(node)] = made
            return made
        flow = bool(node.flow_style)
        end = end if flow else start
        if node.id == "sequence":
            items = ListNode([], start, end, flow, node.anchor, tag)
            self._made[id(node)] = items
            items.items.extend(map(self.node, node.value))
            return items
        mapping = MappingNode([], start, end, flow, node.anchor, tag)
        self._made[id(node)] = mapping
        mapping.pairs.extend((self.node(key), self.node(value)) for key, value in node.value)
        return mapping

    def _restored(self, value: str) -> str:
        """Put hidden characters back, and join the halves of those that JSON escapes in two."""
        value = value.translate(self._hidden) if self._hidden else value
        if not value.isascii():
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
