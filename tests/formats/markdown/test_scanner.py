"""What a line is: the cases that a table says best, and promises that hold for every text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.markdown.scanner import MAX_DEPTH, Kind, Line, heading_title, scan
from tldash.formats.text import line_spans, split_lines


def tasks(text: str) -> list[int]:
    return [line.number for line in scan(text) if line.box >= 0]


def kinds(text: str) -> str:
    """One letter a line: b(lank) p(aragraph) h(eading) u(nderline) r(ule) f(ence) c(ode) …"""
    letters = {Kind.COMMENT: "%", Kind.MATH: "$", Kind.HTML: "<"}
    return "".join(letters.get(line.kind, line.kind[0]) for line in scan(text))


def outline(text: str, first_line: int = 1) -> list[Line]:
    """The headings, each by its first line, and the lines that start a task item."""
    return [
        line
        for line in scan(text, first_line)
        if line.box >= 0 or (line.kind is Kind.HEADING and line.level)
    ]


@each(
    ("text", "lines"),
    [
        ("", []),
        ("\n", [""]),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\n\r\n\rb", ["a", "", "", "b"]),
        ("a\vb\fc\x85d\u2028e\u2029f\x1cg", ["a\vb\fc\x85d\u2028e\u2029f\x1cg"]),
    ],
)
def test_lines_end_at_cr_and_lf_only(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines
    assert [line.text for line in scan(text)] == lines


@given(st.text(alphabet="a \r\n\v\u2028", max_size=40))
def test_spans_lead_back_to_the_lines(text: str) -> None:
    spans = line_spans(text)
    assert [text[start:end] for start, end in spans] == split_lines(text)
    starts = [start for start, _ in spans[1:]]
    ends = {text[end:start] for (_, end), start in zip(spans, starts, strict=False)}
    assert ends <= {"\r", "\n", "\r\n"}
    assert text[spans[-1][1] if spans else 0 :] in {"", "\r", "\n", "\r\n"}


@each("marker", ["-", "*", "+", "1.", "1)", "7.", "007)", "123456789."])
@each("prefix", ["", "  ", "   ", "> ", ">", "> > ", "- ", "1. - ", "> - "])
@each("char", [" ", "x", "X", "/", "-", ">", "[", "]", "\t", "é", "🔥"])
def test_task_items(prefix: str, marker: str, char: str) -> None:
    text = f"{prefix}{marker} [{char}] words"
    (line,) = scan(text)
    assert text[line.box : line.box + 3] == f"[{char}]"
    assert line.content == line.box
    assert line.marker == marker
    assert line.quote == prefix.count(">")
    assert line.depth == len(re.findall(r"[-.]", prefix)) + 1
    assert line.item == line.number


@each(
    "text",
    [
        "[ ] no list",
        "-[ ] no blank",
        "- [ ]no blank",
        "- [ ]\u00a0no-break space",
        "- [  ] two",
        "- [] none",
        "- [x](https://example.org)",
        "- [a]: reference",
        "- [[x]] wiki",
        "- [[wiki]]",
        "- [x][y] link",
        "- \\[ ] escaped",
        "- a [ ] later",
        "-     [ ] code in an item",
        "1234567890. [ ] ten digits",
        "1: [ ] colon",
        "- # [ ] heading",
        "- > [ ] quote",
        "    - [ ] indented code",
        "\t- [ ] indented code",
        ">     - [ ] indented code",
        "-\n  [ ] on the next line",
        "- a\n\n  [ ] second paragraph",
        "text\n2. [ ] cannot interrupt",
        "text\n    - [ ] cannot interrupt",
        "- a\n\n      - [ ] code in an item",
        "```\n- [ ] a\n```",
        "```\n- [ ] never closed",
        "~~~ info ` with a backtick\n- [ ] a",
        "````\n```\n- [ ] a\n",
        "- ```\n  - [ ] a",
        "> ```\n> - [ ] a",
        "<!--\n- [ ] a\n-->",
        "<!--\n\n- [ ] never closed",
        "<div>\n- [ ] a",
        "text\n<SEARCH>\n- [ ] a",
        "</b>\n- [ ] a",
        "<SEARCH>\n- [ ] a",
        "</b>\n- [ ] a",
        "<pre>\n\n- [ ] a\n</pre>",
        "<span>\n- [ ] a",
        "[a]: /url 'title\n    - [ ] goes on'",
    ],
)
def test_no_task_items(text: str) -> None:
    assert tasks(text) == []


@each(
    ("text", "found"),
    [
        # Nothing after the box, or GFM's other white space.
        ("- [ ]", [1]),
        ("- [ ]\n  text", [1]),
        ("- [x]\r\n- [ ]\r", [1, 2]),
        ("- [ ]\ta\n- [ ]\va\n- [ ]\fa", [1, 2, 3]),
        # Where tabs are columns.
        ("-\t[ ] a", [1]),
        ("- a\n\t- [ ] b", [2]),
        ("1. a\n\t- [ ] b\n\t\t- [ ] c", [2, 3]),
        (">\t- [ ] a", [1]),
        (">\t>\t- [ ] a", [1]),
        # What ends a paragraph, and what does not.
        ("text\n- [ ] a", [2]),
        ("text\n1. [ ] a", [2]),
        ("text\n01. [ ] a", [2]),
        ("> text\n2. [ ] a", [2]),
        ("# head\n2. [ ] a", [2]),
        ("| a |\n|---|\n| b |\n2. [ ] a", [4]),
        ("1. a\n2. [ ] b\n   3. [ ] no\n", [2]),
        # Lazy continuation lines take no list item in.
        ("> text\n- [ ] a", [2]),
        ("> - a\n- [ ] b", [2]),
        ("> text\n    > - [ ] lazy", []),
        ("> text\n<b>\n- [ ] a", [3]),
        ("- a\n\n\n- [ ] b", [4]),
        # Blocks that end with their container.
        ("> ```\n- [ ] a", [2]),
        ("- ```\n- [ ] a", [2]),
        ("> <!--\n- [ ] a", [2]),
        ("> %%\n> - [ ] a\n\n- [ ] b\n%%", [4]),
        # A fence that is none, or is closed.
        ("``` a`b\n- [ ] a", [2]),
        ("```\n````\n- [ ] a", [3]),
        ("```\n~~~\n```\n- [ ] a", [4]),
        ("  ```\n   ```\n- [ ] a", [3]),
        ("<!-- a -->\n- [ ] a", [2]),
        ("<!-->\n- [ ] a", [2]),
        ("<div>\n\n- [ ] a", [3]),
        ("text\n<span>\n- [ ] a", [3]),
        ("<3\n- [ ] a", [2]),
        # An item that starts with nothing takes one blank line.
        ("-\n  - [ ] a", [2]),
        ("-\n\n  - [ ] a", [3]),
        ("-\n      \n      - [ ] code", []),
        ("-\n\n    - [ ] code", []),
        ("- >\n\n    - [ ] a", [3]),
        # Under a heading, in a callout, with a byte order mark.
        ("- [ ] a\n  ---", [1]),
        ("- [ ] a | b\n  --|--", [1]),
        ("> [!note] Actions\n> - [ ] a\n>   - [x] b", [2, 3]),
        ("\ufeff- [ ] a", [1]),
    ],
)
def test_lines_with_task_items(text: str, found: list[int]) -> None:
    assert tasks(text) == found


@each(
    ("text", "found", "letters"),
    [
        ("%%\n- [ ] a\n%%\n- [ ] b", [4], "%%%p"),
        ("%% a\n\n- [ ] a\nb %% c\n- [ ] b", [5], "%%%%p"),
        ("text\n%%\n- [ ] a\n%%", [], "p%%%"),
        ("%% a %%\n- [ ] a", [2], "%p"),
        ("%% a %% b\n- [ ] a", [2], "pp"),
        ("- [ ] a %% b %%\n- [ ] c", [1, 2], "pp"),
        ("- [ ] %% a\n- [ ] b\n%%", [1, 2], "ppp"),
        ("%% not closed\n- [ ] a", [2], "pp"),
        ("%\n- [ ] a\n%", [2], "ppp"),
        ("    %%\n- [ ] a\n%%", [2], "cpp"),
        ("- %%\n  - [ ] a\n  %%\n- [ ] b", [4], "%%%p"),
        ("> %%\n> - [ ] a\n> %%\n> - [ ] b", [4], "%%%p"),
        ("$$\n- [ ] a\n$$\n- [ ] b", [4], "$$$p"),
        ("$$ a\n- [ ] a\n= b $$\n- [ ] b", [4], "$$$p"),
        ("$$ a $$\n- [ ] a\n$$", [2], "ppp"),
        ("$$ is tight this year\n- [ ] a", [2], "pp"),
        ("$ 5\n- [ ] a\n$ 6", [2], "ppp"),
        ("```\n%%\n```\n- [ ] a\n%%", [4], "fcfpp"),
        ("%%\n```\n%%\n- [ ] a", [4], "%%%p"),
    ],
)
def test_obsidian_comments_and_math(text: str, found: list[int], letters: str) -> None:
    assert tasks(text) == found
    assert kinds(text) == letters


@each(
    ("text", "letters"),
    [
        ("# a\n\ntext\nmore\n---\n***\n", "hbhhur"),
        ("a\n===\nb\n-\n", "huhu"),
        ("[a]: /b\n===\n", "pp"),
        ("[a]: /b\ntext\n===\n", "phu"),
        ("[a]:\n  <b c>\n  'title'\n===\n===\n", "ppphu"),
        ("[a]: /b c\n===\n", "hu"),
        ("> a\n---\n", "pr"),
        ("- a\n===\n", "pp"),
        ("```\na\n\n```\n", "fccf"),
        ("    a\n\n    b\nc\n", "cbcp"),
        ("<div>\na\n\nb", "<<bp"),
        ("<!--\n\n-->\nb", "%%%p"),
        ("<pre>\n\n</pre>\nb", "<<<p"),
        ("<?php\n\n?>\n<!DOCTYPE\n>\n<![CDATA[\n]]>\n", "<<<<<<<"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |\n3\n\nc\n", "ttttbp"),
        ("text\na | b\n--|--\n", "ptt"),
        ("a | b\n--|--|--\n", "pp"),
        ("a \\| b | c\n-|-\n", "tt"),
        ("| a |\n|---|\n> b\n", "ttp"),
        ("| a |\n|---|\n    b\n", "ttc"),
        ("- | a |\n  |---|\n| b |\n", "ttp"),
        ("_ _ _\n* * *\n- - -\n--\n", "rrrp"),
        ("#a\n####### b\n# \n", "pph"),
    ],
)
def test_kinds(text: str, letters: str) -> None:
    assert kinds(text) == letters


def test_a_task_is_no_heading() -> None:
    lines = scan("- [ ] a\n  b\n  ---\n  c\n  ---")
    assert [line.kind for line in lines] == [
        Kind.PARAGRAPH,
        Kind.PARAGRAPH,
        Kind.UNDERLINE,
        Kind.HEADING,
        Kind.UNDERLINE,
    ]
    assert [line.box for line in lines] == [2, -1, -1, -1, -1]


def test_where_lines_stand() -> None:
    text = "> # a\n> 3) b\n>    - [x] c\n>\n>      d\n>\n>\t   \t\te\nf\n\ng"
    assert scan(text, first_line=11) == [
        Line(11, "> # a", Kind.HEADING, 1, 0, 2, level=1),
        Line(12, "> 3) b", Kind.PARAGRAPH, 1, 1, 5, marker="3)", item=12),
        Line(13, ">    - [x] c", Kind.PARAGRAPH, 1, 2, 7, marker="-", item=13, box=7),
        Line(14, ">", Kind.BLANK, 1, 2, 1, item=13),
        Line(15, ">      d", Kind.PARAGRAPH, 1, 2, 7, item=13),
        Line(16, ">", Kind.BLANK, 1, 2, 1, item=13),
        Line(17, ">\t   \t\te", Kind.CODE, 1, 2, 6, item=13),
        Line(18, "f", Kind.PARAGRAPH, 0, 0, 0),
        Line(19, "", Kind.BLANK, 0, 0, 0),
        Line(20, "g", Kind.PARAGRAPH, 0, 0, 0),
    ]


def test_a_lazy_line_stands_where_its_paragraph_does() -> None:
    assert scan("> - a\nb")[1] == Line(2, "b", Kind.PARAGRAPH, 1, 1, 0, item=1)


@each(
    ("text", "content"),
    [
        ("    a", 4),
        ("      a", 4),
        ("\ta", 1),
        ("  \t a", 3),
        ("-     a", 6),
        ("-\t\ta", 2),
        (">\t\ta", 2),
        ("```\n  a", 0),
        ("  ```\n   a", 2),
        ("  ```\n a", 1),
        ("- ```\n\ta", 0),
    ],
)
def test_where_code_starts(text: str, content: int) -> None:
    line = scan(text)[-1]
    assert (line.kind, line.content) == (Kind.CODE, content)


@each(
    ("text", "level", "title"),
    [
        ("# a", 1, "a"),
        ("###### a ##  ", 6, "a"),
        ("## a#", 2, "a#"),
        ("## a \\#", 2, "a \\#"),
        ("#", 1, ""),
        ("### ###", 3, ""),
        ("> - ##\ta", 2, "a"),
        ("a b \n===", 1, "a b"),
        ("a\n---", 2, "a"),
    ],
)
def test_headings(text: str, level: int, title: str) -> None:
    (line,) = outline(text)
    assert (line.kind, line.level, heading_title(line)) == (Kind.HEADING, level, title)


def test_a_heading_over_several_lines_is_one() -> None:
    text = "a\nb\n===\n"
    assert [(line.kind, line.level) for line in scan(text)] == [
        (Kind.HEADING, 1),
        (Kind.HEADING, 0),
        (Kind.UNDERLINE, 1),
    ]
    assert [line.number for line in outline(text)] == [1]


SESSION = """\
# Session 3

## Agenda
- [ ] the payments cutover

## Notes
Went well -> next time [again](https://example.org). She said 2 < 3.

- one thing
  - and another
1. first
2. second

---

## Actions
- [ ] Write down the vision #vision due:2026-11-20
* [x] Ask two engineers 📅 2026-11-10 ✅ 2026-11-09
1. [/] Read
"""


@each("end", ["\n", "\r\n", "\r"])
def test_a_session(end: str) -> None:
    found = outline(SESSION.replace("\n", end), 5)
    assert [(line.number, line.level, line.text) for line in found] == [
        (5, 1, "# Session 3"),
        (7, 2, "## Agenda"),
        (8, 0, "- [ ] the payments cutover"),
        (10, 2, "## Notes"),
        (20, 2, "## Actions"),
        (21, 0, "- [ ] Write down the vision #vision due:2026-11-20"),
        (22, 0, "* [x] Ask two engineers 📅 2026-11-10 ✅ 2026-11-09"),
        (23, 0, "1. [/] Read"),
    ]


PIECES = [
    "- [ ] a", "* [x] b", "1. [/] c", "2. [ ] d", "- [ ]", "+    [-] e", "+     [-] f", "# g",
    "## h #", "#i", "text", "text", "more -> text", "", "", " ", "===", "---", "- ---", "--", "-",
    "***", "a | b", "-|-", "|", "<div>", "</div>", "a <b", "<!-- c", "-->", "```", "x ``` y",
    "~~~", "%%", "$$", "1)", "1. j", "- k", "- - [ ] l", "- # m", "[ ] n", "[x]: /y", "\v",
    "\ufeff", "- [ ]\u00a0o", "- [#] p", "#\u00a0q", "- [ ]\fr", "10. [ ] s",
]  # fmt: skip
DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["", "", "", "", "", "", " ", "  ", "    ", "\t", "> ", ">", "- ", "1. "]),
        st.sampled_from(PIECES),
        st.sampled_from(["\n", "\n", "\r\n", "\r"]),
    ).map("".join),
    max_size=9,
).map("".join)


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("->#`~<%$=_*+1.)[]| \t\r\nax", max_size=60)))
def test_every_text_has_a_reading(text: str) -> None:
    lines = scan(text)
    assert [line.text for line in lines] == split_lines(text)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert 0 <= line.content <= len(line.text)
        assert line.item <= line.number
        assert (line.item > 0) == (line.depth > 0)
        assert not line.marker or line.item == line.number
        assert line.box < 0 or (line.marker and re.match(r"\[.\]", line.text[line.box :]))
        assert (line.kind is Kind.BLANK) <= (not line.text[line.content :].strip(" \t"))


@settings(max_examples=examples(300), deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_what_comes_after_changes_nothing_before(text: str, after: str) -> None:
    """Except for a last paragraph, which what follows can make a heading or table."""
    if "%%" in text or "$$" in text:
        text = text.replace("%%", "").replace("$$", "")
    before = scan(text + "\n\n")
    assert scan(text + "\n\n" + after)[: len(before)] == before


DEEP = 100_000


@each(
    ("line", "quote", "depth"),
    [
        (">" * DEEP, MAX_DEPTH, 0),
        ("> " * DEEP + "a", MAX_DEPTH, 0),
        ("- " * DEEP + "a", 0, MAX_DEPTH),
        ("1. " * DEEP + "a", 0, MAX_DEPTH),
        ("> - " * DEEP + "a", MAX_DEPTH // 2, MAX_DEPTH // 2),
        ("[" * DEEP, 0, 0),
        ("- " + "[ ] " * DEEP, 0, 1),
        ("<a" + " b='c'" * DEEP, 0, 0),
        ("|" * DEEP, 0, 0),
        ("1" * DEEP, 0, 0),
    ],
)
def test_hostile_lines(line: str, quote: int, depth: int) -> None:
    first, last = scan(line + "\n\n# b")[::2]
    assert (first.kind, first.quote, first.depth) == (Kind.PARAGRAPH, quote, depth)
    assert (last.kind, last.quote, last.depth) == (Kind.HEADING, 0, 0)


def test_deep_nesting_ends_in_text() -> None:
    text = "".join("  " * level + "- [ ] a\n" for level in range(2 * MAX_DEPTH))
    assert tasks(text) == list(range(1, MAX_DEPTH + 1))
    assert tasks(text + "- [ ] b") == [*range(1, MAX_DEPTH + 1), 2 * MAX_DEPTH + 1]


def test_a_million_characters_of_comment_starts() -> None:
    assert kinds("<!--" * 250_000) == "%"
    lines = scan("<!--\n- [ ] a\n" * 80_000)
    assert {line.kind for line in lines} == {Kind.COMMENT}


def test_many_definitions_before_an_underline() -> None:
    lines = scan('[a]: b "\n' * 20_001 + "===\n")
    assert lines[-1].kind is Kind.UNDERLINE
    assert scan("[a]: b\n" * 20_000 + "===\n")[-1].kind is Kind.PARAGRAPH
