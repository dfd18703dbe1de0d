"""Conflict copies and the other side between git's markers count in no list, total or search."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.records import NOW, write
from tldash.activity.detect import detect_events
from tldash.cli import main
from tldash.workspace.folders import Folders

SESSION = "ada/sessions/2026-11-03.md"
YAML = "ben/sessions/2026-11-04.yaml"
FILES = {
    "ada/lead.md": "---\nname: Ada\ncoach: Mira\n---\n## Goals\n- [ ] Lead the cutover\n",
    "ada/skills.md": "# Vision\n## Beginner\n- [x] says it\n",
    SESSION: "---\nlevels: {vision: beginner}\nnext: 2026-12-01\n---\n# One\n\n## Agenda\n"
    "- [ ] the outage\n\n## Notes\nzebra\n\n## Actions\n- [ ] call Bo due:2026-11-10\n- [x] done\n",
    "ben/lead.md": "---\nname: Ben\n---\n",
    YAML: "date: 2026-11-04\nactions:\n- call Cy\nnotes: zebra\n",
    "ben/reading.md": "- [ ] read the zebra book\n",
}
NOTES = (
    ".sync-conflict-20261104-101112-ABCDEFG",
    " (Bo's conflicted copy 2026-11-20)",
    " (conflicted copy 2026-11-20 101112)",
    "-LAPTOP-1A2B3C4",
    " 2",
    " (1)",
    "_conflict-20261104-101112",
    ".Conflict",
    ".sync-conflict-20261104-101112-ABCDEFG.sync-conflict-20261105-101112-ABCDEFH",
)
COMMANDS = (
    ("status", "--json"),
    ("actions", "--json", "--all"),
    ("actions",),
    ("sessions", "--json"),
    ("stats", "--json"),
    ("brief", "ada"),
    ("story", "ada"),
    ("search", "zebra"),
    ("search", "--json", "call"),
)


def outputs(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what each command prints for a folder."""
    monkeypatch.chdir(root)
    found = []
    for command in COMMANDS:
        words = [*command, *(["--today", "2026-11-20"] if command[0] != "search" else [])]
        result = CliRunner().invoke(main, words, catch_exceptions=False)
        assert result.exit_code == 0, (command, result.output)
        found.append(result.stdout)
    return found


@pytest.mark.parametrize("note", NOTES)
def test_no_command_counts_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    root = write(tmp_path / "coaching", FILES)
    before, expected = Folders([root]).read(), outputs(root, monkeypatch)
    for path, text in FILES.items():
        stem, _, extension = path.rpartition(".")
        copy = f"{stem}{note}.{extension}"
        (root / copy).write_text(text.replace("[ ]", "[x]") + "\n- [ ] zebra too\n")
    after = Folders([root]).read()
    assert outputs(root, monkeypatch) == expected
    assert detect_events(before, after, NOW) == ()
    problems = [p for p in after.all_problems if p not in before.all_problems]
    assert [p.code for p in problems] == ["conflict-copy"] * len(FILES)
    assert {p.about for p in problems} == FILES.keys()
    assert all("conflicts screen" in p.hint for p in problems)
    check = CliRunner().invoke(main, ["check", "--format", "json", str(root)])
    assert sum(p["code"] == "conflict-copy" for p in json.loads(check.stdout)) == len(FILES)


def test_a_copy_alone_makes_no_lead_and_no_session(tmp_path: Path) -> None:
    root = write(tmp_path / "coaching", {"ada/lead.md": FILES["ada/lead.md"]})
    before = Folders([root]).read()
    for name in (f"ada/2026-11-05{NOTES[0]}.md", f"cy/lead{NOTES[1]}.md"):
        write(root, {name: FILES[SESSION]})
    after = Folders([root]).read()
    assert [(lead.id, lead.sessions) for lead in after.leads] == [("ada", ())]
    assert detect_events(before, after, NOW) == ()


def test_between_markers_our_side_alone_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "coaching", FILES)
    before = Folders([root]).read()
    kept = outputs(root, monkeypatch)
    both = {
        SESSION: FILES[SESSION].replace(
            "- [ ] call Bo due:2026-11-10\n",
            "<<<<<<< HEAD\n- [ ] call Bo due:2026-11-10\n=======\n- [x] call Bo due:2026-11-10\n"
            "- [ ] theirs\n>>>>>>> mira\n",
        ),
        YAML: FILES[YAML].replace(
            "- call Cy\n", "<<<<<<< HEAD\n- call Cy\n=======\n- call Dee\n>>>>>>> mira\n"
        ),
    }
    write(root, both)
    after = Folders([root]).read()
    assert detect_events(before, after, NOW) == ()
    assert [p.code for p in after.all_problems if p not in before.all_problems] == [
        *("merge-conflict", "merge-conflict"),
    ]
    now = outputs(root, monkeypatch)
    for place in (1, 3, 4):  # actions, sessions, stats
        assert without_lines(now[place]) == without_lines(kept[place])
    status = [json.loads(text[0])[0]["open"] for text in (kept, now)]
    assert status[0] == status[1]
    shutil.rmtree(root)


def without_lines(text: str) -> object:
    """Return JSON without the numbers of lines."""

    def clean(value: object) -> object:
        if isinstance(value, dict):
            return {key: clean(one) for key, one in value.items() if key != "line"}
        return [clean(one) for one in value] if isinstance(value, list) else value

    return clean(json.loads(text))
