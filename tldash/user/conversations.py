"""What this machine knows about sessions under way: the clock, and the line being typed.

The shared file gets every finished line, and every note while it is typed. What else a conversation
needs after a crash is kept in the viewer's state folder, one JSON line for each session, and is
removed when the session is closed. Invalid lines are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage.state_file import StateFile

NAME: Final = "conversations.jsonl"
LIMIT: Final = 20
"""Conversations to keep, the latest ones."""


@frozen
class Conversation:
    """A conversation that was not closed yet."""

    session: str
    """The absolute path of the session's file, and the dated heading in a file of several."""
    part: int = 0
    spent: tuple[float, ...] = ()
    """Seconds in each part."""
    typed: str = ""
    """A line that is in no file yet."""


class ConversationStore:
    """The conversations under way of this user. Raises OSError and TimeoutError as StateFile."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / NAME)

    def load(self, session: str) -> Conversation | None:
        """Return the conversation of a session, if there is one."""
        return next((one for one in self._read() if one.session == session), None)

    def save(self, session: str, part: int, spent: tuple[float, ...], typed: str) -> None:
        """Store the conversation of a session."""
        conversation = Conversation(session, part, spent, typed)
        with self._file.locked():
            others = [one for one in self._read() if one.session != conversation.session]
            self._write([*others[-LIMIT + 1 :], conversation])

    def remove(self, session: str) -> None:
        """Remove the conversation of a session, if there is one."""
        with self._file.locked():
            found = [*self._read()]
            others = [one for one in found if one.session != session]
            if len(others) < len(found):
                self._write(others)

    def _read(self) -> Iterator[Conversation]:
        for line in self._file.read():
            with suppress(ValueError, TypeError, KeyError):
                yield _parse(json.loads(line))

    def _write(self, conversations: Iterable[Conversation]) -> None:
        self._file.replace(json.dumps(_dump(one)).encode() for one in conversations)


def _dump(one: Conversation) -> dict[str, object]:
    spent = [round(seconds) for seconds in one.spent]
    return {"session": one.session, "part": one.part, "spent": spent, "typed": one.typed}


def _parse(data: dict[str, object]) -> Conversation:
    session, part, spent, typed = (data[key] for key in ("session", "part", "spent", "typed"))
    if not isinstance(session, str) or not isinstance(typed, str) or not isinstance(spent, list):
        raise TypeError
    if not isinstance(part, int) or part < 0:
        raise ValueError
    return Conversation(session, part, tuple(max(float(one), 0.0) for one in spent), typed)
