"""The notes of a lead: lead.md and all other Markdown files, laid out for reading.

Any other file that the search finds, such as the settings, is shown alone, without a lead.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.insight.private import iter_files
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, is_private
from tldash.output.passage import Passage
from tldash.output.passages import parse_note
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens import frame
from tldash.tui.screens.messages import LoadText, OpenEditor
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.screens.private_passages import PrivatePassageRow
from tldash.tui.screens.reading_place import ReadingPlace
from tldash.tui.screens.session_rows import PassageTask
from tldash.tui.screens.task_area import TASK_COMMANDS, TaskArea
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, LATE, MUTED, STRONG, bullets, words
from tldash.tui.widgets.mark_list import MarkList
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row, RowList
from tldash.tui.widgets.task_rows import ONLY_YOU
from tldash.tui.widgets.text_line import TextLine


class NotesPage(Page):
    """One file at a time, with the names of all above."""

    NAME = "notes"
    OWN: ClassVar[tuple[Command, ...]] = (
        commands.TICK,
        commands.EDIT,
        commands.NOTE_BEFORE,
        commands.NOTE_AFTER,
        *TASK_COMMANDS,
        commands.FIND,
        commands.HEADINGS,
    )
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    NotesPage {
        #files { height: auto; padding: 0 1 0 2; border-bottom: solid $panel; }
        #notes { width: 1fr; padding: 1 0 0 1; }
        &.-huge #notes { padding: 1 0 0 8; }
    }
    """

    def __init__(self, lead_id: str, path: str = "", line: str = "", found: str = "") -> None:
        """`path` and `line` are the place to go to first; `found` are words to highlight there.

        Without an id, the file at `path` is shown, whoever it belongs to.
        """
        super().__init__()
        self._reading = ReadingPlace(line, found)
        self.tasks: TaskArea = TaskArea(self.current_lead)
        self.lead_id = lead_id
        self._path = path
        self._passages: tuple[Passage, ...] | None = None
        self._trouble = ""

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="files")
        yield MarkList(id="notes", reading=True)

    def current_lead(self, state: State) -> Lead | None:
        """Return the lead whose notes these are."""
        return state.lead(self.lead_id)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        name = lead.name if lead else self.lead_id
        return (state.workspace.name, *((name, "Notes") if name else (self._path,)))

    def status(self, state: State) -> Content:
        lead = state.lead(self.lead_id)
        if lead is None:
            return super().status(state)
        return frame.lead_status(lead, state, self.tasks, narrow=self.has_class("-narrow"))

    def _files(self) -> tuple[str, ...]:
        if not self.lead_id:
            return (self._path,)
        lead = self.state.lead(self.lead_id) if self.state is not None else None
        if self.state is None or lead is None:
            return ()
        private = self.state.workspace.private_of(lead.id)
        own = (path for one in private for path in iter_files(one))
        return (*filter(None, (lead.about,)), *lead.notes, *own)

    @property
    def reads(self) -> str | None:
        files = self._files()
        if self._path not in files:  # at the start, and when the file is gone
            self._path = files[0] if files else ""
            self._passages, self._trouble = None, ""
        return self._path or None

    def show_text(self, text: str | None, error: str) -> None:
        lead = self.state.lead(self.lead_id) if self.state is not None else None
        if lead is None and self.lead_id:
            return
        leads = (lead, *self.state.workspace.private_of(lead.id)) if self.state and lead else ()
        tasks = [task for one in leads for task in iter_tasks(one) if task.path == self._path]
        found = parse_note(text, self._path, tasks) if text is not None else None
        if (found, error) != (self._passages, self._trouble):
            self._passages, self._trouble = found, error
            self.redraw()

    def draw(self, state: State) -> None:
        if self.reads is not None and self._passages is None and not self._trouble:
            self.post_message(LoadText())
        self.query_one("#files", TextLine).show(self._names(state), layout=True)
        rows = self.query_one(RowList)
        rows.show(self._rows(state), fresh=state.recent)
        self._reading.show(rows, self.find_bar)

    def _names(self, state: State) -> Content:
        """Return the names of the files, the shown one marked."""
        files = self._files()
        if not files:
            gone = f" has no notes; {state.key_of(commands.BACK)} goes back"
            return Content.assemble(words(self.lead_id, STRONG), (gone, LATE))
        lead = state.lead(self.lead_id)
        before = f"{lead.path}/" if lead is not None and lead.path else ""

        def name(path: str) -> str:
            if not is_private(path):
                return path.removeprefix(before)
            own = state.workspace.private_of(self.lead_id)
            folder = next((one.path for one in own if path.startswith(f"{one.path}/")), "")
            return f"{ONLY_YOU}: {path.removeprefix(f'{folder}/')}"

        self.concerns = (self._path,) if self._path else ()
        shown = [
            words(name(path), f"bold {ACCENT}" if path == self._path else MUTED) for path in files
        ]
        readers = state.readers_of(self._path)
        if readers and not self.has_class("-narrow"):
            shown.append(words(readers, MUTED))
        return bullets(shown)

    def _rows(self, state: State) -> list[Row]:
        if self._trouble:
            return [Line(words(self._trouble, LATE))]
        if self._passages is not None and not self._passages:
            return [Line(words("Nothing written yet.", STRONG))]
        return [
            self._text_row(one) if one.task is None else PassageTask(one, one.task, state.today)
            for one in self._passages or ()
        ]

    def _text_row(self, passage: Passage) -> PassageRow:
        if is_private(self._path):
            return PrivatePassageRow(passage, self._path)
        return PassageRow(passage)

    def default_spot(self) -> tuple[str, int] | None:
        return (self._path, 1) if self._path else None

    def action_edit(self) -> None:
        row = self.selected()
        line = getattr(row, "spot", (None, 1))[1] if row is not None else 1
        if self._path:
            self.post_message(OpenEditor(self._path, line))

    def action_note_before(self) -> None:
        """Go to the previous file."""
        self._go(-1)

    def action_note_after(self) -> None:
        """Go to the next file."""
        self._go(1)

    def _go(self, by: int) -> None:
        files = self._files()
        index = files.index(self._path) + by if self._path in files else -1
        if 0 <= index < len(files):
            self._path = files[index]
            self._passages, self._trouble = None, ""
            self.tasks.unmark()
            self.query_one(RowList).scroll_home(animate=False)
            self.redraw()
