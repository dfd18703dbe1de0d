"""Listed names in text: every spelling is found at its place, and nothing else is."""

from __future__ import annotations

import random
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tests.support.spellings import FINDER, NOT_COVERED, SPELLINGS, WORDS
from tests.support.tables import each
from tldash.model.name_search import ListedName, NameFinder

WILL = NameFinder([ListedName("Will", "Ant", ordinary=True), ListedName("mark", ordinary=True)])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def found(finder: NameFinder, text: str) -> list[str]:
    return [text[one.start : one.end] for one in finder.find(text)]


@each("written", SPELLINGS)
def test_every_spelling_is_found_once(written: str) -> None:
    before, after = "We asked ", " about it.\n"
    (one,) = FINDER.find(f"{before}{written}{after}")
    assert len(before) <= one.start < one.end <= len(before) + len(written)
    assert one.sure
    both = re.search("lopez|m(ü|u|ue)ller", written, re.IGNORECASE) is not None
    assert (" " in one.name.text) == both


@each(
    ("text", "exactly"),
    [
        ("so M**ar**ia left", "M**ar**ia"),
        ("so **Mar**ia left", "Mar**ia"),
        ("Jose\u0301s plan", "Jose\u0301"),
        ("Maria's", "Maria"),
        ("Marias", "Maria"),
        ("> with Maria\n> Lopez", "Maria\n> Lopez"),
        ("x Jos&eacute; y", "Jos&eacute;"),
        ("x Jos%C3%A9.md", "Jos%C3%A9"),
        ("notesOnMaria.md", "Maria"),
        ("an M. L. said", "M. L"),
    ],
)
def test_the_place_is_exact(text: str, exactly: str) -> None:
    assert found(FINDER, text) == [exactly]


@each("written", NOT_COVERED)
def test_what_is_not_covered(written: str) -> None:
    """The manual names these kinds. Move a case to SPELLINGS when it is found."""
    assert found(FINDER, f"We asked {written} about it.") == []


def test_the_longest_name_counts_and_none_overlaps() -> None:
    text = "Maria Lopez, Maria, Lopez and Maria\n\nLopez\n- Maria\n- Lopez"
    assert found(FINDER, text) == ["Maria Lopez", "Maria", "Maria", "Maria"]


def test_no_false_alarm_on_2000_sentences() -> None:
    chance = random.Random(16)
    text = "\n".join(" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(2000))
    assert found(FINDER, text) == []


@each(
    ("text", "sure"),
    [
        ("I think Will knows.", [True]),
        ("We will go, and he will too.", []),
        ("Will we go?", [False]),
        ("It went well. Will said so.", [False]),
        ("- [ ] Will to call", [False]),
        ("# Will", [False]),
        ("name: Will", [False]),
        ("WILL DO", [False]),
        ("Will's plan", [True]),
        ("asked Wills", []),
        ("they said that\nWill knows", [True]),
        ("they said that.\nWill knows", [False]),
        ("ask Will, not mark", [True, True]),
        ("_Will_ and so **Will**", [False, True]),
    ],
)
def test_an_ordinary_word_counts_with_a_capital_only(text: str, sure: list[bool]) -> None:
    """Unless it is listed with a small letter. First in a sentence, a capital says nothing."""
    assert [one.sure for one in WILL.find(text)] == sure


def test_scripts_without_spaces_and_with_marks() -> None:
    finder = NameFinder([ListedName("山田"), ListedName("मारिया"), ListedName("김민수")])
    assert found(finder, "山田さんと話す。मारिया ने 김민수와") == ["山田", "मारिया"]
    assert found(finder, unicodedata.normalize("NFD", "a 김민수, मरया")) == [
        unicodedata.normalize("NFD", "김민수")
    ]


@given(TEXTS, st.sampled_from(SPELLINGS), TEXTS)
def test_a_name_between_any_texts_is_found(before: str, written: str, after: str) -> None:
    text = f"{before}\n\nx {written} x\n\n{after}"
    at = len(before) + 4
    inside = [one for one in FINDER.find(text) if at <= one.start < at + len(written)]
    assert len(inside) == 1


@given(TEXTS)
def test_text_without_its_letters_is_never_reported(text: str) -> None:
    finder = NameFinder([ListedName("Quxq"), ListedName("Kéqxu Zoqqx")])
    if "q" not in unicodedata.normalize("NFKD", text).casefold():
        assert finder.find(text) == []


@given(st.text("Maria Lopez.-*_'’<>b/&;%41\\u0\n\r>MLé\u0301Ａаm2", max_size=80))
def test_places_are_in_order_and_apart(text: str) -> None:
    at = 0
    for one in FINDER.find(text):
        assert at <= one.start < one.end <= len(text)
        at = one.end


def test_a_name_is_found_again_where_it_was_found() -> None:
    """The slice alone has the name too, so the place is neither too short nor too long."""
    for written in SPELLINGS:
        (part,) = found(FINDER, f"so {written} said")
        assert found(FINDER, part) == [part]
