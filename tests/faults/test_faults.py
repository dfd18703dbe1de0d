"""Every fault that shared files can meet has tests, and these are there.

Whether they have teeth, whoever adds one sees to.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.faults.faults import FAULTS

TESTS = Path(__file__).parents[1]
COUNT = 46
"""The faults that shared files can meet. Those of load, pages and undo come after them."""


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file, as far as they can be read from its text."""
    body = ast.parse((TESTS / path).read_text("utf-8")).body
    functions = {
        node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    machines = {
        target.id
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("Test")
    }
    return frozenset({name for name in functions if name.startswith("test_")} | machines)


def test_every_fault_is_there_once() -> None:
    assert [*FAULTS] == sorted(FAULTS)
    assert {*range(1, COUNT + 1)} <= FAULTS.keys()
    assert len({sentence for sentence, _ in FAULTS.values()}) == len(FAULTS)


@pytest.mark.parametrize("number", FAULTS)
def test_the_tests_of_a_fault_exist(number: int) -> None:
    sentence, tests = FAULTS[number]
    assert sentence.endswith(".")
    assert tests
    for test in tests:
        path, _, name = test.partition("::")
        assert name in names_in(path), test
