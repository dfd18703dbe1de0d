"""Edits of texts, refusals, and generated Markdown files, for the tests of editing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest
from hypothesis import strategies as st

from tests.formats.tasks import task_strategies
from tldash.editing import patch
from tldash.editing.edits import ALREADY, AddTask, Edit, Refused, SetDate
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.records import Dialect, Task

DAY = date(2026, 12, 24)

MakeEdit = Callable[[Task], Edit]


def tasks_of(text: str, path: str = "x.md") -> tuple[Task, ...]:
    return read_data(text.encode(), path, FileRole.SESSION).tasks


def find_task(text: str, words: str, which: int = 0, path: str = "x.md") -> Task:
    """Return the task item with this text; `which` of several, from 0."""
    return [task for task in tasks_of(text, path) if task.text == words][which]


def apply(edit: Edit, text: str) -> str:
    return patch.apply(edit, text.encode()).decode()


def edited(text: str, make_edit: MakeEdit, which: int = 0, path: str = "x.md") -> str:
    """Return the text with an edit of one of its task items, counted from 0."""
    return apply(make_edit(tasks_of(text, path)[which]), text)


def added(text: str, words: str, section: str = "Actions", path: str = "x.md") -> str:
    return apply(AddTask(path, words, section), text)


def due(day: date | None = DAY, dialect: Dialect | None = None) -> MakeEdit:
    return lambda task: SetDate(task, "due", day, dialect)


@contextmanager
def refused(
    code: str | None = None, message: str | None = None
) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect an edit to be refused with this code, and a message that matches the pattern."""
    with pytest.raises(Refused, match=message) as caught:
        yield caught
    assert code is None or caught.value.code == code


def already(message: str | None = None) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    """Expect an edit to be refused since there is nothing left to change."""
    return refused(ALREADY, message)


STARTS = st.sampled_from(
    ["- [ ] ", "* [x] ", "  - [/] ", "> - [ ] ", "1. [-] ", "- [?]  ", "+ [ ]\t"]
)
OTHERS = st.sampled_from(
    ["", "# Actions", "## Agenda", "text", "- item", "    more", "```", "<!-- c -->", "a\x0cb",
     "x\u2028y", "---", "| a | b |"]
)  # fmt: skip


@st.composite
def markdown_files(draw: st.DrawFn) -> str:
    """Task lines among other lines, with front matter, byte order mark and all line ends."""
    task_lines = st.builds(str.__add__, STARTS, task_strategies.bodies())
    lines = draw(st.lists(st.one_of(OTHERS, task_lines), min_size=1, max_size=8))
    text = draw(st.sampled_from(["", "\ufeff", "---\na: 1\n---\n", "\ufeff---\r\n---\r\n"]))
    for line in lines:
        text += line + draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return text if draw(st.booleans()) else text.rstrip("\r\n")
