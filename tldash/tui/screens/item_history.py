"""The dates and wording of an item, a level or the goals over time: from git, and from the files.

The item is followed through rewordings and moves from file to file. A lead's goals are listed with
their changes, and each has a history of its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.activity.describe import describe_event
from tldash.activity.event import EventKind
from tldash.activity.log import LoggedEvent, Subject, SubjectKind, find_item, pick_goal
from tldash.activity.summarize import summarize_history
from tldash.insight.actions import find_carried_through, find_held_days
from tldash.insight.item_dates import find_due_dates, list_dates
from tldash.insight.trends import LevelSource, find_trends
from tldash.model.dates import format_full_date, pluralize
from tldash.model.records import Action, Goal, Lead, Task
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.activity import SIGNS, SentenceRow
from tldash.tui.screens.messages import OpenPage, ShowNotice, TraceSubject
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, STRONG, fit, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.task_rows import Heading

_DAY_WIDTH: Final = 15
"""Cells of `Tue 17 Nov 2026`."""
_TIME_WIDTH: Final = 5
_AUTHOR_WIDTH: Final = 16
_WIDE: Final = 90
"""The width from which authors have a column of their own."""

_SOURCES: Final = {
    LevelSource.AGREED: "agreed",
    LevelSource.MARKERS: "estimated from markers",
}


class ChangeRow(Row):
    """A change: the day, the time, the author, and what it was."""

    def __init__(self, logged: LoggedEvent, nth: int) -> None:
        """`nth` tells equal changes apart."""
        event, when = logged.event, logged.when
        self._day = format_full_date(when.date()) if when else "not committed"
        self._time = f"{when:%H:%M}" if when else ""
        self._author = logged.author
        self._sign = SIGNS[event.kind]
        self._what = words(describe_event(event))
        self.key: Hashable = (event, logged.commit, nth)
        self.spot = (event.path, event.line)
        self.basis = (logged, nth)

    def lines(self, width: int) -> Sequence[Content]:
        day = fit(words(self._day, MUTED), _DAY_WIDTH)
        time = fit(words(self._time, MUTED), _TIME_WIDTH)
        parts = [day, time]
        what = self._what
        if width >= _WIDE:
            parts.append(fit(words(self._author), _AUTHOR_WIDTH))
        elif self._author:
            what = Content.assemble(what, words(f" · {self._author}", MUTED))
        left = Content.assemble(Content("  ").join([*parts, Content("")]), self._sign, " ")
        first, *more = wrap(what, width - left.cell_length)
        pad = Content(" " * left.cell_length)
        return [Content.assemble(left, first), *(Content.assemble(pad, line) for line in more)]


class DateRow(Row):
    """A date in the files, and what happened on it."""

    def __init__(self, day: str, what: str) -> None:
        self._line = Content.assemble(fit(words(day, MUTED), _DAY_WIDTH), "  ", words(what))
        self.key: Hashable = (day, what)
        self.basis = (day, what)

    def lines(self, width: int) -> Sequence[Content]:
        return (self._line.truncate(width, ellipsis=True),)


class GoalRow(Row):
    """A goal above its changes, with their summary."""

    def __init__(self, goal: Goal, summary: str) -> None:
        self.goal = goal
        self.key: Hashable = ("goal", goal.text)
        self.spot = (goal.path, goal.line)
        self.basis = (goal, summary)
        self._summary = summary

    def lines(self, width: int) -> Sequence[Content]:
        text = wrap(words(self.goal.text, STRONG), width)
        return [*text, *wrap(words(self._summary, MUTED), width)]


class ItemHistoryPage(Page):
    """A list of changes. Enter opens a goal, or the session or note in which a change was made."""

    NAME = "item_history"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.EDIT, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ItemHistoryPage {
        RowList { padding: 1 1 0 0; }
        &.-short RowList { padding: 0 1 0 0; }
    }
    """

    def __init__(
        self, kind: SubjectKind, lead_id: str, text: str = "", path: str = "", line: str = "0"
    ) -> None:
        super().__init__()
        self._subject = Subject(kind, lead_id, text, path, int(line))
        self._lead: Lead | None = None
        """The lead when the history was asked for."""

    def compose_body(self) -> ComposeResult:
        yield RowList(id="history", reading=True)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self._subject.lead_id)
        return (state.workspace.name, lead.name if lead else self._subject.lead_id, "History")

    def default_spot(self) -> tuple[str, int] | None:
        return (self._subject.path, self._subject.line) if self._subject.path else None

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the history of a goal, or the file in which a change was made at its line."""
        lead = self.state.lead(self._subject.lead_id) if self.state is not None else None
        row = message.row
        if lead is None:
            return
        if isinstance(row, GoalRow):
            self.post_message(OpenPage(self.NAME, "goals", lead.id, row.goal.text))
        elif not isinstance(row, ChangeRow):
            self.post_message(ShowNotice("select a change or a goal first"))
        elif any(session.path == row.spot[0] for session in lead.sessions):
            self.post_message(OpenPage("session", lead.id, row.spot[0], str(row.spot[1])))
        elif row.spot[0] in (lead.about, *lead.notes):
            self.post_message(OpenPage("notes", lead.id, row.spot[0], str(row.spot[1])))
        else:
            self.post_message(ShowNotice(f"{row.spot[0]} is not one of the notes of {lead.name}"))

    def draw(self, state: State) -> None:
        lead = state.lead(self._subject.lead_id)
        rows = self.query_one(RowList)
        if lead is None:
            gone = f" is no longer in the folder; {state.key_of(commands.BACK)} goes back"
            rows.show([Line(Content.assemble(words(self._subject.lead_id, "bold"), (gone, LATE)))])
            return
        if lead is not self._lead:
            self._lead = lead
            self.post_message(TraceSubject(self._subject))
        known = state.traced == self._subject
        events = state.history if known else ()
        complete = known and state.history_end is not None
        made = [*_draw_subject(self._subject, lead, events, state)]
        if complete:  # the cursor starts at the latest change, which comes from git
            made += _draw_dates(self._subject, lead, state)
        else:
            made += [Line(Content("")), Line(words("reading the history of git…", MUTED))]
        if complete and state.history_end:
            start = "The history of git ends here" if events else "No history of git"
            made += [Line(Content("")), SentenceRow(f"{start}: {state.history_end}")]
        rows.show(made)


def _draw_subject(
    subject: Subject, lead: Lead, events: Sequence[LoggedEvent], state: State
) -> Iterator[Row]:
    if subject.kind == "goals":
        return _draw_goal(subject.text, lead, events) if subject.text else _draw_goals(lead, events)
    if subject.kind == "level":
        return _draw_level(subject, lead, events, state)
    task = find_item(lead, subject)
    if task is None:
        return iter((SentenceRow("The item is no longer in its file."),))
    return _draw_item(task, lead, events, state.now)


def _draw_item(
    task: Task, lead: Lead, events: Sequence[LoggedEvent], now: datetime
) -> Iterator[Row]:
    action = next((one for one in lead.actions if one.task is task), None)
    yield Line(words(task.text, STRONG))
    yield SentenceRow(_summarize(task, action, lead, events, now))
    yield from _draw_changes("from git", events)


def _summarize(
    task: Task, action: Action | None, lead: Lead, events: Sequence[LoggedEvent], now: datetime
) -> str:
    """Return the summary line; the status if there is nothing else to say."""
    happened = [one.event for one in events]
    due: tuple[date, ...] = (task.fields.due,) if task.fields.due else ()
    carried = 0
    if action is not None:
        due = find_due_dates(lead, action)
        carried = len(find_carried_through(action, find_held_days(lead, now)))
    return summarize_history(happened, due, carried, now.date()) or str(task.status)


def _draw_level(
    subject: Subject, lead: Lead, events: Sequence[LoggedEvent], state: State
) -> Iterator[Row]:
    trends = find_trends(lead, state.workspace.framework, state.now)
    found = next((one for one in trends.skills if one.skill.id == subject.text), None)
    if found is None:
        yield SentenceRow("The framework no longer has this skill.")
        return
    names = [found.skill.levels[step.rank - 1].name.lower() for step in found.steps]
    yield Line(words(found.skill.name, STRONG))
    yield SentenceRow(" → ".join(names) or "no level yet")
    yield from _draw_changes("from git", events)


def _draw_dates(subject: Subject, lead: Lead, state: State) -> Iterator[Row]:
    """Yield what the files tell, the latest first."""
    dates = [*_find_dates(subject, lead, state)]
    if dates:
        yield Heading("in the files")
    yield from (DateRow(format_full_date(day), what) for day, what in dates)


def _find_dates(subject: Subject, lead: Lead, state: State) -> Iterable[tuple[date, str]]:
    if subject.kind == "level":
        trends = find_trends(lead, state.workspace.framework, state.now)
        found = (one for one in trends.skills if one.skill.id == subject.text)
        return (
            (step.day, f"{one.skill.levels[step.rank - 1].name.lower()}, {_SOURCES[step.source]}")
            for one in found
            for step in reversed(one.steps)
        )
    task = find_item(lead, subject)
    action = next((one for one in lead.actions if one.task is task), None)
    return list_dates(lead, action, state.now) if action is not None else ()


def _draw_goal(text: str, lead: Lead, events: Sequence[LoggedEvent]) -> Iterator[Row]:
    """Yield one goal and its changes."""
    goal = next((one for one in lead.goals if one.text == text), None)
    yield Line(words(text, STRONG))
    if goal is None:
        yield SentenceRow("The goal is no longer in its file.")
        return
    found = [*pick_goal(events, text)]
    yield SentenceRow(_sum_up_goal(goal, found))
    yield from _draw_changes("from git", found)


def _sum_up_goal(goal: Goal, found: Sequence[LoggedEvent]) -> str:
    """Return how a goal stands: `open, since 9 Oct 2025, reworded twice`."""
    parts = [str(goal.status)]
    first = found[-1] if found else None
    if first is not None and first.when is not None and not first.event.detail:
        parts.append(f"since {format_full_date(first.when.date())}")
    reworded = sum(bool(one.event.detail) for one in found if one.event.kind is EventKind.GOAL)
    if reworded:
        parts.append(f"reworded {pluralize(reworded, 'time')}")
    return ", ".join(parts)


def _draw_goals(lead: Lead, events: Sequence[LoggedEvent]) -> Iterator[Row]:
    """Yield each goal with its changes, then those of goals that are gone."""
    left = {id(one): one for one in events}
    for goal in lead.goals:
        found = [*pick_goal(events, goal.text)]
        for one in found:
            left.pop(id(one), None)
        if goal is not lead.goals[0]:
            yield Line(Content(""))
        yield GoalRow(goal, _sum_up_goal(goal, found))
        yield from (ChangeRow(one, nth) for nth, one in enumerate(found))
    if left:
        yield from _draw_changes("earlier goals", left.values())
    elif not lead.goals:
        yield SentenceRow(f"{lead.name} has no goals.")


def _draw_changes(name: str, events: Iterable[LoggedEvent], note: str = "") -> Iterator[Row]:
    found = [*events]
    if found or note:
        yield Heading(name, note)
    yield from (ChangeRow(one, nth) for nth, one in enumerate(found))
