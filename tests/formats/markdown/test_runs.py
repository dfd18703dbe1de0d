"""Runs of lines hold what a scan line by line finds, and are read as if each line were."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.hostile_content import contents
from tests.support.examples import examples
from tests.support.markdown import read_body
from tests.support.tables import each
from tldash.create.demo import find_sample_data
from tldash.formats.markdown.body import read_pieces
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.markdown.scanner import Line, Scanner, lines_of, scan
from tldash.formats.text import encode_lines, split_lines

SPECS = Path(__file__).parent / "specs" / "examples.json"
NESTED = [
    "- [ ] a", "  - [ ] b", "    - [ ] c", "   - [x] d", "     - e", "  text", "    text",
    "     text", "      text", "", "", "", "- x", "* [ ] y", "1. [ ] z", "   text", "  * f",
    "  + [ ] g", "lazy", "-  [ ] wide", "  -   [ ] h", "  [ ] text", "- [[w]]", "  - [[w]]", "  - ",
    "- [ ]", "  - [ ]", "> - [ ] q", "> text", ">", "> ", "> [!x] a", "> - a", ">   - [ ] n",
    ">   text", ">     deep", "> * [x] done", "> 1. [ ] no", "## Goals", "# A",
]  # fmt: skip
BLOCKS = [
    "```sh", "```", "- [ ] x", "  note", "  - note", "", "", "| a | b |", "|---|---|", "| 1 | 2 |",
    "> said", "> [!note] a", ">", "---", "%% a %%", "text", "# A", "## Goals", "## Agenda", "- a",
    "    - [ ] x", "      deep", "```` ", "~~~", "   ```", "``` x", "|-|", "%% a", "***",
    "2. [ ] x", "\t", "   text", "> - [ ] x", ">> x", "      ",
]  # fmt: skip
PLAIN = [
    "", "", "", "Words that say it.", "*Loud* words", "**Ada**: fine", "_so_", '"Said" she',
    "(aside)", "- [ ] call Ann #vision due:2026-11-20", "- [ ] call Ann",
    "* [x] done ✅ 2026-11-09",
    "1. [ ] first", "- [ ] due:soon", "- [ ] ", "- [/]  two  blanks", "# Session 3", "## Agenda",
    "## Notes", "### Deeper", "## Actions ##", "## Topics", "- a point", "* a point", "1. a point",
    "  a note", "  - a note", "    - deeper", "   * a note", "     far in", "  **loud** note",
    "  - *loud*", "Ärger mit Übung", "Привет", "日本語", "かな", "🎉 done", "- [é] wie",
    "- [🔥] heiß",    "  - Привет", "  日本", "- [ ] é ✅ 2026-11-09",
]  # fmt: skip
ODD = [
    "## Goals", "#", "- ", "-", "+", "---", "***", "* * *", "===", "  ---", "> quoted", "> - [ ] a",
    "    code", "\tcode", "      - deep", "  2. a note", "2. a point", "  - [ ] nested",
    "| a | b |",
    "| - | - |", "-- | --", "<div>", "  <b>", "<!-- - [ ] a -->", "```", "~~~", "%%", "%% a %%",
    "$$", "[a]: b", "   ", "  ", "\x0b", "\xa0", "  \xa0a", "-   [ ] wide gap", "-    [ ] gap",
    "+ [ ] a\x0b", "10. [ ] a", "1) [ ] a", "- [ ]no", "  # head", "  + ", "1.", "  -", "\u2028a",
    "\x85a", "\u3000", "\u3000a", "  \u3000", "\u1680", "- [\u0301] a", "- [e\u0301] a", "  \xa0",
    "·", "# \u2028", "- [\t] a", "- [ ]\ttab", "\ufeffa", "<<<<<<< a", "\\", "a\\", "  1 a",
    "- [ ]", "\u201cquoted\u201d", "\u2028", "- \u2028a",
    "2026 was", "$5", "`a`", "*a", "**", "_a_", "_ _",
    "[[a]]", "- [[a]]", "a | b", "| a | b |", ">", "    - [ ] deep", "lazy", "2. [ ] second",
]  # fmt: skip
LINES = st.lists(st.one_of(st.sampled_from(PLAIN), st.sampled_from(PLAIN + ODD)), max_size=9)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


def check(text: str) -> None:
    lines = scan(text, 7)
    assert lines_of(Scanner(encode_lines(text), 7).run()) == lines
    assert read_body(text, "a.md", 7) == read_pieces(lines, "a.md")


@settings(max_examples=examples(1500), deadline=None)
@given(LINES, ENDS, st.booleans())
@example(["- [ ] a", "  note", "2. x"], "\n", True)
@example(["- [ ] a", "", "  note"], "\n", True)
@example(["-  [ ] a", "  - sibling"], "\n", True)
@example(["- [ ] a", "- "], "\n", True)
@example(["# A", "> a", "- [ ] b"], "\n", True)
@example(["- ", "* a", " ", ""], "\n", True)
@example(["## Goals", "- [ ] a", "- [ ] b", "  note", "c"], "\n", True)
@example(["## Goals", "- [ ] a", "  goes on", "  - b", "    goes on", "", "  note"], "\n", True)
@example(["## Goals", "- [ ] a", "", "  - b", "  -[ ] c", "", "  TODO d"], "\n", True)
@example(["## Goals", "", "-- | --", "goes on", "", "a", "goes on", "", "", "b"], "\n", False)
def test_documents_of_odd_lines(lines: list[str], end: str, last: bool) -> None:
    check(end.join(lines) + end * last)


@settings(max_examples=examples(2000), deadline=None)
@given(st.lists(st.sampled_from(NESTED), max_size=12))
@example(["- [ ]", "  [ ] text", "  - [ ]"])
def test_documents_of_nested_and_quoted_items(lines: list[str]) -> None:
    check("\n".join(lines))


@settings(max_examples=examples(1500), deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), max_size=12))
@example(["", "", "| a | b |", "|---|", ""])
@example(["a", "```", "", "```"])
@example(["> a", "| a |", "|---|"])
@example(["- a", "> b", "c"])
@example(["text", "", "---", "---"])
def test_documents_of_blocks(lines: list[str]) -> None:
    check("\n".join(lines))


@settings(max_examples=examples(600), deadline=None)
@given(st.lists(st.sampled_from(PLAIN), max_size=12))
def test_plain_lines_with_empty_ones_between_them(lines: list[str]) -> None:
    check("\n".join(lines))
    check("\n\n".join(lines))


@settings(max_examples=examples(800), deadline=None)
@given(st.text("-[ ]x\n#a*>1.\t|=`%~_:+2", max_size=40))
@example("a | b\n-|-\n")
@example("- a | b\n- c | d\n  -|-\n")
@example("- a\n- b\n  ---\n")
@example("a\n\nb\n| c\nd\n===\n")
@example("\na\n===\n")
@example("[a]: b\n===\nc\n===\n")
def test_characters_in_any_order(text: str) -> None:
    check(text)


@settings(max_examples=examples(600), deadline=None)
@given(LINES)
def test_a_block_quote_holds_the_same_lines(lines: list[str]) -> None:
    """Lines in a quote are in no run."""
    lines = [line.replace("\t", "  ").replace("\ufeff", "") for line in lines]
    quoted = scan("\n".join(f"> {line}" for line in lines))
    plain = scan("\n".join([*lines, ""]))
    assert quoted == [
        line._replace(
            text=f"> {line.text}",
            quote=line.quote + 1,
            content=line.content + 2,
            box=line.box + 2 if line.box >= 0 else -1,
        )
        for line in plain
    ]


def test_the_examples_of_the_specifications() -> None:
    for case in json.loads(SPECS.read_text("utf-8")):
        check(case["markdown"])
        check(f"- [ ] a\n\n{case['markdown']}\n\ntext\n# B\n")


@each("kind", dict.fromkeys([*contents.KINDS, *contents.COSTLY]))
def test_hostile_contents(kind: Callable[[Random], bytes]) -> None:
    for seed in range(3 if kind in contents.COSTLY else 40):
        check(kind(Random(seed)).decode("utf-8", "ignore"))


def test_most_lines_of_the_sample_are_in_runs() -> None:
    alone = every = 0
    for file in find_sample_data().rglob("*.md"):
        body = split_front(file.read_text("utf-8"), "a.md").body
        check(body)
        pieces = Scanner(encode_lines(body), 1).run()
        alone += sum(isinstance(piece, Line) for piece in pieces)
        every += len(split_lines(body))
    assert alone < every / 5


@each(
    "text",
    [
        "- a\n" + "text\n" * 50_000,
        "  - a\n" + "\n" * 100_000 + "  b\n",
        "| a |\n|---|\n" + "text\n" * 50_000,
        "a\n|-|-|\n" * 30_000,
        "- a\ntext\n\n" * 30_000,
        "a\n" * 50_000 + "===\n",
        "```\n" + "a\n" * 50_000,
        "```\n" * 50_001,
        "``` a\n" * 50_000,
        "> a\n" * 50_000 + "> - b\n",
        "- [ ] a\n" + "  b\n" * 50_000 + "      c\n" + "  b\n" * 50_000,
        "\n| a |\n|-|-|\n" * 20_000,
        "a\n" * 30_000 + "<b\n" * 30_000 + "a\n" * 30_000 + "<b\n",
        "- \n" * 50_000,
    ],
)
def test_long_texts_take_no_longer_than_line_by_line(text: str) -> None:
    """Quadratic time would show as a test that never ends."""
    assert len(scan(text)) == text.count("\n")
