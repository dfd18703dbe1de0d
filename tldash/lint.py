"""Problems that show only when files are seen side by side, or beside the framework.

What is wrong within one line or one value is found where it is read. Here are the doubts about
meaning: a skill that the framework does not know, two sessions at one time, dates that run
backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from tldash.files.find import Role, date_in_name
from tldash.files.read import FileRecord
from tldash.fronts import ConfigFront, LeadFront, SessionFront
from tldash.method.model import Framework, Skill
from tldash.records import Lead, Problem, Session, Severity, Task

_Known = Callable[[str], bool]

LEAD_STATUSES: Final = ("active", "paused", "ended")


def stray_folders(folders: Iterable[str]) -> list[Problem]:
    """Folders beside the leads' whose Markdown is not read."""
    return [
        Problem(
            folder,
            1,
            1,
            Severity.INFO,
            "no-lead",
            "this folder has Markdown files but is no lead's folder; they are not shown",
            "add a lead.md to it, or a dated session file",
        )
        for folder in folders
    ]


def with_problems(lead: Lead, problems: Iterable[Problem]) -> Lead:
    """The lead with these problems, sorted."""
    return replace(lead, problems=tuple(sorted(set(problems))))


def lead_problems(
    lead: Lead, files: Sequence[FileRecord], framework: Framework, known: _Known
) -> list[Problem]:
    """Everything doubtful about one lead's files."""
    found: list[Problem] = []
    by_path = {file.path: file for file in files}
    for file in files:
        if file.role is Role.SESSION:
            found.extend(_undated(file))
        if file.role is Role.SKILLS:
            found.extend(_skill_headings(file, framework))
        if file.role is Role.LEAD:
            found.extend(cadence_problems(file, framework))
            found.extend(_standing(file))
        for task in file.tasks:
            found.extend(_tags(task, framework))
            found.extend(_owner(task, known))
    previous: Session | None = None
    for session in lead.sessions:
        file = by_path[session.path]
        found.extend(_names(session, file, framework))
        found.extend(_order(session, previous, file))
        previous = session
    return found


def _problem(  # noqa: PLR0913, PLR0917 - a problem has this many parts
    file: FileRecord, key: str, severity: Severity, code: str, message: str, hint: str
) -> Problem:
    return Problem(file.path, dict(file.keys).get(key, 1), 1, severity, code, message, hint)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    import difflib  # only for what is wrong

    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return f"did you mean '{close[0]}'?" if close else f"write one of {', '.join(known)}"


def _is_slip(word: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong or out of turn parts the two (Damerau, 1964)."""
    start = _common_start(word, meant)
    end = _common_start(word[start:][::-1], meant[start:][::-1])
    one, other = word[start : len(word) - end], meant[start : len(meant) - end]
    return len(word) > 3 and (
        max(len(one), len(other)) == 1 or (one == other[::-1] and len(one) == 2)
    )


def _common_start(one: str, other: str) -> int:
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in shared)


def _undated(file: FileRecord) -> Iterable[Problem]:
    document = file.front
    dated = isinstance(document, SessionFront) and document.date is not None
    unreadable = any(problem.severity is Severity.ERROR for problem in file.problems)
    if not dated and date_in_name(file.path) is None and not unreadable:
        yield _problem(
            file,
            "date",
            Severity.ERROR,
            "no-date",
            "this session has no date, neither in its front matter nor in its name",
            "add date: YYYY-MM-DD, or call the file YYYY-MM-DD.md",
        )


def _names(session: Session, file: FileRecord, framework: Framework) -> Iterable[Problem]:
    ids = [skill.id for skill in framework.skills]
    if session.skill and framework.skill(session.skill) is None:
        message = f"the framework has no skill '{session.skill}'"
        yield _problem(
            file,
            "skill",
            Severity.ERROR,
            "unknown-skill",
            message,
            _did_you_mean(session.skill, ids),
        )
    for skill_id, level in session.levels:
        skill = framework.skill(skill_id)
        if skill is None:
            message, hint = (
                f"the framework has no skill '{skill_id}'",
                _did_you_mean(skill_id, ids),
            )
            yield _problem(file, "levels", Severity.ERROR, "unknown-skill", message, hint)
        elif not skill.rank(level):
            message = f"{skill.name} has no level '{level}'"
            hint = _did_you_mean(level, [step.id for step in skill.levels])
            yield _problem(file, "levels", Severity.ERROR, "unknown-level", message, hint)


def _order(session: Session, previous: Session | None, file: FileRecord) -> Iterable[Problem]:
    named = date_in_name(file.path)
    if named and named != session.at.day:
        yield _problem(
            file,
            "date",
            Severity.WARNING,
            "date-mismatch",
            f"the date {session.at.day} is not the one in the file's name",
            f"rename the file, or write date: {named}",
        )
    if session.next and session.next.day < session.at.day:
        yield _problem(
            file,
            "next",
            Severity.ERROR,
            "dates-backwards",
            f"the next session, {session.next.day}, is before this one, {session.at.day}",
            "correct one of the two dates",
        )
    if previous and previous.at == session.at:
        yield _problem(
            file,
            "date",
            Severity.WARNING,
            "same-day",
            f"another session is at the same time: {previous.path}",
            "join the two files, or give each its time",
        )


def cadence_problems(file: FileRecord, framework: Framework) -> Iterable[Problem]:
    """What is wrong with the cadence that a lead's file or the settings give."""
    document = file.front
    written = document.cadence if isinstance(document, (LeadFront, ConfigFront)) else None
    if written and framework.cadence(written) is None:
        yield _problem(
            file,
            "cadence",
            Severity.ERROR,
            "cadence",
            f"'{written[:40]}' is not a cadence",
            "write weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days",
        )


def _standing(file: FileRecord) -> Iterable[Problem]:
    document = file.front
    written = document.status if isinstance(document, LeadFront) else None
    if written and written.strip().lower() not in LEAD_STATUSES:
        yield _problem(
            file,
            "status",
            Severity.WARNING,
            "value",
            f"'{written[:40]}' is not a status of a lead",
            _did_you_mean(written, LEAD_STATUSES),
        )


def _skill_headings(file: FileRecord, framework: Framework) -> Iterable[Problem]:
    seen: set[tuple[str, ...]] = set()
    for task in file.tasks:
        if task.section in seen or any(framework.skill_in(words) for words in task.section):
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


def _tags(task: Task, framework: Framework) -> Iterable[Problem]:
    for tag in task.fields.tags:
        group, _, name = tag.rpartition("/")
        word = name.lower()
        if framework.skill(word) is not None:
            continue
        meant: Skill | None = next((s for s in framework.skills if _is_slip(word, s.id)), None)
        if meant is None and group.lower() != "skill":
            continue
        column = task.raw.find("#" + tag) + 1
        yield Problem(
            task.path,
            task.line,
            max(column, 1),
            Severity.WARNING,
            "unknown-skill",
            f"the framework has no skill '{name}'",
            f"did you mean #{meant.id}?" if meant else "",
        )


def _owner(task: Task, known: _Known) -> Iterable[Problem]:
    owner = task.fields.owner
    if owner and not known(owner):
        column = task.raw.find("@" + owner) + 1
        yield Problem(
            task.path,
            task.line,
            max(column, 1),
            Severity.INFO,
            "unknown-owner",
            f"nobody here is called '{owner}'",
            "add the name to people: in tldash.yaml, if it is one",
        )
