"""Sync a folder with its upstream: look, commit, fetch, merge, push.

Every step leaves the files as they were if it fails. A merge with conflicts is the exception: it
stays, with markers around what both sides changed, and the next sync commits it when they are gone.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tldash.activity.commit_message import summarize_commit
from tldash.activity.log import list_events
from tldash.history.git_packs import ObjectError
from tldash.history.git_status import find_ongoing, read_branch, read_config
from tldash.model.dates import pluralize
from tldash.model.frozen import frozen
from tldash.storage.directory import WriteRefused
from tldash.storage.git_config import GitConfig, Upstream, find_upstream
from tldash.storage.git_files import NoRepository, Repository, find_repository
from tldash.storage.safe_open import Unreadable
from tldash.storage.source import SourceError
from tldash.storage.walk import printable
from tldash.sync.branch import Branch
from tldash.sync.changes import ChangedFile
from tldash.sync.checkout import Again
from tldash.sync.commit import Rules, commit
from tldash.sync.exchange import Exchange, Target
from tldash.sync.failure import SyncFailed
from tldash.sync.git import LOCK_PATIENCE, NETWORK_LIMIT, open_git
from tldash.sync.lock import only_sync
from tldash.sync.names import load_guard

if TYPE_CHECKING:
    from tldash.activity.event import Event
    from tldash.workspace.folders import Folders

TRIES: Final = 8
"""How often a sync starts again after others have pushed or written meanwhile."""
_PAUSE: Final = 0.4
"""Seconds to wait before that at most."""
_TURN: Final = 0.05
"""Seconds after which a lock is looked at again."""
_CORE: Final = ("repositoryformatversion", "filemode", "ignorecase", "precomposeunicode")
_PERSON: Final = ("name", "email")

Report = Callable[[str], object]
"""Receives what is being done, in a word: `fetching`."""


@frozen
class SyncDone:
    """What a sync did."""

    committed: tuple[str, ...] = ()
    """The subjects of its commits."""
    received: int = 0
    """Commits of others that were merged."""
    sent: int = 0
    """Commits that were pushed."""
    left_out: tuple[str, ...] = ()
    """Paths of files that have changed, and that it does not commit."""

    @property
    def sentence(self) -> str:
        """What it did, for people."""
        parts = [f"committed: {'; '.join(self.committed)}"] if self.committed else []
        parts += [f"received {pluralize(self.received, 'commit')}"] if self.received else []
        parts += [f"sent {pluralize(self.sent, 'commit')}"] if self.sent else []
        if not parts:
            parts = ["nothing to sync"]
        if self.left_out:
            names = ", ".join(map(printable, self.left_out[:2]))
            more = len(self.left_out) - 2
            parts.append(f"left out: {names}" + (f" and {more} more" if more > 0 else ""))
        return " · ".join(parts)


@frozen
class Control:
    """How a sync is watched and ended."""

    stop: threading.Event
    """Ends it at the next opportunity."""
    report: Report
    """Receives what is being done."""
    limit: float = NETWORK_LIMIT
    """Seconds that a fetch or a push may take."""


class Sync:
    """One sync of one opened folder."""

    def __init__(self, opened: Folders, root: Path, now: datetime, control: Control) -> None:
        """Prepare a sync.

        Args:
            opened: The folders, which are read.
            root: The one to sync.
            now: The time, with which the message of the commit gives dates.
            control: How it is watched and ended.
        """
        self._opened = opened
        self._root = root
        self._now = now
        self._control = control
        self._done = SyncDone()

    def run(self) -> SyncDone:
        """Sync. Raises SyncFailed."""
        self._report("looking")
        with _as_failures():
            repository = find_repository(self._root)
            if repository.own != repository.shared or repository.own.name != ".git":
                raise SyncFailed(
                    "unsupported",
                    "this is a linked work tree or a submodule, which sync does not know. Run git.",
                )
            with only_sync(repository.own, self._control.stop):
                self._run(repository)
        return self._done

    def _report(self, doing: str) -> None:
        """Pass on what is being done. Raises SyncFailed if the sync was stopped."""
        if self._control.stop.is_set():
            raise SyncFailed("stopped", "the sync was stopped. Nothing is lost; sync again.")
        self._control.report(doing)

    def _run(self, repository: Repository) -> None:
        config = read_config(repository)
        name = _check_state(repository, config)
        self._await_index(repository.own / "index.lock")
        upstream = find_upstream(config, name)
        top = repository.own.parent
        rules = Rules(lambda: load_guard(self._opened), self._describe, config)
        with open_git(repository, top, list_settings(config, upstream), self._control.stop) as git:
            for attempt in range(TRIES):
                if attempt:
                    self._control.stop.wait(_PAUSE * random.random())
                try:
                    branch = Branch(git, repository, name)
                    exchange = self._open_exchange(branch, config, upstream)
                    if exchange is not None:
                        exchange.finish()
                    self._commit(branch, rules)
                    if exchange is None:
                        raise SyncFailed("no-remote", _describe_no_upstream(config, name))
                    self._exchange(exchange)
                except Again:
                    continue
                return
        raise SyncFailed("busy", "others write or push again and again. Sync again later.")

    def _await_index(self, lock: Path) -> None:
        """Wait for a git that is changing the index. Raises SyncFailed if it does not end."""
        until = time.monotonic() + LOCK_PATIENCE
        while lock.exists():
            if self._control.stop.wait(_TURN) or time.monotonic() > until:
                raise SyncFailed(
                    "locked",
                    "git is changing the index now, or was stopped while it did. Try again, or "
                    "remove .git/index.lock if no git is running.",
                )

    def _commit(self, branch: Branch, rules: Rules) -> None:
        found = commit(branch, self._root, rules, self._report)
        subjects = (*self._done.committed, *filter(None, [found.subject]))
        self._done = SyncDone(subjects, self._done.received, self._done.sent, found.left_out)

    def _open_exchange(
        self, branch: Branch, config: GitConfig, upstream: Upstream | None
    ) -> Exchange | None:
        if upstream is None:
            return None
        target = Target(upstream, config)
        return Exchange(branch, self._root, target, self._report, self._control.limit)

    def _exchange(self, exchange: Exchange) -> None:
        found = exchange.run()
        self._done = SyncDone(
            self._done.committed,
            self._done.received + found.received,
            self._done.sent + found.sent,
            self._done.left_out,
        )

    def _describe(self, files: Sequence[ChangedFile]) -> str:
        """Return the subject of a commit of these files."""
        added = sum(one.before is None for one in files)
        removed = sum(one.data is None for one in files)
        events = self._find_events(frozenset(one.inside for one in files))
        return summarize_commit(events, added, len(files) - added - removed, removed)

    def _find_events(self, insides: frozenset[str]) -> Iterator[Event]:
        """Yield what happened to the leads of these files; nothing if that cannot be told."""
        opened = self._opened
        label = next(name for name, path in opened.places.items() if path == self._root)
        paths = {f"{label}/{inside}" if label else inside for inside in insides}
        leads = [
            lead
            for lead in opened.workspace.leads
            if any(path.startswith(f"{lead.path}/") or not lead.path for path in paths)
        ]
        try:
            for found in opened.find_uncommitted(leads, self._now):
                for one in list_events(found, self._now):
                    if one.event.path in paths:
                        yield one.event
        except SourceError:
            return


def list_settings(
    config: GitConfig, upstream: Upstream | None
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the settings of a repository that git gets. No other one has an effect."""
    for section, keys in (("core", _CORE), ("user", _PERSON)):
        for key in keys:
            if value := config.get(section, "", key):
                yield section, "", key, value
    yield "user", "", "useConfigOnly", "true"
    if upstream is None:
        return
    for key in ("url", "pushurl"):
        for value in config.get_all("remote", upstream.remote, key):
            yield "remote", upstream.remote, key, value
    yield "remote", upstream.remote, "fetch", f"{upstream.ref}:{upstream.tracking}"


def _check_state(repository: Repository, config: GitConfig) -> str:
    """Return the branch that is checked out. Raises SyncFailed if it cannot be synced."""
    for key in ("objectformat", "refstorage"):
        if config.get("extensions", "", key).lower() not in ("", "sha1", "files"):
            raise SyncFailed("unsupported", f"the repository uses {key}, which tldash cannot read")
    for key in ("sparsecheckout", "bare", "worktree"):
        if config.get("core", "", key).lower() not in ("", "false", "no", "off", "0"):
            raise SyncFailed(
                "unsupported", f"the repository has core.{key}, which sync does not know. Run git."
            )
    ongoing = find_ongoing(repository)
    if ongoing not in ("", "merging"):
        raise SyncFailed(
            "ongoing", f"git is in the middle of {ongoing}. Finish that, or abort it: git status."
        )
    branch = read_branch(repository)
    if not branch:
        raise SyncFailed("detached", "no branch is checked out. Run git switch main, for example.")
    pushed = config.get("branch", branch, "pushremote") or config.get("remote", "", "pushdefault")
    if pushed not in ("", config.get("branch", branch, "remote")):
        raise SyncFailed(
            "unsupported",
            f"{printable(branch)} is pushed to another remote than it is pulled from. Run git.",
        )
    return branch


def _describe_no_upstream(config: GitConfig, branch: str) -> str:
    name = printable(branch)
    remotes = {one.subsection for one in config.settings if one.section == "remote"}
    if not remotes:
        return (
            "there is no remote, so the commit stays on this machine. Run git remote add origin "
            f"ADDRESS and git push -u origin {name}."
        )
    return f"the branch {name} has no upstream. Run git push -u {min(remotes)} {name} once."


@contextmanager
def _as_failures() -> Iterator[None]:
    """Turn the errors of reading and writing the repository into SyncFailed."""
    try:
        yield
    except NoRepository as error:
        message = f"{error.message}. {error.hint}".rstrip()
        raise SyncFailed("no-repository", f"the folder cannot be synced: {message}") from error
    except ObjectError as error:
        raise SyncFailed("damaged", f"{error.message}. Run git fsck in the folder.") from error
    except WriteRefused as error:
        code = "locked" if error.code == "busy" else "git"
        raise SyncFailed(code, f"{error.message}. {error.hint}".rstrip(". ") + ".") from error
    except Unreadable as error:
        raise SyncFailed("damaged", f"the repository cannot be read: {error.message}") from error
    except OSError as error:
        raise SyncFailed("git", f"the repository cannot be used: {error.strerror}") from error
