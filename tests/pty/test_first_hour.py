"""The README's first hour: its commands typed as they stand there, and its example as a session."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, environment, script

pytestmark = pytest.mark.system

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
WRITTEN = date(2026, 11, 3)
"""The day of the session in the README."""


def commands() -> list[str]:
    """Return the lines to type below "Your first folder"."""
    block = re.search(r"## Your first folder.*?```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    return block[1].splitlines()


def example(today: date) -> str:
    """Return the session of the README, with its dates moved as if it was held today.

    Nothing can be done later than today.
    """
    block = re.search(r"```markdown\n(.*?)```", README, re.DOTALL)
    assert block is not None

    def move(found: re.Match[str]) -> str:
        day = date.fromisoformat(found[2]) - WRITTEN + today
        return f"{found[1] or ''}{min(day, today) if found[1] else day}"

    return re.sub(r"(✅ )?(\d{4}-\d{2}-\d{2})", move, block[1])


def test_the_first_hour_ends_in_a_session_that_is_held_titled_and_counted(tmp_path: Path) -> None:
    env = environment(tmp_path, PS1="ready> ")
    *prepare, open_it = commands()
    shell = Terminal("bash", "--norc", env=env, columns=120, rows=40, folder=tmp_path)
    with shell as terminal:
        terminal.until("ready>")
        for number, line in enumerate(prepare, 1):
            terminal.press(line, "enter")
            terminal.until(lambda t, number=number: t.text.count("ready>") > number)
        assert "tldash:" not in terminal.text
        (file,) = (tmp_path / "coaching").rglob("sessions/*.md")
        today = date.fromisoformat(file.stem)
        terminal.press(open_it, "enter")
        terminal.until(lambda t: "Ada Lindqvist" in t.text and "live" in t.text)
        assert re.search(r"Ada Lindqvist +today", terminal.text)
        file.write_text(example(today), "utf-8")
        coming = today + timedelta(days=28)
        terminal.until(lambda t: re.search(r"Ada Lindqvist +in 4 weeks +2 ", t.text))
        assert "▰▱▱" in terminal.text, "the level of vision is known"
        terminal.press("q")
        terminal.until(lambda t: t.raw.endswith(b"ready> "))
        terminal.press("exit", "enter")
        assert terminal.wait() == 0
    told = subprocess.run(
        [script("tldash"), "sessions", "coaching", "--json"],
        cwd=tmp_path, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (session,) = json.loads(told.stdout)
    assert (session["status"], session["title"], session["number"]) == ("held", "Session 1", 1)
    assert session["next"].startswith(str(coming))
    checked = subprocess.run(
        [script("tldash"), "check", "coaching"], cwd=tmp_path, env=env, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.stdout == ""
