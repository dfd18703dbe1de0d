"""Nicknames in place of listed names: what stays around them, and what is refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.spellings import FINDER, SPELLINGS
from tests.support.tables import each
from tldash.editing.name_fixes import apply
from tldash.formats.private_text import Guard
from tldash.model.file_roles import FileRole
from tldash.model.name_search import ListedName, NameFinder

GUARD = Guard(FINDER)


def fixed(text: str, path: str = "ada/notes.md", guard: Guard = GUARD) -> str:
    role = FileRole.SESSION if path.endswith("yaml") else FileRole.NOTE
    return apply(text.encode(), path, role, guard).data.decode()


def reasons(text: str, guard: Guard = GUARD) -> list[str]:
    return [why for _, why in apply(text.encode(), "ada/notes.md", FileRole.NOTE, guard).left]


@each(
    ("text", "after"),
    [
        ("M**ar**ia and **Mar**ia", "Fox and **Fox**"),
        ("*Maria* Lopez, _Maria_ Lopez", "*Fox*, _Fox_"),
        ("M<b>ar</b>ia <b>Ma</b>ria", "Fox <b>Fox</b>"),
        ("maria_lopez [[Maria]] [Ma]ria", "Fox [[Fox]] [Fox]"),
        ("José's and Josés", "Red Elk's and Red Elks"),
        ("@josé #José a/josé x_josé", "@red-elk #Red-Elk a/red-elk x_red-elk"),
        ("told Maria\r\n  Lopez so\r\n", "told Fox\r\n  so\r\n"),
        ("> told Maria\n> Lopez, so\n", "> told Fox\n> , so\n"),
        ("told Maria\nLopez\n\nx", "told \nFox\n\nx"),
        ("told Ma-\nria so", "told Fox\nso"),
        ("Jose\u0301 Jos&eacute; Jos%C3%A9.md", "Red Elk Red Elk Red Elk.md"),
        ("\ufeff- [ ] Maria due:2026-12-01 ^a", "\ufeff- [ ] Fox due:2026-12-01 ^a"),
        ("kim@corp.io and maria@corp.io", "kim@corp.io and maria@corp.io"),
    ],
)
def test_what_a_nickname_replaces(text: str, after: str) -> None:
    assert fixed(text) == after


def test_yaml_values_stay_what_they_are() -> None:
    text = "date: 2026-11-03\nactions:\n  - {text: 'Maria''s plan', owner: maria} # José\n"
    after = "date: 2026-11-03\nactions:\n  - {text: 'Fox''s plan', owner: Fox} # Red Elk\n"
    assert fixed(text, "ada/sessions/2026-11-03.yaml") == after


def test_a_nickname_that_would_be_read_as_something_else_is_left_out() -> None:
    guard = Guard(NameFinder([ListedName("Maria", "due"), ListedName("Ben", "Fox")]))
    text = "- [ ] ask Ben at Maria:2026-12-01\n"
    assert fixed(text, guard=guard) == text.replace("Ben", "Fox")
    assert reasons(text, guard) == ["it would change more than the text"]


@each(
    ("text", "why"),
    [
        ("<<<<<<< a\nMaria\n=======\nx\n>>>>>>> b\n", "unresolved merge"),
        ("kim@corp.io", "there is no nickname"),
        ("Maria\0", "read-only"),
    ],
)
def test_what_is_left_has_a_reason(text: str, why: str) -> None:
    assert fixed(text) == text
    assert all(why in reason for reason in reasons(text))
    assert reasons(text)


LINES = st.lists(
    st.sampled_from(
        ["# Notes", "- [ ] call due:2026-12-01", "> so", "text", "", "```", "  more", "| a | b |"]
    )
    | st.sampled_from([f"- [ ] ask {one} now" for one in SPELLINGS])
    | st.sampled_from([f"so {one}, then" for one in SPELLINGS]),
    max_size=12,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_after_a_fix_no_name_is_left_and_the_rest_is_the_same(lines: list[str], end: str) -> None:
    """Unless the fix left it. Between the names, every character is as before."""
    text = end.join(lines)
    result = apply(text.encode(), "ada/notes.md", FileRole.NOTE, GUARD)
    after = result.data.decode()
    assert len(FINDER.find(after)) == len(result.left)
    assert after.count("\n") == text.count("\n")
    parts, at = [], 0
    for one in FINDER.find(text):
        parts += text[at : one.start].split()
        at = one.end
    rest = iter(after)
    assert all(character in rest for part in [*parts, *text[at:].split()] for character in part)
