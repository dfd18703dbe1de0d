"""What the tests on a real terminal know of the dashboard's looks, and folders made for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.terminal import Terminal

SAMPLE = Path(__file__).parents[2] / "sample-data"
TODAY = "2026-11-20"
"""The day on which the sample data is true."""
CURSOR = "▌"
WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
OPEN, STARTED, DONE = "▢", "◩", "✔"


def selected(terminal: Terminal) -> str:
    """The words of the selected row, which may stand on several lines; empty if none is."""
    found = [line.partition(CURSOR)[2] for line in terminal.lines if CURSOR in line]
    return " ".join(part.partition("│")[0].strip() for part in found)


def place(terminal: Terminal) -> tuple[int, str]:
    """Where on screen the selected row stands, and its words: what must not jump."""
    return terminal.line_with(CURSOR), selected(terminal)


def stands_at(row: int, words: str) -> Callable[[Terminal], bool]:
    """A condition: the selected row stands there and has these words."""
    return lambda terminal: place(terminal) == (row, words)


def move(terminal: Terminal, key: str = "down") -> None:
    """Press a key that moves the cursor, and wait until it has moved."""
    row = selected(terminal)
    terminal.press(key)
    terminal.until(lambda terminal: selected(terminal) != row)


def is_unticked(terminal: Terminal) -> bool:
    """A condition: the selected row is an action that is still to do."""
    return selected(terminal).startswith((OPEN, STARTED))


def is_ticked(terminal: Terminal) -> bool:
    """A condition: the selected row is an action that is done."""
    return selected(terminal).startswith(DONE)


def is_selected(word: str, sign: str = "") -> Callable[[Terminal], bool]:
    """A condition: the selected row has these words, behind this sign."""

    def holds(terminal: Terminal) -> bool:
        row = selected(terminal)
        return word in row and row.startswith(sign)

    return holds


def write(path: Path, text: str) -> Path:
    """Write a file by way of the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def session(*actions: str, notes: str = "Nothing to note.") -> str:
    """The text of a session file with these action lines."""
    lines = "\n".join(f"- {action}" for action in actions)
    return f"# Session\n\n## Notes\n{notes}\n\n## Actions\n{lines}\n"


def long_lead(folder: Path, sessions: int = 4, each: int = 12) -> Path:
    """A lead's folder with more actions than a screen has lines, the first file's due first.

    The action of line L in file F is called "Fth Lth task"; its line in the file is L + 7.
    """
    write(folder / "lead.md", "---\nname: Ada Long\n---\n# Ada Long\n")
    for number in range(1, sessions + 1):
        actions = [
            f"[ ] {_word(number)} {_word(item)} task due:2027-0{number}-{item + 10}"
            for item in range(1, each + 1)
        ]
        write(folder / "sessions" / f"2026-0{number}-10.md", session(*actions))
    return folder


def _word(number: int) -> str:
    return WORDS[number - 1]
