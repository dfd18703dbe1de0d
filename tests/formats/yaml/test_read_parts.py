"""A YAML session costs what is wrong in it, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldash.documents.front import SessionFront
from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.yaml import load
from tldash.model.file_roles import FileRole

PATH = "ada/sessions/2026-11-03.yaml"
VALID = [
    "date: 2026-11-03", "skill: vision", "actions:", "  - call due:2026-11-20", "  - text: ask",
    "    due: 2026-11-10", "  - write", "agenda:", "- one", "- two", "notes: |", "  Talked.",
]  # fmt: skip


def read(text: str) -> FileRecord:
    return read_data(text.encode(), PATH, FileRole.SESSION)


def items(record: FileRecord) -> dict[int, str]:
    return {task.line: task.text for task in record.tasks}


@pytest.mark.parametrize(
    ("line", "wrong", "at", "lost"),
    [
        (2, "skill: vision: the talk", 2, set()),
        (2, "skill: [vision", 2, set()),
        (1, "date: '2026-11-03", 1, set()),
        (4, '  - "never closed', 4, {4}),
        (4, "  - [ ] call", 4, {4}),
        (5, "  - text: [ask", 6, {5}),
        (7, "  - write: the: text", 7, {7}),
        (9, "- *one", 9, {9}),
        (3, "actions: [call,", 4, {4, 5, 7}),
        (12, "\ttext", 11, set()),
    ],
)
def test_one_wrong_line_costs_only_that(line, wrong, at, lost):
    lines = [*VALID[: line - 1], wrong, *VALID[line:]]
    record = read("\n".join(lines) + "\n")
    expected = {4: "call", 5: "ask", 7: "write", 9: "one", 10: "two"}
    assert items(record) == {n: text for n, text in expected.items() if n not in lost}
    assert [problem.code for problem in record.problems] == ["yaml"]
    assert record.problems[0].line == at
    assert isinstance(record.front, SessionFront)
    assert (record.front.date is None) == (line == 1)
    assert record.written


def test_several_are_told_and_one_has_a_fix():
    text = 'date: 2026-11-03\nskill: a: b\nactions:\n- "x\n- call\n- [y\n'
    record = read(text)
    assert items(record) == {5: "call"}
    assert [(one.line, one.code) for one in record.problems] == [
        (2, "yaml"),
        (4, "yaml"),
        (6, "yaml"),
    ]
    assert record.problems[0].fix is not None
    assert record.problems[0].fix.new == '"a: b"'


@pytest.mark.parametrize("text", ["\t- a\n", "[a\n", "just words: [\n", "- a\n- [b\n"])
def test_what_is_no_mapping_is_one_problem(text):
    record = read(text)
    assert record.tasks == ()
    assert [problem.code for problem in record.problems][:1] == ["yaml"]


WORDS = st.text(st.sampled_from("ab :-[]{}'\"#|>&*!@`%\t"), max_size=12)


@given(st.integers(0, len(VALID)), WORDS, st.sampled_from(["\n", "\r\n"]))
def test_any_line_between_keeps_every_place(number, line, end):
    text = end.join([*VALID[:number], line, *VALID[number:]]) + end
    valid, _, _ = load.read_parts(text, PATH)
    assert len(valid) == len(text)
    assert [at for at, sign in enumerate(text) if sign in "\r\n"] == [
        at for at, sign in enumerate(valid) if sign in "\r\n"
    ]
    same = text.split(end)
    for task in read(text).tasks:
        assert task.raw == same[task.line - 1]
