"""The queue that holds keys until everything that the ones before caused is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input, Static

from tests.support.dashboard import dashboard, loaded, sample, until
from tldash.tui.app import input_queue
from tldash.tui.app.input_queue import InputQueue, as_enter
from tldash.tui.screens.actions import ActionsPage


def key_events(keys: Iterable[str]) -> list[events.Key]:
    return [events.Key("enter", "\r") if key == "\r" else events.Key(key, key) for key in keys]


def send(app: App[None], keys: Iterable[str]) -> None:
    """Post keys as the terminal's driver does with those of one read."""
    for event in key_events(keys):
        app.post_message(event)


class Asking(App[None]):
    """Mounts an input when `a` is pressed, and waits for work elsewhere while `busy` is set."""

    BINDINGS = [Binding("a", "ask"), Binding("b", "count")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self.counted = 0
        self.dropped: list[int] = []
        self.input = InputQueue(self, lambda event: self.busy, self.dropped.append)

    def compose(self) -> ComposeResult:
        yield Static("x")

    async def on_event(self, event: events.Event) -> None:
        mine = isinstance(event, input_queue.Event) and not event.is_forwarded
        if mine and self.input.hold(event):
            return
        await super().on_event(event)

    def action_ask(self) -> None:
        box = Input()
        self.mount(box)
        box.focus()

    def action_count(self) -> None:
        self.counted += 1

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.input.remove()


async def test_keys_go_to_the_input_that_the_first_one_mounts() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        send(app, "babab")
        await until(pilot, lambda: not len(app.input), "all are released")
        assert app.counted == 1
        assert app.query_one(Input).value == "bab"
        send(app, "\rbb")
        await until(pilot, lambda: not len(app.input) and app.counted == 3, "they run again")


async def test_keys_wait_for_work_elsewhere_and_come_in_order() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.busy = True
        send(app, "ab")
        await pilot.pause(0.2)
        assert len(app.input) == 2
        app.busy = False
        app.input.check()
        await until(pilot, lambda: bool(app.query(Input)) and not len(app.input), "released")
        assert app.query_one(Input).value == "b"


async def test_keys_are_dropped_if_the_answer_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_queue, "LIMIT", 0.3)
    app = Asking()
    async with app.run_test() as pilot:
        app.busy = True
        send(app, "bbb")
        await until(pilot, lambda: app.dropped == [3], "they are dropped")
        app.busy = False
        send(app, "b")
        await until(pilot, lambda: app.counted == 1, "the keyboard works")


async def until_true(true: Callable[[], bool]) -> None:
    """Wait until `true` returns True, also while a widget is never idle."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_handler_that_never_ends_does_not_block_the_keys_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(input_queue, "LIMIT", 0.3)
    app = Asking()
    async with app.run_test():
        box, ends = app.query_one(Static), asyncio.Event()
        for _ in range(3):  # one is handled, the next one is about to be, and one is queued
            box.call_later(ends.wait)
        try:
            send(app, "bb")
            await until_true(lambda: app.dropped == [2])
            send(app, "b")
            await until_true(lambda: app.counted == 1)
        finally:
            ends.set()
        send(app, "bb")
        await until_true(lambda: app.counted == 3)
        assert app.dropped == [2]


async def test_messages_that_never_stop_do_not_hold_keys_for_long() -> None:
    app = Asking()
    async with app.run_test():
        box, stops = app.query_one(Static), asyncio.Event()

        async def again() -> None:
            await asyncio.sleep(0)
            if not stops.is_set():
                box.call_later(again)

        await again()
        try:
            send(app, "bab")
            await until_true(lambda: bool(app.query(Input)) and not len(app.input))
            assert app.counted == 1
            await until_true(lambda: app.query_one(Input).value == "b")
            assert app.dropped == []
        finally:
            stops.set()


def test_a_line_feed_is_enter() -> None:
    found = as_enter(events.Key("ctrl+j", "\n"))
    assert isinstance(found, events.Key)
    assert (found.key, found.character) == ("enter", "\r")
    by_itself = events.Key("ctrl+j", None)
    assert as_enter(by_itself) is by_itself


async def test_the_dashboard_takes_keys_again_after_a_lost_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_queue, "LIMIT", 0.3)
    app = dashboard(sample(tmp_path))
    async with app.run_test() as pilot:
        await loaded(pilot)
        app.edits._undoing = True  # an undo whose answer is lost
        send(app, "aj")
        await until(pilot, lambda: app.notice is not None, "they are dropped")
        assert app.notice is not None
        assert app.notice.text == "ignored 2 keys: the last command is still running"
        send(app, "a")
        await until(pilot, lambda: isinstance(app.screen, ActionsPage), "the next key works")
