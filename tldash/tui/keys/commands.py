"""Everything a key can do, defined once: the binding, the footer, the palette and the help page.

A screen lists its commands; the name of a command is that of the action that carries it out, on the
screen or on the app.

Moving in lists is of the same kind, so that it can have other keys and the help tells those in
force. It is in neither the footer nor the palette: nobody looks up a step of the selection by its
name, and there would be six entries of it among those that are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.binding import Binding

from tldash.model.frozen import frozen
from tldash.model.permissions import Permissions, Requirement

NEVER: Final = "never"
"""A key that no terminal has, for what has none of one press."""


@frozen
class Command:
    """One thing that can be done."""

    name: str
    """The action: `action_<name>` of the screen or the app."""
    keys: str
    """Textual's names of the keys, with commas between them; `g a` is two presses."""
    shown: str
    """The key as the footer and the help show it."""
    label: str
    """One or two words, for the footer."""
    says: str
    """A sentence, for the palette and the help."""
    footer: bool = True
    needs: Requirement = ""
    """What must be allowed, or the command is neither offered nor done."""
    known_as: str = ""
    """What the user's settings call it, where that is not the name."""
    does: str = ""
    """The action with its arguments, if it is not called by the name."""

    @property
    def action(self) -> str:
        """What Textual is told to run."""
        return self.does or self.name

    @property
    def public(self) -> str:
        """What the user's settings call it."""
        return self.known_as or self.name.replace("_", "-")

    @property
    def presses(self) -> tuple[str, ...]:
        """Its keys of one press."""
        return tuple(key for key in self.keys.split(",") if key and " " not in key)

    @property
    def sequences(self) -> tuple[tuple[str, str], ...]:
        """Its keys of two presses."""
        pairs = (key.partition(" ") for key in self.keys.split(",") if " " in key)
        return tuple((first, second) for first, _, second in pairs)

    @property
    def binding(self) -> Binding:
        """The command as Textual binds it: by name, so that other keys can be put there."""
        keys = ",".join(self.presses) or NEVER
        return Binding(keys, self.action, self.label, show=False, tooltip=self.says, id=self.public)


OPEN: Final = Command(
    "open_selected", "enter,right,l", "enter", "open", "Open what is selected.", known_as="open"
)
TICK: Final = Command(
    "tick",
    "space,x",
    "space",
    "tick",
    "Tick or untick what is selected, in its file.",
    needs="edits",
)
EDIT: Final = Command(
    "edit",
    "o,e",
    "o",
    "editor",
    "Open the file at this line in your editor ($VISUAL or $EDITOR).",
    needs="programs",
    known_as="editor",
)
PANE: Final = Command("next_pane", "tab", "tab", "pane", "Go to the next pane.")
PANE_BACK: Final = Command(
    "previous_pane", "shift+tab", "shift+tab", "pane back", "Go to the previous pane.", footer=False
)
SESSIONS: Final = Command(
    "sessions", "s", "s", "sessions", "Go to the sessions so far.", footer=False
)
FILTER: Final = Command("filter", "slash", "/", "filter", "Show only what has these words in it.")
GROUP: Final = Command("group", "v", "v", "group", "Group by due date, by lead, or not at all.")
SORT: Final = Command(
    "sort",
    "S",
    "S",
    "sort",
    "Sort leads by need, name, next session, last session, or what is overdue.",
    footer=False,
)
GROUP_LEADS: Final = Command(
    "group",
    "v",
    "v",
    "group",
    "Group leads by coach, by need, or not at all.",
    footer=False,
    known_as="group-leads",
)
VIEWS: Final = Command(
    "views",
    "V",
    "V",
    "views",
    "Show leads in a saved view, or save this one under a name.",
    footer=False,
)
FOLD: Final = Command(
    "fold", "space", "space", "fold", "Fold or unfold the group of what is selected.", footer=False
)
FOLD_ALL: Final = Command(
    "fold_all", "z", "z", "fold all", "Fold or unfold every group.", footer=False
)
CLOSED: Final = Command("closed", "c", "c", "closed", "Show closed ones too, or hide them again.")
EARLIER: Final = Command(
    "earlier", "left_square_bracket", "[", "earlier", "Read the session before."
)
LATER: Final = Command("later", "right_square_bracket", "]", "later", "Read the session after.")

ACTIONS: Final = Command(
    "actions",
    "a,g a",
    "a",
    "actions",
    "List every open action of every lead.",
    does="open_page('actions')",
)
PROBLEMS: Final = Command(
    "problems",
    "exclamation_mark,g p",
    "!",
    "problems",
    "List every line in the files that could not be understood.",
    does="open_page('problems')",
)
ACTIVITY: Final = Command(
    "activity",
    "y,g y",
    "y",
    "activity",
    "List what happened since you looked, and while you watch.",
    does="open_page('activity')",
)
HELP: Final = Command(
    "help", "question_mark,f1,g h", "?", "help", "Show every key, and what the signs mean."
)
PALETTE: Final = Command(
    "command_palette",
    "ctrl+p,colon",
    "ctrl+p",
    "commands",
    "Find any command by name.",
    footer=False,
    known_as="commands",
)
FAILED_EDITS: Final = Command(
    "failed_edits",
    "w,g w",
    "w",
    "not made",
    "List the edits that could not be made, and why.",
    does="open_page('failed_edits')",
)
RETRY: Final = Command(
    "retry",
    "space",
    "enter",
    "try again",
    "Make the edit on the line as it stands now.",
    needs="edits",
)
DISMISS: Final = Command(
    "dismiss_edit",
    "d,delete",
    "d",
    "let go",
    "Take this off the list.",
    needs="edits",
    known_as="dismiss",
)
ADD: Final = Command(
    "add",
    "plus",
    "+",
    "add",
    "Write down a new action: call the vendor fri #vision @coach.",
    needs="edits",
)
NEW_SESSION: Final = Command(
    "new_session", "n", "n", "new session", "Plan the next session: make its file.", needs="edits"
)
TOPIC: Final = Command(
    "topic",
    "T",
    "T",
    "topic",
    "Put a topic on the agenda of the next session.",
    footer=False,
    needs="edits",
)
REWORD: Final = Command(
    "reword", "R", "R", "reword", "Reword what is selected.", footer=False, needs="edits"
)
DATE: Final = Command(
    "date",
    "D",
    "D",
    "date",
    "Set the due date: fri, in 2 weeks, 1 dec, next session, none.",
    needs="edits",
)
LATER_DAY: Final = Command(
    "later_day",
    "greater_than_sign",
    ">",
    "a day later",
    "Move the due date on by a day; on a skill, raise its level.",
    footer=False,
    needs="edits",
    does="move_due(1)",
)
EARLIER_DAY: Final = Command(
    "earlier_day",
    "less_than_sign",
    "<",
    "a day earlier",
    "Move the due date back by a day; on a skill, lower its level.",
    footer=False,
    needs="edits",
    does="move_due(-1)",
)
LATER_WEEK: Final = Command(
    "later_week",
    "W",
    "W",
    "a week later",
    "Move the due date on by a week.",
    footer=False,
    needs="edits",
    does="move_due(7)",
)
TO_SESSION: Final = Command(
    "to_session",
    "N",
    "N",
    "by next session",
    "Make it due by the next session.",
    footer=False,
    needs="edits",
)
PROGRESS: Final = Command(
    "progress",
    "i",
    "i",
    "in progress",
    "Say that it is in progress, or not.",
    footer=False,
    needs="edits",
)
DROP: Final = Command(
    "drop",
    "minus",
    "-",
    "drop",
    "Drop what is selected, or take it up again.",
    footer=False,
    needs="edits",
)
HAND_OVER: Final = Command(
    "hand_over",
    "at",
    "@",
    "hand over",
    "Give it to the coach, or back to the lead.",
    footer=False,
    needs="edits",
)
RAISE_PRIORITY: Final = Command(
    "raise_priority",
    "p",
    "p",
    "priority up",
    "Raise the priority by a step.",
    footer=False,
    needs="edits",
    known_as="priority-up",
    does="move_priority(1)",
)
LOWER_PRIORITY: Final = Command(
    "lower_priority",
    "P",
    "P",
    "priority down",
    "Lower the priority by a step.",
    footer=False,
    needs="edits",
    known_as="priority-down",
    does="move_priority(-1)",
)
TAGS: Final = Command(
    "tags", "number_sign", "#", "tags", "Edit the tags.", footer=False, needs="edits"
)
REPEAT: Final = Command(
    "repeat",
    "E",
    "E",
    "repeat",
    "Edit the repeat rule: every week, every month on the 1st, none.",
    footer=False,
    needs="edits",
)
DELETE: Final = Command(
    "delete",
    "d d",
    "d d",
    "delete",
    "Delete what is selected from its file, with its note.",
    footer=False,
    needs="edits",
)
UNDO: Final = Command(
    "undo",
    "u,ctrl+z",
    "u",
    "undo",
    "Take back the last edit made here.",
    needs="edits",
)
MARK: Final = Command(
    "mark",
    "m",
    "m",
    "mark",
    "Mark what is selected, and go on; the next key is about all that are marked.",
    footer=False,
    does="mark(1)",
)
MARK_DOWN: Final = Command(
    "mark_down",
    "shift+down",
    "shift+↓",
    "mark",
    "Mark it, and go down.",
    footer=False,
    does="mark(1)",
)
MARK_UP: Final = Command(
    "mark_up",
    "shift+up",
    "shift+↑",
    "mark",
    "Mark it, and go up.",
    footer=False,
    does="mark(-1)",
)
MARK_ALL: Final = Command(
    "mark_all", "ctrl+a", "ctrl+a", "mark all", "Mark all that are shown, or none.", footer=False
)
COPY: Final = Command(
    "copy", "Y", "Y", "copy", "Copy the line as it stands in its file.", footer=False
)
REDO: Final = Command(
    "redo",
    "U,ctrl+r,ctrl+y",
    "U",
    "redo",
    "Make the edit again that was undone last.",
    footer=False,
    needs="edits",
)
JUMP: Final = Command(
    "jump", "ctrl+k", "ctrl+k", "jump", "Go to any lead, session or action by its name."
)
REREAD: Final = Command(
    "reread", "r,f5", "r", "read again", "Read the whole folder again.", footer=False
)
THEME: Final = Command("theme", "t", "t", "theme", "Change between dark and light.", footer=False)
BACK: Final = Command(
    "go_back",
    "escape,backspace,left,h",
    "esc",
    "back",
    "Go back to where you came from.",
    known_as="back",
)
QUIT: Final = Command(
    "leave", "q", "q", "quit", "Quit; on any but the first screen, go back.", known_as="quit"
)
PAGE_BEFORE: Final = Command(
    "page_before", "left_square_bracket", "[", "page before", "Read the page before this one."
)
PAGE_AFTER: Final = Command(
    "page_after", "right_square_bracket", "]", "page after", "Read the page after this one."
)
MANUAL: Final = Command(
    "manual",
    "M,f2,g m",
    "M",
    "manual",
    "Read the manual.",
    footer=False,
    does="open_page('manual')",
)
OVERVIEW: Final = Command(
    "overview", "g o", "g o", "overview", "Go to the first screen.", footer=False
)

EVERYWHERE: Final = (
    ACTIONS,
    ACTIVITY,
    PROBLEMS,
    UNDO,
    REDO,
    COPY,
    FAILED_EDITS,
    HELP,
    MANUAL,
    OVERVIEW,
    PALETTE,
    JUMP,
    REREAD,
    THEME,
    BACK,
    QUIT,
)
"""What every screen can do, after what is its own."""

DOWN: Final = Command("down", "down,j", "↓", "down", "Go to the next row.", does="move(1)")
UP: Final = Command("up", "up,k", "↑", "up", "Go to the row before.", does="move(-1)")
PAGE_DOWN: Final = Command(
    "page_down", "pagedown,ctrl+d", "pgdn", "page down", "Go down by a page.", does="leap(1)"
)
PAGE_UP: Final = Command(
    "page_up", "pageup,ctrl+u", "pgup", "page up", "Go up by a page.", does="leap(-1)"
)
TOP: Final = Command("top", "home,g g", "home", "top", "Go to the first row.", does="edge(-1)")
BOTTOM: Final = Command("bottom", "end,G", "end", "bottom", "Go to the last row.", does="edge(1)")

MOVING: Final = (DOWN, UP, PAGE_DOWN, PAGE_UP, TOP, BOTTOM)
"""What every list can do; the row of sessions goes to its first and last, too."""


_NEEDS: Final = {
    command.action.partition("(")[0]: command.needs
    for command in tuple(globals().values())
    if isinstance(command, Command)
}


def offered(commands: Iterable[Command], allowed: Permissions) -> tuple[Command, ...]:
    """Those of the commands that may be carried out."""
    return tuple(command for command in commands if not allowed.refusal(command.needs))


def objection(action: str, allowed: Permissions) -> str:
    """Why the command of an action is not carried out; empty where it may be."""
    return allowed.refusal(_NEEDS.get(action.partition("(")[0], ""))
