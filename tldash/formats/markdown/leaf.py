"""The patterns of Markdown's leaf blocks: how each begins and ends on a line of its own.

Apart from `tldash.formats.markdown.blocks`, which keeps track of what is inside what, so that each
rule can be read beside the section of the specification that it comes from. Every pattern is tried
at the first character after the indentation, and takes time in proportion to the line at most:
repetitions are possessive wherever what follows could also match what they took.

Sections are those of CommonMark 0.31.2, tables are section 4.10 of GitHub Flavored Markdown 0.29.
"""

from __future__ import annotations

import re

UNDERLINE = re.compile(r"(?:=++|-++)[ \t]*+\Z")
"""Section 4.3."""

RULE = re.compile(r"(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)\Z")
"""Section 4.1."""

FENCE_OPEN = re.compile(r"`{3,}+(?=[^`]*+\Z)|~{3,}+", re.DOTALL)
"""Section 4.5; the match is the fence itself."""

_FENCE_CLOSE = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+\Z")

# Section 4.6. A line matches the first pattern that fits; the block goes on up to and including the
# line in which the second is found, or up to a blank line where there is none.
_BLANK = r"[ \t\v\f]"
_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|"
    "hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|"
    "search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_VERBATIM = re.compile(rf"<(?:script|pre|style|textarea)(?={_BLANK}|>|\Z)", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_NAMES})(?={_BLANK}|/?>|\Z)", re.IGNORECASE)
_ATTRIBUTE = (
    rf"{_BLANK}++[a-zA-Z_:][a-zA-Z0-9_.:-]*+"
    rf"(?:{_BLANK}*+={_BLANK}*+(?:[^\"'=<>`\x00-\x20]++|'[^']*+'|\"[^\"]*+\"))?+"
)
_ANY_TAG = re.compile(
    rf"<(?:[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE})*+{_BLANK}*+/?+|/[a-zA-Z][a-zA-Z0-9-]*+{_BLANK}*+)>"
    rf"{_BLANK}*+\Z"
)
_VERBATIM_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
COMMENT_END = re.compile(r"-->")
_ENDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"<!--"), COMMENT_END),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![a-zA-Z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (_VERBATIM, _VERBATIM_END),
)
BLANK_LINE = re.compile(r"(?!)")
"""The end of an HTML block that only a blank line ends: never found in a line."""

# Section 4.7. In the text of a paragraph, its lines joined by "\n" and without their indentation.
_GAP = r"[ \t]*+(?:\n[ \t]*+)?+"
_DEFINITION = re.compile(
    rf"""
    \[ (?= [^\]]*? [^\s\]] ) (?: [^\[\]\\] | \\. ){{1,999}}+ \]: {_GAP}
    (?: < (?: [^<>\\\n] | \\. )*+ > | (?!<) [^\x00-\x20\x7f]++ )
    (?: (?= [ \t\n] ) {_GAP}
        (?: "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' | \((?:[^()\\]|\\.)*+\) ) [ \t]*+ (?: \n | \Z )
      | [ \t]*+ (?: \n | \Z ) )
    """,
    re.VERBOSE | re.DOTALL,
)

_DELIMITER_ROW = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+\Z")
_PIPE = re.compile(r"\\.|\|", re.DOTALL)


def closes_fence(text: str, first: int, fence: str) -> bool:
    """Whether the line closes the code block that `fence` opened."""
    close = _FENCE_CLOSE.match(text, first)
    return close is not None and close[1].startswith(fence)


def html_end(text: str, first: int, *, interrupts: bool) -> re.Pattern[str] | None:
    """What ends the HTML block that begins at the `<` at `first`; None where none begins.

    `interrupts`: whether the line would otherwise continue a paragraph, which a tag that is no
    block's may not do.
    """
    for start, end in _ENDS:
        if start.match(text, first):
            return end
    if _BLOCK_TAG.match(text, first) or (not interrupts and _ANY_TAG.match(text, first)):
        return BLANK_LINE
    return None


def definitions_end(paragraph: str) -> int:
    """Offset of a paragraph's text, after the link reference definitions that it starts with."""
    end = 0
    while definition := _DEFINITION.match(paragraph, end):
        end = definition.end()
    return end


def opens_table(delimiters: str, header: str) -> bool:
    """Whether a delimiter row, below that header row, makes a table of both."""
    return _DELIMITER_ROW.match(delimiters) is not None and _cells(delimiters) == _cells(header)


def _cells(row: str) -> int:
    row = row.strip(" \t")
    pipes = [found.start() for found in _PIPE.finditer(row) if found[0] == "|"]
    outer = (0 in pipes) + (len(row) - 1 in pipes and len(row) > 1)
    return len(pipes) + 1 - outer
