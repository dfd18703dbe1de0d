"""The dashboard app. It owns the state; its controllers do the work.

Screens post messages (`tldash.tui.screens.messages`), the service publishes results
(`tldash.service.results`), and only this app changes the state. The state shows what is on disk: a
tick appears once the file has it.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.message import Message
from textual.reactive import Reactive, var

from tldash.model import dates
from tldash.model.dates import pluralize
from tldash.model.permissions import FULL_ACCESS, Permissions
from tldash.model.places import PlacesFound
from tldash.model.records import Workspace
from tldash.output.hints import new_lead_command
from tldash.service import results
from tldash.service.service import Service
from tldash.tui import screens
from tldash.tui.app import garbage, terminal_size
from tldash.tui.app.conversation import ConversationController
from tldash.tui.app.day import DayController
from tldash.tui.app.editor import EditorController
from tldash.tui.app.edits import EditController
from tldash.tui.app.history import HistoryController
from tldash.tui.app.input import InputController
from tldash.tui.app.keys import KeyController
from tldash.tui.app.navigation import NavigationController
from tldash.tui.app.news import EVENT_LIMIT, NewsController
from tldash.tui.app.settings import ActiveSettings, SettingsController
from tldash.tui.app.signals import SignalController
from tldash.tui.app.themes import ThemeController, css_variables
from tldash.tui.app.typed import TypedController
from tldash.tui.keys import commands
from tldash.tui.keys.commands import EVERYWHERE, QUIT
from tldash.tui.screens import messages
from tldash.tui.screens.hold_session import hold_session
from tldash.tui.screens.page import Page, shows_private
from tldash.tui.state import State
from tldash.tui.style.theme import DARK, OURS
from tldash.tui.widgets.bars import KeyBar, Notice
from tldash.user.settings import load_existing

if TYPE_CHECKING:
    from textual.theme import Theme

    from tldash.tui.widgets.which_key import WhichKey
    from tldash.user.user_settings import UserSettings

FIRST_READ: Final = 0.1
"""Seconds that the first screen waits for the first read. After that it shows the progress."""
DRAWN_IN: Final = 0.05
"""Seconds in which a screen is drawn."""
REPOSITORY_AFTER: Final = 0.3
"""Seconds after the first read until the state of the repository is read."""
DONE_FOR, NEWS_FOR, FAILED_FOR = 3.0, 6.0, 12.0
"""Seconds for which a notice stays, by its kind."""

Clock = Callable[[], datetime]


class ServiceResult(Message):
    """A result of the service, passed from its thread to the app's."""

    def __init__(self, result: results.Result) -> None:
        super().__init__()
        self.result = result


class TldashApp(App[None]):
    """The dashboard over some folders."""

    TITLE = "tldash"
    ENABLE_COMMAND_PALETTE = False
    """Textual's own, which would take `ctrl+p`."""
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in EVERYWHERE]
    # The palette dims and covers the dashboard, but not while a theme is previewed.
    CSS = """
    Screen { background: $background; color: $foreground; }
    CommandList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    CommandPalette.-trying { background: transparent; CommandList { max-height: 35vh; } }
    """

    state: var[State]
    theme: Reactive[str] = Reactive(DARK.name)
    """With our default from the start, since a change restyles all."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything that a start can set
        self,
        service: Service,
        clock: Clock,
        me: str | None = None,
        allowed: Permissions = FULL_ACCESS,
        view: tuple[str, ...] = (),
        config: UserSettings | None = None,
        holds: str | None = None,
        timer: Callable[[], float] = time.monotonic,
        as_of: date | None = None,
    ) -> None:
        """Create the app.

        Args:
            service: The opened folders.
            clock: Returns the time.
            me: The name of the viewer.
            allowed: What the viewer may do.
            view: The filter, order and groups of the overview.
            config: The viewer's settings.
            holds: The id of the lead whose session to hold at once.
            timer: The clock of sessions, which never jumps.
            as_of: The day of which the folders are shown, if they are not those on disk.
        """
        # Textual shows greys for NO_COLOR; the terminal's own two colours are no colour at all.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.service = service
        self._view = view
        self._holds = holds
        self.gone: BaseException | None = None
        """Why the first read failed: the folder went away."""
        self.timer = timer
        self._clock = clock
        self._me = me
        self.themes = ThemeController(self)
        self.settings = SettingsController(config, self._apply_settings)
        self.settings.apply()
        self.news = NewsController(self)
        self.history = HistoryController(self, service)
        self.conversation = ConversationController(self, service)
        self.typed = TypedController(self, lambda: self.conversation.unwritten)
        self.edits = EditController(self, service, self.typed.keep, self.conversation)
        self.keys = KeyController(self)
        self.navigation = NavigationController(self, self, self.typed.keep_open)
        self.days = DayController(self, service, clock)
        self.input = InputController(self, self, self.edits, self.typed, self.days)
        self.signals = SignalController(self)
        self.editor = EditorController(self.signals.leave_terminal, self.show_notice)
        self.notice: Notice | None = None
        """The latest notice, on whichever screen."""
        first = State(
            Workspace(""),
            clock(),
            allowed,
            as_of,
            keymap=self.settings.current.keymap,
            settings_problems=self.settings.problems,
        )
        known = service.first(FIRST_READ)
        self.state = _first_state(first, known, service.first_progress)

    # State and screens

    def set_state(self, **parts: object) -> None:
        """Replace parts of the state, and pass it to the screens."""
        self.state = dataclasses.replace(self.state, **parts)  # type: ignore[arg-type]
        for page in self.pages:
            page.state = self.state

    @property
    def page(self) -> Page | None:
        """The screen in front; None if it is a palette, or if the app is ending."""
        front = self.screen_stack[-1] if self.is_running and self.screen_stack else None
        return front if isinstance(front, Page) else None

    @property
    def pages(self) -> list[Page]:
        """The open screens without palettes, the first one at the bottom; none of an app that ends.

        Its widgets are removed one by one, so nothing can be drawn any more.
        """
        screens = self.screen_stack if self.is_running else ()
        return [screen for screen in screens if isinstance(screen, Page)]

    def show_notice(self, notice: Notice, seconds: float | None = None) -> None:
        """Show a notice in the key bar of the screen in front, for some seconds."""
        self.notice = notice
        page = self.page
        if page is None:
            return
        if not page.is_mounted:
            page.call_later(self.show_notice, notice, seconds)
            return
        bar = page.query_one(KeyBar)
        bar.notice = notice

        def clear() -> None:
            if bar.notice is notice:
                bar.notice = None

        usual = FAILED_FOR if notice.bad else NEWS_FOR if notice.news else DONE_FOR
        self.set_timer(seconds or usual, clear)

    def get_default_screen(self) -> Page:
        """Return the page of the lead whose own folder is open, else the overview."""
        leads = self.state.workspace.leads
        alone = len(leads) == 1 and not leads[0].path
        page = screens.make("lead", leads[0].id) if alone else screens.make("overview", *self._view)
        page.state = self.state
        page.fit(self.size)
        return page

    def _apply_settings(self, settings: ActiveSettings, config: UserSettings | None) -> None:
        self.set_keymap(settings.keymap.textual())
        self.themes.apply(settings, config)

    # Start and end

    def on_load(self) -> None:
        """Handle signals before the terminal is changed."""
        self.signals.install()

    def on_ready(self) -> None:
        """Connect the service once the first screen is drawn."""
        if not self.signals.begin(self._driver):
            return
        self.set_interval(5, self._tick_clock)
        self.service.connect(lambda result: self.post_message(ServiceResult(result)))
        if self.state.loaded:
            _after_drawing(self, garbage.begin)
            self.service.find_activity(self.state.now)
            self._find_viewer()
        elif not self.input.queue:
            self.input.start()  # events of a viewer who sees how far the first read is

    def on_unmount(self) -> None:
        """End the threads; store what the viewer has seen."""
        self.input.queue.stop()
        seen = self.state.loaded and self.state.allowed.can_remember
        self.service.stop(self._clock() if seen else None, *self.history.unseen())

    def _find_viewer(self) -> None:
        """Find out who the viewer is, and open a lead's own page before the overview."""
        from tldash.user.identity import identify  # the first screen does not need it

        self.check_views()
        found = identify(self._me, os.environ, self.state.workspace.leads, self.settings.config)
        if problems := "; ".join(filter(None, [self.settings.describe_problems(), found.trouble])):
            self.show_notice(Notice(problems, bad=True))
        folder = next(iter(self.service.places.values()))
        self.set_state(viewer=found.viewer, how_to_add=new_lead_command(folder, Path.cwd()))
        own = found.viewer.lead if found.viewer else None
        if own is not None and len(self.screen_stack) == 1 and self.pages[0].NAME == "overview":
            self.action_open_page("lead", own)
        if self._holds is not None and (lead := self.state.lead(self._holds)) is not None:
            self._handle_request(hold_session(lead, self.state))
        self.service.find_readers(())
        self.input.start()
        self.set_timer(REPOSITORY_AFTER, self.service.read_repository)

    def _tick_clock(self) -> None:
        """Update the age of the data every ten seconds, and the time every five minutes."""
        garbage.collect_if_idle(time.monotonic() - self.news.recent.updated_at)
        age = int(self.service.age()) // 10 * 10
        if age != self.state.age:
            self.state = dataclasses.replace(self.state, age=age)
            for page in self.pages:
                page.update_age(self.state)
        if self.state.loaded:
            self.service.read_repository()
            own = self.settings.config
            self.history.sync_if_idle(own.sync if own is not None else 0)
        now = self.days.now()
        if _five_minutes(now) != _five_minutes(self.state.now):
            self.set_state(now=now)

    # Results of the service

    @on(ServiceResult)
    def handle_result(self, message: ServiceResult) -> None:
        """Pass a result to its controller."""
        match message.result:
            case results.FolderRead(workspace, asked):
                self._update_workspace(workspace)
                _load_conflicts(self)
                self.news.end_editing(asked=asked)
            case results.TextLoaded(path, text, error):
                self.input.take_text(path)
                _show_text(self.pages, path, text, error)
            case results.DayShown() as shown:
                self.days.take(shown)
                self._load_texts()
                _search_again(self.pages)
            case PlacesFound() | results.ConflictLoaded() as found:
                _show_found(self, found)
            case results.ConversationFound():
                self.conversation.pass_on(message.result)
            case results.EditsApplied() if self.conversation.take(message.result):
                pass
            case (
                results.ReadProgress() | results.NamesFound() | results.WatchStatus()
                | results.ReadersFound()
            ) as known:  # fmt: skip
                self.set_state(**_parts_of_state(known, self.state))
            case (
                results.ActivitySince()
                | results.LogLoaded()
                | results.DueDatesFound()
                | results.SubjectTraced()
                | results.RepositoryRead()
                | results.SyncProgress()
                | results.SyncEnded()
            ):
                self.history.take(message.result)
            case results.ServiceFailed() as failed:
                _end(self, failed)
            case result:
                self.edits.handle_result(result)
        self.input.queue.check()

    def _update_workspace(self, workspace: Workspace) -> None:
        before = self.state
        if not before.loaded:
            self.set_state(workspace=workspace, loaded=True, progress=None)
            _after_drawing(self, garbage.begin)
            self.navigation.settle(self.get_default_screen())
            self.service.find_activity(self.state.now)
            _after_drawing(self, self._find_viewer)
            return
        if workspace is before.workspace:
            return
        own = self.edits.own_changes(before.workspace, workspace)
        overwritten = self.edits.find_overwritten(before.workspace, workspace, own)
        found = self.news.compare(before, workspace, own)
        self.set_state(
            workspace=workspace,
            recent=self.news.recent.keys,
            failed_edits=self.edits.pending.failed,
            activity=(*before.activity, *found)[-EVENT_LIMIT:],
        )
        self.news.announce(found)
        if before.workspace.private is None and (problem := _describe_private(self.state)):
            self.show_notice(Notice(problem, bad=True))
        self.edits.announce_overwritten(overwritten)
        self._load_texts()
        _find_names(self)
        _search_again(self.pages)

    # Messages of screens

    @on(messages.LoadText)
    @on(messages.FindReaders)
    def _load_texts(self, message: messages.LoadText | messages.FindReaders | None = None) -> None:
        """Load the files that the open screens read, and that their prompts would write.

        Find out who can read those that they are about, too.
        """
        self.service.find_readers(sorted({path for page in self.pages for path in page.concerns}))
        if isinstance(message, messages.FindReaders):
            return
        reads = {path for page in self.pages for path in (page.reads, page.also_reads)}
        writes = {page.tasks.writes for page in self.pages if page.tasks is not None}
        private = {path for page in self.pages if page.private for path in page.private.reads}
        for path in filter(None, reads | writes | private):
            self.input.expect_text(path)
            self.service.load_text(path)
        _load_conflicts(self)

    @on(messages.EditTasks)
    @on(messages.ApplyEdit)
    @on(messages.RetryEdit)
    @on(messages.DismissEdit)
    @on(messages.PlanSession)
    @on(messages.CreateFiles)
    @on(messages.SaveBrief)
    @on(messages.ShareLine)
    @on(messages.MoveSession)
    @on(messages.SetSessionStatus)
    @on(messages.ResolveConflict)
    @on(messages.OpenPage)
    @on(messages.ShowNotice)
    @on(messages.KeepText)
    @on(messages.WriteLine)
    @on(messages.FindConversation)
    @on(messages.KeepConversation)
    @on(messages.SearchPlaces)
    @on(messages.ShowDay)
    @on(messages.LoadLog)
    @on(messages.FindDueDates)
    @on(messages.TraceSubject)
    @on(messages.ClosePage)
    def _handle_request(self, message: messages.Request) -> None:
        match message:
            case messages.OpenPage():
                self.action_open_page(message.name, *message.arguments)
            case messages.ClosePage():
                self.navigation.close(self.screen)
            case messages.SearchPlaces(number=number, wanted=wanted) if wanted is not None:
                self.service.search(number, wanted)
            case messages.SearchPlaces():
                self.service.end_search()
            case messages.ShowDay(day=day):
                self.days.show(day)
            case messages.LoadLog() | messages.FindDueDates() | messages.TraceSubject():
                self.history.handle_message(message)
            case messages.ShowNotice():
                self.show_notice(Notice(message.text, bad=message.bad))
            case messages.KeepText():
                self.typed.keep(message.question, message.text)
            case messages.WriteLine() | messages.FindConversation() | messages.KeepConversation():
                self.conversation.handle_message(message)
            case _:
                self.edits.handle_message(message)

    @on(messages.RunCommand)
    @on(KeyBar.Pressed)
    async def _handle_command(self, message: messages.RunCommand | KeyBar.Pressed) -> None:
        if isinstance(message, messages.RunCommand):
            if not self.navigation.close(message.closing):
                return
        elif self.page is None or message.bar not in self.page.query(KeyBar):
            return
        if self.page is not None:
            self.run_worker(self.navigation.carry_out(self.page, message.command))

    @on(messages.OpenEditor)
    def _handle_open_editor(self, message: messages.OpenEditor) -> None:
        own = Path(message.path).is_absolute()  # of a problem in the viewer's own files
        path = Path(message.path) if own else self.service.absolute(message.path)
        if not self.editor.open(path, message.line):
            return
        self.refresh(layout=True)
        self.news.note_editor(message.path, stays=self.editor.stays_open)
        self.service.reread()
        if self.settings.reload(path):
            self.set_state(
                keymap=self.settings.current.keymap, settings_problems=self.settings.problems
            )
        elif own:
            self.check_views()

    @on(messages.OpenPalette)
    def _open_palette(self, message: messages.OpenPalette) -> None:
        self.action_open_palette(message.name)

    def action_open_palette(self, name: str) -> None:
        """Open the palette of a module of `tldash.tui.palettes`."""
        from tldash.tui.palettes import make  # the first screen does not need it

        if self.page is not None:
            self.push_screen(make(name))

    @on(messages.CheckViews)
    def check_views(self) -> None:
        """Check the files of saved views and of names, and list their problems.

        The list of names is for the viewer at this terminal only, not for those of a server.
        """
        self.settings.check_views()
        if self.state.allowed.can_start_programs:
            self.settings.check_names()
        if self.settings.problems != self.state.settings_problems:
            self.set_state(settings_problems=self.settings.problems)
        if self.settings.guard is not self.state.guard:
            self.set_state(guard=self.settings.guard, name_problems=())
            _find_names(self)

    # Actions of every screen

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action of a key, a click or a palette entry, if the viewer may do it.

        One that is not allowed shows a notice before anything is asked or typed.
        """
        ours = default_namespace is None or isinstance(default_namespace, (App, Page))
        name = action if isinstance(action, str) else action[1]
        why = commands.objection(name.rpartition(".")[2], self.state.allowed) if ours else ""
        if why:
            self.show_notice(Notice(why, bad=True))
            return True
        bare = name.partition("(")[0]
        page = default_namespace if isinstance(default_namespace, Page) else None
        parts = page.action_targets(bare) if page is not None else []
        for part in parts:
            if await super().run_action(action, part, namespaces):
                return True
        return not parts and await super().run_action(action, default_namespace, namespaces)

    def action_open_page(self, name: str, *arguments: str) -> None:
        """Show a screen, unless it is in front already. The arguments are `screens.make`'s."""
        front = self.page
        if front is None or (name == front.NAME and not arguments):
            return
        if name == commands.BRIEF.name and not arguments:
            lead = front.tasks.find_lead(self.state) if front.tasks is not None else None
            if lead is None:
                self.show_notice(Notice("select a lead first", bad=True))
                return
            arguments = (lead.id,)
        page = screens.make(name, *arguments)
        self.navigation.open(page)
        if page.reads is not None:
            self.input.expect_text(page.reads)
            self.service.load_text(page.reads)

    def action_overview(self) -> None:
        """Return to the first screen."""
        self.typed.keep_open()
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_help(self) -> None:
        """Show every key."""
        from tldash.tui.screens.help import HelpPage

        if self.page is not None and not isinstance(self.page, HelpPage):
            self.navigation.open(HelpPage(self.page.NAME, self.page.OWN))

    def action_reread(self) -> None:
        """Read the folders again."""
        self.service.reread()
        self.show_notice(Notice("reloading the folder"))

    def action_sync(self) -> None:
        """Commit, merge and push with git, on another thread."""
        self.history.sync()

    def action_go_back(self) -> None:
        """Go back a step on the screen, else to the screen before; the first one stays."""
        page = self.page
        if page is None or (page.find_bar is not None and page.find_bar.step_back()):
            return
        if page.step_back() or self.navigation.close(page):
            return
        if self.days.is_earlier:
            self.days.show(None)

    def action_leave(self) -> None:
        """Quit from the first screen; elsewhere go back."""
        if self.navigation.close(self.screen):
            return
        if self.typed.may_quit(self.state.key_of(QUIT)):
            self.exit()

    async def action_quit(self) -> None:
        """Quit from anywhere. A palette is closed first, since it covers what is asked."""
        if self.page is None and self.state.typed:
            self.screen.dismiss()
        if self.typed.may_quit("ctrl+q"):
            self.exit()

    def action_copy(self) -> None:
        """Copy the selected lines to the clipboard of the terminal."""
        text = self.page.to_copy() if self.page is not None else ""
        if not text:
            private = self.page is not None and shows_private(self.page)
            why = "what only you can read is not copied" if private else "nothing to copy"
            self.show_notice(Notice(why, bad=True))
            return
        self.copy_to_clipboard(text)
        lines = text.split("\n")
        copied = lines[0] if len(lines) == 1 else pluralize(len(lines), "line")
        self.show_notice(Notice(f"copied: {copied}"))

    def action_revert(self, step: str) -> None:
        """Undo the latest edit (`undo`), or redo the one undone last (`redo`)."""
        if step == "undo":
            self.edits.undo()
        else:
            self.edits.redo()

    def action_repaint(self) -> None:
        """Draw everything again, over what other programs wrote to the terminal."""
        self.refresh(layout=True)

    def action_theme(self) -> None:
        """Switch between the dark and the light theme."""
        self.themes.toggle()

    # Hooks of Textual

    async def on_event(self, event: events.Event) -> None:
        """Hold an event from the terminal until the ones before it are done; drop it at the end.

        Textual looks for the screen of a key, which an app that ends no longer has.
        """
        if isinstance(event, events.InputEvent | events.Paste):
            if not self.is_running:
                return
            self.history.note_input()
        if isinstance(event, events.Resize):
            terminal_size.check_later(self)
        if self.input.hold(event):
            return
        if self.input.is_no_click(event):
            self._mouse_down_widget = None  # else Textual would make a click of it
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self.keys.cancel()
            event = self.input.prepare_paste(event)
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        """Ignore that a widget misses its children once the app ends.

        Textual mounts nothing more after `exit`, but still mounts what was begun.
        """
        if not (isinstance(error, NoMatches) and self.return_code is not None):
            super()._handle_exception(error)

    async def on_key(self, event: events.Key) -> None:
        """Handle keys that are no Textual bindings, and say which ones do nothing."""
        if await self.keys.press(event.key):
            event.prevent_default()
        elif self.page is not None and event.key not in self.active_bindings:
            self.keys.refuse(event.key)

    def watch_app_focus(self, focus: bool) -> None:
        """Focus a list in a browser page that is looked at.

        A page that watched this attribute itself would be kept in memory after it is closed.
        """
        if focus and self.page is not None:
            self.page.focus_list()

    def on_mouse_down(self) -> None:
        """Cancel a key of two presses on a click beside its panel."""
        self.keys.cancel()

    async def on_which_key_chosen(self, message: WhichKey.Chosen) -> None:
        """Treat a click on an entry of the panel as its key."""
        await self.keys.choose(message.key)

    @on(CommandPalette.Opened)
    @on(CommandPalette.OptionHighlighted)
    @on(CommandPalette.Closed)
    def _handle_palette(self, message: Message) -> None:
        self.themes.preview(message)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the filter that replaces icons, after Textual's."""
        found = super().get_line_filters()
        icon_filter = self.themes.icon_filter
        return [*found, icon_filter] if icon_filter.enabled else found

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by name, ours even before it is registered.

        Textual's constructor needs one before that. It is also asked for with each style.
        """
        return OURS.get(theme_name) or super().get_theme(theme_name)

    def get_css_variables(self) -> dict[str, str]:
        return css_variables(super().get_css_variables())

    def refresh_css(self, animate: bool = True) -> None:
        """Restyle the command palette too, which Textual leaves out."""
        super().refresh_css(animate)
        front = self.screen_stack[-1:]
        if front and front[0] not in self.children:
            nodes = front[0].walk_children(with_self=True)
            self.stylesheet.update_nodes(nodes, animate=animate)


def _after_drawing(app: TldashApp, job: Callable[[], None]) -> None:
    """Run a job once the screen is drawn.

    Textual's `call_after_refresh` drops the job if another screen comes in front before.
    """
    app.set_timer(DRAWN_IN, job)


def _find_names(app: TldashApp) -> None:
    """Search the files for the names of the viewer's list."""
    guard = app.state.guard
    app.service.find_names(guard.names if guard is not None else None)


def _describe_private(state: State) -> str:
    """Return the first problem of the private folders; empty if there is none."""
    private = state.workspace.private
    if private is None or not private.problems:
        return ""
    key = state.key_of(commands.PROBLEMS)
    return f"your private folder: {private.problems[0].message} ({key} lists it)"


def _show_text(pages: Sequence[Page], path: str, text: str | None, error: str) -> None:
    """Pass the text of a file to the screens that show it or whose prompt would write it."""
    for page in pages:
        if page.reads == path:
            page.show_text(text, error)
        if page.also_reads == path:
            page.show_other_text(text)
        own = page.private
        if own is not None and path in own.reads and own.take_text(path, text):
            page.redraw()
        if page.tasks is not None:
            page.tasks.take_text(path, text)


def _load_conflicts(app: TldashApp) -> None:
    """Compare the versions of the files in conflict that the open screens show."""
    for page in app.pages:
        if page.conflict is not None and page.conflict.compares:
            app.input.expect_conflict(page.conflict.compares)
            app.service.load_conflict(page.conflict.compares)


def _search_again(pages: Sequence[Page]) -> None:
    """Search once more on the screen that searches, since other text is to be found."""
    for page in pages:
        if page.search is not None:
            page.search.search_again()


def _show_found(app: TldashApp, found: PlacesFound | results.ConflictLoaded) -> None:
    """Pass found places, or the versions of a file, to the screen that asked for them."""
    if isinstance(found, results.ConflictLoaded):
        app.input.take_conflict(found.path)
    for page in app.pages:
        if isinstance(found, PlacesFound):
            if page.search is not None:
                page.search.show_places(found)
        elif page.conflict is not None and page.conflict.compares == found.path:
            page.conflict.show_conflict(found.sides, found.found, found.error)


def _first_state(
    empty: State, known: Workspace | None, progress: results.ReadProgress | None
) -> State:
    """Return the state of the first screen: complete, or as far as a long read has come."""
    if known is not None:
        return dataclasses.replace(empty, workspace=known, loaded=True)
    if progress is None:
        return empty
    return dataclasses.replace(
        empty, workspace=progress.workspace, progress=(progress.done, progress.of)
    )


def _five_minutes(now: datetime) -> tuple[date, int, int]:
    return now.date(), now.hour, now.minute // 5


def _end(app: TldashApp, failed: results.ServiceFailed) -> None:
    """Close the app if a folder went away before it was read. Raises anything else."""
    if not failed.without_folder:
        raise failed.error
    app.gone = failed.error
    app.exit()


def _parts_of_state(
    result: results.ReadProgress | results.NamesFound | results.WatchStatus | results.ReadersFound,
    before: State,
) -> Mapping[str, object]:
    """Return what is new in the state with a result of the service."""
    match result:
        case results.ReadProgress(done, of, workspace):
            return {"workspace": workspace, "progress": (done, of)}
        case results.NamesFound(problems):
            return {"name_problems": problems}
        case results.WatchStatus(warning):
            return {"watch_warning": warning}
        case results.ReadersFound(readers, problems):
            found = tuple({**dict(before.readers), **dict(readers)}.items())
            return {"readers": found, "readable": problems}


def run(  # noqa: PLR0913, PLR0917 - everything that a start can set
    service: Service,
    today: date | None,
    me: str | None,
    allowed: Permissions,
    view: tuple[str, ...],
    holds: str | None = None,
    as_of: date | None = None,
) -> None:
    """Run the dashboard until it is closed.

    `today` replaces the date of the clock, by default with `as_of`, the day of which the folders
    are shown; `holds` is the lead whose session to hold at once.
    Raises NoFolder if a folder went away before it was read.
    """

    def clock() -> datetime:
        return dates.resolve_now(datetime.now(dates.LOCAL_ZONE), today or as_of)

    config = load_existing()
    app = TldashApp(service, clock, me, allowed, view, config, holds, as_of=as_of)
    app.run()
    if app.gone is not None:
        raise app.gone
    if app.return_code:
        sys.exit(app.return_code)
