"""Rows of the skills: a line for each, with the markers below if it is unfolded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.cells import cell_len
from textual.actions import SkipAction
from textual.content import Content
from textual.message import Message

from tldash.insight.people import ViewerRole, format_voice
from tldash.insight.skills import SkillProgress, StatedLevels
from tldash.model.dates import format_date, pluralize
from tldash.model.framework import Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Marker
from tldash.tui.style.text import (
    ACCENT,
    MUTED,
    PLAIN,
    STRONG,
    bullets,
    fit,
    hanging,
    meter,
    spread,
    words,
    wrap,
)
from tldash.tui.widgets.leads import skill_name
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.row_list import Line, Row
from tldash.tui.widgets.task_rows import TaskRow

BARS = "▁▂▃▄▅▆▇█"
HISTORY = 8
"""The number of sessions in the chart."""
LEAST_HISTORY = 4
"""The minimum number of sessions for a chart."""
ROOMY = 60
"""The width from which long names and the whole chart fit."""
SHORT = 14
"""Cells for a name beside a chart in narrower lists."""
BESIDE = 21
"""Cells of a line besides name, number of markers and chart."""
DATED = 84
"""The width from which the chart has its first and its last day."""
DAY_WIDTH = 10
MOST_STATED = 8
"""The number of sessions whose levels an unfolded skill lists."""


@frozen
class Voices:
    """What lead and coach state about the skills, for the viewer."""

    stated: Mapping[str, tuple[StatedLevels, ...]]
    """By the id of a skill."""
    lead: Lead
    you: ViewerRole

    def of(self, skill: Skill) -> tuple[StatedLevels, ...]:
        """Return what they state about a skill."""
        return self.stated.get(skill.id, ())

    def describe(self, one: StatedLevels, skill: Skill) -> list[Content]:
        """Return each voice of a session with its level, unless that is hidden for now."""
        found = []
        for role in (ViewerRole.LEAD, ViewerRole.COACH):
            rank = one.rank(role)
            name = format_voice(role, self.lead, self.you)
            if rank and one.is_hidden(role, self.you):
                found.append(words(f"{name} stated a level", MUTED))
            elif rank:
                found.append(
                    Content.assemble(words(f"{name} ", MUTED), meter(rank, len(skill.levels)))
                )
        return found

    def pending(self, skill: Skill) -> list[Content]:
        """Return the voices of the last session, unless a level was agreed there."""
        stated = self.of(skill)
        return self.describe(stated[-1], skill) if stated and not stated[-1].agreed else []


def history(view: SkillProgress, room: int = HISTORY) -> Content:
    """Draw the agreed levels of the last sessions as a chart."""
    top = len(view.skill.levels)
    ranks = [rank for _, rank in view.history[-room:]]
    return Content.styled("".join(BARS[round(rank / top * 6)] for rank in ranks), ACCENT)


class SkillRow(Row):
    """A skill: its level, its ticked markers, and the chart of its levels."""

    def __init__(
        self,
        view: SkillProgress,
        unfolded: bool,
        beside: int = 0,
        voices: Voices | None = None,
        today: date | None = None,
    ) -> None:
        """`beside` is the width of a line without name and chart; 0 if names are not shortened."""
        self._today = today
        self._pending = voices.pending(view.skill) if voices is not None and not unfolded else []
        self._stated = voices.of(view.skill) if voices is not None else ()
        self.view = view
        self._beside = beside
        self.key = ("skill", view.skill.id)
        self.spot = (view.markers[0].task.path, view.markers[0].task.line) if view.markers else None
        self._unfolded = unfolded
        self.basis = (view, unfolded, beside, self._stated, voices and voices.you, today)

    def height(self, width: int) -> int:
        return len(self.lines(width))

    def _widths(self, width: int) -> tuple[int, int]:
        """Return the widths of the name and of the chart."""
        if width >= ROOMY:
            return 24, HISTORY
        chart = min(width - self._beside - SHORT, HISTORY)
        if self._beside and chart >= LEAST_HISTORY:
            return min(24, width - self._beside - chart), chart
        return min(24, max(width - 26, 8)), 0

    def lines(self, width: int) -> Sequence[Content]:
        view = self.view
        level = view.level.name.lower() if view.level else "not known"
        of = len(view.markers)
        seen = _seen(view)
        fold = ("▾ " if self._unfolded else "▸ ") if of or self._stated else "  "
        name_width, chart = self._widths(width)
        left = Content.assemble(
            (fold, MUTED),
            fit(
                words(skill_name(view.skill, name_width), STRONG if self._unfolded else ""),
                name_width,
            ),
            " ",
            meter(view.rank, len(view.skill.levels)),
            " ",
            fit(words(level, MUTED), 12),
        )
        gap = " " if chart > 0 and width < ROOMY else "  "
        shown = fit(history(view, chart), chart) if chart else Content("")
        if width >= DATED and view.history:
            shown = Content.assemble(shown, " ", fit(self._span(), 2 * DAY_WIDTH))
        right = Content.assemble(words(f"{seen:>4}", MUTED), gap, shown)
        lines = [spread(left, right, width)]
        if self._pending:
            lines.extend(hanging("    ", bullets(self._pending), width))
        if self._unfolded and view.skill.summary:
            lines.extend(
                Content.assemble("  ", line)
                for line in wrap(words(view.skill.summary, MUTED), width - 2)
            )
        return lines

    def _span(self) -> Content:
        """Return the first and the last day of the chart."""
        days = [format_date(day, self._today or day) for day, _ in self.view.history[-HISTORY:]]
        return words(" – ".join(dict.fromkeys((days[0], days[-1]))), MUTED)


class StatedRow(Row):
    """What a session says about the level of an unfolded skill."""

    def __init__(self, one: StatedLevels, skill: Skill, voices: Voices, today: date) -> None:
        self._one = one
        self._skill = skill
        self._voices = voices
        self._today = today
        self.basis = (one, skill, voices.you, today)

    def lines(self, width: int) -> Sequence[Content]:
        day = words(format_date(self._one.session.at.day, self._today).ljust(DAY_WIDTH), MUTED)
        agreed, of = self._one.agreed, len(self._skill.levels)
        level = self._skill.levels[agreed - 1].name.lower() if agreed else "not agreed"
        first = Content.assemble(
            "  ", day, meter(agreed, of) if agreed else Content(" " * of), " ", words(level)
        )
        voices = bullets(self._voices.describe(self._one, self._skill))
        together = Content.assemble(fit(first, max(first.cell_length + 2, 32)), voices)
        if not voices.cell_length or together.cell_length <= width:
            return [together.truncate(width, ellipsis=True)]
        return [first.truncate(width, ellipsis=True), *hanging(" " * 12, voices, width)]


class LevelRow(Row):
    """The heading of a level, above its markers."""

    def __init__(self, name: str, description: str, held: bool) -> None:
        self._name = name
        self._description = description
        self._held = held
        self.basis = (name, description, held)

    def height(self, width: int) -> int:
        del width
        return 1

    def lines(self, width: int) -> Sequence[Content]:
        sign = Content.styled("▰ " if self._held else "▱ ", ACCENT if self._held else MUTED)
        line = Content.assemble(
            "  ", sign, words(self._name.lower()), "  ", words(self._description, MUTED)
        )
        return (line.truncate(width, ellipsis=True),)


class MarkerRow(TaskRow):
    """A marker. A ticked one is not struck through."""

    indent = 4
    closed_style = PLAIN

    def __init__(self, marker: Marker, today: date) -> None:
        super().__init__(marker.task)
        self.marker = marker
        self._today = today
        self.basis = (marker, today)
        if marker.task.fields.done:
            self.widths = (11,)

    def side(self) -> Sequence[Content]:
        seen = self.task.fields.done
        return (Content.styled(format_date(seen, self._today), MUTED),) if seen else ()


def _seen(view: SkillProgress) -> str:
    """Format the number of ticked markers: `4/6`."""
    return f"{view.ticked}/{len(view.markers)}" if view.markers else ""


def skill_rows(
    views: Sequence[SkillProgress],
    unfolded: frozenset[str],
    today: date,
    voices: Voices | None = None,
) -> list[Row]:
    """Return the rows of all skills, with growth, levels and markers of the unfolded ones."""
    short = all(cell_len(skill_name(view.skill, SHORT)) <= SHORT for view in views)
    charted = short and any(view.history for view in views)
    count = max([4, *(len(_seen(view)) for view in views)])
    rows: list[Row] = []
    for view in views:
        stated = voices.of(view.skill) if voices is not None else ()
        is_open = view.skill.id in unfolded and bool(view.markers or stated)
        rows.append(SkillRow(view, is_open, BESIDE + count if charted else 0, voices, today))
        if not is_open:
            continue
        if voices is not None:
            rows.extend(_growth(view.skill, voices, today))
        for place, level in enumerate(view.skill.levels, 1):
            held = place == view.rank if view.skill.sliding else place <= view.rank
            here = [marker for marker in view.markers if marker.level == level.id]
            if here:
                rows.append(LevelRow(level.name, level.description, held))
                rows.extend(MarkerRow(marker, today) for marker in here)
        loose = [marker for marker in view.markers if marker.level is None]
        rows.extend(MarkerRow(marker, today) for marker in loose)
    return rows


def _growth(skill: Skill, voices: Voices, today: date) -> list[Row]:
    """Return what the last sessions say about the level of a skill, oldest first."""
    stated = voices.of(skill)
    rows: list[Row] = [StatedRow(one, skill, voices, today) for one in stated[-MOST_STATED:]]
    if len(stated) > MOST_STATED:
        earlier = pluralize(len(stated) - MOST_STATED, "earlier session")
        rows.insert(0, Line(words(f"  {earlier}", MUTED)))
    return rows


class SkillList(MarkList):
    """The list of skills. On a skill, the keys that move a due date ask for another level."""

    class EvidenceRequested(Message):
        """The evidence of a skill or a marker is requested."""

        def __init__(self, skill_id: str, line: int = 0) -> None:
            """`line` is that of the marker; 0 for the skill."""
            super().__init__()
            self.skill_id = skill_id
            self.line = line

    class OwnLevelRequested(Message):
        """The viewer wants to state the level of a skill."""

        def __init__(self, view: SkillProgress) -> None:
            super().__init__()
            self.view = view

    class LevelRequested(Message):
        """A level some steps higher, or lower, is requested."""

        def __init__(self, view: SkillProgress, steps: int) -> None:
            super().__init__()
            self.view = view
            self.steps = steps

    def action_move_due(self, steps: int) -> None:
        """Request another level of the selected skill."""
        row = self.selected
        if not isinstance(row, SkillRow):
            raise SkipAction  # a marker: its due date moves
        self.post_message(self.LevelRequested(row.view, steps))

    def action_state_level(self) -> None:
        """Request what the viewer says about the level of the selected skill."""
        row = self.selected
        if not isinstance(row, SkillRow):
            raise SkipAction  # a marker
        self.post_message(self.OwnLevelRequested(row.view))

    def action_evidence(self) -> None:
        """Request the evidence of the selected skill or marker."""
        row = self.selected
        if isinstance(row, SkillRow):
            self.post_message(self.EvidenceRequested(row.view.skill.id))
        elif isinstance(row, MarkerRow):
            self.post_message(self.EvidenceRequested(row.marker.skill, row.marker.task.line))
        else:
            raise SkipAction
