"""Syncs of several folders, and the state of their repositories."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.support.clones import NOBODY, NOW, git, make_clones, tick
from tldash.service.repository import Repositories, sync
from tldash.workspace.folders import Folders


def test_each_folder_is_synced_and_the_first_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    one, other = make_clones(tmp_path, "one", "other")
    opened = Folders([one, other])
    opened.read()
    repositories = Repositories(opened)
    found = repositories.read()
    assert found is not None
    assert (found.branch, found.ahead, found.behind) == ("main", 0, 0)
    tick(one, "call")
    tick(other, "book")
    opened.read()
    ended = sync(opened, NOW, threading.Event(), lambda _: None)
    assert (ended.code, ended.sentence) == (
        "",
        "one: committed: tick 1 action · sent 1 commit; "
        "other: committed: tick 1 action · received 1 commit · sent 2 commits",
    )
    git(one, "checkout", "-q", "--detach")
    assert repositories.read() is None
    tick(other, "write")
    opened.read()
    ended = sync(opened, NOW, threading.Event(), lambda _: None)
    assert (ended.code, ended.sentence) == ("detached", "one: no branch is checked out")
    assert ended.hint == "Run git switch main, for example."
    assert git(other, "rev-list", "--count", "origin/main..main").strip() == "0"
    assert "tick 1 action" in git(other, "log", "-1", "--format=%s")
