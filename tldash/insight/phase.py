"""Tell active leads from those whose coaching is paused or has ended.

Paused and ended leads count nowhere: they need nothing, nothing of theirs is overdue or coming up,
and lists show them folded at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from tldash.model.records import Lead


class Phase(StrEnum):
    """Phase of a coaching, as `status:` in `lead.md` says. The values are written there."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


def find_phase(lead: Lead) -> Phase:
    """Return the phase of a lead. Any other status, and none, is active."""
    written = (lead.status or "").strip().lower()
    return Phase(written) if written in (Phase.PAUSED, Phase.ENDED) else Phase.ACTIVE


def is_active(lead: Lead) -> bool:
    """Return whether a lead counts: coaching is neither paused nor ended."""
    return not lead.status or find_phase(lead) is Phase.ACTIVE


def only_active(leads: Iterable[Lead]) -> list[Lead]:
    """Return the leads that count, in their order."""
    return [lead for lead in leads if is_active(lead)]
