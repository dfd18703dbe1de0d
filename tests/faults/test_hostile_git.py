"""`--as-of` and `tldash log` in hostile repositories: nothing starts, no other file is opened."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tracing import tool
from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.records import write
from tests.support.terminal import Terminal, environment, script
from tldash.storage.walk import walk_listing
from tldash.workspace.as_of import open_as_of

pytestmark = pytest.mark.system

OLD: Final = b"---\nname: Old\n---\n- [ ] the old action due:2025-10-10\n"
DATE: Final = datetime.fromtimestamp(START, UTC).date()
TOP: Final = Path(__file__).parents[2]
SYSTEM: Final = ("/etc/", "/usr/", "/lib", "/proc/", "/dev/", "/sys/", "/opt/", "/var/lib/")
TRACED: Final = "trace=process,open,openat,openat2,creat,connect"
STARTS: Final = re.compile(r"\b(?:execve|execveat|fork|vfork|clone|clone3|connect)\(")
OPENED: Final = re.compile(r"\b(?:open|openat|openat2|creat)\(.* = \d+<(?P<path>[^>]*)>")


def make(folder: Path) -> Path:
    """A repository with two commits: the older one has the action that is wanted."""
    make_repository(folder)
    story = Story()
    mark = story.commit({"ada/lead.md": OLD}, START)
    story.commit({"ada/lead.md": OLD.replace(b"Old", b"New")}, START + 9 * DAY, (mark,))
    story.write(folder)
    return folder


def make_hostile(folder: Path, outside: Path) -> None:
    """Everything in a repository that makes git run a program or read another file."""
    evil = outside / "evil"
    config = {
        "core": f"fsmonitor = {evil}\n hooksPath = {outside}\n worktree = {outside}\n"
        f" sshCommand = {evil}\n editor = {evil}\n pager = {evil}\n alternateRefsCommand = {evil}\n"
        " repositoryformatversion = 1\n",
        "include": f"path = {outside}/config\n",
        'filter "x"': f"smudge = {evil}\n clean = {evil}\n process = {evil}\n required\n",
        'diff "x"': f"textconv = {evil}\n command = {evil}\n",
        "extensions": "partialClone = origin\n",
        'remote "origin"': f"url = ext::{evil}\n promisor = true\n uploadpack = {evil}\n",
    }
    text = "".join(f"[{name}]\n {body}" for name, body in config.items())
    tip, first = git(folder, "rev-list", "main").split()
    git(folder, "replace", first, tip)
    git(folder, "pack-refs", "--all")
    (folder / ".git/config").write_text(text)
    write(
        folder,
        {
            ".git/info/attributes": "* filter=x diff=x\n",
            ".git/info/grafts": f"{tip}\n",
            ".git/objects/info/alternates": f"{outside}/objects\n",
            ".git/objects/info/http-alternates": f"{outside}/objects\n",
            ".gitattributes": "* filter=x diff=x\n",
            ".gitmodules": f'[submodule "x"]\n path = x\n url = ext::{evil}\n',
        },
    )
    for name in ("post-checkout", "pre-commit", "fsmonitor-watchman", "reference-transaction"):
        hook = write(folder, {f".git/hooks/{name}": "#!/bin/sh\ntouch started\n"})
        (hook / f".git/hooks/{name}").chmod(0o755)


def check_trace(log: str, *allowed: Path) -> None:
    """One program was started, and only what is allowed was opened."""
    assert len(STARTS.findall(log)) == 1, log
    check_opened(log, *allowed)


def check_opened(log: str, *allowed: Path) -> None:
    """A pack was opened, and nothing but what is allowed."""
    inside = (*map(str, allowed), str(TOP), sys.prefix, sys.base_prefix)
    opened = [match["path"] for match in OPENED.finditer(log)]
    assert any(path.endswith(".pack") for path in opened)
    assert [path for path in opened if not path.startswith((*inside, *SYSTEM))] == []


def trace(log: Path, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    home = log.parent / "home"
    home.mkdir(exist_ok=True)
    strace = [tool("strace"), "-f", "-y", "-s", "300", "-o", str(log), "-e", TRACED]
    return subprocess.run(
        [*strace, *command], cwd=cwd, env=environment(home, TZ="UTC"),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_nothing_in_a_repository_starts_a_program_or_opens_another_file(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(make(tmp_path / "other") / ".git/objects", outside / "objects")
    write(outside, {"config": "[core]\n", "evil": "#!/bin/sh\ntouch started\n"})
    (outside / "evil").chmod(0o755)
    folder = make(tmp_path / "coaching")
    make_hostile(folder, outside)
    done = trace(
        tmp_path / "log",
        script("tldash"),
        "status",
        "--json",
        "--as-of",
        str(DATE),
        str(folder),
        cwd=folder,
    )
    assert done.stderr == ""
    assert [lead["name"] for lead in json.loads(done.stdout)] == ["Old"]
    check_trace((tmp_path / "log").read_text(), folder, tmp_path / "home")
    write(folder, {"ada/lead.md": OLD.replace(b"Old", b"New")})
    log = tmp_path / "log of the log"
    done = trace(log, script("tldash"), "log", "--json", str(folder), cwd=folder)
    assert done.stderr == ""
    told = [(one["kind"], one["author"], one["detail"]) for one in json.loads(done.stdout)]
    assert told == [("changed", "Mira Holm", "Old"), ("lead new", "Mira Holm", "")]
    check_trace(log.read_text(), folder, tmp_path / "home")
    log = tmp_path / "log of the figures"
    done = trace(log, script("tldash"), "stats", "--json", str(folder), cwd=folder)
    assert (done.stderr, done.returncode) == ("", 0)
    check_trace(log.read_text(), folder, tmp_path / "home")
    assert not list(tmp_path.rglob("started"))


def test_the_screens_of_search_and_history_start_nothing_either(tmp_path: Path) -> None:
    """The dashboard's own: places and the reader, the log, an item's, the goals and an old day."""
    outside = tmp_path / "outside"
    shutil.copytree(make(tmp_path / "other") / ".git/objects", outside / "objects")
    write(outside, {"config": "[core]\n", "evil": "#!/bin/sh\ntouch started\n", "note.md": "old\n"})
    folder = make(tmp_path / "coaching")
    git(folder, "reset", "-q", "--hard")
    make_hostile(folder, outside)
    (folder / "ada/link.md").symlink_to(outside / "note.md")
    home, log = tmp_path / "home", tmp_path / "log"
    home.mkdir()
    strace = [tool("strace"), "-f", "-y", "-s", "300", "-o", str(log), "-e", TRACED]
    command = [*strace, script("tldash"), str(folder), "--today", "2025-10-20"]
    with Terminal(*command, env=environment(home, TZ="UTC"), columns=120, rows=40) as terminal:
        terminal.until("1 lead · 1 open")
        terminal.press("enter")
        terminal.until("▌ ▢ the old action")
        terminal.press("I")
        terminal.until(r"added .the old action")
        terminal.press("esc")
        terminal.until("SESSIONS  none yet")
        terminal.press(",", "h")
        terminal.until("has no goals")
        terminal.press("esc")
        terminal.until("SESSIONS  none yet")
        terminal.press("y")
        terminal.until("added the lead Old")
        terminal.press("ctrl+k", *"old action")
        terminal.until("1 place in 1 file")
        terminal.press("enter")
        terminal.until("› Notes")
        terminal.press("Z")
        terminal.until("which day|day")
        terminal.press(*str(DATE), "enter")
        terminal.until("as of Thu 9 Oct 2025")
        terminal.press("\x11")  # ctrl+q
        assert terminal.wait() == 0
    text = log.read_text()
    assert len(re.findall(r"\bexecve(?:at)?\(", text)) == 1
    assert "connect(" not in text
    check_opened(text, folder, home)
    assert not list(tmp_path.rglob("started"))


OPEN: Final = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tldash.workspace.folders import Folders
from tldash.workspace.labels import NoFolder
for folder in sys.argv[2:]:
    try:
        Folders([Path(folder)], as_of=datetime.fromtimestamp(int(sys.argv[1]), UTC)).read()
        print("read")
    except NoFolder as error:
        print(error)
"""


def test_links_that_lead_out_of_a_repository_are_not_followed(tmp_path: Path) -> None:
    """Each part of a repository as a link to that of another one, which would have been read."""
    outside = make(tmp_path / "outside")
    git(outside, "repack", "-adfq")
    folders = [make(tmp_path / "in" / "whole")]
    parts = ["HEAD", "objects", "objects/pack", "refs", "refs/heads", "refs/heads/main"]
    for part in parts:
        folder = make(tmp_path / "in" / part.replace("/", "-"))
        git(folder, "repack", "-adfq")
        (folder / ".git/packed-refs").unlink(missing_ok=True)
        at = folder / ".git" / part
        shutil.rmtree(at) if at.is_dir() else at.unlink()
        at.symlink_to(outside / ".git" / part)
        folders.append(folder)
    git(outside, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "main")
    tree = outside / ".git/worktrees/tree"
    pointers = {"file": f"{outside}/.git", "tree": f"{tree}", "gone": f"{outside}/.git/worktrees/x"}
    for name, text in {**pointers, "link": ""}.items():
        folder = tmp_path / "in" / name
        folder.mkdir()
        if text:
            (folder / ".git").write_text(f"gitdir: {text}\n")
        else:
            (folder / ".git").symlink_to(outside / ".git")
        folders.append(folder)
    done = trace(
        tmp_path / "log", sys.executable, "-c", OPEN, str(START), *map(str, folders), cwd=TOP
    )
    assert done.stderr == ""
    first, *others = done.stdout.splitlines()
    assert first == "read"
    assert len(others) == len(folders) - 1
    for folder, line in zip(folders[1:], others, strict=True):
        assert line.startswith(f"{folder} cannot be shown as of {DATE}: "), line
    log = (tmp_path / "log").read_text()
    # What a repository says of a work tree is read, to see that it names another one.
    read = [match["path"] for match in OPENED.finditer(log) if str(outside) in match["path"]]
    assert {*read} == {str(tree), f"{tree}/gitdir"}
    check_trace(log, tmp_path / "in", tmp_path / "home", tree)


def test_a_tree_of_trees_that_would_have_a_billion_files_ends(tmp_path: Path) -> None:
    """Ten folders, each with ten names for the one below it: the walk stops at its limit."""
    folder = make_repository(tmp_path / "coaching")
    blob = git(folder, "hash-object", "-w", "--stdin", stdin=b"- [ ] x\n").strip()
    entry = f"100644 blob {blob}\tx.md\n"
    for _ in range(10):
        top = git(folder, "mktree", stdin=entry.encode()).strip()
        entry = "".join(f"040000 tree {top}\tf{number}\n" for number in range(10))
    commit = git(folder, "commit-tree", "-m", "bomb", top).strip()
    git(folder, "update-ref", "refs/heads/main", commit)
    source = open_as_of(folder, datetime(2100, 1, 1, tzinfo=UTC))
    tree = walk_listing(source, entry_limit=5000)
    assert [problem.code for problem in tree.problems] == ["too-many-files"]
    assert len(tree.files) + len(tree.folders) <= 5001
