"""Task lines made of the pieces that real ones are made of, in any order and spacing."""

from __future__ import annotations

from hypothesis import strategies as st

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


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Anything, metadata of every dialect or what looks like it among it."""
    pieces = draw(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=8))
    body = "".join(draw(GAPS) + piece for piece in pieces) + draw(ENDS)
    return body.replace("\n", " ").replace("\r", " ")


@st.composite
def signed(draw: st.DrawFn) -> str:
    """Words, Obsidian's signs and other words, in any order."""
    pieces = draw(st.lists(st.sampled_from([*SIGNED, "call", "@ada", "(b)", "`"]), max_size=6))
    end = draw(st.sampled_from(["", " ", "  ", " ^abc-1", "  ^abc  "]))
    return "".join(draw(GAPS) + piece for piece in ["call", *pieces]) + end
