"""List what the commits of a folder did, and follow one item through them.

Every change is attributed to the commit that made it. A merge repeats the changes of its branches,
so only those count that it made since each of its parents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from tldash.activity.detect import detect_events, name_skill, trace_item
from tldash.activity.event import Event, EventKind
from tldash.activity.match_items import list_items
from tldash.model.commits import FolderCommit, Version
from tldash.model.framework import Framework, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Task


@frozen
class LoggedEvent:
    """An event with the one who did it."""

    event: Event
    lead: str
    """The name of the lead."""
    author: str
    """Empty for a change on disk that is in no commit."""
    when: datetime | None
    """When the author made the commit; None for a change on disk."""
    commit: str
    """The name of the commit; empty for a change on disk."""


SubjectKind = Literal["item", "level", "goals"]


@frozen
class Subject:
    """What the history is wanted of: an item, the agreed level of a skill, or a lead's goals."""

    kind: SubjectKind
    lead_id: str
    text: str = ""
    """The text of the item or goal, or the id of the skill. Without one, all goals are meant."""
    path: str = ""
    """The file of an item."""
    line: int = 0
    """The line of an item."""


def follow(
    commits: Iterable[FolderCommit],
    lead: Lead,
    subject: Subject,
    framework: Framework,
    now: datetime,
) -> Iterator[LoggedEvent]:
    """Yield what happened to a subject, newest first; nothing if the lead does not have it."""
    if subject.kind == "goals":
        return follow_goals(commits, lead, now)
    if subject.kind == "level":
        skill = framework.find_skill(subject.text)
        return follow_level(commits, lead, skill, now) if skill is not None else iter(())
    item = find_item(lead, subject)
    return follow_item(commits, lead, item, now) if item is not None else iter(())


def find_item(lead: Lead, subject: Subject) -> Task | None:
    """Return the item of a subject: the one with its text that is nearest to its line."""
    same = [
        one.task
        for one in list_items(lead)
        if (one.task.path, one.task.text) == (subject.path, subject.text)
    ]
    return min(same, key=lambda task: abs(task.line - subject.line), default=None)


@frozen
class LogWanted:
    """Which part of the log is to be read."""

    more: bool = False
    """Whether to go on where the last one ended, rather than to start again."""
    leads: tuple[str, ...] = ()
    """Ids of the leads whose changes since the last commit are wanted too."""
    since: datetime | None = None
    """The time from which on all of it is wanted."""


def list_events(commit: FolderCommit, now: datetime | None = None) -> tuple[LoggedEvent, ...]:
    """Return the events of a commit, by lead, path and line.

    Days are formatted as of the commit, or as of `now` if that is given.
    """
    seen = now or commit.when
    if seen is None or not commit.versions:
        return ()
    found = [detect_events(one.before, one.after, seen) for one in commit.versions]
    leads = [*commit.versions[0].after.leads, *commit.versions[0].before.leads]
    names = {lead.id: lead.name for lead in reversed(leads)}
    rest = {lead.id for lead in leads if lead.is_rest}
    return tuple(
        LoggedEvent(
            event, names.get(event.lead_id, event.lead_id), commit.author, commit.when, commit.name
        )
        for event in _of_all_parents(found)
        if event.lead_id not in rest or event.kind not in _OF_LEADS
    )


_OF_LEADS: Final = (EventKind.LEAD_ADDED, EventKind.LEAD_DELETED)
"""Events that are none for the files beside the leads' folders, which stand for nobody."""


def _of_all_parents(found: Sequence[Iterable[Event]]) -> Iterator[Event]:
    """Yield the events since the first parent that happened since the others too."""
    first, *others = found
    common = [{_identify(event) for event in some} for some in others]
    return (event for event in first if all(_identify(event) in some for some in common))


def _identify(event: Event) -> tuple[str, ...]:
    """Return what is the same in the events since each parent, whose values before may differ."""
    return event.kind, event.lead_id, event.text, event.path, event.subject


Follow = Callable[[Version, object], tuple[object | None, tuple[Event, ...]]]
"""Returns what a subject was in the earlier version, None if it was not there, and its events."""


def follow_item(
    commits: Iterable[FolderCommit], lead: Lead, item: Task, now: datetime
) -> Iterator[LoggedEvent]:
    """Yield what happened to an action, topic or marker of a lead, newest first.

    The item is followed through rewordings and moves between the files of the lead, along all
    branches that it comes from.

    Args:
        commits: What `tldash.workspace.git_log.GitLog.follow` yields for the lead.
        lead: The lead as on disk.
        item: The item as on disk.
        now: The current time, used to format days.
    """

    def trace(version: Version, what: object) -> tuple[object | None, tuple[Event, ...]]:
        after = version.after.find_lead(lead.id)
        if after is None or not isinstance(what, Task):
            return None, ()
        before = version.before.find_lead(lead.id) or _without_content(after)
        return trace_item(before, after, what, version.after.framework, now)

    return _follow(commits, lead, item, trace)


def follow_level(
    commits: Iterable[FolderCommit], lead: Lead, skill: Skill, now: datetime
) -> Iterator[LoggedEvent]:
    """Yield what happened to the agreed level of a skill, newest first. As `follow_item`."""
    name = name_skill(skill)

    def trace(version: Version, what: object) -> tuple[object | None, tuple[Event, ...]]:
        events = _detect_in_lead(version, now)
        levels = (EventKind.RAISED, EventKind.LOWERED)
        return what, tuple(one for one in events if one.kind in levels and one.text == name)

    return _follow(commits, lead, skill, trace)


def follow_goals(
    commits: Iterable[FolderCommit], lead: Lead, now: datetime
) -> Iterator[LoggedEvent]:
    """Yield what happened to the goals of a lead, newest first. As `follow_item`."""

    def trace(version: Version, what: object) -> tuple[object | None, tuple[Event, ...]]:
        events = _detect_in_lead(version, now)
        return what, tuple(one for one in events if is_about_goal(one))

    return _follow(commits, lead, lead, trace)


def is_about_goal(event: Event) -> bool:
    """Return whether a goal was set, changed, removed, reached or dropped."""
    return event.kind is EventKind.GOAL or event.subject == "goal"


def pick_goal(events: Iterable[LoggedEvent], text: str) -> Iterator[LoggedEvent]:
    """Yield the events of one goal among those of all, newest first, through its rewordings."""
    for one in events:
        if not text or one.event.text != text:
            continue
        yield one
        if one.event.kind is EventKind.GOAL:
            text = one.event.detail


def _detect_in_lead(version: Version, now: datetime) -> tuple[Event, ...]:
    """Return the events of the only lead of a version, also if the earlier one does not have it."""
    new = tuple(map(_without_content, version.after.leads))
    before = version.before if version.before.leads else replace(version.before, leads=new)
    return detect_events(before, version.after, now)


def _without_content(lead: Lead) -> Lead:
    return Lead(lead.id, lead.path, lead.name)


def _follow(
    commits: Iterable[FolderCommit], lead: Lead, subject: object, trace: Follow
) -> Iterator[LoggedEvent]:
    """Follow a subject from commit to commit: `at` has what it is in each that is still to come."""
    at: dict[str, object] = {"": subject}
    for commit in commits:
        what = at.pop(commit.name, None)
        if what is None:
            continue
        for parent in commit.same:
            at.setdefault(parent, what)
        found = []
        for version in commit.versions:
            before, events = trace(version, what)
            found.append(events)
            if before is not None and version.parent:
                at.setdefault(version.parent, before)
        for event in _of_all_parents(found) if found else ():
            yield LoggedEvent(event, lead.name, commit.author, commit.when, commit.name)
        if not at:
            return
