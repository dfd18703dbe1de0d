"""Every edit of an item in every shape that YAML has for one, with both line ends.

What an edit writes is said once for strings and once for mappings; a shape says how that is set.
Around the item stand comments, anchors, aliases and a block of text, which must stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.edits import DAY, MakeEdit, already, due, edited, tasks_of
from tests.support.examples import examples
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import (
    AddTask,
    Edit,
    Refused,
    Remove,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.model.records import Priority, Status

Pairs = tuple[tuple[str, str], ...]

STRINGS: dict[str, Callable[[str], str]] = {
    "block string": lambda words: f"- {words}",
    "single quotes": lambda words: "- '" + words.replace("'", "''") + "'",
    "double quotes": lambda words: f'- "{words}"',
    "flow list": lambda words: f"[z, {words}, y]",
    "flow list, single quotes": lambda words: "[z, '" + words.replace("'", "''") + "', y]",
    "flow list, double quotes": lambda words: f'[ z,"{words}" , y ]',
}
MAPPINGS: dict[str, Callable[[Pairs], str]] = {
    "block mapping": lambda pairs: "\n  ".join(
        f"{key}: {value}" + "  # why" * (key == "text") for key, value in pairs
    ).replace("text", "- text", 1),
    "flow mapping": lambda pairs: (
        "- {" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
    ),
    "flow list of mappings": lambda pairs: (
        "[{text: z}, { " + ", ".join(f"{key}: {value}" for key, value in pairs) + " }, y]"
    ),
}


@dataclass(frozen=True)
class Operation:
    """One edit, and what it makes of a string and of a mapping."""

    wish: MakeEdit
    words: tuple[str, str]
    pairs: tuple[Pairs, Pairs]
    special: Mapping[str, str] = field(default_factory=dict)
    """What it makes of a string in shapes where the new words need quotes, or stand elsewhere."""


def mapping(*pairs: str) -> Pairs:
    return tuple((key, value) for key, _, value in (pair.partition("=") for pair in pairs))


def status(new: Status) -> MakeEdit:
    return lambda task: SetStatus(task, new, DAY)


A = mapping("text=a")
DUE = mapping("text=a", "due=2026-11-20")
MOVED = mapping("text=a", "due=2026-12-24")
DONE = mapping("text=a", "done=2026-12-24")
OPERATIONS: dict[str, Operation] = {
    "tick": Operation(status(Status.DONE), ("a", "a done:2026-12-24"), (A, DONE)),
    "untick": Operation(status(Status.OPEN), ("a done:2026-12-24", "a"), (DONE, A)),
    "cancel": Operation(
        status(Status.CANCELLED),
        ("a", "a cancelled:2026-12-24"),
        (A, mapping("text=a", "cancelled=2026-12-24")),
    ),
    "due set": Operation(due(), ("a", "a due:2026-12-24"), (A, MOVED)),
    "due moved": Operation(due(), ("a due:2026-11-20", "a due:2026-12-24"), (DUE, MOVED)),
    "due removed": Operation(due(None), ("a due:2026-11-20", "a"), (DUE, A)),
    "priority": Operation(
        lambda task: SetPriority(task, Priority.HIGH),
        ("a pri:C", "a pri:B"),
        (mapping("text=a", "priority=low"), mapping("text=a", "priority=high")),
    ),
    "no priority": Operation(
        lambda task: SetPriority(task, None),
        ("a pri:C", "a"),
        (mapping("text=a", "priority=low"), A),
    ),
    "owner": Operation(
        lambda task: SetOwner(task, "mira"),
        ("a", "a @mira"),
        (A, mapping("text=a", "owner=mira")),
    ),
    "no owner": Operation(
        lambda task: SetOwner(task, None),
        ("a @mira", "a"),
        (mapping("text=a", "owner=mira"), A),
    ),
    "tags": Operation(
        lambda task: SetTags(task, ("x",)),
        ("a", "a #x"),
        (A, mapping("text=a", "tags=[x]")),
        special={"flow list": "[z, 'a #x', y]"},
    ),
    "more tags": Operation(
        lambda task: SetTags(task, ("y",), ("x",)),
        ("a @mira", "a @mira #y"),
        (mapping("text=a", "tags=[x, z]"), mapping("text=a", "tags=[z, y]")),
        special={"flow list": "[z, 'a @mira #y', y]"},
    ),
    "reword": Operation(
        lambda task: SetText(task, "don't"),
        ("a due:2026-11-20", "don't due:2026-11-20"),
        (DUE, mapping("text=don't", "due=2026-11-20")),
    ),
    "reword with a colon": Operation(
        lambda task: SetText(task, "b: c, d"),
        ("a", "b: c, d"),
        (A, mapping("text='b: c, d'")),
        special={"block string": "- 'b: c, d'", "flow list": "[z, 'b: c, d', y]"},
    ),
    "repeat": Operation(
        lambda task: SetRepeat(task, "every week"),
        ("a", "a rec:+1w"),
        (A, mapping("text=a", "repeat=every week")),
    ),
    "no repeat": Operation(
        lambda task: SetRepeat(task, None),
        ("a rec:1w", "a"),
        (mapping("text=a", "repeat=every week"), A),
    ),
}


def document(item: str, end: str, key: str = "actions") -> str:
    """A session in which the item is the second of three."""
    if item.startswith("["):
        items = f"{key}: {item}  # all of them"
    else:
        behind = "" if "# why" in item else "  # behind"
        items = f"{key}:  # all of them\n# before\n- z\n{item}{behind}\n# after\n- y"
    text = (
        "# remark\ndate: 2026-11-03   # a day\nnext: &next 2026-12-01\nafter: *next\n"
        f"{items}\ntopics:\n- &shared b\nlevels: {{vision: beginner}}\n"
        "notes: |\n  call: 'us\n\n# end\n"
    )
    return text.replace("\n", end)


def differing(before: str, after: str) -> tuple[str, str]:
    """What of two texts is not the same."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), -1)
    if start < 0:
        start = min(len(before), len(after))
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return before[start : len(before) - end], after[start : len(after) - end]


@each("end", ["\n", "\r\n"])
@each("shape", STRINGS)
@each("name", OPERATIONS)
def test_strings(name, shape, end):
    operation, written = OPERATIONS[name], STRINGS[shape]
    before, after = operation.words
    expected = operation.special.get(shape, written(after))
    assert edited(document(written(before), end), operation.wish, 1, "x.yaml") == document(
        expected, end
    )


@each("end", ["\n", "\r\n"])
@each("shape", MAPPINGS)
@each("name", OPERATIONS)
def test_mappings(name, shape, end):
    operation, written = OPERATIONS[name], MAPPINGS[shape]
    before, after = operation.pairs
    assert edited(document(written(before), end), operation.wish, 1, "x.yaml") == document(
        written(after), end
    )


@each("end", ["\n", "\r\n"])
@each("shape", ["block string", "single quotes", "double quotes"])
def test_a_box_tells_that_something_is_in_progress(shape, end):
    if shape == "block string":
        with pytest.raises(Refused, match="box"):
            edited(document("- a", end), status(Status.IN_PROGRESS), 1, "x.yaml")
        return
    written = STRINGS[shape]
    result = edited(document(written("[ ] a"), end), status(Status.IN_PROGRESS), 1, "x.yaml")
    assert result == document(written("[/] a"), end)


@each("end", ["\n", "\r\n"])
@each("shape", [*STRINGS, *MAPPINGS])
def test_removing(shape, end):
    item = STRINGS[shape]("a") if shape in STRINGS else MAPPINGS[shape](DUE)
    text = document(item, end)
    after = edited(text, Remove, 1, "x.yaml")
    gone, come = differing(text, after)
    assert come == ""
    assert [task.text for task in tasks_of(after, "x.yaml")] == ["z", "y", "b"]
    if shape in ("block string", "block mapping", "flow mapping", "single quotes"):
        assert gone.count(end) == item.count("\n") + 1
        assert "# before" in after
        assert "# after" in after


@each("end", ["\n", "\r\n"])
@each("shape", [*STRINGS, *MAPPINGS])
@each("words", ["new", "don't", "b: c, d", "x #y due:2026-12-24 @mira pri:B"])
def test_adding(shape, words, end):
    item = STRINGS[shape]("a") if shape in STRINGS else MAPPINGS[shape](DUE)
    text = document(item, end)
    after = patch.apply(AddTask("x.yaml", words), text.encode()).decode()
    gone, come = differing(text, after)
    assert gone == ""
    assert come.replace("\r\n", "").count("\n") == (come.count("\n") if end == "\n" else 0)
    found = tasks_of(after, "x.yaml")
    assert [t for t in found if t.text in words and t.status is Status.OPEN and t.text != "b"]
    back = edited(after, Remove, 3, "x.yaml")
    assert back == text


REPEATING = [
    ("- a due:2026-12-01 rec:+1w",
     "- a due:2026-12-08 rec:+1w\n- a due:2026-12-01 rec:+1w done:2026-12-24"),
    ("- 'a due:2026-12-01 rec:+1w'",
     "- 'a due:2026-12-08 rec:+1w'\n- 'a due:2026-12-01 rec:+1w done:2026-12-24'"),
    ('- "a due:2026-12-01 rec:+1w"',
     '- "a due:2026-12-08 rec:+1w"\n- "a due:2026-12-01 rec:+1w done:2026-12-24"'),
]  # fmt: skip


@each("end", ["\n", "\r\n"])
@each(("before", "after"), REPEATING)
def test_what_repeats_leaves_its_next_one_above(before, after, end):
    assert edited(document(before, end), status(Status.DONE), 1, "x.yaml") == document(after, end)


@each(
    ("item", "words"),
    [
        ("[z, a rec:1w due:2026-12-01, y]", "shares its line"),
        ("- {text: a, repeat: every week, due: 2026-12-01}", "only be written by hand"),
        ("- text: a\n  repeat: every week\n  due: 2026-12-01", "only be written by hand"),
    ],
)
def test_what_repeats_and_cannot_leave_its_next_one_is_not_ticked(item, words):
    with pytest.raises(Refused, match=words) as refusal:
        edited(document(item, "\n"), status(Status.DONE), 1, "x.yaml")
    assert refusal.value.code == "yaml"


REFUSALS = {
    "alias": ("- *next", "anchor"),
    "anchor": ("- &here a", "anchor"),
    "tag": ("- !!str a", r"tag \(!!str\)"),
    "foreign tag": ("- !foo a", r"tag \(!foo\)"),
    "literal": ("- |\n  a", "block of text"),
    "folded": ("- >-\n  a", "block of text"),
    "two lines": ("- a\n  b", "spans lines"),
    "two lines in quotes": ("- 'a\n  b'", "spans lines"),
    "escapes": ('- "a\\tb"', "escapes"),
    "words with a tag": ("- text: !!str a", r"tag \(!!str\)"),
    "words in a block": ("- text: |\n    a", "block of text"),
    "words with escapes": ('- {text: "a\\u00e9"}', "escapes"),
}
WISHES: dict[str, MakeEdit] = {
    "reword": lambda task: SetText(task, "b"),
    "owner among the words": lambda task: SetOwner(task, "mira"),
    "due": due(),
    "tick": status(Status.DONE),
}


@each("wish", WISHES)
@each("name", REFUSALS)
def test_a_refusal_says_why(name, wish):
    item, words = REFUSALS[name]
    text = document(item, "\n").replace("  # behind", "")
    which = next(i for i, t in enumerate(tasks_of(text, "x.yaml")) if t.yaml_path == ("actions", 1))
    if "text:" in item and wish != "reword":
        return  # the words themselves are not touched
    with pytest.raises(Refused, match=words) as refusal:
        edited(text, WISHES[wish], which, "x.yaml")
    assert refusal.value.code == "yaml"


# -- any session -----------------------------------------------------------------------------------


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, MakeEdit, str]:
    """A session, a wish for its second item, and how that is written."""
    shape = draw(st.sampled_from([*STRINGS, *MAPPINGS]))
    name = draw(st.sampled_from(sorted(OPERATIONS)))
    operation = OPERATIONS[name]
    written = (
        STRINGS[shape](operation.words[0])
        if shape in STRINGS
        else MAPPINGS[shape](operation.pairs[0])
    )
    text = document(written, draw(st.sampled_from(["\n", "\r\n"])))
    key = draw(st.sampled_from(["actions", "agenda"]))
    if draw(st.booleans()):
        text = text.removesuffix("\r\n").removesuffix("\n")
    return text.replace("actions:", f"{key}:"), operation.wish, written


@settings(max_examples=examples(200), deadline=None)
@given(edits())
def test_only_the_item_differs(case):
    text, wish, written = case
    task = next(t for t in tasks_of(text, "x.yaml") if t.yaml_path[1] == 1)
    edit: Edit = wish(task)
    after = patch.apply(edit, text.encode()).decode()
    gone, come = differing(text, after)
    start = text.index(written.replace("\n", "\r\n" if "\r\n" in text else "\n"))
    at = next((i for i, (a, b) in enumerate(zip(text, after, strict=False)) if a != b), len(text))
    assert start <= at <= start + len(written) + written.count("\n") + len("  # behind\r\n")
    assert len(gone) <= len(written) + 2
    assert come.replace("\r\n", "").count("\n") == 0 or "\r\n" not in text
    assert text.count("# ") - after.count("# ") in (0, -1)
    others = [t for t in tasks_of(text, "x.yaml") if t.yaml_path != task.yaml_path]
    now = [t for t in tasks_of(after, "x.yaml") if t.yaml_path != task.yaml_path]
    assert [(t.text, t.fields, t.status) for t in now] == [
        (t.text, t.fields, t.status) for t in others
    ]
    with already():
        patch.apply(
            wish(next(t for t in tasks_of(after, "x.yaml") if t.yaml_path == task.yaml_path)),
            after.encode(),
        )
