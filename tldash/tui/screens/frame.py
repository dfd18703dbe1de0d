"""The title bar and the key bar of a screen, from the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual.content import Content

from tldash.insight import day_problems
from tldash.insight.actions import count_actions
from tldash.insight.lead_cache import LeadCache
from tldash.insight.phase import find_phase, is_active, only_active
from tldash.model.dates import format_ago, format_full_date, pluralize
from tldash.model.records import Lead, Problem, Severity
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.task_area import TaskArea
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, LATE, MUTED, bullets, words
from tldash.tui.widgets.bars import labelled

BRANCH_WIDTH: Final = 24
"""Cells for the name of a branch."""


def key_bar(
    state: State, page: str, own: Sequence[Command], last: Command
) -> tuple[tuple[Command, str], ...]:
    """Return the commands of the key bar with their labels, the most important first.

    `own` are those of the screen named `page`; `last` goes back or quits.
    """
    problems = sum(1 for _ in _problems(state)) + (state.sync_problem is not None)
    events = len(state.since) + len(state.activity)
    anything = bool(state.workspace.leads) or not state.loaded
    shown = [
        *own[:2],
        *([commands.FAILED_EDITS] if state.failed_edits and page != "failed_edits" else []),
        *([commands.ACTIVITY] if events and page != "activity" else []),
        *([commands.PROBLEMS] if problems and page != "problems" else []),
        *own[2:],
        *([commands.ACTIONS] if page != "actions" and anything else []),
        *([commands.UNDO] if anything else []),
        last,
        commands.HELP,
    ]
    offered = map(state.keymap.of, commands.offered(shown, state.allowed))
    return labelled(
        [command for command in offered if command.shown],
        problems=f"problems ({problems})",
        activity=f"new ({events})",
        failed_edits=f"failed edits ({len(state.failed_edits)})",
    )


def workspace_status(state: State, tasks: TaskArea | None, *, narrow: bool) -> Content:
    """Return the right end of the title bar. `tasks` has the marked items."""
    if not state.loaded:
        if state.progress is None:
            return Content.styled("reading…", MUTED)
        done, total = state.progress
        return Content.styled(f"reading {done} of {total} files", MUTED)
    leads = only_active(state.workspace.leads)
    parts = [Content.styled(pluralize(len(leads), "lead"), MUTED), *_numbers(leads, state)]
    errors = sum(problem.severity is Severity.ERROR for problem in _problems(state))
    if errors:
        parts.append(Content.styled(f"{pluralize(errors, 'error')} in files", LATE))
    parts += [*_marked(tasks), *_failed(state), *_git(state, narrow=narrow)]
    return bullets([*parts, _liveness(state)])


def lead_status(lead: Lead, state: State, tasks: TaskArea, *, narrow: bool) -> Content:
    """Return the right end of the title bar on a screen about one lead."""
    numbers = _numbers((lead,), state)
    if not is_active(lead):
        numbers = [words(str(find_phase(lead)), MUTED)]
    parts = [*numbers, *_marked(tasks), *_failed(state), *_git(state, narrow=narrow)]
    return bullets([*parts, _liveness(state)])


def _marked(tasks: TaskArea | None) -> list[Content]:
    marked = len(tasks.marks.tasks) if tasks is not None else 0
    return [Content.styled(f"{marked} marked", ACCENT)] if marked else []


def _failed(state: State) -> list[Content]:
    failed = len(state.failed_edits)
    return [Content.styled(pluralize(failed, "failed edit"), LATE)] if failed else []


def _git(state: State, *, narrow: bool) -> list[Content]:
    """Describe a sync that runs, else the branch: `main ↑2 ↓1`, `main merging`."""
    if state.syncing:
        return [words(f"{state.syncing}…", ACCENT)]
    found = state.repository
    failed = [Content.styled("not synced", LATE)] if state.sync_problem is not None else []
    if found is None or state.as_of is not None:
        return failed
    counts = ((found.ahead, "↑"), (found.behind, "↓"))
    parts = [words(f"{sign}{number}", ACCENT) for number, sign in counts if number]
    if narrow:
        parts = []
    elif found.branch:
        parts.insert(0, words(found.branch, MUTED).truncate(BRANCH_WIDTH, ellipsis=True))
    else:
        parts.insert(0, Content.styled("no branch", MUTED))
    if found.ongoing:  # which is why it was not synced
        parts.append(words(found.ongoing, LATE))
        failed = []
    return [*([Content(" ").join(parts)] if parts else []), *failed]


def _liveness(state: State) -> Content:
    """Describe how changes are noticed. With `--as-of` there are none, and the day stands there."""
    if state.as_of is not None:
        return Content.styled(f"as of {format_full_date(state.as_of)}", f"bold {ACCENT}")
    warning = state.watch_warning
    how = words(warning, LATE) if warning else Content.styled("live", MUTED)
    if not state.allowed.can_edit:
        how = Content.assemble(("read-only, ", MUTED), how)
    return how


def describe_age(state: State, *, narrow: bool) -> Content:
    """Describe when every file was last checked, to follow the status if there is room."""
    if not state.loaded or state.as_of is not None or (narrow and not state.age):
        return Content("")
    return Content.styled(f", read {format_ago(state.age)}", MUTED)


_day_problems = LeadCache(day_problems.find_day_problems)


def _problems(state: State) -> Iterator[Problem]:
    """Yield every problem, in no order."""
    yield from state.own_problems
    yield from state.workspace.problems
    for lead in state.workspace.leads:
        yield from lead.problems
        yield from _day_problems(lead, state.today)


def _numbers(leads: Sequence[Lead], state: State) -> list[Content]:
    opened, overdue = count_actions(leads, state.today)
    parts = [Content.styled(f"{opened} open", MUTED)]
    return [*parts, Content.styled(f"{overdue} overdue", LATE)] if overdue else parts
