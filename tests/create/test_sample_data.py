"""Check that the sample data is valid and complete, and tick each of its tasks."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from tldash.cli import main
from tldash.create.demo import find_sample_data
from tldash.editing import patch
from tldash.editing.edits import SetStatus
from tldash.model.file_roles import is_markdown, is_yaml
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Dialect, Status, Task
from tldash.storage.safe_open import read_bytes
from tldash.workspace.folders import Folders
from tldash.workspace.read_file import read_record

ON = date(2026, 11, 20)
SAMPLE = find_sample_data()


def git(folder: Path, *command: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *command],
        cwd=folder, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    """Copy the sample data into a git repository."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "coaching"))
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "sample")
    return folder


def every_task(folders: Folders) -> list[Task]:
    return [task for lead in folders.workspace.leads for task in iter_tasks(lead)]


def ticked(folder: Path) -> Iterator[tuple[Folders, Task, Task, bytes]]:
    """Tick every open task, one at a time, and undo it before the next."""
    folders = Folders([folder])
    folders.read()
    for task in every_task(folders):
        if task.status is Status.DONE:
            continue
        file = folder / task.path
        before = file.read_bytes()
        folders.edit(SetStatus(task, Status.DONE, ON))
        now = next(
            other
            for other in every_task(folders)
            if (other.path, other.line, other.yaml_path) == (task.path, task.line, task.yaml_path)
        )
        yield folders, task, now, before
        file.write_bytes(before)
        folders.read()


def test_ticking_any_task_changes_one_line_of_one_file_and_unticking_restores_the_bytes(coaching):
    seen = 0
    for folders, task, now, before in ticked(coaching):
        [changed] = git(coaching, "diff", "--numstat").splitlines()
        added, removed, path = changed.split("\t")
        assert path == task.path
        assert now.status is Status.DONE
        assert now.fields.done == ON
        if is_yaml(path) and task.status is Status.CANCELLED:
            assert (added, removed) == ("2", "2")  # the status, and the day
        else:
            assert (added, removed) in (("1", "1"), ("1", "0"))
            assert added == removed or is_yaml(path)
        folders.edit(SetStatus(now, task.status, task.fields.cancelled or ON))
        assert (coaching / path).read_bytes() == before, task.raw
        seen += 1
    assert seen > 50
    assert git(coaching, "status", "--porcelain") == ""


def test_unticking_any_done_task_changes_one_line():
    folders = Folders([SAMPLE])
    folders.read()
    done = [task for task in every_task(folders) if task.status is Status.DONE]
    assert len(done) > 50
    for task in done:
        before = (SAMPLE / task.path).read_bytes()
        after = patch.apply(SetStatus(task, Status.OPEN, ON, Dialect.EMOJI), before)
        old, new = before.splitlines(), after.splitlines()
        if len(old) > len(new):
            assert is_yaml(task.path)
            assert [line for line in old if b"done: 2026-" not in line or line in new] == new
        else:
            assert sum(one != other for one, other in zip(old, new, strict=True)) == 1


def run(*arguments: str):
    return CliRunner().invoke(main, [*arguments, "--today", "2026-11-20"])


def items_of_a_markdown_parser(path: Path) -> list[int]:
    """Return the line numbers of the task items that markdown-it-py finds."""
    text = path.read_text("utf-8")
    offset = 0
    if text.startswith("---\n"):
        offset = text.index("\n---\n", 3) + len("\n---\n")
    front = text.count("\n", 0, offset)
    tokens = MarkdownIt("commonmark").use(tasklists_plugin).parse(text[offset:])
    return [
        token.map[0] + front + 1
        for token in tokens
        if token.type == "list_item_open" and "task-list-item" in str(token.attrGet("class"))
    ]  # fmt: skip


def test_the_actions_are_all_that_a_markdown_parser_finds_each_once():
    result = run("actions", str(SAMPLE), "--all", "--json")
    found = json.loads(result.stdout)
    places = [(item["path"], item["line"]) for item in found]
    expected = [
        (path.relative_to(SAMPLE).as_posix(), line)
        for path in SAMPLE.rglob("*")
        if is_markdown(path.name)
        for line in items_of_a_markdown_parser(path)
    ]
    assert len(expected) > 100
    assert len(places) == len(set(places))
    ours = [(item["path"], item["line"]) for item in found if is_markdown(item["path"])]
    more = [item for item in found if (item["path"], item["line"]) not in expected]
    assert sorted(expected) == sorted(place for place in ours if place in expected)
    for item in more:  # boxes that the parser knows nothing of, and items of YAML
        assert item["status"] in ("in-progress", "cancelled") or is_yaml(item["path"])


def test_the_sample_data_has_no_problem():
    result = run("check", str(SAMPLE))
    assert (result.exit_code, result.output) == (0, "")


def test_the_sample_data_shows_every_kind_of_file_and_line():
    workspace = Folders([SAMPLE]).read()
    assert len(workspace.leads) == 5
    assert all(3 <= len(lead.sessions) <= 9 for lead in workspace.leads)
    assert all(lead.goals and lead.markers for lead in workspace.leads)
    assert any(is_yaml(session.path) for lead in workspace.leads for session in lead.sessions)
    assert any(action.coach_owned for lead in workspace.leads for action in lead.actions)
    statuses = {task.status for lead in workspace.leads for task in iter_tasks(lead)}
    assert statuses == set(Status)
    raws = "\n".join(task.raw for lead in workspace.leads for task in iter_tasks(lead))
    assert all(sign in raws for sign in (" due:2026-", "📅", "[due:: ", "✅", "pri:", "(A)"))


def test_a_file_of_the_sample_data_reads_the_same_twice():
    folders = Folders([SAMPLE])
    folders.read()
    for part in folders._parts:
        for path, record in part.records.items():
            assert read_record(partial(read_bytes, SAMPLE), path, path, record.role) == record
