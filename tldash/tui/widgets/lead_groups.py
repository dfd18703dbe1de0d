"""Groups of leads: their headings, their summary, and the title above the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from tldash.insight.attention import AttentionCode, find_attention_reasons, is_pressing
from tldash.insight.audience import Audience
from tldash.insight.overview import NO_COACH_GROUP, Arrangement, Grouping, LeadGroup, SortOrder
from tldash.insight.phase import find_phase
from tldash.model.dates import pluralize
from tldash.model.records import Lead
from tldash.tui.style.text import DONE, HEAD, LATE, MUTED, STRONG, bullets, fit, spread, words
from tldash.tui.widgets.leads import LeadRow, reasons, section
from tldash.tui.widgets.row_list import Row

WHY: Final[dict[AttentionCode, str]] = {
    AttentionCode.PAST_CADENCE: "past cadence",
    AttentionCode.NOT_WRITTEN_UP: "not written up",
    AttentionCode.MISSED: "missed the last session",
    AttentionCode.NO_NEXT: "no next session",
    AttentionCode.OVERDUE: "with overdue actions",
    AttentionCode.CARRIED: "with carried-over actions",
    AttentionCode.PROBLEMS: "with problems",
}
SORTED: Final[dict[SortOrder, tuple[str, str]]] = {
    SortOrder.NEED: ("need", "most need first"),
    SortOrder.NAME: ("name", "name, A to Z"),
    SortOrder.NEXT: ("next", "next session, soonest first"),
    SortOrder.LAST: ("last", "last session, longest ago first"),
    SortOrder.OVERDUE: ("overdue", "most overdue first"),
}
"""The order, short and long."""
ROOMY: Final = 100
NAME_WIDTH: Final = 22
LEAST_NAME: Final = 14
COUNT_WIDTHS: Final = (8, 11, 10)
"""Cells of `12 leads`, `12 need you` and `12 overdue`."""
NEUTRAL_WIDTH: Final = 17
"""Cells of `12 need attention`, where that stands in a list."""
GAP: Final = 2


def why(found: Iterable[tuple[AttentionCode, int]]) -> Content:
    """Describe reasons, each with its number of leads."""
    return bullets([words(f"{number} {WHY[reason]}", MUTED) for reason, number in found])


class GroupedLeadRow(LeadRow):
    """A lead in a group."""

    indent = 2


class GroupRow(Row):
    """The heading of a group, with its numbers and reasons."""

    box = (0, 2)

    def __init__(
        self, group: LeadGroup, *, parting: Grouping, folded: bool, neutral: bool = False
    ) -> None:
        """`neutral`: whether a group of the list is."""
        self.group = group
        self.key = ("group", group.key)
        self.folded = folded
        self._nobody = parting is Grouping.COACH and group.name == NO_COACH_GROUP
        first, needing, last = COUNT_WIDTHS
        self._widths = (first, NEUTRAL_WIDTH if neutral else needing, last)
        numbers = (len(group.leads), group.needing, group.overdue)
        self.basis = (group.name, numbers, group.reasons, folded, self._nobody, neutral)

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        group = self.group
        needing = _number(group.needing, _needs(group.needing, you=not group.neutral))
        cells = [
            Content.styled(pluralize(len(group.leads), "lead"), MUTED),
            Content("") if group.aside else needing or Content.styled("fine", DONE),
            _number(group.overdue, "overdue"),
        ]
        rest = width - 2 - sum(self._widths) - GAP * 3
        name = min(max(rest - GAP, LEAST_NAME), NAME_WIDTH)
        style = MUTED if self._nobody or group.aside else STRONG
        parts = [
            Content.styled("▸ " if self.folded else "▾ ", MUTED),
            fit(words(group.name, style), name),
        ]
        for cell, size in zip(cells, self._widths, strict=True):
            parts.extend((Content(" " * GAP), fit(cell, size, right=True)))
        left = rest - name - GAP
        if left > 8 and group.reasons:
            parts.extend((Content(" " * GAP), fit(why(group.reasons), left)))
        return (Content.assemble(*parts).truncate(width, ellipsis=True),)


def _number(number: int, of: str) -> Content:
    """Return a number with a label; empty for 0."""
    if not number:
        return Content("")
    return Content.assemble((str(number), LATE), " ", words(of, MUTED))


def _needs(number: int, *, you: bool) -> str:
    return f"{'needs' if number == 1 else 'need'} {'you' if you else 'attention'}"


def title(plan: Arrangement, width: int) -> Content:
    """Return the title of the list: number of leads, how many need the viewer, and the order."""
    parts: list[Content] = []
    needing, total, you = plan.needing, plan.shown, plan.audience.is_addressed
    if total != plan.total:
        parts.append(words(f"{total} of {plan.total}", STRONG))
    if plan.warning and total:
        parts.append(words(plan.warning, LATE))
    elif needing:
        of = "" if parts else f" of {plan.active}"
        if plan.audience.viewer is not None and plan.concerned < plan.active:
            of = "" if parts or plan.concerned == 1 else f" of your {plan.concerned}"
        parts.append(Content.styled(f"{needing}{of} {_needs(needing, you=you)}", LATE))
    elif any(not group.aside for group in plan.groups):
        parts.append(Content.styled(f"nobody {_needs(1, you=you)}", DONE))
    short, long = SORTED[plan.view.sort]
    order = f"↓ {long if width >= ROOMY else short}"
    if plan.grouping is not Grouping.NONE:
        order = f"{order} · by {plan.grouping}"
    left = Content.assemble(("LEADS  ", HEAD), bullets(parts))
    return spread(left, words(order, MUTED), width)


def group_summary(  # noqa: PLR0913, PLR0917 - what it is about, and its size
    group: LeadGroup,
    parting: Grouping,
    now: datetime,
    width: int,
    height: int,
    audience: Audience,
) -> Content:
    """Summarize a group in at most `height` lines: the reasons, and which leads need the viewer."""
    of_coach = parting is Grouping.COACH and group.name != NO_COACH_GROUP
    name = f"coach {group.name}" if of_coach else group.name
    numbers = [Content.styled(pluralize(len(group.leads), "lead"), MUTED)]
    if group.overdue:
        numbers.append(Content.styled(f"{group.overdue} overdue", LATE))
    lines = [words(name, STRONG), bullets(numbers)]
    if group.reasons:
        lines.extend((Content(""), section("WHY")))
        lines.extend(
            Content.assemble(words(f"{number:>3} ", STRONG), words(WHY[reason]))
            for reason, number in group.reasons
        )
    if group.aside:
        lines.append(Content(""))
        for lead in group.leads:
            lines.append(fit(words(f"{lead.name} · {find_phase(lead)}"), width))
    pressing, fine = _split(group, audience, now)
    if pressing:
        needs = _needs(len(pressing), you=not group.neutral).upper()
        lines.extend((Content(""), section(needs, str(len(pressing)))))
    for lead in pressing:
        lines.append(Content.assemble(("! ", LATE), fit(words(lead.name), width - 2)))
        lines.append(
            Content.assemble("  ", fit(reasons(find_attention_reasons(lead, now)), width - 2))
        )
    if fine:
        lines.extend((Content(""), section("FINE", str(len(fine)))))
        lines.extend(Content.assemble("  ", fit(words(lead.name), width - 2)) for lead in fine)
    if len(lines) > height:
        more = Content.styled("…", MUTED)
        lines = [*lines[: max(height - 1, 0)], more]
    return Content("\n").join(lines)


def _split(group: LeadGroup, audience: Audience, now: datetime) -> tuple[list[Lead], list[Lead]]:
    """Return the leads that `LeadGroup.needing` counts, and the others; none if it is aside."""
    parts: tuple[list[Lead], list[Lead]] = ([], [])
    for lead in () if group.aside else group.leads:
        reasons = find_attention_reasons(lead, now)
        needs = is_pressing(reasons) if group.neutral else audience.is_needed(lead, reasons)
        parts[0 if needs else 1].append(lead)
    return parts
