"""No edit removes or reorders a character that nobody asked to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tldash.formats.tasks import edit as taskedit
from tldash.formats.tasks.parse import metadata_tokens, parse
from tldash.formats.tasks.reword import set_text
from tldash.formats.tasks.scan import scan
from tldash.formats.tasks.values import Token
from tldash.model.records import Dialect, Priority, Status
from tldash.model.sanitize import sanitize

DAY = date(2026, 12, 24)
DIALECTS = st.sampled_from(Dialect)
WORDS = st.sampled_from(
    ["ask", "Bob", "(see", "x)", "می\u200cرود", "👩\u200d💻", "✔\ufe0f", "שלום\u200f", "5\u202fkm",
     "so\u00adft", "a\tb", "\x1b[31m", "@ilse", "@ilse's", "@bo’s", "@cy,", "@cy(home)", "#hiring",
     "#x.", "[[note|x]]", "`@a #b`", "12:30", "a@b.de", "@est(2h)", "@done", "[mood:: ok]", "and",
     "due:soon", "📅 2026-13-40", "@due(soon)"]
)  # fmt: skip
FIELDS = st.sampled_from(
    ["due:2026-11-20", "due:2026-11-20T09:00", "t:2026-11-01", "pri:B", "done:2026-11-09",
     "📅 2026-11-20", "📅\ufe0f 2026-11-20", "⏳ 2026-11-10", "⏫", "✅ 2026-11-09",
     "[due:: 2026-11-20]", "[due:: [[2026-11-20]]]", "(start:: 2026-11-01)", "[priority:: low]",
     "[completion:: 2026-11-09 14:05]", "[owner:: Ada L]",
     "@due(2026-11-20)", "@due(2026-11-20 09:00)", "@start(2026-11-01)", "@priority(2)",
     "@done(2026-11-09 14:05)", "@ada", "@cy", "#x", "#y/z"]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", "  ", "\t"])
ENDS = st.sampled_from(["", "", " ^b-1", "  ", "\\"])


@st.composite
def task_lines(draw: st.DrawFn) -> str:
    """A line as people write it: perhaps fields, a sentence with fields in it, fields, an end."""
    pieces = [
        *draw(st.lists(FIELDS, max_size=2)),
        *draw(st.lists(st.one_of(WORDS, WORDS, WORDS, FIELDS), min_size=1, max_size=6)),
        *draw(st.lists(FIELDS, max_size=4)),
    ]
    line = pieces[0]
    for piece in pieces[1:]:
        line += draw(GAPS) + piece
    return line + draw(ENDS)


def without(body: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(set(spans), reverse=True):
        body = body[:start] + body[end:]
    return body


def solid(text: str) -> str:
    return "".join(text.split())


def check(rest: str, after: str, new: str = "") -> None:
    """Check that `rest` is in `after` in its order, with nothing more than `new` and escapes."""
    left = iter(solid(after))
    lost = [character for character in solid(rest) if character not in left]
    assert not lost, f"{rest!r} is not in {after!r}"
    assert len(solid(after).replace("\\", "")) <= len(solid(rest + new).replace("\\", ""))


def of_kind(body: str, kind: str) -> list[Token]:
    return [token for token in scan(body).tokens if token.kind == kind]


def spans(tokens: Iterable[Token]) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in tokens]


def values(tokens: Iterable[Token]) -> list[tuple[int, int]]:
    return [(token.value_start, token.value_end) for token in tokens]


LONGEST = "[completion:: 2026-12-24] [priority:: highest]"


@settings(max_examples=examples(400), deadline=None)
@given(task_lines(), DIALECTS, st.sampled_from([Status.DONE, Status.CANCELLED]))
def test_ticking(body, dialect, status):
    mark, ticked = taskedit.set_status(" ", body, status, DAY, dialect)
    check(body, ticked, LONGEST)
    _, opened = taskedit.set_status(mark, ticked, Status.OPEN, DAY, dialect)
    kind = "done" if status is Status.DONE else "cancelled"
    check(without(ticked, spans(t for t in of_kind(ticked, kind) if not t.bad)), opened)


@settings(max_examples=examples(400), deadline=None)
@given(task_lines(), DIALECTS, st.sampled_from(["due", "start", "scheduled", "done"]))
def test_dates(body, dialect, kind):
    tokens = of_kind(body, kind)
    good = [token for token in tokens if not token.bad]
    moved = taskedit.set_date(body, kind, DAY, dialect)
    check(without(body, values(good or tokens)), moved, LONGEST * max(1, len(tokens)))
    check(without(body, spans(good)), taskedit.set_date(body, kind, None, dialect))


@settings(max_examples=examples(400), deadline=None)
@given(task_lines(), st.sampled_from(["mira", "Mira Holm", None]))
def test_owners(body, name):
    owners = [token for token in metadata_tokens(scan(body)) if token.kind == "owner"]
    after = taskedit.set_owner(body, name)
    if name is None and parse(after).fields.owner:
        assert after == body
        return
    gone = owners if name is None else owners[:1]
    check(without(body, spans(gone)), after, "[owner:: Mira Holm]:")


@settings(max_examples=examples(400), deadline=None)
@given(task_lines(), st.sampled_from(["x", "hiring", "new"]))
def test_tags(body, name):
    check(body, taskedit.set_tags(body, [name]), f"#{name}")
    gone = [token for token in of_kind(body, "tag") if token.value == name]
    check(without(body, spans(gone)), taskedit.set_tags(body, [], [name]))


@settings(max_examples=examples(400), deadline=None)
@given(task_lines(), DIALECTS, st.sampled_from([*Priority, None]))
def test_priorities(body, dialect, priority):
    tokens = [token for token in of_kind(body, "priority") if not token.bad]
    gone = spans(tokens) if priority is None else values(tokens)
    after = taskedit.set_priority(body, priority, dialect)
    check(without(body, gone), after, "[priority:: highest]" * max(1, len(tokens)))


@settings(max_examples=examples(600), deadline=None)
@given(task_lines(), st.data())
def test_rewording(body, data):
    shown = sanitize(parse(body).text).strip()
    start = data.draw(st.integers(0, len(shown)))
    end = data.draw(st.integers(start, min(start + 3, len(shown))))
    new = data.draw(st.sampled_from(["", "Z", " z ", "Zz z"]))
    typed = f"{shown[:start]}{new}{shown[end:]}"
    after = set_text(body, typed, sanitize(parse(body).text))
    lost = (Counter(solid(body)) - Counter(solid(after))).elements()
    gone = Counter(sanitize(one) or one for one in lost)  # as they are shown
    between = [one for one in body if not sanitize(one)] if end - start > 1 else ["\ufe0f"]
    assert gone <= Counter(shown[start:end]) + Counter(between)
    if not gone:
        # new text before an owner that was first can move the text to the other side of fields
        fields = "".join(body[token.start : token.end] for token in metadata_tokens(scan(body)))
        check(parse(body).text, after, body + new)
        check(fields, after, body + new)
