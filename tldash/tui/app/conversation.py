"""Write the line that is being typed in a session, and keep what a conversation needs to resume.

One write is on its way at a time, and the latest text is written next, so typing never waits for a
slow disk. All writes of a line are one batch, so one undo removes the line.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Final

from tldash.editing.edits import PutText
from tldash.insight.conversation import SessionClock
from tldash.service.results import ConversationFound, EditFailed, EditsApplied
from tldash.service.service import Service
from tldash.tui.app.host import Host
from tldash.tui.screens import messages

LINE_GONE: Final = "line-gone"
"""As in `tldash.editing.text_lines`, which the first screen does not need."""
RETRY: Final = 2.0
"""Seconds after which a write that failed is tried again."""


@dataclass(slots=True)
class _Line:
    """A line, as typed and as written."""

    edit: PutText
    """Its file, place and text."""
    written: str = ""
    before: list[str] = field(default_factory=list)
    """What was written earlier. A file saved by somebody who had not got the last write has it."""
    ended: bool = False
    batch: str = field(default_factory=lambda: os.urandom(8).hex())


class ConversationController:
    """The lines typed in sessions under way."""

    def __init__(self, host: Host, service: Service) -> None:
        self._host = host
        self._service = service
        self._lines: list[_Line] = []
        """The lines that are not complete in their file, the one being typed last."""
        self._sent: tuple[_Line, PutText] | None = None
        """The line whose write is on its way, and that write."""
        self.trouble = ""
        """Why the last write failed; empty if it did not."""

    @property
    def on_its_way(self) -> PutText | None:
        """The write that is on its way."""
        return self._sent[1] if self._sent is not None else None

    @property
    def busy(self) -> bool:
        """Whether text is typed that will be in its file in a moment."""
        return not self.trouble and (self._sent is not None or self._find_unwritten() is not None)

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The texts that could not be written."""
        lines = self._lines if self.trouble else ()
        return tuple(one.edit.text for one in lines if one.edit.text != one.written)

    def handle_message(self, message: messages.ConversationMessage) -> None:
        """Do what a screen asks for."""
        match message:
            case messages.WriteLine():
                self._write(message.line, ended=message.ended)
            case messages.FindConversation():
                self._service.find_conversation(message.path, message.section)
            case messages.KeepConversation():
                self._keep(message)

    def _keep(self, message: messages.KeepConversation) -> None:
        clock = message.clock
        kept = (clock.part, clock.spent, message.typed) if clock is not None else None
        self._service.keep_conversation(message.path, message.section, kept)

    def _write(self, edit: PutText, *, ended: bool) -> None:
        line = self._lines[-1] if self._lines and not self._lines[-1].ended else None
        if line is None:
            line = _Line(edit)
            self._lines.append(line)
        elif _place(line.edit) != _place(edit):  # it became a line of another kind
            line.edit, line.ended = replace(line.edit, text=""), True
            line = _Line(edit)
            self._lines.append(line)
        line.edit, line.ended = edit, ended
        self._send_next()

    def _find_unwritten(self) -> _Line | None:
        return next((one for one in self._lines if one.edit.text != one.written), None)

    def _send_next(self) -> None:
        if self._sent is not None:
            return
        self._lines = [one for one in self._lines if not one.ended or one.edit.text != one.written]
        line = self._find_unwritten()
        if line is not None:
            edit = replace(line.edit, was=line.written)
            self._sent = line, edit
            self._service.apply((edit,), line.batch)

    def take(self, result: EditsApplied) -> bool:
        """Take the outcome of a write; False if it is that of another request."""
        if self._sent is None or result.batch != self._sent[0].batch:
            return False
        (line, edit), self._sent = self._sent, None
        outcome = result.outcomes[0]
        if not isinstance(outcome, EditFailed):
            line.before = [*filter(None, [*line.before, line.written])]
            line.written, self.trouble = edit.text, ""
        elif outcome.code == LINE_GONE:
            # Somebody saved an older version of the file, or changed or removed the line.
            line.written = line.before.pop() if line.before else ""
        else:
            self.trouble = outcome.message
            self._host.set_timer(RETRY, self._send_next)
            self._show()
            return True
        self._show()
        self._send_next()
        return True

    def _show(self) -> None:
        for page in self._host.pages:
            if page.conversation is not None:
                page.conversation.show_writing(self.trouble, busy=self.busy)

    def pass_on(self, result: ConversationFound) -> None:
        """Pass what is known about a session to the screen that shows it."""
        kept = result.conversation
        clock = SessionClock(kept.part, kept.spent) if kept is not None else None
        for page in self._host.pages:
            if page.conversation is not None and page.reads == result.path:
                page.conversation.show_conversation(clock, kept.typed if kept is not None else "")


def _place(edit: PutText) -> tuple[str, str, str, str]:
    return edit.path, edit.section, edit.form, edit.within
