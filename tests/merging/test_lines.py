"""The merge of lines against git's, and the properties of any merge."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.merging import lines
from tldash.merging.merge import NotText, merge

WORDS = st.lists(st.sampled_from("abcd"), max_size=9)


@cache
def longest(one: str, other: str) -> int:
    """Return the length of a longest common subsequence."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + longest(one[1:], other[1:])
    return max(longest(one[1:], other), longest(one, other[1:]))


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_found(one, other):
    pairs = lines.match(one, other)
    assert all(one[i] == other[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) == longest("".join(one), "".join(other))


def test_far_versions_are_matched_at_lines_that_occur_once():
    """Beyond the limit of edits, a match is not the longest but still one."""
    random = Random(1)
    one = [random.randrange(3000) for _ in range(4000)]
    other = [random.randrange(3000) for _ in range(4000)]
    pairs = lines.match(one, other)
    assert all(one[i] == other[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) > 20


def git_merge(folder: Path, base: bytes, ours: bytes, theirs: bytes) -> tuple[int, bytes]:
    """Merge with `git merge-file`. Returns the number of conflicts and the result."""
    git = shutil.which("git")
    assert git, "these tests need git: install it"
    names = []
    for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
        (folder / name).write_bytes(data)
        names.append(name)
    done = subprocess.run(
        [git, "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", *names],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode >= 0, done.stderr
    return done.returncode, done.stdout


def change(base: list[str], random: Random, side: str) -> list[str]:
    """Change, add or remove a few lines."""
    found = [*base]
    for number in range(random.randint(1, 3)):
        at = random.randrange(len(found))
        found[at : at + random.randint(0, 1)] = random.choice(
            ([], [f"{side} {number}"], [f"{side} {number}", "both"], [f"more {number}"])
        )
        found = found or ["rest"]
    return found


def test_lines_are_merged_as_git_does(tmp_path):
    """The result of `git merge-file -p`, byte for byte, with and without conflicts."""
    conflicts = clean = 0
    for seed in range(120):
        random = Random(seed)
        base = [f"line {n}" for n in range(random.randint(4, 25))]
        one, other = change(base, random, "one"), change(base, random, "other")
        texts = ["".join(f"{line}\n" for line in side).encode() for side in (base, one, other)]
        expected = git_merge(tmp_path, *texts)
        merged = merge(*texts, "some.txt")
        assert (merged.conflicts, merged.data) == expected, seed
        conflicts, clean = conflicts + bool(expected[0]), clean + (not expected[0])
    assert min(conflicts, clean) > 20


TEXTS = st.text(st.sampled_from("ab-# []x:\n\r"), max_size=60)
PATHS = st.sampled_from(["a.md", "2026-10-09.yaml", "a.txt"])


def files(*kinds: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Return texts that look like ours, and any other bytes."""
    return st.one_of(*(kind.map(lambda text: text.encode("utf-8", "replace")) for kind in kinds))


LINE = st.sampled_from(
    [
        "---", "date: 2026-10-09", "levels: {vision: beginner}", "levels:", "  vision: beginner",
        "actions:", "  - call Ann", "  - text: call Ann", "    due: 2026-10-10", "# One",
        "## Actions", "", "- [ ] call Ann", "- [x] call Ann due:2026-10-10", "  - [ ] nested",
        "  a note", "- plain", "words", "> - [ ] quoted", "```", "=====", "notes: |", "  of it",
    ]
)  # fmt: skip
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
LINED = st.builds(lambda found, end: "".join(f"{one}{end}" for one in found), st.lists(LINE), ENDS)
FILES = st.one_of(files(TEXTS, LINED, st.text(max_size=20)), st.binary(max_size=20))


@settings(max_examples=examples(600))
@given(FILES, FILES, PATHS)
def test_a_side_that_changed_nothing_gives_way(base, side, path):
    assert merge(base, side, base, path).data == side
    assert merge(base, base, side, path).data == side
    assert merge(base, side, side, path).data == side


@settings(max_examples=examples(900))
@given(FILES, FILES, FILES, PATHS)
def test_any_three_files_are_merged_the_same_from_both_sides(base, ours, theirs, path):
    """Every line that only one side added is in the result, and no input raises."""
    try:
        merged, other = merge(base, ours, theirs, path), merge(base, theirs, ours, path)
    except NotText:
        assert (
            b"\0" in base + ours + theirs
            or b"\xff\xfe" in base + ours + theirs
            or (b"\xfe\xff" in base + ours + theirs)
        )
        return
    assert merged.conflicts == other.conflicts
    assert merged.conflicts or merged.data == other.data
    left = set(merged.data.splitlines())
    old = set(base.splitlines())
    words = b" ".join(left)
    for side, there in ((ours, theirs), (theirs, ours)):
        for line in set(side.splitlines()) - old - left - set(there.splitlines()):
            assert all(word in words for word in line.split()), line


def test_a_bom_and_line_ends_are_merged_apart_from_the_lines():
    base = b"- [ ] one\n- [ ] two\n- [ ] three\n"
    ticked = base.replace(b"[ ] two", b"[x] two")
    dos = b"\xef\xbb\xbf" + base.replace(b"\n", b"\r\n")
    merged = merge(base, ticked, dos, "a.md")
    assert merged.conflicts == 0
    assert merged.data == b"\xef\xbb\xbf" + ticked.replace(b"\n", b"\r\n")


def test_lines_with_several_line_ends_keep_theirs():
    base = b"one\r\ntwo\nthree\r\nfour\nfive\n"
    merged = merge(base, base.replace(b"one", b"1"), base.replace(b"five", b"5"), "a.md")
    assert merged.data == b"1\r\ntwo\nthree\r\nfour\n5\n"


def test_no_line_end_at_the_end_is_kept():
    base = b"- [ ] one\n- [ ] two"
    merged = merge(base, b"- [x] one\n- [ ] two", b"- [ ] one\n- [x] two", "a.md")
    assert (merged.conflicts, merged.data) == (0, b"- [x] one\n- [x] two")


@each("data", [b"a\0b\n", b"\xff\xfea\0\n\0", b"\xfe\xff\0a\0\n"])
def test_binary_content_is_refused(data):
    for texts in ((data, b"a\n", b"b\n"), (b"a\n", data, b"b\n"), (b"a\n", b"b\n", data)):
        with pytest.raises(NotText):
            merge(*texts, "a.md")


def test_invalid_utf_8_is_merged_by_lines():
    base = b"- [ ] caf\xe9\n- [ ] b\n- [ ] c\n"
    merged = merge(base, base.replace(b"[ ] caf", b"[x] caf"), base + b"- [ ] d\n", "a.md")
    assert (merged.conflicts, merged.data) == (0, b"- [x] caf\xe9\n- [ ] b\n- [ ] c\n- [ ] d\n")


def test_a_file_with_conflict_markers_is_merged_by_lines(tmp_path):
    """The markers of an older conflict are lines as any others, as for git."""
    base = b"- [ ] a\n<<<<<<< x\n- [ ] b\n=======\n- [ ] c\n>>>>>>> y\n- [ ] d\n"
    ours, theirs = base.replace(b"] a", b"] a1"), base.replace(b"] d", b"] d1")
    assert merge(base, ours, theirs, "a.md").data == git_merge(tmp_path, base, ours, theirs)[1]


def test_a_large_file_is_merged_by_lines(tmp_path):
    words = b"with many words " * 20
    base = b"".join(b"- [ ] item %d %b\n" % (n, words) for n in range(32_000))
    assert len(base) > 10_000_000
    ours = base.replace(b"[ ] item 10 ", b"[x] item 10 ")
    theirs = base.replace(b"[ ] item 30000 ", b"[x] item 30000 ") + b"- [ ] last\n"
    merged = merge(base, ours, theirs, "a.md")
    assert (merged.conflicts, merged.data) == git_merge(tmp_path, base, ours, theirs)


def test_paragraphs_are_merged_as_git_does(tmp_path):
    """Blank lines can be matched in several ways, and both sides have to choose the same one."""
    assert count_differing(tmp_path, "\n\n", 0.3) <= 3


def test_lines_that_repeat_are_merged_as_git_does(tmp_path):
    """But for a few, where git finds another one of several shortest differences."""
    assert count_differing(tmp_path, "\n", 1.0) <= 5


def count_differing(folder: Path, end: str, repeated: float) -> int:
    """Merge texts with that share of repeated lines, and count the results unlike git's."""
    other = 0
    for seed in range(100):
        random = Random(seed)
        base = [
            random.choice("abcdef") if random.random() < repeated else f"para {n}"
            for n in range(random.randint(5, 25))
        ]
        sides = [change(base, random, name) for name in ("one", "two")]
        texts = ["".join(f"{line}{end}" for line in side).encode() for side in (base, *sides)]
        merged = merge(*texts, "some.txt")
        other += (merged.conflicts, merged.data) != git_merge(folder, *texts)
    return other
