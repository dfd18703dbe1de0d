"""The dashboard itself: it owns the state, and everything else is told.

Screens ask by message, the files thread answers with words (`tldash.service.service`), and only the
handlers here change the state. Nothing is shown that is not on disk: a tick appears when the file
has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.message import Message

from tldash.model import dates
from tldash.model.item_keys import find_changed_keys
from tldash.model.permissions import FULL_ACCESS, Permissions
from tldash.model.records import Workspace
from tldash.service import service
from tldash.service.service import Live
from tldash.tui import screens
from tldash.tui.app import garbage
from tldash.tui.app.news import TELLABLE
from tldash.tui.app.opening import Opening
from tldash.tui.app.recent_changes import Glow
from tldash.tui.keys.commands import EVERYWHERE
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.widgets.bars import KeyBar, Notice
from tldash.user.paths import own_settings

if TYPE_CHECKING:
    from textual.command import Provider

    from tldash.user.settings import Config

FIRST_READING = 0.1
"""Seconds that the first screen waits for a reading; after that it shows how far it has come."""
SOON = 0.05
"""Seconds in which a screen is drawn."""
HOME = "home"
"""The mode of the screens, where what was read asks for another first one than the default."""

Clock = Callable[[], datetime]


def _command_provider() -> type[Provider]:
    """The palette, which nobody waits for at the start."""
    from tldash.tui.palettes.commands import CommandProvider

    return CommandProvider


class TldashApp(Opening):
    """The dashboard over some folders.

    Screens are imported when they are asked for, because a start is waited for.
    """

    TITLE = "tldash"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {_command_provider}
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in EVERYWHERE]
    CSS = """
    Screen { background: $background; color: $foreground; }
    CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    """

    class Heard(Message):
        """Word from the files thread."""

        def __init__(self, word: service.Word) -> None:
            super().__init__()
            self.word = word

    def __init__(  # noqa: PLR0913, PLR0917 - all that it is begun with
        self,
        files: Live,
        clock: Clock,
        me: str | None = None,
        allowed: Permissions = FULL_ACCESS,
        view: tuple[str, ...] = (),
        own: Config | None = None,
    ) -> None:
        """`me` is who the viewer says to be, `view` what the overview begins with, if not usual.

        `own` are the viewer's own settings.
        """
        super().__init__(files)
        self._view = view
        self._clock = clock
        self._me = me
        self.own = own
        found = self.heed(self.own)
        known = files.first(FIRST_READING)
        first = State(Workspace(""), clock(), allowed, keymap=found.keymap, own=found.problems)
        self.state = _first_state(first, known, files.so_far)
        self._glow = Glow()

    def get_default_screen(self) -> Page:
        """A lead's own folder opens the lead's page, a folder of leads the overview."""
        leads = self.state.workspace.leads
        alone = len(leads) == 1 and not leads[0].path
        page = screens.make("lead", leads[0].id) if alone else screens.make("overview", *self._view)
        page.state = self.state
        page.fit(self.size)
        return page

    def on_mount(self) -> None:
        """Begin to listen, to the system too: ended from outside, it leaves all in order."""
        with contextlib.suppress(NotImplementedError):  # Windows
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self.set_interval(5, self._tick_clock)

    def on_ready(self) -> None:
        """The first screen stands: now begins what nobody waits for."""
        self._live.connect(self._hear)
        if self.state.loaded:
            self._soon(garbage.begin)
            self._live.since(self.state.now)
            self._meet_viewer()

    def on_unmount(self) -> None:
        """Let the threads finish what they are writing."""
        seen = self.state.loaded and self.state.allowed.remembering
        self._live.stop(self._clock() if seen else None)

    def _hear(self, word: service.Word) -> None:
        self.post_message(self.Heard(word))

    # What the files thread says

    def on_tldash_app_heard(self, message: Heard) -> None:
        """Take in one word."""
        match message.word:
            case service.Reading(done, of, workspace):
                self._set(workspace=workspace, progress=(done, of))
            case service.Known(workspace, asked):
                self._know(workspace)
                self._news.at_editor = self._news.at_editor and not asked
            case service.Watching() | service.Looked() as word:
                self._hear_of(word)
            case service.Written() as word:
                self._written(word)
            case service.Several() as word:
                self._several(word)
            case service.NotWritten() as word:
                self._wishes.not_written(word)
                self._not_done(word.message, word.found)
            case service.TakenBack() | service.NotTakenBack() as word:
                self._taken_back(word)
            case service.Made() | service.Opened() as word:
                self._opened(word)
            case service.Failed(error):
                raise error

    def _hear_of(self, word: service.Watching | service.Looked) -> None:
        if isinstance(word, service.Watching):
            self._set(note=word.note)
        else:
            self._set(since=word.events, looked=word.when)

    def _know(self, workspace: Workspace) -> None:
        before = self.state
        if not before.loaded:
            self._set(workspace=workspace, loaded=True, progress=None)
            self._soon(garbage.begin)
            self._settle_on_first_screen()
            self._live.since(self.state.now)
            self._soon(self._meet_viewer)
            return
        if workspace is before.workspace:
            return
        wishes = self._wishes
        own = find_changed_keys(before.workspace, workspace) if wishes.undoing else wishes.own
        new = find_changed_keys(before.workspace, workspace, own)
        lost = wishes.taken_over(before.workspace, workspace)
        others = self._news.of_others(before, workspace, new, wishes.own)
        wishes.own.clear()
        self._glow.light(new, time.monotonic())
        self._set(
            workspace=workspace,
            fresh=self._glow.keys,
            refused=wishes.refused,
            activity=(*before.activity, *others)[-TELLABLE:],
        )
        self._tell_news(others)
        if lost:
            self._not_done(f"{lost[-1].why}: {lost[-1].what}", "")
        if new and not before.fresh:
            self._fade_later()
        for screen in self._pages():
            if screen.reads is not None:
                self._live.open(screen.reads)

    def _soon(self, job: Callable[[], None]) -> None:
        """Do it when the screen is drawn, whichever that is by then.

        Textual's `call_after_refresh` is about the one in front now, and forgotten with it.
        """
        self.set_timer(SOON, job)

    def _settle_on_first_screen(self) -> None:
        """Now that the folder is known: the first screen that it asks for, below those in front."""
        first, *above = self._pages()
        wanted = self.get_default_screen()
        if first.NAME == wanted.NAME:
            return
        # Textual cannot switch a default screen for another, but modes have their own.
        self.add_mode(HOME, lambda: wanted)
        self.switch_mode(HOME)
        for page in above:
            if page.NAME in screens.PLAIN:
                self._go(page.NAME)

    def _meet_viewer(self) -> None:
        """A lead sees their own page first; the overview is behind it."""
        from tldash.user.identity import identity  # nobody waits for it

        self.heed_views()
        found = identity(self._me, os.environ, self.state.workspace.leads, self.own)
        if trouble := "; ".join(filter(None, [self.trouble(), found.trouble])):
            self.notice(Notice(trouble, bad=True))
        if found.viewer is not None:
            self._set(viewer=found.viewer)
        own = found.viewer.lead if found.viewer else None
        if own is not None and len(self.screen_stack) == 1 and self._pages()[0].NAME == "overview":
            self._go("lead", own)

    def _fade_later(self) -> None:
        if wait := self._glow.wait(time.monotonic()):
            self.set_timer(wait, self._fade)

    def _fade(self) -> None:
        self._glow.fade(time.monotonic())
        if self._glow.keys != self.state.fresh:
            self._set(fresh=self._glow.keys)
        self._fade_later()

    def _tick_clock(self) -> None:
        """Days and hours go on: what was tomorrow is today, and what was read is older."""
        garbage.collect_at_rest(time.monotonic() - self._glow.lit_at)
        age = int(self._live.age()) // 10 * 10
        if age != self.state.age:
            self.state = dataclasses.replace(self.state, age=age)
            for screen in self._pages():
                screen.tell(self.state)
        now = self._clock()
        if _five_minutes(now) != _five_minutes(self.state.now):
            self._set(now=now)

    # What screens ask for

    def show_page(self, page: Page) -> None:
        """Put a screen in front."""
        page.state = self.state
        page.fit(self.size)
        self.push_screen(page)

    def on_page_wants_page(self, message: Page.WantsPage) -> None:
        """Go to a screen."""
        self._go(message.to, *message.about)

    def _go(self, name: str, *about: str) -> None:
        """Show a screen, unless it is in front already."""
        front = self.screen
        if not isinstance(front, Page) or (name == front.NAME and not about):
            return
        page = screens.make(name, *about)
        self.show_page(page)
        if page.reads is not None:
            self._live.open(page.reads)

    def on_page_wants_text(self) -> None:
        """Ask for the text of the file that the screen in front shows."""
        if isinstance(self.screen, Page) and self.screen.reads is not None:
            self._live.open(self.screen.reads)

    def _opened(self, word: service.Opened | service.Made) -> None:
        """A text has come, or there is a new file to show."""
        if isinstance(word, service.Made):
            self._news.answered()
            self.notice(Notice(word.trouble or f"made {word.path}", bad=bool(word.trouble)))
            if not word.trouble:
                self._go("session", word.lead_id, word.path)
            return
        for screen in self._pages():
            if screen.reads == word.path:
                screen.show_text(word.text, word.problem)

    async def on_page_wants_command(self, message: Page.WantsCommand) -> None:
        """Something was chosen in the help: go back, and do it there."""
        await self.pop_screen()
        if isinstance(self.screen, Page):
            self.run_worker(self.screen.carry_out(message.command))

    def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """A command of the last line was clicked."""
        if isinstance(self.screen, Page):
            self.run_worker(self.screen.carry_out(message.command))

    # The commands of every screen

    def action_actions(self) -> None:
        """The list of all actions."""
        self._go("actions")

    def action_activity(self) -> None:
        """The list of what happened."""
        self._go("activity")

    def action_problems(self) -> None:
        """The list of all problems."""
        self._go("problems")

    def action_refused(self) -> None:
        """The list of what was not done."""
        self._go("failed_edits")

    def action_manual(self) -> None:
        """The manual."""
        self._go("manual")

    def action_overview(self) -> None:
        """The first screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_help(self) -> None:
        """Every key."""
        from tldash.tui.screens.help import HelpPage

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpPage):
            self.show_page(HelpPage(self.screen.NAME, self.screen.OWN))

    def action_jump(self) -> None:
        """Somewhere by name."""
        from tldash.tui.palettes.jump import palette

        if isinstance(self.screen, Page):
            self.push_screen(palette())

    def action_reread(self) -> None:
        """Read the whole folder again."""
        self._live.reread()
        self.notice(Notice("reading the whole folder again"))

    def action_go_back(self) -> None:
        """A step back on the screen, else to the screen before; the first one stays."""
        if isinstance(self.screen, Page) and self.screen.step_back():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_leave(self) -> None:
        """Quit from the first screen; elsewhere go back."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit()


def _first_state(empty: State, known: Workspace | None, so_far: service.Reading | None) -> State:
    """What the first screen draws: all of it, or as far as a long reading has come."""
    if known is not None:
        return dataclasses.replace(empty, workspace=known, loaded=True)
    if so_far is None:
        return empty
    progress = so_far.done, so_far.of
    return dataclasses.replace(empty, workspace=so_far.workspace, progress=progress)


def _five_minutes(now: datetime) -> tuple[date, int, int]:
    return now.date(), now.hour, now.minute // 5


def run(
    files: Live, today: date | None, me: str | None, allowed: Permissions, view: tuple[str, ...]
) -> None:
    """Open the dashboard and stay until it is left; the rest as for the app."""

    def clock() -> datetime:
        return dates.resolve_now(datetime.now().astimezone(), today)

    app = TldashApp(files, clock, me, allowed, view, own_settings())
    try:
        app.run()
    finally:
        files.stop()  # where the app could not: a process ends when its threads do
    if app.return_code:
        sys.exit(app.return_code)
