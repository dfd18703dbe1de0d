"""An edit applied to the bytes of a file: the new bytes, or the reason why not.

Pure: it opens nothing. An edit names the task item as somebody saw it and the state that it should
have; it is applied only to that very item, found again by its whole line among the lines that read
the same. What would touch anything else is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tldash.files import blocks, markdown, repeat, taskedit, yamledit, yamlsession
from tldash.files.find import is_yaml
from tldash.files.read import NotText, decode
from tldash.records import Dialect, Status, Task


@dataclass(frozen=True, slots=True)
class SetStatus:
    """The wish that a task item have a status."""

    task: Task
    """The item as it was seen when the wish was made."""
    status: Status
    on: date
    """The day of the wish, for the completion date."""
    dialect: Dialect
    """What to write a completion date in where the line speaks no dialect of its own."""


class Refused(Exception):
    """An edit that was not made. Nothing was written."""

    def __init__(self, code: str, message: str, found: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        """The line as it stands now, where one could be found."""


class AlreadySo(Refused):
    """Somebody else made the same change before; there is nothing to write."""


def apply(edit: SetStatus, data: bytes) -> bytes:
    """The bytes of the file after the edit. Raises Refused, or AlreadySo."""
    try:
        text = decode(data)
    except NotText as error:
        raise Refused("encoding", f"{error.message}; it is read-only here") from error
    if markdown.find_conflict(text) is not None:
        raise Refused("merge-conflict", "the file holds an unresolved merge; it is read-only here")
    patch = _patch_yaml if is_yaml(edit.task.path) else _patch_markdown
    return patch(edit, text).encode("utf-8")


def _patch_markdown(edit: SetStatus, text: str) -> str:
    front = markdown.split_front(text, edit.task.path)
    lines = blocks.scan(front.body, front.body_line)
    here = find_again(edit, markdown.read(front.body, edit.task.path, front.body_line).tasks)
    line = lines[here.line - front.body_line]
    start = markdown.body_start(line)
    before, mark, body = line.text[: line.box + 1], line.text[line.box + 1], line.text[start:]
    gap = line.text[line.box + 2 : start]
    new_mark, new_body = taskedit.with_status(mark, body, edit.status, edit.on, edit.dialect)
    new = f"{before}{new_mark}{gap}{new_body}"
    offset = len(text) - len(front.body)
    begin, end = blocks.line_spans(front.body)[here.line - front.body_line]
    if edit.status is Status.DONE and here.fields.repeat:
        following = repeat.next_body(body, edit.on)
        if isinstance(following, str):
            line_end = _line_end(front.body, end)
            new = f"{before} {gap}{following}{line_end}{new}"
    return text[: offset + begin] + new + text[offset + end :]


def _line_end(body: str, end: int) -> str:
    """The line end that follows `end`; at the end of the text, that of the line before."""
    for ending in ("\r\n", "\n", "\r"):
        if body.startswith(ending, end):
            return ending
    return "\r\n" if "\r\n" in body else "\r" if "\r" in body and "\n" not in body else "\n"


def _patch_yaml(edit: SetStatus, text: str) -> str:
    start = len(markdown.BOM) if text.startswith(markdown.BOM) else 0
    document = text[start:]
    items, _ = yamlsession.read(document, edit.task.path)
    found = [item.task for item in items]
    here = find_again(edit, found)
    if edit.status is Status.DONE and here.fields.repeat:
        raise Refused(
            "yaml",
            "this action repeats, and the next one can only be written by hand in a YAML file",
            here.raw,
        )
    item = next(item for item in items if item.task is here)
    try:
        edited = yamledit.with_status(document, item.node, edit.status, edit.on)
    except yamledit.Unsafe as error:
        raise Refused("yaml", str(error), here.raw) from error
    after, _ = yamlsession.read(edited, edit.task.path)
    wanted = [(t.yaml_path, edit.status if t is here else t.status) for t in found]
    if [(item.task.yaml_path, item.task.status) for item in after] != wanted:
        raise Refused("yaml", "this item is written in a way that cannot be edited here", here.raw)
    return text[:start] + edited


def find_again(edit: SetStatus, tasks: Sequence[Task]) -> Task:
    """The task item that the edit means, among those that the file holds now.

    The same line, the same one of equally many twins, under the same headings. Raises Refused where
    that is nowhere to be found or could be another, and AlreadySo where it has the status already.
    """
    seen = edit.task
    same = [task for task in tasks if task.raw == seen.raw and task.text == seen.text]
    if same and same[0].twin[1] == seen.twin[1]:
        found = same[seen.twin[0] - 1]
        if found.section == seen.section and found.status is seen.status:
            if found.status is edit.status:
                raise AlreadySo("already", f"already {edit.status}", found.raw)
            return found
    elif same:
        raise Refused(
            "ambiguous",
            "lines that read the same came or went, so it is not clear which one was meant",
            same[0].raw,
        )
    close = [task for task in tasks if task.text == seen.text and task.section == seen.section]
    if len(close) == 1:
        if close[0].status is edit.status:
            raise AlreadySo("already", f"already {edit.status}", close[0].raw)
        raise Refused("changed", "somebody changed this line meanwhile", close[0].raw)
    there = next((task for task in tasks if task.line == seen.line), None)
    raise Refused("gone", "this line is no longer in the file", there.raw if there else "")
