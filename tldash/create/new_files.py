"""Create the files of new folders, leads and sessions. Never overwrites anything.

The command line and the dashboard both use this, so they create the same files.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from secrets import token_hex
from typing import Final

from tldash.create import templates
from tldash.editing.edits import Refused
from tldash.insight.moving import find_promise_to_move
from tldash.model.file_roles import CONFIG_NAMES, FileRole
from tldash.model.records import Lead
from tldash.model.sanitize import to_single_line
from tldash.storage.layout import detect_layout
from tldash.storage.safe_open import describe_error
from tldash.storage.write import WriteRefused, create
from tldash.workspace.folders import Folders
from tldash.workspace.sessions import follow_plan

MOST_BRIEFS: Final = 100
"""The number from which names for a saved brief end."""


def create_settings(folder: Path, coach: str | None = None) -> Path:
    """Create `tldash.yaml` in a folder, and the folder itself if it is missing.

    Returns:
        The path of the new file.

    Raises:
        Refused: The folder already has settings or cannot be written. Nothing was created.
    """
    try:
        real = folder.expanduser().resolve()
        there = next((name for name in CONFIG_NAMES if os.path.lexists(real / name)), None)
        above = next(path for path in (real, *real.parents) if os.path.lexists(path))
    except (OSError, RuntimeError, ValueError) as error:
        why = describe_error(error) if isinstance(error, OSError) else str(error)
        raise Refused("folder", f"invalid folder: {why}") from error
    if there is not None:
        raise Refused("exists", f"the folder already has a {there}")
    if not os.path.isdir(above):  # noqa: PTH112 - never raises
        raise Refused("folder", f"{above} is a file, not a folder")
    name, text = templates.render_settings(real.name, coach)
    file = real / name
    try:
        create(above, file.relative_to(above).as_posix(), text.encode("utf-8"))
    except WriteRefused as error:
        raise Refused(error.code, f"{file}: {error.message}") from error
    return file


def create_lead(folders: Folders, new: templates.NewLead) -> tuple[str, ...]:
    """Create the files of a new lead in the first opened folder.

    Returns:
        The workspace paths of the new files, `lead.md` first.

    Raises:
        Refused: The name is taken, the opened folder is a lead's own, or a file cannot be created.
            If only `lead.md` was created, it is a valid lead.
    """
    known = folders.workspace.leads
    words = to_single_line(new.name).casefold()
    namesake = next((one for one in known if one.path and one.name.casefold() == words), None)
    if namesake is not None:
        raise Refused("exists", f"{namesake.name} is already a lead, in {namesake.path}")
    root = folders.roots[0]
    try:
        taken = [entry.name for entry in os.scandir(root)]
    except OSError as error:
        raise Refused("folder", f"{root} cannot be read: {describe_error(error)}") from error
    files = templates.render_lead(new, folders.workspace.framework, taken)
    there = detect_layout(folders.trees[0].files)
    is_own = "" in there.leads and there.rest is None
    if is_own and not {FileRole.LEAD, FileRole.SESSION}.isdisjoint(there.roles.values()):
        raise Refused(
            "own-folder", f"{root} is the folder of a lead; add leads to its parent folder"
        )
    batch = token_hex(8)
    folder = "".join(f"{name}/" for name in folders.workspace.folders[:1])
    for path, text in files:
        _create(folders, folder + path, text, f"new lead: {new.name}", batch)
    return tuple(folder + path for path, _ in files)


def create_session(
    folders: Folders,
    lead: Lead,
    now: datetime,
    day: date | None = None,
    time: time_of_day | None = None,
) -> str:
    """Create the file of a lead's next session.

    If only the `next` date of the last session named it, on another day, that date moves along.

    Returns:
        The workspace path of the new file.

    Raises:
        Refused: See `templates.render_next_session`, or the file cannot be created.
    """
    path, text = templates.render_next_session(lead, folders.workspace.framework, now, day, time)
    what, batch = f"new session: {path}", token_hex(8)
    promise = find_promise_to_move(lead, day, time, now)
    _create(folders, path, text, what, batch)
    if promise is not None:
        follow_plan(folders, lead.id, promise, what, batch)
    return path


def create_files(folders: Folders, files: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Create files with these workspace paths and texts. Returns the paths.

    Raises:
        Refused: A file is there already, or cannot be created.
    """
    batch = token_hex(8)
    for path, text in files:
        _create(folders, path, text, f"created: {path}", batch)
    return tuple(path for path, _ in files)


def create_brief(folders: Folders, lead: Lead, text: str) -> str:
    """Save a brief as `brief.md` in the folder of a lead, or with a number after the name.

    Returns:
        The workspace path of the new file.

    Raises:
        Refused: The file cannot be created.
    """
    is_file = any(session.section for session in lead.sessions)
    stem = f"{lead.path}-brief" if is_file else f"{lead.path}/brief".removeprefix("/")
    for number in range(1, MOST_BRIEFS):
        path = f"{stem}-{number}.md" if number > 1 else f"{stem}.md"
        try:
            _create(folders, path, text, f"saved: {path}")
        except Refused as error:
            if error.code != "exists":
                raise
        else:
            return path
    raise Refused("exists", f"there are too many files like {stem}.md; remove some")


def _create(folders: Folders, path: str, text: str, what: str, batch: str = "") -> None:
    try:
        folders.create(path, text, what, batch)
    except WriteRefused as error:
        raise Refused(error.code, f"{path}: {error.message}") from error
