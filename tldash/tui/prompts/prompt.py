"""A line to type an answer in. Below it is the draft that the answer makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tldash.model.records import is_private
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.preview import written_lines
from tldash.tui.prompts.private import ONLY_YOU, SHARED
from tldash.tui.prompts.questions import Question
from tldash.tui.screens.messages import LoadText
from tldash.tui.style.text import ACCENT, HEAD, LATE, MUTED, PLAIN, words
from tldash.tui.widgets.bars import KeyBar
from tldash.tui.widgets.pasted import LINE_BREAK
from tldash.tui.widgets.text_input import TextInput

if TYPE_CHECKING:
    from tldash.formats.private_text import Guard

AROUND: Final = 8
"""Cells of the line of the draft that hold neither its text nor its note."""
LEAST_SHOWN: Final = 24
"""Cells that the text of the draft keeps, however long its note is."""


class _Line(TextInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("tab", "toggle_reach", "Shared or only you", show=False),
    ]

    def action_cancel(self) -> None:
        """Cancel the prompt."""
        if isinstance(self.parent, Prompt):
            self.parent.cancel()

    def action_toggle_reach(self) -> None:
        """Write for everyone, or only for the viewer."""
        if isinstance(self.parent, Prompt):
            self.parent.toggle_reach()


class Prompt(Vertical):
    """Asks a question. Enter answers it once there is an edit, and Escape cancels."""

    DEFAULT_CSS = """
    Prompt {
        dock: bottom; height: 3; padding: 0 2; background: $surface;
        & > Static { height: 1; }
        & > Input { height: 1; border: none; padding: 0; background: $surface; }
        & > Input:focus { border: none; }
    }
    """

    class Answered(Message):
        """Enter was pressed, and the draft is ready."""

        def __init__(self, question: Question, draft: Draft, text: str) -> None:
            super().__init__()
            self.question = question
            self.draft = draft
            self.text = text

    class Cancelled(Message):
        """Escape was pressed, or Enter on an empty line; the text may be offered again."""

        def __init__(self, question: Question, text: str) -> None:
            super().__init__()
            self.question = question
            self.text = text

    def __init__(self, question: Question, text: str, guard: Guard | None = None) -> None:
        """`text` is there at first; `guard` has the names that the viewer listed."""
        super().__init__()
        self._question = question
        self._text = text
        self._line = _Line(text)
        self._guard = guard
        self._follow_reach()
        self._file_text: str | None = None
        """The text of the file that is written, once it is loaded."""

    def compose(self) -> ComposeResult:
        yield Static(self._heading(), markup=False, id="ask")
        self._line.keeps_lines = self._question.takes_lines
        self._line.keeps_keys = True
        yield self._line
        yield Static(self._preview(self._text), markup=False, id="look")

    def on_mount(self) -> None:
        """Take the focus, and remove a notice about others, which would hide nothing now."""
        for bar in self.screen.query(KeyBar):
            if bar.notice is not None and bar.notice.news:
                bar.notice = None
        line = self._line
        line.focus()
        if self._question.selects:
            line.select_all()

    def _heading(self) -> Content:
        """Return the question, who can read the answer, and the key that changes that."""
        question = self._question
        text, reach = words(question.text, HEAD), words(question.reach, ACCENT)
        if question.other is not None:
            wanted = SHARED if is_private(question.path) else ONLY_YOU
            reach = Content.assemble(reach, words(f" · tab: {wanted}", MUTED))
        room = self.app.size.width - reach.cell_length - AROUND
        text = text.truncate(max(room, LEAST_SHOWN), ellipsis=True)
        return Content.assemble(text, "  ", reach)

    def _follow_reach(self) -> None:
        """Guard the listed names in shared text. In private they may stand."""
        self._line.guard = None if is_private(self._question.path) else self._guard

    def toggle_reach(self) -> None:
        """Ask the same for a file that others can read, or that only the viewer can."""
        other = self._question.other() if self._question.other is not None else None
        if isinstance(other, str):
            self.show_trouble(other)
        elif other is not None:
            self._question, self._file_text = other, None
            self._follow_reach()
            self.query_one("#ask", Static).update(self._heading())
            self._show_preview(self._line.value)
            self.post_message(LoadText())

    def _is_empty(self, text: str) -> bool:
        return not text.strip() and not self._question.allows_empty

    def _preview(self, text: str) -> Content:
        if self._is_empty(text):
            return words(self._question.hint or "enter saves, esc cancels", MUTED)
        draft = self._question.draft(text)
        if draft.trouble:
            return words(draft.trouble, MUTED)
        if listed := self._line.describe_names(text):
            return words(listed, LATE)
        shown, note = words(self._written(draft), PLAIN), words(draft.note, MUTED)
        room = self.app.size.width - note.cell_length - AROUND
        shown = shown.truncate(max(room, LEAST_SHOWN), ellipsis=True)
        return Content.assemble(("→ ", ACCENT), shown, "  ", note)

    def _written(self, draft: Draft) -> str:
        """Return the line as the file will have it, once its text is loaded."""
        if self._file_text is None or draft.others:
            return draft.shown
        question = self._question
        lines = written_lines(draft, question.tasks, question.dialect, self._file_text)
        return f" {LINE_BREAK} ".join(lines) or draft.shown

    def take_text(self, path: str, text: str | None) -> None:
        """Take the text of a file, and show what will be written if it is the one."""
        if path == self._question.path and text != self._file_text:
            self._file_text = text
            if self.is_mounted:
                self._show_preview(self._line.value)

    def _show_preview(self, text: str) -> None:
        self.query_one("#look", Static).update(self._preview(text))

    @on(Input.Changed)
    def _update_preview(self, message: Input.Changed) -> None:
        message.stop()
        self._show_preview(message.value)

    @on(Input.Submitted)
    def _answer(self, message: Input.Submitted) -> None:
        message.stop()
        if self._is_empty(message.value):
            self.post_message(self.Cancelled(self._question, ""))
            return
        draft = self._question.draft(message.value)
        if draft.ready and not self._line.confirm(message.value):
            listed = self._line.describe_names(message.value)
            self.show_trouble(f"{listed}; enter again writes it")
        elif draft.ready:
            self.post_message(self.Answered(self._question, draft, message.value))
        else:
            self.show_trouble(draft.trouble)

    def show_trouble(self, trouble: str) -> None:
        """Show why the text cannot be written; it stays."""
        self.query_one("#look", Static).update(words(trouble, LATE))

    @property
    def question(self) -> Question:
        """The question that is asked."""
        return self._question

    @property
    def typed(self) -> str:
        """The text so far, if it differs from the proposed one."""
        text = self._line.value if self.is_mounted else self._text
        return "" if text.strip() == self._question.proposed.strip() else text

    def on_descendant_blur(self) -> None:
        """Cancel if another widget takes the focus, so that no key goes anywhere unseen."""
        focused = self.screen.focused
        if focused is not None and self not in focused.ancestors:
            self.cancel()

    def cancel(self) -> None:
        """Post the cancellation, with the text so far."""
        self.post_message(self.Cancelled(self._question, self.typed))
