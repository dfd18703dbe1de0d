"""Permissions of the viewer of a dashboard.

Read-only mode is enforced twice: `tldash.workspace.read_only` refuses every write, and the screens
hide the keys that need a permission.
"""

from __future__ import annotations

from typing import Final, Literal

from tldash.model.frozen import frozen

Requirement = Literal["", "edits", "programs", "sync"]
"""Permission that a command needs: none, editing files, starting programs, or running git."""

READ_ONLY_MESSAGE: Final = "this folder is open read-only"
NO_PROGRAMS_MESSAGE: Final = "the editor would open on the computer that runs tldash serve"
NO_SYNC_MESSAGE: Final = "only the owner of the folder syncs it, at their own terminal"


@frozen
class Permissions:
    """What the viewer may do."""

    can_edit: bool = True
    can_start_programs: bool = True
    """Whether keys may start the editor, and git."""
    can_remember: bool = True
    """Whether the state the viewer last saw is saved, for "since you last looked"."""

    def refusal(self, need: Requirement) -> str:
        """Return the message for a command that is not permitted, or `""` if it is."""
        if need and not self.can_edit:
            return READ_ONLY_MESSAGE
        if self.can_start_programs:
            return ""
        return {"programs": NO_PROGRAMS_MESSAGE, "sync": NO_SYNC_MESSAGE}.get(need, "")


FULL_ACCESS: Final = Permissions()
READ_ONLY: Final = Permissions(can_edit=False, can_start_programs=False, can_remember=False)
