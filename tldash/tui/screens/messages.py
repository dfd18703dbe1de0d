"""What screens ask of the app, by message: they change nothing themselves."""

from __future__ import annotations

from datetime import date

from textual.message import Message

from tldash.model.records import Lead, Task
from tldash.tui.keys.commands import Command
from tldash.tui.prompts.typed_edits import Adding, Change


class Wants:
    """The messages of every screen; the app hears them as those of a page."""

    class WantsStatus(Message, namespace="page"):
        """A task item should be ticked or unticked."""

        def __init__(self, task: Task) -> None:
            super().__init__()
            self.task = task

    class WantsChange(Message, namespace="page"):
        """A task item should be changed."""

        def __init__(self, task: Task, change: Change) -> None:
            super().__init__()
            self.task = task
            self.change = change

    class WantsAll(Message, namespace="page"):
        """Several task items should be changed in one go; ticked or unticked without a change."""

        def __init__(
            self, tasks: tuple[Task, ...], change: Change | None = None, left: str = ""
        ) -> None:
            """`left` says which are not among them, and why."""
            super().__init__()
            self.tasks = tasks
            self.change = change
            self.left = left

    class WantsAdding(Message, namespace="page"):
        """A task item should be written down."""

        def __init__(self, edit: Adding) -> None:
            super().__init__()
            self.edit = edit

    class WantsSession(Message, namespace="page"):
        """The file of a session to come should be made."""

        def __init__(self, lead: Lead, day: date) -> None:
            super().__init__()
            self.lead = lead
            self.day = day

    class WantsNotice(Message, namespace="page"):
        """Something should be said on the last line; `bad` where it could not be done."""

        def __init__(self, text: str, *, bad: bool = True) -> None:
            super().__init__()
            self.text = text
            self.bad = bad

    class WantsEditor(Message, namespace="page"):
        """A file should be opened in the editor."""

        def __init__(self, path: str, line: int) -> None:
            super().__init__()
            self.path = path
            self.line = line

    class WantsAgain(Message, namespace="page"):
        """A refused wish should be tried again."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class WantsLetGo(Message, namespace="page"):
        """A refused wish should be forgotten."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class WantsCommand(Message, namespace="page"):
        """A command should be carried out on the screen below this one."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    class WantsText(Message, namespace="page"):
        """The text of the file that a session's screen shows."""

    class WantsPage(Message, namespace="page"):
        """Another screen should be shown."""

        def __init__(self, to: str, *about: str) -> None:
            super().__init__()
            self.to = to
            self.about = about
