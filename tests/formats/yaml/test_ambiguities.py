"""What one reader of YAML takes in silence and another does not: each is told with its place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.file_record import read_data
from tldash.formats.yaml import ambiguities, load
from tldash.formats.yaml.compose import compose
from tldash.model.file_roles import FileRole
from tldash.model.records import Severity

MERGE = "base: &base {skill: vision}\nmore:\n  <<: *base\n"


def told(text: str):
    return [(p.line, p.column, p.code) for p in load.read(text, "a.yaml")[1]]


@each(
    ("text", "places"),
    [
        (MERGE, [(3, 3)]),
        ("<<: {a: 1}\n", [(1, 1)]),
        ("? <<\n: {a: 1}\n", [(1, 3)]),
        ("a: {<<: {b: 1}, c: 2}\n", [(1, 5)]),
        ("a: {<< : {b: 1}}\n", [(1, 5)]),
        ("- x\n- <<: {a: 1}\n  <<  : 2\n", [(2, 3), (3, 3)]),
        ("'<<': {a: 1}\n", []),
        ("a: <<\nb: '<<: c'\nc: [<<]\n# <<: d\ne: |\n  <<: *f\n", []),
    ],
)
def test_merge_keys(text, places):
    found = [place for place in told(text) if place[2] == "merge-key"]
    assert found == [(*place, "merge-key") for place in places]
    assert all("duplicate" in p.message or p.code == "merge-key" for p in load.read(text, "x")[1])


@each(
    ("text", "places"),
    [
        ("a: !foo b\n", [(1, 4)]),
        ("a: !!python/object:os.system b\n", [(1, 4)]),
        ("a: !!python/tuple [1, !!python/name:os b]\n", [(1, 4), (1, 23)]),
        ("a: !<x> b\n", [(1, 4)]),
        ("%TAG !e! tag:x,2000:\n---\na: !e!foo b\n", [(3, 4)]),
        ("!foo\na: 1\n", [(1, 1)]),
        ("!foo a: 1\n", [(1, 1)]),
        ("a: &x !foo b\nc: *x\n", [(1, 7)]),
        ("a: !foo &x b\nc: *x\n", [(1, 4)]),
        ("a: !foo\nb: ! c\n", [(1, 4), (2, 4)]),
        ("- !foo\n  - !bar\n    a: 1\n", [(1, 3), (2, 5)]),
        ("a: !!int few\nb: !!bool yes\nc: !!null x\nd: !!float y\n",
         [(1, 4), (2, 4), (3, 4), (4, 4)]),
        ("a: !!seq {b: 1}\nc: !!map [1]\nd: !!str [1]\n", [(1, 4), (2, 4), (3, 4)]),
        ("a: !!set {b}\nc: !!omap [d: 1]\ne: !!binary aGk=\nf: !!timestamp 2026-11-03\n",
         [(1, 4), (2, 4), (3, 4), (4, 4)]),
        ("a: !!str 5\nb: !!int '5'\nc: !!float 5\nd: !!bool 'true'\ne: !!null ''\n", []),
        ("a: !!map {b: 1}\nc: !!seq [1]\nd: !<tag:yaml.org,2002:str> 5\n", []),
        ("a: b !c\nd: '!e'\n# !f\ng: |\n  !h\ni: [j !k]\nl!: m\n", []),
    ],
)  # fmt: skip
def test_tags(text, places):
    data, problems = load.read(text, "a.yaml")
    assert data is not None
    assert [(p.line, p.column) for p in problems] == places
    for problem in problems:
        assert (problem.code, problem.severity) == ("yaml", Severity.ERROR)
        assert "tag" in problem.message
        assert problem.hint == "remove the tag"


@each(
    ("written", "number"),
    [("1_000", "1000"), ("_1", "1"), ("1_0.5", "10.5"), ("0X1F", "31"), ("0O17", "15"),
     ("0b101", "5"), ("0B1", "1"), ("+0x1F", "31"), ("-0o7", "-7"), ("0x1_F", "31"),
     ("1e1_0", "10000000000.0"), ("1__0", "10")],
)  # fmt: skip
@each("around", ["title: {}\n", "a: [x, {}]\n", "- {b: {}}\n", "{}: c\n"])
def test_numbers_that_are_texts_to_yaml_1_2(written, number, around):
    text = around.replace("{}", written)
    [problem] = load.read(text, "a.yaml")[1]
    assert (problem.line, problem.column) == (1, text.index(written) + 1)
    assert (problem.code, problem.severity) == ("number", Severity.WARNING)
    assert written in problem.message
    assert number in problem.message
    assert "quotes" in problem.hint


@each(
    "value",
    ["0644", "0o17", "0x1F", "1e3", "-1.5E-3", ".5", "5.", "+1", ".inf", "-.INF", ".nan", "16:00",
     "2026-11-03", "'1_000'", '"0X1F"', "a_1", "_", "_a", "snake_case", "1_000 words", "e_1",
     "2026_11_03_notes", "0b2", "0x_g", "yes", "~"],
)  # fmt: skip
def test_what_is_no_odd_number(value):
    assert load.read(f"title: {value}\n", "a.yaml")[1] == ()


CORE_NUMBER = st.from_regex(
    r"[-+]?[0-9]{1,5}|0o[0-7]{1,4}|0x[0-9a-fA-F]{1,4}"
    r"|[-+]?(\.[0-9]{1,3}|[0-9]{1,3}(\.[0-9]{0,3})?)([eE][-+]?[0-9]{1,2})?",
    fullmatch=True,
)


@settings(max_examples=examples(300), deadline=None)
@given(CORE_NUMBER | st.text("01789_.xXoObBeE+-aF", min_size=1, max_size=7))
def test_no_text_becomes_a_number_in_silence(written):
    data, problems = load.read(f"k: {written}", "a.yaml")
    value = data["k"] if isinstance(data, dict) else None
    if isinstance(value, (int, float)):
        assert bool(problems) == (ambiguities.CORE_NUMBER.fullmatch(written) is None)
    elif isinstance(value, str):
        assert ambiguities.CORE_NUMBER.fullmatch(written) is None
        assert problems == ()


@each(
    ("text", "line", "column", "words"),
    [
        ("a: b\x07c\n", 1, 5, "U+0007"),
        ("a: 1\nb: 'c\x7f'\n", 2, 6, "U+007F"),
        ("# \x1b[2J\na: 1\n", 1, 3, "U+001B"),
        ("a: 1\n\ufeffb: 2\n", 2, 1, "U+FEFF"),
        ("\ufeffa: b\x9f\n", 1, 1, "U+FEFF"),
        ("a: \ufffe\n", 1, 4, "U+FFFE"),
        ("%YAML 1.1\n---\na: yes\n", 1, 1, "YAML 1.1"),
        ("# x\n%YAML 2.0\n---\na: yes\n", 2, 1, "YAML 2.0"),
        ("\ta: 1\n", 1, 1, "tab"),
        ("# x\n  \ta: 1\n", 2, 3, "tab"),
    ],
)
def test_what_yaml_does_not_allow(text, line, column, words):
    data, [problem] = load.read(text, "a.yaml")
    assert data is not None
    assert (problem.line, problem.column) == (line, column)
    assert (problem.code, problem.severity) == ("yaml", Severity.ERROR)
    assert words in problem.message
    assert problem.hint


@each(
    "text",
    ["a: 1\t\n", "a: 1\t# b\n", "a: 1\n\t\nb: 2\n", "\t# a\nb: 1\n", "- a\tb\n", "a: [1,\n\t2]\n",
     "a: |\n  \tb\n", "a: 'b\tc'\n", "a: b\u2028c\u2029d\x85e\n", "%YAML 1.2\n---\na: 1\n",
     "a: &b 1\nc: *b\n", "a: \xa0b\n", "-\ta\n- b\n"],
)  # fmt: skip
def test_what_yaml_allows(text):
    assert load.read(text, "a.yaml")[1] == ()
    assert compose(text) is not None


def test_lines_are_those_of_the_file():
    problems = load.read("a: !x 1\r\nb: 1_0\r\n", "a.md", first_line=2)[1]
    assert [(p.line, p.column, p.path) for p in problems] == [(2, 4, "a.md"), (3, 4, "a.md")]


def test_a_document_too_large_to_look_into_says_so():
    text = "a: 1\n" + "# remark\n" * 20_000
    assert load.read(text, "a.yaml")[1] == ()
    [problem] = load.read(text + "b: !x c\n", "a.yaml")[1]
    assert (problem.line, problem.column, problem.code) == (20_002, 4, "too-large")


SESSION = "date: 2026-11-03\n" + MERGE + "actions:\n  - call Ann\n  - {text: b, <<: *base}\n"


def test_in_a_yaml_session_the_rest_is_read():
    record = read_data(SESSION.encode(), "2026-11-03.yaml", FileRole.SESSION)
    assert [task.text for task in record.tasks] == ["call Ann", "b"]
    assert [(p.line, p.column, p.code) for p in record.problems] == [
        (4, 3, "merge-key"),
        (7, 15, "merge-key"),
    ]


def test_in_front_matter_the_rest_is_read():
    text = "---\ndate: 2026-11-03\n<<: {skill: vision}\ntitle: !x Plan\n---\n- [ ] call Ann\n"
    record = read_data(text.encode(), "2026-11-03.md", FileRole.SESSION)
    assert [task.text for task in record.tasks] == ["call Ann"]
    assert record.front is not None
    assert record.front.title == "Plan"
    assert record.front.skill is None
    assert [(p.line, p.column, p.code) for p in record.problems] == [
        (3, 1, "merge-key"),
        (4, 8, "yaml"),
    ]


PIECES = st.lists(
    st.sampled_from(
        ["a", "b: ", "\n", "  ", "- ", "!x ", "!!str ", "!", "&c ", "*c", "<<: ", "1_0", "0X1", "'",
         '"', "[", "]", "{", "}", ", ", "\t", "|\n", "\x07", "\x85", "\u2028", "\ufeff", "# ",
         "%YAML 1.1\n---\n", "\r\n", "? ", "\\u00e9", "=", "!!python/x "]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(PIECES)
def test_whatever_is_written_places_are_in_it(text):
    data, problems = load.read(text, "a.yaml")
    again, syntax = load.load(text, "a.yaml")
    assert repr(data) == repr(again)
    assert problems[: len(syntax)] == syntax
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message
