"""Extract fenced blocks, sections, tables and code spans from the manual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tldash
from tldash import manual

PACKAGE = Path(tldash.__file__).parent
TOP = PACKAGE.parent
PAGES = manual.pages()
README = (TOP / "README.md").read_text("utf-8")

_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")


class Fence(NamedTuple):
    """A fenced block, below a heading."""

    heading: str
    language: str
    text: str


def fences(page: str) -> Iterator[Fence]:
    heading, language, body = "", None, []
    for line in page.splitlines():
        if language is None and line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("```"):
            if language is None:
                language, body = line[3:], []
            else:
                yield Fence(heading, language, "".join(f"{kept}\n" for kept in body))
                language = None
        elif language is not None:
            body.append(line)


def fence(page: str, heading: str, language: str) -> str:
    found = [one.text for one in fences(PAGES[page]) if one[:2] == (heading, language)]
    assert len(found) == 1, (page, heading, language)
    return found[0]


def section(text: str, heading: str) -> str:
    """Return the text below a heading, up to the next one of its level or above."""
    level = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert level, heading
    rest = text[level.end() :]
    following = re.search(rf"^#{{1,{len(level[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row except the heads."""
    table = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    heads = {index - 1 for index, row in enumerate(table) if set("".join(row)) <= set("-|")}
    return [row for index, row in enumerate(table) if index not in heads | {i + 1 for i in heads}]


def spans(cell: str) -> list[str]:
    return _SPAN.findall(cell)
