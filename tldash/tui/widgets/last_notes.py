"""What was noted in the last session, to read before the next; Enter opens all of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message

from tldash.output.passages import Passage, PassageKind
from tldash.tui.style.text import LATE, MUTED, words
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row, RowList


class LastNotes(RowList):
    """The notes, scrolled line by line; nothing in them can be selected."""

    class Wanted(Message):
        """The session itself is to be shown."""

    def __init__(self) -> None:
        super().__init__(id="last", reading=True)

    def action_open(self) -> None:
        """To the session."""
        self.post_message(self.Wanted())

    def show_notes(self, found: Sequence[Passage] | None, trouble: str = "") -> None:
        """Show what was noted; nothing while it is not known yet."""
        rows: list[Row] = [PassageRow(passage) for passage in _without_title(found or ())]
        if trouble:
            rows = [Line(words(trouble, LATE))]
        elif found is not None and not rows:
            rows = [Line(Content.styled("nothing was noted but its actions", MUTED))]
        self.show(rows)


def _without_title(found: Sequence[Passage]) -> Sequence[Passage]:
    """The notes without a first heading that says only that they are notes."""
    first = found[0] if found else None
    if first is None or first.kind is not PassageKind.HEADING or first.text.casefold() != "notes":
        return found
    return found[1:]
