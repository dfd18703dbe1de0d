"""Compare classes declared by `frozen` with frozen dataclasses."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldash.model.frozen import frozen


@frozen
class Ours:
    name: str
    number: int = 0
    aside: object = field(default=None, compare=False)
    listed: list[int] = field(default_factory=list, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Theirs:
    name: str
    number: int = 0
    aside: object = field(default=None, compare=False)
    listed: list[int] = field(default_factory=list, hash=False, repr=False)


@frozen
class Empty:
    pass


VALUES = st.tuples(
    st.sampled_from("ab"), st.integers(0, 1), st.integers(0, 1), st.lists(st.integers(0, 1))
)


@given(VALUES, VALUES)
def test_they_are_as_a_frozen_dataclass(
    one: tuple[str, int, int, list[int]], other: tuple[str, int, int, list[int]]
) -> None:
    assert (Ours(*one) == Ours(*other)) == (Theirs(*one) == Theirs(*other))
    assert hash(Ours(*one)) == hash(Theirs(*one))
    assert repr(Ours(*one)) == repr(Theirs(*one)).replace("Theirs", "Ours")


def test_another_class_is_another_value() -> None:
    assert Ours("a") != Theirs("a")
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())


@frozen
class One:
    name: str
    found: dict[str, int] = field(default_factory=dict, init=False, compare=False)


@given(VALUES)
def test_they_come_back_from_another_process(one: tuple[str, int, int, list[int]]) -> None:
    values = Ours(*one), One(one[0]), Empty()
    values[1].found["memo"] = 1
    back = pickle.loads(pickle.dumps(values))
    assert back == values
    assert back[0].aside == one[2]
    assert back[1].found == {}


def test_a_changed_copy_leaves_the_first() -> None:
    first = Ours("a", 1)
    assert replace(first, number=2) == Ours("a", 2)
    assert first.number == 1
    assert not hasattr(first, "__dict__")


def test_the_constructor_refuses_what_a_dataclass_refuses() -> None:
    for made in (Ours, Theirs):
        for values, named in (
            ((), {}),
            (("a", 1, None, [], 5), {}),
            (("a",), {"name": "b"}),
            (("a",), {"other": 1}),
        ):
            with pytest.raises(TypeError):
                made(*values, **named)
    with pytest.raises(TypeError):
        One("a", found={})  # type: ignore[call-arg]


def test_each_value_gets_its_own_default() -> None:
    assert Ours("a").listed is not Ours("a").listed
    assert One("a").found is not One("a").found
