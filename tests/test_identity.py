"""Who the viewer is: what was said, in which order, and whom the files know by it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making import lead
from tldash.identity import VARIABLE, Identity, Viewer, configured, identity, matched, settings_file
from tldash.records import Lead

ADA = replace(lead(), email="ada@example.org")
BEN = replace(lead(), id="team/ben-okafor", name="Ben Okafor", coach="Mira Sand")
MIRA = replace(lead(), id="mira", name="Mira Sand", coach="Ada Lindqvist")
CYD = replace(lead(), id="cyd", name="Ben Ziegler", coach=None)
NOBODY = Path("/nowhere/config.yaml")


@pytest.mark.parametrize(
    ("name", "leads", "viewer"),
    [
        ("Ada Lindqvist", [ADA, BEN], Viewer("Ada Lindqvist", "ada")),
        (" ada  LINDQVIST ", [ADA, BEN], Viewer("Ada Lindqvist", "ada")),
        ("ada", [ADA, BEN], Viewer("Ada Lindqvist", "ada")),
        ("ADA@example.org", [ADA, BEN], Viewer("Ada Lindqvist", "ada")),
        ("team/ben-okafor", [ADA, BEN], Viewer("Ben Okafor", "team/ben-okafor")),
        ("ben-okafor", [ADA, BEN], Viewer("Ben Okafor", "team/ben-okafor")),
        ("Ben", [ADA, BEN], Viewer("Ben Okafor", "team/ben-okafor")),
        ("Mira", [ADA, replace(BEN, coach="mira")], Viewer("Mira", None, ("ada", BEN.id))),
        ("mira sand", [BEN], Viewer("Mira Sand", None, (BEN.id,))),
        ("Mira", [BEN], Viewer("Mira Sand", None, (BEN.id,))),
        ("Mira", [BEN, MIRA], Viewer("Mira Sand", "mira", (BEN.id,))),
        ("Ada", [ADA, MIRA], Viewer("Ada Lindqvist", "ada", ("mira",))),
        ("coach", [BEN], Viewer("Mira Sand", None, (BEN.id,))),
        ("Coach", [CYD], Viewer("coach", None, ("cyd",))),
        ("José", [replace(ADA, name="Jose\u0301 Luz")], Viewer("Jose\u0301 Luz", "ada")),
    ],
)
def test_somebody_whom_the_files_know(name: str, leads: list[Lead], viewer: Viewer) -> None:
    assert matched(name, leads) == viewer


@pytest.mark.parametrize(
    ("name", "leads", "why"),
    [
        ("Zoe", [ADA], "nobody here is called 'Zoe'"),
        ("Zoe", [], "nobody here is called 'Zoe'"),
        ("Adda", [ADA], "nobody here is called 'Adda'; did you mean ada?"),
        ("Ben", [BEN, CYD],
         "'Ben' could be any of Ben Okafor, Ben Ziegler; give the whole name"),
        ("coach", [ADA, BEN], "nobody here is called 'coach'"),
        ("lindqvist", [ADA], "nobody here is called 'lindqvist'"),
    ],
)  # fmt: skip
def test_nobody_and_why(name: str, leads: list[Lead], why: str) -> None:
    assert matched(name, leads) == why


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_no_name_raises(name: str, other: str, coach: str) -> None:
    people = [replace(ADA, name=other, coach=coach), replace(BEN, name=coach, coach=None)]
    assert isinstance(matched(name, people), Viewer | str)


def test_what_is_said_first_counts(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("me: ada\n")
    people = [ADA, BEN]
    env = {VARIABLE: "mira sand"}
    assert identity("ben", env, people, file).viewer == matched("ben", people)
    assert identity(None, env, people, file).viewer == matched("Mira Sand", people)
    assert identity("  ", {VARIABLE: ""}, people, file).viewer == matched("ada", people)
    assert identity(None, {}, people, NOBODY) == Identity()
    assert identity("zoe", env, people, file) == Identity(None, "--me: nobody here is called 'zoe'")
    assert identity(None, {VARIABLE: "zoe"}, people, file).trouble.startswith("$TLDASH_ME: nobody")
    file.write_text("me: zoe\n")
    assert identity(None, {}, people, file).trouble.startswith(f"me in {file}: nobody")


@pytest.mark.parametrize(
    ("text", "name", "trouble"),
    [
        (b"me: Ada Lindqvist\n", "Ada Lindqvist", ""),
        (b"\xef\xbb\xbfme: ' Ada '\r\n", "Ada", ""),
        (b"", "", ""),
        (b"# nothing yet\n", "", ""),
        (b"me:\n", "", ""),
        (b"- a\n", "", ": keys with values were expected, such as me: Mira"),
        (b"me: 7\n", "", ": me is no name; put it in quotes"),
        (b"me: [ada]\n", "", ": me is no name; put it in quotes"),
        (b"me: ada\ncolour: red\n", "ada",
         ": the key 'colour' means nothing here; known are: me"),
        (b"me: ada\nMe: ben\n", "ada",
         ": the key 'Me' means nothing here; did you mean me?"),
        (b"a: 1\nme: [\n", "", ":"),
        (b"me: ada\nme: ben\n", "", ":2: the key 'me' is there twice"),
        (b"me: \xff\n", "", ": this file is not valid UTF-8"),
        (b"x: " + b"y" * 70_000, "", ": the file is larger than 65,536 bytes, and is not read"),
        (b"[" * 200, "", ":1: "),
    ],
)  # fmt: skip
def test_settings_are_read_or_say_what_is_wrong(
    tmp_path: Path, text: bytes, name: str, trouble: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(text)
    found, said = configured(file)
    assert found == name
    assert said.startswith(f"{file}{trouble}") if trouble else said == ""
    assert "\n" not in said


def test_what_is_wrong_with_settings_is_said_beside_the_name(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("me: ada\nmee: ada\n")
    found = identity(None, {}, [ADA], file)
    assert found.viewer == Viewer("Ada Lindqvist", "ada")
    assert found.trouble.endswith("did you mean me?")


def test_no_settings_odd_settings_and_links(tmp_path: Path) -> None:
    assert configured(tmp_path / "none/config.yaml") == ("", "")
    (tmp_path / "file").write_text("")
    assert configured(tmp_path / "file/config.yaml") == ("", "")
    assert configured(tmp_path)[1].startswith(f"{tmp_path}: ")
    os.mkfifo(tmp_path / "pipe")
    assert configured(tmp_path / "pipe") == ("", f"{tmp_path}/pipe: this is no regular file")
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/config.yaml").write_text("me: ada\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "dotfiles/config.yaml")
    assert configured(tmp_path / "link.yaml") == ("ada", "")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert configured(tmp_path / "loop.yaml")[0] == ""


def test_settings_are_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file() == tmp_path / "tldash/config.yaml"
    settings_file().parent.mkdir()
    settings_file().write_text("me: ben\n")
    assert identity(None, {}, [ADA, BEN]).viewer == matched("ben", [BEN])
