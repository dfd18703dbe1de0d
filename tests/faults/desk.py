"""What the state machine writes and knows: files, items in them, and dashboards with old views."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tldash.model.records import Task
from tldash.workspace.folders import Folders

ONE, TWO, THREE = (
    "ada/sessions/2026-11-03.md",
    "ada/sessions/2026-11-10.md",
    "ada/sessions/2026-11-17.yaml",
)
FOUR = "ada/sessions/2026-12-01.md"
"""A name that no file has at first."""
PATHS = (ONE, TWO, THREE, FOUR)
MARKDOWN = """# Session

## Actions
- [ ] Call the vendor {0} due:2026-11-20
- [x] Ask the engineers {1} ✅ 2026-11-09
- [ ] Read it again {2}
  because the list is old
- [/] Write [it](down) {3} #vision

## Notes
Said {4} at the end."""
YAML = """# the third
date: 2026-11-17
actions:
  - Call the vendor {0}   # soon
  - text: Ask the engineers {1}
    due: 2026-11-20
  - {{text: 'Write it {2}', done: 2026-11-09}}
notes: |
  Said {3} at the end.
"""
TOKEN: Final = re.compile(rb"t\d+e")
ITEM: Final = re.compile(rb"( *)- ")
FIELD_WORDS: Final = {b"done", b"cancelled", b"due", b"x", b"text"}
"""Words that an edit may take away with the field, or the box, that they belong to."""


def segments(data: bytes) -> list[bytes]:
    """Items with what is indented below them; every other line by itself."""
    found: list[bytes] = []
    inside = -1
    for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
        item = ITEM.match(line)
        indent = len(line) - len(line.lstrip(b" "))
        if item is None and line.strip() and 0 <= inside < indent:
            found[-1] += line
        else:
            found.append(line)
            inside = len(item[1]) if item else -1
    return found


def same_end(segment: bytes) -> bytes:
    """Without its line end: what is put behind a last line without one gives it one."""
    return segment.rstrip(b"\r\n")


def words(segment: bytes) -> set[bytes]:
    return set(re.findall(rb"[A-Za-z]\w*", segment)) - FIELD_WORDS


def token_of(task: Task) -> str:
    found = TOKEN.search(task.text.encode())
    assert found, task
    return found[0].decode()


class Desk:
    """One dashboard, and the files as it last saw them."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders([root])
        self.folders.read()
        self.seen: dict[str, bytes] = {}

    def noticed(self, path: str, disk: dict[str, bytes]) -> None:
        """A file was looked at; where it came or went, the whole folder was."""
        if path in self.seen and path in disk:
            self.seen[path] = disk[path]
        else:
            self.seen = dict(disk)

    def tasks(self) -> list[Task]:
        leads = self.folders.workspace.leads
        return [action.task for lead in leads for action in lead.actions]

    def task(self, token: str, path: str) -> Task | None:
        found = [task for task in self.tasks() if task.path == path and token_of(task) == token]
        return found[0] if found else None


@contextmanager
def at_sync(number: int, act: Callable[[], None]) -> Iterator[None]:
    """Let somebody act at the so manieth fsync.

    At the first of a rewrite the file was read and not yet compared with what was read; at the
    second, the new file has the old one's name and the old one is still there.
    """
    real, calls = os.fsync, 0

    def seam(fd: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()
        real(fd)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", seam)
        yield
