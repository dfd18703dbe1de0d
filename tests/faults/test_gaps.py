"""Faults that no other test would notice, each with the smallest scene that shows it."""

from __future__ import annotations

import ast
import json
import queue
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

import tldash
from tests.faults.tracing import tool
from tests.support.edits import already
from tests.support.records import write
from tests.support.terminal import environment, script
from tldash.editing.edits import SetStatus
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.records import Status, Task, Workspace
from tldash.service.results import EditsApplied, FolderRead, Result, ServiceFailed
from tldash.service.service import Service
from tldash.storage import linux
from tldash.tui.app import editor
from tldash.workspace.folders import Change, Folders

ON = date(2026, 11, 20)
PATIENCE = 20.0
"""Seconds after which a state that has not come never will."""
SESSION = "# Session\n\n## Actions\n- [ ] one\n- [ ] two\n"
PACKAGE = Path(tldash.__file__).parent

NOTHING = ["", "\n", "\r", "# remark\n", "---\n", "---", "\ufeff", "\ufeff---\n"]
FILES = [
    ("lead.md", FileRole.LEAD),
    ("2026-11-03.md", FileRole.SESSION),
    ("2026-11-03.yaml", FileRole.SESSION),
    ("skills.md", FileRole.SKILLS),
    ("notes.md", FileRole.NOTE),
    ("tldash.yaml", FileRole.CONFIG),
    ("framework.yaml", FileRole.FRAMEWORK),
]


@pytest.mark.parametrize("text", NOTHING, ids=ascii)
@pytest.mark.parametrize(("path", "role"), FILES, ids=[path for path, _ in FILES])
def test_a_file_with_nothing_in_it_is_no_problem(path: str, role: FileRole, text: str) -> None:
    record = read_data(text.encode(), path, role)
    assert record.problems == ()
    assert record.tasks == ()


@pytest.mark.parametrize(
    ("path", "role", "text"),
    [
        ("x.md", FileRole.SESSION, "---\na: &a {skill: vision}\n<<: *a\n---\n- [ ] one\n"),
        ("x.yaml", FileRole.SESSION, "\na: &a {skill: vision}\n<<: *a\nactions: [one]\n"),
        ("lead.md", FileRole.LEAD, "---\na: &a {name: Ada}\n<<: *a\n---\n- [ ] one\n"),
    ],
)
def test_a_merge_key_is_a_problem_where_it_stands(path: str, role: FileRole, text: str) -> None:
    record = read_data(text.encode(), path, role)
    assert (3, 1) in [(problem.line, problem.column) for problem in record.problems]
    assert [task.text for task in record.tasks] == ["one"]


# Two dashboards, and what a dashboard says of its own writing


def actions(workspace: Workspace) -> list[Task]:
    return [action.task for lead in workspace.leads for action in lead.actions]


def test_what_two_dashboards_tick_is_done_and_stays_so(tmp_path: Path) -> None:
    """Each sees the item open, and wishes for it to be done: the second wish flips nothing back."""
    file = write(tmp_path, {"ada/2026-11-03.md": SESSION}) / "ada/2026-11-03.md"
    one, other = Folders([tmp_path]), Folders([tmp_path])
    first, second = actions(one.read())
    seen = actions(other.read())[0]
    one.edit(SetStatus(first, Status.DONE, ON))
    ticked = file.read_bytes()
    with already():
        other.edit(SetStatus(seen, Status.DONE, ON))
    assert file.read_bytes() == ticked
    other.edit(SetStatus(second, Status.DONE, ON))
    assert [task.status for task in actions(one.read())] == [Status.DONE, Status.DONE]


class Ear:
    """Keeps every word, and waits for one."""

    def __init__(self) -> None:
        self.words: queue.Queue[Result] = queue.Queue()
        self.heard: list[Result] = []

    def __call__(self, word: Result) -> None:
        self.words.put(word)

    def until_known(self, *texts: str) -> list[Workspace]:
        """Wait until just these open actions are known; every workspace told up to then."""
        while True:
            word = self.words.get(timeout=PATIENCE)
            self.heard.append(word)
            assert not isinstance(word, ServiceFailed), word
            if isinstance(word, FolderRead) and opened(word.workspace) == [*texts]:
                return [word.workspace for word in self.heard if isinstance(word, FolderRead)]


def opened(workspace: Workspace) -> list[str]:
    return [task.text for task in actions(workspace) if task.status is Status.OPEN]


def replaced(path: Path, text: str) -> None:
    spare = path.with_name(f".{path.name}.tmp")
    spare.write_text(text)
    spare.replace(path)


def test_what_we_write_ourselves_is_no_news(tmp_path: Path) -> None:
    """The watcher's later word about the same bytes changes no value."""
    file = write(tmp_path, {"ada/2026-11-03.md": SESSION}) / "ada/2026-11-03.md"
    live, ear = Service(Folders([tmp_path])), Ear()
    try:
        live.connect(ear)
        first = ear.until_known("one", "two")[-1]
        live.apply([SetStatus(actions(first)[0], Status.DONE, ON)])
        ours = ear.until_known("two")[-1]
        # The watcher reports in order: what it says of this comes after what it says of ours.
        replaced(file.with_name("2026-11-10.md"), "- [ ] three\n")
        told = ear.until_known("two", "three")
    finally:
        live.stop()
    assert sum(isinstance(word, EditsApplied) for word in ear.heard) == 1
    since = told[next(n for n, workspace in enumerate(told) if workspace is ours) :]
    assert all(workspace == ours for workspace in since[:-1])


class Asked(Folders):
    """Says when somebody has asked whether a file has become shorter."""

    def __init__(self, roots: list[Path]) -> None:
        super().__init__(roots)
        self.asked = threading.Event()

    def find_shrunk(self, changes: Iterable[Change]) -> dict[tuple[int, str], int]:
        sizes = super().find_shrunk(changes)
        if sizes:
            self.asked.set()
        return sizes


@pytest.mark.parametrize("first", [0, 20], ids=["empty", "half written"])
def test_the_old_view_stays_while_somebody_has_the_file_open_for_writing(
    tmp_path: Path, first: int
) -> None:
    """For however long, while other files are followed. An edit is made once it is complete."""
    file = write(tmp_path, {"ada/2026-11-03.md": SESSION}) / "ada/2026-11-03.md"
    live, ear = Service(Folders([tmp_path])), Ear()
    text = SESSION.replace("two", "zwei").encode()
    try:
        live.connect(ear)
        seen = actions(ear.until_known("one", "two")[-1])[0]
        with file.open("wb", buffering=0) as stream:
            stream.write(text[:first])
            replaced(file.with_name("2026-11-10.md"), "- [ ] three\n")
            told = ear.until_known("one", "two", "three")
            live.apply([SetStatus(seen, Status.DONE, ON)])
            stream.write(text[first:])
        told = ear.until_known("zwei", "three")
    finally:
        live.stop()
    assert all("three" in opened(workspace) for workspace in told[-2:])
    assert not [workspace for workspace in told if len(opened(workspace)) < 2]
    assert file.read_bytes() == text.replace(b"[ ] one", "[x] one ✅ 2026-11-20".encode())


@pytest.mark.parametrize("first", [0, 20], ids=["empty", "half written"])
def test_without_leases_the_old_view_stays_until_the_size_does(
    tmp_path: Path, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux, "request_lease", lambda fd, write=False: linux.Lease.NONE)
    file = write(tmp_path, {"ada/2026-11-03.md": SESSION}) / "ada/2026-11-03.md"
    folders = Asked([tmp_path])
    live, ear = Service(folders), Ear()
    text = SESSION.replace("two", "zwei").encode()
    try:
        live.connect(ear)
        ear.until_known("one", "two")
        with file.open("wb", buffering=0) as stream:
            stream.write(text[:first])
            assert folders.asked.wait(PATIENCE)
            stream.write(text[first:])
        told = ear.until_known("one", "zwei")
    finally:
        live.stop()
    assert [opened(workspace) for workspace in told if opened(workspace) != ["one", "two"]] == [
        ["one", "zwei"]
    ]


class EmptiedLate(Folders):
    """An editor empties the file after it seemed settled, and writes it when asked once more."""

    def __init__(self, file: Path, text: str) -> None:
        super().__init__([file.parents[1]])
        self.file, self.text = file, text
        self.asked = 0

    def find_shrunk(self, changes: Iterable[Change]) -> dict[tuple[int, str], int]:
        sizes = super().find_shrunk(changes)
        self.asked += 1
        if self.asked == 1:
            self.file.write_text("")
        elif self.asked == 3:
            self.file.write_text(self.text)
        return sizes


def test_a_file_that_is_emptied_just_before_it_is_read_keeps_its_old_view(tmp_path: Path) -> None:
    file = write(tmp_path, {"ada/2026-11-03.md": SESSION}) / "ada/2026-11-03.md"
    live, ear = Service(EmptiedLate(file, SESSION.replace("two", "drei"))), Ear()
    try:
        live.connect(ear)
        ear.until_known("one", "two")
        file.write_text(SESSION.replace("two", "zwei"))
        told = ear.until_known("one", "drei")
    finally:
        live.stop()
    assert [] not in [opened(workspace) for workspace in told]


# What files can and cannot make the program do

OUTSIDE = "../../outside.md"
WISHES = {
    key: value
    for value in ("touch started", "evil", OUTSIDE)
    for key in (
        f"{name}_{len(value)}" if value != "touch started" else name
        for name in ("editor", "command", "commands", "hook", "hooks", "plugin", "plugins", "shell")
    )
}


CALLS = ("execve", "execveat", "open", "openat", "openat2")
"""The calls that start a program or open a file."""


def check_trace(log: str, one: str) -> None:
    """One program was started, and that file was opened, but none that lies elsewhere."""
    own = f'"{sysconfig.get_path("stdlib")}/'  # Debian's has a sitecustomize.py
    lines = [line for line in log.splitlines() if " ENOENT " not in line and own not in line]
    assert sum("execve" in line for line in lines) == 1
    # By its name alone, where the folder that it lies in is open already.
    assert any(f'"{one}"' in line or f'"{one.rpartition("/")[2]}"' in line for line in lines)
    assert [
        line for line in lines if re.search(r"outside\.md|/etc/passwd|evil|customize", line)
    ] == []


def everything_named(outside: Path) -> dict[str, str]:
    """A folder whose files ask for commands, for plugins, and for files that lie elsewhere."""
    asked = json.dumps({**WISHES, "include": str(outside), "extends": OUTSIDE, "<<": OUTSIDE})
    places = "\n".join(
        f"{key}: {value}"
        for key, value in {
            "name": f"'{outside}'",
            "coach": OUTSIDE,
            "timezone": OUTSIDE,
            "framework": OUTSIDE,
            "folder": str(outside.parent),
            "path": str(outside),
            "notes": f"'@{OUTSIDE}'",
            "title": "file:///etc/passwd",
            "skill": str(outside),
            "next": OUTSIDE,
            "include": f"!include {outside}",
        }.items()
    )
    more = "\n".join(f"{key}: {value}" for key, value in WISHES.items())
    return {
        "tldash.yaml": f"{places}\n{more}\npeople: {asked}\n",
        "framework.yaml": f"import: evil\n{more}\ninclude: {outside}\n",
        "ada/lead.md": f"---\n{places}\n{more}\n---\n![[{OUTSIDE}]]\n- [ ] [x]({OUTSIDE})\n",
        "ada/notes.md": "- [ ] one\n",
        "ada/skills.md": f"---\n{more}\n---\n[[{outside}]]\n",
        "ada/sessions/2026-11-03.md": f"---\n{places}\n---\n![]({OUTSIDE})\n",
        "ada/sessions/2026-11-10.yaml": f"{places}\nagenda: ['@{outside}']\n",
        ".tldash/config.yaml": more,
        ".tldash.yaml": more,
        "pyproject.toml": "[tool.tldash]\nplugins = ['evil']\n",
        "evil.py": "open('started', 'w')\n",
        "sitecustomize.py": "open('started', 'w')\n",
    }


@pytest.mark.system
@pytest.mark.parametrize(
    "command",
    [["status"], ["actions", "--all"], ["check"], ["search", "one"], ["done", "ada/notes.md:1"]],
    ids=" ".join,
)
def test_nothing_in_a_file_starts_a_program_or_opens_another_file(
    tmp_path: Path, command: list[str]
) -> None:
    top = write(tmp_path, {"outside.md": "secret", "top/outside.md": "secret"}) / "top"
    root = write(top / "coaching", everything_named(tmp_path / "outside.md"))
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [
            *(tool("strace"), "-f", "-o", str(tmp_path / "log"), "-e", f"trace={','.join(CALLS)}"),
            *(script("tldash"), *command),
        ],
        cwd=root, env=environment(home), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    check_trace((tmp_path / "log").read_text(), "ada/lead.md")
    assert not list(tmp_path.rglob("started"))


NAMES = ["-rf.md", "+99.md", "--help", "+!touch started", "a\nb.md", "a b;c|d$(e)`f`.md", "'.md"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("program", ["vim", "hx", "code", "unheard-of"])
def test_an_editor_gets_one_argument_that_cannot_be_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, name: str
) -> None:
    """Whatever a file is called: its absolute path, in one piece, and no shell in between."""
    recorder = write(tmp_path, {program: f"#!{sys.executable}\n{RECORDER}"}) / program
    recorder.chmod(0o755)
    folder = tmp_path / "coaching"
    folder.mkdir()
    monkeypatch.chdir(folder)
    command = editor.arguments(Path(name), 7, {"EDITOR": str(recorder)})
    assert editor.run(command) == ""
    got = json.loads((tmp_path / "asked.json").read_text())
    path = str(folder / name)
    assert got[-1] in (path, f"{path}:7")
    assert [one for one in got[:-1] if one not in ("+7", "--goto")] == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 0", ""),
        ("echo fine >&2", ""),
        ("exit 3", "the editor ended with code 3"),
        ("echo first >&2; printf 'no \\033[31mfile\\n\\n' >&2; exit 1",
         "the editor ended with code 1: no ␛[31mfile"),
        ("sleep 60 & echo later >&2; exit 2", "the editor ended with code 2: later"),
    ],
)  # fmt: skip
def test_what_a_failing_editor_said_is_quoted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], script: str, said: str
) -> None:
    program = write(tmp_path, {"ed": f"#!/bin/sh\n{script}\n"}) / "ed"
    program.chmod(0o755)
    assert editor.run([str(program)]) == said
    assert ("echo" in script) == bool(capfd.readouterr().err)


@pytest.mark.parametrize(
    "environment",
    [{"VISUAL": "", "EDITOR": "ed"}, {"VISUAL": " ", "EDITOR": "ed"}, {"VISUAL": "ed"}],
)
def test_a_blank_variable_names_no_editor(tmp_path: Path, environment: dict[str, str]) -> None:
    program = write(tmp_path, {"ed": "#!/bin/sh\n"}) / "ed"
    program.chmod(0o755)
    found = editor.arguments(Path("/x.md"), 1, {**environment, "PATH": str(tmp_path)})
    assert found == [str(program), "/x.md"]


RECORDER = """
import json, sys
from pathlib import Path
Path(__file__).with_name("asked.json").write_text(json.dumps(sys.argv[1:]))
"""

OPENERS = {
    *("open_url", "webbrowser", "startfile", "xdg-open"),
    *("textual.widgets Link", "textual.widgets Markdown", "textual.widgets MarkdownViewer"),
}


def test_nothing_opens_a_link() -> None:
    """Links in files are shown; there is nothing in the program that could follow one."""
    found = [
        (path.relative_to(PACKAGE).as_posix(), word)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for word in said(node)
        if word in OPENERS
    ]
    assert found == []


def said(node: ast.AST) -> list[str]:
    """Names and texts in a piece of code."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return [name]
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names):
            return [f"{module} {alias.name}" for alias in names]
        case ast.Constant(value=str(text)):
            return [text]
    return []
