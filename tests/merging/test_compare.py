"""Two versions of a file, item by item: every byte is that of what was chosen."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.formats.text import BOM, find_hunks, split_lines
from tldash.merging.compare import Choice, Comparison, Item, Place, compare, find_changed
from tldash.merging.units import Kind

LINES = st.sampled_from(
    ["- [ ] call Bo", "- [x] call Bo ✅ 2026-11-20", "- [ ] call Cy due:2026-12-01", "  a note",
     "  - sub", "## Actions", "## Notes", "She says it well.", "She says it very well now.", "",
     "", "> quote", "- bullet", "---", "```", "# Title", "Title", "=======", "date: 2026-11-03",
     "notes: |", "actions:", "- call Bo", "levels: {vision: beginner}", "\u2028", "日本語",
     "<<<<<<< ours", ">>>>>>> theirs"]
)  # fmt: skip
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
SOUP = st.lists(LINES, max_size=12)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A file: its lines in any order, with one line end or several, a mark, an end or none."""
    pieces = draw(SOUP)
    end = draw(ENDS)
    mixed = draw(st.booleans()) and draw(st.booleans())
    ends = [draw(ENDS) if mixed else end for _ in pieces]
    text = "".join(line + after for line, after in zip(pieces, ends, strict=True))
    text = text if draw(st.booleans()) else text.rstrip("\r\n")
    return (BOM if draw(st.booleans()) and draw(st.booleans()) else "") + text


PATHS = st.sampled_from(["a.md", "2026-11-03.yaml", "a.txt"])


def chosen_lines(found: Comparison, choices: dict[object, Choice]) -> list[str]:
    """Say again, in another way, which lines the result has."""
    made: list[str] = []
    for part in found.parts:
        if isinstance(part, str):
            made += split_lines(part)
            continue
        item, choice = part.item, choices.get(part.item.key, Choice.OURS)
        if item.kind is None:
            continue
        both = choice is Choice.BOTH and item.can_be_both
        takes_ours = choice is not Choice.THEIRS or (both and item.ours is not None)
        takes_theirs = choice is Choice.THEIRS or (
            both and not (item.is_minor and item.ours is not None)
        )
        if takes_ours and part.side is not Choice.THEIRS:
            made += split_lines(item.ours or "")
        if takes_theirs and part.side is not Choice.OURS:
            made += split_lines(item.theirs or "")
    return made


@given(texts(), texts(), PATHS, st.randoms(use_true_random=False))
@example("---\na: 1\n---\nb", "b\r\n", "a.md", None)
@example("- [ ] a\n  n\n", "- [x] a\n  m\n- [ ] b", "a.md", None)
def test_a_result_is_exactly_what_was_chosen(ours, theirs, path, random):
    found = compare(ours, theirs, path)
    assert found.result({}) == ours
    assert found.result(found.choose_all(Choice.OURS)) == ours
    assert found.result(found.choose_all(Choice.THEIRS)) == theirs
    assert found.undecided(found.choose_all(Choice.THEIRS)) == ()
    keys = [item.key for item in found.items]
    assert len(keys) == len(set(keys))
    choices = {key: random.choice([*Choice]) for key in keys} if random else {}
    made = split_lines(found.result(choices).removeprefix(BOM))
    expected = chosen_lines(found, choices)
    if "\r" in (ours + theirs).replace("\r\n", ""):  # followed by an empty line, it is one end
        made, expected = [[*filter(None, side)] for side in (made, expected)]
    assert "\n".join(made).rstrip("\n") == "\n".join(expected).rstrip("\n")


def count(text: str) -> Counter[str]:
    return Counter(line for line in split_lines(text.removeprefix(BOM)) if line.strip())


@given(texts(), texts(), PATHS)
def test_both_loses_no_line(ours, theirs, path):
    """A key cannot have two values: it stays undecided."""
    found = compare(ours, theirs, path)
    choices = found.choose_all(Choice.BOTH)
    left = Counter[str]()
    for item in found.undecided(choices):
        assert item.kind in (Kind.PAIR, Kind.FENCE) and None not in (item.ours, item.theirs)
        left += count(item.theirs)
    assert not (count(ours) | count(theirs)) - count(found.result(choices)) - left


WORDS = st.lists(st.sampled_from([f"word {n}" for n in range(8)]), max_size=10, unique=True)


@given(WORDS, WORDS, st.sampled_from(["{}\n", "- [ ] {}\n", "- {}\n", "{}\n\n"]))
def test_both_doubles_nothing_that_is_equal(ours, theirs, form):
    one, other = ("".join(map(form.format, side)) for side in (ours, theirs))
    found = compare(one, other, "a.md")
    made = count(found.result(found.choose_all(Choice.BOTH)))
    if form == "{}\n":
        # Lines of a paragraph are chosen together where they differ.
        assert not (count(one) | count(other)) - made
    else:
        assert made == count(one) | count(other)


def shown(item: Item) -> tuple[str | None, str | None]:
    return item.ours, item.theirs


@each(
    ("ours", "theirs", "path", "items"),
    [
        ("- [ ] call Bo\n- [ ] b\n", "- [x] call Bo ✅ 2026-11-09\n- [ ] b\n", "a.md",
         [("- [ ] call Bo\n", "- [x] call Bo ✅ 2026-11-09\n")]),
        # The head of an item and its note are chosen apart.
        ("- [ ] a b c\n  one\n  two\n", "- [ ] a b c d\n  one\n  three\n", "a.md",
         [("- [ ] a b c\n", "- [ ] a b c d\n"), ("  two\n", "  three\n")]),
        ("- [ ] a\n", "- [ ] a\n- [ ] b\n", "a.md", [(None, "- [ ] b\n")]),
        # Reworded in the same place, and something else there.
        ("- [ ] ask Cy\n", "- [ ] ask Dee\n", "a.md", [("- [ ] ask Cy\n", "- [ ] ask Dee\n")]),
        ("- [ ] ask\n", "- [ ] call\n", "a.md", [("- [ ] ask\n", None), (None, "- [ ] call\n")]),
        # In another place and reworded: still one item.
        ("- [ ] a b\n- [ ] c\n- [ ] d\n", "- [ ] c\n- [ ] d\n- [ ] a b due:2026-12-01\n", "a.md",
         [("- [ ] a b\n", "- [ ] a b due:2026-12-01\n")]),
        ("---\ndate: 1\nskill: a\n---\nx\n", "---\nskill: b\ndate: 1\n---\nx\n", "a.md",
         [("skill: a\n", "skill: b\n")]),
        ("# A\nnotes here\n\nmore\n", "# A\nnotes there\n\nmore\n", "a.md",
         [("notes here\n", "notes there\n")]),
        ("date: 1\nactions:\n  - text: a\n    due: 2026-11-20\n", "date: 1\nactions:\n  - text: a\n"
         "    due: 2026-11-21\n", "x.yaml", [("    due: 2026-11-20\n", "    due: 2026-11-21\n")]),
        ("a\n", "---\nb: 1\n---\n\na\n", "a.md", [(None, "---\nb: 1\n---\n\n")]),
    ],
)  # fmt: skip
def test_what_differs_is_told_item_by_item(ours, theirs, path, items):
    found = compare(ours, theirs, path)
    assert [shown(item) for item in found.undecided({})] == items


def test_line_ends_and_empty_lines_alone_are_nothing_to_decide():
    found = compare("a\r\n\r\nb\r\n", f"{BOM}a\nb", "a.md")
    assert found.undecided({}) == () and len(found.items) == 2
    assert found.result({found.items[0].key: Choice.THEIRS}) == f"{BOM}a\n\nb"
    assert found.items[0].theirs == "line ends LF, byte order mark, no line end at the end"


def test_a_decision_holds_as_long_as_its_item_stays():
    before = compare("- [ ] a\n- [ ] b\n", "- [x] a\n- [x] b\n", "a.md")
    after = compare("new\n- [ ] a\n- [ ] b\n", "new\n- [x] a\n- [ ] b c d\n", "a.md")
    choices = dict.fromkeys((item.key for item in before.items), Choice.THEIRS)
    assert [item.ours for item in after.undecided(choices)] == ["- [ ] b\n"]


@each(
    ("one", "other", "changed"),
    [
        ("- [ ] call Bo", "- [x] call Bo now", ([" "], ["x", " now"])),
        ("same", "same", ([], [])),
        ("", "new", ([], ["new"])),
    ],
)
def test_the_words_that_differ_are_found(one, other, changed):
    spans = find_changed(one, other)
    pieces = tuple(
        [text[start:end] for start, end in found]
        for text, found in zip((one, other), spans, strict=True)
    )
    assert pieces == changed


# -- git -----------------------------------------------------------------------------------------


def sides_of(text: str) -> tuple[str, str]:
    """Return both sides of a file with markers, by git's own rules."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    ours, theirs, at = "", "", 0
    for hunk in find_hunks(split_lines(text)):
        same = "".join(lines[at : hunk.ours])
        end = hunk.middle if hunk.base is None else hunk.base
        ours += same + "".join(lines[hunk.ours + 1 : end])
        theirs += same + "".join(lines[hunk.middle + 1 : hunk.theirs])
        at = hunk.theirs + 1
    rest = "".join(lines[at:])
    return ours + rest, theirs + rest


PLAIN = st.lists(st.sampled_from(["- [ ] a", "- [x] a", "b", "c", "", "## D"]), max_size=8)


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_all_of_one_side_is_what_git_takes_for_that_side(tmp_path: Path, style: str) -> None:
    def merge(*options: str) -> str:
        command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=False
        ).stdout.decode()

    @given(PLAIN, PLAIN, PLAIN)
    def check(base, ours, theirs):
        for name, side in zip(("base", "ours", "theirs"), (base, ours, theirs), strict=True):
            (tmp_path / name).write_text("".join(f"{line}\n" for line in side))
        marked = merge(f"--{style}") if style != "merge" else merge()
        one, other = sides_of(marked)
        assert (one, other) == (merge("--ours"), merge("--theirs"))
        found = compare(one, other, "a.md")
        assert found.result(found.choose_all(Choice.THEIRS)) == other

    check()


def test_each_place_is_in_order():
    found = compare("a\n\n- [ ] x\n", "- [ ] x\n\na\n", "a.md")
    places = [part for part in found.parts if isinstance(part, Place)]
    assert all(place.item.is_minor for place in places)
    assert {place.side for place in places} >= {Choice.OURS, Choice.THEIRS}
