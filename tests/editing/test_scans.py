"""The cost of an edit: how often a Markdown body is scanned for one tick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType

from tests.support.edits import apply, find_task
from tests.support.records import write
from tldash.editing.edits import SetStatus
from tldash.formats.markdown.scanner import Scanner
from tldash.model.records import Status
from tldash.workspace.folders import Folders

TEXT = "---\ndate: 2026-11-03\n---\n# Session\n\n## Actions\n- [ ] call\n- [ ] write\n  a note\n"


def count_scans(function: Callable[[], object]) -> int:
    """Count the scans of a body with the interpreter's profile hook."""
    scans = 0
    codes = (Scanner.run.__code__, Scanner.lines.__code__)

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal scans
        scans += event == "call" and frame.f_code in codes

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return scans


def test_applying_and_verifying_an_edit_scans_the_body_before_and_after() -> None:
    edit = SetStatus(find_task(TEXT, "call"), Status.DONE, date(2026, 11, 9))
    assert count_scans(lambda: apply(edit, TEXT)) == 2


def test_a_tick_scans_the_body_three_times(tmp_path: Path) -> None:
    """Before the edit, after it, and once more when the written file is read from disk."""
    folders = Folders([write(tmp_path, {"ada/sessions/2026-11-03.md": TEXT})])
    folders.read()
    task = folders.find_task("ada/sessions/2026-11-03.md", 7)
    assert task is not None
    assert count_scans(lambda: folders.edit(SetStatus(task, Status.DONE, date(2026, 11, 9)))) <= 3
    assert "- [x] call ✅ 2026-11-09" in (tmp_path / "ada/sessions/2026-11-03.md").read_text()
