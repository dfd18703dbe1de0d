"""Everything that the framework says to people is on a screen, whichever framework it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.records import write
from tldash.cli import main
from tldash.documents.framework import load_shipped
from tldash.insight.skills import find_part_questions, find_skill_for
from tldash.insight.starters import find_position
from tldash.model.framework import Focus, Framework
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.conversation_pane import ConversationPane
from tldash.tui.screens.page import Page
from tldash.tui.widgets.canvas import Canvas
from tldash.tui.widgets.row_list import RowList

TALL = (200, 90)
PAGES = ("session", "brief")
"""The screens of a lead with a planned session that show what the framework says."""


def whole_text(app: TldashApp) -> str:
    """Return the text of the screen in front, with all rows of its lists, on one line."""
    page = app.screen
    parts = [canvas.render().plain for canvas in page.query(Canvas) if canvas.display]
    for rows in page.query(RowList):
        width = max(rows.content_size.width, 40)
        parts.extend(line.plain for row in rows.rows for line in row.lines(width))
    return " ".join(" ".join(parts).split())


async def visit(pilot: Pilot[None], app: TldashApp, path: str, *pages: str) -> list[str]:
    """Return the text of pages of a lead. `path` is that of the planned session."""
    found = []
    lead = path.partition("/")[0]
    for name in pages:
        app.action_open_page(name, lead, *([path] if name == "session" else []))
        await until(pilot, lambda name=name: name == app.screen.NAME, name)
        page = app.screen
        assert isinstance(page, Page)
        await until(
            pilot, lambda page=page: any(rows.rows for rows in page.query(RowList)), "its rows"
        )
        found.append(whole_text(app))
        app.navigation.close(page)
        await pilot.pause()
    return found


def said_to_people(framework: Framework) -> set[str]:
    """Return every prompt, purpose and question of a framework."""
    starters = [*framework.starters, *([framework.after] if framework.after else [])]
    parts = [part for shape in framework.shapes for part in shape.parts]
    return {
        *(question for skill in framework.skills for question in skill.questions),
        *(starter.purpose for starter in starters),
        *(text for part in parts for text in (part.prompt, part.purpose, *part.questions)),
    } - {""}


def leads_at_every_session(framework: Framework) -> dict[str, str]:
    """Return the files of leads of whom each has another session before them, about a skill."""
    files = {}
    skills = [skill.id for skill in framework.skills]
    for held in range(max(framework.last_starter + 1, len(skills))):
        for month in range(1, held + 1):
            files[f"l{held}/2026-{month:02}-03.md"] = "We talked.\n"
        skill = skills[held % len(skills)]
        files[f"l{held}/2026-12-03.md"] = f"---\nskill: {skill}\n---\n## Agenda\n- [ ] one\n"
        files[f"l{held}/lead.md"] = "coach: Mira\n"
    return files


async def test_every_prompt_purpose_and_question_is_on_a_screen(tmp_path: Path) -> None:
    framework = load_shipped()
    files = leads_at_every_session(framework)
    leads = sorted({path.partition("/")[0] for path in files})
    app = dashboard(write(tmp_path / "f", files))
    shown = ""
    async with app.run_test(size=TALL) as pilot:
        await loaded(pilot)
        for lead in leads:
            shown += " ".join(await visit(pilot, app, f"{lead}/2026-12-03.md", *PAGES))
    assert {text for text in said_to_people(framework) if text not in shown} == set()
    for shape in framework.shapes:
        assert all(part.name in shown for part in shape.parts)
    for starter in framework.starters:
        assert starter.title in shown


async def hold(pilot: Pilot[None], app: TldashApp, path: str) -> list[str]:
    """Return the text of each part of a session in session mode."""
    app.action_open_page("session_mode", path.partition("/")[0], path)
    await until(pilot, lambda: bool(app.screen.query(ConversationPane)), "session mode")
    page, pane = app.screen, app.screen.query_one(ConversationPane)
    await until(pilot, lambda: "min" in whole_text(app), "its parts")
    found = [whole_text(app)]
    while not pane.closing:
        pane.action_part(1)
        await pilot.pause()
        found.append(whole_text(app))
    app.navigation.close(page)
    return found


async def test_session_mode_goes_through_the_parts_of_the_shape(tmp_path: Path) -> None:
    framework = load_shipped()
    app = dashboard(write(tmp_path / "f", leads_at_every_session(framework)))
    async with app.run_test(size=TALL) as pilot:
        await loaded(pilot)
        for held, shape in ((0, "first"), (1, "regular"), (6, "review")):
            path = f"l{held}/2026-12-03.md"
            expected = framework.find_shape(shape)
            assert expected is not None
            shown = await hold(pilot, app, path)
            lead = app.state.lead(f"l{held}")
            assert lead is not None
            session = lead.sessions[-1]
            idea = find_skill_for(lead, framework, app.state.now, session)
            position = find_position(lead, framework, app.state.now, session)
            for part, text in zip(expected.parts, shown, strict=False):
                asked = find_part_questions(part, idea, position)
                for words in (part.name.upper(), part.prompt, *asked[:1]):
                    assert words in text, part


OWN = """\
name: Ours
levels: [none, seen, tried, able, teaches]
skills:
  - id: aim
    name: Aiming
    levels: [{id: none}, {id: seen, markers: [has seen it]}, {id: tried}, {id: able}, {id: teaches}]
    questions: [What do you aim for?, What is too far?, What is near?, And then?]
  - id: rest
    name: Resting
    scale: sliding
    levels: [{id: none}, {id: seen}, {id: tried}, {id: able}, {id: teaches}]
  - id: write
    name: Writing
    short: WRT
    levels: [{id: none}, {id: seen}, {id: tried}, {id: able}, {id: teaches}]
  - id: ask
    name: Asking for help
    levels: [{id: none}, {id: seen}, {id: tried}, {id: able}, {id: teaches}]
shapes:
  - id: half
    name: Half an hour
    parts:
      - {id: hello, name: Say hello, minutes: [2, 5], prompt: What is new?, purpose: To arrive.}
      - {id: work, name: The work, minutes: [15, 18], focus: skill, purpose: To see more.}
      - {id: bye, name: Say goodbye, minutes: [5, 7], focus: actions, questions: [What now?]}
starters:
  - {number: 1, title: Begin, purpose: To begin., shape: half}
  - {number: 2, title: Go on}
after: {title: Carry on, purpose: To carry on.}
cadences:
  every sprint: 21
"""
SHIPPED_WORDS = {
    *(part.name for shape in load_shipped().shapes for part in shape.parts if part.id != "goals"),
    *(skill.name for skill in load_shipped().skills),
    *(starter.title for starter in load_shipped().starters),
    *("Intermediate", "intermediate", "seven", "LIS", "INI", "VIS"),
}
FILES = {
    "framework.yaml": OWN,
    "a/lead.md": "---\ncoach: Mira\ncadence: every sprint\n---\n## Goals\n- one goal\n",
    "a/skills.md": "## Aiming\n### Seen\n- [x] has seen it\n## Writing\n### Able\n- [ ] x\n",
    "a/2026-10-13.md": "---\nskill: write\nlevels: {write: able, aim: none}\n---\nTalked.\n",
    "a/2026-11-03.md": "---\nskill: aim\nlevels: {aim: teaches}\n---\n- [ ] hit it #aim\n",
    "a/2026-12-03.md": "## Agenda\n- [ ] one\n",
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), TALL])
async def test_another_framework_is_on_every_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    root = write(tmp_path / "f", FILES)
    app = dashboard(root)
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        framework = app.state.workspace.framework
        assert framework.name == "Ours"
        assert app.state.workspace.all_problems == ()
        shown = [whole_text(app), *await visit(pilot, app, "a/2026-12-03.md", *PAGES, "lead")]
        for text in shown:
            assert {word for word in SHIPPED_WORDS if word in text} == set()
        everything = " ".join(shown)
        for words in ("aiming", "resting", "session 3: carry on", "to carry on."):
            assert words in everything.casefold()
        if size == TALL:
            missing = {text for text in said_to_people(framework) if text not in everything}
            assert missing <= {"To begin.", *framework.skills[0].questions}, "of other sessions"
        app.action_open_page("lead", "a")
        await until(pilot, lambda: app.screen.NAME == "lead", "the lead")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "has seen it" in whole_text(app), "the markers")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: "able" in str(app.screen.query("Prompt").first().render()), "?")
        await pilot.press("enter")
        file = root / "a/2026-11-03.md"
        await until(pilot, lambda: "aim: able" in file.read_text("utf-8"), "another level")
        await pilot.press(
            "question_mark", "escape", "a", "escape", "y", "escape", "ctrl+k", "escape"
        )
        assert app.return_code in (None, 0)


async def test_another_framework_in_session_mode(tmp_path: Path) -> None:
    root = write(tmp_path / "f", FILES)
    app = dashboard(root)
    file = root / "a/2026-12-03.md"
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        shown = await hold(pilot, app, "a/2026-12-03.md")
        for words, text in zip(("SAY HELLO", "THE WORK", "SAY GOODBYE"), shown, strict=False):
            assert words in text
            assert {word for word in SHIPPED_WORDS if word in text} == set()
        app.action_open_page("session_mode", "a", "a/2026-12-03.md")
        await until(pilot, lambda: bool(app.screen.query(ConversationPane)), "session mode")
        pane = app.screen.query_one(ConversationPane)
        await until(pilot, lambda: pane.ready, "how far it was")
        await pilot.press("escape", "b", *"writ", "enter")
        await until(pilot, lambda: "skill: write" in file.read_text("utf-8"), "the skill")
        await pilot.press("escape", "equals_sign", "5", "enter")
        await until(pilot, lambda: "write: teaches" in file.read_text("utf-8"), "the level")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["status"], "▰▰▰▰▰"),
        (["status", "--json"], '"teaches"'),
        (["actions"], "hit it"),
        (["sessions"], "write"),
        (["check"], ""),
        (["brief", "a"], "session 3: Carry on"),
        (["story", "a"], "Aiming"),
        (["new", "session", "a", "--date", "2027-01-05"], "a/2027-01-05.md"),
        (["new", "lead", "Ben"], "ben/skills.md"),
    ],
)
def test_another_framework_in_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: str
) -> None:
    monkeypatch.chdir(write(tmp_path / "f", FILES))
    done = CliRunner().invoke(main, [*arguments, "--today", "2026-11-20"])
    assert done.exit_code == 0, done.output
    assert expected in done.stdout
    written = "".join(
        path.read_text("utf-8")
        for name in ("a/2027-01-05.md", "ben/skills.md")
        if (path := Path(name)).exists()
    )
    if "session" in arguments:
        assert "<!-- 15–18 min: The work -->" in written
    if "lead" in arguments:
        assert "## Asking for help\n\n### none\n" in written
    assert {word for word in SHIPPED_WORDS if word in done.stdout + written} == set()


def test_every_part_about_a_skill_has_questions_from_the_skills() -> None:
    framework = load_shipped()
    about = [p for shape in framework.shapes for p in shape.parts if p.focus is Focus.SKILL]
    assert about
    assert all(len(skill.questions) > 3 for skill in framework.skills)
