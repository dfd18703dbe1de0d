"""From keys and typed words to edits, and to the line that each would write before it is written.

Between the screens, which know what is selected, and the edits, which know files. Every function
here is pure. What only typing needs is imported then: a start is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tldash.editing.edits import (
    AddTask,
    Edit,
    Refused,
    SetDate,
    SetLevel,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.insight.schedule import find_next_session, find_session_for
from tldash.model.dates import format_date, format_relative
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Dialect, Lead, Priority, Status, Task

if TYPE_CHECKING:
    from tldash.formats.tasks.vocabulary import DateKind

Adding = AddTask | SetLevel
Change = Callable[[Task], Edit]
"""An edit of a task item, as it is when its turn comes."""

NO_DATE: Final = ("none", "never", "-")
NONE: Final = frozenset({"", "none", "-"})
"""Typed in place of tags or a repeat rule, removes them."""
DATES: Final[tuple[DateKind, ...]] = ("due", "scheduled", "start")
"""The dates that a repeat rule moves on."""
PRIORITIES: Final = (
    Priority.LOWEST, Priority.LOW, None, Priority.MEDIUM, Priority.HIGH, Priority.HIGHEST,
)  # fmt: skip
"""From the lowest to the highest; None is the normal one, which is not written."""


@frozen
class Draft:
    """What typed words would do."""

    shown: str = ""
    """The line as it would be written, or the day as it would be set."""
    note: str = ""
    """Where, and which day that is."""
    trouble: str = ""
    """Why nothing would be written; then there is no edit."""
    add: Adding | None = None
    change: Change | None = None
    plan: tuple[Lead, date] | None = None
    """Whose session to make, and its day."""

    @property
    def ready(self) -> bool:
        """Whether there is something to do."""
        return self.add is not None or self.change is not None or self.plan is not None


@frozen
class Several:
    """Items that are asked about together."""

    first: Task
    lead: Lead | None
    """Whose the first one is."""
    more: int


def session_day(lead: Lead, now: datetime) -> date | None:
    """The day of the next session, if one is planned."""
    found = find_next_session(lead, now)
    return found.at.day if found.at and found.at.day >= now.date() else None


def action(lead: Lead, typed: str, now: datetime) -> Draft:
    """A new action of a lead, typed in one go; its day as the lead's other lines write theirs."""
    from tldash.formats.tasks import edit as taskedit
    from tldash.formats.tasks import parse
    from tldash.model.natural_dates import parse_typed_action

    place = find_session_for(lead, now.date())
    if place is None:
        return Draft(trouble=f"{lead.name} has no session to write it in; n makes one")
    found = parse_typed_action(typed, now.date(), session_day(lead, now))
    text, note = found.text, f"in {place.path}"
    if found.day:
        dialect = parse.most_common_dialect(item.task.raw for item in lead.actions)
        text = taskedit.set_date(text, "due", found.day, dialect)
        note = f"{format_relative(found.day, now.date())}, {note}"
    return _added(AddTask(place.path, text), note)


def usual_day(lead: Lead, now: datetime) -> str:
    """The day that a next session would take, to begin with."""
    from tldash.create.templates import propose_moment

    return propose_moment(lead, now).day.isoformat()


def session(lead: Lead, framework: Framework, typed: str, now: datetime) -> Draft:
    """The file of a lead's session to come."""
    from tldash.create import templates
    from tldash.model.natural_dates import parse_day

    day = parse_day(typed, now.date(), session_day(lead, now))
    if day is None:
        return Draft(trouble="type fri, in 2 weeks, 1 dec or 2026-12-01")
    if day < now.date():
        return Draft(trouble=f"{day} is over")
    try:
        path, _ = templates.render_next_session(lead, framework, now, day)
    except Refused as error:
        return Draft(trouble=error.message)
    return Draft(
        path,
        f"{format_date(day, now.date())}, {format_relative(day, now.date())}",
        plan=(lead, day),
    )


def topic(lead: Lead, typed: str, now: datetime) -> Draft:
    """A new topic on the agenda of a lead's next session."""
    session = find_next_session(lead, now).session
    if session is None:
        return Draft(trouble=f"{lead.name} has no file for a next session yet; n makes it")
    return _added(AddTask(session.path, typed, "Agenda"), f"on the agenda, in {session.path}")


def _added(edit: AddTask, note: str) -> Draft:
    from tldash.editing.semantics import check_values

    try:
        check_values(edit)
    except Refused as error:
        return Draft(trouble=error.message)
    return Draft(f"- [ ] {edit.text}", note, add=edit)


def words(task: Task, typed: str) -> Draft:
    """Other words for an item; its fields stay."""
    from tldash.editing.semantics import check_values

    if not typed.strip() or typed.strip() == task.text:
        return Draft(trouble="type other words")
    try:
        check_values(SetText(task, typed))
    except Refused as error:
        return Draft(trouble=error.message)
    return Draft(typed.strip(), "its dates, tags and owner stay", change=_text(typed))


def _text(typed: str) -> Change:
    return lambda task: SetText(task, typed)


def due(typed: str, today: date, session: date | None, several: Several | None = None) -> Draft:
    """Another due date, as people say it; `none` takes it away."""
    from tldash.model.natural_dates import parse_day

    day: date | None = None
    if typed.strip().casefold() not in NO_DATE:
        day = parse_day(typed, today, session)
        if day is None:
            return Draft(trouble="type fri, 2w, 1 dec, next session, 2026-12-01, or none")
    shown = f"due {day}" if day else "no due date"
    notes = [f"{format_date(day, today)}, {format_relative(day, today)}"] if day else []
    if several is not None:
        shown = _as_due(several, day) or shown
        notes.insert(0, f"and {several.more} more")
    return Draft(shown, "  ".join(notes), change=on(day))


def _as_due(several: Several, day: date | None) -> str:
    """The line of the first item as it would be written; nothing where that is not known here."""
    return _line(SetDate(several.first, "due", day), several.lead)


def _line(edit: SetDate | SetTags | SetRepeat, lead: Lead | None) -> str:
    """The line of a Markdown item after an edit; empty for YAML, which needs the whole file."""
    task = edit.task
    box, end, body = task.raw.strip().partition("] ")
    if task.yaml_path or lead is None or not body:
        return ""
    from tldash.editing.semantics import apply_to_body
    from tldash.formats.tasks import parse

    if not isinstance(edit, SetTags):
        spoken = (other.raw for other in iter_tasks(lead) if not other.yaml_path)
        edit = replace(edit, dialect=parse.most_common_dialect(spoken))
    mark, body = apply_to_body(edit, box[-1], body)
    return f"{box[:-1]}{mark}{end}{body}"


def priority(by: int) -> Change:
    """Raise the priority by so many steps, or lower it; at either end it stays."""

    def change(task: Task) -> Edit:
        at = PRIORITIES.index(task.fields.priority) + by
        return SetPriority(task, PRIORITIES[min(max(at, 0), len(PRIORITIES) - 1)])

    return change


def shared_tags(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the tags that all items have, in the order of the first item."""
    first, *others = tasks
    return tuple(tag for tag in first.fields.tags if all(tag in one.fields.tags for one in others))


def tags(tasks: Sequence[Task], lead: Lead | None, typed: str) -> Draft:
    """Draft other tags for items that have some in common; `none` removes those.

    Tags that only some of the items have stay. `lead` is the lead of the first item.
    """
    from tldash.editing.semantics import check_values

    parts = [] if typed.strip().casefold() in NONE else typed.replace(",", " ").split()
    wanted = dict.fromkeys(part.removeprefix("#") for part in parts)
    before = shared_tags(tasks)
    removed = tuple(tag for tag in before if tag not in wanted)
    added = tuple(tag for tag in wanted if tag not in before)
    if not added and not removed:
        return Draft(trouble="add or remove a tag: #vision #hiring, or none")
    edit = SetTags(tasks[0], added, removed)
    try:
        check_values(edit)
    except Refused as error:
        return Draft(trouble=error.message)
    said = " ".join([*(f"+#{tag}" for tag in added), *(f"-#{tag}" for tag in removed)])
    return Draft(
        _line(edit, lead) or said,
        _and_more(tasks),
        change=lambda task: SetTags(task, added, removed),
    )


def shared_rule(tasks: Sequence[Task]) -> str:
    """Return the repeat rule that all items have; empty where they differ or have none."""
    rules = {task.fields.repeat for task in tasks}
    return (rules.pop() or "") if len(rules) == 1 else ""


def repeat(tasks: Sequence[Task], lead: Lead | None, typed: str, today: date) -> Draft:
    """Draft another repeat rule, with the next date if the first item were done today.

    `none` removes the rule. `lead` is the lead of the first item.
    """
    from tldash.editing.semantics import check_values, is_made

    first = tasks[0]
    rule = None if typed.strip().casefold() in NONE else " ".join(typed.split())
    edit = SetRepeat(first, rule)
    try:
        check_values(edit)
    except Refused as error:
        return Draft(trouble=error.message)
    if all(is_made(SetRepeat(task, rule), task) for task in tasks):
        return Draft(trouble="type every week, every month on the 1st, or none")
    shown = _line(edit, lead) or (f"repeats {rule}" if rule else "does not repeat")
    note = _next_date(first, rule, today) if rule else ""
    notes = filter(None, [_and_more(tasks), note])
    return Draft(shown, "  ".join(notes), change=lambda task: SetRepeat(task, rule))


def _next_date(task: Task, rule: str, today: date) -> str:
    """Say when an item comes again if it is done today; why not, where it does not."""
    from tldash.formats.tasks import edit, next_occurrence, parse
    from tldash.formats.tasks.recurrence import InvalidRule

    body = "x"
    for kind in DATES:
        body = edit.set_date(body, kind, getattr(task.fields, kind), Dialect.PLAIN)
    found = next_occurrence.next_line(edit.set_repeat(body, rule, Dialect.PLAIN), today)
    if isinstance(found, InvalidRule):
        return found.reason
    if found is None:
        return "does not repeat again"
    fields = parse.parse(found).fields
    day = fields.due or fields.scheduled or fields.start
    return (
        f"next {format_date(day, today)}, {format_relative(day, today)}"
        if day
        else "no date to move"
    )


def _and_more(tasks: Sequence[Task]) -> str:
    return f"and {len(tasks) - 1} more" if len(tasks) > 1 else ""


def on(day: date | None) -> Change:
    """The due date is set."""
    return lambda task: SetDate(task, "due", day)


def later(days: int, today: date) -> Change:
    """The due date moves; one that has passed, or is not there, counts from today."""

    def change(task: Task) -> Edit:
        base = max(task.fields.due or today, today) if days > 0 else task.fields.due or today
        return SetDate(task, "due", base + timedelta(days=days))

    return change


def status(wanted: Status, today: date) -> Change:
    """The item gets a status; one that has it already is open again."""

    def change(task: Task) -> Edit:
        return SetStatus(task, Status.OPEN if task.status is wanted else wanted, today)

    return change


def handed_over(lead: Lead) -> Change:
    """To the coach, or back to the lead."""
    owners = {action.task.raw: action.coach_owned for action in lead.actions}
    return lambda task: SetOwner(task, None if owners.get(task.raw) else "coach")
