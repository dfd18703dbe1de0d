"""git beside the dashboard: switching branches rewrites many files at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import (
    is_selected,
    move,
    place,
    selected,
    session,
    stands_at,
    write,
)
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

LEADS = 20
EACH = 25


@pytest.fixture
def coaching_repository(tmp_path: Path, git: Callable[..., str]) -> Path:
    """Five hundred sessions on `main`; on `other`, one more action in each, and one lead more."""
    folder = tmp_path / "coaching"
    paths = [
        folder / f"lead{lead:02}" / "sessions" / f"20{number:02}-01-10.md"
        for lead in range(LEADS)
        for number in range(EACH)
    ]
    for path in paths:
        write(path, session("[ ] Action on both", "[x] Done on both"))
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "Sessions")
    git("switch", "-q", "-c", "other")
    for path in paths:
        write(path, session("[ ] Action on both", "[x] Done on both", "[ ] Action on other"))
    write(folder / "newcomer" / "2026-11-03.md", session("[ ] Hello"))
    git("add", ".")
    git("commit", "-q", "-m", "More")
    git("switch", "-q", "main")
    return folder


def name(terminal: Terminal) -> str:
    """The lead that is selected."""
    found = re.search(r"Lead\d\d", selected(terminal))
    return found[0] if found else ""


def test_a_branch_switch_over_many_files(
    coaching_repository: Path, git: Callable[..., str], dashboard: Start
) -> None:
    many = LEADS * EACH
    terminal = dashboard(coaching_repository)
    terminal.until(f"{LEADS} leads · {many} open")
    for _ in range(7):
        move(terminal)
    chosen = name(terminal)
    for _ in range(3):
        git("switch", "-q", "other")
        terminal.until(f"{LEADS + 1} leads · {2 * many + 1} open")
        assert name(terminal) == chosen
        git("switch", "-q", "main")
        terminal.until(f"{LEADS} leads · {many} open")
        assert name(terminal) == chosen


def test_git_sees_one_changed_line_and_none_after_unticking(
    coaching_repository: Path, git: Callable[..., str], dashboard: Start
) -> None:
    terminal = dashboard(coaching_repository / "lead03")
    terminal.until(is_selected("Action on both", "▢"))
    before = place(terminal)
    terminal.press("space")
    terminal.until(is_selected("Action on both", "✔"))
    numbers = [line.split() for line in git("diff", "--numstat").splitlines()]
    assert [(added, removed) for added, removed, _ in numbers] == [("1", "1")]
    terminal.press("space")
    terminal.until(stands_at(*before))
    assert git("status", "--porcelain") == ""


def test_a_stash_and_a_reset_are_followed(
    coaching_repository: Path, git: Callable[..., str], dashboard: Start
) -> None:
    terminal = dashboard(coaching_repository / "lead03")
    terminal.until(f"{EACH} open")
    path = coaching_repository / "lead03" / "sessions" / "2001-01-10.md"
    write(path, session("[ ] Action on both", "[ ] A stray one"))
    terminal.until(f"{EACH + 1} open")
    git("stash", "-q")
    terminal.until(f"{EACH} open")
    git("stash", "pop", "-q")
    terminal.until(f"{EACH + 1} open")
    git("reset", "-q", "--hard")
    terminal.until(f"{EACH} open")


def test_opening_the_dashboard_leaves_the_repository_alone(
    coaching_repository: Path, git: Callable[..., str], dashboard: Start
) -> None:
    """Not even the index is refreshed: no git runs unless it is asked for."""
    index = coaching_repository / ".git" / "index"
    before = (index.stat().st_mtime_ns, sorted((coaching_repository / ".git").rglob("*")))
    terminal = dashboard(coaching_repository)
    terminal.until(f"{LEADS} leads")
    terminal.press("q")
    assert terminal.wait() == 0
    assert (index.stat().st_mtime_ns, sorted((coaching_repository / ".git").rglob("*"))) == before
    assert git("status", "--porcelain") == ""
