"""A level of a skill in a session: exactly one word or one entry of the file is another."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.edits import already
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import Refused, SetLevel
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole

MD, YAML = "ada/sessions/2026-11-03.md", "ada/sessions/2026-11-03.yaml"
NAMES = {"vision": "Vision", "listening": "Listening", "growth": "Growth mindset"}
LEVELS = ("beginner", "intermediate", "advanced")
ENDINGS = ("\n", "\r\n", "\r")


def wish(level: str, was: str | None, path: str = MD, skill: str = "vision") -> SetLevel:
    names = frozenset({skill, NAMES[skill].lower()})
    return SetLevel(path, skill, level, names, was)


def levels(data: bytes, path: str) -> dict[str, str]:
    front = read_data(data, path, FileRole.SESSION).front
    found = getattr(front, "levels", None) or {}
    return {name.strip().lower(): level for name, level in found.items()}


@dataclass(frozen=True)
class Document:
    """A session file in two parts, with the word of one level between them."""

    path: str
    before: str
    after: str
    level: str

    def __bytes__(self) -> bytes:
        return self.holding(self.level)

    def holding(self, level: str) -> bytes:
        return f"{self.before}{level}{self.after}".encode()


quotes = st.sampled_from(["", "'", '"'])
comments = st.sampled_from(["", "  # as agreed: {vision: advanced}", " #"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Sessions that say a level of vision, among others, in braces or a line a skill."""
    end = draw(st.sampled_from(ENDINGS))
    others = draw(st.permutations(["listening", "growth"]))[: draw(st.integers(0, 2))]
    at = draw(st.integers(0, len(others)))
    key = draw(st.sampled_from(["vision", "Vision", "VISION"]))
    quote, around = draw(quotes), draw(quotes)
    entries = [f"{name}: {draw(st.sampled_from(LEVELS))}" for name in others]
    mine = f"{around}{key}{around}: {quote}"
    level = draw(st.sampled_from(LEVELS))
    if draw(st.booleans()):
        gap = draw(st.sampled_from(["", " "]))
        left = "".join(f"{entry}, " for entry in entries[:at])
        right = "".join(f", {entry}" for entry in entries[at:])
        head, tail = f"levels: {{{gap}{left}{mine}", f"{quote}{right}{gap}}}{draw(comments)}{end}"
    else:
        indent = " " * draw(st.integers(1, 5))
        lines = [f"{indent}{entry}{draw(comments)}{end}" for entry in entries]
        head = f"levels:{draw(comments)}{end}{''.join(lines[:at])}{indent}{mine}"
        tail = f"{quote}{draw(comments)}{end}{''.join(lines[at:])}"
    bom = draw(st.sampled_from(["", "\ufeff"]))
    first = draw(st.sampled_from(["", f"date: 2026-11-03 16:00{end}skill: vision{end}"]))
    last = draw(st.sampled_from(["", f"next: 2026-12-01{end}", f"x: [a, 'b']  # é{end}"]))
    if draw(st.booleans()):
        body = draw(
            st.sampled_from(["", f"# One{end}- [ ] levels: {{vision: beginner}}{end}", "x"])
        )
        fence = f"---{end}"
        return Document(MD, f"{bom}{fence}{first}{head}", f"{tail}{last}{fence}{body}", level)
    actions = draw(st.sampled_from(["", f"actions:{end}  - vision: beginner{end}"]))
    return Document(YAML, f"{bom}{first}{head}", f"{tail}{last}{actions}", level)


@given(documents(), st.sampled_from(LEVELS))
def test_only_the_word_of_the_level_changes(document: Document, level: str) -> None:
    edit = wish(level, document.level, document.path)
    if level == document.level:
        with already():
            patch.apply(edit, bytes(document))
        return
    after = patch.apply(edit, bytes(document))
    assert after == document.holding(level)
    back = wish(document.level, level, document.path)
    assert patch.apply(back, after) == bytes(document)


@given(documents(), st.sampled_from(LEVELS))
def test_a_level_that_somebody_changed_is_left_alone(document: Document, level: str) -> None:
    was = next(other for other in LEVELS if other not in (level, document.level))
    if level != document.level:
        with pytest.raises(Refused, match="changed this level") as refused:
            patch.apply(wish(level, was, document.path), bytes(document))
        assert document.level in refused.value.found


@given(documents(), st.sampled_from(LEVELS), st.sampled_from(["growth", "listening"]))
def test_a_new_entry_leaves_every_other_byte(document: Document, level: str, skill: str) -> None:
    before = bytes(document)
    known = levels(before, document.path)
    if skill in known:
        return
    after = patch.apply(wish(level, None, document.path, skill), before)
    assert levels(after, document.path) == {**known, skill: level}
    start = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), len(before))  # noqa: B905
    kept = len(before) - start
    assert after.endswith(before[start:]) and after[:start] == before[:start]
    new = after[start : len(after) - kept].decode()
    assert new.count(":") == 1


@each(
    ("front", "after"),
    [
        ("skill: vision", "skill: vision\nlevels: {vision: advanced}"),
        ("levels:\nskill: x", "levels: {vision: advanced}\nskill: x"),
        ("levels: {growth: beginner}", "levels: {growth: beginner, vision: advanced}"),
        (
            "levels:\n  growth: beginner # x\nz: 1",
            "levels:\n  growth: beginner # x\n  vision: advanced\nz: 1",
        ),
    ],
)
def test_a_level_that_no_entry_says_gets_one(front: str, after: str) -> None:
    text = "---\n{}\n---\n- [ ] call\n"
    new = patch.apply(wish("advanced", None), text.format(front).encode())
    assert new.decode() == text.format(after)


@each(
    ("text", "code"),
    [
        ("# One\n- [ ] call\n", "changed"),
        ("---\nlevels: {vision: beginner}\n- [ ] call\n", "front-matter"),
        ("---\nlevels: {vision: [beginner]}\n---\n", "changed"),
        ("---\nlevels: beginner\n---\n", "changed"),
        ("---\nskill: vision\n---\n", "changed"),
        ("---\nlevels: {vision: &a beginner}\n---\n", "yaml"),
        ("---\nx: &a {vision: beginner}\nlevels: *a\n---\n", "yaml"),
        ("---\nx: &a beginner\nlevels: {vision: *a}\n---\n", "yaml"),
        ("---\nlevels: {vision: beginner, Vision: beginner}\n---\n", "yaml"),
        ("---\nlevels: {vision: beginner}\nlevels: {vision: beginner}\n---\n", "yaml"),
        ("---\nlevels: {vision: !x beginner}\n---\n", "yaml"),
        ("---\nlevels:\n  vision: |\n    beginner\n---\n", "yaml"),
        ("---\nlevels: {vision: beginner\n---\n", "yaml"),
        ("---\n- a\n---\n", "yaml"),
        ("<<<<<<< a\n=======\n>>>>>>> b\n", "merge-conflict"),
    ],
)
def test_what_could_be_another_level_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        patch.apply(wish("advanced", "beginner"), text.encode())
    assert refused.value.code == code
    assert refused.value.message
