"""Configured keys, keys of two presses, themes and ASCII icons, on the dashboard itself."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.dashboard import NOW, loaded, remember, sample, until
from tests.support.manual_pages import PAGES, rows, section, spans
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.app.settings import ActiveSettings, resolve
from tldash.tui.app.themes import ThemeController, css_variables
from tldash.tui.keys import commands
from tldash.tui.keys.commands import EVERYWHERE, Command
from tldash.tui.keys.keymap import DEFAULT, format_keys
from tldash.tui.palettes.commands import CommandProvider
from tldash.tui.screens import classes
from tldash.tui.screens.actions import ActionsPage
from tldash.tui.screens.activity import ActivityPage
from tldash.tui.screens.failed_edits import FailedEditsPage
from tldash.tui.screens.help import HelpPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.manual import ManualPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.page import Page
from tldash.tui.screens.problems import ProblemsPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.style import theme
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.timeline import Timeline
from tldash.tui.widgets.which_key import WhichKey
from tldash.user.settings_parser import ENTRIES, parse
from tldash.workspace.folders import Folders

FIELDS = "📅⏳🛫➕✅❌🔺⏫🔼🔽⏬🔁🆔⛔🏁"
"""Emoji of the file format, which the manual contains."""
DEFINED = [value for _, value in inspect.getmembers(commands) if isinstance(value, Command)]


def dashboard(folder: Path, config: str = "") -> TldashApp:
    own = parse(config, folder.parent / "config.yaml")
    return TldashApp(Service(Folders([folder], remember)), lambda: NOW, config=own)


def configured(config: str) -> ActiveSettings:
    return resolve(parse(config, Path("config.yaml")))


def footer(app: TldashApp) -> str:
    return app.screen.query_one(KeyBar).render().plain


def text_of(app: TldashApp) -> str:
    """Return what the terminal would show."""
    return "\n".join(
        "".join(segment.text for segment in line) for line in app.screen._compositor.render_strips()
    )


async def shows(pilot: Pilot[None], page: type[Page]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, page), page.NAME)


# -- names ---------------------------------------------------------------------------------------


def test_command_names_are_unique_and_documented() -> None:
    names = [command.public for command in DEFINED]
    assert len(names) == len(set(names))
    told = {spans(row[0])[0] for row in rows(section(PAGES["commands"], "Your own settings"))}
    assert told == {*names, *ENTRIES}


def test_every_key_of_two_presses_is_documented() -> None:
    keys = {" ".join(pair) for command in DEFINED for pair in command.sequences}
    assert {key[0] for key in keys} == {"g", "d", "x", "c", "a", "f"}
    # `comma`, `asterisk`, `full_stop`
    shown = {command.shown for command in DEFINED if command.sequences and " " in command.shown}
    assert shown <= set(spans(PAGES["start"]))


# -- two presses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("a", ActionsPage),
        ("p", ProblemsPage),
        ("y", ActivityPage),
        ("h", HelpPage),
        ("w", FailedEditsPage),
        ("m", ManualPage),
    ],
)
async def test_g_and_a_second_key_open_a_screen(tmp_path: Path, key: str, page: type[Page]) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("g")
        panel = app.screen.query_one(WhichKey)
        await until(pilot, lambda: panel.region.height > 1, "the panel")
        assert f"{key}  " in panel.render().plain
        assert panel.region.bottom == app.screen.query_one(KeyBar).region.y
        await pilot.press(key)
        await shows(pilot, page)
        await until(pilot, lambda: not app.query(WhichKey), "no panel")
        await pilot.press("g", "o")
        await shows(pilot, OverviewPage)


async def test_g_twice_goes_to_the_top_and_once_does_not(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        leads = app.screen.query_one(RowList)
        await pilot.press("G")
        assert leads.cursor == 4
        await pilot.press("g")
        assert leads.cursor == 4
        await pilot.press("g")
        assert leads.cursor == 0
        assert not app.screen.query(WhichKey)


@pytest.mark.parametrize(
    ("key", "word"),
    [("escape", "cancelled"), ("x", "g x is not a key here"), ("down", "g ↓")],
)
async def test_an_unknown_second_key_cancels(tmp_path: Path, key: str, word: str) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("down", "enter")
        await shows(pilot, LeadPage)
        before = app.screen.query_one("#actions", RowList).cursor
        await pilot.press("g", key)
        await until(pilot, lambda: not app.screen.query(WhichKey), "no panel")
        assert word in footer(app)
        assert isinstance(app.screen, LeadPage)
        assert app.screen.query_one("#actions", RowList).cursor == before
        assert not app.edits.pending.sent


async def test_fast_keys_run_in_order(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        for key in ("a", "g", "p", "y", "g", "g", "g", "w"):
            app.simulate_key(key)
        await shows(pilot, FailedEditsPage)
        names = [screen.NAME for screen in app.screen_stack if isinstance(screen, Page)]
        assert names == ["overview", "actions", "problems", "activity", "failed_edits"]


async def test_a_click_in_the_panel_chooses_and_one_beside_it_cancels(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("g")
        await until(pilot, lambda: app.screen.query_one(WhichKey).region.height > 1, "the panel")
        await pilot.click(RowList, offset=(10, 1))
        await until(pilot, lambda: not app.screen.query(WhichKey), "no panel")
        await pilot.press("g")
        await until(pilot, lambda: app.screen.query_one(WhichKey).region.height > 1, "the panel")
        lines = app.screen.query_one(WhichKey).render().plain.split("\n")
        y = next(y for y, line in enumerate(lines) if "problems" in line)
        await pilot.click(WhichKey, offset=(lines[y].index("problems") + 2, y + 1))
        await shows(pilot, ProblemsPage)


async def test_g_can_be_typed_in_a_prompt(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(app.focused, Input), "the line to type in")
        await pilot.press("g", "g", "a")
        assert isinstance(app.focused, Input)
        assert app.focused.value == "gga"
        assert not app.screen.query(WhichKey)


# -- other keys ----------------------------------------------------------------------------------

OTHER = """
keys:
  actions: [f9, "g x"]
  add: a
  quit: Q
  open: ";"
  problems: "0 0"
"""


async def test_configured_keys_replace_the_default_ones(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path), OTHER)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        assert not app.state.settings_problems
        await pilot.press("exclamation_mark", "q", "enter", "g", "p")
        await pilot.pause()
        assert [screen.NAME for screen in app.screen_stack if isinstance(screen, Page)] == [
            "overview"
        ]
        await pilot.press("semicolon")
        await shows(pilot, LeadPage)
        await pilot.press("f9")
        await shows(pilot, ActionsPage)
        await pilot.press("Q", "g", "x")
        await shows(pilot, ActionsPage)
        await pilot.press("g", "o", "0", "0")
        await shows(pilot, ProblemsPage)
        await pilot.press("Q")
        await shows(pilot, OverviewPage)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.focused, Input), "the line to type in")


async def test_footer_help_and_palette_show_configured_keys(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path), OTHER)
    async with app.run_test(size=(120, 60)) as pilot:
        await loaded(pilot)
        assert "; open  a add" in footer(app)
        assert "f9 actions" in footer(app)
        assert "Q quit" in footer(app)
        hits = [str(hit.display) async for hit in CommandProvider(app.screen).discover()]
        assert {"Actions  (f9)", "Add  (a)", "Problems  (0 0)"} <= set(hits)
        await pilot.press("question_mark")
        await shows(pilot, HelpPage)
        listed = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(listed.rows), "the help")
        lines = [line.plain for row in listed.rows for line in row.lines(110)]
        assert any(
            line.split() == ["f9", "g", "x", *commands.ACTIONS.help_text.split()] for line in lines
        )
        assert not any(line.startswith("a ") and "List the open" in line for line in lines)


async def test_a_click_runs_a_command_with_a_configured_key(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path), OTHER)
    async with app.run_test(size=(100, 30)) as pilot:
        await loaded(pilot)
        await pilot.click("KeyBar", offset=(footer(app).index("actions") + 1, 0))
        await shows(pilot, ActionsPage)


MOVES = """
keys:
  down: e
  up: [w, "0 0"]
  top: "<"
  bottom: [f9, end]
  page-down: ctrl+f
  page-up: "g v"
  editor: f10
  failed-edits: f11
  earlier-day: f12
"""


async def test_keys_that_move_in_lists_can_be_configured(
    tmp_path: Path,
) -> None:
    app = dashboard(sample(tmp_path), MOVES)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        assert not app.state.settings_problems
        await pilot.press("a")
        await shows(pilot, ActionsPage)
        actions = app.screen.query_one(RowList)
        first = actions.cursor
        assert first >= 0
        for key in ("down", "j", "pagedown", "ctrl+d", "G", "ctrl+pagedown"):
            await pilot.press(key)
            assert (actions.cursor, actions.scroll_offset.y) == (first, 0)
        await pilot.press("e")
        second = actions.cursor
        assert second > first
        await pilot.press("ctrl+f")
        third = actions.cursor
        assert third > second
        await pilot.press("f9")
        last = actions.cursor
        assert last > third
        for key in ("up", "k", "pageup", "ctrl+u", "home"):
            await pilot.press(key)
            assert actions.cursor == last
        await pilot.press("g", "v")
        assert actions.cursor < last
        await pilot.press("less_than_sign")
        assert actions.cursor == first
        await pilot.press("e", "e", "0", "0")
        assert actions.cursor == second
        await pilot.press("end", "g", "g")
        assert actions.cursor == last
        await pilot.press("w")
        assert actions.cursor < last
        assert isinstance(app.screen, ActionsPage)


async def test_the_timeline_uses_configured_keys_for_first_and_last(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path) / "ada", MOVES)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        line = app.screen.query_one(Timeline)
        line.focus()
        last = line.cursor
        await pilot.press("home")
        assert line.cursor == last > 0
        await pilot.press("less_than_sign")
        assert line.cursor == 0
        await pilot.press("end")
        assert line.cursor == last


async def test_the_help_lists_and_runs_the_keys_that_move(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path), "keys:\n  down: f9\n")
    async with app.run_test(size=(100, 80)) as pilot:
        await loaded(pilot)
        leads = app.screen.query_one(RowList)
        before = leads.cursor
        await pilot.press("question_mark")
        await shows(pilot, HelpPage)
        listed = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(listed.rows), "the help")
        told = {
            row.key: row.lines(90)[0].plain.split()
            for row in listed.rows
            if row.key in {command.name for command in commands.MOVING}
        }
        assert told["down"] == ["f9", *commands.DOWN.help_text.split()]
        assert told["up"] == ["↑", "k", *commands.UP.help_text.split()]
        assert told["top"] == ["home", "g", "g", *commands.TOP.help_text.split()]
        listed.select("bottom")
        await pilot.press("enter")
        await shows(pilot, OverviewPage)
        await until(pilot, lambda: leads.cursor > before, "the last row")


@pytest.mark.parametrize(
    ("keys", "line", "says", "hint"),
    [
        ("tikc: x", 2, "there is no command 'tikc'", "did you mean tick?"),
        ("tick: foo", 2, "there is no key 'foo'", "keys are called"),
        ("tick: ctlr+e", 2, "there is no key 'ctlr+e'", "did you mean ctrl+e?"),
        ("tick: a", 2, "tick cannot have this key: a is actions already", "another"),
        ("tick: j", 2, "tick cannot have this key: j is down already", "another"),
        ("down: home", 2, "home is top already", "another"),
        ("down: Q\n  page-down: Q", 3, "Q is down already", "another"),
        ("tick: ctrl+q", 2, "ctrl+q is for leaving at once", "another"),
        ("tick: g", 2, "g begins g a, which is actions", "another"),
        ("tick: a x", 2, "a is actions already, so that nothing can follow it", "another"),
        ("tick: g a", 2, "g a is actions already", "another"),
        ("tick: [Q, Q]", 2, "Q is another key of it already", "another"),
        ("tick: a b c", 2, "more than two presses", "one, or two"),
        ("tick: g esc", 2, "has esc in it", "another"),
        ("tick: Q\n  drop: Q", 3, "drop cannot have this key: Q is tick already", "another"),
        ("open: enter\n  tick: enter", 3, "enter is open already", "another"),
    ],
)
async def test_invalid_keys_are_problems_with_their_line(
    tmp_path: Path, keys: str, line: int, says: str, hint: str
) -> None:
    app = dashboard(sample(tmp_path), f"keys:\n  {keys}\n  topic: F3\n".replace("\n\n", "\n"))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        (problem,) = app.state.settings_problems
        assert problem.line == line
        assert says in problem.message
        assert hint in problem.hint
        assert app.state.keymap.of(commands.TOPIC).shown == "f3"
        assert app.state.keymap.of(commands.ACTIONS) is commands.ACTIONS
        await until(pilot, lambda: app.notice is not None, "the notice")
        assert app.notice is not None
        assert app.notice.text.startswith("1 problem in your settings (! lists them): line")
        await pilot.press("exclamation_mark")
        await shows(pilot, ProblemsPage)
        listed = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(listed.rows), "the problems")
        words = "\n".join(one.plain for row in listed.rows for one in row.lines(300))
        assert f"config.yaml:{line}:" in words
        assert "error" not in app.screen.query_one("TitleBar").render().plain


def test_two_commands_can_swap_keys() -> None:
    found = configured("keys:\n  undo: U\n  redo: u\n")
    assert found.problems == ()
    assert found.keymap.of(commands.UNDO).shown == "U"
    assert found.keymap.of(commands.REDO).shown == "u"


def test_configuring_the_default_keys_changes_nothing() -> None:
    assert configured("keys:\n  undo: [u, ctrl+z]\n").keymap.changed == {}
    assert format_keys(commands.UNDO, DEFAULT) == "u  ctrl+z"


# -- looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "first", "second"),
    [
        ("", "tldash-dark", "tldash-light"),
        ("theme: tldash-light", "tldash-light", "tldash-dark"),
        ("theme: Nord", "nord", "tldash-light"),
        ("theme: solarized-light", "solarized-light", "solarized-dark"),
        ('theme: {primary: "#884422", dark: false}', "own", "tldash-dark"),
    ],
)
async def test_t_switches_between_the_themes_of_a_pair(
    tmp_path: Path, config: str, first: str, second: str
) -> None:
    app = dashboard(sample(tmp_path), config)
    async with app.run_test() as pilot:
        await loaded(pilot)
        assert app.theme == first
        for expected in (second, first, second):
            await pilot.press("t")
            assert app.theme == expected


@pytest.mark.parametrize(
    ("config", "says", "hint"),
    [
        ("theme: nrod", "there is no theme 'nrod'", "did you mean nord?"),
        ("theme: qqqqqq", "there is no theme 'qqqqqq'", "there are: tldash, tldash-dark"),
        ("theme: {primary: blurple}", "primary is no colour", "#5b8def"),
        ("theme: {accent: red}", "a theme needs a primary colour", "primary:"),
        ("theme: {primary: red, sucess: red}", "no colour 'sucess'", "did you mean success?"),
        ("theme: {primary: red, dark: maybe}", "neither true nor false", "true or false"),
        ("theme: {primary: 3}", "primary is no colour", "in quotes"),
    ],
)
async def test_an_invalid_theme_is_a_problem(
    tmp_path: Path, config: str, says: str, hint: str
) -> None:
    app = dashboard(sample(tmp_path), config)
    async with app.run_test() as pilot:
        await loaded(pilot)
        (problem,) = app.state.settings_problems
        assert says in problem.message
        assert hint in problem.hint
        assert app.theme in {"tldash-dark", "own"}


async def test_the_palette_offers_every_theme(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test() as pilot:
        await loaded(pilot)
        for name in theme.names()[1:]:
            hits = [hit async for hit in CommandProvider(app.screen).search(f"theme: {name}")]
            best = max(hits, key=lambda hit: hit.score)
            best.command()
            assert app.theme == name


async def highlighted(pilot: Pilot[None], title: str) -> None:
    """Wait until this entry of the palette is highlighted."""

    def is_so() -> bool:
        found = pilot.app.screen.query(CommandList)
        option = found.first().highlighted_option if found else None
        return option is not None and str(option.prompt).startswith(title)

    await until(pilot, is_so, title)


@pytest.mark.parametrize(("config", "before"), [("", "tldash-dark"), ("theme: dracula", "dracula")])
async def test_a_highlighted_theme_is_previewed_until_escape(
    tmp_path: Path, config: str, before: str
) -> None:
    app = dashboard(sample(tmp_path), config)
    async with app.run_test(size=(100, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("colon", *"theme: n")
        await highlighted(pilot, "Theme: nord")
        await until(pilot, lambda: app.theme == "nord", "the first one")
        panel = Color.parse(app.get_css_variables()["panel-darken-1"])
        box = app.screen.query_one("#--container").styles
        await until(pilot, lambda: box.background == panel, "the palette in its colours")
        assert app.screen.styles.background.is_transparent
        seen = []
        for _ in range(3):
            await pilot.press("down")
            await pilot.pause()
            seen.append(app.theme)
        assert len({"nord", *seen}) == 4
        await pilot.press("up")
        await until(pilot, lambda: app.theme == seen[1], "the one above")
        await pilot.press("escape")
        await shows(pilot, OverviewPage)
        assert app.theme == before
        assert app.settings.current.theme == before


async def test_a_preview_ends_when_a_command_is_highlighted(
    tmp_path: Path,
) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("colon", *"theme: nord")
        await until(pilot, lambda: app.theme == "nord", "the theme")
        await pilot.press(*["backspace"] * 11, *"problems")
        await highlighted(pilot, "Problems")
        await until(pilot, lambda: app.theme == "tldash-dark", "the one before")
        await pilot.press("enter")
        await shows(pilot, ProblemsPage)
        assert app.theme == "tldash-dark"


async def test_a_chosen_theme_stays(
    tmp_path: Path,
) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("colon", *"theme: nord")
        await highlighted(pilot, "Theme: nord")
        await pilot.press("enter")
        await shows(pilot, OverviewPage)
        assert app.theme == "nord"
        await pilot.press("colon", *"theme: gruv")
        await until(pilot, lambda: app.theme == "gruvbox", "another")
        await pilot.click(offset=(50, 38))  # beside the palette
        await shows(pilot, OverviewPage)
        await until(pilot, lambda: app.theme == "nord", "the one that was chosen")
        await pilot.press("ctrl+k", "a", "down", "escape")
        await shows(pilot, OverviewPage)
        assert app.theme == "nord"


async def test_a_highlight_after_the_palette_closed_is_ignored(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("colon", *"theme: n")
        await highlighted(pilot, "Theme: nord")
        for key in ("down", "down", "escape"):
            app.simulate_key(key)
        await shows(pilot, OverviewPage)
        await pilot.pause()
        assert app.theme == "tldash-dark"


# -- plain signs ---------------------------------------------------------------------------------

WALK = [
    *("C", "held", "H", "right_square_bracket", "C", "escape", "escape", "C", "end", "enter"),
    *("O", "escape", "enter", "2", "F", "escape", "escape"),
    *("g", "escape", "down", "enter", "tab", "enter", "s", "left", "enter", "until", "escape"),
    *("B", "escape", "percent_sign", "end", "escape", "comma", "h", "escape"),
    *(
        "escape",
        "a",
        "v",
        "v",
        "R",
        "escape",
        "slash",
        "q",
        "escape",
        "g",
        "o",
        "g",
        "p",
        "g",
        "c",
        "g",
        "y",
    ),
    *("g", "h", "G", "g", "m", "right_square_bracket", "right_square_bracket", "g", "w"),
    *("colon", "escape", "ctrl+k", "escape"),
]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_screen_shows_only_ascii(tmp_path: Path, size: tuple[int, int]) -> None:
    folder = sample(tmp_path)
    for file in filter(Path.is_file, folder.rglob("*")):
        # What people wrote in other letters is theirs.
        file.write_bytes(file.read_text("utf-8").encode("ascii", "ignore"))
    app = dashboard(folder, "icons: ascii\n")
    seen = set()
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        for key in WALK:
            if key == "held":
                await shows(pilot, SessionModePage)
                await pilot.press("escape")
            elif key == "until":
                await shows(pilot, SessionPage)
                await until(pilot, lambda: bool(app.screen.query_one(RowList).rows), "the text")
            else:
                await pilot.press(key)
                await pilot.pause()
            shown = text_of(app)
            if isinstance(app.screen, Page):
                seen.add(app.screen.NAME)
                if isinstance(app.screen, ManualPage):
                    shown = shown.translate(dict.fromkeys(map(ord, FIELDS)))
            odd = {sign for sign in shown if not sign.isascii()}
            assert not odd, (key, odd, shown)
    assert seen == {page.NAME for page in classes()}


async def test_other_characters_of_the_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "lead.md").write_text("---\nname: Zoë Åberg\n---\n- [ ] größer → weiter\n", "utf-8")
    app = dashboard(folder, "icons: ascii\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        shown = text_of(app)
        assert "Zoë Åberg" in shown
        assert "o größer > weiter" in shown


async def test_icons_are_unicode_by_default(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        assert {"▰", "●", "·"} <= set(text_of(app))


def test_every_command_is_offered() -> None:
    own = {command for page in classes() for command in page.OWN}
    offered = {*EVERYWHERE, *commands.MOVING, *own}
    assert offered == set(DEFINED)


@pytest.mark.parametrize("name", sorted({*theme.names()} - {"tldash"}))
def test_muted_text_is_legible_and_weaker_than_normal_text(name: str) -> None:
    app = App[None]()
    ThemeController(app).apply(configured(f"theme: {name}"), None)
    found = css_variables(app.get_css_variables())
    quiet, loud, ground = (
        Color.parse(found[part]) for part in ("text-muted", "foreground", "background")
    )
    assert 3.2 <= theme.contrast(quiet, ground) <= theme.contrast(loud, ground)


async def test_sentences_name_configured_keys(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path), "keys: {new-session: f7, closed: f8}")
    async with app.run_test(size=(160, 40)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: "f7 plans it" in text_of(app), "the key beside the list")
        await pilot.press("down", "enter")
        await shows(pilot, LeadPage)
        await until(pilot, lambda: "f8 shows them" in text_of(app), "the key of closed ones")
        assert "f7 plans it" in text_of(app)
