"""The list of what happened: what it shows, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from textual.app import App

from tests.support.dashboard import NOW, dashboard, loaded, sample, until
from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.records import write
from tests.tui.test_failed_edits import screen_text
from tldash.activity.detect import detect_events, stamp_events
from tldash.activity.event import Event, EventKind
from tldash.service.service import Service
from tldash.tui.app.app import TldashApp
from tldash.tui.screens.activity import SIGNS, ActivityPage
from tldash.tui.screens.lead import LeadPage
from tldash.tui.screens.session import SessionPage
from tldash.tui.widgets.row_list import RowList
from tldash.user.last_seen import LastSeen
from tldash.workspace.folders import Folders

SINCE = (
    ("ada/sessions/2026-10-05.md", "- [ ] (A) Write", "- [x] (A) ✅ 2026-11-19 Write"),
    ("ada/sessions/2026-10-05.md", "due:2026-11-18", "due:2026-12-02"),
    ("ada/sessions/2026-10-05.md", "on delegation @mira", "on delegation"),
    ("ada/skills.md", "- [ ] ", "- [x] "),
    ("ben/sessions/2026-11-19.md", "- [ ] Pickle wants", "- [ ] Pickle said that they want"),
    ("ben/sessions/2026-11-19.md", "duration: ", "levels: {listening: advanced}\nduration: "),
    ("chiara/lead.md", "cadence: monthly", "cadence: 3 weeks"),
)


def show_activity(app: App[None], tmp_path: Path) -> None:
    """As if others had changed a few things, before and since the dashboard was opened."""
    assert isinstance(app, TldashApp)
    other = sample(tmp_path / "other")
    folders = Folders([other])
    before = folders.read()
    for path, old, new in SINCE:
        file = other / path
        text = file.read_text("utf-8")
        assert old in text, path
        file.write_text(text.replace(old, new, 1), "utf-8")
    between = folders.read()
    (other / "deniz/sessions/2026-12-08.md").write_text(
        "---\ndate: 2026-12-08 16:00\n---\n## Agenda\n- [ ] The on-call rota\n", "utf-8"
    )
    watched = stamp_events(detect_events(between, folders.read(), NOW), NOW - timedelta(minutes=7))
    since = detect_events(before, between, NOW)
    app.set_state(since=since, activity=watched, last_visit=NOW - timedelta(days=3))


def an_event(
    kind: EventKind, lead: str = "ada", path: str = "", line: int = 1, text: str = "x"
) -> Event:
    return Event(kind, lead, text, path or f"{lead}/lead.md", line)


async def test_it_lists_what_happened_and_opens_the_session(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await loaded(pilot)
        session = app.state.workspace.leads[0].sessions[-1]
        task = session.actions[0].task
        ticked = Event(EventKind.TICKED, "ada", task.text, task.path, 1)
        fresh = stamp_events((an_event(EventKind.RAISED, "ben", text="listening"),), NOW)
        app.set_state(
            since=(ticked,), activity=fresh, last_visit=datetime(2026, 11, 17, tzinfo=NOW.tzinfo)
        )
        await pilot.press("y")
        assert isinstance(app.screen, ActivityPage)
        await until(pilot, lambda: "ticked off" in screen_text(app), "the list")
        text = screen_text(app)
        assert "SINCE YOU LAST LOOKED  3 days ago" in text
        assert "WHILE YOU WATCH" in text and "09:00" in text and "Ben Okafor" in text
        assert text.index("WHILE YOU WATCH") < text.index("SINCE YOU LAST LOOKED")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LeadPage), "the lead")
        await pilot.press("escape", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, SessionPage), "the session")
        rows = app.screen.query_one(RowList)
        await until(pilot, lambda: getattr(rows.selected, "task", None) == task, "its line now")


async def test_a_lead_who_is_gone_is_only_told_of(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await loaded(pilot)
        app.set_state(since=(an_event(EventKind.LEAD_DELETED, "zoe", text="Zoe"),))
        await pilot.press("y")
        await until(pilot, lambda: "deleted the lead Zoe" in screen_text(app), "the list")
        await pilot.press("enter")
        await until(pilot, lambda: app.notice is not None, "the notice")
        assert isinstance(app.screen, ActivityPage)


async def test_nothing_happened(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Changes by others appear" in screen_text(app), "the empty list")
        app.set_state(last_visit=NOW - timedelta(days=1))
        words = "No changes since you last looked (yesterday)."
        await until(pilot, lambda: words in screen_text(app), "the other empty list")


async def test_what_happens_while_it_is_open_comes_first(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        app.set_state(activity=(an_event(EventKind.ADDED, text="first"),))
        await until(pilot, lambda: 'added "first"' in screen_text(app), "one")
        chosen = app.screen.query_one(RowList).selected
        app.set_state(activity=(*app.state.activity, an_event(EventKind.ADDED, text="second")))
        await until(pilot, lambda: 'added "second"' in screen_text(app), "another")
        text = screen_text(app)
        assert text.index("second") < text.index("first")
        after = app.screen.query_one(RowList).selected
        assert chosen is not None and after is not None and after.key == chosen.key


async def test_words_of_a_file_are_no_markup_and_no_escape_sequences(tmp_path: Path) -> None:
    odd = "[/] [red]x[/red] [@click=app.quit]boo[/] \x1b]52;c;aGk=\x07 \u202e \n" + "y" * 400
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(80, 40), notifications=True) as pilot:
        await loaded(pilot)
        found = tuple(
            Event(kind, "ada", odd, "ada/x.md", 1, odd, odd if kind is EventKind.CHANGED else "")
            for kind in EventKind
        )
        app.set_state(since=found, activity=stamp_events(found, NOW))
        await pilot.press("y")
        await until(pilot, lambda: "[red]x[/red]" in screen_text(app), "the list")
        text = screen_text(app)
        assert "\x1b" not in text and "\u202e" not in text
        await pilot.press("G", "enter")
        assert app.is_running


def test_every_kind_has_a_sign() -> None:
    assert set(SIGNS) == set(EventKind)


ADA: Final = "Ada Lind <ada@example.org>"


def repository(folder: Path, texts: Sequence[str]) -> Path:
    """A folder of one lead, with a commit by Ada for each text, a day apart."""
    make_repository(folder)
    story, marks = Story(), ()
    for number, text in enumerate(texts):
        files = {"ada/lead.md": f"---\nname: Ada\n---\n{text}".encode()}
        marks = (story.commit(files, START + number * DAY, marks, author=ADA),)
    story.write(folder)
    git(folder, "reset", "-q", "--hard", "main")
    return folder


def seen(tmp_path: Path) -> TldashApp:
    folders = Folders([tmp_path / "c"])
    return TldashApp(
        Service(folders, lambda: LastSeen(tmp_path / "state", folders.places)), lambda: NOW
    )


async def test_git_tells_who_did_it_and_when_and_what_was_earlier(tmp_path: Path) -> None:
    """What is not committed has no author, also if an earlier commit has an equal event."""
    texts = ["- [ ] one\n", "- [x] one\n", "- [ ] one\n", "- [ ] one\n- [ ] two\n"]
    folder = repository(tmp_path / "c", texts[:3])
    async with seen(tmp_path).run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
    story = Story()
    story.commit({"ada/lead.md": f"---\nname: Ada\n---\n{texts[3]}".encode()}, START + 9 * DAY,
                 (git(folder, "rev-parse", "HEAD").strip(),), author=ADA)  # fmt: skip
    (folder / ".git/marks").unlink()
    story.write(folder)
    git(folder, "reset", "-q", "--hard", "main")
    write(folder, {"ada/lead.md": "---\nname: Ada\n---\n- [x] one\n- [ ] two\n"})
    app = seen(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        await until(pilot, lambda: len(app.state.since) == 2, "the news")
        await pilot.press("y")
        await until(pilot, lambda: "added the lead Ada" in screen_text(app), "the log")
        above, _, below = screen_text(app).partition("EARLIER")
        assert 'added "two" · Ada Lind' in above and "18 Oct" in above
        (ticked,) = [line for line in above.splitlines() if 'ticked off "one"' in line]
        assert "Ada Lind" not in ticked
        assert 'added "two"' not in below
        wanted = [
            "11 Oct",
            'reopened "one" · Ada Lind',
            "10 Oct",
            'ticked off "one" · Ada',
            "9 Oct",
        ]
        places = [below.index(words) for words in wanted]
        assert places == sorted(places)


HELD = {"ada/lead.md": "---\nname: Ada\n---\n", "ada/sessions/2025-10-09.md": "talked\n"}
BEFORE = "talked\n- [ ] one\n- [ ] two\n"
NAMED = "SINCE THE LAST SESSION WITH ADA  9 Oct 2025"
AFTER = "talked\n- [x] one ✅ 2025-10-11\n- [ ] two ➕ 2025-10-12\n"


async def test_what_happened_since_the_last_session_stays(tmp_path: Path) -> None:
    """Git tells it, and the dates in the files where there is no git. Two looks see the same."""
    session = "ada/sessions/2025-10-09.md"
    folder = make_repository(tmp_path / "git" / "c")
    story, marks = Story(), ()
    for number, text in enumerate(("talked\n", BEFORE, "more " + BEFORE, "more " + AFTER)):
        files = {path: one.encode() for path, one in {**HELD, session: text}.items()}
        marks = (story.commit(files, START + number * DAY // 2, marks, author=ADA),)
    story.write(folder)
    git(folder, "reset", "-q", "--hard", "main")
    write(folder, {session: "more " + AFTER.replace("- [ ] two", "- [-] two")})
    plain = write(tmp_path / "plain" / "c", {**HELD, session: AFTER})
    for of, wanted in (
        (folder.parent, ['dropped "two"', 'ticked off "one" · Ada Lind']),
        (plain.parent, ['added "two"', 'ticked off "one"']),
    ):
        for _ in range(2):
            app = seen(of)
            async with app.run_test(size=(120, 40)) as pilot:
                await loaded(pilot)
                await pilot.press("y")
                await until(pilot, lambda app=app: app.state.log_end is not None, "the log")
                await until(pilot, lambda app=app: NAMED in screen_text(app), "the section")
                _, _, below = screen_text(app).partition(NAMED)
                found, _, earlier = below.partition("EARLIER")
                places = [found.index(text) for text in wanted]
                assert places == sorted(places), found
                assert "added the lead" not in found and wanted[0] not in earlier
                await pilot.press("escape")
                if of is plain.parent:
                    await until(
                        pilot,
                        lambda app=app: "since 9 Oct 2025: 1 done, 1 added" in screen_text(app),
                        "the lead",
                    )


async def test_earlier_changes_are_loaded_at_the_end_of_the_list(tmp_path: Path) -> None:
    lines = [f"- [ ] a {number}\n" for number in range(130)]
    repository(tmp_path / "c", ["".join(lines[:number]) for number in range(130)])
    app = seen(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: len(app.state.log or ()) == 50, "the first part")
        for known in (100, 130):
            await pilot.press("end")
            await until(pilot, lambda known=known: len(app.state.log or ()) == known, "more")
        assert app.state.log_end == ""
        await pilot.press("end")
        await until(pilot, lambda: "added the lead Ada" in screen_text(app), "the first commit")


async def test_without_a_repository_it_says_so(tmp_path: Path) -> None:
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "it is not in a git repository" in screen_text(app), "why")


async def test_news_keep_what_is_loaded_on_the_screen(tmp_path: Path) -> None:
    lines = [f"- [ ] a {number}\n" for number in range(80)]
    folder = repository(tmp_path / "c", ["".join(lines[:number]) for number in range(80)])
    app = seen(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: len(app.state.log or ()) == 50, "the first part")
        await pilot.press("end")
        await until(pilot, lambda: len(app.state.log or ()) == 80, "more")
        file = folder / "ada" / "lead.md"
        write(folder, {"ada/lead.md": file.read_text() + "- [ ] new\n"})
        await until(pilot, lambda: len(app.state.activity) == 1, "the news")
        await until(pilot, lambda: len(app.state.log or ()) == 81, "the log with it")
        known = app.state.log
        assert known is not None
        assert [one.commit == "" for one in known] == [True, *[False] * 80]
