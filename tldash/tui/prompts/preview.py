"""Compute the lines that a draft would write, from the text of the file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tldash.editing import patch
from tldash.editing.edits import (
    Edit,
    Refused,
    SetDate,
    SetPriority,
    SetRepeat,
    SetStatus,
)
from tldash.editing.splice import difference
from tldash.formats.text import split_lines
from tldash.model.records import Dialect, Task
from tldash.tui.prompts.drafts import Draft

LARGEST: Final = 200_000
"""Characters of a file from which on every key press would take too long."""


def written_lines(
    draft: Draft, tasks: Sequence[Task], dialect: Dialect | None, text: str
) -> list[str]:
    """Return the lines that a draft writes for the first item, without their indentation.

    None if that is unknown: the edit would be refused, or makes a new file. `dialect` is that of a
    field which the line does not have yet.
    """
    edit = _first_edit(draft, tasks, dialect)
    if edit is None or len(text) > LARGEST:
        return []
    data = text.encode("utf-8")
    try:
        new = difference(data, patch.apply(edit, data)).new.lines.decode("utf-8")
    except Refused:
        return []
    return [line.strip() for line in split_lines(new) if line.strip()]


def _first_edit(draft: Draft, tasks: Sequence[Task], dialect: Dialect | None) -> Edit | None:
    if draft.share is not None:
        return draft.share[1]
    if draft.change is None or not tasks:
        return draft.add
    edit = draft.change(tasks[0])
    if isinstance(edit, SetStatus | SetDate | SetPriority | SetRepeat) and edit.dialect is None:
        return replace(edit, dialect=dialect)
    return edit
