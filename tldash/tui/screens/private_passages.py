"""The private files about a session, shown below the text of the shared one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from tldash.insight.private import find_companions
from tldash.insight.readers import NOBODY_ELSE
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Session, Workspace
from tldash.output.passage import Passage
from tldash.output.passages import parse_note
from tldash.tui.prompts.private import PrivateNote
from tldash.tui.screens.session_rows import PassageTask
from tldash.tui.state import State
from tldash.tui.style.text import ACCENT, LATE, MUTED, words
from tldash.tui.widgets.passages import PassageRow
from tldash.tui.widgets.row_list import Line, Row
from tldash.tui.widgets.task_rows import ONLY_YOU as PRIVATE_MARK


class PrivatePassageRow(PassageRow):
    """A passage of a private file."""

    def __init__(self, passage: Passage, path: str) -> None:
        super().__init__(passage)
        self.basis = (passage, path)
        self.spot = (path, passage.line)  # type: ignore[assignment]
        is_item = bool(passage.marker) and not passage.indent
        self.note = PrivateNote(path, passage.text) if is_item else None
        """What can be shared by itself: an item of a list."""
        if is_item:
            self.key = ("note", path, passage.line)  # so that it can be selected


class PrivatePassages:
    """The passages of the private files, as far as their texts are loaded."""

    def __init__(self) -> None:
        self.reads: tuple[str, ...] = ()
        """The paths of the files."""
        self._texts: dict[str, str] = {}
        self._workspace = Workspace("")
        self._lead: Lead | None = None

    def follow(self, session: Session, lead: Lead, workspace: Workspace) -> bool:
        """Change to a session; True if texts are yet to be loaded."""
        self._workspace, self._lead = workspace, lead
        found = tuple(one.path for one in find_companions(workspace, lead, session))
        changed, self.reads = found != self.reads, found
        return changed and bool(found)

    def take_text(self, path: str, text: str | None) -> bool:
        """Take the text of a file; True if there is something new to draw."""
        before = self._texts.get(path)
        self._texts[path] = text or ""
        return before != text

    def rows(self, state: State) -> list[Row]:
        """Return the rows, below a heading that says who can read them."""
        if not self.reads or self._lead is None:
            return []
        rows: list[Row] = [Row(), *(Line(one) for one in _heading(self.reads, state))]
        own = self._workspace.private_of(self._lead.id)
        topics = {id(t) for one in own for session in one.sessions for t in session.topics}
        for path in self.reads:
            tasks = [task for one in own for task in iter_tasks(one) if task.path == path]
            for passage in parse_note(self._texts.get(path, ""), path, tasks):
                task = passage.task
                if task is None:
                    rows.append(PrivatePassageRow(passage, path))
                else:
                    is_topic = id(task) in topics
                    rows.append(PassageTask(passage, task, state.today, is_topic=is_topic))
        return [*rows, Row()]


def _heading(paths: Sequence[str], state: State) -> Iterator[Content]:
    """Yield the heading of private text: that only the viewer can read it, and the files.

    If more people can, it says that as well.
    """
    names = ", ".join(path.partition("/")[2] for path in paths)
    yield Content.assemble((PRIVATE_MARK, f"bold {ACCENT}"), words(f"  {names}", MUTED))
    for others in sorted({state.readers_of(path) for path in paths} - {"", NOBODY_ELSE}):
        yield words(f"but {others}", LATE)
