"""What others did while one looks on, told from what the viewer did, and the sentence about it.

A line of a file does not say who wrote it. What the viewer asked for here is known, though, and
what changed while the viewer's own editor was open is taken for the viewer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tldash.editing.edits import AddTask, SetLevel
from tldash.model.dates import pluralize
from tldash.model.item_keys import Key
from tldash.model.records import Lead, Workspace
from tldash.tui.state import State
from tldash.tui.widgets.bars import Notice

if TYPE_CHECKING:
    from tldash.activity.event import Event

TELLABLE: Final = 500
"""Changes beyond which a burst is not told one by one, and events that are kept."""


class News:
    """What the viewer is making, which is no news when it is there."""

    def __init__(self) -> None:
        self._adding: list[tuple[str, str]] = []
        self._levels: set[str] = set()
        self._planning: dict[str, frozenset[str]] = {}
        self.at_editor = False
        """Whether what changed since the last look may be the viewer's own, by hand."""

    def adds(self, edit: AddTask | SetLevel) -> None:
        """An item, or the level of a skill, is on its way to a file."""
        if isinstance(edit, SetLevel):
            self._levels.add(edit.path)
            return
        from tldash.formats.tasks.parse import parse

        self._adding.append((edit.path, parse(edit.text).text))

    def plans(self, lead: Lead) -> None:
        """The file of a session is on its way."""
        self._planning[lead.id] = frozenset(session.path for session in lead.sessions)

    def answered(self) -> None:
        """What was on its way is there now, or will never be."""
        self._adding.clear()
        self._levels.clear()
        self._planning.clear()

    def of_others(
        self, before: State, after: Workspace, new: frozenset[Key], own: set[Key]
    ) -> tuple[Event, ...]:
        """What somebody else did; nothing of a burst that is too large to be told."""
        if not 0 < len(new) <= TELLABLE:
            return ()
        from tldash.activity.detect import detect_events, stamp_events

        found = detect_events(before.workspace, after, before.now, own=own)
        return stamp_events(tuple(e for e in found if not self._is_own(e, after)), before.now)

    def _is_own(self, event: Event, after: Workspace) -> bool:
        if (event.path, event.text) in self._adding:
            return True
        if event.path in self._levels and event.kind in ("level raised", "level lowered"):
            return True
        were = self._planning.get(event.lead_id)
        lead = after.lead(event.lead_id) if were is not None else None
        if were is None or lead is None:
            return False
        return any(s.path == event.path and s.path not in were for s in lead.sessions)


def sentence(found: tuple[Event, ...], workspace: Workspace, shown: Notice | None) -> Notice:
    """What others did, in one sentence: whose it is and what, or how many changes there are.

    `shown` is what stands there; what it tells of others is counted with the rest.
    """
    from tldash.activity.describe import describe_event

    changes = len(found) + (shown.news if shown is not None else 0)
    if changes > 1:
        return Notice(pluralize(changes, "change"), news=changes)
    lead = workspace.lead(found[0].lead_id)
    whose = f"{workspace.named(lead)}: " if lead is not None else ""
    return Notice(f"{whose}{describe_event(found[0])}", news=1)
