"""Fixes of problems: made where they are right, and nothing else of the file is touched."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tasks.task_strategies import bodies
from tests.support.examples import examples
from tests.support.tables import each
from tldash.editing import fixes
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.records import Fix, Problem, Severity

NOTE, SESSION = "ada/notes.md", "ada/sessions/2026-11-03.md"
YAML = "ada/sessions/2026-11-03.yaml"
BOM = "\ufeff"

SLIPS = {
    "due: 2026-11-20": "due:2026-11-20",
    "📅 20.11.2026": "📅 2026-11-20",
    "due:20.11.2026": "due:2026-11-20",
    "[due: 2026-11-20]": "[due:: 2026-11-20]",
    "deu:2026-11-20": "due:2026-11-20",
    "pri:a": "pri:A",
    "[prioriti:: high]": "[priority:: high]",
}
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


def problem(line: int, column: int, fix: Fix | None, path: str = NOTE, code: str = "x") -> Problem:
    return Problem(path, line, column, Severity.WARNING, code, "something is wrong", "", fix)


def proposed(data: bytes, path: str, role: FileRole = FileRole.NOTE) -> list[Problem]:
    """The problems that reading finds, with the fixes of the slips above for all that are one."""
    lines = LINE.findall(data.decode().removeprefix(BOM))
    found = []
    for one in read_data(data, path, role).problems:
        rest = lines[one.line - 1][one.column - 1 :]
        wrong = next((slip for slip in SLIPS if rest.startswith(slip)), None)
        fix = Fix(one.column, wrong, SLIPS[wrong]) if wrong else None
        found.append(replace(one, fix=fix))
    return found


def expected(data: bytes, fixed: tuple[Problem, ...]) -> bytes:
    """The bytes with the fixes made by other means: line by line, from the right to the left."""
    text = data.decode()
    mark = BOM if text.startswith(BOM) else ""
    lines = LINE.findall(text.removeprefix(BOM))
    for fix, line in sorted({(one.fix, one.line) for one in fixed}, key=lambda p: -p[0].column):
        words, start = lines[line - 1], fix.column - 1
        assert words[start : start + len(fix.old)] == fix.old
        lines[line - 1] = words[:start] + fix.new + words[start + len(fix.old) :]
    return (mark + "".join(lines)).encode()


@each(
    ("slip", "fixed", "field"),
    [
        ("due: 2026-11-20", "due:2026-11-20", "due"),
        ("📅 20.11.2026", "📅 2026-11-20", "due"),
        ("deu:2026-11-20", "due:2026-11-20", "due"),
        ("[due: 2026-11-20]", "[due:: 2026-11-20]", "due"),
        ("pri:a", "pri:A", "priority"),
    ],
)
@each("end", ["\n", "\r\n", "\r"])
@each("mark", ["", BOM])
def test_a_slip_of_a_task_line_is_fixed(slip, fixed, field, end, mark):
    before = f"{mark}- [ ] call {slip} Ann #a{end}- [ ] b".encode()
    found = proposed(before, NOTE)
    made = fixes.apply(found, NOTE, FileRole.NOTE, before)
    assert made.data == f"{mark}- [ ] call {fixed} Ann #a{end}- [ ] b".encode()
    assert (made.fixed, made.left) == (tuple(found), ())
    after = read_data(made.data, NOTE, FileRole.NOTE)
    assert getattr(after.tasks[0].fields, field)
    assert after.problems == ()


def test_all_fixes_of_a_file_are_made_together():
    before = (
        "---\nskil: vision\nnext: 20.11.2026\n---\n"
        "- [ ] a due: 2026-11-20 [prioriti:: high] b\n- [ ] c 📅 20.11.2026\n"
    )
    found = proposed(before.encode(), SESSION, FileRole.SESSION)
    found = [
        replace(one, fix=one.fix or fix)
        for one, fix in zip(
            found, [Fix(1, "skil", "skill"), Fix(7, "20.11.2026", "2026-11-20")] + [None] * 3,
            strict=True,
        )
    ]  # fmt: skip
    made = fixes.apply(
        [*found, problem(5, 9, None, SESSION)], SESSION, FileRole.SESSION, before.encode()
    )
    assert made.left == ()
    assert made.fixed == tuple(found)
    assert made.data.decode() == (
        "---\nskill: vision\nnext: 2026-11-20\n---\n"
        "- [ ] a due:2026-11-20 [priority:: high] b\n- [ ] c 📅 2026-11-20\n"
    )


@each(
    ("line", "column", "fix", "reason"),
    [
        (1, 12, Fix(12, "due: 2026-11-21", "x"), "'due: 2026-11-21' is no longer there"),
        (1, 12, Fix(13, "due: 2026-11-20", "x"), "'due: 2026-11-20' is no longer there"),
        (1, 12, Fix(0, "", "x"), "'' is no longer there"),
        (9, 12, Fix(12, "due", "x"), "'due' is no longer there"),
        (0, 12, Fix(12, "due", "x"), "'due' is no longer there"),
        (1, 12, Fix(27, "\n", " "), "'\n' is no longer there"),
        (1, 12, Fix(12, "due", "due"), "the fix would not stay on its line"),
        (1, 12, Fix(12, "due", "\n"), "the fix would not stay on its line"),
        (1, 12, Fix(12, "due", "a\rb"), "the fix would not stay on its line"),
        (1, 12, Fix(12, "due:", "t:"), "it would not solve the problem: there is a space between"),
        (1, 12, Fix(12, "due", "due:soon due"), "it would cause another problem: "),
        (1, 1, Fix(3, "[ ]", "[x]"), "it would change more"),
        (1, 1, Fix(1, "-", "x"), "it would change more"),
        (1, 1, Fix(7, "call", "write"), "it would change more"),
        (1, 12, Fix(12, "due:", "#a @b"), "it would change more"),
        (2, 1, Fix(1, "  more", "- more"), "it would change more"),
        (3, 1, Fix(1, "#", "##"), "it would change more"),
        (3, 1, Fix(3, "Head", "Foot"), "it would change more"),
        (4, 7, Fix(8, "visoin", "vision"), ""),
        (4, 7, Fix(7, "#visoin", "#vision"), ""),
        (4, 7, Fix(7, "#visoin", "#growth #vision"), "it would change more"),
        (4, 7, Fix(7, "#visoin", "`#visoin`"), "it would change more"),
        (4, 7, Fix(15, "due:2026-11-20", "due:2026-11-21"), "it would change more"),
        (4, 7, Fix(29, "", " "), "it would change nothing"),
        (6, 1, Fix(1, "plain", "plane"), "it would change nothing"),
    ],
)  # fmt: skip
def test_what_is_not_right_is_left_with_its_reason(line, column, fix, reason):
    before = b"- [ ] call due: 2026-11-20\n  more\n# Head\n- [ ] #visoin due:2026-11-20\n\nplain\n"
    code = "bad-date" if column == 12 else "x"
    one = problem(line, column, fix, code=code)
    made = fixes.apply([one], NOTE, FileRole.NOTE, before)
    if reason:
        assert (made.data, made.fixed) == (before, ())
        [(left, why)] = made.left
        assert left is one
        assert why.startswith(reason)
    else:
        assert made == fixes.Fixed(before.replace(b"visoin", b"vision"), (one,))


def test_the_wrong_ones_of_many_are_left_and_the_others_made():
    before = "".join(f"- [ ] a {n} due: 2026-11-20\n" for n in range(40)).encode()
    wrong = {3, 4, 21, 39}
    found = [
        replace(one, fix=Fix(one.column, "due:", "t:")) if one.line in wrong else one
        for one in proposed(before, NOTE)
    ]
    made = fixes.apply(found, NOTE, FileRole.NOTE, before)
    assert {one.line for one, _ in made.left} == wrong
    assert len(made.fixed) == 36
    assert made.data == expected(before, made.fixed)


def test_a_large_file_of_wrong_fixes_is_not_read_for_ever():
    lines = 4000
    before = b"- [ ] call somebody who knows, and ask #visoin\n" * lines
    fix = Fix(40, "#visoin", "`")
    wrong = [problem(line, 1, fix) for line in range(2, lines + 1)]
    right = problem(1, 1, Fix(40, "#visoin", "#vision"))
    made = fixes.apply([right, *wrong], NOTE, FileRole.NOTE, before)
    assert made.fixed == (right,)
    reasons = Counter(reason for _, reason in made.left)
    assert reasons.pop(fixes.TOO_MANY) > lines - 100
    assert set(reasons) == {"it would change more than the text to fix"}


def test_two_problems_with_one_fix_are_fixed_at_once_and_two_fixes_of_one_place_are_not():
    before = b"- [ ] #visoin\n"
    same = [problem(1, 7, Fix(7, "#visoin", "#vision"), code=code) for code in ("a", "b")]
    other = problem(1, 7, Fix(8, "visoin", "growth"), code="c")
    made = fixes.apply([*same, other], NOTE, FileRole.NOTE, before)
    assert (made.data, made.fixed) == (b"- [ ] #vision\n", tuple(same))
    reason = "another fix changes the same text; run it again after that"
    assert made.left == ((other, reason),)


def test_a_tag_that_is_there_twice_is_fixed_in_both_places_or_one():
    before = b"- [ ] #visoin #visoin\n"
    both = [problem(1, at, Fix(at, "#visoin", "#vision")) for at in (7, 15)]
    made = fixes.apply(both, NOTE, FileRole.NOTE, before)
    assert made.data == b"- [ ] #vision #vision\n"
    assert fixes.apply(both[1:], NOTE, FileRole.NOTE, before).data == b"- [ ] #visoin #vision\n"


@each(
    ("line", "fix", "right"),
    [
        (2, Fix(8, "visoin", "vision"), True),
        (2, Fix(1, "skill: visoin", "skill: vision"), True),
        (2, Fix(8, "visoin", "vision"), True),
        (2, Fix(8, "visoin", "[vision]"), False),
        (2, Fix(8, "visoin", ""), False),
        (2, Fix(8, "visoin", "vision\tx: y"), False),
        (3, Fix(10, "vison", "vision"), True),
        (3, Fix(17, "begginer", "beginner"), True),
        (3, Fix(10, "vison: begginer", "x: y, z: a"), False),
        (4, Fix(7, "2026-12-01", "2026-12-02"), False),
        (6, Fix(7, "[sic]", "@ann #a"), False),
        (7, Fix(7, "b", "c"), False),
    ],
)
def test_a_value_of_the_front_matter_becomes_another_alone(line, fix, right):
    before = (
        b"---\nskill: visoin\nlevels: {vison: begginer}\nnext: 2026-12-01\n---\n"
        b"- [ ] [sic]\n- [ ] b\n"
    )
    made = fixes.apply([problem(line, 1, fix, SESSION)], SESSION, FileRole.SESSION, before)
    assert bool(made.fixed) is right
    assert made.data == expected(before, made.fixed)
    assert (made.data != before) is right


@each(
    ("line", "fix", "right"),
    [
        (3, Fix(11, "09.11.2026", "2026-11-09"), True),
        (3, Fix(11, "09.11.2026", "soon"), False),
        (5, Fix(5, "deu", "due"), True),
        (6, Fix(5, "call Ann: now", '"call Ann: now"'), True),
        (6, Fix(5, "call Ann: now", "[call Ann]"), False),
        (2, Fix(11, "a", "b"), False),
    ],
)
@each("mark", ["", BOM])
def test_fixes_in_yaml(line, fix, right, mark):
    before = (
        f"{mark}actions:\n  - text: a\n    done: 09.11.2026\n  - text: b\n    deu: 2026-11-20\n"
        "  - call Ann: now\n"
    ).encode()
    found = read_data(before, YAML, FileRole.SESSION).problems
    one = next((one for one in found if one.line == line), problem(line, 1, None, YAML))
    made = fixes.apply([replace(one, fix=fix)], YAML, FileRole.SESSION, before)
    assert bool(made.fixed) is right
    assert made.data == expected(before, made.fixed)
    assert (made.data != before) is right


def test_a_yaml_file_that_could_not_be_read_at_all_may_be_fixed():
    before = b"title: a: b\nactions:\n  - call Ann due:2026-11-20\n"
    [one] = read_data(before, YAML, FileRole.SESSION).problems
    made = fixes.apply([replace(one, fix=Fix(8, "a: b", '"a: b"'))], YAML, FileRole.SESSION, before)
    assert made.data == b'title: "a: b"\nactions:\n  - call Ann due:2026-11-20\n'


def test_items_that_share_a_line_of_yaml_are_fixed_each():
    before = b"actions: ['a #visoin', b, 'c #visoin']\nnext: 2026-12-01\n"
    both = [problem(1, at, Fix(at, "#visoin", "#vision"), YAML) for at in (14, 30)]
    made = fixes.apply(both, YAML, FileRole.SESSION, before)
    assert made == fixes.Fixed(before.replace(b"visoin", b"vision"), tuple(both))


@each(
    ("data", "reason"),
    [
        (
            b"- [ ] a due: 2026-11-20 \xff\n",
            "this file is not valid UTF-8, so it is",
        ),
        (
            "- [ ] a due: 2026-11-20\n".encode("utf-16"),
            "this file is UTF-16, so it is",
        ),
        (b"- [ ] a due: 2026-11-20\n\0", "this file holds a NUL byte; it is no text, so it is"),
        (
            b"- [ ] a due: 2026-11-20\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n",
            "the file has an unresolved merge; it is read-only until that is resolved",
        ),
    ],
)
def test_a_file_that_is_read_only_here_stays_as_it_is(data, reason):
    one = problem(1, 9, Fix(9, "due: 2026-11-20", "due:2026-11-20"))
    made = fixes.apply([one], NOTE, FileRole.NOTE, data)
    assert (made.data, made.fixed, made.left[0][0]) == (data, (), one)
    assert made.left[0][1].startswith(reason)


def test_problems_of_other_files_and_without_a_fix_are_passed_over():
    one = problem(1, 7, Fix(7, "#visoin", "#vision"), path="ben/notes.md")
    made = fixes.apply([one, problem(1, 7, None)], NOTE, FileRole.NOTE, b"- [ ] #visoin\n")
    assert made == fixes.Fixed(b"- [ ] #visoin\n")


ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Markdown with slips in its task lines and elsewhere, any line ends, with or without BOM."""
    slip = st.sampled_from([*SLIPS, *SLIPS, "#visoin", "`", "word", "due:2026-11-20"])
    words = st.lists(slip, max_size=4).map(" ".join)
    task = st.builds(lambda mark, body: f"{mark} {body}", st.sampled_from(
        ["- [ ]", "  * [x]", "> - [/]", "1. [ ]"]), st.one_of(words, words, bodies()))  # fmt: skip
    other = st.sampled_from(
        ["", "# Head", "```", "text due: 2026-11-20", "    code", "<!--", "---"]
    )
    lines = draw(st.lists(st.one_of(task, task, other), max_size=8))
    head = draw(st.sampled_from(["", "", "---\nskill: vision\n---\n"]))
    text = "".join(line + draw(ENDS) for line in lines)
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return (draw(st.sampled_from(["", BOM])) + head + text).encode()


@given(files(), st.integers(0, 9))
@settings(max_examples=examples(300))
def test_no_byte_outside_the_fixes_changes_and_what_is_fixed_is_gone(data, skipped):
    found = proposed(data, NOTE)
    offered = [one for at, one in enumerate(found) if at % 10 != skipped]
    made = fixes.apply(offered, NOTE, FileRole.NOTE, data)
    assert made.data == expected(data, made.fixed)
    left = [one for one, _ in made.left]
    wanted = [one for one in offered if one.fix]
    assert sorted([*made.fixed, *left]) == sorted(wanted)
    before, after = (read_data(version, NOTE, FileRole.NOTE) for version in (data, made.data))
    assert len(after.problems) == len(before.problems) - len(made.fixed)
    assert_the_rest_is_the_same(before, after, {one.line for one in made.fixed})
    for one in made.fixed:
        [task] = [task for task in after.tasks if task.line == one.line]
        assert task.fields.due or task.fields.priority


PROPOSED = st.sampled_from(
    [
        "",
        " ",
        "x",
        "`",
        "-",
        "[",
        "#a",
        "@b",
        "due:2026-01-01",
        "```",
        "<!--",
        "# x",
        "\\",
        "📅",
        "^a",
    ]
)


WISHES = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 30), st.integers(0, 12), PROPOSED), max_size=5
)


@given(files(), WISHES)
@settings(max_examples=examples(300))
def test_whatever_is_proposed_no_other_item_and_no_value_changes(data, wishes):
    lines = LINE.findall(data.decode().removeprefix(BOM))
    found = []
    for line, column, length, new in wishes:
        words = lines[line - 1].rstrip("\r\n") if line <= len(lines) else ""
        found.append(problem(line, column, Fix(column, words[column - 1 :][:length], new)))
    made = fixes.apply(found, NOTE, FileRole.NOTE, data)
    assert made.data == expected(data, made.fixed)
    assert len(made.fixed) + len(made.left) == len(found)
    before, after = (read_data(version, NOTE, FileRole.NOTE) for version in (data, made.data))
    assert len(after.problems) <= len(before.problems)
    assert_the_rest_is_the_same(before, after, {one.line for one in made.fixed})


def assert_the_rest_is_the_same(before, after, lines) -> None:
    assert (before.front, before.title, before.body_line) == (
        after.front,
        after.title,
        after.body_line,
    )
    assert len(before.tasks) == len(after.tasks)
    for old, new in zip(before.tasks, after.tasks, strict=True):
        if old.line not in lines:
            assert replace(old, occurrence=new.occurrence) == new
        assert (old.line, old.status, old.section, old.depth, old.note) == (
            new.line, new.status, new.section, new.depth, new.note,
        )  # fmt: skip
        for name in ("due", "start", "done", "priority", "repeat", "owner", "id"):
            assert getattr(old.fields, name) in (None, getattr(new.fields, name))


# -- as a diff ------------------------------------------------------------------------------------


def test_the_diff_shows_what_changes_with_a_line_around():
    before = f"{BOM}1\r\n2\r3\n4\n5\n6\n7 due: x\n8 é".encode()
    after = f"{BOM}1\r\n2!\r3\n4\n5\n6\n7 due:x\n8 ü".encode()
    assert fixes.diff(before, after, "ada/x.md") == (
        "--- ada/x.md\n+++ ada/x.md\n"
        "@@ -1,3 +1,3 @@\n 1\n-2\n+2!\n 3\n"
        "@@ -6,3 +6,3 @@\n 6\n-7 due: x\n-8 é\n+7 due:x\n+8 ü\n"
    )


def test_there_is_no_diff_of_what_is_the_same():
    assert fixes.diff(b"a\n", b"a\n", "x.md") == ""


@given(st.lists(st.tuples(st.booleans(), ENDS), min_size=1, max_size=20))
def test_the_diff_is_the_one_that_others_make(lines):
    old = "".join(f"{number}{end}" for number, (_, end) in enumerate(lines))
    new = "".join(f"{number}{'!' * change}{end}" for number, (change, end) in enumerate(lines))
    split = [re.split("\r\n|\n|\r", text)[:-1] for text in (old, new)]
    made = "\n".join(difflib.unified_diff(*split, "x", "x", n=1, lineterm=""))
    assert fixes.diff(old.encode(), new.encode(), "x") == (f"{made}\n" if made else "")
