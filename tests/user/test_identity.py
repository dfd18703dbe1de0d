"""Who the viewer is: what was said, in which order, and whom the files know by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import lead
from tests.support.tables import each
from tldash.model.records import Lead
from tldash.user.identity import VARIABLE, Identity, Viewer, identify, match_person
from tldash.user.user_settings import UserSettings

ADA = replace(lead(), email="ada@example.org")
BEN = replace(lead(), id="team/ben-okafor", name="Ben Okafor", coach="Mira Sand")
MIRA = replace(lead(), id="mira", name="Mira Sand", coach="Ada Lindqvist")
CYD = replace(lead(), id="cyd", name="Ben Ziegler", coach=None)


@each(
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
    assert match_person(name, leads) == viewer


@each(
    ("name", "leads", "why"),
    [
        ("Zoe", [ADA], "no lead or coach is called 'Zoe'"),
        ("Zoe", [], "no lead or coach is called 'Zoe'"),
        ("Adda", [ADA], "no lead or coach is called 'Adda'; did you mean ada?"),
        ("Ben", [BEN, CYD],
         "'Ben' could be any of Ben Okafor, Ben Ziegler; use the full name"),
        ("coach", [ADA, BEN], "no lead or coach is called 'coach'"),
        ("lindqvist", [ADA], "no lead or coach is called 'lindqvist'"),
    ],
)  # fmt: skip
def test_nobody_and_why(name: str, leads: list[Lead], why: str) -> None:
    assert match_person(name, leads) == why


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_no_name_raises(name: str, other: str, coach: str) -> None:
    people = [replace(ADA, name=other, coach=coach), replace(BEN, name=coach, coach=None)]
    assert isinstance(match_person(name, people), Viewer | str)


def test_what_is_said_first_counts() -> None:
    file = Path("/home/ada/config.yaml")
    own = UserSettings(file, me="ada")
    people = [ADA, BEN]
    env = {VARIABLE: "mira sand"}
    assert identify("ben", env, people, own).viewer == match_person("ben", people)
    assert identify(None, env, people, own).viewer == match_person("Mira Sand", people)
    assert identify("  ", {VARIABLE: ""}, people, own).viewer == match_person("ada", people)
    assert identify(None, {}, people, UserSettings(file)) == Identity()
    assert identify("zoe", env, people, own) == Identity(
        None, "--me: no lead or coach is called 'zoe'"
    )
    assert identify(None, {VARIABLE: "zoe"}, people, own).trouble.startswith(
        "$TLDASH_ME: no lead or coach"
    )
    own = UserSettings(file, me="zoe")
    assert identify(None, {}, people, own).trouble.startswith(f"me in {file}: no lead")


def test_without_settings_in_hand_they_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "tldash/config.yaml"
    file.parent.mkdir()
    file.write_text("me: ben\n")
    assert identify(None, {}, [ADA, BEN]).viewer == match_person("ben", [BEN])
