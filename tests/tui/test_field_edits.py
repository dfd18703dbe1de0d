"""Keys for priority, tags, repeat rule and deletion, on Markdown and on YAML items."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.dashboard import NOW, dashboard, loaded, until
from tldash.model.permissions import READ_ONLY, READ_ONLY_MESSAGE
from tldash.model.records import Priority
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.prompts import drafts
from tldash.tui.prompts.prompt import Prompt
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.row_list import RowList
from tldash.workspace.folders import Folders

MARKDOWN = """# Two

## Actions
- [ ] call the vendor #vision @ada due:2026-11-24
  He is in Oslo.
- [ ] write it down due:2026-11-25
"""
YAML = """date: 2026-11-03
actions:
- text: call the vendor   # by phone
  tags: [vision]
  due: 2026-11-24
- write it down due:2026-11-25
"""
FILES = {"md": MARKDOWN, "yaml": YAML}
SHOWN = {
    "#": "number_sign",
    "@": "at",
    "-": "minus",
    "_": "underscore",
}


def folder_with(tmp_path: Path, kind: str) -> tuple[Path, Path]:
    """Make a lead's folder with one session of a kind; return the folder and the session."""
    folder = tmp_path / "ada"
    (folder / "sessions").mkdir(parents=True)
    (folder / "lead.md").write_text("---\nname: Ada\ncoach: Mira\n---\n")
    file = folder / "sessions" / f"2026-11-03.{kind}"
    file.write_text(FILES[kind])
    return folder, file


def typed(text: str) -> list[str]:
    return [SHOWN.get(character, character) for character in text]


NOTED = "- [ ] call the vendor #vision @ada due:2026-11-24\n  He is in Oslo.\n"
EDITS = [
    ("md", "p", None, (" due:2026-11-24", " pri:C due:2026-11-24")),
    ("md", "p p", None, (" due:2026-11-24", " pri:B due:2026-11-24")),
    ("md", "P", None, (" due:2026-11-24", " pri:E due:2026-11-24")),
    ("md", "number_sign", "#vision #hiring", ("@ada", "@ada #hiring")),
    ("md", "number_sign", "hiring", ("#vision @ada", "@ada #hiring")),
    ("md", "number_sign", "", (" #vision", "")),
    ("md", "number_sign", "none", (" #vision", "")),
    ("md", "E", "every week", (" due:2026-11-24", " rec:+1w due:2026-11-24")),
    ("yaml", "p", None, ("  due: 2026-11-24\n", "  due: 2026-11-24\n  priority: medium\n")),
    ("yaml", "P", None, ("  due: 2026-11-24\n", "  due: 2026-11-24\n  priority: low\n")),
    ("yaml", "number_sign", "vision, hiring", ("[vision]", "[vision, hiring]")),
    ("yaml", "number_sign", "", ("  tags: [vision]\n", "")),
    (
        "yaml",
        "E",
        "every week",
        ("  due: 2026-11-24\n", "  due: 2026-11-24\n  repeat: every week\n"),
    ),
    ("md", "d d", None, (NOTED, "")),
    ("yaml", "d d", None, ("".join(YAML.splitlines(keepends=True)[2:5]), "")),
]
"""The kind of file, the keys, the text typed if any, and the old and new text in the file."""


@pytest.mark.parametrize(("kind", "keys", "text", "replaced"), EDITS)
async def test_a_key_edits_the_item_and_undo_restores_the_bytes(
    tmp_path: Path, kind: str, keys: str, text: str | None, replaced: tuple[str, str]
) -> None:
    folder, file = folder_with(tmp_path, kind)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press(*keys.split())
        if text is not None:
            app.screen.query_one(Input).value = text
            await pilot.press("enter")
        wanted = FILES[kind].replace(*replaced)
        assert wanted != FILES[kind]
        await until(
            pilot,
            lambda: file.read_text() == wanted,
            f"{wanted!r}, but {file.read_text()!r}, {app.notice}",
        )
        await until(pilot, lambda: app.notice is not None and not app.notice.bad, "the notice")
        for _ in keys.split() if keys == "p p" else "u":
            await pilot.press("u")
        await until(pilot, lambda: file.read_text() == FILES[kind], "the bytes from before")
        assert not app.state.failed_edits


async def test_priority_stays_at_either_end_and_passes_the_normal_one(tmp_path: Path) -> None:
    folder, file = folder_with(tmp_path, "md")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)

        def priority() -> Priority | None:
            return app.state.workspace.leads[0].actions[0].task.fields.priority

        for key, wanted in [
            ("P", Priority.LOW),
            ("p", None),
            ("p", Priority.MEDIUM),
            ("p", Priority.HIGH),
            ("p", Priority.HIGHEST),
        ]:
            await pilot.press(key)
            await until(pilot, lambda wanted=wanted: priority() is wanted, str(wanted))
        before = file.read_bytes()
        await pilot.press("p")
        wanted = "already priority highest: call the vendor"
        await until(pilot, lambda: app.notice is not None and app.notice.text == wanted, wanted)
        assert file.read_bytes() == before


def look(app: TldashApp) -> str:
    """Return the line below the question."""
    return app.screen.query_one("Prompt #look").render().plain


async def test_the_questions_start_with_what_is_there_and_show_the_line(tmp_path: Path) -> None:
    folder, file = folder_with(tmp_path, "md")
    app = dashboard(folder)
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("number_sign")
        box = app.screen.query_one(Input)
        assert box.value == "#vision"
        assert look(app) == "add or remove a tag: #vision #hiring, or none"
        await pilot.press("space", "number_sign", *"hiring")
        line = "- [ ] call the vendor #vision @ada #hiring due:2026-11-24"
        await until(pilot, lambda: line in look(app), line)
        await pilot.press("space", *"2026")
        await until(pilot, lambda: "'2026' cannot be a tag" in look(app), "the refusal")
        await pilot.press("enter")
        assert app.screen.query(Prompt), "nothing to write yet"
        await pilot.press("escape", "E")
        await until(pilot, lambda: bool(app.screen.query("Prompt")), "the next question")
        assert app.screen.query_one(Input).value == ""
        await pilot.press(*typed("every 2 weeks"))
        line = "- [ ] call the vendor #vision @ada rec:+2w due:2026-11-24"
        await until(pilot, lambda: line in look(app), line)
        assert "next 8 Dec, in 18 days" in look(app)
        assert file.read_text() == MARKDOWN


async def test_a_rule_that_is_there_can_be_changed_and_removed(tmp_path: Path) -> None:
    folder, file = folder_with(tmp_path, "md")
    repeating = MARKDOWN.replace(" due:2026-11-24", " rec:+1w due:2026-11-24")
    file.write_text(repeating)
    app = dashboard(folder)
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("E")
        box = app.screen.query_one(Input)
        assert box.value == "+1w"
        box.value = "never on a Monday"
        await pilot.press("enter")
        await until(pilot, lambda: "never on a Monday" in look(app), "the refusal")
        box.value = ""
        await pilot.press("enter")
        await until(pilot, lambda: file.read_text() == MARKDOWN, "no rule")


BULK = {
    "p": [
        (" due:2026-11-24", " pri:C due:2026-11-24"),
        (" due:2026-11-25", " pri:C due:2026-11-25"),
    ],
    "number_sign": [("@ada", "@ada #later"), ("it down", "it down #later")],
    "E": [(" due:", " rec:+1w due:")],
    "d d": [(MARKDOWN.split("## Actions\n")[1], "")],
}


@pytest.mark.parametrize("keys", BULK)
async def test_a_key_edits_all_marked_items(tmp_path: Path, keys: str) -> None:
    folder, file = folder_with(tmp_path, "md")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("ctrl+a", *keys.split())
        if app.screen.query(Prompt):
            assert app.screen.query_one(Input).value == "", "only what all of them have"
            app.screen.query_one(Input).value = "later" if keys == "number_sign" else "every week"
            await pilot.pause()
            assert "and 1 more" in look(app)
            await pilot.press("enter")
        wanted = MARKDOWN
        for replaced in BULK[keys]:
            wanted = wanted.replace(*replaced)
        await until(
            pilot,
            lambda: file.read_text() == wanted,
            f"{wanted!r}, but {file.read_text()!r}, {app.notice}",
        )
        await pilot.press("u")
        await until(pilot, lambda: file.read_text() == MARKDOWN, "the bytes from before")
        assert not app.state.failed_edits


async def test_lines_that_read_the_same_are_all_deleted(tmp_path: Path) -> None:
    folder, file = folder_with(tmp_path, "md")
    before = "## Actions\n- [ ] one\n- [ ] one\n- [ ] one\n"
    file.write_text(before)
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("m", "m", "d", "d")
        wanted = "## Actions\n- [ ] one\n"
        await until(pilot, lambda: file.read_text() == wanted, "one line left")
        await pilot.press("u")
        await until(pilot, lambda: file.read_text() == before, "all of them again")
        assert not app.state.failed_edits


async def test_one_d_only_asks(tmp_path: Path) -> None:
    folder, file = folder_with(tmp_path, "md")
    app = dashboard(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        await pilot.press("d")
        panel = app.screen.query_one("WhichKey").render().plain
        assert "delete" in panel
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query("WhichKey"), "no panel")
        assert file.read_text() == MARKDOWN
        await pilot.press("d", "d")
        await until(pilot, lambda: "call the vendor" not in file.read_text(), "the deletion")
        assert "Oslo" not in file.read_text(), "its note goes with it"
        rows = app.screen.query_one("#actions", RowList)
        await until(pilot, lambda: rows.selected is not None, "the neighbour")


@pytest.mark.parametrize("keys", ["p", "P", "number_sign", "E", "d d"])
async def test_read_only_refuses_them(tmp_path: Path, keys: str) -> None:
    folder, file = folder_with(tmp_path, "md")
    app = TldashApp(Service(Folders((folder,))), lambda: NOW, allowed=READ_ONLY)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        shown = {command.name for command, _ in app.screen.query_one(KeyBar).commands}
        assert not shown & {"raise_priority", "lower_priority", "tags", "repeat", "delete"}
        await pilot.press(*keys.split())
        await pilot.pause()
        assert app.notice is not None and app.notice.text == READ_ONLY_MESSAGE
        assert not app.screen.query("Prompt, WhichKey")
        assert file.read_text() == MARKDOWN


def test_tags_that_only_some_items_have_stay(tmp_path: Path) -> None:
    folder, _ = folder_with(tmp_path, "md")
    lead = Folders((folder,)).read().leads[0]
    tasks = [action.task for action in lead.actions]
    assert drafts.shared_tags(tasks) == ()
    draft = drafts.draft_tags(tasks, lead, "#later")
    assert draft.change is not None
    edits = [draft.change(task) for task in tasks]
    assert [(edit.add, edit.remove) for edit in edits] == [(("later",), ())] * 2  # type: ignore[union-attr]
