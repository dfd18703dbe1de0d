"""A page for preparing the next session with a lead, as Markdown to read, print or paste.

Made of answers that were asked elsewhere, in words. Its lists have no boxes, so that a copy that is
put into the folder adds no action to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from tldash.create.templates import pick_questions, to_single_line
from tldash.insight.actions import (
    DueGroup,
    find_carried_over,
    find_closed_since,
    find_open_actions,
    group_by_due,
)
from tldash.insight.attention import find_attention_reasons
from tldash.insight.schedule import (
    NextState,
    estimate_next_day,
    find_last_session,
    find_next_session,
)
from tldash.insight.skills import (
    SkillProgress,
    Suggestion,
    build_skill_progress,
    format_explored,
    suggest_skill,
)
from tldash.model.dates import (
    format_date,
    format_full_date,
    format_moment,
    format_relative,
    format_span,
    is_past,
    pluralize,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.records import Action, Goal, Lead, Moment, Session, Task

_HEADS: Final = {
    DueGroup.OVERDUE: "Overdue",
    DueGroup.THIS_WEEK: "Due this week",
    DueGroup.LATER: "Due later",
    DueGroup.UNDATED: "Without a date",
    DueGroup.COACH: "The coach's own",
}


def format_brief(lead: Lead, framework: Framework, now: datetime) -> str:
    """Everything about a lead that helps to prepare the next session; ends with a line end."""
    last = find_last_session(lead, now)
    parts: list[Iterable[str]] = [
        [f"# {to_single_line(lead.name)}"],
        _facts(lead, framework, now),
        ["## Open actions"],
        *_actions(lead, now),
        ["## Done since last time"],
        _done(lead, last, now.date()),
        ["## Agenda"],
        *_agenda(lead, last, now),
        ["## Skills"],
        _skills(lead, framework, now),
        *_to_explore(lead, framework, now),
        ["## Goals"],
        [*map(_goal, lead.goals)] or ["None are written down yet."],
        ["## Rhythm"],
        [_rhythm(lead, now)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _goal(goal: Goal) -> str:
    return f"- {to_single_line(goal.text)}" + (f" ({goal.status})" if goal.status.closed else "")


def _facts(lead: Lead, framework: Framework, now: datetime) -> Iterator[str]:
    found = find_next_session(lead, now)
    said = "none is planned"
    if found.at is not None:
        said = _moment(found.at, now)
        if found.state is not NextState.PLANNED:
            said += "; nothing is written of it yet"
    yield f"- **Next session:** {said}"
    last = find_last_session(lead, now)
    if last is None:
        yield "- **Last session:** none yet"
    else:
        skill = framework.find_skill(last.skill)
        about = f", about {to_single_line(skill.name)}" if skill else ""
        title = f": {to_single_line(last.title)}" if last.title else ""
        yield f"- **Last session:** {_moment(last.at, now)}{title}{about}"
    number = 1 + sum(is_past(session.at, now) for session in lead.sessions)
    if found.session is not None:
        number = found.session.number
    if number <= len(framework.starters):
        title = to_single_line(framework.starters[number - 1])
        yield f"- **Starter session {number} of {len(framework.starters)}:** {title}"
    if reasons := find_attention_reasons(lead, now):
        yield f"- **Needs you:** {' · '.join(to_single_line(reason.message) for reason in reasons)}"


def _moment(at: Moment, now: datetime) -> str:
    """`Tue 24 Nov 2026 16:00, in 4 days`."""
    here = to_local(at, now)
    time = f" {here.time:%H:%M}" if here.time else ""
    return f"{format_full_date(here.day)}{time}, {format_relative(here.day, now.date())}"


def _actions(lead: Lead, now: datetime) -> Iterator[Sequence[str]]:
    """The open ones by group, those most pressing first."""
    old = find_carried_over(lead, now)
    groups = group_by_due(find_open_actions(lead), now.date())
    if not groups:
        yield ["Nothing is open."]
    for name, actions in groups:
        yield [f"### {_HEADS[name]}"]
        yield [_action(action, now.date(), action in old) for action in actions]


def _action(action: Action, today: date, old: bool) -> str:
    notes = []
    if due := action.due:
        near = 0 <= (due - today).days < 28
        late = f"**{format_span((today - due).days)} late**, " if due < today else ""
        notes.append(f"{late}due {format_date(due, today)}")
        if near:
            notes.append(format_relative(due, today))
    owner = action.task.fields.owner
    if owner and not action.coach_owned:
        notes.append(f"@{to_single_line(owner)}")
    if old and action.session:
        notes.append(f"carried over since {format_date(action.session, today)}")
    return f"- {_words(action.task)}" + (f" ({', '.join(notes)})" if notes else "")


def _words(task: Task) -> str:
    return to_single_line(task.text) or "an item without words"


def _done(lead: Lead, last: Session | None, today: date) -> list[str]:
    closed = find_closed_since(lead, last.at.day if last else None)
    return [
        f"- {_words(action.task)} ({format_date(action.task.fields.done, today)})"
        for action in closed
        if action.task.fields.done
    ] or ["Nothing was ticked off with a date."]


def _agenda(lead: Lead, last: Session | None, now: datetime) -> Iterator[Sequence[str]]:
    """Topics of the next session, and those that the last one left open."""
    session = find_next_session(lead, now).session
    topics = _topics(session)
    yield topics or ["No topics are written down yet."]
    left = _topics(last) if last is not session else []
    if last is not None and left:
        yield [f"Left open on {format_date(last.at.day, now.date())}:"]
        yield left


def _topics(session: Session | None) -> list[str]:
    return [
        f"- {_words(topic)}"
        + (f" (@{to_single_line(owner)})" if (owner := topic.fields.owner) else "")
        for topic in (session.topics if session else ())
        if not topic.status.closed
    ]


def _skills(lead: Lead, framework: Framework, now: datetime) -> list[str]:
    return [
        f"- {to_single_line(view.skill.name)}: {_level(view, now.date())}"
        for view in build_skill_progress(lead, framework, now)
    ]


def _level(view: SkillProgress, today: date) -> str:
    """`intermediate, 4 of 6 signs seen, explored 1 Jul`."""
    said = [to_single_line(view.level.name).lower() if view.level else "not known yet"]
    if view.markers:
        said.append(f"{view.ticked} of {pluralize(len(view.markers), 'sign')} seen")
    if view.explored:
        said.append(f"explored {', '.join(format_date(day, today) for day in view.explored)}")
    return ", ".join(said)


def _to_explore(lead: Lead, framework: Framework, now: datetime) -> Iterator[Sequence[str]]:
    """The skill that the next session names, else the suggested one, and questions for it."""
    session = find_next_session(lead, now).session
    chosen = framework.find_skill(session.skill) if session and session.skill else None
    idea, what = suggest_skill(lead, framework, now), "Suggested"
    if chosen is not None:
        explored = next(
            v.explored for v in build_skill_progress(lead, framework, now) if v.skill is chosen
        )
        last = explored[-1] if explored else None
        idea, what = Suggestion(chosen, len(explored), last), "Chosen"
    if idea is None:
        return
    yield [f"{what}: **{to_single_line(idea.skill.name)}**, {format_explored(idea, now.date())}."]
    if asked := pick_questions(idea):
        yield [f"- {question}" for question in asked]


def _rhythm(lead: Lead, now: datetime) -> str:
    if lead.cadence is None:
        return "Sessions are arranged as they are needed."
    said = f"The cadence is {to_single_line(lead.cadence_name)}."
    usual = estimate_next_day(lead, now)
    if usual is None:
        return said
    tense = "would be" if usual >= now.date() else "would have been"
    said += f" Counted from the last session, the next {tense} on {format_full_date(usual)}."
    found = find_next_session(lead, now)
    if found.state is NextState.NONE:
        said += " None is planned: fix the date before you part."
    elif found.at is not None and found.state is NextState.PLANNED:
        said += f" It is planned {format_moment(found.at, now)}."
    return said
