"""Tables of many cheap cases, each table as one test."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[..., Any]:
    """Run a test with each of the cases, like `pytest.mark.parametrize`, but as one test.

    A test of its own for each of thousands of cases costs pytest more time and memory than the
    cases themselves. The first case that fails is named in a note of its error.
    """
    table = [(case,) if isinstance(names, str) else tuple(case) for case in cases]
    keys = (names,) if isinstance(names, str) else names
    assert table, "a table without cases tests nothing"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def run(**others: object) -> None:
            for case in table:
                arguments = dict(zip(keys, case, strict=True))
                try:
                    test(**arguments, **others)
                except BaseException as error:
                    error.add_note(f"with {str(arguments)[:1000]}")
                    raise

        signature = inspect.signature(test)
        rest = [value for name, value in signature.parameters.items() if name not in keys]
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        run.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return run

    return decorate
