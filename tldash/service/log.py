"""Read the history of git on the log thread, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Final

from tldash.activity.due_dates import find_due_dates
from tldash.activity.log import LoggedEvent, LogWanted, Subject, follow, list_events
from tldash.model.commits import FolderCommit
from tldash.service.results import DueDatesFound, LogLoaded, SubjectTraced
from tldash.storage.source import SourceError
from tldash.workspace.folders import Folders
from tldash.workspace.git_log import skip_damage

COMMITS: Final = 50
"""Commits that are read at once."""
MOST: Final = 500
"""Commits that are read at once to reach `LogWanted.since`."""

Stopped = Callable[[], bool]
"""Returns whether the dashboard is ending."""


class LogReader:
    """The log as far as it was read."""

    def __init__(self, folders: Folders, now: datetime) -> None:
        self._folders = folders
        self._now = now
        self._commits = folders.commits(now)
        self._found: list[LoggedEvent] = []

    def read(self, wanted: LogWanted, stopped: Stopped) -> LogLoaded:
        """Read the next part, and return all that was read so far."""
        try:
            if not wanted.more:
                self._read_uncommitted(wanted)
            complete = self._read_commits(wanted, stopped)
        except SourceError as error:
            return self._answer(str(error))
        return self._answer("" if complete else None)

    def _answer(self, end: str | None) -> LogLoaded:
        return LogLoaded(tuple(self._found), end)

    def _read_uncommitted(self, wanted: LogWanted) -> None:
        leads = [lead for lead in self._folders.workspace.leads if lead.id in wanted.leads]
        for commit in self._folders.find_uncommitted(leads, self._now):
            self._found += list_events(commit, self._now)

    def _read_commits(self, wanted: LogWanted, stopped: Stopped) -> bool:
        """Read some commits; return whether there are no others."""
        for count, commit in enumerate(self._commits, 1):
            self._found += list_events(commit)
            early = wanted.since is None or commit.when is None or commit.when < wanted.since
            if stopped() or count >= (COMMITS if early else MOST):
                return False
        return True


class DueDateReader:
    """The due dates that git tells, which are read again only if there is another commit."""

    def __init__(self) -> None:
        self._first: FolderCommit | None = None
        self._found = DueDatesFound({})

    def read(self, folders: Folders, now: datetime, stopped: Stopped) -> DueDatesFound:
        """Return the due dates; none without a history."""
        commits = skip_damage(folders.commits(now))
        first = next(commits, None)
        if first is None:
            return DueDatesFound({})
        if self._first is None or first.name != self._first.name:
            later = _until(commits, stopped)
            self._found = DueDatesFound(find_due_dates(chain((first,), later), now))
            self._first = first
        return self._found


def trace(
    folders: Folders, subject: Subject, now: datetime, stopped: Stopped
) -> Iterator[SubjectTraced]:
    """Yield what is known of a history, each time there is more, and when it is complete."""
    workspace = folders.workspace
    lead = workspace.find_lead(subject.lead_id)
    found: tuple[LoggedEvent, ...] = ()
    end = ""
    try:
        if lead is not None:
            commits = _until(folders.follow_lead(lead, now), stopped)
            for event in follow(commits, lead, subject, workspace.framework, now):
                found = (*found, event)
                yield SubjectTraced(subject, found, None)
    except SourceError as error:
        end = str(error)
    if stopped():
        return
    yield SubjectTraced(subject, found, end)


def _until(some: Iterator[FolderCommit], stopped: Stopped) -> Iterator[FolderCommit]:
    for one in some:
        if stopped():
            return
        yield one
