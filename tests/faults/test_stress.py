"""A short run of the stress: nothing is lost, and where one writes naively, something is."""

from __future__ import annotations

from pathlib import Path

from tests.faults.stress import run

PATIENCE = 60.0
"""Seconds after which a run ends unfinished, and its test fails."""


def test_nothing_that_anybody_saves_is_lost(tmp_path: Path) -> None:
    verdict = run(tmp_path, files=4, edits=200, seconds=PATIENCE)
    assert verdict.edits.total() == 200
    assert set(verdict.edits) == {"add", "due", "tick", "untick"}
    assert set(verdict.saves) == {"append", "replace", "in place"}
    assert len(verdict.theirs_lost) == verdict.theirs_rescued == len(verdict.rescues)
    assert verdict.ours_lost == ()
    assert verdict.words_lost == ()
    assert verdict.strays == ()
    assert verdict.looks
    assert not verdict.torn


def test_the_control_loses_what_others_save(tmp_path: Path) -> None:
    """Each of its edits waits, between reading and replacing, until somebody else has saved."""
    verdict = run(tmp_path, files=2, edits=40, seconds=PATIENCE, control=True)
    assert verdict.edits.total() == 40
    assert len(verdict.theirs_lost) > 0
    assert verdict.theirs_rescued == 0
