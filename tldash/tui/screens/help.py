"""Every key and every sign, from the same definitions that make them work.

It is a menu as well: what is chosen here is done on the screen that one came from, so that whoever
has a mouse and no keys in mind reaches every command.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.keys.keymap import Keymap, all_shown
from tldash.tui.screens.messages import RunCommand
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, fit, words
from tldash.tui.widgets.row_list import Line, Row, RowList

MOUSE = ("mouse", "Click to select, twice to open, on a box to tick, with ctrl to mark.")
SIGNS = (
    ("▢ ◩ ✔ ✕", "An action that is open, in progress, done, dropped."),
    ("▰▰▱", "The level of a skill: beginner, intermediate, advanced."),
    ("▂▄▆", "The levels that the last sessions agreed on, oldest first."),
    ("4/6", "Markers of a skill that were seen, of all."),
    ("● ◐ ○ ·", "The cadence, one sign a period: held, held late, missed, planned."),
    ("◌", "A session whose notes are not written yet."),
    ("!", "A lead who needs you; the reason stands below the name."),
    ("•", "Just changed by somebody else."),
    ("*", "Marked: the next key is about all that are."),
)


class HelpPage(Page):
    """Keys of the screen one came from, of every screen, and the signs."""

    NAME = "help"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN,)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    HelpPage { RowList { padding: 1 1 0 2; } }
    """

    def __init__(self, of: str, own: tuple[Command, ...]) -> None:
        """`of` is the name of the screen that help was asked on, `own` are its commands."""
        super().__init__()
        self._of = of
        self._own = own

    def compose_body(self) -> ComposeResult:
        yield RowList(id="help", reading=True)

    def place(self, state: State) -> tuple[str, ...]:
        return (state.workspace.name, "Help")

    def draw(self, state: State) -> None:
        keymap = state.keymap
        rows: list[Row] = []
        own = commands.offered(self._own, state.allowed)
        everywhere = commands.offered(commands.EVERYWHERE, state.allowed)
        parts = (
            (f"on the {self._of.replace('_', ' ')} screen", _said(own, keymap)),
            ("on every screen", _said(everywhere, keymap)),
            ("in every list", [*_said(commands.MOVING, keymap), Line(_entry(*MOUSE, ACCENT))]),
            ("signs", [Line(_entry(*entry, MUTED)) for entry in SIGNS]),
        )
        for name, entries in parts:
            if not entries:
                continue
            if rows:
                rows.append(Line(Content("")))
            rows.append(Line(words(name.upper(), f"bold {MUTED}")))
            rows.extend(entries)
        self.query_one(RowList).show(rows)

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Do it, where help was asked for."""
        key = message.row.key if message.row else None
        offered = (*self._own, *commands.EVERYWHERE, *commands.MOVING)
        chosen = next((one for one in offered if one.name == key), None)
        if chosen is not None:
            self.post_message(RunCommand(chosen))


def _said(own: tuple[Command, ...], keymap: Keymap) -> list[Line]:
    """A row for each command, which can be chosen."""
    return [
        Line(_entry(all_shown(command, keymap), command.says, ACCENT), command.name)
        for command in own
    ]


def _entry(sign: str, says: str, style: str) -> Content:
    special = {"●": ACCENT, "!": LATE, "▢": DONE}.get(sign[0], style)
    key = Content.styled(sign, f"{STRONG} {special}")
    return Content.assemble(fit(key, max(12, key.cell_length)), " ", says)
