"""An edit applied to a file's bytes: the right line, no other byte, or a refusal that says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.edits import already, apply, find_task, markdown_files, refused, tasks_of
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import Refused, SetStatus
from tldash.formats.file_record import read_data
from tldash.formats.text import line_spans, split_lines
from tldash.model.file_roles import FileRole
from tldash.model.records import Dialect, Status, Task

ON = date(2026, 11, 9)
OPEN, DONE, STARTED, DROPPED = Status.OPEN, Status.DONE, Status.IN_PROGRESS, Status.CANCELLED


def set_status(task: Task, status: Status = DONE, dialect: Dialect = Dialect.EMOJI) -> SetStatus:
    return SetStatus(task, status, ON, dialect)


def with_status(task: Task, text: str, status: Status = DONE) -> str:
    return apply(set_status(task, status), text)


BEFORE = "# Actions\n- [ ] a\n- [ ] b due:2026-11-20\n"


@pytest.mark.parametrize(
    ("now", "after"),
    [
        pytest.param(BEFORE, "- [x] b due:2026-11-20 done:2026-11-09", id="untouched"),
        pytest.param(
            "# Actions\n- [ ] new\n\n- [ ] a\n- [ ] b due:2026-11-20\n",
            "- [x] b due:2026-11-20 done:2026-11-09",
            id="moved down",
        ),
        pytest.param(
            "---\nx: 1\n---\n# Actions\n- [ ] b due:2026-11-20\n- [ ] a\n",
            "- [x] b due:2026-11-20 done:2026-11-09",
            id="moved up, below front matter",
        ),
    ],
)
def test_the_line_is_found_where_it_is_now(now, after):
    edited = with_status(find_task(BEFORE, "b"), now)
    assert edited == now.replace("- [ ] b due:2026-11-20", after)


@each(
    ("now", "code", "found"),
    [
        ("# Actions\n- [ ] a\n- [ ] b, reworded due:2026-11-20\n", "gone", "- [ ] b, reworded"),
        ("# Actions\n- [ ] a\n- [ ] b due:2026-12-24\n", "changed", "- [ ] b due:2026-12-24"),
        ("# Actions\n- [ ] a\n- [/] b due:2026-11-20\n", "changed", "- [/] b due:2026-11-20"),
        ("# Actions\n- [ ] a\n", "gone", ""),
        ("# Actions\n- [ ] a\n```\n- [ ] b due:2026-11-20\n```\n", "gone", ""),
        ("# Later\n- [ ] a\n- [ ] b due:2026-11-20\n", "gone", "- [ ] b due:2026-11-20"),
        (BEFORE + "- [ ] b due:2026-11-20\n", "ambiguous", "- [ ] b due:2026-11-20"),
        ("", "gone", ""),
    ],
)
def test_what_is_not_what_was_seen_is_not_touched(now, code, found):
    with refused(code) as refusal:
        with_status(find_task(BEFORE, "b"), now)
    assert refusal.value.found.startswith(found)
    assert bool(refusal.value.found) == bool(found)
    assert refusal.value.message


def test_what_is_done_already_is_said():
    now = BEFORE.replace("- [ ] b due:2026-11-20", "- [x] b due:2026-11-20 ✅ 2026-11-08")
    with already() as refusal:
        with_status(find_task(BEFORE, "b"), now)
    assert "already done" in refusal.value.message
    with already():
        with_status(find_task(BEFORE, "b"), BEFORE, OPEN)


TWINS = "# A\n- [ ] call\n- [ ] call\n# B\n- [ ] call\n"


def test_of_twins_the_one_that_was_meant_is_ticked():
    lines = TWINS.splitlines()
    for which in range(3):
        task = find_task(TWINS, "call", which)
        edited = with_status(task, TWINS).splitlines()
        changed = [i + 1 for i in range(len(lines)) if lines[i] != edited[i]]
        assert changed == [task.line]
        moved = "above\n\n" + TWINS
        assert with_status(task, moved) == "above\n\n" + with_status(task, TWINS)


def test_a_twin_that_came_or_went_is_refused():
    for now in (TWINS.replace("- [ ] call\n", "", 1), TWINS + "- [ ] call\n"):
        with refused(message="identical lines"):
            with_status(find_task(TWINS, "call", 1), now)


def test_a_twin_that_changed_its_section_is_refused():
    now = "# A\n- [ ] call\n# B\n- [ ] call\n- [ ] call\n"
    with refused():
        with_status(find_task(TWINS, "call", 1), now)


def test_a_twin_that_was_ticked_meanwhile_makes_the_others_doubtful():
    now = TWINS.replace("[ ]", "[x]", 1)
    with refused():
        with_status(find_task(TWINS, "call", 1), now)


@each(
    ("data", "code"),
    [
        (b"\xff\xfe", "encoding"),
        (b"- [ ] a\n\xff", "encoding"),
        (b"- [ ] a\n\0", "encoding"),
        (b"- [ ] a\n<<<<<<< x\n=======\n>>>>>>> y\n", "merge-conflict"),
    ],
)
def test_files_that_are_read_only(data, code):
    with refused(code, "read-only"):
        patch.apply(set_status(find_task("- [ ] a\n", "a")), data)


@each(
    "text",
    [
        "- [ ] a",
        "- [ ] a\r\n- b\r\n",
        "- b\r- [ ] a\r- c",
        "\ufeff- [ ] a\n",
        "\ufeff---\r\nx: 1\r\n---\r\n\r\n> - [ ] a\n",
        "x\ny\r\nz\r- [ ] a\r\n\n",
        "one\x0ctwo\x0bthree\x1cfour\x85five\u2028six\u2029\n- [ ] a\n",
        "- b\u2028- [ ] c\n* [ ] a\n",
        "\t\n1) [ ] a\n   more  \n",
    ],
)
def test_no_other_byte_changes_whatever_the_line_ends(text):
    task = find_task(text, "a")
    edited = with_status(task, text)
    assert edited == text.replace("[ ] a", "[x] a ✅ 2026-11-09")
    assert with_status(find_task(edited, "a"), edited, OPEN) == text


@each("status", [OPEN, STARTED, DROPPED])
def test_every_status_can_be_set(status):
    mark = {OPEN: " ", STARTED: "/", DROPPED: "-"}[status]
    text = "- [x] a ✅ 2026-11-01\n"
    edited = with_status(find_task(text, "a"), text, status)
    assert edited.startswith(f"- [{mark}] a")
    assert tasks_of(edited)[0].status is status


def test_a_line_that_speaks_no_dialect_gets_the_one_that_is_asked_for():
    task = find_task("- [ ] a\n", "a")
    for dialect, written in (
        (Dialect.PLAIN, "- [x] a done:2026-11-09\n"),
        (Dialect.DATAVIEW, "- [x] a  [completion:: 2026-11-09]\n"),
    ):
        assert patch.apply(set_status(task, DONE, dialect), b"- [ ] a\n").decode() == written


@each(
    ("text", "after"),
    [
        (
            "- [ ] a 🔁 every week 📅 2026-11-02\n- b\n",
            "- [ ] a 🔁 every week 📅 2026-11-09\n"
            "- [x] a 🔁 every week 📅 2026-11-02 ✅ 2026-11-09\n- b\n",
        ),
        (
            "> 1. [ ] a rec:1w due:2026-11-02",
            "> 1. [ ] a rec:1w due:2026-11-16\n> 1. [x] a rec:1w due:2026-11-02 done:2026-11-09",
        ),
        (
            "x\r\n  - [/]  a 🔁 every week",
            "x\r\n  - [ ]  a 🔁 every week\r\n  - [x]  a 🔁 every week ✅ 2026-11-09",
        ),
        ("x\r- [ ] a rec:1d", "x\r- [ ] a rec:1d\r- [x] a rec:1d done:2026-11-09"),
    ],
)
def test_a_repeating_action_leaves_its_next_occurrence_above(text, after):
    task = next(task for task in tasks_of(text) if task.text.startswith("a"))
    assert with_status(task, text) == after


def test_dropping_a_repeating_action_ends_it():
    text = "- [ ] a 🔁 every week 📅 2026-11-02\n"
    assert with_status(find_task(text, "a"), text, DROPPED).count("\n") == 1


YAML = "date: 2026-11-03\nactions:\n- a\n- text: b\n  due: 2026-11-20\n- b c\n"


def in_yaml(words: str) -> Task:
    return find_task(YAML, words, path="x.yaml")


@each("bom", ["", "\ufeff"])
def test_yaml_sessions(bom):
    assert with_status(in_yaml("a"), bom + YAML) == bom + YAML.replace("- a", "- a done:2026-11-09")
    ticked = YAML.replace("2026-11-20\n", "2026-11-20\n  done: 2026-11-09\n")
    assert with_status(in_yaml("b"), bom + YAML) == bom + ticked
    moved = "# remark\n" + YAML
    assert with_status(in_yaml("b"), moved) == "# remark\n" + ticked


def test_yaml_that_changed_meanwhile():
    with already():
        with_status(in_yaml("a"), YAML.replace("- a", "- a done:2026-11-01"))
    with already():
        with_status(in_yaml("b"), YAML.replace("20\n", "20\n  done: 2026-11-01\n"))
    with refused(message="no longer"):
        with_status(in_yaml("a"), YAML.replace("- a", "- another"))


@each(
    ("text", "words"),
    [
        ("actions:\n- a\n  - b\n", "lines"),
        ("actions:\n- text: a\n  repeat: 1w\n", "repeats"),
        ("actions:\n- &x a\n- b\n", "anchor"),
        ("actions:\n- text: a rec:1w\n  due: 2026-11-20\n", "repeats"),
    ],
)
def test_yaml_that_cannot_be_edited_here(text, words):
    task = tasks_of(text, "x.yaml")[0]
    with pytest.raises(Refused, match=words) as refusal:
        with_status(task, text)
    assert refusal.value.found == task.raw


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("actions:\n- a [due::2026-11-20]\n", DONE, id="the field would need quotes"),
        pytest.param("actions:\n- text: a done:2026-11-01\n", OPEN, id="the date is in the text"),
    ],
)
def test_an_edit_of_yaml_that_would_not_be_what_was_wished_for_is_refused(text, status):
    task = tasks_of(text, "x.yaml")[0]
    with refused("yaml", "cannot be edited here"):
        with_status(task, text, status)


# -- any file -----------------------------------------------------------------------------------


@settings(max_examples=120)
@given(markdown_files(), st.sampled_from(Status), st.data())
def test_an_edit_changes_its_own_line_and_nothing_else(text, status, data):
    found = tasks_of(text)
    if not found:
        return
    task = data.draw(st.sampled_from(found))
    try:
        edited = with_status(task, text, status)
    except Refused as refusal:
        assert refusal.already and task.status is status
        return
    before, after = split_lines(text), split_lines(edited)
    added = len(after) - len(before)
    assert added == 0 or (added == 1 and task.fields.repeat and status is DONE)
    assert after[: task.line - 1] == before[: task.line - 1]
    assert after[task.line + added :] == before[task.line :]
    [ticked] = [other for other in tasks_of(edited) if other.line == task.line + added]
    assert ticked.status is status
    begin, end = line_spans(text)[task.line - 1]
    assert edited[:begin] == text[:begin]
    assert edited.endswith(text[end:])


@settings(max_examples=80)
@given(markdown_files(), st.data())
def test_unticking_gives_the_bytes_back(text, data):
    found = [task for task in tasks_of(text) if task.raw[: task.raw.find("]")].endswith("[ ")]
    found = [task for task in found if not task.fields.done and not task.fields.repeat]
    if not found:
        return
    task = data.draw(st.sampled_from(found))
    edited = with_status(task, text)
    ticked = next(other for other in tasks_of(edited) if other.line == task.line)
    assert with_status(ticked, edited, OPEN) == text


@given(markdown_files(), st.data())
def test_an_edit_of_another_version_touches_no_other_task(text, data):
    """Whatever happened to the file, either the very line is edited or nothing is."""
    found = tasks_of(text)
    if not found:
        return
    task = data.draw(st.sampled_from(found))
    gone = replace(task, raw=task.raw + " x", text=task.text + " x")
    with refused():
        with_status(gone, text, DROPPED if task.status is not DROPPED else OPEN)


def test_of_twins_that_changed_places_none_is_ticked() -> None:
    old = b"- [ ] Read it again\n  because of A\n- [ ] Read it again\n  because of B\n"
    new = b"- [ ] Read it again\n  because of B\n- [ ] Read it again\n  because of C\n"
    for at, seen in enumerate(read_data(old, "x.md", FileRole.NOTE).tasks):
        with refused(message="changed places"):
            patch.apply(SetStatus(seen, Status.DONE, ON), new)
        assert patch.apply(SetStatus(seen, Status.DONE, ON), old).count(b"[x]") == 1, at
