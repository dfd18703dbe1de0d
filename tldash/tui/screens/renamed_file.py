"""Follow the file of a session that gets another name while a screen shows it."""

from __future__ import annotations

from collections.abc import Sequence

from tldash.model.records import Session


class RenamedFile:
    """Follows the file of a session that is renamed, by whoever moves it."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._paths: frozenset[str] = frozenset()
        """The paths of all sessions of the lead while the file was there."""

    def follow(self, path: str, sessions: Sequence[Session]) -> str:
        """Return the path, or the new one if only one new file has the same content instead."""
        here = next((one for one in sessions if one.path == path), None)
        if here is not None:
            self._session, self._paths = here, frozenset(one.path for one in sessions)
            return path
        if self._session is None:
            return path
        content = _content(self._session)
        new = [one for one in sessions if one.path not in self._paths and _content(one) == content]
        return new[0].path if len(new) == 1 else path


def _content(session: Session) -> tuple[object, ...]:
    """Return what stays of a session that moves."""
    actions = tuple(action.task for action in session.actions)
    texts = tuple((task.text, task.status) for task in (*session.topics, *actions))
    return session.title, session.skill, session.levels, session.next, texts
