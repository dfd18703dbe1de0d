"""The rows of a brief. Actions and topics are task rows, so they can be ticked while reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from textual.content import Content

from tldash.model.records import Lead
from tldash.output.brief import BriefItem, BriefSection, describe_through
from tldash.tui.state import State
from tldash.tui.style.text import HEAD, MUTED, STRONG, hanging, prose, words, wrap
from tldash.tui.widgets.passages import MEASURE
from tldash.tui.widgets.row_list import Row
from tldash.tui.widgets.task_rows import ActionRow, owner_of
from tldash.tui.widgets.topic_rows import TopicRow

LABEL_WIDTH: Final = 17
"""Cells of the labels of facts."""


class BriefText(Row):
    """A paragraph, or an item of a list."""

    def __init__(self, item: BriefItem) -> None:
        self.basis = (item,)
        self._item = item

    def lines(self, width: int) -> Sequence[Content]:
        item = self._item
        label = words(f"{item.label}: ", MUTED) if item.label else Content("")
        note = words(f" · {item.note}" if item.note else "", MUTED)
        text = Content.assemble(label, prose(item.text), note)
        width = min(width, MEASURE)
        return hanging("– ", text, width) if item.is_listed else wrap(text, width)


class FactRow(Row):
    """A fact after its label."""

    def __init__(self, item: BriefItem, *, strong: bool = False) -> None:
        self.basis = (item, strong)
        self._item = item
        self._style = STRONG if strong else ""

    def lines(self, width: int) -> Sequence[Content]:
        item = self._item
        note = words(f" · {item.note}" if item.note else "", MUTED)
        text = Content.assemble(prose(item.text, self._style), note)
        label = f"{item.label:<{LABEL_WIDTH - 2}}"[: LABEL_WIDTH - 2] + "  "
        return hanging(label, text, min(width, MEASURE))


class SectionRow(Row):
    """The title of a section, with its note beside it or below."""

    def __init__(self, section: BriefSection, *, first: bool) -> None:
        self._section = section
        self._first = first
        self.basis = (section.title, section.note, first)

    def lines(self, width: int) -> Sequence[Content]:
        width = min(width, MEASURE)
        title = words(self._section.title.upper(), HEAD)
        note = words(self._section.note, MUTED)
        gap = [] if self._first else [Content("")]
        if not note or title.cell_length + 2 + note.cell_length <= width:
            return [*gap, *wrap(Content.assemble(title, "  ", note), width)]
        return [*gap, *wrap(title, width), *wrap(note, width)]


def brief_rows(sections: Iterable[BriefSection], lead: Lead, state: State) -> list[Row]:
    """Return the rows of some sections of a brief."""
    rows: list[Row] = []
    for section in sections:
        rows.extend(_section_rows(section, lead, state, first=not rows))
    return rows


def _section_rows(section: BriefSection, lead: Lead, state: State, *, first: bool) -> Iterator[Row]:
    if not section.title:
        yield from (FactRow(item, strong=not index) for index, item in enumerate(section.items))
        return
    yield SectionRow(section, first=first)
    for item in section.items:
        if item.promise is not None:
            action = item.promise.action
            yield ActionRow(
                action,
                state.today,
                state.workspace.framework,
                owner="" if action.coach_owned else owner_of(action, lead, state.you(lead)),
                carried=describe_through(item.promise, state.today),
            )
        elif item.topic is not None:
            yield TopicRow(item.topic, item.note)
        else:
            yield BriefText(item)
