"""The next two weeks of all leads, below the list of the overview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from tldash.insight.agenda import AgendaDay, build_agenda
from tldash.insight.phase import only_active
from tldash.insight.schedule import build_months
from tldash.model.dates import format_date
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, HEAD, MUTED, STRONG, fit, prose, row, words
from tldash.tui.widgets.leads import BEATS
from tldash.tui.widgets.task_rows import MOST_WORDS, owner_of, status_icon

DAYS: Final = 14
DAY_WIDTH: Final = 12
NAME_WIDTH: Final = 20
OWNER_WIDTH: Final = 8
"""Cells for a name before the text."""
MONTHS: Final = 14
"""The last twelve, this one and the next."""
MONTH_WIDTH: Final = 5


def draw_agenda(state: State, width: int, height: int) -> Content:
    """Draw the next days in at most `height` lines, and below them the last months if they fit."""
    days = build_agenda(state.workspace.leads, state.now, DAYS)
    lines = [Content.styled("NEXT TWO WEEKS", HEAD)]
    if not days:
        lines.append(Content.styled("nothing is planned or due", MUTED))
    room = _text_width(days, width)
    for number, day in enumerate(days):
        here = _day(day, state, room)
        if len(lines) + len(here) + (number < len(days) - 1) > height:
            left = sum(len(one.sessions) + len(one.actions) for one in days[number:])
            lines.append(words(f"and {left} more", MUTED))
            break
        lines.extend(here)
    months = _months(state)
    if len(lines) + 1 + len(months) <= height:
        lines.extend((Content(""), *months))
    return Content("\n").join(
        line.truncate(width, ellipsis=True) for line in lines[: max(height, 0)]
    )


def _text_width(days: Sequence[AgendaDay], width: int) -> int:
    """Return the cells for the texts of actions: the longest one, if the window has them."""
    longest = max((cell_len(a.task.text) for day in days for a, _ in day.actions), default=0)
    return max(min(longest + OWNER_WIDTH, width - DAY_WIDTH - NAME_WIDTH - 4, MOST_WORDS), 8)


def _day(day: AgendaDay, state: State, room: int) -> list[Content]:
    entries = [
        row(
            [
                (
                    words(f"{at.time:%H:%M} session" if at.time else "session", f"bold {ACCENT}"),
                    room + 2,
                ),
                (words(lead.name, STRONG), NAME_WIDTH),
            ]
        )
        for at, lead in day.sessions
    ]
    for action, lead in day.actions:
        name = owner_of(action, lead, state.you(lead))
        text = Content.assemble(
            status_icon(action.status), " ", words(f"{name}: " if name else "", MUTED),
            prose(action.task.text),
        )  # fmt: skip
        entries.append(row([(text, room + 2), (words(lead.name, MUTED), NAME_WIDTH)]))
    label = fit(_label(day.day, state.today), DAY_WIDTH)
    return [
        Content.assemble(" " * DAY_WIDTH if index else label, entry)
        for index, entry in enumerate(entries)
    ]


def _months(state: State) -> list[Content]:
    """Draw a row per lead with the sessions of each month, up to the next one."""
    first = date(state.today.year - 1, state.today.month, 1)
    names = [f"{date(2000, (first.month - 1 + n) % 12 + 1, 1):%b}" for n in range(MONTHS)]
    heads = [(words(name, MUTED), MONTH_WIDTH) for name in names]
    lines = [row([(Content.styled("CADENCE", HEAD), NAME_WIDTH), *heads])]
    for lead in only_active(state.workspace.leads):
        found = build_months(lead, state.now, first, MONTHS)
        cells = [
            (Content.assemble(*(BEATS[cell] for cell in month)), MONTH_WIDTH) for month in found
        ]
        lines.append(row([(words(lead.name), NAME_WIDTH), *cells]))
    return lines


def _label(day: date, today: date) -> Content:
    days = (day - today).days
    if days < 2:
        return Content.styled("today" if not days else "tomorrow", f"bold {ACCENT}")
    return Content.assemble(f"{day:%a} ", (format_date(day, today), MUTED))
