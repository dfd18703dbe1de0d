"""Who the user's own git settings say commits here, as git itself reads them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import lead
from tldash.user.git_identity import find_git_user
from tldash.user.identity import VARIABLE, Viewer, identify

ADA = replace(lead(), name="Ada Lindqvist", email="ada@example.org")


@pytest.mark.parametrize(
    "written",
    [
        "[user]\n\tname = Ada Lindqvist\n\temail = ada@example.org\n",
        "[core]\n\teditor = vim\n[user]\nname=Ada Lindqvist\nemail=ada@example.org",
        '[User]\n  Name = "Ada Lindqvist" # me\n  EMAIL = ada@example.org ; too\n',
        "[user]\n\tname = Somebody\n[alias]\n\tst = status\n[user]\n"
        "\tname = Ada Lindqvist\n\temail = ada@example.org\n",
        '[includeIf "gitdir:~/x/"]\n\tpath = y\n[user]\n\tuseConfigOnly\n'
        "\tname = Ada Lindqvist\n\temail = ada@example.org\n",
    ],
)
def test_it_is_who_git_says(tmp_path: Path, written: str) -> None:
    file = tmp_path / ".gitconfig"
    file.write_text(written)
    environ = {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(file), "PATH": "/usr/bin:/bin"}
    for asked in (environ, {"HOME": str(tmp_path)}):
        assert find_git_user(asked) == ("ada@example.org", "Ada Lindqvist")
    for key, value in (("user.email", "ada@example.org"), ("user.name", "Ada Lindqvist")):
        done = subprocess.run(
            ["git", "config", "--global", key],
            env=environ, cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == value


def test_the_home_counts_more_than_the_folder_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".config" / "git").mkdir(parents=True)
    (tmp_path / ".config" / "git" / "config").write_text("[user]\nname = A\nemail = a@b.c\n")
    (tmp_path / ".gitconfig").write_text("[user]\nname = Ada\n")
    assert find_git_user({"HOME": str(tmp_path)}) == ("a@b.c", "Ada")


@given(st.binary(max_size=200))
def test_anything_else_is_nobody(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_bytes(b"[user]\n" + data)
    assert isinstance(find_git_user({"HOME": str(home)}), tuple)


@pytest.mark.parametrize("kind", ["none", "folder", "pipe"])
def test_what_is_no_file_is_nobody(tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        (tmp_path / ".gitconfig").mkdir()
    if kind == "pipe":
        os.mkfifo(tmp_path / ".gitconfig")
    assert find_git_user({"HOME": str(tmp_path)}) == ()
    assert find_git_user({}) == ()


@pytest.mark.parametrize(
    ("written", "viewer"),
    [
        ("email = ADA@example.org", Viewer("Ada Lindqvist", "ada")),
        ("name = Ada Lindqvist", Viewer("Ada Lindqvist", "ada")),
        ("name = Ada", None),  # a first name alone is a guess
        ("name = Zoe", None),
    ],
)
def test_somebody_whom_the_files_know_by_it(
    tmp_path: Path, written: str, viewer: Viewer | None
) -> None:
    (tmp_path / ".gitconfig").write_text(f"[user]\n{written}\n")
    home = {"HOME": str(tmp_path)}
    named = replace(ADA, id="team/lindqvist")
    expected = replace(viewer, lead="team/lindqvist") if viewer else None
    found = identify(None, home, [named])
    assert (found.viewer, found.trouble) == (expected, "")
    assert identify(None, home | {VARIABLE: "nobody"}, [ADA]).viewer is None
