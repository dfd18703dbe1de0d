"""The notes of the last session. Enter opens the session."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message

from tldash.output.passage import Passage, PassageKind
from tldash.tui.style.text import LATE, MUTED, words
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row, RowList


class LastNotes(RowList):
    """The notes, scrolled line by line, without a selection."""

    class Wanted(Message):
        """The session should be opened."""

    def __init__(self) -> None:
        super().__init__(id="last", reading=True)

    def action_open(self) -> None:
        """Open the session."""
        self.post_message(self.Wanted())

    def show_notes(self, found: Sequence[Passage] | None, trouble: str = "") -> None:
        """Show the notes, None while they are loading, or why they could not be read."""
        rows: list[Row] = [PassageRow(passage) for passage in without_title(found or ())]
        if trouble:
            rows = [Line(words(trouble, LATE))]
        elif found is not None and not rows:
            rows = [Line(Content.styled("no notes, only actions", MUTED))]
        self.show(rows)


def without_title(found: Sequence[Passage]) -> Sequence[Passage]:
    """Remove a first heading that is only "Notes"."""
    first = found[0] if found else None
    if first is None or first.kind is not PassageKind.HEADING or first.text.casefold() != "notes":
        return found
    return found[1:]
