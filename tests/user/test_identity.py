"""Who the viewer is: what was said, in which order, and whom the files know by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import lead
from tldash.model.records import Lead
from tldash.user.identity import VARIABLE, Identity, Viewer, identity, matched
from tldash.user.settings import Config

ADA = replace(lead(), email="ada@example.org")
BEN = replace(lead(), id="team/ben-okafor", name="Ben Okafor", coach="Mira Sand")
MIRA = replace(lead(), id="mira", name="Mira Sand", coach="Ada Lindqvist")
CYD = replace(lead(), id="cyd", name="Ben Ziegler", coach=None)


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


def test_what_is_said_first_counts() -> None:
    file = Path("/home/ada/config.yaml")
    own = Config(file, me="ada")
    people = [ADA, BEN]
    env = {VARIABLE: "mira sand"}
    assert identity("ben", env, people, own).viewer == matched("ben", people)
    assert identity(None, env, people, own).viewer == matched("Mira Sand", people)
    assert identity("  ", {VARIABLE: ""}, people, own).viewer == matched("ada", people)
    assert identity(None, {}, people, Config(file)) == Identity()
    assert identity("zoe", env, people, own) == Identity(None, "--me: nobody here is called 'zoe'")
    assert identity(None, {VARIABLE: "zoe"}, people, own).trouble.startswith("$TLDASH_ME: nobody")
    own = Config(file, me="zoe")
    assert identity(None, {}, people, own).trouble.startswith(f"me in {file}: nobody")


def test_without_settings_in_hand_they_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "tldash/config.yaml"
    file.parent.mkdir()
    file.write_text("me: ben\n")
    assert identity(None, {}, [ADA, BEN]).viewer == matched("ben", [BEN])
