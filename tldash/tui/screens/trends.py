"""How it went with a lead over time: levels, cadence, actions by session, slipping actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.insight.slipping import CARRIED_TIMES, MOVED_TIMES, Slip, find_slipping
from tldash.insight.trends import Trends, find_trends
from tldash.model.dates import pluralize
from tldash.model.records import Lead
from tldash.output.trend_chart import (
    SESSIONS_LEGEND,
    describe_actions,
    describe_cadence,
    describe_sessions,
    find_most_actions,
)
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import LATE, words
from tldash.tui.widgets.row_list import Line, Row, RowList, reuse_rows
from tldash.tui.widgets.task_rows import Heading
from tldash.tui.widgets.trend_rows import (
    AxisRow,
    FactsRow,
    LegendRow,
    SessionHeadRow,
    SessionTrendRow,
    SkillTrendRow,
    SlipRow,
)

SLIPPING_MEANS: Final = (
    f"carried over {CARRIED_TIMES}+ times, or due date moved {MOVED_TIMES}+ times"
)


class TrendsPage(Page):
    """A list whose rows open the evidence of a skill, a session, or the session of an action."""

    NAME = "trends"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.EDIT, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    TrendsPage {
        RowList { padding: 1 1 0 0; }
        &.-short RowList { padding: 0 1 0 0; }
    }
    """

    shows_slipping = True

    def __init__(self, lead_id: str) -> None:
        super().__init__()
        self.lead_id = lead_id

    def compose_body(self) -> ComposeResult:
        yield RowList(id="trends", reading=True)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        return (state.workspace.name, lead.name if lead else self.lead_id, "Trends")

    def draw(self, state: State) -> None:
        lead = state.lead(self.lead_id)
        rows = self.query_one(RowList)
        if lead is None:
            gone = f" is no longer in the folder; {state.key_of(commands.BACK)} goes back"
            rows.show([Line(Content.assemble(words(self.lead_id, "bold"), (gone, LATE)))])
            return
        found = find_trends(lead, state.workspace.framework, state.now)
        slips = find_slipping(lead, state.now, state.due_dates)
        made = [
            FactsRow("cadence", describe_cadence(found)),
            FactsRow("sessions", describe_sessions(found)),
            FactsRow("actions", describe_actions(found)),
            *_level_rows(found, state),
            *_session_rows(found, state),
            *_slip_rows(slips, lead, state),
        ]
        rows.show(reuse_rows(made, rows.rows), fresh=state.recent)

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the evidence of a skill, a session, or the place of an action."""
        row = message.row
        if isinstance(row, SkillTrendRow):
            self.post_message(OpenPage("evidence", self.lead_id, row.skill_id))
        elif isinstance(row, SessionTrendRow):
            session = row.session
            line = (str(session.body_line),) if session.section else ()
            self.post_message(OpenPage("session", self.lead_id, session.path, *line))
        elif isinstance(row, SlipRow):
            self._open_action(row.slip)

    def _open_action(self, slip: Slip) -> None:
        """Open the session of an action, else its file."""
        task = slip.action.task
        lead = self.state.lead(self.lead_id) if self.state is not None else None
        if lead is not None and any(session.path == task.path for session in lead.sessions):
            self.post_message(OpenPage("session", self.lead_id, task.path, str(task.line)))
        else:
            self.action_edit()


def _level_rows(found: Trends, state: State) -> Iterator[Row]:
    if not any(skill.steps for skill in found.skills):
        yield Heading("levels", "none agreed yet, and no markers ticked")
        up = state.key_of(commands.LATER_DAY)
        yield LegendRow(
            (
                "write levels: {listening: beginner} in the front matter of a session",
                f"or press {up} on a skill of the lead's page",
            )
        )
        return
    yield Heading("levels")
    yield AxisRow(found)
    for index, _ in enumerate(found.skills):
        yield SkillTrendRow(found, index)
    yield AxisRow(found, below=True)


def _session_rows(found: Trends, state: State) -> Iterator[Row]:
    if not found.sessions:
        yield Heading("sessions", "none held yet")
        yield LegendRow(
            (
                f"write notes in a session file such as sessions/{state.today}.md",
                f"or press {state.key_of(commands.SESSION_MODE)} on the lead's page to hold one",
            )
        )
        return
    yield Heading("sessions", "latest first")
    most = find_most_actions(found)
    yield SessionHeadRow(most, found.today)
    for one in reversed(found.sessions):
        yield SessionTrendRow(one, most, found.today)
    yield LegendRow(SESSIONS_LEGEND)


def _slip_rows(slips: tuple[Slip, ...], lead: Lead, state: State) -> Iterator[Row]:
    count = pluralize(len(slips), "action") if slips else "none"
    yield Heading("slipping", f"{count} · {SLIPPING_MEANS}")
    for slip in slips:
        yield SlipRow(slip, lead, state.you(lead), state.today)
