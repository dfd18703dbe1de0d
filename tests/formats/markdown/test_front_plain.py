"""Front matter put together from entries read before says what it says when read as a whole."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile_content import contents
from tldash.create.demo import find_sample_data
from tldash.documents.front import LeadFront, SessionFront
from tldash.formats import file_record
from tldash.formats.markdown import document, front_plain
from tldash.model.file_roles import FileRole

LINES = [
    "date: 2026-11-03 16:00", "date: 2026-11-03", "date: '2026-11-03'", "date: 2026-13-40", "date:",
    "time: 16:00", "duration: 45m", "duration: 45", "status: held", "status: Held", "skill: vision",
    "skill: vision   # a remark", 'skill: "vision"', "title: a: b", "title: 'it''s'", "title: |",
    "title: >-", "title: [a", "title: b]", 'title: "a', 'b: c"', "title: 'a", "title: &x a",
    "title: *x", "title: !!str a", "title: - a", "title: # nothing", "title: ~", "title: 1_000",
    "levels: {vision: beginner}", "levels: {vision: beginner, }", "levels: {}", "levels: [a]",
    "next: 2026-12-01 16:00", "tags: [a, b]", "id: 7", "mood: fine", "skil: vision", "true: a",
    "name: Ada", "cadence: weekly", "timezone: Europe/Oslo", "timezone: Nowhere", "name: \u2028a",
    "name: a\x85b", "name: a\tb", "name:a", "name : a", "<<: {name: b}", "name: a\x07",
    "name: é 😀", "levels:\n  vision: beginner", "levels:\n    vision: beginner\n    growth: x",
    "title:\n  a\n  b", "title: a\n b", "title: |\n  a", 'title: "a\n  b"', "tags:\n  - a\n  - b",
    "levels: {vision:\n  beginner}", "levels:\n  vision: beginner\n growth: a", "title:\n  # no",
]  # fmt: skip
ODD = [
    "",
    "# a remark",
    "  more",
    "  a: b",
    "- a",
    "words",
    "...",
    "---",
    "- [ ] a",
    "%YAML 1.1",
    "? a",
    " ",
]
BYTES = [
    b"\xff", b"\xc3", b"\xa9", b"\xc3\xa9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe3\x81",
    b"\0", b"\r", b"\n", b"\n\n", b"- [ ] a", b"# a", b"- [\xc3\xa9] a", b"- [\xc3] a", b"  note",
    b"words ", b"<<<<<<< a", b"=======", b">>>>>>> b",
]  # fmt: skip
TEXTS = st.builds(
    lambda lines, fence, end, body: end.join(["---", *lines, fence, *body]),
    st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(LINES + ODD)), max_size=5),
    st.sampled_from(["---", "---", "---", "--- ", "...", ""]),
    st.sampled_from(["\n", "\n", "\n", "\r\n"]),
    st.sampled_from([[], [""], ["# Session\n"], ["\n- [ ] a due:soon\n"]]),
)


def check(text: str, role: FileRole) -> bool:
    """Whether the quick way found an answer; the record is the careful one's."""
    data = text.encode()
    quick = file_record._read_plain(data, "a.md", role, 1)
    assert quick is None or quick == file_record._read_fully(data, "a.md", role, 1)
    kind = SessionFront if role is FileRole.SESSION else LeadFront
    return front_plain.read(data, kind) is not None


@settings(max_examples=1000, deadline=None)
@given(TEXTS, st.sampled_from([FileRole.SESSION, FileRole.LEAD]))
def test_both_ways_find_the_same(text: str, role: FileRole) -> None:
    check(text, role)


@pytest.mark.parametrize("kind", dict.fromkeys([*contents.KINDS, *contents.COSTLY]))
def test_hostile_contents(kind) -> None:
    for seed in range(2 if kind in contents.COSTLY else 12):
        data = kind(Random(seed))
        for role in (FileRole.SESSION, FileRole.LEAD, FileRole.NOTE, FileRole.SKILLS):
            quick = file_record._read_plain(data, "a.md", role, 1)
            assert quick is None or quick == file_record._read_fully(data, "a.md", role, 1)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(BYTES), max_size=8))
def test_what_is_no_text_is_left_to_the_careful_way(pieces: list[bytes]) -> None:
    data = b"---\ndate: 2026-11-03\n---\n" + b"".join(pieces)
    quick = file_record._read_plain(data, "a.md", FileRole.SESSION, 1)
    assert quick is None or quick == file_record._read_fully(data, "a.md", FileRole.SESSION, 1)


def test_the_sample_goes_the_quick_way() -> None:
    files = sorted(find_sample_data().rglob("sessions/*.md"))
    texts = [file.read_text("utf-8") for file in files]
    fronts = [text for text in texts if document.split_front(text, "a.md").yaml is not None]
    assert sum(check(text, FileRole.SESSION) for text in fronts) > len(fronts) * 3 // 4


def test_the_same_lines_say_the_same_of_leads_and_sessions_only_where_they_do() -> None:
    text = "---\nstatus: paused\n---\n"
    lead = file_record.read_data(text.encode(), "lead.md", FileRole.LEAD)
    session = file_record.read_data(text.encode(), "a.md", FileRole.SESSION)
    assert not lead.problems
    assert [problem.line for problem in session.problems] == [2]
