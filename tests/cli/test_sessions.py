"""Moving sessions and setting their status by command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.records import write
from tldash.cli import main

PLAN = "---\ndate: 2026-12-01 16:00\n---\n# Plan\n"


@pytest.fixture
def coaching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    files = {
        "ada/lead.md": "",
        "ada/sessions/2026-11-03.md": "---\nnext: 2026-12-01\n---\nTalked.\n",
        "ada/sessions/2026-12-01.md": PLAN,
    }
    monkeypatch.chdir(write(tmp_path / "coaching", files))
    return tmp_path / "coaching"


def run(*arguments: str, code: int = 0) -> Result:
    given = [*arguments, "--today", "2026-11-20"]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_a_session_moves_and_comes_back(coaching: Path) -> None:
    moved = run("move-session", "ada/sessions/2026-12-01.md", "fri 9.30")
    assert moved.stdout == "ada/sessions/2026-11-27.md\n"
    assert moved.stderr == (
        "moved to 2026-11-27 09:30: session of Ada on 2026-12-01\n"
        "Ada: Fri 27 Nov 09:30, in 7 days\n"
    )
    assert (coaching / "ada/sessions/2026-11-27.md").read_text() == PLAN.replace(
        "2026-12-01 16:00", "2026-11-27 09:30"
    )
    undone = run("undo", ".").stdout.splitlines()
    assert undone[0] == "undone: moved to 2026-11-27 09:30: session of Ada on 2026-12-01"
    assert len(undone) == 4
    assert (coaching / "ada/sessions/2026-12-01.md").read_text() == PLAN


def test_refusals_say_what_to_do(coaching: Path) -> None:
    path = "ada/sessions/2026-12-01.md"
    taken = run("move-session", path, "2026-11-03", code=1).stderr
    assert taken.startswith("tldash: not moved: Ada already has a session on 2026-11-03")
    assert "write 2026-12-01, fri 16:00" in run("move-session", path, "fri at 4", code=2).stderr
    assert "is not the file of a session" in run("cancel-session", "ada/lead.md", code=1).stderr
    assert "there is no file" in run("move-session", "ada/none.md", "fri", code=1).stderr
    past = run("move-session", path, "2026-11-19").stderr
    assert past.endswith("Ada: Thu 19 Nov 16:00, yesterday, which is in the past\n")


def test_a_status_is_set_and_removed(coaching: Path) -> None:
    path = "ada/sessions/2026-12-01.md"
    file = coaching / path
    assert run("cancel-session", path).stdout == f"{path}\n"
    assert file.read_text() == PLAN.replace("16:00\n", "16:00\nstatus: cancelled\n")
    assert run("cancel-session", path, code=1).stderr == (
        "tldash: not changed: it is cancelled already\n"
    )
    run("reopen-session", path)
    assert file.read_text() == PLAN
    assert "still to come" in run("miss-session", path, code=1).stderr
    run("miss-session", "ada/sessions/2026-11-03.md")
    assert "status: missed\n" in (coaching / "ada/sessions/2026-11-03.md").read_text()


def test_a_new_session_with_a_time(coaching: Path) -> None:
    run("new", "session", "ada", "--date", "4 dec 4pm")
    assert "date: 2026-12-04 16:00\n" in (coaching / "ada/sessions/2026-12-04.md").read_text()


def test_a_session_of_a_name_that_two_leads_share(coaching: Path) -> None:
    write(coaching, {"ada/lead.md": "---\nname: Ada Long\n---\n"})
    write(coaching, {"ada-b/lead.md": "---\nname: Ada Byron\n---\n"})
    write(coaching, {"eve/lead.md": "---\nname: Ada Eve\n---\n"})
    assert "needs a terminal" in run("session", "ada", code=1).stderr  # a folder's name is exact
    asked = run("session", "Ada", code=1).stderr
    assert asked == (
        "tldash: Ada could be any of ada (Ada Long), ada-b (Ada Byron), eve (Ada Eve);"
        " use the folder name\n"
    )
