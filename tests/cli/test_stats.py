"""`tldash stats`: what it prints and counts, and `tldash actions --slipping`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.manual_pages import PAGES, rows, section, spans
from tests.support.records import write
from tldash.cli import main
from tldash.create.demo import find_sample_data

SAMPLE = find_sample_data()


def run(*arguments: object, code: int = 0, columns: int = 80, **env: str) -> str:
    given = [*map(str, arguments), "--today", "2026-11-20"]
    settings = {"COLUMNS": str(columns), "TLDASH_ICONS": "unicode", **env}
    result = CliRunner().invoke(main, given, catch_exceptions=False, env=settings)
    assert result.exit_code == code, result.output
    return result.output


def session(*lines: str, next: str = "", levels: str = "") -> str:
    front = [f"levels: {{{levels}}}"] if levels else []
    front += [f"next: {next}"] if next else []
    return "\n".join(["---", *front, "---", "# Notes", "talked", "## Actions", *lines, ""])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two leads, one of them paused, with every figure small enough to count by hand."""
    return write(
        tmp_path / "coaching",
        {
            "tldash.yaml": "coach: Mira\n",
            "ada/lead.md": "---\nname: Ada Lindqvist\n---\n",
            "ada/sessions/2026-08-03.md": session(
                "- [ ] a secret plan",
                "- [-] call the vendor due:2026-08-10",
                "- [x] write it done:2026-08-20",
                next="2026-09-03",
                levels="vision: beginner",
            ),
            "ada/sessions/2026-09-03.md": session(
                "- [-] call the vendor due:2026-09-10", next="2026-10-01"
            ),
            "ada/sessions/2026-11-02.md": session(
                "- [ ] call the vendor due:2026-11-10 @owl", levels="vision: advanced"
            ),
            "ada/sessions/2026-11-09.md": "---\nstatus: missed\n---\n",
            "ben/lead.md": "---\nname: Ben\nstatus: paused\n---\n",
            "ben/sessions/2026-08-03.md": session("- [ ] b"),
            "ben/sessions/2026-09-03.md": session("- [ ] c"),
            "ben/sessions/2026-10-03.md": session("- [x] d"),
        },
    )


def test_the_figures_of_a_hand_made_folder(folder: Path) -> None:
    document = json.loads(run("stats", folder, "--json"))
    assert (document["today"], document["since"]) == ("2026-11-20", None)
    ada, ben = document["leads"]
    assert [ada[name] for name in ("held", "missed", "cancelled", "gaps", "kept")] == [
        3,
        1,
        0,
        2,
        1,
    ]
    assert [ada[name] for name in ("with_action", "with_next", "with_both")] == [3, 2, 2]
    assert [ada[name] for name in ("opened", "done", "dropped", "undated", "open")] == [
        *(5, 1, 0, 2, 2),
    ]
    assert (ada["median_gap"], ada["since_last"], ada["median_days_open"]) == (45.5, 18, 17)
    assert ada["skills"]["vision"] == [
        {"date": "2026-08-03", "level": "beginner", "source": "agreed"},
        {"date": "2026-11-02", "level": "advanced", "source": "agreed"},
    ]
    figures = [tuple(one[k] for k in ("opened", "closed", "carried")) for one in ada["sessions"]]
    assert figures == [(3, 0, 0), (1, 1, 1), (1, 0, 1), (0, 0, 0)]
    assert ada["slipping"] == [
        {"owner": "@owl", "actions": 1, "carried": 0, "moved": 1, "moves": 2},
        {"owner": "Ada Lindqvist", "actions": 1, "carried": 1, "moved": 0, "moves": 0},
    ]
    assert (ben["status"], ben["held"], ben["open"], ben["slipping"]) == ("paused", 3, 0, [])
    total = document["total"]
    assert (total["leads"], total["held"], total["kept"], total["open"]) == (1, 3, 1, 2)
    assert total["slipping"] == ada["slipping"]


def test_from_a_day_on(folder: Path) -> None:
    (ada, _) = json.loads(run("stats", folder, "--json", "--since", "2026-09-01"))["leads"]
    assert [one["date"] for one in ada["sessions"]] == ["2026-09-03", "2026-11-02", "2026-11-09"]
    assert (ada["opened"], ada["done"], ada["gaps"]) == (2, 0, 2)
    assert [step["date"] for step in ada["skills"]["vision"]] == ["2026-08-03", "2026-11-02"]
    assert "in the future" in run("stats", folder, "--since", "2026-12-01", code=2)


def test_counts_only_and_no_sum_of_levels(folder: Path) -> None:
    for columns in (80, 200):
        text = run("stats", folder, columns=columns)
        assert "secret" not in text
        assert "vendor" not in text
        ada, ben, total = (part for part in text.split("\n\n\n"))
        assert ada.startswith("Ada Lindqvist · coach Mira\n")
        assert ben.startswith("Ben · coach Mira · paused\n")
        assert total.startswith("Total of 1 active lead\n")
        assert not {"beginner", "vision", "advanced"} & set(total.casefold().split())
    assert "secret" not in run("stats", folder, "--json")


def test_one_lead(folder: Path) -> None:
    found = json.loads(run("stats", folder, "--lead", "Ben", "--json"))
    assert [one["id"] for one in found["leads"]] == ["ben"]
    assert "Total" not in run("stats", folder, "--lead", "ada")
    assert "there is no lead zoe" in run("stats", folder, "--lead", "zoe", code=1)


NARROW = """\
                       Aug 2026 – Nov 2026
Listening              ············ no level yet
Taking initiative      ············ no level yet
Articulating a vision  ▃▃▃▃▃▃▃▃▃███ beginner → advanced
"""
SESSIONS = """\
SESSION      GAP        OPENED        CLOSED        CARRIED       ENDED WITH
9 Nov        ○ missed
2 Nov        60 d ◐       1 ▇▇          0             1 ▇▇        action
3 Sep        31 d         1 ▇▇          1 ▇▇          1 ▇▇        action · next
3 Aug                     3 ▇▇▇▇▇▇      0             0           action · next
"""
WIDE = """\
Articulating a vision  advanced, agreed 2 Nov
  Advanced             │                                   ┌●───────────
  Intermediate         │                                   │
  Beginner             │●──────────────────────────────────┘
                        Aug         Sep         Oct         Nov
                        2026
● agreed in a session · ◌ estimated from ticked markers
"""


def test_the_text(folder: Path) -> None:
    text = run("stats", folder, "--lead", "ada")
    assert NARROW in text
    assert SESSIONS in text
    wide = run("stats", folder, "--lead", "ada", columns=200)
    other_skills = wide.index("Tracking and adjusting")
    axis = wide.index("                        Aug", other_skills)
    assert WIDE in wide[:other_skills] + wide[axis:]


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_no_line_is_too_long_and_ascii_is_as_wide(columns: int) -> None:
    text = run("stats", SAMPLE, columns=columns)
    ascii_text = run("stats", SAMPLE, columns=columns, TLDASH_ICONS="ascii")
    assert ascii_text.isascii()
    assert [*map(len, text.splitlines())] == [*map(len, ascii_text.splitlines())]
    assert [line for line in text.splitlines() if len(line) > columns] == []


def test_names_from_files_are_sanitized_and_fit(tmp_path: Path) -> None:
    framework = (
        "name: own\nskills:\n- id: a\n  name: 漢字漢字漢字漢字漢字漢字漢字漢字\n"
        '  levels:\n  - {id: l, name: "a\\e[31mb"}\n'
    )
    files = {
        "framework.yaml": framework,
        "ada/lead.md": '---\nname: "Ada\\e[2J"\n---\n',
        "ada/2026-11-03.md": session(levels="a: l"),
    }
    for columns in (80, 200):
        text = run("stats", write(tmp_path / "c", files), columns=columns)
        assert "\x1b" not in text
        assert "[31mb" in text


def test_nothing_yet(tmp_path: Path) -> None:
    text = run("stats", write(tmp_path / "c", {"ada/lead.md": "---\nname: Ada\n---\n"}))
    assert "levels    none agreed, no markers ticked\n" in text
    assert "sessions  0 held\n" in text
    assert "SESSION " not in text


def test_the_names_in_json_are_those_of_the_manual() -> None:
    document = json.loads(run("stats", SAMPLE, "--json"))
    text = section(PAGES["commands"], "tldash stats")
    listed = rows(text.partition("Each of the leads has:")[2])
    names = [span for row in listed for span in spans(row[0])]
    assert all(list(one) == names for one in document["leads"])
    cells = {spans(row[0])[0]: spans(row[1]) for row in listed}
    words = {"agreed", "markers", "held", "missed", "cancelled"}
    for name in ("sessions", "slipping"):
        found = next(one[name] for one in document["leads"] if one[name])
        inner = [word for word in cells[name] if word not in words]
        assert [*found[0]] == inner, name
    steps = document["leads"][0]["skills"]["listening"]
    assert [*steps[0]] == [word for word in cells["skills"] if word not in words]
    assert [*document] == ["today", "since", "leads", "total"]


def test_due_dates_that_git_tells_count(tmp_path: Path) -> None:
    """In the same line of one file, so the files alone tell none of them."""
    folder = tmp_path / "coaching"
    make_repository(folder)
    story, marks = Story(), ()
    for number, due in enumerate(("2026-11-05", "2026-11-12", "2026-11-30")):
        text = session(f"- [ ] call the vendor due:{due}")
        files = {"ada/lead.md": b"", "ada/sessions/2026-11-02.md": text.encode()}
        marks = (story.commit(files, START + number * DAY, marks),)
    story.write(folder)
    git(folder, "reset", "-q", "--hard", "main")
    assert "call the vendor" in run("actions", folder, "--slipping")
    row = {"owner": "Ada", "actions": 1, "carried": 0, "moved": 1, "moves": 2}
    assert json.loads(run("stats", folder, "--json"))["total"]["slipping"] == [row]
    day = datetime.fromtimestamp(START + DAY, UTC).date()
    assert "call the vendor" not in run("actions", folder, "--slipping", "--as-of", day)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/gone\n")
    assert "call the vendor" not in run("actions", folder, "--slipping")


def test_slipping_actions_are_listed(folder: Path) -> None:
    def texts(*more: str) -> list[str]:
        found = json.loads(run("actions", folder, "--slipping", "--json", *more))
        return sorted(one["text"] for one in found)

    assert texts() == ["a secret plan", "call the vendor"]
    assert texts("--owner", "owl") == ["call the vendor"]
    assert texts("--all") == ["a secret plan", "call the vendor"]
    assert texts("--lead", "ben") == []
