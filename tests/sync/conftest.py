"""The variables of a user without settings of their own."""

from __future__ import annotations

import pytest

from tests.support.clones import NOBODY


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
