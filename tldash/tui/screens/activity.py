"""The changes by others during this visit and since the last look, and all earlier ones from git.

Where git has a change too, it is shown with its author and time. Above a lead's page, and if there
is only one lead, everything since the last session is listed too, from git or else by the dates in
the files. A look does not clear that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.activity.describe import describe_event, summarize_events
from tldash.activity.event import Event, EventKind
from tldash.activity.log import LoggedEvent, LogWanted
from tldash.insight.actions import DatedChange, find_since_session
from tldash.model.dates import MONTHS, format_date, format_full_date, format_relative, pluralize
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Moment
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import LoadLog, OpenPage, ShowNotice
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, PLAIN, STRONG, fit, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.task_rows import Heading
from tldash.tui.widgets.text_line import TextLine

SIGNS: Final = {
    EventKind.TICKED: ("✔", DONE),
    EventKind.REACHED: ("✔", DONE),
    EventKind.RAISED: ("▲", DONE),
    EventKind.LOWERED: ("▼", ACCENT),
    EventKind.HELD: ("●", ACCENT),
    EventKind.NOTES_WRITTEN: ("●", ACCENT),
    EventKind.PLANNED: ("·", ACCENT),
    EventKind.RESCHEDULED: ("→", ACCENT),
    EventKind.CANCELLED: ("✕", LATE),
    EventKind.MISSED: ("○", LATE),
    EventKind.ADDED: ("+", ACCENT),
    EventKind.TOPIC: ("+", ACCENT),
    EventKind.STARTED: ("◩", ACCENT),
    EventKind.REOPENED: ("▢", ACCENT),
    EventKind.MOVED: ("→", ACCENT),
    EventKind.CARRIED: ("→", ACCENT),
    EventKind.HANDED_OVER: ("@", ACCENT),
    EventKind.REWORDED: ("~", MUTED),
    EventKind.CHANGED: ("~", MUTED),
    EventKind.DROPPED: ("✕", MUTED),
    EventKind.DELETED: ("-", MUTED),
    EventKind.GOAL: ("~", ACCENT),
    EventKind.LEAD_ADDED: ("+", STRONG),
    EventKind.LEAD_DELETED: ("-", STRONG),
}
LEAD_WIDTH: Final = 14
WHEN_WIDTH: Final = 6
LEAST_WORDS: Final = 40
"""Cells that the text keeps before the lead's name is shown."""
MOST_LINES: Final = 3


class EventRow(Row):
    """A change: its icon, a sentence, the lead and the time."""

    def __init__(  # noqa: PLR0913 - the parts of a line
        self,
        event: Event,
        today: date,
        *,
        lead: str = "",
        nth: Hashable = 0,
        column: int = LEAD_WIDTH,
        logged: LoggedEvent | None = None,
    ) -> None:
        """`lead` is a name, unless the heading has it; `nth` tells equal events apart.

        `column` is the width of the column of names, `logged` the same event in the log.
        """
        self._column = column
        self.event = event
        self.key: Hashable = (event, nth)
        self.spot = None if event.kind is EventKind.LEAD_DELETED else (event.path, event.line)
        self._lead = lead
        self._author = logged.author if logged is not None else ""
        when = event.when
        if logged is not None and logged.when is not None:
            when = Moment(logged.when.date(), logged.when.time())
        self._when = _when(when, today)

    def lines(self, width: int) -> Sequence[Content]:
        beside = WHEN_WIDTH + 2
        column = self._column
        named = bool(self._lead) and width - beside - column - 4 >= LEAST_WORDS
        room = width - beside - 2 - (column + 2 if named else 0)
        sentence = describe_event(self.event)
        if self._lead and not named:
            sentence = f"{self._lead}: {sentence}"
        author = f" · {self._author}" if self._author else ""
        text = wrap(Content.assemble(words(sentence), words(author, MUTED)), room)
        if len(text) > MOST_LINES:
            rest = Content(" ").join(text[MOST_LINES - 1 :])
            text = [*text[: MOST_LINES - 1], rest.truncate(room, ellipsis=True)]
        side = [fit(words(self._lead, MUTED), column), Content("  ")] if named else []
        when = fit(words(self._when, MUTED), WHEN_WIDTH, right=True)
        first = Content.assemble(SIGNS[self.event.kind], " ", fit(text[0], room), "  ", *side, when)
        return [first, *(Content.assemble("  ", fit(line, room)) for line in text[1:])]


class ActivityPage(Page):
    """The changes of all leads. Enter opens the session or the lead."""

    NAME = "activity"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.EDIT, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ActivityPage { #title { height: 3; padding: 1 2 1 2; } }
    """

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield RowList(id="activity")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Activity")

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[Event, ...] | None = None
        """The events for which the log was loaded."""
        self._day: date | None = None
        """The earlier day for which the log was loaded."""
        self._loading: object = None
        """The log at the last request for more of it."""

    def draw(self, state: State) -> None:
        self._load(state)
        found = len(state.since) + len(state.activity)
        note = pluralize(found, "change") if found else "nothing yet"
        self.query_one("#title", TextLine).show(
            Content.assemble(("ACTIVITY  ", f"bold {MUTED}"), (note, MUTED))
        )
        known = _Known(state)
        rows = [*_watched(state, known), *_since(state, known)] or _nothing(state)
        if (lead := self._find_lead(state)) is not None:
            rows += _since_session(lead, state, known)
        self.query_one(RowList).show([*rows, *_earlier(state, known)])

    def _find_lead(self, state: State) -> Lead | None:
        """Return the lead of the screen below, or the only one."""
        if len(state.workspace.leads) == 1:
            return state.workspace.leads[0]
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack[1:] else None
        return state.lead(getattr(below, "lead_id", ""))

    def _load(self, state: State) -> None:
        """Load the log on the first call, when something happened, and for another day."""
        events = (*state.since, *state.activity)
        if events != self._asked or state.as_of != self._day:
            self._day = state.as_of
            shown = state.log if self._asked is not None else ()
            times = [state.last_visit, *(one.when for one in (shown or ())[-1:])]
            leads = {event.lead_id for event in events}
            lead = self._find_lead(state)
            if lead is not None and (found := find_since_session(lead, state.now)) is not None:
                times.append(_end_of(found[0], state.now))
                leads.add(lead.id)
            self._asked = events
            since = min(filter(None, times), default=None)
            self.post_message(LoadLog(LogWanted(leads=tuple(sorted(leads)), since=since)))

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Load earlier events at the end of the list."""
        log = self.state.log if self.state is not None else None
        if isinstance(message.row, _MoreRow) and log is not None and log is not self._loading:
            self._loading = log
            self.post_message(LoadLog(LogWanted(more=True)))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the session at the line of the change, else the lead."""
        if self.state is None or not isinstance(message.row, EventRow):
            return
        event = message.row.event
        lead = self.state.lead(event.lead_id)
        if lead is None:
            self.post_message(ShowNotice(f"{event.text} is no longer in the folder"))
        elif any(session.path == event.path for session in lead.sessions):
            line = _line_now(event, lead)
            self.post_message(OpenPage("session", lead.id, event.path, str(line)))
        else:
            self.post_message(OpenPage("lead", lead.id))


class _Known:
    """Who did something and when, as far as the log tells. Each of its events is used once."""

    def __init__(self, state: State) -> None:
        self._events: dict[Hashable, deque[LoggedEvent]] = {}
        self.rest: dict[int, LoggedEvent] = {}
        """The events of commits that were not used, by the id of their objects."""
        for logged in state.log or ():
            self._events.setdefault(_identify(logged.event), deque()).append(logged)
            if logged.commit:
                self.rest[id(logged)] = logged

    def find(self, event: Event) -> LoggedEvent | None:
        """Return the latest event of the log that is the same; one on disk has no author."""
        same = self._events.get(_identify(event))
        if not same:
            return None
        found = same.popleft()
        self.rest.pop(id(found), None)
        return found


def _identify(event: Event) -> Hashable:
    return event.kind, event.lead_id, event.text, event.subject


def _watched(state: State, known: _Known) -> list[Row]:
    """Return the changes of this visit, the newest first."""
    rows: list[Row] = []
    if state.activity:
        rows.append(_section("while you watch", summarize_events(state.activity)))
    column = _name_width(state)
    for nth, event in reversed([*enumerate(state.activity)]):
        name, logged = _name(event, state), known.find(event)
        rows.append(EventRow(event, state.today, lead=name, nth=nth, column=column, logged=logged))
    return rows


def _name(event: Event, state: State) -> str:
    """Return the name of the lead of an event; empty if there is only one lead."""
    lead = state.lead(event.lead_id)
    several = len(state.workspace.leads) > 1
    return state.workspace.display_name(lead) if several and lead is not None else ""


def _name_width(state: State) -> int:
    return 2 * LEAD_WIDTH if state.workspace.folders else LEAD_WIDTH


def _since(state: State, known: _Known) -> list[Row]:
    """Return the changes since the last look by lead, the newest first if dates are known."""
    if not state.since:
        return []
    ago = format_relative(state.last_visit.date(), state.today) if state.last_visit else ""
    rows: list[Row] = [Line(Content(""))] if state.activity else []
    rows.append(_section("since you last looked", ago))
    for lead_id, group in groupby(state.since, key=lambda event: event.lead_id):
        found = list(group)
        lead = state.lead(lead_id)
        rows.append(
            Heading(
                state.workspace.display_name(lead) if lead else found[0].text,
                summarize_events(found),
            )
        )
        for nth, event in enumerate(_newest_first(found)):
            row = EventRow(event, state.today, nth=("since", nth), logged=known.find(event))
            rows.append(row)
    return rows


_DATED: Final = {
    "done": EventKind.TICKED,
    "dropped": EventKind.DROPPED,
    "added": EventKind.ADDED,
    "reached": EventKind.REACHED,
}


def _since_session(lead: Lead, state: State, known: _Known) -> list[Row]:
    """Return what happened with a lead after the day of their last session, the latest first.

    Without a history of git, the dates in the files tell it.
    """
    since = find_since_session(lead, state.now)
    if since is None:
        return []
    day, dated = since
    log, when = state.log or (), _end_of(day, state.now)
    logged = [
        one
        for one in log
        if one.event.lead_id == lead.id and (one.when is None or one.when >= when)
    ]
    for one in logged:
        known.rest.pop(id(one), None)
    events = [one.event for one in logged] if log else [_of_date(one, lead) for one in dated]
    named = f"since the last session with {state.workspace.display_name(lead)}"
    note = f"{format_date(day, state.today)}  {summarize_events(events) or 'nothing yet'}"
    rows: list[Row] = [Line(Content("")), _section(named, note)]
    authors = logged if log else [None] * len(events)
    for nth, (event, author) in enumerate(zip(events, authors, strict=True)):
        rows.append(EventRow(event, state.today, nth=("session", nth), logged=author))
    return rows


def _of_date(change: DatedChange, lead: Lead) -> Event:
    task = change.task
    kind, when = _DATED[change.kind], Moment(change.day)
    return Event(kind, lead.id, task.text, task.path, task.line, when=when)


def _end_of(day: date, now: datetime) -> datetime:
    """Return the end of a day in the time zone of `now`."""
    return datetime.combine(day + timedelta(days=1), time(), now.tzinfo)


class SentenceRow(Row):
    """A muted sentence, wrapped, that cannot be selected."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.basis = (text,)

    def lines(self, width: int) -> Sequence[Content]:
        return wrap(words(self._text, MUTED), width)


class _MoreRow(Line):
    """Loads more of the log when it is selected."""

    def __init__(self, loaded: int) -> None:
        super().__init__(words("loading earlier changes…", MUTED), key=("more", loaded))


def _earlier(state: State, known: _Known) -> list[Row]:
    """Return the changes of the log that are not shown above, by the day of their commits."""
    rows: list[Row] = [Line(Content(""))]
    log = state.log
    if log is None:
        return [*rows, _section("earlier", "reading the history of git…")]
    rows.append(_section("earlier", "from git" if log else ""))
    column = _name_width(state)
    dated = ((one, one.when.date()) for one in known.rest.values() if one.when is not None)
    for day, group in groupby(dated, key=lambda pair: pair[1]):
        rows.append(Heading(format_full_date(day), format_relative(day, state.today)))
        for nth, (logged, _) in enumerate(group):
            name = _name(logged.event, state)
            rows.append(
                EventRow(
                    logged.event,
                    day,
                    lead=name,
                    nth=(logged.commit, nth),
                    column=column,
                    logged=logged,
                )
            )
    if state.log_end is None:
        rows.append(_MoreRow(len(log)))
    elif state.log_end:
        rows.append(SentenceRow(f"{'The log ends here' if log else 'No log'}: {state.log_end}"))
    return rows


def _section(name: str, note: str) -> Line:
    return Line(Content.assemble(words(name.upper(), f"bold {MUTED}"), words(f"  {note}", MUTED)))


def _newest_first(found: Iterable[Event]) -> list[Event]:
    return sorted(found, key=lambda event: event.when.day if event.when else date.min, reverse=True)


def _nothing(state: State) -> list[Row]:
    if state.last_visit is None:
        note = "Changes by others appear here, also those made while you are away."
    else:
        when = format_relative(state.last_visit.date(), state.today)
        note = f"No changes since you last looked ({when})."
    return [Line(Content.styled(note, MUTED if state.last_visit is None else PLAIN))]


def _when(when: Moment | None, today: date) -> str:
    """Format the time if it is today, else the day, in six cells."""
    if when is None:
        return ""
    if when.day == today and when.time is not None:
        return f"{when.time:%H:%M}"
    return f"{when.day.day} {MONTHS[when.day.month - 1]}"


def _line_now(event: Event, lead: Lead) -> int:
    """Return the current line of the item, if it still exists."""
    same = [
        task.line for task in iter_tasks(lead) if (task.path, task.text) == (event.path, event.text)
    ]
    return min(same, key=lambda line: abs(line - event.line), default=event.line)
