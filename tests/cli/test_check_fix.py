"""`tldash check --fix`: what is shown, asked and written, and that it can be undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.records import write
from tldash import launch
from tldash.cli import main
from tldash.editing.edits import Refused
from tldash.workspace.folders import Folders

SESSION = (
    "\ufeff---\r\ndate: 2026-11-03\r\nskil: vision\r\n---\r\n"
    "- [ ] call due: 2026-11-20\r\n- [ ] \x1b[31mred 📅 20.11.2026\r\n- [ ] due:soon it is\r\n"
)
FIXED = (
    SESSION.replace("skil:", "skill:")
    .replace("due: 2", "due:2")
    .replace("20.11.2026", "2026-11-20")
)
PATH = "ada/sessions/2026-11-03.md"


@pytest.fixture
def coaching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    files = {
        PATH: SESSION,
        "ada/lead.md": "---\nname: Ada\n---\n",
        "ben/2026-11-03.md": "- [ ] x\n",
    }
    return write(tmp_path / "coaching", files)


def check(coaching: Path, *more: str, given: str = "", code: int = 1) -> Result:
    arguments = ["check", str(coaching), "--today", "2026-11-20", *more]
    result = CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def held(coaching: Path) -> str:
    return (coaching / PATH).read_bytes().decode()


def test_it_shows_what_it_changes_and_prints_what_is_left(coaching: Path) -> None:
    result = check(coaching, "--fix")
    assert held(coaching) == FIXED
    shown = result.stderr.splitlines()
    assert shown[:2] == [f"--- coaching/{PATH}", f"+++ coaching/{PATH}"]
    assert {"-skil: vision", "+skill: vision", "-- [ ] call due: 2026-11-20"} <= set(shown)
    assert shown[-1] == f"coaching/{PATH}: 3 fixes"
    assert "\x1b" not in result.stderr
    assert [line.split()[1:3] for line in result.stdout.splitlines()] == [["error", "bad-date"]]
    assert check(coaching, "--fix").stderr == "there is nothing to fix\n"


def test_undo_takes_all_fixes_of_a_file_back(coaching: Path) -> None:
    check(coaching, "--fix")
    done = CliRunner().invoke(main, ["undo", str(coaching)])
    assert done.stdout.startswith("undone: 3 fixes\n")
    assert held(coaching) == SESSION


@pytest.mark.parametrize(
    ("answer", "more", "after"),
    [("y\n", [], FIXED), ("n\n", [], SESSION), ("", ["--yes"], FIXED)],
)
def test_on_a_terminal_it_asks(
    coaching: Path, monkeypatch: pytest.MonkeyPatch, answer: str, more: list[str], after: str
) -> None:
    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    result = check(coaching, "--fix", *more, given=answer)
    assert held(coaching) == after
    assert ("write 3 fixes in 1 file?" in result.stderr) == (not more)


def test_without_the_option_nothing_is_written_and_json_tells_the_fixes(coaching: Path) -> None:
    found = json.loads(check(coaching, "--format", "json").stdout)
    fixes = [problem["fix"] for problem in found]
    assert {"column": 1, "old": "skil", "new": "skill"} in fixes
    assert None in fixes
    assert held(coaching) == SESSION


def test_a_file_that_changed_since_it_was_shown_is_left(coaching: Path) -> None:
    opened = Folders([coaching])
    [mending] = opened.preview_fixes(opened.read().all_problems)
    (coaching / PATH).write_text("- [ ] other\n")
    with pytest.raises(Refused, match="meanwhile"):
        opened.apply_fixes(mending)
    assert held(coaching) == "- [ ] other\n"


def test_a_file_that_may_not_be_written_is_told_of(coaching: Path) -> None:
    (coaching / PATH).write_bytes(SESSION.encode() + b"<<<<<<< a\n=======\n>>>>>>> b\n")
    before = held(coaching)
    assert check(coaching, "--fix").stderr == "there is nothing to fix\n"
    assert held(coaching) == before
