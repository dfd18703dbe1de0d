"""Names and tags inside sentences: mentions are no owners, and the text keeps every word."""

from __future__ import annotations

from tests.support.tables import each
from tldash.formats.tasks.parse import parse
from tldash.model.records import Fields


@each(
    "body",
    [
        "ask @ilse whether the rota holds",
        "Chase @ilse's comments",
        "Chase @ilse’s comments",
        "@ilse's comments, and what follows",
        "@ilse’s comments",
        "read @ilse's",
        "ask @ada.",
        "ask @ada, then @bob again",
        "(ask @ada)",
        "is it @ada?",
        'ask "@ada"',
        "call @ada(mobile)",
        "call Bob @est(2h)",
        "@ilse! call Bob",
        "ask @ilse, @bo and @cy about it",
        "see [notes](x.md) by @ilse, then decide",
    ],
)
def test_a_mention_is_text(body):
    parsed = parse(body)
    assert (parsed.text, parsed.fields, parsed.problems) == (body, Fields(), ())


@each(
    ("body", "owner", "text"),
    [
        ("@ada call Bob", "ada", "call Bob"),
        ("@ada: call Bob", "ada", "call Bob"),
        ("@ada, call Bob", "ada", "call Bob"),
        ("(A) @ada: call Bob", "ada", "call Bob"),
        ("#x @ada call Bob", "ada", "call Bob"),
        ("📅 2026-11-20 @ada call Bob", "ada", "call Bob"),
        ("call Bob @ada", "ada", "call Bob"),
        ("call Bob @ada due:2026-11-20", "ada", "call Bob"),
        ("call Bob 📅 2026-11-20 @ada #x ✅ 2026-11-20 ^b", "ada", "call Bob"),
        ("call Bob @ada #x", "ada", "call Bob"),
        ("@ada ask @bob", "ada", "ask @bob"),
        ("@ada ask @bob 📅 2026-11-20", "ada", "ask @bob"),
        ("@ada ask @bob's team", "ada", "ask @bob's team"),
        ("ask @bob, then call @ada", "ada", "ask @bob, then call"),
        ("ask @bob [owner:: ada] about it", "ada", "ask @bob about it"),
        # a field that cannot be read is a field all the same
        ("call Bob @ada due:soon", "ada", "call Bob due:soon"),
        ("📅 2026-13-40 @ada call Bob", "ada", "📅 2026-13-40 call Bob"),
        ("call Bob @ada [mood:: fine]", "ada", "call Bob [mood:: fine]"),
        ("call Bob @ada [due: 2026-11-20]", "ada", "call Bob [due: 2026-11-20]"),
    ],
)
def test_an_owner_is_the_first_word_or_among_the_fields_at_the_end(body, owner, text):
    parsed = parse(body)
    assert (parsed.fields.owner, parsed.text) == (owner, text)


@each("body", ["@ada ask @bob", "ask @bob about @cy's notes @ada", "@ada @ 9"])
def test_a_mention_is_no_second_owner(body):
    assert (parse(body).fields.owner, parse(body).problems) == ("ada", ())


@each(
    ("body", "tags", "text"),
    [
        ("draft the #hiring plan", ("hiring",), "draft the #hiring plan"),
        ("draft the #hiring plan #q4", ("hiring", "q4"), "draft the #hiring plan"),
        ("call about #hiring.", ("hiring",), "call about #hiring."),
        ("#hiring: call Bob", ("hiring",), "#hiring: call Bob"),
        ("#q4 draft it", ("q4",), "draft it"),
        ("draft #x 📅 2026-11-20 now", ("x",), "draft #x now"),
        ("draft it #x 📅 2026-11-20 #y", ("x", "y"), "draft it"),
        ("draft it #x due:soon", ("x",), "draft it due:soon"),
    ],
)
def test_a_tag_inside_a_sentence_counts_and_stays(body, tags, text):
    assert (parse(body).fields.tags, parse(body).text) == (tags, text)
