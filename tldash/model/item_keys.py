"""Keys that identify task items, sessions and leads across two workspaces.

A key survives edits that people make all the time: ticking, changing a date, moving lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter

from tldash.model.records import ItemKind, Lead, Session, Task, Workspace

Key = Hashable


def task_key(task: Task) -> Key:
    """Return a key that survives ticking, changing fields and moving within the section."""
    return task.path, task.section, task.text, task.occurrence[0]


def session_key(session: Session) -> Key:
    """Return a key that survives any edit of the session's file but that of a dated heading."""
    return "session", session.place


def lead_key(lead: Lead) -> Key:
    """Return the key of a lead."""
    return "lead", lead.id


def iter_tasks(lead: Lead) -> Iterator[Task]:
    """Yield the task items of a lead: topics, actions, markers, and goals with a box."""
    for session in lead.sessions:
        yield from session.topics
    for action in lead.actions:
        yield action.task
    for marker in lead.markers:
        yield marker.task
    for other in lead.others:
        if other.kind is ItemKind.GOAL:
            yield other.task


def find_current(workspace: Workspace, tasks: Sequence[Task]) -> list[Task]:
    """Return task items as they are in the workspace; one that cannot be told as it is.

    Of several with the same key, which differ in their fields, it is the one on the same line.
    """
    paths = {task.path for task in tasks}
    found: dict[Key, list[Task]] = {}
    for lead in workspace.readable_leads:
        for task in iter_tasks(lead):
            if task.path in paths:
                found.setdefault(task_key(task), []).append(task)
    return [_choose(task, found.get(task_key(task), [])) for task in tasks]


def _choose(task: Task, same: Sequence[Task]) -> Task:
    if len(same) == 1:
        return same[0]
    return next((one for one in same if one.line == task.line), task)


def find_added_task(workspace: Workspace, path: str, text: str) -> Task | None:
    """Return the last task item in the file at `path` whose line contains `text`."""
    found = (
        task
        for lead in workspace.readable_leads
        if path.startswith(lead.path)
        for task in iter_tasks(lead)
        if task.path == path and text in task.raw
    )
    return max(found, key=attrgetter("line"), default=None)


def find_changed_keys(
    before: Workspace,
    after: Workspace,
    own: Collection[Key] = frozenset(),
    own_paths: Collection[str] = (),
) -> frozenset[Key]:
    """Return the keys of new and changed task items and sessions, and of their leads.

    Removed items and items that only moved are left out.

    Args:
        before: The earlier workspace.
        after: The later workspace.
        own: Keys of the viewer's own recent edits, which are ignored.
        own_paths: Files that the viewer is editing by hand; ignored too.
    """
    known = {lead.id: lead for lead in before.leads}
    keys: set[Key] = set()
    for lead in after.leads:
        old = known.get(lead.id)
        if old is lead:
            continue
        found = set(_changed(old, lead, own_paths)).difference(own) if old is not None else set()
        if found or (old is None and lead_key(lead) not in own):
            keys |= {*found, lead_key(lead)}
    return frozenset(keys)


def _changed(before: Lead, after: Lead, own_paths: Collection[str]) -> Iterator[Key]:
    # Task items of unchanged files are the same objects in both workspaces.
    same = set(map(id, iter_tasks(before))).intersection(map(id, iter_tasks(after)))
    known = Counter(
        (task_key(task), _meaning(task)) for task in iter_tasks(before) if id(task) not in same
    )
    for task in iter_tasks(after):
        if id(task) in same or task.path in own_paths:
            continue
        seen = (task_key(task), _meaning(task))
        if not known[seen]:
            yield seen[0]
        known[seen] -= 1
    sessions = {session.place: _frame(session) for session in before.sessions}
    for session in after.sessions:
        if session.path not in own_paths and sessions.get(session.place) != _frame(session):
            yield session_key(session)


def _meaning(task: Task) -> tuple[Hashable, ...]:
    return task.status, task.fields, task.note


_frame = attrgetter(
    *(
        field.name
        for field in fields(Session)
        if field.name not in ("topics", "actions", "number", "body_line", "next_line", "last_line")
    )
)
"""Fields of a session except its task items, its number and its line numbers."""
