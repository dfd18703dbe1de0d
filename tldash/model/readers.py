"""Who can read a file or folder, as far as its machine tells."""

from __future__ import annotations

from tldash.model.frozen import frozen


@frozen
class Readers:
    """Who can read a file besides its owner. Administrators always can."""

    users: bool = False
    """Whether other users of this machine can, or some of them by an access control list."""
    group: str = ""
    """The name of the group that can; empty if none can, or if it has no other members."""
    named: tuple[str, ...] = ()
    """The names of the others who can, if there are few: members of the group, another owner."""
    is_tracked: bool = False
    """Whether it is in the work tree of a repository from which others get it."""
    remotes: tuple[str, ...] = ()
    """The names of the remotes of that repository, if they are known."""
    synced: str = ""
    """The program that syncs a folder around it; empty if none is known."""
    is_known: bool = True
    """False if the system does not tell."""
