"""Draw trends as lines of text pieces with tones, for the command line and the dashboard.

The pieces are plain text, so a chart is complete without colour. Its icons have replacements of the
same width for ASCII terminals (`tldash.model.icons`). Text from files is sanitized here.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from math import ceil
from typing import Final

from rich.cells import cell_len, set_cell_size

from tldash.insight.schedule import PAST_CADENCE_FACTOR
from tldash.insight.trends import LevelSource, LevelStep, SessionTrend, SkillTrend, Trends
from tldash.model.dates import MONTHS, format_date, pluralize
from tldash.model.framework import Skill
from tldash.model.frozen import frozen
from tldash.model.records import SessionStatus
from tldash.model.sanitize import sanitize


class Tone(StrEnum):
    """What a piece of text is, for its style."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    AGREED = "agreed"
    """Agreed levels, and opened actions."""
    DONE = "done"


Piece = tuple[str, Tone]
Pieces = tuple[Piece, ...]
"""A line of text."""

CHART_WIDTH: Final = 100
"""The width from which levels are drawn as a chart; a narrower picture is a line for each skill."""
MONTH_WIDTH: Final = (4, 12)
"""The narrowest and the widest column of a month in a chart."""
SPARK_WIDTH: Final = (1, 3)
"""The same in a line."""
NAME_WIDTH: Final = 24
"""The widest name of a skill or level."""
WORDS_WIDTH: Final = 30
"""Room for the levels in words, at the end of a line."""
BLOCKS: Final = "▁▂▃▄▅▆▇█"
POINTS: Final = {LevelSource.AGREED: ("●", "─"), LevelSource.MARKERS: ("◌", "·")}
"""The icon of a step, and that of the time in which it holds."""
CHART_LEGEND: Final = "● agreed in a session · ◌ estimated from ticked markers"
LINE_LEGEND: Final = "▃ level by month · (markers): estimated from ticked ones"


def to_text(line: Pieces) -> str:
    """Return the text of a line, without the spaces at its end."""
    return "".join(text for text, _ in line).rstrip()


def fit_text(text: str, width: int) -> str:
    """Sanitize text from a file, and pad or cut it to a width in cells."""
    text = sanitize(text)
    if cell_len(text) > width > 1:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def name_level(skill: Skill, rank: int) -> str:
    """Return the name of a level in lower case."""
    return sanitize(skill.levels[rank - 1].name).lower()


@frozen
class Month:
    """A column of a picture over time."""

    year: int
    month: int

    @property
    def name(self) -> str:
        return MONTHS[self.month - 1]

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


def list_months(first: date, last: date) -> tuple[Month, ...]:
    """Return the months from that of a day to that of another one."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(Month(number // 12, number % 12 + 1) for number in range(start, end + 1))


# Levels


@frozen
class LevelPicture:
    """How the levels of all skills of a lead are drawn at a width."""

    months: tuple[Month, ...]
    """The latest that fit."""
    month_width: int
    name_width: int
    today: date
    is_chart: bool
    """Whether it has a row for each level; else a line for each skill."""

    @property
    def room(self) -> int:
        """The width of all months."""
        return len(self.months) * self.month_width

    def step_in(self, month: Month, skill: SkillTrend) -> LevelStep | None:
        """Return the step that holds at the end of a month, or today."""
        return skill.step_at(min(month.last_day, self.today))


def plan_picture(trends: Trends, width: int) -> LevelPicture:
    """Choose the months and their width for a picture of the levels."""
    is_chart = width >= CHART_WIDTH
    names = [trend.skill.name for trend in trends.skills]
    if is_chart:
        names += [f"  {level.name}" for trend in trends.skills for level in trend.skill.levels]
    widest = max((cell_len(sanitize(name)) for name in names), default=0)
    name_width = min(widest, NAME_WIDTH, width // 3) + 1
    room = width - name_width - (1 if is_chart else WORDS_WIDTH + 1)
    least, most = MONTH_WIDTH if is_chart else SPARK_WIDTH
    months = list_months(trends.first_day, trends.today)
    months = months[-max(room // least, 1) :]
    month_width = min(max(room // len(months), least), most)
    return LevelPicture(months, month_width, name_width, trends.today, is_chart)


def draw_axis(picture: LevelPicture) -> list[Pieces]:
    """Draw the names of the months, with the years of the first one and of each January."""
    months, pad = picture.months, " " * picture.name_width
    if not picture.is_chart:
        first, last = (f"{month.name} {month.year}" for month in (months[0], months[-1]))
        return [((pad, Tone.PLAIN), (f"{first} – {last}" if first != last else last, Tone.MUTED))]
    width = picture.month_width
    years = [
        str(month.year) if index == 0 or month.month == 1 else ""
        for index, month in enumerate(months)
    ]
    return [
        ((f"{pad} ", Tone.PLAIN), ("".join(text.ljust(width) for text in texts), Tone.MUTED))
        for texts in (years, [month.name for month in months])
    ]


def draw_foot(picture: LevelPicture) -> list[Pieces]:
    """Draw what is below the levels: the months again, if it is a chart, and a legend."""
    if not picture.is_chart:
        return [((LINE_LEGEND, Tone.MUTED),)]
    return [*reversed(draw_axis(picture)), ((CHART_LEGEND, Tone.MUTED),)]


def draw_skill(trend: SkillTrend, picture: LevelPicture) -> list[Pieces]:
    """Draw the levels of a skill over time: a chart, or a line."""
    return _draw_chart(trend, picture) if picture.is_chart else [_draw_line(trend, picture)]


def _draw_chart(trend: SkillTrend, picture: LevelPicture) -> list[Pieces]:
    """Draw a row for each level, highest first, below the name of the skill."""
    skill, width = trend.skill, picture.name_width
    lines: list[Pieces] = [
        ((sanitize(skill.name), Tone.STRONG), (f"  {describe_level(trend, picture)}", Tone.MUTED))
    ]
    rows = _plot(trend, picture)
    for rank in range(len(skill.levels), 0, -1):
        name = fit_text(f"  {skill.levels[rank - 1].name}", width)
        lines.append(((name, Tone.MUTED), ("│", Tone.MUTED), *rows[rank - 1]))
    return lines


def _plot(trend: SkillTrend, picture: LevelPicture) -> list[list[Piece]]:
    """Return the pieces of each level, lowest first. A change is drawn at the end of a month."""
    width = picture.month_width
    count = len(trend.skill.levels)
    grid = [[(" ", Tone.PLAIN)] * picture.room for _ in range(count)]
    before: LevelStep | None = None
    for index, month in enumerate(picture.months):
        step = picture.step_in(month, trend)
        if step is not None:
            point, line = POINTS[step.source]
            tone = Tone.AGREED if step.source is LevelSource.AGREED else Tone.MUTED
            is_here = (step.day.year, step.day.month) == (month.year, month.month)
            cells = (point if is_here else line) + line * (width - 1)
            start = index * width
            grid[step.rank - 1][start : start + width] = [(sign, tone) for sign in cells]
            if before is not None and before.rank != step.rank:
                _connect(grid, before.rank, step.rank, start - 1, tone)
        before = step
    return [_join(cells) for cells in grid]


def _connect(grid: list[list[Piece]], old: int, new: int, column: int, tone: Tone) -> None:
    """Draw the line from one level to another."""
    up = new > old
    for rank in range(min(old, new) + 1, max(old, new)):
        grid[rank - 1][column] = ("│", tone)
    grid[old - 1][column] = ("┘" if up else "┐", tone)
    grid[new - 1][column] = ("┌" if up else "└", tone)


def _join(cells: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of the same tone."""
    joined: list[Piece] = []
    for text, tone in cells:
        if joined and joined[-1][1] is tone:
            joined[-1] = (joined[-1][0] + text, tone)
        else:
            joined.append((text, tone))
    return joined


def _draw_line(trend: SkillTrend, picture: LevelPicture) -> Pieces:
    """Draw a block for each month, as high as the level."""
    cells: list[Piece] = []
    for month in picture.months:
        step = picture.step_in(month, trend)
        sign, tone = "·", Tone.MUTED
        if step is not None:
            sign = BLOCKS[round(step.rank * (len(BLOCKS) - 1) / len(trend.skill.levels))]
            tone = Tone.AGREED if step.source is LevelSource.AGREED else Tone.MUTED
        cells.append((sign * picture.month_width, tone))
    name = fit_text(trend.skill.name, picture.name_width - 1)
    words = describe_change(trend, picture)
    return ((f"{name} ", Tone.PLAIN), *_join(cells), (f" {words}", Tone.MUTED))


def describe_level(trend: SkillTrend, picture: LevelPicture) -> str:
    """Format the latest level: `intermediate, agreed 2 Sep`."""
    if not trend.steps:
        return "no level yet"
    last = trend.steps[-1]
    how = "agreed" if last.source is LevelSource.AGREED else "estimated from markers"
    return f"{name_level(trend.skill, last.rank)}, {how} {format_date(last.day, picture.today)}"


def describe_change(trend: SkillTrend, picture: LevelPicture) -> str:
    """Format the first and the latest level of the picture: `beginner → intermediate`."""
    if not trend.steps:
        return "no level yet"
    shown = [step for month in picture.months if (step := picture.step_in(month, trend))]
    first, last = shown[0] if shown else trend.steps[-1], trend.steps[-1]
    text = name_level(trend.skill, last.rank)
    if first.rank != last.rank:
        text = f"{name_level(trend.skill, first.rank)} → {text}"
    return text if last.source is LevelSource.AGREED else f"{text} (markers)"


# Sessions

DAY_WIDTH: Final = 11
GAP_WIDTH: Final = 9
COUNT_WIDTH: Final = 3
BAR_WIDTH: Final = (5, 20)
"""The narrowest and the widest bar."""
WIDEST_ACTION: Final = 2
"""The most cells of an action in a bar."""
ENDED_WIDTH: Final = 13
COUNTED: Final = (("OPENED", Tone.AGREED), ("CLOSED", Tone.DONE), ("CARRIED", Tone.PLAIN))
SESSIONS_LEGEND: Final = (
    "opened: agreed in the session",
    "closed: done or dropped since the one before",
    "carried: agreed before, open after",
    f"◐ past cadence: over {PAST_CADENCE_FACTOR} times it",
)


@frozen
class SessionTable:
    """How the sessions of a lead are drawn at a width."""

    today: date
    bar: int
    """The width of a bar."""
    most: int
    """The largest number of actions of a session."""
    has_end: bool
    """Whether there is room for what the sessions ended with."""


def find_most_actions(trends: Trends) -> int:
    """Return the largest number of actions of a session, which the bars are scaled by."""
    counts = (max(one.opened, one.closed, one.carried) for one in trends.sessions)
    return max(counts, default=0)


def plan_table(most: int, today: date, width: int) -> SessionTable:
    """Choose the width of the bars, and whether the last column has room."""
    room = width - DAY_WIDTH - GAP_WIDTH - 2 - len(COUNTED) * (COUNT_WIDTH + 3)
    has_end = room >= len(COUNTED) * BAR_WIDTH[0] + ENDED_WIDTH + 2
    room -= (ENDED_WIDTH + 2) * has_end
    bar = min(max(room // len(COUNTED), BAR_WIDTH[0]), BAR_WIDTH[1])
    return SessionTable(today, bar, most, has_end)


def draw_table_head(table: SessionTable) -> Pieces:
    """Draw the names of the columns."""
    names = [("SESSION", DAY_WIDTH), ("GAP", GAP_WIDTH)]
    names += [(name, COUNT_WIDTH + 1 + table.bar) for name, _ in COUNTED]
    names += [("ENDED WITH", ENDED_WIDTH)] * table.has_end
    cells = [name.ljust(width) for name, width in names]
    return (("  ".join(cells), Tone.MUTED),)


def draw_session(one: SessionTrend, table: SessionTable) -> Pieces:
    """Draw the figures of a session."""
    day = format_date(one.day, table.today).ljust(DAY_WIDTH)
    if one.status is not SessionStatus.HELD:
        return ((f"{day}  ", Tone.MUTED), (f"○ {one.status}", Tone.MUTED))
    gap = f"{one.gap} d" if one.gap is not None else ""
    sign = " ◐" if one.kept is False else ""
    pieces: list[Piece] = [(f"{day}  ", Tone.PLAIN), (f"{gap}{sign}".ljust(GAP_WIDTH), Tone.MUTED)]
    counts = (one.opened, one.closed, one.carried)
    for count, (_, tone) in zip(counts, COUNTED, strict=True):
        bar = "▇" * _scale(count, table)
        pieces.append((f"  {count:>{COUNT_WIDTH}} ", Tone.PLAIN if count else Tone.MUTED))
        pieces.append((bar.ljust(table.bar), tone))
    if not table.has_end:
        return tuple(pieces)
    ended = [name for name, has in (("action", one.has_action), ("next", one.has_next)) if has]
    pieces.append((f"  {' · '.join(ended) or '–'}", Tone.MUTED))
    return tuple(pieces)


def _scale(count: int, table: SessionTable) -> int:
    """Return the length of a bar: whole cells for each action, if the longest bar has room."""
    if table.most <= table.bar:
        return count * min(table.bar // max(table.most, 1), WIDEST_ACTION)
    return ceil(count * table.bar / table.most)


# Figures in words


def describe_cadence(trends: Trends) -> tuple[str, ...]:
    """Return the figures of the cadence in words."""
    cadence = trends.cadence
    name = sanitize(trends.lead.cadence_name)
    facts = [name if cadence.planned is None else f"{name} ({pluralize(cadence.planned, 'day')})"]
    if cadence.gaps:
        if cadence.planned is not None:
            facts.append(f"{cadence.kept} of {pluralize(cadence.gaps, 'interval')} kept")
        facts.append(f"median interval {_format_days(cadence.median_gap)}")
    if cadence.since_last is not None:
        past = ", past cadence" if cadence.is_past else ""
        facts.append(f"last session {pluralize(cadence.since_last, 'day')} ago{past}")
    return tuple(facts)


def describe_sessions(trends: Trends) -> tuple[str, ...]:
    """Return the figures of the sessions in words."""
    cadence, actions = trends.cadence, trends.actions
    facts = [f"{cadence.held} held"]
    for number, name in ((cadence.missed, "missed"), (cadence.cancelled, "cancelled")):
        if number:
            facts.append(f"{number} {name}")
    if cadence.held:
        facts.append(f"{actions.with_action} ended with an action")
        facts.append(f"{actions.with_next} with a next date")
        facts.append(f"{actions.with_both} with both ({actions.with_both / cadence.held:.0%})")
    return tuple(facts)


def describe_actions(trends: Trends) -> tuple[str, ...]:
    """Return the figures of the actions in words."""
    found = trends.actions
    facts = [f"{found.opened} opened", f"{found.done} done", f"{found.dropped} dropped"]
    if found.undated:
        facts.append(f"{found.undated} closed without a date")
    facts.append(f"{found.open_now} open now")
    if found.median_days is not None:
        facts.append(f"closed after {_format_days(found.median_days)} (median)")
    if found.closed_since and trends.cadence.held:
        facts.append(f"{found.closed_since} closed since the last session")
    return tuple(facts)


def _format_days(days: float | None) -> str:
    """Format a median: `8 days`, `10.5 days`."""
    if days is None:
        return ""
    return pluralize(int(days), "day") if days == int(days) else f"{days:.1f} days"


def wrap_facts(facts: Sequence[str], width: int) -> list[str]:
    """Join facts with middle dots, in lines of at most `width` cells."""
    lines: list[str] = []
    for fact in facts:
        if lines and cell_len(lines[-1]) + 3 + cell_len(fact) <= width:
            lines[-1] += f" · {fact}"
        else:
            lines.append(fact)
    return lines
