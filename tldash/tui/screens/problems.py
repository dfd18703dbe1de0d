"""The problems of all files, listed like compiler output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.insight import day_problems
from tldash.insight.conflicts import CONFLICT_CODES
from tldash.model.dates import pluralize
from tldash.model.records import Problem, Severity
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList, reuse_rows
from tldash.tui.widgets.text_line import TextLine

STYLES = {Severity.ERROR: LATE, Severity.WARNING: STRONG, Severity.INFO: MUTED}


class ProblemRow(Row):
    """A problem: its place, message and hint."""

    space = 1

    def __init__(self, problem: Problem) -> None:
        self.key = (problem.path, problem.code, problem.message, problem.line)
        self.spot = (problem.path, problem.line) if problem.path else None
        self.basis = (problem,)
        self.problem = problem

    def lines(self, width: int) -> Sequence[Content]:
        problem = self.problem
        lines = [
            Content.assemble(
                words(_format_place(problem), STRONG),
                "  ",
                (str(problem.severity), STYLES[problem.severity]),
                "  ",
                words(problem.code, MUTED),
            ).truncate(width, ellipsis=True)
        ]
        message = words(problem.message[:1].upper() + problem.message[1:])
        lines.extend(Content.assemble("  ", line) for line in wrap(message, width - 2))
        if problem.hint:
            hint = Content.assemble(("→ ", ACCENT), words(problem.hint, ACCENT))
            lines.extend(Content.assemble("  ", line) for line in wrap(hint, width - 2))
        return lines


def _format_place(problem: Problem) -> str:
    """Return where a problem is. That of a sync is in no file."""
    return f"{problem.path}:{problem.line}:{problem.column}" if problem.path else "sync"


class ProblemsPage(Page):
    """The problems of all files. Enter opens the editor at the line, or the conflict."""

    NAME = "problems"
    OWN: ClassVar[tuple[Command, ...]] = (commands.EDIT, commands.OPEN, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    ProblemsPage { #title { height: 3; padding: 1 2 1 2; } }
    """

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield RowList(id="problems")

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Problems")

    def draw(self, state: State) -> None:
        gravity = list(Severity)
        sync = [state.sync_problem] if state.sync_problem is not None else []
        own = (*sync, *state.own_problems)
        problems = sorted(
            [*own, *day_problems.find_problems(state.workspace, state.today)],
            key=lambda problem: gravity.index(problem.severity),
        )
        parts = [
            pluralize(found, str(severity))
            for severity in Severity
            if severity is not Severity.INFO
            and (found := sum(problem.severity is severity for problem in problems))
        ]
        infos = sum(problem.severity is Severity.INFO for problem in problems)
        parts.extend([f"{infos} info"] if infos else [])
        note = " · ".join(parts) if parts else "none"
        self.query_one("#title", TextLine).show(
            Content.assemble(("PROBLEMS  ", f"bold {MUTED}"), (note, MUTED))
        )
        rows: list[Row] = [ProblemRow(problem) for problem in problems]
        if not rows:
            rows.append(Line(Content.styled("No problems found.", DONE)))
        shown = self.query_one(RowList)
        shown.show(reuse_rows(rows, shown.rows))

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the conflict, else the editor."""
        row = message.row
        if isinstance(row, ProblemRow) and row.problem.code in CONFLICT_CODES:
            self.post_message(OpenPage("conflicts", row.problem.path))
        else:
            self.action_edit()
