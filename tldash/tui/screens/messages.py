"""Messages that screens and palettes post. The app alone changes state and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.screen import Screen

from tldash.editing.edits import Edit, FileEdit, PutText
from tldash.insight.conversation import SessionClock
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, SessionStatus, Task
from tldash.tui.keys.commands import Command
from tldash.tui.prompts.changes import Change

if TYPE_CHECKING:
    from tldash.activity.log import LogWanted, Subject
    from tldash.insight.place_filter import PlaceFilter
    from tldash.model.sides import Sides


@frozen
class Toggle:
    """The change that the tick key makes.

    Open items are ticked. If none is open, each gets the status that it had before its tick.
    """


TOGGLE: Final = Toggle()


class EditTasks(Message):
    """Change some task items. A single item is a list of one."""

    def __init__(
        self, tasks: Sequence[Task], change: Change | Toggle, note: str = "", done: str = ""
    ) -> None:
        """The notice about the result says `done`, or else describes the change.

        `note` is appended to it, for example "2 not: no session".
        """
        super().__init__()
        self.tasks = tuple(tasks)
        self.change = change
        self.note = note
        self.done = done


class ApplyEdit(Message):
    """Apply edits that change no existing item: add some, or set the level of a skill.

    One undo reverses all of them.
    """

    def __init__(self, edit: FileEdit, *others: FileEdit) -> None:
        super().__init__()
        self.edits = (edit, *others)


class KeepText(Message):
    """Keep the text of a cancelled prompt, to offer it again; an empty one forgets it."""

    def __init__(self, question: str, text: str) -> None:
        super().__init__()
        self.question = question
        self.text = text


PASTED: Final = ""
"""Stands for the question of text that was pasted while nothing was asked."""


class RetryEdit(Message):
    """Retry a failed edit on the line as it is now."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class DismissEdit(Message):
    """Remove a failed edit from the list."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class PlanSession(Message):
    """Create the file of a lead's next session, and open it."""

    def __init__(self, lead: Lead, at: Moment, then: str = "session") -> None:
        """`then` is the screen that opens it."""
        super().__init__()
        self.lead = lead
        self.at = at
        self.then = then


class CreateFiles(Message):
    """Create files, or those of a new lead."""

    def __init__(
        self, files: Sequence[tuple[str, str]], new_lead: str, asked: tuple[str, str]
    ) -> None:
        """`files` has paths and texts, `asked` the question and the answer, which may fail."""
        super().__init__()
        self.files = tuple(files)
        self.new_lead = new_lead
        self.asked = asked


class SaveBrief(Message):
    """Save a brief as a new file in the lead's folder."""

    def __init__(self, lead: Lead, text: str) -> None:
        super().__init__()
        self.lead = lead
        self.text = text


class WriteLine(Message):
    """Write the line that is being typed into a file, in place of what was written of it before."""

    def __init__(self, line: PutText, *, ended: bool = False) -> None:
        """`line` has no `was`. `ended`: the next message is about another line."""
        super().__init__()
        self.line = line
        self.ended = ended


class FindConversation(Message):
    """Load what the viewer's machine knows about a session that is under way."""

    def __init__(self, path: str, section: str) -> None:
        super().__init__()
        self.path = path
        self.section = section


class KeepConversation(Message):
    """Store the clock of a session under way and the line being typed, or forget them."""

    def __init__(self, path: str, section: str, clock: SessionClock | None, typed: str) -> None:
        """`clock` is a stopped one; None forgets the conversation."""
        super().__init__()
        self.path = path
        self.section = section
        self.clock = clock
        self.typed = typed


ConversationMessage = WriteLine | FindConversation | KeepConversation


class ShareLine(Message):
    """Move a private line into a shared file."""

    def __init__(self, removal: Edit, edit: FileEdit) -> None:
        """`edit` writes the line, after which `removal` takes it out of the private file."""
        super().__init__()
        self.removal = removal
        self.edit = edit


class MoveSession(Message):
    """Move a session of a lead."""

    def __init__(self, lead_id: str, place: str, wanted: Moment) -> None:
        """`place` is the session's; empty for the next one, if it has no file."""
        super().__init__()
        self.lead_id = lead_id
        self.place = place
        self.wanted = wanted


class SetSessionStatus(Message):
    """Set the status of a session, or (None) remove it."""

    def __init__(self, lead_id: str, place: str, status: SessionStatus | None) -> None:
        super().__init__()
        self.lead_id = lead_id
        self.place = place
        self.status = status


class ResolveConflict(Message):
    """Write what was chosen of the two versions of a file, and remove the copy."""

    def __init__(self, sides: Sides, text: str) -> None:
        super().__init__()
        self.sides = sides
        self.text = text


EditMessage = (
    EditTasks
    | ApplyEdit
    | RetryEdit
    | DismissEdit
    | PlanSession
    | CreateFiles
    | MoveSession
    | SetSessionStatus
    | SaveBrief
    | ResolveConflict
    | ShareLine
)
"""The messages about edits."""


class OpenPage(Message):
    """Show another screen."""

    def __init__(self, name: str, *arguments: str) -> None:
        """`arguments` are those of `tldash.tui.screens.make`: ids, a path, a line number."""
        super().__init__()
        self.name = name
        self.arguments = arguments


class OpenEditor(Message):
    """Open a file in the viewer's editor."""

    def __init__(self, path: str, line: int) -> None:
        super().__init__()
        self.path = path
        self.line = line


class SearchPlaces(Message):
    """Search the text of all files, or (None) stop searching."""

    def __init__(self, number: int, wanted: PlaceFilter | None) -> None:
        """`number` tells the results of this search from those of others."""
        super().__init__()
        self.number = number
        self.wanted = wanted


class LoadLog(Message):
    """Load the log of git. The viewer looks at what others did."""

    def __init__(self, wanted: LogWanted) -> None:
        super().__init__()
        self.wanted = wanted


class FindDueDates(Message):
    """Find the due dates that actions had, which tell the slipping ones."""


class TraceSubject(Message):
    """Load the history of an item, a level or a goal."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject


class LoadText(Message):
    """Load the text of the files that the open screens read, and that their prompts would write."""


class FindReaders(Message):
    """Find out who can read the files that the open screens are about (`Page.concerns`)."""


class ClosePage(Message):
    """Close the screen in front, unless it is the first one."""


class RunCommand(Message):
    """Close a screen and run a command on the one below."""

    def __init__(self, closing: Screen[None], command: Command) -> None:
        super().__init__()
        self.closing = closing
        self.command = command


class ShowNotice(Message):
    """Show a sentence in the key bar."""

    def __init__(self, text: str, *, bad: bool = True) -> None:
        """`bad` marks a failure: it is red and stays longer."""
        super().__init__()
        self.text = text
        self.bad = bad


class ShowDay(Message):
    """Show the folders as git had them at the end of a day, or (None) as they are now."""

    def __init__(self, day: date | None) -> None:
        super().__init__()
        self.day = day


class WordsChanged(Message):
    """Words that were looked for are highlighted on the screen now, or no longer."""


class OpenPalette(Message):
    """Open a palette over a screen."""

    def __init__(self, name: str) -> None:
        """`name` is that of a module of `tldash.tui.palettes`."""
        super().__init__()
        self.name = name


class CheckViews(Message):
    """Check the file of saved views again, and list its problems."""


Request = (
    EditMessage
    | ConversationMessage
    | SearchPlaces
    | ShowDay
    | LoadLog
    | FindDueDates
    | TraceSubject
    | OpenPage
    | ClosePage
    | ShowNotice
    | KeepText
)
"""The messages that the app passes to a controller or carries out at once."""
