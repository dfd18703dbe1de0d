"""The two versions of a file in conflict, as they were read."""

from __future__ import annotations

from tldash.model.frozen import frozen


@frozen
class Sides:
    """The two versions of a file."""

    path: str
    """The workspace path of the file."""
    ours: str
    """The text of our version; empty if the file is gone."""
    theirs: str
    names: tuple[str, str]
    """What is known of each version: the label that git wrote, or the device and date in a name."""
    data: bytes | None
    """The bytes of the file; None if it is gone."""
    copy: str = ""
    """The workspace path of the conflict copy; empty if the conflict is between markers."""
    copy_data: bytes = b""
    others: int = 0
    """How many more copies of the file there are."""
