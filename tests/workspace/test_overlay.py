"""Private folders are laid over shared ones, and kept apart from them on disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tldash
from tests.support.git_repository import git
from tests.support.records import write
from tests.support.tables import each
from tldash.editing.edits import AddTask, PutText, Refused, Remove, SetField, SetStatus
from tldash.history.journal import Journal
from tldash.insight import private
from tldash.model.item_keys import iter_tasks
from tldash.model.records import Lead, Moment, Private, Status, is_private
from tldash.storage.write import WriteRefused
from tldash.workspace.folders import Change, Folders
from tldash.workspace.sessions import move_session

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ADA = {
    "ada/lead.md": "---\nname: Ada Lindqvist\n---\n",
    "ada/sessions/2026-12-01.md": "## Agenda\n- [ ] the outage\n\n## Actions\n- [ ] write\n",
    "ben/lead.md": "---\nname: Ben\n---\n",
    "ben/sessions/2026-11-03.md": "## Actions\n- [ ] call\n",
}
NOTES = "## Actions\n- [ ] ask about pay\n"


def opened(tmp: Path, *wanted: tuple[str, str], roots: tuple[str, ...] = ("shared",)) -> Folders:
    """Open folders with a private one, by default `own`, and read them."""

    def remember(root: Path) -> Journal:
        return Journal(tmp / "state", root, lambda: NOW)

    found = Folders(
        [tmp / root for root in roots],
        remember,
        load_private=lambda: wanted or (("", str(tmp / "own")),),
    )
    found.read()
    found.read_private()
    return found


def make(tmp: Path, shared: dict[str, str], own: dict[str, str]) -> Folders:
    write(tmp / "shared", shared)
    if own:
        write(tmp / "own", own)
        (tmp / "own").chmod(0o700)
    return opened(tmp)


def private_of(folders: Folders) -> Private:
    found = folders.workspace.private
    assert found is not None
    return found


def texts(folders: Folders, lead_id: str) -> list[str]:
    return [t.text for one in folders.workspace.private_of(lead_id) for t in iter_tasks(one)]


def lead(folders: Folders, lead_id: str) -> Lead:
    found = folders.workspace.find_lead(lead_id)
    assert found is not None
    return found


def test_private_lines_are_beside_the_shared_leads_and_not_in_them(tmp_path: Path) -> None:
    own = {
        "ada/notes.md": NOTES,
        "ada/sessions/2026-12-01.md": "## Agenda\n- [ ] my doubts\n",
        "ben/2026-11-03.md": "- [ ] thank him\n",
    }
    folders = make(tmp_path, ADA, own)
    assert texts(folders, "ada") == ["my doubts", "ask about pay"]
    assert texts(folders, "ben") == ["thank him"]
    shared = [task.text for one in folders.workspace.leads for task in iter_tasks(one)]
    assert shared == ["the outage", "write", "call"]
    plain = Folders([tmp_path / "shared"])
    assert plain.read().leads == folders.workspace.leads
    assert plain.workspace.private is None
    session = lead(folders, "ada").sessions[0]
    found = private.find_companions(folders.workspace, lead(folders, "ada"), session)
    assert [one.path for one in found] == [".only-you/ada/sessions/2026-12-01.md"]


def test_a_first_private_line_makes_a_folder_that_only_the_user_can_read(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {})
    assert private_of(folders).problems == ()
    before = os.umask(0)
    try:
        folders.edit(AddTask(".only-you/ada/notes.md", "ask about pay"))
        folders.edit(PutText(".only-you/ben/sessions/2026-11-03.md", "Notes", "tired", form="item"))
    finally:
        os.umask(before)
    made = [tmp_path / "own", *(tmp_path / "own").rglob("*")]
    assert len(made) > 5
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert (tmp_path / "own/ada/notes.md").read_text() == NOTES
    assert (tmp_path / "own/ada/lead.md").read_text() == "---\nname: Ada Lindqvist\n---\n"
    assert not (tmp_path / "state").exists()  # its history is in the private folder
    folders.undo()
    folders.undo()
    left = {path.name for path in (tmp_path / "own").iterdir()}
    assert left == {".tldash"}


def test_private_edits_go_to_the_private_file(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {"ada/notes.md": NOTES})
    (task,) = folders.workspace.private_of("ada")[0].actions
    folders.edit(SetStatus(task.task, Status.DONE, NOW.date()))
    assert "- [x] ask about pay" in (tmp_path / "own/ada/notes.md").read_text()
    assert not (tmp_path / "state").exists()
    folders.undo()
    assert (tmp_path / "own/ada/notes.md").read_text() == NOTES


def test_a_private_topic_that_repeats_stays_private(tmp_path: Path) -> None:
    topic = "## Agenda\n- [ ] how is she 🔁 every month\n"
    folders = make(tmp_path, ADA, {"ada/sessions/2026-11-03.md": topic})
    before = (tmp_path / "shared/ada/sessions/2026-12-01.md").read_text()
    own = folders.workspace.private_of("ada")[0].sessions[0].topics[0]
    folders.edit(SetStatus(own, Status.DONE, NOW.date()))
    assert (tmp_path / "shared/ada/sessions/2026-12-01.md").read_text() == before
    assert (tmp_path / "own/ada/sessions/2026-11-03.md").read_text().count("how is she") == 2


def test_a_line_is_shared_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {"ada/notes.md": f"{NOTES}- [ ] stays\n"})
    task = folders.workspace.private_of("ada")[0].actions[0].task
    shared, own = tmp_path / "shared/ada/sessions/2026-12-01.md", tmp_path / "own/ada/notes.md"
    before = shared.read_bytes(), own.read_bytes()
    edit = AddTask("ada/sessions/2026-12-01.md", "ask about pay")
    own.write_text("## Actions\n- [ ] ask about holidays\n")  # nobody has read this yet
    with pytest.raises(Refused):
        folders.share(Remove(task), edit)
    assert shared.read_bytes() == before[0]
    own.write_bytes(before[1])
    folders.share(Remove(task), edit)
    assert shared.read_text().endswith("- [ ] write\n- [ ] ask about pay\n")
    assert own.read_text() == "## Actions\n- [ ] stays\n"
    folders.undo()
    assert (shared.read_bytes(), own.read_bytes()) == before


@each(
    ("folder", "about", "of"),
    [
        ("ada", "---\nname: Somebody\n---\n", "ada"),  # by the path of the folder
        ("old", "---\nname: ada LINDQVIST\n---\n", "ada"),  # by the name, once it was renamed
        ("old", "", ""),
        ("old", "---\nname: Nobody\n---\n", ""),
        ("old", "---\nname: Ben\n---\n", "ben"),
    ],
)
def test_private_leads_match_by_folder_then_by_name(folder: str, about: str, of: str) -> None:
    with TemporaryDirectory() as name:
        own = {f"{folder}/notes.md": NOTES, **({f"{folder}/lead.md": about} if about else {})}
        folders = make(Path(name).resolve(), ADA, own)
        (found,) = private_of(folders).leads
        assert found.of == of
        codes = [one.code for one in private_of(folders).problems]
        assert codes == ([] if of else ["private-unmatched"])
        place = dict(private_of(folders).folders)["ada"]
        assert place == (".only-you/old" if of == "ada" and folder == "old" else ".only-you/ada")
        if not of:  # the key attaches them by a name
            was = dict(found.lead.written).get("name")
            path = found.lead.about or f"{found.lead.path}/lead.md"
            folders.edit(SetField(path, "name", "Ada Lindqvist", was))
            assert texts(folders, "ada") == ["ask about pay"]


def test_a_private_folder_of_two_leads_with_one_path_is_nobodys(tmp_path: Path) -> None:
    write(tmp_path / "one", ADA)
    write(tmp_path / "two", ADA)
    write(tmp_path / "own", {"ada/notes.md": NOTES})
    folders = opened(tmp_path, roots=("one", "two"))
    (found,) = private_of(folders).leads
    assert found.of == ""
    assert "could be about one/ada and two/ada" in str(private_of(folders).problems)
    own = (
        (str(tmp_path / "one"), str(tmp_path / "own")),
        (str(tmp_path / "two"), str(tmp_path / "b")),
    )
    folders = opened(tmp_path, *own, roots=("one", "two"))
    assert texts(folders, "one/ada") == ["ask about pay"]
    assert texts(folders, "two/ada") == []
    folders.edit(AddTask(dict(private_of(folders).folders)["two/ada"] + "/notes.md", "hello"))
    assert texts(folders, "two/ada") == ["hello"]
    assert (tmp_path / "b/ada/notes.md").exists()


def test_the_folder_of_one_lead_is_mirrored_too(tmp_path: Path) -> None:
    shared = {"lead.md": "---\nname: Ada\n---\n", "sessions/2026-12-01.md": "# One\n"}
    folders = make(tmp_path, shared, {"notes.md": NOTES, "sessions/2026-12-01.md": "- [ ] x\n"})
    (only,) = folders.workspace.leads
    assert texts(folders, only.id) == ["x", "ask about pay"]
    assert private.find_folder(folders.workspace, only.id) == ".only-you"
    path = private.find_companion(folders.workspace, only, only.sessions[0])
    assert path == ".only-you/sessions/2026-12-01.md"


def test_a_session_takes_its_private_file_along(tmp_path: Path) -> None:
    own = {"ada/sessions/2026-12-01.md": "---\ndate: 2026-12-01\n---\n## Notes\n- tired\n"}
    folders = make(tmp_path, ADA, own)
    at = Moment(date(2026, 12, 8))
    done = move_session(folders, "ada", "ada/sessions/2026-12-01.md", at, NOW)
    assert done.left_out == ()
    moved = tmp_path / "own/ada/sessions/2026-12-08.md"
    assert moved.read_text() == "---\ndate: 2026-12-08\n---\n## Notes\n- tired\n"
    folders.undo()
    assert (tmp_path / "own/ada/sessions/2026-12-01.md").read_text() == own[
        "ada/sessions/2026-12-01.md"
    ]
    assert (tmp_path / "shared/ada/sessions/2026-12-01.md").exists()
    history = (tmp_path / "state/edits.jsonl").read_text()
    assert "tired" not in history
    assert str(tmp_path / "own") not in history


def test_a_session_that_somebody_else_moved_hides_no_private_line(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {"ada/sessions/2026-12-01.md": "- [ ] mine\n"})
    old = tmp_path / "shared/ada/sessions/2026-12-01.md"
    old.rename(old.with_name("2026-12-15.md"))
    folders.read()
    assert texts(folders, "ada") == ["mine"]
    assert [*private.iter_files(folders.workspace.private_of("ada")[0])] == [
        ".only-you/ada/sessions/2026-12-01.md"
    ]


# -- folders that would be shared ------------------------------------------------------------------


def _repository(tmp: Path) -> str:
    git(tmp, "init", "-q")
    return str(tmp / "own")


def _work_tree(tmp: Path) -> str:
    git(tmp / "shared", "init", "-q")
    git(tmp / "shared", "add", ".")
    git(tmp / "shared", "commit", "-qm", "one")
    git(tmp / "shared", "worktree", "add", "-q", "--detach", str(tmp / "tree"))
    return str(tmp / "tree" / "own")


def _link(tmp: Path) -> str:
    (tmp / "link").symlink_to(tmp / "shared" / "ada")
    return str(tmp / "link")


def _hard_link(tmp: Path) -> str:
    write(tmp / "own", {"ada/notes.md": NOTES})
    os.link(tmp / "own/ada/notes.md", tmp / "shared/ada/also.md")
    return str(tmp / "own")


SHARED: tuple[tuple[Callable[[Path], str], str], ...] = (
    (lambda tmp: str(tmp / "shared"), "it is the shared folder"),
    (lambda tmp: str(tmp / "shared/private"), "it is inside the shared folder"),
    (str, "is inside it"),
    (lambda tmp: f"{tmp}/own/../shared/x", "it is inside the shared folder"),
    (_repository, "it is in the same git repository"),
    (_work_tree, "it is in the same git repository"),
    (_link, "it is inside the shared folder"),
    (_hard_link, "it has the same file as ada/also.md"),
    (lambda _: "own", "this is no absolute path"),
    (lambda _: "~nobody-of-this-name/own", "this is no absolute path"),
    (lambda _: "/a\0b", "this is no absolute path"),
)


@pytest.mark.parametrize(("where", "why"), SHARED)
def test_a_folder_that_would_be_shared_is_not_used(
    tmp_path: Path, where: Callable[[Path], str], why: str
) -> None:
    write(tmp_path / "shared", ADA)
    folders = opened(tmp_path, ("", where(tmp_path)))
    found = private_of(folders)
    assert found.folders == ()
    assert found.leads == ()
    assert [one.code for one in found.problems] == ["private-folder"]
    assert why in found.problems[0].message
    assert found.problems[0].hint


def test_a_folder_inside_a_shared_one_that_is_not_open_is_not_used_either(tmp_path: Path) -> None:
    write(tmp_path / "shared", ADA)
    write(tmp_path / "other", ADA)
    wanted = (str(tmp_path / "shared"), str(tmp_path / "other/x")), (str(tmp_path / "other"), "/b")
    assert private_of(opened(tmp_path, *wanted)).folders == ()


def test_a_link_that_names_the_private_folder_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "own", {"ada/notes.md": NOTES})
    write(tmp_path / "shared", ADA)
    (tmp_path / "own").chmod(0o700)
    (tmp_path / "shared/ada/mine").symlink_to(tmp_path / "own/ada")
    (tmp_path / "own/ada/theirs.md").symlink_to(tmp_path / "shared/ada/lead.md")
    folders = opened(tmp_path)
    found = {(one.path, one.code) for one in private_of(folders).problems}
    assert found == {("ada/mine", "private-folder"), (".only-you/ada/theirs.md", "link-outside")}
    assert "ask about pay" not in str(folders.workspace.leads)


def test_a_folder_that_others_can_read_is_a_problem(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {"ada/notes.md": NOTES})
    (tmp_path / "own").chmod(0o750)
    folders.read()
    (problem,) = private_of(folders).problems
    assert problem.code == "private-readable"
    assert problem.hint == f"run chmod go= {tmp_path / 'own'}"


def test_a_private_folder_may_vanish_and_come_back(tmp_path: Path) -> None:
    folders = make(tmp_path, ADA, {"ada/notes.md": NOTES})
    (tmp_path / "own").rename(tmp_path / "away")
    folders.read()
    assert texts(folders, "ada") == []
    assert [one.message for one in private_of(folders).problems] == ["your private folder is gone"]
    with pytest.raises(Refused, match="mount it or put it back"):  # it may be on another disk
        folders.edit(AddTask(".only-you/ada/notes.md", "hello"))
    assert not (tmp_path / "own").exists()
    (tmp_path / "away").rename(tmp_path / "own")
    folders.refresh([Change(1, frozenset({"ada/notes.md"}))])
    assert texts(folders, "ada") == ["ask about pay"]
    assert private_of(folders).problems == ()


def test_broken_private_files_are_problems_of_the_viewer_alone(tmp_path: Path) -> None:
    own = {"ada/lead.md": "---\nname: [\n---\n", "ada/notes.md": "- [ ] 📅 soon\n- []x\n"}
    folders = make(tmp_path, ADA, own)
    (tmp_path / "own/ada/odd.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "own/ada/dir.md").mkdir()
    folders.read()
    assert {one.path.partition("/")[0] for one in private_of(folders).problems} == {".only-you"}
    assert len(private_of(folders).problems) >= 3
    assert folders.workspace.all_problems == Folders([tmp_path / "shared"]).read().all_problems


def test_a_shared_folder_cannot_pose_as_a_private_one(tmp_path: Path) -> None:
    write(tmp_path / "shared", {**ADA, ".only-you/ada/notes.md": NOTES})
    write(tmp_path / ".only-you", ADA)
    folders = Folders([tmp_path / "shared"])
    assert "pay" not in str(folders.read())
    with pytest.raises(WriteRefused, match="private folder is not open"):
        folders.edit(AddTask(".only-you/ada/notes.md", "hello"))
    assert (tmp_path / "shared/.only-you/ada/notes.md").read_text() == NOTES
    both = Folders([tmp_path / "shared", tmp_path / ".only-you"]).read()
    assert both.folders == ("shared", "folder")


def test_private_folders_are_opened_for_a_terminal_of_ones_own_alone() -> None:
    package = Path(tldash.__file__).parent
    found = {
        path.relative_to(package).as_posix(): path.read_text("utf-8").count("with_private=True")
        for path in package.rglob("*.py")
    }
    assert {path: n for path, n in found.items() if n} == {"__main__.py": 1, "cli/show.py": 2}
    opened = [p.name for p in package.rglob("*.py") if "load_private=" in p.read_text("utf-8")]
    assert opened == ["launch.py"]


NAMES = st.sampled_from(
    [
        *("ada/lead.md", "ada/notes.md", "ada/sessions/2026-12-01.md", "ada/skills.md", "lead.md"),
        *("notes.md", "2026-11-03.md", "sessions/2026-11-03.yaml", "old/x/notes.md", "tldash.yaml"),
        *("ben/1on1s/2026-11-03.md", "framework.yaml", "1on1s/ada.md", "README.md", ".tldash/x.md"),
    ]
)
TEXTS = st.lists(
    st.sampled_from(
        [
            *("---", "name: Ada Lindqvist", "name: Ben", "# Title", "## Agenda", "## Actions"),
            *(
                "- [ ] one",
                "- [x] two 📅 2026-11-20",
                "## 2026-11-03",
                "## Goals",
                "\ufeff",
                "text",
            ),
            *("  - [ ] below", "date: 2026-12-01", "skills: [", "- []x", "status: ended"),
        ]
    ),
    max_size=8,
)


@given(st.dictionaries(NAMES, TEXTS, max_size=6))
@settings(max_examples=25)
def test_no_private_folder_changes_what_is_shared(files: dict[str, list[str]]) -> None:
    with TemporaryDirectory() as name:
        own = {path: "\n".join(lines) for path, lines in files.items()}
        folders = make(Path(name).resolve(), ADA, own)
        plain = Folders([Path(name).resolve() / "shared"]).read()
        assert replace(folders.workspace, private=None) == plain
        paths = {t.path for one in private_of(folders).leads for t in iter_tasks(one.lead)}
        assert all(map(is_private, paths))
        known = {one.lead.id for one in private_of(folders).leads}
        assert len(known) == len(private_of(folders).leads)
