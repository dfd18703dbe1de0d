"""A lead as a row of the overview and as the summary beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from tldash.insight.actions import count_actions, describe_waiting, is_open, sort_key
from tldash.insight.attention import AttentionReason, find_attention_reasons
from tldash.insight.audience import ANYBODY, Audience
from tldash.insight.people import ViewerRole
from tldash.insight.phase import find_phase, is_active
from tldash.insight.schedule import CadenceCell, build_cadence_strip, find_last_session
from tldash.insight.skills import SkillProgress, build_skill_progress
from tldash.model.dates import format_date, format_relative, to_local
from tldash.model.framework import Framework, Skill
from tldash.model.item_keys import lead_key
from tldash.model.records import Lead
from tldash.output.passage import Passage
from tldash.tui.state import State
from tldash.tui.style.text import (
    ACCENT,
    DONE,
    HEAD,
    LATE,
    MUTED,
    STRONG,
    break_after,
    bullets,
    fit,
    meter,
    spread,
    words,
    wrap,
)
from tldash.tui.widgets.last_notes import without_title
from tldash.tui.widgets.next_session import NextSessionView, next_session
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Row
from tldash.tui.widgets.task_rows import DUE_WIDTH, ONLY_YOU, due, owner_of, status_icon

BEATS = {
    CadenceCell.HELD: ("●", ACCENT),
    CadenceCell.PAST_CADENCE: ("◐", ACCENT),
    CadenceCell.MISSED: ("○", MUTED),
    CadenceCell.TO_COME: ("·", STRONG),
}
STRIP_WIDTH = 7
FOLDER_WIDTH = 24
LEAST_NOTES = 6
"""Lines from which the notes of the last session are shown below the summary."""
LEAST_NAME = 11
"""Cells that the name keeps before skills are left out."""
NAMED_SKILLS_FROM = 118
"""The width of the list from which skills are named in full."""


def cadence_strip(lead: Lead, now: datetime) -> Content:
    """Return the cadence strip."""
    return Content.assemble(*(BEATS[beat] for beat in build_cadence_strip(lead, now)))


def reasons(found: Sequence[AttentionReason]) -> Content:
    """Describe why a lead needs attention."""
    return bullets([words(reason.message, MUTED) for reason in found])


def columns(width: int, framework: Framework) -> list[int]:
    """Return the widths of name, next session, open, overdue, cadence, and each skill.

    Skills that do not fit are left out.
    """
    named = width >= NAMED_SKILLS_FROM
    skills = [
        max(cell_len(skill.id) + 1 if named else 3, len(skill.levels), 3)
        for skill in framework.skills
    ]
    fixed = [15, 4, 7, STRIP_WIDTH]
    taken = sum(fixed) + sum(map(_gap, range(len(fixed) + 1))) + len("! ")

    def rest() -> int:
        gaps = sum(_gap(len(fixed) + 1 + index) for index in range(len(skills)))
        return width - taken - gaps - sum(skills)

    while skills and rest() < LEAST_NAME:
        skills.pop()
    return [min(max(rest(), 8), 36), *fixed, *skills]


def _gap(index: int) -> int:
    """Return how many spaces stand before a column. Skills (from 5 on) are close together."""
    return (0, 2, 2, 1, 1, 2)[index] if index < 6 else 1


def side_by_side(cells: Sequence[Content], sizes: Sequence[int]) -> Content:
    """Join the columns of a line. Numbers are right-aligned, and skills are closer together."""
    parts: list[Content] = []
    for index, (cell, size) in enumerate(zip(cells, sizes, strict=False)):
        parts.append(Content(" " * _gap(index)))
        parts.append(fit(cell, size, right=index in (2, 3)))
    return Content.assemble(*parts)


def heading(width: int, framework: Framework) -> Content:
    """Return the names of the columns."""
    sizes = columns(width, framework)
    named = width >= NAMED_SKILLS_FROM
    names = [skill.id if named else skill.short for skill in framework.skills]
    titles = [
        "LEAD",
        "NEXT SESSION",
        "OPEN",
        "OVERDUE",
        "CADENCE",
        *(name.upper() for name in names),
    ]
    return Content.assemble("  ", side_by_side([words(t, HEAD) for t in titles], sizes))


class LeadRow(Row):
    """The row of a lead: its columns, and below them the reasons for attention."""

    indent: int = 0

    def __init__(  # noqa: PLR0913 - all that the row says
        self,
        lead: Lead,
        framework: Framework,
        now: datetime,
        *,
        airy: bool,
        news: str = "",
        folder: str = "",
        audience: Audience = ANYBODY,
        private: int = 0,
    ) -> None:
        """`airy` leaves an empty line below, `news` summarizes changes by others.

        `folder` is the name of the lead's folder if several are open, `audience` the viewer, and
        `private` counts the open items that only the viewer can read.
        """
        self.lead = lead
        self.key = lead_key(lead)
        self.basis = (lead, framework, now, airy, news, folder, audience, private)
        self._audience = audience
        self._folder = folder
        self._news = news
        self._private = private
        self.spot = (f"{lead.path}/lead.md" if lead.path else "lead.md", 1)
        if lead.sessions and lead.sessions[-1].section:
            self.spot = (lead.sessions[-1].path, lead.sessions[-1].body_line)
        self._framework = framework
        self._now = now
        self.space = 1 if airy else 0

    def height(self, width: int) -> int:
        return 1 + len(self._below(width)) if self.space else 2

    def _below(self, width: int) -> list[Content]:
        """Return the lines below the columns. They wrap only where there is an empty line below."""
        width -= self.indent + 2
        second = self._state()
        if self._private:
            second = bullets([second, words(f"{self._private} {ONLY_YOU}", ACCENT)])
        if self._news:
            second = bullets([words(f"new: {self._news}", ACCENT), second])
        if not self.space:
            return [_with_folder(second, self._folder, width)]
        first, rest = break_after(second, width - _folder_width(self._folder, width))
        return [_with_folder(first, self._folder, width), *(wrap(rest, width) if rest else ())]

    def _state(self) -> Content:
        """Return the reasons for attention, or that there are none."""
        lead = self.lead
        if not is_active(lead):
            return words(str(find_phase(lead)), MUTED)
        why = find_attention_reasons(lead, self._now)
        state = reasons(why) if why else Content.styled("on track", DONE)
        is_other = self._audience.viewer is not None and not self._audience.concerns(lead)
        coach = f"coach {lead.coach}" if lead.coach else "no coach"
        return bullets([words(coach, MUTED), state]) if is_other else state

    def lines(self, width: int) -> Sequence[Content]:
        lead, now = self.lead, self._now
        before = " " * self.indent
        width -= self.indent
        sizes = columns(width, self._framework)
        why = find_attention_reasons(lead, now)
        opened, late = count_actions((lead,), now.date())
        active = is_active(lead)
        you = " (you)" if self._audience.role(lead) is ViewerRole.LEAD else ""
        cells = [
            words(f"{lead.name}{you}", STRONG if active else MUTED),
            next_session(lead, now),
            Content(str(opened) if active else ""),
            Content.styled(f"{late}  ", LATE) if late else Content(""),
            cadence_strip(lead, now),
        ]
        views = build_skill_progress(lead, self._framework, now)
        cells.extend(meter(view.rank, len(view.skill.levels)) for view in views)
        is_needed = self._audience.is_needed(lead, why)
        flag = Content.styled("! ", LATE) if is_needed else Content("  ")
        below = self._below(width + self.indent)
        return (
            Content.assemble(before, flag, side_by_side(cells, sizes)),
            *(Content.assemble(before, "  ", line) for line in below),
        )


def _with_folder(content: Content, folder: str, width: int) -> Content:
    """Append the name of a folder at the right end, if there is one."""
    name = words(folder, MUTED)
    name = name.truncate(min(FOLDER_WIDTH, width // 3), ellipsis=True)
    return spread(content, name, width) if folder else fit(content, width)


def _folder_width(folder: str, width: int) -> int:
    """Return the cells that a folder's name takes at the end of a line."""
    return min(cell_len(folder), FOLDER_WIDTH, width // 3) + 1 if folder else 0


def who(lead: Lead, you: ViewerRole) -> list[Content]:
    """Return whether coaching is paused or has ended, who coaches, and how often they meet."""
    phase = [] if is_active(lead) else [words(str(find_phase(lead)), STRONG)]
    coach = [words(f"coach {lead.coach}", MUTED)] if lead.coach else []
    if you is not ViewerRole.ANOTHER:
        by = "you coach" if you is ViewerRole.COACH else f"your coach {lead.coach or ''}".strip()
        coach = [words(by, MUTED)] if lead.coach or you is ViewerRole.COACH else []
    return [*phase, *coach, words(lead.cadence_name, MUTED)]


def needs(lead: Lead, audience: Audience, now: datetime, *, capital: bool = False) -> str:
    """Return the words before the reasons for attention; empty if the viewer is not needed."""
    if not audience.is_needed(lead, find_attention_reasons(lead, now)):
        return ""
    text = f"needs {'you' if audience.is_addressed else 'attention'}: "
    return text.capitalize() if capital else text


def section(name: str, note: str = "") -> Content:
    """Return the heading of a section."""
    return Content.assemble((name, HEAD), (f"  {note}" if note else "", MUTED))


def skill_name(skill: Skill, width: int) -> str:
    """Return the name of a skill, or its id if the name does not fit."""
    return skill.name if cell_len(skill.name) <= width else skill.id.capitalize()


def skill_line(view: SkillProgress, width: int) -> Content:
    """Return a line with a skill, its level and its ticked markers."""
    level = view.level.name.lower() if view.level else "not known"
    of = len(view.markers)
    seen = Content.styled(f"{view.ticked}/{of}" if of else "", MUTED)
    room = min(24, max(width - 24, 8))
    left = Content.assemble(
        fit(words(skill_name(view.skill, room)), room),
        " ",
        meter(view.rank, len(view.skill.levels)),
        words(f"  {level}", MUTED),
    )
    return spread(left, seen, width)


def _listed(lead: Lead, state: State, width: int, room: int) -> list[Content]:
    """List the open actions, the most urgent first, in at most `room` lines."""
    actions = sorted(filter(is_open, lead.actions), key=sort_key)
    lines: list[Content] = [section("OPEN ACTIONS", str(len(actions)) if actions else "none")]
    for index, action in enumerate(actions):
        name = owner_of(action, lead, state.you(lead))
        owner = words(f"{name}: " if name else "", MUTED)
        sign = Content.assemble(status_icon(action.status), " ")
        waiting = describe_waiting(action)
        after = words(f" · {waiting}" if waiting else "", MUTED)
        text = Content.assemble(owner, words(action.task.text), after)
        first, rest = break_after(text, width - 2 - DUE_WIDTH - 2)
        when = due(action.task, state.today, waiting=bool(waiting) or not is_active(lead))
        here = [spread(Content.assemble(sign, first), when, width)]
        if rest:
            here.extend(Content.assemble("  ", line) for line in wrap(rest, width - 2))
        if len(lines) + len(here) + (index < len(actions) - 1) > room:
            lines.append(Content.styled(f"  and {len(actions[index:])} more", MUTED))
            break
        lines.extend(here)
    return lines


def summary(
    lead: Lead,
    state: State,
    width: int,
    height: int,
    notes: Sequence[Passage] = (),
) -> Content:
    """Summarize a lead in at most `height` lines, with the notes of the last session if they fit.

    The notes are those of the last session that was held.
    """
    framework, now = state.workspace.framework, state.now
    lines = [words(lead.name, STRONG), bullets([*who(lead, state.you(lead))])]
    found = find_attention_reasons(lead, now)
    if found:
        needed = Content.styled(needs(lead, state.audience, now, capital=True), LATE)
        lines.extend(wrap(Content.assemble(needed, reasons(found)), width))
    skills = [section("SKILLS")] + [
        skill_line(view, width) for view in build_skill_progress(lead, framework, now)
    ]
    coming = [section("NEXT SESSION"), *NextSessionView.of(lead, state).lines(width)]
    room = height - len(lines) - len(skills) - len(coming) - 4
    listed = _listed(lead, state, width, max(room, 3))
    for part in (listed, coming, skills):
        lines.extend((Content(""), *part))
    last = find_last_session(lead, now)
    if notes and last is not None and height - len(lines) >= LEAST_NOTES:
        day = to_local(last.at, now).day
        when = f"{format_date(day, now.date())} · {format_relative(day, now.date())}"
        lines.extend((Content(""), section("LAST SESSION", when)))
        for passage in without_title(notes):
            lines.extend(PassageRow(passage).lines(width))
        if len(lines) > height:
            lines[height - 1] = Content.styled("…", MUTED)
    return Content("\n").join(lines[:height])
