"""Apply an edit to the bytes of a file.

Pure: opens no files. An edit is applied only to the item that it was requested for, identified by
its whole line and its place among identical lines. The result is parsed and verified, and the edit
is refused if it would change anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tldash.editing import front, markdown, semantics, text_lines, verify, yaml
from tldash.editing.edits import (
    ALREADY,
    UNRESOLVED_MERGE,
    AddTask,
    Edit,
    PutText,
    Refused,
    Remove,
    SetDate,
    SetField,
    SetLevel,
    SetStatus,
    SetText,
    TaskChange,
    TaskEdit,
    path_of,
)
from tldash.formats.text import BOM, NotText, decode, find_conflict
from tldash.formats.yaml import session
from tldash.formats.yaml.compose import compose
from tldash.model.file_roles import is_yaml
from tldash.model.records import Task

_Apply = Callable[[TaskEdit, str], tuple[str, Task]]


def apply(edit: Edit, data: bytes) -> bytes:
    """Return the bytes of the file after the edit. Raises Refused."""
    try:
        text = decode(data)
    except NotText as error:
        raise Refused("encoding", f"{error.message}, so it is read-only in tldash") from error
    if find_conflict(text) is not None:
        raise Refused("merge-conflict", UNRESOLVED_MERGE)
    match edit:
        case SetLevel():
            return front.apply_level(edit, text).encode("utf-8")
        case SetField():
            return front.apply_field(edit, text).encode("utf-8")
        case PutText():
            return text_lines.apply(edit, text).encode("utf-8")
    semantics.check_values(edit)
    apply_to = _apply_to_yaml if is_yaml(path_of(edit)) else _apply_to_markdown
    if isinstance(edit, SetDate):
        return _set_date(edit, text, apply_to).encode("utf-8")
    return apply_to(edit, text)[0].encode("utf-8")


def _set_date(edit: SetDate, text: str, apply_to: _Apply) -> str:
    """Set a date, and the tag that says whether it moves along with the next session."""
    there = edit.task
    already: Refused | None = None
    try:
        text, there = apply_to(replace(edit, by_session=None), text)
    except Refused as refused:
        if not refused.already:
            raise
        already = refused
    if (tag := semantics.session_tag(edit, there.fields.tags)) is not None:
        return apply_to(replace(tag, task=there), text)[0]
    if already is not None:
        raise already
    return text


def _apply_to_markdown(edit: TaskEdit, text: str) -> tuple[str, Task]:
    """Return the text after the edit, and the item in it that was added or changed."""
    path = path_of(edit)
    head, body = markdown.read(text, path)
    here = None
    if isinstance(edit, AddTask):
        if head.removeprefix(BOM) and not head.endswith(("\r", "\n")):
            head += body.ending
        new = markdown.add(body, edit)
    else:
        here = find_task(edit, body.tasks)
        new = (
            markdown.remove(body, here)
            if isinstance(edit, Remove)
            else markdown.change(body, here, edit)
        )
    _, after = markdown.read(head + new, path)
    if not verify.is_applied(edit, here, body.tasks, after.tasks) or not verify.same_outline(
        body.lines, after.lines
    ):
        raise _unclear(here)
    return head + new, _same_item(here, body.tasks, after.tasks)


def _same_item(here: Task | None, before: Sequence[Task], after: Sequence[Task]) -> Task:
    """Return an item that was changed as it is after the edit."""
    if here is None or len(before) != len(after):
        return here or after[-1]
    return after[next(at for at, task in enumerate(before) if task is here)]


def _apply_to_yaml(edit: TaskEdit, text: str) -> tuple[str, Task]:
    start = len(BOM) if text.startswith(BOM) else 0
    document, path = text[start:], path_of(edit)
    items, _ = session.read(document, path)
    found = [item.task for item in items]
    here, name = None, ""
    if isinstance(edit, AddTask):
        name = yaml.list_name(edit.section, document)
    else:
        if not found and document.strip() and compose(document) is None:
            raise Refused("yaml", "this file is not valid YAML, or too large to be edited here")
        here = find_task(edit, found)
        name = str(here.yaml_path[0])
    try:
        for new in _yaml_candidates(edit, document, items, here, name):
            after = [item.task for item in session.read(new, path)[0]]
            if verify.is_applied(edit, here, found, after) and verify.same_values(
                document, new, name
            ):
                return text[:start] + new, _same_item(here, found, after)
    except yaml.Unsafe as error:
        raise Refused("yaml", str(error), here.raw if here else "") from error
    raise _unclear(here, "yaml")


def _yaml_candidates(
    edit: TaskEdit, document: str, items: Sequence[session.Item], here: Task | None, name: str
) -> Iterator[str]:
    """Yield the possible results, the most natural one first. The first valid one is used."""
    if isinstance(edit, AddTask):
        yield from yaml.added(document, name, edit)
        return
    item = next(item for item in items if item.task is here)
    if isinstance(edit, SetStatus) and semantics.repeats(edit, item.task):
        yield from yaml.repeated(document, item, edit.on)
    elif isinstance(edit, Remove):
        yield yaml.removed(document, name, item.node)
    else:
        yield from yaml.changed(document, item, edit)


def _unclear(here: Task | None, code: str = "unclear") -> Refused:
    if here is None:
        return Refused(code, "it would not be read as an action there; add it in an editor")
    return Refused(code, "an item written like this cannot be edited here; use an editor", here.raw)


def find_task(edit: TaskChange | Remove, tasks: Sequence[Task]) -> Task:
    """Return the task item to edit among those that the file has now.

    It has the same line, the same place among the same number of identical lines, the same headings
    and fields. Raises Refused if there is no such item, if it could be another one, or if it
    already is as requested.
    """
    seen = edit.task
    same = [task for task in tasks if task.raw == seen.raw]
    if same and same[0].occurrence[1] == seen.occurrence[1]:
        found = same[seen.occurrence[0] - 1]
        if seen.occurrence[1] > 1 and found.note != seen.note:
            raise Refused(
                "ambiguous",
                "identical lines changed places, so it is not clear which one you meant",
                found.raw,
            )
        if _state(found) == _state(seen):
            if semantics.is_made(edit, found):
                raise Refused(ALREADY, semantics.describe_made(edit, found), found.raw)
            return found
    elif same:
        raise Refused(
            "ambiguous",
            "identical lines were added or removed, so it is not clear which one you meant",
            same[0].raw,
        )
    close = [task for task in tasks if task.text == seen.text and task.section == seen.section]
    if not close and isinstance(edit, SetText):
        close = [t for t in tasks if semantics.is_made(edit, t) and t.section == seen.section]
    if len(close) == 1:
        if semantics.is_made(edit, close[0]):
            raise Refused(ALREADY, semantics.describe_made(edit, close[0]), close[0].raw)
        raise Refused("changed", "somebody changed this line in the meantime", close[0].raw)
    there = next((task for task in tasks if task.line == seen.line), None)
    raise Refused("gone", "this line is no longer in the file", there.raw if there else "")


def _state(task: Task) -> tuple[object, ...]:
    """Return the values that must not have changed since the edit was requested."""
    return task.text, task.status, task.fields, task.section
