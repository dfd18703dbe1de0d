"""An edit applied to the bytes of a file: the new bytes, or the reason why not.

Pure: it opens nothing. An edit names the task item as somebody saw it and what it should become; it
is applied only to that very item, found again by its whole line among the lines that read the same.
What comes out is read again, and has to be what was wished for and otherwise what was there: what
would touch anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tldash.editing import markdown as mdedit
from tldash.editing import semantics, verify, yaml, yaml_insert, yaml_levels
from tldash.editing.edits import (
    ALREADY,
    AddTask,
    Edit,
    Refused,
    Remove,
    SetLevel,
    SetStatus,
    SetText,
    TaskChange,
    TaskEdit,
    path_of,
)
from tldash.formats.markdown import document as markdown
from tldash.formats.text import NotText, decode
from tldash.formats.yaml import load, session
from tldash.model.file_roles import is_yaml
from tldash.model.records import Status, Task


def apply(edit: Edit, data: bytes) -> bytes:
    """The bytes of the file after the edit. Raises Refused."""
    try:
        text = decode(data)
    except NotText as error:
        raise Refused("encoding", f"{error.message}; it is read-only here") from error
    if markdown.find_conflict(text) is not None:
        raise Refused("merge-conflict", "the file holds an unresolved merge; it is read-only here")
    if isinstance(edit, SetLevel):
        return yaml_levels.apply(edit, text).encode("utf-8")
    semantics.check_sense(edit)
    patch = _patch_yaml if is_yaml(path_of(edit)) else _patch_markdown
    return patch(edit, text).encode("utf-8")


def _patch_markdown(edit: TaskEdit, text: str) -> str:
    path = path_of(edit)
    head, body = mdedit.read(text, path)
    here = None
    if isinstance(edit, AddTask):
        if head.removeprefix(markdown.BOM) and not head.endswith(("\r", "\n")):
            head += body.ending
        new = mdedit.add(body, edit)
    else:
        here = find_again(edit, body.tasks)
        new = (
            mdedit.remove(body, here)
            if isinstance(edit, Remove)
            else mdedit.change(body, here, edit)
        )
    _, after = mdedit.read(head + new, path)
    if not verify.came_true(edit, here, body.tasks, after.tasks) or not verify.same_outline(
        body.lines, after.lines
    ):
        raise _unclear(here)
    return head + new


def _patch_yaml(edit: TaskEdit, text: str) -> str:
    start = len(markdown.BOM) if text.startswith(markdown.BOM) else 0
    document, path = text[start:], path_of(edit)
    items, _ = session.read(document, path)
    found = [item.task for item in items]
    here, name = None, ""
    if isinstance(edit, AddTask):
        name = yaml_insert.list_name(edit.section)
    else:
        if not found and document.strip() and load.compose(document) is None:
            raise Refused("yaml", "this file is not valid YAML, or too large to be edited here")
        here = find_again(edit, found)
        name = str(here.yaml_path[0])
    try:
        for new in _yaml_drafts(edit, document, items, here, name):
            after = [item.task for item in session.read(new, path)[0]]
            if verify.came_true(edit, here, found, after) and verify.same_values(
                document, new, name
            ):
                return text[:start] + new
    except yaml.Unsafe as error:
        raise Refused("yaml", str(error), here.raw if here else "") from error
    raise _unclear(here, "yaml")


def _yaml_drafts(
    edit: TaskEdit, document: str, items: Sequence[session.Item], here: Task | None, name: str
) -> Iterator[str]:
    """The documents that might be what was wished for, the most natural one first."""
    if isinstance(edit, AddTask):
        yield from yaml_insert.added(document, name, edit)
        return
    item = next(item for item in items if item.task is here)
    if isinstance(edit, SetStatus) and edit.status is Status.DONE and item.task.fields.repeat:
        yield from yaml_insert.repeated(document, item, edit.on)
    elif isinstance(edit, Remove):
        yield yaml_insert.removed(document, name, item.node)
    else:
        yield from yaml.changed(document, item, edit)


def _unclear(here: Task | None, code: str = "unclear") -> Refused:
    if here is None:
        return Refused(
            code, "it would not be read as an action where it belongs; add it in an editor"
        )
    return Refused(code, "this item is written in a way that cannot be edited here", here.raw)


def find_again(edit: TaskChange | Remove, tasks: Sequence[Task]) -> Task:
    """The task item that the edit means, among those that the file holds now.

    The same line, the same one of equally many twins, under the same headings, with the same
    fields. Raises Refused where that is nowhere to be found or could be another, and where it is as
    requested already.
    """
    seen = edit.task
    same = [task for task in tasks if task.raw == seen.raw]
    if same and same[0].twin[1] == seen.twin[1]:
        found = same[seen.twin[0] - 1]
        if seen.twin[1] > 1 and found.note != seen.note:
            raise Refused(
                "ambiguous",
                "lines that read the same changed places, so it is not clear which one was meant",
                found.raw,
            )
        if _state(found) == _state(seen):
            if semantics.is_so(edit, found):
                raise Refused(ALREADY, semantics.already(edit, found), found.raw)
            return found
    elif same:
        raise Refused(
            "ambiguous",
            "lines that read the same came or went, so it is not clear which one was meant",
            same[0].raw,
        )
    close = [task for task in tasks if task.text == seen.text and task.section == seen.section]
    if not close and isinstance(edit, SetText):
        close = [t for t in tasks if semantics.is_so(edit, t) and t.section == seen.section]
    if len(close) == 1:
        if semantics.is_so(edit, close[0]):
            raise Refused(ALREADY, semantics.already(edit, close[0]), close[0].raw)
        raise Refused("changed", "somebody changed this line meanwhile", close[0].raw)
    there = next((task for task in tasks if task.line == seen.line), None)
    raise Refused("gone", "this line is no longer in the file", there.raw if there else "")


def _state(task: Task) -> tuple[object, ...]:
    """What must not have changed since an item was seen."""
    return task.text, task.status, task.fields, task.section
