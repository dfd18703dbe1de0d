"""The nodes of a YAML document, with the place of each in the text.

The fast reader tells no positions of values, so where a problem needs a line, or an edit needs a
span, the document is composed once more by ruamel.yaml, within limits that keep a hostile document
from costing seconds. Both read the same values: what ruamel.yaml takes otherwise than YAML 1.2 says
(NEL and its like end lines, control characters end the reading) is hidden from it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tldash.formats.text import split_lines
from tldash.formats.yaml import values
from tldash.model.frozen import frozen
from tldash.model.records import Fix

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from tldash.documents.validate import Rewrite

COMPOSE_LIMIT: Final = 128 * 1024
"""Characters beyond which a document is not composed; ruamel.yaml takes about a second for this."""
QUOTES: Final = ("'", '"')
CORE: Final = "tag:yaml.org,2002:"
"""What the tags of YAML's own types begin with."""

_HIDDEN: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_STAND_INS: Final = range(0xF0000, 0xFFFFE)
_TOP_KEY: Final = re.compile(r"([^\s#'\"\[{&*!|>%@`:-][^:#]*?)[ \t]*:(?:\s|$)")
_TAG: Final = re.compile(r"(?<![^\s\[{,])![^\s\[\]{},]*")
_PROPERTIES: Final = re.compile(r"(?:&\S+\s+)?(![^\s\[\]{},]*)")
_BEFORE: Final = re.compile(r"(?<![^\s\[{,])(![^\s\[\]{},]*)\s+\Z")
_LONGEST_TAG: Final = 200


@frozen
class Trouble:
    """Why a document that the fast reader understands could not be composed."""

    offset: int
    message: str


def compose(text: str) -> Node | None:
    """The node tree of a document, with the marks at which each node starts and ends.

    None where the document is empty, not valid or too large.
    """
    found = look(text)
    return None if isinstance(found, Trouble) else found


def look(text: str) -> Node | Trouble | None:
    """The node tree of a document; None where it is empty or not valid; or what is in the way."""
    if len(text) > COMPOSE_LIMIT:
        return Trouble(0, "too large")
    if _is_refused(text):
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    from tldash.formats.yaml.scanner import Indented, TabScanner

    reader = YAML(typ="safe", pure=True)
    reader.Scanner = TabScanner
    reader.composer.warn_double_anchors = False  # not our business, and stderr is the screen's
    shown, hidden = _hide(text)
    try:
        root = reader.compose(shown)
    except Indented as error:
        return Trouble(error.at, "a tab indents this line; YAML allows blanks only")
    except MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        return Trouble(place.index if place else 0, f"not valid YAML: {error.problem}")
    except (YAMLError, ValueError, KeyError, IndexError, AssertionError, RecursionError):
        # ruamel.yaml raises each of these on some document that is not valid
        return Trouble(0, "not valid YAML")
    if root is not None and (hidden or "\\u" in text or "\\U" in text):
        _restore(root, hidden)
    return root  # type: ignore[no-any-return]


def _hide(text: str) -> tuple[str, dict[int, str]]:
    """The text with characters of no meaning in place of some, and how to put those back."""
    signs = sorted(set(_HIDDEN.findall(text)))
    free = (chr(code) for code in _STAND_INS if chr(code) not in text)
    pairs = list(zip(signs, islice(free, len(signs)), strict=True))
    shown = text.translate({ord(sign): other for sign, other in pairs}) if pairs else text
    return shown, {ord(other): sign for sign, other in pairs}


def _restore(root: Node, hidden: dict[int, str]) -> None:
    """Put hidden characters back, and join the halves of those that JSON escapes in two."""
    for node in walk(root):
        if node.id == "scalar":
            value = node.value.translate(hidden)
            if not value.isascii():
                value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            node.value = value


def _is_refused(text: str) -> bool:
    """Whether the fast reader, which takes a hundredth of the time, finds the document not valid.

    A key that is there twice is no reason, nor is one that is no text, nor a tag that it does not
    know: finding these is what such a document is composed for.
    """
    try:
        values.load(text)
    except values.BadKey:
        return False
    except ValueError:
        untagged = _TAG.sub(_blank, text) if "!!" in text else text
        return untagged == text or _is_refused(untagged)
    return False


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def walk(root: Node | None) -> Iterator[Any]:
    """Every node of a tree once, an alias being the very node that it stands for."""
    waiting: list[Any] = [] if root is None else [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if node.id == "mapping":
            waiting.extend(part for pair in node.value for part in pair)
        elif node.id == "sequence":
            waiting.extend(node.value)


def tag_at(text: str, node: Any) -> tuple[int, int] | None:
    """Where the tag of a node is written, as offsets; None where it has none."""
    start = node.start_mark.index
    match = _PROPERTIES.match(text, start)
    if match is None and node.anchor:  # the mark of `!tag &anchor value` is that of the anchor
        match = _BEFORE.search(text, max(0, start - _LONGEST_TAG), start)
    return match.span(1) if match else None


def child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """Key node (the item itself in a sequence) and value node one step down; None if missing."""
    if node is not None and node.id == "mapping":
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if (
        node is not None
        and node.id == "sequence"
        and isinstance(step, int)
        and step < len(node.value)
    ):
        return node.value[step], node.value[step]
    return None


class Places:
    """Lines and columns of offsets in a text, both 1-based.

    Lines end as in every file here, not as in ruamel.yaml's marks, which count NEL and U+2028 too.
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, 1-based; `Places` is quicker for many."""
    return Places(text).of(offset)


def key_lines(text: str, first_line: int = 1) -> tuple[tuple[str, int], ...]:
    """The top-level keys of a document in block style, and the line of each."""
    lines = enumerate(split_lines(text), first_line)
    return tuple((match[1], number) for number, line in lines if (match := _TOP_KEY.match(line)))


class Source:
    """Where the values of one document are written; it is looked into as far as it is asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._known: dict[int, dict[str, tuple[Any, Any]]] = {}

    @cached_property
    def places(self) -> Places:
        """Lines and columns."""
        return Places(self.text)

    @cached_property
    def root(self) -> Node | None:
        """The document's nodes."""
        return compose(self.text)

    def _pair(self, where: Sequence[str | int]) -> tuple[Any, Any] | None:
        """Key and value node at `where`, or of the last step that is there."""
        node: Any = self.root
        found = None
        for step in where:
            pair = self._children(node).get(str(step)) if node is not None else None
            if pair is None:
                break
            found, node = pair, pair[1]
        return found

    def _children(self, node: Any) -> dict[str, tuple[Any, Any]]:
        """The parts of a node by key or index; of a key that is there twice, the first."""
        if id(node) not in self._known:
            if node.id == "mapping":
                pairs = {str(key.value): (key, value) for key, value in reversed(node.value)}
            elif node.id == "sequence":
                pairs = {str(index): (item, item) for index, item in enumerate(node.value)}
            else:
                pairs = {}
            self._known[id(node)] = pairs
        return self._known[id(node)]

    @cached_property
    def _keys(self) -> dict[str, int]:
        return dict(reversed(key_lines(self.text)))

    def place(self, where: Sequence[str | int]) -> tuple[int, int]:
        """Line and column of the key or item at `where`; (1, 1) if not found."""
        if len(where) == 1 and where[0] in self._keys:
            return self._keys[str(where[0])], 1
        found = self._pair(where)
        return self.places.of(found[0].start_mark.index) if found else (1, 1)

    def fix(self, rewrite: Rewrite, where: Sequence[str | int]) -> Fix | None:
        """What to put where on the line of the key at `where`, if that is written there plainly."""
        pair = self._pair(where)
        if pair is None:
            return None
        node = pair[0 if rewrite.key else 1]
        start = node.start_mark.index
        line, column = self.places.of(start)
        written = self.text[start : node.end_mark.index]
        if written[:1] in QUOTES:
            written, column = written[1:-1], column + 1
        if written != rewrite.old or self.places.of(pair[0].start_mark.index)[0] != line:
            return None
        return Fix(column, rewrite.old, rewrite.new)
