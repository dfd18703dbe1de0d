"""What became of a workspace between two readings, in terms of what people do, not of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator
from dataclasses import fields
from operator import attrgetter

from tldash.model.records import Lead, Session, Task, Workspace

Key = Hashable


def task_key(task: Task) -> Key:
    """What stays the same about a task item when it is ticked, re-dated or moved."""
    return task.path, task.section, task.text, task.occurrence[0]


def session_key(session: Session) -> Key:
    """What stays the same about a session whatever is written in it."""
    return "session", session.path


def lead_key(lead: Lead) -> Key:
    """What stays the same about a lead."""
    return "lead", lead.id


def iter_tasks(lead: Lead) -> Iterator[Task]:
    """Every task item of a lead: topics, actions and markers."""
    for session in lead.sessions:
        yield from session.topics
    for action in lead.actions:
        yield action.task
    for marker in lead.markers:
        yield marker.task


def find_added_task(workspace: Workspace, path: str, text: str) -> Task | None:
    """The item that was written into a file with that text behind its box: the last such one."""
    found = (
        task
        for lead in workspace.leads
        if path.startswith(lead.path)
        for task in iter_tasks(lead)
        if task.path == path and text in task.raw
    )
    return max(found, key=attrgetter("line"), default=None)


def find_changed_keys(
    before: Workspace, after: Workspace, own: Collection[Key] = frozenset()
) -> frozenset[Key]:
    """The keys of what is new or different: task items, sessions, and the leads they belong to.

    What went away has no key here, and a change of place alone is none. `own` keys, of what the
    viewer has just done, are no news, nor is a lead because of them.
    """
    known = {lead.id: lead for lead in before.leads}
    keys: set[Key] = set()
    for lead in after.leads:
        old = known.get(lead.id)
        if old is lead:
            continue
        found = set(_changed(old, lead)).difference(own) if old is not None else set()
        if found or old is None:
            keys |= {*found, lead_key(lead)}
    return frozenset(keys)


def _changed(before: Lead, after: Lead) -> Iterator[Key]:
    # What comes from a file that did not change is the very same object.
    same = set(map(id, iter_tasks(before))).intersection(map(id, iter_tasks(after)))
    known = Counter(
        (task_key(task), _meaning(task)) for task in iter_tasks(before) if id(task) not in same
    )
    for task in iter_tasks(after):
        if id(task) in same:
            continue
        seen = (task_key(task), _meaning(task))
        if not known[seen]:
            yield seen[0]
        known[seen] -= 1
    sessions = {session.path: _frame(session) for session in before.sessions}
    for session in after.sessions:
        if sessions.get(session.path) != _frame(session):
            yield session_key(session)


def _meaning(task: Task) -> tuple[Hashable, ...]:
    return task.status, task.fields, task.note


_frame = attrgetter(
    *(
        field.name
        for field in fields(Session)
        if field.name not in ("topics", "actions", "number", "body_line", "next_line")
    )
)
"""A session without its task items and its place in the series."""
