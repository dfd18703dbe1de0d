"""Words are found as a plain scan of the folded text finds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.formats.text import unify_line_ends
from tldash.model.spelling import fold_accents
from tldash.model.word_search import parse_query

NOTES = """\
# Session 3
She has an offer. What have
you heard from Müller?

- [ ] Ask Zoe\u0308 to stay
  before the offer ends
- offer
> An offer that
> nobody heard of
Straße 12
| offer | heard |
"""


def found(text: str, *words: str) -> list[tuple[int, int]]:
    return [(hit.line, hit.column) for hit in parse_query(words).find(text)]


@each(
    ("words", "places"),
    [
        ("offer", [(2, 12), (6, 14), (7, 3), (8, 6), (11, 3)]),
        ("OFFER heard", [(2, 12), (8, 6), (11, 3)]),  # across the lines of one block
        ("heard offer", [(2, 12), (8, 6), (11, 3)]),
        ("stay offer", [(5, 19)]),
        ("muller", [(3, 16)]),
        ("MÜLLER", [(3, 16)]),
        ("zoe ask", [(5, 7)]),
        ("zoë", [(5, 11)]),
        ("strasse", [(10, 1)]),
        ("session heard", []),  # a heading is a block of its own
        ("nobody 12", []),
        (".*", []),
        ("[", [(5, 3)]),
        ("a", [(2, 6), (5, 7), (8, 3), (10, 4), (11, 13)]),
    ],
)  # fmt: skip
def test_words_in_notes(words, places) -> None:
    assert found(NOTES, *words.split()) == places


@pytest.mark.parametrize("typed", [[], [""], [" ", "\t"]])
def test_no_words(typed) -> None:
    assert parse_query(typed).words == ()


LETTERS = "aAbBéÉe\u0301ßsŁlöK\u212a가\u1100\u1161≠=-–'日 "
ITEMS = st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=12), max_size=8)
WORDS = st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=3), min_size=1, max_size=3)


@given(ITEMS, WORDS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_hits_are_those_of_a_plain_scan(items, words, end) -> None:
    """Each item is one line here."""
    query = parse_query(words)
    if not query.words:
        return
    lines = [f"- {item}" for item in items]
    data = end.join(lines).encode()
    hits = [*query.find(unify_line_ends(end.join(lines)))]
    folded = [fold_accents(line) for line in lines]
    plain = [at for at, line in enumerate(folded, 1) if all(word in line for word in query.words)]
    assert [hit.line for hit in hits] == plain
    assert query.may_match(data) or not hits
    for hit in hits:
        assert hit.text == lines[hit.line - 1]
        assert 1 <= hit.column <= len(hit.text)


@given(st.lists(ITEMS, max_size=5), WORDS)
def test_the_hits_of_paragraphs_are_those_of_a_plain_scan(paragraphs, words) -> None:
    """Each paragraph has a line per item, none of which begins another block."""
    query = parse_query(words)
    texts = [[f"x{item}" for item in items] for items in paragraphs if items]
    lines = [line for items in texts for line in (*items, "")]
    if not query.words:
        return
    plain, begin = [], 1
    for items in texts:
        if all(any(word in fold_accents(item) for item in items) for word in query.words):
            plain.append(begin)
        begin += len(items) + 1
    assert [hit.block for hit in query.find("\n".join(lines))] == plain


@given(ITEMS, WORDS)
def test_a_file_without_one_of_the_words_does_not_match(items, words) -> None:
    query = parse_query(words)
    text = "\n".join(items)
    everything = fold_accents(text)
    assert query.may_match(text.encode()) == all(word in everything for word in query.words)


def test_a_long_text_takes_no_longer_than_line_by_line() -> None:
    """One paragraph, one item per line, and one line: each of three megabytes."""
    for text in ("word and\n" * 300_000, "- word and\n" * 300_000, "wörd and " * 300_000):
        hits = [*parse_query(["and", "word"]).find(text)]
        assert len(hits) == text.count("- word") or len(hits) == 1
