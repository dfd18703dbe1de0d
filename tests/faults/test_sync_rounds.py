"""A short run of two people who edit and sync: both end with everything, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sync_rounds import run
from tests.support.clones import NOBODY

pytestmark = pytest.mark.system


def test_two_people_who_edit_and_sync_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    verdict = run(tmp_path, rounds=40, seed=7)
    assert verdict.edits.total() > 60
    assert verdict.syncs > 8
    assert verdict.wrong == [], verdict.table()
