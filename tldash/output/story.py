"""Format a story: the lead's own page of goals, growth and achievements, as Markdown.

It has nothing of anybody else: no actions of the coach or of others, and no level that the coach
stated. Its lists have no checkboxes, so a story saved in the folder adds no actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from tldash.insight.people import is_leads_own
from tldash.insight.phase import find_phase, is_active
from tldash.insight.schedule import find_held_sessions
from tldash.insight.skills import SkillProgress, build_skill_progress, find_stated_levels
from tldash.model.dates import format_date, format_full_date, pluralize
from tldash.model.framework import Framework, Skill
from tldash.model.records import Action, Lead, Session, Status, Task
from tldash.model.sanitize import to_single_line
from tldash.output.passage import Passage, PassageKind


def format_story(
    lead: Lead,
    framework: Framework,
    now: datetime,
    quotes: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Format the story of a lead. Ends with a line feed.

    Args:
        lead: The lead.
        framework: The framework, for the skills.
        now: The current time.
        quotes: What `find_quotes` found, by `Session.place`.
    """
    held = find_held_sessions(lead, now)
    parts: list[Iterable[str]] = [[f"# {to_single_line(lead.name)}"], [_about(lead, held)]]
    parts += [["## Goals"], [*_goals(lead)] or ["No goals yet."], ["## Growth"]]
    growth = [*_growth(lead, framework, now)]
    parts += growth or [["No levels or ticked markers yet."]]
    parts += [["## Achievements"], [*_achievements(lead, now.date())] or ["No done actions yet."]]
    said = [*_said(held, quotes or {}, now.date())]
    if said:
        parts += [["## In my own words"], *said]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def find_quotes(found: Iterable[Passage]) -> tuple[str, ...]:
    """Return the block quotes of a session, which are the words of the lead. Callouts are none."""
    return tuple(passage.text for passage in iter_quotes(found))


def iter_quotes(found: Iterable[Passage]) -> Iterator[Passage]:
    """Yield the passages in block quotes, except callouts."""
    in_callout = False
    for passage in found:
        if not passage.quote:
            in_callout = False
        elif passage.kind is PassageKind.TEXT and passage.text:
            in_callout = in_callout or passage.text.startswith("[!")
            if not in_callout:
                yield passage


def _about(lead: Lead, held: Sequence[Session]) -> str:
    facts = []
    since = lead.started or (held[0].at.day if held else None)
    if since is not None:
        facts.append(f"since {format_full_date(since)}")
    facts.append(pluralize(len(held), "session"))
    if not is_active(lead):
        facts.append(str(find_phase(lead)))
    return f"Coaching {' · '.join(facts)}"


def _goals(lead: Lead) -> Iterator[str]:
    for goal in lead.goals:
        yield f"- {to_single_line(goal.text)}" + (f" ({goal.status})" if goal.status.closed else "")


def _growth(lead: Lead, framework: Framework, now: datetime) -> Iterator[Sequence[str]]:
    """Yield a part for each skill with a level or a ticked marker."""
    for view in build_skill_progress(lead, framework, now):
        lines = [*_levels(lead, view.skill, framework, now), *_markers(view, now.date())]
        if lines:
            level = f": {to_single_line(view.level.name).lower()}" if view.level else ""
            yield [f"### {to_single_line(view.skill.name)}{level}"]
            yield lines


def _levels(lead: Lead, skill: Skill, framework: Framework, now: datetime) -> Iterator[str]:
    """Yield the agreed levels and the lead's own view of each day, oldest first."""

    def name(rank: int) -> str:
        return to_single_line(skill.levels[rank - 1].name).lower()

    for stated in find_stated_levels(lead, skill, framework, now):
        found = [name(stated.agreed)] if stated.agreed else []
        if stated.by_lead and stated.by_lead != stated.agreed:
            found.append(f"my own view: {name(stated.by_lead)}")
        if found:
            yield f"- {format_date(stated.session.at.day, now.date())}: {', '.join(found)}"


def _markers(view: SkillProgress, today: date) -> Iterator[str]:
    for marker in view.markers:
        if marker.task.status is Status.DONE:
            yield _line(marker.task, today)


def _achievements(lead: Lead, today: date) -> Iterator[str]:
    """Yield the lead's own done actions, latest first; those without a done date come last."""

    def day(action: Action) -> date:
        return action.task.fields.done or date.min

    own = (one for one in lead.actions if one.status is Status.DONE and is_leads_own(one, lead))
    for action in sorted(own, key=day, reverse=True):
        yield _line(action.task, today)


def _line(task: Task, today: date) -> str:
    done = task.fields.done
    when = f" ({format_date(done, today)})" if done else ""
    return f"- {to_single_line(task.text) or '(no text)'}{when}"


def _said(
    held: Sequence[Session], quotes: Mapping[str, Sequence[str]], today: date
) -> Iterator[Sequence[str]]:
    for session in held:
        for quote in quotes.get(session.place, ()):
            yield [f"> {to_single_line(quote)}", ">", f"> {format_date(session.at.day, today)}"]
