"""Email addresses and telephone numbers in text, and what looks like one."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.support.spellings import WORDS
from tests.support.tables import each
from tldash.model.contacts import find_contacts, find_emails

PLACED = ("kim.lee+1@corp.example.co", "k@corp.io", "+49 170 1234567", "0170 1234567")


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_contacts(text, {"mira@corp.io"})]


@each(
    ("text", "contacts"),
    [
        ("write to kim.lee@corp.io, today", ["kim.lee@corp.io"]),
        ("<mailto:Kim@Corp.IO>", ["Kim@Corp.IO"]),
        ("**kim@müller.de**", ["kim@müller.de"]),
        ("call +49 170 1234567.", ["+49 170 1234567"]),
        ("call +49 (170) 123-4567", ["+49 (170) 123-4567"]),
        ("0049 170 1234567", ["0049 170 1234567"]),
        ("0170-12 34 567 or 030/1234567", ["0170-12 34 567", "030/1234567"]),
        ("(415) 555-2671, 415-555-2671", ["(415) 555-2671", "415-555-2671"]),
        ("[call](tel:+491701234567)", ["tel:+491701234567"]),
    ],
)
def test_contacts(text: str, contacts: list[str]) -> None:
    assert found(text) == contacts


@each(
    "text",
    [
        "mira@corp.io, MIRA@corp.io",
        "git@github.com:a/b.git",
        "you@example.org, a@b.example, x@corp.invalid",
        "https://kim@corp.io/x",
        "@kim@social.io",
        "2026-11-03 16:00, 03-11-2026 16:00, 03.11.2026, 2026-11-03 to 2026-12-01",
        "due:2026-11-20 +2w 10 000 000 000 1234567890123 v0.1.2.3.4.5",
        "192.168.100.2000 0123456789",
        "https://x.io/0170-1234567?a=415-555-2671",
        "0-1-2-3",
    ],
)
def test_what_is_no_contact(text: str) -> None:
    assert found(text) == []


def test_no_false_alarm_on_2000_sentences() -> None:
    chance = random.Random(16)
    text = "\n".join(" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(2000))
    assert found(text) == []


@given(st.text(max_size=40), st.sampled_from(PLACED), st.text(max_size=40))
def test_a_contact_between_any_texts_is_found(before: str, contact: str, after: str) -> None:
    text = f"{before}\n {contact} \n{after}"
    assert (len(before) + 2, len(before) + 2 + len(contact)) in [
        (one.start, one.end) for one in find_contacts(text)
    ]


def test_the_addresses_of_a_text() -> None:
    assert [*find_emails("Mira <Mira@Corp.io>, kim@corp.io")] == ["mira@corp.io", "kim@corp.io"]
