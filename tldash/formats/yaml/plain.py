"""The items of a plainly written YAML list, without composing the document.

Composing takes a pure Python reader milliseconds, and nearly every list of actions is written with
one item after the other at the same indentation. For those the values of the fast reader and the
lines on which the items start are all that is needed. Whatever is written in any other way, or
holds anchors, tags, comments behind texts or values of other kinds, is left to the composer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tldash.formats.text import line_spans
from tldash.model.frozen import frozen

_UNUSUAL: Final = re.compile(r"(?:^|[\s:,\[{-])[&*!][^\s]|<<|\t")
_ITEM: Final = re.compile(r"( *)- +(\S.*?) *$")
_PLAIN: Final = re.compile(r"[^\s\"'&*!|>{\[?%@`#,\]}-]")


@frozen
class Mark:
    """A place in the text."""

    index: int


@frozen
class Scalar:
    """What ruamel.yaml calls a scalar node, as far as reading items needs it."""

    value: str
    start_mark: Mark
    end_mark: Mark
    style: str | None = None
    """Quotes stand for any style that makes a text of whatever is written."""
    anchor: None = None
    id: str = "scalar"


@frozen
class Collection:
    """A sequence or mapping node."""

    value: Sequence[Any]
    start_mark: Mark
    end_mark: Mark
    id: str
    anchor: None = None


def nodes(text: str, data: object, names: Iterable[str]) -> list[tuple[str, int, Any]] | None:
    """List name, index and node of each item of the lists called `names`, in no certain order.

    `data` is what the fast reader made of `text`. None where the document needs the composer.
    """
    if not isinstance(data, dict) or not text.replace("\n", " ").isprintable():
        return None  # other line ends, and characters that end a line for some readers
    spans = line_spans(text)
    lines = [text[start:end] for start, end in spans]
    found: list[tuple[str, int, Any]] = []
    for name in names:
        values = data.get(name)
        if values is None and name not in data:
            continue
        starts = _starts(lines, name) if isinstance(values, list) else None
        if starts is None or not isinstance(values, list) or len(starts) != len(values):
            return None
        for index, (line, value) in enumerate(zip(starts, values, strict=True)):
            node = _node(lines, spans[line][0], line, value)
            if node is None:
                return None
            found.append((name, index, node))
    return found


def _starts(lines: Sequence[str], name: str) -> list[int] | None:
    """The lines on which the items of a top-level list start; None where that is not plain."""
    heads = [number for number, line in enumerate(lines) if line.rstrip() == f"{name}:"]
    if len(heads) != 1:
        return None
    starts: list[int] = []
    indent = -1
    for number in range(heads[0] + 1, len(lines)):
        line = lines[number]
        words = line.lstrip(" ")
        depth = len(line) - len(words)
        if not words or words.startswith("#"):
            continue
        if words.startswith("- ") and indent < 0:
            indent = depth
        if depth < max(indent, 0) or (depth == 0 and not words.startswith("- ")):
            break
        if _UNUSUAL.search(line):
            return None
        if depth == indent:
            if not words.startswith("- "):
                return None
            starts.append(number)
        elif indent < 0:
            return None
    return starts


def _node(lines: Sequence[str], offset: int, line: int, value: object) -> Any | None:
    match = _ITEM.match(lines[line])
    if match is None:
        return None
    start = offset + match.start(2)
    if isinstance(value, str):
        return _text(lines, match, start, line, value)
    if isinstance(value, dict):
        pairs = list(_pairs(value, Mark(start)))
        if len(pairs) == len(value):
            return Collection(pairs, Mark(start), Mark(start), "mapping")
    return None


def _text(
    lines: Sequence[str], match: re.Match[str], start: int, line: int, value: str
) -> Scalar | None:
    written = match[2]
    following = lines[line + 1] if line + 1 < len(lines) else ""
    indent = len(following) - len(following.lstrip(" "))
    if following.strip() and indent > len(match[1]):
        return None  # the text goes on
    end = Mark(start + len(written))
    if written[0] in "'\"":
        whole = len(written) > 1 and written[-1] == written[0] and written.count(written[0]) == 2
        return Scalar(value, Mark(start), end, written[0]) if whole else None
    plain = _PLAIN.match(written) and " #" not in written and written == value
    return Scalar(value, Mark(start), end) if plain else None


def _pairs(value: dict[Any, Any], mark: Mark) -> Iterator[tuple[Scalar, Any]]:
    for key, inner in value.items():
        if not isinstance(key, str):
            return
        name = Scalar(key, mark, mark)
        if isinstance(inner, str):
            yield name, Scalar(inner, mark, mark, "'")
        elif isinstance(inner, bool) and key in ("done", "cancelled"):
            yield name, Scalar(str(inner).lower(), mark, mark)
        elif isinstance(inner, list) and all(isinstance(word, str) for word in inner):
            yield (
                name,
                Collection(
                    [Scalar(word, mark, mark, "'") for word in inner], mark, mark, "sequence"
                ),
            )
        else:
            return
