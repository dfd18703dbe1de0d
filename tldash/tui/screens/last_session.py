"""The notes of a lead's last session, as far as they are loaded."""

from __future__ import annotations

from tldash.model.records import Session
from tldash.output.passage import Passage


class LastSessionNotes:
    """Follows a session whose file the service loads, and keeps its notes."""

    def __init__(self) -> None:
        self._path: str | None = None
        self.found: tuple[Passage, ...] | None = None
        """The notes; None while they are loading."""
        self.error = ""
        """Why the file could not be read."""

    def follow(self, session: Session | None) -> bool:
        """Change to a session; True if its text is yet to be loaded."""
        path = session.path if session is not None else None
        if path == self._path:
            return False
        self._path, self.found, self.error = path, None, ""
        return path is not None

    def take_text(self, session: Session, text: str | None, error: str) -> bool:
        """Take the text of the session's file; True if there is something new to draw."""
        found = None
        if text is not None:
            from tldash.output.passages import extract_notes, parse_passages

            tasks = (*session.topics, *(action.task for action in session.actions))
            found = extract_notes(parse_passages(text, session.path, tasks, session))
        changed = (found, error) != (self.found, self.error)
        self.found, self.error = found, error
        return changed
