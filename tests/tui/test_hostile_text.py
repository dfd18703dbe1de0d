"""Words from files are shown as they were written: never as markup, never as a control.

A lint keeps unclean text out of the widgets; hostile words in every place that is shown go through
every screen, and neither raise nor bring a forbidden character to a line of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.dashboard import dashboard, loaded, until
from tests.support.tables import each
from tests.tui.wordlint import Lint, lint_dashboard
from tldash.editing.edits import Remove
from tldash.service.results import EditFailed, EditsApplied, TextLoaded, WatchStatus
from tldash.tui.app.app import ServiceResult, TldashApp
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.messages import OpenPage
from tldash.tui.screens.overview import OverviewPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.screens.trends import TrendsPage
from tldash.tui.widgets.bars import Notice
from tldash.tui.widgets.row_list import RowList

KNOWN = {
    (
        "tui/app/themes.py",
        "to_ascii(text)",
    ): "a finished line, whose parts are checked where made",
    ("tui/app/themes.py", "style"): "the same",
    ("tui/app/themes.py", "control"): "the same",
    ("tui/widgets/bars.py", "label"): "our own labels, from a reactive",
    (
        "tui/widgets/timeline.py",
        "*((words(text).plain, style) for text, style in parts if text)",
    ): "the style is one of ours, but comes out of the same tuple as the words",
}


def test_no_word_reaches_a_widget_but_through_the_room_for_it() -> None:
    found = lint_dashboard()
    assert [str(o) for o in found if (o.file, o.words) not in KNOWN] == []
    assert {(o.file, o.words) for o in found} == set(KNOWN), "an exception that is none any more"


HEAD = """
from textual.content import Content
from textual.widgets import Static
from tldash.tui.text import words, MUTED
class Lead:
    name: str
    size: int
"""


@each(
    ("code", "shown"),
    [
        ("def f(lead): return Content(lead.name)", "lead.name"),
        ("def f(lead): return Content.styled(f'{lead.size} {lead.name}', MUTED)", "lead.name"),
        ("def f(lead): return Content.assemble(('a', MUTED), (lead.name, MUTED))", "lead.name"),
        ("def f(self, lead): self.query_one('#x').update(lead.name)", "lead.name"),
        ("def f(self, lead): self.notify(lead.name, markup=False)", "lead.name"),
        ("def f(self, lead): self.border_title = lead.name", "lead.name"),
        ("def f(lead): return Static(lead.name, markup=False)", "lead.name"),
        ("def f(lead): return Static('x')", "markup"),
        ("def f(lead): return Content.from_markup('[b]')", "markup"),
        ("def f(lead):\n name = lead.name or 'x'\n return Content(name)", "name"),
        ("def f(lead):\n for name in lead.names:\n  Content(name)", "name"),
        ("def f(lead):\n p = []\n p.append(lead.name)\n return Content.assemble(*p)", "*p"),
        ("def f(lead): return Content(', '.join(n for n in lead.names))", "join"),
        ("def f(lead): return Content(lead.name[:3].upper())", "upper"),
        ("def f(lead): return g(lead.name)\ndef g(name: str): return Content(name)", "lead.name"),
        ("def f(lead): return Content(g(lead))\ndef g(lead): return lead.name", "g(lead)"),
        (
            "class A:\n def __init__(self, name: str):\n  self._n = name\n"
            " def f(self): return Content(self._n)\n"
            "def g(lead): return A(lead.name)",
            "lead.name",
        ),
        ("def f(e):\n try: g()\n except OSError as error: return Content(str(error))", "error"),
        ("def f(w):\n match w:\n  case W(text): return Content(text)", "text"),
    ],
)
def test_the_lint_sees_words_that_nobody_cleaned(code: str, shown: str) -> None:
    (offence,) = Lint({"x.py": HEAD + code}).offences()
    assert shown in offence.words


@each(
    "code",
    [
        "def f(lead): return Content.assemble(words(lead.name), (f'{lead.size:>3}', MUTED))",
        "def f(self, lead): self.query_one('#x').update(words(lead.name))",
        "def f(lead):\n n = len(lead.name)\n return Content('a' * n)",
        "def f(lead): return [Content(s) for s in ('a', 'b')]",
        "def f(lead): return g('x')\ndef g(name: str): return Content(name)",
        "def f(lead) -> Content: return words(lead.name)\ndef g(x): return Content.assemble(f(x))",
        "def f(lead): return Static(id='x', markup=False)",
        "def f(lead): return Content({True: 'yes'}.get(lead.name, 'no'))",
    ],
)
def test_the_lint_lets_everything_else_pass(code: str) -> None:
    assert Lint({"x.py": HEAD + code}).offences() == []


HOSTILE = {
    "markup": "[/] [@click=app.quit]x[/] [red] $x {0} %s \\ [[/y]] [bold",
    "controls": "\x1b]52;c;aGk=\x07\x1b[31m\x9b1m\x90q\x9c\x7f\x01\x08\x85\x0c",
    "unseen": "\u202ea\u2066b\u200f\u061cc\u200b\ufeff\u2060d",
    "wide and stacked": "e" + "\u0301" * 200 + "👩\u200d👩\u200d👧 🇩🇪 🗓\ufe0f ﷽ 表",
    "long": "x" * 5000,
}
FORBIDDEN = re.compile(
    "[\0-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]"
    "|[\u0300-\u036f]{4}"
)
NARROW, WIDE = (80, 24), (120, 40)
SIZES = {
    "markup": [NARROW],
    "controls": [WIDE],
    "unseen": [NARROW],
    "wide and stacked": [NARROW, WIDE],
    "long": [NARROW, WIDE],
}
"""The sizes for each; both where the width of the window matters."""


def quoted(words: str) -> str:
    """A YAML scalar; JSON's is one, but for what JSON leaves bare."""
    return json.dumps(words)


def folder(tmp_path: Path, words: str) -> Path:
    """A folder of leads in which these words stand wherever words can stand."""
    name = words.replace("/", "∕")[:40]
    line = re.sub(r"[\r\n]", " ", words)
    lead = tmp_path / f"top {name}" / f"lead {name}"
    (lead / "sessions").mkdir(parents=True)
    said = quoted(words)
    put = {
        lead.parent / "tldash.yaml": f"name: {said}\ncadence: {said}\n",
        lead.parent / "framework.yaml": (
            f"name: {said}\nskills:\n  - id: vision\n    name: {said}\n"
            f"    summary: {said}\n    scale: stacking\n    questions: [{said}]\n"
            f"    levels:\n      - {{id: one, name: {said}, description: {said}}}\n"
            f"session:\n  - name: {said}\n    minutes: 5\n    prompt: {said}\n"
            f"{quoted('skils' + words)}: 1\n"
        ),
        lead / "lead.md": (
            f"---\nname: {said}\ncoach: {said}\ncadence: {said}\n"
            f"timezone: {said}\nstatus: {said}\n{said}: 1\n---\n"
            f"# {line}\n\n## Goals\n- {line}\n"
        ),
        lead / "skills.md": f"## vision\n### {line}\n- [ ] {line}\n- [x] {line}\n",
        lead / "sessions" / "2026-11-03.md": (
            f"---\ndate: 2026-11-03 16:00\nskill: vision\ntitle: {said}\n"
            f"levels: {{vision: {said}, {said}: one}}\nskil: {said}\n---\n"
            f"# {line}\n\n## Agenda\n- [ ] {line} @{line}\n\n## {line}\n{line}\n\n> {line}\n\n"
            f"1. {line}\n\n```{line}\n{line}\n```\n\n## Actions\n- [ ] {line}\n"
            f"- [ ] a @{line} #{line} due:{line} [owner:: {line}] 📅 {line} rec:{line}\n  {line}\n"
            f"- [x] {line} ^{line}\n"
            f"- [-] **{line}** _{line}_ `{line}` [{line}]({line}) [[{line}]]\n"
        ),
        lead / "sessions" / "2026-11-10.yaml": (
            f"date: 2026-11-10\nskill: {said}\ntopics: [{said}]\n"
            f"levels: {{vision: one}}\nnext: {said}\nduration: {said}\n"
            f"actions:\n  - text: {said}\n    owner: {said}\n    due: {said}\n"
            f"    tags: [{said}]\n  - {quoted(words + ' due:2026-11-20')}\n"
            f"notes: {said}\n"
        ),
        lead / "sessions" / "2026-12-10.md": f"---\nskill: {said}\n---\n# {line}\n",
        lead / f"note {name}.md": f"# {line}\n- [ ] {line}\n",
        lead / f"broken {name}.md": f"---\na: [{line}\n",
        lead / "odd.md": f"---\n{line}: {line}\n---\n- [ ] x\n",
    }
    for path, text in put.items():
        path.write_bytes(text.encode("utf-8"))
    return lead.parent


def check(app: TldashApp) -> None:
    """No line of the screen holds what would act on a terminal or upset its columns."""
    width = app.size.width
    for strip in app.screen._compositor.render_strips():
        assert not FORBIDDEN.search(strip.text), repr(strip.text)
        assert strip.cell_length == width, repr(strip.text)
        assert not any("@click" in str(segment.style) for segment in strip if segment.style)


async def visit(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after the other, and look at the screen after each."""
    app = pilot.app
    assert isinstance(app, TldashApp)
    for key in keys:
        await pilot.press(key)
        check(app)


@pytest.mark.parametrize(
    ("name", "size"), [(name, size) for name, sizes in SIZES.items() for size in sizes]
)
async def test_hostile_words_on_every_screen(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    words = HOSTILE[name]
    opened = folder(tmp_path, words)
    (opened / "second" / "sessions").mkdir(parents=True)
    (opened / "second" / "lead.md").write_text("---\nname: Second\n---\n")
    app = dashboard(opened)
    async with app.run_test(size=size, notifications=True) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, OverviewPage)
        check(app)
        await visit(pilot, "down", "up", "t")
        leads = [lead.id for lead in app.state.workspace.leads]
        page = LeadPage(next(lead for lead in leads if lead.startswith("lead")))
        app.navigation.open(page)
        await until(pilot, lambda: app.screen is page, "the lead")
        check(app)
        await visit(pilot, "tab", "enter", "down", "down", "down", "space", "s", "left", "escape")
        app.action_open_page("problems")
        await visit(pilot, *["pagedown"] * 3, "escape")
        app.action_open_page("actions")
        await pilot.pause()
        await visit(pilot, "v", "v", "c", "pagedown", "slash")
        app.screen.query_one("Input").value = words
        await pilot.pause()
        check(app)
        await visit(pilot, "enter", "escape", "escape", "question_mark", "escape")
        for session in app.state.lead(page.lead_id).sessions:
            app.screen.post_message(OpenPage("session", page.lead_id, session.path))
            await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
            rows = app.screen.query_one(RowList)
            await until(pilot, lambda r=rows: bool(r.rows), "its text")
            await visit(pilot, "down", "space", "pagedown", "pagedown", "escape")
        app.action_open_page("trends", page.lead_id)
        await until(pilot, lambda: isinstance(app.screen, TrendsPage), "the trends")
        await visit(pilot, "end", "escape")
        for action in app.state.lead(page.lead_id).actions[:2]:
            place = action.task.text, action.task.path, str(action.task.line)
            app.action_open_page("item_history", "item", page.lead_id, *place)
            await until(pilot, lambda: app.state.history_end is not None, "the history")
            await visit(pilot, "end", "escape")
            app.set_state(history_end=None)
        await visit(pilot, "colon", *"open", "escape")
        app.service.stop()


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_in_what_is_said(tmp_path: Path, words: str) -> None:
    """Notices, notes about watching, and refusals quote files, names and the system."""
    opened = folder(tmp_path, "plain")
    app = dashboard(opened)
    async with app.run_test(notifications=True) as pilot:
        await loaded(pilot)
        task = app.state.workspace.leads[0].actions[0].task
        for word in (
            WatchStatus(words),
            EditsApplied((EditFailed(Remove(task), words, words),)),
            TextLoaded("x.md", None, words),
        ):
            app.post_message(ServiceResult(word))
            await pilot.pause()
            check(app)
        app.show_notice(Notice(words, bad=True))
        await pilot.pause()
        check(app)
        session = app.state.workspace.leads[0].sessions[0]
        page = SessionPage(app.state.workspace.leads[0].id, session.path)
        app.navigation.open(page)
        page.show_text(None, words)
        await pilot.pause()
        check(app)
        gone = LeadPage(words)
        app.navigation.open(gone)
        await until(pilot, lambda: app.screen is gone, "the page of nobody")
        check(app)
