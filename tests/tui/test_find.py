"""Find words on a screen with `/`, and what keys do that are no keys there."""

from __future__ import annotations

from pathlib import Path
from string import ascii_letters, digits, punctuation

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, sample, until
from tests.tui.test_reading_only import WAYS, everything, go
from tldash.model.spelling import fold_accents
from tldash.model.word_search import Phrase
from tldash.tui.app.app import TldashApp
from tldash.tui.keys.commands import EVERYWHERE, FINDING, MOVING
from tldash.tui.screens import classes
from tldash.tui.screens.find_bar import FindBar
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.page import Page
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import FOUND, FOUND_HERE, RowList

FINDS = [page.NAME for page in classes() if set(FINDING) & set(page.OWN)]
PRINTABLE = sorted(ascii_letters + digits + punctuation)


def bar(app: TldashApp) -> FindBar:
    return app.screen.query_one(FindBar)


def says(app: TldashApp) -> str:
    """Return the line at the bottom in which the words are typed."""
    return "\n".join(static.render().plain for static in bar(app).query("Static"))


def highlighted(app: TldashApp, style: str = FOUND_HERE) -> list[str]:
    """Return the highlighted pieces of all lists on screen."""
    wanted = style.split(maxsplit=1)[0]
    return [
        segment.text
        for rows in app.screen.query(RowList)
        for y in range(rows.size.height)
        for segment in rows.render_line(y)
        if segment.style is not None and getattr(segment.style, wanted)
    ]


async def on_lead(pilot: Pilot[None]) -> None:
    await loaded(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, LeadPage), "the lead")


async def off_input(pilot: Pilot[None], name: str) -> None:
    """Go to a screen, and to its lists; session mode begins on the line for notes."""
    await go(pilot, name)
    if isinstance(pilot.app.focused, Input):
        await pilot.press("escape")


# -- the words -----------------------------------------------------------------------------------

PIECES = st.text("aAéß Œ\u0301İx▎\n-", max_size=12)
TYPED = st.text("aAéß Œ\u0301İx-", max_size=5)


@given(st.lists(PIECES, max_size=4), TYPED)
def test_each_place_is_the_phrase_and_none_is_left_out(pieces: list[str], typed: str) -> None:
    lines = "\n".join(pieces).split("\n")
    words = fold_accents(typed).split()
    places = list(Phrase(typed).find(lines))
    assert bool(places) <= bool(words)
    for place in places:
        text = " ".join(lines[part.line][part.start : part.end] for part in place)
        folded = fold_accents(text).replace("▎", " ").split()
        assert " ".join(words) in " ".join(folded)
    if len(words) == 1 and all(map(str.isascii, lines)):
        assert len(places) == "\n".join(lines).lower().count(words[0])


def test_words_are_found_over_the_end_of_a_line() -> None:
    lines = ["▎ ask the Mül-", "▎ ler twins  ", "▎ about it, ask", "  the"]
    (first, second) = Phrase("ASK  the").find(lines)
    assert [lines[part.line][part.start : part.end] for part in first] == ["ask the"]
    assert [lines[part.line][part.start : part.end] for part in second] == ["ask", "the"]
    assert not list(Phrase("muller").find(lines))
    assert len(list(Phrase("mul").find(lines))) == 1
    assert not Phrase("  ") and not list(Phrase("").find(lines))


# -- on screen -----------------------------------------------------------------------------------


async def test_n_goes_from_place_to_place_over_all_panes_and_round(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await on_lead(pilot)
        await pilot.press("slash", *"VISION", "enter")
        assert says(app).startswith("/\n1 of 2")
        assert highlighted(app) == ["vision"]
        assert app.focused is app.screen.query_one("#actions")
        assert "vision" in app.screen.selected().lines(100)[0].plain
        await pilot.press("n")
        assert highlighted(app) == ["Vision"]
        assert highlighted(app, FOUND) == ["vision"]
        assert app.focused is app.screen.query_one("#skills")
        await pilot.press("n")
        assert says(app).startswith("/\n1 of 2")
        await pilot.press("N")
        assert says(app).startswith("/\n2 of 2")
        shown = app.screen.query_one(KeyBar)
        assert "end find" in shown.render().plain and "n new session" not in shown.render().plain
        await pilot.press("escape")
        assert not bar(app).is_active and not highlighted(app) and not highlighted(app, FOUND)
        assert isinstance(app.screen, LeadPage)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.focused, Input), "the new session's day")


async def test_escape_goes_back_to_where_the_viewer_was(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await go(pilot, "session")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: bool(rows.rows), "the text")
        before = (rows.cursor, rows.scroll_offset)
        await pilot.press("slash", *"carried")
        assert isinstance(app.focused, Input)
        await pilot.press("escape")
        assert (rows.cursor, rows.scroll_offset) == before
        assert app.focused is rows and not bar(app).is_active
        await pilot.press("slash", *"no such words", "enter")
        assert "not found" in says(app)
        await pilot.press("n", "N", "escape")
        assert (rows.cursor, rows.scroll_offset) == before


async def test_the_place_stays_when_the_file_changes(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await on_lead(pilot)
        await pilot.press("slash", *"the", "enter", "n")
        at = app.screen.selected()
        count = len(bar(app)._places)
        file = folder / at.task.path
        file.write_text(file.read_text("utf-8") + "- [ ] the very first of the list\n", "utf-8")
        await until(pilot, lambda: len(bar(app)._places) == count + 2, "the new places")
        assert app.screen.selected().task.text == at.task.text
        assert highlighted(app) == ["the"]


async def test_the_manual_highlights_what_was_searched(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("M", "slash", *"left_out", "enter", "enter")
        await until(pilot, lambda: bar(app).is_active, "the words")
        assert highlighted(app) + highlighted(app, FOUND)
        await pilot.press("n", "escape")
        assert not bar(app).is_active


# -- no key does what it did not announce ----------------------------------------------------------


@pytest.mark.parametrize("name", FINDS)
async def test_letters_after_the_slash_are_words(name: str, tmp_path: Path) -> None:
    """All in one burst, with every letter that is a command somewhere."""
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await off_input(pilot, name)
        page, before = app.screen, everything(tmp_path / "coaching")
        await pilot.press("slash", *"Wqudoe xn+-", "enter", *("n", "N", "n"))
        assert app.screen is page
        if name != "manual":  # which lists what it finds in all of its pages
            assert "not found" in says(app)
        await pilot.press("escape")
        assert app.screen is page and not bar(app).is_active
        assert everything(tmp_path / "coaching") == before


@pytest.mark.parametrize("name", WAYS)
async def test_what_keys_run_is_what_the_help_says(name: str, tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await off_input(pilot, name)
        page = app.screen
        assert isinstance(page, Page)
        told = {
            key: command.action
            for command in (*page.OWN, *EVERYWHERE, *MOVING)
            for key in command.presses
        }
        begins = {first for one in (*page.OWN, *EVERYWHERE, *MOVING) for first, _ in one.sequences}
        unknown = []
        for character in PRINTABLE:
            key = _character_to_key(character)
            found = app.active_bindings.get(key)
            if found is not None:
                assert told[key] == found.binding.action, key
            elif key not in begins:
                unknown.append(key)
        assert unknown
        before = everything(tmp_path / "coaching")
        await pilot.press(*unknown)
        assert app.screen is page and not isinstance(app.focused, Input)
        assert app.notice is not None and app.notice.text.endswith("is not a key here")
        assert everything(tmp_path / "coaching") == before
