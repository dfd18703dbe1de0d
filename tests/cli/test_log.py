"""`tldash log`: what it prints, and where it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.manual_pages import PAGES, rows, section, spans
from tests.support.records import write
from tldash.cli import main

ADA = "Ada Lind <ada@example.org>"
ODD = "\x1b]0;x\x07Ada \u202e <ada@example.org>"


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(
        main, ["log", *map(str, arguments)], catch_exceptions=False, env={"TLDASH_ICONS": "unicode"}
    )
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three commits by two people in the time zone of the test, which is UTC."""
    top = make_repository(tmp_path / "coaching")
    story = Story()
    files: dict[str, bytes | tuple[str, bytes]] = {
        "ada/lead.md": b"---\nname: Ada Lindqvist\n---\n- [ ] one due:2025-11-03\n",
        "ben/lead.md": b"---\nname: Ben\n---\n- [ ] two\n",
    }
    mark = story.commit(files, START)
    files["ben/lead.md"] = b"---\nname: Ben\n---\n- [x] two\n"
    mark = story.commit(files, START + DAY, (mark,), author=ADA)
    files["ada/lead.md"] = (
        b"---\nname: Ada Lindqvist\n---\n- [ ] one \x1b[31m due:2025-11-17\n- [ ] three\n"
    )
    story.commit(files, START + 2 * DAY, (mark,), author=ODD)
    story.write(top)
    git(top, "reset", "-q", "--hard", "main")
    return top


def test_one_line_for_each_event_with_day_time_author_lead_and_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    lines = run(folder).splitlines()
    assert [line.split() for line in lines[3:]] == [
        line.split()
        for line in (
            '2025-10-10 08:53 Ada Lind Ben ticked off "two"',
            "2025-10-09 08:53 Mira Holm Ada Lindqvist added the lead Ada Lindqvist",
            "2025-10-09 08:53 Mira Holm Ben added the lead Ben",
        )
    ]
    assert "\x1b" not in "".join(lines) and "\u202e" not in "".join(lines)
    assert all("Ada" in line and "2025-10-11 08:53" in line for line in lines[:3])


def test_one_lead_and_a_first_day(folder: Path) -> None:
    found = json.loads(run(folder, "--lead", "ben", "--json"))
    assert [one["what"] for one in found] == ['ticked off "two"', "added the lead Ben"]
    late = json.loads(run(folder, "--since", "2025-10-11", "--json"))
    assert {one["lead"] for one in late} == {"ada"}
    assert run(folder, "--since", "2026-10-11") == ""


def test_the_last_fifty_commits_unless_a_day_is_given(tmp_path: Path) -> None:
    top = make_repository(tmp_path / "coaching")
    story = Story()
    mark = story.commit({"ada/lead.md": b"# Ada\n"}, START)
    for number in range(60):
        text = b"# Ada\n" + b"".join(b"- [ ] a %d\n" % one for one in range(number + 1))
        mark = story.commit({"ada/lead.md": text}, START + number * DAY, (mark,))
    story.write(top)
    git(top, "reset", "-q", "--hard", "main")
    assert len(run(top).splitlines()) == 50
    assert len(run(top, "--since", "2025-01-01").splitlines()) == 61


def test_json_has_the_names_in_the_manual(folder: Path) -> None:
    (event, *_) = json.loads(run(folder, "--json"))
    listed = rows(section(PAGES["commands"], "tldash log"))
    assert {name for row in listed for name in spans(row[0])} == {*event}


def test_no_repository_and_a_history_that_ends_early(folder: Path, tmp_path: Path) -> None:
    plain = write(tmp_path / "plain", {"ada/lead.md": "# Ada\n"})
    assert run(plain, code=1) == (
        "tldash: it is not in a git repository. Run git init in it to have a history from now on.\n"
    )
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{folder}", "shallow")
    lines = run(tmp_path / "shallow").splitlines()
    assert len(lines) == 4
    assert lines[-1].startswith("tldash: the log ends here: this clone has no history before")
