"""Questions about a lead as a person: a new one, and what `lead.md` says. Pure.

A lead without a `lead.md` gets one with the first answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tldash.create import templates
from tldash.editing import patch
from tldash.editing.edits import FileEdit, PutText, Refused, SetField
from tldash.insight.phase import Phase, find_phase
from tldash.model.records import Lead
from tldash.model.sanitize import to_single_line
from tldash.tui.prompts.drafts import NONE, Draft
from tldash.tui.prompts.questions import Question
from tldash.tui.state import State

Field = Literal["name", "coach", "cadence"]
"""A key of `lead.md` that is asked for."""
GOALS = "Goals"
NOTES = "Notes"
CADENCES = "weekly, fortnightly, monthly, quarterly, ad hoc, 3 weeks or a number of days"


def ask_new_lead(state: State) -> Question:
    """Return the question for the name of a new lead."""
    taken = [lead.path.rpartition("/")[2] for lead in state.workspace.leads]

    def draft(typed: str) -> Draft:
        name = to_single_line(typed)
        namesake = _find_namesake(state, name, None)
        if namesake is not None:
            return Draft(trouble=f"{namesake.name} is already a lead, in {namesake.path or '.'}")
        try:
            folder = templates.folder_name(name, taken)
        except Refused as error:
            return Draft(trouble=error.message)
        return Draft(f"{folder}/lead.md and {folder}/skills.md", "new files", new_lead=name)

    return Question("name of the new lead", draft)


def ask_field(key: Field, lead: Lead, state: State) -> Question | str:
    """Return the question for another name, coach or cadence, or why there is none."""
    if why := _object(lead):
        return why
    written = dict(lead.written)
    current = {"name": lead.name, "coach": lead.coach or "", "cadence": lead.cadence_name}[key]

    def draft(typed: str) -> Draft:
        value = to_single_line(typed)
        is_removed = key != "name" and value.casefold() in NONE
        wanted = None if is_removed else value
        if not value and key == "name":
            return Draft(trouble="type a name")
        if wanted == written.get(key):
            return Draft(trouble=f"edit the {key}")
        parse = state.workspace.framework.parse_cadence
        if key == "cadence" and wanted is not None and parse(wanted) is None:
            return Draft(trouble=f"type {CADENCES}")
        note = "" if wanted is not None else "the folder's default from then on"
        if key == "name" and _find_namesake(state, value, lead) is not None:
            note = "another lead has this name too"
        edit = SetField(_path(lead), key, wanted, written.get(key))
        return _write(lead, (edit,), f"{key}: {wanted or ''}".strip(), note)

    return Question(
        f"{key} of {lead.name}", draft, current, allows_empty=key != "name", path=lead.about
    )


def ask_goal(lead: Lead) -> Question | str:
    """Return the question for a further goal, or why there is none."""
    if why := _object(lead):
        return why

    def draft(typed: str) -> Draft:
        goal = to_single_line(typed)
        if any(goal == one.text for one in lead.goals):
            return Draft(trouble="this goal is already there")
        edit = PutText(_path(lead), GOALS, goal, form="item")
        return _write(lead, (edit,), f"- {goal}", f"a goal of {lead.name}")

    return Question(f"new goal of {lead.name}", draft, path=lead.about)


def ask_pause(lead: Lead, state: State) -> Question | str:
    """Return the question that pauses coaching, or resumes it; or why there is none."""
    if find_phase(lead) is Phase.ACTIVE:
        return _ask_phase(lead, state, Phase.PAUSED, "pause coaching of {}; a note, or nothing")
    return _ask_phase(lead, state, Phase.ACTIVE, "resume coaching of {}; a note, or nothing")


def ask_end(lead: Lead, state: State) -> Question | str:
    """Return the question that ends coaching with a closing note, or why there is none."""
    if find_phase(lead) is Phase.ENDED:
        return f"coaching of {lead.name} has ended already"
    return _ask_phase(lead, state, Phase.ENDED, "end coaching of {}; a closing note")


def _ask_phase(lead: Lead, state: State, phase: Phase, text: str) -> Question | str:
    if why := _object(lead):
        return why
    done = {Phase.ACTIVE: "Resumed", Phase.PAUSED: "Paused", Phase.ENDED: "Ended"}[phase]

    def draft(typed: str) -> Draft:
        note = to_single_line(typed)
        edits: list[FileEdit] = [
            SetField(_path(lead), "status", str(phase), dict(lead.written).get("status"))
        ]
        shown = f"status: {phase}"
        if note or phase is Phase.ENDED:
            line = f"{done} {state.today}{f': {note}' if note else '.'}"
            edits.append(PutText(_path(lead), NOTES, line))
            shown += f", and in the notes: {line}"
        return _write(lead, edits, shown, f"in {_path(lead)}")

    return Question(text.format(lead.name), draft, allows_empty=True, path=lead.about)


def _object(lead: Lead) -> str:
    """Return why nothing can be said about a lead; empty if it can."""
    if lead.is_rest:
        return "these files belong to no lead"
    running = next((session.path for session in lead.sessions if session.section), None)
    if running is not None and not lead.about:
        return f"the sessions of {lead.name} are sections of {running}, which has no lead.md"
    return ""


def _path(lead: Lead) -> str:
    return lead.about or f"{lead.path}/lead.md".removeprefix("/")


def _find_namesake(state: State, name: str, besides: Lead | None) -> Lead | None:
    others = (lead for lead in state.workspace.leads if lead is not besides)
    return next((one for one in others if one.name.casefold() == name.casefold()), None)


def _write(lead: Lead, edits: Sequence[FileEdit], shown: str, note: str) -> Draft:
    """Draft edits of `lead.md`, or the new file that they make."""
    try:
        text = _apply(edits)
    except Refused as error:
        return Draft(trouble=error.message)
    first, *others = edits
    if lead.about:
        return Draft(shown, note, add=first, others=tuple(others))
    return Draft(shown, f"creates {_path(lead)}", create=((_path(lead), text),))


def _apply(edits: Sequence[FileEdit]) -> str:
    """Return the file that edits make of an empty one. Raises Refused for what none can hold."""
    data = b""
    for edit in edits:
        if isinstance(edit, SetField) and edit.value is None:
            continue
        made = SetField(edit.path, edit.key, edit.value) if isinstance(edit, SetField) else edit
        data = patch.apply(made, data)
    return data.decode("utf-8")
