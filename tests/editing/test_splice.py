"""Taking an edit back: exact to the byte, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.editing.splice import Changed, Moved, NotAsLeft, Splice, difference, redo, undo

FEW = settings(max_examples=examples(300), deadline=None)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
WORDS = st.sampled_from(
    [b"", b"- [ ] a", b"- [x] a", b"- [ ] b", b"# H", b"text \xe2\x80\xa8 more", b"\xff\0", b"\x0c"]
)
LINES = st.lists(st.tuples(WORDS, ENDS).map(b"".join), max_size=9)
FILES = st.builds(lambda lines, last: b"".join(lines) + last, LINES, WORDS)

LIST = b"# Session\n\n- [ ] one\n- [ ] two\n- [ ] three\n\nthe end\n"
TICKED = LIST.replace(b"[ ] two", b"[x] two")


@FEW
@given(before=FILES, after=FILES)
def test_undo_and_redo_of_any_edit_are_exact(before: bytes, after: bytes) -> None:
    splice = difference(before, after)
    assert undo(splice, after) == before
    assert redo(splice, before) == after


@FEW
@given(before=st.binary(max_size=60), after=st.binary(max_size=60))
def test_undo_of_any_bytes_is_exact(before: bytes, after: bytes) -> None:
    assert undo(difference(before, after), after) == before


@FEW
@given(lines=LINES, old=FILES, new=FILES, above=LINES, below=LINES)
def test_lines_put_in_elsewhere_survive_or_it_is_refused(
    lines: list[bytes], old: bytes, new: bytes, above: list[bytes], below: list[bytes]
) -> None:
    """Whatever came above and below, the result is what it would be had the edit never been."""
    head, tail = b"".join(lines) + b"= 1\n= 2\n= 3\n", b"= 4\n= 5\n= 6\n" + b"".join(lines)
    old, new = old + b"\n", new + b"\n"
    now = b"".join(above) + head + new + tail + b"".join(below)
    wanted = b"".join(above) + head + old + tail + b"".join(below)
    try:
        assert undo(difference(head + old + tail, head + new + tail), now) == wanted
    except Moved:
        # Only ever because the edited lines, or for lines taken out their neighbours, came again.
        splice = difference(head + old + tail, head + new + tail)
        around = splice.new.lines or splice.before
        assert now.count(around) > (head + new + tail).count(around)


@FEW
@given(before=FILES, after=FILES, now=FILES)
def test_in_any_other_file_only_the_lines_of_the_edit_are_put_back(
    before: bytes, after: bytes, now: bytes
) -> None:
    splice = difference(before, after)
    try:
        result = undo(splice, now)
    except NotAsLeft:
        return
    if before == after:
        assert result == now
        return
    # Only the lines of the edit changed places. Where they were the last of a file without a line
    # end, and somebody has since put one there, it stays behind the old lines or goes with the new.
    old, new = splice.old.lines, splice.new.lines
    exchanges = [(new, old)]
    if new and not new.endswith((b"\n", b"\r")):
        for end in (b"\r\n", b"\n", b"\r"):
            kept = end if old and not old.endswith((b"\n", b"\r")) else b""
            exchanges.append((new + end, old + kept))
    assert any(
        now[at:].startswith(there) and result == now[:at] + put + now[at + len(there) :]
        for there, put in exchanges
        for at in range(len(now) + 1)
    )


@each(
    ("now", "wanted"),
    [
        (b"new\n" + TICKED, b"new\n" + LIST),
        (TICKED + b"new\n", LIST + b"new\n"),
        (
            TICKED.replace(b"one\n", b"one\n- [ ] more\n"),
            LIST.replace(b"one\n", b"one\n- [ ] more\n"),
        ),
        (TICKED.replace(b"[ ] one", b"[x] one"), LIST.replace(b"[ ] one", b"[x] one")),
        (
            TICKED.replace(b"[ ] one", b"[x] one").replace(b"[ ] three", b"[x] three"),
            LIST.replace(b"[ ] one", b"[x] one").replace(b"[ ] three", b"[x] three"),
        ),
        (TICKED.replace(b"# Session\n\n", b""), LIST.replace(b"# Session\n\n", b"")),
    ],
)
def test_edits_elsewhere_survive(now: bytes, wanted: bytes) -> None:
    splice = difference(LIST, TICKED)
    assert undo(splice, now) == wanted
    assert redo(splice, wanted) == now


@each(
    ("now", "error", "found"),
    [
        (LIST, Changed, b"- [ ] two\n"),
        (b"", Changed, b""),
        (TICKED.replace(b"two", b"two, now"), Changed, b"- [x] two, now\n"),
        (TICKED.replace(b"\n", b"\r\n"), Changed, b"- [x] two\r\n"),
        (TICKED + b"- [x] two\n", Moved, b"- [x] two\n"),
        (b"- [x] two\n" + TICKED, Moved, b"- [ ] one\n"),
        (b"other\n- [x] two\nfile\n", Moved, b""),
    ],
)
def test_refused_where_it_is_not_what_was_left(
    now: bytes, error: type[NotAsLeft], found: bytes
) -> None:
    with pytest.raises(error) as caught:
        undo(difference(LIST, TICKED), now)
    assert (caught.value.expected, caught.value.found) == (b"- [x] two\n", found)
    assert caught.value.message


def test_one_of_several_twins_is_known_by_what_stands_around_it() -> None:
    before = b"# A\n- [x] call\n\n# B\n\n- [ ] call\n\n# C\n- [x] call\n"
    after = before.replace(b"[ ]", b"[x]")
    splice = difference(before, after)
    assert undo(splice, b"hello\n" + after + b"bye\n") == b"hello\n" + before + b"bye\n"
    with pytest.raises(Moved, match="were added or removed"):
        undo(splice, after.replace(b"# A\n- [x] call\n", b""))


def test_twins_that_cannot_be_told_apart_are_undone_only_where_nothing_moved() -> None:
    before = b"x\n" * 12
    after = b"x\n" * 4 + b"y\n" + b"x\n" * 9 + b"y\n"
    splice = difference(b"x\n" * 4 + b"x\n" + b"x\n" * 9 + b"y\n", after)
    assert undo(splice, after) == b"x\n" * 14 + b"y\n"
    many = difference(before, before + b"x\n")
    assert undo(many, before + b"x\n") == before
    with pytest.raises(Moved):
        undo(many, before)


BLOCK = b"1\n2\n3\n- [x] call\n4\n5\n6\n"


@each("ours", [0, 1])
def test_one_of_two_places_that_look_alike_is_known_while_one_side_is_as_it_was(ours: int) -> None:
    blocks = [BLOCK, BLOCK]
    blocks[ours] = BLOCK.replace(b"[x]", b"[ ]")
    before, after = b"".join(blocks), BLOCK + BLOCK
    splice = difference(before, after)
    assert undo(splice, b"0\n" + after) == b"0\n" + before
    assert undo(splice, after + b"7\n") == before + b"7\n"
    with pytest.raises(Moved, match="not certain"):
        undo(splice, b"0\n" + after + b"7\n")
    with pytest.raises(Moved, match="not certain"):
        undo(splice, b"0\n" + after.replace(b"3\n", b"3b\n", 1) + b"7\n")


def test_the_smallest_run_of_whole_lines() -> None:
    splice = difference(LIST, TICKED)
    assert (splice.line, splice.old.lines, splice.new.lines) == (
        4,
        b"- [ ] two\n",
        b"- [x] two\n",
    )
    assert splice.before == b"# Session\n\n- [ ] one\n"
    assert splice.after == b"- [ ] three\n\nthe end\n"


def test_a_last_line_that_got_a_line_end_since_keeps_it() -> None:
    splice = difference(b"- [ ] one", b"- [x] one")
    assert undo(splice, b"- [x] one\r\n- [ ] two\r\n") == b"- [ ] one\r\n- [ ] two\r\n"
    taken = difference(b"one\ntwo", b"one\ndos\n")
    with pytest.raises(Moved, match="around it"):
        undo(taken, b"one\ndos\nthree\n")


def test_lines_taken_out_come_back_between_their_neighbours() -> None:
    before = b"1\n2\n3\n4\n5\n6\n7\n8\n"
    splice = difference(before, before.replace(b"5\n", b""))
    assert undo(splice, b"0\n1\n2\n3\n4\n6\n7\n8\n9\n") == b"0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"
    with pytest.raises(Changed) as caught:
        undo(splice, b"1\n2\n3\n4\n5b\n6\n7\n8\n")
    assert caught.value.expected == b"2\n3\n4\n6\n7\n8\n"


def test_a_hand_made_splice_that_means_nothing_is_refused() -> None:
    splice = difference(LIST, TICKED)
    odd = Splice(99, splice.old, splice.new, b"q\n", b"q\n", "", "", 0)
    with pytest.raises(Moved):
        undo(odd, TICKED)
