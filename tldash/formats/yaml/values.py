"""Load the value of a YAML document with yaml-rs, within limits.

yaml-rs reads YAML 1.2 in about 10 µs a session. It does not limit the depth of block collections,
which ends the process when the stack is full, nor the length of texts repeated by aliases, which
fills the memory. Both are limited here.
"""

from __future__ import annotations

from typing import Final

import yaml_rs
from yaml_rs import AliasLimits, DuplicateKeyPolicy

from tldash.model.patterns import compile_pattern

DEPTH_LIMIT: Final = 100
"""Maximum depth of block collections. In flow style, yaml-rs itself stops at about 250."""
_REPLAYED: Final = 10_000
"""Maximum number of values that the aliases of a document stand for."""
_REPLAYED_CHARACTERS: Final = 10_000_000
"""Maximum length of those values in characters, if each were as long as the document."""

_FEW: Final = AliasLimits(max_total_replayed_events=_REPLAYED)
_FAR_IN: Final = compile_pattern(rf"\n[-?: \t]{{{DEPTH_LIMIT // 2}}}")
"""What each line has before a collection that is too deep.

Starts with a line end, since searching for a character is ten times as fast as for `^`.
"""
_LEADING: Final = compile_pattern(r"(?m)^(?:[-?:]?[ \t])*+(?!\Z)")
_INDICATOR: Final = compile_pattern(r"[-?:]")


class BadKey(ValueError):
    """A key is a list or mapping, which cannot be hashed."""


def load(text: str, duplicates: DuplicateKeyPolicy = DuplicateKeyPolicy.FirstWins) -> object:
    """Return the value of a document; dates are texts.

    Several documents are a list of their values, the same as one document that is a list.

    Raises:
        ValueError: the document is not valid; yaml-rs' error is a subclass
    """
    if too_deep(text) is not None:
        raise ValueError("nested too deeply")
    limits = _FEW
    if "*" in text and len(text) * _REPLAYED > _REPLAYED_CHARACTERS:
        most = _REPLAYED_CHARACTERS // len(text)
        limits = AliasLimits(max_total_replayed_events=most)
    try:
        return yaml_rs.loads(
            text, parse_datetime=False, alias_limits=limits, duplicate_key_policy=duplicates
        )
    except TypeError as error:
        raise BadKey("a key was expected here, not a list or mapping") from error


def too_deep(text: str) -> int | None:
    """Return the offset at which block collections exceed the maximum depth; None if none does.

    Each level starts in a column further to the right than the one around it, except for a list
    in a mapping, which may start in the same column. Counting columns needs no parser.
    """
    if "\r" in text:
        text = text.replace("\r", "\n")
    if not _FAR_IN.search("\n" + text):
        return None
    text += "\n"
    columns: list[int] = []
    for leading in _LEADING.finditer(text):
        starts = [sign.start() for sign in _INDICATOR.finditer(leading[0])]
        if text[leading.end()] != "\n":
            starts.append(len(leading[0]))
        if not starts:
            continue
        while columns and columns[-1] >= starts[0]:
            columns.pop()
        columns.extend(starts)
        if len(columns) > DEPTH_LIMIT:
            return leading.start() + starts[0]
    return None
