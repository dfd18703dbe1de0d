"""Topics and actions of sessions that are written as YAML."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from tests.support.tables import each
from tldash.formats.yaml import session
from tldash.model.records import Fields, Priority, Severity, Status

DUE = date(2026, 11, 20)


def read(text: str):
    items, problems = session.read(text, "a.yaml")
    return [item.task for item in items], problems


def one(item: str):
    [task], problems = read(f"actions:\n  - {item}\n")
    assert problems == ()
    return task


@each(
    ("item", "text", "status", "fields"),
    [
        ("call Ann", "call Ann", Status.OPEN, Fields()),
        ("call Ann due:2026-11-20", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("call Ann #vision", "call Ann", Status.OPEN, Fields(tags=("vision",))),
        ("call Ann #a/b #c  # and why", "call Ann", Status.OPEN, Fields(tags=("a/b", "c"))),
        ("call Ann # vision", "call Ann", Status.OPEN, Fields()),
        ("'call Ann #a' #b", "call Ann", Status.OPEN, Fields(tags=("a", "b"))),
        ('"call Ann #a" #a', "call Ann", Status.OPEN, Fields(tags=("a",))),
        ("call Ann done:2026-11-20", "call Ann", Status.DONE, Fields(done=DUE)),
        ("call Ann cancelled:2026-11-20", "call Ann", Status.CANCELLED, Fields(cancelled=DUE)),
        ("'[x] call Ann'", "call Ann", Status.DONE, Fields()),
        ("'[/] call Ann'", "call Ann", Status.IN_PROGRESS, Fields()),
        ("'[ ] call Ann done:2026-11-20'", "call Ann", Status.OPEN, Fields(done=DUE)),
        ("'[link] call Ann'", "[link] call Ann", Status.OPEN, Fields()),
        ("call Ann 📅 2026-11-20", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("'call Ann [due:: 2026-11-20]'", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("call\n    Ann", "call Ann", Status.OPEN, Fields()),
        ("|\n    call\n    Ann\n", "call Ann", Status.OPEN, Fields()),
        ("5", "5", Status.OPEN, Fields()),
        ("{text: call Ann, due: 2026-11-20}", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("text: call Ann\n    due: 2026-11-20", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("action: call Ann", "call Ann", Status.OPEN, Fields()),
        ("topic: call Ann", "call Ann", Status.OPEN, Fields()),
        ("{text: call Ann due:2026-11-20}", "call Ann", Status.OPEN, Fields(due=DUE)),
        ("{text: call due:2026-01-01, due: 2026-11-20}", "call", Status.OPEN, Fields(due=DUE)),
        ("{text: a, done: true}", "a", Status.DONE, Fields()),
        ("{text: a, done: false}", "a", Status.OPEN, Fields()),
        ("{text: a, done: }", "a", Status.OPEN, Fields()),
        ("{text: a, done: ~, due: null}", "a", Status.OPEN, Fields()),
        ("{text: a, done: 2026-11-20}", "a", Status.DONE, Fields(done=DUE)),
        ("{text: a, cancelled: 2026-11-20}", "a", Status.CANCELLED, Fields(cancelled=DUE)),
        ("{text: a, cancelled: true}", "a", Status.CANCELLED, Fields()),
        ("{text: a, status: In-Progress}", "a", Status.IN_PROGRESS, Fields()),
        ("{text: a, status: cancelled}", "a", Status.CANCELLED, Fields()),
        ("{text: a, status: open, done: 2026-11-20}", "a", Status.DONE, Fields(done=DUE)),
        ("{text: a, owner: '@mira', id: x1}", "a", Status.OPEN, Fields(owner="mira", id="x1")),
        ("{text: a, owner: ~, id: }", "a", Status.OPEN, Fields()),
        ("{text: a, repeat: every week}", "a", Status.OPEN, Fields(repeat="every week")),
        ("{text: a, priority: High}", "a", Status.OPEN, Fields(priority=Priority.HIGH)),
        ("{text: a, priority: normal}", "a", Status.OPEN, Fields()),
        ("{text: 'a #x', tags: [y, '#x']}", "a", Status.OPEN, Fields(tags=("x", "y"))),
        ("{text: a, tags: 'x, #y'}", "a", Status.OPEN, Fields(tags=("x", "y"))),
        ("{text: a, mood: fine}", "a", Status.OPEN, Fields()),
        ("{text: a, priority: null}", "a", Status.OPEN, Fields()),
        ("{text: a, priority: }", "a", Status.OPEN, Fields()),
        ("{text: a, priority: ''}", "a", Status.OPEN, Fields()),
        ("{text: a, status: null, tags: ~, note: , repeat: NULL}", "a", Status.OPEN, Fields()),
        ("{text: a, tags: [x, null, ~, '', 'null']}", "a", Status.OPEN, Fields(tags=("x", "null"))),
        ("{text: a, owner: 'null', id: '~'}", "a", Status.OPEN, Fields(owner="null", id="~")),
        ("{text: null, action: a}", "a", Status.OPEN, Fields()),
        ("'null'", "null", Status.OPEN, Fields()),
        ("{text: a, status: done, done: true}", "a", Status.DONE, Fields()),
        ('"call \\uD83D\\uDE00"', "call 😀", Status.OPEN, Fields()),
        ("call\tAnn", "call\tAnn", Status.OPEN, Fields()),
        ("call Ann\t# soon", "call Ann", Status.OPEN, Fields()),
    ],
)
def test_an_item(item, text, status, fields):
    task = one(item)
    assert (task.text, task.status, task.fields) == (text, status, fields)
    assert (task.path, task.yaml_path, task.section) == ("a.yaml", ("actions", 0), ("actions",))
    assert task.line == 2


def test_items_come_in_order_with_their_lines():
    text = (
        "date: 2026-11-03\r\nactions:\r\n- one\r\n-   text: two\r\n    note: why\r\n- one\r\n"
        "agenda: [three, '[x] four']\r\ntopics:\r\n- five\r\n"
    )
    tasks, problems = read(text)
    assert problems == ()
    assert [(t.text, t.line, t.raw, t.yaml_path, t.occurrence) for t in tasks] == [
        ("one", 3, "- one", ("actions", 0), (1, 2)),
        ("two", 4, "-   text: two", ("actions", 1), (1, 1)),
        ("one", 6, "- one", ("actions", 2), (2, 2)),
        ("three", 7, "agenda: [three, '[x] four']", ("agenda", 0), (1, 2)),
        ("four", 7, "agenda: [three, '[x] four']", ("agenda", 1), (2, 2)),
        ("five", 9, "- five", ("topics", 0), (1, 1)),
    ]
    assert [session.is_topic(t) for t in tasks] == [False, False, False, True, True, True]
    assert tasks[1].note == "why"


@each(
    ("item", "column", "code", "words", "hint"),
    [
        ("{text: a, due: soon}", 20, "date", "'soon'", "YYYY-MM-DD"),
        ("{text: a, due: 20.11.2026}", 20, "date", "'20.11.2026'", "write 2026-11-20"),
        ("{text: a, done: yes}", 21, "date", "'yes'", "YYYY-MM-DD"),
        ("{text: a, due: [1]}", 20, "date", "a list", "YYYY-MM-DD"),
        ("{text: a, due: 'null'}", 20, "date", "'null'", "YYYY-MM-DD"),
        ("{text: a, owner: [b, c]}", 22, "text", "not a list", "one name"),
        ("{text: a, owner: {b: c}}", 22, "text", "not a mapping", "one name"),
        ("{text: a, id: [b]}", 19, "text", "at id", ""),
        ("{text: a, note: [b]}", 21, "text", "at note", ""),
        ("{text: a, notes: {b: c}}", 22, "text", "at notes", ""),
        ("{text: a, tags: {b: c}}", 21, "text", "not a mapping", "tags: [one"),
        ("{text: a, tags: [b, [c]]}", 25, "text", "not a list", "tags: [one"),
        ("{text: a, priority: [b]}", 25, "priority", "a list", "highest"),
        ("{text: a, status: banana, done: true}", 23, "value", "'banana'", "in-progress"),
        ("{text: a, done: true, status: [b]}", 35, "value", "a list", "in-progress"),
        ("{text: a, status: opne}", 23, "value", "'opne'", "did you mean 'open'"),
        ("{text: a, priority: hihg}", 25, "priority", "'hihg'", "did you mean 'high'"),
        ("{text: null}", 5, "item", "no text", "text: "),
        ("{text: ''}", 5, "item", "no text", "text: "),
        ("{text: a, action: b}", 15, "item", "'action' means the same as 'text'", "keep one"),
        ("{text: a due:soon}", 14, "bad-date", "'soon'", "2026-"),
        ("{text: 'a due:soon'}", 15, "bad-date", "'soon'", "2026-"),
        ("'don''t due:soon'", 13, "bad-date", "'soon'", "2026-"),
        ('"a \\" due:soon"', 11, "bad-date", "'soon'", "2026-"),
        ('"a\\tb due:soon"', 5, "bad-date", "'soon'", "2026-"),
        ("{text: a, status: dropped}", 23, "value", "'dropped'", "cancelled"),
        ("{text: a, priority: A}", 25, "priority", "'A'", "highest"),
        ("{due: 2026-11-20}", 5, "item", "no text", "text: "),
        ("{text: [a]}", 5, "item", "no text", "text: "),
        ("call Ann: about it", 5, "item", "no text", "quotes"),
        ("[a, b]", 5, "item", "a text or a mapping", ""),
        ("call Ann due:soon", 14, "bad-date", "'soon'", "2026-"),
        ("'call Ann due:soon'", 15, "bad-date", "'soon'", "2026-"),
        ("'[ ] call Ann due:soon'", 19, "bad-date", "'soon'", "2026-"),
    ],
)
def test_what_is_wrong_with_an_item_is_told_where_it_stands(item, column, code, words, hint):
    _, [problem] = read(f"actions:\n  - {item}\n")
    assert problem.severity is Severity.ERROR
    assert (problem.path, problem.line, problem.column) == ("a.yaml", 2, column)
    assert problem.code == code
    assert words in problem.message
    assert hint in problem.hint


@each(
    ("key", "meant"),
    [("ownr", "owner"), ("Due", "due"), ("prioritty", "priority"), ("dne", "done"),
     ("schedule", "scheduled"), ("canceled", "cancelled"), ("tag", "tags"), ("Text", None),
     ("mood", None), ("task", None), ("who", None), ("due", None), ("x" * 50, None)],
)  # fmt: skip
def test_an_unknown_key_is_told_if_it_is_near_a_known_one(key, meant):
    tasks, problems = read(f"actions:\n- text: a\n  {key}: 2026-11-20\n")
    assert [task.text for task in tasks] == ["a"]
    assert [(p.line, p.column, p.code, p.severity, p.hint) for p in problems] == (
        [(3, 3, "unknown-key", Severity.WARNING, f"did you mean '{meant}'?")] if meant else []
    )


def test_of_a_key_that_is_there_twice_the_first_counts():
    tasks, problems = read("actions:\n- text: a\n  owner: b\n  text: c\n  owner: d\n")
    assert [(task.text, task.fields.owner) for task in tasks] == [("a", "b")]
    assert problems == ()


def test_where_nothing_is_written_there_is_no_item():
    tasks, problems = read("actions:\n-\n- ~\n- null\n- a\n- ''\n")
    assert [(t.text, t.yaml_path) for t in tasks] == [("a", ("actions", 3)), ("", ("actions", 4))]
    assert problems == ()


def test_an_item_without_sense_costs_itself():
    tasks, problems = read("actions:\n- a\n- [b]\n- {due: 2026-1-1}\n- text: c\n  due: x\n- d\n")
    assert [task.text for task in tasks] == ["a", "c", "d"]
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [
        (3, 3, "item"),
        (4, 3, "item"),
        (4, 9, "date"),
        (6, 8, "date"),
    ]


def test_lists_that_are_none_hold_nothing():
    assert read("actions: call\nagenda: {a: b}\ntopics:\n") == ([], ())
    assert read("- a\n- b\n") == ([], ())
    assert read("# nothing\n\n") == ([], ())
    assert read("") == ([], ())


def test_boxes_and_brackets_in_many_texts_are_no_nesting():
    tasks, problems = read("actions:\n" + "- '[ ] call [Ann] {b}'\n" * 200)
    assert problems == ()
    assert len(tasks) == 200
    assert tasks[-1].occurrence == (200, 200)


LARGE = "actions:\n" + "- call somebody about something\n" * 5000


@each("more", ["", "- >\n  folded\n"])
def test_a_large_session_is_read_if_its_lists_are_ordinary(more):
    tasks, problems = read(LARGE + more)
    assert problems == ()
    assert len(tasks) == 5000 + bool(more)
    tasks = tasks[:5000]
    assert tasks[-1].line == 5001


def test_a_session_too_large_to_look_into_says_so():
    tasks, [problem] = read(LARGE + "- &a text\n")
    assert tasks == []
    assert problem.code == "too-large"
    assert "Markdown" in problem.hint


ODD = "x: {a: :0}\n"
"""Valid, and more than the reader that tells places understands."""


@each("actions", ["actions:\n- call Ann\n", "actions: [call Ann]\n"])
def test_a_session_that_only_one_reader_understands_is_read_if_its_lists_are_ordinary(actions):
    tasks, problems = read(ODD + actions)
    assert [task.text for task in tasks] == ["call Ann"]
    assert problems == ()


def test_a_session_that_only_one_reader_understands_says_where():
    tasks, [problem] = read(ODD + "actions: [&a call Ann]\n")
    assert tasks == []
    assert (problem.line, problem.column, problem.code) == (1, 8, "yaml")
    assert "cannot be read" in problem.hint


PROBE = """
import sys
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
record = read_data(sys.stdin.buffer.read(), "2026-11-03.yaml", FileRole.SESSION)
print(len(record.tasks), len(record.problems), "ruamel.yaml" in sys.modules)
"""


@each(
    ("text", "expected"),
    [
        ("actions:\n- &a call Ann\n- text: ask\n  due: &d 2026-11-20\nnext: *d\n", "2 0 False"),
        ("x: {a: :0}\nactions:\n- {text: call, mood: 4}\n- ask  # soon\n", "2 0 False"),
        ("actions:\n- call Ann due:soon\n- text: ask\n  owner: 12\n", "2 1 False"),
        ("x: &x ask\nactions:\n- call Ann\n- *x\n", "2 0 True"),
    ],
)
def test_only_aliases_as_items_need_ruamel_while_all_is_well(text: str, expected: str):
    done = subprocess.run(
        [sys.executable, "-c", PROBE], input=text, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected
