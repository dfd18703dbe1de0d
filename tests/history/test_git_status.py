"""Branch, upstream and ongoing merges from plain files, compared with git."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clones import git, make_clones, tick, write
from tests.support.git_repository import START, Story, make_repository
from tests.support.git_repository import git as alone
from tests.support.tables import each
from tldash.history import git_status
from tldash.history.git_history import GitHistory
from tldash.history.git_status import StatusReader, count_apart
from tldash.model.repository import RepositoryStatus
from tldash.storage.git_config import GitConfig, Setting, find_upstream, parse_config
from tldash.storage.git_files import find_repository


def test_counts_are_those_of_git(tmp_path: Path) -> None:
    """In random histories with merges, equal times and clocks that are half an hour off."""
    for seed in range(12):
        random = Random(seed)
        folder = make_repository(tmp_path / str(seed))
        story = Story()
        marks: list[int] = []
        for number in range(40):
            parents = random.sample(marks[-6:], min(len(marks), random.choice((1, 1, 2))))
            when = START + random.choice((0, number, number, -50 * number))
            marks.append(story.commit({"a": b"%d" % number}, when, tuple(parents)))
        story.write(folder)
        names = alone(folder, "log", "--all", "--format=%H").split()
        history = GitHistory(find_repository(folder))
        for _ in range(8):
            one, other = random.choice(names), random.choice(names)
            said = alone(folder, "rev-list", "--count", "--left-right", f"{one}...{other}")
            assert count_apart(history, one, other) == tuple(map(int, said.split()))


def test_the_walk_ends_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_repository(tmp_path / "x")
    story = Story()
    mark = story.commit({"a": b"0"}, START)
    for number in range(20):
        mark = story.commit({"a": b"%d" % number}, START + number, (mark,))
    story.write(folder)
    names = alone(folder, "rev-list", "main").split()
    history = GitHistory(find_repository(folder))
    monkeypatch.setattr(git_status, "WALK_LIMIT", 10)
    assert count_apart(history, names[0], names[5]) == (5, 0)
    assert count_apart(history, names[0], names[15]) is None


def test_the_status_follows_the_clone(tmp_path: Path) -> None:
    one, other = make_clones(tmp_path, "one", "other")
    reader = StatusReader(one)

    def read() -> tuple[str, int | None, int | None, str]:
        found = reader.read()
        assert found is not None
        assert found.commit == git(one, "rev-parse", "HEAD").strip()
        return found.branch, found.ahead, found.behind, found.ongoing

    assert read() == ("main", 0, 0, "")
    tick(other, "book")
    git(other, "commit", "-q", "-a", "-m", "z")
    git(other, "push", "-q")
    git(one, "fetch", "-q")
    git(one, "commit", "-q", "--allow-empty", "-m", "x")
    git(one, "commit", "-q", "--allow-empty", "-m", "y")
    assert read() == ("main", 2, 1, "")
    git(one, "pack-refs", "--all")
    git(one, "gc", "-q")
    assert read() == ("main", 2, 1, "")
    git(one, "merge", "-q", "--no-commit", "origin/main")
    assert read() == ("main", 2, 1, "merging")
    git(one, "merge", "--abort")
    git(one, "checkout", "-q", "-b", "feature/a")
    assert read() == ("feature/a", None, None, "")
    git(one, "checkout", "-q", "--detach")
    assert read() == ("", None, None, "")
    (one / ".git").rename(one / "away")
    assert reader.read() is None
    (one / "away").rename(one / ".git")
    assert read() == ("", None, None, "")


@each(
    ("mark", "ongoing"),
    [
        ("rebase-merge/head-name", "rebasing"),
        ("rebase-apply/next", "rebasing"),
        ("CHERRY_PICK_HEAD", "cherry-picking"),
        ("REVERT_HEAD", "reverting"),
        ("BISECT_LOG", "bisecting"),
    ],
)
def test_what_git_has_not_finished(mark: str, ongoing: str, tmp_path: Path) -> None:
    folder = tmp_path / ongoing / mark.partition("/")[0]
    make_repository(folder)
    assert StatusReader(folder).read() == RepositoryStatus("main")
    write(folder / ".git", {mark: "x\n"})
    assert StatusReader(folder).read() == RepositoryStatus("main", ongoing=ongoing)  # type: ignore[arg-type]


def test_a_hostile_repository_has_no_status_or_a_harmless_one(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "x")
    for head, status in (
        (b"ref: refs/heads/\xff\x1b[31m\n", RepositoryStatus("\udcff\x1b[31m")),
        (b"ref: ../../x\n", None),
        (b"x" * 5000, None),
    ):
        (folder / ".git/HEAD").write_bytes(head)
        assert StatusReader(folder).read() == status
    (folder / ".git/HEAD").write_bytes(b"ref: refs/heads/main\n")
    (folder / ".git/config").unlink()
    (folder / ".git/config").symlink_to("/etc/passwd")
    assert StatusReader(folder).read() is None


@given(
    st.one_of(
        st.binary(max_size=60), st.text(max_size=20).map(lambda x: f"ref: refs/heads/{x}".encode())
    ),
    st.text(alphabet='origma/.*:\\\0\x1b"\n-é', max_size=20),
)
def test_any_head_and_any_name_of_a_branch_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    if not folder.exists():
        make_repository(folder)
    (folder / ".git/HEAD").write_bytes(head)
    branch = head.decode("utf-8", "surrogateescape").removeprefix("ref: refs/heads/").strip()
    config = (
        f'[remote "{name}"]\nurl = x\nfetch = +refs/heads/*:refs/remotes/{name}\n'
        f'[branch "{branch}"]\nremote = {name}\nmerge = refs/heads/{name}\n'
    )
    (folder / ".git/config").write_text(config, errors="surrogateescape")
    found = StatusReader(folder).read()
    assert found is None or found.ahead is None


CONFIG = r"""
; a comment
[core]
	bare = false # one
	editor = "a; b" ; two
[remote "or\"ig\\in"] url = https://example.org/a\\b ; x
	url = two\
words
	FETCH=+refs/heads/*:refs/remotes/o/*
[branch.old]
	remote
	merge = "a \"quoted\"\tword  "
[Branch "main"]
	remote=origin
	merge = refs/heads/main
"""


def list_with_git(folder: Path, data: bytes) -> list[tuple[str, str]] | None:
    """Parse with git; None if it refuses."""
    (folder / "config").write_bytes(data)
    said = git(folder, "config", "--file", "config", "--no-includes", "--list", "-z", code=None)
    if "fatal: bad config" in said or "error: " in said:
        return None
    pairs = (one.partition("\n") for one in said.split("\0") if one)
    return [(key, value if line else "true") for key, line, value in pairs]


def name(one: Setting) -> str:
    return ".".join(filter(None, (one.section, one.subsection, one.key)))


def test_the_config_is_parsed_as_git_does(tmp_path: Path) -> None:
    found = [(name(one), one.value) for one in parse_config(CONFIG.encode()).settings]
    assert found == list_with_git(tmp_path, CONFIG.encode())


PARTS = st.sampled_from(
    [
        *(
            "[a]",
            '[a "b"]',
            '[a "\\"c"]',
            "[x.y]",
            "k = v",
            "k=",
            "k",
            "\n",
            "\n",
            " ",
            "\t",
            '"',
            "\\",
        ),
        *("\\n", "\\\n", "#", ";", "x", "= ", "\r\n", "é", "]", "["),
    ]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_any_config_that_git_can_parse(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    expected = list_with_git(folder, text.encode())
    found = [(name(one), one.value) for one in parse_config(text.encode()).settings]
    if expected is not None:  # before version 2.45, git makes a space of a tab
        flat = [(key, value.replace("\t", " ")) for key, value in found]
        assert flat == [(key, value.replace("\t", " ")) for key, value in expected]


def test_the_upstream_of_a_branch() -> None:
    text = (
        '[remote "o"]\nurl = x\nfetch = +refs/heads/a*:refs/remotes/o/b*\n'
        'fetch = refs/heads/one:refs/remotes/o/1\n[branch "main"]\nremote = o\nmerge = {}\n'
    )
    for ref, tracking in (
        ("refs/heads/abc", "refs/remotes/o/bbc"),
        ("refs/heads/one", "refs/remotes/o/1"),
        ("refs/heads/x/y", "refs/remotes/o/x/y"),
    ):
        found = find_upstream(parse_config(text.format(ref).encode()), "main")
        assert found is not None
        assert (found.remote, found.ref, found.tracking) == ("o", ref, tracking)
    assert find_upstream(parse_config(text.format("main").encode()), "main") is None
    assert find_upstream(GitConfig(), "main") is None
