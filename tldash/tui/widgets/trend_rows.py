"""Rows of trends: levels over time, the figures of sessions, and slipping actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from textual.content import Content

from tldash.insight.actions import describe_carried
from tldash.insight.people import ViewerRole, format_owner
from tldash.insight.slipping import Slip
from tldash.insight.trends import SessionTrend, Trends
from tldash.model.dates import format_date
from tldash.model.item_keys import task_key
from tldash.model.records import Lead
from tldash.output.trend_chart import (
    Pieces,
    Tone,
    draw_axis,
    draw_foot,
    draw_session,
    draw_skill,
    draw_table_head,
    plan_picture,
    plan_table,
    wrap_facts,
)
from tldash.tui.style.text import (
    ACCENT,
    DONE,
    HEAD,
    MUTED,
    PLAIN,
    STRONG,
    bullets,
    hanging,
    prose,
    words,
    wrap,
)
from tldash.tui.widgets.row_list import Row

STYLES: Final = {
    Tone.PLAIN: PLAIN,
    Tone.STRONG: STRONG,
    Tone.MUTED: MUTED,
    Tone.AGREED: ACCENT,
    Tone.DONE: DONE,
}
LABEL_WIDTH: Final = 10


def _paint(lines: Sequence[Pieces], width: int) -> list[Content]:
    """Return lines with the styles of their pieces, at most `width` cells wide."""
    return [
        Content.assemble(*(words(text, STYLES[tone]) for text, tone in line)).truncate(width)
        for line in lines
    ]


class FactsRow(Row):
    """A label, and facts beside it."""

    def __init__(self, label: str, facts: Sequence[str]) -> None:
        self._label = label
        self._facts = tuple(facts)
        self.basis = (label, self._facts)

    def lines(self, width: int) -> Sequence[Content]:
        lines = wrap_facts(self._facts, width - LABEL_WIDTH)
        return [
            Content.assemble(
                words((self._label if index == 0 else "").ljust(LABEL_WIDTH), HEAD), words(line)
            ).truncate(width, ellipsis=True)
            for index, line in enumerate(lines)
        ]


class LegendRow(Row):
    """Facts that explain what is above."""

    def __init__(self, facts: Sequence[str]) -> None:
        self._facts = tuple(facts)
        self.basis = self._facts

    def lines(self, width: int) -> Sequence[Content]:
        return [
            words(line, MUTED).truncate(width, ellipsis=True)
            for line in wrap_facts(self._facts, width)
        ]


class AxisRow(Row):
    """The months above the levels, or the months and the legend below them."""

    def __init__(self, trends: Trends, *, below: bool = False) -> None:
        self._trends = trends
        self._below = below
        self.basis = (trends.skills, trends.first_day, trends.today, below)

    def lines(self, width: int) -> Sequence[Content]:
        picture = plan_picture(self._trends, width)
        return _paint(draw_foot(picture) if self._below else draw_axis(picture), width)


class SkillTrendRow(Row):
    """The levels of a skill over time."""

    def __init__(self, trends: Trends, index: int) -> None:
        self._trends = trends
        self._index = index
        self.skill_id = trends.skills[index].skill.id
        self.key = ("skill", self.skill_id)
        self.basis = (trends.skills, trends.first_day, trends.today, index)

    def lines(self, width: int) -> Sequence[Content]:
        picture = plan_picture(self._trends, width)
        return _paint(draw_skill(self._trends.skills[self._index], picture), width)


class SessionHeadRow(Row):
    """The names of the columns of the sessions."""

    def __init__(self, most: int, today: date) -> None:
        """`most` is what `find_most_actions` returns."""
        self.basis = (most, today)
        self._most = most
        self._today = today

    def lines(self, width: int) -> Sequence[Content]:
        return _paint([draw_table_head(plan_table(self._most, self._today, width))], width)


class SessionTrendRow(Row):
    """The figures of a session."""

    def __init__(self, one: SessionTrend, most: int, today: date) -> None:
        """`most` is what `find_most_actions` returns."""
        self._one = one
        self._most = most
        self._today = today
        session = one.session
        self.session = session
        self.key = ("session", session.place)
        self.spot = (session.path, session.body_line)
        self.basis = (one, most, today)

    def lines(self, width: int) -> Sequence[Content]:
        table = plan_table(self._most, self._today, width)
        return _paint([draw_session(self._one, table)], width)


class SlipRow(Row):
    """A slipping action: its text and owner, and why it is slipping."""

    def __init__(self, slip: Slip, lead: Lead, you: ViewerRole, today: date) -> None:
        self.slip = slip
        self._owner = format_owner(slip.action.owner, lead, you)
        self._today = today
        task = slip.action.task
        self.key = task_key(task)
        self.spot = (task.path, task.line)
        self.basis = (slip, self._owner, today)

    def lines(self, width: int) -> Sequence[Content]:
        slip = self.slip
        text = prose(slip.action.task.text or "(no text)", PLAIN)
        why = [words(self._owner, MUTED)]
        if carried := describe_carried(len(slip.through)):
            why.append(words(carried, MUTED))
        if slip.moves:
            dates = (format_date(day, self._today) for day in slip.due_dates)
            why.append(words(f"due {' → '.join(dates)}", MUTED))
        lines = hanging("▢ ", text, width)
        lines += [Content.assemble("  ", line) for line in wrap(bullets(why), width - 2)]
        return lines
