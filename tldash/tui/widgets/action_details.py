"""Everything about the selected action, beside or below the list where there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from textual.content import Content

from tldash.activity.describe import describe_event
from tldash.insight.actions import describe_carried, find_carried_through, find_held_days, is_open
from tldash.insight.people import format_owner
from tldash.model.dates import format_date, format_full_date, format_relative
from tldash.model.records import NEXT_SESSION_TAG, Action, Lead, Status, is_private
from tldash.tui.state import State
from tldash.tui.style.text import MUTED, STRONG, hanging, prose, words, wrap
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.leads import section
from tldash.tui.widgets.task_rows import ONLY_YOU

LABEL_WIDTH: Final = 10


class ActionDetails(Canvas):
    """Shows the details of an action."""

    def show(self, action: Action | None, lead: Lead | None, state: State) -> None:
        """Show an action of a lead, or nothing."""

        def paint(width: int, height: int) -> Content:
            if action is None or lead is None:
                return Content("")
            return _draw(action, lead, state, width, height)

        self.paint(paint, (action, lead, state.today, state.viewer, state.activity))


def _draw(action: Action, lead: Lead, state: State, width: int, height: int) -> Content:
    """Draw text, owner, dates, age, place, note and recent changes in at most `height` lines."""
    task = action.task
    lines = wrap(prose(task.text or "(no text)", STRONG), width)
    lines.append(Content(""))
    for label, value in _fields(action, lead, state):
        lines.extend(hanging(label.ljust(LABEL_WIDTH), words(value), width))
    if task.note:
        lines.extend((Content(""), section("NOTE")))
        for line in task.note.split("\n"):
            lines.extend(wrap(prose(line), width))
    changes = _changes(action, state)
    if changes:
        lines.extend((Content(""), section("CHANGES")))
        for change in changes:
            lines.extend(hanging("– ", words(change), width))
    if len(lines) > height:
        lines[height - 1] = Content.styled("…", MUTED)
    return Content("\n").join(lines[: max(height, 0)])


def _fields(action: Action, lead: Lead, state: State) -> Iterator[tuple[str, str]]:
    """Yield what is known of the action, each with its label."""
    task, fields, today = action.task, action.task.fields, state.today
    yield "lead", lead.name
    yield "owner", format_owner(fields.owner or lead.name, lead, state.you(lead))
    days = (
        ("due", fields.due), ("scheduled", fields.scheduled), ("start", fields.start),
        ("done", fields.done), ("dropped", fields.cancelled), ("created", fields.created),
    )  # fmt: skip
    for label, day in days:
        if day is not None:
            by = ", by next session" if label == "due" and NEXT_SESSION_TAG in fields.tags else ""
            yield label, f"{_day(day, today)}{by}"
    yield from _agreed(action, lead, state)
    if task.status is Status.IN_PROGRESS:
        yield "status", "in progress"
    if action.waiting_for and is_open(action):
        yield "waiting", f"for {', '.join(action.waiting_for)}"
    if fields.priority is not None:
        yield "priority", str(fields.priority)
    if shown := [f"#{tag}" for tag in fields.tags if tag != NEXT_SESSION_TAG]:
        yield "tags", " ".join(shown)
    if fields.repeat:
        yield "repeats", fields.repeat
    if task.section:
        yield "below", " › ".join(task.section)
    path = task.path
    if is_private(path):
        path = f"{ONLY_YOU}: {path.partition('/')[2]}"
    yield "file", f"{path}:{task.line}"


def _day(day: date, today: date) -> str:
    return f"{format_full_date(day)}, {format_relative(day, today)}"


def _agreed(action: Action, lead: Lead, state: State) -> Iterator[tuple[str, str]]:
    """Yield the session that agreed on the action, and those that it was carried through."""
    if action.session is None:
        return
    yield "agreed", _day(action.session, state.today)
    through = find_carried_through(action, find_held_days(lead, state.now))
    if through:
        days = ", ".join(format_date(day, state.today) for day in through)
        yield "carried", f"{describe_carried(len(through)).partition(' ')[2]}: {days}"


def _changes(action: Action, state: State) -> Sequence[str]:
    """Describe what others did to the action since the viewer's last visit, the latest first."""
    text = action.task.text
    events = (*state.since, *state.activity)
    return [
        describe_event(one)
        for one in reversed(events)
        if one.path == action.task.path and one.text == text
    ]
