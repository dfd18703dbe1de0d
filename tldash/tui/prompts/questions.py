"""The questions that prompts ask: their text, the proposed answer, and the drafts of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from tldash.formats.tasks import parse
from tldash.insight.schedule import find_next_session, find_session_for
from tldash.insight.topics import find_day_after_next
from tldash.model.frozen import frozen
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Dialect, Lead, Task
from tldash.tui.prompts import drafts
from tldash.tui.prompts.changes import find_lead, next_session_day
from tldash.tui.prompts.drafts import Draft
from tldash.tui.state import State

Kind = Literal["action", "topic", "text", "due", "tags", "repeat", "agenda"]
"""What is asked for."""


@frozen
class Question:
    """A question that is answered by a line of text."""

    text: str
    draft: Callable[[str], Draft]
    """Makes the draft of an answer."""
    proposed: str = ""
    """The answer that is there at first."""
    tasks: tuple[Task, ...] = ()
    """The items that the draft changes."""
    allows_empty: bool = False
    """Whether an empty line is an answer too."""
    hint: str = ""
    """What can be typed, shown while nothing is typed."""
    takes_lines: bool = False
    """Whether each line of a pasted list is an answer of its own."""
    path: str = ""
    """The file that is written, whose text shows the exact line; empty for a new file."""
    dialect: Dialect | None = None
    """The dialect of fields that the first item does not have yet."""
    selects: bool = False
    """Whether the proposed answer is selected, so that typing replaces it."""
    reach: str = ""
    """Who can read what is written, beside the question."""
    other: Callable[[], Question | str] | None = None
    """Returns the same question with another reach, for the tab key, or why there is none."""


def ask_about_lead(kind: Kind, lead: Lead, state: State) -> Question:
    """Return the question for a new action or topic of a lead."""
    if kind == "action":
        place = find_session_for(lead, state.today)
        return Question(
            f"new action of {lead.name}",
            lambda typed: drafts.draft_each(
                typed, "actions", lambda line: drafts.draft_action(lead, line, state.now)
            ),
            takes_lines=True,
            path=place.path if place is not None else "",
        )
    you = state.you(lead)
    session = find_next_session(lead, state.now).session
    return Question(
        f"new topic for the next session with {lead.name}",
        lambda typed: drafts.draft_each(
            typed,
            "topics",
            lambda line: drafts.draft_topic(lead, line, state.now, you),
        ),
        takes_lines=True,
        path=session.path if session is not None else "",
    )


def ask_about_tasks(kind: Kind, tasks: tuple[Task, ...], state: State) -> Question:
    """Return the question for another text, due date, repeat rule or other tags of items.

    The text is that of the first item alone.
    """
    lead = find_lead(tasks[0], state.workspace)
    others = iter_tasks(lead) if lead is not None else ()
    return replace(
        _ask_about_tasks(kind, tasks, lead, state),
        path=tasks[0].path,
        dialect=parse.most_common_dialect(one.raw for one in others if not one.yaml_path),
    )


def _ask_about_tasks(
    kind: Kind, tasks: tuple[Task, ...], lead: Lead | None, state: State
) -> Question:
    leads = [lead, *(find_lead(task, state.workspace) for task in tasks[1:])]
    match kind:
        case "text":
            first = tasks[0]
            return Question(
                _name_items("text of", (first,)),
                lambda typed: drafts.draft_text(first, typed),
                first.text,
                (first,),
            )
        case "due":
            days = {next_session_day(one, state.now) for one in leads if one is not None}
            session = days.pop() if len(days) == 1 else None
            return Question(
                _name_items("due date of", tasks),
                lambda typed: drafts.draft_due(tasks, lead, typed, state.today, session),
                tasks=tasks,
            )
        case "agenda" if lead is not None:
            return Question(
                _name_items("move to another session", tasks),
                lambda typed: drafts.draft_move(tasks, lead, typed, state.now),
                find_day_after_next(lead, state.now).isoformat(),
                tasks,
            )
        case "tags":
            return Question(
                _name_items("tags of", tasks),
                lambda typed: drafts.draft_tags(tasks, lead, typed),
                " ".join(f"#{tag}" for tag in drafts.shared_tags(tasks)),
                tasks,
                allows_empty=True,
            )
    return Question(
        _name_items("repeat rule of", tasks),
        lambda typed: drafts.draft_repeat(tasks, lead, typed, state.today),
        drafts.shared_rule(tasks),
        tasks,
        allows_empty=True,
    )


def _name_items(what: str, tasks: Sequence[Task]) -> str:
    """Name one item and count the others: `tags of: call the vendor and 2 more`."""
    more = f" and {len(tasks) - 1} more" if len(tasks) > 1 else ""
    return f"{what}: {tasks[0].text}{more}"
