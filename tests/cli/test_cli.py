"""The command line: what every command prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.support.commands import commands
from tests.support.git_repository import START, Story, git, make_repository
from tests.support.records import write
from tldash import __version__, launch
from tldash.cli import main
from tldash.create.demo import find_sample_data

FILES = {
    "tldash.yaml": "coach: Mira\npeople: {mira: Mira Holm}\n",
    "ada/lead.md": "---\nname: Ada Lindqvist\n---\n## Goals\n- ship it\n",
    "ada/skills.md": "# Vision\n## Beginner\n- [x] wrote it down\n",
    "ada/sessions/2026-11-03.md": (
        "---\nskill: vision\nlevels: {vision: beginner}\nnext: 2026-12-01 16:00\n---\n"
        "# First\n## Agenda\n- [ ] the outage\n## Actions\n"
        "- [ ] Call the vendor #vendor due:2026-11-10 id:v1 pri:A\n"
        "- [x] Ask Bob ✅ 2026-11-05\n- [ ] Send the article @mira due:2026-12-24\n"
    ),
    "ben/2026-10-01.md": "- [/] Think [due:: 2026-11-20] #skill/vision\n",
}
TODAY = "2026-11-20"
COMMANDS = ["status", "actions", "sessions", "check", "open", "demo", "done"]


@pytest.fixture
def coaching(tmp_path: Path) -> Path:
    return write(tmp_path / "coaching", FILES)


def run(*arguments: object, today: str | None = TODAY, code: int = 0) -> Result:
    given = [str(argument) for argument in arguments]
    if today:
        at = given.index("--") if "--" in given else len(given)
        given[at:at] = ["--today", today]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def json_of(
    *arguments: object, today: str | None = TODAY, code: int = 0
) -> list[dict[str, object]]:
    result = run(*arguments, today=today, code=code)
    assert result.stderr == ""
    assert result.stdout_bytes.decode("utf-8").endswith("]\n")
    return json.loads(result.stdout)


def test_version_and_help():
    assert run("--version", today=None).stdout == f"tldash {__version__}\n"
    for flag in ("--help", "-h"):
        said = run(flag, today=None).stdout
        assert all(command in said for command in COMMANDS)
    for command in COMMANDS:
        said = run(command, "--help", today=None).stdout
        assert "--today" in said
        assert "Usage" in said


def test_every_option_is_explained():
    for command in commands(main).values():
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (command.name, parameter.name)


def test_status(coaching):
    heads, *rows = run("status", coaching).stdout.splitlines()
    assert heads.split()[:5] == ["LEAD", "NEXT", "SESSION", "LAST", "OPEN"]
    assert [row.split("  ")[0] for row in rows] == ["Ben", "Ada Lindqvist"]
    assert "past cadence (7 weeks)" in rows[0]
    assert "in 11 days" in rows[1]
    assert "1 overdue" in rows[1]


def test_status_as_json(coaching):
    ben, ada = json_of("status", coaching, "--json")
    assert ada == {
        "id": "ada",
        "name": "Ada Lindqvist",
        "coach": "Mira",
        "cadence": "monthly",
        "next_session": "2026-12-01T16:00",
        "last_session": "2026-11-03",
        "status": "active",
        "open": 2,
        "overdue": 1,
        "skills": {
            "listening": None,
            "initiative": None,
            "vision": "beginner",
            "tracking": None,
            "growth": None,
        },
        "attention": [{"code": "overdue-actions", "message": "1 overdue"}],
    }
    assert ben["next_session"] is None
    assert [reason["code"] for reason in ben["attention"]] == ["past-cadence", "no-next-session"]


def test_actions(coaching):
    first, second, third = run("actions", coaching).stdout.splitlines()
    assert first.split("  ")[0] == "[ ]"
    assert "10 d ago" in first
    assert first.endswith(f" Call the vendor   {coaching}/ada/sessions/2026-11-03.md:10")
    assert second.startswith("[/]  today")
    assert "@mira" in third


def test_actions_as_json(coaching):
    first, second, third = json_of("actions", coaching, "--json")
    assert first == {
        "kind": "action",
        "id": "v1",
        "lead": "ada",
        "text": "Call the vendor",
        "owner": "ada",
        "status": "open",
        "due": "2026-11-10",
        "scheduled": None,
        "start": None,
        "created": None,
        "done": None,
        "cancelled": None,
        "priority": "highest",
        "repeat": None,
        "tags": ["vendor"],
        "depends": [],
        "waiting_for": [],
        "session": "2026-11-03",
        "agenda": None,
        "folder": str(coaching),
        "path": "ada/sessions/2026-11-03.md",
        "line": 10,
        "raw": "- [ ] Call the vendor #vendor due:2026-11-10 id:v1 pri:A",
    }
    assert (second["lead"], second["status"], second["due"]) == ("ben", "in-progress", TODAY)
    assert third["owner"] == "mira"


def test_an_open_topic_has_the_day_of_its_agenda(tmp_path):
    topics = "- [ ] one\n- [x] two\n- [ ] far ⏳ 2027-03-01\n"
    text = f"Talked.\n## Agenda\n{topics}## Actions\n- [ ] call\n"
    write(tmp_path, {"ada/2026-11-03.md": text, "ada/2026-12-01.md": "## Agenda\n- [ ] own\n"})
    found = json_of("actions", tmp_path, "--all", "--json")
    assert {one["text"]: one["agenda"] for one in found} == {
        "one": "2026-12-01",
        "own": "2026-12-01",
        "two": None,
        "far": None,
        "call": None,
    }


def test_an_action_that_waits_for_another_is_not_overdue(tmp_path):
    text = "- [ ] Send it due:2026-11-10 dep:d\n- [ ] Write it 🆔 d\n"
    write(tmp_path, {"ada/lead.md": "", "ada/notes.md": text})
    assert "Send it · waiting for Write it" in run("actions", tmp_path).stdout
    assert run("actions", tmp_path, "--overdue").stdout == "No actions.\n"
    found = {one["text"]: one for one in json_of("actions", tmp_path, "--json")}
    assert (found["Send it"]["depends"], found["Send it"]["waiting_for"]) == (["d"], ["Write it"])
    assert found["Write it"]["waiting_for"] == []
    (lead,) = json_of("status", tmp_path, "--json")
    assert (lead["open"], lead["overdue"]) == (2, 0)
    brief = run("brief", "ada", "--folder", tmp_path).stdout
    assert "- Send it (due 10 Nov, waiting for Write it)" in brief
    run("done", f"{tmp_path}/ada/notes.md:2")
    assert "overdue" in run("status", tmp_path).stdout


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (["--all"], ["Call the vendor", "Think", "Send the article", "the outage", "Ask Bob",
                     "wrote it down"]),
        (["--lead", "ada"], ["Call the vendor", "Send the article"]),
        (["--lead", "Ada Lindqvist"], ["Call the vendor", "Send the article"]),
        (["--lead", "nobody"], []),
        (["--owner", "coach"], ["Send the article"]),
        (["--owner", "@mira"], ["Send the article"]),
        (["--owner", "Ada"], ["Call the vendor"]),
        (["--overdue"], ["Call the vendor"]),
        (["--overdue", "--today", "2026-11-21"], ["Call the vendor", "Think"]),
        (["--tag", "vision"], ["Think"]),
        (["--tag", "#vendor"], ["Call the vendor"]),
        (["--all", "--tag", "none"], []),
    ],
)  # fmt: skip
def test_which_actions(coaching, options, texts):
    today = None if "--today" in options else TODAY
    found = json.loads(run("actions", coaching, "--json", *options, today=today).stdout)
    assert sorted(item["text"] for item in found) == sorted(texts)
    printed = run("actions", coaching, *options, today=today).stdout
    assert printed == "No actions.\n" or len(printed.splitlines()) == len(texts)


def test_sessions(coaching):
    assert run("sessions", coaching).stdout.splitlines() == [
        "2026-10-01    Ben            held",
        "2026-11-03    Ada Lindqvist  held  vision  First",
    ]
    assert run("sessions", coaching, "--lead", "nobody").stdout == "No sessions.\n"
    [ada] = json_of("sessions", coaching, "--json", "--lead", "ada")
    assert ada == {
        "lead": "ada",
        "date": "2026-11-03",
        "time": None,
        "at": "2026-11-03",
        "status": "held",
        "skill": "vision",
        "levels": {"vision": "beginner"},
        "levels_self": {},
        "levels_coach": {},
        "number": 1,
        "next": "2026-12-01T16:00+00:00",
        "title": "First",
        "folder": str(coaching),
        "path": "ada/sessions/2026-11-03.md",
    }
    [ada] = json.loads(
        run("sessions", coaching, "--json", "--lead", "ada", today="2026-11-02").stdout
    )
    assert ada["status"] == "planned"


BROKEN = {
    "ada/lead.md": "---\ncadence: often\n---\n- [ ] call due:soon\n",
    "ada/2026-11-02.md": "---\nskil: vision\n---\n",
}


def test_check(coaching):
    assert run("check", coaching).output == ""
    write(coaching, BROKEN)
    result = run("check", coaching, code=1)
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{coaching}/ada/2026-11-02.md:2:1: warning unknown-key ")
    assert "(did you mean 'skill'?)" in lines[0]
    assert f"{coaching}/ada/lead.md:2:1: error cadence " in lines[1]
    assert f"{coaching}/ada/lead.md:4:12: error bad-date " in lines[2]


def test_check_as_json(coaching):
    assert json_of("check", coaching, "--format", "json") == []
    write(coaching, BROKEN)
    first, *_ = json_of("check", coaching, "--format", "json", code=1)
    assert first == {
        "folder": str(coaching),
        "path": "ada/2026-11-02.md",
        "line": 2,
        "column": 1,
        "severity": "warning",
        "code": "unknown-key",
        "message": first["message"],
        "hint": "did you mean 'skill'?",
        "fix": {"column": 1, "old": "skil", "new": "skill"},
    }


def test_check_for_github(coaching):
    write(coaching, BROKEN)
    write(coaching, {"ada/50%,a:b.md": "- [ ] call due:1\n", "ben/x.md": "- [ ] call @zoe\n"})
    first, second, *_, last = run(
        "check", coaching, "--format", "github", code=1
    ).stdout.splitlines()
    assert first.startswith(f"::warning file={coaching}/ada/2026-11-02.md,line=2,col=1,title=unk")
    assert f"::error file={coaching}/ada/50%25%2Ca%3Ab.md,line=1,col=12,title=bad-date::" in second
    assert last.startswith("::notice file=")


def test_warnings_alone_are_no_failure(coaching):
    write(coaching, {"ada/2026-11-02.md": "---\nskil: vision\n---\n"})
    assert "warning" in run("check", coaching).stdout


def test_paths_are_those_of_the_current_folder(coaching, monkeypatch):
    monkeypatch.chdir(coaching / "ada")
    assert " sessions/2026-11-03.md:10" in run("actions", "..").stdout
    assert f" {coaching}/ben/2026-10-01.md:1" in run("actions", "..").stdout


# -- folders ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["status", "actions", "sessions", "check", "open"])
def test_where_the_folder_comes_from(coaching, monkeypatch, tmp_path, command):
    expected = run(command, coaching).stdout.replace(f"{coaching}/", "")
    monkeypatch.chdir(coaching)
    assert run(command).stdout == expected
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tldash.yaml").write_text("name: other\n")
    monkeypatch.setenv("TLDASH_FOLDER", str(coaching))
    assert run(command).stdout.replace("coaching/", "") == expected
    assert run(command, tmp_path / "other").stdout != expected or command == "check"
    monkeypatch.setenv("TLDASH_FOLDER", "")
    monkeypatch.chdir(coaching)
    assert run(command).stdout == expected


def test_several_folders(coaching):
    found = json_of("actions", coaching / "ada", coaching / "ben", coaching / "ada", "--json")
    assert [(item["lead"], Path(str(item["folder"])).name, item["path"]) for item in found] == [
        ("ada", "ada", "sessions/2026-11-03.md"),
        ("ben", "ben", "2026-10-01.md"),
        ("ada", "ada", "sessions/2026-11-03.md"),
    ]


@pytest.mark.parametrize("command", ["status", "actions", "sessions", "check"])
def test_where_there_is_nothing_to_show(tmp_path, command):
    (tmp_path / "tldash.yaml").write_text("name: nobody yet\n")
    said = run(command, tmp_path).stdout
    assert "Traceback" not in said
    assert command == "check" or said.startswith("No ")


@pytest.mark.parametrize(
    "command", [["status"], ["actions"], ["sessions"], ["check"], ["open"], []]
)
def test_where_there_is_no_folder(coaching, command, monkeypatch):
    for path, words in (
        (coaching / "none", "there is no folder"),
        (coaching / "ada/lead.md", "is a file, not a folder"),
        (coaching / "empty", "no Markdown or YAML files in"),
    ):
        (coaching / "empty").mkdir(exist_ok=True)
        result = run(*command, path, code=2)
        assert result.stdout == ""
        assert words in result.stderr
        assert result.stderr.startswith("tldash: ")
        assert result.stderr.count("\n") == 1
    monkeypatch.setenv("TLDASH_FOLDER", str(coaching / "none"))
    assert "there is no folder" in run(*command, code=2).stderr


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the rights of root, to whom nothing is forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """A folder that everybody can get to."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    warm = write(tmp_path / "warm", FILES)  # so that every module is loaded
    run("status", warm)
    run("done", warm / "ben/2026-10-01.md:1")
    return tmp_path


def test_a_folder_that_may_not_be_read(others):
    closed = write(others / "closed", FILES)
    closed.chmod(0)
    try:
        with as_somebody_else():
            result = run("status", closed, code=2)
    finally:
        closed.chmod(0o700)
    assert result.stderr == f"tldash: {closed} cannot be read: permission denied\n"


def test_a_file_that_may_not_be_read_costs_itself(others):
    folder = write(others / "open", FILES)
    (folder / "ben/2026-10-01.md").chmod(0)
    (folder / "ada/skills.md").chmod(0o644)
    with as_somebody_else():
        result = run("check", folder, code=1)
        assert "Ada Lindqvist" in run("status", folder).stdout
    [line] = result.stdout.splitlines()
    assert line.startswith(f"{folder}/ben/2026-10-01.md:1:1: error permission ")


def test_a_file_that_may_not_be_written_is_refused(others):
    file = write(others / "fixed", FILES) / "ada/sessions/2026-11-03.md"
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        with as_somebody_else():
            result = run("done", f"{file}:10", code=1)
    finally:
        file.parent.chmod(0o755)
    assert result.stderr.startswith("tldash: not changed: ")
    assert file.read_text() == FILES["ada/sessions/2026-11-03.md"]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--nonsense"],
        ["--nonsense"],
        ["status", "--today", "soon"],
        ["status", "--today", "2026-02-30"],
        ["check", "--format", "xml"],
        ["done"],
        ["done", "nowhere"],
        ["done", "x.md:"],
        ["done", ":5"],
        ["done", "x.md:five"],
        ["done", "x.md:" + "1" * 5000],
        ["done", "x.md:-1"],
    ],
)
def test_what_is_asked_wrongly_ends_with_2_and_says_how(arguments):
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_names_that_begin_with_a_dash(tmp_path, monkeypatch):
    write(tmp_path, {"-x/lead.md": "# Odd\n- [ ] a\n", "status/lead.md": "# Named\n"})
    monkeypatch.chdir(tmp_path)
    assert "Odd" in run("--", "-x").stdout
    assert "Odd" in run("status", "--", "-x").stdout
    assert "-x/lead.md:2" in run("actions", "--", "-x").stdout
    assert "Named" in run("./status").stdout
    assert run("done", "--", "-x/lead.md:2").stdout == "done: a\n"
    assert "[x]" in (tmp_path / "-x/lead.md").read_text()


def test_nothing_from_a_file_reaches_the_terminal_raw(tmp_path):
    evil = "\x1b]52;c;aGk=\x07\u202e"
    files = {
        f"a{evil}/lead.md": "---\nname: 'A\u202eB'\ncadence: 'x\x9b'\n---\n"
        f"- [ ] {evil} due:x{evil}\n",
        f"a{evil}/2026-11-03.md": f"# {evil}\n- [ ] b @{evil}c\n",
    }
    folder = write(tmp_path, files)
    for command in (
        ["status"],
        ["actions"],
        ["sessions"],
        ["check"],
        ["check", "--format", "github"],
    ):
        result = CliRunner().invoke(main, [*command, str(folder)])
        assert "A" in result.stdout or "\u241b" in result.stdout
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(result.stdout)
    result = CliRunner().invoke(main, ["status", f"{folder}/{evil}"])
    assert result.exit_code == 2
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stderr)


def test_any_day_can_be_today(coaching):
    for today in ("0001-01-01", "9999-12-31"):
        for command in ("status", "actions", "sessions", "check"):
            run(command, coaching, today=today)


# -- done ---------------------------------------------------------------------------------------

LINE = "ada/sessions/2026-11-03.md:10"


def session(coaching: Path) -> list[str]:
    return (coaching / "ada/sessions/2026-11-03.md").read_text().splitlines()


def test_done_and_reopened(coaching, monkeypatch):
    monkeypatch.chdir(coaching)
    before = session(coaching)
    assert run("done", LINE).stdout == "done: Call the vendor\n"
    assert session(coaching)[9] == f"{before[9].replace('[ ]', '[x]')} done:{TODAY}"
    assert session(coaching)[:9] + session(coaching)[10:] == before[:9] + before[10:]
    assert run("done", LINE).stdout == "already done: Call the vendor\n"
    assert run("done", LINE, "--reopen").stdout == "reopened: Call the vendor\n"
    assert session(coaching) == before
    assert run("done", LINE, "--reopen").stdout == "already open: Call the vendor\n"


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("ada", "sessions/2026-11-03.md:10"),
        ("ada/sessions", "2026-11-03.md:10"),
        ("ben", "../ada/sessions/2026-11-03.md:10"),
        ("ben", "../ben/../ada/sessions/2026-11-03.md:10"),
    ],
)
def test_done_from_any_folder(coaching, monkeypatch, folder, path):
    monkeypatch.chdir(coaching / folder)
    run("done", path)
    assert "[x]" in session(coaching)[9]


def test_done_in_another_leads_folder_than_the_current_one(tmp_path, monkeypatch):
    write(tmp_path, {"ada/lead.md": "- [ ] a\n", "ben/lead.md": ""})
    monkeypatch.chdir(tmp_path / "ben")
    assert run("done", "../ada/lead.md:1").stdout == "done: a\n"


def test_done_below_the_folder_of_the_environment(coaching, monkeypatch, tmp_path):
    monkeypatch.setenv("TLDASH_FOLDER", str(coaching))
    monkeypatch.chdir(tmp_path)
    run("done", LINE)
    assert "[x]" in session(coaching)[9]
    assert "there is no file" in run("done", "none.md:1", code=1).stderr


def test_done_in_a_folder_that_has_nothing_but_the_file(tmp_path, monkeypatch):
    write(tmp_path, {"todo.md": "- [ ] a\n", "sessions/2026-11-03.yaml": "actions:\n- b\n"})
    monkeypatch.chdir(tmp_path)
    run("done", "todo.md:1")
    assert (tmp_path / "todo.md").read_text() == f"- [x] a ✅ {TODAY}\n"
    run("done", "sessions/2026-11-03.yaml:2")
    assert (tmp_path / "sessions/2026-11-03.yaml").read_text() == f"actions:\n- b done:{TODAY}\n"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("ada/sessions/2026-11-03.md:6", "is no task item"),
        ("ada/sessions/2026-11-03.md:999", "is no task item"),
        ("ada/sessions/2026-11-03.md:0", "is no task item"),
        ("ada/sessions/none.md:1", "there is no file"),
        ("ada/sessions:1", "there is no file"),
        ("a" * 300 + ".md:1", "cannot be opened"),
        ("tldash.yaml:1", "is no task item"),
    ],
)
def test_what_cannot_be_done_is_refused(coaching, monkeypatch, place, words):
    monkeypatch.chdir(coaching)
    result = run("done", place, code=1)
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.startswith("tldash: ")


def test_done_through_a_link_names_the_file(coaching, monkeypatch, tmp_path):
    monkeypatch.chdir(coaching)
    write(tmp_path, {"outside.md": "- [ ] theirs\n"})
    write(coaching, {"ada/plan.md": "- [ ] a\n- [ ] b\n- [ ] c\n"})
    (coaching / "ada/link.md").symlink_to("plan.md")
    (coaching / "ada/q.md").hardlink_to(coaching / "ada/plan.md")
    (coaching / "ada/out.md").symlink_to("../../outside.md")
    said = run("done", "ada/link.md:1").stdout
    assert said == "ada/link.md is another name of ada/plan.md\ndone: a\n"
    said = run("done", "ada/q.md:2").stdout
    assert said == "ada/q.md is another name of ada/plan.md\ndone: b\n"
    said = run("done", "ada/out.md:1", code=1).stderr
    assert "a link that leads outside" in said
    assert str(tmp_path / "outside.md") in said
    assert (tmp_path / "outside.md").read_text() == "- [ ] theirs\n"
    assert (coaching / "ada/link.md").is_symlink()


def test_an_edit_that_cannot_be_undone_says_so(coaching, monkeypatch, tmp_path):
    monkeypatch.chdir(coaching)
    write(tmp_path, {"state": "a file, where a folder should be"})
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for command in (("done", LINE), ("done", LINE, "--reopen"), ("add", "ada", "call")):
        told = run(*command).stderr
        assert told.startswith("tldash: this edit cannot be undone: ")
        assert "edits.jsonl" in told
    assert "there is no edit to undo" in run("undo", code=1).stderr


def test_done_in_a_file_that_somebody_is_writing(coaching, monkeypatch):
    monkeypatch.chdir(coaching)
    with (coaching / "ada/sessions/2026-11-03.md").open("w") as handle:
        assert "another program is writing" in run("done", LINE, code=1).stderr
        handle.write("- [ ] new\n")


def test_a_merge_conflict_is_not_edited(coaching, monkeypatch):
    monkeypatch.chdir(coaching)
    write(coaching, {"ada/x.md": "- [ ] a\n<<<<<<< x\n=======\n>>>>>>> y\n"})
    assert "read-only" in run("done", "ada/x.md:1", code=1).stderr


# -- the program itself -------------------------------------------------------------------------


def program(*arguments: object, **how: object) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).with_name("tldash")
    return subprocess.run(
        [script, *map(str, arguments)],
        capture_output=True, check=False, **{"text": True, **how},
    )  # fmt: skip


def test_where_the_output_is_no_terminal_the_status_is_printed(coaching):
    done = program(coaching, "--today", TODAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run("status", coaching).stdout
    assert program("demo", "--today", TODAY).stdout == run("status", find_sample_data()).stdout


def test_a_pipe_that_takes_no_unicode_gets_plain_signs(coaching):
    done = program(
        "status", coaching, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, encoding="latin-1"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ada Lindqvist" in done.stdout
    assert "..." in done.stdout
    assert done.stdout.isascii()
    found = program("status", coaching, "--json", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert len(json.loads(found.stdout)) == 2


def test_a_current_folder_that_was_deleted(coaching, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = 'rmdir "$PWD"; exec "$0" "$@"'
    script = Path(sys.executable).with_name("tldash")
    for arguments, code, words in (
        (["check", coaching], 0, ""),
        (["actions", coaching], 0, f"{coaching}/ada"),
        (["status"], 2, "no folder"),
        (["done", "x.md:1"], 1, "no file"),
    ):
        gone.mkdir(exist_ok=True)
        done = subprocess.run(
            ["sh", "-c", command, script, *map(str, arguments)],
            cwd=gone, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done
        assert words in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


# -- own settings ----------------------------------------------------------------------------------


def settings(tmp_path: Path, text: str) -> dict[str, str]:
    """An environment in which these are the user's own settings."""
    file = tmp_path / "own" / "tldash" / "config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "own")}


def test_config_tells_what_is_in_force(tmp_path):
    env = settings(tmp_path, "me: Mira\ntheme: nord\nicons: ascii\nkeys:\n  add: [f9, g n]\n")
    done = program("config", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line]
    assert lines[:4] == [
        [f"{tmp_path}/own/tldash/config.yaml"],
        ["me", "Mira"],
        ["theme", "nord"],
        ["icons", "ascii"],
    ]
    told = dict(lines[4:])
    assert told["add"].split() == ["f9,", "g", "n", "yours"]
    assert told["tick"] == "space"


def test_config_tells_what_is_wrong(tmp_path):
    done = program("config", env=settings(tmp_path, "me: Mira\nkeys:\n  ad: x\n  tick: a\n"))
    assert (done.returncode, done.stderr) == (1, "")
    file = tmp_path / "own/tldash/config.yaml"
    assert f"{file}:3:3: warning own-settings there is no command 'ad' (did you mean add?)" in (
        done.stdout
    )
    assert f"{file}:4:3: warning own-settings tick cannot have this key: a is actions" in (
        done.stdout
    )
    assert "me     Mira" in done.stdout


def test_config_tells_what_is_wrong_with_saved_views(tmp_path):
    env = settings(tmp_path, "me: Mira\n")
    file = tmp_path / "own/tldash/views.yaml"
    file.write_text("late: overdue\nbad: {sort: nmae}\n")
    done = program("config", env=env)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{file}:2:1: warning own-settings bad: cannot be sorted by 'nmae'" in done.stdout


def test_config_without_a_file(tmp_path):
    done = program("config", env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{tmp_path}/tldash/config.yaml (does not exist)\n")


@pytest.mark.parametrize("command", ["status", "sessions", "actions"])
def test_signs_in_print_are_plain_where_that_is_asked(coaching, tmp_path, command):
    plain = program(command, coaching, env=settings(tmp_path, "icons: ascii\n"))
    assert plain.returncode == 0
    assert plain.stdout.isascii()
    asked = program(command, coaching, env={**os.environ, "TLDASH_ICONS": "ascii"})
    assert asked.stdout == plain.stdout
    assert program(
        command, coaching, "--json", env=settings(tmp_path / "x", "icons: ascii")
    ).stdout == (program(command, coaching, "--json").stdout)


def test_sessions_are_printed_in_the_time_zone_of_the_viewer(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC-3")
    time.tzset()
    try:
        folder = write(tmp_path / "ada", {
            "lead.md": "---\ntimezone: Asia/Tokyo\n---\n",
            "sessions/2026-11-03.md": "---\ntime: 3:30\nnext: 2026-12-01 16:00\n---\na\n",
            "sessions/2026-11-02.md": "---\ndate: 2026-11-02 23:00Z\n---\na\n",
        })  # fmt: skip
        assert run("sessions", folder).stdout.splitlines() == [
            "2026-11-02  21:30  Ada  held",
            "2026-11-03  02:00  Ada  held",
        ]
        first, second = json_of("sessions", folder, "--json")
        assert (first["date"], first["time"], first["at"], first["next"]) == (
            "2026-11-02", "21:30", "2026-11-03T03:30+09:00", "2026-12-01T16:00+09:00",
        )  # fmt: skip
        assert second["at"] == "2026-11-02T23:00+00:00"
        plain = write(tmp_path / "ben", {"2026-11-03.md": "---\ntime: 9:00\n---\na\n"})
        [only] = json_of("sessions", plain, "--json")
        assert (only["time"], only["at"]) == ("09:00", "2026-11-03T09:00+03:00")
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_times_in_summer_are_right_in_winter(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        folder = write(tmp_path / "ada", {
            "2026-07-14.md": "---\ndate: 2026-07-14 12:00Z\n---\na\n",
            "2026-07-15.md": "---\ntime: 9:00\n---\na\n",
            "2026-11-03.md": "---\ndate: 2026-11-03 12:00Z\n---\na\n",
        })  # fmt: skip
        found = json_of("sessions", folder, "--json")
        assert [one["time"] for one in found] == ["14:00", "09:00", "13:00"]
        assert found[1]["at"] == "2026-07-15T09:00+02:00"
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


def test_names_are_matched_without_their_accents(tmp_path):
    folder = write(tmp_path, {
        "zoë/lead.md": "---\nname: Zoë Łukasz\ncoach: Søren\n---\n",
        "zoë/2026-11-03.md": "- [ ] call #café @søren\n- [ ] write\n",
    })  # fmt: skip
    for options in (["--lead", "zoe"], ["--lead", "Zoe\u0308"], ["--lead", "zoe lukasz"]):
        assert [one["text"] for one in json_of("actions", folder, "--json", *options)] == [
            "call", "write",
        ]  # fmt: skip
    for options in (["--tag", "cafe"], ["--owner", "soren"], ["--owner", "coach"]):
        assert [one["text"] for one in json_of("actions", folder, "--json", *options)] == ["call"]


def test_a_dumb_terminal_gets_the_status(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert launch.is_terminal()
    monkeypatch.setenv("TERM", "dumb")
    assert not launch.is_terminal()


def test_search(coaching: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(coaching)
    write(coaching, {"ada/notes.md": "x\n\nThe Tab\tand the word Zoë\n"})
    found = run("search", "zoe", "word", today=None)
    assert found.stdout == "ada/notes.md\t3\t17\tnotes\tada\tThe Tab and the word Zoë\n"
    assert json_of("search", "ZOE", "--json", today=None) == [
        {
            "folder": str(coaching),
            "path": "ada/notes.md",
            "line": 3,
            "column": 22,
            "kind": "notes",
            "lead": "ada",
            "text": "The Tab\tand the word Zoë",
        }
    ]
    assert run("search", "zoe", "--folder", "ada", today=None).stdout.startswith("ada/notes.md\t")
    assert run("search", "nowhere", today=None, code=1).output == ""
    assert json_of("search", "nowhere", "--json", today=None, code=1) == []
    assert "type the words" in run("search", " ", today=None, code=2).stderr
    assert "there is no folder" in run("search", "a", "--folder", "x", today=None, code=2).stderr


def repository(folder: Path) -> Path:
    """FILES on 9 October; Ben's action is done on 12 October, late in the evening."""
    story = Story()
    files = {path: text.encode() for path, text in FILES.items()}
    mark = story.commit(dict(files), START)
    files["ben/2026-10-01.md"] = b"- [x] Think #skill/vision\n"
    story.commit(dict(files), EVENING, (mark,))
    story.write(make_repository(folder))
    git(folder, "reset", "-q", "--hard")
    return folder


EVENING = int(datetime(2025, 10, 12, 23, 30, tzinfo=UTC).timestamp())


def test_as_of_prints_what_a_checkout_of_that_day_prints(tmp_path: Path) -> None:
    folder = repository(tmp_path / "coaching")
    day = ("--as-of", "2025-10-11")
    for command in (
        ["open"],
        ["status"],
        ["actions", "--all"],
        ["sessions"],
        ["brief", "ben", "--folder"],
        ["story", "ben", "--folder"],
    ):
        now = run(*command, folder, *day, today=None)
        git(folder, "checkout", "-q", "main~1")
        assert run(*command, folder, today="2025-10-11").stdout == now.stdout
        git(folder, "checkout", "-q", "main")
        assert run(*command, folder, today=None).stdout != now.stdout
        later = run(*command, folder, *day)
        git(folder, "checkout", "-q", "main~1")
        assert run(*command, folder).stdout == later.stdout
        git(folder, "checkout", "-q", "main")


def test_as_of_searches_and_checks_the_files_of_that_day(tmp_path: Path) -> None:
    folder = repository(tmp_path / "coaching")
    for command, code in (
        (["search", "think", "--folder"], 0),
        (["check", "--today", "2026-11-20"], 1),
    ):
        git(folder, "checkout", "-q", "main~1")
        file = folder / "ada/extra.md"
        file.write_text("- [ ] think due:never\n")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "x", "--date", "2025-10-11")
        expected = run(*command, folder, today=None, code=code).stdout
        file.write_text("thinking\n")
        (folder / "ada/more.md").write_text("think\n")
        assert (
            run(*command, folder, "--as-of", "9999-12-31", today=None, code=code).stdout == expected
        )
        git(folder, "checkout", "-q", "-f", "main")
        (folder / "ada/more.md").unlink()
    for options in (["--fix"], ["--private"]):
        failed = run("check", folder, "--as-of", "2025-10-11", *options, today=None, code=2)
        assert "--as-of does not go with" in failed.stderr
    for pack in (folder / ".git/objects/pack").glob("*.pack"):
        pack.write_bytes(b"x" * 40)
    failed = run("search", "x", "--folder", folder, "--as-of", "2025-10-20", today=None, code=2)
    assert failed.stderr.startswith(f"tldash: {folder} cannot be shown as of 2025-10-20: ")


@pytest.mark.parametrize(
    ("zone", "day", "status"),
    [
        ("UTC", "2025-10-11", "in-progress"),
        ("UTC", "2025-10-12", "done"),
        ("Asia/Tokyo", "2025-10-12", "in-progress"),
        ("Asia/Tokyo", "2025-10-13", "done"),
        ("America/New_York", "2025-10-12", "done"),
        ("UTC", "9999-12-31", "done"),
    ],
)
def test_as_of_is_the_end_of_the_day_where_the_viewer_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, day: str, status: str
) -> None:
    folder = repository(tmp_path / "coaching")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = json_of("actions", folder, "--all", "--json", "--as-of", day, today=None)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [one["status"] for one in found if one["text"] == "Think"] == [status]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2025-10-08", "its first commit is of 2025-10-09. Choose that day or a later."),
        ("0001-01-01", "its first commit is of 2025-10-09. Choose that day or a later."),
        ("tomorrow", "'tomorrow' is not a date; write it as YYYY-MM-DD"),
    ],
)
def test_as_of_a_day_that_git_does_not_have(tmp_path: Path, day: str, sentence: str) -> None:
    folder = repository(tmp_path / "coaching")
    for command in (["status"], ["actions"], ["sessions"], ["brief", "ben", "--folder"]):
        failed = run(*command, folder, "--as-of", day, today=None, code=2)
        assert failed.stdout == ""
        assert sentence in failed.stderr


def test_as_of_a_damaged_repository(tmp_path: Path) -> None:
    folder = repository(tmp_path / "coaching")
    name = git(folder, "rev-parse", "main:ben/2026-10-01.md").strip()
    for pack in (folder / ".git/objects/pack").glob("*.pack"):
        moved = pack.rename(folder / pack.name)
        git(folder, "unpack-objects", "-q", stdin=moved.read_bytes())
        moved.unlink()
    (folder / ".git/objects" / name[:2] / name[2:]).unlink()
    failed = run("status", folder, "--as-of", "2025-10-20", today=None, code=2)
    assert failed.stderr == (
        f"tldash: {folder} cannot be shown as of 2025-10-20: object {name} is not on this machine. "
        "This may be a partial clone: run git fetch --refetch --no-filter in it.\n"
    )


def test_as_of_a_day_without_files_of_ours(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "coaching")
    story = Story()
    story.commit({"picture.png": b"\x89PNG"}, START)
    story.write(folder)
    failed = run("status", folder, "--as-of", "2025-10-20", today=None, code=2)
    names = f"no Markdown or YAML files in {folder} on 2025-10-20"
    assert failed.stderr == f"tldash: git had {names}. Choose a later day.\n"
