"""What happened to the sessions of a lead, and to the days that they promise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from tldash.activity.event import ARROW, Between, Event, Kind, lower
from tldash.insight.schedule import resolve_status
from tldash.model.dates import format_exact, format_iso, is_past, to_local
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, session_key
from tldash.model.records import Moment, Session, SessionStatus

CLOSING: Final = {
    SessionStatus.HELD: Kind.HELD,
    SessionStatus.MISSED: Kind.MISSED,
    SessionStatus.CANCELLED: Kind.CANCELLED,
}


@frozen
class SessionEvents:
    """The events of a lead's sessions."""

    between: Between
    renamed: Mapping[str, str]
    """From paths of files to what they are called now."""
    grown: Collection[str]
    """The files with actions in them that were not there before."""
    own: Collection[Key] = ()
    """Sessions of which nothing is told."""

    def all(self) -> Iterator[Event]:
        """What happened to every session."""
        known = {self.renamed.get(s.path, s.path): s for s in self.between.before.sessions}
        promised = {s.next.day for s in self.between.before.sessions if s.next}
        days = {session.at.day for session in self.between.before.sessions}
        for session in self.between.after.sessions:
            old = known.pop(session.path, None)
            if old is session or session_key(session) in self.own:
                continue
            if old is None:
                yield from self._about_new(session, promised - days)
            else:
                yield from self._about_session(old, session)
                yield from self._about_promise(old, session)
        still = {s.next.day for s in self.between.after.sessions if s.next}
        for old in known.values():
            if self._ahead(old):
                if old.at.day not in still:
                    yield self.between.event(Kind.CANCELLED, self.between.of_day(old), old.path, 1)
            else:
                event = self.between.event(Kind.REMOVED, self.between.of_day(old), old.path, 1)
                yield replace(event, subject="session")

    def _ahead(self, session: Session) -> bool:
        """Whether it is planned, and its time is to come."""
        planned = resolve_status(session, self.between.now) is SessionStatus.PLANNED
        return planned and not is_past(session.at, self.between.now)

    def _about_new(self, session: Session, promised: set[date]) -> Iterator[Event]:
        """`promised` are the days for which a session without a file was planned."""
        day = self.between.of_day(session)
        if session.status is SessionStatus.CANCELLED:
            yield self.between.event(Kind.CANCELLED, day, session.path, 1)
        elif session.status is SessionStatus.MISSED:
            yield self.between.event(Kind.MISSED, day, session.path, 1)
        elif not self._ahead(session) and session.has_notes:
            yield self.between.event(Kind.HELD, day, session.path, 1)
        elif session.at.day not in promised:
            yield self.between.event(
                Kind.PLANNED, format_exact(session.at, self.between.now), session.path, 1
            )

    def _about_session(self, old: Session, new: Session) -> Iterator[Event]:
        day = self.between.of_day(new)
        if old.at != new.at and format_iso(old.at) != format_iso(new.at):
            yield self._rescheduled(old.at, new.at, new.path, 1)
        kind = self._turned(old, new)
        if kind is not None:
            said = format_exact(new.at, self.between.now) if kind is Kind.PLANNED else day
            yield self.between.event(kind, said, new.path, 1)
        noted = new.has_notes and not old.has_notes and kind is not Kind.HELD
        if noted and new.path not in self.grown and new.levels == old.levels:
            yield self.between.event(Kind.NOTES, day, new.path, new.body_line)
        if old.skill != new.skill:
            skill = self.between.framework.find_skill(new.skill) if new.skill else None
            name = lower(skill.name) if skill else new.skill or "no skill"
            yield replace(
                self.between.event(Kind.CHANGED, day, new.path, 1, name), subject="session"
            )

    def _turned(self, old: Session, new: Session) -> Kind | None:
        """What its new status means, if it has one."""
        if old.status is new.status:
            return None
        if new.status in CLOSING:
            return CLOSING[new.status]
        if old.status in (SessionStatus.MISSED, SessionStatus.CANCELLED):
            return Kind.PLANNED if self._ahead(new) else Kind.HELD
        return None

    def _about_promise(self, old: Session, new: Session) -> Iterator[Event]:
        """What became of the day that a session says the next one is on."""
        was, now = old.next, new.next
        if was == now or (was and now and format_iso(was) == format_iso(now)):
            return
        files = {session.at.day for session in self.between.after.sessions}
        if now is not None and now.day in files:
            return  # told of the file
        if was is None and now is not None:
            said = format_exact(now, self.between.now)
            yield self.between.event(Kind.PLANNED, said, new.path, new.next_line)
        elif was is not None and now is not None:
            yield self._rescheduled(was, now, new.path, new.next_line)
        elif was is not None and was.day not in files:
            day = self.between.day(to_local(was, self.between.now).day)
            yield self.between.event(Kind.CANCELLED, day, new.path, new.body_line)

    def _rescheduled(self, was: Moment, now: Moment, path: str, line: int) -> Event:
        said = [format_exact(moment, self.between.now) for moment in (was, now)]
        return self.between.event(Kind.RESCHEDULED, said[1], path, line, ARROW.join(said))


def same_content(one: Session, other: Session) -> bool:
    """Whether two sessions say the same but for their days, beside what stands in their lists."""
    return _content(one) == _content(other)


def _content(session: Session) -> Session:
    """A session without its day and place, and what stands in its lists."""
    return replace(
        session,
        path="",
        at=Moment(date.min),
        number=0,
        topics=(),
        actions=(),
        body_line=0,
        next_line=0,
    )
