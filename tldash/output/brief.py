"""Format a brief: a Markdown page for preparing the next session with a lead.

Its lists have no checkboxes, so a brief saved in the folder adds no actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from tldash.insight.actions import (
    DueGroup,
    describe_waiting,
    find_carried_over,
    find_closed_since,
    find_open_actions,
    group_by_due,
    is_overdue,
)
from tldash.insight.attention import find_attention_reasons
from tldash.insight.phase import Phase, find_phase, is_active
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
    pick_questions,
    suggest_skill,
)
from tldash.insight.starters import describe_position, find_position
from tldash.insight.topics import AgendaTopic, find_agenda
from tldash.model.dates import (
    format_date,
    format_full_date,
    format_moment,
    format_relative,
    format_span,
    pluralize,
    to_local,
)
from tldash.model.framework import Framework
from tldash.model.records import Action, Goal, Lead, Moment, Session, Task
from tldash.model.sanitize import to_single_line

_HEADS: Final = {
    DueGroup.OVERDUE: "Overdue",
    DueGroup.THIS_WEEK: "Due this week",
    DueGroup.NEXT_WEEK: "Due next week",
    DueGroup.LATER: "Due later",
    DueGroup.UNDATED: "Without a date",
    DueGroup.WAITING: "Waiting",
    DueGroup.COACH: "The coach's own",
}


def format_brief(lead: Lead, framework: Framework, now: datetime) -> str:
    """Format the brief of a lead as Markdown. Ends with a line feed."""
    last = find_last_session(lead, now)
    parts: list[Iterable[str]] = [
        [f"# {to_single_line(lead.name)}"],
        _facts(lead, framework, now),
        ["## Open actions"],
        *_actions(lead, now),
        ["## Done since last time"],
        _done(lead, last, now.date()),
        ["## Agenda"],
        _agenda(lead, now),
        ["## Skills"],
        _skills(lead, framework, now),
        *_to_explore(lead, framework, now),
        ["## Goals"],
        [*map(_goal, lead.goals)] or ["No goals yet."],
        ["## Rhythm"],
        [_rhythm(lead, now)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _goal(goal: Goal) -> str:
    return f"- {to_single_line(goal.text)}" + (f" ({goal.status})" if goal.status.closed else "")


def _facts(lead: Lead, framework: Framework, now: datetime) -> Iterator[str]:
    found = find_next_session(lead, now)
    when = "none planned"
    if found.at is not None:
        when = _moment(found.at, now)
        if found.state is not NextState.PLANNED:
            when += ", not written up"
    yield f"- **Next session:** {when}"
    last = find_last_session(lead, now)
    if last is None:
        yield "- **Last session:** none yet"
    else:
        skill = framework.find_skill(last.skill)
        about = f", about {to_single_line(skill.name)}" if skill else ""
        title = f": {to_single_line(last.title)}" if last.title else ""
        yield f"- **Last session:** {_moment(last.at, now)}{title}{about}"
    yield f"- **Where you are:** {describe_position(find_position(lead, framework, now))}"
    if reasons := find_attention_reasons(lead, now):
        why = " · ".join(to_single_line(reason.message) for reason in reasons)
        yield f"- **Needs attention:** {why}"
    if not is_active(lead):
        yield f"- **Status:** {find_phase(lead)}"


def _moment(at: Moment, now: datetime) -> str:
    """Format as `Tue 24 Nov 2026 16:00, in 4 days`."""
    here = to_local(at, now)
    time = f" {here.time:%H:%M}" if here.time else ""
    return f"{format_full_date(here.day)}{time}, {format_relative(here.day, now.date())}"


def _actions(lead: Lead, now: datetime) -> Iterator[Sequence[str]]:
    """Yield the open actions by group, most urgent first."""
    carried = find_carried_over(lead, now)
    groups = group_by_due(find_open_actions(lead), now.date())
    if not groups:
        yield ["No open actions."]
    for name, actions in groups:
        yield [f"### {_HEADS[name]}"]
        coach = name is DueGroup.COACH
        yield [
            _action(action, now.date(), carried=action in carried, named=not coach)
            for action in actions
        ]


def _action(action: Action, today: date, *, carried: bool, named: bool) -> str:
    """Format an action as a list item. `named` adds an owner other than the lead."""
    notes = []
    if due := action.due:
        near = 0 <= (due - today).days < 28
        late = is_overdue(action, today)
        overdue = f"**{format_span((today - due).days)} overdue**, " if late else ""
        notes.append(f"{overdue}due {format_date(due, today)}")
        if near:
            notes.append(format_relative(due, today))
    if waiting := describe_waiting(action):
        notes.append(to_single_line(waiting))
    owner = action.task.fields.owner
    if owner and named:
        notes.append(f"@{to_single_line(owner)}")
    if carried and action.session:
        notes.append(f"carried over since {format_date(action.session, today)}")
    return f"- {_words(action.task)}" + (f" ({', '.join(notes)})" if notes else "")


def _words(task: Task) -> str:
    return to_single_line(task.text) or "(no text)"


def _done(lead: Lead, last: Session | None, today: date) -> list[str]:
    closed = find_closed_since(lead, last.at.day if last else None)
    return [
        f"- {_words(action.task)} ({format_date(action.task.fields.done, today)})"
        for action in closed
        if action.task.fields.done
    ] or ["No actions with a done date."]


def _agenda(lead: Lead, now: datetime) -> list[str]:
    """List the topics of the next session, with those that were left open before."""
    return [_topic(topic, now.date()) for topic in find_agenda(lead, now)] or ["No topics yet."]


def _topic(topic: AgendaTopic, today: date) -> str:
    left = topic.left_open_from
    notes = [f"left open {format_date(left, today)}"] if left else []
    if topic.by:
        notes.append(f"@{to_single_line(topic.by)}")
    return f"- {_words(topic.task)}" + (f" ({', '.join(notes)})" if notes else "")


def _skills(lead: Lead, framework: Framework, now: datetime) -> list[str]:
    return [
        f"- {to_single_line(view.skill.name)}: {_level(view, now.date())}"
        for view in build_skill_progress(lead, framework, now)
    ]


def _level(view: SkillProgress, today: date) -> str:
    """Format as `intermediate, 4 of 6 markers ticked, explored 1 Jul`."""
    parts = [to_single_line(view.level.name).lower() if view.level else "level unknown"]
    if view.markers:
        parts.append(f"{view.ticked} of {pluralize(len(view.markers), 'marker')} ticked")
    if view.explored:
        parts.append(f"explored {', '.join(format_date(day, today) for day in view.explored)}")
    return ", ".join(parts)


def _to_explore(lead: Lead, framework: Framework, now: datetime) -> Iterator[Sequence[str]]:
    """Yield the skill of the next session, else the suggested one, and questions about it."""
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
    if not is_active(lead):
        ended = find_phase(lead) is Phase.ENDED
        return "Coaching has ended." if ended else "Coaching is paused."
    if lead.cadence is None:
        return "Sessions are ad hoc."
    text = f"The cadence is {to_single_line(lead.cadence_name)}."
    expected = estimate_next_day(lead, now)
    if expected is None:
        return text
    tense = "is" if expected >= now.date() else "was"
    text += f" The next session {tense} due around {format_full_date(expected)}."
    found = find_next_session(lead, now)
    if found.state is NextState.NONE:
        text += " None is planned: agree on a date before you end the session."
    elif found.at is not None and found.state is NextState.PLANNED:
        text += f" It is planned {format_moment(found.at, now)}."
    return text
