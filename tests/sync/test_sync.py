"""Syncs of real clones: what is committed, merged and pushed, and what stays as it was."""

from __future__ import annotations

import threading
from collections.abc import Container
from pathlib import Path

import pytest

from tests.support.clones import (
    ADA,
    NOBODY,
    NOW,
    contents,
    git,
    make_clones,
    refusal,
    sync,
    tick,
    write,
)
from tldash.sync import checkout
from tldash.sync.failure import SyncFailed
from tldash.sync.sync import Control, Sync
from tldash.user.paths import names_file
from tldash.workspace.folders import Folders

SESSION = "ada/2026-11-03.md"


def test_changes_are_committed_pushed_and_merged(tmp_path: Path) -> None:
    """Two tick adjacent lines; each gets the other's tick, and git has nothing left to do."""
    one, other = make_clones(tmp_path, "one", "other")
    tick(one, "call")
    tick(other, "book")
    write(other, {"ada/2026-12-01.md": "# Session\n"})
    done = sync(one)
    assert (done.committed, done.received, done.sent) == (("tick 1 action",), 0, 1)
    steps: list[str] = []
    done = sync(other, report=steps.append)
    assert (done.committed, done.received, done.sent) == (("tick 1 action, plan Tue 1 Dec",), 1, 2)
    assert steps == ["looking", "committing", "fetching", "merging", "pushing"]
    assert done.sentence == (
        "committed: tick 1 action, plan Tue 1 Dec · received 1 commit · sent 2 commits"
    )
    assert (sync(one).received, sync(one).sentence) == (2, "nothing to sync")
    assert contents(one) == contents(other)
    text = (one / SESSION).read_text()
    assert "- [x] call the vendor\n- [x] book a room\n- [ ] write" in text
    for clone in (one, other):
        assert git(clone, "status", "--porcelain") == ""
        assert git(clone, "fsck", "--strict", "--no-dangling") == ""
        assert [name for name in (clone / ".git").iterdir() if "tldash" in name.name] == []
    assert "tldash sync: merge origin/main" in git(other, "reflog")


def test_only_the_notes_of_the_folder_are_committed(tmp_path: Path) -> None:
    """Other staged work stays staged; drafts, copies, links and other files are left out."""
    (top,) = make_clones(tmp_path, "top", inside="coaching")
    write(top, {"src/main.c": "int main;\n", "coaching/.gitignore": "ignored.md\n"})
    git(top, "add", ".")
    write(
        top,
        {
            "src/main.c": "int x;\n",
            "README.md": "beside the folder\n",
            "coaching/ada/ignored.md": "x\n",
            "coaching/ada/lead.md~": "x\n",
            "coaching/ada/.tldash-1-part.md": "x\n",
            "coaching/ada/photo.png": "x\n",
            "coaching/ada/lead.sync-conflict-20261103-101112-ABCDEFG.md": "x\n",
            "coaching/ada/2026-12-01.md": "# Session\n",
        },
    )
    (top / "coaching/ada/link.md").symlink_to("lead.md")
    done = sync(top / "coaching")
    assert done.committed == ("plan Tue 1 Dec",)
    assert "photo.png" in " ".join(done.left_out)
    listed = git(top, "show", "--name-only", "--format=", "HEAD")
    assert listed.split() == ["coaching/ada/2026-12-01.md"]
    assert "A  coaching/.gitignore\nAM src/main.c\n" in git(top, "status", "--porcelain")


def test_removed_and_renamed_files(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other")
    (one / SESSION).rename(one / "ada/2026-11-05.md")
    tick(other, "book")
    sync(one)
    sync(other)
    sync(one)
    assert contents(one) == contents(other)
    assert [*contents(one)] == ["ada/2026-11-05.md", "ada/lead.md"]
    assert "[x] book" in (one / "ada/2026-11-05.md").read_text()
    git(one, "rm", "-q", "-r", "ada")
    write(one, {"ben/lead.md": "---\nname: Ben\n---\n"})
    sync(one)
    sync(other)
    assert [*contents(other)] == ["ben/lead.md"]
    assert not (other / "ada").exists()


def test_files_beside_the_notes_are_checked_out_by_git(tmp_path: Path) -> None:
    """Links, programs and folders come along; local changes to them stop the merge."""
    one, other = make_clones(tmp_path, "one", "other", inside="coaching")
    write(one, {"run": "#!/bin/sh\n", "coaching/photo.png": "x"})
    (one / "run").chmod(0o755)
    (one / "coaching/link.md").symlink_to("ada/lead.md")
    git(one, "add", ".")
    git(one, "commit", "-q", "-m", "more")
    sync(one / "coaching")
    tick(other / "coaching", "call")
    write(other, {"staged": "x\n"})
    git(other, "add", "staged")
    sync(other / "coaching")
    assert (other / "run").stat().st_mode & 0o111
    assert (other / "coaching/link.md").is_symlink()
    assert git(other, "status", "--porcelain") == "A  staged\n"
    write(one, {"run": "#!/bin/sh\n# one\n"})
    git(one, "commit", "-q", "-a", "-m", "one")
    sync(one / "coaching")
    write(other, {"run": "#!/bin/sh\n# other\n"})
    before = contents(other)
    failed = refusal(other / "coaching")
    assert failed.code == "in-the-way"
    assert "run" in str(failed)
    assert contents(other) == before
    git(other, "commit", "-q", "-m", "x", "run")
    failed = refusal(other / "coaching")
    assert failed.code == "conflict"
    assert "git pull" in str(failed)
    assert contents(other) == before
    assert git(other, "status", "--porcelain") == "A  staged\n"


def make_conflict(tmp_path: Path) -> tuple[Path, Path]:
    """Two clones of which the second has a merge with a conflict, and another merged file."""
    one, other = make_clones(tmp_path, "one", "other")
    for clone, words in ((one, "the first"), (other, "the second")):
        file = clone / SESSION
        file.write_text(file.read_text().replace("call the vendor", f"call {words}"))
    write(one, {"ada/2026-12-01.md": "# Session\n"})
    sync(one)
    failed = refusal(other)
    assert failed.code == "conflict"
    assert SESSION in str(failed)
    return one, other


def test_a_conflict_stays_with_markers_until_they_are_gone(tmp_path: Path) -> None:
    one, other = make_conflict(tmp_path)
    text = (other / SESSION).read_text()
    marked = "<<<<<<< ours\n- [ ] call the second\n=======\n- [ ] call the first\n>>>>>>> theirs\n"
    assert marked in text
    assert git(other, "diff", "--name-only", "--diff-filter=U").strip() == SESSION
    for _ in range(2):
        failed = refusal(other)
        assert f"{SESSION}:7" in str(failed)
    tick(other, "book")
    (other / SESSION).write_text((other / SESSION).read_text().replace(marked, "- [ ] call both\n"))
    done = sync(other)
    assert done.committed == ("merge into main",)
    assert len(git(other, "log", "-1", "--format=%p").split()) == 2
    sync(one)
    assert contents(one) == contents(other)
    assert "- [ ] call both\n- [x] book a room\n" in (one / SESSION).read_text()
    assert git(other, "status", "--porcelain") == ""
    assert not (other / ".git/MERGE_HEAD").exists()


@pytest.mark.parametrize("keep", ["ours", "theirs", "abort", "git", "mine"])
def test_a_conflict_can_be_resolved_in_other_ways(keep: str, tmp_path: Path) -> None:
    """To exactly one side, with git itself, or not at all."""
    one, other = make_conflict(tmp_path)
    if keep == "abort":
        git(other, "merge", "--abort")
        assert git(other, "status", "--porcelain") == ""
        assert "call the second" in (other / SESSION).read_text()
        assert not (other / "ada/2026-12-01.md").exists()
        assert refusal(other).code == "conflict"
        return
    if keep in ("ours", "theirs"):
        git(other, "checkout", "-q", f"--{keep}", SESSION)
    elif keep == "git":
        git(other, "checkout", "-q", "--theirs", SESSION)
        git(other, "add", SESSION)
    else:
        (other / SESSION).write_text(ADA[SESSION].replace("call the vendor", "call the second"))
    sync(other)
    sync(one)
    assert contents(one) == contents(other)
    wanted = "first" if keep in ("theirs", "git") else "second"
    assert f"call the {wanted}" in (one / SESSION).read_text()
    assert (other / "ada/2026-12-01.md").exists()
    assert git(other, "status", "--porcelain") == ""


def test_what_is_typed_while_a_merge_is_written_is_merged_or_merged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit between the check and the write is kept, whether or not it fits."""
    for number, (words, expected) in enumerate(
        (
            (("book a room", "book a hall"), "- [x] call the vendor\n- [ ] book a hall\n"),
            (("call the vendor", "call the vendor now"), "- [x] call the vendor now\n"),
            (("- [ ] call the vendor\n", ""), "<<<<<<< ours\n"),
        )
    ):
        one, other = make_clones(tmp_path / str(number), "one", "other")
        tick(one, "call")
        write(one, {"ada/a.md": "first in line\n"})
        sync(one)
        file = other / SESSION
        write_all = checkout.Checkout.write
        edits = [words]

        def edit_then_write(
            self: checkout.Checkout,
            last: Container[str],
            file: Path = file,
            edits: list[tuple[str, str]] = edits,
            write_all=write_all,
        ) -> None:
            if edits:
                file.write_text(file.read_text().replace(*edits.pop()))
            write_all(self, last)

        with monkeypatch.context() as patch:
            patch.setattr(checkout.Checkout, "write", edit_then_write)
            try:
                sync(other)
            except SyncFailed as failed:
                assert failed.code == "conflict"
        assert expected in file.read_text()
        assert (other / "ada/a.md").read_text() == "first in line\n"


def test_a_first_commit_and_an_empty_remote(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(tmp_path, "clone", "-q", "hub.git", "one")
    one = write(tmp_path / "one", ADA)
    assert sync(one).committed == ("add 2 files",)
    git(tmp_path, "clone", "-q", "hub.git", "two")
    assert contents(tmp_path / "two") == contents(one)
    git(tmp_path, "init", "-q", "-b", "main", "three")
    three = tmp_path / "three"
    git(three, "remote", "add", "origin", "../hub.git")
    git(three, "config", "branch.main.remote", "origin")
    git(three, "config", "branch.main.merge", "refs/heads/main")
    write(three, {"notes.md": "# Notes\n", "ada/lead.md": ADA["ada/lead.md"]})
    failed = refusal(three)
    assert failed.code == "unrelated"


def test_names_that_stay_private_stop_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    file = names_file()
    write(file.parent, {file.name: "names:\n  Wren Holm: Fox\n"})
    (one,) = make_clones(tmp_path, "one")
    write(one, {"ada/lead.md": ADA["ada/lead.md"] + "\nWren Holm was there.\n"})
    head = git(one, "rev-parse", "HEAD", "origin/main")
    failed = refusal(one)
    assert failed.code == "private"
    assert "ada/lead.md:11:1" in str(failed)
    assert "Wren" not in str(failed)
    write(one, {"ada/lead.md": ADA["ada/lead.md"], "ada/wren-holm.md": "x\n"})
    assert "ada/wren-holm.md:1:1" in str(refusal(one))
    (one / "ada/wren-holm.md").unlink()
    tick(one, "call")
    write(file.parent, {file.name: "names:\n  Wren Holm: [1]\n"})
    assert "mistakes" in str(refusal(one))
    write(file.parent, {file.name: "names:\n  Wren Holm: Fox\n"})
    assert git(one, "rev-parse", "HEAD", "origin/main") == head
    assert sync(one).committed == ("tick 1 action",)
    tick(one, "book")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(one))
    write(one, {"tldash/names.yaml": "names:\n  Wren Holm: Fox\n"})
    assert "in a shared folder" in str(refusal(one))


def test_a_sync_that_is_stopped_ends_before_the_next_step(tmp_path: Path) -> None:
    (one,) = make_clones(tmp_path, "one")
    tick(one, "call")
    for step, commits in (("looking", 1), ("committing", 1), ("fetching", 2)):
        stop = threading.Event()

        def end(doing: str, step: str = step, stop: threading.Event = stop) -> None:
            if doing == step:
                stop.set()

        opened = Folders([one])
        opened.read()
        with pytest.raises(SyncFailed) as failed:
            Sync(opened, one, NOW, Control(stop, end)).run()
        assert failed.value.code == "stopped"
        assert len(git(one, "log", "--format=%h").split()) == commits
        assert not [name for name in (one / ".git").iterdir() if "tldash" in name.name]
    assert sync(one).sent == 1


def test_markers_are_never_committed(tmp_path: Path) -> None:
    """Not those of another program, unless the last commit has them already."""
    one, other = make_clones(tmp_path, "one", "other")
    text = ADA["ada/lead.md"] + "<<<<<<< x\na\n=======\nb\n>>>>>>> y\n"
    write(one, {"ada/lead.md": text})
    failed = refusal(one)
    assert (failed.code, "ada/lead.md:10" in str(failed)) == ("conflict", True)
    git(one, "commit", "-q", "-a", "-m", "about git")
    write(one, {"ada/lead.md": text + "More.\n"})
    assert sync(one).sent == 2
    sync(other)
    assert contents(one) == contents(other)


def test_a_file_that_is_no_text_is_left_to_git(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other", files={**ADA, "ada/x.md": "a\n"})
    for clone in (one, other):
        (clone / "ada/x.md").write_bytes(f"a\0{clone.name}\n".encode())
        tick(clone, "call" if clone is one else "book")
    sync(one)
    before = contents(other)
    failed = refusal(other)
    assert (failed.code, "ada/x.md, which cannot be merged" in str(failed)) == ("conflict", True)
    assert contents(other) == before
    assert not (other / ".git/MERGE_HEAD").exists()


def test_a_file_that_one_side_removed_and_the_other_changed_is_kept(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other")
    (one / SESSION).unlink()
    tick(other, "call")
    sync(one)
    assert refusal(other).code == "conflict"
    assert sync(other).committed == ("merge into main",)
    sync(one)
    assert "[x] call" in (one / SESSION).read_text()
    assert contents(one) == contents(other)


def test_a_push_that_comes_too_late_is_merged_and_pushed_again(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other")
    tick(one, "call")
    tick(other, "book")
    steps: list[str] = []

    def report(doing: str) -> None:
        if doing == "pushing" and doing not in steps:
            sync(other, report=lambda _: None)
        steps.append(doing)

    done = sync(one, report=report)
    assert (done.committed, done.received, done.sent) == (("tick 1 action",), 1, 2)
    assert steps == [
        *("looking", "committing", "fetching", "pushing"), *("fetching", "merging", "pushing")
    ]  # fmt: skip
    sync(other)
    assert contents(one) == contents(other)


def test_a_short_lock_of_another_git_is_waited_for(tmp_path: Path) -> None:
    """An editor that asks for the status locks the index now and then."""
    one, other = make_clones(tmp_path, "one", "other")
    tick(one, "call")
    sync(one)
    tick(other, "book")
    lock = other / ".git/index.lock"

    def report(doing: str) -> None:
        if doing in ("looking", "merging"):
            lock.touch()
            threading.Timer(0.3, lock.unlink).start()

    assert sync(other, report=report).received == 1
    assert git(other, "status", "--porcelain") == ""


def test_many_and_large_files_are_committed_at_once(tmp_path: Path) -> None:
    """More than a pipe holds, and more objects than git leaves unpacked."""
    one, other = make_clones(tmp_path, "one", "other")
    write(one, {f"ada/{number}.md": f"{number} " * 150_000 for number in range(4)})
    write(one, {f"ben/{number}.md": f"# {number}\n" for number in range(150)})
    write(one, {"ben/lead.md": "---\nname: Ben\n---\n"})
    assert sync(one).committed == ("add 1 lead",)
    sync(other)
    assert contents(one) == contents(other)
    assert git(other, "status", "--porcelain") == ""


def test_the_viewers_own_settings_apply_but_for_their_hooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who they are in this folder, and their shorter name for an address."""
    (one,) = make_clones(tmp_path, "one")
    hub = git(one, "remote", "get-url", "origin").strip()
    write(
        tmp_path,
        {
            "own": f'[includeIf "gitdir:{tmp_path}/"]\n\tpath = here\n[core]\n'
            f"\thooksPath = {tmp_path}/hooks\n\tfsmonitor = {tmp_path}/hooks/pre-push\n"
            f'[url "{tmp_path}/"]\n\tinsteadOf = work:\n[commit]\n\tgpgSign = true\n',
            "here": "[user]\n\tname = Ada Here\n\temail = ada@here.example\n",
            "hooks/pre-push": f"#!/bin/sh\ntouch {tmp_path}/started\n",
        },
    )
    (tmp_path / "hooks/pre-push").chmod(0o755)
    for name in NOBODY:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "own"))
    git(one, "remote", "set-url", "origin", f"work:{Path(hub).name}")
    tick(one, "call")
    assert sync(one).sent == 1
    assert git(one, "log", "-1", "--format=%an %ae").strip() == "Ada Here ada@here.example"
    assert not (tmp_path / "started").exists()
    assert git(Path(hub), "rev-parse", "main") == git(one, "rev-parse", "main")
