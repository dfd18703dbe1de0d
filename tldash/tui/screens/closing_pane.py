"""The closing page of a session: what is there, what is missing and what is left out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tldash.insight.conversation import Closing, find_incomplete, find_missing
from tldash.model.dates import format_exact, format_relative, pluralize, to_local
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Session
from tldash.tui.screens.conversation_rows import NotedTaskRow, TextRow, skill_of
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, DONE, HEAD, MUTED, STRONG, hanging, words
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.row_list import Line, Row, RowList

CLOSE: Final = "close"
LEAVE: Final = "leave"
_EARLY: Final = "moves it to today, "
OPEN_SIGN: Final = "○ "
DONE_SIGN: Final = "✔ "
SKIPPED_SIGN: Final = "– "
WARNED: Final = "bold $text-warning"


@frozen
class ClosingView:
    """What the closing page shows."""

    session: Session
    lead: Lead
    structure: tuple[str, ...]
    people: tuple[str, ...]
    """Names of the two people, the viewer first."""
    minutes: int
    is_early: bool = False
    """Whether the session was planned for a later day."""

    @property
    def missing(self) -> tuple[Closing, ...]:
        """What is missing and not left out on purpose."""
        return find_missing(self.session, self.structure)

    def line_of(self, person: str) -> str:
        """Return the line that a person said about the structure; empty without one."""
        return next((one for one in self.structure if one.startswith(f"{person}:")), "")


class ClosingRow(Row):
    """One thing that a session should leave behind."""

    def __init__(
        self, key: Hashable, sign: str, style: str, content: Content, note: str = ""
    ) -> None:
        self.key = key
        self._sign, self._style, self._note = sign, style, note
        self._content = content
        self.basis = (key, sign, style, content.markup, note)

    def lines(self, width: int) -> Sequence[Content]:
        note = words(f"   {self._note}" if self._note else "", MUTED)
        text = Content.assemble(self._content, note)
        return hanging(self._sign, text, width, self._style)


class ClosingPane(Vertical):
    """The list of what a session leaves behind."""

    DEFAULT_CSS = """
    ClosingPane { padding: 1 2 0 2; }
    """

    class Chosen(Message):
        """A row was opened: something to fill in, `CLOSE` or `LEAVE`."""

        def __init__(self, key: object) -> None:
            super().__init__()
            self.key = key

    class LeftOut(Message):
        """Something is left out on purpose."""

        def __init__(self, part: Closing) -> None:
            super().__init__()
            self.part = part

    def compose(self) -> ComposeResult:
        yield MarkList(id="closing", reading=True)

    @property
    def rows(self) -> MarkList:
        """The list."""
        return self.query_one(MarkList)

    def draw(self, view: ClosingView, state: State, enter: str, drop: str) -> None:
        """Draw the rows. `enter` and `drop` are the keys that fill in and leave out."""
        rows: list[Row] = [
            Line(Content.assemble(("BEFORE YOU PART", HEAD), "   ", _hint(enter, drop))),
            Row(),
            *self._rows(view, state),
        ]
        missing = view.missing
        if missing:
            names = ", ".join(_NAMES[one] for one in missing)
            rows += [TextRow("  ", words(f"missing: {names}", WARNED)), Row()]
        minutes = f"duration: {pluralize(view.minutes, 'minute')}"
        rows.append(
            ClosingRow(
                CLOSE, "▶ ", f"bold {ACCENT}", words("Close the session", STRONG),
                f"{_EARLY if view.is_early else ''}status: held, {minutes}",
            )
        )  # fmt: skip
        rows.append(
            ClosingRow(LEAVE, "‖ ", MUTED, words("Leave for now"), "the clock stops, C goes on")
        )
        self.rows.show(rows)

    def _rows(self, view: ClosingView, state: State) -> list[Row]:
        session, missing = view.session, view.missing
        rows: list[Row] = []

        def add(part: Closing, text: Content, key: Hashable = None) -> None:
            sign, style, note = DONE_SIGN, DONE, ""
            if part in missing:
                sign, style = OPEN_SIGN, WARNED
            elif part in session.left_out:
                sign, style, note = SKIPPED_SIGN, MUTED, "left out on purpose"
            rows.append(ClosingRow(key or part, sign, style, text, note))

        undated = find_incomplete(session.actions)
        count = pluralize(len(session.actions), "action") if session.actions else "no action"
        add(Closing.ACTIONS, words(f"{count} until next time", STRONG))
        for action in session.actions:
            rows.append(NotedTaskRow(action, None, view.lead, state, indent=4))
        if undated:
            which = pluralize(len(undated), "action")
            rows.append(TextRow("    ", words(f"{which} without a date", WARNED)))
        rows.append(Row())
        for person in view.people:
            said = view.line_of(person).partition(": ")[2]
            text = Content.assemble(
                ("Is this structure working? ", STRONG), words(f"{person}: ", MUTED),
                words(said) if said else words("nothing yet", MUTED),
            )  # fmt: skip
            done = bool(said)
            wanted = WARNED if Closing.STRUCTURE in missing else MUTED
            sign, style = (DONE_SIGN, DONE) if done else (OPEN_SIGN, wanted)
            if Closing.STRUCTURE in session.left_out and not done:
                sign = SKIPPED_SIGN
            rows.append(ClosingRow((Closing.STRUCTURE, person), sign, style, text))
        rows.append(Row())
        skill = skill_of(session, view.lead, state)
        if skill is not None:
            level = dict(session.levels).get(skill.skill.id.lower(), "")
            text = Content.assemble(
                words(f"Level of {skill.skill.name}: ", STRONG), words(level or "not agreed", MUTED)
            )
            add(Closing.LEVELS, text)
            rows.append(Row())
        when = "no next date"
        if session.next is not None:
            day = to_local(session.next, state.now).day
            when = f"{format_exact(session.next, state.now)}, {format_relative(day, state.today)}"
        add(Closing.NEXT, Content.assemble(("Next session: ", STRONG), words(when)))
        rows.append(Row())
        return rows

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Fill in what a row is about."""
        message.stop()
        if isinstance(message.row, ClosingRow):
            self.post_message(self.Chosen(message.row.key))

    def action_drop(self) -> None:
        """Leave the selected thing out on purpose."""
        row = self.rows.selected
        part = row.key[0] if isinstance(row, ClosingRow) and isinstance(row.key, tuple) else None
        if isinstance(row, ClosingRow) and isinstance(row.key, Closing):
            part = row.key
        if isinstance(part, Closing):
            self.post_message(self.LeftOut(part))


def _hint(enter: str, drop: str) -> Content:
    return Content.assemble(
        words(enter, ACCENT), (" fills it in · ", MUTED), words(drop, ACCENT),
        (" leaves it out on purpose", MUTED),
    )  # fmt: skip


_NAMES: Final = {
    Closing.ACTIONS: "an action",
    Closing.STRUCTURE: "a word about the structure",
    Closing.LEVELS: "an agreed level",
    Closing.NEXT: "a next date",
}
