"""ruamel.yaml's scanner, taught that a tab may part two tokens.

YAML 1.2 allows tabs wherever blanks part tokens and within texts, but for indentation; ruamel.yaml
allows them nowhere outside quotes. Importing this module imports ruamel.yaml.
"""

from __future__ import annotations

from typing import Any, Final

from ruamel.yaml.error import YAMLError
from ruamel.yaml.scanner import Scanner

_BLANKS: Final = " \t"
_BREAKS: Final = "\r\n"


class Indented(YAMLError):
    """A line is indented with a tab."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at
        """Offset of the tab."""


class TabScanner(Scanner):
    """Reads a text in which lines end at `\\r\\n`, `\\n` and `\\r` only."""

    def scan_to_next_token(self) -> Any:
        """Skip blanks, tabs, comments and line ends. Raises Indented."""
        peek, forward = self.reader.peek, self.reader.forward
        while True:
            tab = None if self.reader.column or self.flow_level else -1
            while peek() in _BLANKS:
                if peek() == "\t" and tab == -1:
                    tab = self.reader.index
                forward()
            if peek() == "#":
                while peek() not in "\0\r\n":
                    forward()
            if not self.scan_line_break():
                if tab is not None and tab >= 0 and peek() != "\0":
                    raise Indented(tab)
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> Any:
        """What stands between two words of a plain scalar: blanks, or line ends folded."""
        del indent, start_mark
        peek, forward = self.reader.peek, self.reader.forward
        length = 0
        while peek(length) in _BLANKS:
            length += 1
        blanks = self.reader.prefix(length)
        forward(length)
        if peek() not in _BREAKS:
            return [blanks] if blanks else []
        self.scan_line_break()
        self.allow_simple_key = True
        breaks: list[str] = []
        while not self._at_document_end():
            if peek() in _BLANKS:
                forward()
            elif peek() in _BREAKS:
                breaks.append(self.scan_line_break())
            else:
                return breaks or [" "]
        return []

    def _at_document_end(self) -> bool:
        return bool(self.check_document_start() or self.check_document_end())
