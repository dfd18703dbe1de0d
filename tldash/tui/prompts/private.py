"""Questions about what only the viewer can read: private lines, and sharing one. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

from tldash.editing.edits import AddTask, PutText, Refused, Remove, SetField
from tldash.editing.semantics import check_values
from tldash.insight import private
from tldash.insight.people import ViewerRole
from tldash.insight.schedule import find_next_session, find_session_for
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment, Session, Task
from tldash.model.sanitize import to_single_line
from tldash.model.spelling import fold_text
from tldash.tui.prompts import drafts
from tldash.tui.prompts.changes import next_session_day
from tldash.tui.prompts.drafts import Draft
from tldash.tui.prompts.questions import Question, ask_about_lead
from tldash.tui.state import State

PrivateKind = Literal["action", "topic", "note"]
"""What is written in private."""
NewKind = Literal["action", "topic"]
"""What is written either in private or for everyone."""
_NEW_KINDS: Final[dict[str, NewKind]] = {"action": "action", "topic": "topic"}
_PRIVATE_KINDS: Final[dict[str, PrivateKind]] = {**_NEW_KINDS, "note": "note"}
SELECT_LEAD: Final = "select a lead or one of its actions first"


@frozen
class PrivateNote:
    """A line of text in a private file that is no task item."""

    path: str
    text: str


ONLY_YOU: Final = "only you"
SHARED: Final = "shared"
NOTES: Final = "Notes"


def ask_private(
    kind: PrivateKind, lead: Lead, session: Session | None, state: State
) -> Question | str:
    """Return the question for a private action, topic or note, or why there is none.

    `session` is the one that the screen is about, if it is about one.
    """
    if why := object_to_private(state):
        return why
    if kind == "topic":
        session = _find_agenda(lead, session, state)
        if session is None:
            return f"{lead.name} has no next session; n creates it"
    folder = private.find_folder(state.workspace, lead.id)
    if not folder:
        return f"{lead.name} has no private folder; look at the problems"
    about = f"the session of {session.at.day}" if session is not None else lead.name
    path = f"{folder}/{private.NOTES_FILE}"
    if session is not None:
        path = private.find_companion(state.workspace, lead, session)
    draft = _choose_draft(kind, lead, Session(lead.id, path, Moment(state.today), None, 1), state)
    texts = {"action": "action about", "topic": "topic for", "note": "note about"}
    return Question(
        f"private {texts[kind]} {about}",
        draft,
        takes_lines=kind != "note",
        path=path,
        reach=f"{ONLY_YOU}: {shorten(path)}",
    )


def object_to_private(state: State) -> str:
    """Return why nothing can be written in private; empty if it can be."""
    found = state.workspace.private
    if state.as_of is not None:
        return "this is an earlier day; esc goes back to now"
    if found is None:
        return "no private folder: add private: ~/coaching-private to your settings, and restart"
    if not found.folders:
        return next((one.message for one in found.problems), "your private folder is not used")
    return ""


def shorten(path: str) -> str:
    """Return a private path as people name it, without the label of its folder."""
    return path.partition("/")[2] or path


def _find_agenda(lead: Lead, session: Session | None, state: State) -> Session | None:
    if session is not None and session.at.day >= state.today:
        return session
    return find_next_session(lead, state.now).session


def _choose_draft(
    kind: PrivateKind, lead: Lead, place: Session, state: State
) -> Callable[[str], Draft]:
    note = f"{ONLY_YOU}, in {shorten(place.path)}"
    following = next_session_day(lead, state.now)

    def draft_line(line: str) -> Draft:
        if kind == "topic":
            found = drafts.draft_topic_in(place, lead, line, ViewerRole.ANOTHER)
        else:
            found = drafts.draft_action_in(place, lead, line, state.now, following)
        return replace(found, note=found.note.replace(f"in {place.path}", note))

    def draft(typed: str) -> Draft:
        if kind == "note":
            text = to_single_line(typed)
            edit = PutText(place.path, NOTES, text, form="item")
            return Draft(f"- {text}", note, add=edit)
        return drafts.draft_each(typed, f"private {kind}s", draft_line)

    return draft


def ask_share(task: Task, session: Session | None, state: State) -> Question | str:
    """Return the question that moves a private line into a shared file, or why there is none."""
    if why := private.object_to_sharing(state.workspace, task):
        return why
    lead = private.find_sharing_lead(state.workspace, task.path)
    if lead is None:
        return "this line matches no lead; . a attaches it to one"
    is_topic = task in state.workspace.private_topics(lead.id)
    own = [one for one in lead.sessions if _is_about(task.path, one, lead, state)]
    place = session or next(iter(own), None)
    if is_topic:
        place = _find_agenda(lead, place, state)
    elif place is None:
        place = find_session_for(lead, state.today)
    if place is None:
        return f"{lead.name} has no session file to share it in; n creates one"
    target = place
    section = "Agenda" if is_topic else "Actions"
    body = task.raw.strip().partition("] ")[2]

    def draft(typed: str) -> Draft:
        edit = AddTask(target.path, typed.strip(), section, target.section)
        try:
            check_values(edit)
        except Refused as error:
            return Draft(trouble=error.message)
        note = f"enter shares it, in {target.path}"
        return Draft(f"- [ ] {edit.text}", note, share=(Remove(task), edit))

    return Question(
        f"share with everyone who can read {target.path}?",
        draft,
        body,
        (task,),
        path=target.path,
        reach=SHARED,
    )


def _ask_share(
    line: Task | PrivateNote | None, session: Session | None, state: State
) -> Question | str:
    if isinstance(line, Task):
        return ask_share(line, session, state)
    return ask_share_note(line, session, state) if line is not None else "select a private line"


def ask_share_note(note: PrivateNote, session: Session | None, state: State) -> Question | str:
    """Return the question that moves a private note to a session, or why there is none."""
    lead = private.find_sharing_lead(state.workspace, note.path)
    if lead is None:
        return "this line matches no lead; . a attaches it to one"
    own = [one for one in lead.sessions if _is_about(note.path, one, lead, state)]
    place = session or next(iter(own), None) or find_session_for(lead, state.today)
    if place is None:
        return f"{lead.name} has no session file to share it in; n creates one"
    path, within = place.path, place.section

    def draft(typed: str) -> Draft:
        text = to_single_line(typed)
        edit = PutText(path, NOTES, text, form="item", within=within)
        removal = PutText(note.path, NOTES, "", note.text, "item")
        return Draft(f"- {text}", f"enter shares it, in {path}", share=(removal, edit))

    asked = f"share with everyone who can read {path}?"
    return Question(asked, draft, note.text, path=path, reach=SHARED)


def _is_about(path: str, session: Session, lead: Lead, state: State) -> bool:
    companions = private.find_companions(state.workspace, lead, session)
    return any(one.path == path for one in companions)


def ask_attach(lead: Lead, state: State) -> Question | str:
    """Return the question which private notes are about a lead, or why there is none."""
    if why := object_to_private(state):
        return why
    found = private.find_unmatched(state.workspace)
    if not found:
        return "all private notes belong to a lead"

    def draft(typed: str) -> Draft:
        wanted = fold_text(typed.strip())
        own = next((one for one in found if wanted in (fold_text(one.name), one.path)), None)
        if own is None:
            names = ", ".join(one.name for one in found)
            return Draft(trouble=f"type one of: {names}")
        about = own.about or f"{own.path}/lead.md"
        was = dict(own.written).get("name")
        note = f"in your private {shorten(about)}"
        return Draft(f"name: {lead.name}", note, add=SetField(about, "name", lead.name, was))

    first = found[0]
    return Question(
        f"private notes of {first.name}: attach to {lead.name}?",
        draft,
        first.name,
        path=first.about or f"{first.path}/lead.md",
        reach=ONLY_YOU,
    )


def ask_either(kind: NewKind, lead: Lead, session: Session | None, state: State) -> Question:
    """Return the question for a shared action or topic, which tab makes a private one."""
    asked = ask_about_lead(kind, lead, state)
    if object_to_private(state):
        return asked

    def ask_other() -> Question | str:
        own = ask_private(kind, lead, session, state)
        if isinstance(own, str):
            return own
        return replace(own, other=lambda: ask_either(kind, lead, session, state))

    return replace(asked, reach=f"{SHARED}: {asked.path}" if asked.path else "", other=ask_other)


def ask_about(
    kind: str,
    lead: Lead | None,
    line: Task | PrivateNote | None,
    session: Session | None,
    state: State,
) -> Question | str:
    """Return the question of a command, or why there is none.

    `kind` is "action" or "topic" for those that are shared, else "private" and the argument of a
    command of `commands.PRIVATE_COMMANDS`. `line` is the selected one.
    """
    what, is_own = kind.removeprefix("private "), kind.startswith("private ")
    if is_own and (why := object_to_private(state)):
        return why
    if what == "share":
        return _ask_share(line, session, state)
    if lead is None:
        return SELECT_LEAD
    if what == "attach":
        return ask_attach(lead, state)
    if is_own:
        return ask_private(_PRIVATE_KINDS[what], lead, session, state)
    return ask_either(_NEW_KINDS[what], lead, session, state)
