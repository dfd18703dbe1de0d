"""The scanner finds the nodes that ruamel.yaml composes, in every document that it covers."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.formats.yaml.test_agreement import mappings
from tests.support.examples import examples
from tests.support.tables import each
from tldash.create.demo import find_sample_data
from tldash.formats.yaml import load, ruamel_nodes, session, values
from tldash.formats.yaml.compose import look_at
from tldash.formats.yaml.nodes import ListNode, Node, ScalarNode, Trouble, child
from tldash.formats.yaml.scanner import Unusual, scan

SAMPLES = sorted((find_sample_data() / "deniz" / "sessions").glob("*.yaml"))

WORDS = st.sampled_from(
    [
        "call Ann",
        "call Ann due:2026-11-20",
        "[x] done",
        "call Ann #vision",
        '"call Ann #vision"',
        "'call Ann @mira'",
        '"a \\" b"',
        "a: b",
        "*alias",
        "&anchor text",
        "!tag text",
        "- nested",
        "|",
        "12",
        "true",
        "~",
        "",
        "[a, b]",
        "due:soon",
        "text # comment",
        "@mira at the start",
        "call\x07Ann",
        "call\u2028Ann",
        "call Ann\x85",
        "\ufeffcall",
        "call\xa0Ann",
        "\xa0call",
        "call\tAnn\t# soon",
        '"\\uD83D\\uDE00 smile"',
        "null",
        "'null'",
        "1_000",
        "{text: a, text: b}",
        "text: a\n    text: b",
        "'due:soon'",
        "<<: {text: a}",
    ]
)
KEYS = st.sampled_from(
    ["text: call", "done: true", "done: 2026-11-09", "done: True", "tags: [a, b]", "tags: a, b",
     "status: done", "due: 2026-11-20", "note: |\n      words\n      - more", "owner: mira",
     "priority: high", "due: ~", "text: |\n      long\n      words", "x: {a: 1}", "id: 12",
     "owner: null", "owner: 'null'", "priority: ''", "tags: [a, ~]", "ownr: mira", "owner: [a]",
     "status: banana", "text: 'b\x7f'", "note: a\u2029b", "action: c", "due: 20.11.2026"]
)  # fmt: skip
ITEMS = st.one_of(
    WORDS.map(lambda words: f"- {words}"),
    WORDS.map(lambda words: f"- {words}\n    and on"),
    st.lists(KEYS, min_size=1, max_size=4).map(lambda keys: "- " + "\n    ".join(keys)),
    st.sampled_from(["# a comment", "", "   - deeper", "-", "-   call late"]),
)


@st.composite
def sessions(draw: st.DrawFn) -> str:
    lines = ["date: 2026-11-03"]
    for name in draw(st.permutations(["topics", "actions", "agenda", "notes"])):
        if name == "notes":
            lines.append("notes: |\n  - not an item\n  *words*")
            continue
        head = draw(
            st.sampled_from(
                [f"{name}:"] * 3
                + [f"{name}: # these", f"{name}: []", f"'{name}':", f"x: {{a: :0}}\n{name}:"]
                + [f"# \x1b\n{name}:", f"{name}:\t", f"{name}:\n- a\n{name}:", f"{name}:\xa0"]
            )
        )
        indent = draw(st.sampled_from(["", "  "]))
        lines.append(head)
        for item in draw(st.lists(ITEMS, max_size=4)):
            lines.extend(indent + line for line in item.split("\n"))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


def parts(node: Node | None) -> object:
    """A tree without tags and anchors, which the scanner does not cover."""
    if isinstance(node, ScalarNode):
        return tuple(node[:4])
    if isinstance(node, ListNode):
        return node.start, node.end, node.flow, [parts(item) for item in node.items]
    if node is None:
        return None
    return (
        node.start,
        node.end,
        node.flow,
        [(parts(key), parts(value)) for key, value in node.pairs],
    )


def check(text: str) -> None:
    try:
        values.load(text)
        found = scan(text)
    except (ValueError, Unusual):
        return
    composed = ruamel_nodes.compose(text)
    assert not isinstance(composed, Trouble)
    assert parts(found) == parts(composed)


@settings(max_examples=examples(600), deadline=None)
@given(sessions())
def test_sessions_have_the_same_nodes(text: str) -> None:
    check(text)


@settings(max_examples=examples(600), deadline=None)
@given(mappings(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_document_has_the_same_nodes(text: str, line_end: str) -> None:
    check((text + "\n").replace("\n", line_end))


@settings(max_examples=examples(600), deadline=None)
@given(st.data(), st.one_of(mappings(), sessions()))
def test_mistyped_documents_have_the_same_nodes(data: st.DataObject, text: str) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 3))
    put = data.draw(
        st.sampled_from(["", " ", "\n", ":", "-", "#", "'", '"', "[", "}", "&", "|", "\n  ", "- "])
    )
    check(text[:at] + put + text[at + gone :])


@settings(max_examples=examples(240), deadline=None)
@given(sessions())
@example("actions:\n- \xa0\n- '\xa0'\n- '[x] a'\n- due:2026-11-20\n- a [b](c)\n")
@example("actions:\n- text: a due:2026-11-20\n  owner: mira\n- text: b\n  owner: '@mira'\n")
@example("actions:\n- text: a\n  due: [b]\n- text: a\n  due: ' '\n- text: a\n  due:\n")
def test_the_lists_alone_have_the_same_items_as_the_whole_document(text: str) -> None:
    data, problems = load.load(text, "x.yaml")
    assume(not isinstance(ruamel_nodes.compose(text), Trouble))
    lists, found = session.read_loaded(text, "x.yaml", data, problems)
    whole, also_found = session.read(text, "x.yaml")
    assert list(lists) == [item.task for item in whole]
    assert found == also_found


ORDINARY = {
    "strings": "- call Ann due:2026-11-20\n- 'it''s done'\n- \"say \\\"hi\\\" #vision\"\n",
    "comments": "# first\n- call Ann # soon\n\n# second\n-  ask  #vision\n",
    "mappings": "- text: call Ann\n  due: 2026-11-20\n  owner:\n- {text: ask, tags: [a, b]}\n",
    "nested": "- text: call\n  tags:\n  - a\n  - b\n  more:\n    room: {floor: 2}\n- - a\n  - b\n",
    "literal": "- |\n  call Ann\n\n  and ask\n- text: |-\n    call\n  due: 2026-11-20\n",
    "folded": "- >\n  call Ann\n  and ask\n\n    more\n- text: >+\n    call\n\n- a\n",
    "long": "- call Ann\n  and ask\n- 'call\n\n  Ann'\n- \"call\n  Ann\"\n",
    "next lines": "-\n  text:\n    call Ann\n-\n  call\n",
    "flow": "  [call Ann, 'b c', {text: d, due: 2026-11-20},\n   [e]]\n",
    "empty": "-\n- ~\n-   \n- ''\n",
    "unknown keys": "- text: a\n  mood: 4\n  'quoted key': 16:00\n  \"other\": no\n",
}


@each("kind", ORDINARY)
@each("line_end", ["\n", "\r\n"])
def test_ordinary_sessions_need_no_ruamel(kind: str, line_end: str) -> None:
    text = (
        f"---\ndate: 2026-11-03\nmood: 4\nactions:\n{ORDINARY[kind]}notes: |\n  words\n\n  more\n"
    )
    text = text.replace("\n", line_end)
    assert scan(text) is not None
    check(text)
    data = load.load(text, "x.yaml")[0]
    found = look_at(text, ["actions"], data)
    pair = child(scan(text), "actions")
    assert pair is not None
    assert found == {"actions": pair[1]}


@each("file", SAMPLES)
def test_the_sample_sessions_need_no_ruamel(file) -> None:
    check(file.read_text("utf-8"))
    assert scan(file.read_text("utf-8")) is not None


@each(
    "text",
    ["a: &x b\nc: *x\n", "a: !t b\n", "? a\n: b\n", "%YAML 1.2\n---\na: b\n", "a: b\tc\n",
     "a: b\rc: d\n", "a: [b: c]\n", "a: {b}\n", "--- a\n", "[a]: b\n", "a: 1\n...\n",
     "a: " + "[" * 60 + "]" * 60],
)  # fmt: skip
def test_the_rest_is_left_to_ruamel(text: str) -> None:
    values.load(text)
    with pytest.raises(Unusual):
        scan(text)
