"""The dashboard itself: it owns the state, and everything else is told.

Screens ask by message, the files thread answers with words (`tldash.live`), and only the handlers
here change the state. Nothing is shown that is not on disk: a tick appears when the file has it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import os
import signal
import sys
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var

from tldash import dates, live
from tldash.changes import changed, task_key, tasks_of
from tldash.files.edits import SetStatus, said
from tldash.live import Live
from tldash.records import Status, Task, Workspace
from tldash.tui import theme
from tldash.tui.commands import EVERYWHERE
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.widgets.bars import KeyBar, Notice

if TYPE_CHECKING:
    from textual.command import Provider

FIRST_READING = 0.3
"""Seconds that the first screen waits for a reading; after that it shows how far it has come."""
GLOW = 4.0
"""Seconds for which a change stays marked."""
SHORT, LONG = 3.0, 12.0
"""Seconds for which a notice stays: of what was done, and of what was not."""

Clock = Callable[[], datetime]


def _command_provider() -> type[Provider]:
    """The palette, which nobody waits for at the start."""
    from tldash.tui.palette import CommandProvider

    return CommandProvider


def _overview() -> Page:
    from tldash.tui.screens.overview import OverviewPage

    return OverviewPage()


def _lead_page(lead_id: str) -> Page:
    from tldash.tui.screens.lead import LeadPage

    return LeadPage(lead_id)


def _collect() -> None:
    """Collect garbage from now on, but never look again at what the start has made."""
    gc.freeze()
    gc.enable()


class TldashApp(App[None]):
    """The dashboard over some folders.

    Screens are imported when they are asked for, because a start is waited for.
    """

    TITLE = "tldash"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {_command_provider}
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in EVERYWHERE]
    CSS = """
    Screen { background: $background; color: $foreground; }
    """

    state: var[State]

    class Heard(Message):
        """Word from the files thread."""

        def __init__(self, word: live.Word) -> None:
            super().__init__()
            self.word = word

    def __init__(self, files: Live, clock: Clock) -> None:
        # Textual's own answer to NO_COLOR is shades of grey; this one is no colour at all.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self._live = files
        self._clock = clock
        known = files.first(FIRST_READING)
        self.state = State(known or Workspace(""), clock(), loaded=known is not None)
        self._wishes: dict[Hashable, Status] = {}
        self._own: set[Hashable] = set()
        self._before: dict[Hashable, Status] = {}
        self._undoing = False
        self.said: Notice | None = None
        for look in (theme.DARK, theme.LIGHT):
            self.register_theme(look)
        self.theme = theme.DARK.name

    def get_default_screen(self) -> Page:
        """A lead's own folder opens the lead's page, a folder of leads the overview."""
        leads = self.state.workspace.leads
        alone = len(leads) == 1 and not leads[0].path
        page = _lead_page(leads[0].id) if alone else _overview()
        page.state = self.state
        page.fit(self.size)
        return page

    def on_mount(self) -> None:
        """Begin to listen, to the system too: ended from outside, it leaves all in order."""
        with contextlib.suppress(NotImplementedError):  # Windows
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self._live.connect(self._hear)
        self.call_after_refresh(_collect)
        self.set_interval(20, self._tick_clock)

    def on_unmount(self) -> None:
        """Let the threads finish what they are writing."""
        self._live.stop()

    def _hear(self, word: live.Word) -> None:
        self.post_message(self.Heard(word))

    @property
    def wishing(self) -> bool:
        """Whether a wish is on its way to a file."""
        return bool(self._wishes)

    # What the files thread says

    def on_tldash_app_heard(self, message: Heard) -> None:
        """Take in one word."""
        match message.word:
            case live.Reading(done, of):
                self._set(progress=(done, of))
            case live.Known(workspace):
                self._know(workspace)
            case live.Watching(note):
                self._set(note=note)
            case live.Written() as word:
                self._written(word)
            case live.NotWritten() as word:
                self._not_written(word)
            case live.TakenBack(what, how):
                self._undoing = False
                self.notice(Notice(f"{how}: {what}"))
            case live.NotTakenBack() as word:
                self._undoing = False
                now = f" · now: {word.found}" if word.found else ""
                self.notice(Notice(f"{word.message}{now}", bad=bool(word.found or word.stuck)))
            case live.Opened() as word:
                self._opened(word)
            case live.Failed(error):
                raise error

    def _know(self, workspace: Workspace) -> None:
        before = self.state
        if not before.loaded:
            self._set(workspace=workspace, loaded=True, progress=None)
            first = self.get_default_screen()
            if not isinstance(self.screen, Page) or self.screen.NAME != first.NAME:
                self.switch_screen(first)
            return
        if workspace is before.workspace:
            return
        mine = self._undoing
        new = frozenset() if mine else changed(before.workspace, workspace, self._own)
        self._own.clear()
        self._set(workspace=workspace, fresh=before.fresh | new)
        if new:
            self.set_timer(GLOW, lambda: self._fade(new))
        for screen in self._pages():
            if screen.reads is not None:
                self._live.open(screen.reads)

    def _fade(self, keys: frozenset[Hashable]) -> None:
        self._set(fresh=self.state.fresh - keys)

    def _set(self, **parts: object) -> None:
        self.state = dataclasses.replace(self.state, **parts)  # type: ignore[arg-type]
        for screen in self._pages():
            screen.state = self.state

    def _pages(self) -> list[Page]:
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    def _tick_clock(self) -> None:
        """Days and hours go on: what was tomorrow is today."""
        now = self._clock()
        if (now.date(), now.hour, now.minute // 5) != (
            self.state.now.date(),
            self.state.now.hour,
            self.state.now.minute // 5,
        ):
            self._set(now=now)

    # What screens ask for

    def show_page(self, page: Page) -> None:
        """Put a screen in front."""
        page.state = self.state
        page.fit(self.size)
        self.push_screen(page)

    def on_page_wants_page(self, message: Page.WantsPage) -> None:
        """Go to a screen."""
        if message.to == "lead":
            self.show_page(_lead_page(*message.about))
        elif message.to == "session":
            from tldash.tui.screens.session import SessionPage

            lead_id, path, *line = message.about
            self.show_page(SessionPage(lead_id, path, int(line[0]) if line else 0))
            self._live.open(path)

    def on_page_wants_text(self) -> None:
        """Ask for the text of the file that the screen in front shows."""
        if isinstance(self.screen, Page) and self.screen.reads is not None:
            self._live.open(self.screen.reads)

    def _opened(self, word: live.Opened) -> None:
        for screen in self._pages():
            if screen.reads == word.path:
                screen.show_text(word.text, word.problem)

    def on_page_wants_status(self, message: Page.WantsStatus) -> None:
        """Tick or untick: of several presses on one item, the last wish wins."""
        key = task_key(message.task)
        pending = self._wishes.get(key)
        now = pending if pending is not None else message.task.status
        if now.closed:
            self._wishes[key] = self._before.pop(key, Status.OPEN)
        else:
            self._before[key] = now
            self._wishes[key] = Status.DONE
        for screen in self._pages():
            screen.keep(message.task)
        if pending is None:
            self._carry_out(message.task, self._wishes[key])

    def _carry_out(self, task: Task, status: Status) -> None:
        self._own.add(task_key(task))
        self._live.set_status(task, status, self.state.today)

    def _written(self, word: live.Written) -> None:
        if not isinstance(word.edit, SetStatus):
            self.notice(Notice(said(word.edit)))
            return
        task, status = word.edit.task, word.edit.status
        key = task_key(task)
        wanted = self._wishes.pop(key, status)
        if wanted is not status:
            again = self._find(key)
            if again is not None and again.status is not wanted:
                self._wishes[key] = wanted
                self._carry_out(again, wanted)
                return
        already = "already " if word.already else ""
        trouble = f" · {word.trouble}" if word.trouble else ""
        self.notice(Notice(f"{already}{said(word.edit)}{trouble}"))

    def _not_written(self, word: live.NotWritten) -> None:
        if isinstance(word.edit, SetStatus):
            self._wishes.pop(task_key(word.edit.task), None)
        now = f" · now: {word.found.strip()}" if word.found else ""
        self.notice(Notice(f"not changed, {word.message}{now}", bad=True))

    def _find(self, key: Hashable) -> Task | None:
        for lead in self.state.workspace.leads:
            for task in tasks_of(lead):
                if task_key(task) == key:
                    return task
        return None

    def notice(self, notice: Notice) -> None:
        """Say something on the last line of the screen in front."""
        self.said = notice
        if not isinstance(self.screen, Page):
            return
        bar = self.screen.query_one(KeyBar)
        bar.notice = notice

        def clear() -> None:
            if bar.notice is notice:
                bar.notice = None

        self.set_timer(LONG if notice.bad else SHORT, clear)

    def on_page_wants_editor(self, message: Page.WantsEditor) -> None:
        """Leave the screen to the editor, and look at everything again afterwards."""
        from tldash.tui import editor

        path = self._live.absolute(message.path)
        try:
            command = editor.arguments(path, message.line, os.environ)
        except editor.NoEditor as error:
            self.notice(Notice(str(error), bad=True))
            return
        self._leave_to(command)

    def _leave_to(self, command: list[str]) -> None:
        from tldash.tui import editor

        trouble = ""
        try:
            with self.suspend():
                trouble = editor.run(command)
        except SuspendNotSupported:
            trouble = "an editor cannot be opened from here"
        self.refresh(layout=True)
        self._live.reread()
        if trouble:
            self.notice(Notice(trouble, bad=True))

    def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """A command of the last line was clicked."""
        if isinstance(self.screen, Page):
            self.run_worker(self.screen.carry_out(message.command))

    # The commands of every screen

    def action_actions(self) -> None:
        """The list of all actions."""
        from tldash.tui.screens.actions import ActionsPage

        if not isinstance(self.screen, ActionsPage):
            self.show_page(ActionsPage())

    def action_problems(self) -> None:
        """The list of all problems."""
        from tldash.tui.screens.problems import ProblemsPage

        if not isinstance(self.screen, ProblemsPage):
            self.show_page(ProblemsPage())

    def action_undo(self) -> None:
        """Take back the last edit."""
        self._undoing = True
        self._live.undo()

    def action_redo(self) -> None:
        """Make it again."""
        self._undoing = True
        self._live.redo()

    def action_help(self) -> None:
        """Every key."""
        from tldash.tui.screens.help import HelpPage

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpPage):
            self.show_page(HelpPage(self.screen.NAME, self.screen.OWN))

    def action_manual(self) -> None:
        """The manual."""
        from tldash.tui.screens.manual import ManualPage

        if not isinstance(self.screen, ManualPage):
            self.show_page(ManualPage())

    def action_reread(self) -> None:
        """Read the whole folder again."""
        self._live.reread()
        self.notice(Notice("reading the whole folder again"))

    def action_theme(self) -> None:
        """From dark to light and back."""
        self.theme = theme.LIGHT.name if self.current_theme.dark else theme.DARK.name

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


def run(files: Live, today: date | None) -> None:
    """Open the dashboard and stay until it is left."""

    def clock() -> datetime:
        return dates.at(datetime.now().astimezone(), today)

    app = TldashApp(files, clock)
    app.run()
    if app.return_code:
        sys.exit(app.return_code)
