"""Find what the viewer keeps in private beside shared leads and sessions, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tldash.insight.phase import is_active
from tldash.model.file_roles import date_in_name
from tldash.model.records import Lead, Session, Status, Task, Workspace, is_private

NOTES_FILE: Final = "notes.md"


def find_folder(workspace: Workspace, lead_id: str) -> str:
    """Return the path of a lead's private folder, which may not exist; empty if there is none."""
    private = workspace.private
    return dict(private.folders).get(lead_id, "") if private is not None else ""


def find_companion(workspace: Workspace, lead: Lead, session: Session) -> str:
    """Return the path of the private file about a session, existing or not; empty for none."""
    known = find_companions(workspace, lead, session)
    if known:
        return known[0].path
    folder = find_folder(workspace, lead.id)
    return f"{folder}/{_mirror(lead, session)}" if folder else ""


def find_companions(workspace: Workspace, lead: Lead, session: Session) -> list[Session]:
    """Return the private sessions about a shared one: of the same name, else of the same day."""
    found = [
        (own, one) for own in workspace.private_of(lead.id) for one in own.sessions
        if one.at.day == session.at.day or _below(own, one) == _mirror(lead, session)
    ]  # fmt: skip
    same = [one for own, one in found if _below(own, one) == _mirror(lead, session)]
    return same or [one for _, one in found]


def _mirror(lead: Lead, session: Session) -> str:
    """Return the path of a session's private file below the lead's private folder."""
    inside = session.path.removeprefix(f"{lead.path}/") if lead.path else session.path
    folder, slash, name = inside.rpartition("/")
    stem = name.rpartition(".")[0]
    if session.section or session.path == inside != name or date_in_name(session.path) is None:
        stem = session.at.day.isoformat()
    if session.path == inside and lead.path:  # a file beside the lead's folder
        folder = slash = ""
    return f"{folder}{slash}{stem}.md"


def _below(own: Lead, session: Session) -> str:
    return session.path.removeprefix(f"{own.path}/")


def find_sharing_lead(workspace: Workspace, private_path: str) -> Lead | None:
    """Return the shared lead that a private file is about."""
    private = workspace.private
    for one in private.leads if private is not None else ():
        if any(private_path == path for path in iter_files(one.lead)):
            return workspace.find_lead(one.of)
    return None


def iter_files(own: Lead) -> Iterator[str]:
    """Yield the paths of the files of a private lead, `lead.md` first."""
    paths = (own.about, *own.notes, *(session.path for session in own.sessions))
    yield from dict.fromkeys(filter(None, paths))


def find_listed(workspace: Workspace) -> tuple[Lead, ...]:
    """Return the leads whose actions are listed: the shared ones, and what is private about them.

    What is private about a lead whose coaching is paused or has ended is left out.
    """
    if workspace.private is None:
        return workspace.leads
    active = {lead.id for lead in workspace.leads if is_active(lead)}
    own = (one.lead for one in workspace.private.leads if not one.of or one.of in active)
    return (*workspace.leads, *own)


def find_unmatched(workspace: Workspace) -> list[Lead]:
    """Return the private leads that match no shared one."""
    private = workspace.private
    return [one.lead for one in private.leads if not one.of] if private is not None else []


def object_to_sharing(workspace: Workspace, task: Task) -> str:
    """Return why a line cannot be moved into a shared file; empty if it can be."""
    if not is_private(task.path):
        return "this line is shared already"
    if task.status is not Status.OPEN:
        return "only open lines can be shared"
    if task.yaml_path:
        return "open the file to share from it: it is YAML"
    items = sorted(_items_of(workspace, task.path), key=lambda one: one.line)
    following = next((one for one in items if one.line > task.line), None)
    if task.note or (following is not None and following.depth > task.depth):
        return "it has lines below it, which would not be shared; open the file to move all of it"
    return ""


def _items_of(workspace: Workspace, path: str) -> Iterator[Task]:
    private = workspace.private
    for one in private.leads if private is not None else ():
        for session in one.lead.sessions:
            yield from (topic for topic in session.topics if topic.path == path)
        yield from (action.task for action in one.lead.actions if action.task.path == path)
        yield from (other.task for other in one.lead.others if other.task.path == path)
