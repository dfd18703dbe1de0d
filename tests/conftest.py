"""Tests are cut off from the machine that they run on: home, settings, colours and locale."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples in every run, so that a change is judged by what it changed; new ones are looked
# for by `HYPOTHESIS_PROFILE=thorough`.
settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

TELLING = (
    "TLDASH_FOLDER",
    "TLDASH_ME",
    "TLDASH_ICONS",
    "TERM",
    "NO_COLOR",
    "EDITOR",
    "VISUAL",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
)


@pytest.fixture(scope="session", autouse=True)
def _own_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [*TELLING, *(name for name in os.environ if name.startswith(("XDG_", "LC_")))]:
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("LC_ALL", "C.UTF-8")
        yield
