"""Moving sessions and setting their status: what is written, refused and undone."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from tests.support.records import write
from tldash.editing.edits import Refused
from tldash.history.journal import Journal
from tldash.model.dates import restyle_moment
from tldash.model.file_roles import with_date_in_name
from tldash.model.records import Moment, SessionStatus
from tldash.storage import write as write_module
from tldash.workspace import sessions
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
OLD, NEW = "2026-12-01", "2026-12-04"
LAST = "---\ndate: 2026-11-03\nnext: 2026-12-01 # fixed\n---\nTalked.\n## Actions\n"
PLAN = "---\ndate: 2026-12-01 16:00\n---\n# Plan\n"


class Clock:
    """A clock that never shows the same moment twice."""

    def __init__(self) -> None:
        self.second = 0

    def __call__(self) -> datetime:
        self.second += 1
        return datetime(2026, 11, 20, 9 + self.second // 3600, self.second // 60 % 60,
                        self.second % 60, tzinfo=UTC)  # fmt: skip


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def opened(tmp_path: Path, files: dict[str, str]) -> Folders:
    root = write(tmp_path / "coaching", files)
    clock = Clock()
    folders = Folders([root], lambda root: Journal(tmp_path / "state", root, clock))
    folders.read()
    return folders


def move(folders: Folders, place: str, day: str, at: time | None = None) -> sessions.SessionChanged:
    (lead,) = folders.workspace.leads
    wanted = Moment(date.fromisoformat(day), at)
    return sessions.move_session(folders, lead.id, place, wanted, NOW)


def refused(folders: Folders, place: str, day: str = NEW) -> Refused:
    before = snapshot(folders.roots[0])
    with pytest.raises(Refused) as caught:
        move(folders, place, day)
    assert snapshot(folders.roots[0]) == before
    return caught.value


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("2026-12-01.md", "2026-12-04.md"),
        ("2026-12-01-plan.yaml", "2026-12-04-plan.yaml"),
        ("20261201 x.md", "20261204 x.md"),
        ("2026_12_01.md", "2026_12_04.md"),
        ("2026.12.01.md", "2026.12.04.md"),
        ("plan 2026-12-01.md", "plan 2026-12-04.md"),
    ],
)
def test_the_date_in_a_name_is_replaced_in_its_style(name: str, renamed: str) -> None:
    assert with_date_in_name(name, date(2026, 12, 4)) == renamed
    assert with_date_in_name("plan.md", date(2026, 12, 4)) is None


def test_a_style_that_would_be_unclear_is_not_kept() -> None:
    assert with_date_in_name("17-11-2026.md", date(2026, 11, 24)) == "24-11-2026.md"
    assert with_date_in_name("11.17.2026.md", date(2026, 11, 24)) == "11.24.2026.md"
    assert with_date_in_name("17-11-2026.md", date(2026, 12, 4)) == "2026-12-04.md"


AT = Moment(date(2026, 12, 1), time(16))


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("2026-12-01", "2026-12-04 17:30"),
        ("2026-12-01 16:00", "2026-12-04 17:30"),
        ("2026-12-01T16:00:00", "2026-12-04T17:30:00"),
        ("2026-12-01T16:00:00+00:00", "2026-12-04T17:30:00+00:00"),
        ("2026-12-01 16:00 Z", "2026-12-04 17:30 Z"),
        ("2026-12-01 16:00+0000", "2026-12-04 17:30+0000"),
        ("[[2026-12-01 16:00]]", "[[2026-12-04 17:30]]"),
        ("[[2026-12-01]]", "2026-12-04 17:30"),
        ("1 December", None),
    ],
)
def test_a_date_keeps_its_style(written: str, new: str | None) -> None:
    assert restyle_moment(written, AT, Moment(date(2026, 12, 4), time(17, 30), UTC)) == new


FILES = {
    "markdown": ("x.md", PLAN, PLAN.replace(f"{OLD} 16:00", f"{NEW} 17:30")),
    "crlf": (
        "x.md", PLAN.replace("\n", "\r\n"),
        PLAN.replace(f"{OLD} 16:00", f"{NEW} 17:30").replace("\n", "\r\n"),
    ),
    "no front matter": ("x.md", "# Plan\n", f"---\ndate: {NEW} 17:30\n---\n# Plan\n"),
    "no date": (
        "x.md", "---\nskill: vision\n---\n", f"---\nskill: vision\ndate: {NEW} 17:30\n---\n",
    ),
    "a time of its own": (
        "x.md", f"---\ndate: {OLD}\ntime: '16:00'\n---\n",
        f"---\ndate: {NEW}\ntime: '17:30'\n---\n",
    ),
    "a link": ("x.md", f'---\ndate: "[[{OLD}]]"\n---\n', f'---\ndate: "{NEW} 17:30"\n---\n'),
    "yaml": (
        "x.yaml", f"# ours\ndate: {OLD}T16:00 # fixed\nactions:\n- a\n",
        f"# ours\ndate: {NEW}T17:30 # fixed\nactions:\n- a\n",
    ),
    "called off": (
        "x.md", f"---\ndate: {OLD}\nstatus: cancelled\n---\n", f"---\ndate: {NEW} 17:30\n---\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_session_moves_with_its_name_and_its_date(tmp_path: Path, kind: str) -> None:
    ending, text, after = FILES[kind]
    old, new = (f"ada/sessions/{day}{ending[1:]}" for day in (OLD, NEW))
    last = "ada/sessions/2026-11-03.md"
    folders = opened(tmp_path, {"ada/lead.md": "", last: LAST, old: text})
    before = snapshot(folders.roots[0])
    done = move(folders, old, NEW, time(17, 30))
    assert (done.old_path, done.path, done.left_out) == (old, new, ())
    assert done.what == "moved to 2026-12-04 17:30: session of Ada on 2026-12-01"
    now = snapshot(folders.roots[0])
    assert now[new].decode() == after
    assert now[last].decode() == LAST.replace(OLD, f"{NEW} 17:30")
    assert now.keys() == {*before.keys() - {old}, new}
    (lead,) = folders.workspace.leads
    assert (lead.sessions[-1].at, lead.problems) == (Moment(date(2026, 12, 4), time(17, 30)), ())
    assert folders.undo().what == done.what
    assert snapshot(folders.roots[0]) == before
    assert folders.redo().what == done.what
    assert snapshot(folders.roots[0]) == now


def test_without_a_time_it_keeps_its_own(tmp_path: Path) -> None:
    path = f"ada/{OLD}.md"
    folders = opened(tmp_path, {path: PLAN})
    done = move(folders, path, NEW)
    assert f"date: {NEW} 16:00\n" in folders.read_text(done.path)
    move(folders, done.path, NEW, time(9))
    assert f"date: {NEW} 09:00\n" in folders.read_text(done.path)


def test_times_are_those_of_the_viewer(tmp_path: Path) -> None:
    path = f"ada/{OLD}.md"
    folders = opened(
        tmp_path,
        {"ada/lead.md": "---\ntimezone: Asia/Tokyo\n---\n", path: PLAN, "ada/2026-11-03.md": LAST},
    )
    move(folders, path, NEW, time(8))
    assert f"date: {NEW} 17:00\n" in folders.read_text(f"ada/{NEW}.md")
    bare = opened(tmp_path / "a", {"ada/lead.md": "---\ntimezone: Asia/Tokyo\n---\n", path: "x\n"})
    move(bare, path, NEW, time(8))
    assert bare.read_text(f"ada/{NEW}.md") == f"---\ndate: {NEW} 17:00\n---\nx\n"
    offset = opened(tmp_path / "b", {path: PLAN.replace("16:00", "16:00+02:00")})
    move(offset, path, NEW, time(8))
    assert f"date: {NEW} 10:00+02:00\n" in offset.read_text(f"ada/{NEW}.md")


def test_what_is_due_by_the_session_moves_along(tmp_path: Path) -> None:
    items = (
        f"- [ ] a #next-session due:{OLD}\n- [ ] a #next-session due:{OLD}\n"
        f"- [ ] own due:{OLD}\n- [x] done #next-session due:{OLD}\n"
        "- [ ] other #next-session due:2026-11-30\n"
    )
    plan = f"ada/{OLD}.yaml"
    folders = opened(
        tmp_path,
        {
            "ada/2026-11-03.md": LAST + items,
            plan: f"date: {OLD}\nactions:\n- b due:{OLD} #next-session\n",
        },
    )
    before = snapshot(folders.roots[0])
    assert move(folders, plan, NEW).left_out == ()
    wanted = items.replace(f"a #next-session due:{OLD}", f"a #next-session due:{NEW}")
    assert folders.read_text("ada/2026-11-03.md").endswith(wanted)
    assert folders.read_text(f"ada/{NEW}.yaml") == (
        f"date: {NEW}\nactions:\n- b due:{NEW} #next-session\n"
    )
    folders.undo()
    assert snapshot(folders.roots[0]) == before


def test_topics_that_were_moved_to_the_session_move_along(tmp_path: Path) -> None:
    topics = (
        f"## Agenda\n- [ ] a ⏳ {OLD}\n- [x] done ⏳ {OLD} ✅ {OLD}\n- [ ] other ⏳ 2026-11-30\n"
        f"## Actions\n- [ ] start then ⏳ {OLD}\n"
    )
    folders = opened(tmp_path, {"ada/2026-11-03.md": LAST + topics, f"ada/{OLD}.md": PLAN})
    before = snapshot(folders.roots[0])
    assert move(folders, f"ada/{OLD}.md", NEW).left_out == ()
    wanted = topics.replace(f"a ⏳ {OLD}", f"a ⏳ {NEW}", 1)
    assert folders.read_text("ada/2026-11-03.md").endswith(wanted)
    folders.undo()
    assert snapshot(folders.roots[0]) == before


def test_what_cannot_follow_is_named_and_the_session_moves(tmp_path: Path) -> None:
    last, plan = "ada/2026-11-03.md", f"ada/{OLD}.md"
    folders = opened(tmp_path, {last: f"{LAST}- [ ] a #next-session due:{OLD}\n", plan: PLAN})
    file = folders.absolute(last)
    file.chmod(0o444)
    done = move(folders, plan, NEW)
    file.chmod(0o644)
    assert [one.partition(":")[0] for one in done.left_out] == ["next", "a"]
    assert all("read-only" in one for one in done.left_out)
    assert done.path == f"ada/{NEW}.md"
    folders.undo()
    assert folders.read_text(plan) == PLAN


def test_a_next_date_without_a_file_moves(tmp_path: Path) -> None:
    path = "ada/2026-11-03.md"
    folders = opened(tmp_path, {path: f"{LAST}- [ ] a #next-session due:{OLD}\n"})
    done = move(folders, "", NEW, time(16))
    assert (done.old_path, done.path) == ("", "")
    text = folders.read_text(path)
    assert f"next: {NEW} 16:00 # fixed\n" in text
    assert f"due:{NEW}\n" in text
    folders.undo()
    assert f"next: {OLD} # fixed\n" in folders.read_text(path)


def test_days_that_are_taken_and_other_bad_input(tmp_path: Path) -> None:
    plan = f"ada/{OLD}.md"
    folders = opened(tmp_path, {"ada/2026-11-03.md": LAST, plan: PLAN, f"ada/{NEW}.md": "x"})
    root = folders.roots[0]
    assert refused(folders, plan).message == f"Ada already has a session on {NEW}: ada/{NEW}.md"
    assert refused(folders, plan, OLD).message == "it is on that day already"
    assert refused(folders, "ada/2026-01-01.md").code == "gone"
    (root / "ada/2026-12-08.md").write_text("by somebody else, just now")
    assert refused(folders, plan, "2026-12-08").code == "exists"
    (root / "ada").chmod(0o555)
    assert refused(folders, plan, "2026-12-10").code == "read-only"
    (root / "ada").chmod(0o755)
    (root / plan).write_text(PLAN.replace(OLD, "2026-12-02"))
    assert refused(folders, plan, "2026-12-10").code == "unclear"
    (root / plan).write_text("<<<<<<< a\n=======\n>>>>>>> b\n")
    assert refused(folders, plan, "2026-12-10").code == "merge-conflict"
    (root / plan).unlink()
    assert refused(folders, plan, "2026-12-10").code in {"unreadable", "gone"}
    assert move(folders, "ada/2026-11-03.md", "2026-10-30").path == "ada/2026-10-30.md"


def test_a_file_of_several_sessions_is_left_to_its_editor(tmp_path: Path) -> None:
    text = "# Ada\n\n## 2026-11-03\n\nx\n\n## 2026-12-01\n\n- [ ] y\n"
    folders = opened(tmp_path, {"ada/lead.md": "", "ada/1-1.md": text})
    (lead,) = folders.workspace.leads
    place = lead.sessions[-1].place
    assert (
        "holds several sessions; change the date in its heading" in refused(folders, place).message
    )
    with pytest.raises(Refused, match="holds several sessions"):
        sessions.set_status(folders, lead.id, place, SessionStatus.CANCELLED, NOW)
    assert folders.read_text("ada/1-1.md") == text


def test_a_rename_is_reversed_if_the_date_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program changes the date between the two."""
    plan = f"ada/{OLD}.md"
    folders = opened(tmp_path, {plan: PLAN})
    real = write_module.rename

    def meanwhile(root: Path, old: str, new: str) -> None:
        real(root, old, new)
        if new.endswith(f"{NEW}.md"):
            (root / new).write_text(PLAN.replace(OLD, "2026-12-02"))

    monkeypatch.setattr("tldash.workspace.writer.rename", meanwhile)
    with pytest.raises(Refused) as caught:
        move(folders, plan, NEW)
    assert caught.value.code == "changed"
    assert snapshot(folders.roots[0]) == {plan: PLAN.replace(OLD, "2026-12-02").encode()}
    assert [path for path in os.listdir(tmp_path / "state") if "lock" not in path]  # noqa: PTH208
    with pytest.raises(Exception, match="no edit to undo"):
        folders.undo()


@pytest.mark.parametrize("ending", ["md", "yaml"])
def test_the_status_is_one_key_and_goes_without_a_trace(tmp_path: Path, ending: str) -> None:
    past, plan = f"ada/2026-11-10.{ending}", f"ada/{OLD}.{ending}"
    text = "skill: x\r\n" if ending == "yaml" else "---\r\nskill: x\r\n---\r\n"
    folders = opened(tmp_path, {past: text, plan: text})
    before = snapshot(folders.roots[0])
    (lead,) = folders.workspace.leads

    def set_to(place: str, status: SessionStatus | None) -> str:
        return sessions.set_status(folders, lead.id, place, status, NOW).what

    with pytest.raises(Refused, match="still to come"):
        set_to(plan, SessionStatus.MISSED)
    with pytest.raises(Refused, match="already"):
        set_to(plan, None)
    assert set_to(plan, SessionStatus.CANCELLED) == "cancelled: session of Ada on 2026-12-01"
    assert set_to(past, SessionStatus.MISSED) == "missed: session of Ada on 2026-11-10"
    assert folders.read_text(past) == text.replace("skill: x\r\n", "skill: x\r\nstatus: missed\r\n")
    assert set_to(plan, None) == "reopened: session of Ada on 2026-12-01"
    folders.undo()
    assert set_to(plan, None) == "reopened: session of Ada on 2026-12-01"
    set_to(past, None)
    assert snapshot(folders.roots[0]) == before
