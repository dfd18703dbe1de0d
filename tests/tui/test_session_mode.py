"""A session held on one screen: what is typed, chosen and left out is in its file at once."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import NOW, opened, write
from tldash.editing.edits import SetField
from tldash.insight.people import ViewerRole
from tldash.model.records import Moment
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts import session_mode
from tldash.tui.screens.conversation_pane import ConversationPane
from tldash.tui.screens.session_mode import SessionModePage
from tldash.tui.widgets.session_line import SessionLine, parse_line

MARKDOWN = """\
---
date: 2026-11-20 09:00
skill:              # suggested: vision
---
# Session 2

## Agenda

- [ ] the outage

## Notes

## Actions
"""
YAML = """\
date: 2026-11-20 09:00
topics:
  - the outage
"""
BEFORE = """\
---
date: 2026-10-20 09:00
levels: {vision: beginner}
---
# Session 1
## Agenda
- [ ] delegation
## Actions
- [ ] write the vision due:2026-11-01
## Structure
- Ada: fewer slides
"""
FILES = {"md": ("2026-11-20.md", MARKDOWN), "yaml": ("2026-11-20.yaml", YAML)}


class Table:
    """The screen of a session, its file, and its clock."""

    def __init__(self, pilot: Pilot[None], file: Path, seconds: list[float]) -> None:
        self.pilot, self.file, self.seconds = pilot, file, seconds
        self.keys = 0

    @property
    def app(self) -> TldashApp:
        assert isinstance(self.pilot.app, TldashApp)
        return self.pilot.app

    @property
    def page(self) -> SessionModePage:
        assert isinstance(self.app.screen, SessionModePage)
        return self.app.screen

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.pilot.press(*keys)

    async def type(self, words: str) -> None:
        """Type into the input in focus: the first letter as a key, the others at once."""
        await until(self.pilot, lambda: isinstance(self.app.focused, Input), "an input")
        await self.pilot.press(words[0])
        focused = self.app.focused
        assert isinstance(focused, Input)
        focused.insert_text_at_cursor(words[1:])
        await self.pilot.pause()

    async def has(self, text: str) -> None:
        """Wait until the file has a text."""
        await until(self.pilot, lambda: text in self.text, f"{text!r} in {self.text}")

    async def settled(self) -> None:
        def idle() -> bool:
            return not self.app.conversation.busy and not self.app.edits.any_pending

        await until(self.pilot, idle, "every write")

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode() if self.file.exists() else ""

    def shown(self, selector: str) -> str:
        widget = self.page.query_one(selector)
        lines = (widget.render_line(y).text for y in range(widget.size.height))  # what is on screen
        return "\n".join(lines)


def folder(tmp_path: Path, name: str = "2026-11-20.md", text: str = MARKDOWN) -> Path:
    files = {
        "lead.md": "---\nname: Ada\ncoach: Mira\ncadence: monthly\n---\n## Goals\n- calm\n",
        "sessions/2026-10-20.md": BEFORE,
        f"sessions/{name}": text,
    }
    return write(tmp_path / "ada", files) / "sessions" / name


async def seated(pilot: Pilot[None], file: Path) -> Table:
    """Open session mode by its key, and wait until it knows how far the session is."""
    seconds = [1000.0]
    await loaded(pilot)
    pilot.app.timer = lambda: seconds[0]  # type: ignore[attr-defined]
    await pilot.press("C")
    await until(pilot, lambda: isinstance(pilot.app.screen, SessionModePage), "session mode")
    table = Table(pilot, file, seconds)
    await until(pilot, lambda: table.page.focused is not None, "the line in focus")
    pane = table.page.query_one(ConversationPane)
    await until(pilot, lambda: pane.ready, "how far it was")
    return table


@pytest.mark.parametrize("kind", FILES)
async def test_what_is_typed_is_in_the_file_under_its_heading(tmp_path, kind: str) -> None:
    name, text = FILES[kind]
    file = folder(tmp_path, name, text)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("She waits.")
        await table.has("She waits.")  # before enter
        await table.press("enter")
        await table.type('"It was quiet.')
        await table.press("enter")
        await table.type("!No slides")
        await table.press("enter")
        await table.type("+call the vendor fri @coach")
        await table.press("enter")
        await table.type("?the second outage")
        await table.press("enter")
        await table.settled()
        await table.has("the second outage")
    expected = {
        "md": MARKDOWN.replace("- [ ] the outage\n", "- [ ] the outage\n- [ ] the second outage\n")
        .replace("## Notes\n", "## Notes\n\nShe waits.\n\n> It was quiet.\n")
        .replace(
            "## Actions\n",
            "## Actions\n- [ ] call the vendor @coach due:2026-11-27\n"
            "\n## Agreements\n\n- No slides\n",
        ),
        "yaml": "date: 2026-11-20 09:00\ntopics:\n  - the outage\n  - the second outage\n"
        "notes: |\n  She waits.\n\n  > It was quiet.\nagreements:\n  - No slides\n"
        "actions:\n  - call the vendor @coach due:2026-11-27\n",
    }
    assert table.text == expected[kind]


async def test_keys_for_the_steps_of_a_session(tmp_path) -> None:
    """At most four keys for each step, besides the words."""
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    used: dict[str, int] = {}

    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)

        async def step(name: str, before: list[str], words: str, after: list[str], left: str):
            table.keys = 0
            await table.press(*before)
            await table.type(words)
            await table.press(*after)
            await table.has(left)
            await table.settled()
            used[name] = table.keys

        await step("skill", ["escape", "b"], "vis", ["enter"], "skill: vision")
        await step("level", ["escape", "equals_sign"], "int", ["enter"], "vision: intermediate")
        await step("note", [], "She waits.", ["enter"], "She waits.")
        await step("action", ["plus"], "call fri @coach", ["enter"], "call @coach due:2026-11-27")
        await step("next", ["escape", "n"], "in 4 weeks 16:00", ["enter"], "2026-12-18 16:00")
        await table.press("escape")
        rows = table.page.query_one("#beside")
        rows.select(  # type: ignore[attr-defined]
            next(row.key for row in rows.rows if row.key and row.task.text == "delegation")  # type: ignore[attr-defined]
        )
        table.keys = 0
        await table.press("space")
        other = file.with_name("2026-10-20.md")
        await until(pilot, lambda: "[x] delegation" in other.read_text(), "the topic settled")
        await table.settled()
        used["settle"] = table.keys
        table.seconds[0] += 60
        await table.press("H")
        table.seconds[0] += 47 * 60
        table.keys = 0
        await table.press("C")
        pane = table.page.query_one(ConversationPane)
        await until(pilot, lambda: pane.closing, "the closing page")
        await table.press("end", "up", "enter")  # one word about the structure is missing
        await until(pilot, lambda: "1 thing missing" in notice(app), "what is missing")
        await table.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "the end")
        await table.has("status: held")
        await table.has("left_out: [structure]")
        used["close"] = table.keys - 1  # the second enter leaves something out
    assert "duration: 47m" in table.text
    assert max(used.values()) <= 4, used


def notice(app: TldashApp) -> str:
    return app.notice.text if app.notice is not None else ""


async def test_an_interrupted_session_goes_on_where_it_was(tmp_path) -> None:
    file = folder(tmp_path)
    state = tmp_path / "conversations"
    async with keeping(dashboard(file.parents[1]), state).run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H")
        table.seconds[0] += 6 * 60
        await table.press("right_square_bracket")
        table.seconds[0] += 8 * 60
        await table.press("tab")
        await table.type("+call the ven")
        await until(pilot, lambda: "call the ven" in kept(state), "the line kept")
    again = keeping(dashboard(file.parents[1]), state)
    async with again.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        line = table.page.query_one(SessionLine)
        await until(pilot, lambda: line.typed == "+call the ven", "the line again")
        assert "● goals 6" in table.shown("#parts") and "‖ check in 8" in table.shown("#parts")
        await table.type("dor")
        await table.press("enter")
        await table.has("- [ ] call the vendor")
        await table.press("escape", "C", "end", "enter", "tab")  # leave for now
        await until(pilot, lambda: not isinstance(again.screen, SessionModePage), "left")
    assert "status" not in table.text


def keeping(app: TldashApp, state: Path) -> TldashApp:
    from tldash.user.conversations import ConversationStore

    app.service._conversations = lambda: ConversationStore(state)
    return app


def kept(state: Path) -> str:
    file = state / "conversations.jsonl"
    return file.read_text() if file.exists() else ""


async def test_a_line_that_somebody_changes_is_left_alone_and_written_whole_below(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("She waits")
        await table.has("She waits")
        await table.settled()
        changed = table.text.replace("She waits", "Ada waits, says Mira")
        file.write_text(changed)
        await table.type(" for the Captain")
        await table.has("for the Captain")
        await table.press("enter")
        await table.settled()
    notes = "## Notes\n\nAda waits, says Mira\n\nShe waits for the Captain\n\n## Actions"
    assert notes in table.text


async def test_a_file_that_goes_away_and_comes_back_gets_every_line(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        away = file.with_suffix(".away")
        file.rename(away)
        await until(pilot, lambda: table.page.has_class("-gone"), "the file gone")
        await table.type("She waits.")
        await table.press("enter")
        await until(
            pilot, lambda: "not saved" in table.shown("SessionLine #where"), "the trouble shown"
        )
        away.rename(file)
        await table.has("She waits.")
        # another name: the session moved
        file.rename(file.with_name("2026-11-21.md"))
        table.file = file.with_name("2026-11-21.md")
        await until(pilot, lambda: table.page.path.endswith("21.md"), "the new name")
        await table.type("On.")
        await table.press("enter")
        await table.has("On.")


async def test_a_folder_that_cannot_be_written_says_so_and_keeps_the_words(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        file.write_bytes(b"<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n" + MARKDOWN.encode())
        await table.type("She waits.")
        await until(pilot, lambda: bool(app.conversation.trouble), "the trouble")
        await table.press("enter", "ctrl+q")
        assert "discards" in notice(app)
        file.write_text(MARKDOWN)
        await table.has("She waits.")


async def test_typed_text_that_is_emptied_leaves_nothing(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.type("no")
        await table.has("\nno\n")
        await table.press("backspace", "backspace")
        await until(pilot, lambda: table.text == MARKDOWN, f"the file as before: {table.text}")
        await table.type("yes")
        await table.has("\nyes\n")
        await table.press("home")
        await table.type("+")  # it becomes an action
        await table.press("enter")
        await table.has("- [ ] yes")
        await table.settled()
        assert "\nyes\n" not in table.text


async def test_last_times_wish_is_shown_when_the_structure_is_the_subject(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", *["right_square_bracket"] * 4)
        await until(
            pilot, lambda: "last time you wanted  Ada: fewer slides" in table.shown("#prompt"), "it"
        )


async def test_overtime_is_told_in_words(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H")
        table.seconds[0] += 9 * 60
        await until(pilot, lambda: "4 minutes over" in table.shown("#prompt"), "overtime")
        await table.press("H")
        table.seconds[0] += 3600  # the clock is stopped
        await until(pilot, lambda: "9 of" in table.shown("#parts"), "the time so far")
        assert "paused" in table.shown("#parts")


async def test_nothing_is_written_by_looking(tmp_path) -> None:
    file = folder(tmp_path)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(80, 24)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "right_square_bracket", "f", "tab", "escape", "escape")
        await until(pilot, lambda: not isinstance(app.screen, SessionModePage), "left")
    assert table.text == MARKDOWN


def test_dates_of_the_next_session(tmp_path) -> None:
    """They are typed as anywhere else, and an action by the next session moves along with it."""
    files = {
        "ada/lead.md": "---\ntimezone: Asia/Tokyo\n---\n",
        "ada/2026-11-20.md": (
            "---\ndate: 2026-11-20 18:00\nnext: 2026-12-01\n---\n- [ ] a due:2026-11-30\n"
        ),
    }
    (lead,) = opened(tmp_path, files).leads
    (session,) = lead.sessions
    line = parse_line("+ call the vendor next session")
    assert session_mode.draft_line(line, session, lead, NOW, ViewerRole.ANOTHER).shown == (
        "- [ ] call the vendor #next-session due:2026-12-01"
    )
    draft = session_mode.ask_next(session, lead, NOW).draft
    assert draft("fri 8.30").shown == "next: 2026-11-27 17:30"
    assert draft("16:00").shown == "next: 2026-12-02 01:00"
    assert "type fri 16:00" in draft("soon").trouble


def test_another_next_date_moves_the_planned_session(tmp_path) -> None:
    held = "---\ndate: 2026-11-20 08:00\nnext: 2026-12-01\n---\nTalked.\n"
    files = {
        "ada/lead.md": "",
        "ada/2026-11-20.md": held + "- [ ] a due:2026-12-01 #next-session\n",
        "ada/2026-12-01.md": "",
    }
    (lead,) = opened(tmp_path / "planned", files).leads
    draft = session_mode.ask_next(lead.sessions[0], lead, NOW).draft("4 dec 16:00")
    assert draft.move == ("ada", "ada/2026-12-01.md", Moment(date(2026, 12, 4), time(16)))
    assert draft.shown == "next: 2026-12-04 16:00"
    assert draft.note == "4 Dec, in 14 days, moves ada/2026-12-01.md, 1 action due by then"
    del files["ada/2026-12-01.md"]
    (lead,) = opened(tmp_path / "promised", files).leads
    draft = session_mode.ask_next(lead.sessions[0], lead, NOW).draft("4 dec 16:00")
    assert draft.move == ("ada", "", Moment(date(2026, 12, 4), time(16)))
    files["ada/2026-11-20.md"] = held.replace("next: 2026-12-01\n", "")
    (lead,) = opened(tmp_path / "first", files).leads
    draft = session_mode.ask_next(lead.sessions[0], lead, NOW).draft("4 dec 16:00")
    assert (draft.move, draft.add) == (
        None, SetField("ada/2026-11-20.md", "next", "2026-12-04 16:00"),
    )  # fmt: skip


async def test_a_session_held_before_its_day_moves_to_today(tmp_path) -> None:
    text = MARKDOWN.replace("date: 2026-11-20 09:00", "date: 2026-11-27 09:00")
    file = folder(tmp_path, "2026-11-27.md", text)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 40)) as pilot:
        table = await seated(pilot, file)
        await table.press("escape", "H")
        table.seconds[0] += 45 * 60
        await table.press("C", "end", "up", "enter", "enter")
        moved = file.with_name("2026-11-20.md")
        await until(pilot, lambda: moved.exists() and "held" in moved.read_text(), "the new day")
    assert "date: 2026-11-20 09:00" in moved.read_text() and not file.exists()


@pytest.mark.parametrize(
    ("skills", "shown"),
    [
        ("", "· Has written in one paragraph"),
        ("# Vision\n## Beginner\n- [ ] says it\n## Advanced\n- [ ] sings it\n", "▢ says it"),
    ],
)
async def test_the_behaviour_of_the_skill_is_beside_the_notes(tmp_path, skills, shown) -> None:
    file = folder(tmp_path, text=MARKDOWN.replace("skill:", "skill: vision"))
    if skills:
        file.parents[1].joinpath("skills.md").write_text(skills)
    app = dashboard(file.parents[1])
    async with app.run_test(size=(120, 60)) as pilot:
        table = await seated(pilot, file)
        await until(pilot, lambda: shown in table.shown("#beside"), "the behaviour")
        assert "sings it" not in table.shown("#beside")  # it is two levels away
