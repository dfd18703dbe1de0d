"""What is drawn again when something changes, and what is not."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from textual.strip import Strip

from tests.support.dashboard import NOW, dashboard, loaded, sample, until
from tldash.service.service import Service
from tldash.tui import screens
from tldash.tui.app.app import TldashApp
from tldash.tui.style.theme import DARK, LIGHT
from tldash.tui.widgets.bars import TitleBar
from tldash.tui.widgets.leads import LeadRow
from tldash.tui.widgets.row_list import KEPT, Drawings, RowList, Seen
from tldash.tui.widgets.task_rows import Heading, TaskRow
from tldash.workspace.folders import Folders

SIZE = (120, 40)


def drawn(rows: RowList) -> dict[object, list[Strip]]:
    """The lines of every row in sight, by the row's key."""
    found: dict[object, list[Strip]] = {}
    for index, row in enumerate(rows.rows):
        top = rows.top_of(index) - rows.scroll_offset.y
        lines = range(top, top + rows.top_of(index + 1) - rows.top_of(index) - row.space)
        if row.key is not None and lines and 0 <= top < rows.size.height:
            found[row.key] = [rows.render_line(y) for y in lines]
    return found


def same(one: list[Strip], other: list[Strip]) -> bool:
    """Whether they are the very same lines, not only alike."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def texts(found: dict[object, list[Strip]]) -> dict[object, str]:
    return {key: "\n".join(strip.text for strip in strips) for key, strips in found.items()}


def on_screen(app: TldashApp) -> list[str]:
    """The screen as the terminal has it."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def put(path: Path, text: str) -> None:
    other = path.with_name(f".{path.name}.new")
    other.write_text(text, "utf-8")
    other.replace(path)


async def test_only_the_row_of_a_lead_that_changed_is_drawn_again(tmp_path) -> None:
    folder = sample(tmp_path)
    app = dashboard(folder)
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: len(drawn(rows)) == 5, "every lead")
        await pilot.press("end")
        before = drawn(rows)
        put(folder / "chiara" / "new.md", "- [ ] one more\n")
        await until(pilot, lambda: bool(app.state.recent), "the change")
        after = drawn(rows)
        assert {key for key in after if not same(before[key], after[key])} == {("lead", "chiara")}
        mark = texts(after)["lead", "chiara"].splitlines()[0]
        assert "•" in mark
        await until(pilot, lambda: not app.state.recent, "the mark gone")
        faded = drawn(rows)
        assert {key for key in faded if not same(after[key], faded[key])} == {("lead", "chiara")}
        assert "•" not in "".join(texts(faded).values())
        assert not any("•" in line[:4] for line in on_screen(app)[:-1]), "but for the last line"


async def test_another_hour_and_another_day_are_drawn(tmp_path) -> None:
    now = NOW

    def clock() -> datetime:
        return now

    app = TldashApp(Service(Folders([sample(tmp_path)])), clock)
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        overview = app.screen.query_one(RowList)
        before = drawn(overview)
        app._tick_clock()
        await pilot.pause()
        assert all(same(before[key], found) for key, found in drawn(overview).items())
        now = NOW + timedelta(minutes=5)
        app._tick_clock()
        await pilot.pause()
        assert not any(same(before[key], found) for key, found in drawn(overview).items())
        now = NOW + timedelta(days=1)
        app._tick_clock()
        await pilot.pause()
        assert texts(drawn(overview)) != texts(before)
        await pilot.press("a")
        await until(pilot, lambda: bool(drawn(app.screen.query_one(RowList))), "the actions")
        actions = app.screen.query_one(RowList)
        told = texts(drawn(actions))
        now = NOW + timedelta(days=3)
        app._tick_clock()
        await pilot.pause()
        later = texts(drawn(actions))
        late = [key for key in told if "d ago" in told[key] and key in later]
        assert late and all(told[key] != later[key] for key in late)


async def test_a_start_styles_the_screen_once(tmp_path, monkeypatch) -> None:
    """The default theme is there from the start; any other is a change, which restyles all."""
    restyled: list[str] = []
    refresh_css = TldashApp.refresh_css

    def spy(app: TldashApp, animate: bool = True) -> None:
        restyled.append(app.theme)
        refresh_css(app, animate)

    monkeypatch.setattr(TldashApp, "refresh_css", spy)
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        assert app.theme == DARK.name
        assert app.screen.styles.background.hex == DARK.background.upper()
        assert not restyled
        app.theme = LIGHT.name
        await until(pilot, lambda: restyled == [LIGHT.name], "the other theme")


async def test_another_theme_and_another_size_are_drawn(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one(RowList)
        before = drawn(rows)
        await pilot.press("t")
        await pilot.pause()
        light = drawn(rows)
        assert all(list(light[key][0]) != list(before[key][0]) for key in before)
        assert texts(light) == texts(before)
        await pilot.resize_terminal(90, 30)
        await until(pilot, lambda: rows.size.width <= 90, "the size")
        narrow = drawn(rows)
        assert {strip.cell_length for found in narrow.values() for strip in found} == {
            rows.scrollable_content_region.width
        }


async def test_the_cursor_of_a_scrolled_list_is_seen_where_it_is(tmp_path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    lines = [f"- [ ] action {number:03}\n" for number in range(100)]
    (folder / "todo.md").write_text("".join(lines))
    app = dashboard(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "Actions" in on_screen(app)[0], "the actions")
        await pilot.press(*["down"] * 50)
        for key in ("up", "up", "down", "up"):
            await pilot.press(key)
            await pilot.pause()
            row = app.screen.query_one(RowList).selected
            assert isinstance(row, TaskRow)
            (bar,) = (line for line in on_screen(app) if "▌" in line)
            assert row.task.text in bar


async def test_the_selection_stays_when_a_thousand_files_change(tmp_path) -> None:
    folder = tmp_path / "circle"
    paths = []
    for lead in range(10):
        (folder / f"lead{lead}").mkdir(parents=True)
        (folder / f"lead{lead}" / "lead.md").write_text(f"# Lead {lead}\n")
        for note in range(100):
            paths.append(folder / f"lead{lead}" / f"note{note:02}.md")
            paths[-1].write_text(f"- [ ] of {lead} in {note:02} due:2026-11-{note % 28 + 1:02}\n")
    app = dashboard(folder)
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: len(app.screen.query_one(RowList).rows) > 1000, "the actions")
        rows = app.screen.query_one(RowList)
        await pilot.press(*["pagedown"] * 5, "up")
        selected = rows.selected
        assert isinstance(selected, TaskRow)
        top = rows.top_of(rows.cursor) - rows.scroll_offset.y
        for path in paths:
            put(path, f"- [ ] more due:2026-10-01\n{path.read_text()}")
        await until(pilot, lambda: len(rows.rows) > 2000, "every change")
        now = rows.selected
        assert isinstance(now, TaskRow) and now.task.text == selected.task.text
        assert now.task.line == 2
        assert rows.top_of(rows.cursor) - rows.scroll_offset.y == top
        (bar,) = (line for line in on_screen(app) if "▌" in line)
        assert selected.task.text in bar


async def test_new_rows_that_look_the_same_keep_their_drawings(tmp_path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=SIZE) as pilot:
        await loaded(pilot)
        rows = app.screen.query_one(RowList)
        before = drawn(rows)
        old = list(rows.rows)
        app.screen.redraw()
        await pilot.pause()
        assert all(isinstance(row, LeadRow) for row in rows.rows)
        assert not any(one is other for one, other in zip(old, rows.rows, strict=True))
        assert all(same(before[key], found) for key, found in drawn(rows).items())


def test_drawings_of_rows_that_are_gone_are_let_go() -> None:
    drawings = Drawings()
    look = (False, False, False, False)
    seen: list[Seen] = []
    for number in range(KEPT * 3):
        heading, line = Heading("the same"), Heading(str(number))
        now: list[Seen] = [(heading, 0, look), (line, 0, look)]
        again = drawings.renew(seen or [None, None], now)
        assert again == ([1] if seen else [0, 1])
        for y in again:
            drawings.keep((heading, line)[y], look, [Strip.blank(3)])
        seen = now
    assert len(drawings) <= KEPT + 2
    assert drawings.find(heading, look) is not None


async def test_text_that_comes_while_a_screen_is_composed_waits(tmp_path: Path) -> None:
    """The title bar is mounted before the lists, which are inside of other widgets."""
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        page = screens.make("brief", app.state.workspace.leads[0].id)
        app.navigation.open(page)
        while not page.query(TitleBar):
            await asyncio.sleep(0)
        assert not page.query(RowList), "not yet"
        page.redraw()
        await until(pilot, lambda: any(rows.rows for rows in page.query(RowList)), "the brief")
