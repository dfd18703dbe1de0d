"""Rows of topics that are not where they were written: on an agenda, by query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from tldash.insight.people import ViewerRole, format_owner
from tldash.insight.topics import AgendaTopic
from tldash.model.dates import format_date
from tldash.model.item_keys import Key, task_key
from tldash.model.records import Lead
from tldash.tui.widgets.task_rows import TaskRow


class TopicRow(TaskRow):
    """A topic on an agenda, with the day on which it was left open, and who added it."""

    def __init__(self, topic: AgendaTopic, about: str) -> None:
        super().__init__(topic.task)
        self.waiting = about
        self.basis = (topic.task, about)


def describe_topic(topic: AgendaTopic, lead: Lead, today: date, you: ViewerRole) -> str:
    """Return since when a topic is open and who added it: `left open 6 Oct · Ada`."""
    left, by = topic.left_open_from, topic.by
    parts = [
        f"left open {format_date(left, today)}" if left else "",
        format_owner(by, lead, you) if by else "",
    ]
    return " · ".join(filter(None, parts))


def with_kept(
    topics: Iterable[AgendaTopic], lead: Lead, kept: Collection[Key]
) -> list[AgendaTopic]:
    """Return the topics of an agenda, with those of `kept` that were on it, in their order."""
    if not kept:
        return [*topics]
    shown = {_place(one): one for one in topics}
    found = []
    for session in lead.sessions:
        for task in session.topics:
            topic = AgendaTopic(task, None)
            if (known := shown.get(_place(topic))) is not None:
                found.append(known)
            elif task_key(task) in kept and task.status.closed:
                found.append(topic)
    return found


def _place(topic: AgendaTopic) -> tuple[object, ...]:
    return topic.task.path, topic.task.line, topic.task.yaml_path
