"""Find likely mistakes that show only between files, or against the framework.

Mistakes within one line or one value are found when that is parsed. These checks find unknown
skills, two sessions at the same time, and dates that run backwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from tldash.documents.front import ConfigFront, LeadFront, SessionFront
from tldash.formats.file_record import FileRecord
from tldash.model.file_roles import FileRole, date_in_name, dates_in_name
from tldash.model.framework import Framework
from tldash.model.records import Lead, Problem, Severity
from tldash.model.sanitize import name_hidden
from tldash.workspace.lint import items, sessions
from tldash.workspace.lint.hints import make_fix, make_problem, suggest
from tldash.workspace.lint.items import People

__all__ = [
    "People",
    "add_problems",
    "cap",
    "check_cadence",
    "check_lead",
]

LEAD_STATUSES: Final = ("active", "paused", "ended")
PROBLEM_LIMIT: Final = 20
"""Problems of one code per line. A line can have tens of thousands."""


def add_problems(lead: Lead, problems: Iterable[Problem]) -> Lead:
    """Return the lead with these problems, sorted and capped."""
    return replace(lead, problems=cap(sorted(set(problems))))


def cap(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Limit the problems of one code on one line to `PROBLEM_LIMIT`, in their order.

    The last of them has the number of the rest. Messages name the hidden characters in them.
    """
    problems = [_with_hidden_named(one) for one in problems]
    if len(problems) <= PROBLEM_LIMIT:
        return tuple(problems)
    totals = Counter((one.path, one.line, one.code) for one in problems)
    if max(totals.values()) <= PROBLEM_LIMIT:
        return tuple(problems)
    return tuple(_cap(problems, totals))


def _with_hidden_named(problem: Problem) -> Problem:
    hidden = name_hidden(problem.message)
    if not hidden:
        return problem
    return replace(problem, message=f"{problem.message}; the text contains {hidden}")


def _cap(problems: Sequence[Problem], totals: Counter[tuple[str, int, str]]) -> Iterator[Problem]:
    count: Counter[tuple[str, int, str]] = Counter()
    for one in problems:
        kind = one.path, one.line, one.code
        count[kind] += 1
        more = totals[kind] - PROBLEM_LIMIT
        if count[kind] == PROBLEM_LIMIT and more > 0:
            yield replace(one, message=f"{one.message}; {more} more like this on the line")
        elif count[kind] <= PROBLEM_LIMIT:
            yield one


def check_lead(
    lead: Lead, files: Sequence[FileRecord], framework: Framework, people: People
) -> list[Problem]:
    """Check the files of a lead."""
    found: list[Problem] = []
    for file in files:
        role = file.role
        if file.is_template:
            continue
        if role is FileRole.SESSION:
            found.extend(_check_date(file))
        elif role is FileRole.NOTE:
            found.extend(_check_name(file))
        elif role is FileRole.SKILLS:
            found.extend(items.check_headings(file, framework))
        elif role is FileRole.LEAD:
            found.extend(check_cadence(file, framework))
            found.extend(_check_status(file))
    tasks = chain.from_iterable([file.tasks for file in files if not file.is_template])
    found.extend(items.check_items(tasks, framework, people))
    found.extend(sessions.check_sessions(lead, {file.path: file for file in files}, framework))
    return found


def _check_name(file: FileRecord) -> Iterator[Problem]:
    """Report a note whose name starts with a date that can be read in two ways."""
    both = dates_in_name(file.path)
    if both is not None:
        yield make_problem(
            file,
            "date",
            Severity.WARNING,
            "ambiguous-date",
            f"the date in this name is {both[0]} or {both[1]}, so the file is no session",
            f"rename it to start with {both[0]} or {both[1]}",
        )


def _check_date(file: FileRecord) -> Iterator[Problem]:
    document = file.front
    if isinstance(document, SessionFront) and document.date is not None:
        return
    unreadable = any(problem.severity is Severity.ERROR for problem in file.problems)
    if date_in_name(file.path) is None and not unreadable:
        yield make_problem(
            file,
            "date",
            Severity.ERROR,
            "no-date",
            "this session has no date, neither in its front matter nor in its name",
            "add date: YYYY-MM-DD, or name the file YYYY-MM-DD.md",
        )


def check_cadence(file: FileRecord, framework: Framework) -> Iterator[Problem]:
    """Check the cadence in a lead file or the settings."""
    document = file.front
    written = document.cadence if isinstance(document, (LeadFront, ConfigFront)) else None
    if written and framework.parse_cadence(written) is None:
        yield make_problem(
            file,
            "cadence",
            Severity.ERROR,
            "cadence",
            f"'{written[:40]}' is not a cadence",
            "write weekly, fortnightly, monthly, quarterly, ad hoc, or a number of days",
        )


def _check_status(file: FileRecord) -> Iterator[Problem]:
    document = file.front
    written = document.status if isinstance(document, LeadFront) else None
    if written and written.strip().lower() not in LEAD_STATUSES:
        yield make_problem(
            file,
            "status",
            Severity.WARNING,
            "value",
            f"'{written[:40]}' is not a lead status",
            suggest(written, LEAD_STATUSES),
            make_fix(written.strip(), LEAD_STATUSES),
        )
