"""The history of a folder, read without git: compared with what git says, and with damage."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.git_repository import DAY, PERSON, START, Story, git, make_repository
from tests.support.tables import each
from tldash.history.git_history import BlobChange, GitHistory, NoHistory
from tldash.history.git_objects import Commit, parse_commit, parse_loose, parse_tree
from tldash.history.git_packs import ObjectError, apply_delta

NOON = datetime(2030, 1, 1, tzinfo=UTC)


def find(folder: Path) -> GitHistory:
    found = GitHistory.find(folder.resolve())
    assert isinstance(found, GitHistory), found
    return found


def changes_of(history: GitHistory, commit: Commit) -> tuple[BlobChange, ...]:
    """What a commit did since its first parent."""
    parent = next(iter(history.parents(commit)), None)
    return history.changes(parent and history.folder(parent), history.folder(commit))


def reason(folder: Path) -> str:
    found = GitHistory.find(folder.resolve())
    if isinstance(found, GitHistory):
        commit = found.commit_as_of(NOON)
        assert isinstance(commit, NoHistory)
        return commit.reason
    return found.reason


def write_story(folder: Path, commits: int = 12, *, size: int = 400) -> Path:
    """Commits by two people with renames, merges, deep folders, and similar files for deltas."""
    chance = random.Random(7)
    story = Story()
    files: dict[str, bytes | tuple[str, bytes]] = {"a/readme.md": b"one\n", "empty.md": b""}
    files["sub"] = ("160000", b"1" * 40)
    mark = story.commit(files, START)
    for number in range(1, commits):
        long = b"".join(b"line %d\n" % chance.randrange(10**9) for _ in range(size))
        files[f"a/b/c/{number}.md"] = long
        grown = files.get("a/grown.md", b"")
        assert isinstance(grown, bytes)
        files["a/grown.md"] = long[:100] + grown
        if number % 3 == 0:
            files[f"moved/{number}.md"] = files.pop(f"a/b/c/{number - 1}.md")
        if number % 5 == 0:
            files.pop("a/readme.md", None)
            files["a/link.md"] = ("120000", b"grown.md")
        parents: tuple[int, ...] = (mark,)
        if number % 4 == 0:
            beside = {**files, "side.md": long}
            side = story.commit(beside, START + number * DAY, parents, branch="side")
            parents = (mark, side)
        mark = story.commit(
            files, START + number * DAY + 60, parents,
            author="Zoë <zoe@example.org>" if number % 2 else PERSON,
            message=f"Change {number}\nof Jürgen\n\nbody\n".encode(), authored=START + number,
        )  # fmt: skip
    story.write(make_repository(folder))
    return folder


def repack_with_offsets(folder: Path) -> None:
    git(folder, "repack", "-adfq", "--depth=50", "--window=20")


def repack_with_names(folder: Path) -> None:
    git(folder, "-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50")
    git(folder, "pack-refs", "--all")


def unpack(folder: Path) -> None:
    for pack in [*(folder / ".git/objects/pack").glob("*.pack")]:
        moved = pack.rename(folder / pack.name)
        git(folder, "unpack-objects", "-q", stdin=moved.read_bytes())
    shutil.rmtree(folder / ".git/objects/pack")


@pytest.fixture(scope="module", params=[repack_with_offsets, repack_with_names, unpack])
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    found = write_story(tmp_path_factory.mktemp("git") / "pairs")
    request.param(found)
    if request.param is not unpack:
        (index,) = (found / ".git/objects/pack").glob("*.idx")
        assert "chain length = 3" in git(found, "verify-pack", "-v", str(index))
    return found


def test_the_commits_are_those_of_git(folder: Path) -> None:
    fields = "%x00".join(("%H", "%T", "%P", "%an", "%ae", "%at", "%ct", "%s"))
    written = git(folder, "log", f"--format={fields}")
    expected = [tuple(line.split("\0")) for line in written.split("\n")[:-1]]
    assert len(expected) > 12
    assert [
        (one.name, one.tree, " ".join(one.parents), one.author, one.email, str(one.author_time),
         str(one.committer_time), one.subject)
        for one in find(folder).commits()
    ] == expected  # fmt: skip


def test_the_changes_and_the_bytes_are_those_of_git(folder: Path) -> None:
    history = find(folder)
    for commit in history.commits():
        base = commit.parents[:1] or (git(folder, "hash-object", "-t", "tree", os.devnull).strip(),)
        lines = git(folder, "diff-tree", "-r", "-z", "--no-renames", *base, commit.name)
        expected = {}
        parts = lines.split("\0")[:-1]
        for fields, path in zip(parts[::2], parts[1::2], strict=True):
            old_mode, new_mode, old, new, _ = fields.removeprefix(":").split(" ")
            both = [
                name if mode.startswith("100") else None
                for mode, name in ((old_mode, old), (new_mode, new))
            ]
            if any(both):
                expected[path] = tuple(both)
        changes = changes_of(history, commit)
        assert {one.path: (one.old, one.new) for one in changes} == expected
        for one in changes:
            if one.new is not None:
                data = history.read(one.new)
                name = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
                assert name == one.new


def test_changes_are_those_below_the_folder(folder: Path) -> None:
    (folder / "a").mkdir(exist_ok=True)
    whole, below = find(folder), find(folder / "a")
    for commit in whole.commits():
        expected = [one.path for one in changes_of(whole, commit) if one.path.startswith("a/")]
        assert [f"a/{one.path}" for one in changes_of(below, commit)] == expected


def test_git_may_pack_meanwhile(tmp_path: Path) -> None:
    """Objects that were loose, or in packs that are gone, are found in the new pack."""
    folder = write_story(tmp_path / "pairs")
    history = find(folder)
    first = next(history.commits())
    story = Story()
    story.commit({"new.md": b"new\n"}, START + 99 * DAY, (first.name,))
    (folder / ".git/marks").unlink()
    story.write(folder, packed=False)
    git(folder, "repack", "-adfq")
    assert next(history.commits()).name == git(folder, "rev-parse", "main").strip()
    assert len([*history.commits()]) == len(git(folder, "rev-list", "main").split())


def test_a_long_line_needs_no_recursion(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "long")
    story = Story()
    mark = story.commit({"a.md": b"0"}, START)
    for number in range(1, 3000):
        mark = story.commit({"a.md": b"%d" % number}, START + number, (mark,))
    story.write(folder)
    history = find(folder)
    assert sum(1 for _ in history.commits()) == 3000
    commit = history.commit_as_of(datetime.fromtimestamp(START, UTC))
    assert not isinstance(commit, NoHistory)
    assert not commit.parents


# Where the repository is


def test_a_folder_without_history(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    assert reason(plain) == "it is not in a git repository"
    (plain / ".git").mkdir()
    assert reason(plain) == "it is not in a git repository"
    assert reason(make_repository(tmp_path / "empty")) == "it has no commits yet"
    (tmp_path / "empty/.git/HEAD").write_text("ref: refs/heads/.invalid\n")
    assert "reftable" in reason(tmp_path / "empty")


def test_a_repository_of_another_user(tmp_path: Path) -> None:
    """As with git's safe.directory; and one in a folder above, as in /tmp, is not looked at."""
    folder = write_story(tmp_path / "pairs", 2)
    find(folder)
    if os.geteuid() != 0:
        return  # only root can give a folder away
    other = folder / "a"
    other.mkdir(exist_ok=True)
    os.chown(other, 1234, 1234)
    assert reason(other) == "it is not in a git repository"
    os.chown(folder / ".git", 1234, 1234)
    assert reason(folder) == "its git repository belongs to another user"


def test_a_submodule_and_a_linked_work_tree(tmp_path: Path) -> None:
    part = write_story(tmp_path / "part", 3)
    main = write_story(tmp_path / "main", 3)
    git(main, "reset", "-q", "--hard")
    git(main, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(part), "part")
    assert (main / "part/.git").is_file()
    names = [one.name for one in find(part).commits()]
    assert [one.name for one in find(main / "part").commits()] == names
    beside = tmp_path / "beside"
    git(main, "worktree", "add", "-q", "--detach", str(beside), "main~1")
    before = git(main, "rev-list", "main~1").split()
    for name in ("HEAD", "refs/heads/side"):  # detached, then on a branch of its own
        git(beside, "checkout", "-q", *(["-b", "side"] if name != "HEAD" else ["--detach"]))
        for packed in (False, True):
            if packed:
                git(main, "pack-refs", "--all")
            assert sorted(one.name for one in find(beside).commits()) == sorted(before)
    git(main, "worktree", "add", "-q", "--detach", str(main / "within"), "main~1")
    inside = next(find(main / "within").commits())
    assert inside.name == git(main, "rev-parse", "main~1").strip()


def test_a_work_tree_of_a_repository_that_does_not_name_it(tmp_path: Path) -> None:
    main = write_story(tmp_path / "team.git", 2)
    (main / ".git").rename(main / "bare")
    for path in (main / "bare").iterdir():
        path.rename(main / path.name)
    git(main, "config", "core.bare", "true")
    beside, other = tmp_path / "beside", tmp_path / "other"
    git(main, "worktree", "add", "-q", "--detach", str(beside), "main")
    assert isinstance(GitHistory.find(beside), GitHistory)
    own = main / "worktrees" / "beside"
    other.mkdir()
    shutil.copy(beside / ".git", other / ".git")
    elsewhere = "the history of a linked work tree is elsewhere"
    assert reason(other) == elsewhere, "git's own folder names another work tree"
    for name, text in {
        "gitdir": f"{other}/.git\n",
        "commondir": "../../../away",
        "HEAD": None,
    }.items():
        kept = (own / name).read_text()
        if text is None:
            (own / name).unlink()
        else:
            (own / name).write_text(text)
        assert reason(beside) == elsewhere, name
        (own / name).write_text(kept)
    (own / "gitdir").write_text(f"{os.path.relpath(beside, own)}/.git\n")
    assert isinstance(GitHistory.find(beside), GitHistory), "git can write relative paths too"
    link = tmp_path / "link.git"
    link.symlink_to(main)
    (beside / ".git").write_text(f"gitdir: {link}/worktrees/beside\n")
    assert reason(beside) == elsewhere
    (beside / ".git").write_text(f"gitdir: {own}\n")
    main.rename(tmp_path / "plain")
    (beside / ".git").write_text(f"gitdir: {tmp_path}/plain/worktrees/beside\n")
    assert reason(beside) == elsewhere, "no name of a repository"


def test_git_files_and_links_that_lead_away(tmp_path: Path) -> None:
    away = write_story(tmp_path / "away", 2)
    folder = tmp_path / "pairs"
    folder.mkdir()
    (folder / ".git").symlink_to("../away/.git")
    assert "elsewhere" in reason(folder)
    (folder / ".git").unlink()
    for text in (f"gitdir: {away}/.git\n", "gitdir: ../away/.git", "gitdir: /\0x", "", "gitdir:"):
        (folder / ".git").write_text(text)
        assert "elsewhere" in reason(folder) or "leads to no repository" in reason(folder), text
    (folder / ".git").unlink()
    shutil.copytree(away / ".git", folder / "kept")
    (folder / ".git").symlink_to("kept")
    assert isinstance(GitHistory.find(folder), GitHistory)
    (folder / "kept/commondir").write_text(str(away / ".git"))
    assert "elsewhere" in reason(folder)


# What is missing or damaged


def test_a_shallow_clone(tmp_path: Path) -> None:
    folder = write_story(tmp_path / "pairs", 6)
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{folder}", "clone")
    clone = tmp_path / "clone"
    expected = git(clone, "rev-list", "main").split()
    history = find(clone)
    assert sorted(one.name for one in history.commits()) == sorted(expected)
    found = history.commit_as_of(datetime.fromtimestamp(START, UTC))
    assert isinstance(found, NoHistory)
    assert "shallow" in found.reason
    assert "--unshallow" in found.hint
    last = [*history.commits()][-1]
    assert all(one.old is None for one in changes_of(history, last))


def test_a_partial_clone(tmp_path: Path) -> None:
    folder = write_story(tmp_path / "pairs", 4)
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{folder}", "clone")
    history = find(tmp_path / "clone")
    blob = next(one.new for one in changes_of(history, next(history.commits())) if one.new)
    with pytest.raises(ObjectError, match=f"{blob} is not on this machine") as error:
        history.read(blob)
    assert error.value.code == "missing"


def read_everything(folder: Path) -> None:
    history = find(folder)
    for commit in history.commits():
        for one in changes_of(history, commit):
            if one.new:
                data = history.read(one.new)
                assert hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest() == one.new


def test_any_damage_is_an_error_of_ours(folder: Path) -> None:
    """Bytes of packs, indexes and loose objects are changed, cut and zeroed at random."""
    chance = random.Random(3)
    files = sorted(one for one in (folder / ".git/objects").rglob("*") if one.is_file())
    hurt = 0
    for _ in range(120):
        file = chance.choice(files)
        before = file.read_bytes()
        data = bytearray(before)
        at = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data[at : at + 40] = bytes(len(data[at : at + 40]))
        file.chmod(0o644)
        file.write_bytes(data)
        try:
            read_everything(folder)
        except ObjectError as error:
            hurt += 1
            assert error.code in ("damaged", "missing", "too-large"), error.message
        finally:
            file.write_bytes(before)
    assert hurt > 40
    read_everything(folder)


def test_an_object_under_another_name_is_damage(tmp_path: Path) -> None:
    folder = write_story(tmp_path / "pairs", 3)
    unpack(folder)
    one, other = (git(folder, "rev-parse", f"main:a/b/c/{number}.md").strip() for number in (1, 2))
    there = folder / ".git/objects" / one[:2] / one[2:]
    there.chmod(0o644)
    there.write_bytes((folder / ".git/objects" / other[:2] / other[2:]).read_bytes())
    with pytest.raises(ObjectError, match=f"blob {one} has another content"):
        find(folder).read(one)


@each(
    "text",
    ["", "x", "ref: refs/heads/../../x", "ref: /etc/passwd", "ref: HEAD", "1" * 40, "1" * 64,
     "ref: refs/heads/loop", "\0" * 4000, "x" * 5000],
)  # fmt: skip
def test_a_head_that_leads_nowhere(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "pairs"
    if not folder.exists():
        make_repository(folder)
    (folder / ".git/HEAD").write_text(text)
    (folder / ".git/refs/heads/loop").write_text("ref: refs/heads/loop")
    with pytest.raises(ObjectError, match=r"damaged|not on this machine"):
        find(folder).commit_as_of(NOON)


# Sizes


def write_loose(folder: Path, kind: str, size: int, data: bytes) -> str:
    """Store an object with the name of its first byte, whatever it holds."""
    name = hashlib.sha1(kind.encode() + data[:1]).hexdigest()
    file = folder / ".git/objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(f"{kind} {size}\0".encode() + data))
    return name


def peak_while(call: Callable[[], object]) -> int:
    """Return how many bytes were in use at most while `call` ran."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_large_objects_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "pairs")
    history = find(folder)
    large = bytes(64 * 1024 * 1024)
    bombs = [write_loose(folder, "blob", len(large), large)]
    bombs.append(write_loose(folder, "blob", 5, b"\x01" + large))
    del large

    def read() -> None:
        for name in bombs:
            with pytest.raises(ObjectError):
                history.read(name)

    assert peak_while(read) < 10_000_000


def test_large_objects_in_packs(tmp_path: Path) -> None:
    """Large ones, and a delta that makes a large one from a small base."""
    folder = make_repository(tmp_path / "pairs")
    base = random.Random(1).randbytes(60_000)
    story = Story()
    mark = story.commit({"a.bin": base * 250}, START)
    story.commit({"a.bin": base * 251}, START + 1, (mark,))
    story.write(folder)
    git(folder, "repack", "-adfq")
    history = find(folder)
    blobs = [one.new for commit in history.commits() for one in changes_of(history, commit)]
    assert "chain length = 1" in git(folder, "verify-pack", "-v", *map(str, folder.rglob("*.idx")))

    def read() -> None:
        for blob in blobs:
            assert blob
            with pytest.raises(ObjectError, match="larger than 2,097,152 bytes"):
                history.read(blob)

    assert peak_while(read) < 2_000_000


# The parsers


def size_of(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_delta_makes_what_its_instructions_say(base: bytes, data: st.DataObject) -> None:
    made, steps = b"", b""
    for _ in range(data.draw(st.integers(0, 6))):
        if data.draw(st.booleans()):
            start = data.draw(st.integers(0, len(base) - 1))
            length = data.draw(st.integers(1, len(base) - start))
            numbers = start.to_bytes(4, "little") + length.to_bytes(3, "little")
            what = 128 | sum(1 << bit for bit, number in enumerate(numbers) if number)
            steps += bytes([what]) + numbers.replace(b"\0", b"")
            made += base[start : start + length]
        else:
            text = data.draw(st.binary(min_size=1, max_size=127))
            steps += bytes([len(text)]) + text
            made += text
    delta = size_of(len(base)) + size_of(len(made)) + steps
    assert apply_delta(base, delta, 1 << 20) == made
    if made:
        with pytest.raises(ObjectError):
            apply_delta(base, delta, len(made) - 1)
        with pytest.raises(ObjectError):
            apply_delta(base, delta[:-1], 1 << 20)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_as_a_delta_end_within_the_limit(base: bytes, delta: bytes) -> None:
    for written in (delta, size_of(len(base)) + delta):
        try:
            assert len(apply_delta(base, written, 500)) <= 500
        except ObjectError:
            continue


@given(st.binary(max_size=400))
def test_any_bytes_as_an_object_are_parsed_or_refused(data: bytes) -> None:
    for parse in (
        lambda: parse_tree(data),
        lambda: parse_commit("1" * 40, b"tree " + b"1" * 40 + b"\n" + data),
        lambda: parse_commit("1" * 40, data),
        lambda: parse_loose(data, 500),
        lambda: parse_loose(zlib.compress(data), 500),
        lambda: parse_loose(zlib.compress(b"blob 12\0" + data), 500),
    ):
        try:
            parse()
        except ObjectError:
            continue


names = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=9
).filter(lambda name: name not in (".", ".."))


@given(st.dictionaries(names, st.sampled_from([0o100644, 0o120000, 0o40000, 0o160000])))
def test_a_tree_is_parsed_as_it_was_written(entries: dict[str, int]) -> None:
    data = b"".join(
        b"%o %s\0" % (mode, name.encode()) + hashlib.sha1(name.encode()).digest()
        for name, mode in entries.items()
    )
    assert {one.name: one.mode for one in parse_tree(data)} == entries
    for name in (b"..", b".", b"", b"a/b"):
        with pytest.raises(ObjectError):
            parse_tree(b"100644 %s\0" % name + bytes(20))
