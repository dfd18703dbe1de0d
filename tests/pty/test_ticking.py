"""The main job: a lead opens the own folder, and ticks actions off in their files."""

from __future__ import annotations

import json
import re
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import (
    DONE,
    OPEN,
    STARTED,
    TODAY,
    is_selected,
    is_ticked,
    is_unticked,
    move,
    selected,
    session,
    write,
)
from tests.support.terminal import environment, script

pytestmark = pytest.mark.system

FIRST = "Write the one-page cutover"
FIRST_LINE = (
    "- [ ] (A) Write the one-page cutover vision for people outside payments #vision due:2026-11-06"
)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The files that are not the same in both, or not in both."""
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def test_a_leads_folder_opens_the_leads_page_with_the_first_open_action_selected(
    coaching: Path, dashboard: Start
) -> None:
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST, OPEN))
    assert "Ada Lindqvist" in terminal.lines[0]


def test_a_folder_of_leads_opens_the_overview(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until(is_selected("Erin Walsh"))
    assert re.search(r"5 leads · 27 open · 7 overdue", terminal.lines[0])


def test_several_folders_open_as_one(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching / "ada", coaching / "ben")
    names = ("2 leads", "Ada Lindqvist", "Ben Okafor")
    terminal.until(lambda t: all(name in t.text for name in names))


def test_space_ticks_the_action_in_its_file_and_space_again_restores_the_bytes(
    coaching: Path, dashboard: Start
) -> None:
    before = contents(coaching)
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST, OPEN))
    row = terminal.line_with(FIRST)
    terminal.press("space")
    terminal.until(is_selected(FIRST, DONE))
    assert terminal.line_with(FIRST) == row
    after = contents(coaching)
    assert differing(before, after) == ["ada/sessions/2026-10-05.md"]
    ticked = FIRST_LINE.replace("[ ]", "[x]") + f" done:{TODAY}"
    (path,) = differing(before, after)
    assert after[path] == before[path].replace(FIRST_LINE.encode(), ticked.encode())
    terminal.press("space")
    terminal.until(is_selected(FIRST, OPEN))
    assert differing(before, contents(coaching)) == []


def test_every_action_of_the_sample_can_be_ticked_and_unticked_from_the_list(
    coaching: Path, dashboard: Start, home: Path
) -> None:
    """Down the whole list and up again: each space changes one line, and all bytes come back."""
    before = contents(coaching)
    listed = subprocess.run(
        [script("tldash"), "actions", str(coaching), "--json", "--today", TODAY],
        env=environment(home), capture_output=True, check=True,
    )  # fmt: skip
    total = len(json.loads(listed.stdout))
    terminal = dashboard(coaching, rows=60)
    terminal.until("Erin Walsh")
    terminal.press("a")
    terminal.until(lambda t: "Actions" in t.lines[0] and is_unticked(t))
    terminal.press("home")
    known = before
    for _ in range(total):
        terminal.until(is_unticked)
        row = selected(terminal)
        terminal.press("space")
        terminal.until(is_ticked)
        now = contents(coaching)
        changed = differing(known, now)
        assert len(changed) == 1, row
        assert is_one_line(known[changed[0]], now[changed[0]]), row
        known = now
        terminal.press("down")
    assert not any(sign in terminal.text for sign in (OPEN, STARTED))
    terminal.press("end")
    for _ in range(total):
        terminal.until(is_ticked)
        terminal.press("space")
        terminal.until(is_unticked)
        terminal.press("up")
    assert differing(before, contents(coaching)) == []


def is_one_line(before: bytes, after: bytes) -> bool:
    """Whether one line was changed, added or removed, and no more."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    changes = [
        (to - at, up - start)
        for tag, at, to, start, up in SequenceMatcher(None, old, new, False).get_opcodes()
        if tag != "equal"
    ]
    return len(changes) == 1 and max(changes[0]) == 1


def test_a_skill_marker_is_ticked_in_its_file(coaching: Path, dashboard: Start) -> None:
    path = coaching / "ben" / "skills.md"
    before = path.read_bytes()
    terminal = dashboard(coaching / "ben", rows=50)
    terminal.until("Ben Okafor")
    terminal.press("2")
    terminal.until(is_selected("Listening"))
    terminal.press("enter")
    marker = "Puts phone and"
    terminal.until(marker)
    while marker not in selected(terminal):
        move(terminal)
    terminal.press("space")
    terminal.until(is_selected(marker, DONE))
    line = b"- [ ] Puts phone and laptop away in a one-to-one"
    ticked = f"- [x] Puts phone and laptop away in a one-to-one ✅ {TODAY}".encode()
    assert path.read_bytes() == before.replace(line, ticked)
    terminal.press("space")
    terminal.until(is_selected(marker, OPEN))
    assert path.read_bytes() == before


def test_an_action_of_a_yaml_session(coaching: Path, dashboard: Start) -> None:
    before = contents(coaching)
    terminal = dashboard(coaching / "deniz")
    terminal.until(is_unticked)
    words = selected(terminal)
    terminal.press("space")
    terminal.until(is_ticked)
    after = contents(coaching)
    changed = differing(before, after)
    assert len(changed) == 1, words
    assert changed[0].endswith(".yaml")
    terminal.press("space")
    terminal.until(is_unticked)
    assert differing(before, contents(coaching)) == []


def test_many_fast_presses_end_as_the_last_one_wished(coaching: Path, dashboard: Start) -> None:
    path = coaching / "ada" / "sessions" / "2026-10-05.md"
    terminal = dashboard(coaching / "ada")
    terminal.until(is_selected(FIRST, OPEN))
    terminal.press(*["space"] * 11)
    terminal.until(is_selected(FIRST, DONE))
    terminal.press("r")
    terminal.until(lambda t: f"[x] (A) {FIRST}" in path.read_text(encoding="utf-8"))
    terminal.until(is_selected(FIRST, DONE))


def test_an_action_reworded_meanwhile_is_not_ticked_blindly(
    tmp_path: Path, dashboard: Start
) -> None:
    """The new words are on screen before the next key, or the key is refused: never both wrong."""
    path = write(tmp_path / "ada" / "2026-11-03.md", session("[ ] Call the vendor"))
    terminal = dashboard(tmp_path / "ada")
    terminal.until(is_selected("Call the vendor", OPEN))
    path.write_text(session("[ ] Call the vendor, and ask for Kim"))
    terminal.press("space")
    terminal.until("and ask for Kim")
    assert path.read_text() in (
        session("[ ] Call the vendor, and ask for Kim"),
        session(f"[x] Call the vendor, and ask for Kim ✅ {TODAY}"),
    )


def test_a_read_only_folder_keeps_its_bytes_and_says_why(
    tmp_path: Path, dashboard: Start, start: Start, home: Path
) -> None:
    path = write(tmp_path / "ada" / "2026-11-03.md", session("[ ] Call the vendor"))
    before = path.read_bytes()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    terminal = start(*prefix, script("tldash"), str(tmp_path / "ada"), "--today", TODAY)
    terminal.until(is_selected("Call the vendor", OPEN))
    terminal.press("space")
    terminal.until(r"✗ failed")
    assert selected(terminal).startswith(OPEN)
    path.parent.chmod(0o755)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
