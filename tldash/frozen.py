"""Records that are made by the ten thousand: frozen to the type checker, cheap to make.

A dataclass that is frozen as Python runs sets each field through `object.__setattr__`, which makes
a record of eleven fields five times as slow as setting them does. That nobody sets a field of a
record afterwards is held by mypy instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Record = TypeVar("Record")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[Record]) -> type[Record]:
    """A slotted dataclass that is compared and hashed by its fields."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
