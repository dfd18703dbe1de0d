"""Verify the result of fixes: the problems are gone, and nothing else changed.

Compares the file before and after the fixes as it is parsed. Problems that depend on other files,
such as a misspelled skill in a tag, cannot be checked again here; for them, only check that the
value changed as the fix says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from tldash.formats.file_record import FileRecord
from tldash.model.file_roles import is_yaml
from tldash.model.records import FIELD_NAMES, Fix, Problem, Status, Task

_MORE: Final = "it would change more than the text to fix"


def find_error(before: FileRecord, after: FileRecord, problems: Sequence[Problem]) -> str:
    """Return what is wrong with `after`, the file with `problems` fixed; empty if valid.

    The message completes "not fixed: ".
    """
    fixes = [(one.line, one.fix) for one in problems if one.fix is not None]
    return (
        _remaining_error(before, after, problems)
        or _front_error(before, after, fixes)
        or _items_error(before, after, fixes, _near_tasks(problems))
        or _no_effect(before, after, problems)
    )


def _remaining_error(before: FileRecord, after: FileRecord, problems: Sequence[Problem]) -> str:
    """Compare problems by line and code, since columns move and some messages quote the line.

    A new task item may have problems of its own: its fields were text before.
    """
    seen = _places(before)
    gone = Counter((one.line, one.code) for one in problems if _place(one) in seen)
    old = Counter((one.line, one.code) for one in before.problems)
    new = Counter((one.line, one.code) for one in after.problems)
    near = _near_tasks(problems)
    for one in after.problems:
        kind = one.line, one.code
        if one.line in near and one.code != "near-task":
            continue
        if new[kind] > old[kind]:
            return f"it would cause another problem: {one.message}"
        if new[kind] > old[kind] - gone[kind]:
            return f"it would not solve the problem: {one.message}"
    return ""


def _place(problem: Problem) -> tuple[int, int, str]:
    return problem.line, problem.column, problem.code


def _places(record: FileRecord) -> set[tuple[int, int, str]]:
    """Return the places of the problems found in the file alone, without other files."""
    return {_place(one) for one in record.problems}


_Fixes = Sequence[tuple[int, Fix]]
"""Each with the number of its line."""


def _front_error(before: FileRecord, after: FileRecord, fixes: _Fixes) -> str:
    """Return an error if a value of the front matter changed without a fix."""
    if (before.body_line, before.title) != (after.body_line, after.title) and not _unread(before):
        return _MORE
    if before.framework not in (None, after.framework):
        return _MORE
    if before.front is None:
        return ""
    if type(before.front) is not type(after.front):
        return _MORE
    for name in _different(before, after):
        old, new = getattr(before.front, name), getattr(after.front, name)
        about = [fix for line, fix in fixes if name in _keys_at(line, before, after, name)]
        if not about or not _is_fixed(old, new, about):
            return _MORE
    return ""


def _unread(record: FileRecord) -> bool:
    """Return whether a YAML file could not be parsed at all, so that every value may be new."""
    return is_yaml(record.path) and record.front is None


def _different(before: FileRecord, after: FileRecord) -> list[str]:
    """Return the names of the values of the front matter that differ."""
    if before.front is None or after.front is None:
        return []
    names = (field.name for field in fields(before.front))
    return [n for n in names if getattr(before.front, n) != getattr(after.front, n)]


def _keys_at(line: int, before: FileRecord, after: FileRecord, name: str) -> set[str]:
    """Return the keys with a value on a line; `name` if unknown, as in flow style."""
    found = {_key_at(record.keys, line) for record in (before, after)}
    return {key or name for key in found}


def _key_at(keys: Iterable[tuple[str, int]], line: int) -> str:
    above = [(at, key) for key, at in keys if at <= line]
    return max(above)[1] if above else ""


def _near_tasks(problems: Iterable[Problem]) -> dict[int, Fix]:
    """Return the fixes that make task items of other lines, by line."""
    return {one.line: one.fix for one in problems if one.fix and one.code == "near-task"}


def _items_error(before: FileRecord, after: FileRecord, fixes: _Fixes, near: dict[int, Fix]) -> str:
    """Return an error if a task item changed, was added or was removed without a fix."""
    if _unread(before):
        return ""
    old, new = _by_place(before), _by_place(after)
    about: dict[object, list[Fix]] = {}
    found = _Finder(after)
    for line, fix in fixes:
        for place in found.at(line):
            about.setdefault(place, []).append(fix)
    if not near.keys() <= new.keys():
        return "it would not become a task item"
    added = {place for place, task in new.items() if task.yaml_path and place in about}
    gone = _AddedLines(new, near)
    if (
        not new.keys() <= old.keys() | near.keys() | added
        or not old.keys() <= new.keys()
        or _goal_lines(before, near) != _goal_lines(after, near)
    ):
        return _MORE
    pairs = ((task, _with_note(new[place], task, gone), place) for place, task in old.items())
    same = all(
        replace(now, occurrence=task.occurrence) == task
        or _is_same_item(task, now, about.get(place, []))
        for task, now, place in pairs
    )
    return "" if same else _MORE


def _goal_lines(record: FileRecord, near: dict[int, Fix]) -> list[int]:
    """Return the lines of the goals, except for those that become task items."""
    return [goal.line for goal in record.goals if goal.line not in near]


def _with_note(now: Task, before: Task, gone: _AddedLines) -> Task:
    """Return an item with its note before, if it lost only lines of new items."""
    if now.note == before.note:
        return now
    left = (line for line in before.note.split("\n") if line not in gone)
    return replace(now, note=before.note) if now.note == "\n".join(left) else now


class _AddedLines:
    """The lines that new task items took from the notes of others."""

    def __init__(self, new: dict[object, Task], near: dict[int, Fix]) -> None:
        self._lines: list[str] = []
        self._notes: set[str] = set()
        for line, fix in near.items():
            task = new[line]
            at = fix.column - 1
            self._lines.append(f"{task.raw[:at]}{fix.old}{task.raw[at + len(fix.new) :]}".strip())
            self._notes.update(task.note.split("\n"))

    def __contains__(self, line: object) -> bool:
        """Return whether a line of a note is one of them, with its bullet or without."""
        return line in self._notes or any(one.endswith(str(line)) for one in self._lines)


def _by_place(record: FileRecord) -> dict[object, Task]:
    return {task.yaml_path or task.line: task for task in record.tasks}


class _Finder:
    """Finds the items on a line; in YAML, items may share lines and lines may share items."""

    def __init__(self, record: FileRecord) -> None:
        self._long = is_yaml(record.path)
        self._places: dict[int, list[object]] = {}
        for place, task in _by_place(record).items():
            self._places.setdefault(task.line, []).append(place)
        self._lines = sorted(self._places)

    def at(self, line: int) -> Sequence[object]:
        """Return the places of the items on a line."""
        if self._long and (above := bisect_right(self._lines, line)):
            line = self._lines[above - 1]
        return self._places.get(line, ())


def _is_same_item(before: Task, after: Task, fixes: Sequence[Fix]) -> bool:
    """Return whether an item is the same except for the values that the fixes of its lines change.

    A field without a value may have gained one, at most one per fix. An invalid value counted as
    text before.
    """
    if not fixes or (before.section, before.depth, before.note) != (
        after.section,
        after.depth,
        after.note,
    ):
        return False
    if before.status is not after.status and not (
        before.yaml_path and before.status is Status.OPEN
    ):
        return False
    names = [n for n in FIELD_NAMES if getattr(before.fields, n) != getattr(after.fields, n)]
    for name in names:
        old, new = getattr(before.fields, name), getattr(after.fields, name)
        if not _is_fixed(old, new, fixes):
            return False
    gained = [name for name in names if not getattr(before.fields, name)]
    text = before.text
    for fix in fixes:
        if fix.old.startswith("#"):  # a tag inside a sentence is a part of the text
            text = text.replace(fix.old, fix.new)
    return len(gained) <= len(fixes) and any(
        _is_same_text(one, after.text, bool(gained)) for one in (before.text, text)
    )


def _is_same_text(before: str, after: str, gained: bool) -> bool:
    """Return whether a text is the same except for spaces and text that became a value."""
    old, new = _solid(before), _solid(after)
    rest = iter(old)
    return old == new or (gained and all(character in rest for character in new))


def _solid(text: str) -> str:
    return "".join(text.split())


def _is_fixed(old: Any, new: Any, fixes: Sequence[Fix]) -> bool:  # noqa: ANN401 - of any field
    """Return whether a value was added, or changed as a fix says."""
    if not old or old == new:
        return bool(new) or old == new
    if isinstance(old, str) and isinstance(new, str):
        return _differing(old, new) in [_differing(fix.old, fix.new) for fix in fixes]
    if isinstance(old, tuple) and isinstance(new, tuple):
        return all(any(_is_fixed(a, b, fixes) for b in new) for a in old) and all(
            any(_is_fixed(a, b, fixes) for a in old) for b in new
        )
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [pair for pair in new.items() if pair not in old.items()]
        kept = [pair for pair in old.items() if pair not in new.items()]
        return len(pairs) <= len(kept) + len(fixes) and all(
            any(_is_fixed(a, b, fixes) for b in pairs) for a in kept
        )
    return False


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return two spellings without their common start and end."""
    start = _shared_start(one, other)
    end = _shared_start(one[start:][::-1], other[start:][::-1])
    return one[start : len(one) - end], other[start : len(other) - end]


def _shared_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _no_effect(before: FileRecord, after: FileRecord, problems: Sequence[Problem]) -> str:
    """Return an error if a fix for a problem that depends on other files changed nothing."""
    seen = _places(before)
    old, new = _by_place(before), _by_place(after)
    found, different = _Finder(after), _different(before, after)
    for one in problems:
        if _place(one) in seen:
            continue
        if any(_meaning(old.get(place)) != _meaning(new[place]) for place in found.at(one.line)):
            continue
        if not any(name in _keys_at(one.line, before, after, name) for name in different):
            return "it would change nothing"
    return ""


def _meaning(task: Task | None) -> tuple[object, ...]:
    return (task.text, task.fields) if task else ()
