"""Declare immutable value classes that are cheap to create, pickle and declare.

`@frozen` declares a plain slotted dataclass that mypy treats as frozen. Nothing stops code from
setting a field at run time, as `dataclass(frozen=True)` or a NamedTuple would. It stays because it
is faster where tldash spends its time. Relative to `frozen`, medians of 20 interleaved runs of
`python -m tests.benchmarks.records` on Python 3.11:

| step                  | dataclass(frozen=True, slots=True) | NamedTuple |
| --------------------- | ---------------------------------- | ---------- |
| declare the records   | 3.2                                | 1.5        |
| create 100,000 tasks  | 5.6                                | 1.4        |
| read three fields     | 1.0                                | 1.4        |
| pickle, unpickle      | 2.8, 7.4                           | 1.4, 1.2   |
| compare, hash         | 0.5, 0.6                           | 0.1, 0.2   |
| import the dashboard  | 2.1                                | -          |

Records are created and read far more often than compared, since unchanged files keep the same
objects. They are pickled when `tldash.service.preload` sends them between processes.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Value = TypeVar("Value")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[Value]) -> type[Value]:
    """Declare a slotted dataclass with `==`, `hash`, `repr` and pickling by its fields.

    The options `compare`, `hash`, `repr` and `init` of `dataclasses.field` keep their meaning. The
    constructor is compiled when it is first called: a start declares about a hundred such classes
    and uses half of them, and compiling takes two thirds of the time of `dataclass`.
    """
    made = dataclass(slots=True, init=False, eq=False, repr=False)(cls)
    listed = fields(made)  # type: ignore[arg-type]
    compared = _getter([field.name for field in listed if field.compare])
    hashed = compared
    if any(field.hash is not None for field in listed):
        hashed = _getter([f.name for f in listed if (f.compare if f.hash is None else f.hash)])
    names = [field.name for field in listed if field.repr]

    def construct_first(self: object, *values: object, **named: object) -> None:
        made.__init__ = _compile_constructor(listed)  # type: ignore[method-assign]
        made.__init__(self, *values, **named)

    def equal(self: object, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented  # type: ignore[no-any-return]
        return bool(compared(self) == compared(other))

    def of_values(self: object) -> int:
        return hash(hashed(self))

    def shown(self: object) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{made.__qualname__}({values})"

    _pickle_by([field.name for field in listed if field.init], made)

    made.__init__ = construct_first  # type: ignore[method-assign]
    made.__eq__ = equal  # type: ignore[method-assign]
    made.__hash__ = of_values  # type: ignore[method-assign]
    if "__repr__" not in made.__dict__:
        made.__repr__ = shown  # type: ignore[method-assign]
    return made


def _compile_constructor(listed: Sequence[Field[Any]]) -> Callable[..., None]:
    """Compile the constructor that `dataclass` makes: a parameter for each field, in order."""
    parameters = ["self"]
    body = ["pass"]
    known: dict[str, Any] = {}
    for field in listed:
        name, default = field.name, f"_default_{field.name}"
        value = name if field.init else default
        if field.default_factory is not MISSING:
            known[default] = field.default_factory
            value = f"{default}() if {value} is {default} else {value}"
        elif field.default is not MISSING:
            known[default] = field.default
        if field.init:
            parameters.append(f"{name}={default}" if default in known else name)
        body.append(f"self.{name} = {value}")
    lines = "\n    ".join(body)
    exec(f"def __init__({', '.join(parameters)}):\n    {lines}", known)
    constructor: Callable[..., None] = known["__init__"]
    return constructor


def _getter(names: Sequence[str]) -> Callable[[object], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _pickle_by(names: Sequence[str], made: type[object]) -> None:
    """Register a pickle reducer that returns the class and its field values, in order."""
    if len(names) > 1:  # two attrgetters: both calls run in C, without a Python frame
        made.__given__ = property(attrgetter(*names))  # type: ignore[attr-defined]
        copyreg.pickle(made, attrgetter("__class__", "__given__"))
    else:
        copyreg.pickle(made, lambda value: (made, tuple(getattr(value, name) for name in names)))
