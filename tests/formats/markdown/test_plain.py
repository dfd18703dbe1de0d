"""The quick way through a plainly written body finds what a look at every line finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.hostile_content import contents
from tldash.create.demo import find_sample_data
from tldash.formats.markdown import document, plain

SPECS = Path(__file__).parent / "specs" / "examples.json"
PLAIN = [
    "", "", "", "Words that say it.", "*Loud* words", "**Ada**: fine", "_so_", '"Said" she',
    "(aside)", "- [ ] call Ann #vision due:2026-11-20", "- [ ] call Ann",
    "* [x] done ✅ 2026-11-09",
    "1. [ ] first", "- [ ] due:soon", "- [ ] ", "- [/]  two  blanks", "# Session 3", "## Agenda",
    "## Notes", "### Deeper", "## Actions ##", "## Topics", "- a point", "* a point", "1. a point",
    "  a note", "  - a note", "    - deeper", "   * a note", "     far in", "  **loud** note",
    "  - *loud*", "Ärger mit Übung", "Привет", "日本語", "かな", "🎉 done", "- [é] wie",
    "- [🔥] heiß",    "  - Привет", "  日本", "- [ ] é ✅ 2026-11-09",
]  # fmt: skip
ODD = [
    "## Goals", "#", "- ", "-", "+", "---", "***", "* * *", "===", "  ---", "> quoted", "> - [ ] a",
    "    code", "\tcode", "      - deep", "  2. a note", "2. a point", "  - [ ] nested",
    "| a | b |",
    "| - | - |", "-- | --", "<div>", "  <b>", "<!-- - [ ] a -->", "```", "~~~", "%%", "%% a %%",
    "$$", "[a]: b", "   ", "  ", "\x0b", "\xa0", "  \xa0a", "-   [ ] wide gap", "-    [ ] gap",
    "+ [ ] a\x0b", "10. [ ] a", "1) [ ] a", "- [ ]no", "  # head", "  + ", "1.", "  -", "\u2028a",
    "\x85a", "\u3000", "\u3000a", "  \u3000", "\u1680", "- [\u0301] a", "- [e\u0301] a", "  \xa0",
    "·", "# \u2028", "- [\t] a", "- [ ]\ttab", "\ufeffa", "<<<<<<< a", "\\", "a\\", "  1 a",
    "- [ ]",
]  # fmt: skip
LINES = st.lists(st.one_of(st.sampled_from(PLAIN), st.sampled_from(PLAIN + ODD)), max_size=9)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])


def check(body: str) -> bool:
    """Whether the quick way found an answer; it is the careful one's."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").encode()
    quick = plain.read(lines, 0, "a.md", 7)
    assert quick is None or quick == document.read(body, "a.md", 7)
    below = plain.read(b"---\n" + lines, 4, "a.md", 7)
    assert below is None or below == quick
    return quick is not None


@settings(max_examples=1500, deadline=None)
@given(LINES, ENDS, st.booleans())
@example(["- [ ] a", "  note", "2. x"], "\n", True)
@example(["- [ ] a", "", "  note"], "\n", True)
@example(["-  [ ] a", "  - sibling"], "\n", True)
@example(["- [ ] a", "- "], "\n", True)
@example(["# A", "> a", "- [ ] b"], "\n", True)
def test_both_ways_find_the_same(lines: list[str], end: str, last: bool) -> None:
    check(end.join(lines) + end * last)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PLAIN), max_size=12))
def test_plain_lines_with_empty_ones_between_them(lines: list[str]) -> None:
    check("\n".join(lines))
    check("\n\n".join(lines))


@settings(max_examples=600, deadline=None)
@given(st.text("-[ ]x\n#a*>1.\t|=`%", max_size=40))
def test_signs_in_any_order(text: str) -> None:
    check(text)


def test_the_examples_of_the_specifications() -> None:
    examples = json.loads(SPECS.read_text("utf-8"))
    assert sum(check(case["markdown"]) for case in examples) > 50


@pytest.mark.parametrize("kind", dict.fromkeys([*contents.KINDS, *contents.COSTLY]))
def test_hostile_contents(kind: Callable[[Random], bytes]) -> None:
    for seed in range(3 if kind in contents.COSTLY else 40):
        check(kind(Random(seed)).decode("utf-8", "ignore"))


def test_nearly_all_of_the_sample_sessions_go_the_quick_way() -> None:
    files = find_sample_data().rglob("sessions/*.md")
    bodies = [document.split_front(file.read_text("utf-8"), "a.md").body for file in files]
    assert sum(map(check, bodies)) > len(bodies) * 4 // 5
