"""Real git repositories for tests, made by `git fast-import`, which takes one process."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

START: Final = 1_760_000_000
"""The time of the first commit, in seconds since 1970."""
DAY: Final = 86_400
PERSON: Final = "Mira Holm <mira@example.org>"


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> str:
    """Run git in a folder with nobody's settings, and return what it prints."""
    program = shutil.which("git")
    assert program, "these tests need git: install it"
    names = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Mira Holm"), ("EMAIL", "mira@example.org"))
    }
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": os.devnull}
    done = subprocess.run(
        [program, *arguments],
        cwd=folder, env={**os.environ, **alone, **names}, input=stdin,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8", "surrogateescape")


class Story:
    """A stream for `git fast-import`: commits, each with the whole content of the folder."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._count = 0

    def commit(
        self,
        files: Mapping[str, bytes | tuple[str, bytes]],
        when: int,
        parents: tuple[int | str, ...] = (),
        *,
        branch: str = "main",
        author: str = PERSON,
        message: bytes = b"a change",
        authored: int | None = None,
    ) -> int:
        """Add a commit and return its mark. A file is its bytes, or its mode and its bytes."""
        self._count += 1
        parts = [
            f"commit refs/heads/{branch}\nmark :{self._count}\n",
            f"author {author} {when if authored is None else authored} +0100\n",
            f"committer {PERSON} {when} +0000\n",
        ]
        self._parts += [part.encode("utf-8", "surrogateescape") for part in parts]
        self._parts.append(b"data %d\n%s\n" % (len(message), message))
        for number, parent in enumerate(parents):
            name = f":{parent}" if isinstance(parent, int) else parent
            self._parts.append(f"{'merge' if number else 'from'} {name}\n".encode())
        self._parts.append(b"deleteall\n")
        for path, content in files.items():
            mode, data = content if isinstance(content, tuple) else ("100644", content)
            quoted = path.encode("utf-8", "surrogateescape")
            if mode == "160000":
                self._parts.append(b"M 160000 %s %s\n" % (data, quoted))
            else:
                self._parts.append(
                    b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), quoted, len(data), data)
                )
        return self._count

    def write(self, folder: Path, *, packed: bool = True) -> None:
        """Import what was added since the last call, as a pack or as loose objects."""
        limit = "1" if packed else "1000000"
        marks = folder / ".git" / "marks"
        known = [f"--import-marks={marks}"] if marks.exists() else []
        git(
            folder, "-c", f"fastimport.unpackLimit={limit}", "fast-import", "--quiet", "--force",
            *known, f"--export-marks={marks}", stdin=b"".join(self._parts),
        )  # fmt: skip
        self._parts = []


def make_repository(folder: Path) -> Path:
    """Create an empty repository with the branch `main`, and return its folder."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return folder
