"""Parse session files into passages."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import opened, session
from tests.support.tables import each
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.output.passage import PassageKind
from tldash.output.passages import parse_page, parse_passages

AT = session("2026-11-03")


def read(text: str, path: str = "x.md"):
    return parse_passages(text, path, read_data(text.encode(), path, FileRole.SESSION).tasks, AT)


def plain(text: str):
    return [
        (p.kind.value, p.text, p.line, p.level, p.indent, p.quote, p.marker) for p in read(text)
    ]


@each(
    ("text", "expected"),
    [
        ("", []),
        ("# Title #\n", [("heading", "Title", 1, 1, 0, 0, "")]),
        ("Title\n=====\n", [("heading", "Title", 1, 1, 0, 0, "")]),
        ("Long\nTitle\n---\n", [("heading", "Long Title", 1, 2, 0, 0, "")]),
        ("one\ntwo\n", [("text", "one two", 1, 0, 0, 0, "")]),
        ("one\\\ntwo\n", [("text", "one\\", 1, 0, 0, 0, ""), ("text", "two", 2, 0, 0, 0, "")]),
        (
            "one\n\ntwo\n",
            [
                ("text", "one", 1, 0, 0, 0, ""),
                ("blank", "", 2, 0, 0, 0, ""),
                ("text", "two", 3, 0, 0, 0, ""),
            ],
        ),
        (
            "- one\n  more\n  1. two\n",
            [("item", "one more", 1, 0, 0, 0, "-"), ("item", "two", 3, 0, 1, 0, "1.")],
        ),
        (
            "> quoted\n> more\n\nnot\n",
            [
                ("text", "quoted more", 1, 0, 0, 1, ""),
                ("blank", "", 3, 0, 0, 0, ""),
                ("text", "not", 4, 0, 0, 0, ""),
            ],
        ),
        (
            "```py\n  x = 1\n```\n",
            [
                ("code", "  x = 1", 2, 0, 0, 0, ""),
            ],
        ),
        ("<!-- hidden -->\n", [("comment", "<!-- hidden -->", 1, 0, 0, 0, "")]),
        (
            "| a | b\\|c |\n|---|:-:|\n| d | e |\n",
            [("table", "a\tb|c", 1, 0, 0, 0, ""), ("table", "d\te", 3, 0, 0, 0, "")],
        ),
        ("***\n", [("rule", "***", 1, 0, 0, 0, "")]),
        ("---\ndate: 2026-11-03\n---\ntext\n", [("text", "text", 4, 0, 0, 0, "")]),
        (
            "- [ ] call\n  his note\n",
            [("task", "call", 1, 0, 0, 0, "-"), ("text", "his note", 2, 0, 1, 0, "")],
        ),
    ],
)
def test_passages(text, expected):
    assert plain(text) == expected


def test_a_task_keeps_its_record():
    [passage] = read("1. [x] call #vision ✅ 2026-11-01\n")
    assert passage.task is not None
    assert passage.task.fields.tags == ("vision",)


def test_a_page_that_is_no_session():
    shapes = [(passage.kind, passage.text) for passage in parse_page("# Keys\n- [ ] a\n")]
    assert shapes == [(PassageKind.HEADING, "Keys"), (PassageKind.ITEM, "[ ] a")]


def test_a_task_of_another_version_is_shown_as_text():
    [passage] = parse_passages("- [ ] call\n", "x.md", (), AT)
    assert (passage.kind, passage.text, passage.task) == (PassageKind.ITEM, "[ ] call", None)


YAML = """\
# remark
title: Third
agenda: [the outage]
actions:
  - call
notes: |
  One
  two.

  - three
"""


def test_a_yaml_session_reads_like_a_markdown_one(tmp_path):
    found = opened(tmp_path, {"2026-11-03.yaml": YAML}).leads[0].sessions[0]
    for text in (YAML, "\ufeff" + YAML):
        assert [
            (p.kind.value, p.text, p.line) for p in parse_passages(text, found.path, (), found)
        ] == [
            ("heading", "Third", 1),
            ("blank", "", 3),
            ("heading", "Agenda", 3),
            ("task", "the outage", 3),
            ("blank", "", 6),
            ("heading", "Notes", 6),
            ("text", "One two.", 7),
            ("blank", "", 9),
            ("item", "three", 10),
            ("blank", "", 5),
            ("heading", "Actions", 5),
            ("task", "call", 5),
        ]


@each("text", ["", "date: 2026-11-03\n", "a: [\n", "notes: [x]\n", "notes:\n"])
def test_a_yaml_session_with_nothing_to_read_has_its_number(text):
    assert [(p.kind, p.text) for p in read(text, "x.yaml")] == [(PassageKind.HEADING, "Session 1")]


LINES = st.sampled_from(
    ["# H", "text", "", "- item", "- [ ] task", "  more", "> quote", "```", "    code", "---",
     "| a |", "<!-- x -->", "%%", "$$"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(LINES, max_size=10).map("\n".join))
def test_nothing_that_somebody_wrote_is_lost(text):
    found = read(text)
    lines = [passage.line for passage in found]
    assert lines == sorted(lines)
    shown = " ".join(passage.text for passage in found)
    for word in ("text", "item", "task", "more", "quote", "code"):
        body = text.partition("\n---\n")[2] if text.startswith("---\n") else text
        assert shown.count(word) >= body.count(word) or text.startswith("---\n")
    tasks = read_data(text.encode(), "x.md", FileRole.SESSION).tasks
    assert [p.task.line for p in found if p.task] == [task.line for task in tasks]
