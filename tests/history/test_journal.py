"""The list of edits that can be undone: by whom, in which order, and after what mishaps."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tldash.editing.splice import Changed, Moved
from tldash.history import journal as journals
from tldash.history.journal import Created, Journal, NothingLeft, Renamed, redo, undo
from tldash.storage import state_file
from tldash.storage.state_file import READ_LIMIT, StateFile
from tldash.storage.write import Rewritten, WriteRefused, create, rename, rewrite
from tldash.user.paths import state_folder

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def clock() -> datetime:
    return NOW


FILE = b"\xef\xbb\xbf# Session\r\n\r\n- [ ] one\r\n- [ ] tw\xff\r\n- [ ] three"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "coaching"
    folder.mkdir()
    (folder / "x.md").write_bytes(FILE)
    return folder


def edit(journal: Journal, root: Path, old: bytes, new: bytes, path: str = "x.md") -> None:
    done = rewrite(root, path, lambda data: data.replace(old, new))
    journal.add(path, f"{old!r} to {new!r}", done)


def tick(journal: Journal, root: Path, what: bytes, path: str = "x.md") -> None:
    edit(journal, root, b"[ ] " + what, b"[x] " + what, path)


def held(root: Path) -> bytes:
    return (root / "x.md").read_bytes()


def test_undo_and_redo_are_exact_and_outlive_the_process(state: Path, root: Path) -> None:
    states = [FILE]
    for what in (b"one", b"three", b"tw"):
        tick(Journal(state, root, clock), root, what)
        states.append(held(root))
    for before in reversed(states[:-1]):
        entry = undo(Journal(state, root, clock), root)
        assert (held(root), entry.undone, entry.when, entry.path) == (before, True, NOW, "x.md")
    with pytest.raises(NothingLeft, match="undo"):
        undo(Journal(state, root, clock), root)
    for after in states[1:]:
        redo(Journal(state, root, clock), root)
        assert held(root) == after
    with pytest.raises(NothingLeft, match="redo"):
        redo(Journal(state, root, clock), root)


def test_a_new_edit_after_an_undo_clears_what_could_be_made_again(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    tick(journal, root, b"three")
    undo(journal, root)
    tick(journal, root, b"tw")
    assert journal.last_undone() is None
    undo(journal, root)
    undo(journal, root)
    assert held(root) == FILE


def test_edits_of_others_survive_undo_and_redo(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    (root / "x.md").write_bytes(b"above\r\n" + held(root))
    undo(journal, root)
    assert held(root) == b"above\r\n" + FILE
    (root / "x.md").write_bytes(b"more\r\n" + held(root) + b"\r\nbelow")
    redo(journal, root)
    assert held(root) == b"more\r\nabove\r\n" + FILE.replace(b"[ ] one", b"[x] one") + b"\r\nbelow"


def test_what_came_between_edit_and_undo_does_not_stand_in_the_way_of_redo(
    state: Path, root: Path
) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    (root / "x.md").write_bytes(held(root) + b"\r\n\r\n# More\r\n\r\n- [ ] one\r\n")
    ticked = held(root)
    undo(journal, root)
    assert held(root).count(b"- [ ] one\r\n") == 2
    redo(Journal(state, root, clock), root)
    assert held(root) == ticked


def test_refused_where_the_place_changed_until_it_is_let_go(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    tick(journal, root, b"three")
    (root / "x.md").write_bytes(held(root).replace(b"three", b"3"))
    now = held(root)
    with pytest.raises(Changed) as caught:
        undo(journal, root)
    assert caught.value.expected == b"- [x] three"
    assert caught.value.found == b"- [x] 3"
    assert held(root) == now
    last = journal.last_done()
    assert last is not None and "three" in last.what
    journal.discard(last)
    undo(journal, root)
    assert held(root) == now.replace(b"[x] one", b"[ ] one")
    (root / "x.md").write_bytes(b"- [ ] one\r\n" + held(root))
    with pytest.raises(Moved):
        redo(journal, root)


def test_a_file_that_is_gone_is_not_made_again(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    (root / "x.md").unlink()
    with pytest.raises(WriteRefused) as caught:
        undo(journal, root)
    assert caught.value.code == "gone"
    assert not list(root.iterdir())
    entry = journal.last_done()
    assert entry is not None and not entry.undone


def test_an_edit_that_changed_nothing_is_no_edit(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    assert journal.add("x.md", "nothing", Rewritten(FILE, FILE)) is None
    assert journal.entries() == ()
    assert not state.exists()


def test_folders_have_their_own_lists_by_whatever_path_they_are_opened(
    state: Path, root: Path, tmp_path: Path
) -> None:
    tick(Journal(state, root, clock), root, b"one")
    other = tmp_path / "other"
    other.mkdir()
    assert Journal(state, other, clock).last_done() is None
    link = tmp_path / "link"
    link.symlink_to(root)
    undo(Journal(state, link, clock), link)
    assert held(root) == FILE


def test_what_was_done_in_a_leads_folder_is_undone_from_the_folder_of_all_and_back(
    state: Path, root: Path
) -> None:
    (root / "ada").mkdir()
    (root / "ben").mkdir()
    for name in ("ada", "ben"):
        (root / name / "x.md").write_bytes(FILE)
    tick(Journal(state, root / "ada", clock), root / "ada", b"one")
    tick(Journal(state, root, clock), root, b"three", "ben/x.md")
    assert [e.path for e in Journal(state, root, clock).entries()] == ["ada/x.md", "ben/x.md"]
    assert [e.path for e in Journal(state, root / "ben", clock).entries()] == ["x.md"]
    undo(Journal(state, root / "ada", clock), root / "ada")
    undo(Journal(state, root, clock), root)
    assert {(root / name / "x.md").read_bytes() for name in ("ada", "ben")} == {FILE}
    tick(Journal(state, root / "ben", clock), root / "ben", b"one")
    assert Journal(state, root / "ada", clock).last_undone() is not None
    tick(Journal(state, root, clock), root, b"tw", "ben/x.md")
    assert Journal(state, root / "ada", clock).last_undone() is None


def test_nothing_is_kept_in_the_shared_folder_and_only_the_owner_reads_it(
    state: Path, root: Path
) -> None:
    old = os.umask(0)
    try:
        tick(Journal(state, root, clock), root, b"one")
    finally:
        os.umask(old)
    assert list(root.iterdir()) == [root / "x.md"]
    (file,) = state.glob("*.jsonl")
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {0o600}
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    file.chmod(0o644)
    assert Journal(state, root, clock).last_done() is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_state_folder_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    expected = state / "tldash"
    assert sys.platform != "linux" or state_folder() == expected


@pytest.mark.parametrize("kind", ["no folder", "a file", "a pipe", "a folder", "a link"])
def test_without_a_place_to_keep_it_undo_works_while_the_process_lives(
    state: Path, root: Path, tmp_path: Path, kind: str
) -> None:
    probe = Journal(state, root, clock)
    tick(probe, root, b"one")
    undo(probe, root)
    (list_file,) = state.glob("*.jsonl")
    list_file.unlink()
    match kind:
        case "no folder":
            state = Path("/proc/no/such/place")
        case "a file":
            state = tmp_path / "a file"
            state.write_bytes(b"")
        case "a pipe":
            os.mkfifo(list_file)
        case "a folder":
            list_file.mkdir()
        case "a link":
            list_file.symlink_to(tmp_path / "elsewhere")
    journal = Journal(state, root, clock)
    for what in (b"one", b"three"):
        tick(journal, root, what)
    assert journal.trouble is not None and journal.trouble.kept
    undo(journal, root)
    undo(journal, root)
    assert held(root) == FILE
    redo(journal, root)
    assert held(root) == FILE.replace(b"[ ] one", b"[x] one")
    assert Journal(state, root, clock).entries() == ()
    assert not (tmp_path / "elsewhere").exists()


def test_what_could_not_be_kept_is_kept_as_soon_as_it_can_be(state: Path, root: Path) -> None:
    state.write_bytes(b"in the way")
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    assert journal.trouble is not None
    state.unlink()
    tick(journal, root, b"three")
    assert journal.trouble is None
    assert [e.what for e in Journal(state, root, clock).entries()] == [
        e.what for e in journal.entries()
    ]
    assert len(journal.entries()) == 2


ROTTEN = [
    b"",
    b"{",
    b"[" * 100_000,
    b"\xff\0\xfe",
    b"null",
    b'{"mark": []}',
    b'{"forget": {}}',
    b'{"root": 5}',
    b'{"root": "ROOT", "id": 1}',
    b'{"root": "ROOT", "id": "a", "when": "never", "path": "x", "what": "", "splice": {}}',
    b'{"root": "ROOT", "id": "a", "when": "2026-11-20", "path": "x", "what": "", "splice": {"line":'
    b' 1, "old": ["\\ud800", 1, 1], "new": ["", 1, 1], "around": ["", ""], "digests": ["", ""],'
    b' "rest": 0}}',
    b"1" * 5000,
]


@pytest.mark.parametrize("rotten", ROTTEN, ids=range(len(ROTTEN)))
def test_whatever_else_is_in_a_list_is_passed_over(state: Path, root: Path, rotten: bytes) -> None:
    tick(Journal(state, root, clock), root, b"one")
    (file,) = state.glob("*.jsonl")
    good = file.read_bytes()
    odd = rotten.replace(b"ROOT", os.fsencode(root))
    file.write_bytes(odd + b"\n" + good + odd)
    tick(Journal(state, root, clock), root, b"three")
    journal = Journal(state, root, clock)
    assert len(journal.entries()) == 2
    undo(journal, root)
    undo(journal, root)
    assert held(root) == FILE


def test_a_torn_last_line_costs_itself(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    tick(journal, root, b"three")
    (file,) = state.glob("*.jsonl")
    whole = file.read_bytes()
    first = whole.index(b"\n") + 1
    for end in (first + 1, (first + len(whole)) // 2, len(whole) - 2):
        file.write_bytes(whole[:end])
        assert len(Journal(state, root, clock).entries()) == 1
        journal = Journal(state, root, clock)
        journal.add("x.md", "more", Rewritten(b"a\n", b"b\n"))
        assert [entry.what for entry in journal.entries()][1:] == ["more"]


def test_a_list_stays_small_and_keeps_the_newest(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    for number in range(journals.LINE_LIMIT + 1):
        journal.add("x.md", str(number), Rewritten(b"a\n", b"b\n"))
    kept = [entry.what for entry in journal.entries()]
    assert kept == [str(n) for n in range(journals.LINE_LIMIT + 1)][-journals.ENTRY_LIMIT :]
    (file,) = state.glob("*.jsonl")
    for number in range(12):
        journal.add("x.md", f"big {number}", Rewritten(b"", b"x" * 100_000))
    assert file.stat().st_size <= journals.SIZE_LIMIT
    journal.add("x.md", "huge", Rewritten(b"", b"\xff" * 300_000))
    (huge,) = Journal(state, root, clock).entries()
    assert huge.change.new.lines == b"\xff" * 300_000
    assert sorted(path.suffix for path in file.parent.iterdir()) == [".jsonl", ".lock", ".turn"]


def test_an_edit_too_large_to_be_kept_is_not_and_costs_no_other(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    before = journal.entries()
    size = journals.EDIT_SIZE_LIMIT
    assert journal.add("x.md", "huge", Rewritten(b"", b"x" * size)) is None
    assert journal.trouble is not None and not journal.trouble.kept
    assert Journal(state, root, clock).entries() == before
    half = Rewritten(b"", b"x" * (size // 2))
    fits = [journal.add("x.md", str(number), half, "batch") for number in range(6)]
    assert [entry is None for entry in fits] == [False] * 3 + [True] * 3
    assert [entry.what for entry in Journal(state, root, clock).entries()] == ["0", "1", "2"]
    tick(journal, root, b"three")
    assert journal.trouble is None
    assert "three" in Journal(state, root, clock).entries()[-1].what


def test_of_a_list_that_is_too_long_the_newest_edits_are_read_and_none_is_lost(
    state: Path, root: Path
) -> None:
    """Lists from before there was a limit may have larger edits."""
    tick(Journal(state, root, clock), root, b"one")
    (file,) = state.glob("*.jsonl")
    foreign = b'{"root": "/elsewhere", "what": "%s"}\n' % (b"x" * READ_LIMIT)
    file.write_bytes(file.read_bytes() + foreign)
    tick(Journal(state, root, clock), root, b"three")
    assert len(Journal(state, root, clock).entries()) == 2
    file.write_bytes(file.read_bytes() + foreign + b'{"mark": ')
    journal = Journal(state, root, clock)
    assert journal.entries() == ()
    tick(journal, root, b"tw")
    assert len(Journal(state, root, clock).entries()) == 3
    while journal.last_done() is not None:
        undo(journal, root)
    assert held(root) == FILE


def test_a_list_that_another_process_keeps_locked_is_not_written(
    state: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    (file,) = state.glob("*.jsonl")
    before = file.read_bytes()
    monkeypatch.setattr(state_file, "LOCK_PATIENCE", 0.0)
    with (state / "edits.jsonl.lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        tick(journal, root, b"three")
        assert journal.trouble is not None and journal.trouble.kept
        with pytest.raises(WriteRefused):
            undo(journal, root)
    assert file.read_bytes() == before
    undo(journal, root)
    undo(journal, root)
    assert held(root) == FILE
    assert journal.trouble is None
    assert len(Journal(state, root, clock).entries()) == 2


def test_a_process_that_writes_again_and_again_leaves_others_their_turn(tmp_path: Path) -> None:
    """Whoever waits has the turn, so whoever has written waits for that."""
    path = tmp_path / "list"
    (tmp_path / "list.turn").touch()
    with (tmp_path / "list.turn").open() as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(StateFile(path).append, [b"again"])
            with (tmp_path / "list.lock").open("w") as other:
                fcntl.flock(other, fcntl.LOCK_EX)  # at once, although somebody wants to write
                assert not path.exists()
            fcntl.flock(waiting, fcntl.LOCK_UN)
            assert writing.result() == len(b"again\n")


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from tldash.storage.write import Rewritten
from tldash.history import journal as journals

journals.LINE_LIMIT = 0  # so that the list is cut each time
journal = journals.Journal(Path(sys.argv[1]), Path(sys.argv[2]), lambda: datetime(2026, 11, 20))
done = Rewritten(b"a\\n", b"b\\n")
sys.stdin.readline()
for number in range(150):
    journal.add("x.md", f"{sys.argv[3]} {number}", done)
"""


def test_two_processes_add_at_once_and_nothing_is_lost(state: Path, root: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(state), str(root), name], stdin=subprocess.PIPE
        )
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0, 0]
    kept = [entry.what for entry in Journal(state, root, clock).entries()]
    for name in ("a", "b"):
        assert [what for what in kept if what[0] == name] == [f"{name} {n}" for n in range(150)]


def test_undo_waits_for_another_process_that_undoes(state: Path, root: Path) -> None:
    """Two dashboards that undo at once take back two edits, and not one edit twice."""
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    tick(journal, root, b"three")
    script = (
        "import sys; from pathlib import Path; from tldash.history.journal import *;"
        "sys.stdin.readline();"
        "undo(Journal(Path(sys.argv[1]), Path(sys.argv[2]), None), Path(sys.argv[2]))"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(state), str(root)], stdin=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for other in others:
        assert other.stdin is not None
        other.stdin.write(b"\n")
        other.stdin.close()
    assert [other.wait() for other in others] == [0, 0]
    assert held(root) == FILE


def test_a_full_disk_leaves_the_list_as_it_was(tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; from pathlib import Path;"
        "from tldash.storage.state_file import StateFile;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "file = StateFile(Path(sys.argv[1])); file.append([b'kept']);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));\n"
        "try: file.append([b'x' * 200])\n"
        "except OSError: print(file.read())"
    )
    result = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "list")],
        capture_output=True,
        check=True,
        text=True,
    )
    assert result.stdout == "[b'kept']\n"
    assert (tmp_path / "list").read_bytes() == b"kept\n"


class Editing(RuleBasedStateMachine):
    """Edits, undone and redone by processes that come and go, against two plain stacks."""

    @initialize()
    def start(self) -> None:
        self.state: list[bytes] = []
        self.file.write_bytes(b"".join(b"- [ ] %d\n" % number for number in range(6)))
        self.past: list[bytes] = []
        self.future: list[bytes] = []

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.file = self.root / "x.md"
        self.journal = Journal(self.root, self.root, clock)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(number=st.integers(0, 5))
    def toggle(self, number: int) -> None:
        before = self.file.read_bytes()
        lines = before.split(b"\n")
        at = next(i for i, line in enumerate(lines) if line.endswith(b"] %d" % number))
        lines[at] = (b"- [ ] " if lines[at][3:4] == b"x" else b"- [x] ") + b"%d" % number
        done = rewrite(self.root, "x.md", lambda _: b"\n".join(lines))
        self.journal.add("x.md", "toggle", done)
        self.past.append(before)
        self.future.clear()

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.future.append(self.file.read_bytes())
        undo(self.journal, self.root)
        assert self.file.read_bytes() == self.past.pop()

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.past.append(self.file.read_bytes())
        redo(self.journal, self.root)
        assert self.file.read_bytes() == self.future.pop()

    @rule()
    def restart(self) -> None:
        self.journal = Journal(self.root, self.root, clock)

    @invariant()
    def stacks(self) -> None:
        entries = self.journal.entries()
        assert [entry.undone for entry in entries] == [False] * len(self.past) + [True] * len(
            self.future
        )


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_created_and_renamed_files_are_undone_exactly(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    data = b"new\xff\r\n"
    folders = create(root, "ada/sessions/a.md", data)
    journal.add_change("ada/sessions/a.md", "created", Created(data, folders))
    rename(root, "ada/sessions/a.md", "ada/sessions/b.md")
    journal.add_change("ada/sessions/a.md", "renamed", Renamed("b.md"))
    edit(journal, root, b"new", b"newer", "ada/sessions/b.md")
    after = snapshot(root)
    for _ in range(3):
        undo(Journal(state, root, clock), root)
    assert snapshot(root) == {"x.md": FILE}
    for _ in range(3):
        redo(Journal(state, root, clock), root)
    assert snapshot(root) == after == {
        "ada": None, "ada/sessions": None, "ada/sessions/b.md": b"newer\xff\r\n", "x.md": FILE,
    }  # fmt: skip


def test_a_renaming_that_stays_takes_earlier_edits_along(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    rename(root, "x.md", "y.md")
    renamed = journal.add_change("x.md", "renamed", Renamed("y.md"))
    assert renamed is not None
    journal.discard(renamed)
    assert undo(Journal(state, root, clock), root).path == "y.md"
    assert (root / "y.md").read_bytes() == FILE


def test_old_lines_and_lines_that_make_no_sense(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    tick(journal, root, b"one")
    (file,) = state.glob("*.jsonl")
    (line,) = map(json.loads, file.read_text().splitlines())
    assert "splice" in line and not {"created", "renamed"} & line.keys()
    bad = [
        {"created": "x", "folders": "1"}, {"created": "\ud800", "folders": 0}, {"renamed": ""},
        {"renamed": "../x.md"}, {"renamed": 1},
    ]  # fmt: skip
    for number, change in enumerate(bad):
        other = {key: value for key, value in line.items() if key != "splice"}
        with file.open("a") as out:
            out.write(json.dumps({**other, "id": str(number), **change}) + "\n")
    assert [entry.id for entry in Journal(state, root, clock).entries()] == [line["id"]]


def snapshot(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def test_entries_read_back_are_those_that_were_added(state: Path, root: Path) -> None:
    journal = Journal(state, root, clock)
    done = Rewritten(b"\xff\r\n\xf0\x9f\x93\x85\r", b"\xed\xa0\x80\0\r\n\xe2\x80\xa8")
    entry = journal.add("a b/ü.md", 'ticked off "x"\n', done)
    assert Journal(state, root, clock).entries() == (entry,)
    assert entry is not None
    assert journal.mark(entry, undone=True) == replace(entry, undone=True)
    assert Journal(state, root, clock).entries() == (replace(entry, undone=True),)
    (file,) = state.glob("*.jsonl")
    assert all(json.loads(line) for line in file.read_bytes().splitlines())
