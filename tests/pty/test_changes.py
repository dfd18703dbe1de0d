"""Whatever becomes of files and folders, the screen follows and what is selected stays put."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import (
    DONE,
    OPEN,
    SAMPLE,
    TODAY,
    is_selected,
    long_lead,
    move,
    place,
    selected,
    session,
    write,
)
from tests.support.terminal import Terminal

pytestmark = pytest.mark.system

COUNT = 48
"""Open actions of the long lead: twelve in each of four files, due file after file."""
AT = "three six task"
OWN = 3
"""The file it stands in."""
"""The action that is selected when a change comes, with more above and below than fit on screen."""
MORE = "[ ] The new action due:2027-{month:02}-01"


def add(path: Path, month: int) -> str:
    """A file's text with one more action, due at the beginning of a month."""
    return path.read_text() + f"- {MORE.format(month=month)}\n"


def replaced(path: Path, text: str) -> None:
    """Write as careful programs do: a temporary file, then a rename."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


def file(folder: Path, number: int) -> Path:
    return folder / "sessions" / f"2026-0{number}-10.md"


def replace_below(folder: Path) -> None:
    replaced(file(folder, 4), add(file(folder, 4), 12))


def replace_above(folder: Path) -> None:
    replaced(file(folder, 1), add(file(folder, 1), 1))


def replace_its_own(folder: Path) -> None:
    replaced(file(folder, OWN), add(file(folder, OWN), 1))


def lines_above_it_in_its_file(folder: Path) -> None:
    text = file(folder, OWN).read_text().replace("## Notes\n", "## Notes\nMany\n\nlines\n\nmore.\n")
    replaced(file(folder, OWN), text + "- [ ] One more\n")


def write_in_place(folder: Path) -> None:
    file(folder, 1).write_text(add(file(folder, 1), 1))


def write_in_place_slowly(folder: Path) -> None:
    """As an editor on a slow drive saves: the file is empty for a moment, then half written."""
    text = add(file(folder, OWN), 1).encode()
    with file(folder, OWN).open("wb", buffering=0) as stream:
        for at in range(0, len(text), 200):
            time.sleep(0.02)  # the pace of the other program
            stream.write(text[at : at + 200])


def append(folder: Path) -> None:
    with file(folder, 1).open("a") as stream:
        stream.write(f"- {MORE.format(month=1)}\n")


def delete_above(folder: Path) -> None:
    file(folder, 1).unlink()


def delete_below(folder: Path) -> None:
    file(folder, 4).unlink()


def empty_above(folder: Path) -> None:
    os.truncate(file(folder, 1), 0)


def move_out(folder: Path) -> None:
    file(folder, 2).rename(folder.parent / "elsewhere.md")


def rename_to_what_is_not_read(folder: Path) -> None:
    file(folder, 1).rename(file(folder, 1).with_suffix(".txt"))


def new_file(folder: Path) -> None:
    write(file(folder, 5), session("[ ] The new action"))


def new_folders_with_a_file(folder: Path) -> None:
    write(folder / "sessions" / "a" / "b" / "c" / "2026-09-10.md", session("[ ] The new action"))


def mkdir_p(folder: Path) -> None:
    command = "mkdir -p sessions/d/e/f && echo '- [ ] The new action' > sessions/d/e/f/notes.md"
    subprocess.run(command, shell=True, cwd=folder, check=True)


def delete_and_create(folder: Path) -> None:
    text = add(file(folder, OWN), 1)
    file(folder, OWN).unlink()
    file(folder, OWN).write_text(text)


def other_folder_in_place(folder: Path) -> None:
    shutil.copytree(folder / "sessions", folder.parent / "new")
    shutil.rmtree(folder / "sessions")
    (folder.parent / "new").rename(folder / "sessions")
    append(folder)


def folder_away_and_back(folder: Path) -> None:
    (folder / "sessions").rename(folder.parent / "away")
    (folder.parent / "away").rename(folder / "sessions")
    append(folder)


def tick_elsewhere(folder: Path) -> None:
    replaced(file(folder, 4), file(folder, 4).read_text().replace("[ ]", "[x]", 1))


CHANGES: list[tuple[Callable[[Path], None], int]] = [
    (replace_below, 1),
    (replace_above, 1),
    (replace_its_own, 1),
    (lines_above_it_in_its_file, 1),
    (write_in_place, 1),
    (write_in_place_slowly, 1),
    (append, 1),
    (delete_above, -12),
    (delete_below, -12),
    (empty_above, -12),
    (move_out, -12),
    (rename_to_what_is_not_read, -12),
    (new_file, 1),
    (new_folders_with_a_file, 1),
    (mkdir_p, 1),
    (delete_and_create, 1),
    (other_folder_in_place, 1),
    (folder_away_and_back, 1),
    (tick_elsewhere, -1),
]


def at_the_middle(dashboard: Start, folder: Path) -> Terminal:
    """The long lead's page, scrolled, with an action in the middle selected."""
    terminal = dashboard(long_lead(folder), rows=24)
    terminal.until(is_selected("one one task", OPEN))
    while AT not in selected(terminal):
        move(terminal)
    terminal.until(f"{COUNT} open")
    return terminal


def without_carried(at: tuple[int, str]) -> tuple[int, str]:
    """Return a place without what the row says about sessions and without its spaces."""
    return at[0], " ".join(re.sub(r"· carried over \w+( times)?", "", at[1]).split())


@pytest.mark.parametrize(
    ("change", "more"), CHANGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_screen_follows_and_the_selection_stays(
    tmp_path: Path, dashboard: Start, change: Callable[[Path], None], more: int
) -> None:
    folder = tmp_path / "ada"
    terminal = at_the_middle(dashboard, folder)
    before = place(terminal)
    change(folder)
    terminal.until(f"{COUNT + more} open")
    # A further session held carries the action over once more.
    terminal.until(lambda terminal: without_carried(place(terminal)) == without_carried(before))
    # It is the same action, wherever it stands now: ticking it changes its line.
    terminal.press("space")
    terminal.until(is_selected(AT, DONE))
    (line,) = [
        line for line in file(folder, OWN).read_text().splitlines() if AT in line and "[x]" in line
    ]
    assert line.endswith(f"done:{TODAY}")


@pytest.mark.parametrize(
    "back", [replace_its_own, delete_and_create], ids=lambda value: value.__name__
)
def test_the_selected_action_goes_and_its_neighbour_is_selected(
    tmp_path: Path, dashboard: Start, back: Callable[[Path], None]
) -> None:
    folder = tmp_path / "ada"
    terminal = at_the_middle(dashboard, folder)
    row, _ = place(terminal)
    text = file(folder, OWN).read_text()
    lines = [line for line in text.splitlines(keepends=True) if AT not in line]
    replaced(file(folder, OWN), "".join(lines))
    terminal.until(f"{COUNT - 1} open")
    terminal.until(lambda terminal: place(terminal)[0] == row)
    assert "three seven task" in selected(terminal)
    replaced(file(folder, OWN), text)
    terminal.until(f"{COUNT} open")
    assert "three seven task" in selected(terminal)


def test_all_files_go_one_by_one_and_come_back(tmp_path: Path, dashboard: Start) -> None:
    folder = tmp_path / "ada"
    terminal = at_the_middle(dashboard, folder)
    texts = {path: path.read_text() for path in (folder / "sessions").iterdir()}
    left = COUNT
    for path in texts:
        path.unlink()
        left -= 12
        terminal.until(rf"(?<!\d){left} open")
    (folder / "sessions").rmdir()
    (folder / "sessions").mkdir()
    for path, text in texts.items():
        path.write_text(text)
        left += 12
        terminal.until(rf"(?<!\d){left} open")
    terminal.press("home", "space")
    terminal.until(is_selected("one one task", DONE))


def test_the_leads_own_file_is_emptied_deleted_and_made_anew(
    coaching: Path, dashboard: Start
) -> None:
    lead = coaching / "ada" / "lead.md"
    text = lead.read_text()
    terminal = dashboard(coaching / "ada")
    terminal.until("coach Mira")
    lead.write_text("")
    terminal.until(lambda t: "coach Mira" not in t.text)
    lead.write_text(text.replace("Mira", "Noor"))
    terminal.until("coach Noor")
    lead.unlink()
    terminal.until(lambda t: "coach Noor" not in t.text)
    replaced(lead, text)
    terminal.until(lambda t: "coach Mira" in t.text and "Ada Lindqvist" in t.lines[0])


def test_a_whole_lead_goes_and_comes_back_on_the_overview(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until("5 leads")
    terminal.press("down", "down")
    terminal.until(is_selected("Ben Okafor"))
    shutil.rmtree(coaching / "erin")
    terminal.until("4 leads")
    assert "Erin" not in terminal.text
    assert "Ben Okafor" in selected(terminal)
    shutil.copytree(SAMPLE / "erin", coaching / "erin")
    terminal.until("5 leads")
    terminal.until("Erin Walsh")
    assert "Ben Okafor" in selected(terminal)
    (coaching / "ada").rename(coaching / "alma")
    terminal.until(lambda t: "5 leads" in t.text and "Ada Lindqvist" in t.text)
    write(coaching / "kim" / "2026-11-18.md", session("[ ] Say hello"))
    terminal.until("6 leads")
    terminal.until(r"(?i)\bkim\b")
    assert "Ben Okafor" in selected(terminal)


def test_a_whole_lead_goes_and_comes_back_on_its_own_page(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until(is_selected("Erin Walsh"))
    terminal.press("enter")
    terminal.until(is_selected("Ask the Duke", OPEN))
    shutil.rmtree(coaching / "erin")
    terminal.until("no longer")
    shutil.copytree(SAMPLE / "erin", coaching / "erin")
    terminal.until("Ask the Duke")
    terminal.press("escape")
    terminal.until("5 leads")
    terminal.until("Erin Walsh +none planned")


def test_the_session_that_is_read_changes_goes_and_comes_back(
    coaching: Path, dashboard: Start
) -> None:
    path = coaching / "ada" / "sessions" / "2026-10-05.md"
    text = path.read_text()
    terminal = dashboard(coaching / "ada", rows=50)
    terminal.until(is_selected("Write the one-page"))
    terminal.press("enter")
    terminal.until("Owl has stopped making jokes")
    path.write_text(text.replace("Owl has stopped making jokes", "Owl laughs again"))
    terminal.until("Owl laughs again")
    path.unlink()
    terminal.until(lambda t: "Owl laughs" not in t.text and "gone" in t.text)
    replaced(path, text)
    terminal.until("Owl has stopped making jokes")


def test_the_root_is_renamed_and_comes_back(coaching: Path, dashboard: Start) -> None:
    """What was last seen stays on screen, and it is said that the folder is gone."""
    terminal = dashboard(coaching)
    terminal.until("5 leads")
    coaching.rename(coaching.with_name("away"))
    terminal.until("gone")
    assert "Ada Lindqvist" in terminal.text
    coaching.with_name("away").rename(coaching)
    terminal.until(lambda t: "gone" not in t.text and "live" in t.lines[0])
    write(coaching / "kim" / "2026-11-18.md", session("[ ] Say hello"))
    terminal.until("6 leads")


def test_the_root_is_deleted_and_made_anew(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching, rows=60)
    terminal.until("5 leads")
    shutil.rmtree(coaching)
    terminal.until("gone")
    write(coaching / "kim" / "2026-11-18.md", session("[ ] Say hello"))
    terminal.until(lambda t: "gone" not in t.text and re.search(r"(?i)\bkim\b", t.text))
    shutil.copytree(SAMPLE, coaching, dirs_exist_ok=True)
    terminal.until("6 leads")
    write(coaching / "kim" / "2026-11-18.md", session("[ ] Say hello", "[ ] And goodbye"))
    terminal.press("a")
    terminal.until("And goodbye")


def test_another_folder_takes_the_place_of_the_root(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until("5 leads")
    other = coaching.with_name("other")
    write(other / "kim" / "2026-11-18.md", session("[ ] Say hello"))
    write(other / "lea" / "2026-11-18.md", session("[ ] Say hello"))
    coaching.rename(coaching.with_name("away"))
    other.rename(coaching)
    terminal.until("2 leads")
    write(coaching / "kim" / "2026-11-19.md", session("[ ] Say more"))
    terminal.press("a")
    terminal.until("Say more")


def test_everything_goes_and_the_first_file_comes(tmp_path: Path, dashboard: Start) -> None:
    path = write(tmp_path / "ada" / "notes.md", "- [ ] Call the vendor\n")
    terminal = dashboard(tmp_path / "ada")
    terminal.until("Call the vendor")
    path.unlink()
    terminal.until(lambda t: "Call the vendor" not in t.text)
    path.write_text("- [ ] Call the other vendor\n")
    terminal.until("Call the other vendor")


def test_a_burst_of_many_files_is_followed(tmp_path: Path, dashboard: Start) -> None:
    folder = tmp_path / "coaching"
    for lead in ("ada", "ben"):
        write(folder / lead / "lead.md", "")
        for number in range(300):
            day = f"20{number // 300 + 25}-{number % 12 + 1:02}-{number // 12 + 1:02}"
            write(folder / lead / "sessions" / f"{day}.md", session("[ ] One", "[ ] Two"))
    terminal = dashboard(folder)
    terminal.until("1200 open")
    for path in (folder / "ben" / "sessions").iterdir():
        replaced(path, session("[x] One", "[ ] Two", "[ ] Three"))
    terminal.until("1200 open")
    (folder / "ada" / "sessions").rename(tmp_path / "away")
    terminal.until("600 open")
    (tmp_path / "away").rename(folder / "ada" / "sessions")
    terminal.until("1200 open")
