"""Front matter read by its cached entries is what it is when loaded as a whole."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile_content import contents
from tests.support.examples import examples
from tests.support.markdown import read_body
from tests.support.tables import each
from tldash.create.demo import find_sample_data
from tldash.documents.front import LeadFront, SessionFront
from tldash.formats import file_record
from tldash.formats.markdown import front_matter
from tldash.formats.markdown.front_matter import Kind, split_front
from tldash.formats.text import NotText, decode, end_lines
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
    "attendees:\n  - Ada\n  - Bo", "tags:\n- a\n- b", "number: 7", "agenda: [a]", "topics: []",
    "actions: none", "notes: a", "Date: 2026-11-03", "stats: held", "dat: 2026-11-03", "mood: yes",
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
KINDS = st.sampled_from([SessionFront, LeadFront])
TEXTS = st.builds(
    lambda lines, fence, end, body: end.join(["---", *lines, fence, *body]),
    st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(LINES + ODD)), max_size=5),
    st.sampled_from(["---", "---", "---", "--- ", "...", ""]),
    st.sampled_from(["\n", "\n", "\n", "\r\n"]),
    st.sampled_from([[], [""], ["# Session\n"], ["\n- [ ] a due:soon\n"]]),
)


def check(data: bytes, kind: Kind) -> bool:
    """Whether entries were read one by one; they are what the whole of them is."""
    by_entries = front_matter._read_entries(end_lines(data), kind)
    if by_entries is None:
        return False
    whole = front_matter._read_whole(data, "a.md", kind)
    assert (by_entries.values, by_entries.keys) == (whole.values, whole.keys)
    assert by_entries.data[by_entries.begin :] == whole.data
    assert by_entries.body_line == whole.body_line
    assert whole.problems == ()
    return True


@settings(max_examples=examples(1000), deadline=None)
@given(TEXTS, KINDS)
def test_entries_say_what_the_whole_says(text: str, kind: Kind) -> None:
    check(text.encode(), kind)


@each("kind", dict.fromkeys([*contents.KINDS, *contents.COSTLY]))
def test_hostile_contents(kind: Callable[[Random], bytes]) -> None:
    for seed in range(2 if kind in contents.COSTLY else 12):
        data = kind(Random(seed)).decode("utf-8", "ignore").encode()
        check(data, SessionFront)
        check(data, LeadFront)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(st.sampled_from(BYTES), max_size=8))
def test_bytes_that_are_no_text_are_a_problem(pieces: list[bytes]) -> None:
    data = b"---\ndate: 2026-11-03\n---\n" + b"".join(pieces)
    record = file_record.read_data(data, "a.md", FileRole.SESSION)
    try:
        text = decode(data)
    except NotText as error:
        assert [problem.message for problem in record.problems] == [error.message]
        assert record.tasks == ()
    else:
        body = split_front(text, "a.md").body
        assert record.tasks == read_body(body, "a.md", 4).tasks


def test_the_front_matter_of_the_sample_is_read_by_entries() -> None:
    files = [file.read_bytes() for file in sorted(find_sample_data().rglob("sessions/*.md"))]
    fronts = [data for data in files if data.startswith(b"---")]
    assert sum(check(data, SessionFront) for data in fronts) > len(fronts) * 3 // 4


@each(
    "front",
    [
        "mood: 4\n",
        "attendees:\n  - Ada\n  - Bo\n",
        "tags:\n- one\n- two\ndate: 2026-11-03\n",
        "summary: a plan, and more\n",
    ],
)
def test_unknown_keys_are_entries_like_others(front: str) -> None:
    assert check(f"---\n{front}---\n".encode(), SessionFront)


@each("front", ["stats: held\n", "agenda: [a]\n", "mood: 4\nmood: 5\n"])
def test_keys_with_problems_are_read_with_the_others(front: str) -> None:
    data = f"---\n{front}---\n".encode()
    assert not check(data, SessionFront)
    assert len(file_record.read_data(data, "a.md", FileRole.SESSION).problems) == 1


def test_the_same_lines_say_the_same_of_leads_and_sessions_only_where_they_do() -> None:
    text = "---\nstatus: paused\n---\n"
    lead = file_record.read_data(text.encode(), "lead.md", FileRole.LEAD)
    session = file_record.read_data(text.encode(), "a.md", FileRole.SESSION)
    assert not lead.problems
    assert [problem.line for problem in session.problems] == [2]
