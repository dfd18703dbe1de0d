"""Folders and records for tests, with everything left out that a test does not care about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from tldash.model.records import (
    Action,
    Fields,
    Lead,
    Moment,
    Session,
    SessionStatus,
    Status,
    Task,
    Workspace,
)
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make the files, and the folders above them; returns `root`."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def opened(root: Path, files: Mapping[str, str | bytes]) -> Workspace:
    """What is read from a folder with these files."""
    return Folders([write(root, files)]).read()


def day(text: str) -> date:
    return date.fromisoformat(text)


def task(text: str = "call", status: Status = Status.OPEN, **fields: object) -> Task:
    place = {name: fields.pop(name) for name in ("path", "line", "section") if name in fields}
    box = {"done": "x", "cancelled": "-", "in-progress": "/"}.get(status, " ")
    raw = f"- [{box}] {text}"
    values = Fields(**fields)  # type: ignore[arg-type]
    return Task(
        str(place.get("path", "ada/notes.md")),
        int(str(place.get("line", 1))),
        raw,
        text,
        status,
        values,
        place.get("section", ()),  # type: ignore[arg-type]
    )


def action(
    text: str = "call", status: Status = Status.OPEN, session: str | None = None, **fields: object
) -> Action:
    coach = bool(fields.pop("coach_owned", False))
    made = task(text, status, **fields)
    owner = made.fields.owner or "ada"
    return Action("ada", made, owner, coach, day(session) if session else None)


def session(
    at: str, status: SessionStatus | None = None, written: bool = True, **more: object
) -> Session:
    """A session of that day; `next` may be a day too."""
    following = more.pop("next", None)
    return Session(
        "ada",
        f"ada/sessions/{at}.md",
        Moment(day(at)),
        status,
        1,
        has_notes=written,
        next=Moment(day(str(following))) if following else None,
        **more,  # type: ignore[arg-type]
    )


def lead(*sessions: Session, **more: object) -> Lead:
    """A monthly lead with these sessions, which must be in order."""
    given: dict[str, object] = {"name": "Ada Lindqvist", "coach": "Mira", "cadence": 30, **more}
    return Lead("ada", "ada", sessions=sessions, **given)  # type: ignore[arg-type]
