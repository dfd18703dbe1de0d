"""Task lines made of the pieces that real ones are made of, in any order and spacing."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from tldash.formats.tasks import recurrence, vocabulary
from tldash.model.records import Dialect, Fields

PIECES = [
    "call",
    "Bob",
    "café",
    "12:30",
    "**bold**",
    "[link](http://x/?due:2026)",
    "[[a|b #c]]",
    "`due:2026-11-20 ✅ 2026-11-09`",
    "`",
    "``",
    "\\",
    "\\[",
    "[",
    "]",
    "(",
    ")",
    "](",
    "<!--",
    "-->",
    "#vision",
    "#12",
    "#a/b",
    "@ada",
    "@bob.",
    "a@b.de",
    "(A)",
    "due:2026-11-20",
    "due:soon",
    "due:",
    "t:2026-11-01",
    "done:2026-11-09",
    "pri:C",
    "rec:1w",
    "rec:",
    "id:x",
    "dep:a,b",
    "📅 2026-11-20",
    "📅\ufe0f2026-11-20",
    "📅",
    "📅 2026-13-40",
    "⏳\xa02026-11-10",
    "🛫 2026-11-01",
    "➕ 2026-10-01",
    "✅ 2026-11-09",
    "❌ 2026-11-09",
    "✅",
    "🔺",
    "🔽\ufe0f",
    "🔁 every week",
    "🔁",
    "🆔 x1",
    "🆔",
    "⛔ a, b",
    "⛔ a,",
    "🏁 delete",
    "[due:: 2026-11-20]",
    "(scheduled:: 2026-11-10)",
    "[completion:: 2026-11-09]",
    "[priority:: high]",
    "[due:: soon]",
    "[due: 2026-11-20]",
    "[mood:: fine]",
    "[owner:: ada]",
    "@due(2026-11-20)",
    "@done(2026-11-09 14:05)",
    "@priority(2)",
    "@start(soon)",
    "@est(2h)",
    "@done",
    "due:2026-11-20T09:00",
    "due：2026-11-20",
    "due:2026-W47-5",
    "🔁 each week",
    "📅 [[2026-11-20]]",
    "[due:: [[2026-11-20]]]",
    "@ada's",
    "^abc",
    "^",
    ".",
    ":",
    "::",
]
GAPS = st.sampled_from(["", " ", " ", " ", "  ", "\t", "\xa0"])
ENDS = st.sampled_from(["", "", "", " ", "  ", "\\", " \\", " ^abc-1", "  ^abc  ", " ^x\\", "\t"])


SIGNED = [
    "📅 2026-11-20",
    "⏳ 2026-11-10",
    "🔺",
    "🔁 every week",
    "🆔 x1",
    "⛔ a, b",
    "#x ",
    "📅 soon",
]

FAULTY = [
    "due: 2026-11-20",
    "Due: 2026-11-20",
    "due: 2026-02-30",
    "Due:2026-11-21",
    "deu:2026-11-20",
    "dne:2026-11-20",
    "start:2026-11-01",
    "due:: 2026-11-20",
    "due:2026/11/20",
    "due:20261120",
    "due:03/04/2026",
    "scheduled:30/11/2026",
    "t:2026-1-5",
    "t:2026-02-30",
    "created:20 Nov 2026",
    "📅 20.11.2026",
    "📅 Nov 20, 2026",
    "⏳ 2026-20-11",
    "⏳",
    "⏳ soon",
    "[due: 2026-11-20]",
    "(Due:: 2026-11-20)",
    "[scheduld:: 20.11.2026]",
    "[due:: 2026-11-20",
    "[due:: ]",
    "[priority:: High]",
    "[priority: low]",
    "[Owner:: ada]",
    "[repeat:: monthly]",
    "pri:a",
    "pri:high",
    "Pri:B",
    "pri:1",
    "🔁 2w",
    "🔁 weekly",
    "🔁 weekly sync",
    "rec:weekly",
    "Rec:+1w",
    "due:2026-11-20",
    "due:2026-11-20",
    "📅 2026-11-20",
    "pri:C",
    "🆔 x1",
    "id:x",
    "id:x",
]


def bodies() -> st.SearchStrategy[str]:
    """Anything, metadata of every dialect or what looks like it among it."""
    return _of(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), 8)


def faulty() -> st.SearchStrategy[str]:
    """The same with fields among it that are written in a wrong way, or twice."""
    return _of(st.one_of(st.sampled_from(FAULTY), st.sampled_from(PIECES), st.text(max_size=3)), 7)


@st.composite
def _of(draw: st.DrawFn, piece: st.SearchStrategy[str], most: int) -> str:
    pieces = draw(st.lists(piece, max_size=most))
    body = "".join(draw(GAPS) + piece for piece in pieces) + draw(ENDS)
    return body.replace("\n", " ").replace("\r", " ")


@st.composite
def signed(draw: st.DrawFn) -> str:
    """Words, Obsidian's signs and other words, in any order."""
    pieces = draw(st.lists(st.sampled_from([*SIGNED, "call", "@ada", "(b)", "`"]), max_size=6))
    end = draw(st.sampled_from(["", " ", "  ", " ^abc-1", "  ^abc  "]))
    return "".join(draw(GAPS) + piece for piece in ["call", *pieces]) + end


def with_fields(text: str, fields: Fields, dialect: Dialect) -> str:
    """A body with these fields: text, owner, tags, the fields in Obsidian's order, block id."""
    words = [text, *([f"@{fields.owner}"] if fields.owner else ())]
    body = " ".join([*words, *(f"#{tag}" for tag in fields.tags)])
    for kind in vocabulary.ORDER:
        value = None if kind == "on_completion" else getattr(fields, kind)
        if value is None or value == ():
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif kind == "depends":
            value = ",".join(value)
        elif kind == "repeat":
            rules = Dialect.EMOJI if dialect is Dialect.TASKPAPER else dialect
            value = recurrence.translate_rule(value, rules)
        spoken = dialect
        if dialect is Dialect.TASKPAPER and kind not in vocabulary.TASKPAPER_OF:
            spoken = Dialect.EMOJI
        body += vocabulary.separator(spoken) + vocabulary.format_field(kind, value, spoken)
    return f"{body} ^{fields.block_id}" if fields.block_id else body
