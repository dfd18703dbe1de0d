"""What the viewer of a dashboard may do, beside looking.

Somebody may show a folder to others, or look at one that is not to be touched. Then the files have
a door that stays shut (`tldash.workspace.read_only`), and the screens offer nothing that would
knock at it.
"""

from __future__ import annotations

from typing import Final, Literal

from tldash.model.frozen import frozen

Requirement = Literal["", "edits", "programs"]
"""What a command cannot do without."""

READ_ONLY_MESSAGE: Final = "this is open for reading only"
NO_PROGRAMS_MESSAGE: Final = "an editor would open where tldash serve runs, not here"


@frozen
class Permissions:
    """What may be done."""

    can_edit: bool = True
    """Whether the files may be changed."""
    can_start_programs: bool = True
    """Whether another program may be started: the editor."""
    can_remember: bool = True
    """Whether it is kept what the viewer has seen."""

    def refusal(self, need: Requirement) -> str:
        """Why what needs that is not done; empty where it may be."""
        if need and not self.can_edit:
            return READ_ONLY_MESSAGE
        return NO_PROGRAMS_MESSAGE if need == "programs" and not self.can_start_programs else ""


FULL_ACCESS: Final = Permissions()
READ_ONLY: Final = Permissions(can_edit=False, can_start_programs=False, can_remember=False)
