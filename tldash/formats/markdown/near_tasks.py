"""Find lines that were probably meant as task items, but are none: `- []`, `-[ ]`, `- TODO`.

Searching every line would slow down reading, so only lines with one of the `SIGNS` are compared
with a pattern. The fix is the task item with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from tldash.model.patterns import compile_pattern
from tldash.model.records import Fix, Problem, Severity, Task
from tldash.model.sanitize import name_character

_BULLETS: Final = "•‣◦–—"
"""What word processors and chats put before the items of a list."""
_HIDDEN: Final = "\u00a0\u1680\u2000-\u200b\u200e\u200f\u202f\u205f\u2060\u3000\ufeff"
_BOXES: Final = {"☐": " ", "☑": "x", "☒": None}
"""Characters that are a box, and what to put in the box; None if it is unknown."""
_ITEM: Final = compile_pattern(
    r"[ \t>]*+(?:[-+*]|[0-9]{1,9}[.)])[ \t]++\[.\](?:[ \t\v\f]|\Z)", re.DOTALL
)
_LINE: Final = compile_pattern(
    rf"""
    (?P<outer> (?: [ \t]*+ > )*+ [ \t]*+ )
    (?P<before> [{_HIDDEN}]* )
    (?P<bullet> [-+*{_BULLETS}] | [0-9]{{1,9}}[.)] )?
    (?P<gap> [ \t{_HIDDEN}]* )
    (?:
        \[ (?P<mark> [ \t{_HIDDEN}]*+ [xX]?+ [ \t{_HIDDEN}]*+ ) \]
      | (?P<todo> TODO (?: : | (?=[ \t]) ) (?! [ ]lists? \b ) )
      | (?P<sign> [{"".join(_BOXES)}] ) \ufe0f?
    )
    (?P<after> [ \t{_HIDDEN}]* )
    (?P<words> .* )
    """,
    re.VERBOSE | re.DOTALL,
)
_MAYBE_BOX: Final = compile_pattern(rb"\[[ \txX\x80-\xff]*+\]")
"""A box as in `_LINE`, in UTF-8."""
_NOT_A_BOX: Final = compile_pattern(r"[(:.,;!?)\]}]|\[(?!\[)")
"""What follows the text of a link or of its definition (`[x](url)`), or other prose."""
SIGNS: Final = (ord("["), 0x98)
"""Bytes of which all these lines have one: `[`, or the second byte of a character that is a box.

For `TODO` in a list, it is `TODO_SIGN`. Searching for a byte takes a hundredth of the time of
searching for a word."""
TODO_SIGN: Final = ord("O")
_LONGEST_HINT: Final = 60
MOST_REPORTED: Final = 100
"""Problems of a file to report."""


def may_contain(data: bytes) -> bool:
    """Return whether lines in UTF-8 may contain such a line. Task items alone do not."""
    if b"TODO" in data or b"\xe2\x98" in data:
        return True
    boxes = data.count(b"- [ ] ") + data.count(b"- [x] ")
    return data.count(b"[") != boxes and len(_MAYBE_BOX.findall(data)) != boxes


def may_be(line: str) -> bool:
    """Return whether a line may be one."""
    return "[" in line or "TODO" in line or not line.isascii()


class NearTask(NamedTuple):
    """The problem of a line."""

    problem: Problem
    bare: bool
    """Whether it is a box without a bullet, which may be prose."""


def find_in_lines(path: str, lines: Iterable[tuple[int, str]]) -> Iterator[NearTask]:
    """Yield the near tasks among lines with their numbers."""
    for number, line in lines:
        match = _LINE.fullmatch(line) if may_be(line) and not _ITEM.match(line) else None
        if match and (problem := _check(path, number, match)):
            yield NearTask(problem, not match["bullet"] and not match["sign"])


def select(found: Iterable[NearTask], tasks: Iterable[Task]) -> list[Problem]:
    """Return the problems of a file by line, without boxes that are not in a list.

    A box without a bullet is in a list if there is another one, or a task item next to it.
    """
    found = sorted(found)
    bare = [one.problem.line for one in found if one.bare]
    alone = len(bare) == 1
    if alone:
        lines = {one.problem.line for one in found if not one.bare} | {task.line for task in tasks}
        alone = not lines & {bare[0] - 1, bare[0] + 1}
    problems = [one.problem for one in found if not (one.bare and alone)]
    more = len(problems) - MOST_REPORTED
    if more > 0:
        last = problems[MOST_REPORTED - 1]
        message = f"{last.message}; {more} more like this in the file"
        problems[MOST_REPORTED - 1 :] = [replace(last, message=message)]
    return problems


def _check(path: str, number: int, match: re.Match[str]) -> Problem | None:
    """Return the problem of a line that looks like a task item; None if it is one, or is prose."""
    reason = _reason(match)
    if not reason:
        return None
    mark: str | None = " "
    if match["sign"]:
        mark = _BOXES[match["sign"]]
    elif match["mark"] and "x" in match["mark"].casefold():
        mark = match["mark"].strip()[0] if match["mark"].strip() in ("x", "X") else "x"
    start, end = match.end("outer"), match.start("words")
    bullet = match["bullet"] or "-"
    if bullet in _BULLETS:
        bullet = "-"
    words = match["words"]
    written = f"{bullet} [{mark or ' '}]{' ' if words else ''}"
    shown = f"{written}{words}"
    if len(shown) > _LONGEST_HINT:
        shown = f"{shown[: _LONGEST_HINT - 1]}…"
    old = match.string[start:end]
    return Problem(
        path,
        number,
        start + 1,
        Severity.WARNING,
        "near-task",
        f"this is not a task item: {reason}",
        f"write {shown}" if mark else "write - [x] if it is done, or - [-] if it is dropped",
        Fix(start + 1, old, written) if mark else None,
    )


def _reason(match: re.Match[str]) -> str:
    """Return why a line is no task item; empty if it is one, or was hardly meant as one."""
    bullet, gap, mark, after, words = match.group("bullet", "gap", "mark", "after", "words")
    if mark is None:
        return _reason_without_box(match)
    if _is_prose(match):
        return ""
    reasons = (
        (not bullet, "there is no bullet before the box"),
        (bullet and not bullet[-1].isascii(), f"'{bullet}' is not a bullet"),
        (not gap, "there is no space before the box"),
        (not mark, "there is nothing in the box, not even a space"),
        (len(mark) > 1, "there is more than one character in the box"),
        (words and not after, "there is no space after the box"),
    )
    hidden = _hidden(match["before"] + gap + mark + after)
    return hidden or next((reason for applies, reason in reasons if applies), "")


def _reason_without_box(match: re.Match[str]) -> str:
    bullet, sign = match["bullet"] or "", match["sign"]
    if not match["words"].strip():
        return ""
    if sign:
        return f"'{sign}' is not a box"
    return "TODO is not a box" if bullet[-1:].isascii() and bullet and match["gap"] else ""


def _is_prose(match: re.Match[str]) -> bool:
    """Return whether a line with a box is a link, emphasis, or a box alone."""
    bullet, gap, after, words = match.group("bullet", "gap", "after", "words")
    if not after and _NOT_A_BOX.match(words):
        return True
    if not bullet:
        return not (after and words and match["mark"])
    return bullet == "*" and not gap and "*" in words


def _hidden(text: str) -> str:
    character = text.replace("\t", "").strip(" ")[:1]
    return (
        f"it contains a {name_character(character)}" if character and character not in "xX" else ""
    )
