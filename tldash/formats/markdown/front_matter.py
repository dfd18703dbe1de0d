"""Find and read the front matter of a Markdown file.

The same few lines are in thousands of files: `skill: vision`, `duration: 45m`, even the same dates.
A key in the first column with everything indented below it is a YAML document of its own, and means
the same beside others of its kind. So such entries are loaded once and cached. Front matter of any
other form, or with problems in it, is loaded as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from tldash.documents.front import LeadFront, SessionFront, convert_values, parse_front
from tldash.formats.text import BOM, end_lines
from tldash.formats.yaml import load
from tldash.formats.yaml.nodes import key_lines
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import Problem, Severity

_ENTRY: Final = rb"[A-Za-z_][\w-]*+:[^\n]*+(?:\n(?:[ ]++\S|-[ ]++(?!\[))[^\n]*+)*+"
_ENTRIES: Final = compile_pattern(_ENTRY)
_FRONT: Final = compile_pattern(rb"---\n((?:" + _ENTRY + rb"\n){1,40}+)---\n")
_FIRST_LINE: Final = compile_pattern(r"([A-Za-z_][\w-]*+):(?: +(?![&*!|>])[^ ].*)?(?:\n|\Z)")
_LONGEST_ENTRY: Final = 300
"""Characters of an entry that is cached."""

_LINE_END: Final = r"(?:\r\n|\r|\n)"
_OPENING: Final = compile_pattern(rf"---[ \t]*+(?:{_LINE_END}|\Z)")
_CLOSING: Final = compile_pattern(
    r"(?<=[\r\n])(?:"
    rf"(?P<fence>---[ \t]*+(?:{_LINE_END}|\Z))|[-*+][ \t]+\[[^\r\n]\][ \t]+\S)"
)
"""The end of front matter, or a task item, which is in none."""
_REMARKS: Final = compile_pattern(rf"(?:[^\S\r\n]*+(?:\#[^\r\n]*+)?+{_LINE_END})*+")
_BLANK: Final = compile_pattern(r"[^\S\r\n]*+(?:[\r\n]|\Z)")
_KEY: Final = compile_pattern(r"""[\w"'][\w "'.-]*:(?:\s|$)""")

Kind = type[SessionFront] | type[LeadFront]
Keys = tuple[tuple[str, int], ...]
"""As of `key_lines`."""


@frozen
class Parts:
    """The text of a file, parted into front matter and body."""

    yaml: str | None
    """The YAML between the dashes; None without front matter."""
    body: str
    body_line: int
    """The line on which the body starts, from 1."""
    problems: tuple[Problem, ...] = ()


class FrontMatter(NamedTuple):
    """What the front matter of a file says, and where the body starts."""

    values: SessionFront | LeadFront | None
    keys: Keys
    data: bytes
    """The body from offset `begin` on, as `text.end_lines` returns it."""
    begin: int
    body_line: int
    problems: tuple[Problem, ...] = ()


def split_front(text: str, path: str) -> Parts:
    """Split a file into front matter and body.

    Front matter starts on the first line with three dashes and ends at the next such line, as in
    Jekyll and Obsidian. If there is no such line, or a task item before it, then it is not closed:
    that is a problem, and the rest is body. But three dashes are a thematic break if no key follows
    and the block is not closed, or begins with a blank line as pandoc's metadata may not.
    """
    body = text.removeprefix(BOM)
    opening = _OPENING.match(body)
    if opening is None:
        return Parts(None, body, 1)
    begin = opening.end()
    closing = _CLOSING.search(body, begin)
    closed = closing is not None and closing["fence"] is not None
    if closed and _BLANK.match(body, begin):
        closed = _begins_with_key(body, begin)
    if closed and closing is not None:
        yaml = body[begin : closing.start()]
        return Parts(yaml, body[closing.end() :], 3 + _count_line_ends(yaml))
    if not _begins_with_key(body, begin):
        return Parts(None, body, 1)
    problem = Problem(
        path,
        1,
        1,
        Severity.ERROR,
        "front-matter",
        "the front matter that starts here is never closed",
        "put a line with --- after its last key",
    )
    return Parts(None, body[begin:], 2, (problem,))


def _begins_with_key(body: str, begin: int) -> bool:
    """Whether the first line from `begin` on, comments and blank lines aside, is a key."""
    remarks = _REMARKS.match(body, begin)
    return _KEY.match(body, remarks.end() if remarks else begin) is not None


def _count_line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def read_front(data: bytes, path: str, kind: Kind | None) -> FrontMatter:
    """Read the front matter of a file in UTF-8; without a kind, only part it from the body."""
    lines = end_lines(data)
    if not data.startswith((b"---", _BOM)):
        return FrontMatter(None, (), lines, 0, 1)
    if kind is not None:
        known = _read_entries(lines, kind)
        if known is not None:
            return known
    return _read_whole(data, path, kind)


def find_body(data: bytes, path: str) -> tuple[bytes, int, int]:
    """Return `data`, `begin` and `body_line` as `read_front` does, without reading any value."""
    lines = end_lines(data)
    if not data.startswith((b"---", _BOM)):
        return lines, 0, 1
    found = _FRONT.match(lines)
    if found is not None:
        return lines, found.end(), found[1].count(b"\n") + 3
    parts = split_front(data.decode(), path)
    return end_lines(parts.body.encode()), 0, parts.body_line


def _read_whole(data: bytes, path: str, kind: Kind | None) -> FrontMatter:
    """Read front matter as one YAML document."""
    parts = split_front(data.decode(), path)
    problems = parts.problems
    values: SessionFront | LeadFront | None = None
    if parts.yaml is not None and kind is not None:
        loaded, found = load.read_keys(parts.yaml, path, first_line=2)
        problems += found
        if loaded is not None:
            values, faults = (
                parse_front(SessionFront, loaded)
                if kind is SessionFront
                else parse_front(LeadFront, loaded)
            )
            problems += load.problems(faults, parts.yaml, path, first_line=2)
    keys = key_lines(parts.yaml or "", first_line=2)
    body = end_lines(parts.body.encode())
    return FrontMatter(values, keys, body, 0, parts.body_line, problems)


_BOM: Final = BOM.encode()


def _read_entries(data: bytes, kind: Kind) -> FrontMatter | None:
    """Put front matter together from cached entries; None if that is not possible."""
    found = _FRONT.match(data)
    if found is None:
        return None
    inside = found[1]
    values: dict[str, Any] = {}
    names = []
    value_of = _VALUES[kind]
    nested = inside.find(b"\n ") >= 0 or inside.find(b"\n-") >= 0  # half the time of `in`
    entries = _ENTRIES.findall(inside) if nested else inside.split(b"\n")[:-1]
    for entry in entries:
        pair = value_of(entry)
        if pair is None:
            return None
        name, value = pair
        names.append(name)
        if value is not None:
            values[name] = value
    keys = _keys(tuple(names), tuple(entry.count(b"\n") for entry in entries) if nested else None)
    if keys is None:
        return None
    return FrontMatter(kind(**values), keys, data, found.end(), inside.count(b"\n") + 3)


@lru_cache(maxsize=1024)
def _keys(names: tuple[str, ...], nested: tuple[int, ...] | None) -> Keys | None:
    """Return the line of each key; None if one is there twice. `nested`: the lines below each."""
    if len(set(names)) < len(names):
        return None
    keys = []
    line = 2
    for name, below in zip(names, nested or [0] * len(names), strict=True):
        keys.append((name, line))
        line += below + 1
    return tuple(keys)


def _value(kind: Kind, entry: bytes) -> tuple[str, object] | None:
    """Return the key and the value of an entry; None if it has to be loaded with the others."""
    text = entry.decode()
    found = _FIRST_LINE.match(text)
    if found is None or len(text) > _LONGEST_ENTRY or not text.replace("\n", "").isprintable():
        return None
    data, problems = load.read(text, "")
    values = convert_values(data, kind.READERS)
    name = found[1]
    if problems or values is None or [name] != list(data):  # type: ignore[call-overload]
        return None
    return name, values.get(name)


_VALUES: Final[dict[Kind, Callable[[bytes], tuple[str, object] | None]]] = {
    kind: lru_cache(maxsize=4096)(partial(_value, kind)) for kind in (SessionFront, LeadFront)
}
