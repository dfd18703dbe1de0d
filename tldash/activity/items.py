"""What happened to the task items of a lead, once it is known which became which."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from tldash.activity.event import ARROW, Between, Event, Kind, lower
from tldash.activity.match_items import Item, ItemKind, Pair, Pairing
from tldash.model.frozen import frozen
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Action, Fields, Marker, Moment, Status, Task

Headings = tuple[set[tuple[str, ...]], set[tuple[str, ...]]]
"""The headings with items below them, of each file: before and after."""


@frozen
class ItemEvents:
    """The events of a lead's items."""

    between: Between
    renamed: Mapping[str, str]
    """From paths of files to what they are called now."""
    own: Collection[Key]
    """Items of which nothing is told."""

    def all(self, pairing: Pairing, old: list[Item], new: list[Item]) -> Iterator[Event]:
        """What became of each; `old` and `new` are all of them, also those that did not change."""
        came = [item for item in pairing.new if not self._is_own(item.task)]
        headings = ({self._heading(item) for item in old}, {_heading(item) for item in new})
        for both in pairing.changed:
            if self._is_own(both.before.task) or self._is_own(both.after.task):
                continue
            again = _next_time(both, came)
            if again is not None:
                came.remove(again)
            yield from self._about(both, again)
            yield from self._about_place(both, headings)
        for item in came:
            task = item.task
            kind = Kind.TOPIC if item.role is ItemKind.TOPIC else Kind.ADDED
            detail = str(task.status) if task.status.closed else ""
            yield self._of(kind, item, detail, when=task.fields.created)
        for item in pairing.gone:
            if not self._is_own(item.task):
                yield self._of(Kind.REMOVED, item)

    def carried(self, both: Pair) -> bool:
        """Whether an item stands in another file than before."""
        was = both.before.task.path
        return self.renamed.get(was, was) != both.after.task.path

    def _is_own(self, task: Task) -> bool:
        return bool(self.own) and task_key(task) in self.own

    def _of(
        self, kind: Kind, item: Item, detail: str = "", *, what: str = "", when: date | None = None
    ) -> Event:
        task = item.task
        what = what or ("" if item.role is ItemKind.ACTION else str(item.role))
        moment = Moment(when) if when else None
        return Event(
            kind, self.between.after.id, task.text, task.path, task.line, detail, what, moment
        )

    def _about(self, both: Pair, again: Item | None) -> Iterator[Event]:
        """What happened to an item, wherever it is."""
        was, now = both.before.task, both.after.task
        closing = was.status is not now.status
        if closing:
            yield self._about_status(both, again)
        if was.text != now.text:
            yield self._of(Kind.REWORDED, both.after, was.text)
        for name in ("due", "scheduled", "start"):
            old, new = getattr(was.fields, name), getattr(now.fields, name)
            if old != new:
                what = "" if name == "due" else name
                yield self._of(Kind.MOVED, both.after, self._days(old, new), what=what)
        if (was.fields.owner or "").casefold() != (now.fields.owner or "").casefold():
            yield self._of(Kind.HANDED_OVER, both.after, self._owner(both.after))
        details = list(_details(was.fields, now.fields))
        for name in () if closing else ("created", "done", "cancelled"):
            old, new = getattr(was.fields, name), getattr(now.fields, name)
            if old != new:
                details.append(f"{name} {self.between.day(new)}" if new else f"no {name} date")
        if was.note != now.note:
            details.append("note" if now.note else "no note")
        if details:
            yield self._of(Kind.CHANGED, both.after, ", ".join(details))

    def _about_status(self, both: Pair, again: Item | None) -> Event:
        was, now = both.before.task, both.after.task
        match now.status:
            case Status.DONE:
                done = now.fields.done
                of = both.after.of
                if isinstance(of, Marker):
                    return self._of(Kind.REACHED, both.after, self._sign_of(of), when=done)
                detail = ""
                if again is not None:
                    next_day = _a_day(again.task.fields)
                    detail = f"again on {self.between.day(next_day)}" if next_day else "again"
                return self._of(Kind.TICKED, both.after, detail, when=done)
            case Status.CANCELLED:
                return self._of(Kind.DROPPED, both.after, when=now.fields.cancelled)
            case Status.IN_PROGRESS if not was.status.closed:
                return self._of(Kind.STARTED, both.after)
        return self._of(Kind.REOPENED, both.after)

    def _about_place(self, both: Pair, headings: Headings) -> Iterator[Event]:
        """Whether an item was carried somewhere else; a heading with another name is no place."""
        was, now = self._heading(both.before), _heading(both.after)
        if self.carried(both):
            yield self._of(Kind.CARRIED, both.after, self._file(both.after.task.path))
        elif was != now and (was in headings[1] or now in headings[0]):
            yield self._of(Kind.CARRIED, both.after, now[-1] if len(now) > 1 else "the top")

    def _heading(self, item: Item) -> tuple[str, ...]:
        path, *section = _heading(item)
        return self.renamed.get(path, path), *section

    def _file(self, path: str) -> str:
        session = next((s for s in self.between.after.sessions if s.path == path), None)
        return (
            f"the session of {self.between.of_day(session)}" if session else path.rpartition("/")[2]
        )

    def _days(self, old: date | None, new: date | None) -> str:
        return ARROW.join(self.between.day(day) if day else "" for day in (old, new))

    def _owner(self, item: Item) -> str:
        owner = item.task.fields.owner
        if isinstance(item.of, Action) and item.of.coach_owned:
            return self.between.after.coach or "the coach"
        if owner is None or owner.casefold() == self.between.after.id.casefold():
            return self.between.after.name
        return owner

    def _sign_of(self, marker: Marker) -> str:
        skill = self.between.framework.find_skill(marker.skill)
        rank = skill.rank_of(marker.level) if skill else 0
        names = [skill.name if skill else marker.skill]
        if skill and rank:
            names.append(skill.levels[rank - 1].name)
        return ", ".join(map(lower, names))


def closed_on(item: Item, days: Mapping[str, date]) -> date | None:
    """The day on which an item was closed, as far as it is known; None while it is open.

    Where the line does not tell, that of the session whose file it stands in, which `days` has.
    """
    task = item.task
    if not task.status.closed:
        return None
    return task.fields.done or task.fields.cancelled or days.get(task.path)


def _heading(item: Item) -> tuple[str, ...]:
    """The file and the headings that an item stands below."""
    return item.task.path, *item.task.section


def _next_time(both: Pair, came: list[Item]) -> Item | None:
    """The new item that ticking a repeating one put beside it."""
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


def _a_day(fields: Fields) -> date | None:
    return fields.due or fields.scheduled or fields.start


def _details(was: Fields, now: Fields) -> Iterator[str]:
    """What is new about an item beside its words, days and owner."""
    if was.priority is not now.priority:
        yield f"{now.priority or 'normal'} priority"
    if was.repeat != now.repeat:
        yield f"repeats {now.repeat}" if now.repeat else "repeats no more"
    yield from (f"+#{tag}" for tag in now.tags if tag not in was.tags)
    yield from (f"-#{tag}" for tag in was.tags if tag not in now.tags)
