"""A hostile clone: nothing starts while it is shown, and during a sync git and our driver alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tracing import tool
from tests.support.clones import NOBODY, contents, git, make_clones, sync, tick, write
from tests.support.terminal import Terminal, environment, script

pytestmark = pytest.mark.system

SESSION: Final = "ada/2026-11-03.md"
EXECUTED: Final = re.compile(r'execve\("(?P<program>[^"]+)", \[(?P<arguments>.*?)\](?:, |\.\.\.)')
HOOKS: Final = (
    *("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit"),
    *("post-merge", "pre-push", "post-checkout", "post-index-change", "reference-transaction"),
    *("fsmonitor-watchman", "pre-auto-gc", "post-rewrite", "pre-receive", "update"),
    *("post-receive", "post-update", "proc-receive", "push-to-checkout"),
)
KEYS: Final = (
    *("core.fsmonitor", "core.hooksPath", "core.sshCommand", "core.askPass", "core.editor"),
    *("core.pager", "core.gitProxy", "core.alternateRefsCommand", "sequence.editor"),
    *("credential.helper", "gpg.program", "gpg.ssh.program", "gpg.x509.program"),
    *("diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean"),
    *("filter.x.smudge", "filter.x.process", "merge.x.driver", "merge.tldash.driver"),
    *("merge.default", "interactive.diffFilter", "pager.status", "pager.fetch"),
    *("remote.origin.uploadpack", "remote.origin.receivepack", "remote.origin.vcs"),
    *("uploadpack.packObjectsHook", "man.x.cmd", "browser.x.cmd", "mergetool.x.cmd"),
    *("trailer.x.command", "submodule.x.update", "web.browser", "hook.x.command"),
)
"""Settings of git that name a program."""
ALIASES: Final = ("status", "fetch", "push", "commit", "merge", "config", "var", "rev-parse")
MODULES: Final = ("click.py", "tldash/__init__.py", "tldash/cli.py", "os.py", "sitecustomize.py")
"""Modules that Python would import from the current folder."""


def plant(folder: Path, evil: Path) -> None:
    """Put everything into a repository that may start a program."""
    own = folder / ".git" if (folder / ".git").exists() else folder
    for name in HOOKS:
        write(own, {f"hooks/{name}": f"#!/bin/sh\n{evil}\n"})
        (own / f"hooks/{name}").chmod(0o755)
    for key in KEYS:
        git(folder, "config", key, f"{own}/hooks" if key == "core.hooksPath" else str(evil))
    git(folder, "config", "filter.x.required", "true")
    for name in ALIASES:
        git(folder, "config", f"alias.{name}", f"!{evil}")
    for key in ("commit.gpgSign", "push.gpgSign", "tag.gpgSign", "gpg.minTrustLevel"):
        git(folder, "config", key, "true" if "Sign" in key else "never")
    for key in ("submodule.recurse", "fetch.recurseSubmodules", "extensions.worktreeConfig"):
        git(folder, "config", key, "true")
    write(own.parent, {"included": f"[core]\n\tfsmonitor = {evil}\n\tsshCommand = {evil}\n"})
    for key in ("include.path", f"includeIf.gitdir:{folder}/.path"):
        git(folder, "config", key, str(own.parent / "included"))
    git(folder, "config", f"url.ext::{evil}.insteadOf", str(folder.parent))
    git(folder, "config", f"url.ext::{evil}.pushInsteadOf", str(folder.parent))
    write(own, {"config.worktree": f"[core]\n\tfsmonitor = {evil}\n"})


def make_hostile(top: Path) -> tuple[Path, Path]:
    """Two clones with changes to merge: the second one and the remote are hostile."""
    one, other = make_clones(top, "one", "other")
    tick(one, "call")
    sync(one)
    evil = top / "evil"
    write(top, {"evil": f"#!/bin/sh\ntouch {top}/started\n"})
    evil.chmod(0o755)
    tick(other, "book")
    write(other, {
        ".gitattributes": "*.md diff=x merge=x\n*.txt filter=x\n", "x.txt": "x\n",
        ".gitmodules": f'[submodule "x"]\n path = x\n url = ext::{evil}\n',
        **dict.fromkeys(MODULES, f"import os\nos.system('{evil}')\n"),
    })  # fmt: skip
    plant(other, evil)
    plant(top / "hub.git", evil)
    return one, other


def run_traced(log: Path, home: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    strace = [tool("strace"), "-f", "-qq", "-s", "300", "-o", str(log), "-e", "trace=execve"]
    return subprocess.run(
        [*strace, *command], cwd=cwd, env=environment(home, **NOBODY),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_sync_starts_git_and_the_driver_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    home.mkdir()
    _, other = make_hostile(tmp_path / "x")
    log = tmp_path / "log"
    done = run_traced(log, home, script("tldash"), "sync", cwd=other)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith("committed: tick 1 action · received 1 commit · sent 2 commits")
    assert not (tmp_path / "x/started").exists()
    assert "- [x] call the vendor\n- [x] book a room" in (other / SESSION).read_text()
    started = [*EXECUTED.finditer(log.read_text())]
    programs = {Path(match["program"]).name for match in started}
    git_only = {name for name in programs if name == "git" or name.startswith("git-")}
    assert programs - git_only - {"sh"} <= {"tldash", *(Path(sys.executable).name,), "python3"}
    drivers = [match["arguments"] for match in started if "merge-driver" in match["arguments"]]
    assert any('"-P", "-m", "tldash"' in one for one in drivers)
    git(tmp_path / "x", "clone", "-q", "hub.git", "fresh", "-c", "core.hooksPath=/dev/null")
    assert contents(tmp_path / "x/fresh") == {
        path: data for path, data in contents(other).items() if path.startswith("ada/")
    }
    # With the address of another machine, it is ssh of the viewer that runs.
    write(tmp_path, {"home/bin/ssh": f"#!/bin/sh\ntouch {tmp_path}/ssh\nexit 1\n"})
    (home / "bin/ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}/bin:{Path('/usr/bin')}:/bin")
    config = other / ".git/config"
    text = config.read_text()
    config.write_text(re.sub(r"url = .*hub.git", "url = ssh://host.invalid/x.git", text))
    tick(other, "write")
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(Exception, match="origin"):
        sync(other)
    assert (tmp_path / "ssh").exists()
    assert not (tmp_path / "x/started").exists()


def test_showing_a_hostile_clone_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening it, watching changes, the title bar with the branch, and quitting."""
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    home.mkdir()
    _, other = make_hostile(tmp_path / "x")
    log = tmp_path / "log"
    strace = (tool("strace"), "-f", "-qq", "-o", str(log), "-e", "trace=execve,execveat")
    with Terminal(
        *strace, script("tldash"), str(other), env=environment(home), columns=120, rows=30
    ) as terminal:
        terminal.until("main · live")
        write(other, {SESSION: (other / SESSION).read_text() + "- [ ] one more\n"})
        terminal.until("3 open")
        git(other, "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "update-ref",
            "refs/heads/main", "HEAD")  # fmt: skip
        terminal.press("q")
        assert terminal.wait() == 0
    assert len(re.findall(r"execve(?:at)?\(", log.read_text())) == 1
    assert not (tmp_path / "x/started").exists()
