"""Write the files of new folders, leads and sessions; never overwrite one.

Between the opened folders and the texts, so that the command line and the dashboard make the same
files. Nothing here ever writes over a file, a link or a folder.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path

from tldash.create import templates
from tldash.editing.edits import Refused
from tldash.model.file_roles import CONFIG_NAMES, FileRole
from tldash.model.records import Lead
from tldash.storage.layout import detect_layout
from tldash.storage.safe_open import describe_error
from tldash.storage.write import WriteRefused, create
from tldash.workspace.folders import Folders


def create_settings(folder: Path, coach: str | None = None) -> Path:
    """Make `tldash.yaml` in a folder, which is made too if it is missing; returns its path.

    Raises Refused where the folder has settings, or cannot be written; nothing was made then.
    """
    try:
        real = folder.expanduser().resolve()
        there = next((name for name in CONFIG_NAMES if os.path.lexists(real / name)), None)
        above = next(path for path in (real, *real.parents) if os.path.lexists(path))
    except (OSError, RuntimeError, ValueError) as error:
        said = describe_error(error) if isinstance(error, OSError) else str(error)
        raise Refused("folder", f"there can be no folder of that name: {said}") from error
    if there is not None:
        raise Refused("exists", f"the folder has a {there} already")
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
    """Make the files of a new lead in the opened folder; returns their workspace paths.

    Raises Refused where somebody has that name, the folder is a lead's own, or a file cannot be
    made; `lead.md` is the first, so that what is there then is a lead all the same.
    """
    known = folders.workspace.leads
    words = templates.to_single_line(new.name).casefold()
    namesake = next((one for one in known if one.path and one.name.casefold() == words), None)
    if namesake is not None:
        raise Refused("exists", f"there is a lead {namesake.name} already, in {namesake.path}")
    root = folders.roots[0]
    try:
        taken = [entry.name for entry in os.scandir(root)]
    except OSError as error:
        raise Refused("folder", f"{root} cannot be read: {describe_error(error)}") from error
    files = templates.render_lead(new, folders.workspace.framework, taken)
    there = folders.trees[0].files
    before, after = detect_layout(there), detect_layout((*there, files[0][0]))
    theirs = (p for p, role in before.roles.items() if role in (FileRole.LEAD, FileRole.SESSION))
    folder = files[0][0].rpartition("/")[0]
    if folder not in after.leads or any(after.owners.get(p) != before.owners[p] for p in theirs):
        raise Refused("own-folder", f"{root} is a lead's own folder; leads go into the one above")
    for path, text in files:
        _create(folders, path, text)
    return tuple(path for path, _ in files)


def create_session(
    folders: Folders,
    lead: Lead,
    now: datetime,
    day: date | None = None,
    time: time_of_day | None = None,
) -> str:
    """Make the file of a lead's session to come; returns its workspace path.

    Raises Refused as `scaffold.next_session` does, and where the file cannot be made.
    """
    path, text = templates.render_next_session(lead, folders.workspace.framework, now, day, time)
    _create(folders, path, text)
    return path


def _create(folders: Folders, path: str, text: str) -> None:
    try:
        folders.create(path, text)
    except WriteRefused as error:
        raise Refused(error.code, f"{path}: {error.message}") from error
