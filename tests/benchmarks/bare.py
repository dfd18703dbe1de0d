"""Run a bare Textual app as a baseline: header, footer and a table of 20 rows."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Header


class Bare(App[None]):
    """Show a table with Textual's own widgets only."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable()
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Lead", "Next session", "Open", "Overdue")
        for number in range(1, 21):
            table.add_row(f"Lead {number}", "in 3 days", str(number), "0")


if __name__ == "__main__":
    Bare().run()
