"""What every screen has: a title line, a body, a line of keys, and the state that it draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tldash.insight import day_problems
from tldash.insight.actions import count_actions
from tldash.insight.lead_cache import LeadCache
from tldash.model.dates import format_ago, pluralize
from tldash.model.item_keys import task_key
from tldash.model.records import Lead, Problem, Severity, Task
from tldash.tui.keys import commands
from tldash.tui.keys.commands import Command
from tldash.tui.screens.messages import TOGGLE, EditTasks, OpenEditor
from tldash.tui.state import State
from tldash.tui.style.text import LATE, MUTED, bullets, words
from tldash.tui.widgets.bars import KeyBar, TitleBar, TooSmall, labelled
from tldash.tui.widgets.row_list import Row, RowList


class Page(Screen[None]):
    """A screen of the dashboard. It draws `state`, and asks for everything else by message."""

    NAME: ClassVar[str]
    """How messages and the help call it."""
    OWN: ClassVar[tuple[Command, ...]] = ()
    """What this screen can do beside what all can."""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it without ClassVar
        (0, "-narrow"),
        (100, "-wide"),
        (160, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "RowList"
    DEFAULT_CSS = """
    Page { layers: base above; overflow: hidden; }
    Page Static { width: 1fr; }
    """

    state: var[State | None] = var(None, init=False)
    _drawn: State | None = None

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield TitleBar()
        yield from self.compose_body()
        yield KeyBar()
        yield TooSmall()

    def compose_body(self) -> ComposeResult:
        """What stands between the two bars."""
        raise NotImplementedError

    def draw(self, state: State) -> None:
        """Bring the body in line with the state."""
        raise NotImplementedError

    def place(self, state: State) -> tuple[str, ...]:
        """Names from the first screen to this one."""
        raise NotImplementedError

    def fit(self, size: Size) -> None:
        """Take the classes that Textual would give it at that size, before the first frame."""
        for points, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            fitting = max((least for least, _ in points or () if least <= extent), default=0)
            for least, name in points or ():
                self.set_class(least == fitting, name)

    def on_mount(self) -> None:
        """Draw what is known already."""
        self.query_one(TooSmall).cover(self.app.size)
        self.watch(self.app, "app_focus", self._take_keys, init=False)
        self._catch_up()

    def on_resize(self, event: events.Resize) -> None:
        """Below some size there is nothing to see."""
        self.query_one(TooSmall).cover(event.size)

    def on_screen_resume(self) -> None:
        """Draw what changed while another screen was in front."""
        self._catch_up()

    def tell(self, state: State) -> None:
        """A state in which only the title line is new."""
        if self._drawn is self.state and self._is_seen():
            self.set_reactive(Page.state, state)
            self._drawn = state
            self.query_one(TitleBar).status = self.status(state)
        else:
            self.state = state

    def watch_state(self) -> None:
        """Draw a new state, if anybody can see it."""
        if self.is_mounted and self._is_seen():
            self._catch_up()

    def _is_seen(self) -> bool:
        """Whether no other page covers it. Textual counts the one just below as seen, too."""
        above = next(s for s in reversed(self.app.screen_stack) if isinstance(s, Page))
        return above is self

    def _catch_up(self) -> None:
        if self.state is not self._drawn:
            self.redraw()

    def redraw(self) -> None:
        """Draw everything, because the state or something of the screen's own is new."""
        if self.state is None or not self.query(TitleBar):
            return
        self._drawn = self.state
        bar = self.query_one(TitleBar)
        bar.place = self.place(self.state)
        bar.status = self.status(self.state)
        self.query_one(KeyBar).commands = self.keys(self.state)
        self.draw(self.state)

    def say(self, where: str, content: Content, *, layout: bool = False) -> None:
        """Write a line of the screen; `layout` where it may take more lines than before."""
        line = self.query_one(where, Static)
        if not isinstance(line.content, Content) or not line.content.is_same(content):
            line.update(content, layout=layout)

    def keys(self, state: State) -> tuple[tuple[Command, str], ...]:
        """The commands of the last line."""
        problems = sum(1 for _ in _problems(state))
        last = commands.BACK if len(self.app.screen_stack) > 1 else commands.QUIT
        own = self.offered(state)
        anything = bool(state.workspace.leads) or not state.loaded
        shown = [
            *own[:2],
            *([commands.REFUSED] if state.failed_edits and self.NAME != "failed_edits" else []),
            *([commands.ACTIVITY] if _news(state) and self.NAME != "activity" else []),
            *([commands.PROBLEMS] if problems and self.NAME != "problems" else []),
            *own[2:],
            *([commands.ACTIONS] if self.NAME != "actions" and anything else []),
            *([commands.UNDO] if anything else []),
            last,
            commands.HELP,
        ]
        may = commands.offered(shown, state.allowed)
        return labelled(
            [one for one in map(state.keymap.of, may) if one.shown],
            problems=f"problems ({problems})",
            activity=f"new ({_news(state)})",
            refused=f"not made ({len(state.failed_edits)})",
        )

    def offered(self, state: State) -> tuple[Command, ...]:
        """The screen's own commands of the last line, those that can do something first."""
        del state
        return tuple(command for command in self.OWN if command.footer)

    def status(self, state: State) -> Content:
        """The right end of the title line."""
        if not state.loaded:
            progress = (
                f"reading {state.progress[0]} of {state.progress[1]} files"
                if (state.progress)
                else "reading…"
            )
            return Content.styled(progress, MUTED)
        leads = state.workspace.leads
        parts = [Content.styled(pluralize(len(leads), "lead"), MUTED), *_numbers(leads, state)]
        errors = sum(problem.severity is Severity.ERROR for problem in _problems(state))
        if errors:
            parts.append(Content.styled(f"{pluralize(errors, 'error')} in files", LATE))
        return bullets([*parts, *self.unseen(state), self.liveness(state)])

    def lead_status(self, lead: Lead, state: State) -> Content:
        """The right end of the title line on a screen about one lead."""
        return bullets([*_numbers((lead,), state), *self.unseen(state), self.liveness(state)])

    def unseen(self, state: State) -> list[Content]:
        """What must not be forgotten, in the title line."""
        refused = len(state.failed_edits)
        return [Content.styled(f"{refused} not made", LATE)] if refused else []

    def liveness(self, state: State) -> Content:
        """How changes are noticed, and when every file was last looked at."""
        how = (
            words(state.watch_warning, LATE)
            if state.watch_warning
            else Content.styled("live", MUTED)
        )
        if not state.allowed.can_edit:
            how = Content.assemble(("reading only, ", MUTED), how)
        if self.has_class("-narrow") and not state.age:
            return how
        return Content.assemble(how, (f", read {format_ago(state.age)}", MUTED))

    async def carry_out(self, command: Command) -> None:
        """Do what the key of a command would do."""
        method = f"action_{command.action.partition('(')[0]}"
        able = (one for one in (self, self.focused, self.app) if hasattr(one, method))
        if (found := next(able, None)) is not None:
            await found.run_action(command.action)

    @property
    def reads(self) -> str | None:
        """The file whose text the screen shows, if it shows one."""
        return None

    def show_text(self, text: str | None, trouble: str) -> None:
        """The text of that file, or the reason why there is none."""

    def select_task(self, task: Task) -> None:
        """Put the cursor on an item just written down: the next key is about it."""
        for rows in self.query(RowList):
            rows.select(task_key(task))

    def keep(self, task: Task) -> None:
        """A task item is being closed here: leave it where it stands until the pane is left."""

    def step_back(self) -> bool:
        """Undo a step within the screen; False where there is none, and going back leaves it."""
        return False

    # What a screen's commands share

    def _take_keys(self, looked_at: bool) -> None:
        """In a browser nobody looks at first, so that no list has been given the keys yet."""
        if looked_at and self.is_current and self.focused is None:
            self.set_focus(next((rows for rows in self.query(RowList) if rows.focusable), None))

    def list_in_focus(self) -> RowList | None:
        """The list that keys go to."""
        focused: Widget | None = self.focused
        return focused if isinstance(focused, RowList) else None

    def selected(self) -> Row | None:
        """The row that a command is about."""
        rows = self.list_in_focus()
        return rows.selected if rows is not None else None

    def action_open_selected(self) -> None:
        """As Enter does."""
        rows = self.list_in_focus()
        if rows is not None:
            rows.action_open()

    def action_tick(self) -> None:
        """Tick or untick what is selected."""
        task = getattr(self.selected(), "task", None)
        if isinstance(task, Task):
            self.post_message(EditTasks([task], TOGGLE))

    def on_row_list_pressed(self, message: RowList.Pressed) -> None:
        """A click on a box ticks as the key does."""
        task = getattr(message.row, "task", None)
        if isinstance(task, Task):
            self.post_message(EditTasks([task], TOGGLE))

    def to_copy(self) -> str:
        """What the key that copies is about: the text of the selected row."""
        row, rows = self.selected(), self.list_in_focus()
        if row is None or rows is None:
            return ""
        shown = (line.plain.rstrip() for line in row.lines(rows.content_size.width))
        return "\n".join(shown).strip()

    def action_edit(self) -> None:
        """Open the editor where the selected row comes from."""
        spot = getattr(self.selected(), "spot", None) or self.default_spot()
        if spot is not None:
            self.post_message(OpenEditor(*spot))

    def default_spot(self) -> tuple[str, int] | None:
        """Path and line for the editor where no row has its own."""
        return None

    def action_next_pane(self) -> None:
        """The focus goes on."""
        self.focus_next(RowList)

    def action_previous_pane(self) -> None:
        """The focus goes back."""
        self.focus_previous(RowList)


def _news(state: State) -> int:
    """How much others did since the viewer last looked, and while the dashboard is open."""
    return len(state.since) + len(state.activity)


_doubts = LeadCache(day_problems.find_day_problems)


def _problems(state: State) -> Iterator[Problem]:
    """Every problem, in no order."""
    yield from state.settings_problems
    yield from state.workspace.problems
    for lead in state.workspace.leads:
        yield from lead.problems
        yield from _doubts(lead, state.today)


def _numbers(leads: Sequence[Lead], state: State) -> list[Content]:
    opened, late = count_actions(leads, state.today)
    parts = [Content.styled(f"{opened} open", MUTED)]
    return [*parts, Content.styled(f"{late} late", LATE)] if late else parts


def own_bindings(own: tuple[Command, ...]) -> list[BindingType]:
    """The bindings of a screen's own commands."""
    return [command.binding for command in own]
