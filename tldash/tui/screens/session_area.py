"""The part of a screen that plans, moves and calls off sessions.

A screen puts its body into a `SessionArea`, and binds the keys. They apply to the session that the
screen is about, else to one of the lead that is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.containers import Vertical

from tldash.insight import moving
from tldash.insight.schedule import find_next_session
from tldash.model.dates import format_exact
from tldash.model.records import SessionStatus
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import OpenPage, SetSessionStatus, ShowNotice
from tldash.tui.screens.task_area import TaskArea

if TYPE_CHECKING:
    from tldash.model.records import Lead, Session
    from tldash.tui.state import State

SESSION_COMMANDS: Final[tuple[Command, ...]] = (
    commands.NEW_SESSION,
    commands.MOVE_SESSION,
    commands.CANCEL_SESSION,
    commands.MISS_SESSION,
    commands.REOPEN_SESSION,
)
"""The commands of every screen with a `SessionArea`."""
SELECT_LEAD: Final = "select a lead first"


class SessionArea(Vertical):
    """A container of what shows a lead or a session. Its questions appear in the task area."""

    DEFAULT_CSS = """
    SessionArea { height: 1fr; }
    """

    def __init__(
        self,
        tasks: TaskArea,
        current_lead: Callable[[State], Lead | None],
        current_session: Callable[[State], Session | None] = lambda state: None,
    ) -> None:
        """`current_session` returns the session that is meant, if that is not left to the key."""
        super().__init__()
        self._tasks = tasks
        self._current_lead = current_lead
        self._current_session = current_session

    def _find(self) -> tuple[State, Lead, Session | None] | None:
        """Return the lead and the session that are meant, or show that there is no lead."""
        state = self._tasks.state
        lead = self._current_lead(state) if state is not None else None
        if state is None or lead is None:
            self.post_message(ShowNotice(SELECT_LEAD))
            return None
        return state, lead, self._current_session(state)

    def action_new_session(self) -> None:
        """Ask for the day of the next session; if one is planned, open it and offer to move it."""
        from tldash.tui.prompts.sessions import ask_new_session  # the first screen needs no parsers

        found = self._find()
        if found is None:
            return
        state, lead, shown = found
        planned = moving.find_planned(lead, state.now)
        if planned is None:
            self._tasks.ask(ask_new_session(lead, state))
            return
        if shown is None or shown.place != planned.place:
            line = (str(planned.body_line),) if planned.section else ()
            self.post_message(OpenPage("session", lead.id, planned.path, *line))
        when, key = format_exact(planned.at, state.now), state.key_of(commands.MOVE_SESSION)
        how = f"; {key} moves it" if key else ""
        self.post_message(ShowNotice(f"planned already: {when}{how}", bad=False))

    def action_move_session(self) -> None:
        """Ask for another day: of the session that is meant, else of the lead's next one."""
        from tldash.tui.prompts.sessions import ask_move  # the first screen needs no parsers

        found = self._find()
        if found is None:
            return
        state, lead, session = found
        asked = ask_move(lead, session or find_next_session(lead, state.now).session, state)
        if isinstance(asked, str):
            self.post_message(ShowNotice(asked))
        else:
            self._tasks.ask(asked)

    def action_cancel_session(self) -> None:
        """Cancel the session that is meant, else the lead's next one."""
        found = self._find()
        if found is not None:
            state, lead, session = found
            coming = find_next_session(lead, state.now)
            why = f"{lead.name} has no next session planned"
            if coming.at is not None:
                key = state.key_of(commands.NEW_SESSION)
                why = f"the next session with {lead.name} has no file yet; {key} creates it"
            session = session or coming.session
            self._set_status(state, lead, session, SessionStatus.CANCELLED, why)

    def action_miss_session(self) -> None:
        """Mark the session that is meant as missed, else the lead's latest one not written up."""
        found = self._find()
        if found is not None:
            state, lead, session = found
            session = session or moving.find_session_to_miss(lead, state.now)
            session = session or find_next_session(lead, state.now).session
            why = f"{lead.name} has no session that could be missed"
            self._set_status(state, lead, session, SessionStatus.MISSED, why)

    def action_reopen_session(self) -> None:
        """Reopen the session that is meant, else the latest one that was cancelled or missed."""
        found = self._find()
        if found is not None:
            state, lead, session = found
            session = session or moving.find_called_off(lead)
            why = f"{lead.name} has no cancelled or missed session"
            self._set_status(state, lead, session, None, why)

    def _set_status(
        self,
        state: State,
        lead: Lead,
        session: Session | None,
        status: SessionStatus | None,
        missing: str,
    ) -> None:
        """Set the status of a session, or show why not; `missing` if there is no session."""
        why = moving.check_status(session, status, state.now) if session is not None else missing
        if why or session is None:
            self.post_message(ShowNotice(why))
        else:
            self.post_message(SetSessionStatus(lead.id, session.place, status))
