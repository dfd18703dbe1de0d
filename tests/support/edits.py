"""Edits applied to texts, and refusals, for the tests of every kind of edit and file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tldash.editing.edits import ALREADY, Refused


@contextmanager
def refused(
    code: str | None = None, message: str | None = None
) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect an edit to be refused with this code, and a message that matches the pattern."""
    with pytest.raises(Refused, match=message) as caught:
        yield caught
    assert code is None or caught.value.code == code


def already(message: str | None = None):
    """Expect an edit to be refused since there is nothing left to change."""
    return refused(ALREADY, message)
