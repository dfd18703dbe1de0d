"""What goes wrong while a session is held: files, clocks, frameworks and other programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual.events import Key, Paste

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tests.tui.test_reading_only import reader
from tests.tui.test_session_mode import (
    FILES,
    MARKDOWN,
    Table,
    folder,
    keeping,
    notice,
    seated,
)
from tldash.model.permissions import READ_ONLY_MESSAGE
from tldash.tui.screens.conversation_pane import ConversationPane
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.widgets.session_line import SessionLine
from tldash.user.conversations import ConversationStore

CONFLICT = "<<<<<<< a\nhers\n=======\nhis\n>>>>>>> b\n"


async def enter(table: Table, words: str) -> None:
    await table.type(words)
    await table.press("enter")


@pytest.mark.parametrize("kind", FILES)
async def test_a_paste_and_lines_in_a_burst_are_faster_than_the_file(tmp_path, kind: str) -> None:
    name, text = FILES[kind]
    file = folder(tmp_path, name, text)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        pasted = [f"pasted {number:03}" for number in range(200)]  # 2,199 characters
        app.post_message(Paste("\n".join(pasted)))
        for number in range(5):
            await table.press("enter", *f"line {number}")
        await table.press("enter")
        await table.has("line 4")
        await table.settled()
    lines = [line.strip() for line in table.text.split("\n")]
    for number in range(5):
        assert lines.count(f"line {number}") == 1
    assert lines.count(" ".join(pasted)) == 1
    assert not [line for line in lines if line.startswith(("l", "p"))][6:]


async def test_a_save_of_an_older_version_gets_the_line_once(tmp_path) -> None:
    """An editor, or a sync tool, puts back the file with the beginning of the typed line."""
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("She wai")
        await table.has("She wai\n")
        await table.settled()
        older = table.text
        await table.type("ts for")
        await table.has("She waits for\n")
        await table.settled()
        theirs = file.parent.parent / ".arrived"
        theirs.write_text(older.replace("She wai\n", "She wai\n\nTheirs.\n"))
        theirs.replace(file)
        await table.type(" the Captain.")
        await table.press("enter")
        await table.settled()
        await table.has("the Captain.")
    assert table.text == MARKDOWN.replace(
        "## Notes\n", "## Notes\n\nShe waits for the Captain.\n\nTheirs.\n"
    )


async def test_spaces_between_words_do_not_stop_the_writing(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("a b")
        await table.has("\na b\n")
        await table.settled()
        await table.press("left", "space")
        await pilot.pause(0.4)
        await table.press("end")
        await table.type("c")
        await table.press("enter")
        await table.settled()
        await enter(table, "next")
        await table.has("\nnext\n")
    assert not app.conversation.trouble
    assert table.text.count("bc\n") == 1


async def test_a_file_that_is_deleted_says_so_and_comes_back_with_the_words(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await enter(table, "Before.")
        await table.settled()
        file.unlink()
        await until(pilot, lambda: table.page.has_class("-gone"), "the file gone")
        assert "no longer in the folder" in table.shown("#gone")
        await enter(table, "While it was away.")
        await table.type("And more")
        await until(pilot, lambda: bool(app.conversation.trouble), "the trouble")
        file.write_text(MARKDOWN)
        await table.has("And more")
        await table.settled()
        await until(pilot, lambda: not table.page.has_class("-gone"), "the file again")
    assert table.text == MARKDOWN.replace(
        "## Notes\n", "## Notes\n\nWhile it was away.\n\nAnd more\n"
    )


async def test_a_file_with_merge_conflicts_waits_until_they_are_resolved(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("She ")
        await table.has("She")
        await table.settled()
        merged = table.text.replace("She\n", f"She\n{CONFLICT}")
        file.write_text(merged)
        await table.type("waits.")
        await table.press("enter")
        await until(pilot, lambda: bool(app.conversation.trouble), "the trouble")
        assert "not saved" in table.shown("SessionLine #where")
        assert table.text == merged
        file.write_text(merged.replace(CONFLICT, "\nhers\n\nhis\n"))
        await table.has("She waits.")
        await table.settled()
    assert table.text == MARKDOWN.replace("## Notes\n", "## Notes\n\nShe waits.\n\nhers\n\nhis\n")


async def test_another_version_from_a_sync_tool_keeps_the_line_and_gets_the_next(tmp_path) -> None:
    """The other machine's file replaces ours without the line that was just typed here."""
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await enter(table, "Mine, first.")
        await table.has("Mine, first.")
        await table.settled()
        theirs = file.parent.parent / ".arrived"
        theirs.write_text(table.text.replace("Mine, first.", "Mine, first.\n\nTheirs."))
        theirs.replace(file)
        await table.type("Mine, sec")
        await table.has("Mine, sec")
        await table.settled()
        theirs.write_text(table.text.replace("Mine, sec", "Theirs again."))
        theirs.replace(file)  # they had not got our second line yet
        await table.type("ond.")
        await table.press("enter")
        await table.settled()
        await table.has("ond.")
    assert table.text.count("Theirs.") == table.text.count("Theirs again.") == 1
    assert table.text.count("Mine, first.") == 1
    assert table.text.count("Mine, second.") == 1


@pytest.mark.parametrize(
    "later",
    [
        datetime(2026, 11, 20, 23, 59, 58, tzinfo=UTC),
        datetime(2026, 11, 21, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 22, 9, tzinfo=UTC),
        datetime(2026, 11, 19, 9, tzinfo=UTC),
    ],
)
async def test_the_wall_clock_may_jump(tmp_path, later: datetime) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H")
        table.seconds[0] += 6 * 60
        app._clock = lambda: later
        app._tick_clock()
        await pilot.pause()
        await table.press("tab")
        await enter(table, "Still here.")
        await table.has("Still here.")
        table.seconds[0] += 60
        await until(pilot, lambda: "goals 7" in table.shown("#parts"), "seven minutes")
        await table.press("escape", "C")
        pane = table.page.query_one(ConversationPane)
        await until(pilot, lambda: pane.closing, "the closing page")
        await table.press("end", "up", "enter", "enter")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "the end")
        await table.has("duration: 7m")
    assert "date: 2026-11-20 09:00\n" in table.text
    assert [one.name for one in sorted(file.parent.iterdir())] == ["2026-10-20.md", file.name]


async def test_a_reader_sees_a_session_and_is_told_that_nothing_is_written(tmp_path) -> None:
    file = folder(tmp_path)
    app = reader(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, SessionModePage), "session mode")
        table = Table(pilot, file, [5000.0])
        app.screen.timer = lambda: table.seconds[0]
        await until(pilot, lambda: READ_ONLY_MESSAGE in table.shown("SessionLine #where"), "why")
        await pilot.press("n")
        assert notice(app) == READ_ONLY_MESSAGE
        await pilot.press("tab", "shift+tab", "H", *"Ewxyz")
        table.seconds[0] += 60
        await pilot.press("C")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "left")
    assert table.text == MARKDOWN


async def test_parts_may_be_skipped(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H", *["right_square_bracket"] * 3)
        table.seconds[0] += 5 * 60
        await until(pilot, lambda: "▶ actions 5" in table.shown("#parts"), "the fourth part")
        await table.press("left_square_bracket")
        table.seconds[0] += 60
        await until(pilot, lambda: "▶ explore 1" in table.shown("#parts"), "the third")
        await table.press(*["right_square_bracket"] * 4)
        pane = table.page.query_one(ConversationPane)
        await until(pilot, lambda: pane.closing, "the closing page")


async def test_the_day_of_the_next_session(tmp_path) -> None:
    """In the past it is refused; taken, it says by which file."""
    file = folder(tmp_path)
    write(file.parent, {"2026-12-01.md": "---\ndate: 2026-12-01 10:00\n---\n"})
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "n")
        await table.type("2026-11-01 9:00")
        await table.press("enter")
        await until(pilot, lambda: "2026-11-01 is in the past" in screen(table), "the past")
        await table.press("ctrl+u")
        await table.type("1 dec 16:00")
        await until(pilot, lambda: "2026-12-01.md is planned for that day" in screen(table), "it")
        await table.press("enter")
        await table.has("next: 2026-12-01 16:00")


def screen(table: Table) -> str:
    return "\n".join(
        "".join(segment.text for segment in strip)
        for strip in table.app.screen._compositor.render_strips()
    )


SKILLS = "skills:\n  - {id: vision, name: Vision, levels: [{id: low, name: Low}]}\n"
ODD_SHAPES = {
    "zero": "session:\n  - {id: only, name: Talk, minutes: [0, 0], prompt: Say something.}\n",
    "none": "session: []\n",
}


@pytest.mark.parametrize("shape", ODD_SHAPES)
async def test_a_framework_with_odd_parts(tmp_path, shape: str) -> None:
    file = folder(tmp_path)
    write(file.parents[1], {"framework.yaml": SKILLS + ODD_SHAPES[shape]})
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H")
        table.seconds[0] += 5 * 60
        await until(pilot, lambda: "5 " in table.shown("#parts"), "five minutes")
        await table.press("right_square_bracket")
        pane = table.page.query_one(ConversationPane)
        await until(pilot, lambda: pane.closing, "the closing page")
        await table.press("end", "up", "enter", "enter")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "the end")
        await table.has("duration: 5m")


async def test_an_unfinished_action_is_not_dropped_at_the_end(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("+call the vendor")
        await table.press("escape", "C")
        pane = table.page.query_one(ConversationPane)
        await until(pilot, lambda: pane.closing, "the closing page")
        await table.press("end", "up", "enter")
        await until(pilot, lambda: "not added yet: +call the vendor" in notice(app), "what is left")
        await table.press("enter")
        await table.has("call the vendor")


@pytest.mark.parametrize("added", [True, False])
async def test_a_kept_action_is_offered_unless_it_was_added(tmp_path, *, added: bool) -> None:
    """A crash may come after the action is in the file and before the kept line is forgotten."""
    text = MARKDOWN + "- [ ] call the vendor @coach due:2026-11-27\n" * added
    file = folder(tmp_path, text=text)
    store = ConversationStore(tmp_path / "state")
    store.save(str(file), 0, (5.0,), "+call the vendor fri @coach")
    async with keeping(dashboard(file.parents[1]), tmp_path / "state").run_test() as pilot:
        table = await seated(pilot, file)
        typed = table.page.query_one(SessionLine).typed
        assert typed == ("" if added else "+call the vendor fri @coach")


async def test_a_text_that_comes_before_the_screen_is_drawn_waits(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        lead = app.state.workspace.leads[0]
        page = SessionModePage(lead.id, lead.sessions[-1].path)
        page.show_text("## Notes\nToo early.\n", "")
        page.show_text(None, "It is away.")


async def test_a_key_that_comes_after_the_last_screen_closed_does_nothing(tmp_path) -> None:
    app = dashboard(folder(tmp_path).parents[1])
    async with app.run_test() as pilot:
        await loaded(pilot)
    assert app.page is None
    assert not await app.keys.press("x")
    released = Key("x", "x")
    app.input.queue._released = released
    await app.on_event(released)
