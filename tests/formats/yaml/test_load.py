"""Reading YAML: what it means, where its faults are, and how little a hostile document costs."""

from __future__ import annotations

import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.documents.validate import Fault
from tldash.formats.text import split_lines
from tldash.formats.yaml import load
from tldash.formats.yaml.compose import COMPOSE_LIMIT, compose
from tldash.formats.yaml.nodes import key_lines, position
from tldash.model.records import Severity

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@each(
    ("text", "value"),
    [
        ("", None),
        ("# only a remark\n", None),
        ("---\n", None),
        ("a: 16:00", {"a": "16:00"}),
        ("a: yes\nb: no\nc: on\nd: true", {"a": "yes", "b": "no", "c": "on", "d": True}),
        ("a: 0644\nb: 0o644", {"a": 644, "b": 420}),
        ("a: 2026-11-03\nb: 2026-11-03 16:00", {"a": "2026-11-03", "b": "2026-11-03 16:00"}),
        ("a: ~\nb:\nc: null", {"a": None, "b": None, "c": None}),
        ("a: !mine x", {"a": "x"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("base: &b {x: 1}\na:\n  <<: *b", {"base": {"x": 1}, "a": {"<<": {"x": 1}}}),
        ("a: !!python/object:os.system x", {"a": "x"}),
        ("a: !!python/tuple [1, !!python/name:os x]", {"a": [1, "x"]}),
        ("a: !!str 5\nb: !!set {c}", {"a": "5", "b": {"c"}}),
        ("a: !!int few", {"a": "few"}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a: 1\rb: 2\r", {"a": 1, "b": 2}),
        ("- a\n- b", ["a", "b"]),
        ("# x\n# y\n---\n- a", ["a"]),
        ("%YAML 1.2\n---\n- a", ["a"]),
        ("a: 1\n...\n", {"a": 1}),
    ],
)
def test_values_are_those_of_yaml_1_2(text, value):
    assert load.load(text, "a.yaml") == (value, ())


@each(
    ("text", "line", "column", "code", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "yaml", "duplicate key 'a'"),
        ("x:\n  b: 1\n  'b': 2\n", 3, 3, "yaml", "duplicate key 'b'"),
        ("x: {c: 1,\n c: 2}", 2, 2, "yaml", "duplicate key 'c'"),
        (
            "l:\n  - a: 1\n    a: 2\n  - b: 1\n    a: 2\n    a: 3\n",
            3,
            5,
            "yaml",
            "duplicate key 'a'",
        ),
        ("a:\n\tb: 1\n", 2, 2, "yaml", "tab"),
        ("a: 1\n---\nb: 2\n", 2, 1, "two-documents", "second"),
        ("a: 1\r\n...\r\n---\r\nb: 2\r\n", 2, 1, "two-documents", "second"),
        ("---\na: 1\n---\nb: 2\n", 3, 1, "two-documents", "second"),
        ("a: \ud800", 1, 1, "yaml", "not valid"),
        ("title: Plan: B\n", 1, 12, "yaml", "not valid"),
        ("a: 'open\n\nb: 1\n", 3, 1, "yaml", "not valid"),
        ("a: [1, 2\nb: 3\n", 2, 2, "yaml", "not valid"),
        ("a: 1\n? b: [c, d]\n", 2, 3, "yaml", "list or mapping"),
        ("a: {{b: [c]}: d}\n", 1, 5, "yaml", "list or mapping"),
        ("a: *nobody\n", 1, 4, "yaml", "not valid"),
        (BOMB + "k: 1\n", 9, 40, "yaml", "aliases"),
        ("a: " + "[" * 100_000, 1, 259, "yaml", "not valid"),
        ("- " * 100_000 + "x", 1, 1, "yaml", "levels deep"),
        ("a:\n  b: 1\n" + "? " * 50_000, 3, 1, "yaml", "levels deep"),
        ("".join(" " * i + "a:\r" for i in range(1500)), 101, 101, "yaml", "levels deep"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, line, column, code, words):
    data, [problem] = load.load(text, "a.yaml", first_line=11)
    assert (problem.path, problem.line, problem.column) == ("a.yaml", line + 10, column)
    assert (problem.severity, problem.code) == (Severity.ERROR, code)
    assert words in problem.message
    assert len(problem.message) < 160
    if "duplicate" not in words:
        assert data is None


@each(
    ("text", "hint"),
    [
        ("a:\n\tb: 1\n", "spaces"),
        ("title: Plan: B\n", "quotes"),
        ("a: 1\na: 2\n", "keep one"),
        ("a: [1\n", ""),
    ],
)
def test_hints_say_what_to_write(text, hint):
    assert hint in load.load(text, "a.yaml")[1][0].hint


def test_of_a_key_that_is_there_twice_the_first_counts():
    assert load.load("a: 1\nb: 2\na: 3\n", "a.yaml")[0] == {"a": 1, "b": 2}


def test_a_key_that_is_there_twice_is_found_among_aliases():
    nested = "a: &a {x: 1}\n" + "".join(
        f"{new}: &{new} {{l: *{old}, r: *{old}}}\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    _, [problem] = load.load(nested + "z: {q: 1, q: 2}\n", "a.yaml")
    assert (problem.line, problem.column) == (10, 11)


@each(
    "text",
    [BOMB, "a: " + "{b: " * 100_000, "x: &x [*x]", "a: " + "'" * 99_999, "? " * 50_000, "[" * 255],
)
def test_a_hostile_document_costs_little(text):
    tracemalloc.start()
    try:
        load.load(text, "a.yaml")
        compose(text)
        load.Source(text).place(("a", "b"))
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_nesting_that_is_read_is_composed_too():
    far = " " * 500
    for text in (
        "a: " + "[" * 200 + "]" * 200,
        "- " * 99 + "x",
        "".join("  " * i + "a:\n" for i in range(100)),
        "a: '" + "[" * 500 + "'",
        f"a: |\n  table\n{far}far to the right\n" + "  - - - -\n" * 500,
    ):
        assert load.load(text, "a.yaml")[1] == ()
        assert compose(text) is not None


def test_beyond_the_limit_nothing_is_composed():
    line = "- call somebody\n"
    fits = line * (COMPOSE_LIMIT // len(line) // 8)
    assert compose(fits) is not None
    assert compose(line * (COMPOSE_LIMIT // len(line) + 1)) is None


DOCUMENT = """\
# remark
date: soon
"skill": [1]
levels: {vision: 1, growth: [2]}
skills:
  - id: a
    levels:
      - id: b
      - name: c
"""


@each(
    ("where", "place"),
    [
        (("date",), (2, 1)),
        (("skill",), (3, 1)),
        (("levels", "growth"), (4, 21)),
        (("skills", 0, "levels", 1), (9, 9)),
        (("skills", 0, "levels", 1, "id"), (9, 9)),
        (("skills", 0, "nothing", "at", "all"), (6, 5)),
        (("missing",), (1, 1)),
        ((), (1, 1)),
    ],
)
def test_the_place_of_a_value(where, place):
    assert load.Source(DOCUMENT).place(where) == place
    fault = Fault(where, Severity.WARNING, "code", "message", "hint")
    [problem] = load.problems([fault], DOCUMENT, "a.yaml", first_line=3)
    assert (problem.line, problem.column) == (place[0] + 2, place[1])
    assert (problem.code, problem.message, problem.hint) == ("code", "message", "hint")


def test_lines_end_where_editors_end_them():
    text = "a: 'x\u2028y\x85z'\rb: 1\r\nc: 2\n"
    assert position(text, text.index("b")) == (2, 1)
    assert position(text, text.index("c")) == (3, 1)
    assert position(text, 3) == (1, 4)
    assert key_lines(text) == (("a", 1), ("b", 2), ("c", 3))


def test_top_level_keys():
    text = "a: 1\n# b: 2\nc d:\n  e: 3\n- f: 4\n'g': 5\nh:i\nj: |\n  k: 6\n"
    assert key_lines(text, 10) == (("a", 10), ("c d", 12), ("j", 17))


TEXTS = st.lists(
    st.sampled_from(
        ["a", "b", ": ", ":", "- ", "\n", "\n  ", "[", "]", "{", "}", ", ", "'", '"', "#", " ",
         "\t", "&x ", "*x", "<<", "!t ", "|", ">", "---", "...", "2026-11-03", "\r\n", "%", "?",
         "\x85"]
    ),
    max_size=15,
).map("".join)  # fmt: skip


@settings(max_examples=examples(200))
@given(st.one_of(TEXTS, st.text()))
def test_no_text_upsets_the_readers(text):
    _, problems = load.load(text, "a.yaml")
    lines = split_lines(text) or [""]
    for problem in problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
    if problems:
        load.Source(text).place(("a", "b"))
    else:
        compose(text)
    key_lines(text)
