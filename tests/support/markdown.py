"""Markdown bodies read from text, as most tests have them."""

from __future__ import annotations

from tldash.formats.markdown.body import Markdown, read_pieces
from tldash.formats.markdown.scanner import Scanner
from tldash.formats.text import encode_lines


def read_body(body: str, path: str, first_line: int = 1) -> Markdown:
    """Read a body that starts on `first_line` of the file."""
    return read_pieces(Scanner(encode_lines(body), first_line).run(), path)
