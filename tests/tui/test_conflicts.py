"""The screen of a file in conflict: choosing by key, the result, and what changes meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tests.tui.test_keys import text_of
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.conflict_rows import ItemRow
from tldash.tui.screens.conflicts import ConflictsPage
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList

FILE = "ada/2026-11-03.md"
COPY = "ada/2026-11-03 (Bo's conflicted copy 2026-11-04).md"
OURS = "---\nskill: vision\n---\n# One\n\n## Actions\n- [ ] call Bo\n- [ ] write\n- [ ] old\n"
THEIRS = "---\nskill: growth\n---\n# One\n\n## Actions\n- [x] call Bo\n- [ ] write\n- [ ] new\n"
MARKED = "# One\n<<<<<<< HEAD\n- [ ] call Bo\n=======\n- [x] call Bo\n>>>>>>> mira\nrest\n"
LEAD = {"ada/lead.md": "---\nname: Ada\ncoach: Mira\n---\n"}


def folder_of(tmp_path: Path, files: Mapping[str, str | bytes]) -> Path:
    return write(tmp_path / "coaching", {**LEAD, **files})


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def rows(app: TldashApp) -> list[ItemRow]:
    return [row for row in app.screen.query_one("#items", RowList).rows if isinstance(row, ItemRow)]


def labels(app: TldashApp) -> list[str]:
    return [row.lines(100)[0].plain.split("  ")[0] for row in rows(app)]


def selected(app: TldashApp) -> str:
    row = app.screen.query_one("#items", RowList).selected
    assert isinstance(row, ItemRow)
    return (row.item.ours or row.item.theirs or "").strip()


async def compared(pilot: Pilot[None], text: str = "undecided") -> None:
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: isinstance(app.screen, ConflictsPage), "the conflicts")
    await until(pilot, lambda: text in text_of(app), text)


async def test_a_conflict_is_chosen_written_and_undone_by_key(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {FILE: OURS, COPY: THEIRS})
    before = contents(folder)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: isinstance(app.screen, ProblemsPage), "the problems")
        await pilot.press("enter")
        await compared(pilot, "4 of 4 undecided")
        shown = text_of(app)
        assert "this file" in shown and "Bo's conflicted copy 2026-11-04" in shown
        assert "- [ ] call Bo" in shown and "- [x] call Bo" in shown
        await pilot.press("ctrl+s")
        await until(
            pilot,
            lambda: "4 items undecided: nothing written" in text_of(app),
            "4 items undecided: nothing written",
        )
        assert selected(app) == "skill: vision"
        await pilot.press("ampersand")
        await until(
            pilot,
            lambda: "only one of these can stay" in text_of(app),
            "only one of these can stay",
        )
        await pilot.press("right_parenthesis")  # and on to the next
        assert selected(app) == "- [ ] call Bo"
        await pilot.press("right_square_bracket")
        assert selected(app) == "- [ ] old"
        await pilot.press("left_square_bracket")
        assert selected(app) == "- [ ] call Bo"
        await pilot.press(*["space"] * 3)
        assert labels(app) == ["› theirs", "& both", "? undecided", "? undecided"]
        await pilot.press("space", "space", "space")
        assert labels(app)[1] == "› theirs"
        await pilot.press("right_square_bracket", "right_parenthesis", "ampersand")
        assert labels(app) == ["› theirs", "› theirs", "› theirs", "& both"]
        await until(pilot, lambda: "everything decided" in text_of(app), "everything decided")
        await pilot.press("full_stop")
        result = text_of(app)
        assert "the result" in result and "› - [x] call Bo" in result
        assert "- [ ] old" not in result
        bar = {one.name: label for one, label in app.screen.query_one(KeyBar).commands}
        assert bar["show_result"] == "items"
        await pilot.press("escape")
        assert rows(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ProblemsPage), "back")
        after = contents(folder)
        assert COPY not in after
        assert after[FILE].decode() == THEIRS
        assert f"resolved the conflict in {FILE}" in text_of(app)
        await until(pilot, lambda: "No problems found" in text_of(app), "no problem")
        await pilot.press("u")
        await until(pilot, lambda: "conflict-copy" in text_of(app), "the copy again")
        assert contents(folder) == before


@pytest.mark.parametrize(
    ("key", "chosen"),
    [("left_parenthesis", OURS), ("right_parenthesis", THEIRS)],
)
async def test_a_whole_file_is_chosen(tmp_path: Path, key: str, chosen: str) -> None:
    folder = folder_of(tmp_path, {FILE: OURS, COPY: THEIRS.replace("\n", "\r\n")})
    app = dashboard(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot)
        assert labels(app)[0] == "‹ ours"  # the line ends
        await pilot.press("asterisk", key, "ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, ConflictsPage), "closed")
    end = "\n" if chosen == OURS else "\r\n"
    assert contents(folder)[FILE].decode() == chosen.replace("\n", end)
    assert COPY not in contents(folder)


async def test_markers_are_resolved_from_the_session(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {FILE: MARKED, "ada/2026-10-03.md": MARKED})
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        app.action_open_page("session", "ada", FILE)
        await until(pilot, lambda: "call Bo" in text_of(app), "the session")
        shown = text_of(app)
        assert "two versions: g c" in shown
        assert shown.count("call Bo") == 1 and "<<<" not in shown
        await pilot.press("g", "c")
        await compared(pilot, "1 of 1 undecided")
        assert "HEAD" in text_of(app) and "mira" in text_of(app)
        await pilot.press("right_parenthesis", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session again")
        await until(pilot, lambda: "two versions" not in text_of(app), "no conflict")
    assert contents(folder)[FILE] == b"# One\n- [x] call Bo\nrest\n"


async def test_several_conflicts_are_listed_and_several_copies_follow_each_other(
    tmp_path: Path,
) -> None:
    other = COPY.replace("Bo", "Cy")
    folder = folder_of(tmp_path, {FILE: OURS, COPY: THEIRS, other: OURS + "- [ ] third\n"})
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot, "CONFLICTS  2")
        await pilot.press("enter")
        await compared(pilot, "1 more copy")
        await pilot.press("escape")
        await compared(pilot, "CONFLICTS  2")
        await pilot.press("enter", "asterisk", "left_parenthesis", "ctrl+s")
        await compared(pilot, "1 of 1 undecided")
        await pilot.press("right_parenthesis", "ctrl+s")
        await compared(pilot, "No file is in conflict.")
        assert contents(folder).keys() == {*LEAD, FILE}
        assert contents(folder)[FILE].decode() == OURS + "- [ ] third\n"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ConflictsPage), "the first screen")


async def test_what_was_chosen_stays_if_the_copy_changes_meanwhile(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {FILE: OURS, COPY: THEIRS})
    app = dashboard(folder)
    async with app.run_test(size=(80, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot)
        await pilot.press("right_parenthesis", "right_parenthesis")
        (folder / COPY).write_text(THEIRS.replace("- [x] call Bo", "- [x] call Bo now"))
        await until(pilot, lambda: "call Bo now" in text_of(app), "the new version")
        assert labels(app) == ["› theirs", "? undecided", "? undecided", "? undecided"]
        await until(pilot, lambda: "3 of 4 undecided" in text_of(app), "3 of 4 undecided")
        (folder / COPY).unlink()
        await until(pilot, lambda: "no conflict" in text_of(app) or "goes back" in text_of(app), "")
        await pilot.press("ctrl+s")
        await until(
            pilot,
            lambda: "there is no result to write" in text_of(app),
            "there is no result to write",
        )
    assert contents(folder)[FILE].decode() == OURS


async def test_a_result_for_older_versions_is_not_written(tmp_path: Path) -> None:
    """The copy changes right before the key: it is refused, or the new version is to be decided."""
    folder = folder_of(tmp_path, {FILE: OURS, COPY: THEIRS})
    app = dashboard(folder)
    async with app.run_test(size=(80, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot)
        await pilot.press("asterisk", "right_parenthesis")
        (folder / COPY).write_text(THEIRS + "- [ ] later\n")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 of 5 undecided" in text_of(app), "the new line")
    assert contents(folder)[FILE].decode() == OURS
    assert contents(folder)[COPY].decode() == THEIRS + "- [ ] later\n"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({FILE: OURS, COPY: b"\xff\xfe\0"}, "UTF-16"),
        ({FILE: "a\n<<<<<<< HEAD\n=======\n"}, "Resolve it in an editor"),
        ({COPY: ""}, "is gone"),
        ({FILE: OURS, COPY: ""}, "undecided"),
        ({FILE: OURS, COPY: OURS}, "no text differs"),
    ],
)
async def test_odd_files_say_what_they_are(tmp_path: Path, files: dict[str, str], why: str) -> None:
    folder = folder_of(tmp_path, files)
    before = contents(folder)
    app = dashboard(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot, why)
        await pilot.press("left_parenthesis", "space", "full_stop", "full_stop", "z")
        assert why in text_of(app) or "decided" in text_of(app)
        assert contents(folder) == before
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ConflictsPage), "the first screen")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_both_versions_are_told_without_colour_and_safely(tmp_path: Path, width: int) -> None:
    hostile = "\x1b[31mred\u202e [bold]x[/bold] \x07"
    folder = folder_of(tmp_path, {FILE: f"# A\nsame {hostile}\n", COPY: f"# A\nother {hostile}\n"})
    app = dashboard(folder)
    async with app.run_test(size=(width, 30)) as pilot:
        await loaded(pilot)
        await pilot.press("g", "c")
        await compared(pilot)
        shown = text_of(app)
        assert "same" in shown and "other" in shown and "[bold]" in shown
        assert not {"\x1b", "\u202e", "\x07"} & {*shown}
        assert ("│" in shown) == (width >= 100)
        await pilot.press("right_parenthesis")
        await until(pilot, lambda: "› theirs  1 of 1" in text_of(app), "› theirs  1 of 1")
        await pilot.press("full_stop", "z", "z", "full_stop", "z")
        await until(pilot, lambda: "# A" in text_of(app), "# A")
