"""Who can read a file, by its modes, owners and groups, and by the config of git."""

from __future__ import annotations

import grp
import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.git_repository import git
from tests.support.tables import each
from tldash.insight.readers import describe_readers, find_readable
from tldash.model.readers import Readers
from tldash.storage import readers
from tldash.storage.git_config import parse_config
from tldash.storage.readers import MORE, find_readers, find_remotes


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that all users of this machine can get to."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def make(folder: Path, mode: int, text: str = "") -> Path:
    file = folder / "x.md"
    file.write_text(text)
    file.chmod(mode)
    return file


@pytest.mark.parametrize(
    ("above", "mode", "users"),
    [
        (0o755, 0o644, True),
        (0o711, 0o644, True),  # whoever knows the name
        (0o755, 0o640, False),
        (0o700, 0o644, False),
        (0o750, 0o604, False),
    ],
)
def test_all_users_read_what_is_open_up_to_the_root(
    open_folder: Path, above: int, mode: int, users: bool
) -> None:
    file = make(open_folder, mode)
    open_folder.chmod(above)
    assert find_readers(file).users is users
    assert (find_readable(open_folder, find_readers(file)) is None) is not users


def test_a_group_counts_by_its_other_members(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = pwd.getpwuid(os.geteuid())
    file = make(open_folder, 0o640)
    readers._list_users.cache_clear()
    group = file.stat().st_gid

    def say(*members: str) -> str:
        found = grp.struct_group(("pair", "x", group, list(members)))
        monkeypatch.setattr(readers.grp, "getgrgid", lambda _: found)
        monkeypatch.setattr(readers.pwd, "getpwall", lambda: [me])
        return describe_readers(find_readers(file))

    assert say() == "only you can read it"
    assert say(me.pw_name) == "only you can read it"
    assert say(me.pw_name, "ada") == "readable by the two of you: you and ada"
    assert say("ada", "ben") == "readable by you, ada, ben"
    assert say("ada", "ben", "chiara", "deniz") == "readable by the group pair"
    file.chmod(0o600)
    assert say("ada") == "only you can read it"
    readers._list_users.cache_clear()


def test_nobody_is_told_more_privacy_than_is_known(tmp_path: Path) -> None:
    found = find_readers(tmp_path / "missing.md")
    assert not found.is_known
    assert describe_readers(found) == ""


def test_an_access_list_counts_as_open(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make(open_folder, 0o600)
    assert not find_readers(file).users
    monkeypatch.setattr(os, "listxattr", lambda path: [readers._ACCESS_LIST])
    assert find_readers(file).users


def test_a_repository_is_read_by_all_who_get_it_from_a_remote(tmp_path: Path) -> None:
    everyone = "readable by everyone with the repository"
    file = make(tmp_path, 0o600)
    git(tmp_path, "init", "-q")
    assert describe_readers(find_readers(file)) == "only you can read it"
    git(tmp_path, "remote", "add", "origin", "https://example.org/x.git")
    assert (
        describe_readers(find_readers(file)) == "readable by everyone with the repository (origin)"
    )
    for name in ("a", "b", "c"):
        git(tmp_path, "remote", "add", name, "/x")
    expected = f"{everyone} (origin, a, b, 1 more)"
    assert describe_readers(find_readers(tmp_path)) == expected
    (tmp_path / "below").mkdir()
    assert describe_readers(find_readers(tmp_path / "below")) == expected


def test_a_repository_elsewhere_counts_as_shared(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/else\n")
    found = describe_readers(find_readers(make(tmp_path, 0o600)))
    assert found == "readable by everyone with the repository"


def test_a_folder_that_is_synced_is_told(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    found = describe_readers(find_readers(make(tmp_path, 0o600)))
    assert found == "readable by everyone it is synced with (Syncthing)"
    below = tmp_path / "Dropbox (Work)" / "notes"
    below.mkdir(parents=True)
    assert find_readers(make(below, 0o600)).synced == "Dropbox"


@each(
    ("config", "names"),
    [
        ('[remote "origin"]\n\turl = x\n', ["origin"]),
        ('[Remote "a b"]\n[remote "c\\"d"]\n', ["a b", 'c"d']),
        ("[remote.old]\n", ["old"]),
        ('# [remote "no"]\n; [remote "no"]\n[core]\n', []),
        ('[remote "a"]\n%%\n[remote "b"]\n', ["a", MORE]),
        ("[include]\n\tpath = /etc/passwd\n", [MORE]),
        ('[includeIf "gitdir:x"]\npath=y\n[remote "o"]\n', ["o", MORE]),
    ],
)
def test_remotes_are_read_as_text(config: str, names: list[str]) -> None:
    assert find_remotes(parse_config(config.encode())) == names


@given(st.text(alphabet='[]remotincludIf"\\. \n\t;#=x', max_size=200))
def test_no_config_raises(config: str) -> None:
    assert len(find_remotes(parse_config(config.encode()))) <= 21


def test_a_huge_or_hostile_config_names_no_remote(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    config = tmp_path / ".git/config"
    config.unlink()
    config.symlink_to("/dev/zero")
    assert find_readers(tmp_path).is_tracked
    config.unlink()
    config.write_text('[remote "x"]\n' * 100_000)
    assert find_readers(tmp_path).is_tracked


def test_the_widest_circle_is_named_first() -> None:
    everything = Readers(True, "pair", ("ada",), True, ("origin",), "Syncthing")
    assert describe_readers(everything) == (
        "readable by everyone with the repository (origin), "
        "everyone it is synced with (Syncthing), users of this machine"
    )
