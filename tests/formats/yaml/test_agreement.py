"""The quick YAML reader and ruamel.yaml read the same values, save for a short list of differences.

ruamel.yaml is a second, older implementation of YAML 1.2. It is asked for plain values, with dates
as the text that they are written as, since that is how tldash wants them.
"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.yaml import load
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import ListNode, MappingNode

REFUSED = object()


class _Constructor(SafeConstructor):
    """Makes plain values, and a text of what looks like a date."""


_Constructor.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node)
)


def by_ruamel(text: str) -> object:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    try:
        return reader.load(text)
    except (YAMLError, ValueError, KeyError, IndexError, OverflowError):
        return REFUSED


def by_us(text: str) -> object:
    data, problems = load.read(text, "x.md")
    return REFUSED if problems else data


def typed(value: object) -> object:
    """The value in a form in which 1, 1.0 and True differ, and NaN is itself."""
    if isinstance(value, dict):
        return [(typed(key), typed(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return ["list", *map(typed, value)]
    return type(value).__name__, str(value)


# -- documents as people write them, with everything that YAML lets them ---------------------------

WORDS = [
    *("a", "Ada", "é", "日本", "😀", "x:y", "x#y", "it's", "16:00", "50%", "a@b.de", "--", "\xa0"),
    *("http://x.org/a#b", "due:2026-11-20", "(A)", "C:\\x", 'say "hi"', "1st", "=", "&", "*", "!"),
]
PLAIN = [
    *("yes", "no", "on", "off", "y", "n", "true", "True", "TRUE", "tRUE", "false", "False"),
    *("null", "Null", "NULL", "nULL", "~", "0644", "0o644", "0o8", "0x1F", "0xfg", "007", "08"),
    *("2026-11-03", "2026-11-03 16:00", "2026-11-03T16:00:00Z", "2026-02-30", "16:00", "1:30:00"),
    *("1e3", "1.5", ".5", "5.", "-.5", "+1", "-0", "1e400", "1e-400", ".inf", "-.INF", ".NaN"),
    *(
        "1_000",
        "_1",
        "0X1F",
        "0O17",
        "0b101",
        "+0x1",
        "1e1_0",
        "1_",
        "0x_f",
        "2026_11",
        "a_1",
        "+.inf",
    ),
    *("2026-11-03T16:00+01:00", "2026-11-03t16:00:00.5Z", "2026-11-03 16:00:00 +1", "1:2", "-.nan"),
    *(
        "<",
        "<<x",
        "=x",
        "inf",
        "nan",
        "12345678901234567890",
        "9" * 40,
        "1.5.2",
        "3,5",
        "1,000",
        "45m",
        "-5",
        "+",
    ),
]
readable = st.characters(exclude_categories=["C", "Zl", "Zp"])
numberlike = st.text("0189.+-e:_xob", min_size=1, max_size=7)
plain_words = st.builds(
    lambda first, rest: " ".join([first, *rest]),
    st.sampled_from(["a", "Ada", "é", "日本", "x:y", "it's", "16:00", "50%", "(A)"]),
    st.lists(st.sampled_from(WORDS), max_size=3),
).filter(lambda text: not text.endswith("\xa0"))


def is_plain(text: str) -> bool:
    """Whether a text can stand without quotes, so far as its first and last characters tell."""
    return not re.match(r"[-?:](?:\s|$)|---|\.\.\.", text) and not text.endswith(":")


def is_agreed_number(text: str) -> bool:
    """Not one of the differences below: an exponent behind a bare fraction, or no digits at all."""
    return re.fullmatch(r"[-+]?\.[0-9._]+e[-+0-9_]+|[-+._]+", text) is None


plain = st.one_of(
    st.sampled_from(PLAIN),
    numberlike.filter(is_plain).filter(is_agreed_number),
    plain_words.filter(is_plain),
)
single = st.text(readable, max_size=12).map(lambda text: "'" + text.replace("'", "''") + "'")
ESCAPES = [
    "\\n",
    "\\t",
    '\\"',
    "\\\\",
    "\\x41",
    "\\u00e9",
    "\\U0001F600",
    "\\0",
    "\\e",
    "\\ ",
    "\\/",
]
double = st.lists(
    st.sampled_from(ESCAPES) | st.text(readable, max_size=4).map(lambda t: re.sub(r'["\\]', "", t)),
    max_size=5,
).map(lambda parts: f'"{"".join(parts)}"')
flow_plain = plain.filter(lambda text: not re.search(r"^:|[,\[\]{}]|:$", text))
flow_scalar = st.one_of(flow_plain, single, double)
flow = st.recursive(
    flow_scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(
            st.tuples(st.sampled_from("abc"), inner), max_size=3, unique_by=lambda p: p[0]
        ).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"),
    ),
    max_leaves=5,
)
keys = st.sampled_from(
    ["date", "title", "skill", "é", "日本", "a b", "'quoted key'", '"k"', "1", "x-y", "no", "key?"]
)
comments = st.sampled_from(["", "", "", " # a remark", "  #", " # due: 2026-11-20 'x"])
block_lines = st.lists(
    st.sampled_from(["", "", "  more", " x"]) | plain_words, min_size=1, max_size=4
).filter(any)


@st.composite
def blocks(draw: st.DrawFn, indent: int) -> str:
    """A literal or folded scalar, its header and lines."""
    lines = [line.rstrip("\xa0 ") for line in draw(block_lines)]
    header = draw(st.sampled_from("|>")) + draw(st.sampled_from(["", "-", "+"]))
    written = next((line for line in lines if line), "x")
    if written.startswith(" "):
        header = header[0] + "2" + header[1:]
    pad = " " * (indent + 2)
    return header + "".join(f"\n{pad + line if line else ''}" for line in lines)


@st.composite
def anchored(draw: st.DrawFn, anchors: list[str]) -> str:
    """A value that gets a name, or the name of one before it."""
    if anchors and draw(st.booleans()):
        return f" *{draw(st.sampled_from(anchors))}{draw(comments)}"
    anchors.append(f"x{len(anchors)}")
    return f" &{anchors[-1]} {draw(flow)}{draw(comments)}"


@st.composite
def nested(draw: st.DrawFn, indent: int, anchors: list[str], depth: int) -> str:
    """A list or mapping in block style."""
    if draw(st.booleans()):
        return "\n" + draw(mappings(indent + 2, anchors, depth))
    inner = indent + draw(st.sampled_from([0, 2]))
    items = (draw(entries(inner, anchors, depth)) for _ in range(draw(st.integers(1, 3))))
    return "".join(f"\n{' ' * inner}-{item}" for item in items)


@st.composite
def entries(draw: st.DrawFn, indent: int, anchors: list[str], depth: int) -> str:
    """A value behind `key:` or `-`, with the blank before it."""
    kind = draw(st.sampled_from(["plain", "flow", "anchor", "block", "nothing", "nested"]))
    if kind in ("plain", "flow"):
        return f" {draw(flow if kind == 'flow' else plain | single | double)}{draw(comments)}"
    if kind == "anchor":
        return draw(anchored(anchors))
    if kind == "block":
        return f" {draw(blocks(indent))}"
    if kind == "nested" and depth < 3:
        return draw(nested(indent, anchors, depth + 1))
    return draw(comments)


@st.composite
def mappings(draw: st.DrawFn, indent: int = 0, anchors: Any = None, depth: int = 0) -> str:
    """A mapping in block style, remarks and empty lines between its keys."""
    known = [] if anchors is None else anchors
    lines: list[str] = []
    for key in draw(st.lists(keys, min_size=1, max_size=4, unique=True)):
        lines += draw(st.sampled_from([[], [], [], ["# a remark"], [""], ["   # x: y"]]))
        lines.append(f"{' ' * indent}{key}:{draw(entries(indent, known, depth))}")
    return "\n".join(lines)


@settings(max_examples=examples(300), deadline=None)
@given(mappings(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_same_values(text: str, line_end: str) -> None:
    """The same, or not the same and a problem that says so."""
    text = (text + "\n").replace("\n", line_end)
    theirs = by_ruamel(text)
    ours, problems = load.read(text, "x.md")
    if ours is None and problems:
        assert theirs is REFUSED, problems
    elif problems:
        assert {problem.code for problem in problems} == {"number"}
    else:
        assert typed(ours) == typed(theirs)


def scalars_of(node: Any) -> object:
    """The tree of a composed document as the texts in it."""
    if isinstance(node, MappingNode):
        return [(scalars_of(key), scalars_of(value)) for key, value in node.pairs]
    if isinstance(node, ListNode):
        return [scalars_of(item) for item in node.items]
    return node.value


def texts_of(data: object, node: Any) -> object:
    """The same of values that were read, with the words of the document where they are no texts."""
    if isinstance(data, dict):
        pairs = zip(data.items(), node.pairs, strict=True)
        return [(texts_of(key, at), texts_of(value, to)) for (key, value), (at, to) in pairs]
    if isinstance(data, list):
        return [texts_of(item, at) for item, at in zip(data, node.items, strict=True)]
    return data if isinstance(data, str) else node.value


@settings(max_examples=examples(200), deadline=None)
@given(mappings(), st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_the_composed_document_has_the_same_texts(
    text: str, line_end: str, data: st.DataObject
) -> None:
    """Also with characters in it that ruamel.yaml by itself refuses, or takes for line ends."""
    sign = data.draw(st.sampled_from(["", "\x85", "\u2028", "\u2029", "\x07", "\x7f", "\ufeff"]))
    text = (text.replace("a", f"a{sign}a") + "\n").replace("\n", line_end)
    value, problems = load.load(text, "x.md")
    node = compose(text)
    if problems or node is None:
        assert value is None
        assert node is None
    else:
        assert texts_of(value, node) == scalars_of(node)


@settings(max_examples=examples(200))
@given(st.data(), mappings())
def test_same_values_after_a_slip_of_the_pen(data: st.DataObject, text: str) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 3))
    put = data.draw(st.sampled_from(["", " ", "\n", ":", "-", "#", "'", '"', "[", "}", "&", "|"]))
    text = text[:at] + put + text[at + gone :] + "\n"
    theirs, ours = by_ruamel(text), by_us(text)
    if theirs is not REFUSED and ours is not REFUSED and not KNOWN.search(text):
        assert typed(ours) == typed(theirs)


# -- where they differ -----------------------------------------------------------------------------

KNOWN = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\s*$|:[],}]|[{,?]\s*:\S|[^\w.]\.[0-9.]+e")
"""Those of the differences below that a slip of the pen can bring about."""

DIFFERENCES: dict[str, tuple[str, object, object]] = {
    "the sign of a default value is a text": ("k: =", {"k": "="}, REFUSED),
    "so is the sign of a merge, where it is no key": ("k: <<", {"k": "<<"}, REFUSED),
    "a bare fraction with exponent": ("k: .5e1", {"k": 5.0}, {"k": ".5e1"}),
    "an underscore is no number": ("k: -_", {"k": "-_"}, REFUSED),
    "a colon first in a flow value": ("k: {a: :0}", {"k": {"a": ":0"}}, REFUSED),
    "a colon first in a flow key": ("k: {:yes}", {"k": {":yes": None}}, {"k": {None: "yes"}}),
    "a key before a bracket": ("k: {b:}", {"k": {"b": None}}, {"k": {"b:": None}}),
    "brackets close further left": ("k: [1,\n2]", REFUSED, {"k": [1, 2]}),
    "a tab before a remark": ("k: 1\t# one", {"k": 1}, REFUSED),
    "a tab within words": ("k: one\ttwo", {"k": "one\ttwo"}, REFUSED),
    "a tab first in a line of a text": ("k: 'a\n\tb'", REFUSED, {"k": "a b"}),
    "NEL ends no line": ("k: a\x85b", {"k": "a\x85b"}, {"k": "a b"}),
    "U+2028 is no blank": ("k: a\u2028 # b", {"k": "a\u2028"}, {"k": "a"}),
    "a sign in two halves": ('k: "\\uD83D\\uDE00"', {"k": "😀"}, {"k": "\ud83d\ude00"}),
    "half a sign": ('k: "\\ud800"', REFUSED, {"k": "\ud800"}),
    "a remark needs a blank before it": ('k: "a"#b', REFUSED, {"k": "a"}),
    "an empty block at the end": ("k: |\n", {"k": "\n"}, {"k": ""}),
    "a block without a line end": ("k: |\n x", {"k": "x\n"}, {"k": "x"}),
}
"""Where the quick reader is right by YAML 1.2.2, or refuses; all else that it reads otherwise, or
that neither should read, is a problem (`tests/formats/yaml/test_ambiguities.py`)."""

TOLD: dict[str, tuple[str, object, object]] = {
    "merge keys": ("<<: {a: 1}", {"<<": {"a": 1}}, {"a": 1}),
    "a tag of one's own": ("k: !x 5", {"k": "5"}, REFUSED),
    "a tag without a name": ("k: ! 5", {"k": "5"}, {"k": 5}),
    "a date's tag": ("k: !!timestamp 2026-11-03", {"k": "2026-11-03"}, {"k": "2026-11-03"}),
    "a tag that does not suit": ("k: !!bool yes", {"k": "yes"}, {"k": True}),
    "YAML 1.1": ("%YAML 1.1\n---\nk: yes", {"k": "yes"}, {"k": True}),
    "0X is as good as 0x": ("k: 0X1F", {"k": 31}, {"k": "0X1F"}),
    "0O is as good as 0o": ("k: 0O17", {"k": 15}, {"k": "0O17"}),
    "underscores before a number": ("k: _1", {"k": 1}, {"k": "_1"}),
    "underscores in an exponent": ("k: 1e1_0", {"k": 1e10}, {"k": "1e1_0"}),
    "underscores that both take": ("k: 1_000", {"k": 1000}, {"k": 1000}),
    "two digits that both take": ("k: 0b11", {"k": 3}, {"k": 3}),
    "a tab before a top key": ("\tk: 1", {"k": 1}, REFUSED),
    "control characters": ("k: 'a\x7f'", {"k": "a\x7f"}, REFUSED),
    "a byte order mark within": ("\ufeffk: 1", {"\ufeffk": 1}, {"k": 1}),
}
"""Where it is not, but says so."""


@each("name", TOLD)
def test_what_is_read_otherwise_is_told(name: str) -> None:
    text, ours, theirs = TOLD[name]
    data, problems = load.read(text, "x.md")
    assert typed(data) == typed(ours)
    assert problems != ()
    assert typed(by_ruamel(text)) == typed(theirs)


@each("name", DIFFERENCES)
def test_differences(name: str) -> None:
    text, ours, theirs = DIFFERENCES[name]
    assert by_us(text) == ours
    assert by_ruamel(text) == theirs


@each("text", ["k: 1\nk: 2", "k: {a: 1, a: 2}", "- &x a\n- *y", "k: 1\n---\nk: 2"])
def test_both_refuse(text: str) -> None:
    assert by_us(text) is REFUSED
    assert by_ruamel(text) is REFUSED
