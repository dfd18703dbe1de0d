"""One file as a record: every kind of file, and everything that can be wrong with one."""

from __future__ import annotations

import os
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.documents.front import ConfigFront, LeadFront, SessionFront
from tldash.formats.file_record import read_data
from tldash.formats.text import NotText, decode
from tldash.model.file_roles import FileRole
from tldash.model.records import Severity, Status
from tldash.storage.safe_open import read_bytes
from tldash.workspace.read_file import read_record

SESSION = """\
---
date: 2026-11-03 16:00
skill: vision
---
# Third
## Agenda
- [ ] a
## Actions
- [x] b
"""


def test_a_markdown_session():
    record = read_data(SESSION.encode(), "a/2026-11-03.md", FileRole.SESSION)
    assert isinstance(record.front, SessionFront)
    assert record.front.skill == "vision"
    assert [(task.text, task.line) for task in record.tasks] == [("a", 7), ("b", 9)]
    assert (record.title, record.written, record.body_line) == ("Third", True, 5)
    assert record.keys == (("date", 2), ("skill", 3))
    assert record.problems == ()


def test_a_lead():
    text = "---\nname: Ada\n---\n## Goals\n- one\n- [ ] two\n"
    record = read_data(text.encode(), "lead.md", FileRole.LEAD)
    assert isinstance(record.front, LeadFront)
    assert record.front.name == "Ada"
    assert [(goal.text, goal.line) for goal in record.goals] == [("one", 5), ("two", 6)]


@each("role", [FileRole.NOTE, FileRole.SKILLS])
def test_front_matter_of_notes_is_theirs(role):
    record = read_data(b"---\ndate: [\n---\n- [ ] a\n", "x.md", role)
    assert record.front is None
    assert record.problems == ()
    assert [(task.text, task.line) for task in record.tasks] == [("a", 4)]


def test_a_yaml_session():
    text = "date: 2026-11-03\nagenda: [a]\nactions:\n- b due:soon\n- c\nnotes: We talked.\n"
    record = read_data(text.encode(), "2026-11-03.yaml", FileRole.SESSION)
    assert [task.text for task in record.tasks] == ["a", "b due:soon", "c"]
    assert record.written
    [problem] = record.problems
    assert (problem.line, problem.column) == (4, 5)


@each(
    ("text", "written"),
    [
        ("date: 2026-11-03\n", False),
        ("agenda: [a]\nnotes:\n", False),
        ("agenda: [a]\nnotes: '  '\n", False),
        ("actions: [a]\n", True),
        ("notes: We talked.\n", True),
        ("notes: 5\n", True),
        ("", False),
        ("# nothing yet\n", False),
    ],
)
def test_a_yaml_session_is_written_up_once_anything_but_an_agenda_stands_in_it(text, written):
    record = read_data(text.encode(), "2026-11-03.yaml", FileRole.SESSION)
    assert record.written is written
    assert record.problems == ()


def test_settings():
    text = "name: Circle\ncadense: weekly\n"
    for start in ("", "\ufeff"):
        record = read_data((start + text).encode(), "tldash.yaml", FileRole.CONFIG)
        assert isinstance(record.front, ConfigFront)
        assert record.front.name == "Circle"
        [problem] = record.problems
        assert (problem.line, problem.code) == (2, "unknown-key")
        assert problem.hint == "did you mean 'cadence'?"


FRAMEWORK = "name: Ours\nskills:\n- id: a\n  name: Aiming\n  levels: [{id: low}, {id: high}]\n"


def test_a_framework():
    for start in ("", "\ufeff"):
        record = read_data((start + FRAMEWORK).encode(), "framework.yaml", FileRole.FRAMEWORK)
        assert record.problems == ()
        assert record.framework is not None
        assert [skill.name for skill in record.framework.skills] == ["Aiming"]


@each(
    ("text", "line"),
    [
        (FRAMEWORK.replace("levels", "level"), 3),
        (FRAMEWORK.replace("  name: Aiming\n", ""), 3),
        (FRAMEWORK + "cadences: {weekly: often}\n", 6),
        ("skills: []\n", 1),
        ("a: [\n", 1),
    ],
)
def test_a_framework_that_is_wrong_is_none(text, line):
    record = read_data(text.encode(), "framework.yaml", FileRole.FRAMEWORK)
    assert record.framework is None
    errors = [problem for problem in record.problems if problem.severity is Severity.ERROR]
    assert errors[0].line == line


@each(
    ("front", "line", "column", "code"),
    [
        ("date: soon\n", 2, 1, "date"),
        ("skill: vision\nnext: 2024-02-30\n", 3, 1, "date"),
        ("date:\n\tskill: vision\n", 3, 2, "yaml"),
        ("skill: vision\nskill: growth\n", 3, 1, "yaml"),
        ("date: 2026-11-03\nskill: !!python/name:os x\n", 3, 8, "yaml"),
        ("levels: {vision: [1]}\n", 2, 10, "text"),
        ("duration: " + "9" * 5000 + "\n", 2, 1, "duration"),
        ("skil: vision\n", 2, 1, "unknown-key"),
        ("just words\n", 2, 1, "not-a-mapping"),
        ("- a\n- b\n", 2, 1, "not-a-mapping"),
        ("a: " + "[" * 5000 + "\n", 2, 259, "yaml"),
        ("- " * 50_000 + "\n", 2, 1, "yaml"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
            6, 32, "yaml",
        ),
    ],
)  # fmt: skip
def test_bad_front_matter_is_one_problem_and_hides_no_action(front, line, column, code):
    text = f"---\n{front}---\n- [ ] a\n"
    record = read_data(text.encode(), "2026-11-03.md", FileRole.SESSION)
    [problem] = record.problems
    assert (problem.line, problem.column, problem.code) == (line, column, code)
    [task] = record.tasks
    assert (task.text, task.line) == ("a", text.count("\n"))


def test_a_yaml_session_that_is_no_yaml_is_one_problem():
    record = read_data(b"date: 2026-11-03\nactions:\n- a: b: c\n", "x.yaml", FileRole.SESSION)
    [problem] = record.problems
    assert (problem.line, problem.code) == (3, "yaml")
    assert record.tasks == ()


def test_a_key_that_is_there_twice_costs_a_yaml_session_no_action():
    text = "date: 2026-11-03\nactions: [a]\ndate: 2026-12-01\n"
    record = read_data(text.encode(), "x.yaml", FileRole.SESSION)
    [problem] = record.problems
    assert (problem.line, problem.column) == (3, 1)
    assert [task.text for task in record.tasks] == ["a"]


CONFLICT = "<<<<<<< HEAD\n- [ ] a\n=======\n- [x] a\n>>>>>>> other\n"


def test_an_unresolved_merge_is_told_once_and_its_actions_are_shown():
    record = read_data(("# A\n" + CONFLICT).encode(), "x.md", FileRole.NOTE)
    assert [(p.line, p.code) for p in record.problems] == [(2, "merge-conflict")]
    assert [task.text for task in record.tasks] == ["a"]
    assert record.tasks[0].line == 3 and record.tasks[0].status is Status.OPEN
    text = "a: 1\nactions:\n<<<<<<< HEAD\n- a\n|||||||\n=======\n- b\n>>>>>>> other\n- c\n"
    record = read_data(text.encode(), "x.yaml", FileRole.SESSION)
    assert [(p.line, p.code) for p in record.problems] == [(3, "merge-conflict")]
    assert [(task.text, task.line) for task in record.tasks] == [("a", 4), ("c", 9)]


MARKED = "<<<<<<< o\n{}=======\n{}>>>>>>> t\n"


@each(
    ("text", "found"),
    [
        # Front matter that begins in a conflict stays front matter.
        (MARKED.format("---\nstatus: held\n---\n- [ ] a\n", "- [ ] b\n") + "- [ ] c\n",
         [("a", 4), ("c", 9)]),
        ("\ufeff- [ ] a\r\n" + MARKED.format("- [ ] b\n", "- [ ] c\n").replace("\n", "\r\n"),
         [("a", 1), ("b", 3)]),
        ("- [ ] a\n" + MARKED.format("", "- [ ] c\n"), [("a", 1)]),
        # A sample in a code block is none, a conflict in a block that never ends is one.
        ("```\n" + MARKED.format("- [ ] x\n", "y\n") + "```\n- [ ] a\n", [("a", 8)]),
        ("```\n" + MARKED.format("```\n- [ ] x\n", "```\n- [ ] y\n"), [("x", 4)]),
        # Where the sides are not clear, nothing is left out.
        ("- [ ] a\n<<<<<<< o\n- [ ] b\n=======\n- [ ] c\n", [("a", 1), ("b", 3), ("c", 5)]),
        (MARKED.format("T\n=======\n- [ ] b\n", "- [ ] c\n"), [("b", 4), ("c", 6)]),
        (MARKED.format(MARKED.format("- [ ] a\n", "b\n"), ""), [("a", 3)]),
    ],
)  # fmt: skip
def test_a_conflict_is_read_as_our_side_of_it(text, found):
    record = read_data(text.encode(), "x.md", FileRole.NOTE)
    assert [(task.text, task.line) for task in record.tasks] == found
    [problem] = [p for p in record.problems if p.code in ("merge-conflict", "conflict-in-code")]
    assert (problem.severity is Severity.INFO) == text.startswith("```\n" + "<" * 7 + " o\n- [ ]")


@each(
    ("data", "line", "column", "words"),
    [
        (b"\xff\xfea\x00", 1, 1, "UTF-16"),
        (b"\xfe\xff\x00a", 1, 1, "UTF-16"),
        (b"a\nb\x00", 2, 1, "NUL"),
        (b"a\n\xc3\xa9\xff", 2, 2, "UTF-8"),
        (b"\xe9", 1, 1, "UTF-8"),
        (b"a\xc3", 1, 2, "UTF-8"),
    ],
)
def test_what_is_no_utf_8_is_a_problem_where_it_begins(data, line, column, words):
    record = read_data(data, "x.md", FileRole.NOTE)
    [problem] = record.problems
    assert (problem.line, problem.column, problem.code) == (line, column, "encoding")
    assert words in problem.message
    assert record.tasks == ()
    with pytest.raises(NotText):
        decode(data)


@given(
    st.one_of(st.binary(max_size=60), st.text().map(str.encode)), st.sampled_from(list(FileRole))
)
def test_any_bytes_make_a_record(data, role):
    for path in ("a/x.md", "a/x.yaml"):
        record = read_data(data, path, role)
        assert record.digest is not None
        for problem in record.problems:
            assert problem.path == path
            assert problem.message
            assert problem.line >= 1


@each(
    ("text", "is_template"),
    [
        ("# {{title}}\n- [ ] a\n", True),
        ("---\nlevels: {vision: a}\n---\n# {{title}}\n", True),
        ("# <% tp.file.title %>\n", True),
        ("# {title} {a}\n", False),
        ("# {title\n{a}}\n", False),
        ("# a\n{{title}}\n", False),
    ],
)
def test_placeholders_in_a_heading_make_a_template(text, is_template):
    assert read_data(text.encode(), "ada/plan.md", FileRole.NOTE).is_template is is_template


@given(st.text())
def test_decoding_loses_nothing(text):
    data = text.encode()
    try:
        assert decode(data).encode() == data
    except NotText:
        assert "\0" in text


def test_an_unchanged_file_gives_the_record_that_is_known(tmp_path):
    (tmp_path / "x.md").write_text("- [ ] a\n")
    record = read_record(partial(read_bytes, tmp_path), "x.md", "ada/x.md", FileRole.NOTE)
    assert record.path == "ada/x.md"
    assert (
        read_record(partial(read_bytes, tmp_path), "x.md", "ada/x.md", FileRole.NOTE, record)
        is record
    )
    assert (
        read_record(partial(read_bytes, tmp_path), "x.md", "ada/x.md", FileRole.SESSION, record)
        is not record
    )
    (tmp_path / "x.md").write_text("- [x] a\n")
    assert (
        read_record(partial(read_bytes, tmp_path), "x.md", "ada/x.md", FileRole.NOTE, record)
        != record
    )


def test_a_file_that_cannot_be_had_is_a_problem_and_stays_the_same_record(tmp_path):
    gone = read_record(partial(read_bytes, tmp_path), "x.md", "x.md", FileRole.NOTE)
    assert [problem.code for problem in gone.problems] == ["gone"]
    assert read_record(partial(read_bytes, tmp_path), "x.md", "x.md", FileRole.NOTE, gone) is gone
    os.mkfifo(tmp_path / "x.md")
    fifo = read_record(partial(read_bytes, tmp_path), "x.md", "x.md", FileRole.NOTE, gone)
    assert [problem.code for problem in fifo.problems] == ["not-a-file"]
    with (tmp_path / "big.md").open("wb") as file:
        file.truncate(3_000_000_000)
    big = read_record(partial(read_bytes, tmp_path), "big.md", "big.md", FileRole.NOTE)
    assert [problem.code for problem in big.problems] == ["too-large"]
