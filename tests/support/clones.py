"""Clones of a bare repository, each the coaching folder of somebody, and syncs of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tldash.sync.failure import SyncFailed
from tldash.sync.sync import Control, Sync, SyncDone
from tldash.workspace.folders import Folders

PATIENCE: Final = 20.0
"""Seconds to wait for the end of a process."""
NOW: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOBODY: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Mira Holm",
    "GIT_AUTHOR_EMAIL": "mira@example.org",
    "GIT_COMMITTER_NAME": "Mira Holm",
    "GIT_COMMITTER_EMAIL": "mira@example.org",
}
"""Variables of a user without settings of their own."""
ADA: Final = {
    "ada/lead.md": "---\nname: Ada\n---\n# Ada\n\n## Notes\nOne.\n\nTwo.\n",
    "ada/2026-11-03.md": (
        "# Session\n\n## Notes\nA note.\n\n## Actions\n"
        "- [ ] call the vendor\n- [ ] book a room\n- [ ] write the report\n"
    ),
}


def git(folder: Path, *arguments: str, code: int | None = 0, stdin: bytes = b"") -> str:
    """Run git as its user does, and return what it prints on both ends."""
    program = shutil.which("git")
    assert program, "these tests need git: install it"
    done = subprocess.run(
        [program, *arguments], cwd=folder, input=stdin, capture_output=True, check=False,
        env={**os.environ, **NOBODY},
    )  # fmt: skip
    said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
    assert code is None or done.returncode == code, said
    return said


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files, and return their folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def make_clones(
    top: Path, *names: str, files: Mapping[str, str] = ADA, inside: str = ""
) -> list[Path]:
    """Make a bare repository `hub.git` with these files, and clones of it.

    The files are in the folder `inside` of each.
    """
    top.mkdir(parents=True, exist_ok=True)
    git(top, "init", "-q", "--bare", "-b", "main", "hub.git")
    first = top / names[0]
    git(top, "clone", "-q", "hub.git", names[0])
    git(first, "checkout", "-q", "-B", "main")
    write(first / inside, files)
    git(first, "add", ".")
    git(first, "commit", "-q", "-m", "the beginning")
    git(first, "push", "-q", "-u", "origin", "main")
    for name in names[1:]:
        git(top, "clone", "-q", "hub.git", name)
    return [top / name for name in names]


def sync(folder: Path, limit: float = 60, report: Callable[[str], object] = print) -> SyncDone:
    """Sync a folder, as the command does. Raises SyncFailed."""
    opened = Folders([folder])
    opened.read()
    control = Control(threading.Event(), report, limit)
    return Sync(opened, opened.roots[0], NOW, control).run()


def refusal(folder: Path, limit: float = 60) -> SyncFailed:
    """Sync a folder, and return why that failed."""
    try:
        done = sync(folder, limit)
    except SyncFailed as error:
        return error
    raise AssertionError(f"it did not fail: {done.sentence}")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a work tree, without what git keeps."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def tick(folder: Path, words: str, path: str = "ada/2026-11-03.md") -> None:
    """Tick an action in a file, as an editor does."""
    file = folder / path
    text = file.read_text()
    assert f"- [ ] {words}" in text
    file.write_text(text.replace(f"- [ ] {words}", f"- [x] {words}"))


def make_far_clone(top: Path, body: str) -> tuple[Path, str]:
    """Return a clone whose remote is reached by ssh, and a PATH with this script in its place."""
    write(top, {"bin/ssh": f"#!/bin/sh\n{body}\n"})
    (top / "bin/ssh").chmod(0o755)
    (one,) = make_clones(top, "one")
    git(one, "remote", "set-url", "origin", "ssh://host.invalid/coaching.git")
    return one, f"{top}/bin{os.pathsep}{os.environ['PATH']}"


def hang(started: Path) -> str:
    """Return a script that never ends. It writes its process and arguments into a file first."""
    return f"echo $$ $* > {started}.new\nmv {started}.new {started}\nexec sleep 1000"


def await_end(process: str) -> None:
    """Wait until a process has ended."""
    end = time.monotonic() + PATIENCE
    status = Path(f"/proc/{process}/stat")
    while status.exists() and ") Z " not in status.read_text():
        assert time.monotonic() < end, f"process {process} is still there"
