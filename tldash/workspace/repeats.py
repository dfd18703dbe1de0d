"""Find the session that the next occurrence of a repeating topic goes to.

The next occurrence of an action stands above the one that was done. A topic belongs to the next
conversation, so the next occurrence of a topic goes into the file of the next planned session.
"""

from __future__ import annotations

from collections.abc import Iterable

from tldash.editing import semantics
from tldash.editing.edits import AddTask, Edit, SetStatus
from tldash.insight.topics import find_return
from tldash.model.records import Lead, Session, Task


def find_following(edit: Edit, leads: Iterable[Lead]) -> AddTask | None:
    """Return the edit that adds the next occurrence of a topic to the next session.

    None if there is none, or if no session after the topic's has a file yet. The next occurrence
    then stays in the file of the topic.
    """
    if not isinstance(edit, SetStatus) or not semantics.repeats(edit, edit.task):
        return None
    if edit.task.status.closed:
        return None
    sessions = (find_return(lead, edit.task, edit.on) for lead in leads)
    session = next(filter(None, sessions), None)
    if session is None or _has(session, edit.task):
        return None
    line = semantics.next_elsewhere(edit.task, edit.on)
    return AddTask(session.path, line, "Agenda", session.section) if line is not None else None


def _has(session: Session, topic: Task) -> bool:
    """Return whether somebody has copied a topic into a session by hand."""
    return any(
        (other.text, other.fields.repeat) == (topic.text, topic.fields.repeat)
        for other in session.topics
    )
