"""Possessive groups become atomic ones that match the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tldash
from tldash.formats.patterns import compile_pattern, make_atomic


@pytest.mark.parametrize(
    ("pattern", "flags", "atomic"),
    [
        (r"a++b*+", 0, r"a++b*+"),
        (r"(?:ab?c)++", 0, r"(?>(?:ab?c)+)"),
        (r"((a)?+b){2,3}+\2", 0, r"(?>((?>(a)?)b){2,3})\2"),
        (r"[(]\(([)\]]x)*+", 0, r"[(]\((?>([)\]]x)*)"),
        ("(?: a # a ) of b\n )*+", re.VERBOSE, "(?>(?: a \n )*)"),
        (r"(?<=x)(?P<n>#)?+", 0, r"(?<=x)(?>(?P<n>#)?)"),
    ],
)
def test_groups_are_rewritten_and_nothing_else(pattern: str, flags: int, atomic: str) -> None:
    assert make_atomic(pattern, flags) == atomic
    assert re.compile(pattern, flags).groups == re.compile(atomic, flags).groups


@given(st.text("abc", max_size=8))
def test_a_round_that_fails_takes_nothing(text: str) -> None:
    found = compile_pattern(r"(?:ab?c)++").match(text)
    greedy = re.match(r"(?:ab?c)+", text)
    assert (found and found.end()) == (greedy and greedy.end())


def test_no_module_compiles_possessive_groups_by_itself() -> None:
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")
    top = Path(tldash.__file__).parent
    texts = {path.name: path.read_text("utf-8") for path in top.rglob("*.py")}
    users = {name for name, text in texts.items() if possessive.search(text)} - {"patterns.py"}
    assert "scanner.py" in users
    assert {name for name in users if re.search(r"\bre\.compile\(", texts[name])} == set()
