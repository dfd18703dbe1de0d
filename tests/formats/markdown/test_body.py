"""Front matter, headings, topics, goals, notes and twins of Markdown files."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.markdown import read_body
from tests.support.tables import each
from tldash.formats.markdown.body import is_topics, kind_of
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.text import (
    BOM,
    BrokenMarkers,
    find_conflict,
    find_hunks,
    keep_ours,
    split_lines,
)
from tldash.model.records import Goal, ItemKind, Status


@pytest.mark.parametrize(
    ("text", "yaml", "body", "line"),
    [
        pytest.param("", None, "", 1, id="empty file"),
        pytest.param("# A\n", None, "# A\n", 1, id="none"),
        pytest.param("---\na: 1\n---\n# A\n", "a: 1\n", "# A\n", 4, id="closed"),
        pytest.param("---\n---\nx", "", "x", 3, id="empty front matter"),
        pytest.param("---\n\n---\nx", None, "---\n\n---\nx", 1, id="two rules"),
        pytest.param("---\n# c\n---\nx", "# c\n", "x", 4, id="comment only"),
        pytest.param("---", None, "---", 1, id="dashes only"),
        pytest.param("---\n", None, "---\n", 1, id="dashes and a line end"),
        pytest.param("--- \t\na: 1\n---  \nx", "a: 1\n", "x", 4, id="blanks after the dashes"),
        pytest.param(BOM + "---\na: 1\n---\nx", "a: 1\n", "x", 4, id="byte order mark"),
        pytest.param(BOM + "# A", None, "# A", 1, id="byte order mark, no front matter"),
        pytest.param("---\r\na: 1\r\n---\r\nx", "a: 1\r\n", "x", 4, id="CRLF"),
        pytest.param("---\ra: 1\r---\rx", "a: 1\r", "x", 4, id="CR"),
        pytest.param("---\na: 1\n---", "a: 1\n", "", 4, id="nothing after it"),
        pytest.param("\n---\na: 1\n---\n", None, "\n---\na: 1\n---\n", 1, id="not on line 1"),
        pytest.param("----\na: 1\n---\n", None, "----\na: 1\n---\n", 1, id="four dashes"),
        pytest.param(" ---\na: 1\n---\n", None, " ---\na: 1\n---\n", 1, id="indented"),
        pytest.param("---\n\na: 1\n---\nx", "\na: 1\n", "x", 5, id="blank line, then a key"),
        pytest.param("---\n\nprose\n---\nx", None, "---\n\nprose\n---\nx", 1, id="rule, prose"),
        pytest.param("---\nprose\n---\nx", "prose\n", "x", 4, id="closed, with prose in it"),
        pytest.param("---\nprose\n", None, "---\nprose\n", 1, id="rule above prose"),
        pytest.param("---\na\n ---\n", None, "---\na\n ---\n", 1, id="closed by nothing"),
        pytest.param(
            "---\n\n- [ ] a\n\n---\n", None, "---\n\n- [ ] a\n\n---\n", 1, id="task between rules"
        ),
        pytest.param(
            "---\na: |\n  - [ ] b\n---\nx", "a: |\n  - [ ] b\n", "x", 5, id="box in a text"
        ),
    ],
)
def test_front_matter(text, yaml, body, line):
    front = split_front(text, "a.md")
    assert (front.yaml, front.body, front.body_line) == (yaml, body, line)
    assert front.problems == ()


@each(
    "text",
    [
        "---\ndate: 2026-11-03\n\n# Session\n- [ ] a\n",
        "---\n# remark\ndate: 2026-11-03\n- [ ] a\n",
        "---\n\n'date': 2026-11-03\n- [ ] a\n",
        "---\ndate: 2026-11-03\n# Session\n- [ ] a\n\n---\n\nmore\n",
        "---\r\ndate:\r\n- [x] a\r\n",
        BOM + "---\ndate: 2026-11-03\n* [ ] a\n",
    ],
)
def test_front_matter_that_is_never_closed_hides_no_task(text):
    front = split_front(text, "a.md")
    [problem] = front.problems
    assert (problem.path, problem.line, problem.column) == ("a.md", 1, 1)
    assert problem.code == "front-matter"
    assert "---" in problem.hint
    assert front.yaml is None
    [task] = read_body(front.body, "a.md", front.body_line).tasks
    assert task.text == "a"
    assert split_lines(text)[task.line - 1] == task.raw


LINES = st.lists(
    st.sampled_from(["---", "--- ", "a: 1", "# b", "", "text", "- [ ] c", "- x", "\tz", "..."]),
    max_size=7,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", BOM]), st.booleans())
def test_the_body_is_always_the_end_of_the_text_and_starts_on_its_line(lines, end, bom, last):
    text = bom + end.join(lines) + (end if last else "")
    front = split_front(text, "a.md")
    assert text.endswith(front.body)
    if front.body:
        before = text[: len(text) - len(front.body)].removeprefix(BOM)
        assert len(split_lines(before)) == front.body_line - 1
    if front.problems:
        assert "- [ ] c" in front.body or "---" not in [line.strip() for line in lines[1:]]


def read(text: str):
    return read_body(text, "a.md")


def test_a_task_knows_its_headings_its_depth_and_its_line():
    tasks = read(
        "- [ ] before\n# One\n## Two\n- [x] a\n  1. [/] b\n### Three\n> - [-] c\n# Four\n- [?] d\n"
    ).tasks
    assert [(t.text, t.section, t.depth, t.line, t.status) for t in tasks] == [
        ("before", (), 0, 1, Status.OPEN),
        ("a", ("One", "Two"), 0, 4, Status.DONE),
        ("b", ("One", "Two"), 1, 5, Status.IN_PROGRESS),
        ("c", ("One", "Two", "Three"), 0, 7, Status.CANCELLED),
        ("d", ("Four",), 0, 9, Status.OPEN),
    ]


def test_examples_are_no_actions():
    text = (
        "```\n- [ ] fenced\n```\n\n    - [ ] indented\n\n<!--\n- [ ] comment\n-->\n\n"
        "%%\n- [ ] put aside\n%%\n- [ ] real\n"
    )
    assert [task.text for task in read(text).tasks] == ["real"]


@each(
    ("text", "note"),
    [
        ("- [ ] a\n  more\n  - sub\n", "more\nsub"),
        ("- [ ] a\nlazy\n", "lazy"),
        ("- [ ] a\n\n  after a blank\n", "after a blank"),
        ("- [ ] a\n\nanother paragraph\n", ""),
        ("- [ ] a\n- b\n", ""),
        ("- [ ] a\n\n- - b\n", ""),
        ("- [ ] a\n\n-\n  b\n", ""),
        ("- [ ] a\n  - - b\n", "b"),
        ("- [ ] a\n  - [ ] nested\n  - - b\n", "b"),
        ("- [ ] a\n  - [ ] nested\n    its own\n  - of a\n", "of a"),
        ("- [ ] a\n  - b\n    - c\n", "b\nc"),
        ("- [ ] a\n  - [ ] b\n    - [ ] c\n    - d\n", ""),
        ("- [ ] a\n  ```\n  code\n  ```\n", "code"),
        ("- [ ] a\n  <!-- hidden -->\n", ""),
        ("- [ ] a\n## next\ntext\n", ""),
    ],
)
def test_what_stands_under_a_task_is_its_note(text, note):
    assert read(text).tasks[0].note == note


@each(
    ("heading", "topics"),
    [
        ("Agenda", True),
        ("Topics", True),
        ("talking points", True),
        ("🗣 Agenda for today", True),
        ("1. Topics", True),
        ("Agendas", False),
        ("Our agenda", False),
        ("Actions", False),
    ],
)
def test_headings_that_hold_topics(heading, topics):
    assert is_topics((heading,)) is topics
    assert is_topics(("Session", heading, "Deeper")) is topics
    assert is_topics(("Actions", heading)) is topics


ACTION, TOPIC, GOAL = ItemKind.ACTION, ItemKind.TOPIC, ItemKind.GOAL


@each(
    ("headings", "kind"),
    [
        ((), ACTION),
        (("Agenda", "Action items"), ACTION),
        (("Agenda", "Payments", "✅ Follow-ups"), ACTION),
        (("Actions", "Talking points"), TOPIC),
        (("Agenda", "Payments"), TOPIC),
        (("Agenda", "Notes"), ACTION),
        (("Agenda", "Notes on payments"), TOPIC),
        (("Goals",), GOAL),
        (("Goals", "Next steps"), ACTION),
        (("Agenda", "Goals for the quarter"), GOAL),
        (("Tasks", "By Friday"), ACTION),
        (("TODO",), ACTION),
        (("Taskforce", "Goalkeepers"), ACTION),
    ],
)
def test_the_nearest_heading_decides(headings, kind):
    assert kind_of(headings) is kind


@each(
    ("text", "topics"),
    [
        ("# Agenda for 30 Oct\n- [ ] a\n", []),
        ("# Agenda for 30 Oct\n## Action items\n- [ ] a\n## Talking points\n- [ ] b\n", ["b"]),
        ("Agenda for 30 Oct\n===\n- [ ] a\n", []),
        ("# Agenda\n- [ ] a\n", ["a"]),
        ("# Agenda for 30 Oct\n- [ ] a\n# Actions\n- [ ] b\n", ["a"]),
        ("# Session\n## Agenda\n- [ ] a\n### Action items\n- [ ] b\n", ["a"]),
        ("## Agenda\n- [ ] a\n# Topics of the week\n- [ ] b\n", ["a"]),
        ("- > # Agenda for 30 Oct\n- [ ] a\n", []),
    ],
)
def test_a_title_decides_nothing(text, topics):
    assert [task.text for task in read(text).tasks if is_topics(task.section)] == topics


@each(
    ("text", "title"),
    [
        ("# Session 3\n## Agenda\n", "Session 3"),
        ("## Agenda\n", ""),
        ("# Agenda\n", ""),
        ("# Notes\n# Session 3\n", "Session 3"),
        ("# Agenda for 30 Oct\n", "Agenda for 30 Oct"),
        ("# Agenda for 30 Oct\n# Actions\n", ""),
        ("# Goals\n## Ada\n", ""),
        ("Session 3\n===\n", "Session 3"),
        ("Session 3\n---\n", ""),
        ("# ✅ Action Items:\n", ""),
        ("# Goals of Ada\n", "Goals of Ada"),
    ],
)
def test_only_a_heading_of_level_one_is_a_title_and_never_the_name_of_a_section(text, title):
    assert read(text).title == title


@each(
    ("text", "dated"),
    [
        ("## 2026-11-16\na\n## 2026-11-02\n",
         [("2026-11-16", 1, 2, True), ("2026-11-02", 3, 3, False)]),
        ("# A\n## [2026-11-16] x\n### Agenda\n- [ ] a\n## Links\nb\n",
         [("2026-11-16", 2, 4, False)]),
        ("### 2026-11-16\n#### 2026-11-20\na\n# End\n", [("2026-11-16", 1, 3, True)]),
        ("Text\n\n[[2026-11-16]] Review\n---\n", [("2026-11-16", 3, 4, False)]),
        ("## 16 November\n", []),
    ],
)  # fmt: skip
def test_dated_headings_are_found_with_their_sections(text, dated):
    last = len(text.splitlines())
    assert [
        (str(one.day), one.line, min(one.end, last), one.written) for one in read(text).dated
    ] == dated


@each(
    ("text", "written"),
    [
        ("# Session\n## Agenda\n- [ ] a\n- b\nc\n", False),
        ("# Session\n\n## Actions\n\n## Notes\n", False),
        ("## Actions\n- [ ]\n", False),
        ("## Notes\nWe talked.\n", True),
        ("## Actions\n- [ ] a\n", True),
        ("<!-- to do -->\n", False),
        ("***\n", False),
        ("```\ncode\n```\n", True),
    ],
)
def test_a_session_is_written_up_once_anything_but_an_agenda_stands_in_it(text, written):
    assert read(text).written is written


def test_goals_are_items_paragraphs_and_tasks_under_their_heading():
    found = read(
        "# Ada\nnot a goal\n## Goals\n- one that\n  goes on\n  - a part of it\n- [x] two\n\n"
        "A paragraph\nof two lines.\n\n## Goal for May\n* three\n\n## Notes\n- not one\n"
    )
    assert found.title == "Ada"
    assert found.goals == (
        Goal("one that goes on", "a.md", 4),
        Goal("a part of it", "a.md", 6),
        Goal("two", "a.md", 7, Status.DONE),
        Goal("A paragraph of two lines.", "a.md", 9),
        Goal("three", "a.md", 13),
    )


def test_an_explanation_under_a_goal_is_no_goal():
    found = read("## Goals\n- one\n\n  because of this\n")
    assert [goal.text for goal in found.goals] == ["one"]


def test_twins_are_told_apart_by_their_order():
    found = read("- [ ] a\n- [ ] b\n## X\n- [ ] a\n- [x] a\n")
    assert [(task.line, task.occurrence) for task in found.tasks] == [
        (1, (1, 2)),
        (2, (1, 1)),
        (4, (2, 2)),
        (5, (1, 1)),
    ]


def test_a_bad_value_is_told_where_it_stands():
    [problem] = read_body("\n> - [ ] call due:soon", "a.md", 10).problems
    assert (problem.path, problem.line, problem.column) == ("a.md", 11, 14)
    assert "soon" in problem.message


@each("break_", ["\f", "\v", "\x85", "\u2028", "\u2029", "\x1c"])
def test_signs_that_end_no_line_move_no_task(break_):
    found = read(f"one{break_}two\n- [ ] a{break_}b\n")
    assert [(task.line, task.raw) for task in found.tasks] == [(2, f"- [ ] a{break_}b")]


@each(
    ("text", "line"),
    [
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n", 2),
        ("<<<<<<< HEAD\r\nb\r\n=======\r\nc\r\n>>>>>>> other\r\n", 1),
        ("a\n=======\nc\n>>>>>>> other", 4),
        ("a\r<<<<<<< HEAD\rb\r=======\rc\r>>>>>>> other\r", 2),
        ("a\r\nb\r=======\n>>>>>>> other", 4),
        ("a\r<<<<<<<\r=======", 2),
        ("a\x0b<<<<<<< HEAD\n=======\n", None),
        ("# <<<<<<< HEAD\n=======\n", None),
        ("<<<<<<< HEAD\nno middle\n", None),
        ("<<<<<<<< eight\n=======\n", None),
        (">>>>>>>quote\n=======\n", None),
        ("Title\n========\n>>>>>>> deep\n", None),
        ("plain\n", None),
    ],
)
def test_conflict_markers(text, line):
    assert find_conflict(text) == line


@given(
    st.lists(st.sampled_from(["<<<<<<< a", "=======", ">>>>>>> b", "c", ""]), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_conflict_markers_are_found_whatever_ends_the_lines(lines, end):
    assert find_conflict(end.join(lines)) == find_conflict("\n".join(lines))


MARKERS = ["<<<<<<< a", "||||||| b", "=======", ">>>>>>> c", "- [ ] d", "---", ""]


@given(st.lists(st.sampled_from(MARKERS), max_size=14))
@example(["<<<<<<< a", "- [ ] d", "=======", "---", ">>>>>>> c", ""])
def test_our_side_has_every_line_in_its_place_and_no_marker(lines):
    text = "".join(f"{line}\n" for line in lines)
    try:
        hunks, ours = find_hunks(lines), keep_ours(text)
    except BrokenMarkers as error:
        assert lines[error.line - 1] in MARKERS[:4]
        return
    assert find_conflict(ours) is None
    assert len(split_lines(ours)) == len(lines)
    inside = {at for hunk in hunks for at in range(hunk.ours, hunk.theirs + 1)}
    assert all(
        after == before
        for at, (before, after) in enumerate(zip(lines, split_lines(ours), strict=True))
        if at not in inside
    )


PIECES = st.sampled_from(
    ["# Agenda", "## Goals", "- [ ] a due:2026-11-20", "  - [x] b", "text", "", "> - [ ] c",
     "```", "    code", "  more", "1. [/] d", "---", "===", "- e", "<!--", "-->", "\t- [ ] f"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 50))
@example(["- [ ] a", "  - [ ] b"], "\n", 1)
def test_every_task_is_the_line_it_says_and_every_file_is_read(pieces, end, first):
    text = end.join(pieces)
    found = read_body(text, "a.md", first)
    lines = split_lines(text)
    numbers = [task.line for task in found.tasks]
    assert numbers == sorted(set(numbers))
    for task in found.tasks:
        assert lines[task.line - first] == task.raw
        assert task.raw.rstrip().endswith(task.text) or task.fields.due
        same = [other for other in found.tasks if other.raw == task.raw]
        assert task.occurrence == (same.index(task) + 1, len(same))
    for goal in found.goals:
        assert goal.text


@given(st.text())
def test_no_text_upsets_the_reader(text):
    front = split_front(text, "a.md")
    read_body(front.body, "a.md", front.body_line)
    find_conflict(text)
