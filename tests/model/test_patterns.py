"""Patterns are compiled at first use, and possessive groups become equal atomic ones."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tldash
from tldash.model.patterns import compile_pattern, make_atomic


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


def test_a_pattern_is_compiled_at_its_first_use_and_is_the_same_as_of_re() -> None:
    plain = re.compile("(?P<word>a+)(b)?", re.IGNORECASE)
    for name in ("match", "fullmatch", "search", "findall", "split"):
        lazy = compile_pattern("(?P<word>a+)(b)?", re.IGNORECASE)
        found, expected = getattr(lazy, name)("AAb"), getattr(plain, name)("AAb")
        assert getattr(found, "groups", list)() == getattr(expected, "groups", list)()
        assert lazy.sub("-", "aab a") == plain.sub("-", "aab a") == "- -"
    for name in ("pattern", "flags", "groups", "groupindex"):
        assert getattr(compile_pattern("(?P<word>a+)(b)?", re.IGNORECASE), name) == getattr(
            plain, name
        )
    with pytest.raises(AttributeError):
        compile_pattern("a").no_such_method  # type: ignore[attr-defined]  # noqa: B018


def test_every_pattern_of_a_module_can_be_compiled() -> None:
    lazy = type(compile_pattern(""))
    found = 0
    for module in pkgutil.walk_packages(tldash.__path__, "tldash."):
        if not module.name.startswith(("tldash.model.", "tldash.formats.")):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, lazy):
                found += value.groups >= 0
    assert found > 100
