"""Finds text that could reach the screen of the dashboard without passing `tldash.tui.style.text`.

Follows what is shown back to where it comes from, within functions, through the parameters and
attributes of `tldash.tui`, and by the types that are declared everywhere. Known to be harmless are
literals, numbers, dates, enumerations, `Content` (each is checked where it is made), and what the
functions of `text.py` answer; a `str` of any other origin is an offence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SHOWING: Final = frozenset(
    {"Content", "Static", "Label", "Segment", "Text", "Option", "Button", "Checkbox"}
)
SHOWING_METHODS: Final = frozenset(
    {"styled", "assemble", "from_text", "update", "notify", "Notice"}
)
SHOWING_NAMES: Final = frozenset(
    {"border_title", "border_subtitle", "tooltip", "placeholder", "sub_title"}
)
READING_MARKUP: Final = frozenset({"from_markup", "notify", "visualize", "from_rich_text"})
MARKED_UP: Final = frozenset({"Static", "Label", "Button", "Checkbox", "Option"})
"""Widgets that read a `str` as markup unless told not to."""

HARMLESS_TYPES: Final = frozenset(
    {
        *("int", "float", "bool", "date", "datetime", "time", "timedelta", "None"),
        *("Content", "Strip", "Size", "Style", "Command"),
        *("Severity", "Status", "SessionStatus", "Standing", "Beat", "Priority", "Grouping"),
    }
)
HARMLESS_CALLS: Final = frozenset(
    {
        *("words", "prose"),
        *("pluralize", "summarize_events"),  # counts in our own words
        *("shown", "format_keys", "key_of"),  # a user's keys, once each is known to be one
        *("len", "round", "sum", "min", "max", "abs", "int", "bool", "cell_len", "range"),
    }
)
"""Their answers are harmless whatever goes in."""
PASSING_ON: Final = frozenset(
    {
        *("Content", "styled", "assemble", "join", "append", "truncate", "stylize", "wrap", "fold"),
        *(
            "str",
            "sorted",
            "reversed",
            "enumerate",
            "zip",
            "list",
            "tuple",
            "filter",
            "map",
            "next",
        ),
        *("get", "items", "values", "upper", "lower", "capitalize", "strip", "index", "count"),
    }
)
"""The answer is made of what goes in, or of what it is a method of."""
HARMLESS_ATTRIBUTES: Final = frozenset(
    {
        "width",
        "height",
        "cell_length",
        "content_size",
        "rich_style",
        "shown",
        "help_text",
        "label",
    }
)
"""Numbers and styles of Textual; the words of a `Command`, which are ours."""


@dataclass(frozen=True, order=True)
class Offence:
    """Words shown that nobody has made harmless."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


@dataclass
class Function:
    """A function, and what its names may hold."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    file: str
    owner: ast.ClassDef | None
    outer: Function | None
    names: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    """Name -> all that it is bound to; None for what cannot be followed."""


class Lint:
    """The lint of some modules; `elsewhere` are only read for the types they declare."""

    def __init__(self, sources: dict[str, str], elsewhere: Iterable[str] = ()) -> None:
        self.trees = {file: ast.parse(source) for file, source in sources.items()}
        self.types: dict[str, list[str]] = {}
        self.returns: dict[str, list[str]] = {}
        self.functions: dict[str, list[Function]] = {}
        self.needed: set[tuple[str, str]] = set()
        self.busy: set[int] = set()
        for tree in (*self.trees.values(), *map(ast.parse, elsewhere)):
            self.declare(tree)
        for file, tree in self.trees.items():
            self.collect(tree, file, None, None)

    def offences(self) -> list[Offence]:
        found = set(self.sinks())
        done: set[tuple[str, str]] = set()
        # A parameter that is shown makes every call of that function a place of showing.
        while todo := self.needed - done:
            done |= todo
            for name, parameter in todo:
                found |= set(self.calls(name, parameter))
        return sorted(found)

    # What is declared

    def declare(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign):
                name = node.target.attr if isinstance(node.target, ast.Attribute) else None
                name = node.target.id if isinstance(node.target, ast.Name) else name
                if name:
                    self.types.setdefault(name, []).append(ast.unparse(node.annotation))
            elif isinstance(node, ast.FunctionDef) and node.returns is not None:
                where = self.types if _is_property(node) else self.returns
                where.setdefault(node.name, []).append(ast.unparse(node.returns))

    def collect(
        self, node: ast.AST, file: str, owner: ast.ClassDef | None, outer: Function | None
    ) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                self.collect(child, file, child, outer)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                function = Function(child, file, owner, outer)
                _bind(function)
                name = owner.name if owner and child.name == "__init__" else child.name
                self.functions.setdefault(name, []).append(function)
                self.collect(child, file, owner, function)
            else:
                self.collect(child, file, owner, outer)

    # Where words are shown

    def sinks(self) -> Iterator[Offence]:
        for functions in list(self.functions.values()):
            for function in functions:
                for node in _own_nodes(function.node):
                    yield from self.sink(node, function)

    def sink(self, node: ast.AST, function: Function) -> Iterator[Offence]:
        if isinstance(node, ast.Call):
            name = _called(node)
            plain = any(
                word.arg == "markup" and ast.unparse(word.value) == "False"
                for word in node.keywords
            )
            if (name in READING_MARKUP or name in MARKED_UP) and not plain:
                yield Offence(function.file, node.lineno, f"{name} may read its words as markup")
            method = isinstance(node.func, ast.Attribute)
            if name in (SHOWING_METHODS if method else SHOWING):
                yield from self.shown((*node.args, *(k.value for k in node.keywords)), function)
        elif isinstance(node, ast.Assign):
            targets = [t.attr for t in node.targets if isinstance(t, ast.Attribute)]
            if SHOWING_NAMES.intersection(targets):
                yield from self.shown((node.value,), function)

    def calls(self, name: str, parameter: str) -> Iterator[Offence]:
        for function in [f for functions in self.functions.values() for f in functions]:
            for node in _own_nodes(function.node):
                if isinstance(node, ast.Call) and _called(node) == name:
                    for callee in self.functions[name]:
                        given = _argument(node, callee, parameter)
                        if given is not None:
                            yield from self.shown((given,), function)

    def shown(self, values: Iterable[ast.expr], function: Function) -> Iterator[Offence]:
        for value in values:
            if not self.safe(value, function):
                yield Offence(function.file, value.lineno, ast.unparse(value))

    # Whether an expression is harmless

    def safe(self, node: ast.expr | None, function: Function) -> bool:
        if node is None:
            return False
        if id(node) in self.busy:
            return True  # bound to itself; decided by whatever else it is bound to
        self.busy.add(id(node))
        try:
            return self.decide(node, function)
        finally:
            self.busy.discard(id(node))

    def decide(self, node: ast.expr, function: Function) -> bool:  # noqa: PLR0911
        match node:
            case ast.Constant() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.Name():
                return self.safe_name(node.id, function)
            case ast.Attribute():
                return self.safe_attribute(node, function)
            case ast.Call():
                return self.safe_call(node, function)
            case ast.Subscript():
                return self.safe(node.value, function)
            case ast.IfExp():
                return self.safe(node.body, function) and self.safe(node.orelse, function)
            case ast.Dict():
                return all(self.safe(value, function) for value in node.values)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.safe(node.elt, function)
            case ast.FormattedValue() | ast.Starred() | ast.NamedExpr():
                return self.safe(node.value, function)
        parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return all(self.safe(part, function) for part in parts)

    def safe_name(self, name: str, function: Function) -> bool:
        if name.lstrip("_").isupper() or name in HARMLESS_TYPES:
            return True
        at: Function | None = function
        while at is not None:
            annotation = _annotation(at, name)
            if annotation is not None:
                if _harmless_type(annotation):
                    return True
                if "str" in annotation:
                    self.needed.add((_known_as(at), name))
                    return True
                return False
            if name in at.names:
                return all(self.safe(value, at) for value in at.names[name])
            at = at.outer
        return False

    def safe_attribute(self, node: ast.Attribute, function: Function) -> bool:
        name = node.attr
        if name in HARMLESS_ATTRIBUTES or name.isupper():
            return True
        if name == "plain":
            return self.safe(node.value, function)
        declared = self.types.get(name, [])
        if declared and all(map(_harmless_type, declared)):
            return True
        if isinstance(node.value, ast.Name) and node.value.id == "self" and function.owner:
            given = [
                (value, method)
                for method in (f for fs in self.functions.values() for f in fs)
                if method.owner is function.owner
                for value in _assigned(method.node, name)
            ]
            return bool(given) and all(self.safe(value, method) for value, method in given)
        return False

    def safe_call(self, node: ast.Call, function: Function) -> bool:
        name = _called(node)
        if name in HARMLESS_CALLS:
            return True
        returned = self.returns.get(name, [])
        if returned and all(map(_harmless_type, returned)):
            return True
        if name.startswith("format_") and name != "format_owner":
            return True  # a date in our own words
        if name in PASSING_ON:
            parts = [*node.args, *(word.value for word in node.keywords)]
            if name == "get":
                parts = parts[1:]  # the key is not shown
            if isinstance(node.func, ast.Attribute) and name not in ("styled", "assemble"):
                parts.append(node.func.value)
            return all(self.safe(part, function) for part in parts)
        callees = self.functions.get(name, [])
        answers = [
            (inner.value, callee)
            for callee in callees
            for inner in _own_nodes(callee.node)
            if isinstance(inner, ast.Return)
        ]
        return bool(answers) and all(self.safe(value, callee) for value, callee in answers)


def _harmless_type(annotation: str) -> bool:
    tree = ast.parse(annotation.strip("'\""), mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    wrappers = {"list", "tuple", "Sequence", "Iterable", "Iterator", "reactive", "Final", "dict"}
    names |= {"None" for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return bool(names - wrappers) and names - wrappers <= HARMLESS_TYPES


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, without the functions in it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _own_nodes(child)


def _bind(function: Function) -> None:
    for node in _own_nodes(function.node):
        match node:
            case ast.Assign():
                for target in node.targets:
                    _bind_to(function, target, node.value)
            case ast.AnnAssign() | ast.NamedExpr() | ast.AugAssign():
                _bind_to(function, node.target, node.value)
            case ast.For() | ast.comprehension():
                _bind_to(function, node.target, node.iter)
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=attr)) if attr in (
                "append",
                "extend",
                "insert",
            ):
                assert isinstance(node.func, ast.Attribute)
                for value in node.args:
                    _bind_to(function, node.func.value, value)
            case ast.MatchAs() | ast.MatchStar() if node.name:
                function.names.setdefault(node.name, []).append(None)


def _bind_to(function: Function, target: ast.expr, value: ast.expr | None) -> None:
    match target:
        case ast.Name():
            function.names.setdefault(target.id, []).append(value)
        case ast.Tuple() | ast.List():
            several = value.elts if isinstance(value, (ast.Tuple, ast.List)) else None
            for index, part in enumerate(target.elts):
                paired = several is not None and len(several) == len(target.elts)
                _bind_to(function, part, several[index] if paired and several else value)
        case ast.Starred():
            _bind_to(function, target.value, value)


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.node.args
    found = [*arguments.posonlyargs, *arguments.args]
    return found[1:] if function.owner and found and found[0].arg in ("self", "cls") else found


def _annotation(function: Function, name: str) -> str | None:
    arguments = function.node.args
    for argument in (*_parameters(function), *arguments.kwonlyargs):
        if argument.arg == name:
            return ast.unparse(argument.annotation) if argument.annotation else "str"
    return None


def _known_as(function: Function) -> str:
    if function.owner and function.node.name == "__init__":
        return function.owner.name
    return function.node.name


def _argument(call: ast.Call, callee: Function, parameter: str) -> ast.expr | None:
    for word in call.keywords:
        if word.arg == parameter:
            return word.value
    names = [argument.arg for argument in _parameters(callee)]
    if parameter in names and names.index(parameter) < len(call.args):
        return call.args[names.index(parameter)]
    return None


def _assigned(function: ast.AST, attribute: str) -> Iterator[ast.expr]:
    for node in _own_nodes(function):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Attribute) and t.attr == attribute for t in targets):
                yield node.value


def lint_dashboard() -> list[Offence]:
    """The offences of the real dashboard."""
    house = Path(__file__).parents[2] / "tldash"
    tui = {
        path.relative_to(house).as_posix(): path.read_text("utf-8")
        for path in sorted((house / "tui").rglob("*.py"))
        if path.parts[-2:] != ("style", "text.py")
    }
    elsewhere = [p.read_text("utf-8") for p in house.rglob("*.py") if "tui" not in p.parts]
    text = (house / "tui" / "style" / "text.py").read_text("utf-8")
    return Lint(tui, [*elsewhere, text]).offences()
