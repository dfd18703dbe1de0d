"""Check that the manual lists every problem code, and that its examples cause them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.manual_pages import PACKAGE, PAGES, rows, spans
from tests.support.records import opened
from tldash.model.records import Problem

PLACES = {
    "PydanticCustomError": 0,
    "Unreadable": 0,
    "self.problem": 1,
    "self._problem": 1,
    "error": 2,
    "warn": 2,
}
"""Position of the code in the arguments of these functions; elsewhere it follows a severity."""


def is_severity(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Severity"


def codes_in(tree: ast.Module) -> Iterator[str]:
    constants = {
        ast.unparse(node.target): node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and node.value is not None
    }
    for node in ast.walk(tree):
        parts: list[ast.expr] = getattr(node, "elts", [])
        if isinstance(node, ast.Call):
            parts = node.args
            place = PLACES.get(ast.unparse(node.func))
            if place is not None and len(parts) > place:
                yield from codes_of(parts[place], constants)
        for severity, code in pairwise(parts):
            if is_severity(severity):
                yield from codes_of(code, constants)


def codes_of(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the codes of an argument: literals, or constants of its module."""
    for part in [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]:
        value = constants.get(ast.unparse(part), part)
        if isinstance(value, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)*", str(value.value)):
            yield str(value.value)


def codes_in_source() -> set[str]:
    core = [p for p in PACKAGE.rglob("*.py") if "tui" not in p.relative_to(PACKAGE).parts]
    trees = [ast.parse(path.read_text("utf-8")) for path in core]
    return {code for tree in trees for code in codes_in(tree)}


LISTED = rows(PAGES["problems"])
EXAMPLES = [row for row in LISTED if len(row) > 4]
FILES = {
    "session": ("ada/sessions/2026-11-03.md", "---\n{}\n---\n"),
    "YAML session": ("ada/sessions/2026-11-03.yaml", "{}\n"),
    "lead": ("ada/lead.md", "---\n{}\n---\n"),
    "": ("ada/sessions/2026-11-03.md", "{}\n"),
}


def test_exactly_the_codes_are_listed() -> None:
    assert {spans(row[0])[0] for row in LISTED} == codes_in_source()


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: " ".join((row[0], row[-2])))
def test_every_example_of_a_problem(row: list[str], tmp_path: Path) -> None:
    (code,), (wrong,), (right,) = spans(row[0]), spans(row[-2]), spans(row[-1])
    path, around = FILES[row[3] if len(row) == 6 else ""]
    found = read_one(tmp_path / "wrong", path, around.replace("{}", wrong))
    assert (code, row[1]) in [(problem.code, str(problem.severity)) for problem in found]
    assert read_one(tmp_path / "right", path, around.replace("{}", right)) == ()


def read_one(root: Path, path: str, text: str) -> tuple[Problem, ...]:
    return opened(root, {"ada/lead.md": "---\ncoach: Mira\n---\n", path: text}).all_problems
