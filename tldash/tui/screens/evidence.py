"""The evidence of a skill: done actions, ticked markers, quotes and lines, by agreed level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tldash.insight.evidence import (
    Evidence,
    EvidenceKind,
    LevelEvidence,
    find_evidence,
    group_by_level,
)
from tldash.insight.schedule import find_held_sessions
from tldash.insight.skills import build_skill_progress, find_stated_levels
from tldash.model.dates import format_date, pluralize
from tldash.model.framework import Skill
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Marker, Session, Status
from tldash.output.evidence import find_spoken
from tldash.output.passages import parse_passages
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import LoadText, OpenPage
from tldash.tui.screens.page import Page, own_bindings
from tldash.tui.state import State
from tldash.tui.style.text import (
    ACCENT,
    DONE,
    HEAD,
    LATE,
    MUTED,
    PLAIN,
    bullets,
    fit,
    meter,
    prose,
    spread,
    words,
    wrap,
)
from tldash.tui.widgets.passages import MEASURE
from tldash.tui.widgets.row_list import Row, RowList
from tldash.tui.widgets.task_rows import Heading
from tldash.tui.widgets.text_line import TextLine

ICONS: Final = {
    EvidenceKind.ACTION: ("✔ ", DONE),
    EvidenceKind.MARKER: ("▰ ", ACCENT),
    EvidenceKind.QUOTE: ("▎ ", MUTED),
    EvidenceKind.NOTE: ("– ", MUTED),
}
DAY_WIDTH: Final = 12


class EvidenceRow(Row):
    """A piece of evidence: its text, day and kind, and the place below."""

    def __init__(self, one: Evidence, today: date) -> None:
        self.evidence = one
        self._today = today
        self.key = ("evidence", one.path, one.line, one.kind)
        self.spot = (one.path, one.line)
        self.basis = (one, today)

    def lines(self, width: int) -> Sequence[Content]:
        one = self.evidence
        width = min(width, MEASURE + DAY_WIDTH + 2)
        text = wrap(prose(one.text or "(no text)", PLAIN), width - 2 - DAY_WIDTH - 1)
        day = words(format_date(one.day, self._today) if one.day else "", MUTED)
        first = Content.assemble(ICONS[one.kind], text[0])
        place = bullets([words(str(one.kind), MUTED), words(f"{one.path}:{one.line}", MUTED)])
        return [
            spread(first, fit(day, DAY_WIDTH, right=True), width),
            *(Content.assemble("  ", line) for line in text[1:]),
            Content.assemble("  ", place).truncate(width, ellipsis=True),
        ]


class EvidencePage(Page):
    """A list whose rows open the place of the evidence."""

    NAME = "evidence"
    OWN: ClassVar[tuple[Command, ...]] = (commands.OPEN, commands.EDIT, commands.FIND)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings(OWN)
    DEFAULT_CSS = """
    EvidencePage {
        #title { height: auto; padding: 1 2 1 2; }
        RowList { padding: 0 1 0 0; }
    }
    """

    def __init__(self, lead_id: str, skill_id: str, line: str = "") -> None:
        """`line` is that of the marker that is meant, if any."""
        super().__init__()
        self.lead_id = lead_id
        self.skill_id = skill_id
        self._line = int(line or 0)
        self._selected = False
        self._paths: list[str] = []
        """The files of the sessions."""
        self._unread: list[str] = []
        self._spoken: dict[str, tuple[Evidence, ...]] = {}
        """What the sessions say, by path."""

    def compose_body(self) -> ComposeResult:
        yield TextLine(id="title")
        yield RowList(id="evidence", reading=True)

    def place(self, state: State) -> tuple[str, ...]:
        lead = state.lead(self.lead_id)
        return (state.workspace.name, lead.name if lead else self.lead_id, "Evidence")

    # The texts of the sessions, which are read one after the other

    @property
    def reads(self) -> str | None:
        """The next file. After all are read, the first one, which the app reads after changes."""
        return next(iter((*self._unread, *self._paths)), None)

    def _sessions(self, path: str = "") -> list[Session]:
        state = self.state
        lead = state.lead(self.lead_id) if state is not None else None
        if state is None or lead is None:
            return []
        held = find_held_sessions(lead, state.now)
        return [session for session in held if path in ("", session.path)]

    def show_text(self, text: str | None, error: str) -> None:
        path = self.reads
        if path is None:
            return
        self._unread = self._unread[1:] if self._unread else self._paths[1:]
        self._spoken[path] = self._find(path, text or "")
        if self._unread:
            self.post_message(LoadText())
        else:
            self.redraw()

    def _find(self, path: str, text: str) -> tuple[Evidence, ...]:
        """Return what the sessions in a file say."""
        state = self.state
        lead = state.lead(self.lead_id) if state is not None else None
        framework = state.workspace.framework if state is not None else None
        skill = framework.find_skill(self.skill_id) if framework is not None else None
        if lead is None or framework is None or skill is None:
            return ()
        tasks = [task for task in iter_tasks(lead) if task.path == path]
        found: list[Evidence] = []
        for session in self._sessions(path):
            passages = parse_passages(text, path, tasks, session)
            found.extend(find_spoken(passages, session, skill, framework))
        return tuple(found)

    def _follow(self) -> None:
        """Read the sessions if there are others than before."""
        paths = [*dict.fromkeys(session.path for session in self._sessions())]
        if paths != self._paths:
            self._spoken = {path: found for path, found in self._spoken.items() if path in paths}
            self._paths = self._unread = paths
            self.post_message(LoadText())

    # Drawing

    def draw(self, state: State) -> None:
        lead = state.lead(self.lead_id)
        framework = state.workspace.framework
        skill = framework.find_skill(self.skill_id)
        title, rows = self.query_one("#title", TextLine), self.query_one(RowList)
        if lead is None or skill is None:
            gone = f" is gone; {state.key_of(commands.BACK)} goes back"
            missing = self.lead_id if lead is None else self.skill_id
            title.show(Content.assemble(words(missing, "bold"), (gone, LATE)), layout=True)
            rows.show(())
            return
        self._follow()
        found = find_evidence(lead, skill, framework)
        found += tuple(one for spoken in self._spoken.values() for one in spoken)
        stated = find_stated_levels(lead, skill, framework, state.now)
        title.show(self._describe(lead, skill, found, state), layout=True)
        listed = self._rows(group_by_level(found, stated), skill, state)
        marker = ("evidence", self._path(lead), self._line, EvidenceKind.MARKER)
        select = marker if self._line and not self._selected else None
        self._selected = True
        rows.show(listed, select=select, fresh=state.recent)

    def _marker(self, lead: Lead) -> Marker | None:
        markers = (one for one in lead.markers if one.task.line == self._line)
        return next(markers, None) if self._line else None

    def _path(self, lead: Lead) -> str:
        marker = self._marker(lead)
        return marker.task.path if marker is not None else ""

    def _describe(
        self, lead: Lead, skill: Skill, found: Sequence[Evidence], state: State
    ) -> Content:
        views = build_skill_progress(lead, state.workspace.framework, state.now)
        rank = next((view.rank for view in views if view.skill is skill), 0)
        level = skill.levels[rank - 1].name.lower() if rank else "level not known"
        counts = [
            words(pluralize(number, str(kind)), MUTED)
            for kind in EvidenceKind
            if (number := sum(one.kind is kind for one in found))
        ]
        picture = Content.assemble(meter(rank, len(skill.levels)), " ", words(level))
        first = bullets([words(skill.name, "bold"), picture, *counts])
        line = Content.assemble(("EVIDENCE  ", HEAD), first)
        marker = self._marker(lead)
        if marker is None:
            return line
        seen = "ticked" if marker.task.status is Status.DONE else "not ticked yet"
        return Content.assemble(
            line, "\n", ("marker    ", MUTED), prose(marker.task.text), words(f" · {seen}", MUTED)
        )

    @staticmethod
    def _rows(groups: Sequence[LevelEvidence], skill: Skill, state: State) -> list[Row]:
        rows: list[Row] = []
        is_any = any(group.agreed for group in groups)
        for group in groups:
            name, note = "since then" if is_any else "so far", ""
            if group.agreed is not None:
                name = skill.levels[group.agreed.agreed - 1].name.lower()
                note = f"agreed {format_date(group.agreed.session.at.day, state.today)}"
                note += "" if group.evidence else " · nothing noted before it"
            rows.append(Heading(name, note, first=not rows))
            rows.extend(EvidenceRow(one, state.today) for one in group.evidence)
        if not rows:
            note = f"done actions tagged #{skill.id}, ticked markers, quotes, lines that name it"
            rows.append(Heading("none yet", note, first=True))
        return rows

    # Opening

    def on_row_list_opened(self, message: RowList.Opened) -> None:
        """Open the session of the evidence, else its file."""
        row = message.row
        if not isinstance(row, EvidenceRow):
            return
        one = row.evidence
        if any(session.path == one.path for session in self._sessions()):
            self.post_message(OpenPage("session", self.lead_id, one.path, str(one.line)))
        else:
            self.action_edit()
