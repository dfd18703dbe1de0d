"""How each field of a task line is spelled, in one table for the reader and the writer.

The reader and the writer must agree on every sign and key, so neither owns them. The spellings come
from todo.txt (`key:value`), from Obsidian Tasks (`DEFAULT_SYMBOLS` and `DATAVIEW_SYMBOLS` in its
sources) and from Dataview's inline fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from tldash.model.records import Dialect, Priority
from tldash.model.spelling import is_one_edit_apart

Kind = Literal[
    "due",
    "scheduled",
    "start",
    "created",
    "done",
    "cancelled",
    "priority",
    "repeat",
    "id",
    "depends",
    "owner",
    "tag",
    "on_completion",
]
DateKind = Literal["due", "scheduled", "start", "created", "done", "cancelled"]

DATE_KINDS: Final[frozenset[str]] = frozenset(
    ("due", "scheduled", "start", "created", "done", "cancelled")
)
PROSE_KINDS: Final[frozenset[str]] = frozenset(("created", "done", "cancelled"))
"""Dates whose sign or key is also written for its own sake: `✅ agreed`, `what was done:`."""

VARIATION: Final = "\ufe0f"
"""Variation selector 16, which keyboards put behind a sign so that it is drawn in colour."""

SIGN_KINDS: Final[dict[str, Kind]] = {
    "📅": "due",
    "📆": "due",
    "🗓": "due",
    "⏳": "scheduled",
    "⌛": "scheduled",
    "🛫": "start",
    "➕": "created",
    "✅": "done",
    "❌": "cancelled",
    "🔁": "repeat",
    "🆔": "id",
    "⛔": "depends",
    "🏁": "on_completion",
    "🔺": "priority",
    "⏫": "priority",
    "🔼": "priority",
    "🔽": "priority",
    "⏬": "priority",
}
SIGNS: Final = "".join(SIGN_KINDS)
SIGN_PRIORITIES: Final = {
    "🔺": Priority.HIGHEST,
    "⏫": Priority.HIGH,
    "🔼": Priority.MEDIUM,
    "🔽": Priority.LOW,
    "⏬": Priority.LOWEST,
}

PLAIN_KINDS: Final[dict[str, Kind]] = {
    "due": "due",
    "scheduled": "scheduled",
    "t": "start",
    "created": "created",
    "done": "done",
    "cancelled": "cancelled",
    "pri": "priority",
    "rec": "repeat",
    "id": "id",
    "dep": "depends",
}
PLAIN_DATES: Final = tuple(key for key, kind in PLAIN_KINDS.items() if kind in DATE_KINDS)
PLAIN_MISTAKES: Final = {
    "start": "t",
    "completion": "done",
    "completed": "done",
    "canceled": "cancelled",
}
LETTER_PRIORITIES: Final[dict[str, Priority | None]] = {
    "A": Priority.HIGHEST,
    "B": Priority.HIGH,
    "C": Priority.MEDIUM,
    "D": None,
    "E": Priority.LOW,
    "F": Priority.LOWEST,
}

DATAVIEW_KINDS: Final[dict[str, Kind]] = {
    "due": "due",
    "scheduled": "scheduled",
    "start": "start",
    "created": "created",
    "completion": "done",
    "done": "done",
    "cancelled": "cancelled",
    "priority": "priority",
    "repeat": "repeat",
    "id": "id",
    "dependsOn": "depends",
    "owner": "owner",
    "onCompletion": "on_completion",
}
WORD_PRIORITIES: Final[dict[str, Priority | None]] = {
    **{priority.value: priority for priority in Priority},
    "normal": None,
    "none": None,
}

ORDER: Final[tuple[Kind, ...]] = (
    "id",
    "depends",
    "priority",
    "repeat",
    "on_completion",
    "created",
    "start",
    "scheduled",
    "due",
    "cancelled",
    "done",
)
"""The order in which Obsidian Tasks writes the fields behind the text and the tags."""
RANK: Final[dict[str, int]] = {kind: rank for rank, kind in enumerate(ORDER)}


def _first_spelling(table: dict[str, Kind]) -> dict[Kind, str]:
    """For each kind, the spelling that comes first in `table`: the one to write."""
    spellings: dict[Kind, str] = {}
    for spelling, kind in table.items():
        spellings.setdefault(kind, spelling)
    return spellings


SIGN_OF: Final = _first_spelling(SIGN_KINDS)
PLAIN_OF: Final = _first_spelling(PLAIN_KINDS)
DATAVIEW_OF: Final = _first_spelling(DATAVIEW_KINDS)
PRIORITY_SIGN: Final = {priority: sign for sign, priority in SIGN_PRIORITIES.items()}
PRIORITY_LETTER: Final = {priority: letter for letter, priority in LETTER_PRIORITIES.items()}


def spell(kind: Kind, value: str, dialect: Dialect) -> str:
    """One field as it is written in `dialect`, without blanks around it.

    A priority is given by its name (`high`), every other value as it is to be written. todo.txt has
    no key for `on_completion`, nor any dialect but Dataview one for `owner`; neither is asked for.
    """
    if dialect is Dialect.DATAVIEW:
        return f"[{DATAVIEW_OF[kind]}:: {value}]"
    if dialect is Dialect.PLAIN:
        letter = PRIORITY_LETTER[Priority(value)] if kind == "priority" else value
        return f"{PLAIN_OF[kind]}:{letter}"
    return PRIORITY_SIGN[Priority(value)] if kind == "priority" else f"{SIGN_OF[kind]} {value}"


def separator(dialect: Dialect) -> str:
    """What goes before a field: Obsidian Tasks puts two blanks before a Dataview field.

    One blank would make Obsidian's live preview swallow every other field.
    """
    return "  " if dialect is Dialect.DATAVIEW else " "


def _characters(names: str) -> str:
    """What tags and names consist of, as a class: Obsidian's tag rule, and without our signs.

    Obsidian forbids white space and most ASCII punctuation rather than allowing letters, so that
    combining marks and scripts that need them are part of a tag.
    """
    return rf"[^\s\x00-\x2c:-@\[-\^`{{-\x7f\u2000-\u206f\u2e00-\u2e7f\ufe0f{names}{SIGNS}]"


TAG = re.compile("#(" + _characters(".") + "+)")
NAME = re.compile("@(" + _characters("/") + "++)(?![@/])")


def is_tag(name: str) -> bool:
    """Whether `#name` is a tag."""
    return TAG.fullmatch(f"#{name}") is not None and not name.isdecimal()


def is_name(name: str) -> bool:
    """Whether `@name` names somebody, all of it."""
    return NAME.fullmatch(f"@{name}") is not None and name[-1] != "." and not name.isdecimal()


def near_misses(key: str, known: Iterable[str]) -> list[str]:
    """The known keys that `key` may have been meant to be: the one that differs in capitals only,
    else all that are one slip away."""
    folded = key.casefold()
    for candidate in known:
        if candidate.casefold() == folded:
            return [candidate]
    return [
        candidate
        for candidate in known
        if len(candidate) > 2 and is_one_edit_apart(folded, candidate.casefold())
    ]
