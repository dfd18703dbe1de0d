"""What an edit is called in messages and in the list of edits to undo."""

from __future__ import annotations

from datetime import date

from tests.support.records import task
from tests.support.tables import each
from tldash.editing.edits import (
    AddTask,
    Edit,
    Remove,
    SetDate,
    SetLevel,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
    describe,
    summarize,
)
from tldash.model.records import Priority, Status

A, B = task("a"), task("b: c")
DAY = date(2026, 11, 20)


@each(
    ("edit", "description"),
    [
        (SetStatus(A, Status.DONE, DAY), "done: a"),
        (SetStatus(A, Status.OPEN, DAY), "open again: a"),
        (SetStatus(B, Status.IN_PROGRESS, DAY), "in progress: b: c"),
        (SetStatus(A, Status.CANCELLED, DAY), "dropped: a"),
        (SetDate(A, "due", DAY), "due 2026-11-20: a"),
        (SetDate(A, "start", None), "no start date: a"),
        (SetPriority(A, Priority.HIGH), "priority high: a"),
        (SetPriority(A, None), "no priority: a"),
        (SetOwner(A, "@mira"), "for mira: a"),
        (SetOwner(A, None), "no owner: a"),
        (SetTags(A, ("x", "#y"), ("z",)), "+#x +#y -#z: a"),
        (SetRepeat(A, "every week"), "repeats every week: a"),
        (SetRepeat(A, None), "no longer repeats: a"),
        (SetText(A, "d"), "reworded: d"),
        (Remove(A), "deleted: a"),
        (AddTask("x.md", "n"), "added: n"),
        (SetLevel("x.md", "vision", "beginner", frozenset()), "level beginner: vision"),
    ],
)
def test_one_edit(edit: Edit, description: str) -> None:
    assert describe([edit]) == description


def test_several_edits() -> None:
    done = [SetStatus(task, Status.DONE, DAY) for task in (A, B)]
    assert describe(done) == "done: 2 items"
    assert describe([*done, Remove(A)]) == "changed: 3 items"


@each(
    ("descriptions", "summary"),
    [
        (["done: call"], "done: call"),
        (["done: call", "done: write: a letter"], "done: 2 items"),
        (["due 2026-11-20: a", "due 2026-11-21: b"], "due dates changed: 2 items"),
        (["open again: a", "in progress: b", "open again: c"], "changed: 3 items"),
    ],
)
def test_descriptions_of_single_edits_in_one_line(descriptions, summary) -> None:
    assert summarize(descriptions) == summary
