"""Any edit of any task item in any file: only its lines change, and undo restores every byte."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.editing.test_yaml import sessions
from tests.support.edits import (
    DAY,
    MakeEdit,
    already,
    apply,
    edited,
    markdown_files,
    refused,
    tasks_of,
)
from tests.support.examples import examples
from tests.support.tables import each
from tldash.editing import splice
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
from tldash.formats.tasks import parse
from tldash.formats.text import line_spans
from tldash.formats.yaml import load
from tldash.model.records import Dialect, Priority, Task

DATES = ["due", "scheduled", "start", "created", "done", "cancelled"]


@st.composite
def edits(draw: st.DrawFn, task: Task) -> Edit:
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


def check_undo(text: str, edited: str) -> None:
    """Undo and redo restore every byte, and change nothing that was added around the item."""
    before, after = text.encode(), edited.encode()
    difference = splice.difference(before, after)
    assert splice.undo(difference, after) == before
    assert splice.redo(difference, before) == after


def check(edit: Edit, task: Task, text: str, edited: str) -> None:
    """Only the lines of the item differ, and they are parsed as the edit says."""
    check_undo(text, edited)
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


@settings(max_examples=examples(200), deadline=None)
@given(markdown_files(), st.data())
def test_in_markdown(text, data):
    found = tasks_of(text, "x.md")
    assume(found)
    task = data.draw(st.sampled_from(found))
    edit = data.draw(edits(task))
    try:
        after = apply(edit, text)
    except Refused as refusal:
        assert refusal.already or refusal.code in ("unclear", "nested", "unreadable"), refusal.code
        return
    check(edit, task, text, after)
    spans = line_spans(text)
    assert after.startswith(text[: spans[task.line - 1][0]].rstrip("\r\n"))
    if not isinstance(edit, Remove):
        assert after.startswith(text[: spans[task.line - 1][0]])
        assert after.endswith(text[spans[task.line - 1][1] :])


@settings(max_examples=100, deadline=None)
@given(sessions(), st.data())
def test_in_yaml(text, data):
    found = tasks_of(text, "x.yaml")
    assume(found and load.load(text, "")[1] == ())
    task = data.draw(st.sampled_from(found))
    edit = data.draw(edits(task))
    try:
        after = apply(edit, text)
    except Refused as refusal:
        assert refusal.already or refusal.code == "yaml", refusal.code
        return
    check(edit, task, text, after)


LINES = "- [ ] call the vendor #x\n  a note\n- [ ] write it down\n"
LIST = "actions:\n  - call the vendor #x\n  - text: write it down\n    tags: [x]\n"
KINDS: dict[str, MakeEdit] = {
    "set priority": lambda task: SetPriority(task, Priority.HIGH),
    "add and remove tags": lambda task: SetTags(task, ("vision",), ("x",)),
    "add a tag": lambda task: SetTags(task, ("#skill/vision",)),
    "repeat": lambda task: SetRepeat(task, "every 2 weeks"),
    "remove": Remove,
}


@each("kind", KINDS)
@each("which", [0, 1])
@each(("path", "text"), [("x.md", LINES), ("x.yaml", LIST)])
@each("end", ["\n", "\r\n"])
def test_each_kind_of_edit_can_be_undone(kind, which, path, text, end):
    text = text.replace("\n", end)
    after = edited(text, KINDS[kind], which, path)
    check(KINDS[kind](tasks_of(text, path)[which]), tasks_of(text, path)[which], text, after)
    if kind != "remove":
        with already():
            edited(after, KINDS[kind], which, path)


@each(
    ("path", "text", "make_edit", "code", "message"),
    [
        ("x.md", LINES, lambda t: SetTags(t, ("2026",)), "tag", "cannot be a tag; use letters"),
        ("x.yaml", LIST, lambda t: SetTags(t, ("a b",)), "tag", "cannot be a tag; use letters"),
        ("x.md", LINES, lambda t: SetRepeat(t, "now"), "repeat", "not a recurrence rule.*write"),
        ("x.yaml", LIST, lambda t: SetRepeat(t, "1 w"), "repeat", "not a recurrence rule.*write"),
        ("x.md", "- [ ] a\n  - [ ] b\n", Remove, "nested", "nested under it; move them first"),
        (
            "x.md",
            "- [ ] a ⛔ b 🔺 ,c\n",
            lambda t: SetPriority(t, None),
            "unclear",
            "use an editor",
        ),
        ("x.yaml", "actions:\n- &a a\n- *a\n", Remove, "yaml", "anchor"),
        ("x.yaml", "x: &a b\nactions: [*a]\n", lambda t: SetTags(t, ("x",)), "yaml", "anchor"),
    ],
)
def test_refusals_say_why(path, text, make_edit, code, message):
    with refused(code, message):
        edited(text, make_edit, path=path)
