"""A folder as of a day: the same as a checkout of the commit that git had then."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.git_repository import DAY, START, Story, git, make_repository
from tldash.editing.edits import SetStatus
from tldash.history.journal import NothingLeft
from tldash.insight.place_filter import parse_places
from tldash.model.records import Status, Workspace
from tldash.model.word_search import parse_query
from tldash.storage.directory import WriteRefused
from tldash.workspace.folders import Folders
from tldash.workspace.labels import NoFolder

COMMITS = 60
NAMES = ("ada", "ben", "chiara", "Dénes")

Files = dict[str, bytes | tuple[str, bytes]]


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def as_of(folder: Path, seconds: int) -> Workspace:
    return Folders([folder], as_of=moment(seconds)).read()


def session(chance: random.Random, day: int) -> bytes:
    done = chance.choice("x ")
    note = "".join(f"A line of notes {chance.random()}.\n" for _ in range(chance.randrange(60)))
    task = f"- [{done}] Do {chance.random()} due:2026-01-{day:02}"
    return f"# Session\n{note}## Actions\n{task}\n".encode()


def lead_path(chance: random.Random) -> str:
    day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return f"people/{chance.choice(NAMES)}/sessions/{day}.md"


def change(chance: random.Random, files: Files) -> None:
    """Add, change, remove, move and copy files; with names and kinds that a walk treats apart."""
    for _ in range(chance.randint(1, 4)):
        plain = sorted(path for path, content in files.items() if isinstance(content, bytes))
        match chance.randrange(8):
            case 0 | 1 | 2:
                files[lead_path(chance)] = session(chance, chance.randint(1, 28))
            case 3:
                path = chance.choice(plain)
                content = files[path]
                assert isinstance(content, bytes)
                files[path] = content + b"- [ ] one more\n"
            case 4:
                files.pop(chance.choice(plain[1:]), None)
            case 5:
                files[lead_path(chance)] = files.pop(chance.choice(plain[1:]))
            case 6:
                folder = f"people/{chance.choice(NAMES)}"
                files[f"{folder}/lead.md"] = f"---\nname: {chance.random()}\n---\n".encode()
            case 7:
                path, content = chance.choice(ODD)
                files[path] = content


ODD: list[tuple[str, bytes | tuple[str, bytes]]] = [
    ("people/ada/.hidden.md", b"- [ ] hidden\n"),
    ("people/.obsidian/x.md", b"- [ ] hidden\n"),
    ("node_modules/x/readme.md", b"- [ ] of others\n"),
    ("people/ada/NOTES.MD", b"- [ ] in capitals\n"),
    ("people/ada/notes (conflicted copy 2026-01-01).md", b"- [ ] copy\n"),
    ("people/ada/notes.md", b"- [ ] notes\n"),
    ("people/ada/picture.png", b"\x89PNG\0"),
    ("people/ada/latin.md", b"caf\xe9\n"),
    ("people/ada/bad\udce9.md", b"a name that is not UTF-8\n"),
    ("people/ada/.notes.md.icloud", b"in the cloud"),
    ("people/ada/script.md", ("100755", b"- [ ] may run\n")),
    ("people/ben/link.md", ("120000", b"../ada/notes.md")),
    ("people/ben/up.md", ("120000", b"../../people/ada/lead.md")),
    ("people/ben/broken.md", ("120000", b"nowhere.md")),
    ("people/ben/loop.md", ("120000", b"loop.md")),
    ("people/ben/into.md", ("120000", b"../ada/notes.md/x.md")),
    ("people/ben/out.md", ("120000", b"../../../other.md")),
    ("people/ben/back.md", ("120000", b"../../../pairs/people/ada/notes.md")),
    ("people/eva", ("120000", b"ada")),
    ("people/ada/self", ("120000", b"..")),
    ("people/sub", ("160000", b"1" * 40)),
    ("people/sub.md", ("160000", b"1" * 40)),
    ("tldash.yaml", b"coach: Mira\n"),
]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, int]]]:
    """A repository, partly packed with deltas, and its first-parent line: commits and times."""
    chance = random.Random(15)
    top = tmp_path_factory.mktemp("history")
    (top / "other.md").write_text("- [ ] outside\n")
    folder = make_repository(top / "pairs")
    story = Story()
    files: Files = {"people/ada/lead.md": b"---\nname: Ada\n---\n", "readme.md": b"- [ ] one\n"}
    files |= dict(ODD)
    mark = story.commit(files, START)
    for number in range(1, COMMITS):
        when = START + number * DAY // 2 + chance.randrange(3600)
        parents: tuple[int, ...] = (mark,)
        if number % 7 == 0:
            # Two commits beside the line, merged into it.
            side: Files = dict(files)
            change(chance, side)
            one = story.commit(side, when - 7200, (mark,), branch="side")
            other = story.commit(
                {**side, "side.md": b"- [ ] aside\n"}, when - 3600, (one,), branch="side"
            )
            parents, files = (mark, other), {**files, **side, "side.md": b"- [ ] aside\n"}
        change(chance, files)
        large = {"big.md": b"- [ ] x\n" * 300_000} if number % 20 == 5 else {}
        mark = story.commit({**files, **large}, when, parents)
        if number == COMMITS * 2 // 3:
            story.write(folder)
            git(folder, "repack", "-adfq", "--depth=50", "--window=50")
            git(folder, "pack-refs", "--all")
    story.write(folder, packed=False)
    lines = git(folder, "log", "--first-parent", "--format=%H %ct").split("\n")[:-1]
    return folder, [(line.split()[0], int(line.split()[1])) for line in lines]


def test_it_equals_a_checkout_of_every_commit(history: tuple[Path, list[tuple[str, int]]]) -> None:
    folder, line = history
    other = folder.parent / "checkout"
    other.mkdir()
    (other / "other.md").write_text("- [ ] outside\n")
    git(other, "clone", "-q", "--no-checkout", str(folder), "pairs")
    assert len(line) >= 50
    seen = set()
    for name, when in line:
        git(other / "pairs", "checkout", "-q", "--detach", name)
        for inside in ("", "people", "people/ada"):
            if (other / "pairs" / inside).is_dir():
                (folder / inside).mkdir(parents=True, exist_ok=True)
                there = Folders([other / "pairs" / inside]).read()
                here = as_of(folder / inside, when)
                assert here.problems == there.problems, (name, inside)
                assert here == there, (name, inside)
                problems = (
                    *there.problems,
                    *(one for lead in there.leads for one in lead.problems),
                )
                seen |= {problem.code for problem in problems}
    assert seen >= {"link-broken", "link-outside", "conflict-copy", "not-a-file", "bad-name"}
    assert seen >= {"not-downloaded", "too-large"}


def test_it_is_the_latest_commit_of_the_branch_until_then(
    history: tuple[Path, list[tuple[str, int]]],
) -> None:
    folder, line = history
    newest, before = line[0][1], line[1][1]
    last = as_of(folder, newest)
    assert as_of(folder, newest + 1000 * DAY) == last
    assert as_of(folder, newest - 1) == as_of(folder, before) != last
    (folder / "new.md").write_text("- [ ] not committed\n")
    try:
        assert as_of(folder, newest) == last
    finally:
        (folder / "new.md").unlink()
    with pytest.raises(NoFolder, match=r"its first commit is of 2025-10-09\."):
        as_of(folder, START - 1)


def test_several_folders_each_with_their_own_repository(
    tmp_path: Path, history: tuple[Path, list[tuple[str, int]]]
) -> None:
    folder, _ = history
    other = make_repository(tmp_path / "more")
    story = Story()
    mark = story.commit({"lead.md": b"---\nname: Old\n---\n"}, START)
    story.commit({"lead.md": b"---\nname: New\n---\n"}, START + 10 * DAY, (mark,))
    story.write(other)
    found = Folders([folder, other], as_of=moment(START + 5 * DAY)).read()
    assert found.folders == ("pairs", "more")
    assert [lead.name for lead in found.leads if lead.id == "more"] == ["Old"]
    assert {lead.id.partition("/")[0] for lead in found.leads} == {"pairs", "more"}


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    with pytest.raises(
        NoFolder, match=r"plain cannot be shown as of 2025-10-09: it is not in a git"
    ):
        as_of(plain, START)
    empty = make_repository(tmp_path / "empty")
    with pytest.raises(NoFolder, match="it has no commits yet"):
        as_of(empty, START)
    (empty / "later").mkdir()
    story = Story()
    mark = story.commit({"readme.md": b"x"}, START)
    story.commit({"later/readme.md": b"x"}, START + DAY, (mark,))
    story.write(empty)
    with pytest.raises(NoFolder, match="git did not have it then"):
        as_of(empty / "later", START)
    assert as_of(empty / "later", START + DAY).files


def test_every_edit_is_refused(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "ada")
    story = Story()
    story.commit({"lead.md": b"- [ ] call\n"}, START)
    story.write(folder)
    git(folder, "reset", "-q", "--hard")
    opened = Folders([folder], as_of=moment(START))
    opened.read()
    task = opened.find_task("lead.md", 1)
    assert task is not None
    with pytest.raises(WriteRefused, match="read-only"):
        opened.edit(SetStatus(task, Status.DONE, date(2026, 1, 1)))
    with pytest.raises(WriteRefused, match="read-only"):
        opened.create("new.md", "x")
    with pytest.raises(NothingLeft, match="read-only"):
        opened.undo()
    assert [path.name for path in folder.glob("*.md")] == ["lead.md"]
    assert (folder / "lead.md").read_bytes() == b"- [ ] call\n"


def test_a_committed_time_that_runs_back(tmp_path: Path) -> None:
    """The line is followed from its end, so a clock that was wrong hides nothing that is newer."""
    folder = make_repository(tmp_path / "ada")
    story = Story()
    mark = story.commit({"lead.md": b"- [ ] one\n"}, START + 9 * DAY)
    mark = story.commit({"lead.md": b"- [ ] two\n"}, START + DAY, (mark,))
    story.commit({"lead.md": b"- [ ] three\n"}, START + 5 * DAY, (mark,))
    story.write(folder)
    opened = Folders([folder], as_of=moment(START + DAY))
    opened.read()
    assert opened.read_text("lead.md") == "- [ ] two\n"
    opened = Folders([folder], as_of=moment(START + 5 * DAY))
    opened.read()
    assert opened.read_text("lead.md") == "- [ ] three\n"


def test_a_search_is_in_what_git_had_then(tmp_path: Path) -> None:
    story = Story()
    first = story.commit({"ada/2026-11-03.md": b"an old word\n"}, START)
    story.commit({"ada/2026-11-03.md": b"a new word\n"}, START + DAY, (first,))
    folder = make_repository(tmp_path / "repository")
    story.write(folder)
    folders = Folders([folder], as_of=moment(START))
    folders.read()
    for word, found in (("old", ["an old word"]), ("new", [])):
        assert [one.text for one in folders.search(parse_query([word]))] == found
        index = folders.index_texts()
        *_, last = index.search(parse_places(word), folders.workspace, lambda: False)
        assert [one.place.text for one in last.places] == found
