"""The part of the dashboard that makes edits of what screens wish for, and says what came of it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode
from textual.reactive import var

from tldash.editing.edits import AddTask, Edit, SetLevel, describe
from tldash.model.dates import pluralize
from tldash.model.item_keys import find_added_task
from tldash.service import service
from tldash.service.service import Live
from tldash.tui.app.keys import Keyed
from tldash.tui.app.news import News, sentence
from tldash.tui.app.notices import taken_told, told
from tldash.tui.app.pending_edits import Wishes
from tldash.tui.keys import commands
from tldash.tui.screens.page import Page
from tldash.tui.state import State
from tldash.tui.widgets.bars import KeyBar, Notice

if TYPE_CHECKING:
    from tldash.activity.event import Event

SHORT, NEWS, LONG = 3.0, 6.0, 12.0
"""Seconds for which a notice stays: of what was done, of what others did, and of what was not."""


class Wishing(Keyed):
    """An app over some folders, with a state that all its screens are told."""

    state: var[State]

    def __init__(self, files: Live) -> None:
        # Textual's own answer to NO_COLOR is shades of grey; this one is no colour at all.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self._live = files
        self._wishes = Wishes()
        self._news = News()
        self.said: Notice | None = None
        self._left: dict[str, str] = {}
        """By batch on its way: what a wish about several could not be about, and why."""

    @property
    def wishing(self) -> bool:
        """Whether a wish is on its way to a file."""
        return self._wishes.waiting

    def _set(self, **parts: object) -> None:
        self.state = dataclasses.replace(self.state, **parts)  # type: ignore[arg-type]
        for screen in self._pages():
            screen.state = self.state

    def _pages(self) -> list[Page]:
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """What every key, click on a command and choice in the palette comes to.

        A command that is not allowed is answered by a sentence, before anything is asked or typed.
        """
        ours = default_namespace is None or isinstance(default_namespace, (App, Page))
        name = action if isinstance(action, str) else action[1]
        why = commands.objection(name.rpartition(".")[2], self.state.allowed) if ours else ""
        if why:
            self.notice(Notice(why, bad=True))
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def on_page_wants_status(self, message: Page.WantsStatus) -> None:
        """Tick or untick; it may be the mouse that asks."""
        if why := commands.objection("tick", self.state.allowed):
            self.notice(Notice(why, bad=True))
            return
        edit = self._wishes.toggle(message.task, self.state.today)
        for screen in self._pages():
            screen.keep(message.task)
        if edit is not None:
            self._live.edit(edit)

    def on_page_wants_change(self, message: Page.WantsChange) -> None:
        """Change a task item."""
        edit = self._wishes.change(message.task, message.change)
        for screen in self._pages():
            screen.keep(message.task)
        if edit is not None:
            self._live.edit(edit)

    def on_page_wants_all(self, message: Page.WantsAll) -> None:
        """Change several task items in one go, or tick them where no change is named."""
        from secrets import token_hex

        from tldash.history.journal import BATCH_LIMIT

        if len(message.tasks) > BATCH_LIMIT:
            most = f"{BATCH_LIMIT:,} is the most that one undo takes back"
            self.notice(Notice(f"not done to {len(message.tasks):,} items: {most}", bad=True))
            return
        today = self.state.today
        change = message.change or self._wishes.ticking(message.tasks, today)
        tasks = message.tasks
        if message.change is None and any(not task.status.closed for task in tasks):
            tasks = tuple(task for task in tasks if not task.status.closed)
        batch = token_hex(8)
        edits = self._wishes.change_all(tasks, change, batch)
        for screen in self._pages():
            for task in tasks:
                screen.keep(task)
        if edits:
            if message.left:
                self._left[batch] = message.left
            self._live.edit_all(edits, batch)

    def on_page_wants_adding(self, message: Page.WantsAdding) -> None:
        """Write down a task item, or the level of a skill."""
        if isinstance(message.edit, SetLevel):
            self._wishes.own.add(("session", message.edit.path))
        self._news.adds(message.edit)
        self._live.edit(message.edit)

    def on_page_wants_session(self, message: Page.WantsSession) -> None:
        """Make the file of a session to come."""
        self._news.plans(message.lead)
        self._live.plan(message.lead, self.state.now, message.day)

    def on_page_wants_notice(self, message: Page.WantsNotice) -> None:
        """Say why something was not done, or that it was."""
        self.notice(Notice(message.text, bad=message.bad))

    def on_page_wants_again(self, message: Page.WantsAgain) -> None:
        """Try a refused wish again."""
        edit = self._wishes.again(message.number, self.state.workspace)
        if edit is not None:
            self._live.edit(edit)
        else:
            self.action_undo()
        self._set(refused=self._wishes.refused)

    def on_page_wants_let_go(self, message: Page.WantsLetGo) -> None:
        """Forget a refused wish."""
        entry = self._wishes.let_go(message.number)
        if entry is not None:
            self._live.let_go(entry)
        self._set(refused=self._wishes.refused)

    def _written(self, word: service.Written) -> None:
        self._news.answered()
        again = self._wishes.written(word, self.state.workspace)
        if again is not None:
            self._live.edit(again, self._wishes.batch_of(again))
            return
        if isinstance(word.edit, AddTask) and isinstance(self.screen, Page):
            new = find_added_task(self.state.workspace, word.edit.path, word.edit.text)
            if new is not None:
                self.screen.select_task(new)
        already = "already " if word.already else ""
        trouble = f" · {word.trouble}" if word.trouble else ""
        self.notice(Notice(f"{already}{describe([word.edit])}{trouble}"))

    def _several(self, several: service.Several) -> None:
        """What came of edits that were made in one go; then what waited for them."""
        further: dict[str, list[Edit]] = {}
        for word in several.answers:
            if isinstance(word, service.NotWritten):
                self._wishes.not_written(word)
            elif (again := self._wishes.written(word, self.state.workspace)) is not None:
                further.setdefault(self._wishes.batch_of(again), []).append(again)
        for batch, edits in further.items():
            self._live.edit_all(edits, batch)
        self._set(refused=self._wishes.refused)
        self.notice(told(several, self._left.pop(several.batch, "")))

    def _taken_back(self, word: service.TakenBack | service.NotTakenBack) -> None:
        self._wishes.undoing = False
        if isinstance(word, service.TakenBack):
            if word.left:
                self._wishes.not_taken_back(*word.left)
                self._set(refused=self._wishes.refused)
            self.notice(taken_told(word))
        elif word.entry is None:
            self.notice(Notice(word.message, bad=True))
        else:
            self._wishes.not_taken_back(word)
            self._not_done(word.message, word.found)

    def _not_done(self, why: str, now: str) -> None:
        self._news.answered()
        found = f" · now: {now.strip()}" if now else ""
        self._set(refused=self._wishes.refused)
        self.notice(Notice(f"not done, {why}{found}", bad=True))

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

        self.set_timer(LONG if notice.bad else NEWS if notice.news else SHORT, clear)

    def _tell_news(self, found: tuple[Event, ...]) -> None:
        """Say on the last line what others did; never over what is said already, or typed."""
        from textual.widgets import Input  # not at the start

        page = self.screen
        if not found or self._news.at_editor or not isinstance(page, Page):
            return
        shown = page.query_one(KeyBar).notice
        if isinstance(page.focused, Input) or (shown is not None and not shown.news):
            return
        self.notice(sentence(found, self.state.workspace, shown))

    def action_copy(self) -> None:
        """To the clipboard of the terminal."""
        text = self.screen.to_copy() if isinstance(self.screen, Page) else ""
        if not text:
            self.notice(Notice("nothing is selected that could be copied", bad=True))
            return
        self.copy_to_clipboard(text)
        lines = text.split("\n")
        self.notice(
            Notice(f"copied: {lines[0] if len(lines) == 1 else pluralize(len(lines), 'line')}")
        )

    def action_undo(self) -> None:
        """Take back the last edit."""
        self._wishes.undoing = True
        self._live.undo()

    def action_redo(self) -> None:
        """Make it again."""
        self._wishes.undoing = True
        self._live.redo()
