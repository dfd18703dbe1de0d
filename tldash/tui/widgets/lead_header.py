"""The header of a lead's page: coach, reasons for attention, and goals.

Reasons and goals are shown whole. Those that do not fit end in "and 2 more".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from tldash.insight.attention import find_attention_reasons
from tldash.insight.audience import ANYBODY, Audience
from tldash.insight.phase import is_active
from tldash.insight.starters import describe_position, find_position
from tldash.model.dates import pluralize
from tldash.model.framework import Framework
from tldash.model.records import Goal, Lead
from tldash.tui.style.text import (
    ACCENT,
    HEAD,
    LATE,
    MUTED,
    STRUCK,
    bullets,
    prose,
    spread,
    words,
    wrap,
)
from tldash.tui.widgets.leads import cadence_strip, needs, who
from tldash.tui.widgets.task_rows import ONLY_YOU, status_icon

GOALS: Final = "Goals  "
FILES: Final = "Files  "
NAMED_FROM: Final = 90
"""The width from which a screen that is not tall shows the coach and the cadence."""
MOST_GOALS: Final = 6
"""The maximum number of lines for goals."""


def header(  # noqa: PLR0913 - all that it shows
    lead: Lead,
    framework: Framework,
    now: datetime,
    width: int,
    *,
    tall: bool,
    folder: str = "",
    audience: Audience = ANYBODY,
    private: Sequence[Goal] = (),
    readers: str = "",
) -> Content:
    """Return the header, on two lines unless the screen is `tall`.

    `folder` is the name of the lead's folder if several are open, `audience` the viewer, and
    `private` has the goals that only the viewer can read. A tall screen shows where the lead's
    files are, and who their `readers` are once that is known.
    """
    strip = cadence_strip(lead, now)
    room = width - strip.cell_length - 1
    place = [words(f"in {folder}", MUTED)] if folder else []
    about = describe_position(find_position(lead, framework, now))
    if not is_active(lead):
        about = pluralize(len(lead.sessions), "session")
    known = [*who(lead, audience.role(lead)), words(about, MUTED)]
    short = [] if is_active(lead) else known[:1]
    facts = [*place, *(known if tall or width >= NAMED_FROM else short)]
    found = find_attention_reasons(lead, now)
    why = [words(reason.message, MUTED) for reason in found]
    title = Content.styled(needs(lead, audience, now), LATE)
    together = bullets([*facts, Content.assemble(title, bullets(why))] if why else facts)
    if not why or together.cell_length <= room:
        lines = [spread(together, strip, width)]
    elif tall:
        first = bullets(some(facts, room))
        rest = Content.assemble(title, bullets(some(why, width - title.cell_length)))
        lines = [spread(first, strip, width), rest]
    else:
        before = Content.assemble(bullets([*place, Content("")]), title)
        shown = bullets(some(why, room - before.cell_length))
        lines = [spread(Content.assemble(before, shown), strip, width)]
    lines.extend(_goals(lead.goals, width, tall=tall))
    if private:
        mark = Content.styled(f"{ONLY_YOU}  ", ACCENT)
        goals = bullets(some([_goal(goal) for goal in private], width - mark.cell_length))
        lines.append(Content.assemble(mark, goals))
    if tall:
        where = words(f"{lead.path}/" if lead.path else "in this folder", MUTED)
        place = [where, words(readers, MUTED)] if readers else [where]
        lines.append(Content.assemble((FILES, HEAD), bullets(some(place, width - len(FILES)))))
    return Content("\n").join(lines)


def some(items: Sequence[Content], room: int) -> list[Content]:
    """Return the items that fit on a line, and the number of those left out."""
    for shown in range(len(items), 0, -1):
        left = len(items) - shown
        found = [*items[:shown], *([words(f"and {left} more", MUTED)] if left else [])]
        if bullets(found).cell_length <= room:
            return found
    more = words(f"and {len(items) - 1} more", MUTED) if len(items) > 1 else None
    first = room - (more.cell_length + 3 if more else 0)
    return [items[0].truncate(max(first, 1), ellipsis=True), *([more] if more else [])]


def _goals(goals: Sequence[Goal], width: int, *, tall: bool) -> list[Content]:
    """Return the goals on one line if they fit, else one per line."""
    if not goals:
        return []
    room = width - len(GOALS)
    found = [_goal(goal) for goal in goals]
    on_one = bullets(found)
    if not tall or on_one.cell_length <= room:
        return [Content.assemble((GOALS, HEAD), bullets(some(found, room)))]
    lines: list[Content] = []
    for number, goal in enumerate(found):
        more = len(found) - number
        further = wrap(goal, room)
        if lines and len(lines) + len(further) + (more > 1) > MOST_GOALS:
            lines.append(words(f"and {more} more in lead.md", MUTED))
            break
        lines.extend(further)
    pad = " " * len(GOALS)
    return [
        Content.assemble((pad if index else GOALS, HEAD), line) for index, line in enumerate(lines)
    ]


def _goal(goal: Goal) -> Content:
    """Format a goal. A closed one has its icon and is struck through."""
    if not goal.status.closed:
        return prose(goal.text)
    return Content.assemble(status_icon(goal.status), " ", prose(goal.text, STRUCK))
