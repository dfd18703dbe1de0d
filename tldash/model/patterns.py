"""Compile regular expressions when they are first used, to match the same on every Python.

A command uses about half of the patterns of the readers. Compiling all of them takes a fifth of the
time of `tldash actions` on the sample data.

Before 3.11.5, a possessive group whose last round fails in its middle keeps what that round took
(gh-106052): `(?:ab?c)++` matches all of `aca`. An atomic group around a greedy one is the same
expression and is right there.
"""

from __future__ import annotations

import re
import sys
from typing import Any, AnyStr, Final, cast

IS_WRONG: Final = sys.version_info < (3, 11, 5)
"""Whether this Python has that fault."""
_TOKEN: Final = r"(?s:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|#|[()]|[^\\\[#()]+)"
_POSSESSIVE: Final = r"([*+?]|\{[0-9,]+\})\+"


class _LazyPattern:
    """A pattern whose methods are those of the compiled one, from the first use on."""

    __slots__ = (
        "_arguments", "findall", "finditer", "flags", "fullmatch", "groupindex", "groups", "match",
        "pattern", "scanner", "search", "split", "sub", "subn",
    )  # fmt: skip

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._arguments = pattern, flags

    def __getattr__(self, name: str) -> object:
        """Compile the pattern: called for a slot without a value only."""
        if name not in self.__slots__:
            raise AttributeError(name)
        compiled = _compile(*self._arguments)
        for slot in self.__slots__[1:]:
            setattr(self, slot, getattr(compiled, slot))
        return getattr(compiled, name)


def compile_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return the same as `re.compile`, with possessive groups made atomic where they are wrong.

    It is compiled when one of its methods is first used, and an error shows only then. The `re` of
    a match is the compiled pattern, which is another object.
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, flags))


def _compile(pattern: str | bytes, flags: int) -> re.Pattern[Any]:
    if not IS_WRONG:
        return re.compile(pattern, flags)
    if isinstance(pattern, bytes):
        return re.compile(make_atomic(pattern.decode("latin-1"), flags).encode("latin-1"), flags)
    return re.compile(make_atomic(pattern, flags), flags)


def make_atomic(pattern: str, flags: int = 0) -> str:
    """Rewrite `(…)*+` as `(?>(…)*)`; groups keep their numbers."""
    match_token, match_possessive = re.compile(_TOKEN).match, re.compile(_POSSESSIVE).match
    out: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(pattern):
        found = match_token(pattern, at)
        token = found[0] if found else pattern[at]
        at += len(token)
        if token == "#" and flags & re.VERBOSE:
            end = pattern.find("\n", at)
            at = len(pattern) if end < 0 else end
            continue
        out.append(token)
        if token == "(":
            opened.append(len(out) - 1)
        elif token == ")":
            start = opened.pop()
            if quantifier := match_possessive(pattern, at):
                out[start] = "(?>("
                out.append(f"{quantifier[1]})")
                at = quantifier.end()
    return "".join(out)
