"""`tldash check --private`: what is found in files, names of files and the index, and the fix."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.git_repository import git, make_repository
from tests.support.records import write
from tests.support.spellings import LIST, SPELLINGS, WORDS
from tldash.cli import main

SESSION = "ada/sessions/2026-11-03.md"
LEAD = "---\nname: Ada\ncoach: Mira <mira@corp.io>\nemail: ada@corp.io\n---\n"
SAID = (
    "\ufeff---\r\nskill: vision\r\n---\r\n- [ ] ask @maria due:2026-12-01 ^a1\r\n"
    "  told Maria\r\n  Lopez so\r\n"
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The viewer's list of names."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "config", {"tldash/names.yaml": LIST})
    return tmp_path / "config/tldash/names.yaml"


def check(folder: Path, *more: str, code: int = 1) -> Result:
    arguments = ["check", "--private", str(folder), *more]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def places(result: Result) -> list[str]:
    """Return the places and codes of the lines."""
    return [" ".join(line.split(" ")[:3]) for line in result.stdout.splitlines()]


def folder(tmp_path: Path, files: Mapping[str, str]) -> Path:
    return write(tmp_path / "coaching", {"ada/lead.md": LEAD, **files})


@pytest.mark.usefixtures("own")
def test_what_stands_where(tmp_path: Path) -> None:
    coaching = folder(
        tmp_path,
        {
            SESSION: SAID,
            "ada/maria-notes.md": "mira@corp.io, ada@corp.io, kim@corp.io, call +49 170 1234567\n",
            "ada/José/x.yaml": "a: maria@corp.io\n",
            "ada/sessions/2026-11-03.sync-conflict-20261103-101010-ABCDEFG.md": "ML\n",
        },
    )
    found = check(coaching)
    assert places(found) == [
        "coaching/ada/José:1:1: error private-name",
        "coaching/ada/José/x.yaml:1:4: error private-contact",
        "coaching/ada/maria-notes.md:1:1: error private-name",
        "coaching/ada/maria-notes.md:1:28: error private-contact",
        "coaching/ada/maria-notes.md:1:46: error private-contact",
        f"coaching/{SESSION}:4:12: error private-name",
        f"coaching/{SESSION}:5:8: error private-name",
        f"coaching/{SESSION.replace('.md', '.sync-conflict-20261103-101010-ABCDEFG.md')}"
        ":1:1: error private-name",
    ]
    assert "'Maria Lopez' is on your list of names (write Fox)" in found.stdout
    as_json = json.loads(check(coaching, "--format", "json").stdout)
    assert [one["code"] for one in as_json] == [line.split()[-1] for line in places(found)]
    assert as_json[5]["fix"] == {"column": 12, "old": "maria", "new": "fox"}
    assert check(coaching, "--format", "github").stdout.startswith("::error file=coaching/ada/Jos")


@pytest.mark.usefixtures("own")
def test_nothing_is_found_in_a_clean_folder(tmp_path: Path) -> None:
    assert check(folder(tmp_path, {SESSION: "- [ ] x\n"}), code=0).output == ""


def test_an_ordinary_word_warns(tmp_path: Path, own: Path) -> None:
    own.write_text("names:\n  Will: Ant\n")
    coaching = folder(tmp_path, {SESSION: "Will we go?\n"})
    assert places(check(coaching, code=0)) == [f"coaching/{SESSION}:1:1: warning private-name"]
    check(coaching, "--fix", "--yes", code=0)
    assert (coaching / SESSION).read_text() == "Will we go?\n"
    (coaching / SESSION).write_text("so Will will go\n")
    check(coaching, "--fix", "--yes", code=0)
    assert (coaching / SESSION).read_text() == "so Ant will go\n"


def test_without_a_usable_list_nothing_is_checked(tmp_path: Path, own: Path) -> None:
    coaching = folder(tmp_path, {SESSION: "Maria\n"})
    for text, says in (
        (None, "there is no list of names. Write one to"),
        ("names:\n", "there is no list of names"),
        ("names:\n  Maria: Fox\n  B: x\n", "has mistakes, so nothing was checked"),
        ("names: {", "has mistakes, so nothing was checked"),
    ):
        own.unlink(missing_ok=True)
        if text is not None:
            own.write_text(text)
        result = check(coaching, code=2)
        assert result.stdout == ""
        assert says in result.stderr
    own.write_text("words: [x y]\n")
    shared = coaching / "names.yaml"
    own.replace(shared)
    own.symlink_to(shared)
    assert "is in a shared folder. Move" in check(coaching, code=2).stderr


@pytest.mark.usefixtures("own")
def test_wrong_options(tmp_path: Path) -> None:
    coaching = str(folder(tmp_path, {}))
    for options in (["--staged"], ["--private", "--staged", "--fix"]):
        assert CliRunner().invoke(main, ["check", coaching, *options]).exit_code == 2


@pytest.mark.usefixtures("own")
def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    coaching = folder(tmp_path, {SESSION: "x\n" * (1 << 20) + "Maria", "ada/old.md": ""})
    (coaching / "ada/old.md").write_bytes("Jos\xe9 was here\n".encode("latin-1"))
    (coaching / "ada/wide.md").write_bytes("Maria\n".encode("utf-16"))
    assert places(check(coaching)) == [
        "coaching/ada/old.md:1:1: error private-name",
        f"coaching/{SESSION}:1:1: error private-unchecked",
        "coaching/ada/wide.md:1:1: error private-name",
    ]


def plant(chance: random.Random) -> tuple[str, list[tuple[int, int]]]:
    """Return a note with every spelling once, and the lines and columns where they begin."""
    lines: list[str] = ["# Notes", ""]
    at: list[tuple[int, int]] = []
    for written in chance.sample(SPELLINGS, len(SPELLINGS)):
        before = f"{' '.join(chance.choices(WORDS, k=5))} "
        (first,) = chance.choices(["", "- ", "> ", "- [ ] "])
        head = first + before
        first_letter = next(n for n, one in enumerate(written) if one.isalnum())
        name = max(written.lower().find("maria"), first_letter)
        at.append((len(lines) + 1, len(head) + name + 1))
        lines += f"{head}{written} {' '.join(chance.choices(WORDS, k=4))}".split("\n")
        lines.append("")
    return "\n".join(lines), at


@pytest.mark.usefixtures("own")
def test_a_hundred_files_with_every_spelling(tmp_path: Path) -> None:
    """All are found at their places and none twice. A fix leaves none, and undo every byte."""
    chance = random.Random(16)
    planted = {f"ada/notes/{number}.md": plant(chance) for number in range(100)}
    coaching = folder(tmp_path, {path: text for path, (text, _) in planted.items()})
    before = {path: (coaching / path).read_bytes() for path in planted}
    found = [
        (one["path"], one["line"], one["column"])
        for one in json.loads(check(coaching, "--format", "json").stdout)
    ]
    assert sorted(found) == sorted(
        (path, line, column) for path, (_, at) in planted.items() for line, column in at
    )
    check(coaching, "--fix", "--yes", code=0)
    after = {path: (coaching / path).read_bytes() for path in planted}
    assert all(after[path] != before[path] for path in planted)
    undone = CliRunner().invoke(main, ["undo", str(coaching)])
    assert undone.exit_code == 0, undone.output
    assert {path: (coaching / path).read_bytes() for path in planted} == before


@pytest.mark.usefixtures("own")
def test_the_fix_changes_names_alone(tmp_path: Path) -> None:
    yaml = (
        "date: 2026-11-03\nnotes: |\n  José's plan\n"
        "actions:\n  - Maria calls 'Maria''s' ML  # Maria\n"
    )
    path = "ada/sessions/2026-12-01.yaml"
    coaching = folder(tmp_path, {SESSION: SAID, path: yaml})
    shown = check(coaching, "--fix", "--yes", code=0).stderr.splitlines()
    assert "-- [ ] ask @maria due:2026-12-01 ^a1" in shown
    assert f"coaching/{SESSION}: 2 fixes" in shown
    assert (coaching / SESSION).read_bytes().decode() == (
        SAID.replace("@maria", "@fox").replace("Maria\r\n  Lopez so", "Fox\r\n  so")
    )
    expected = yaml.replace("Maria", "Fox").replace("José", "Red Elk").replace("ML", "Fox")
    assert (coaching / path).read_text() == expected
    check(coaching, code=0)


@pytest.mark.usefixtures("own")
def test_what_the_fix_leaves(tmp_path: Path) -> None:
    """An unresolved merge. The lines of a name stay as many as they were."""
    merge = "<<<<<<< a\nMaria\n=======\nx\n>>>>>>> b\n"
    alone = "- Maria\n  Lopez\n"
    files = {SESSION: merge, "ada/notes.md": alone, "ada/x.yaml": "tags: [maria]\n"}
    coaching = folder(tmp_path, files)
    check(coaching, "--fix", "--yes")
    assert (coaching / SESSION).read_text() == merge
    assert (coaching / "ada/notes.md").read_text() == "- \n  Fox\n"
    assert (coaching / "ada/x.yaml").read_text() == "tags: [Fox]\n"


@pytest.mark.usefixtures("own")
def test_what_is_staged(tmp_path: Path) -> None:
    coaching = make_repository(tmp_path / "coaching")
    write(coaching, {"ada/lead.md": LEAD, SESSION: "Maria\n", "ben/notes.txt": "x\n"})
    git(coaching, "add", "-A")
    git(coaching, "commit", "-qm", "all")
    check(coaching, "--staged", code=0)
    write(coaching, {"ben/notes.txt": "so Maria\n", "ben/maria/a.csv": "x\n", "ben/ML.md": "x\n"})
    (coaching / "ben/picture.png").write_bytes(b"\x89PNG\0Maria")
    git(coaching, "add", "-A", ":!ben/ML.md")
    (coaching / "ben/notes.txt").write_text("clean again\n")
    assert places(check(coaching, "--staged")) == [
        "coaching/ben/maria:1:1: error private-name",
        "coaching/ben/notes.txt:1:4: error private-name",
    ]
    check(coaching / "ada", "--staged", code=0)
    plain = folder(tmp_path / "plain", {})
    assert "not in a git repository" in check(plain, "--staged", code=2).stderr


@pytest.mark.usefixtures("own")
def test_a_real_hook_blocks_the_commit(tmp_path: Path) -> None:
    """Also `git commit -a`, for which git gives its hook another index."""
    coaching = make_repository(tmp_path / "coaching")
    write(coaching, {"ada/lead.md": LEAD})
    git(coaching, "add", "-A")
    git(coaching, "commit", "-qm", "all")
    hook = coaching / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m tldash check --private --staged .\n")
    hook.chmod(0o755)
    (coaching / "ada/lead.md").write_text(f"{LEAD}Maria\n")
    with pytest.raises(AssertionError, match="private-name"):
        git(coaching, "commit", "-qam", "leaks")
    (coaching / "ada/lead.md").write_text(f"{LEAD}Fox\n")
    git(coaching, "commit", "-qam", "does not")
    assert git(coaching, "log", "--format=%s").split("\n")[0] == "does not"


@pytest.mark.system
@pytest.mark.usefixtures("own")
def test_what_is_found_is_not_printed_into_the_folder(tmp_path: Path) -> None:
    coaching = folder(tmp_path, {SESSION: "Maria\n"})
    command = [sys.executable, "-m", "tldash", "check", "--private", str(coaching)]
    for there, code in ((coaching / "report.txt", 2), (tmp_path / "report.txt", 1)):
        with there.open("w") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)
        assert done.returncode == code
        assert ("Maria" in there.read_text()) == (code == 1)


@pytest.mark.system
@pytest.mark.usefixtures("own")
def test_no_process_starts_and_nothing_is_written(tmp_path: Path) -> None:
    coaching = make_repository(tmp_path / "coaching")
    write(coaching, {"ada/lead.md": LEAD, SESSION: "Maria\n"})
    git(coaching, "add", "-A")
    config = '[core]\n\tfsmonitor = touch /tmp/never\n[filter "x"]\n\tclean = touch /tmp/never\n'
    settings = coaching / ".git/config"
    settings.write_text(settings.read_text() + config)
    (coaching / ".gitattributes").write_text("*.md filter=x\n")
    log = tmp_path / "calls"
    strace = shutil.which("strace")
    assert strace
    traced = [strace, "-f", "-o", str(log), "-e", "trace=execve,openat,rename,renameat2,unlink"]
    command = [sys.executable, "-m", "tldash", "check", "--private", "--staged", str(coaching)]
    done = subprocess.run(
        [*traced, *command], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 1, done.stderr
    calls = log.read_text().splitlines()
    assert sum("execve(" in call for call in calls) == 1
    assert not [
        call for call in calls if "O_WRONLY" in call or "O_RDWR" in call or "O_CREAT" in call
    ]
