"""The commands, each defined once for its binding, the key bar, the palette and the help.

A screen lists its commands, and their actions are methods of the screen, of its parts or of the
app. Moving in lists is a command too, so it can have other keys, but neither the key bar nor the
palette lists it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.binding import Binding

from tldash.model.frozen import frozen
from tldash.model.permissions import Permissions, Requirement

NEVER: Final = "never"
"""A key that no terminal sends, for commands without a key of one press."""


@frozen
class Command:
    """A command."""

    name: str
    """Name of the action method without `action_`, unless `does` is set."""
    keys: str
    """Textual's names of the keys, separated by commas. `g a` is two presses."""
    shown: str
    """The key in the key bar and the help."""
    label: str
    """The label in the key bar."""
    help_text: str
    """The sentence in the palette and the help."""
    footer: bool = True
    needs: Requirement = ""
    """The permission that the command requires."""
    known_as: str = ""
    """The name in the settings, if it is another one."""
    does: str = ""
    """The action with its arguments, if it is not called by the name."""

    @property
    def action(self) -> str:
        """The action for Textual."""
        return self.does or self.name

    @property
    def public(self) -> str:
        """The name in the settings."""
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
        """The binding for Textual. Its id is the name in the settings, for other keys."""
        keys = ",".join(self.presses) or NEVER
        return Binding(
            keys, self.action, self.label, show=False, tooltip=self.help_text, id=self.public
        )


OPEN: Final = Command(
    "open_selected", "enter,right,l", "enter", "open", "Open the selected row.", known_as="open"
)
TICK: Final = Command(
    "tick",
    "space",
    "space",
    "tick",
    "Tick or untick the selected item.",
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
PANE: Final = Command(
    "next_pane", "tab", "tab", "pane", "Go to the next pane.", does="move_pane(1)"
)
PANE_BACK: Final = Command(
    "previous_pane", "shift+tab", "shift+tab", "pane back", "Go to the previous pane.",
    footer=False, does="move_pane(-1)",
)  # fmt: skip
PANE_ACTIONS: Final = Command(
    "pane_actions", "1", "1", "actions pane", "Go to the actions of the lead.", footer=False,
    does="focus_pane('#actions')",
)  # fmt: skip
PANE_SKILLS: Final = Command(
    "pane_skills", "2", "2", "skills pane", "Go to the skills of the lead.", footer=False,
    does="focus_pane('#skills')",
)  # fmt: skip
PANE_SESSIONS: Final = Command(
    "pane_sessions", "3", "3", "sessions pane", "Go to the sessions of the lead.", footer=False,
    does="focus_pane('Timeline')",
)  # fmt: skip
PANE_NOTES: Final = Command(
    "pane_notes", "4", "4", "notes pane", "Go to the notes of the last session.", footer=False,
    does="focus_pane('#last')",
)  # fmt: skip
ENLARGE: Final = Command(
    "enlarge", "f", "f", "enlarge", "Enlarge this pane, or show all panes again.", footer=False
)
NEW_LEAD: Final = Command(
    "new_lead", "A", "A", "new lead", "Create the files of a new lead.", footer=False, needs="edits"
)
LEAD_NAME: Final = Command(
    "lead_name",
    "comma n",
    ", n",
    "name",
    "Edit the name of the lead.",
    footer=False,
    needs="edits",
    does="lead_field('name')",
)
LEAD_COACH: Final = Command(
    "lead_coach",
    "comma c",
    ", c",
    "coach",
    "Edit the coach of the lead.",
    footer=False,
    needs="edits",
    does="lead_field('coach')",
)
LEAD_CADENCE: Final = Command(
    "lead_cadence",
    "comma k",
    ", k",
    "cadence",
    "Edit how often they meet: monthly, 3 weeks, ad hoc.",
    footer=False,
    needs="edits",
    does="lead_field('cadence')",
)
GOAL: Final = Command(
    "goal", "comma g", ", g", "goal", "Add a goal of the lead.", footer=False, needs="edits"
)
PAUSE_LEAD: Final = Command(
    "pause_lead",
    "comma p",
    ", p",
    "pause",
    "Pause coaching, or resume it.",
    footer=False,
    needs="edits",
    known_as="pause",
)
END_LEAD: Final = Command(
    "end_lead",
    "comma e",
    ", e",
    "end",
    "End coaching with a closing note.",
    footer=False,
    needs="edits",
    known_as="end",
)
NOTES: Final = Command(
    "notes", "O", "O", "notes", "Read the notes of the lead: lead.md and others.", footer=False
)
TRENDS: Final = Command(
    "trends",
    "percent_sign",
    "%",
    "trends",
    "Show how it went over time: levels, actions by session, cadence.",
    footer=False,
)
GOAL_HISTORY: Final = Command(
    "goal_history",
    "comma h",
    ", h",
    "history of goals",
    "Show how the goals changed over time.",
    footer=False,
)
LEAD_COMMANDS: Final = (
    LEAD_NAME,
    LEAD_COACH,
    LEAD_CADENCE,
    GOAL,
    PAUSE_LEAD,
    END_LEAD,
    NOTES,
    TRENDS,
    GOAL_HISTORY,
)
"""The commands of every screen with a selected lead."""
NOTE_BEFORE: Final = Command(
    "note_before", "left_square_bracket", "[", "file before", "Go to the previous file."
)
NOTE_AFTER: Final = Command(
    "note_after", "right_square_bracket", "]", "file after", "Go to the next file."
)
EVIDENCE: Final = Command(
    "evidence",
    "F",
    "F",
    "evidence",
    "List the evidence of the skill or marker: done actions, quotes, lines.",
    footer=False,
)
STATE_LEVEL: Final = Command(
    "state_level",
    "L",
    "L",
    "your level",
    "State the level of the skill as you see it, as the lead or the coach.",
    footer=False,
    needs="edits",
)
SESSIONS: Final = Command(
    "sessions", "s", "s", "sessions", "Go to the row of sessions.", footer=False
)
FIND: Final = Command("find", "slash", "/", "find", "Find words on this screen.", footer=False)
HEADINGS: Final = Command(
    "headings", "J", "J", "headings", "List the headings of the text, to go to one.", footer=False
)
FILTER: Final = Command("filter", "slash", "/", "filter", "Filter the list.")
GROUP: Final = Command(
    "group",
    "v",
    "v",
    "group",
    "Group actions by due date, by lead, slipping ones first or not at all.",
)
SORT: Final = Command(
    "sort",
    "S",
    "S",
    "sort",
    "Sort leads by need, name, next session, last session or overdue actions.",
    footer=False,
)
GROUP_LEADS: Final = Command(
    "group",
    "v",
    "v",
    "group",
    "Group leads by coach, by need or not at all.",
    footer=False,
    known_as="group-leads",
)
VIEWS: Final = Command(
    "views",
    "V",
    "V",
    "views",
    "Open a saved view, or save this one.",
    footer=False,
)
FOLD: Final = Command("fold", "space", "space", "fold", "Fold or unfold the group.", footer=False)
FOLD_ALL: Final = Command(
    "fold_all", "z", "z", "fold all", "Fold or unfold every group.", footer=False
)
CLOSED: Final = Command(
    "closed",
    "c",
    "c",
    "closed",
    "Show or hide closed actions, and all those of paused and ended leads.",
)
EARLIER: Final = Command(
    "earlier", "left_square_bracket", "[", "earlier", "Go to the previous session."
)
LATER: Final = Command("later", "right_square_bracket", "]", "later", "Go to the next session.")

SESSION_MODE: Final = Command(
    "session_mode", "C", "C", "hold session", "Hold the session: notes, clock, actions, closing."
)
CLOCK: Final = Command("clock", "H", "H", "clock", "Start or halt the clock.")
NEXT_PART: Final = Command(
    "next_part", "right_square_bracket", "]", "next part", "Go to the next part of the session.",
    does="part(1)",
)  # fmt: skip
PART_BEFORE: Final = Command(
    "part_before", "left_square_bracket", "[", "part before",
    "Go back to the part of the session before.", footer=False, does="part(-1)",
)  # fmt: skip
CHOOSE_SKILL: Final = Command(
    "skill", "b", "b", "skill", "Choose the skill that the session is about.", needs="edits"
)
AGREE_LEVEL: Final = Command(
    "level", "equals_sign", "=", "level", "Write the level that you both agree on.", needs="edits"
)
SET_NEXT: Final = Command(
    "set_next", "n", "n", "next date", "Write when the next session is: fri 16:00.", needs="edits"
)
FINISH: Final = Command(
    "finish", "C", "C", "close", "Close the session: see what is missing.", needs="edits"
)

ACTIONS: Final = Command(
    "actions",
    "a,g a",
    "a",
    "actions",
    "List the open actions of all leads.",
    does="open_page('actions')",
)
PROBLEMS: Final = Command(
    "problems",
    "exclamation_mark,g p",
    "!",
    "problems",
    "List the problems in the files.",
    does="open_page('problems')",
)
ACTIVITY: Final = Command(
    "activity",
    "y,g y",
    "y",
    "activity",
    "List what others did since you last looked, and earlier changes from git.",
    does="open_page('activity')",
)
BRIEF: Final = Command(
    "brief",
    "B",
    "B",
    "brief",
    "Prepare the next session: promises, changes, topics and questions.",
    footer=False,
    does="open_page('brief')",
)
HELP: Final = Command("help", "question_mark,f1,g h", "?", "help", "Show all keys and icons.")
PALETTE: Final = Command(
    "command_palette",
    "colon",
    ":",
    "commands",
    "Search commands by name.",
    footer=False,
    known_as="commands",
    does="open_palette('commands')",
)
FAILED_EDITS: Final = Command(
    "failed_edits",
    "w,g w",
    "w",
    "failed edits",
    "List the failed edits.",
    does="open_page('failed_edits')",
)
RETRY: Final = Command(
    "retry",
    "space",
    "enter",
    "try again",
    "Retry the edit on the line as it is now.",
    needs="edits",
)
DISMISS: Final = Command(
    "dismiss_edit",
    "d,delete",
    "d",
    "dismiss",
    "Dismiss the failed edit.",
    needs="edits",
    known_as="dismiss",
)
ADD: Final = Command(
    "add",
    "plus",
    "+",
    "add",
    "Add an action: call the vendor fri #vision @coach.",
    needs="edits",
)
CONFLICTS: Final = Command(
    "conflicts",
    "g c",
    "g c",
    "conflicts",
    "Compare the two versions of a file in conflict, and choose.",
    footer=False,
    does="open_page('conflicts')",
)
TAKE_OURS: Final = Command(
    "take_ours", "left_parenthesis", "(", "ours",
    "Choose our version of the item, and go to the next undecided one.",
    needs="edits", does="take('ours')",
)  # fmt: skip
TAKE_THEIRS: Final = Command(
    "take_theirs", "right_parenthesis", ")", "theirs",
    "Choose their version of the item, and go to the next undecided one.",
    needs="edits", does="take('theirs')",
)  # fmt: skip
TAKE_BOTH: Final = Command(
    "take_both", "ampersand", "&", "both",
    "Choose both versions of the item, and go to the next undecided one.",
    needs="edits", does="take('both')",
)  # fmt: skip
TAKE_NEXT: Final = Command(
    "take_next", "space", "space", "change",
    "Choose ours, theirs, both, or nothing yet, one after the other.", footer=False,
    needs="edits",
)  # fmt: skip
ALL_OURS: Final = Command(
    "all_ours", "asterisk left_parenthesis", "* (", "all ours",
    "Choose our version of the whole file.", footer=False, needs="edits", does="take_all('ours')",
)  # fmt: skip
ALL_THEIRS: Final = Command(
    "all_theirs", "asterisk right_parenthesis", "* )", "all theirs",
    "Choose their version of the whole file.", footer=False, needs="edits",
    does="take_all('theirs')",
)  # fmt: skip
ALL_BOTH: Final = Command(
    "all_both", "asterisk ampersand", "* &", "all both",
    "Choose both versions of each item that can have both.", footer=False, needs="edits",
    does="take_all('both')",
)  # fmt: skip
CONFLICT_AFTER: Final = Command(
    "conflict_after", "right_square_bracket", "]", "next",
    "Go to the next item for which nothing is chosen.", does="undecided(1)",
)  # fmt: skip
CONFLICT_BEFORE: Final = Command(
    "conflict_before", "left_square_bracket", "[", "before",
    "Go to the previous item for which nothing is chosen.", footer=False, does="undecided(-1)",
)  # fmt: skip
SHOW_RESULT: Final = Command(
    "show_result", "full_stop", ".", "result", "Show the file as it will be, or the items again."
)
SHOW_SAME: Final = Command(
    "show_same", "z", "z", "equal lines", "Show or fold the lines that both versions have.",
    footer=False,
)  # fmt: skip
WRITE_RESULT: Final = Command(
    "write_result",
    "ctrl+s",
    "ctrl+s",
    "write",
    "Write the result, and remove the copy.",
    needs="edits",
)
NEW_SESSION: Final = Command(
    "new_session",
    "n",
    "n",
    "new session",
    "Plan the next session, or open the planned one.",
    needs="edits",
)
MOVE_SESSION: Final = Command(
    "move_session",
    "x m",
    "x m",
    "move session",
    "Move the session to another day or time: fri 16:00, 1 dec 9.30.",
    footer=False,
    needs="edits",
)
CANCEL_SESSION: Final = Command(
    "cancel_session",
    "x c",
    "x c",
    "cancel session",
    "Mark the session as cancelled.",
    footer=False,
    needs="edits",
)
MISS_SESSION: Final = Command(
    "miss_session",
    "x x",
    "x x",
    "mark as missed",
    "Mark the session as missed.",
    footer=False,
    needs="edits",
)
REOPEN_SESSION: Final = Command(
    "reopen_session",
    "x r",
    "x r",
    "reopen session",
    "Remove the status of a cancelled or missed session.",
    footer=False,
    needs="edits",
)
TOPIC: Final = Command(
    "topic",
    "T",
    "T",
    "topic",
    "Add a topic to the agenda of the next session.",
    footer=False,
    needs="edits",
)
PRIVATE_ACTION: Final = Command(
    "private_action",
    "full_stop plus",
    ". +",
    "private action",
    "Add an action that only you can read.",
    footer=False,
    needs="edits",
    does="private('action')",
)
PRIVATE_NOTE: Final = Command(
    "private_note",
    "full_stop n",
    ". n",
    "private note",
    "Add a note about the session or lead that only you can read.",
    footer=False,
    needs="edits",
    does="private('note')",
)
PRIVATE_TOPIC: Final = Command(
    "private_topic",
    "full_stop t",
    ". t",
    "private topic",
    "Add a topic to the next session that only you can read.",
    footer=False,
    needs="edits",
    does="private('topic')",
)
SHARE: Final = Command(
    "share",
    "full_stop s",
    ". s",
    "share",
    "Move the private line into the shared file. Shows it and asks first.",
    footer=False,
    needs="edits",
    does="private('share')",
)
ATTACH: Final = Command(
    "attach",
    "full_stop a",
    ". a",
    "attach",
    "Attach private notes that match no lead to this one.",
    footer=False,
    needs="edits",
    does="private('attach')",
)
PRIVATE_COMMANDS: Final = (PRIVATE_ACTION, PRIVATE_NOTE, PRIVATE_TOPIC, SHARE, ATTACH)
"""The commands about what only the viewer can read."""
KEEP_TOPIC: Final = Command(
    "keep_topic",
    "K",
    "K",
    "keep",
    "Keep the topic for the next agenda.",
    footer=False,
    needs="edits",
)
MOVE_TOPIC: Final = Command(
    "move_topic",
    "X",
    "X",
    "other session",
    "Move the topic to another session: 5 jan, in 6 weeks, next session, session after.",
    footer=False,
    needs="edits",
    does="ask_about('agenda')",
)
REWORD: Final = Command(
    "reword", "R", "R", "reword", "Edit the text.", footer=False, needs="edits",
    does="ask_about('text')",
)  # fmt: skip
DATE: Final = Command(
    "date",
    "D",
    "D",
    "date",
    "Edit the due date: fri, in 2 weeks, 1 dec, next session, none.",
    needs="edits",
    does="ask_about('due')",
)
LATER_DAY: Final = Command(
    "later_day",
    "greater_than_sign",
    ">",
    "a day later",
    "Make it due a day later. On a skill, raise the level.",
    footer=False,
    needs="edits",
    does="move_due(1)",
)
EARLIER_DAY: Final = Command(
    "earlier_day",
    "less_than_sign",
    "<",
    "a day earlier",
    "Make it due a day earlier. On a skill, lower the level.",
    footer=False,
    needs="edits",
    does="move_due(-1)",
)
LATER_WEEK: Final = Command(
    "later_week",
    "W",
    "W",
    "a week later",
    "Make it due a week later.",
    footer=False,
    needs="edits",
    does="move_due(7)",
)
TO_SESSION: Final = Command(
    "to_session",
    "N",
    "N",
    "by next session",
    "Make it due by the next session, and move along with that.",
    footer=False,
    needs="edits",
)
PROGRESS: Final = Command(
    "progress",
    "i",
    "i",
    "in progress",
    "Mark as in progress, or reopen.",
    footer=False,
    needs="edits",
)
DROP: Final = Command(
    "drop",
    "minus",
    "-",
    "drop",
    "Drop, or reopen.",
    footer=False,
    needs="edits",
)
HAND_OVER: Final = Command(
    "hand_over",
    "at",
    "@",
    "hand over",
    "Hand over to the coach, or back to the lead.",
    footer=False,
    needs="edits",
)
RAISE_PRIORITY: Final = Command(
    "raise_priority",
    "p",
    "p",
    "priority up",
    "Raise the priority.",
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
    "Lower the priority.",
    footer=False,
    needs="edits",
    known_as="priority-down",
    does="move_priority(-1)",
)
TAGS: Final = Command(
    "tags",
    "number_sign",
    "#",
    "tags",
    "Edit the tags.",
    footer=False,
    needs="edits",
    does="ask_about('tags')",
)
REPEAT: Final = Command(
    "repeat",
    "E",
    "E",
    "repeat",
    "Edit the repeat rule: every week, every month on the 1st, none.",
    footer=False,
    needs="edits",
    does="ask_about('repeat')",
)
DELETE: Final = Command(
    "delete",
    "d d",
    "d d",
    "delete",
    "Delete the item and its note from the file.",
    footer=False,
    needs="edits",
)
UNDO: Final = Command(
    "undo",
    "u,ctrl+z",
    "u",
    "undo",
    "Undo the latest edit.",
    needs="edits",
    does="revert('undo')",
)
ITEM_HISTORY: Final = Command(
    "item_history",
    "I",
    "I",
    "history",
    "Show the history of the item, goal or skill: dates and wording, who and when.",
    footer=False,
)
MARK: Final = Command(
    "mark",
    "m",
    "m",
    "mark",
    "Mark the item. The next key applies to all marked items.",
    footer=False,
    does="mark(1)",
)
MARK_DOWN: Final = Command(
    "mark_down",
    "shift+down",
    "shift+↓",
    "mark",
    "Mark and go down.",
    footer=False,
    does="mark(1)",
)
MARK_UP: Final = Command(
    "mark_up",
    "shift+up",
    "shift+↑",
    "mark",
    "Mark and go up.",
    footer=False,
    does="mark(-1)",
)
MARK_ALL: Final = Command(
    "mark_all", "ctrl+a", "ctrl+a", "mark all", "Mark all items of the list, or none.", footer=False
)
COPY: Final = Command(
    "copy", "Y", "Y", "copy", "Copy the line from its file, or the whole brief.", footer=False
)
SAVE_BRIEF: Final = Command(
    "save_brief",
    "ctrl+s",
    "ctrl+s",
    "save",
    "Save the brief as Markdown in the lead's folder.",
    needs="edits",
    known_as="save",
)
REDO: Final = Command(
    "redo",
    "U,ctrl+r,ctrl+y",
    "U",
    "redo",
    "Redo the edit undone last.",
    footer=False,
    needs="edits",
    does="revert('redo')",
)
SEARCH: Final = Command(
    "search",
    "ctrl+k,ctrl+p",
    "ctrl+k",
    "search",
    "Search everything: leads, sessions, actions, notes and commands.",
    does="open_page('search')",
)
SEARCH_WORDS: Final = Command("search_words", "slash", "/", "words", "Type other words.")
ANY_DAY: Final = Command(
    "show_day",
    "Z",
    "Z",
    "any day",
    "Show the folder as git had it on an earlier day, or as it is now.",
    footer=False,
    does="open_palette('days')",
)
SYNC: Final = Command(
    "sync",
    "g s",
    "g s",
    "sync",
    "Commit the changes, merge those of others, and push, with git.",
    footer=False,
    needs="sync",
)
REREAD: Final = Command("reread", "r,f5", "r", "reload", "Reload the folder.", footer=False)
THEME: Final = Command("theme", "t", "t", "theme", "Switch between dark and light.", footer=False)
REPAINT: Final = Command(
    "repaint", "ctrl+l", "ctrl+l", "repaint", "Repaint the screen.", footer=False
)
BACK: Final = Command(
    "go_back",
    "escape,backspace,left,h",
    "esc",
    "back",
    "Go back.",
    known_as="back",
)
QUIT: Final = Command(
    "leave", "q", "q", "quit", "Quit from the first screen. On others, go back.", known_as="quit"
)
PAGE_BEFORE: Final = Command(
    "page_before",
    "left_square_bracket",
    "[",
    "page before",
    "Go to the previous page of the manual.",
)
PAGE_AFTER: Final = Command(
    "page_after", "right_square_bracket", "]", "page after", "Go to the next page of the manual."
)
SEARCH_MANUAL: Final = Command(
    "search_manual", "slash", "/", "search", "Search all pages of the manual."
)
FINDING: Final = (FIND, SEARCH_MANUAL)
"""The commands after which found words are highlighted, on screens with a line for them."""
MANUAL: Final = Command(
    "manual",
    "M,f2,g m",
    "M",
    "manual",
    "Open the manual.",
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
    CONFLICTS,
    BRIEF,
    UNDO,
    REDO,
    COPY,
    FAILED_EDITS,
    HELP,
    MANUAL,
    OVERVIEW,
    SEARCH,
    PALETTE,
    ANY_DAY,
    SYNC,
    REREAD,
    THEME,
    REPAINT,
    BACK,
    QUIT,
)
"""The commands of every screen."""

DOWN: Final = Command("down", "down,j", "↓", "down", "Go to the next row.", does="move(1)")
UP: Final = Command("up", "up,k", "↑", "up", "Go to the previous row.", does="move(-1)")
PAGE_DOWN: Final = Command(
    "page_down", "pagedown,ctrl+d", "pgdn", "page down", "Go down by a page.", does="leap(1)"
)
PAGE_UP: Final = Command(
    "page_up", "pageup,ctrl+u", "pgup", "page up", "Go up by a page.", does="leap(-1)"
)
TOP: Final = Command("top", "home,g g", "home", "top", "Go to the first row.", does="edge(-1)")
BOTTOM: Final = Command("bottom", "end,G", "end", "bottom", "Go to the last row.", does="edge(1)")

MOVING: Final = (DOWN, UP, PAGE_DOWN, PAGE_UP, TOP, BOTTOM)
"""The commands of every list. The row of sessions has the last two."""


_NEEDS: Final = {
    command.action.partition("(")[0]: command.needs
    for command in tuple(globals().values())
    if isinstance(command, Command)
}


def offered(commands: Iterable[Command], allowed: Permissions) -> tuple[Command, ...]:
    """Return the commands that the viewer may run."""
    return tuple(command for command in commands if not allowed.refusal(command.needs))


def objection(action: str, allowed: Permissions) -> str:
    """Return why an action is not allowed; empty if it is."""
    return allowed.refusal(_NEEDS.get(action.partition("(")[0], ""))
