"""The emoji and keys of all fields, in tables that scanning and editing share.

They come from todo.txt (`key:value`), from Obsidian Tasks (`DEFAULT_SYMBOLS` and
`DATAVIEW_SYMBOLS` in its sources), from Dataview's inline fields, and from TaskPaper
(`@key(value)`), PlainTasks and NotePlan.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from tldash.model.patterns import compile_pattern
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
"""Dates whose emoji or key is also used in prose: `✅ agreed`, `what was done:`."""

VARIATION: Final = "\ufe0f"
"""Variation selector 16, which keyboards add to an emoji so that it is drawn in colour."""

EMOJI_KINDS: Final[dict[str, Kind]] = {
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
EMOJI: Final = "".join(EMOJI_KINDS)
WIDE_COLON: Final = "："
"""A colon as Chinese and Japanese input methods write it."""
EMOJI_PRIORITIES: Final = {
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
TASKPAPER_KINDS: Final[dict[str, Kind]] = {
    "due": "due",
    "scheduled": "scheduled",
    "start": "start",
    "started": "start",
    "defer": "start",
    "created": "created",
    "done": "done",
    "cancelled": "cancelled",
    "priority": "priority",
}
NUMBER_PRIORITIES: Final[dict[str, Priority | None]] = {
    "1": Priority.HIGHEST,
    "2": Priority.HIGH,
    "3": Priority.MEDIUM,
    "4": Priority.LOW,
    "5": Priority.LOWEST,
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
"""The order in which Obsidian Tasks writes the fields after the text and the tags."""
RANK: Final[dict[str, int]] = {kind: rank for rank, kind in enumerate(ORDER)}


def _first_spelling(table: dict[str, Kind]) -> dict[Kind, str]:
    """Return the spelling to write for each kind: the first one in `table`."""
    spellings: dict[Kind, str] = {}
    for spelling, kind in table.items():
        spellings.setdefault(kind, spelling)
    return spellings


EMOJI_OF: Final = _first_spelling(EMOJI_KINDS)
PLAIN_OF: Final = _first_spelling(PLAIN_KINDS)
DATAVIEW_OF: Final = _first_spelling(DATAVIEW_KINDS)
TASKPAPER_OF: Final = _first_spelling(TASKPAPER_KINDS)
PRIORITY_EMOJI: Final = {priority: emoji for emoji, priority in EMOJI_PRIORITIES.items()}
PRIORITY_LETTER: Final = {priority: letter for letter, priority in LETTER_PRIORITIES.items()}
PRIORITY_NUMBER: Final = {priority: number for number, priority in NUMBER_PRIORITIES.items()}


def format_field(kind: Kind, value: str, dialect: Dialect) -> str:
    """Write one field in `dialect`, without spaces around it.

    `value` is the name of a priority (`high`), or any other value as it is written. todo.txt has no
    key for `on_completion`, only Dataview has one for `owner`, and TaskPaper has those in
    `TASKPAPER_KINDS`.
    """
    if dialect is Dialect.TASKPAPER:
        number = PRIORITY_NUMBER[Priority(value)] if kind == "priority" else value
        return f"@{TASKPAPER_OF[kind]}({number})"
    if dialect is Dialect.DATAVIEW:
        return f"[{DATAVIEW_OF[kind]}:: {value}]"
    if dialect is Dialect.PLAIN:
        letter = PRIORITY_LETTER[Priority(value)] if kind == "priority" else value
        return f"{PLAIN_OF[kind]}:{letter}"
    return PRIORITY_EMOJI[Priority(value)] if kind == "priority" else f"{EMOJI_OF[kind]} {value}"


def separator(dialect: Dialect) -> str:
    """Return what to write before a field.

    Obsidian Tasks writes two spaces before a Dataview field. With one, Obsidian's live preview
    hides every second field.
    """
    return "  " if dialect is Dialect.DATAVIEW else " "


def _characters(names: str) -> str:
    """Return the character class of tags and names: Obsidian's rule for tags, minus field emoji.

    Obsidian forbids white space and most ASCII punctuation instead of allowing letters, so that
    tags may contain combining marks.
    """
    return rf"[^\s\x00-\x2c:-@\[-\^`{{-\x7f\u2000-\u206f\u2e00-\u2e7f\ufe0f{names}{EMOJI}]"


TAG = compile_pattern("#(" + _characters(".") + "+)")
NAME = compile_pattern("@(" + _characters("/") + "++)(?![@/])")


def is_tag(name: str) -> bool:
    """Return whether `#name` is a tag."""
    return TAG.fullmatch(f"#{name}") is not None and not name.isdecimal()


def is_name(name: str) -> bool:
    """Return whether all of `@name` is the name of a person, and not TaskPaper's `@done`."""
    if name in TASKPAPER_KINDS or name.isdecimal():
        return False
    return NAME.fullmatch(f"@{name}") is not None and name[-1] != "."


def similar_keys(key: str, known: Iterable[str]) -> list[str]:
    """Return the known keys that `key` may mean.

    That is the one that differs only in case, or else all that are one typing mistake away.
    """
    folded = key.casefold()
    for candidate in known:
        if candidate.casefold() == folded:
            return [candidate]
    return [
        candidate
        for candidate in known
        if len(candidate) > 2 and is_one_edit_apart(folded, candidate.casefold())
    ]
