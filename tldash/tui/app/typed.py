"""Keep typed text that was not written: for the next prompt, and before quitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tldash.tui.app.host import Host
from tldash.tui.widgets.bars import KeyBar, Notice

ASK_FOR: Final = 12.0
"""Seconds for which the notice about text that would be lost stays."""
LONGEST: Final = 40
"""Characters of that text in the notice."""


class TypedController:
    """The text of cancelled and open prompts, by question."""

    def __init__(self, host: Host, unwritten: Callable[[], Sequence[str]]) -> None:
        """`unwritten` returns the lines of a session that could not be written."""
        self._host = host
        self._unwritten = unwritten
        self._asked: Notice | None = None
        """The notice that asks before quitting. The key quits as long as it is shown."""

    def keep(self, question: str, text: str) -> None:
        """Keep the text of a prompt; an empty one forgets it."""
        before = self._host.state.typed
        typed = {asked: kept for asked, kept in before if asked != question}
        if text.strip():
            typed[question] = text
        if dict(before) != typed:
            self._asked = None
            self._host.set_state(typed=tuple(typed.items()))

    def keep_open(self) -> None:
        """Keep the text of the open prompts, whose screens are about to be closed."""
        for page in self._host.pages:
            if page.tasks is not None and page.tasks.typed is not None:
                self.keep(*page.tasks.typed)

    def may_quit(self, key: str) -> bool:
        """Return whether to quit. Text that would be lost is shown first; `key` quits then."""
        self.keep_open()
        state = self._host.state
        lost = [text.strip() for _, text in state.typed]
        lost += [failed.typed for failed in state.failed_edits if failed.typed]
        lost += self._unwritten()
        page = self._host.page
        if not lost or page is None:
            return True
        if self._asked is not None and page.query_one(KeyBar).notice is self._asked:
            return True
        text = lost[-1] if len(lost[-1]) <= LONGEST else f"{lost[-1][: LONGEST - 1]}…"
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        self._asked = Notice(f"{key} again discards the text “{text}”{more}", bad=True)
        self._host.show_notice(self._asked, ASK_FOR)
        return False
