"""Places in files that a search has found."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from tldash.model.frozen import frozen


class PlaceKind(StrEnum):
    """What a text is that was found."""

    NOTES = "notes"
    ACTION = "action"
    TOPIC = "topic"
    GOAL = "goal"
    MARKER = "marker"
    FIELD = "field"
    """In front matter, settings or YAML."""


@frozen
class Place:
    """A place with all words of a query."""

    path: str
    """Workspace path of the file."""
    line: int
    column: int
    kind: PlaceKind
    lead: str
    """Id of the lead; empty for a file of no lead."""
    text: str
    """The line with the first of the words, without the space around it."""


@frozen
class FoundPlace:
    """A place with what is around it."""

    place: Place
    day: date | None
    """The day of its session; None outside of sessions."""
    is_phrase: bool
    """Whether the words follow each other there."""
    first_line: int
    """Number of the first of the lines."""
    lines: tuple[str, ...]
    """The lines of the file around the place."""


@frozen
class PlacesFound:
    """The best places of a search so far."""

    number: int
    """That of the search."""
    places: tuple[FoundPlace, ...]
    files: int
    """The number of files with all words."""
    is_complete: bool
    """Whether every file was searched."""
