"""Problems that show only when files are seen side by side, or beside the framework.

What is wrong within one line or one value is found where it is read. Here are the doubts about
meaning: a skill that the framework does not know, two sessions at one time, dates that run
backwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from tldash.documents.front import ConfigFront, LeadFront, SessionFront
from tldash.formats.file_record import FileRecord
from tldash.model.file_roles import FileRole, date_in_name
from tldash.model.framework import Framework
from tldash.model.records import Lead, Problem, Severity
from tldash.workspace.lint import items, sessions
from tldash.workspace.lint.items import People
from tldash.workspace.lint.words import did_you_mean, problem, value_fix

__all__ = [
    "People",
    "cadence_problems",
    "capped",
    "lead_problems",
    "loose_files",
    "stray_folders",
    "with_problems",
]

LEAD_STATUSES: Final = ("active", "paused", "ended")
_ABOUT_THE_FOLDER: Final = re.compile(
    r"(?:readme|changelog|license|licence|contributing|code_of_conduct|security)\b", re.IGNORECASE
)
AT_MOST: Final = 20
"""How many problems of one code are told of one line; a line can hold tens of thousands."""


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


def loose_files(paths: Iterable[str]) -> list[Problem]:
    """Markdown files beside the leads' folders, but for those that every folder of files has."""
    return [
        Problem(
            path,
            1,
            1,
            Severity.INFO,
            "no-lead",
            "this file belongs to no lead; task items in it are not shown",
            "move it into a lead's folder",
        )
        for path in paths
        if not _ABOUT_THE_FOLDER.match(path.rpartition("/")[2])
    ]


def with_problems(lead: Lead, problems: Iterable[Problem]) -> Lead:
    """The lead with these problems, sorted and capped."""
    return replace(lead, problems=capped(sorted(set(problems))))


def capped(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems, in their order, without what one line has too many of.

    Of each code at most `AT_MOST` a line; the last of them says how many there are beside.
    """
    if len(problems) <= AT_MOST:
        return tuple(problems)
    totals = Counter((one.path, one.line, one.code) for one in problems)
    if max(totals.values()) <= AT_MOST:
        return tuple(problems)
    return tuple(_capped(problems, totals))


def _capped(
    problems: Sequence[Problem], totals: Counter[tuple[str, int, str]]
) -> Iterator[Problem]:
    told: Counter[tuple[str, int, str]] = Counter()
    for one in problems:
        kind = one.path, one.line, one.code
        told[kind] += 1
        more = totals[kind] - AT_MOST
        if told[kind] == AT_MOST and more > 0:
            yield replace(one, message=f"{one.message}; {more} more like it are on this line")
        elif told[kind] <= AT_MOST:
            yield one


def lead_problems(
    lead: Lead, files: Sequence[FileRecord], framework: Framework, people: People
) -> list[Problem]:
    """Everything doubtful about one lead's files."""
    found: list[Problem] = []
    for file in files:
        role = file.role
        if role is FileRole.SESSION:
            found.extend(_undated(file))
        elif role is FileRole.SKILLS:
            found.extend(items.skill_headings(file, framework))
        elif role is FileRole.LEAD:
            found.extend(cadence_problems(file, framework))
            found.extend(_standing(file))
    tasks = chain.from_iterable([file.tasks for file in files])
    found.extend(items.problems(tasks, framework, people))
    found.extend(sessions.problems(lead, {file.path: file for file in files}, framework))
    return found


def _undated(file: FileRecord) -> Iterator[Problem]:
    document = file.front
    if isinstance(document, SessionFront) and document.date is not None:
        return
    unreadable = any(problem.severity is Severity.ERROR for problem in file.problems)
    if date_in_name(file.path) is None and not unreadable:
        yield problem(
            file,
            "date",
            Severity.ERROR,
            "no-date",
            "this session has no date, neither in its front matter nor in its name",
            "add date: YYYY-MM-DD, or call the file YYYY-MM-DD.md",
        )


def cadence_problems(file: FileRecord, framework: Framework) -> Iterator[Problem]:
    """What is wrong with the cadence that a lead's file or the settings give."""
    document = file.front
    written = document.cadence if isinstance(document, (LeadFront, ConfigFront)) else None
    if written and framework.parse_cadence(written) is None:
        yield problem(
            file,
            "cadence",
            Severity.ERROR,
            "cadence",
            f"'{written[:40]}' is not a cadence",
            "write weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days",
        )


def _standing(file: FileRecord) -> Iterator[Problem]:
    document = file.front
    written = document.status if isinstance(document, LeadFront) else None
    if written and written.strip().lower() not in LEAD_STATUSES:
        yield problem(
            file,
            "status",
            Severity.WARNING,
            "value",
            f"'{written[:40]}' is not a status of a lead",
            did_you_mean(written, LEAD_STATUSES),
            value_fix(written.strip(), LEAD_STATUSES),
        )
