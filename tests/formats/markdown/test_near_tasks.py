"""Lines that were probably meant as task items: each is reported, and fixed if possible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.markdown import read_body
from tests.support.tables import each
from tldash.editing import fixes
from tldash.formats.file_record import read_data
from tldash.formats.markdown.near_tasks import MOST_REPORTED
from tldash.model.file_roles import FileRole
from tldash.model.records import Severity, Status

NBSP, ZWSP, EM_SPACE = "\u00a0", "\u200b", "\u2003"


def reported(text: str) -> list[tuple[int, str]]:
    problems = read_body(text, "x.md").problems
    return [(one.line, one.message) for one in problems if one.code == "near-task"]


def fixed(text: str) -> str:
    data = text.encode()
    problems = read_data(data, "x.md", FileRole.NOTE).problems
    return fixes.apply(problems, "x.md", FileRole.NOTE, data).data.decode()


CASES = [
    ("- [] call Ann", "- [ ] call Ann", "nothing in the box"),
    ("- []", "- [ ]", "nothing in the box"),
    ("* []call Ann", "* [ ] call Ann", "nothing in the box"),
    ("1. [] call Ann", "1. [ ] call Ann", "nothing in the box"),
    ("-[ ] call Ann", "- [ ] call Ann", "no space before the box"),
    ("-[x] call Ann", "- [x] call Ann", "no space before the box"),
    ("-[]call Ann", "- [ ] call Ann", "no space before the box"),
    ("1.[ ] call Ann", "1. [ ] call Ann", "no space before the box"),
    ("*[ ] call Ann", "* [ ] call Ann", "no space before the box"),
    ("- [ ]call Ann", "- [ ] call Ann", "no space after the box"),
    ("- [X]call Ann", "- [X] call Ann", "no space after the box"),
    ("- [ ][[Ada]] asks", "- [ ] [[Ada]] asks", "no space after the box"),
    ("- [x ] call Ann", "- [x] call Ann", "more than one character"),
    ("- [ x] call Ann", "- [x] call Ann", "more than one character"),
    ("- [  ] call Ann", "- [ ] call Ann", "more than one character"),
    (f"- [ ]{NBSP}call Ann", "- [ ] call Ann", "no-break space (U+00A0)"),
    (f"- [ ] {ZWSP}call Ann", None, ""),  # a task item, whose text starts with it
    (f"- [ ]{ZWSP}call Ann", "- [ ] call Ann", "zero width space (U+200B)"),
    (f"-{NBSP}[ ] call Ann", "- [ ] call Ann", "no-break space (U+00A0)"),
    (f"-{EM_SPACE}[x] call Ann", "- [x] call Ann", "em space (U+2003)"),
    (f"{ZWSP}- [ ] call Ann", "- [ ] call Ann", "zero width space (U+200B)"),
    ("• [ ] call Ann", "- [ ] call Ann", "'•' is not a bullet"),
    ("– [x] call Ann", "- [x] call Ann", "'–' is not a bullet"),
    ("- TODO call Ann", "- [ ] call Ann", "TODO"),
    ("* TODO: call Ann", "* [ ] call Ann", "TODO"),
    ("☐ call Ann", "- [ ] call Ann", "'☐' is not a box"),
    ("- ☐ call Ann due:2026-11-20", "- [ ] call Ann due:2026-11-20", "'☐' is not a box"),
    ("- ☑\ufe0f call Ann", "- [x] call Ann", "'☑' is not a box"),
    ("> - [] call Ann", "> - [ ] call Ann", "nothing in the box"),
]
"""A line, the line with its fix, and a part of the message."""
REPORTED = [case for case in CASES if case[1] is not None]
AROUND = [
    ("{}\n", 1),
    ("# Actions\n\n{}\n", 3),
    ("Some words.\n\n{}\n\nMore words.\n", 3),
    ("- [ ] one\n\n{}\n", 3),
    ("a\n===\n\n{}\n", 4),
    ("## Goals\n\n{}\n", 3),
]


@each(("line", "after", "part"), REPORTED)
@each(("around", "number"), AROUND)
def test_a_near_task_is_reported_and_fixed(line, after, part, around, number):
    text = around.format(line)
    ((at, message),) = reported(text)
    assert (at, part in message) == (number, True), message
    assert fixed(text) == around.format(after)
    (task,) = [one for one in read_body(fixed(text), "x.md").tasks if one.line == number]
    assert task.status is (Status.DONE if "x" in after.casefold()[:6] else Status.OPEN)


@each(
    ("text", "after"),
    [
        ("- [ ] one\n-[ ] two\n- [ ] three\n", "- [ ] one\n- [ ] two\n- [ ] three\n"),
        ("- [ ] one\n  - []two\n  its note\n", "- [ ] one\n  - [ ] two\n  its note\n"),
        ("- [ ] one\n  a note\n  - TODO two\n", "- [ ] one\n  a note\n  - [ ] two\n"),
        ("- [ ] one\n[ ] two\n", "- [ ] one\n- [ ] two\n"),
        ("[ ] one\n[x] two\n", "- [ ] one\n- [x] two\n"),
        ("- [] one\n- [x ] two\n- [ ]three\n", "- [ ] one\n- [x] two\n- [ ] three\n"),
        ("☐ one\n☑ two\n", "- [ ] one\n- [x] two\n"),
        ("- [] one due:soon\n", "- [ ] one due:soon\n"),
    ],
)
def test_near_tasks_in_a_list_are_fixed(text, after):
    assert fixed(text) == after


def test_a_crossed_box_can_mean_two_things():
    (problem,) = read_body("- ☒ call Ann\n", "x.md").problems
    assert (problem.severity, problem.fix) == (Severity.WARNING, None)
    assert "- [-]" in problem.hint


@each(
    "text",
    [
        "- [ ] call\n",
        "- [x]\tcall\n",
        "- [?] call\n",
        "1. [/] call\n",
        "> - [ ] call\n",
        "[ ] a box alone\n",
        "[x](url) and [ ](url)\n",
        "- [](url)\n",
        "- [x](url)\n",
        "- [x][ref]\n",
        "[x]: https://example.org\n[ ]: no\n",
        "- [x], and then\n",
        "- [1] a footnote\n",
        "- [link] call\n",
        "*[x] in italics*\n",
        "`- []` and `-[ ]`\n",
        "```\n- []\n-[ ] x\n```\n",
        "    - [] code\n",
        "<!-- - [] x -->\n",
        "%%\n- [] x\n%%\n",
        "TODO call Ann\n",
        "- todo call Ann\n",
        "- TODO lists are fine\n",
        "- TODO\n",
        "- call Ann TODO\n",
        "press ☐ to go on\n",
        "☐\n",
        "- an array[] x\n",
    ],
)
def test_prose_and_code_are_not_reported(text):
    assert reported(text) == []


def test_many_near_tasks_end_in_a_count():
    found = reported("- [] call Ann\n" * 1000)
    assert len(found) == MOST_REPORTED
    assert "900 more" in found[-1][1]


@given(st.text(alphabet="-*[]xX ☐\n\t>1.TOD•\u00a0\u200ba(", max_size=40))
def test_fixes_of_any_lines_keep_every_word(text):
    after = fixed(text)
    strip = str.maketrans("", "", "-*[] ☐☑•\u00a0\u200b\n\t>")
    assert after.count("\n") == text.count("\n")
    kept = after.translate(strip).replace("TODO", "").replace(":", "")
    assert kept == text.translate(strip).replace("TODO", "").replace(":", "")
    tasks = {task.line for task in read_body(text, "x.md").tasks}
    assert tasks <= {task.line for task in read_body(after, "x.md").tasks}
