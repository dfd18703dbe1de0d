"""Format the rows of `tldash status` as plain text. All text is sanitized."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tldash.insight.actions import count_actions
from tldash.insight.attention import find_attention_reasons, sort_by_urgency
from tldash.insight.phase import find_phase, is_active
from tldash.insight.schedule import (
    CadenceCell,
    NextState,
    build_cadence_strip,
    find_last_session,
    find_next_session,
)
from tldash.insight.skills import build_skill_progress
from tldash.model.dates import format_moment, format_relative
from tldash.model.framework import Framework
from tldash.model.records import Lead
from tldash.output.report import format_table

CADENCE_ICONS = {
    CadenceCell.HELD: "●",
    CadenceCell.PAST_CADENCE: "◐",
    CadenceCell.MISSED: "○",
    CadenceCell.TO_COME: "·",
}


def format_next_session(lead: Lead, now: datetime) -> str:
    """Format when a lead's next session is."""
    found = find_next_session(lead, now)
    if found.at is None:
        return "none planned"
    when = format_moment(found.at, now)
    return when if found.state is NextState.PLANNED else f"{when} (not written up)"


def format_status(
    leads: Sequence[Lead], framework: Framework, now: datetime, how_to_add: str
) -> str:
    """Format one row per lead, most urgent first, paused and ended ones last.

    Without leads, name the command to add one.
    """
    if not leads:
        return f"No leads here yet. Run {how_to_add} to add one."
    heads = [skill.short for skill in framework.skills]
    rows = [["LEAD", "NEXT SESSION", "LAST", "OPEN", "OVERDUE", "CADENCE", *heads, "ATTENTION"]]
    for lead in sort_by_urgency(tuple(leads), now):
        last = find_last_session(lead, now)
        opened, overdue = count_actions((lead,), now.date())
        reasons = " · ".join(reason.message for reason in find_attention_reasons(lead, now))
        levels = [
            "▰" * view.rank + "▱" * (len(view.skill.levels) - view.rank)
            for view in build_skill_progress(lead, framework, now)
        ]
        rows.append(
            [
                lead.name,
                format_next_session(lead, now) if is_active(lead) else "",
                format_relative(last.at.day, now.date()) if last else "never",
                str(opened) if is_active(lead) else "",
                str(overdue) if overdue else "",
                "".join(CADENCE_ICONS[beat] for beat in build_cadence_strip(lead, now)),
                *levels,
                reasons or ("-" if is_active(lead) else str(find_phase(lead))),
            ]
        )
    return format_table(rows, right=(3, 4))
