"""Run git for a repository that anybody may have prepared. The one module that starts programs.

git gets a folder of ours in the place of `.git`. Objects, refs, the index and reflogs in it are
those of the repository, by links and variables; its config, attributes and hooks are written here.
So a setting of the repository has no effect unless `settings` writes it, whatever it is called:
hooks, filters, monitors, aliases, editors, drivers, helpers and rewritten addresses. The viewer's
own settings, in their home folder, apply as usual, except for hooks, filters, monitors and drivers.

No git of this module asks a question: input is empty, there is no terminal, and ssh is in batch
mode. It runs in a session of its own and is killed with its children when its time is over.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage.git_files import GitFiles, Repository
from tldash.storage.walk import printable
from tldash.sync.failure import SyncFailed

LOCAL_LIMIT: Final = 60.0
"""Seconds that git may take for what needs no network."""
NETWORK_LIMIT: Final = 120.0
"""Seconds that git may take for a fetch or a push."""
LOCK_PATIENCE: Final = 2.0
"""Seconds to wait for another git that has locked the index."""
OLDEST: Final = (2, 38)
"""The version of git from which on `merge-tree` merges without a work tree."""
PREFIX: Final = "tldash-sync-"
"""How the names of our folders in `.git` start."""
_LISTS: Final = ("packed-refs", "shallow")
"""Files of a repository that list names of commits."""
_TEXT_LIMIT: Final = 1 << 20
"""Bytes of HEAD, of the attributes and of the names to ignore."""
_TURN: Final = 0.05
"""Seconds after which a running git is looked at again."""

_KEPT: Final = re.compile(
    r"GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|SSH(?:_COMMAND|_VARIANT)?|ASKPASS|SSL_\w+"
    r"|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|HTTP_\w+|PROXY_\w+)"
)
"""Variables of git that come from the viewer and keep their effect."""
_SETTINGS: Final = """\
[core]
	bare = false
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	editor = :
	pager = cat
	alternateRefsCommand = :
	commitGraph = false
	logAllRefUpdates = true
	autocrlf = false
	safecrlf = false
[commit]
	gpgSign = false
[push]
	gpgSign = false
	followTags = false
	recurseSubmodules = no
[fetch]
	recurseSubmodules = false
	writeCommitGraph = false
	prune = false
[submodule]
	recurse = false
[gc]
	auto = 0
[maintenance]
	auto = false
[receive]
	autogc = false
[merge]
	default = text
	conflictStyle = merge
	renames = true
	directoryRenames = true
	renormalize = false
[protocol "ext"]
	allow = never
[protocol "fd"]
	allow = never
"""
ATTRIBUTES: Final = "* !merge !filter !ident !diff !working-tree-encoding !text !eol\n"
"""What no attribute of the folder can choose: programs, and other bytes than those in the file."""
MERGED: Final = ("*.md", "*.markdown", "*.yaml", "*.yml")
"""The files that our driver merges."""
_SERVED: Final = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.alternateRefsCommand=:"),
    *("-c", "core.fsmonitor=false", "-c", "receive.autogc=false", "-c", "gc.auto=0"),
)
"""Options for the git of a remote that is a folder of this machine, whose hooks run here."""

Settings = Iterable[tuple[str, str, str, str]]
"""Section, subsection, key and value of the settings that git gets."""


@frozen
class Output:
    """What git printed, and how it ended."""

    code: int
    data: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "surrogateescape").strip()


class Git:
    """git, for one repository. Only for use within `open_git`."""

    def __init__(
        self, program: str, place: Path, repository: Repository, top: Path, stop: threading.Event
    ) -> None:
        self._program = program
        self.place = place
        """Our folder in the place of `.git`."""
        self._top = top
        self._stop = stop
        self._environment = _make_environment(place, repository, top)
        self._files = GitFiles(repository)
        self._may_stop = True
        self.index = repository.own / "index"

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        index: Path | None = None,
        limit: float = LOCAL_LIMIT,
        environment: Mapping[str, str] = {},
    ) -> Output:
        """Run git.

        Args:
            arguments: The command and its arguments.
            stdin: Its input.
            index: An index in the place of that of the repository.
            limit: Seconds after which it is killed.
            environment: More variables.

        Raises:
            SyncFailed: It took too long, or the sync was stopped.
        """
        self._check_stopped()
        variables = {**self._environment, "GIT_INDEX_FILE": str(index or self.index), **environment}
        # From a file: communicate() with a timeout cannot go on with input that was cut short.
        with tempfile.TemporaryFile(dir=self.place) as given:
            given.write(stdin)
            given.seek(0)
            try:
                process = subprocess.Popen(
                    [self._program, *arguments],
                    cwd=self._top, env=variables, start_new_session=True,
                    stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                )  # fmt: skip
            except OSError as error:
                raise SyncFailed("no-git", f"git does not start: {error.strerror}") from error
        try:
            data, errors = self._wait(process, limit, arguments[0])
        finally:
            _kill(process)
        return Output(process.returncode, data, errors.decode("utf-8", "replace"))

    def run_with_lock(
        self, *arguments: str, stdin: bytes = b"", index: Path | None = None
    ) -> Output:
        """Run git, again and again for a while if another git has locked the index."""
        until = time.monotonic() + LOCK_PATIENCE
        while True:
            done = self.run(*arguments, stdin=stdin, index=index)
            if not done.code or "index.lock" not in done.errors or time.monotonic() > until:
                return done
            time.sleep(_TURN)

    def _check_stopped(self) -> None:
        if self._may_stop and self._stop.is_set():
            raise SyncFailed("stopped", "the sync was stopped. Nothing is lost; sync again.")

    def _wait(
        self, process: subprocess.Popen[bytes], limit: float, what: str
    ) -> tuple[bytes, bytes]:
        end = time.monotonic() + limit
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=_TURN)
            self._check_stopped()
            if time.monotonic() > end:
                raise SyncFailed(
                    "timeout",
                    f"git {what} took more than {limit:.0f} s and was stopped. Try again.",
                )

    @contextmanager
    def attributes_of_repository(self) -> Iterator[None]:
        """Use the attributes of the repository, for a question about them."""
        ours = self.place / "info" / "attributes"
        before = ours.read_bytes()
        ours.write_bytes(self._files.read_own("info/attributes", _TEXT_LIMIT) or b"")
        try:
            yield
        finally:
            ours.write_bytes(before)

    @contextmanager
    def not_stopped(self) -> Iterator[None]:
        """Finish what is begun within, also if the sync is stopped."""
        self._may_stop = False
        try:
            yield
        finally:
            self._may_stop = True

    def served_by(self, program: str) -> str:
        """Return the command that serves a remote on this machine: git's `upload-pack`, say."""
        return shlex.join([self._program, *_SERVED, program])


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that is still there, with its children, and close its pipes."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


@contextmanager
def open_git(
    repository: Repository, top: Path, settings: Settings, stop: threading.Event
) -> Iterator[Git]:
    """Yield git for a repository, with these settings instead of the repository's own.

    Args:
        repository: The repository, with its own objects and refs.
        top: The folder of its work tree.
        settings: The settings that git gets besides those of the viewer.
        stop: Ends a git that is running.

    Raises:
        SyncFailed: git is not installed, too old, or the repository cannot be used like this.
    """
    program = shutil.which("git")
    if program is None:
        raise SyncFailed("no-git", "git is not installed. Install it, and sync again.")
    _check_links(repository.own)
    _remove_old(repository.own)
    try:
        place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=repository.own))
    except OSError as error:
        raise SyncFailed("git", f"nothing can be written into .git: {error.strerror}") from error
    try:
        _fill(place, repository, settings)
        git = Git(os.path.abspath(program), place, repository, top, stop)  # noqa: PTH100
        _check_version(git)
        yield git
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _check_links(own: Path) -> None:
    """Raise SyncFailed if git would write through a link, which may lead anywhere.

    A line of a reflog has a name in it that the repository chooses.
    """
    found = [own / name for name in ("HEAD", "index", "objects", "refs", "logs", *_LISTS)]
    with os.scandir(own / "objects") as entries:
        found += [Path(entry.path) for entry in entries]
    for top in ("refs", "logs"):
        for folder, folders, files in os.walk(own / top):
            found += [Path(folder) / name for name in (*folders, *files)]
    for path in found:
        if path.is_symlink():
            raise SyncFailed(
                "unsupported",
                f"{printable(str(path.relative_to(own.parent)))} is a link, which sync does not "
                "follow. Run git.",
            )


def _remove_old(own: Path) -> None:
    """Remove our folders of a process that was killed."""
    for name in os.listdir(own):  # noqa: PTH208 - names alone
        if name.startswith(PREFIX):
            old = own / name
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)


def _fill(place: Path, repository: Repository, settings: Settings) -> None:
    """Write the folder that git takes for the repository."""
    own, files = repository.own, GitFiles(repository)
    for name in ("objects", "refs", "logs", *_LISTS):
        if (own / name).exists():
            (place / name).symlink_to(own / name)
    (place / "HEAD").write_bytes(files.read_own("HEAD", _TEXT_LIMIT) or b"")
    text = _SETTINGS + "".join(map(_format_setting, settings))
    text += f'[merge "tldash"]\n\tname = task items one by one\n\tdriver = {_quote(_driver())}\n'
    (place / "config").write_text(text, encoding="utf-8", errors="surrogateescape")
    (place / "info").mkdir()
    (place / "info" / "exclude").write_bytes(files.read_own("info/exclude", _TEXT_LIMIT) or b"")
    merged = "".join(f"{pattern} merge=tldash\n" for pattern in MERGED)
    (place / "info" / "attributes").write_text(ATTRIBUTES + merged)


def _driver() -> str:
    """Return the command of our merge driver. `-P` keeps modules of the folder out of it."""
    python = shlex.quote(sys.executable).replace("%", "%%")
    return f"{python} -P -m tldash merge-driver %O %A %B %P"


def _format_setting(setting: tuple[str, str, str, str]) -> str:
    section, subsection, key, value = setting
    name = f" {_quote(subsection)}" if subsection else ""
    return f"[{section}{name}]\n\t{key} = {_quote(value)}\n"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _make_environment(place: Path, repository: Repository, top: Path) -> dict[str, str]:
    """Return the variables of git: the viewer's, without those that lead elsewhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    return {
        **kept,
        "GIT_DIR": str(place),
        "GIT_WORK_TREE": str(top),
        "GIT_OBJECT_DIRECTORY": str(repository.own / "objects"),
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": ":",
        "GIT_SEQUENCE_EDITOR": ":",
        "GIT_PAGER": "cat",
        "SSH_ASKPASS": "",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
        "LANGUAGE": "",
        "PYTHONUTF8": "1",
    }


def _check_version(git: Git) -> None:
    said = git.run("version").text
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise SyncFailed("old-git", f"sync needs git {wanted} or later; this is {said or 'none'}")


def make_ssh_variables(git: Git) -> dict[str, str]:
    """Return the variables with which the viewer's ssh asks no questions."""
    command = os.environ.get("GIT_SSH_COMMAND") or git.run("config", "core.sshCommand").text
    if not command and "GIT_SSH" in os.environ:
        return {}
    command = command or "ssh"
    if Path(command.split()[0]).name != "ssh":
        return {}
    return {"GIT_SSH_COMMAND": f"{command} -o BatchMode=yes"}


def is_on_this_machine(url: str) -> bool:
    """Whether git reaches an address through the file system."""
    if url.startswith("file:"):
        return True
    colon, slash = url.find(":"), url.find("/")
    return colon < 0 or 0 <= slash < colon
