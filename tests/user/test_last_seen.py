"""What was seen, kept between two looks: whatever folder is opened, whatever lies in the file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.activity.test_detect import FILES, ITEMS, LINES, OTHERS, changed
from tests.support.records import NOW, write
from tldash.activity.describe import describe_event
from tldash.activity.detect import detect_events
from tldash.activity.event import Event, EventKind
from tldash.create.demo import find_sample_data
from tldash.model.records import Lead, Moment, Workspace
from tldash.user import last_seen as module
from tldash.user.last_seen import LastSeen, Snapshot
from tldash.workspace.folders import Folders

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def look(state: Path, *roots: Path) -> Workspace:
    """Look at these folders, and remember it."""
    folders = Folders(roots)
    workspace = folders.read()
    seen = LastSeen(state, folders.places)
    seen.save(workspace, NOW)
    assert seen.trouble == ""
    return workspace


def since(state: Path, *roots: Path) -> list[str] | None:
    """What has happened since the last look, in words; None where there was none."""
    folders = Folders(roots)
    snapshot = LastSeen(state, folders.places).load()
    if snapshot is None:
        return None
    return [describe_event(event) for event in snapshot.events(folders.read(), LATER)]


@pytest.mark.parametrize(
    ("files", "words"),
    [(changed(path, *pairs), words) for path, pairs, words in ITEMS] + OTHERS,
)
def test_what_happened_since_is_what_happened(state, tmp_path, files, words):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
        else:
            write(root, {path: text})
    assert since(state, root) == words


def test_nothing_was_seen_before_the_first_look(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    assert since(state, root) is None
    look(state, write(tmp_path / "d", FILES))
    assert since(state, root) is None


def test_when_somebody_looked_is_known(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    snapshot = LastSeen(state, {"": root}).load()
    assert isinstance(snapshot, Snapshot)
    assert snapshot.when == NOW


def test_the_sample_comes_back_as_it_was(state):
    workspace = look(state, find_sample_data())
    snapshot = LastSeen(state, {"": find_sample_data()}).load()
    assert snapshot is not None
    assert [lead.name for lead in snapshot.workspace.leads] == [x.name for x in workspace.leads]
    assert snapshot.events(workspace, LATER) == ()
    kept_from = module._kept_from(NOW)
    assert detect_events(snapshot.workspace, workspace, LATER, kept_from=kept_from) == ()


def test_a_lead_is_known_whatever_folder_is_opened(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
    assert since(state, root / "ada") == ['ticked off "alpha"']
    assert since(state, root) == ['ticked off "alpha"']
    assert since(state, root / "ada", root / "ben") == ['ticked off "alpha"']
    look(state, root / "ada")
    assert since(state, root) == []
    look(state, root / "ada", root / "ben")
    write(root, {"ben/lead.md": "# Ben\n- [x] alpha\n"})
    assert since(state, root) == ['ticked off "alpha"']


def test_a_lead_that_was_only_never_looked_at_is_not_new(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root / "ada")
    assert since(state, root) == []
    look(state, root)
    write(root, {"cyd/lead.md": "# Cyd\n"})
    assert since(state, root) == ["added the lead Cyd"]
    assert since(state, root / "cyd") is None


def test_several_folders_and_one_that_is_not_there_now(state, tmp_path):
    north, south = write(tmp_path / "north", FILES), write(tmp_path / "south", FILES)
    look(state, north, south)
    write(south, {"cyd/lead.md": "# Cyd\n"})
    (south / "ben/lead.md").unlink()
    assert since(state, north, south) == ["added the lead Cyd", "deleted the lead Ben"]
    for path in sorted(north.rglob("*.md")):
        path.unlink()
    assert since(state, north, south) == ["added the lead Cyd", "deleted the lead Ben"]
    folders = Folders([north, south])
    LastSeen(state, folders.places).save(folders.read(), LATER)
    write(north, FILES)
    assert since(state, north, south) == []


def test_a_lead_that_is_gone_is_told_of_once(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    (root / "ben/lead.md").unlink()
    assert since(state, root) == ["deleted the lead Ben"]
    look(state, root)
    assert since(state, root) == []
    assert b"/ben" not in (state / "seen.jsonl").read_bytes()


def test_an_empty_folder_makes_nothing_forgotten(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    kept = (state / "seen.jsonl").read_bytes()
    LastSeen(state, {"": root}).save(Workspace("c"), LATER)
    assert (state / "seen.jsonl").read_bytes() == kept


def test_what_was_closed_long_ago_is_not_kept_and_no_news(state, tmp_path):
    old = "- [x] old done:2026-01-10\n- [ ] open\n- [x] new done:2026-11-10\n- [x] undated\n"
    root = write(tmp_path / "c", {"ada/lead.md": "# Ada\n", "ada/list.md": old})
    look(state, root)
    kept = (state / "seen.jsonl").read_bytes()
    assert b'"open"' in kept and b'"new"' in kept and b'"undated"' in kept and b'"old"' not in kept
    assert since(state, root) == []
    write(root, {"ada/list.md": old.replace("[ ] open", "[x] open done:2026-02-01")})
    assert since(state, root) == ['ticked off "open"']


def test_nothing_is_kept_in_the_shared_folder_and_only_the_owner_reads_it(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    before = sorted(root.rglob("*"))
    look(state, root)
    assert sorted(root.rglob("*")) == before
    assert stat.S_IMODE((state / "seen.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


ROTTEN = [
    b"",
    b"\x00\xff\xfe",
    b"{}",
    b"[" * 100_000,
    b'[1,"lead","x","2026-11-20"]',
    b'[2,"lead","/c","2026-11-20"]\t{}',
    b'[1,"lead",7,"2026-11-20"]\t{}',
    b'[1,"lead","\\u0000","2026-11-20"]\t{}',
    b'[1,"lead","/c","never"]\t{}',
    b'[1,"folder","/c","2026-11-20"]\t{"a":1}',
    b'[1,"lead","/c","2026-11-20"]\t' + b"[" * 100_000,
]


@pytest.mark.parametrize("rotten", ROTTEN)
def test_whatever_else_is_in_the_file_is_passed_over(state, tmp_path, rotten):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    file = state / "seen.jsonl"
    file.write_bytes(rotten + b"\n" + file.read_bytes() + rotten)
    write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
    assert since(state, root) == ['ticked off "alpha"']
    look(state, root)
    assert since(state, root) == []


@pytest.mark.parametrize("cut", [1, 40, 200, 700])
def test_a_torn_line_costs_one_lead(state, tmp_path, cut):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    file = state / "seen.jsonl"
    head, ada, ben = file.read_bytes().splitlines()
    assert b"/ada" in ada
    file.write_bytes(b"\n".join([head, ada[:cut], ben, b""]))
    write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
    write(root, {"ben/lead.md": "# Ben\n- [x] alpha\n"})
    assert since(state, root) == ['ticked off "alpha"']


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just("2026-11-20"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_body_that_somebody_changed_raises(tmp_path_factory, data):
    """One value anywhere in a lead's line is something else."""
    top = tmp_path_factory.mktemp("rotten")
    root = write(top / "c", FILES)
    look(top / "state", root)
    file = top / "state/seen.jsonl"
    lines = file.read_bytes().splitlines()
    head, _, body = lines[1].partition(b"\t")
    value = json.loads(body)
    at = value
    while isinstance(at, dict | list) and at:
        keys = sorted(at) if isinstance(at, dict) else range(len(at))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    lines[1] = head + b"\t" + json.dumps(value).encode()
    file.write_bytes(b"\n".join(lines) + b"\n")
    words = since(top / "state", root)
    assert words is not None
    look(top / "state", root)
    assert since(top / "state", root) == []


@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=5), st.text(max_size=8))
@settings(max_examples=60, deadline=None)
def test_events_since_are_those_between(tmp_path_factory, old, new, odd):
    top = tmp_path_factory.mktemp("since")
    root, state = top / "c", top / "state"
    texts = ["# L\n" + "".join(f"{x} {odd}\n  {odd}\n" for x in lines) for lines in (old, new)]
    data = texts[0].encode("utf-8", "replace")
    write(root, {"ada/lead.md": "# Ada\n", "ada/list.md": data})
    before = look(state, root)
    write(root, {"ada/list.md": texts[1].encode("utf-8", "replace")})
    after = Folders([root]).read()
    snapshot = LastSeen(state, {"": root}).load()
    assert snapshot is not None
    assert snapshot.events(after, LATER) == detect_events(before, after, LATER)


def test_more_than_there_is_room_for_is_let_go_and_said(state, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SIZE_LIMIT", 6000)
    first, second = write(tmp_path / "c", FILES), write(tmp_path / "d", FILES)
    look(state, first)
    folders = Folders([second])
    seen = LastSeen(state, folders.places)
    words = " ".join(["word"] * 700)
    write(second, {"ada/list.md": f"- [ ] {words}\n"})
    seen.save(folders.read(), LATER)
    assert seen.trouble == "no room to remember what you last saw of 1 lead"
    assert (state / "seen.jsonl").stat().st_size <= 6000
    assert since(state, second) == []
    assert b"/c/ada" not in (state / "seen.jsonl").read_bytes()
    write(second, {"ada/list.md": "- [ ] short\n"})
    seen.save(folders.read(), LATER)
    assert seen.trouble == ""


def test_a_lead_that_there_was_no_room_for_has_no_events(state, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SIZE_LIMIT", 1500)
    root = write(tmp_path / "c", FILES)
    folders = Folders([root])
    LastSeen(state, folders.places).save(folders.read(), NOW)
    write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
    write(root, {"ben/lead.md": "# Ben\n- [x] alpha\n"})
    assert since(state, root) == ['ticked off "alpha"']


def test_without_a_place_to_keep_it_nothing_is_told(tmp_path):
    root = write(tmp_path / "c", FILES)
    (tmp_path / "file").write_text("")
    (tmp_path / "taken/seen.jsonl").mkdir(parents=True)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/seen.jsonl").symlink_to(root / "ada/list.md")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "piped").mkdir()
    (tmp_path / "pipe.jsonl").rename(tmp_path / "piped/seen.jsonl")
    for name in ("file", "taken"):
        seen = LastSeen(tmp_path / name, {"": root})
        seen.save(Folders([root]).read(), NOW)
        assert seen.trouble.startswith("cannot remember what you last saw: ")
        assert seen.load() is None
    for name in ("linked", "piped"):
        seen = LastSeen(tmp_path / name, {"": root})
        assert seen.load() is None
        assert seen.trouble.startswith("cannot remember what you last saw: ")
    assert (root / "ada/list.md").read_text() == FILES["ada/list.md"]


LOOKS = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from tldash.workspace.folders import Folders
from tldash.user.last_seen import LastSeen
state, *roots = map(Path, sys.argv[1:])
for root in roots * 20:
    folders = Folders([root])
    seen = LastSeen(state, folders.places)
    seen.save(folders.read(), datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert not seen.trouble, seen.trouble
    assert seen.load() is not None
"""


def test_several_processes_at_once_do_no_harm(state, tmp_path):
    roots = [write(tmp_path / name, FILES) for name in ("c", "d", "e")]
    started = [
        subprocess.Popen([sys.executable, "-c", LOOKS, state, *roots[:n], *roots[n:]])
        for n in range(3)
    ]
    assert [process.wait() for process in started] == [0, 0, 0]
    for root in roots:
        assert since(state, root) == []
        write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
        assert since(state, root) == ['ticked off "alpha"']
    assert not [*state.glob("*.part")]


def test_what_did_not_change_is_not_written_out_again(state, tmp_path, monkeypatch):
    root = write(tmp_path / "c", FILES)
    folders = Folders([root])
    seen = LastSeen(state, folders.places)
    seen.save(folders.read(), NOW)
    written: list[str] = []
    whole = module.dump_lead

    def counted(lead: Lead, day: date) -> dict[str, object]:
        written.append(lead.id)
        return whole(lead, day)

    monkeypatch.setattr(module, "dump_lead", counted)
    write(root, changed("ada/list.md", ("[ ] alpha", "[x] alpha")))
    seen.save(folders.read(), LATER)
    assert written == ["ada"]
    snapshot = seen.load()
    assert snapshot is not None
    assert snapshot.when == LATER
    assert snapshot.events(folders.read(), LATER) == ()


def test_naive_and_odd_times_are_taken_as_they_are(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    look(state, root)
    file = state / "seen.jsonl"
    data = file.read_bytes().replace(b"2026-11-20T09:00:00+00:00", b"2026-11-20T09:00:00", 2)
    file.write_bytes(data)
    snapshot = LastSeen(state, {"": root}).load()
    assert snapshot is not None
    assert snapshot.when == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert snapshot.events(Folders([root]).read(), LATER) == ()


EVENTS = st.builds(
    Event,
    st.sampled_from(EventKind),
    st.sampled_from(["ada", "ben/x"]),
    st.text(max_size=5),
    st.sampled_from(["ada/lead.md", "ben/x/1.md"]),
    st.integers(0, 10**8),
    st.text(max_size=5),
    st.sampled_from(["", "topic"]),
    st.none() | st.just(Moment(date(2026, 11, 3))) | st.just(Moment(date(2026, 1, 1), time(9, 30))),
)


@given(st.lists(EVENTS, max_size=5))
@settings(max_examples=30)
def test_events_that_nobody_looked_at_come_back(tmp_path_factory, events):
    """For the folder alone and beside another one, until somebody looked."""
    top = tmp_path_factory.mktemp("unseen")
    root, other = write(top / "c", FILES), write(top / "d", FILES)
    folders = Folders([root])
    seen = LastSeen(top / "state", folders.places)
    seen.save(folders.read(), LATER, events, NOW)
    found = seen.load()
    assert found is not None
    assert [*found.unseen] == events
    assert found.looked == (NOW if events else LATER)
    assert [*found.events(folders.workspace, LATER)] == events
    both = Folders([root, other])
    beside = LastSeen(top / "state", both.places)
    found = beside.load()
    assert found is not None
    own = [replace(event, lead_id=f"c/{event.lead_id}", path=f"c/{event.path}") for event in events]
    assert [*found.unseen] == own
    mixed = [*own, replace(an_event, lead_id="d/ada", path="d/ada/lead.md")]
    beside.save(both.read(), LATER, mixed, NOW)
    found = beside.load()
    assert found is not None
    assert [*found.unseen] == mixed
    seen.save(folders.workspace, LATER)
    found = beside.load()
    assert found is not None
    assert [*found.unseen] == mixed[-1:]


an_event = Event(EventKind.ADDED, "ada", "call", "ada/lead.md", 1)


def test_at_most_500_of_them_are_kept(state, tmp_path):
    root = write(tmp_path / "c", FILES)
    folders = Folders([root])
    seen = LastSeen(state, folders.places)
    events = [replace(an_event, line=number) for number in range(700)]
    seen.save(folders.read(), LATER, events, NOW)
    found = seen.load()
    assert found is not None and [*found.unseen] == events[200:]


@pytest.mark.parametrize(
    "body",
    [
        *("3", "[[]]", "[3]", '{"a":1}', "["),
        '[["added","ada","x","p","1","","",null]]',
        '[["x","a","b","c","1","","",""]]',
        '[["added","ada","x","p","-1","","",""]]',
    ],
)
def test_events_that_somebody_changed_are_passed_over(state, tmp_path, body):
    root = write(tmp_path / "c", FILES)
    folders = Folders([root])
    seen = LastSeen(state, folders.places)
    seen.save(folders.read(), LATER, [an_event], NOW)
    file = state / "seen.jsonl"
    lines = file.read_bytes().split(b"\n")
    (at,) = [n for n, line in enumerate(lines) if b'"unseen"' in line]
    lines[at] = lines[at].partition(b"\t")[0] + b"\t" + body.encode()
    file.write_bytes(b"\n".join(lines))
    found = seen.load()
    assert found is not None
    assert found.unseen == () or body.endswith("null]]")
