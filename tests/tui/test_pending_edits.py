"""Keys pressed faster than files are written: the edits that are sent, and their order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.records import TODAY, action, day, lead
from tldash.editing.edits import Edit, SetDate, SetStatus
from tldash.model.records import Status, Task, Workspace
from tldash.service.results import EditFailed, EditWritten
from tldash.tui.app.pending_edits import PendingEdits
from tldash.tui.prompts import changes

LATER = changes.move_due(7, TODAY)


class Files:
    """An item in its file, and its pending edits."""

    def __init__(self) -> None:
        self.pending = PendingEdits()
        self.seen = self.task = action("call", due=day("2026-11-24")).task
        self.made: list[Edit] = []

    def press(self, key: str) -> Edit | None:
        """Press a key on the item as last drawn."""
        if key == "tick":
            edits = self.pending.toggle([self.seen], TODAY, "")
        else:
            edits = self.pending.submit([self.seen], LATER, "")
        return edits[0] if edits else None

    def write(self, edit: Edit) -> Edit | None:
        """Apply an edit, which must be about the current item."""
        assert isinstance(edit, SetStatus | SetDate)
        assert edit.task == self.task, "an edit of an item that has changed is refused"
        self.made.append(edit)
        fields = self.task.fields
        if isinstance(edit, SetStatus):
            self.task = replace(self.task, status=edit.status)
        else:
            self.task = replace(self.task, fields=replace(fields, due=edit.day))
        ready = self.pending.finish(EditWritten(edit), self.workspace())
        return ready.edit if ready else None

    def workspace(self) -> Workspace:
        return Workspace("w", (lead(actions=(replace(action("call"), task=self.task),)),))


@pytest.mark.parametrize(
    ("keys", "status", "due", "edits"),
    [
        (["tick", "later"], Status.DONE, "2026-12-01", 2),
        (["later", "tick"], Status.DONE, "2026-12-01", 2),
        (["later", "later", "tick"], Status.DONE, "2026-12-08", 3),
        (["tick", "tick"], Status.OPEN, "2026-11-24", 2),
        (["tick"] * 10, Status.OPEN, "2026-11-24", 2),
        (["tick"] * 11, Status.DONE, "2026-11-24", 1),
        (["later", "tick", "tick", "later"], Status.OPEN, "2026-12-08", 2),
    ],
)
def test_fast_keys_are_all_applied(keys, status, due, edits) -> None:
    files = Files()
    first, *rest = [files.press(key) for key in keys]
    assert rest == [None] * len(rest)
    assert files.pending.sent
    following = first
    while following is not None:
        following = files.write(following)
    assert (files.task.status, files.task.fields.due) == (status, day(due))
    assert len(files.made) == edits
    assert not files.pending.sent
    files.seen = files.task
    assert files.press("tick") is not None, "the key is not dead afterwards"


def test_untick_restores_the_status_before() -> None:
    files = Files()
    files.seen = files.task = replace(files.task, status=Status.IN_PROGRESS)
    for wanted in (Status.DONE, Status.IN_PROGRESS):
        edit = files.press("tick")
        assert edit is not None
        files.write(edit)
        files.seen = files.task
        assert files.task.status is wanted


def test_a_failed_edit_drops_what_waits_for_it() -> None:
    files = Files()
    edit = files.press("later")
    assert edit is not None and files.press("tick") is None
    files.pending.finish(EditFailed(edit, "somebody changed it", "- [ ] call"), files.workspace())
    assert not files.pending.sent
    task: Task = files.task
    assert files.press("tick") == SetStatus(task, Status.DONE, TODAY)


def test_waiting_edits_keep_their_batch() -> None:
    pending = PendingEdits()
    tasks = [action("call").task, action("write").task]
    first = pending.submit(tasks, LATER, "first")
    assert pending.submit(tasks, LATER, "second") == [], "both wait"
    now = Workspace("w", (lead(actions=(action("call"), action("write"))),))
    for edit in first:
        ready = pending.finish(EditWritten(edit), now)
        assert ready is not None and ready.batch == "second"


def test_quick_keys_on_two_items_with_the_same_words_are_for_one_each() -> None:
    """They differ in their dates, and so not in their keys; each is told by its line."""
    pending = PendingEdits()
    one, other = (action("call", due=day("2026-11-24")), action("call", due=day("2026-11-30")))
    other = replace(other, task=replace(other.task, line=one.task.line + 1))
    ticks = [*pending.toggle([one.task], TODAY, ""), *pending.toggle([other.task], TODAY, "")]
    assert ticks == [SetStatus(two.task, Status.DONE, TODAY) for two in (one, other)]
    assert pending.submit([other.task], LATER, "") == [], "one after the other"
    now = Workspace("w", (lead(actions=(one, other)),))
    assert pending.finish(EditWritten(ticks[0]), now) is None
    ready = pending.finish(EditWritten(ticks[1]), now)
    assert ready is not None
    assert ready.edit == SetDate(other.task, "due", day("2026-12-07"))


def test_a_waiting_single_edit_has_no_batch() -> None:
    pending = PendingEdits()
    task = action("call").task
    (edit,) = pending.submit([task], LATER, "first")
    assert pending.submit([task], LATER, "") == []
    ready = pending.finish(EditWritten(edit), Workspace("w", (lead(actions=(action("call"),)),)))
    assert ready is not None and ready.batch == ""


def test_a_second_press_unticks_several_before_the_first_is_written() -> None:
    pending = PendingEdits()
    tasks = [action("call").task, action("write").task]
    ticks = pending.toggle(tasks, TODAY, "first")
    assert [edit.status for edit in ticks if isinstance(edit, SetStatus)] == [Status.DONE] * 2
    assert pending.toggle(tasks, TODAY, "second") == [], "both wait"
    done = tuple(
        replace(one, task=replace(one.task, status=Status.DONE))
        for one in (action("call"), action("write"))
    )
    now = Workspace("w", (lead(actions=done),))
    ready = [pending.finish(EditWritten(edit), now) for edit in ticks]
    assert [one.edit.status for one in ready if one and isinstance(one.edit, SetStatus)] == [
        Status.OPEN
    ] * 2


def test_a_quick_key_is_about_the_item_as_the_one_before_left_it() -> None:
    files = Files()
    edit = files.press("later")
    assert edit is not None
    files.write(edit)
    assert files.pending.catch_up([files.seen], files.workspace()) == [files.task]


def test_a_key_on_a_row_that_somebody_else_has_changed_is_about_the_item_it_shows() -> None:
    files = Files()
    edit = files.press("later")
    assert edit is not None
    files.write(edit)
    files.task = replace(files.task, fields=replace(files.task.fields, due=day("2027-01-01")))
    assert files.pending.catch_up([files.seen], files.workspace()) == [files.seen]
    other = replace(files.task, status=Status.DONE)
    assert files.pending.catch_up([other], files.workspace()) == [other]
