"""The values of a YAML document, by a fast reader that is kept from costing much.

yaml-rs reads YAML 1.2, refuses duplicate keys, and is quick enough for ten thousand files. Two
things it lets pass could end the process or fill the memory: block style that nests without end,
and aliases that stand for a long text many times. Both are bounded here.
"""

from __future__ import annotations

import re
from typing import Final

import yaml_rs
from yaml_rs import AliasLimits, DuplicateKeyPolicy

DEPTH_LIMIT: Final = 100
"""Block collections in each other beyond which a document is not read.

yaml-rs stops at some 250 levels in flow style. In block style it goes on until the stack is full,
which ends the process.
"""
_REPLAYED: Final = 10_000
"""How many values the aliases of a document may stand for."""
_REPLAYED_CHARACTERS: Final = 10_000_000
"""How many characters those values may have, were each as long as the whole document."""

_FEW: Final = AliasLimits(max_total_replayed_events=_REPLAYED)
_FAR_IN: Final = re.compile(rf"\n(?:[-?:]?[ \t]){{{DEPTH_LIMIT // 2}}}")
"""Starts with a line end, since searching for a character is ten times as fast as for `^`."""
_LEADING: Final = re.compile(r"(?m)^(?:[-?:]?[ \t])*+(?!\Z)")
_INDICATOR: Final = re.compile(r"[-?:]")


class BadKey(ValueError):
    """A key is a list or mapping of a kind that cannot be one in Python."""


def load(text: str, duplicates: DuplicateKeyPolicy = DuplicateKeyPolicy.FirstWins) -> object:
    """The value of a document. Raises ValueError, of which yaml-rs' own error is a kind.

    Several documents are a list of their values, which a document that is a list cannot be told
    from. Dates are texts.
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
        raise BadKey("a list or mapping stands where a key was expected") from error


def too_deep(text: str) -> int | None:
    """Where block collections begin to nest too deeply, as an offset; None if they never do.

    Each level of block style starts in a column further to the right than the one around it, but
    for a list in a mapping, which may stand in the same one. Counting columns needs no parser.
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
