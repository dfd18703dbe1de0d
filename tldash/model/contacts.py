"""Find email addresses and telephone numbers in text.

A number counts if it is written as one: `+49 170 1234567`, `0170 1234567`, `(415) 555-2671`,
`415-555-2671`. Digits alone may be anything, and dates have the digits of a number too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

_EMAIL: Final = re.compile(
    r"(?<![\w.+%@/-])(?:mailto:)?([\w.+%-]{1,64})@((?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24})(?![\w@-])"
)
_RESERVED: Final = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|net|org)|example|invalid|test|localhost)"
)
"""Domains that nobody has (RFC 2606)."""
_NOBODY: Final = frozenset({"git", "noreply", "no-reply"})
"""Users that are programs, as in the address of a repository."""

_BETWEEN: Final = r"(?:[ \u00a0./-]|\)[ ]?|[ ]?\(|[ ][-–][ ])?"
_NUMBER: Final = re.compile(
    rf"(?<![\w+])(?:tel:)?(?:\+|00(?=[1-9]))(?:[0-9]{_BETWEEN}){{7,14}}[0-9](?![\w-])"
    rf"|(?<![\w+./=#&?-])\(?0[1-9][0-9]{{0,4}}\)?[ ./-][0-9](?:[ ./-]?[0-9]){{4,10}}(?![\w./-])"
    r"|(?<![\w+./=#&?-])(?:\([0-9]{3}\)[ ]?|[0-9]{3}[-. ])[0-9]{3}[-. ][0-9]{4}(?![\w-])"
)
_LEAST_DIGITS: Final = 9
"""Digits of a number with its area code. A date has eight."""
_DATE: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ][0-9]{4}|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2})"
)


class ContactKind(StrEnum):
    """Ways to reach somebody."""

    EMAIL = "email address"
    PHONE = "phone number"


class Contact(NamedTuple):
    """An email address or a telephone number in a text."""

    start: int
    end: int
    """Indexes of characters, as of a slice."""
    kind: ContactKind


def find_contacts(text: str, known: Collection[str] = ()) -> list[Contact]:
    """Return the email addresses and telephone numbers in a text, by place.

    Args:
        text: Any text.
        known: Email addresses to leave out, in lower case.
    """
    found = [*_find_emails(text, known)] if "@" in text else []
    found.extend(_find_numbers(text))
    return sorted(found)


def find_emails(text: str) -> Iterator[str]:
    """Yield the email addresses in a text, in lower case."""
    return (text[found.start : found.end].lower() for found in _find_emails(text, ()))


def _find_emails(text: str, known: Collection[str]) -> Iterator[Contact]:
    for match in _EMAIL.finditer(text):
        user, domain = match[1].lower(), match[2].lower()
        if user in _NOBODY or _RESERVED.fullmatch(domain) or f"{user}@{domain}" in known:
            continue
        yield Contact(match.start(1), match.end(), ContactKind.EMAIL)


def _find_numbers(text: str) -> Iterator[Contact]:
    for match in _NUMBER.finditer(text):
        written = match[0]
        least = _LEAST_DIGITS - written.startswith(("+", "tel:"))
        if sum(map(str.isdigit, written)) >= least and not _DATE.search(written):
            yield Contact(*match.span(), ContactKind.PHONE)
