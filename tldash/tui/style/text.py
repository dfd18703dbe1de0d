"""Text that is safe to show, and the building blocks of lines.

All text from files passes through `words` or `prose`, which sanitize it and never interpret it as
markup. Styles are variables of Textual's themes, so every theme works. Red means overdue or needs
you, green means done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual.content import Content

from tldash.model.patterns import compile_pattern
from tldash.model.sanitize import sanitize

PLAIN: Final = ""
STRONG: Final = "bold"
MUTED: Final = "$text-muted"
ACCENT: Final = "$text-accent"
HEAD: Final = "bold $text-muted"
LATE: Final = "bold $text-error"
DONE: Final = "$text-success"
STRUCK: Final = "strike $text-muted"

_INLINE: Final = compile_pattern(
    r"(?P<code>(?P<ticks>`+)(?!`)(?P<inner>.+?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<strong>\*\*(?=\S)(?P<bold>[^*]+?)(?<=\S)\*\*)"
    r"|(?P<em>(?<![\w*])\*(?=[^\s*])(?P<star>[^*]+?)(?<=[^\s*])\*(?!\*)"
    r"|(?<!\w)_(?=[^\s_])(?P<under>[^_]+?)(?<=[^\s_])_(?!\w))"
    r"|(?P<wiki>!?\[\[(?P<target>[^\[\]|]+)(?:\|(?P<alias>[^\[\]]+))?\]\])"
    r"|(?P<link>!?\[(?P<label>[^\[\]]+)\]\((?P<url>[^()\s]*)\))"
)

_MARKUP: Final = "*_`["
"""What inline Markdown has at least one of."""


def words(text: str, style: str = PLAIN) -> Content:
    """Sanitize text from a file, on one line."""
    return Content.styled(sanitize(text), style) if style else Content(sanitize(text))


def prose(text: str, style: str = PLAIN, *, targets: bool = False) -> Content:
    """Sanitize text from a file, and show its inline Markdown as styles.

    Links show their label, and with `targets` where they lead. They cannot be clicked.
    """
    line = sanitize(text)
    parts: list[Content | tuple[str, str]] = []
    at = 0
    for match in _INLINE.finditer(line):
        parts.append((line[at : match.start()], style))
        at = match.end()
        if match["code"]:
            parts.append((match["inner"], f"{style} $text-accent"))
        elif match["strong"]:
            parts.append((match["bold"], f"{style} bold"))
        elif match["em"]:
            parts.append((match["star"] or match["under"], f"{style} italic"))
        else:
            label = match["label"] or match["alias"] or match["target"]
            target = match["url"] or match["target"] or ""
            parts.append((label, f"{style} underline"))
            if targets and target and target != label:
                parts.append((f" ({target})", MUTED))
    parts.append((line[at:], style))
    return Content.assemble(*(part for part in parts if len(part[0])))


def fit(content: Content, width: int, *, right: bool = False) -> Content:
    """Pad or truncate to exactly `width` cells."""
    width = max(width, 0)
    size = content.cell_length
    if size > width:
        return content.truncate(width, ellipsis=True)
    return content.pad_left(width - size) if right else content.pad_right(width - size)


def row(cells: Iterable[tuple[Content, int] | tuple[Content, int, str]], gap: int = 2) -> Content:
    """Join cells with their widths; a third member `right` aligns to the right."""
    parts: list[Content] = []
    for cell in cells:
        if parts:
            parts.append(Content(" " * gap))
        parts.append(fit(cell[0], cell[1], right=len(cell) > 2))
    return Content.assemble(*parts)


def spread(left: Content, right: Content, width: int) -> Content:
    """Join two ends of a line. The left one is truncated if needed."""
    room = width - right.cell_length - (1 if right else 0)
    if room < 8:
        return fit(left, width)
    return Content.assemble(fit(left, room), " " if right else "", right)


def wrap(content: Content, width: int) -> list[Content]:
    """Wrap at spaces."""
    return content.wrap(max(width, 1)) if content.cell_length > width else [content]


def count_lines(text: str, width: int) -> int | None:
    """Return how many lines `wrap` makes of ASCII text and middle dots, a hundred times as fast.

    None if that is not so simple: with inline Markdown, double spaces, or a word that is too long.
    """
    if not (text.isprintable() and text.replace("·", "").isascii()):
        return None
    if any(sign in text for sign in _MARKUP):
        return None
    lines, used = 1, 0
    for word in text.split(" "):
        length = len(word)
        if not 0 < length <= width:
            return None
        if used and used + length > width:
            lines, used = lines + 1, 0
        used += length + 1
    return lines


def break_after(content: Content, width: int) -> tuple[Content, Content]:
    """Split into a first line of that width and the rest."""
    first, *more = wrap(content, width)
    if not more:
        return first, Content("")
    rest = content[len(first.plain) :]
    return first, rest[len(rest.plain) - len(rest.plain.lstrip(" ")) :]


def hanging(sign: str, content: Content, width: int, style: str = MUTED) -> list[Content]:
    """Wrap with a hanging indent after a prefix."""
    lines = wrap(content, width - len(sign))
    pad = " " * len(sign)
    return [
        Content.assemble((pad if index else sign, style), line) for index, line in enumerate(lines)
    ]


def bullets(items: Sequence[Content], style: str = MUTED) -> Content:
    """Join items with middle dots."""
    return Content.styled(" · ", style).join(items)


def meter(rank: int, of: int) -> Content:
    """Draw a level: `▰▰▱`."""
    return Content.assemble(("▰" * rank, ACCENT), ("▱" * (of - rank), MUTED))
