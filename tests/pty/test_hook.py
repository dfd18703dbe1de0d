"""`tldash check` before every commit, as the manual says: real git, the hook of the manual."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.manual_pages import fence
from tests.support.pty_dashboard import write
from tests.support.terminal import environment

pytestmark = pytest.mark.system


def test_the_hook_of_the_manual_stops_a_commit_with_an_error_in_it(
    home: Path, tool: Callable[[str], str], tmp_path: Path
) -> None:
    names = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Mira"), ("EMAIL", "mira@example.org"))
    }
    env = environment(home, GIT_CONFIG_NOSYSTEM="1", **names)
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tool("git"), *arguments],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert git("init", "-q").returncode == 0
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(fence("commands", "Before every commit", "sh"))
    hook.chmod(0o755)
    file = write(tmp_path / "coaching/ada/2026-11-03.md", "- [ ] call due: 2026-11-20\n")
    git("add", "-A")
    refused = git("commit", "-qm", "x")
    assert refused.returncode != 0
    assert "coaching/ada/2026-11-03.md:1:12: error bad-date" in refused.stdout + refused.stderr
    fixed = subprocess.run(
        [str(Path(sys.executable).with_name("tldash")), "check", "coaching", "--fix"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert fixed.returncode == 0, fixed.stderr
    assert file.read_text() == "- [ ] call due:2026-11-20\n"
    git("add", "-A")
    assert git("commit", "-qm", "x").returncode == 0
