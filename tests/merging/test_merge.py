"""Merges of sessions, case by case."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest

from tests.support.tables import each
from tldash.merging.merge import merge

MARKDOWN: Final = """\
---
date: 2026-10-09 17:30
skill: vision
levels: {listening: beginner}
---
# Session 4

## Agenda
- [ ] three queries
- [ ] stand-up

## Notes
The stand-up takes nine minutes.

He called Turtle from the room.

## Actions
- [ ] call Ann due:2026-10-10
- [ ] book a room @mira
- [ ] write the report 📅 2026-10-12
  - it has *two* parts
- [ ] review the plan
"""
YAML: Final = """\
date: 2026-10-09 17:30
levels:
  listening: beginner   # agreed
agenda:
  - three queries
  - text: stand-up
    done: false

actions:
  - call Ann due:2026-10-10
  - "book a room @mira"
  - text: write the report
    due: 2026-10-12
  # the next one is new
  - review the plan #team

notes: |
  The stand-up takes nine minutes.

  He called Turtle from the room.
"""
Edit = Callable[[str], str]


def put(old: str, new: str) -> Edit:
    """Replace a text that occurs once."""

    def change(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return change


def move(line: str, before: str) -> Edit:
    """Move some lines before another; before nothing stands for the end."""

    def change(text: str) -> str:
        assert text.count(line) == 1
        rest = text.replace(line, "")
        return rest.replace(before, line + before) if before else rest + line

    return change


def combine(text: str, ours: Edit, theirs: Edit, path: str) -> tuple[int, str]:
    """Merge two edits of a text, from both sides."""
    base, one, other = (side.encode() for side in (text, ours(text), theirs(text)))
    merged, swapped = merge(base, one, other, path), merge(base, other, one, path)
    assert merged.conflicts == swapped.conflicts
    assert merged.conflicts or merged.data == swapped.data
    return merged.conflicts, merged.data.decode()


def check_both(text: str, ours: Edit, theirs: Edit, path: str) -> None:
    """Check that the merge is clean and is one edit after the other."""
    assert combine(text, ours, theirs, path) == (0, theirs(ours(text)))


@each(
    ("ours", "theirs"),
    [
        (put("[ ] call", "[x] call"), put("[ ] book", "[x] book")),
        (put("[ ] call", "[x] call"), put("call Ann", "call Ann or Bo")),
        (put("due:2026-10-10", "due:2026-10-11"), put("call Ann", "call Ann or Bo")),
        (put("[ ] book", "[x] book"), put("a room @mira", "a room @ben")),
        (put("📅 2026-10-12", "📅 2026-10-14"), put("*two*", "*three*")),
        (move("- [ ] call Ann due:2026-10-10\n", ""), put("call Ann", "call Ann or Bo")),
        (move("- [ ] call Ann due:2026-10-10\n", ""), put("due:2026-10-10", "due:2026-10-19")),
        (
            move("- [ ] write the report 📅 2026-10-12\n  - it has *two* parts\n", ""),
            put("*two*", "*three*"),
        ),
        (put("- [ ] call Ann due:2026-10-10\n", ""), put("[ ] book", "[x] book")),
        (put("takes nine", "takes ten"), put("from the room", "from the street")),
        (put("The stand", "First.\n\nThe stand"), put("the room.\n", "the room.\n\nLast.\n")),
        (put("## Actions", "## Next actions"), put("[ ] call", "[x] call")),
        (put("## Actions", "## Next actions"), put("- [ ] call", "- [ ] new\n- [ ] call")),
        (put("skill: vision", "skill: growth"), put("date: 2026-10-09", "date: 2026-10-10")),
        (put("skill: vision\n", "skill: vision\ntitle: A\n"), put("17:30\nskill", "9:30\nskill")),
        (put("- [ ] review", "  - [ ] nested\n- [ ] review"), put("[ ] review", "[x] review")),
        (put("# Session 4", "# Session 5"), put("## Agenda\n", "## Agenda\n- [ ] one more\n")),
    ],
)
def test_changes_of_different_things_are_both_made_in_markdown(ours, theirs):
    check_both(MARKDOWN, ours, theirs, "2026-10-09.md")
    check_both(MARKDOWN.replace("\n", "\r\n"), *(
        (lambda text, edit=edit: edit(text.replace("\r\n", "\n")).replace("\n", "\r\n"))
        for edit in (ours, theirs)
    ), "2026-10-09.md")  # fmt: skip


@each(
    ("ours", "theirs"),
    [
        (put("call Ann due:2026-10-10", "call Ann due:2026-10-10 done:2026-10-09"),
         put("book a room @mira", "book a room @mira done:2026-10-09")),
        (put("due:2026-10-10", "due:2026-10-19"), put("call Ann", "call Ann or Bo")),
        (put("due: 2026-10-12", "due: 2026-10-19"), put("the report", "the long report")),
        (put("    due: 2026-10-12\n", "    due: 2026-10-12\n    done: 2026-10-12\n"),
         put("the report", "the long report")),
        (move("  - text: write the report\n    due: 2026-10-12\n", "  - call Ann"),
         put("    due: 2026-10-12\n", "    due: 2026-10-19\n")),
        (put("listening: beginner", "listening: advanced"),
         put("# agreed\n", "# agreed\n  vision: beginner\n")),
        (put("done: false", "done: true"), put("text: stand-up", "text: stand-up again")),
        (put("The stand", "First.\n\n  The stand"), put("the room.\n", "the room.\n\n  Last.\n")),
        (put("date: 2026-10-09", "date: 2026-10-10"), put("agenda:\n", "agenda:\n  - one more\n")),
        (put("# the next one is new", "# an old one"), put("plan #team", "plan #q4")),
        (put("  - three queries\n", ""), put("review the plan", "review the plans")),
    ],
)  # fmt: skip
def test_changes_of_different_things_are_both_made_in_yaml(ours, theirs):
    check_both(YAML, ours, theirs, "2026-10-09.yaml")


def test_two_new_actions_in_one_place_are_both_kept():
    ours, theirs = (put("- [ ] book", f"- [ ] {name}\n- [ ] book") for name in ("zip", "air"))
    conflicts, text = combine(MARKDOWN, ours, theirs, "a.md")
    assert conflicts == 0
    assert "10-10\n- [ ] air\n- [ ] zip\n- [ ] book" in text


def test_two_new_actions_at_the_end_of_the_file_are_both_kept():
    conflicts, text = combine(
        MARKDOWN, lambda t: t + "- [ ] zip\n  - note\n", lambda t: t + "- [ ] air\n", "a.md"
    )
    assert (conflicts, text) == (0, MARKDOWN + "- [ ] air\n- [ ] zip\n  - note\n")


def test_an_action_and_a_new_section_after_it():
    conflicts, text = combine(
        MARKDOWN, lambda t: t + "- [ ] zip\n", lambda t: t + "\n## Later\n- [ ] air\n", "a.md"
    )
    assert (conflicts, text) == (0, MARKDOWN + "- [ ] zip\n\n## Later\n- [ ] air\n")


def test_two_new_sections_in_one_place():
    conflicts, text = combine(
        MARKDOWN, lambda t: t + "\n## B\n- [ ] b\n", lambda t: t + "\n## A\n- [ ] a\n", "a.md"
    )
    assert (conflicts, text) == (0, MARKDOWN + "\n## A\n- [ ] a\n\n## B\n- [ ] b\n")


def test_the_same_new_action_is_there_once():
    new = "- [ ] call Ann due:2026-10-10\n- [ ] extra\n"
    both = put("- [ ] call Ann due:2026-10-10\n", new)
    conflicts, text = combine(
        MARKDOWN, lambda t: both(t) + "- [ ] z\n", lambda t: both(t) + "- [ ] a\n", "a.md"
    )
    assert (conflicts, text.count("extra")) == (0, 1)
    elsewhere = combine(MARKDOWN, both, lambda t: t + "- [ ] extra\n", "a.md")
    assert (elsewhere[0], elsewhere[1].count("extra")) == (0, 1)


def test_a_repeating_action_ticked_on_both_sides_repeats_once():
    base = "## Actions\n- [ ] retro rec:1w due:2026-10-10\n- [ ] b\n"
    done = "- [x] retro rec:1w due:2026-10-10 done:2026-10-10\n"
    tick = put("- [ ] retro rec:1w due:2026-10-10\n", f"- [ ] retro rec:1w due:2026-10-17\n{done}")
    check_both_text = combine(base, tick, lambda t: tick(t).replace("] b", "] bb"), "a.md")
    assert check_both_text == (0, tick(base).replace("] b", "] bb"))


@each(
    ("text", "path", "ours", "theirs"),
    [
        (MARKDOWN, "a.md", "{listening: beginner, vision: beginner}",
         "{listening: beginner, growth: advanced}"),
        (MARKDOWN, "a.md", "{listening: advanced}", "{listening: beginner, growth: advanced}"),
        (MARKDOWN, "a.md", "{}", "{listening: beginner, growth: advanced}"),
    ],
)  # fmt: skip
def test_levels_of_two_skills_in_braces(text, path, ours, theirs):
    old = "{listening: beginner}"
    conflicts, merged = combine(text, put(old, ours), put(old, theirs), path)
    assert conflicts == 0
    levels = dict(re.findall(r"(\w+): (\w+)", merged.split("levels:")[1].split("}")[0]))
    expected = {"listening": "beginner"}
    for side in (ours, theirs):
        said = dict(re.findall(r"(\w+): (\w+)", side))
        expected |= {k: v for k, v in said.items() if v != "beginner" or k != "listening"}
    if ours == "{}":
        del expected["listening"]
    assert levels == expected


def test_a_tag_added_on_one_side_where_the_other_removed_all():
    base = "actions:\n  - text: call Ann\n    tags: [q4, team]\n    due: 2026-10-10\n"
    line = "    tags: [q4, team]\n"
    merged = combine(base, put(line, "    tags: [q4, team, hiring]\n"), put(line, ""), "a.yaml")
    assert merged == (0, base.replace("q4, team", "hiring"))
    levels = "levels: {listening: beginner}\n"
    changed = put(levels, "levels: {listening: advanced}\n")
    assert combine(MARKDOWN, changed, put(levels, ""), "a.md")[0] == 1


def test_levels_that_both_sides_add():
    """Neither `levels:` nor front matter was there before."""
    base = "# Session\n\n## Actions\n- [ ] a\n"
    conflicts, text = combine(
        base,
        lambda t: "---\nlevels: {vision: beginner}\n---\n" + t,
        lambda t: "---\nlevels: {growth: advanced}\nskill: growth\n---\n" + t,
        "a.md",
    )
    front = "---\nlevels: {growth: advanced, vision: beginner}\nskill: growth\n---\n"
    assert (conflicts, text) == (0, front + base)


def test_fields_that_both_sides_add_to_one_line():
    """In the order in which tldash writes them, whichever side had which."""
    conflicts, text = combine(
        MARKDOWN,
        put("[ ] review the plan", "[x] review the plan #team done:2026-10-11"),
        put("review the plan", "review the plan #q4 @ada due:2026-10-10"),
        "a.md",
    )
    assert conflicts == 0
    assert "- [x] review the plan @ada #q4 #team due:2026-10-10 done:2026-10-11\n" in text


def conflict(ours: str, theirs: str) -> str:
    return f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n"


@each(
    ("old", "ours", "theirs"),
    [
        ("- [ ] call Ann due:2026-10-10\n", "- [ ] call Ann due:2026-10-11\n",
         "- [ ] call Ann due:2026-10-12\n"),
        ("- [ ] review the plan\n", "- [ ] review the new plan\n", "- [ ] review the old plan\n"),
        ("- [ ] review the plan\n", "- [x] review the plan\n", "- [-] review the plan\n"),
        ("- [ ] review the plan\n", "- [x] review the plan\n", ""),
        ("skill: vision\n", "skill: growth\n", "skill: tracking\n"),
        ("levels: {listening: beginner}\n", "levels: {listening: advanced}\n",
         "levels: {listening: intermediate}\n"),
        ("The stand-up takes nine minutes.\n", "It takes ten.\n", "It takes twenty.\n"),
        ("  - it has *two* parts\n", "  - it has no parts\n", "  - it is short\n"),
    ],
)  # fmt: skip
def test_the_same_thing_changed_differently_is_a_conflict_of_its_line(old, ours, theirs):
    others = put("[ ] book", "[x] book")
    conflicts, text = combine(
        MARKDOWN, put(old, ours), lambda t: others(put(old, theirs)(t)), "a.md"
    )
    assert conflicts == 1
    assert text == others(put(old, conflict(ours, theirs))(MARKDOWN))


def test_a_conflict_in_yaml_is_the_line_of_the_key():
    old = "    due: 2026-10-12\n"
    one, other = old.replace("12", "13"), old.replace("12", "14")
    conflicts, text = combine(YAML, put(old, one), put(old, other), "a.yaml")
    assert (conflicts, text) == (1, put(old, conflict(one, other))(YAML))


def test_a_change_does_not_go_to_an_item_that_replaced_another():
    """It stays with the old text, in a conflict with its removal."""
    conflicts, text = combine(
        MARKDOWN,
        put("- [ ] review the plan\n", "- [ ] hire a designer\n"),
        put("[ ] review", "[x] review"),
        "a.md",
    )
    assert conflicts == 1
    assert "- [ ] hire a designer\n" in text
    assert conflict("", "- [x] review the plan\n") in text


def test_an_item_moved_to_two_places_is_a_conflict_in_both():
    line = "- [ ] call Ann due:2026-10-10\n"
    conflicts, text = combine(MARKDOWN, move(line, "- [ ] review"), move(line, ""), "a.md")
    assert conflicts == 2
    assert text.count(line) == 2


def test_an_item_goes_along_with_its_section():
    """Added below a heading that the other side moved, it may not end up below another one."""
    base = "# T\n\n## A\n- [ ] a1\n- [ ] a2\n- [ ] a3\n\n## B\n- [ ] b1\n- [ ] b2\n"
    moved = "# T\n\n## B\n- [ ] b1\n- [ ] b2\n\n## A\n- [ ] a1\n- [ ] a2\n- [ ] a3\n"
    conflicts, text = combine(
        base, lambda _: moved, put("- [ ] b2\n", "- [ ] b2\n- [ ] new\n"), "a.md"
    )
    below = text.split("## B\n")[1].split("##")[0]
    assert conflicts or "new" in below
    assert "new" in text


def test_a_nested_item_stays_in_its_parent():
    base = "- [ ] one\n- [ ] two\n- [ ] three\n"
    conflicts, text = combine(
        base,
        put("- [ ] two\n", "- [ ] two\n  - [ ] inner\n"),
        move("- [ ] two\n", ""),
        "a.md",
    )
    assert conflicts or "- [ ] two\n  - [ ] inner\n" in text
    assert "inner" in text


@each("path", ["a.md", "a.yaml"])
def test_without_a_base_only_the_differences_are_conflicts(path):
    text = MARKDOWN if path == "a.md" else YAML
    ours, theirs = text.replace("takes nine", "takes ten"), text.replace("takes nine", "takes six")
    merged = merge(b"", ours.encode(), theirs.encode(), path)
    assert merged.conflicts == 1
    assert merged.data.count(b"call Ann") == 1
    for line in (*ours.splitlines(), *theirs.splitlines()):
        assert line in merged.data.decode()


@each("broken", ["a: [\n", "a: 1\na: 2\n", "- a\n- b\n", "a: &x 1\nb: *x\n", "{a: 1}\n", "a\n"])
def test_yaml_without_keys_on_lines_is_merged_by_lines(broken):
    base = broken + "".join(f"# {n}\n" for n in range(9))
    check_both(base, put("# 1\n", "# one\n"), put("# 7\n", "# seven\n"), "a.yaml")


def test_a_key_that_both_sides_add_in_different_places_is_there_once():
    conflicts, text = combine(
        YAML,
        put("levels:\n", "title: A\nlevels:\n"),
        put("notes: |\n", "title: A\nnotes: |\n"),
        "a.yaml",
    )
    assert (conflicts, text.count("title: A")) == (0, 1)


def test_deeply_nested_yaml_is_merged_by_lines():
    deep = "".join(f"{' ' * n}k{n}:\n" for n in range(340)) + " " * 341 + "v: 1\n"
    base = deep + "".join(f"end{n}: 1\n" for n in range(9))
    check_both(base, put("end1: 1", "end1: 2"), put("end8: 1", "end8: 2"), "a.yaml")


@pytest.mark.parametrize("path", ["notes.txt", "a", "x.json"])
def test_other_files_are_merged_by_lines(path):
    conflicts, _ = combine(MARKDOWN, put("[ ] call", "[x] call"), put("[ ] book", "[x] book"), path)
    assert conflicts == 1


def test_two_items_in_place_of_one_are_a_conflict():
    """Both may be that item with other words."""
    old = "- [ ] call Ann due:2026-10-10\n"
    one, other = "- [ ] ring Bo\n", "- [ ] write to Cy\n"
    conflicts, text = combine(MARKDOWN, put(old, one), put(old, other), "a.md")
    assert (conflicts, text) == (1, put(old, conflict(one, other))(MARKDOWN))


def test_the_same_new_items_in_another_order_are_there_once():
    one, other = "- [ ] air\n- [ ] zip\n", "- [ ] zip\n- [ ] air\n"
    conflicts, text = combine(MARKDOWN, lambda t: t + one, lambda t: t + other, "a.md")
    assert conflicts == 0
    assert sorted(text[len(MARKDOWN) :].splitlines()) == ["- [ ] air", "- [ ] zip"]


def test_new_items_are_in_the_order_of_the_alphabet_whatever_else_was_changed():
    skill = put("skill: vision", "skill: aaa")
    conflicts, text = combine(
        MARKDOWN, lambda t: skill(t) + "- [ ] zip\n", lambda t: t + "- [ ] air\n", "a.md"
    )
    assert (conflicts, text) == (0, skill(MARKDOWN) + "- [ ] air\n- [ ] zip\n")


def test_done_on_one_side_and_cancelled_on_the_other_is_a_conflict():
    """Also where the status follows from two different fields."""
    ours, theirs = (
        put("review the plan", f"review the plan {name}:2026-10-11")
        for name in ("done", "cancelled")
    )
    beside = put("# the next one is new", "# an old one")
    conflicts, text = combine(YAML, ours, lambda t: beside(theirs(t)), "a.yaml")
    lines = (f"  - review the plan {name}:2026-10-11 #team\n" for name in ("done", "cancelled"))
    old = "  - review the plan #team\n"
    assert (conflicts, text) == (1, beside(put(old, conflict(*lines))(YAML)))


def test_done_and_cancelled_under_two_keys_is_a_conflict():
    old = "    due: 2026-10-12\n"
    sides = (put(old, f"{old}    {name}: 2026-10-12\n") for name in ("done", "cancelled"))
    assert combine(YAML, *sides, "a.yaml")[0] == 1


def test_a_paragraph_does_not_become_a_part_of_a_new_bullet():
    base = "# T\n\none\n\ntwo\n"
    conflicts, text = combine(
        base, put("\ntwo", "\n- bullet\ntwo"), put("\ntwo", "\nparagraph\ntwo"), "a.md"
    )
    assert conflicts == 1
    assert text.index("<<<<<<<") < text.index("- bullet") < text.index(">>>>>>>")


def test_an_item_moved_out_of_a_conflict_is_there_once():
    base = "# T\n\nintro\n- [ ] x\n\noutro\n\n- [ ] y\n- [ ] z\n"
    conflicts, text = combine(
        base,
        put("intro", "first"),
        lambda t: move("- [ ] x\n", "")(put("intro", "second")(t)),
        "a.md",
    )
    assert (conflicts, text.count("- [ ] x\n")) == (1, 1)


def test_a_change_of_an_item_moved_into_a_conflict_is_kept():
    base = "# T\n\nintro\n\n- [ ] y\n- [ ] z\n- [ ] x\n"
    conflicts, text = combine(
        base,
        lambda t: put("intro", "first")(put("[ ] x", "[x] x")(t)),
        lambda t: put("intro\n", "second\n- [ ] x\n")(put("- [ ] x\n", "")(t)),
        "a.md",
    )
    assert conflicts >= 1
    assert "- [x] x\n" in text


@each("front", ["a: [\n", "date: 2026-10-09\n- [ ] b\n", "a: 1\na: 2\n"])
def test_items_are_merged_below_front_matter_that_is_not_valid(front):
    text = f"---\n{front}title: A\n---\n# T\n\n- [ ] one\n- [ ] two\n"
    check_both(text, put("[ ] one", "[x] one"), put("[ ] two", "[x] two"), "a.md")
    check_both(text, put("title: A", "title: B"), put("[ ] two", "[x] two"), "a.md")
    repaired = text.replace(front, "skill: vision\n")
    merged = merge(
        text.encode(), repaired.encode(), put("[ ] two", "[x] two")(text).encode(), "a.md"
    )
    assert merged.data.decode() == repaired.replace("[ ] two", "[x] two")


def test_text_that_both_changed_in_the_same_way_is_no_conflict():
    both = put("The stand-up takes nine minutes.", "It takes ten.\n\nThat is long.")
    check_both(
        MARKDOWN,
        lambda t: put("[ ] call", "[x] call")(both(t)),
        lambda t: put("[ ] book", "[x] book")(both(t) if "nine" in t else t),
        "a.md",
    )


def test_a_heading_that_one_side_removed_does_not_hold_up_the_items_below():
    check_both(MARKDOWN, put("# Session 4\n\n", ""), put("[ ] call", "[x] call"), "a.md")
