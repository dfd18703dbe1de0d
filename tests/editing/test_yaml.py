"""Ticking in YAML: what is written, what is left alone, and what is refused."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.editing import yaml
from tldash.formats.text import split_lines
from tldash.formats.yaml import load, session
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import child
from tldash.model.records import Status

ON = date(2026, 11, 9)
OPEN, DONE, STARTED, DROPPED = Status.OPEN, Status.DONE, Status.IN_PROGRESS, Status.CANCELLED


def items(text: str):
    found, _ = session.read(text, "a.yaml")
    return found


def edit(text: str, status: Status, which: int = 0) -> str:
    return yaml.with_status(text, items(text)[which].node, status, ON)


def of_item(item: str) -> str:
    return f"actions:\n  - {item}\n"


STRINGS = [
    ("call Ann", "call Ann done:2026-11-09"),
    ("call Ann  # soon", "call Ann done:2026-11-09  # soon"),
    ("call Ann #vision", "call Ann done:2026-11-09 #vision"),
    ("call Ann due:2026-11-20", "call Ann due:2026-11-20 done:2026-11-09"),
    ("call Ann 📅 2026-11-20", "call Ann 📅 2026-11-20 ✅ 2026-11-09"),
    ("'call Ann'", "'call Ann done:2026-11-09'"),
    ("'don''t call'", "'don''t call done:2026-11-09'"),
    ('"call \\"Ann\\""', '"call \\"Ann\\" done:2026-11-09"'),
    ("'[ ] call Ann'", "'[x] call Ann done:2026-11-09'"),
    ("'call [due:: 2026-11-20]'", "'call [due:: 2026-11-20]  [completion:: 2026-11-09]'"),
]
MAPPINGS = [
    ("text: a", "text: a\n    done: 2026-11-09"),
    ("text: a  # b", "text: a  # b\n    done: 2026-11-09"),
    ("text: a\n    tags: [x]", "text: a\n    done: 2026-11-09\n    tags: [x]"),
    ("text: a\n    tags:\n      - x", "text: a\n    done: 2026-11-09\n    tags:\n      - x"),
    ("text: a\n    note: |\n      b", "text: a\n    done: 2026-11-09\n    note: |\n      b"),
    ("text: a\n    due:", "text: a\n    due:\n    done: 2026-11-09"),
    ("text: a\n    done: false", "text: a\n    done: true"),
    ("{text: a}", "{text: a, done: 2026-11-09}"),
    ("{text: a, due: 2026-11-20 }", "{text: a, due: 2026-11-20, done: 2026-11-09 }"),
    ("{text: a, }", "{text: a, done: 2026-11-09, }"),
    ("{text: a, tags: [x]}", "{text: a, done: 2026-11-09, tags: [x]}"),
    ("{status: open, text: a}", "{status: done, text: a, done: 2026-11-09}"),
    ('text: a\n    status: "open"', 'text: a\n    status: "done"\n    done: 2026-11-09'),
]


@each(("item", "ticked"), STRINGS + MAPPINGS)
def test_ticking_and_unticking(item, ticked):
    assert edit(of_item(item), DONE) == of_item(ticked)
    assert edit(of_item(ticked), OPEN) == of_item(item)


@each(
    ("item", "status", "after"),
    [
        ("call Ann", DROPPED, "call Ann cancelled:2026-11-09"),
        ("call Ann done:2026-11-01", DROPPED, "call Ann cancelled:2026-11-09"),
        ("call Ann cancelled:2026-11-01", DONE, "call Ann done:2026-11-09"),
        ("'[x] call Ann'", OPEN, "'[ ] call Ann'"),
        ("'[?]  call Ann'", DONE, "'[x]  call Ann done:2026-11-09'"),
        ("'[ ] call Ann'", STARTED, "'[/] call Ann'"),
        ("'[/] call Ann'", DONE, "'[x] call Ann done:2026-11-09'"),
        ("text: a\n    done:", DONE, "text: a\n    done: 2026-11-09"),
        ("text: a\n    done: ~  # b", DONE, "text: a\n    done: 2026-11-09  # b"),
        ("{text: a, done: }", DONE, "{text: a, done: 2026-11-09 }"),
        ("text: a\n    done: true", OPEN, "text: a\n    done: false"),
        ("text: a\n    done: 2026-11-01  # b", OPEN, "text: a"),
        ("text: a\n    done: 2026-11-01\n    due:", OPEN, "text: a\n    due:"),
        ("{done: 2026-11-01, text: a}", OPEN, "{text: a}"),
        ("{done: 2026-11-01 ,  text: a}", OPEN, "{text: a}"),
        ("text: a\n    status: in-progress", DONE, "text: a\n    done: 2026-11-09"),
        ("{text: a, status: in-progress, due: }", DONE, "{text: a, done: 2026-11-09, due: }"),
        ("text: a\n    done: 2026-11-01", STARTED, "text: a\n    status: in-progress"),
        ("text: a", STARTED, "text: a\n    status: in-progress"),
        ("text: a\n    status: done", OPEN, "text: a\n    status: open"),
        ("text: a\n    status:", STARTED, "text: a\n    status: in-progress"),
        (
            "text: a\n    status: in-progress\n    done: 2026-11-01",
            DONE,
            "text: a\n    status: done\n    done: 2026-11-01",
        ),
        (
            "text: a\n    status: cancelled\n    cancelled: 2026-11-01",
            DONE,
            "text: a\n    status: done\n    done: 2026-11-09",
        ),
        ("{done: 2026-11-01, text: a}", DROPPED, "{cancelled: 2026-11-09, text: a}"),
        ("text: a\n    done: true", DROPPED, "text: a\n    done: false\n    cancelled: 2026-11-09"),
    ],
)
def test_other_changes_of_status(item, status, after):
    edited = edit(of_item(item), status)
    assert edited == of_item(after)
    assert items(edited)[0].task.status is status


@each("ending", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(ending):
    text = f"actions:{ending}- text: a{ending}- text: b"
    ticked = edit(text, DONE, 1)
    assert ticked == f"{text}{ending}  done: 2026-11-09"
    assert edit(ticked, OPEN, 1) == text
    first = edit(text, DONE)
    assert first == f"actions:{ending}- text: a{ending}  done: 2026-11-09{ending}- text: b"
    assert edit(first, OPEN) == text


@each(
    ("text", "words"),
    [
        ("actions:\n- &a call\n- *a\n", "anchor"),
        ("x: &a {text: b}\nactions:\n- *a\n", "anchor"),
        ("actions:\n- |\n  call\n", "block of text"),
        ("actions:\n- >-\n  call\n", "block of text"),
        ("actions:\n- call\n  Ann\n", "spans lines"),
        ("actions:\n- 'call\n  Ann'\n", "spans lines"),
        ('actions:\n- "call\\tAnn"\n', "escapes"),
        ("actions:\n- !!str call\n", "tag"),
        ("actions:\n- !!str 'call'\n", "tag"),
        ("actions:\n- text: |\n    call\n", "no value on one line"),
        ("d: &d x\nactions:\n- {text: *d}\n", "no value on one line"),
        ("actions:\n- text: a\n  done: soon\n", "not a date"),
        ("actions:\n- text: a\n  done: [1]\n", "not a date"),
        ("d: &d ~\nactions:\n- text: a\n  done: *d\n", "anchor"),
        ("actions:\n- text: a\n  status: !!str open\n", "tag"),
    ],
)
def test_what_cannot_be_ticked_without_doubt_is_refused(text, words):
    with pytest.raises(yaml.Unsafe, match=words):
        edit(text, DONE)


@each(
    ("text", "status", "words"),
    [
        ("actions:\n- call\n", STARTED, "mapping"),
        ("actions:\n- done: 2026-11-01\n  text: a\n", OPEN, "shares its line"),
        ("actions:\n- {? done : 2026-11-01}\n- text: a\n", OPEN, "nothing would be left"),
    ],
)
def test_what_cannot_be_reopened_without_doubt_is_refused(text, status, words):
    node = child(child(compose(text), "actions")[1], 0)[1]
    with pytest.raises(yaml.Unsafe, match=words):
        yaml.with_status(text, node, status, ON)


# -- any document, any item ---------------------------------------------------------------------

WORDS = st.sampled_from(
    ["call Ann", "don't", "call Ann due:2026-11-20", "ask 📅 2026-11-20", "[ ] boxed", "café",
     "a #tag", "100%", "x done:2026-11-01", "\u2028odd", "a, b", "why?", "[x] ticked", "e\u0301"]
)  # fmt: skip


@st.composite
def scalars(draw: st.DrawFn) -> str:
    words = draw(WORDS)
    style = draw(st.sampled_from(["plain", "single", "double"]))
    if style == "single" or (style == "plain" and words[0] in "[\u2028") or ", " in words:
        return "'" + words.replace("'", "''") + "'"
    return f'"{words}"' if style == "double" else words


@st.composite
def mappings(draw: st.DrawFn, indent: str, ending: str) -> str:
    pairs = [("text", draw(scalars()))]
    values: dict[str, Any] = {
        "due": st.sampled_from(["2026-11-20", "'2026-11-20'", ""]),
        "done": st.sampled_from(["2026-11-01", "true", "false"]),
        "status": st.sampled_from(["open", "in-progress", '"open"']),
        "owner": st.just("mira"),
        "tags": st.just("[x, y]"),
    }
    for name in draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=3)):
        pairs.insert(draw(st.integers(0, len(pairs))), (name, draw(values[name])))
    if draw(st.booleans()):
        return "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}"
    remark = draw(st.sampled_from(["", "  # why"]))
    return f"{ending}{indent}".join(f"{name}: {value}{remark}" for name, value in pairs)


@st.composite
def sessions(draw: st.DrawFn) -> str:
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    indent = draw(st.sampled_from(["", "  ", "    "]))
    text = draw(st.sampled_from(["", f"# remark{ending}", f"date: 2026-11-03{ending}"]))
    for name in draw(st.permutations(["actions", "topics"])):
        text += f"{name}:{ending}"
        for _ in range(draw(st.integers(1, 3))):
            item = draw(st.one_of(scalars(), mappings(indent + "  ", ending)))
            gap = draw(st.sampled_from(["", "", f"  # c{ending}", ending]))
            text += f"{gap}{indent}- {item}{ending}"
    return text if draw(st.booleans()) else text.removesuffix(ending)


@settings(max_examples=80)
@given(sessions(), st.data())
def test_only_the_item_changes_and_unticking_gives_the_bytes_back(text, data):
    found = items(text)
    assume(load.load(text, "a.yaml")[1] == () and found)
    which = data.draw(st.integers(0, len(found) - 1))
    before = found[which].task
    try:
        ticked = edit(text, DONE, which)
    except yaml.Unsafe:
        assume(False)
    others = [item.task for item in found]
    after = [item.task for item in items(ticked)]
    assert after[which].status is DONE
    assert [t.text for t in after] == [t.text for t in others]
    del others[which], after[which]
    assert [(t.text, t.status, t.fields) for t in after] == [
        (t.text, t.status, t.fields) for t in others
    ]
    changed = [
        line
        for line in difflib.ndiff(split_lines(text), split_lines(ticked))
        if line.startswith(("+", "-"))
    ]
    if before.status is OPEN:
        assert len(changed) <= 4
        try:
            assert edit(ticked, OPEN, which) == text
        except yaml.Unsafe as error:
            assert "shares its line" in str(error)
    if before.status is STARTED and before.fields.done is None and "[/]" not in text:
        assert edit(ticked, STARTED, which) == text


@each("first", ["in-progress", "in-qrogress", "open"])
def test_an_item_that_has_a_key_twice_is_left_alone(first: str) -> None:
    text = of_item(f"text: a\n    status: {first}\n    due: 2026-11-20\n    status: in-progress")
    with pytest.raises(yaml.Unsafe, match="duplicate key status:"):
        edit(text, DONE)
