"""The last word on an edit: what came of it is what was meant, or it does not count."""

from __future__ import annotations

from tests.support.edits import DAY, tasks_of
from tests.support.tables import each
from tldash.editing import verify
from tldash.editing.edits import (
    AddTask,
    Edit,
    Remove,
    SetDate,
    SetOwner,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.formats.markdown.scanner import scan
from tldash.model.records import Status, Task

BEFORE = "# A\n- [ ] a @mira #x\n  note\n- [ ] b rec:1w\n"


def is_applied(edit: Edit, here: Task | None, after: str) -> bool:
    before = tasks_of(BEFORE)
    at = None if here is None else next(task for task in before if task == here)
    return verify.is_applied(edit, at, before, tasks_of(after))


A, B = tasks_of(BEFORE)


@each(
    ("edit", "good", "bad"),
    [
        (
            SetDate(A, "due", DAY),
            [("#x", "#x due:2026-12-24"), ("#x", "#x 📅 2026-12-24")],
            [
                ("#x", "#x due:2026-12-25"),
                ("#x", "due:2026-12-24"),
                ("a @mira #x", "aa @mira #x due:2026-12-24"),
                ("[ ] a @mira #x", "[x] a @mira #x due:2026-12-24"),
                ("#x\n  note", "#x due:2026-12-24\n  other"),
                ("#x\n  note\n- [ ] b", "#x due:2026-12-24\n  note\n- [ ] bb"),
                ("#x\n  note\n- [ ] b", "#x due:2026-12-24\n  note\n- [x] b"),
                ("#x\n  note\n- [ ] b", "#x due:2026-12-24\n  note\n  - [ ] b"),
                ("#x\n  note\n- [ ] b", "#x due:2026-12-24\n  note\n# B\n- [ ] b"),
                ("#x\n  note\n- [ ] b", "#x due:2026-12-24\n  note\n- b"),
                ("#x\n  note\n", "#x due:2026-12-24\n  note\n- [ ] new\n"),
                ("# A\n", "# B\n"),
            ],
        ),
        (
            SetText(A, "c due:2026-12-24"),
            [("a @mira", "c due:2026-12-24 @mira")],
            [
                ("a @mira #x", "c due:2026-12-24 @ben #x"),
                ("a @mira #x", "c due:2026-12-24 @mira"),
                ("a @mira #x", "c due:2026-12-24 @mira #x #y"),
                ("a @mira #x", "c due:2026-12-24 @mira #x pri:A"),
                ("a @mira", "c @mira"),
            ],
        ),
        (SetOwner(A, None), [("@mira ", "")], [("@mira", "@ben")]),
        (
            SetTags(A, ("y",), ("x",)),
            [("#x", "#y")],
            [("#x", "#x #y"), ("#x", ""), ("#x", "#z #y")],
        ),
        (
            Remove(B),
            [("- [ ] b rec:1w\n", "")],
            [("- [ ] a @mira #x\n  note\n", ""), ("- [ ] b rec:1w\n", "  more"), ("b", "c")],
        ),
        (
            SetStatus(B, Status.DONE, DAY),
            [("[ ] b rec:1w", "[x] b rec:1w"), ("- [ ] b", "- [ ] b rec:1w\n- [x] b")],
            [
                ("- [ ] b", "- [x] b rec:1w\n- [x] b"),
                ("- [ ] b", "- [ ] b rec:1w\n# B\n- [x] b"),
                ("- [ ] b", "- [ ] b rec:1w\n- [ ] b rec:1w\n- [x] b"),
                ("[ ] b", "[-] b"),
            ],
        ),
    ],
)
def test_a_wish_has_come_true_or_not(edit, good, bad):
    for old, new in good:
        assert is_applied(edit, edit.task, BEFORE.replace(old, new)), new
    for old, new in bad:
        after = BEFORE.replace(old, new)
        assert after != BEFORE
        assert not is_applied(edit, edit.task, after), new
    assert not is_applied(edit, edit.task, BEFORE)


@each(
    ("more", "true"),
    [
        ("- [ ] n #y\n", True),
        ("# C\n- [ ] n #y\n", True),
        ("- [x] n #y\n", False),
        ("- [ ] n\n", False),
        ("- [ ] m #y\n", False),
        ("- [ ] n #y\n  note\n", False),
        ("# Agenda\n- [ ] n #y\n", False),
        ("- [ ] n #y\n- [ ] n #y\n", False),
        ("", False),
    ],
)
def test_an_item_was_added_or_not(more, true):
    assert is_applied(AddTask("x.md", "n #y", "A"), None, BEFORE + more) is true
    assert not is_applied(AddTask("x.md", "n #y", "A"), None, BEFORE.replace("b", "c") + more)


@each(
    ("before", "after", "same"),
    [
        ("a\n\n- b\n\nc\n", "a\n\n- x\n- y\n\nc\n", True),
        ("a\n- b\nc\n", "a\nc\n", False),
        ("a\n- b\n\n---\n", "a\n\n---\n", True),
        ("a\n- b\n---\n", "a\n---\n", False),
        ("$$\nb\nc\n", "$$\nb\n$$\n", False),
        ("a\n```\nb\n```\nc\n", "a\n\nb\n```\nc\n", False),
    ],
)
def test_lines_around_an_edit_stay_what_they_are(before, after, same):
    assert verify.same_outline(scan(before), scan(after)) is same


def test_values_beside_the_list_stay_what_they_are():
    before = "x: 1\nactions:\n- a\n"
    assert verify.same_values(before, "x: 1\nactions:\n- b\n- c\n", "actions")
    assert verify.same_values(before, "x: 1\nactions:\n", "actions")
    assert not verify.same_values(before, "x: 2\nactions:\n- a\n", "actions")
    assert not verify.same_values(before, "actions:\n- a\n", "actions")
    assert not verify.same_values(before, before + "y: 1\n", "actions")
    assert not verify.same_values(before, before + "x: 1\n", "actions")
    assert not verify.same_values(before, "x: [\n", "actions")
