"""The dashboard as of an earlier day: marked, read-only, and not touched by what happens now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.terminal import script

pytestmark = pytest.mark.system

LEAD = "---\nname: {}\n---\n"


def test_an_earlier_day_is_marked_and_nothing_is_written(
    tmp_path: Path, home: Path, start: Start
) -> None:
    folder = make_repository(tmp_path / "coaching")
    story = Story()
    files = {"ada/lead.md": LEAD.format("Ada").encode(), "ben/lead.md": LEAD.format("Ben").encode()}
    files["ada/sessions/2025-10-01.md"] = b"- [ ] old action due:2025-10-12\n"
    mark = story.commit(dict(files), START)
    files["ada/sessions/2025-10-01.md"] = b"- [x] new action\n"
    story.commit(dict(files), START + 5 * DAY, (mark,))
    story.write(folder)
    git(folder, "reset", "-q", "--hard")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    terminal = start(script("tldash"), str(folder), "--as-of", "2025-10-11", env={"TZ": "UTC"})
    terminal.until(r"1 open · as of Sat 11 Oct 2025")
    terminal.press("a")
    terminal.until(r"▌ ▢ old action .*tomorrow")
    terminal.press("space")
    terminal.until("this folder is open read-only")
    terminal.press("r")
    terminal.until(r"(?s)as of Sat 11 Oct 2025.*old action")
    terminal.press("q", "q")
    assert terminal.wait() == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_a_day_before_the_first_commit_is_a_sentence(tmp_path: Path, start: Start) -> None:
    folder = make_repository(tmp_path / "coaching")
    story = Story()
    story.commit({"ada/lead.md": b"x"}, START)
    story.write(folder)
    terminal = start(
        script("tldash"), str(folder), "--as-of", "2025-10-01", columns=200, env={"TZ": "UTC"}
    )
    terminal.until(r"its first commit is of 2025-10-09\. Choose that day or a later\.")
    assert terminal.wait() == 2
