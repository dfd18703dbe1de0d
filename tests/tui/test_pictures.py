"""Every screen as a picture, at three sizes; each was looked at before it was kept.

To look at them and to take new ones: `pytest tests/tui/test_pictures.py --snapshot-update`, then
open the SVG files in `__snapshots__`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.benchmarks.leads import make
from tests.support.dashboard import dashboard, loaded, sample, until
from tests.support.records import write
from tests.tui.test_activity import show_activity
from tests.tui.test_item_history import repository
from tests.tui.test_keys import dashboard as own_dashboard
from tests.tui.test_several import private
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.conversation_pane import ConversationPane
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.messages import TOGGLE, EditTasks
from tldash.tui.screens.page import Page
from tldash.tui.screens.session import SessionPage
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.last_notes import LastNotes
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.text_input import TextInput
from tldash.tui.widgets.text_line import TextLine

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
SCREENS = {
    "overview": "",
    "lead": "down enter",
    "skills": "down enter tab down down enter",
    "session": "down enter s enter",
    "yaml-session": "down down down enter s left enter",
    "actions": "a",
    "problems": "exclamation_mark",
    "help": "question_mark",
    "manual": "M right_square_bracket",
}

MAIN = ("overview", "lead", "session", "actions")
"""The screens that are looked at in other colours too."""

Compare = Callable[..., bool]


def logged(pilot: Pilot[None]) -> bool:
    """Whether the log of git is read to its end."""
    assert isinstance(pilot.app, TldashApp)
    return pilot.app.state.log_end is not None


def tells_readers(pilot: Pilot[None], page: Page) -> bool:
    """Whether it is known who can read the files that a screen is about."""
    assert isinstance(pilot.app, TldashApp)
    return dict(pilot.app.state.readers).keys() >= {*page.concerns}


def steps(keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait for the first screen, press keys one after the other, and wait for what they opened."""

    async def run(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        for key in keys.split():
            await pilot.press(key)
            await pilot.pause()
        screen = pilot.app.screen
        for line in screen.query(TextInput):
            line.cursor_blink = False
        if isinstance(screen, SessionPage):
            rows = screen.query_one(RowList)
            await until(pilot, lambda: bool(rows.rows), "the session's text")
        if isinstance(screen, ActivityPage):
            await until(pilot, lambda: logged(pilot), "the log")
        if isinstance(screen, Page):
            await until(pilot, lambda: tells_readers(pilot, screen), "who can read it")
        if isinstance(screen, LeadPage) and screen.reads is not None:
            notes = screen.query_one(LastNotes)
            await until(pilot, lambda: bool(notes.rows), "the last session's notes")

    return run


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_screen(snap_compare: Compare, tmp_path: Path, screen: str, size: str) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps(SCREENS[screen]), terminal_size=SIZES[size])


FOUND = {
    "everywhere": ("ctrl+k w a i t i n g down down", "120x40"),
    "on the screen": ("enter slash t h e enter n n", "80x24"),
}


@pytest.mark.parametrize("words", FOUND)
def test_found_words(snap_compare: Compare, tmp_path: Path, words: str) -> None:
    keys, size = FOUND[words]
    app = dashboard(sample(tmp_path))

    async def run(pilot: Pilot[None]) -> None:
        await steps(keys)(pilot)
        search = getattr(app.screen, "search", None)
        await until(pilot, lambda: search is None or not search.is_searching, "the results")

    assert snap_compare(app, run_before=run, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", ["80x24", "200x60"])
def test_trends(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    """Of a lead with levels by markers, a missed session, and a due date that moved."""
    folder = sample(tmp_path)
    path = folder / "ada" / "sessions" / "{}.md"
    for month, due in (("07-01", "10"), ("09-02", "20"), ("10-05", "30")):
        file = Path(str(path).format(f"2026-{month}"))
        action = f"- [ ] Ask for the runbook due:2026-{month[:2]}-{due}\n"
        file.write_text(file.read_text("utf-8").rstrip("\n") + f"\n{action}", "utf-8")
    keys = "down percent_sign" + (" end" if size == "80x24" else "")
    assert snap_compare(dashboard(folder), run_before=steps(keys), terminal_size=SIZES[size])


def row_texts(pane: ConversationPane) -> str:
    """Return the notes as they are drawn."""
    rows = pane.query_one("#notes", RowList).rows
    return "\n".join(line.plain for row in rows for line in row.lines(60))


def hold(moment: str, after: str = "") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Hold a session up to one of its moments, and press the keys `after`."""

    async def run(pilot: Pilot[None]) -> None:
        seconds = [1000.0]
        await loaded(pilot)
        app = pilot.app
        assert isinstance(app, TldashApp)
        app.timer = lambda: seconds[0]
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, SessionModePage), "session mode")
        pane = app.screen.query_one(ConversationPane)
        await until(pilot, lambda: pane.ready, "how far it was")
        if moment != "start":
            await pilot.press("escape", "H")
            for minutes in (4, 11):
                seconds[0] += 60 * minutes
                await pilot.press("right_square_bracket")
            seconds[0] += 60 * 41
            await pilot.press("b", *"vis", "enter")
            for line in ("She says it in one breath now.", '"To the board.', "+Tell it fri @coach"):
                await pilot.press(*line, "enter")
            words = "Tell it"
            await until(pilot, lambda: words in row_texts(pane), "the action")
        if moment == "closing":
            await pilot.press("escape", "C")
            await until(pilot, lambda: pane.closing, "the closing page")
        await pilot.press(*after.split())
        idle = lambda: not app.conversation.busy and not app.edits.any_pending  # noqa: E731
        await until(pilot, idle, "every write")
        screen = app.screen
        assert isinstance(screen, SessionModePage)
        await until(pilot, lambda: tells_readers(pilot, screen), "who can read it")
        for bar in app.screen.query(KeyBar):
            bar.notice = None  # it would go away by itself, now or a moment later
        for line in app.screen.query(TextInput):
            line.cursor_blink = False
        await pilot.pause()

    return run


@pytest.mark.parametrize(
    ("moment", "size"),
    [("start", "120x40"), *(("overtime", size) for size in SIZES), ("closing", "80x24")],
)
def test_session_mode(snap_compare: Compare, tmp_path: Path, moment: str, size: str) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    assert snap_compare(app, run_before=hold(moment), terminal_size=SIZES[size])


def test_session_mode_light(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    run = hold("overtime", "escape t")
    assert snap_compare(app, run_before=run, terminal_size=SIZES["120x40"])


def test_session_mode_without_colour(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = dashboard(sample(tmp_path) / "ada")
    assert snap_compare(app, run_before=hold("overtime"), terminal_size=SIZES["120x40"])


@pytest.mark.parametrize(("screen", "keys"), [("overview", ""), ("lead", "enter")])
def test_several_folders(snap_compare: Compare, tmp_path: Path, screen: str, keys: str) -> None:
    del screen
    app = dashboard(*private(tmp_path))
    assert snap_compare(app, run_before=steps(keys), terminal_size=SIZES["120x40"])


@pytest.mark.parametrize("screen", MAIN)
def test_light(snap_compare: Compare, tmp_path: Path, screen: str) -> None:
    keys = f"{SCREENS[screen]} t"
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps(keys), terminal_size=SIZES["120x40"])


@pytest.mark.parametrize("screen", MAIN)
def test_without_colour(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps(SCREENS[screen]), terminal_size=SIZES["120x40"])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_what_may_follow_a_key(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps("g"), terminal_size=SIZES[size])


@pytest.mark.parametrize("screen", ["overview", "lead"])
def test_plain_signs(snap_compare: Compare, tmp_path: Path, screen: str) -> None:
    app = own_dashboard(sample(tmp_path), "icons: ascii")
    assert snap_compare(app, run_before=steps(SCREENS[screen]), terminal_size=SIZES["120x40"])


@pytest.mark.parametrize("theme", ["nord", "solarized-light"])
def test_another_theme(snap_compare: Compare, tmp_path: Path, theme: str) -> None:
    app = own_dashboard(sample(tmp_path), f"theme: {theme}")
    assert snap_compare(app, run_before=steps(SCREENS["lead"]), terminal_size=SIZES["120x40"])


def test_own_folder(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "chiara")
    assert snap_compare(app, run_before=steps(""), terminal_size=SIZES["120x40"])


def test_ticked(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "ada")

    async def tick(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        dash = pilot.app
        assert isinstance(dash, TldashApp)
        lead = dash.state.workspace.leads[0]
        await pilot.press("space")
        await until(
            pilot,
            lambda: dash.state.workspace.leads[0] is not lead and dash.notice is not None,
            "the tick",
        )

    assert snap_compare(app, run_before=tick, terminal_size=SIZES["80x24"])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_refused(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    folder = sample(tmp_path) / "ada"
    app = dashboard(folder)

    async def refuse(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        dash = pilot.app
        assert isinstance(dash, TldashApp)
        first, second = (action.task for action in dash.state.workspace.leads[0].actions[-2:])
        for task, old, new in ((first, "- [ ] ", "- [ ] at last: "), (second, second.raw, "")):
            file = folder / task.path
            file.write_text(file.read_text("utf-8").replace(task.raw, task.raw.replace(old, new)))
            dash.screen.post_message(EditTasks([task], TOGGLE))
            await until(pilot, lambda: not dash.edits.pending.sent, "the refusal")
        await until(pilot, lambda: len(dash.state.failed_edits) == 2, "both refusals")
        await pilot.press("w")

    assert snap_compare(app, run_before=refuse, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_activity(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(sample(tmp_path))

    async def happen(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        show_activity(pilot.app, tmp_path)
        await pilot.press("y")
        await until(pilot, lambda: logged(pilot), "the log")

    assert snap_compare(app, run_before=happen, terminal_size=SIZES[size])


def test_item_history(snap_compare: Compare, tmp_path: Path) -> None:
    async def show(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        await pilot.press("I")
        assert isinstance(pilot.app, TldashApp)
        app = pilot.app
        await until(pilot, lambda: app.state.history_end is not None, "the history")
        await until(pilot, lambda: app.state.repository is not None, "the branch")

    app = dashboard(repository(tmp_path / "ada"))
    assert snap_compare(app, run_before=show, terminal_size=SIZES["120x40"])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_a_failed_sync(size: str, snap_compare: Compare, tmp_path: Path) -> None:
    """The key bar says that it failed, the title bar too, and Problems what to do."""

    async def show(pilot: Pilot[None]) -> None:
        await loaded(pilot)
        assert isinstance(pilot.app, TldashApp)
        app = pilot.app
        await until(pilot, lambda: app.state.repository is not None, "the branch")
        await pilot.press("exclamation_mark", "g", "s")
        await until(pilot, lambda: app.state.sync_problem is not None, "the failure")

    folder = repository(tmp_path / "ada")
    (folder / ".git/index.lock").touch()
    app = dashboard(folder)
    assert snap_compare(app, run_before=show, terminal_size=SIZES[size])


def test_no_activity(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps("y"), terminal_size=SIZES["80x24"])


def test_empty_folder(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nothing").mkdir()
    app = dashboard(tmp_path / "nothing")

    async def named(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "nothing" in app.state.how_to_add, "the folder in the hint")

    assert snap_compare(app, run_before=named, terminal_size=SIZES["80x24"])


EMPTY = {
    "lead": "enter",
    "session": "enter s enter",
    "actions": "a",
    "activity": "y",
    "problems": "exclamation_mark",
    "failed_edits": "w",
    "search": "ctrl+k",
}


@pytest.mark.parametrize("screen", EMPTY)
def test_where_nothing_is_yet(snap_compare: Compare, tmp_path: Path, screen: str) -> None:
    """A lead who has just begun: a name, and the file of the first session."""
    home = tmp_path / "circle" / "ada"
    (home / "sessions").mkdir(parents=True)
    (home / "lead.md").write_text("---\nname: Ada Lindqvist\n---\n", "utf-8")
    (home / "sessions" / "2026-11-24.md").write_text("---\ndate: 2026-11-24\n---\n", "utf-8")
    app = dashboard(tmp_path / "circle")
    assert snap_compare(app, run_before=steps(EMPTY[screen]), terminal_size=SIZES["80x24"])


def test_one_plain_file(snap_compare: Compare, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "todo.md").write_text("- [ ] call the vendor\n", "utf-8")
    app = dashboard(folder)
    assert snap_compare(app, run_before=steps(""), terminal_size=SIZES["80x24"])


BROKEN = {
    "tldash.yaml": b"nmae: Broken\n",
    "ada/lead.md": b"---\nname: Ada\ncadence: sometimes\ntimezone: Europe/Olso\n---\n",
    "ada/sessions/2026-11-03.md": (
        b"---\ndate: 2026-11-03 16:00\nskil: vision\nlevels: {vison: beginner}\n"
        b"next: 2026-10-01\n---\n# Session\n## Actions\n"
        b"- [ ] Call the vendor due:2026-13-40 #visoin\n"
        b"- [ ] Say [/] and [red]x[/red] and [@click=app.quit]boo[/]\n"
        b"- [ ] \x1b]52;c;aGk=\x07 \xe2\x80\xae reversed\n"
    ),
    "ada/sessions/2026-11-04.yaml": b"a: [1\nb: 2\n",
    "ada/sessions/2026-11-05.md": b"---\ndate: 2026-11-05\n# never closed\n- [ ] still here\n",
    "bob/2026-11-01.md": b"\xff\xfea\x00",
    "bob/2026-10-01.md": b"<<<<<<< HEAD\n- [ ] a\n=======\n- [ ] b\n>>>>>>> other\n",
}


ON_BROKEN = {
    "all": "",
    "lead": "enter",
    "session": "enter s enter",
    "actions": "a",
    "problems": "exclamation_mark",
}


@pytest.mark.parametrize("keys", ON_BROKEN.values(), ids=ON_BROKEN)
def test_broken_folder(snap_compare: Compare, tmp_path: Path, keys: str) -> None:
    for path, data in BROKEN.items():
        file = tmp_path / "broken" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    app = dashboard(tmp_path / "broken")
    assert snap_compare(app, run_before=steps(keys), terminal_size=SIZES["120x40"])


IN_CONFLICT = {
    "2026-11-03.md": "---\nskill: vision\n---\n# Session 3\n\n## Notes\nIt took two weeks.\n\n"
    "## Actions\n- [ ] Write down the vision for the cutover #vision due:2026-11-20\n"
    "- [ ] Shadow the incident review\n- [ ] @coach Send the article\n",
    "2026-11-03.sync-conflict-20261104-091500-K7WQ2LM.md": "---\nskill: vision\n---\n"
    "# Session 3\n\n## Notes\nIt took three weeks, she says.\n\n## Actions\n"
    "- [x] Write down the vision for the cutover #vision due:2026-11-20\n"
    "- [ ] @coach Send the article\n- [ ] Tell it at Monday's planning\n",
}
CHOICES = {"items": "right_parenthesis", "result": "right_parenthesis ampersand full_stop"}


@pytest.mark.parametrize("keys", CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("size", SIZES)
def test_a_conflict(snap_compare: Compare, tmp_path: Path, size: str, keys: str) -> None:
    folder = write(tmp_path / "ada", IN_CONFLICT)
    app = dashboard(folder)

    async def run(pilot: Pilot[None]) -> None:
        await steps("g c")(pilot)
        title = pilot.app.screen.query_one("#title", TextLine)
        await until(pilot, lambda: "undecided" in str(title.content), "both versions")
        await pilot.press(*keys.split())

    assert snap_compare(app, run_before=run, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_many_leads(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(make(tmp_path / "circle", 1000))
    assert snap_compare(app, run_before=steps(""), terminal_size=SIZES[size])


FILTERED = {
    "few": "slash r o s s i space n e e d s enter",
    "unfolded": "space down",
    "nothing": "slash c o a h c colon m i r a",
}


@pytest.mark.parametrize("keys", FILTERED.values(), ids=FILTERED)
@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_filtered_leads(snap_compare: Compare, tmp_path: Path, size: str, keys: str) -> None:
    app = dashboard(make(tmp_path / "circle", 120))
    assert snap_compare(app, run_before=steps(keys), terminal_size=SIZES[size])


def test_too_small(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps(""), terminal_size=(40, 10))


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_marked(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps("a m m j m"), terminal_size=SIZES[size])


def test_marked_in_light(snap_compare: Compare, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    assert snap_compare(app, run_before=steps("m m m t"), terminal_size=SIZES["120x40"])


def test_marked_without_colour(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = dashboard(sample(tmp_path) / "ada")
    assert snap_compare(app, run_before=steps("m m m"), terminal_size=SIZES["80x24"])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_a_date_for_several(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(sample(tmp_path))
    assert snap_compare(app, run_before=steps("a m m m D 1 space d e c"), terminal_size=SIZES[size])


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_another_level(snap_compare: Compare, tmp_path: Path, size: str) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    keys = "tab down down greater_than_sign"
    assert snap_compare(app, run_before=steps(keys), terminal_size=SIZES[size])
