"""Check single task items: tags, owners, dates, and the headings of `skills.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Protocol

from tldash.formats.file_record import FileRecord
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Token
from tldash.formats.tasks.vocabulary import is_name
from tldash.model.framework import Framework
from tldash.model.patterns import compile_pattern
from tldash.model.records import NO_FIELDS, Fields, Fix, Problem, Severity, Task
from tldash.workspace.lint.hints import find_corrections

_BOX: Final = compile_pattern(r"\[.\][ \t]*")


class People(Protocol):
    """The names that can own an action."""

    def is_known(self, owner: str) -> bool:
        """Whether a person has this name."""

    def names(self) -> frozenset[str]:
        """Return all names, casefolded."""


def check_items(tasks: Iterable[Task], framework: Framework, people: People) -> Iterator[Problem]:
    """Check task items. Each unknown name is reported at the first item that it owns."""
    unknown: set[str] = set()
    for task in tasks:
        fields = task.fields
        if fields is NO_FIELDS:
            continue
        for tag in fields.tags:
            if framework.find_skill(tag) is None:
                yield from _check_tags(task, framework)
                break
        owner = fields.owner
        if owner and owner not in unknown and not people.is_known(owner):
            unknown.add(owner)
            yield _check_owner(task, owner, people)
        if fields.created or (fields.due and (fields.start or fields.scheduled)):
            yield from _check_dates(task, fields)


def check_headings(file: FileRecord, framework: Framework) -> Iterator[Problem]:
    """Report markers in `skills.md` without a heading that names a skill."""
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
            f"move it below a heading with one of {names}",
        )


def _check_tags(task: Task, framework: Framework) -> Iterator[Problem]:
    ids = [skill.id for skill in framework.skills]
    places: dict[str, list[int]] | None = None
    for tag in task.fields.tags:
        group, _, name = tag.rpartition("/")
        word = name.lower()
        if framework.find_skill(word) is not None:
            continue
        meant = find_corrections(word, ids)
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


def _check_owner(task: Task, owner: str, people: People) -> Problem:
    tokens = (at for at, token in _tokens(task) if token.kind == "owner")
    column = next(tokens, max(task.raw.find(f"@{owner}") + 1, 1))
    meant = find_corrections(owner.casefold(), filter(is_name, people.names()))
    return Problem(
        task.path,
        task.line,
        column,
        Severity.INFO,
        "unknown-owner",
        f"nobody here is called '{owner}'",
        f"did you mean @{meant[0]}?"
        if len(meant) == 1
        else "add the name to people: in tldash.yaml if it is right",
    )


def _check_dates(task: Task, fields: Fields) -> Iterator[Problem]:
    """Report dates that run backwards: at most one of an open and one of a closed item."""
    if fields.due and not task.status.closed:
        before: tuple[tuple[date | None, str], ...] = (
            (fields.start, "its start"),
            (fields.scheduled, "its scheduled date"),
            (fields.created, "it was created"),
        )
        for day, what in before:
            if day and fields.due < day:
                yield _backwards_problem(task, "due", f"due on {fields.due}, before {what}, {day}")
                break
    if fields.created:
        for kind, day in (("done", fields.done), ("cancelled", fields.cancelled)):
            if day and day < fields.created:
                detail = f"{kind} on {day}, before it was created, {fields.created}"
                yield _backwards_problem(task, kind, detail)
                break


def _backwards_problem(task: Task, kind: str, detail: str) -> Problem:
    column = next((at for at, token in _tokens(task) if token.kind == kind), 1)
    return Problem(
        task.path,
        task.line,
        column,
        Severity.WARNING,
        "dates-backwards",
        f"the dates of this item run backwards: {detail}",
        "correct one of the two dates",
    )


def _tag_columns(task: Task) -> dict[str, list[int]]:
    """Return the columns of each tag in the line. A tag without its `#` has none."""
    columns: dict[str, list[int]] = {}
    for at, token in _tokens(task):
        if token.kind == "tag":
            columns.setdefault(token.value, []).append(at)
    return columns


def _tokens(task: Task) -> Iterator[tuple[int, Token]]:
    """Yield the valid fields in the line of an item, each with its column."""
    start = 0
    if not task.yaml_path and (box := _BOX.search(task.raw)):
        start = box.end()
    for token in scan(task.raw[start:]).tokens:
        if not token.bad:
            yield start + token.start + 1, token
