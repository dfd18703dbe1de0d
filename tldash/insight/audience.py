"""Address texts about leads to the viewer: only a lead of theirs needs "you"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tldash.insight.attention import AttentionReason, is_pressing
from tldash.insight.people import Viewer, ViewerRole, find_role
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import fold_text


@frozen
class Audience:
    """Who reads texts about leads."""

    viewer: Viewer | None = None
    assumed: bool = True
    """Whether an unknown viewer is taken for the coach, because there is only one."""

    @property
    def is_addressed(self) -> bool:
        """Whether texts say "you" at all."""
        return self.viewer is not None or self.assumed

    def role(self, lead: Lead) -> ViewerRole:
        """Return who the viewer is to a lead."""
        return find_role(self.viewer, lead)

    def concerns(self, lead: Lead) -> bool:
        """Return whether a lead is the viewer, or is coached by them."""
        return self.assumed if self.viewer is None else self.role(lead) is not ViewerRole.ANOTHER

    def is_needed(self, lead: Lead, reasons: Sequence[AttentionReason]) -> bool:
        """Return whether a lead needs the viewer for these reasons.

        Leads handle all of their own, also overdue actions. If nobody is addressed, it is whether
        the lead needs attention.
        """
        if self.role(lead) is ViewerRole.LEAD:
            return bool(reasons)
        return (self.concerns(lead) or not self.is_addressed) and is_pressing(reasons)


ANYBODY: Final = Audience()
"""An unknown viewer, who is taken for the coach."""


def find_audience(viewer: Viewer | None, leads: Iterable[Lead]) -> Audience:
    """Return the audience of texts about these leads."""
    if viewer is not None:
        return Audience(viewer)
    coaches = {fold_text(lead.coach or "") for lead in leads if not lead.is_rest}
    return Audience(None, len(coaches) < 2)
