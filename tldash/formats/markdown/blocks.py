"""What each line of a Markdown file is, so that task items are found where others find them.

A task item inside a code block is an example and one inside a comment is put aside; a regular
expression over single lines cannot tell. This module follows the block structure algorithm of
CommonMark 0.31.2 (appendix "A parsing strategy"), with the task list items of GitHub Flavored
Markdown 0.29 (section 5.3) and the comments and math blocks of Obsidian. Inline markup is not
looked at, and no text is changed: a line is what stands between two line ends.

A line ends at `\\r\\n`, `\\n` or `\\r` and nowhere else, so that numbers are those of an editor.

Where this differs from GitHub Flavored Markdown:

| text | GitHub | here | because |
|---|---|---|---|
| `- [/] a`, `- [?] a` | list item | task item | Obsidian takes any one character in the box |
| `- [ ]`, and nothing after it | list item | task item without text | Obsidian |
| `> - [ ] a`, `- - [ ] a` | list item (cmark-gfm) | task item | GFM's text, markdown-it, Obsidian |
| `---` below `- [ ] a`, in the item | heading in the item | no heading | a task stays a task |
| line that starts with `%%`, up to one that holds `%%` | text | comment | Obsidian |
| line that starts with `$$`, up to one that holds `$$` | text | math | Obsidian |
| more than 100 quotes and list items in each other | deeper | text | keeps hostile files cheap |

`%%` and `$$` that are never closed open nothing: a stray pair of signs must not hide the rest of a
file. Both end with the quote or list item that they stand in, as a code fence does. `%% … %%` and
`$$ … $$` on one line hide only themselves. A footnote's definition is a paragraph.
"""

from __future__ import annotations

from tldash.formats.markdown.outline import read_plain
from tldash.formats.markdown.scanner import Scanner
from tldash.formats.text import Kind, Line, heading_title, line_spans, split_lines

__all__ = ["Kind", "Line", "heading_title", "line_spans", "outline", "scan", "split_lines"]


def scan(text: str, first_line: int = 1) -> list[Line]:
    """What each line of `text` is. Total: every text has a reading, and none raises.

    `first_line` is the number of the first line, for a text that had something cut off above it. A
    blank line counts as inside the list items that are still open when it comes.
    """
    return Scanner(text, first_line).run()


def outline(text: str, first_line: int = 1) -> list[Line]:
    """The headings, and the lines that start a task item: what `scan` returns, without the rest.

    Of a heading with several lines above its underline, the first. Plain files are read by a
    regular expression, in about a quarter of the time.
    """
    lines = read_plain(text, first_line)
    if lines is not None:
        return lines
    return [
        line
        for line in scan(text, first_line)
        if line.box >= 0 or (line.kind is Kind.HEADING and line.level)
    ]
