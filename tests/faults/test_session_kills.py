"""A short run of the kills: at most the last second of typing is lost, and nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.session_kills import run

pytestmark = pytest.mark.system


def test_a_kill_loses_at_most_the_last_second(tmp_path: Path) -> None:
    verdict = run(tmp_path, kills=4, seed=5)
    assert verdict.kills == 4
    assert verdict.characters > 50
    assert verdict.harmless(), verdict.table()
