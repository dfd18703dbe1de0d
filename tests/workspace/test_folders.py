"""The opened folders, kept in step with the disk: reading again and reading afresh agree."""

from __future__ import annotations

import os
import shutil
import tempfile
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.edits import already
from tests.support.records import write
from tldash.editing.edits import Refused, SetStatus
from tldash.formats.text import NotText
from tldash.model.records import Status, Workspace
from tldash.storage.walk import Unreadable
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Change, Folders
from tldash.workspace.labels import NoFolder

ON = date(2026, 11, 9)
ADA = {"ada/lead.md": "# Ada\n- [ ] a\n", "ada/sessions/2026-11-03.md": "- [ ] b\n"}
BEN = {"ben/lead.md": "# Ben\n- [ ] c\n"}


LEADS = "abcdefg"
DAYS = range(1, 31)


def changed(*paths: str, root: int = 0) -> list[Change]:
    return [Change(root, frozenset(paths))]


def test_unchanged_leads_are_the_very_same_objects(tmp_path):
    folders = Folders([write(tmp_path, {**ADA, **BEN})])
    before = folders.read()
    assert folders.read() == before
    write(tmp_path, {"ada/lead.md": "# Ada\n- [x] a\n"})
    after = folders.refresh(changed("ada/lead.md"))
    assert after.leads[1] is before.leads[1]
    assert after.leads[0] is not before.leads[0]
    assert after.leads[0].sessions == before.leads[0].sessions


def test_a_change_that_is_none_changes_nothing(tmp_path):
    folders = Folders([write(tmp_path, ADA)])
    before = folders.read()
    os.utime(tmp_path / "ada/lead.md")
    after = folders.refresh(changed("ada/lead.md"))
    assert after.leads[0] is before.leads[0]


def test_a_half_written_file_keeps_its_old_view_until_it_is_closed(tmp_path):
    folders = Folders([write(tmp_path, {**ADA, **BEN})])
    before = folders.read()
    with (tmp_path / "ada/lead.md").open("w") as handle:
        handle.write("# A")
        handle.flush()
        assert folders.refresh(changed("ada/lead.md")) == before
        write(tmp_path, {"ben/lead.md": "# Benjamin\n"})
        assert folders.read().leads[0] == before.leads[0]
        assert folders.read().leads[1].name == "Benjamin"
        assert folders.is_being_written("ada/lead.md")
        handle.write("gnes\n")
    assert not folders.is_being_written("ada/lead.md")
    assert folders.read().leads[0].name == "Agnes"


def test_a_file_that_is_always_open_is_read_when_asked_to(tmp_path):
    folders = Folders([write(tmp_path, ADA)])
    folders.read()
    with (tmp_path / "ada/lead.md").open("a") as handle:
        handle.write("- [ ] log\n")
        handle.flush()
        change = Change(0, frozenset({"ada/lead.md"}), frozenset({"ada/lead.md"}))
        after = folders.refresh([change])
    assert [action.task.text for action in after.leads[0].actions] == ["b", "a", "log"]


def test_settings_reach_every_lead(tmp_path):
    folders = Folders([write(tmp_path, {**ADA, **BEN})])
    folders.read()
    write(tmp_path, {"tldash.yaml": "name: Circle\ncoach: Mira\n"})
    after = folders.refresh(changed("tldash.yaml"))
    assert after.name == "Circle"
    assert [lead.coach for lead in after.leads] == ["Mira", "Mira"]


def test_several_folders_are_told_apart(tmp_path):
    write(tmp_path / "north", ADA)
    write(tmp_path / "south/north", ADA)
    write(tmp_path / "east", {"lead.md": "# Eve\n", "tldash.yaml": "name: East\n", "x/y.md": ""})
    roots = [tmp_path / "north", tmp_path / "south/north", tmp_path / "east"]
    folders = Folders([*roots, tmp_path / "south/../north"])
    assert folders.roots == tuple(roots)
    workspace = folders.read()
    assert workspace.name == "north, north-2, East"
    assert [lead.id for lead in workspace.leads] == ["north/ada", "north-2/ada", "east"]
    assert workspace.files == 7
    second = workspace.leads[1].sessions[0]
    assert second.path == "north-2/ada/sessions/2026-11-03.md"
    assert folders.absolute(second.path) == roots[1] / "ada/sessions/2026-11-03.md"
    folders.edit(SetStatus(second.actions[0].task, Status.DONE, ON))
    assert "[x]" in (roots[1] / "ada/sessions/2026-11-03.md").read_text()
    assert "[ ]" in (roots[0] / "ada/sessions/2026-11-03.md").read_text()
    write(roots[2], {"lead.md": "# Evelyn\n"})
    assert folders.refresh(changed("lead.md", root=2)).leads[2].name == "Evelyn"


def test_problems_of_several_folders_carry_their_names(tmp_path):
    write(tmp_path / "a", {**ADA, "ada/lead (conflicted copy 2026-11-03).md": ""})
    write(tmp_path / "b", {**BEN, "stray/x.md": "- [ ] a due:soon\n"})
    folders = Folders([tmp_path / "a", tmp_path / "b"])
    assert [(p.path, p.code) for p in folders.read().all_problems] == [
        ("a/ada/lead (conflicted copy 2026-11-03).md", "conflict-copy"),
        ("b/stray/x.md", "bad-date"),
    ]


def test_a_conflict_copy_is_no_second_session(tmp_path):
    copy = "ada/sessions/2026-11-03.sync-conflict-20261103-101112-ABCDEFG.md"
    workspace = Folders([write(tmp_path, {**ADA, copy: "- [ ] b\n"})]).read()
    assert len(workspace.leads[0].sessions) == 1
    [problem] = workspace.all_problems
    assert (problem.path, problem.code) == (copy, "conflict-copy")
    assert "ada/sessions/2026-11-03.md" in problem.message


def test_where_a_folder_cannot_be_opened(tmp_path):
    write(tmp_path, {"x.md": ""})
    for path, words in (
        (tmp_path / "none", "there is no folder"),
        (tmp_path / "x.md", "is a file"),
        (tmp_path / ("a" * 300), "cannot be opened"),
        (Path("/\0"), "cannot be opened"),
    ):
        with pytest.raises(NoFolder, match=words):
            Folders([path])
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(NoFolder, match="cannot be opened"):
        Folders([tmp_path / "loop"])


@pytest.fixture
def told_at_once(monkeypatch) -> None:
    monkeypatch.setattr("tldash.model.progress.FIRST_REPORT_AFTER", 0.0)
    monkeypatch.setattr("tldash.model.progress.REPORT_INTERVAL", 0.0)


@pytest.mark.usefixtures("told_at_once")
def test_progress_is_told_now_and_then(tmp_path):
    write(tmp_path, {f"notes/{number}.md": "" for number in range(130)})
    told: list[tuple[int, int]] = []
    Folders([tmp_path]).read(lambda done, of, _: told.append((done, of)))
    assert told == [(0, 130), (64, 130), (128, 130)]


@pytest.mark.usefixtures("told_at_once")
def test_leads_are_there_before_the_last_file_is_read(tmp_path):
    files = {f"{lead}/sessions/2026-01-{day:02}.md": "- [ ] a\n" for lead in LEADS for day in DAYS}
    config = "cadence: weekly\ncoach: Mira\n"
    folders = Folders([write(tmp_path, files | {"tldash.yaml": config})])
    told: list[Workspace] = []
    whole = folders.read(lambda done, of, so_far: told.append(so_far()))
    assert [len(workspace.leads) for workspace in told] == [0, 2, 4, 6]
    for workspace in told:
        for lead in workspace.leads:
            assert lead is whole.find_lead(lead.id)
            assert (lead.coach, lead.cadence) == ("Mira", 7)
            assert len(lead.sessions) == len(DAYS)


@pytest.mark.usefixtures("told_at_once")
def test_of_several_folders_those_read_before_are_there_too(tmp_path):
    files = {f"{lead}/sessions/2026-01-{day:02}.md": "- [ ] a\n" for lead in LEADS for day in DAYS}
    roots = [write(tmp_path / name, files) for name in ("one", "two")]
    told: list[Workspace] = []
    whole = Folders(roots).read(lambda done, of, so_far: told.append(so_far()))
    assert [len(workspace.leads) for workspace in told] == [0, 2, 4, 6, 7, 9, 11, 13]
    assert all(lead is whole.find_lead(lead.id) for lead in told[-1].leads)


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("- [x] z\n", "- [x] a ✅ 2026-11-09"),
        (
            "- [ ] y due:2026-11-20\n- [ ] z 📅 2026-11-20\n- [ ] x t:2026-11-20\n",
            "a done:2026-11-09",
        ),
        ("- [ ] z [due:: 2026-11-20]\n", "- [x] a  [completion:: 2026-11-09]"),
    ],
)
def test_a_line_without_a_dialect_is_ticked_in_that_of_its_lead(tmp_path, lines, written):
    files = {
        "ada/lead.md": lines,
        "ada/x.md": "- [ ] a\n",
        "ben/lead.md": "- [ ] 📅 2026-11-20\n" * 9,
    }
    folders = Folders([write(tmp_path, files)])
    folders.read()
    task = folders.find_task("ada/x.md", 1)
    assert task is not None
    folders.edit(SetStatus(task, Status.DONE, ON))
    assert written in (tmp_path / "ada/x.md").read_text()


def test_setting_a_status_answers_with_what_is_on_disk(tmp_path):
    folders = Folders([write(tmp_path, ADA)])
    task = folders.read().leads[0].sessions[0].actions[0].task
    after = folders.edit(SetStatus(task, Status.DONE, ON))
    assert after.leads[0].sessions[0].actions[0].status is Status.DONE
    assert after is folders.workspace
    with already():
        folders.edit(SetStatus(task, Status.DONE, ON))


def test_a_refused_edit_shows_what_is_there_now(tmp_path):
    folders = Folders([write(tmp_path, ADA)])
    task = folders.read().leads[0].sessions[0].actions[0].task
    write(tmp_path, {"ada/sessions/2026-11-03.md": "- [ ] reworded\n"})
    with pytest.raises(Refused):
        folders.edit(SetStatus(task, Status.DONE, ON))
    assert folders.workspace.leads[0].sessions[0].actions[0].task.text == "reworded"
    (tmp_path / "ada/sessions/2026-11-03.md").unlink()
    with pytest.raises(WriteRefused):
        folders.edit(SetStatus(task, Status.DONE, ON))
    assert folders.workspace.leads[0].sessions == ()
    assert not (tmp_path / "ada/sessions/2026-11-03.md").exists()


def test_texts_and_lines(tmp_path):
    folders = Folders([write(tmp_path, {**ADA, "ada/bad.md": b"\xff"})])
    folders.read()
    assert folders.read_text("ada/lead.md") == "# Ada\n- [ ] a\n"
    assert folders.find_task("ada/lead.md", 1) is None
    assert folders.find_task("ada/none.md", 1) is None
    with pytest.raises(Unreadable):
        folders.read_text("ada/none.md")
    with pytest.raises(NotText):
        folders.read_text("ada/bad.md")


@pytest.mark.parametrize("kind", ["folder", "pipe", "link out", "broken link", "link within"])
def test_what_takes_the_place_of_a_file_is_seen_as_in_a_fresh_reading(tmp_path, kind):
    root = write(tmp_path / "root", {**ADA, **BEN})
    write(tmp_path, {"secret.md": "- [ ] secret\n"})
    folders = Folders([root])
    folders.read()
    place = root / "ada/lead.md"
    place.unlink()
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        targets = {
            "link out": "../../secret.md",
            "broken link": "x",
            "link within": "../ben/lead.md",
        }
        place.symlink_to(targets[kind])
    after = folders.refresh(changed("ada/lead.md"))
    assert after == Folders([root]).read()
    assert "secret" not in str(after.leads)


def test_a_root_that_goes_and_comes_back(tmp_path):
    root = write(tmp_path / "root", ADA)
    folders = Folders([root])
    before = folders.read()
    root.rename(tmp_path / "elsewhere")
    gone = folders.read()
    assert gone.leads == ()
    assert [problem.code for problem in gone.all_problems] == ["folder-gone"]
    (tmp_path / "elsewhere").rename(root)
    assert folders.read() == before


def test_a_change_in_a_root_that_is_gone_removes_nothing(tmp_path):
    root = write(tmp_path / "root", ADA)
    folders = Folders([root])
    before = folders.read()
    root.rename(tmp_path / "elsewhere")
    paths = frozenset({next(iter(ADA)), "ada/new.md"})
    assert folders.refresh([Change(0, paths)]).leads == before.leads
    write(tmp_path / "elsewhere", {"ada/new.md": "- [ ] new\n"})
    (tmp_path / "elsewhere").rename(root)
    assert "new" in [one.task.text for one in folders.read().leads[0].actions]


NAMES = ["ada", "ben", "sessions"]
FILES = [
    "lead.md",
    "skills.md",
    "2026-11-03.md",
    "2026-12-01.yaml",
    "x.md",
    "x (1).md",
    "tldash.yaml",
]
TEXTS = [
    "",
    "# Someone\n- [ ] a\n- [x] b\n",
    "---\ndate: 2026-11-05\nskill: vision\n---\n## Agenda\n- [ ] t\n## Actions\n- [ ] c @mira\n",
    "coach: Mira\nactions:\n- d\n",
    "---\ncadence: often\n---\n",
    "\0",
]


class Disk(RuleBasedStateMachine):
    """Random programs at work in a folder, and one that follows them."""

    @initialize()
    def open(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="tldash-test-"))
        self.root = self.top / "root"
        write(self.root, {"ada/lead.md": TEXTS[1], "ben/2026-11-03.md": TEXTS[2]})
        self.folders = Folders([self.root])
        self.folders.read()
        self.changed: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def below(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_dir())

    def note(self, path: Path) -> None:
        self.changed.add(path.relative_to(self.root).as_posix())

    @rule(
        folders=st.lists(st.sampled_from(NAMES), max_size=3),
        name=st.sampled_from(FILES),
        text=st.sampled_from(TEXTS),
    )
    def save(self, folders: list[str], name: str, text: str) -> None:
        path = self.root.joinpath(*folders, name)
        write(self.root, {path.relative_to(self.root).as_posix(): text})
        self.note(path)

    @precondition(lambda self: self.files())
    @rule(data=st.data(), text=st.sampled_from(TEXTS))
    def edit(self, data: st.DataObject, text: str) -> None:
        path = data.draw(st.sampled_from(self.files()))
        path.write_text(text)
        self.note(path)

    @precondition(lambda self: self.files())
    @rule(data=st.data(), name=st.sampled_from(FILES))
    def rename(self, data: st.DataObject, name: str) -> None:
        path = data.draw(st.sampled_from(self.files()))
        self.note(path)
        self.note(path.replace(path.with_name(name)))

    @precondition(lambda self: self.files())
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(self.files()))
        path.unlink()
        self.note(path)

    @precondition(lambda self: self.below())
    @rule(data=st.data(), name=st.sampled_from(["cyd", "dee"]))
    def move_folder(self, data: st.DataObject, name: str) -> None:
        path = data.draw(st.sampled_from(self.below()))
        inside = [file.relative_to(path) for file in path.rglob("*") if file.is_file()]
        target = path.with_name(name)
        if target.exists():
            return
        path.rename(target)
        for file in inside:
            self.note(path / file)
            self.note(target / file)

    @precondition(lambda self: self.below())
    @rule(data=st.data())
    def remove_folder(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(self.below()))
        for file in path.rglob("*"):
            self.note(file)
        shutil.rmtree(path)

    @rule()
    def follow(self) -> None:
        before = {id(lead): lead for lead in self.folders.workspace.leads}
        after = self.folders.refresh(changed(*self.changed))
        fresh = Folders([self.root]).read()
        assert after == fresh
        if not any(name.endswith(".yaml") and "/" not in name for name in self.changed):
            for lead in after.leads:
                same = [old for old in before.values() if old == lead]
                touched = any(
                    name == lead.path or name.startswith(f"{lead.path}/") or not lead.path
                    for name in self.changed
                )
                assert touched or not same or same[0] is lead
        self.changed.clear()

    @invariant()
    def untouched_leads_stay(self) -> None:
        if hasattr(self, "folders") and not self.changed:
            before = self.folders.workspace
            assert all(a is b for a, b in zip(before.leads, self.folders.read().leads, strict=True))


TestDisk = Disk.TestCase
TestDisk.settings = settings(max_examples=40, stateful_step_count=14, deadline=None)


def test_the_boxes_of_a_file_take_little_memory(tmp_path):
    """Measured in Python's own blocks: about 430 bytes are kept of a box, and 530 at the peak."""
    number = 20_000
    boxes = "".join(f"- [ ] Do the thing {at} due:2026-12-01\n" for at in range(number))
    folder = write(tmp_path, {"ada/2026-11-04.md": boxes})
    Folders([folder]).read()  # what is kept once, such as compiled patterns
    tracemalloc.start()
    try:
        workspace = Folders([folder]).read()
        kept, peak = (size / number for size in tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
    assert sum(len(lead.actions) for lead in workspace.leads) == number
    assert kept < 650
    assert peak < 800
