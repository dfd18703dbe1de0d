"""Decide what holding a session with a lead opens."""

from __future__ import annotations

from tldash.insight.conversation import find_session_to_hold
from tldash.model.records import Lead, Moment
from tldash.tui.screens.messages import OpenPage, PlanSession, ShowNotice
from tldash.tui.state import State

NAME = "session_mode"


def hold_session(lead: Lead, state: State) -> OpenPage | PlanSession | ShowNotice:
    """Return the message that opens session mode.

    It is about the session of today, else the next planned one; without either, one is created.
    """
    session = find_session_to_hold(lead, state.now)
    if session is not None:
        return OpenPage(NAME, lead.id, session.path, session.section)
    if why := state.allowed.refusal("edits"):
        return ShowNotice(why)
    return PlanSession(lead, Moment(state.today), then=NAME)
