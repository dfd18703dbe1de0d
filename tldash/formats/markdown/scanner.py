"""Scan the block structure of Markdown: what each line of a text is.

A task item inside a code block is an example and one inside a comment is not meant, which a regular
expression over single lines cannot see. This module follows the block structure algorithm of
CommonMark 0.31.2 (appendix "A parsing strategy"), with the task list items of GitHub Flavored
Markdown 0.29 (section 5.3) and the comments and math blocks of Obsidian. Inline markup is ignored
and no text is changed.

A line ends at `\\r\\n`, `\\n` or `\\r` and nowhere else, so that numbers are those of an editor.

Differences from GitHub Flavored Markdown:

| text | GitHub | here | because |
|---|---|---|---|
| `- [/] a`, `- [?] a` | list item | task item | Obsidian takes any one character in the box |
| `- [ ]`, and nothing after it | list item | task item without text | Obsidian |
| `> - [ ] a`, `- - [ ] a` | list item (cmark-gfm) | task item | GFM's text, markdown-it, Obsidian |
| `---` below `- [ ] a`, in the item | heading in the item | no heading | a task stays a task |
| line that starts with `%%`, up to one that holds `%%` | text | comment | Obsidian |
| line that starts with `$$`, up to one that holds `$$` | text | math | Obsidian |
| more than 100 quotes and list items in each other | deeper | text | keeps hostile files cheap |

`%%` and `$$` that are never closed open nothing: a stray pair must not hide the rest of a file.
Both end with the quote or list item that they stand in, as a code fence does. `%% … %%` and
`$$ … $$` on one line hide only themselves. The definition of a footnote is a paragraph.

`Scanner` keeps the open blocks as a stack of containers and at most one leaf. It does not keep
lists: which items make one list matters to how they look, not to where they stand. `Scanner.lines`
reads every line by the rules. `Scanner.run` does so only where needed: it takes headings, list
items, paragraphs, quotes, tables and fences in the first column, many lines at a time, by one
regular expression. Such a `Run` is scanned the same wherever it stands. A line that is in no run is
read by the rules, and so is the block above it, since the line may belong to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum, StrEnum
from functools import cached_property
from typing import Final, NamedTuple, cast

from tldash.formats.text import encode_lines
from tldash.model.patterns import compile_pattern

MAX_DEPTH: Final = 100
"""How many block quotes and list items may be inside each other; deeper ones are text."""
TAB: Final = 4
"""Columns between tab stops (section 2.2), and of the indentation of code (section 4.4)."""


class Kind(StrEnum):
    """What a line is, below the block quotes and list items that it is in."""

    BLANK = "blank"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    UNDERLINE = "underline"
    """The line of `=` or `-` under a heading."""
    RULE = "rule"
    """A thematic break."""
    FENCE = "fence"
    """The line that opens or closes a fenced code block."""
    CODE = "code"
    HTML = "html"
    COMMENT = "comment"
    """Of an HTML comment or of an Obsidian one, its delimiters included."""
    MATH = "math"
    TABLE = "table"


# Looking up a member of an enumeration takes as long as a third of a short line.
_BLANK: Final = Kind.BLANK
_PARAGRAPH: Final = Kind.PARAGRAPH
_HEADING: Final = Kind.HEADING
_CODE: Final = Kind.CODE
_TABLE: Final = Kind.TABLE


class Line(NamedTuple):
    """One line and where it stands. A named tuple, because many are made."""

    number: int
    """Its number, from `first_line` on."""
    text: str
    """Without its line end."""
    kind: Kind
    quote: int
    """How many block quotes it is in."""
    depth: int
    """How many list items it is in."""
    content: int
    """Index into `text` after quote marks, list markers and indentation; its length if blank."""
    level: int = 0
    """1 to 6 on a heading and on its underline; 0 on the further lines of a heading's text."""
    marker: str = ""
    """`-`, `*`, `+`, `3.` or `3)` where the line starts a list item; of several, the innermost."""
    item: int = 0
    """Number of the line on which the innermost list item around it starts; 0 outside of lists."""
    box: int = -1
    """Index into `text` of a task item's `[` where the line starts one, else -1."""


_new_line: Final = tuple.__new__


def scan(text: str, first_line: int = 1) -> list[Line]:
    """Return a `Line` for every line of `text`. Every text has a reading, and none raises.

    `first_line` is the number of the first line, for a text that had something cut off above it. A
    blank line counts as inside the list items that are still open when it comes.
    """
    return Scanner(encode_lines(text), first_line).lines()


# -- the rules for single lines ----------------------------------------------------------------
#
# How each leaf block begins and ends. Every pattern is tried at the first character after the
# indentation, and takes time in proportion to the line at most: repetitions are possessive wherever
# what follows could also match what they took.
#
# Sections are those of CommonMark 0.31.2; tables are section 4.10 of GitHub Flavored Markdown 0.29.

ATX: Final = compile_pattern(r"#{1,6}(?=[ \t]|\Z)")
"""Section 4.2: the start of a heading."""
_UNDERLINE: Final = compile_pattern(r"(?:=++|-++)[ \t]*+\Z")
"""Section 4.3."""
_RULE: Final = compile_pattern(r"(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)\Z")
"""Section 4.1."""
_FENCE_OPEN: Final = compile_pattern(r"`{3,}+(?=[^`]*+\Z)|~{3,}+", re.DOTALL)
"""Section 4.5; the match is the fence itself."""
_FENCE_CLOSE: Final = compile_pattern(r"(`{3,}+|~{3,}+)[ \t]*+\Z")
_MARKER: Final = compile_pattern(r"(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]|\Z)")
"""Section 5.2."""
_BOX: Final = compile_pattern(r"\[.\](?=[ \t\v\f]|\Z)", re.DOTALL)
"""GFM's white space without the line ends; `.` takes any one character."""
_ONE_LINE_COMMENT: Final = compile_pattern(r"%%(?:[^%]|%(?!%))*+%%[ \t]*+\Z")

# Section 4.6. A line matches the first pattern that fits; the block goes on up to and including the
# line in which the second is found, or up to a blank line where there is none.
_SPACE: Final = r"[ \t\v\f]"
_NAMES: Final = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|"
    "hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|"
    "search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_VERBATIM: Final = compile_pattern(
    rf"<(?:script|pre|style|textarea)(?={_SPACE}|>|\Z)", re.IGNORECASE
)
_BLOCK_TAG: Final = compile_pattern(rf"</?(?:{_NAMES})(?={_SPACE}|/?>|\Z)", re.IGNORECASE)
_ATTRIBUTE: Final = (
    rf"{_SPACE}++[a-zA-Z_:][a-zA-Z0-9_.:-]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:[^\"'=<>`\x00-\x20]++|'[^']*+'|\"[^\"]*+\"))?+"
)
_ANY_TAG: Final = compile_pattern(
    rf"<(?:[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE})*+{_SPACE}*+/?+|/[a-zA-Z][a-zA-Z0-9-]*+{_SPACE}*+)>"
    rf"{_SPACE}*+\Z"
)
_VERBATIM_END: Final = compile_pattern(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_COMMENT_END: Final = compile_pattern(r"-->")
_ENDS: Final[tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]] = (
    (compile_pattern(r"<!--"), _COMMENT_END),
    (compile_pattern(r"<\?"), compile_pattern(r"\?>")),
    (compile_pattern(r"<![a-zA-Z]"), compile_pattern(r">")),
    (compile_pattern(r"<!\[CDATA\["), compile_pattern(r"\]\]>")),
    (_VERBATIM, _VERBATIM_END),
)
_BLANK_LINE: Final = compile_pattern(r"(?!)")
"""The end of an HTML block that only a blank line ends: never found in a line."""
_OBSIDIAN_ENDS: Final = {Kind.COMMENT: compile_pattern("%%"), Kind.MATH: compile_pattern(r"\$\$")}

# Section 4.7. In the text of a paragraph, its lines joined by "\n" and without their indentation.
_SPACES_AND_END: Final = r"[ \t]*+(?:\n[ \t]*+)?+"
_DEFINITION: Final = compile_pattern(
    rf"""
    \[ (?= [^\]]*? [^\s\]] ) (?: [^\[\]\\] | \\. ){{1,999}}+ \]: {_SPACES_AND_END}
    (?: < (?: [^<>\\\n] | \\. )*+ > | (?!<) [^\x00-\x20\x7f]++ )
    (?: (?= [ \t\n] ) {_SPACES_AND_END}
        (?: "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' | \((?:[^()\\]|\\.)*+\) ) [ \t]*+ (?: \n | \Z )
      | [ \t]*+ (?: \n | \Z ) )
    """,
    re.VERBOSE | re.DOTALL,
)

_DELIMITER_ROW: Final = compile_pattern(
    r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+\Z"
)
_PIPE: Final = compile_pattern(r"\\.|\|", re.DOTALL)


def _html_end(text: str, first: int, *, interrupts: bool) -> re.Pattern[str] | None:
    """Return the end of the HTML block that begins at the `<` at `first`; None if none begins.

    `interrupts`: whether the line would otherwise continue a paragraph, which only the tag of a
    block may interrupt.
    """
    for start, end in _ENDS:
        if start.match(text, first):
            return end
    if _BLOCK_TAG.match(text, first) or (not interrupts and _ANY_TAG.match(text, first)):
        return _BLANK_LINE
    return None


def _definitions_end(paragraph: str) -> int:
    """Return the offset of a paragraph's text, after the link definitions that it starts with."""
    end = 0
    while definition := _DEFINITION.match(paragraph, end):
        end = definition.end()
    return end


def _opens_table(delimiters: str, header: str) -> bool:
    """Whether a delimiter row, below that header row, makes a table of both."""
    return _DELIMITER_ROW.match(delimiters) is not None and _cells(delimiters) == _cells(header)


def _is_silent(data: bytes) -> bool:
    """Whether a run that may be a table is one; rules and comments are what they look like."""
    if not data.startswith(b"|"):
        return True
    header, delimiters, _ = data.decode("utf-8", "surrogatepass").split("\n", 2)
    return _opens_table(delimiters, header)


def _cells(row: str) -> int:
    """Return how many cells the row of a table has."""
    row = row.strip(" \t")
    if "\\" not in row:
        return row.count("|") + 1 - row.startswith("|") - (row.endswith("|") and len(row) > 1)
    pipes = [found.start() for found in _PIPE.finditer(row) if found[0] == "|"]
    outer = (0 in pipes) + (len(row) - 1 in pipes and len(row) > 1)
    return len(pipes) + 1 - outer


def heading_title(line: Line) -> str:
    """Return the text of a heading's line, without the `#`s around it."""
    title = line.text[line.content :].strip(" \t")
    opening = ATX.match(title)
    if opening is None or line.level == 0:
        return title
    title = title[opening.end() :].strip(" \t")
    bare = title.rstrip("#")
    return title if bare and bare[-1] not in " \t" else bare.rstrip(" \t")


# -- runs of lines -----------------------------------------------------------------------------
#
# In UTF-8: a text with a single emoji in it takes three times as long to search as a `str`.

HEADING: Final = 1
"""A heading of one line."""
TASKS: Final = 2
"""List items with a box in the first column, and indented text or items below them."""
ITEMS: Final = 3
"""The same without a box."""
FENCED: Final = 4
"""A fenced code block."""
QUOTE: Final = 5
"""Paragraphs and list items in a block quote."""
SILENT: Final = 6
"""A table, rule or comment: nothing that counts as written by somebody."""
TEXT: Final = 7
"""Paragraphs outside of lists and quotes, and blank lines."""
_OTHER: Final = 8
"""A line that is in no run."""
_LAZY: Final = (TASKS, ITEMS, QUOTE)
"""Text right below these goes on with their last paragraph."""

Run = tuple[int, int, bytes]
"""Lines that begin in the first column and depend on nothing above: their kind, the number of the
first one, and the lines in UTF-8, each with a line feed at its end. There may be blank lines at the
end. A list item that is nested or quoted begins with `-`, `+` or `*`. A plain tuple takes a tenth
of the time of a named one to make."""


def lines_of(pieces: Iterable[Line | Run]) -> list[Line]:
    """Return the lines of a scan, with every run read line by line."""
    lines: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Line):
            lines.append(piece)
        else:
            lines += Scanner(piece[2], piece[1]).lines()
    return lines


def heading_level(text: str) -> int:
    """Return the level of a heading of one line in the first column."""
    return len(text) - len(text.lstrip("#"))


_WORDS: Final = rb"""(?:
    # Printable ASCII that starts no block and that is in no table's delimiter row.
    [!"&'(),./;?@A-Z\[\\\]^a-z{}]
  | [0-9]++ (?! [.)] [ \t\n] ) | [*_]{1,2}+ (?![*_ \t\n]) | [-+] (?![-+|: \t\n])
  | [`~]{1,2}+ (?![`~]) | [$%] (?![$%])
    # The rest of Unicode without its white space and byte order mark.
  | [\xc3-\xe0\xe4-\xee\xf0-\xf4] | \xc2[\xa1-\xbf] | \xe1(?!\x9a) | \xe2(?!\x80[^\x90-\xa7]|\x81)
  | \xe3(?!\x80) | \xef(?!\xbb)
)"""
"""What a line may begin with that can only be text, and is not empty."""
_REST: Final = rb"[^\n]*+ \n"
_BOX_IN_UTF8: Final = rb"""
    \[ (?: [^\n\x80-\xff] | [\xc2-\xf4][\x80-\xbf]++ ) \] (?= [ \t\v\f\n] )"""
_MAY_INTERRUPT: Final = rb"(?= [-+*] | 1[.)] )"
"""Section 5.2: the first of some list items may stand below a paragraph."""
_MARKED: Final = rb"(?: [-+*] | [0-9]{1,9}+[.)] ) [ ]{1,4}+"
_BELOW: Final = rb"(?: \n*+ [ ]{2,5} (?: [-+*] [ ]{1,4}+ )?+" + _WORDS + _REST + rb")*+"
"""What may be below an item whose content begins in the third column: never indented code."""
_TASK: Final = _BOX_IN_UTF8 + _REST
_ITEM: Final = rb"(?!" + _BOX_IN_UTF8 + rb")" + _WORDS + _REST
_QUOTED: Final = rb"[ ]{1,4}+ (?: [-+*] [ ]{1,4}+ )?+" + _WORDS + _REST
_RUNS: Final = compile_pattern(
    rb"( \#{1,6}+ (?= [ \t\n] )" + _REST + rb"\n*+ )"
    + rb"| (" + _MAY_INTERRUPT
    + rb"    (?: [-+*][ ]" + _TASK + _BELOW + rb"|" + _MARKED + _TASK + rb")++ \n*+ )"
    + rb"| (" + _MAY_INTERRUPT
    + rb"    (?: [-+*][ ]" + _ITEM + _BELOW + rb"|" + _MARKED + _ITEM + rb")++ \n*+ )"
    + rb"| ( ``` (?!`) [^`\n]*+ \n (?: (?! [ ]{0,3} ``` )" + _REST + rb")*+"
    + rb"    [ ]{0,3} `{3,}+ [ \t]*+ \n++ )"
    + rb"| ( (?= > [ ]{1,4} [^ \n] ) (?: > (?: [ ]?+ \n |" + _QUOTED + rb") )++ \n*+ )"
    + rb"| (?<= \n\n ) ("
    + rb"    \| [^\n]*+ \n \| [-:| \t]++ \n (?: (?: \| |" + _WORDS + rb")" + _REST + rb")*+ \n++"
    + rb"  | ---++ \n++ | %% (?: [^%\n] | % (?!%) )*+ %% \n\n++ )"
    + rb"| ( \n*+ (?:" + _WORDS + rb"[^\n]*+ \n++ )++ | \n++ )"
    + rb"| (" + _REST + rb")",
    re.VERBOSE,
)  # fmt: skip
"""Matches any run or line. Its groups are numbered as the kinds of runs."""
_MAY_CLOSE: Final = compile_pattern(rb"\#{1,6}+[ \t\n]|(?:[-+*]|1[.)])[ ]|```")
"""Matches the start of a heading, list item or fence, which end whatever is open, apart from
verbatim blocks outside of containers. No other run starts like this."""
_LAST_BLOCK: Final = {
    TASKS: compile_pattern(rb".*\n(?=[^ \n])", re.DOTALL),
    ITEMS: compile_pattern(rb".*\n(?=[^ \n])", re.DOTALL),
    TEXT: compile_pattern(rb"(?:.*\n)?\n(?!\Z)", re.DOTALL),
}
"""Match everything above the last list item or paragraph of a run, if there is anything."""
_BOM: Final = b"\xef\xbb\xbf"
_LINE_FEED: Final = 10


class _Start(Enum):
    """What a character that may start a block turned out to start."""

    NOTHING = 0
    CONTAINER = 1
    """A quote or list item: the rest of the line is still to be read."""
    LEAF = 2
    """The line has been read to its end."""


_NOTHING, _CONTAINER, _LEAF = _Start

_SPACES: Final = ("", " ", "\t")
_BREAK: Final = ("", " ", "\t", "-", "*")
_QUOTE: Final = -1
"""Stands in the stack for a block quote; a list item stands there as its width in columns."""


class Scanner:
    """The open blocks, and the place in the current line. One for each text.

    In the current line, `_pos` is the index after the last marker, `_column` its column, `_first`
    the index of the next character that is neither space nor tab, `_lead` the columns between the
    two, and `_used` how many of these belong to the open containers. A tab goes on to the next
    multiple of four columns, and a list item or block quote may take only some of them.
    """

    def __init__(self, data: bytes, first_line: int, begin: int = 0) -> None:
        """Scan `data` from `begin` on; every line of it ends with a line feed."""
        self._data = data
        self._next = begin
        self._number = first_line
        self._out: list[Line | Run] = []
        # Open containers, outermost first: the widths, and the line of the innermost item at each.
        self._widths: list[int] = []
        self._items: list[int] = []

    # What most texts leave as it is stays on the class.
    _quote = 0
    _depth = 0
    _item = 0
    # The open leaf.
    _leaf: Kind | None = None
    _end = _BLANK_LINE
    _fence = ""
    _fence_indent = 0
    _paragraph = 0
    """The index in `_out` of the line that the open paragraph begins with."""
    _empty_item = False
    # The current line.
    _text = ""
    _pos = _column = _first = _lead = _used = 0
    _matched = 0
    _marker = ""
    _box = -1

    def lines(self) -> list[Line]:
        """Return all lines in order."""
        self._read_first()
        while self._next < len(self._data):
            self._read_next()
        return cast(list[Line], self._out)

    def run(self) -> list[Line | Run]:
        """Return all lines in order, as many of them in runs as possible."""
        self._read_first()
        while self._next < len(self._data):
            if not self._skip():
                self._read_next()
        return self._out

    def _read_first(self) -> None:
        """Read the first line if it begins with a byte order mark."""
        if self._data.startswith(_BOM, self._next):
            self._read_next(1)

    def _skip(self) -> bool:
        """Take the runs that begin with the next line, if the open blocks allow it."""
        data = self._data
        leaf = self._leaf
        last = TEXT
        if self._widths and leaf is None:
            if data[self._next] == _LINE_FEED or self._quote:
                return False
        elif self._widths or leaf is _TABLE or (leaf is _CODE and not self._fence):
            if not _MAY_CLOSE.match(data, self._next):
                return False
        elif leaf is not None and leaf is not _PARAGRAPH:
            return False
        runs: list[Run] = []
        number = self._number
        for found in _RUNS.finditer(data, self._next):
            kind = found.lastindex or _OTHER
            if kind > last:
                break
            lines = found[0]
            if kind == SILENT and not _is_silent(lines):
                break
            runs.append((kind, number, lines))
            number += lines.count(b"\n")
            last = FENCED if kind in _LAZY and lines[-2] != _LINE_FEED else TEXT
        else:
            self._out += runs
            self._next = len(data)
            return True
        if not runs:
            return False
        self._take(runs, found.start())
        return True

    def _take(self, runs: list[Run], end: int) -> None:
        """Take runs above a line that is in none.

        That line may belong to the last block above, so this is read line by line too.
        """
        kind, number, data = runs.pop()
        whole = kind in (HEADING, FENCED) or (
            kind not in (TASKS, ITEMS) and (data == b"\n" or data.endswith(b"\n\n"))
        )
        above = len(data)
        if not whole:
            pattern = _LAST_BLOCK.get(kind)
            found = pattern.match(data) if pattern else None
            above = found.end() if found else 0
        if above:
            runs.append((kind, number, data[:above]))
        if runs:
            self._out += runs
            self._matched = 0
            self._close()
            self._empty_item = False
            self._number = number + data.count(b"\n", 0, above)
            self._next = end - len(data) + above
        while self._next < end:
            self._read_next()

    # -- one line ------------------------------------------------------------------------------

    def _read_next(self, pos: int = 0) -> None:
        """Read the next line from the character at `pos` on, by every rule there is."""
        begin = self._next
        end = self._data.index(b"\n", begin)
        self._next = end + 1
        self._text = self._data[begin:end].decode("utf-8", "surrogatepass")
        self._marker = ""
        self._box = -1
        self._read_indent(pos, 0)
        self._matched = self._match_containers() if self._widths else 0
        self._empty_item = False
        leaf = self._leaf
        if leaf is None or leaf is _PARAGRAPH or not self._continues_leaf():
            self._read_line()
        self._number += 1

    def _read_indent(self, pos: int, column: int) -> None:
        """Move to `pos`, which is in that column, and measure the white space there."""
        self._pos = pos
        self._column = column
        self._used = 0
        text = self._text
        char = text[pos : pos + 1]
        if char not in _SPACES:
            self._first = pos
            self._lead = 0
            return
        first = pos + 1
        if char == "\t" or text[first : first + 1] in _SPACES:
            first = len(text) - len(text[pos:].lstrip(" \t"))
        self._first = first
        self._lead = first - pos
        if "\t" in text[pos:first]:
            at = column
            for char in text[pos:first]:
                at += TAB - at % TAB if char == "\t" else 1
            self._lead = at - column

    def _index(self, columns: int) -> int:
        """Return the index of the character `columns` after `_pos`, or of the tab around it."""
        if self._lead == self._first - self._pos:
            return self._pos + min(columns, self._lead)
        at = self._column
        for index in range(self._pos, self._first):
            step = TAB - at % TAB if self._text[index] == "\t" else 1
            if at + step > self._column + columns:
                return index
            at += step
        return self._first

    def _read_line(self) -> None:
        text = self._text
        size = len(text)
        while self._first < size and self._lead - self._used < TAB:
            start = _STARTS.get(text[self._first])
            if start is None:
                break
            started = start(self)
            if started is _LEAF:
                return
            if started is _NOTHING:
                break
        self._read_text()

    def _match_containers(self) -> int:
        """Return how many containers go on in this line; read their marks and indentation."""
        text = self._text
        for depth, width in enumerate(self._widths):
            blank = self._first == len(text)
            if width == _QUOTE:
                if blank or self._lead - self._used >= TAB or text[self._first] != ">":
                    return depth
                self._read_quote_mark()
            elif blank:
                if self._empty_item and depth == len(self._widths) - 1:
                    return depth
                self._used = min(self._lead, self._used + width)
            elif self._lead - self._used >= width:
                self._used += width
            else:
                return depth
        return len(self._widths)

    def _read_quote_mark(self) -> None:
        self._read_indent(self._first + 1, self._column + self._lead + 1)
        self._used = 1 if self._lead else 0

    def _close(self) -> None:
        """Close the leaf, and the containers that do not go on in this line."""
        self._leaf = None
        if self._matched < len(self._widths):
            del self._widths[self._matched :]
            del self._items[self._matched :]
            self._quote = self._widths.count(_QUOTE)
            self._depth = len(self._widths) - self._quote
            self._item = self._items[-1] if self._items else 0

    def _push(self, width: int) -> None:
        self._leaf = None
        if self._matched < len(self._widths):
            self._close()
        if width == _QUOTE:
            self._quote += 1
        else:
            self._depth += 1
            self._item = self._number
        self._widths.append(width)
        self._items.append(self._item)
        self._matched += 1

    def _emit(self, kind: Kind, content: int, level: int = 0) -> None:
        line = (
            self._number,
            self._text,
            kind,
            self._quote,
            self._depth,
            content,
            level,
            self._marker,
            self._item,
            self._box,
        )
        self._out.append(_new_line(Line, line))  # half the time of a call of Line

    def _continues_leaf(self) -> bool:
        """Read a line of the open leaf, other than a paragraph; false if the leaf has ended."""
        if self._matched < len(self._widths):
            self._close()
            return False
        if self._leaf is _TABLE:
            return False
        if self._leaf is _CODE:
            return self._continue_fence() if self._fence else self._continue_code()
        if self._end is _BLANK_LINE and self._first == len(self._text):
            return False
        assert self._leaf is not None
        self._emit(self._leaf, self._first)
        if self._end.search(self._text, self._first):
            self._leaf = None
        return True

    def _continue_fence(self) -> bool:
        indent = self._lead - self._used
        close = _FENCE_CLOSE.match(self._text, self._first) if indent < TAB else None
        if close is not None and close[1].startswith(self._fence):
            self._emit(Kind.FENCE, self._first)
            self._leaf = None
        else:
            self._emit(_CODE, self._index(self._used + min(indent, self._fence_indent)))
        return True

    def _continue_code(self) -> bool:
        if self._first == len(self._text):
            self._emit(_BLANK, self._first)
            return True
        if self._lead - self._used < TAB:
            return False
        self._emit(_CODE, self._index(self._used + TAB))
        return True

    def _read_text(self) -> None:
        """Read a line that starts no block of its own: text, a table, indented code, or nothing."""
        first = self._first
        indented = self._lead - self._used >= TAB
        if first == len(self._text):
            self._close()
            self._emit(_BLANK, first)
        elif self._leaf is _PARAGRAPH:
            if not indented and self._read_table_start():
                return
            self._emit(self._text_kind(), first)
        elif indented:
            self._close()
            self._leaf = _CODE
            self._fence = ""
            self._emit(_CODE, self._index(self._used + TAB))
        elif self._leaf is _TABLE:
            self._emit(_TABLE, first)
        else:
            if self._matched < len(self._widths):
                self._close()
            self._leaf = _PARAGRAPH
            self._paragraph = len(self._out)
            self._emit(self._text_kind(), first)

    def _text_kind(self) -> Kind:
        if self._text[self._first] == "%" and _ONE_LINE_COMMENT.match(self._text, self._first):
            return Kind.COMMENT
        return _PARAGRAPH

    def _interrupts(self) -> bool:
        """Whether the line would go on with the open paragraph if it started nothing else."""
        return self._leaf is _PARAGRAPH and self._matched == len(self._widths)

    def _read_table_start(self) -> bool:
        text = self._text[self._first :]
        if text[0] not in "|:-" or not self._interrupts():
            return False
        header = self._out[-1]
        assert isinstance(header, Line)
        if not _opens_table(text, header.text[header.content :]):
            return False
        self._out[-1] = header._replace(kind=_TABLE)
        self._leaf = _TABLE
        self._emit(_TABLE, self._first)
        return True

    def _start_quote(self) -> _Start:
        if self._matched >= MAX_DEPTH:
            return _NOTHING
        self._push(_QUOTE)
        self._read_quote_mark()
        return _CONTAINER

    def _start_heading(self) -> _Start:
        marks = ATX.match(self._text, self._first)
        if marks is None:
            return _NOTHING
        self._close()
        self._emit(_HEADING, self._first, marks.end() - self._first)
        return _LEAF

    def _start_fence(self) -> _Start:
        fence = _FENCE_OPEN.match(self._text, self._first)
        if fence is None:
            return _NOTHING
        self._close()
        self._leaf = _CODE
        self._fence = fence[0]
        self._fence_indent = self._lead - self._used
        self._emit(Kind.FENCE, self._first)
        return _LEAF

    def _start_html(self) -> _Start:
        lazy = self._leaf is _PARAGRAPH
        end = _html_end(self._text, self._first, interrupts=lazy)
        if end is None:
            return _NOTHING
        kind = Kind.COMMENT if end is _COMMENT_END else Kind.HTML
        return self._start_verbatim(kind, end, self._first)

    def _start_obsidian(self) -> _Start:
        """Start an Obsidian comment or math block, if it ends in a later line."""
        comment = self._text[self._first] == "%"
        mark = "%%" if comment else "$$"
        after = self._first + len(mark)
        if (
            not self._text.startswith(mark, self._first)
            or self._text.find(mark, after) >= 0
            or self._last_marks[mark] < self._next
        ):
            return _NOTHING
        kind = Kind.COMMENT if comment else Kind.MATH
        return self._start_verbatim(kind, _OBSIDIAN_ENDS[kind], after)

    def _start_verbatim(self, kind: Kind, end: re.Pattern[str], search_from: int) -> _Start:
        self._close()
        self._emit(kind, self._first)
        if not end.search(self._text, search_from):
            self._leaf = kind
            self._end = end
        return _LEAF

    @cached_property
    def _last_marks(self) -> dict[str, int]:
        """Where Obsidian's marks are for the last time."""
        return {mark: self._data.rfind(mark.encode()) for mark in ("%%", "$$")}

    def _start_underline(self) -> _Start:
        if not self._interrupts() or not _UNDERLINE.match(self._text, self._first):
            return _NOTHING
        level = 1 if self._text[self._first] == "=" else 2
        lines = cast(list[Line], self._out[self._paragraph :])
        text = "\n".join(line.text[line.content :] for line in lines)
        start = _definitions_end(text)
        out = self._out
        if start == len(text):
            # Definitions are no text to underline: this is the first line of the paragraph's text.
            self._paragraph = len(out)
            self._emit(_PARAGRAPH, self._first)
            return _LEAF
        heading = text.count("\n", 0, start)
        if lines[heading].box < 0:
            first, *others = lines[heading:]
            out[self._paragraph + heading :] = [
                first._replace(kind=_HEADING, level=level),
                *(line._replace(kind=_HEADING, level=0) for line in others),
            ]
        self._leaf = None
        self._emit(Kind.UNDERLINE, self._first, level)
        return _LEAF

    def _start_rule(self) -> _Start:
        if not _RULE.match(self._text, self._first):
            return _NOTHING
        self._close()
        self._emit(Kind.RULE, self._first)
        return _LEAF

    def _start_item(self) -> _Start:
        text = self._text
        first = self._first
        found = _MARKER.match(text, first)
        if found is None or self._matched >= MAX_DEPTH:
            return _NOTHING
        marker = found[0]
        end = found.end()
        if self._interrupts() and (
            (len(marker) > 1 and int(marker[:-1]) != 1) or not text[end:].strip(" \t")
        ):
            return _NOTHING
        indent = self._lead - self._used
        width = indent + len(marker) + 1
        self._push(width)
        self._read_indent(end, self._column + self._lead + len(marker))
        self._marker = marker
        first = self._first
        lead = self._lead
        if first == len(text):
            self._empty_item = True
            self._used = min(lead, 1)
        elif lead > TAB:
            self._used = 1
        else:
            self._used = lead
            self._widths[-1] = width + lead - 1
            if text[first] == "[" and _BOX.match(text, first):
                self._box = first
        return _CONTAINER

    def _start_star(self) -> _Start:
        started = _NOTHING if self._is_no_break() else self._start_rule()
        return self._start_item() if started is _NOTHING else started

    def _start_dash(self) -> _Start:
        if self._is_no_break():
            return self._start_item()
        started = self._start_underline()
        return self._start_star() if started is _NOTHING else started

    def _is_no_break(self) -> bool:
        """Whether the second character after `-` or `*` shows that this is not all of them."""
        return self._text[self._first + 2 : self._first + 3] not in _BREAK


_STARTS: Final[dict[str, Callable[[Scanner], _Start]]] = {
    ">": Scanner._start_quote,
    "#": Scanner._start_heading,
    "`": Scanner._start_fence,
    "~": Scanner._start_fence,
    "<": Scanner._start_html,
    "%": Scanner._start_obsidian,
    "$": Scanner._start_obsidian,
    "=": Scanner._start_underline,
    "_": Scanner._start_rule,
    "-": Scanner._start_dash,
    "*": Scanner._start_star,
    "+": Scanner._start_item,
    **dict.fromkeys("0123456789", Scanner._start_item),
}
