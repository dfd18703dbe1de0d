"""The names that people give to the sections of a session."""

from __future__ import annotations

from typing import Final

from tldash.model.patterns import compile_pattern

_EDGES: Final = compile_pattern(r"^[\W_]+|[\W_]+$")
_SAME: Final = (
    frozenset({"notes", "note", "minutes", "discussion", "meeting notes", "session notes"}),
    frozenset({"agreements", "agreement", "agreed", "we agreed"}),
    frozenset({"structure", "is this structure working", "how we talk", "meta", "feedback"}),
    frozenset({"summary", "in short"}),
)


def normalize_heading(heading: str) -> str:
    """Return a heading in lower case, without signs and emoji around it: `✍ Notes:` -> `notes`."""
    return " ".join(_EDGES.sub("", heading).casefold().split())


def section_names(section: str) -> frozenset[str]:
    """Return the normalized names that mean the same section, the given one included."""
    name = normalize_heading(section)
    return next((names for names in _SAME if name in names), frozenset({name}))
