"""Detect what people did diff two workspaces, as events.

Nothing is logged: events follow from comparing two workspaces. So an event does not know who did
something, and a change that was undone in diff yields no event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest
from typing import Final

from tldash.activity.event import ARROW, ORDER, Event, EventKind
from tldash.activity.match_items import (
    Item,
    Pair,
    Pairing,
    find_closing_day,
    find_renamed_files,
    list_items,
    list_touched,
    match_items,
)
from tldash.insight.schedule import resolve_status
from tldash.model.dates import format_date, format_exact, format_iso, is_past, to_local
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, session_key, task_key
from tldash.model.records import (
    NEXT_SESSION_TAG,
    Action,
    Fields,
    ItemKind,
    Lead,
    Marker,
    Moment,
    Session,
    SessionStatus,
    Status,
    Task,
    Workspace,
)


def detect_events(
    before: Workspace,
    after: Workspace,
    now: datetime,
    *,
    own: Collection[Key] = (),
    kept_from: date | None = None,
) -> tuple[Event, ...]:
    """Detect the events between two workspaces, by lead, path and line.

    Leads that are the same object in both are skipped.

    Args:
        before: The earlier workspace.
        after: The later workspace.
        now: The current time, used to tell past from planned sessions and to format days.
        own: Keys of task items and sessions without events (`tldash.model.item_keys`).
        kept_from: Items closed before this day may be missing from `before`, and are not new.
    """
    known = {lead.id: lead for lead in before.leads}
    framework = after.framework
    found: list[Event] = []
    for lead in after.leads:
        old = known.pop(lead.id, None)
        if old is None:
            found.append(Event(EventKind.LEAD_ADDED, lead.id, lead.name, _lead_file(lead), 1))
        elif old is not lead:
            diff = _LeadDiff(old, lead, framework, now)
            found.extend(sorted(_detect_in_lead(diff, own, kept_from), key=_sort_key))
    for lead in known.values():
        found.append(Event(EventKind.LEAD_DELETED, lead.id, lead.name, _lead_file(lead), 1))
    return tuple(found)


def trace_item(
    before: Lead, after: Lead, item: Task, framework: Framework, now: datetime
) -> tuple[Task | None, tuple[Event, ...]]:
    """Return the earlier version of an item of a lead, and the events that lead to the later one.

    Args:
        before: The earlier version of the lead.
        after: The later version of the lead.
        item: An action, topic or marker of `after`.
        framework: The later coaching framework.
        now: The current time, used to format days.

    Returns:
        The version of the item in `before`, None if it was added since or if `after` does not have
        the item, and its events.
    """
    old, new = list_touched(before, after)
    if not any(one.task.path == item.path for one in new):
        return next((one.task for one in list_items(before) if one.task == item), None), ()
    diff = _LeadDiff(before, after, framework, now)
    moved = find_renamed(before, after, old, new)
    pairing = match_items(old, new, moved)
    for both in pairing.unchanged:
        if both.after.task == item:
            return both.before.task, ()
    wanted = Pairing(
        [both for both in pairing.changed if both.after.task == item],
        new=[one for one in pairing.new if one.task == item],
    )
    events = tuple(_ItemEvents(diff, moved, ()).detect(wanted, old, new))
    return (wanted.changed[0].before.task if wanted.changed else None), events


def stamp_events(found: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """Set the time of detection on events."""
    moment = Moment(now.date(), now.time(), now.tzinfo)
    return tuple(replace(event, when=moment) for event in found)


def _lead_file(lead: Lead) -> str:
    return f"{lead.path}/lead.md".removeprefix("/")


def _sort_key(event: Event) -> tuple[str, int, int, str]:
    return event.path, event.line, ORDER[event.kind], event.text


def _detect_in_lead(
    diff: _LeadDiff, own: Collection[Key], kept_from: date | None
) -> Iterator[Event]:
    if kept_from is None:
        old, new = list_touched(diff.before, diff.after)
    else:
        old, new = list_items(diff.before), list_items(diff.after)
        days = {session.path: session.at.day for session in diff.after.sessions}
        new = _without_long_closed(old, new, kept_from, days)
    moved = find_renamed(diff.before, diff.after, old, new)
    pairing = match_items(old, new, moved)
    items = _ItemEvents(diff, moved, own)
    yield from items.detect(pairing, old, new)
    grown = {item.task.path for item in pairing.new if item.role is ItemKind.ACTION}
    grown.update(both.after.task.path for both in pairing.changed if items.has_changed_file(both))
    yield from _SessionEvents(diff, moved, grown, own).detect()
    yield from _detect_levels(diff)
    yield from _detect_goals(diff)
    yield from _detect_in_lead_file(diff)


def find_renamed(before: Lead, after: Lead, old: list[Item], new: list[Item]) -> dict[str, str]:
    """Map the old paths of renamed files to their new paths."""
    was = {session.path for session in before.sessions}
    now = {session.path for session in after.sessions}
    gone = [*(was - now), *(set(before.notes) - set(after.notes))]
    came = [*(now - was), *(set(after.notes) - set(before.notes))]
    if not gone or not came:
        return {}
    moved = find_renamed_files(old, new, gone, came)
    left = [s for s in before.sessions if s.path in was - now and s.path not in moved]
    right = [s for s in after.sessions if s.path in now - was - {*moved.values()}]
    if len(left) == len(right) == 1 and _same_content(left[0], right[0]):
        moved[left[0].path] = right[0].path
    return moved


def _without_long_closed(
    old: list[Item], new: list[Item], day: date, days: Mapping[str, date]
) -> list[Item]:
    """Return the new items without those closed before `day` whose text is in no old item."""
    known = {item.task.text for item in old}
    return [
        item
        for item in new
        if item.task.text in known
        or (closed := find_closing_day(item, days)) is None
        or closed >= day
    ]


def _detect_levels(diff: _LeadDiff) -> Iterator[Event]:
    framework = diff.framework
    was, now = _levels(diff.before, framework), _levels(diff.after, framework)
    for skill in framework.skills:
        old, new = was.get(skill.id, (0, ""))[0], now.get(skill.id, (0, ""))[0]
        if old == new:
            continue
        path = (now.get(skill.id) or was[skill.id])[1]
        kind = EventKind.RAISED if new > old else EventKind.LOWERED
        level = _lower(skill.levels[new - 1].name) if new else ""
        yield diff.event(kind, _lower(skill.name), path, 1, level)


def _levels(lead: Lead, framework: Framework) -> dict[str, tuple[int, str]]:
    """Map skill ids to the latest agreed rank and the path of its session."""
    found: dict[str, tuple[int, str]] = {}
    for session in lead.sessions:
        for name, level in session.levels:
            skill = framework.find_skill(name)
            if skill is not None and skill.rank_of(level):
                found[skill.id] = skill.rank_of(level), session.path
    return found


def _detect_goals(diff: _LeadDiff) -> Iterator[Event]:
    was = {goal.text: goal for goal in diff.before.goals}
    now = {goal.text: goal for goal in diff.after.goals}
    gone = [goal for text, goal in was.items() if text not in now]
    came = [goal for text, goal in now.items() if text not in was]
    for old, new in zip_longest(gone, came):
        goal = new or old
        assert goal is not None
        texts = (new.text if new else "", old.text if old else "")
        yield diff.event(EventKind.GOAL, texts[0], goal.path, goal.line, texts[1])
    for text, goal in now.items():
        before = was.get(text, goal).status
        if before is not goal.status:
            kind = _GOAL_STATUS[goal.status]
            yield replace(diff.event(kind, text, goal.path, goal.line), subject="goal")


_GOAL_STATUS: Final = {
    Status.OPEN: EventKind.REOPENED,
    Status.IN_PROGRESS: EventKind.STARTED,
    Status.DONE: EventKind.TICKED,
    Status.CANCELLED: EventKind.DROPPED,
}


def _detect_in_lead_file(diff: _LeadDiff) -> Iterator[Event]:
    old, new = diff.before, diff.after
    for what, was, now in (
        ("name", old.name, new.name),
        ("coach", old.coach, new.coach),
        ("cadence", old.cadence_name, new.cadence_name),
        ("status", old.status, new.status),
    ):
        if was != now:
            event = diff.event(EventKind.CHANGED, now or "", _lead_file(new), 1, was or "")
            yield replace(event, subject=what)


@frozen
class _LeadDiff:
    """The two versions of a lead, and helpers to build events from them."""

    before: Lead
    after: Lead
    framework: Framework
    now: datetime

    def event(self, kind: EventKind, text: str, path: str, line: int, detail: str = "") -> Event:
        """Create an event of this lead."""
        return Event(kind, self.after.id, text, path, line, detail)

    def format_day(self, day: date) -> str:
        """Format a day relative to the current year."""
        return format_date(day, self.now.date())

    def format_session(self, session: Session) -> str:
        """Format the day of a session in the viewer's time zone."""
        return self.format_day(to_local(session.at, self.now).day)


def name_skill(skill: Skill) -> str:
    """Return the name of a skill as events have it."""
    return _lower(skill.name)


def _lower(name: str) -> str:
    """Lowercase the first letter of a name, except in acronyms."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


_Headings = tuple[set[tuple[str, ...]], set[tuple[str, ...]]]
"""Paths with headings that have items below them, before and after."""


@frozen
class _ItemEvents:
    """Detect the events of a lead's task items."""

    diff: _LeadDiff
    renamed: Mapping[str, str]
    """Old paths of renamed files -> new paths."""
    own: Collection[Key]
    """Keys of items without events."""

    def detect(self, pairing: Pairing, old: list[Item], new: list[Item]) -> Iterator[Event]:
        """Yield the events of all items. `old` and `new` include the unchanged ones."""
        came = [item for item in pairing.new if not self._is_own(item.task)]
        headings = ({self._heading(item) for item in old}, {_heading(item) for item in new})
        for both in pairing.changed:
            if self._is_own(both.before.task) or self._is_own(both.after.task):
                continue
            again = _find_recurrence(both, came)
            if again is not None:
                came.remove(again)
            yield from self._detect_changes(both, again)
            yield from self._detect_move(both, headings)
        for item in came:
            task = item.task
            kind = EventKind.TOPIC if item.role is ItemKind.TOPIC else EventKind.ADDED
            detail = str(task.status) if task.status.closed else ""
            yield self._of(kind, item, detail, when=task.fields.created)
        for item in pairing.gone:
            if not self._is_own(item.task):
                yield self._of(EventKind.DELETED, item)

    def has_changed_file(self, both: Pair) -> bool:
        """Return whether an item moved to another file. A renamed file is the same file."""
        was = both.before.task.path
        return self.renamed.get(was, was) != both.after.task.path

    def _is_own(self, task: Task) -> bool:
        return bool(self.own) and task_key(task) in self.own

    def _of(
        self,
        kind: EventKind,
        item: Item,
        detail: str = "",
        *,
        what: str = "",
        when: date | None = None,
    ) -> Event:
        task = item.task
        what = what or ("" if item.role is ItemKind.ACTION else str(item.role))
        moment = Moment(when) if when else None
        return Event(
            kind, self.diff.after.id, task.text, task.path, task.line, detail, what, moment
        )

    def _detect_changes(self, both: Pair, again: Item | None) -> Iterator[Event]:
        """Yield the events of an item that are independent of its place."""
        was, now = both.before.task, both.after.task
        closing = was.status is not now.status
        if closing:
            yield self._status_event(both, again)
        if was.text != now.text:
            yield self._of(EventKind.REWORDED, both.after, was.text)
        for name in ("due", "scheduled", "start"):
            old, new = getattr(was.fields, name), getattr(now.fields, name)
            if old != new:
                what = "" if name == "due" else name
                yield self._of(EventKind.MOVED, both.after, self._format_dates(old, new), what=what)
        if (was.fields.owner or "").casefold() != (now.fields.owner or "").casefold():
            yield self._of(EventKind.HANDED_OVER, both.after, self._owner_name(both.after))
        details = list(_list_details(was.fields, now.fields))
        for name in () if closing else ("created", "done", "cancelled"):
            old, new = getattr(was.fields, name), getattr(now.fields, name)
            if old != new:
                details.append(f"{name} {self.diff.format_day(new)}" if new else f"no {name} date")
        if was.note != now.note:
            details.append("note" if now.note else "no note")
        if details:
            yield self._of(EventKind.CHANGED, both.after, ", ".join(details))

    def _status_event(self, both: Pair, again: Item | None) -> Event:
        was, now = both.before.task, both.after.task
        match now.status:
            case Status.DONE:
                done = now.fields.done
                of = both.after.of
                if isinstance(of, Marker):
                    return self._of(
                        EventKind.REACHED, both.after, self._describe_marker(of), when=done
                    )
                detail = ""
                if again is not None:
                    next_day = _first_date(again.task.fields)
                    detail = f"again on {self.diff.format_day(next_day)}" if next_day else "again"
                return self._of(EventKind.TICKED, both.after, detail, when=done)
            case Status.CANCELLED:
                return self._of(EventKind.DROPPED, both.after, when=now.fields.cancelled)
            case Status.IN_PROGRESS if not was.status.closed:
                return self._of(EventKind.STARTED, both.after)
        return self._of(EventKind.REOPENED, both.after)

    def _detect_move(self, both: Pair, headings: _Headings) -> Iterator[Event]:
        """Yield an event for a move to another file or heading. A renamed heading is no move."""
        was, now = self._heading(both.before), _heading(both.after)
        if self.has_changed_file(both):
            yield self._of(EventKind.CARRIED, both.after, self._describe_file(both.after.task.path))
        elif was != now and (was in headings[1] or now in headings[0]):
            yield self._of(EventKind.CARRIED, both.after, now[-1] if len(now) > 1 else "the top")

    def _heading(self, item: Item) -> tuple[str, ...]:
        path, *section = _heading(item)
        return self.renamed.get(path, path), *section

    def _describe_file(self, path: str) -> str:
        session = next((s for s in self.diff.after.sessions if s.path == path), None)
        return (
            f"the session on {self.diff.format_session(session)}"
            if session
            else path.rpartition("/")[2]
        )

    def _format_dates(self, old: date | None, new: date | None) -> str:
        return ARROW.join(self.diff.format_day(day) if day else "" for day in (old, new))

    def _owner_name(self, item: Item) -> str:
        owner = item.task.fields.owner
        if isinstance(item.of, Action) and item.of.coach_owned:
            return self.diff.after.coach or "the coach"
        if owner is None or owner.casefold() == self.diff.after.id.casefold():
            return self.diff.after.name
        return owner

    def _describe_marker(self, marker: Marker) -> str:
        skill = self.diff.framework.find_skill(marker.skill)
        rank = skill.rank_of(marker.level) if skill else 0
        names = [skill.name if skill else marker.skill]
        if skill and rank:
            names.append(skill.levels[rank - 1].name)
        return ", ".join(map(_lower, names))


def _heading(item: Item) -> tuple[str, ...]:
    """Return the path and the headings above an item."""
    return item.task.path, *item.task.section


def _find_recurrence(both: Pair, came: list[Item]) -> Item | None:
    """Return the new item that was added when a repeating item was ticked."""
    was, now = both.before.task, both.after.task
    if now.status is not Status.DONE or was.status is Status.DONE or not now.fields.repeat:
        return None
    return next(
        (
            item
            for item in came
            if not item.task.status.closed
            and (item.task.path, item.task.text) == (now.path, now.text)
            and item.task.fields.repeat == now.fields.repeat
        ),
        None,
    )


def _first_date(fields: Fields) -> date | None:
    return fields.due or fields.scheduled or fields.start


def _list_details(was: Fields, now: Fields) -> Iterator[str]:
    """Describe the changes of priority, repeat rule and tags."""
    if was.priority is not now.priority:
        yield f"{now.priority or 'normal'} priority"
    if was.repeat != now.repeat:
        yield f"repeats {now.repeat}" if now.repeat else "no longer repeats"
    old, new = ([tag for tag in one.tags if tag != NEXT_SESSION_TAG] for one in (was, now))
    yield from (f"+#{tag}" for tag in new if tag not in old)
    yield from (f"-#{tag}" for tag in old if tag not in new)


_CLOSING: Final = {
    SessionStatus.HELD: EventKind.HELD,
    SessionStatus.MISSED: EventKind.MISSED,
    SessionStatus.CANCELLED: EventKind.CANCELLED,
}


@frozen
class _SessionEvents:
    """Detect the events of a lead's sessions."""

    diff: _LeadDiff
    renamed: Mapping[str, str]
    """Old paths of renamed files -> new paths."""
    grown: Collection[str]
    """Paths of files with new actions."""
    own: Collection[Key] = ()
    """Keys of sessions without events."""

    def detect(self) -> Iterator[Event]:
        """Yield the events of all sessions."""
        known = {self._place(s): s for s in self.diff.before.sessions}
        promised = {s.next.day for s in self.diff.before.sessions if s.next}
        days = {session.at.day for session in self.diff.before.sessions}
        for session in self.diff.after.sessions:
            old = known.pop(session.place, None)
            if old is session or session_key(session) in self.own:
                continue
            if old is None:
                yield from self._detect_new(session, promised - days)
            else:
                yield from self._detect_changes(old, session)
                yield from self._detect_next(old, session)
        still = {s.next.day for s in self.diff.after.sessions if s.next}
        for old in known.values():
            if self._is_ahead(old):
                if old.at.day not in still:
                    yield self.diff.event(
                        EventKind.CANCELLED, self.diff.format_session(old), old.path, 1
                    )
            else:
                event = self.diff.event(
                    EventKind.DELETED, self.diff.format_session(old), old.path, 1
                )
                yield replace(event, subject="session")

    def _place(self, session: Session) -> str:
        """Return the place of an earlier session, where its file is now."""
        path = self.renamed.get(session.path)
        return replace(session, path=path).place if path else session.place

    def _is_ahead(self, session: Session) -> bool:
        """Return whether a session is planned and in the future."""
        planned = resolve_status(session, self.diff.now) is SessionStatus.PLANNED
        return planned and not is_past(session.at, self.diff.now)

    def _detect_new(self, session: Session, promised: set[date]) -> Iterator[Event]:
        """Yield the event of a new file. `promised` are `next` days that had no file."""
        day = self.diff.format_session(session)
        if session.status is SessionStatus.CANCELLED:
            yield self.diff.event(EventKind.CANCELLED, day, session.path, 1)
        elif session.status is SessionStatus.MISSED:
            yield self.diff.event(EventKind.MISSED, day, session.path, 1)
        elif not self._is_ahead(session) and session.has_notes:
            yield self.diff.event(EventKind.HELD, day, session.path, 1)
        elif session.at.day not in promised:
            yield self.diff.event(
                EventKind.PLANNED, format_exact(session.at, self.diff.now), session.path, 1
            )

    def _detect_changes(self, old: Session, new: Session) -> Iterator[Event]:
        day = self.diff.format_session(new)
        if old.at != new.at and format_iso(old.at) != format_iso(new.at):
            yield self._rescheduled(old.at, new.at, new.path, 1)
        kind = self._status_kind(old, new)
        if kind is not None:
            text = format_exact(new.at, self.diff.now) if kind is EventKind.PLANNED else day
            yield self.diff.event(kind, text, new.path, 1)
        noted = new.has_notes and not old.has_notes and kind is not EventKind.HELD
        if noted and new.path not in self.grown and new.levels == old.levels:
            yield self.diff.event(EventKind.NOTES_WRITTEN, day, new.path, new.body_line)
        if old.skill != new.skill:
            skill = self.diff.framework.find_skill(new.skill) if new.skill else None
            name = _lower(skill.name) if skill else new.skill or "no skill"
            yield replace(
                self.diff.event(EventKind.CHANGED, day, new.path, 1, name), subject="session"
            )

    def _status_kind(self, old: Session, new: Session) -> EventKind | None:
        """Return the kind of event for a changed status."""
        if old.status is new.status:
            return None
        if new.status in _CLOSING:
            return _CLOSING[new.status]
        if old.status in (SessionStatus.MISSED, SessionStatus.CANCELLED):
            return EventKind.PLANNED if self._is_ahead(new) else EventKind.HELD
        return None

    def _detect_next(self, old: Session, new: Session) -> Iterator[Event]:
        """Yield the event for a changed `next` day, unless that day has a file of its own."""
        was, now = old.next, new.next
        if was == now or (was and now and format_iso(was) == format_iso(now)):
            return
        files = {session.at.day for session in self.diff.after.sessions}
        if now is not None and now.day in files:
            return  # reported as a new or changed file
        if was is None and now is not None:
            text = format_exact(now, self.diff.now)
            yield self.diff.event(EventKind.PLANNED, text, new.path, new.next_line)
        elif was is not None and now is not None:
            yield self._rescheduled(was, now, new.path, new.next_line)
        elif was is not None and was.day not in files:
            day = self.diff.format_day(to_local(was, self.diff.now).day)
            yield self.diff.event(EventKind.CANCELLED, day, new.path, new.body_line)

    def _rescheduled(self, was: Moment, now: Moment, path: str, line: int) -> Event:
        text = [format_exact(moment, self.diff.now) for moment in (was, now)]
        return self.diff.event(EventKind.RESCHEDULED, text[1], path, line, ARROW.join(text))


def _same_content(one: Session, other: Session) -> bool:
    """Return whether two sessions differ only in their day and task items."""
    return _content(one) == _content(other)


def _content(session: Session) -> Session:
    """Return a session without its day, path and task items."""
    return replace(
        session,
        path="",
        at=Moment(date.min),
        number=0,
        topics=(),
        actions=(),
        body_line=0,
        next_line=0,
        last_line=0,
    )
