"""Dispatch each key, click and paste once everything that the one before it caused is done.

Textual dispatches the keys of one read before a prompt that the first of them mounts has the focus,
so they would run as commands of the screen below. This queue holds them. It releases an event once
no widget has a message left and nothing that moves the selection is on its way: an edit, the text
of a session, the results of a palette. A burst of keys therefore has the effect of slow typing.

If an answer never comes, the held events are dropped after `LIMIT` seconds, since they were meant
for a screen that is not there yet. Later ones do not wait for it again.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from textual import events
from textual.app import App
from textual.events import InputEvent, Key, MouseMove, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

LIMIT: Final = 5.0
"""Seconds for which an event is held at most, without the time in which the loop is blocked."""
ROUND: Final = 0.2
"""Seconds to wait for the answers of widgets before they are asked again."""
STEP: Final = 0.05
"""Seconds after which a condition is checked again if nobody reports a change."""
QUIET: Final = 2
"""Rounds without a message after which everything is done. In the first one, a widget may be
waiting in the middle of a handler."""
MOST_ROUNDS: Final = 20
"""Answered rounds after which everything that a key caused is done, even if others cause more."""

Event = InputEvent | Paste


class Outside(Protocol):
    """Work outside of the message queues of widgets that events wait for."""

    def __call__(self, event: Event) -> bool:
        """Return whether an event has to wait."""


class InputQueue:
    """Events from the terminal, in the order in which they arrived."""

    def __init__(self, app: App[None], is_waiting: Outside, dropped: Callable[[int], None]) -> None:
        """`is_waiting` tells whether an event waits for more than widgets.

        `dropped` is called with the number of events that were held too long.
        """
        self._app = app
        self._is_waiting = is_waiting
        self._dropped = dropped
        self._held: deque[Event] = deque()
        self._released: Event | None = None
        self._typed_into: Widget | None = None
        """The input that got the last event, if that was a character."""
        self._gave_up = False
        """Whether events were dropped, and what they waited for has not come since."""
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, event: Event) -> bool:
        """Hold an event; False if it is to be dispatched now, since this queue released it."""
        if event is self._released:
            self._released = None
            return False
        if isinstance(event, MouseMove):  # only its last position matters
            return bool(self._held)
        self._held.append(event)
        self._begin()
        return True

    def check(self) -> None:
        """Check again whether the next event may be released."""
        self._changed.set()

    def stop(self) -> None:
        """Drop everything."""
        self._held.clear()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._release_all())
            self._task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            self._app.call_later(_raise, error)
        elif self._held:
            self._begin()

    async def _release_all(self) -> None:
        while self._held:
            event = self._held[0]
            if not self._continues_text(event) and not await self._wait(event):
                number = len(self._held)
                self._held.clear()
                self._dropped(number)
                return
            self._typed_into = self._app.focused if _is_text(event) else None
            self._released = self._held.popleft()
            self._app.post_message(event)
            await self._answered((self._app,))

    def _continues_text(self, event: Event) -> bool:
        """Return whether an event is one more character for the same input."""
        return (
            _is_text(event)
            and isinstance(self._typed_into, Input)
            and self._typed_into is self._app.focused
        )

    async def _wait(self, event: Event) -> bool:
        """Wait until an event may be released; False if it waited too long and is to be dropped."""
        waited, rounds, quiet = 0.0, 0, 0
        while waited < (ROUND if self._gave_up else LIMIT):
            began = time.monotonic()
            self._changed.clear()
            if quiet < QUIET and rounds < MOST_ROUNDS:
                answered = await self._answered(self._to_ask())
                rounds += answered
                quiet = quiet + 1 if answered and not any(self._queued()) else 0
            elif not self._is_waiting(event):
                self._gave_up = False
                return True
            elif self._gave_up:
                return True
            else:
                rounds = quiet = 0
                await _wait_for(self._changed, STEP)
            waited += min(time.monotonic() - began, ROUND)
        again, self._gave_up = self._gave_up, True
        return again

    async def _answered(self, pumps: Iterable[MessagePump]) -> bool:
        """Wait until these have handled every message that they have now; False if one did not."""
        done, left = asyncio.Event(), 0

        def answer() -> None:
            nonlocal left
            left -= 1
            if not left:
                done.set()

        left = sum([pump.call_later(answer) for pump in pumps])
        return not left or await _wait_for(done, ROUND)

    def _front(self) -> Screen[object] | None:
        return self._app.screen_stack[-1] if self._app.screen_stack else None

    def _to_ask(self) -> list[MessagePump]:
        """Return the pumps through which an event goes, and those that may be busy."""
        front = self._front()
        if front is None:
            return [self._app]
        found: dict[MessagePump, None] = {self._app: None, front: None}
        if front.focused is not None:
            found |= dict.fromkeys(front.focused.ancestors_with_self)
        for node in front.walk_children(Widget):
            if node.message_queue_size or not node.is_mounted:
                found[node] = None
        return [*found]

    def _queued(self) -> Iterator[bool]:
        front = self._front()
        yield bool(self._app.message_queue_size)
        if front is not None:
            for node in front.walk_children(Widget, with_self=True):
                yield bool(node.message_queue_size)


def as_enter(event: Event) -> Event:
    """Return Enter for a line feed.

    A terminal sends that for an Enter that was typed before it was in raw mode, and programs that
    type text send it for a line end.
    """
    return Key("enter", "\r") if isinstance(event, Key) and event.character == "\n" else event


def _is_text(event: Event) -> bool:
    return isinstance(event, events.Key) and event.is_printable


async def _wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, some seconds at most; return whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _raise(error: BaseException) -> None:
    raise error
