"""Private lines on screen: where they show, the keys that write them, and what never leaves."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import NOW, loaded, remember, sample, until
from tests.support.git_repository import git
from tests.support.records import write
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders

NOTES = "ada/notes.md"
OWN = {
    "ada/lead.md": "---\nname: Ada Lindqvist\n---\n## Goals\n- Become a coach\n",
    NOTES: "## Actions\n- [ ] ask about pay due:2026-11-23\n\n## Notes\n- looks tired\n",
    "chiara/sessions/2026-11-23.md": "## Agenda\n- [ ] my doubts\n\n## Notes\n- not the reorg\n",
}
SESSION = "chiara/sessions/2026-11-23.md"


def dashboard(tmp: Path, own: dict[str, str] = OWN) -> TldashApp:
    """A dashboard on the sample data with a private folder."""
    if own:
        write(tmp / "own", own)
        (tmp / "own").chmod(0o700)
    shared = sample(tmp)
    folders = Folders([shared], remember, load_private=lambda: [("", str(tmp / "own"))])
    return TldashApp(Service(folders), lambda: NOW)


def text_of(app: TldashApp) -> str:
    """What the terminal would show."""
    return "\n".join(
        "".join(segment.text for segment in line) for line in app.screen._compositor.render_strips()
    )


def notice(app: TldashApp) -> str:
    assert isinstance(app.screen, Page)
    return app.screen.query_one(KeyBar).render().plain


async def shows(pilot: Pilot[None], *words: str) -> None:
    app = pilot.app
    assert isinstance(app, TldashApp)
    await until(pilot, lambda: all(word in text_of(app) for word in words), f"{words} on screen")


async def opens(pilot: Pilot[None], *page: str) -> None:
    """Open a screen, and wait until it is there."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    app.action_open_page(*page)

    def there() -> bool:
        return isinstance(app.screen, Page) and page[0] == app.screen.NAME

    await until(pilot, there, page[0])


async def selects(pilot: Pilot[None], word: str) -> None:
    """Select the row with a word in the list in focus."""
    app = pilot.app
    page = app.screen
    assert isinstance(page, Page)

    def found() -> bool:
        for rows in page.query(RowList):
            for row in rows.rows:
                task = getattr(row, "task", None)
                if task is not None and word in task.text and row.key is not None:
                    rows.focus()
                    return rows.select(row.key)
        return False

    await until(pilot, found, f"a row with {word}")
    await until(pilot, lambda: word in getattr(page.selected(), "task").text, "selected")  # noqa: B009


def prompt_of(app: TldashApp) -> str:
    found = app.screen.query(Prompt)
    return "\n".join(str(one.render()) for one in found.first().children) if found else ""


async def types(pilot: Pilot[None], *keys: str) -> None:
    """Press the keys of a command that asks, and wait for its prompt."""
    await pilot.press(*keys)
    await until(pilot, lambda: bool(pilot.app.screen.query(Prompt)), "a prompt")


async def test_private_lines_are_where_they_belong_and_marked(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await shows(pilot, "1 ◆ only you")
        assert "27 open" in text_of(app)  # the same for everybody
        await opens(pilot, "lead", "ada")
        await shows(pilot, "6 open · 1 ◆ only you", "◆ only you  ask about pay")
        await shows(pilot, "◆ only you  Become a coach")
        await pilot.press("escape")
        await opens(pilot, "lead", "chiara")
        await shows(pilot, "◆ only you  my doubts")
        await pilot.press("escape")
        await opens(pilot, "session", "chiara", SESSION)
        await shows(
            pilot, "◆ only you  chiara/sessions/2026-11-23.md", "not the reorg", "my doubts"
        )
        await pilot.press("escape")
        await opens(pilot, "notes", "ada", f".only-you/{NOTES}")
        await shows(pilot, "◆ only you: notes.md", "looks tired")
        await pilot.press("escape")
        await opens(pilot, "actions")
        await shows(pilot, "27 open · 1 ◆ only you", "◆ only you  ask about pay")
        await pilot.press("escape")
        await opens(pilot, "session_mode", "chiara", SESSION)
        await shows(pilot, "ONLY YOU", "my doubts")


async def test_the_search_finds_private_text_and_opens_it(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await shows(pilot, "1 ◆ only you")
        await opens(pilot, "search")
        await pilot.press(*"lead:ada", "space", *"tired")
        await shows(pilot, "1 place", "◆ only you  - looks tired", "◆ only you  ada/notes.md:5")
        await pilot.press("enter")
        await shows(pilot, "◆ only you: notes.md", "looks tired")
        await pilot.press("escape")
        await until(pilot, lambda: "1 place" in text_of(app), "the results again")


async def test_a_tick_and_its_undo_go_to_the_private_file(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    file = tmp_path / "own" / NOTES
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "ada")
        await selects(pilot, "ask about pay")
        await pilot.press("space")
        await until(pilot, lambda: "- [x] ask about pay" in file.read_text(), "the tick")
        await shows(pilot, "done: ask about pay")
        assert "someone" not in text_of(app)
        await pilot.press("u")
        await until(pilot, lambda: file.read_text() == OWN[NOTES], "the undo")
    assert not (tmp_path / ".state").exists()


@pytest.mark.parametrize(
    ("keys", "page", "file", "added"),
    [
        ("plus", ("lead", "ada"), NOTES, "- [ ] ask about pay due:2026-11-23\n- [ ] hello\n"),
        ("n", ("lead", "ada"), NOTES, "- looks tired\n- hello\n"),
        ("t", ("lead", "chiara"), SESSION, "- [ ] my doubts\n- [ ] hello\n"),
        ("n", ("session", "chiara", SESSION), SESSION, "- not the reorg\n- hello\n"),
        ("n", ("session", "ben", "ben/sessions/2026-11-19.md"), "ben/sessions/2026-11-19.md",
         "- hello\n"),
    ],
)  # fmt: skip
async def test_a_key_writes_in_private(
    tmp_path: Path, keys: str, page: tuple[str, ...], file: str, added: str
) -> None:
    app = dashboard(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "coaching").rglob("*.*")}
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, *page)
        await types(pilot, "full_stop", keys)
        await shows(pilot, f"only you: {file}")
        await pilot.press(*"hello", "enter")
        await until(pilot, lambda: not app.screen.query(Prompt), "written")
        path = tmp_path / "own" / file
        await until(pilot, lambda: path.exists() and added in path.read_text(), added)
        await shows(pilot, "hello")
    assert {path: path.read_bytes() for path in (tmp_path / "coaching").rglob("*.*")} == before


async def test_tab_in_a_prompt_changes_who_can_read_it(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "chiara")
        await types(pilot, "T")
        await shows(pilot, f"shared: {SESSION} · tab: only you")
        await pilot.press(*"hello", "tab")
        await shows(pilot, f"only you: {SESSION} · tab: shared", "hello")
        await pilot.press("tab")
        await shows(pilot, f"shared: {SESSION}")
        await pilot.press("tab", "enter")
        file = tmp_path / "own" / SESSION
        await until(pilot, lambda: "- [ ] hello\n" in file.read_text(), "the topic")
    assert "hello" not in (tmp_path / "coaching" / SESSION).read_text()


async def test_sharing_shows_the_line_and_asks_first(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    own, shared = tmp_path / "own" / SESSION, tmp_path / "coaching" / SESSION
    before = own.read_bytes(), shared.read_bytes()
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "chiara")
        await selects(pilot, "my doubts")
        await types(pilot, "full_stop", "s")
        await shows(pilot, f"share with everyone who can read {SESSION}?", "→ - [ ] my doubts")
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query(Prompt), "cancelled")
        assert (own.read_bytes(), shared.read_bytes()) == before
        await types(pilot, "full_stop", "s")
        await pilot.press("enter")
        await until(pilot, lambda: "- [ ] my doubts\n" in shared.read_text(), "the line")
        assert "my doubts" not in own.read_text()
        await shows(pilot, f"shared in {SESSION}: my doubts")
        assert app.state.activity == ()  # it is no news of somebody else
        await pilot.press("u")
        await until(pilot, lambda: (own.read_bytes(), shared.read_bytes()) == before, "the undo")


async def test_a_line_with_others_below_it_is_not_shared(tmp_path: Path) -> None:
    lines = "## Actions\n- [ ] one\n  a note\n- [x] two\n- [ ] three\n  - [ ] four\n"
    app = dashboard(tmp_path, {"ada/notes.md": lines})
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "notes", "ada", f".only-you/{NOTES}")
        for word, why in (("one", "below it"), ("two", "only open"), ("three", "below it")):
            await selects(pilot, word)
            await pilot.press("full_stop", "s")
            await until(pilot, lambda why=why: why in notice(app), why)
        await opens(pilot, "lead", "ben")
        await pilot.press("full_stop", "s")
        await until(pilot, lambda: "shared already" in notice(app), "why")
    assert (tmp_path / "own" / NOTES).read_text() == lines


async def test_notes_whose_lead_was_renamed_are_attached_by_key(tmp_path: Path) -> None:
    app = dashboard(
        tmp_path, {"adah/lead.md": "---\nname: Adah L\n---\n", "adah/notes.md": "# x\n"}
    )
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await shows(pilot, "private notes of Adah L match no lead")
        await opens(pilot, "problems")
        await shows(pilot, "press . a to attach them")
        await pilot.press("escape")
        await opens(pilot, "lead", "ada")
        await types(pilot, "full_stop", "a")
        await pilot.press("enter")
        about = tmp_path / "own/adah/lead.md"
        await until(pilot, lambda: "name: Ada Lindqvist" in about.read_text(), "the name")
        await until(pilot, lambda: bool(app.state.workspace.private_of("ada")), "attached")


async def test_without_a_private_folder_the_keys_say_how_to_set_one_up(tmp_path: Path) -> None:
    app = TldashApp(Service(Folders([sample(tmp_path)], remember)), lambda: NOW)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        for key in ("plus", "n", "t", "s", "a"):
            await pilot.press("full_stop", key)
            await until(pilot, lambda: "add private: ~/coaching-private" in notice(app), "how")
            app.screen.query_one(KeyBar).notice = None
        await opens(pilot, "lead", "ada")
        await types(pilot, "plus")
        assert "tab: only you" not in text_of(app)


async def test_a_refused_folder_is_told_at_the_start(tmp_path: Path) -> None:
    own = [("", str(tmp_path / "coaching/own"))]
    folders = Folders([sample(tmp_path)], remember, load_private=lambda: own)
    app = TldashApp(Service(folders), lambda: NOW)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await shows(pilot, "your private folder: not used: it is inside the shared folder")
        await pilot.press("full_stop", "n")
        await until(pilot, lambda: "not used" in notice(app), "why")
    assert not (tmp_path / "coaching/own").exists()


async def test_nothing_private_is_copied(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "ada")
        await selects(pilot, "ask about pay")
        await pilot.press("Y")
        await until(pilot, lambda: "only you can read is not copied" in notice(app), "why")
        await pilot.press("ctrl+a", "Y")
        await until(pilot, lambda: "copied:" in notice(app), "the others")
        assert "about pay" not in app.clipboard
        await pilot.press("escape")
        words = "tired", "reorg", "about pay", "doubts"
        for page in (("notes", "ada", f".only-you/{NOTES}"), ("session", "chiara", SESSION)):
            await opens(pilot, *page)
            await shows(pilot, "◆ only you")
            for _ in range(40):
                await pilot.press("Y", "down")
                assert not [word for word in words if word in app.clipboard]


async def test_no_screen_of_exports_has_private_lines(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    words = ("ask about pay", "looks tired", "my doubts", "not the reorg", "Become a coach")
    async with app.run_test(size=(200, 60)) as pilot:
        await loaded(pilot)
        for page in (
            *(("brief", one) for one in ("ada", "chiara")),
            ("evidence", "ada", "vision"), ("trends", "ada"), ("activity",), ("failed_edits",),
            ("item_history", "goals", "ada"),
        ):  # fmt: skip
            await opens(pilot, *page)
            await pilot.pause(0.05)
            assert not [word for word in words if word in text_of(app)], page
            await pilot.press("escape")
        await opens(pilot, "lead", "ada")
        await selects(pilot, "ask about pay")
        await pilot.press("I")
        await until(pilot, lambda: "the history is that of shared files" in notice(app), "why")


async def test_each_pane_shows_who_can_read_it(tmp_path: Path) -> None:
    app = dashboard(tmp_path)
    git(tmp_path / "coaching", "init", "-q")
    git(tmp_path / "coaching", "remote", "add", "origin", "https://example.org/x")
    everyone = "readable by everyone with the repository (origin)"
    async with app.run_test(size=(160, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "ada")
        await shows(pilot, everyone)
        await pilot.press("escape")
        await opens(pilot, "session", "chiara", SESSION)
        await shows(pilot, everyone, "◆ only you")
        (tmp_path / "own/.stfolder").mkdir()
        await pilot.press("r")
        await shows(pilot, "readable by everyone it is synced with (Syncthing)")
        await pilot.press("escape")
        await opens(pilot, "session_mode", "chiara", SESSION)
        await shows(pilot, "THESE NOTES", "readable by everyone with the repository")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1, "the first screen")
        await opens(pilot, "notes", "ada")
        await shows(pilot, everyone)
        await pilot.press("left_square_bracket", "right_square_bracket")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "readable by" not in text_of(app), "no room for it")


async def test_notes_that_all_users_can_read_are_a_problem(tmp_path: Path) -> None:
    with TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shared = sample(folder)
        shared.chmod(0o755)
        app = TldashApp(Service(Folders([shared], remember)), lambda: NOW)
        async with app.run_test(size=(120, 50)) as pilot:
            await loaded(pilot)
            await until(pilot, lambda: bool(app.state.readable), "the problem")
            await opens(pilot, "problems")
            await shows(pilot, "Other users of this machine can read these notes", "run chmod o=")
            await pilot.press("escape")
            await opens(pilot, "lead", "ada")
            await shows(pilot, "readable by users of this machine")


async def test_what_an_editor_saves_in_private_is_shown(tmp_path: Path) -> None:
    app = dashboard(tmp_path, {})
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await opens(pilot, "lead", "ada")
        write(tmp_path / "own", {NOTES: "- [ ] from an editor\n"})  # the folder itself is new
        await shows(pilot, "◆ only you  from an editor")
        (tmp_path / "own" / NOTES).write_text("- [ ] saved again\n")
        await shows(pilot, "◆ only you  saved again")
        assert app.state.activity == ()
        (tmp_path / "own").rename(tmp_path / "away")
        await until(pilot, lambda: "saved again" not in text_of(app), "gone")
        await types(pilot, "full_stop", "n")
        await pilot.press(*"hello", "enter")
        await shows(pilot, "mount it or put it back")
        assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("page", [("session", "chiara", SESSION), ("notes", "chiara", "")])
async def test_a_note_is_shared_too(tmp_path: Path, page: tuple[str, str, str]) -> None:
    app = dashboard(tmp_path)
    own, shared = tmp_path / "own" / SESSION, tmp_path / "coaching" / SESSION
    before = own.read_bytes()
    async with app.run_test(size=(120, 50)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: bool(app.state.workspace.private_of("chiara")), "private")
        name, lead, path = page
        await opens(pilot, name, lead, path or f".only-you/{SESSION}")
        await shows(pilot, "not the reorg")
        rows = app.screen.query_one(RowList)
        rows.focus()
        await pilot.press("home")
        for _ in range(60):
            if getattr(rows.selected, "note", None) is not None:
                break
            await pilot.press("down")
        await types(pilot, "full_stop", "s")
        await shows(pilot, "share with everyone who can read chiara/sessions/", "→ - not the reorg")
        await pilot.press("enter")
        await until(pilot, lambda: b"reorg" not in own.read_bytes(), "the removal")
        found = [
            p for p in (tmp_path / "coaching").rglob("*.md") if "- not the reorg\n" in p.read_text()
        ]
        assert found == [shared]
        await pilot.press("u")
        await until(pilot, lambda: own.read_bytes() == before, "the undo")
        assert "reorg" not in found[0].read_text()
