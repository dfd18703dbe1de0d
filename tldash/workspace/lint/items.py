"""Doubts about single task items: their tags, owners, dates and, in `skills.md`, headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Protocol

from tldash.formats.file_record import FileRecord
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Token
from tldash.formats.tasks.vocabulary import is_name
from tldash.model.framework import Framework
from tldash.model.records import NO_FIELDS, Fields, Fix, Problem, Severity, Task
from tldash.workspace.lint.words import meant_by

_BOX: Final = re.compile(r"\[.\][ \t]*")


class People(Protocol):
    """Who there is, for owners of actions."""

    def known(self, owner: str) -> bool:
        """Whether the name is somebody's."""

    def names(self) -> frozenset[str]:
        """Everything that somebody is called, in lower case."""


def problems(tasks: Iterable[Task], framework: Framework, people: People) -> Iterator[Problem]:
    """Everything doubtful about some task items."""
    for task in tasks:
        fields = task.fields
        if fields is NO_FIELDS:
            continue
        for tag in fields.tags:
            if framework.find_skill(tag) is None:
                yield from _tags(task, framework)
                break
        if fields.owner and not people.known(fields.owner):
            yield _owner(task, fields.owner, people)
        if fields.created or (fields.due and (fields.start or fields.scheduled)):
            yield from _dates(task, fields)


def skill_headings(file: FileRecord, framework: Framework) -> Iterator[Problem]:
    """Markers in `skills.md` below headings none of which names a skill."""
    seen: set[tuple[str, ...]] = set()
    for task in file.tasks:
        if task.section in seen or any(framework.match_skill(words) for words in task.section):
            continue
        seen.add(task.section)
        names = ", ".join(skill.name for skill in framework.skills)
        yield Problem(
            file.path,
            task.line,
            1,
            Severity.WARNING,
            "marker",
            "no heading above this marker names a skill",
            f"put it under a heading with one of {names}",
        )


def _tags(task: Task, framework: Framework) -> Iterator[Problem]:
    ids = [skill.id for skill in framework.skills]
    places: dict[str, list[int]] | None = None
    for tag in task.fields.tags:
        group, _, name = tag.rpartition("/")
        word = name.lower()
        if framework.find_skill(word) is not None:
            continue
        meant = meant_by(word, ids)
        if not meant and group.lower() != "skill":
            continue
        if places is None:
            places = _tag_columns(task)
        path = f"{group}/" if group else ""
        for column in places.get(tag, [0]):
            yield Problem(
                task.path,
                task.line,
                max(column, 1),
                Severity.WARNING,
                "unknown-skill",
                f"the framework has no skill '{name}'",
                f"did you mean #{meant[0]}?" if meant else "",
                Fix(column, f"#{tag}", f"#{path}{meant[0]}")
                if column and len(meant) == 1
                else None,
            )


def _owner(task: Task, owner: str, people: People) -> Problem:
    column = next((at for at, token in _tokens(task) if token.kind == "owner"), 1)
    meant = meant_by(owner.casefold(), filter(is_name, people.names()))
    return Problem(
        task.path,
        task.line,
        column,
        Severity.INFO,
        "unknown-owner",
        f"nobody here is called '{owner}'",
        f"did you mean @{meant[0]}?"
        if len(meant) == 1
        else "add the name to people: in tldash.yaml, if it is one",
    )


def _dates(task: Task, fields: Fields) -> Iterator[Problem]:
    """Dates of an item that run backwards: at most one of what is to come, and of what was."""
    if fields.due and not task.status.closed:
        before: tuple[tuple[date | None, str], ...] = (
            (fields.start, "it starts"),
            (fields.scheduled, "it is scheduled"),
            (fields.created, "it was written down"),
        )
        for day, what in before:
            if day and fields.due < day:
                yield _backwards(task, "due", f"due on {fields.due}, before {what}, {day}")
                break
    if fields.created:
        for kind, day in (("done", fields.done), ("cancelled", fields.cancelled)):
            if day and day < fields.created:
                said = f"{kind} on {day}, before it was written down, {fields.created}"
                yield _backwards(task, kind, said)
                break


def _backwards(task: Task, kind: str, said: str) -> Problem:
    column = next((at for at, token in _tokens(task) if token.kind == kind), 1)
    return Problem(
        task.path,
        task.line,
        column,
        Severity.WARNING,
        "dates-backwards",
        f"the dates of this item run backwards: {said}",
        "correct one of the two dates",
    )


def _tag_columns(task: Task) -> dict[str, list[int]]:
    """Where each tag stands in the line; nowhere where it is written without its `#`."""
    columns: dict[str, list[int]] = {}
    for at, token in _tokens(task):
        if token.kind == "tag":
            columns.setdefault(token.value, []).append(at)
    return columns


def _tokens(task: Task) -> Iterator[tuple[int, Token]]:
    """The metadata in the line of an item that can be read, and the column of each."""
    start = 0
    if not task.yaml_path and (box := _BOX.search(task.raw)):
        start = box.end()
    for token in scan(task.raw[start:]).tokens:
        if not token.bad:
            yield start + token.start + 1, token
