"""Results that the files thread publishes, as values. See `tldash.service.service`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from tldash.editing.edits import Edit
from tldash.model.frozen import frozen
from tldash.model.places import PlacesFound
from tldash.model.records import Problem, Workspace
from tldash.workspace.labels import NoFolder

if TYPE_CHECKING:
    from tldash.activity.event import Event
    from tldash.activity.log import LoggedEvent, Subject
    from tldash.history.journal import Entry
    from tldash.insight.slipping import DueDates
    from tldash.merging.compare import Comparison
    from tldash.model.repository import RepositoryStatus
    from tldash.model.sides import Sides
    from tldash.user.conversations import Conversation


@frozen
class ReadProgress:
    """How far a long first read is."""

    done: int
    of: int
    workspace: Workspace
    """The leads whose files are all read."""


@frozen
class FolderRead:
    """The workspace, after a read or an edit."""

    workspace: Workspace
    asked: bool = False
    """Whether the viewer asked for a full read."""


@frozen
class DayShown:
    """The folders as they were on an earlier day, or as they are now."""

    day: date | None
    """None for now."""
    workspace: Workspace | None
    """None for now, or if the day cannot be shown."""
    error: str = ""


@frozen
class WatchStatus:
    """Whether the watcher works, and whether the folders still exist."""

    warning: str
    """Empty if both are so."""


@frozen
class EditWritten:
    """An edit that is now in its file."""

    edit: Edit
    already: bool = False
    """Whether the file had it before, so that nothing was written."""
    warning: str = ""
    """For example that undo ends with this process, or the name of a copy that was kept."""
    followed_in: str = ""
    """The file that got the next occurrence of a repeating topic, if it is another one."""


@frozen
class EditFailed:
    """An edit that was refused. Nothing was written."""

    edit: Edit
    message: str
    found: str
    """The line as it is now; empty if it was not found."""
    code: str = ""
    """The code of the refusal."""


Outcome = EditWritten | EditFailed


@frozen
class EditsApplied:
    """The outcome of each edit of one request, in the order of the request."""

    outcomes: tuple[Outcome, ...]
    batch: str = ""


UndoStep = Literal["undone", "redone", "discarded"]


@frozen
class UndoFailed:
    """An edit that could not be undone or redone. Nothing was written."""

    message: str
    entry: Entry | None = None
    """The edit that blocks undo until it is discarded, if there is one."""
    expected: str = ""
    """The text that the edit left in the file."""
    found: str = ""
    """The text there now."""


@frozen
class UndoApplied:
    """A batch of edits was undone, redone, or discarded from the history."""

    what: str
    """The edits as a phrase, for example "done: 3 items"."""
    step: UndoStep
    failed: tuple[UndoFailed, ...] = ()
    """Edits of the same batch that failed."""


@frozen
class SessionPlanned:
    """The file of a new session was created, or could not be."""

    lead_id: str
    path: str
    error: str = ""


@frozen
class FilesCreated:
    """New files, or why they could not be created."""

    paths: tuple[str, ...]
    new_lead: str = ""
    """The name of the lead whose files they are, if it is a new one."""
    error: str = ""
    asked: tuple[str, str] = ("", "")
    """The question that was answered, and the answer."""


@frozen
class LineShared:
    """A private line was moved into a shared file, or could not be."""

    edit: Edit
    """What wrote it there."""
    error: str = ""


@frozen
class BriefSaved:
    """A brief was saved as a new file, or could not be."""

    path: str
    error: str = ""


@frozen
class ConversationFound:
    """A conversation that this viewer began before; None if there is none on this machine."""

    path: str
    conversation: Conversation | None


@frozen
class SessionEdited:
    """A session was moved or got another status, or could not."""

    lead_id: str
    old_path: str = ""
    path: str = ""
    what: str = ""
    """The change as a phrase."""
    left_out: tuple[str, ...] = ()
    """What else names its old day and could not be changed, and why."""
    error: str = ""
    """Why nothing was changed."""


@frozen
class TextLoaded:
    """The text of a file, or the reason why it cannot be read."""

    path: str
    text: str | None
    error: str = ""


@frozen
class ConflictLoaded:
    """The two versions of a file in conflict, or why they cannot be compared here."""

    path: str
    """The path that was asked for."""
    sides: Sides | None
    found: Comparison | None
    error: str = ""


@frozen
class ConflictResolved:
    """What was chosen of a conflict is written, or could not be."""

    what: str
    error: str = ""


@frozen
class ReadersFound:
    """Who can read some files and folders of the workspace."""

    readers: tuple[tuple[str, str], ...]
    """Each path with its readers, which are empty if they are not known."""
    problems: tuple[Problem, ...]
    """The opened folders that all users of this machine can read."""


@frozen
class NamesFound:
    """Where the files have names of the viewer's own list, and contacts of others."""

    problems: tuple[Problem, ...]


@frozen
class ActivitySince:
    """The events since the viewer last closed the dashboard, and when that was."""

    events: tuple[Event, ...]
    when: datetime


@frozen
class LogLoaded:
    """The log of git as far as it was read."""

    events: tuple[LoggedEvent, ...]
    """The latest first. Those on disk that are in no commit come before."""
    end: str | None
    """None if there are earlier ones, else why it ends early; empty if it does not."""


@frozen
class DueDatesFound:
    """The due dates that actions had, as far as git tells."""

    due_dates: DueDates


@frozen
class SubjectTraced:
    """What is known by now of the history of an item, a level or a goal."""

    subject: Subject
    events: tuple[LoggedEvent, ...]
    """The latest first."""
    end: str | None
    """As `LogLoaded.end`."""


@frozen
class RepositoryRead:
    """The state of the git repository around the folder; None if there is none."""

    status: RepositoryStatus | None


@frozen
class SyncProgress:
    """What a sync is doing, in a word."""

    doing: str


@frozen
class SyncEnded:
    """What a sync did, or why it could not."""

    sentence: str
    code: str = ""
    """The code of the failure; empty if there was none."""
    hint: str = ""
    """What to do about it."""


@frozen
class ServiceFailed:
    """An exception on one of the threads; the dashboard ends with it."""

    error: BaseException

    @property
    def without_folder(self) -> bool:
        """Whether a folder went away before it was read: the user's doing, not an error of ours."""
        return isinstance(self.error, NoFolder)


EditResult = (
    EditsApplied
    | UndoApplied
    | UndoFailed
    | SessionPlanned
    | SessionEdited
    | FilesCreated
    | BriefSaved
    | ConflictResolved
    | LineShared
)
"""Results of requests that write."""
HistoryResult = (
    ActivitySince
    | LogLoaded
    | DueDatesFound
    | SubjectTraced
    | RepositoryRead
    | SyncProgress
    | SyncEnded
)
"""Results about what happened, and about git."""
Result = (
    ReadProgress
    | FolderRead
    | DayShown
    | WatchStatus
    | TextLoaded
    | ConflictLoaded
    | ConversationFound
    | PlacesFound
    | NamesFound
    | ReadersFound
    | ServiceFailed
    | HistoryResult
    | EditResult
)
