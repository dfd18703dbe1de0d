"""The help: all keys and icons.

It is a menu too: Enter or a double-click runs a command on the screen below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.keys.keymap import Keymap, format_keys
from tldash.tui.screens.messages import RunCommand
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, DONE, LATE, MUTED, STRONG, fit, words, wrap
from tldash.tui.widgets.row_list import Line, Row, RowList

KEY_WIDTH, LEAST_KEY_WIDTH, ROOMY = 20, 12, 96
"""Cells for the keys of a command in a list of `ROOMY` cells or more, and in a narrower one."""
MOUSE = ("mouse", "Click to select, double-click to open, ctrl-click to mark, click a box to tick.")
TYPING = (
    ("enter", "Save. In a filter, go back to the list."),
    ("esc", "Cancel. The text is offered again the next time."),
    ("ctrl+z  ctrl+y  ctrl+r", "Undo or redo typing."),
    ("ctrl+n", "Write the nicknames of names on your own list."),
    (
        "←  →  home  end",
        "Move. With ctrl by words, with shift to select (ctrl+shift+a all). Also ctrl+a, ctrl+e.",
    ),
    ("backspace  delete", "Delete a character. Also ctrl+d."),
    ("ctrl+w", "Delete the word before; ctrl+backspace or alt+backspace the word after."),
    ("ctrl+u  ctrl+k", "Delete all before or after. Also super+backspace."),
    ("ctrl+x  ctrl+v", "Cut what is selected, or paste."),
)
ALWAYS = (
    ("ctrl+c", "Copy the text that is selected with the mouse."),
    ("ctrl+q", "Quit from any screen."),
)
FOUND = (
    ("n  N", "Go to the next place with the words, or the one before."),
    ("esc", "Highlight them no longer."),
)
TIMELINE = ("←  h  →  l", "In the row of sessions: go to the previous or next session.")
ICONS = (
    ("▢ ◩ ✔ ✕", "An action: open, in progress, done, dropped."),
    ("▰▰▱", "The level of a skill: beginner, intermediate, advanced."),
    ("▂▄▆", "The agreed levels of the last sessions, oldest first."),
    ("4/6", "Ticked markers of a skill, out of all."),
    ("● ◐ ○ ·", "The cadence, one icon per period: held, held past cadence, missed, planned."),
    ("◌", "A session that is not written up."),
    ("!", "A lead who needs you. The reason is below the name."),
    ("•", "Just changed by somebody else."),
    ("◆", "Only you can read it: it is in your private folder."),
    ("*", "Marked. The next key applies to all marked items."),
)


class HelpPage(Page):
    """The keys of the screen below and of every screen, and the icons."""

    NAME = "help"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    HelpPage { RowList { padding: 1 1 0 2; } }
    """

    def __init__(self, of: str, own: tuple[Command, ...]) -> None:
        """`of` is the name of the screen below, `own` are its commands."""
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
            (
                f"on the {self._of.replace('_', ' ')} screen",
                [*_said(own, keymap), *_fixed([TIMELINE] if commands.SESSIONS in own else [])],
            ),
            ("on every screen", [*_said(everywhere, keymap), *_fixed(ALWAYS)]),
            ("in every list", [*_said(commands.MOVING, keymap), *_fixed([MOUSE])]),
            ("while found words are highlighted", _fixed(FOUND) if commands.FIND in own else []),
            ("while you type", _fixed(TYPING)),
            ("icons", _fixed(ICONS, MUTED)),
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
        """Run the command on the screen below."""
        key = message.row.key if message.row else None
        offered = (*self._own, *commands.EVERYWHERE, *commands.MOVING)
        chosen = next((one for one in offered if one.name == key), None)
        if chosen is not None:
            self.post_message(RunCommand(self, chosen))


class HelpRow(Row):
    """Keys or icons, and what they do, wrapped beside them."""

    def __init__(self, icons: str, description: str, style: str, key: str | None = None) -> None:
        """`key` is the name of the command that Enter runs."""
        self.key = key
        self._icons = icons
        self._description = description
        self._style = {"●": ACCENT, "!": LATE, "▢": DONE}.get(icons[0], style)

    def lines(self, width: int) -> Sequence[Content]:
        icons = words(self._icons, f"{STRONG} {self._style}")
        size = max(KEY_WIDTH if width >= ROOMY else LEAST_KEY_WIDTH, icons.cell_length)
        first, *rest = wrap(words(self._description), width - size - 1)
        return [
            Content.assemble(fit(icons, size), " ", first),
            *(Content.assemble(" " * (size + 1), line) for line in rest),
        ]


def _said(own: tuple[Command, ...], keymap: Keymap) -> list[Row]:
    """Return a row for each command."""
    return [
        HelpRow(format_keys(command, keymap), command.help_text, ACCENT, command.name)
        for command in own
    ]


def _fixed(entries: Iterable[tuple[str, str]], style: str = ACCENT) -> list[Row]:
    """Return rows of keys that are the same with all settings, or of icons."""
    return [HelpRow(*entry, style) for entry in entries]
