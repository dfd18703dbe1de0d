"""Detect new and changed items between two workspaces."""

from __future__ import annotations

import pytest

from tests.support.records import write
from tldash.model.item_keys import find_changed_keys, iter_tasks, lead_key, session_key, task_key
from tldash.workspace.folders import Folders

SESSION = "---\nskill: vision\n---\n## Agenda\n- [ ] topic\n## Actions\n- [ ] a\n- [ ] b\n"
FILES = {
    "ada/lead.md": "# Ada\n- [ ] note\n",
    "ada/skills.md": "# Vision\n- [ ] sign\n",
    "ada/sessions/2026-11-03.md": SESSION,
    "ben/lead.md": "# Ben\n- [ ] same\n- [x] same\n",
}


def after(tmp_path, files):
    """List the changed items after writing these files."""
    folders = Folders([write(tmp_path, FILES)])
    before = folders.read()
    now = Folders([write(tmp_path, files)]).read()
    keys = find_changed_keys(before, now)
    words = {task_key(task): task.text for lead in now.leads for task in iter_tasks(lead)}
    words |= {session_key(s): s.path for lead in now.leads for s in lead.sessions}
    words |= {lead_key(lead): lead.id for lead in now.leads}
    assert keys <= words.keys()
    return sorted(words[key] for key in keys)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, []),
        ({"ada/lead.md": "# Ada\n- [x] note\n"}, ["ada", "note"]),
        ({"ada/lead.md": "# Ada\n- [ ] note due:2026-11-20\n"}, ["ada", "note"]),
        ({"ada/lead.md": "# Ada\n- [ ] note\n  more\n"}, ["ada", "note"]),
        ({"ada/lead.md": "# Ada\n- [ ] reworded\n"}, ["ada", "reworded"]),
        ({"ada/lead.md": "# Ada\n- [ ] note\n- [ ] new\n"}, ["ada", "new"]),
        ({"ada/lead.md": "# Ada\n"}, []),
        ({"ada/lead.md": "# Ada\n\n\n- [ ] note\n"}, []),
        ({"ada/skills.md": "# Vision\n- [x] sign\n"}, ["ada", "sign"]),
        (
            {"ada/sessions/2026-11-03.md": SESSION.replace("[ ] topic", "[x] topic")},
            ["ada", "topic"],
        ),
        (
            {"ada/sessions/2026-11-03.md": SESSION.replace("vision", "growth")},
            ["ada", "ada/sessions/2026-11-03.md"],
        ),
        ({"ada/sessions/2026-12-01.md": ""}, ["ada", "ada/sessions/2026-12-01.md"]),
        ({"ada/sessions/2026-10-01.md": ""}, ["ada", "ada/sessions/2026-10-01.md"]),
        ({"cyd/lead.md": "- [ ] first\n"}, ["cyd"]),
        ({"tldash.yaml": "coach: Mira\n"}, []),
        ({"ben/lead.md": "# Ben\n- [ ] same\n- [x] same\n- [ ] other\n"}, ["ben", "other"]),
    ],
)
def test_what_changed(tmp_path, files, words):
    assert after(tmp_path, files) == words


def test_one_of_two_that_read_the_same(tmp_path):
    assert after(tmp_path, {"ben/lead.md": "# Ben\n- [ ] same\n- [ ] same\n"}) == ["ben", "same"]


def test_another_that_says_the_same_is_new(tmp_path):
    more = "# Ben\n- [ ] same\n- [x] same\n* [ ] same\n"
    assert after(tmp_path, {"ben/lead.md": more}) == ["ben", "same"]


def test_an_action_that_moves_to_another_section_or_file_is_new_there(tmp_path):
    moved = SESSION.replace("- [ ] b\n", "## Later\n- [ ] b\n")
    assert after(tmp_path, {"ada/sessions/2026-11-03.md": moved}) == ["ada", "b"]


def test_what_went_away_has_no_key(tmp_path):
    folders = Folders([write(tmp_path, FILES)])
    before = folders.read()
    (tmp_path / "ada/sessions/2026-11-03.md").unlink()
    assert find_changed_keys(before, folders.read()) == frozenset()
    (tmp_path / "ben/lead.md").unlink()
    assert find_changed_keys(before, folders.read()) == frozenset()
