"""Rows of task items: actions, topics and markers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from textual.content import Content

from tldash.insight.actions import describe_carried, describe_waiting, find_carried_through
from tldash.insight.people import ViewerRole, format_owner
from tldash.model.dates import format_date, format_due
from tldash.model.framework import Framework
from tldash.model.item_keys import task_key
from tldash.model.records import (
    NEXT_SESSION_TAG,
    Action,
    Lead,
    Priority,
    Status,
    Task,
    is_private,
)
from tldash.tui.style.text import (
    ACCENT,
    DONE,
    LATE,
    MUTED,
    PLAIN,
    STRUCK,
    count_lines,
    fit,
    prose,
    row,
    words,
    wrap,
)
from tldash.tui.widgets.row_list import Row

BOX = {
    Status.OPEN: ("▢", PLAIN),
    Status.IN_PROGRESS: ("◩", ACCENT),
    Status.DONE: ("✔", DONE),
    Status.CANCELLED: ("✕", MUTED),
}
PRIORITY = {
    Priority.HIGHEST: "‼ ",
    Priority.HIGH: "! ",
    Priority.MEDIUM: "",
    Priority.LOW: "",
    Priority.LOWEST: "",
}
DUE_WIDTH = 9
TAG_WIDTH = 10
LEAD_WIDTH = 14
FOLDER_WIDTH = 12
LEAST_WORDS = 38
"""Cells that the text keeps before a tag is shown."""
MOST_WORDS = 80
"""Cells of the text in a wide window."""
MOST_LINES = 3
ONLY_YOU: Final = "◆ only you"
"""Marks what is in a private folder."""
CARRIED_FROM = 2
"""How often an action was carried over before lists say so."""
GAP = 2
"""Cells between two columns."""


def status_icon(status: Status) -> Content:
    """Return the icon of a status. Its shape suffices without colour."""
    sign, style = BOX[status]
    return Content.styled(sign, style)


def due(task: Task, today: date, *, waiting: bool = False) -> Content:
    """Format the due date, or the day on which it was done.

    `waiting`: whether it waits for another item, and so is not overdue.
    """
    fields = task.fields
    if task.status is Status.DONE:
        text = f"done {format_date(fields.done, today)}" if fields.done else "done"
        return Content.styled(text if len(text) <= DUE_WIDTH + 2 else "done", DONE)
    if task.status is Status.CANCELLED:
        return Content.styled("dropped", MUTED)
    if fields.due is None:
        return (
            Content.styled("started", ACCENT)
            if task.status is Status.IN_PROGRESS
            else (Content(""))
        )
    late = fields.due < today and not waiting
    style = LATE if late else ACCENT if fields.due == today else PLAIN
    return Content.styled(format_due(fields.due, today), style)


class TaskRow(Row):
    """A task item: box, wrapped text, and columns at the right.

    Lists hold thousands, of which few are visible, so key and content are computed when they are
    needed.
    """

    indent: int = 0
    closed_style: str = STRUCK
    """The style of a closed item's text."""
    owner: str = ""
    """Who owns the item, if that is not the lead."""
    has_tag: bool = False
    """Whether to show a tag if the text has enough room."""
    widths: tuple[int, ...] = ()
    """Widths of the columns at the right. The last one is right-aligned."""
    waiting: str = ""
    """What it waits for, after the text."""
    carried: str = ""
    """How often it was carried over, after the text of an open item."""

    def __init__(self, task: Task) -> None:
        self.task = task
        # What is set later, or cached by a `cached_property`, needs a dict of 400 bytes.
        self._key: Hashable = None
        self.takes = self.measured_at = 0

    @property
    def key(self) -> Hashable:  # type: ignore[override]
        if self._key is None:
            self._key = task_key(self.task)
        return self._key

    @property
    def spot(self) -> tuple[str, int]:
        """The path and the line of the item."""
        return self.task.path, self.task.line

    @property
    def box(self) -> tuple[int, int]:  # type: ignore[override]
        return self.indent, self.indent + 2

    def side(self) -> Sequence[Content]:
        """Return the columns at the right."""
        return ()

    def tag(self) -> Content:
        """Return the column of the tag."""
        return Content("")

    def height(self, width: int) -> int:
        room, _ = _room(width - self.indent, self.widths, self.has_tag)
        owner = f"{self.owner}: " if self.owner else ""
        text = "".join([owner, self.task.text, *(f" · {note}" for note in self.notes())])
        mark = len(ONLY_YOU) + GAP if is_private(self.task.path) else 0
        if len(text) + mark <= room - 2 and text.replace("·", "").isascii():
            return 1  # the signs of priority take two cells at most
        has_sign = bool(self.task.fields.priority) and not self.task.status.closed
        lines = count_lines(text, room) if not (mark or has_sign) else None
        return min(lines or len(self._text(room)), self._most_lines)

    def lines(self, width: int) -> Sequence[Content]:
        room, tagged = _room(width - self.indent, self.widths, self.has_tag)
        text, most = self._text(room), self._most_lines
        if len(text) > most:
            rest = Content(" ").join(text[most - 1 :])
            text = [*text[: most - 1], rest.truncate(room, ellipsis=True)]
        cells: list[Cell] = [(text[0], room)]
        if tagged:
            cells.append((self.tag(), TAG_WIDTH))
        cells.extend(zip(self.side(), self.widths, strict=True))
        if self.widths:
            cells[-1] = (*cells[-1][:2], "right")
        pad = Content(" " * self.indent)
        lines = [Content.assemble(pad, status_icon(self.task.status), " ", row(cells, gap=GAP))]
        lines.extend(Content.assemble(pad, "  ", fit(line, room)) for line in text[1:])
        return lines

    @property
    def _most_lines(self) -> int:
        """Lines that the item takes at most: one more if something follows its text."""
        return MOST_LINES + bool(self.notes())

    def _text(self, room: int) -> list[Content]:
        closed = self.task.status.closed
        sign = PRIORITY.get(self.task.fields.priority) if self.task.fields.priority else ""
        content = prose(self.task.text, self.closed_style if closed else PLAIN)
        if sign and not closed:
            content = Content.assemble((sign, f"bold {ACCENT}"), content)
        if self.owner:
            content = Content.assemble(words(f"{self.owner}: ", MUTED), content)
        if is_private(self.task.path):
            content = Content.assemble((f"{ONLY_YOU}  ", ACCENT), content)
        for note in self.notes():
            content = Content.assemble(content, prose(f" · {note}", MUTED))
        return wrap(content, room)

    def notes(self) -> list[str]:
        """Return what follows the text."""
        if self.task.status.closed:
            return [self.waiting] if self.waiting else []
        by_session = "by next session" if NEXT_SESSION_TAG in self.task.fields.tags else ""
        return [note for note in (self.waiting, by_session, self.carried) if note]


Cell = tuple[Content, int] | tuple[Content, int, str]


@lru_cache(64)
def _room(width: int, widths: tuple[int, ...], has_tag: bool) -> tuple[int, bool]:
    """Return the width of the text, and whether there is a column for the tag.

    The text is never wider than `MOST_WORDS`, so that the eye finds its date.
    """
    beside = (
        min(
            width,
            2
            + MOST_WORDS
            + sum(width + GAP for width in widths)
            + (TAG_WIDTH + GAP if has_tag else 0),
        )
        - 2
        - sum(width + GAP for width in widths)
    )
    tagged = has_tag and beside - TAG_WIDTH - GAP >= LEAST_WORDS
    return max(beside - TAG_WIDTH - GAP if tagged else beside, 8), tagged


def tags(task: Task, framework: Framework) -> Content:
    """Return the skill among the tags, else the first tag but that of the next session."""
    for tag in task.fields.tags:
        if skill := framework.find_skill(tag.rpartition("/")[2]):
            return words(skill.id, MUTED)
    others = [tag for tag in task.fields.tags if tag != NEXT_SESSION_TAG]
    return words(f"#{others[0]}", MUTED) if others else Content("")


class ActionRow(TaskRow):
    """The row of an action."""

    has_tag = True
    widths: tuple[int, ...] = (DUE_WIDTH + 2,)

    def __init__(  # noqa: PLR0913 - all that the row says
        self,
        action: Action,
        today: date,
        framework: Framework,
        *,
        owner: str = "",
        lead: str = "",
        folder: str = "",
        calm: bool = False,
        carried: str = "",
    ) -> None:
        """`owner` is empty if the lead owns it. `lead` and `folder` are for lists with several.

        `calm` shows no action as overdue.
        """
        self.action = action
        self.owner = owner
        super().__init__(action.task)
        self._today = today
        self._framework = framework
        self._lead = lead
        self._folder = folder
        self._calm = calm
        if action.waiting_for:
            self.waiting = describe_waiting(action)
        if carried:
            self.carried = carried
        if lead:
            self.widths = _WITH_FOLDER if folder else _WITH_LEAD

    @property
    def basis(self) -> tuple[object, ...]:  # type: ignore[override]
        return (
            self.task,
            self.waiting,
            self.carried,
            self._today,
            self._framework,
            self.owner,
            self._lead,
            self._folder,
            self._calm,
        )

    def side(self) -> Sequence[Content]:
        when = due(self.task, self._today, waiting=bool(self.waiting) or self._calm)
        if not self._lead:
            return (when,)
        folder = (words(self._folder, MUTED),) if self._folder else ()
        return (words(self._lead, MUTED), *folder, when)

    def tag(self) -> Content:
        return tags(self.task, self._framework)


def carried_note(action: Action, held: Sequence[date]) -> str:
    """Return how often an action was carried over, if that is to be in lists.

    `held` are the days of all sessions held with the lead.
    """
    times = len(find_carried_through(action, held))
    return describe_carried(times) if times >= CARRIED_FROM else ""


def owner_of(action: Action, lead: Lead, you: ViewerRole) -> str:
    """Return the name of an action's owner as the viewer says it; empty if the lead owns it."""
    owner = action.task.fields.owner
    if not owner or action.owner == lead.id:
        return ""
    return format_owner(owner, lead, you)


_WITH_LEAD: Final = (LEAD_WIDTH, DUE_WIDTH + 2)
_WITH_FOLDER: Final = (LEAD_WIDTH, FOLDER_WIDTH, DUE_WIDTH + 2)


class Heading(Row):
    """The heading of a group of rows."""

    def __init__(
        self, name: str, note: str = "", *, late: bool = False, first: bool = False
    ) -> None:
        self._name = name
        self._note = note
        self._late = late
        self._first = first
        self.basis = (name, note, late, first)

    def height(self, width: int) -> int:
        del width
        return 1 if self._first else 2

    def lines(self, width: int) -> Sequence[Content]:
        name = words(self._name, LATE if self._late else f"bold {MUTED}")
        note = words(f"  {self._note}" if self._note else "", MUTED)
        line = Content.assemble(name, note)
        line = line.truncate(width, ellipsis=True)
        return (line,) if self._first else (Content(""), line)
