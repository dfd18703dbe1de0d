"""What stops a sync, with real git: the sentence, and the files as they were."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from tests.support.clones import (
    ADA,
    await_end,
    contents,
    git,
    hang,
    make_clones,
    make_far_clone,
    refusal,
    sync,
    tick,
    write,
)
from tldash.cli import main

SESSION = "ada/2026-11-03.md"


def no_remote(one: Path) -> None:
    git(one, "remote", "remove", "origin")


def no_upstream(one: Path) -> None:
    git(one, "branch", "--unset-upstream")


def detached(one: Path) -> None:
    git(one, "checkout", "-q", "--detach")


def stale_lock(one: Path) -> None:
    (one / ".git/index.lock").touch()


def locked_branch(one: Path) -> None:
    (one / ".git/refs/heads/main.lock").touch()


def rebase(one: Path) -> None:
    write(one, {".git/rebase-merge/onto": "x\n"})


def cherry_pick(one: Path) -> None:
    write(one, {".git/CHERRY_PICK_HEAD": git(one, "rev-parse", "HEAD")})


def remote_gone(one: Path) -> None:
    (one.parent / "hub.git").rename(one.parent / "elsewhere.git")


def unknown_host(one: Path) -> None:
    git(one, "remote", "set-url", "origin", "https://u:secret@host.invalid/coaching.git")


def closed_port(one: Path) -> None:
    git(one, "remote", "set-url", "origin", "git://127.0.0.1:1/coaching.git")


def program(one: Path) -> None:
    git(one, "remote", "set-url", "origin", "ext::touch started")


def helper(one: Path) -> None:
    git(one, "remote", "set-url", "origin", "foo::touch started")


def other_push_remote(one: Path) -> None:
    git(one, "config", "branch.main.pushRemote", "fork")


def rewritten(one: Path) -> None:
    hub = one.parent / "hub.git"
    tree = git(hub, "write-tree").strip()
    new = git(hub, "commit-tree", "-m", "another", tree).strip()
    git(hub, "update-ref", "refs/heads/main", new)


def refused(one: Path) -> None:
    """The remote takes no push: a file is where the objects would be."""
    git(one.parent / "hub.git", "config", "receive.denyUpdates", "x")
    git(one.parent / "hub.git", "config", "transfer.hideRefs", "refs/heads")


def filtered(one: Path) -> None:
    write(one, {".git/info/attributes": "*.md filter=git-crypt\n"})


def line_ends(one: Path) -> None:
    write(one, {".gitattributes": "*.md text eol=crlf\n"})
    (one / SESSION).write_bytes((one / SESSION).read_bytes().replace(b"\n", b"\r\n"))


def sha256(one: Path) -> None:
    git(one, "config", "extensions.objectFormat", "sha256")


def bare(one: Path) -> None:
    git(one, "config", "core.worktree", "/elsewhere")


def linked(one: Path) -> None:
    """The reflog is a link to a file that a shell reads, and a name in it is a command."""
    git(one, "config", "user.name", "; touch started;")
    (one / "profile").write_text("# a shell reads this\n")
    (one / ".git/logs/HEAD").unlink()
    (one / ".git/logs/HEAD").symlink_to(one / "profile")


def pipe(one: Path) -> None:
    """Reading it would never end."""
    (one / ".git/info").mkdir(exist_ok=True)
    (one / ".git/info/exclude").unlink(missing_ok=True)
    os.mkfifo(one / ".git/info/exclude")


def shallow(one: Path) -> None:
    """A clone without the commit from which both come."""
    other = one.parent / "other"
    git(one.parent, "clone", "-q", "hub.git", str(other))
    tick(other, "book")
    sync(other)
    head = git(one, "rev-parse", "HEAD").strip()
    write(one, {".git/shallow": f"{head}\n"})
    tick(other, "write")
    tree = git(other, "rev-parse", "HEAD^{tree}").strip()
    new = git(other, "commit-tree", "-m", "another", tree).strip()
    git(other, "push", "-q", "--force", "origin", f"{new}:refs/heads/main")
    git(one, "fetch", "-q", "--force", "origin", "+refs/heads/main:refs/remotes/origin/main")


def no_objects(one: Path) -> None:
    for file in (one / ".git/objects").glob("??/*"):
        file.unlink()


def one_file_is_untracked_here(one: Path) -> None:
    """The others have added a file that git ignores here."""
    other = one.parent / "other"
    git(one.parent, "clone", "-q", "hub.git", str(other))
    write(other, {"ada/2026-12-01.md": "# Theirs\n"})
    sync(other)
    write(one, {"ada/2026-12-01.md": "# Ours\n", ".git/info/exclude": "2026-12-01.md\n"})


FAILURES: Final[tuple[tuple[Callable[[Path], None], str, str, bool], ...]] = (
    (no_remote, "no-remote", "git remote add origin ADDRESS", True),
    (no_upstream, "no-remote", "git push -u origin main", True),
    (detached, "detached", "git switch", False),
    (stale_lock, "locked", "remove .git/index.lock", False),
    (locked_branch, "locked", "remove the file that ends in .lock", False),
    (rebase, "ongoing", "rebasing", False),
    (cherry_pick, "ongoing", "cherry-picking", False),
    (remote_gone, "no-remote", "no repository at the address of origin", True),
    (unknown_host, "offline", "origin cannot be reached", True),
    (closed_port, "offline", "Sync again when you are online", True),
    (program, "unsupported", "starts a program", True),
    (helper, "unsupported", "starts a program", True),
    (other_push_remote, "unsupported", "another remote", False),
    (rewritten, "rejected", "was rewritten", True),
    (refused, "rejected", "does not take these commits", True),
    (filtered, "filter", "filter=git-crypt", False),
    (line_ends, "filter", "line ends", False),
    (sha256, "unsupported", "objectformat", False),
    (bare, "unsupported", "core.worktree", False),
    (linked, "unsupported", ".git/logs/HEAD is a link", False),
    (pipe, "damaged", "cannot be read", False),
    (shallow, "unrelated", "git fetch --unshallow", True),
    (no_objects, "damaged", "git fsck", False),
    (one_file_is_untracked_here, "in-the-way", "ada/2026-12-01.md is not in git here", True),
)
"""What is wrong, the code, a part of the sentence, and whether the changes are committed."""


@pytest.mark.parametrize(
    ("make", "code", "sentence", "commits"), FAILURES, ids=[one[0].__name__ for one in FAILURES]
)
def test_a_failure_says_what_to_do_and_leaves_the_files(
    make: Callable[[Path], None], code: str, sentence: str, commits: bool, tmp_path: Path
) -> None:
    (one,) = make_clones(tmp_path, "one")
    before_it = git(one, "rev-parse", "HEAD").strip()
    tick(one, "call")
    make(one)
    before = contents(one)
    failed = refusal(one)
    assert sentence in str(failed)
    assert failed.code == code
    assert "secret" not in str(failed)
    assert contents(one) == before
    assert not list(tmp_path.rglob("started"))
    assert not [name for name in (one / ".git").iterdir() if name.name.startswith("tldash")]
    if code != "damaged":
        parents = git(one, "rev-parse", "HEAD", "HEAD~1", code=None).split()
        assert (before_it in parents[1:2]) is commits
        assert (git(one, "status", "--porcelain", "-uno", code=None) == "") is commits or (
            code in ("ongoing", "unsupported")
        )


def test_without_git_repository_or_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = refusal(write(tmp_path / "plain", ADA))
    assert (failed.code, "git init" in str(failed)) == ("no-repository", True)
    (one,) = make_clones(tmp_path / "x", "one")
    tick(one, "call")
    with monkeypatch.context() as patch:
        for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME"):
            patch.delenv(name)
        patch.delenv("GIT_COMMITTER_EMAIL")
        patch.delenv("EMAIL", raising=False)
        failed = refusal(one)
        assert (failed.code, "git config --global user.name" in str(failed)) == (
            "no-identity",
            True,
        )
        git(one, "config", "user.name", "Ada Own")
        git(one, "config", "user.email", "ada@example.org")
        assert sync(one).sent == 1
    assert git(one, "log", "-1", "--format=%an %ae").strip() == "Ada Own ada@example.org"
    git(one, "worktree", "add", "-q", str(one / "linked"))
    assert refusal(one / "linked").code == "unsupported"
    monkeypatch.setenv("PATH", str(tmp_path))
    failed = refusal(one)
    assert (failed.code, "Install it" in str(failed)) == ("no-git", True)
    write(tmp_path, {"git": f"#!{sys.executable}\nprint('git version 2.30.2')\n"})
    (tmp_path / "git").chmod(0o755)
    assert refusal(one).code == "old-git"


def test_a_remote_that_does_not_answer_is_left_with_all_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    one, path = make_far_clone(tmp_path, hang(started))
    monkeypatch.setenv("PATH", path)
    failed = refusal(one, limit=0.5)
    assert (failed.code, "was stopped" in str(failed)) == ("timeout", True)
    process, *arguments = started.read_text().split()
    assert "BatchMode=yes" in arguments
    await_end(process)


def test_a_password_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "echo 'git@host.invalid: Permission denied (publickey).' >&2\nexit 255"
    one, path = make_far_clone(tmp_path, body)
    monkeypatch.setenv("PATH", path)
    failed = refusal(one)
    assert (failed.code, "ssh agent" in str(failed)) == ("password", True)


def test_another_sync_is_waited_for(tmp_path: Path) -> None:
    """Two at once in one clone: both succeed, one after the other."""
    one, other = make_clones(tmp_path, "one", "other")
    tick(one, "call")
    results: list[object] = []

    def run() -> None:
        results.append(sync(one))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert len(git(one, "log", "--format=%h").split()) == 2
    sync(other)
    assert contents(one) == contents(other)


def test_the_remains_of_a_killed_sync_are_removed(tmp_path: Path) -> None:
    (one,) = make_clones(tmp_path, "one")
    write(one, {".git/tldash-sync-old/config": "x", "outside/x": "x"})
    (one / ".git/tldash-sync-link").symlink_to(one / "outside")
    sync(one)
    assert not list((one / ".git").glob("tldash*"))
    assert (one / "outside/x").exists()


def test_the_command(tmp_path: Path) -> None:
    (one,) = make_clones(tmp_path, "one")
    tick(one, "call")
    done = CliRunner().invoke(main, ["sync", str(one)])
    assert (done.exit_code, done.stdout) == (0, "committed: tick 1 action · sent 1 commit\n")
    detached(one)
    done = CliRunner().invoke(main, ["sync", str(one)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("tldash: no branch is checked out.")
