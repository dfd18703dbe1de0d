"""Format trends as the text and the JSON of `tldash stats`. Both have counts only, no text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from tldash.insight.phase import find_phase, is_active
from tldash.insight.slipping import CARRIED_TIMES, MOVED_TIMES, OwnerSlips, Slip, count_by_owner
from tldash.insight.trends import LevelStep, SessionTrend, SkillTrend, Trends
from tldash.model.dates import format_full_date, pluralize
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.sanitize import sanitize
from tldash.output.trend_chart import (
    SESSIONS_LEGEND,
    describe_actions,
    describe_cadence,
    describe_sessions,
    draw_axis,
    draw_foot,
    draw_session,
    draw_skill,
    draw_table_head,
    find_most_actions,
    plan_picture,
    plan_table,
    to_text,
    wrap_facts,
)

LABEL_WIDTH: Final = 10
Json = dict[str, Any]


@frozen
class LeadStats:
    """The figures of a lead, and the slipping actions."""

    name: str
    """The name to show, with the folder if several are open."""
    trends: Trends
    slips: tuple[Slip, ...]


def format_stats(found: Sequence[LeadStats], width: int) -> str:
    """Format the figures of some leads, and of all together if there are several.

    Leads are in the order of their folders. Levels stand below each lead and are never compared.
    """
    if not found:
        return "No leads here yet."
    parts = [line for one in found for line in (*_format_lead(one, width), "", "")]
    if len(found) > 1:
        parts += _format_total(found, width)
    return "\n".join(parts).rstrip("\n")


def _format_lead(one: LeadStats, width: int) -> Iterator[str]:
    trends = one.trends
    lead = trends.lead
    facts = [sanitize(one.name)]
    if lead.coach:
        facts.append(f"coach {sanitize(lead.coach)}")
    if not is_active(lead):
        facts.append(str(find_phase(lead)))
    if trends.since is not None:
        facts.append(f"since {format_full_date(trends.since)}")
    yield from wrap_facts(facts, width)
    yield "─" * min(width, 80)
    yield from _label("cadence", describe_cadence(trends), width)
    yield from _label("sessions", describe_sessions(trends), width)
    yield from _label("actions", describe_actions(trends), width)
    yield from _label("slipping", describe_slips(count_by_owner(_with_lead(one))), width)
    if any(skill.steps for skill in trends.skills):
        yield from _format_levels(trends, width)
    else:
        yield from _label("levels", ("none agreed, no markers ticked",), width)
    if trends.sessions:
        table = plan_table(find_most_actions(trends), trends.today, width)
        yield ""
        yield to_text(draw_table_head(table))
        yield from (to_text(draw_session(row, table)) for row in reversed(trends.sessions))
        yield from wrap_facts(SESSIONS_LEGEND, width)


def _format_levels(trends: Trends, width: int) -> Iterator[str]:
    picture = plan_picture(trends, width)
    yield ""
    yield from map(to_text, draw_axis(picture))
    for skill in trends.skills:
        yield from map(to_text, draw_skill(skill, picture))
    yield from map(to_text, draw_foot(picture))


def _label(name: str, facts: Sequence[str], width: int) -> Iterator[str]:
    for index, line in enumerate(wrap_facts(facts, width - LABEL_WIDTH)):
        yield f"{'' if index else name:<{LABEL_WIDTH}}{line}"


def describe_slips(rows: Iterable[OwnerSlips]) -> tuple[str, ...]:
    """Return a phrase for each owner: `Ada: 2 actions (2 carried over 2+ times)`."""
    found = []
    for row in rows:
        why = [f"{row.carried} carried over {CARRIED_TIMES}+ times"] if row.carried else []
        why += [f"{row.moved} moved {MOVED_TIMES}+ times"] if row.moved else []
        count = pluralize(row.actions, "action")
        found.append(f"{sanitize(row.owner)}: {count} ({', '.join(why)})")
    return tuple(found) or ("none",)


def _with_lead(one: LeadStats) -> list[tuple[Lead, Slip]]:
    return [(one.trends.lead, slip) for slip in one.slips]


def _format_total(found: Sequence[LeadStats], width: int) -> Iterator[str]:
    """Format the sums over the leads that count. Levels are in none of them."""
    total = _add_up(found)
    held, gaps = total["held"], total["gaps"]
    yield f"Total of {pluralize(total['leads'], 'active lead')}"
    yield "─" * min(width, 80)
    facts = [f"{held} held", f"{total['missed']} missed", f"{total['cancelled']} cancelled"]
    if held:
        facts.append(f"{total['with_both'] / held:.0%} ended with an action and a next date")
    yield from _label("sessions", facts, width)
    if gaps:
        yield from _label("cadence", (f"{total['kept']} of {gaps} intervals kept",), width)
    facts = [f"{total[name]} {name}" for name in ("opened", "done", "dropped")]
    yield from _label("actions", (*facts, f"{total['open']} open now"), width)
    active = [one for one in found if is_active(one.trends.lead)]
    rows = count_by_owner(pair for one in active for pair in _with_lead(one))
    if not rows:
        yield from _label("slipping", ("none",), width)
    for index, row in enumerate(rows):
        yield from _label("" if index else "slipping", describe_slips([row]), width)


def _add_up(found: Sequence[LeadStats]) -> dict[str, int]:
    """Add the figures of the leads that count. Intervals without a cadence are left out."""
    active = [one.trends for one in found if is_active(one.trends.lead)]
    cadences = [one.cadence for one in active]
    actions = [one.actions for one in active]
    return {
        "leads": len(active),
        "held": sum(one.held for one in cadences),
        "missed": sum(one.missed for one in cadences),
        "cancelled": sum(one.cancelled for one in cadences),
        "with_action": sum(one.with_action for one in actions),
        "with_next": sum(one.with_next for one in actions),
        "with_both": sum(one.with_both for one in actions),
        "gaps": sum(one.gaps for one in cadences if one.planned is not None),
        "kept": sum(one.kept for one in cadences),
        "opened": sum(one.opened for one in actions),
        "done": sum(one.done for one in actions),
        "dropped": sum(one.dropped for one in actions),
        "open": sum(one.open_now for one in actions),
    }


# JSON


def stats_to_json(found: Sequence[LeadStats], since: date | None, today: date) -> Json:
    """Convert the figures of some leads, with their sums. Its keys are stable."""
    active = [one for one in found if is_active(one.trends.lead)]
    slips = count_by_owner(pair for one in active for pair in _with_lead(one))
    return {
        "today": today.isoformat(),
        "since": since.isoformat() if since else None,
        "leads": [_lead_to_json(one) for one in found],
        "total": {**_add_up(found), "slipping": [_slips_to_json(row) for row in slips]},
    }


def _lead_to_json(one: LeadStats) -> Json:
    trends = one.trends
    lead, cadence, actions = trends.lead, trends.cadence, trends.actions
    return {
        "id": lead.id,
        "name": lead.name,
        "coach": lead.coach,
        "status": str(find_phase(lead)),
        "cadence": lead.cadence_name,
        "cadence_days": cadence.planned,
        "held": cadence.held,
        "missed": cadence.missed,
        "cancelled": cadence.cancelled,
        "with_action": actions.with_action,
        "with_next": actions.with_next,
        "with_both": actions.with_both,
        "gaps": cadence.gaps,
        "kept": cadence.kept if cadence.planned is not None else None,
        "median_gap": cadence.median_gap,
        "since_last": cadence.since_last,
        "opened": actions.opened,
        "done": actions.done,
        "dropped": actions.dropped,
        "undated": actions.undated,
        "open": actions.open_now,
        "closed_since": actions.closed_since,
        "median_days_open": actions.median_days,
        "skills": {
            trend.skill.id: [_step_to_json(step, trend) for step in trend.steps]
            for trend in trends.skills
        },
        "sessions": [_session_to_json(row) for row in trends.sessions],
        "slipping": [_slips_to_json(row) for row in count_by_owner(_with_lead(one))],
    }


def _step_to_json(step: LevelStep, trend: SkillTrend) -> Json:
    level = trend.skill.levels[step.rank - 1].id
    return {"date": step.day.isoformat(), "level": level, "source": str(step.source)}


def _session_to_json(one: SessionTrend) -> Json:
    return {
        "date": one.day.isoformat(),
        "status": str(one.status),
        "gap": one.gap,
        "kept": one.kept,
        "opened": one.opened,
        "closed": one.closed,
        "carried": one.carried,
        "action": one.has_action,
        "next": one.has_next,
    }


def _slips_to_json(row: OwnerSlips) -> Json:
    return {
        "owner": row.owner,
        "actions": row.actions,
        "carried": row.carried,
        "moved": row.moved,
        "moves": row.moves,
    }
