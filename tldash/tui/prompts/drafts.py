"""Drafts of edits from typed text, with the line that each would write. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from tldash.editing.edits import (
    AddTask,
    Edit,
    FileEdit,
    Refused,
    SetDate,
    SetRepeat,
    SetTags,
    SetText,
)
from tldash.editing.semantics import apply_to_body, check_values, is_made, session_tag
from tldash.formats.tasks import edit as line_edit
from tldash.formats.tasks import next_occurrence, parse
from tldash.formats.tasks.recurrence import InvalidRule
from tldash.formats.tasks.vocabulary import DateKind, is_name
from tldash.insight.people import COACH, ViewerRole
from tldash.insight.schedule import find_next_session, find_session_for
from tldash.insight.topics import find_agenda_for, find_day_after_next
from tldash.model.dates import format_date, format_relative
from tldash.model.frozen import frozen
from tldash.model.item_keys import iter_tasks
from tldash.model.natural_dates import is_next_session, parse_day, parse_typed_action
from tldash.model.records import NEXT_SESSION_TAG, Dialect, Lead, Moment, Session, Task
from tldash.model.sanitize import sanitize
from tldash.tui.prompts.changes import Change, name_agenda, next_session_day, set_due
from tldash.tui.widgets.pasted import split_items

NO_DATE: Final = ("none", "never", "-")
AFTER_NEXT: Final = ("session after", "the session after", "after next", "session after next")
"""Typed for the session after the next one."""
NONE: Final = frozenset({"", "none", "-"})
"""Typed in place of tags or a repeat rule, removes them."""
MOST_LINES: Final = 200
"""Lines of a pasted list, each of which is drafted on every key press."""
DATES: Final[tuple[DateKind, ...]] = ("due", "scheduled", "start")
"""The dates that a repeat rule moves on."""


@frozen
class Draft:
    """What typed text would write."""

    shown: str = ""
    """The line after the edit, or another description of it."""
    note: str = ""
    """The file or the date, beside the line."""
    trouble: str = ""
    """Why there is no edit, and what to type instead."""
    add: FileEdit | None = None
    others: tuple[FileEdit, ...] = ()
    """Further items to add, for a pasted list."""
    change: Change | None = None
    plan: tuple[Lead, Moment] | None = None
    """The lead and the day of a new session."""
    create: tuple[tuple[str, str], ...] = ()
    """Paths and texts of new files."""
    new_lead: str = ""
    """The name of a new lead."""
    move: tuple[str, str, Moment] | None = None
    """The lead's id, the place of a session, and where it moves, as `MoveSession` takes them."""

    share: tuple[Edit, FileEdit] | None = None
    """What removes a private line, and what writes it into a shared file."""

    @property
    def ready(self) -> bool:
        """Whether there is an edit."""
        edits = (self.add, self.change, self.plan, self.move, self.share)
        return any(one is not None for one in edits) or bool(self.create or self.new_lead)


def draft_each(typed: str, kind: str, draft: Callable[[str], Draft]) -> Draft:
    """Draft one item, or one for each line of a pasted list. `kind` is their plural."""
    lines = split_items(typed)
    if len(lines) < 2:
        return draft(lines[0] if lines else typed)
    if len(lines) > MOST_LINES:
        return Draft(trouble=f"at most {MOST_LINES} {kind} at once, not {len(lines)}")
    found = [draft(line) for line in lines]
    for line, one in zip(lines, found, strict=True):
        if one.trouble:
            return Draft(trouble=f"{line}: {one.trouble}")
    first, *others = [one.add for one in found if one.add is not None]
    shown = f"{len(found)} {kind}: {'; '.join(one.shown for one in found)}"
    return Draft(shown, f"enter adds {len(found)}", add=first, others=tuple(others))


def draft_action(lead: Lead, typed: str, now: datetime) -> Draft:
    """Draft a new action of a lead, in the session that new actions are added to."""
    place = find_session_for(lead, now.date())
    if place is None:
        return Draft(trouble=f"{lead.name} has no session file; n creates one")
    return draft_action_in(place, lead, typed, now, next_session_day(lead, now))


def draft_action_in(
    session: Session, lead: Lead, typed: str, now: datetime, following: date | None
) -> Draft:
    """Draft a new action in a session. `next session` stands for the day `following`.

    Its due date is written in the dialect of the lead's lines.
    """
    found = parse_typed_action(typed, now.date(), following)
    text, note = found.text, f"in {session.path}"
    if found.day:
        dialect = parse.most_common_dialect(item.task.raw for item in lead.actions)
        text = line_edit.set_date(text, "due", found.day, dialect)
        if is_next_session(found.phrase):
            text = line_edit.set_tags(text, (NEXT_SESSION_TAG,))
        note = f"{format_relative(found.day, now.date())}, {note}"
    return _draft_new(AddTask(session.path, text, within=session.section), note)


def draft_topic(lead: Lead, typed: str, now: datetime, you: ViewerRole) -> Draft:
    """Draft a new topic on the agenda of a lead's next session."""
    session = find_next_session(lead, now).session
    if session is None:
        return Draft(trouble=f"{lead.name} has no next session; n creates it")
    return draft_topic_in(session, lead, typed, you)


def draft_topic_in(session: Session, lead: Lead, typed: str, you: ViewerRole) -> Draft:
    """Draft a new topic on the agenda of a session, with the viewer as its owner."""
    edit = AddTask(session.path, _with_owner(typed, lead, you), "Agenda", session.section)
    return _draft_new(edit, f"on the agenda, in {session.path}")


def _with_owner(typed: str, lead: Lead, you: ViewerRole) -> str:
    """Add the viewer as the owner of a topic that names none, so that it shows who added it."""
    names = {ViewerRole.COACH: COACH, ViewerRole.LEAD: _owner_name(lead)}
    name, before = names.get(you, ""), parse.parse(typed)
    if not name or before.fields.owner or not before.text:
        return typed
    owned = line_edit.set_owner(typed, name)
    after = parse.parse(owned)
    same = after.text == before.text and after.fields == replace(before.fields, owner=name)
    return owned if same else typed


def _owner_name(lead: Lead) -> str:
    """Return the name that the files have for a lead as an owner: that of the folder, if it can."""
    words = (lead.id.rpartition("/")[2], *lead.name.casefold().split()[:1])
    return next(filter(is_name, words), "")


def _draft_new(edit: AddTask, note: str) -> Draft:
    try:
        check_values(edit)
    except Refused as error:
        return Draft(trouble=error.message)
    return Draft(f"- [ ] {edit.text}", note, add=edit)


def draft_text(task: Task, typed: str) -> Draft:
    """Draft a new text for an item. Its fields stay, and so does what a prompt does not show."""
    shown = sanitize(task.text)
    if not typed.strip() or typed.strip() == shown.strip():
        return Draft(trouble="edit the text")
    try:
        check_values(SetText(task, typed))
    except Refused as error:
        return Draft(trouble=error.message)
    return Draft(
        typed.strip(),
        "its dates, tags and owner stay",
        change=lambda task: SetText(task, typed, shown),
    )


def draft_due(
    tasks: Sequence[Task], lead: Lead | None, typed: str, today: date, session: date | None
) -> Draft:
    """Draft another due date; `none` removes it.

    `lead` is the lead of the first item, `session` the day of the next session if all items have
    the same one.
    """
    day: date | None = None
    if typed.strip().casefold() not in NO_DATE:
        day = parse_day(typed, today, session)
        if day is None:
            return Draft(trouble="type fri, 2w, 1 dec, next session, 2026-12-01, or none")
    by_session = day is not None and is_next_session(typed)
    shown = f"due {day}" if day else "no due date"
    notes = [f"{format_date(day, today)}, {format_relative(day, today)}"] if day else []
    if by_session:
        notes.append("moves along with the session")
    if len(tasks) > 1:
        shown = _line(SetDate(tasks[0], "due", day, by_session=by_session), lead) or shown
        notes.insert(0, _and_more(tasks))
    return Draft(shown, "  ".join(notes), change=set_due(day, by_session=by_session))


def draft_move(tasks: Sequence[Task], lead: Lead, typed: str, now: datetime) -> Draft:
    """Draft another session for some topics, by a day or in words.

    `lead` is the lead of the first one.
    """
    today, after = now.date(), find_day_after_next(lead, now)
    phrase = " ".join(typed.casefold().split())
    day = after if phrase in AFTER_NEXT else parse_day(typed, today, next_session_day(lead, now))
    if day is None:
        return Draft(trouble="type 5 jan, in 6 weeks, next session, session after or 2027-01-05")
    if day < today:
        return Draft(trouble=f"{day} is in the past")
    first = tasks[0]
    agenda = find_agenda_for(first, lead, now, day)
    if agenda is None:
        return Draft(trouble="the topic is no longer in its file")
    if len(tasks) == 1 and first in [one.task for one in agenda.topics]:
        return Draft(trouble=f"it is already on that agenda{name_agenda(agenda, now)}")
    where = name_agenda(agenda, now).removeprefix(", ") or f"the session from {day} on"
    notes = filter(None, [_and_more(tasks), f"on the agenda of {where}"])
    shown = _line(SetDate(first, "scheduled", day), lead) or f"scheduled {day}"
    return Draft(shown, "  ".join(notes), change=lambda task: SetDate(task, "scheduled", day))


def _line(edit: SetDate | SetTags | SetRepeat, lead: Lead | None) -> str:
    """Return the line of a Markdown item after an edit; empty for YAML, which needs the file."""
    task = edit.task
    box, end, body = task.raw.strip().partition("] ")
    if task.yaml_path or lead is None or not body:
        return ""
    if not isinstance(edit, SetTags):
        spoken = (other.raw for other in iter_tasks(lead) if not other.yaml_path)
        edit = replace(edit, dialect=parse.most_common_dialect(spoken))
    mark, body = apply_to_body(edit, box[-1], body)
    if isinstance(edit, SetDate) and (tag := session_tag(edit, task.fields.tags)) is not None:
        mark, body = apply_to_body(tag, mark, body)
    return f"{box[:-1]}{mark}{end}{body}"


def shared_tags(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the tags that all items have, in the order of the first item."""
    first, *others = tasks
    return tuple(tag for tag in first.fields.tags if all(tag in one.fields.tags for one in others))


def draft_tags(tasks: Sequence[Task], lead: Lead | None, typed: str) -> Draft:
    """Draft other tags for items that have some in common; `none` removes those.

    Tags that only some of the items have stay. `lead` is the lead of the first item.
    """
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
    described = " ".join([*(f"+#{tag}" for tag in added), *(f"-#{tag}" for tag in removed)])
    return Draft(
        _line(edit, lead) or described,
        _and_more(tasks),
        change=lambda task: SetTags(task, added, removed),
    )


def shared_rule(tasks: Sequence[Task]) -> str:
    """Return the repeat rule that all items have; empty where they differ or have none."""
    rules = {task.fields.repeat for task in tasks}
    return (rules.pop() or "") if len(rules) == 1 else ""


def draft_repeat(tasks: Sequence[Task], lead: Lead | None, typed: str, today: date) -> Draft:
    """Draft another repeat rule, with the next date if the first item were done today.

    `none` removes the rule. `lead` is the lead of the first item.
    """
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
    """Describe when an item would repeat if it were done today, or why it would not."""
    body = "x"
    for kind in DATES:
        body = line_edit.set_date(body, kind, getattr(task.fields, kind), Dialect.PLAIN)
    found = next_occurrence.next_line(line_edit.set_repeat(body, rule, Dialect.PLAIN), today)
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
