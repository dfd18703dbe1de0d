"""Any edit of any task in any file: its own lines change, as was meant, or nothing does."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.editing.test_patch import files
from tests.editing.test_yaml import sessions
from tldash.editing import patch
from tldash.editing.edits import (
    Edit,
    Refused,
    Remove,
    SetDate,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetTags,
    SetText,
)
from tldash.formats.file_record import read_data
from tldash.formats.tasks import parse
from tldash.formats.text import line_spans
from tldash.formats.yaml import load
from tldash.model.file_roles import FileRole
from tldash.model.records import Dialect, Priority, Task

DAY = date(2026, 12, 24)
DATES = ["due", "scheduled", "start", "created", "done", "cancelled"]


def tasks_of(text: str, path: str) -> tuple[Task, ...]:
    return read_data(text.encode(), path, FileRole.SESSION).tasks


@st.composite
def wishes(draw: st.DrawFn, task: Task) -> Edit:
    dialect = draw(st.sampled_from([None, *Dialect]))
    return draw(
        st.sampled_from(
            [
                *(SetDate(task, name, DAY, dialect) for name in DATES),
                *(SetDate(task, name, None, dialect) for name in DATES),
                *(SetPriority(task, value, dialect) for value in (Priority.LOW, None)),
                *(SetOwner(task, name) for name in ("mira", "@Mira Holm", None)),
                *(SetRepeat(task, rule, dialect) for rule in ("every week", "2w", None)),
                SetTags(task, ("new", "#skill/vision"), ("x",)),
                SetTags(task, (), task.fields.tags),
                SetText(task, "it's worded: anew"),
                SetText(task, "with #more and due:2027-01-01"),
                Remove(task),
            ]
        )
    )


def value_of(edit: Edit, task: Task) -> object:
    match edit:
        case SetDate(field=name):
            return getattr(task.fields, name)
        case SetPriority():
            return task.fields.priority
        case SetOwner():
            return task.fields.owner
        case SetTags():
            return task.fields.tags
        case SetRepeat():
            return task.fields.repeat
    return task.text


def check(edit: Edit, task: Task, text: str, edited: str) -> None:
    """Only lines of the one item differ, and it is read as was meant."""
    before, after = tasks_of(text, task.path), tasks_of(edited, task.path)
    at = before.index(task)
    others = [(t.text, t.fields, t.status, t.section, t.note) for t in before]
    now = [(t.text, t.fields, t.status, t.section, t.note) for t in after]
    del others[at]
    if isinstance(edit, Remove):
        assert now == others
        return
    target = after[at]
    del now[at]
    assert now == others
    assert target.status is task.status
    match edit:
        case SetDate(day=day):
            assert value_of(edit, target) == day
        case SetPriority(priority=priority):
            assert value_of(edit, target) is priority
        case SetOwner(owner=owner):
            assert value_of(edit, target) == (owner.removeprefix("@") if owner else None)
        case SetTags(add=added, remove=gone):
            bare = {tag.removeprefix("#") for tag in added}
            assert bare | set(task.fields.tags) - set(gone) == set(target.fields.tags)
        case SetText(text=words):
            assert target.text == parse.parse(words).text
        case SetRepeat(rule=rule):
            assert (target.fields.repeat is None) == (rule is None)


@settings(max_examples=200, deadline=None)
@given(files(), st.data())
def test_in_markdown(text, data):
    found = tasks_of(text, "x.md")
    assume(found)
    task = data.draw(st.sampled_from(found))
    edit = data.draw(wishes(task))
    try:
        edited = patch.apply(edit, text.encode()).decode()
    except Refused as refusal:
        assert refusal.already or refusal.code in ("unclear", "nested"), refusal.code
        return
    check(edit, task, text, edited)
    spans = line_spans(text)
    assert edited.startswith(text[: spans[task.line - 1][0]].rstrip("\r\n"))
    if not isinstance(edit, Remove):
        assert edited.startswith(text[: spans[task.line - 1][0]])
        assert edited.endswith(text[spans[task.line - 1][1] :])


@settings(max_examples=100, deadline=None)
@given(sessions(), st.data())
def test_in_yaml(text, data):
    found = tasks_of(text, "x.yaml")
    assume(found and load.load(text, "")[1] == ())
    task = data.draw(st.sampled_from(found))
    edit = data.draw(wishes(task))
    try:
        edited = patch.apply(edit, text.encode()).decode()
    except Refused as refusal:
        assert refusal.already or refusal.code == "yaml", refusal.code
        return
    check(edit, task, text, edited)
