"""Front matter of plain keys and values, each of which was read before.

The same few lines stand in thousands of files: `skill: vision`, `duration: 45m`, even the same
dates. A key of the first column with what is indented below it is a document of its own, and means
the same among others of its kind. So each is read once, by the reader of whole documents, and what
it says is kept. Front matter of any other form, or with anything in it to tell of, has no answer
here; a test holds the two ways to the same results.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

from tldash.documents.front import LeadFront, SessionFront, clean_values
from tldash.formats.yaml import load

_ENTRY: Final = rb"[A-Za-z_][\w-]*+:[^\n]*+(?:\n[ ]++\S[^\n]*+)*+"
_ENTRIES: Final = re.compile(_ENTRY)
_FRONT: Final = re.compile(rb"---\n((?:" + _ENTRY + rb"\n){1,40}+)---\n")
_FIRST_LINE: Final = re.compile(r"([A-Za-z_][\w-]*+):(?: +(?![&*!|>])[^ ].*)?(?:\n|\Z)")
LONGEST: Final = 300
"""Characters of an entry that is kept."""

Kind = type[SessionFront] | type[LeadFront]
Keys = tuple[tuple[str, int], ...]
"""As of `yamls.key_lines`."""


def read(data: bytes, kind: Kind) -> tuple[SessionFront | LeadFront, Keys, int] | None:
    """The front matter that a file begins with, the lines of its keys, and where the body starts.

    None where it takes a look at the whole, or is no UTF-8.
    """
    found = _FRONT.match(data)
    if found is None:
        return None
    inside = found[1]
    nested = inside.find(b"\n ") >= 0  # half the time of `in`
    values: dict[str, Any] = {}
    names = []
    value_of = _VALUES[kind]
    for entry in _ENTRIES.findall(inside) if nested else inside.split(b"\n")[:-1]:
        pair = value_of(entry)
        if pair is None:
            return None
        name, value = pair
        names.append(name)
        if value is not None:
            values[name] = value
    keys = _keys(tuple(names))
    if keys is None:
        return None
    return kind(**values), load.key_lines(inside.decode(), 2) if nested else keys, found.end()


def _value(kind: Kind, entry: bytes) -> tuple[str, object] | None:
    """The key of an entry, and what it says if it says anything."""
    try:
        text = entry.decode()
    except UnicodeDecodeError:
        return None
    found = _FIRST_LINE.match(text)
    if found is None or len(text) > LONGEST or not text.replace("\n", "").isprintable():
        return None
    data, problems = load.read(text, "")
    values = clean_values(data, kind.READERS)
    name = found[1]
    if problems or values is None or [name] != list(data):  # type: ignore[call-overload]
        return None
    return name, values.get(name)


_VALUES: Final[dict[Kind, Callable[[bytes], tuple[str, object] | None]]] = {
    kind: lru_cache(maxsize=4096)(partial(_value, kind)) for kind in (SessionFront, LeadFront)
}


@lru_cache(maxsize=1024)
def _keys(names: tuple[str, ...]) -> Keys | None:
    """The keys, each on a line of its own; None where one is there twice."""
    if len(set(names)) < len(names):
        return None
    return tuple((name, line) for line, name in enumerate(names, 2))
