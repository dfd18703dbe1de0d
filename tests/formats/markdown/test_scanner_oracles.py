"""Task items and block kinds, compared with cmark-gfm and markdown-it-py line by line.

Where the two agree about a line, so must we. Where they differ, the tables of `test_scanner.py` say
what tldash does. Both are given documents without the constructs of Obsidian.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.markdown.scanner import Kind, scan
from tldash.formats.text import split_lines

EXAMPLES: list[dict[str, str]] = json.loads(
    (Path(__file__).parent / "specs" / "examples.json").read_text(encoding="utf-8")
)

GFM_BOX = re.compile(r"\[[ xX]\][ \t\v\f]")
ITEM_WITH_BOX = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\][ \t\v\f]")
# What a line with a box may be, by the lines after it.
FIRST_IN_ITEM = {"p", "h1", "h2", "table", "thead", "tr", "th"}

KINDS = {
    "heading_open": Kind.HEADING,
    "hr": Kind.RULE,
    "code_block": Kind.CODE,
    "fence": Kind.CODE,
    "html_block": Kind.HTML,
    "thead_open": Kind.TABLE,
    "tbody_open": Kind.TABLE,
    "paragraph_open": Kind.PARAGRAPH,
}

MARKDOWN_IT = MarkdownIt("commonmark", {"maxNesting": 200}).enable("table").use(tasklists_plugin)


class _Items(HTMLParser):
    """Start positions of the blocks in cmark's HTML, and of items whose text begins with a box."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: set[tuple[int, int]] = set()
        self.spans: list[tuple[str, int, int]] = []
        self._item: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        position = dict(attrs).get("data-sourcepos")
        if position is None:
            if tag not in FIRST_IN_ITEM and tag != "code":
                self._item = None
            return
        start, end = position.split("-")
        line, column = (int(part) for part in start.split(":"))
        self.spans.append((tag, line, int(end.split(":")[0])))
        if tag == "li":
            self._item = (line, column)
        elif tag not in FIRST_IN_ITEM:
            self._item = None

    def handle_data(self, data: str) -> None:
        if self._item and data.strip("\n"):
            if GFM_BOX.match(data):
                self.tasks.add(self._item)
            self._item = None

    def handle_comment(self, data: str) -> None:
        self._item = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            self._item = None


def cmark_items(text: str) -> _Items:
    # Without the task list extension, which looks at the start of lines only.
    html = cmarkgfm.markdown_to_html_with_extensions(
        text, options=Options.CMARK_OPT_SOURCEPOS, extensions=["table"]
    )
    items = _Items()
    items.feed(html)
    items.close()
    return items


def cmark_tasks(text: str) -> set[int]:
    """Lines on which cmark-gfm starts a list item whose text starts, on that line, with a box."""
    lines = split_lines(text)
    return {
        line
        for line, column in cmark_items(text).tasks
        if ITEM_WITH_BOX.match(lines[line - 1].encode()[column - 1 :].decode())
    }


def markdown_it_tasks(text: str) -> set[int]:
    """The same according to markdown-it-py and its task list plugin."""
    tokens = MARKDOWN_IT.parse(text)
    found = set()
    for item, inline in zip(tokens, tokens[2:], strict=False):
        if "task-list-item" in str(item.attrGet("class")) and item.map == _first_line(inline, item):
            assert item.map is not None
            found.add(item.map[0] + 1)
    return found


def _first_line(inline: Token, item: Token) -> list[int] | None:
    """The item's own map where its text starts on the item's first line, else None."""
    same = inline.map and item.map and inline.map[0] == item.map[0]
    return item.map if same else None


def our_tasks(text: str) -> set[int]:
    """The same according to us, as far as GFM has a say."""
    return {
        line.number for line in scan(text) if line.box >= 0 and GFM_BOX.match(line.text, line.box)
    }


def assert_tasks_agree(text: str) -> None:
    ours, cmark, markdown_it = our_tasks(text), cmark_tasks(text), markdown_it_tasks(text)
    assert cmark & markdown_it <= ours, (text, ours, cmark, markdown_it)
    assert ours <= cmark | markdown_it, (text, ours, cmark, markdown_it)


def markdown_it_kinds(text: str) -> dict[int, Kind]:
    """What markdown-it-py says of the lines that it gives a block of their own."""
    last = len(split_lines(text))
    kinds: dict[int, Kind] = {}
    for token in MARKDOWN_IT.parse(text):
        kind = KINDS.get(token.type)
        if token.map is None or kind is None:
            continue
        first, after = token.map[0] + 1, min(token.map[1], last) + 1
        if kind is Kind.HTML and token.content.lstrip(" ").startswith("<!--"):
            kind = Kind.COMMENT
        kinds.update(dict.fromkeys(range(first, after), kind))
        if kind is Kind.HEADING and not token.markup.startswith("#"):
            kinds[after - 1] = Kind.UNDERLINE
    return kinds


def tasks_everywhere(text: str) -> str:
    """The text with a box after every list marker that has something behind it."""
    return re.sub(r"(?m)^([ \t>]*(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)+)(?=\S)", r"\1[ ] ", text)


@each("spec", EXAMPLES)
def test_specification_examples(spec: dict[str, str]) -> None:
    for text in (spec["markdown"], tasks_everywhere(spec["markdown"])):
        assert_tasks_agree(text)
        assert_tasks_agree(text + "\n- [ ] after it\n2. [x] and this\n")


PREFIXES = [
    "", "", "", "  ", "    ", "\t", " \t", "   ", "      ", "> ", ">", ">\t", "> > ", "- ", "-\t",
    "1. ", "2) ", "*   ", "+ ", "10. ", "-     ", "        ",
]  # fmt: skip
# A tag that is no block's comes after blank lines: as for lazy continuation lines, cmark-gfm is
# behind the specification there.
CONTENTS = [
    "- [ ] a", "- [x] b", "* [X] c", "+ [ ] d", "1. [ ] e", "2. [x] f", "3) [ ] g", "- [ ]\th",
    "-\t[ ] i", "-  [ ] j", "-     [ ] k", "01. [ ] l", "[ ] m", "- - [ ] n", "- 2. [x] o",
    "> - [ ] p", "- > - [x] q", "text", "more text", "", "", "", "  ", "\t", "```", "````", "~~~",
    "``` py", "``` a`b", "~~~ `", "# head", "#no", "## ", "---", "- - -", "***", "===", "--", "-",
    "*", "1.", "2.", "<!-- x", "-->", "<!-- a -->", "<div>", "</div>", "\n\n<b>",
    "\n\n<b class='x'>", "<pre>", "\n\n</pre>", "<?x", "?>", "<!X", "<![CDATA[", "]]>", "<details",
    "<script>", "</script> x", "| a | b |", "|---|---|", "a | b", "--|--", ":-", "- item",
    "* item", "1) item", "    code", "- ", "> ", ">", "\\- [ ] r", "- \\[ ] s", "- [ ]",
    "`- [ ] t", "- [ ] `u", "_ _ _", "-\\", "- # [ ] v", "\v", "- \f",
]  # fmt: skip
ENDS = ["\n", "\n", "\n", "\r\n", "\r"]

LINES = st.tuples(
    st.lists(st.sampled_from(PREFIXES), max_size=3).map("".join),
    st.sampled_from(CONTENTS),
    st.sampled_from(ENDS),
).map("".join)
DOCUMENTS = st.lists(LINES, min_size=1, max_size=9).map("".join)


@settings(max_examples=examples(700), deadline=None)
@given(DOCUMENTS)
def test_documents_of_nasty_lines(text: str) -> None:
    assert_tasks_agree(text + "\n")


@each("spec", EXAMPLES)
def test_kinds_in_specification_examples(spec: dict[str, str]) -> None:
    text = spec["markdown"]
    theirs = markdown_it_kinds(text)
    for line in scan(text):
        if line.kind not in (Kind.BLANK, Kind.FENCE) and line.number in theirs:
            assert line.kind is theirs[line.number], (text, line)


@each(
    ("text", "github"),
    [
        ("- [ ] a", True),
        ("1. [x] a", True),
        ("- a\n  - [ ] b", True),
        ("- [ ] a\n  ---", True),
        ("- [/] a", False),
        ("- [ ]", False),
        ("> - [ ] a", False),
        ("- - [ ] a", False),
    ],
)
def test_how_github_differs(text: str, github: bool) -> None:
    """Check what `tldash.formats.markdown.scanner` says of cmark-gfm's extension."""
    html = cmarkgfm.github_flavored_markdown_to_html(text)
    assert ("checkbox" in html) is github
    assert any(line.box >= 0 for line in scan(text))
