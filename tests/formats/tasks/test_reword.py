"""Rewording: what was typed changes, and no character that nobody typed over."""

from __future__ import annotations

from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import task_strategies as lines
from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.tasks.parse import parse
from tldash.formats.tasks.reword import set_text
from tldash.model.sanitize import sanitize

ZWNJ, ZWJ, RLM, LRM, ESC = "\u200c", "\u200d", "\u200f", "\u200e", "\x1b"


def reworded(body: str, change: tuple[str, str]) -> str:
    """Replace a part of the text as it is shown, as in a prompt."""
    shown = sanitize(parse(body).text)
    assert shown.count(change[0]) == 1
    return set_text(body, shown.replace(*change), shown)


@each(
    ("body", "change", "after"),
    [
        ("Chase @ilse's comments", ("comments", "commentsZ"), "Chase @ilse's commentsZ"),
        ("Chase @ilse's notes due:2026-11-20", ("notes", "n"), "Chase @ilse's n due:2026-11-20"),
        ("ask @ilse whether @bo", ("ask", "Ask"), "Ask @ilse whether @bo"),
        ("do the #hiring plan 📅 2026-11-20", ("the", "a"), "do a #hiring plan 📅 2026-11-20"),
        (f"او می{ZWNJ}رود خانه", ("خانه", "مدرسه"), f"او می{ZWNJ}رود مدرسه"),
        (f"او می{ZWNJ}رود", ("رود", "رودX"), f"او می{ZWNJ}رودX"),
        (f"ask 👩{ZWJ}💻 team", ("team", "teams"), f"ask 👩{ZWJ}💻 teams"),
        ("tick ✔\ufe0f it", ("it", "them"), "tick ✔\ufe0f them"),
        ("tick ✔\ufe0f it", ("✔ ", ""), "tick it"),
        (f"שלום{RLM} (a) b", ("b", "c"), f"שלום{RLM} (a) c"),
        (f"a{LRM} b", ("a", "ab"), f"a{LRM}b b"),
        ("a\tb c", ("c", "d"), "a\tb d"),
        ("5\u202fkm to go", ("go", "run"), "5\u202fkm to run"),
        ("5\xa0km to go", ("go", "run"), "5\xa0km to run"),
        (f"red {ESC}[31mtext", ("text", "line"), f"red {ESC}[31mline"),
        ("a\u0301\u0301\u0301\u0301\u0301 b", ("b", "c"), "a\u0301\u0301\u0301\u0301\u0301 c"),
        ("\ufeffcall Bob", ("Bob", "Cy"), "\ufeffcall Cy"),
        (f"soft\u00adly 📅 2026-11-20 {RLM}x", ("so", "So"), f"Soft\u00adly 📅 2026-11-20 {RLM}x"),
        # metadata inside the text stays in its place
        ("call due:2026-11-20 Bob", ("Bob", "Cy"), "call due:2026-11-20 Cy"),
        ("call due:2026-11-20 Bob", ("call", "ring"), "ring due:2026-11-20 Bob"),
        ("call due:2026-11-20 Bob", (" Bob", ""), "call due:2026-11-20"),
        ("call due:2026-11-20 Bob", ("call ", ""), "due:2026-11-20 Bob"),
        ("call due:2026-11-20.", ("call", "call Bob"), "call Bob due:2026-11-20."),
        ("call due:2026-11-20 Bob", ("l B", "lB"), "callBob due:2026-11-20"),
        # what is typed may be a field
        ("call Bob", ("Bob", "Bob @ada"), "call Bob @ada"),
        ("call Bob 📅 2026-11-20", ("Bob", "Bob due:2026-11-21"), "call Bob 📅 2026-11-21"),
        ("call Bob 📅 2026-11-20 @cy", ("Bob", "Bob @ada"), "call Bob 📅 2026-11-20 @ada"),
        ("@cy call Bob", ("Bob", "Bob @ada"), "@ada call Bob"),
        # a mention stays one
        ("ask @ilse whether 📅 2026-11-20 @bo", (" whether", ""), "ask \\@ilse 📅 2026-11-20 @bo"),
        ("ask @ilse whether @bo", ("ask ", ""), "\\@ilse whether @bo"),
        ("@bo ask @ilse", ("ask", "call"), "@bo call @ilse"),
    ],
)  # fmt: skip
def test_only_what_was_typed_changes(body, change, after):
    assert reworded(body, change) == after


def test_two_changes_keep_what_is_between_them():
    body = f"a می{ZWNJ}رود\tb 📅 2026-11-20"
    assert set_text(body, "A میرود c", "a میرود b") == f"A می{ZWNJ}رود\tc 📅 2026-11-20"


def test_a_text_that_was_changed_since_it_was_shown_is_replaced():
    assert (
        set_text(f"ring 👩{ZWJ}💻 due:2026-11-20", "call Cy", "call Bob")
        == "call Cy due:2026-11-20"
    )


def test_a_long_text_takes_little_time():
    body = "word " * 50_000
    assert set_text(body, f"{body.strip()} x") == f"{body.strip()} x "
    assert set_text("a" * 100_000, "b" * 100_000) == "b" * 100_000


HIDDEN = st.sampled_from([ZWNJ, ZWJ, RLM, LRM, "\ufe0f", "\u00ad", "\t", "\u202f", ESC, "\u2060"])
LETTERS = st.sampled_from([*"abc می1.,'", "@ada ", "#x ", "@ada's "])


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.one_of(HIDDEN, LETTERS, lines.bodies()), max_size=7), st.data())
def test_one_typed_character_adds_one_character(pieces, data):
    body = "".join(pieces).replace("\n", " ").replace("\r", " ").lstrip(" \t")
    shown = sanitize(parse(body).text)
    assume(shown.strip() == shown)
    at = data.draw(st.integers(0, len(shown)))
    typed = shown[:at] + "Z" + shown[at:]
    after = set_text(body, typed, shown)
    if after == body:
        return  # refused, since it would change a field
    left = iter(after)
    if not all(character in left for character in body if not character.isspace()):
        # Metadata moves behind the text where it would be something else in its place.
        assert Counter(after) >= Counter("".join(body.split()))
    assert after.count("Z") == body.count("Z") + 1
