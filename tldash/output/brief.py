"""Build the brief of a session: what both need to know before it, in sections.

`format_brief` formats it as Markdown, and the dashboard shows the same sections. Its lists have no
checkboxes, so a brief saved in the folder adds no actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from tldash.insight.actions import describe_carried, describe_waiting, is_overdue
from tldash.insight.attention import find_attention_reasons
from tldash.insight.people import ViewerRole, format_owner
from tldash.insight.phase import find_phase, is_active
from tldash.insight.preparation import Preparation, Promise, prepare
from tldash.insight.schedule import NextState, estimate_next_day
from tldash.insight.skills import SkillProgress, build_skill_progress, format_explored
from tldash.insight.starters import describe_position
from tldash.insight.topics import AgendaTopic
from tldash.model.dates import (
    format_date,
    format_full_date,
    format_relative,
    format_span,
    pluralize,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, Task
from tldash.model.sanitize import to_single_line
from tldash.output.passages import Outcome, extract_outcome, parse_passages

LONGEST: Final = 12
"""The maximum number of items of a list. A brief takes ten minutes to go through."""
NO_OUTCOME: Final = Outcome()


@frozen
class BriefItem:
    """A line of a brief."""

    text: str
    note: str = ""
    """What is known about it."""
    label: str = ""
    """What it is, before the text."""
    is_listed: bool = True
    """Whether it is an item of a list."""
    promise: Promise | None = None
    """The action that it is about."""
    topic: AgendaTopic | None = None
    """The topic that it is about."""


@frozen
class BriefSection:
    """A part of a brief."""

    title: str
    note: str = ""
    items: tuple[BriefItem, ...] = ()


@frozen
class Brief:
    """What to know before a session."""

    title: str
    sections: tuple[BriefSection, ...]
    """The first one has no title. It says which session it is."""


@frozen
class BriefReader:
    """Who reads a brief, and when."""

    now: datetime
    you: ViewerRole = ViewerRole.ANOTHER
    news: tuple[str, ...] = ()
    """Changes by others that only the dashboard knows, in words."""


def build_brief(
    lead: Lead,
    framework: Framework,
    reader: BriefReader,
    outcome: Outcome = NO_OUTCOME,
    session: Session | None = None,
) -> Brief:
    """Build the brief of a session, by default of the next one.

    Args:
        lead: The lead.
        framework: The framework, with the starters and questions.
        reader: Who reads it, and when.
        outcome: What the last session came to, from `extract_last`.
        session: The session.
    """
    found = prepare(lead, framework, reader.now, session)
    today = reader.now.date()
    sections = [
        BriefSection("", "", tuple(_facts(lead, framework, found, reader.now))),
        _last_time(found, framework, outcome, reader.now),
        _promises(found.by_lead, format_owner(lead.name, lead, reader.you), lead, reader),
        _promises(found.by_coach, format_owner("coach", lead, reader.you), lead, reader),
        _changes(found, reader),
        BriefSection("Topics", "", _shorten([_topic(one, lead, reader) for one in found.topics])),
        _skill(found, build_skill_progress(lead, framework, reader.now), today),
        BriefSection("Goals", "", tuple(_goals(lead))),
    ]
    return Brief(lead.name, tuple(one for one in sections if one.items or one.note))


def extract_last(session: Session, text: str) -> Outcome:
    """Return what a session came to, from the text of its file."""
    tasks = (*session.topics, *(action.task for action in session.actions))
    return extract_outcome(parse_passages(text, session.path, tasks, session))


def format_brief(brief: Brief) -> str:
    """Format a brief as Markdown. Ends with a line feed."""
    blocks = [f"# {to_single_line(brief.title)}"]
    for section in brief.sections:
        if section.title:
            blocks.append(f"## {to_single_line(section.title)}")
        if section.note:
            blocks.append(to_single_line(section.note))
        lines: list[str] = []
        for item in section.items:
            if not item.is_listed and lines:
                blocks.append("\n".join(lines))
                lines = []
            lines.append(_format(item))
            if not item.is_listed:
                blocks.append(lines.pop())
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _format(item: BriefItem) -> str:
    label = f"**{to_single_line(item.label)}:** " if item.label else ""
    note = f" ({to_single_line(item.note)})" if item.note else ""
    return f"{'- ' if item.is_listed else ''}{label}{to_single_line(item.text)}{note}"


def _facts(
    lead: Lead, framework: Framework, found: Preparation, now: datetime
) -> Iterator[BriefItem]:
    if not is_active(lead):
        yield BriefItem(f"Coaching is {find_phase(lead)}.", label="Status")
    yield BriefItem(_when(lead, found, now), label="Next session")
    starter = found.position.starter
    yield BriefItem(describe_position(found.position), label="Where you are")
    if starter is not None and starter.purpose:
        yield BriefItem(starter.purpose, label="Purpose")
    if found.shape is not None and found.shape.parts:
        names = " · ".join(part.name for part in found.shape.parts)
        low, high = found.shape.minutes
        span = f"{low}–{high} min" if low != high else f"{low} min"
        yield BriefItem(names, note=span if high else "", label="Parts")
    after = framework.after
    if after is not None and found.position.number == found.position.last:
        text = f"{after.title}. {after.purpose}" if after.purpose else after.title
        yield BriefItem(text, label="After this one")
    if reasons := find_attention_reasons(lead, now):
        text = " · ".join(reason.message for reason in reasons)
        yield BriefItem(text, label="Needs attention")


def _when(lead: Lead, found: Preparation, now: datetime) -> str:
    if found.next.at is not None:
        late = "" if found.next.state is NextState.PLANNED else ", not written up"
        return _moment(found.next.at, now) + late
    expected = estimate_next_day(lead, now)
    if expected is None:
        return "none planned"
    tense = "is" if expected >= now.date() else "was"
    return f"none planned; one {tense} due around {format_full_date(expected)}"


def _moment(at: Moment, now: datetime) -> str:
    """Format as `Tue 24 Nov 2026 16:00, in 4 days`."""
    here = to_local(at, now)
    time = f" {here.time:%H:%M}" if here.time else ""
    return f"{format_full_date(here.day)}{time}, {format_relative(here.day, now.date())}"


def _last_time(
    found: Preparation, framework: Framework, outcome: Outcome, now: datetime
) -> BriefSection:
    last = found.last
    if last is None:
        return BriefSection("Last time", "No session yet.")
    explored = framework.find_skill(last.skill)
    about = f", about {explored.name}" if explored else ""
    items = [BriefItem(paragraph, is_listed=False) for paragraph in outcome.summary]
    levels = [(framework.find_skill(name), name, level) for name, level in last.levels]
    if levels:
        text = ", ".join(
            f"{skill.name if skill else name} {level}" for skill, name, level in levels
        )
        items.append(BriefItem(text, label="Agreed levels"))
    items.extend(BriefItem(text, label="Agreed") for text in outcome.agreements)
    items.extend(BriefItem(text, label="About how you talk") for text in outcome.structure)
    return BriefSection("Last time", f"{_moment(last.at, now)}{about}.", tuple(items))


def _promises(
    promises: Sequence[Promise], name: str, lead: Lead, reader: BriefReader
) -> BriefSection:
    who = name[:1].upper() + name[1:]
    items = _shorten([_promise(one, lead, reader) for one in promises])
    return BriefSection(f"{who} promised", "" if items else "Nothing open.", items)


def _promise(promise: Promise, lead: Lead, reader: BriefReader) -> BriefItem:
    """Format an action with its due date, and the sessions it was carried through."""
    action, today = promise.action, reader.now.date()
    notes = []
    if due := action.due:
        if is_overdue(action, today):
            notes.append(f"**{format_span((today - due).days)} overdue**")
        notes.append(f"due {format_date(due, today)}")
        if 0 <= (due - today).days < 28:
            notes.append(format_relative(due, today))
    if waiting := describe_waiting(action):
        notes.append(waiting)
    owner = action.task.fields.owner
    if owner and action.owner != lead.id and not action.coach_owned:
        notes.append(format_owner(owner, lead, reader.you))
    notes.extend(filter(None, [describe_through(promise, today)]))
    return BriefItem(_words(action.task), ", ".join(notes), promise=promise)


def describe_through(promise: Promise, today: date) -> str:
    """Format as `carried over twice: 2 Sep, 5 Oct`; empty if it was not carried over."""
    if not promise.through:
        return ""
    days = ", ".join(format_date(day, today) for day in promise.through)
    return f"{describe_carried(len(promise.through))}: {days}"


def _words(task: Task) -> str:
    return task.text or "(no text)"


def _changes(found: Preparation, reader: BriefReader) -> BriefSection:
    """Return what changed since the last session, as far as the files or the dashboard know."""
    if found.last is None:
        return BriefSection("Since last time")
    today = reader.now.date()
    items = [
        BriefItem(_words(task), format_date(day, today), label)
        for label, tasks in (
            ("Done", [(a.task, a.task.fields.done) for a in found.done]),
            ("Dropped", [(a.task, a.task.fields.cancelled) for a in found.dropped]),
            ("New", [(a.task, a.task.fields.created) for a in found.added]),
        )
        for task, day in tasks
        if day is not None
    ]
    items.extend(BriefItem(text) for text in reader.news)
    return BriefSection("Since last time", "" if items else "No changes.", _shorten(items))


def _topic(topic: AgendaTopic, lead: Lead, reader: BriefReader) -> BriefItem:
    left, by = topic.left_open_from, topic.by
    notes = [
        f"left open {format_date(left, reader.now.date())}" if left else "",
        format_owner(by, lead, reader.you) if by else "",
    ]
    return BriefItem(_words(topic.task), ", ".join(filter(None, notes)), topic=topic)


def _skill(found: Preparation, views: Iterable[SkillProgress], today: date) -> BriefSection:
    """Return the skill of the session with the reason for it, else the questions of its parts."""
    idea = found.idea
    asked = tuple(BriefItem(question, label=part) for part, question in found.questions)
    if idea is None:
        return BriefSection("Questions", "", asked)
    view = next(view for view in views if view.skill is idea.skill)
    why = "chosen" if idea.chosen else "suggested"
    note = f"{why[:1].upper()}{why[1:]}: {format_explored(idea, today)}. {_level(view)}."
    return BriefSection(idea.skill.name, note, asked)


def _level(view: SkillProgress) -> str:
    """Format as `Intermediate, 4 of 6 markers ticked`."""
    level = view.level.name if view.level else "Level unknown"
    if not view.markers:
        return level
    return f"{level}, {view.ticked} of {pluralize(len(view.markers), 'marker')} ticked"


def _goals(lead: Lead) -> Iterator[BriefItem]:
    for goal in lead.goals:
        yield BriefItem(goal.text, str(goal.status) if goal.status.closed else "")


def _shorten(items: Sequence[BriefItem]) -> tuple[BriefItem, ...]:
    """Return the first items, and the number of those left out."""
    if len(items) <= LONGEST:
        return tuple(items)
    left = len(items) - LONGEST + 1
    return (*items[: LONGEST - 1], BriefItem(f"and {left} more"))
