"""Sanitize text from files for the terminal."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model.sanitize import escape_json, sanitize

ZERO_WIDTH = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"


@each(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("café — 日本 😀 ✅", "café — 日本 😀 ✅"),
        ("a\tb\nc\r\nd", "a b c  d"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b31mred", "�31mred"),
        ("\x7f", "␡"),
        ("\x00", "␀"),
        ("abc\u202edef\u2066", "abc def".replace(" ", "")),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("line\u2028sep\u2029\x85", "line sep  "),
        ("📅\ufe0f", "📅"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 30 + "f", "e\u0301\u0301\u0301f"),
        ("ก" + "\u0e47" * 9, "ก" + "\u0e47" * 3),
        ("a" + "\u20dd" * 5, "a" + "\u20dd" * 3),
        ("\ud800", "�"),
        ("tag\U000e0041", "tag"),
        ("[@click=quit]x[/]", "[@click=quit]x[/]"),
    ],
)
def test_what_is_shown(text, shown):
    assert sanitize(text) == shown


TEXT = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"]),
        st.sampled_from(ZERO_WIDTH),
    )
)
VISIBLE_FORMATS = {
    *map(chr, range(0x600, 0x606)),
    *"\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd",
}
"""Signs of Arabic, Syriac and Kaithi that Unicode calls formats; they act on nothing."""


@given(TEXT)
@example("\u180e\u061c\u2069\ufff9")
def test_nothing_that_acts_on_a_terminal_survives(text):
    shown = sanitize(text)
    marks = 0
    for character in shown:
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cs", "Zl", "Zp")
        assert category != "Cf" or character in VISIBLE_FORMATS
        assert unicodedata.bidirectional(character) not in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
        assert character not in ZERO_WIDTH
        marks = marks + 1 if category in ("Mn", "Me") else 0
        assert marks <= 3
    shown.encode("utf-8")


@given(TEXT)
def test_cleaning_is_done_once_and_keeps_what_is_harmless(text):
    assert sanitize(sanitize(text)) == sanitize(text)
    harmless = "".join(
        c for c in text if unicodedata.category(c)[0] in "LNP" and c not in ZERO_WIDTH
    )
    assert sanitize(harmless) == harmless


@given(st.text())
def test_json_is_escaped_and_means_the_same(text):
    written = escape_json(json.dumps({"a": [text]}, ensure_ascii=False, indent=2))
    assert json.loads(written) == {"a": [text]}
    categories = {unicodedata.category(sign) for sign in written.replace("\n", "")}
    assert not categories & {"Cc", "Cs", "Zl", "Zp"}
