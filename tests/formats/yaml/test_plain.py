"""The quick way through a plainly written list of items finds what the composer finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldash.create.demo import find_sample_data
from tldash.formats.yaml import load, plain, session

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


@settings(max_examples=600, deadline=None)
@given(sessions())
def test_both_ways_find_the_same(text: str) -> None:
    data, wrong = load.load(text, "x.yaml")
    quick = session.read_known(text, "x.yaml", data, wrong)
    careful = session.read(text, "x.yaml")
    assert [item.task for item in quick[0]] == [item.task for item in careful[0]]
    assert quick[1] == careful[1]


@pytest.mark.parametrize("sign", ["\r\n", "\r", "\x85", "\u2028", "\x07", "\ufeff", "\t"])
def test_what_parts_lines_or_words_for_some_readers_needs_the_composer(sign: str) -> None:
    text = f"title: x\nactions:\n- call{sign}- Ann\n"
    data, _ = load.load(text, "x.yaml")
    assert plain.nodes(text, data, session.LISTS) is None


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_the_sample_sessions_need_no_composer(file) -> None:
    text = file.read_text("utf-8")
    data, _ = load.load(text, file.name)
    assert plain.nodes(text, data, session.LISTS) is not None
    quick = session.read_known(text, file.name, data, ())
    assert quick[0]
    assert [i.task for i in quick[0]] == [i.task for i in session.read(text, file.name)[0]]
