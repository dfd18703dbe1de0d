"""The imports between the modules of tldash, read from their source with ast."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = "tldash"

Graph = Mapping[str, frozenset[str]]
"""Module -> the modules that it imports."""


class Import(NamedTuple):
    """One imported module."""

    module: str
    line: int
    in_function: bool
    for_types: bool
    """Whether it stands below `if TYPE_CHECKING`, so that it never runs."""


def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of the package, by dotted name."""
    return {
        _dotted(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / PACKAGE).glob("**/*.py"))
    }


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, known: Iterable[str], *, own: bool = True) -> list[Import]:
    """List the imports in a module: of other modules of ours, or with `own=False` of all others.

    `known` holds the dotted names of our modules. It tells `from package import module` from
    `from module import name`.
    """
    known = frozenset(known)
    return [
        Import(name, node.lineno, in_function, for_types)
        for node, in_function, for_types in _statements(tree)
        for name in _imported(node, known)
        if (name.partition(".")[0] == PACKAGE) is own
    ]


def _statements(
    node: ast.AST, in_function: bool = False, for_types: bool = False
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, in_function, for_types
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from _statements(child, in_function, True)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _statements(child, in_function or function, for_types)


def _imported(node: ast.Import | ast.ImportFrom, known: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.module is not None, "relative imports are not used here"
    for alias in node.names:
        whole = f"{node.module}.{alias.name}"
        yield whole if whole in known else node.module


def graph(
    trees: Mapping[str, ast.Module], *, everything: bool = False, in_functions: bool = False
) -> Graph:
    """Return the imports at the top of the modules.

    With `in_functions`, those inside functions too; with `everything`, also those for types.
    """
    return {
        module: frozenset(
            found.module
            for found in imports(tree, trees)
            if everything or not (found.for_types or (found.in_function and not in_functions))
        )
        - {module}
        for module, tree in trees.items()
    }


def cycles(found: Graph) -> list[list[str]]:
    """Return the groups of modules that import each other, sorted (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in found.get(module, ()):
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for module in found:
        if module not in index:
            visit(module)
    return sorted(groups)


def part(module: str) -> str:
    """Return the package or module at the top of tldash that a module is in."""
    return [*module.split("."), "__init__"][1]


def packages(trees: Mapping[str, ast.Module]) -> dict[str, frozenset[str]]:
    """Return the parts of tldash with the parts that each imports anywhere, even for types."""
    found: dict[str, set[str]] = {part(module): set() for module in trees}
    for module, others in graph(trees, everything=True).items():
        found[part(module)] |= {part(other) for other in others}
    return {name: frozenset(others - {name}) for name, others in found.items()}


class Class(NamedTuple):
    """A class of ours."""

    name: str
    module: str
    bases: tuple[str, ...]
    """The names of its bases, without their module."""
    methods: frozenset[str]
    """The methods that it defines itself."""


def classes(trees: Mapping[str, ast.Module]) -> dict[str, Class]:
    """Return the classes at the top of the modules, by dotted name."""
    found: dict[str, Class] = {}
    for module, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                bases = tuple(name for base in node.bases if (name := _last_name(base)))
                methods = frozenset(
                    one.name
                    for one in node.body
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                )
                found[f"{module}.{node.name}"] = Class(node.name, module, bases, methods)
    return found


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def used_names(trees: Mapping[str, ast.Module]) -> frozenset[str]:
    """Return all names that the code uses, except as a base class or in an annotation."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        skipped = ("annotation", "returns", "bases")
        for field, value in ast.iter_fields(node):
            if field not in skipped:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        visit(child)

    for tree in trees.values():
        visit(tree)
    return frozenset(found)
