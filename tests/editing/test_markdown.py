"""Each edit in each dialect and kind of file: what is written, and what is refused."""

from __future__ import annotations

import re
from datetime import date

import cmarkgfm
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import obsidian_reader, task_strategies
from tests.support.edits import (
    DAY,
    added,
    already,
    apply,
    due,
    edited,
    markdown_files,
    refused,
    tasks_of,
)
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import (
    AddTask,
    Refused,
    Remove,
    SetDate,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.formats.tasks import vocabulary
from tldash.model.records import Dialect, Priority, Status

PLAIN, EMOJI, DATAVIEW = Dialect.PLAIN, Dialect.EMOJI, Dialect.DATAVIEW


# -- one line, in Markdown -------------------------------------------------------------------------


@each(
    ("body", "make_edit", "after"),
    [
        ("a", due(), "a 📅 2026-12-24"),
        ("a", due(dialect=PLAIN), "a due:2026-12-24"),
        ("a", due(dialect=DATAVIEW), "a  [due:: 2026-12-24]"),
        ("a pri:B", due(), "a pri:B due:2026-12-24"),
        ("a 📅 2026-11-20 ^x", due(), "a 📅 2026-12-24 ^x"),
        ("a [due:: 2026-11-20] b", due(), "a [due:: 2026-12-24] b"),
        ("a due:soon", due(), "a due:2026-12-24"),
        ("a due:2026-11-20 #x", due(None), "a #x"),
        ("a ⏳ 2026-11-20", lambda t: SetDate(t, "start", DAY), "a 🛫 2026-12-24 ⏳ 2026-11-20"),
        ("a", lambda t: SetPriority(t, Priority.HIGH), "a ⏫"),
        ("(A) a", lambda t: SetPriority(t, Priority.LOW), "(E) a"),
        ("a pri:C", lambda t: SetPriority(t, None), "a"),
        ("a 📅 2026-11-20", lambda t: SetOwner(t, "mira"), "a @mira 📅 2026-11-20"),
        ("@ben a", lambda t: SetOwner(t, "@mira"), "@mira a"),
        ("a", lambda t: SetOwner(t, "Mira Holm"), "a [owner:: Mira Holm]"),
        ("ask @ben and @ann", lambda t: SetOwner(t, None), "ask @ben and"),
        ("a 📅 2026-11-20", lambda t: SetTags(t, ("x", "#y/z")), "a #x #y/z 📅 2026-11-20"),
        ("a #x b #y", lambda t: SetTags(t, (), ("#x",)), "a b #y"),
        ("a #x", lambda t: SetTags(t, ("y",), ("x",)), "a #y"),
        ("a #x 📅 2026-11-20", lambda t: SetText(t, "b c"), "b c #x 📅 2026-11-20"),
        ("a", lambda t: SetText(t, "b\r\nc "), "b c"),
        ("a", lambda t: SetText(t, "b @mira due:2026-12-24"), "b @mira due:2026-12-24"),
        ("a", lambda t: SetRepeat(t, "every week"), "a 🔁 every week"),
        ("a due:2026-11-20", lambda t: SetRepeat(t, "every week"), "a rec:+1w due:2026-11-20"),
        ("a 🔁 every week", lambda t: SetRepeat(t, None), "a"),
    ],
)
def test_one_line(body, make_edit, after):
    assert edited(f"- [ ] {body}\n", make_edit) == f"- [ ] {after}\n"


@each(
    ("before", "after"),
    [
        ("- [ ] a", "- [ ] a 📅 2026-12-24"),
        (
            "\ufeff# H\r\n* [/]  a\r\n  note\r\n",
            "\ufeff# H\r\n* [/]  a 📅 2026-12-24\r\n  note\r\n",
        ),
        ("x\r1) [x] a\r- b", "x\r1) [x] a 📅 2026-12-24\r- b"),
        ("> > + [?] a  \n> more\n", "> > + [?] a 📅 2026-12-24  \n> more\n"),
        ("---\nx: 1\n---\n- x\n\t- [ ] a\n", "---\nx: 1\n---\n- x\n\t- [ ] a 📅 2026-12-24\n"),
    ],
)
def test_every_kind_of_line_and_line_end(before, after):
    assert edited(before, due()) == after
    assert edited(after, due(None)) == before


EMPTY = [
    "- [ ]",
    "- [ ] ",
    "* [ ]  ",
    "+ [ ]\t",
    "> - [ ]",
    "12) [ ]",
    "  - [ ] \t ",
    "- x\n\t- [ ]",
]


@each("end", ["", "\n", "\r\n", "\r", "\n\n- [ ] b", "\n  a note\n"])
@each("empty", EMPTY)
@each(
    ("dialect", "written"),
    [(EMOJI, "✅ 2026-12-24"), (PLAIN, "done:2026-12-24"), (DATAVIEW, "[completion:: 2026-12-24]")],
)
def test_an_item_without_words_is_ticked_and_unticked(empty, end, dialect, written):
    before = empty + end
    after = edited(before, lambda t: SetStatus(t, Status.DONE, DAY, dialect))
    box = empty.index("[ ]")
    assert after == f"{empty[:box]}[x] {written}{empty[box + 3 :]}{end}"
    seen = OBSIDIAN_TASK.match(after.removesuffix(end).split("\n")[-1])
    assert seen is not None
    read = obsidian_reader.read(seen[4], dataview=dialect is DATAVIEW)
    assert read.get("done") == (None if dialect is PLAIN else "2026-12-24")
    if not empty.startswith(">"):  # where GitHub finds no box, whatever stands behind it
        assert "checkbox" in cmarkgfm.github_flavored_markdown_to_html(after)
    assert edited(after, lambda t: SetStatus(t, Status.OPEN, DAY)) == before


OBSIDIAN_TASK = re.compile(r"^([\s\t>]*)([-*+]|[0-9]+[.)]) +\[(.)\] *(.*)")
"""What Obsidian Tasks takes for a task line (`TaskRegularExpressions` in its sources)."""


@each("empty", EMPTY)
@each(
    ("make_edit", "written"),
    [
        (due(), "📅 2026-12-24"),
        (lambda t: SetOwner(t, "mira"), "@mira"),
        (lambda t: SetTags(t, ("x",)), "#x"),
        (lambda t: SetText(t, "call"), "call"),
        (lambda t: SetStatus(t, Status.IN_PROGRESS, DAY), ""),
    ],
)
def test_an_item_without_words_gets_its_first(empty, make_edit, written):
    box = empty.index("[ ]")
    mark = " " if written else "/"
    expected = f"{empty[:box]}[{mark}]{' ' * bool(written)}{written}{empty[box + 3 :]}\n"
    assert edited(empty + "\n", make_edit) == expected


@each(
    ("body", "make_edit", "after"),
    [
        ("o ^1 due:2026-11-20", due(None), "o \\^1"),
        ("due:2026-11-20@m", due(None), "\\@m"),
        ("a 🔁 every week 📅 2026-11-20 on Monday", due(None), "a on Monday 🔁 every week"),
        ("o ^1 #x", lambda t: SetTags(t, (), ("x",)), "o \\^1"),
        ("o ^1 🔺", lambda t: SetPriority(t, None), "o \\^1"),
    ],
)
def test_what_is_left_of_a_line_means_no_more_than_before(body, make_edit, after):
    assert edited(f"- [ ] {body}\n", make_edit) == f"- [ ] {after}\n"


@each(
    ("body", "make_edit"),
    [
        ("[ ] 🔁 📅 2026-11-20 every week", due(None)),
        ("[ ] a ⛔ b 📅 2026-11-20 ,c", due(None)),
        ("[ ] a ⛔ b 🔺 ,c", lambda t: SetPriority(t, None)),
        ("[ ] ⛔ [owner:: mira] a", lambda t: SetOwner(t, None)),
        ("[ ] a ⛔ b #x ,c", lambda t: SetTags(t, (), ("x",))),
        ("[x] ⛔ ✅ 2026-11-20 a", lambda t: SetStatus(t, Status.OPEN, DAY)),
        ("[x] ⛔ ✅ 2026-11-20 a", lambda t: SetStatus(t, Status.CANCELLED, DAY)),
    ],
)
def test_what_cannot_go_without_a_change_to_the_rest_is_refused(body, make_edit):
    with refused(message="cannot be edited here"):
        edited(f"- {body}\n", make_edit)


def test_a_line_whose_rest_would_come_again_as_another_is_refused():
    with refused("repeat", "have other fields"):
        edited("- [ ] 🔁 dep:i every rec:2w\n", lambda t: SetStatus(t, Status.DONE, DAY))


@settings(max_examples=150, deadline=None)
@given(
    task_strategies.bodies(),
    st.sampled_from(["\n", "\r\n", "\r", ""]),
    st.sampled_from(["- [ ] ", "- [ ]", "> * [ ]  ", "3) [ ]\t"]),
    st.sampled_from([Status.DONE, Status.CANCELLED]),
    st.sampled_from(Dialect),
)
def test_a_tick_is_one_stretch_and_unticking_gives_the_bytes_back(body, end, box, status, dialect):
    line = box + body if box[-1] in " \t" else box
    text = f"# H{end or chr(10)}{line}{end}"
    if end:
        text += f"- [x] b{end}"
    found = [task for task in tasks_of(text) if task.line == 2]
    assume(found and not found[0].fields.done and not found[0].fields.cancelled)
    assume(not found[0].fields.repeat)
    after = apply(SetStatus(found[0], status, DAY, dialect), text)
    start = text.index(box) + box.index("]") - 1
    assert after[:start] == text[:start]
    assert after[start] == ("x" if status is Status.DONE else "-")
    old, new = text[start + 1 :], after[start + 1 :]
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    assert new.endswith(old[same:])
    [now] = [task for task in tasks_of(after) if task.line == 2]
    assert now.status is status
    assert now.text == found[0].text
    back = apply(SetStatus(now, Status.OPEN, DAY, dialect), after)
    assert back == text


# -- taking away -----------------------------------------------------------------------------------


@each(
    ("before", "which", "after"),
    [
        ("- [ ] a\n- [ ] b\n- [ ] c\n", 1, "- [ ] a\n- [ ] c\n"),
        ("- [ ] a\r\n  note\r\n\r\n  more\r\n\r\n- [ ] b\r\n", 0, "\r\n- [ ] b\r\n"),
        ("# H\r- [ ] a", 0, "# H"),
        ("- [ ] a", 0, ""),
        ("- [ ] a\n", 0, ""),
        ("> 1. [ ] a\n>    note\n> 2. [ ] b\n", 0, "> 2. [ ] b\n"),
        ("- [ ] a\n  - [ ] b\n    - note\n- [ ] c\n", 1, "- [ ] a\n- [ ] c\n"),
        ("- [ ] a\n  ```\n  - [ ] code\n  ```\n- x\n", 0, "- x\n"),
        ("- [ ] a\n- [ ] a\n", 0, "- [ ] a\n"),
    ],
)
def test_an_item_goes_with_its_note(before, which, after):
    assert edited(before, Remove, which) == after


@each(
    ("text", "code", "words"),
    [
        ("- [ ] a\n  - [ ] b\n", "nested", "nested under it"),
        ("- [ ] a\n  - x\n    - [ ] b\n", "nested", "nested under it"),
        ("- - [ ] a\n  - [ ] b\n", "unclear", "cannot be edited here"),
        ("text\n- [ ] a\n---\n", "unclear", "cannot be edited here"),
    ],
)
def test_an_item_that_others_depend_on_stays(text, code, words):
    with refused(code, words) as refusal:
        edited(text, Remove)
    assert refusal.value.found == tasks_of(text)[0].raw


# -- adding ----------------------------------------------------------------------------------------


@each(
    ("before", "after"),
    [
        ("", "## Actions\n- [ ] n due:2026-12-24\n"),
        ("\ufeff", "\ufeff## Actions\n- [ ] n due:2026-12-24\n"),
        ("# Agenda\n- [ ] x\n", "# Agenda\n- [ ] x\n\n## Actions\n- [ ] n due:2026-12-24\n"),
        ("# H\n", "# H\n\n## Actions\n- [ ] n due:2026-12-24\n"),
        ("# H\n\n", "# H\n\n## Actions\n- [ ] n due:2026-12-24\n"),
        ("# H\r\ntext", "# H\r\ntext\r\n\r\n## Actions\r\n- [ ] n due:2026-12-24"),
        (
            "---\r\na: 1\r\n---\r\n",
            "---\r\na: 1\r\n---\r\n## Actions\r\n- [ ] n due:2026-12-24\r\n",
        ),
        ("---\na: 1\n---", "---\na: 1\n---\n## Actions\n- [ ] n due:2026-12-24\n"),
        ("## Actions", "## Actions\n- [ ] n due:2026-12-24"),
        ("## actions ##\n\n## Next\n", "## actions ##\n- [ ] n due:2026-12-24\n\n## Next\n"),
        ("To do\n---\n\nx", "To do\n---\n\nx\n\n- [ ] n due:2026-12-24"),
        ("# Next Actions\n- x\n\n# Y\n", "# Next Actions\n- x\n- [ ] n due:2026-12-24\n\n# Y\n"),
        ("> ## Actions\n> x\n", "> ## Actions\n> x\n>\n> - [ ] n due:2026-12-24\n"),
        (
            "## Action items\n* [x]  a\n  b\n\n  c\n\n## Y\n- [ ] b\n",
            "## Action items\n* [x]  a\n  b\n\n  c\n* [ ]  n due:2026-12-24\n\n## Y\n- [ ] b\n",
        ),
        (
            "## Actions\n- [ ] a\n  - [ ] b\n",
            "## Actions\n- [ ] a\n  - [ ] b\n- [ ] n due:2026-12-24\n",
        ),
        ("# Actions\r> 9. [ ] a", "# Actions\r> 9. [ ] a\r> 10. [ ] n due:2026-12-24"),
        (
            "# Actions\n1) [ ] a\n1) [ ] b\n",
            "# Actions\n1) [ ] a\n1) [ ] b\n1) [ ] n due:2026-12-24\n",
        ),
        (
            "# Actions\n- Ada\n\t- [ ] a\n- x\n",
            "# Actions\n- Ada\n\t- [ ] a\n\t- [ ] n due:2026-12-24\n- x\n",
        ),
        (
            "# Agenda\n## Actions\n- [ ] topic\n# Actions\n",
            "# Agenda\n## Actions\n- [ ] topic\n- [ ] n due:2026-12-24\n# Actions\n",
        ),
        (
            "# Actions\n- [ ] a\n# X\n# Actions\n",
            "# Actions\n- [ ] a\n- [ ] n due:2026-12-24\n# X\n# Actions\n",
        ),
    ],
)
def test_an_action_is_added(before, after):
    assert added(before, "n due:2026-12-24") == after
    new = next(task for task in tasks_of(after) if task.text == "n")
    if not after.removeprefix(before).startswith("\n\n## Actions") and "ctions" in before:
        assert apply(Remove(new), after).rstrip("\n> ") == before.rstrip("\n> ")


@each(
    "heading",
    [
        *("## Action Items:", "## ✅ Action items", "## TODO", "## To-dos", "## Next steps"),
        *("## Tasks", "## Follow-ups", "# Actions", "### 3. Action points", "## Agenda\n### Tasks"),
        *("**Action items**", "**Action items:**", "__Next steps__:", "**✅ Follow-ups**"),
    ],
)
@each("items", ["", "- [x] a\n", "* [ ] a\n  - [ ] b\n"])
def test_an_action_is_added_to_the_section_that_is_there(heading, items):
    text = f"# Session\n\n{heading}\n{items}\n## Notes\nWe talked.\n\n**Later**\n- [ ] z\n"
    mark = "*" if items.startswith("*") else "-"
    expected = text.replace(f"\n{items}\n## Notes", f"\n{items}{mark} [ ] n\n\n## Notes")
    assert added(text, "n") == expected


@each(
    "text",
    [
        "## Actions from last time\n- [ ] a\n",
        "## Agenda\n**Action items**\n- [ ] a topic\n",
        "- **Action items**\n",
        "**Action items** of Ada\n",
    ],
)
def test_other_sections_get_no_action(text):
    assert added(text, "n") == f"{text}\n## Actions\n- [ ] n\n"


RUNNING = (
    "# Ada\n\n## 2026-11-16\n### Agenda\n- [ ] a\n### Tasks\n- [ ] b\n\n"
    "## [2026-11-02] first\n- [ ] c\n\n## 2026-10-19\nWe talked.\n"
)


@each(
    ("within", "section", "before", "after"),
    [
        ("2026-11-16", "Actions", "- [ ] b\n", "- [ ] b\n- [ ] n\n"),
        ("2026-11-16", "Agenda", "- [ ] a\n", "- [ ] a\n- [ ] n\n"),
        ("[2026-11-02] first", "Actions", "- [ ] c\n", "- [ ] c\n- [ ] n\n"),
        ("[2026-11-02] first", "Agenda", "- [ ] c\n", "- [ ] c\n\n### Agenda\n- [ ] n\n"),
        ("2026-10-19", "Actions", "talked.\n", "talked.\n\n### Actions\n- [ ] n\n"),
    ],
)
def test_an_item_is_added_to_one_of_several_sessions(within, section, before, after):
    edit = AddTask("x.md", "n", section, within)
    assert apply(edit, RUNNING) == RUNNING.replace(before, after)
    with refused("gone", "no longer in the file, or there twice"):
        apply(edit, RUNNING + f"## {within}\n")


def test_a_topic_is_added_under_its_own_heading():
    text = "## Agenda\n- [ ] a\n## Actions\n- [ ] b\n"
    assert added(text, "c", "agenda") == text.replace("] a\n", "] a\n- [ ] c\n")
    assert added("x\n", "c", "Agenda") == "x\n\n## Agenda\n- [ ] c\n"


@each("text", ["x\n```\n", "<!--\n", "# Actions\n999999999. [ ] a\n"])
def test_what_would_not_be_read_as_an_action_is_not_added(text):
    with refused("unclear", "not be read as an action"):
        added(text, "n")


# -- what makes no sense, or is so already ---------------------------------------------------


@each(
    ("make_edit", "code", "words"),
    [
        (lambda t: SetText(t, " \n"), "empty", "needs text"),
        (lambda t: SetText(t, "due:2026-12-24"), "empty", "needs text"),
        (lambda t: AddTask("x.md", "@mira"), "empty", "needs text"),
        (lambda t: SetTags(t, ("2026",)), "tag", "'2026' cannot be a tag"),
        (lambda t: SetOwner(t, "@"), "owner", "not a name"),
        (lambda t: SetRepeat(t, "often"), "repeat", "not a recurrence rule.*every week"),
        (lambda t: SetText(t, "b\0"), "encoding", "text file cannot hold"),
        (lambda t: SetText(t, "b\ud800"), "encoding", "text file cannot hold"),
        (lambda t: AddTask("x.md", "b\udcff"), "encoding", "text file cannot hold"),
    ],
)
@each("path", ["x.md", "x.yaml"])
def test_edits_with_invalid_values(make_edit, code, words, path):
    text = "- [ ] a\n" if path == "x.md" else "actions:\n- a\n"
    with refused(code, words):
        edited(text, make_edit, path=path)


@each(
    "make_edit",
    [
        lambda t: SetDate(t, "due", date(2026, 11, 20)),
        lambda t: SetDate(t, "start", None),
        lambda t: SetPriority(t, Priority.HIGHEST),
        lambda t: SetOwner(t, "@mira"),
        lambda t: SetTags(t, ("x",), ("y",)),
        lambda t: SetText(t, "a"),
        lambda t: SetText(t, "a #x"),
        lambda t: SetRepeat(t, "every week"),
        lambda t: SetStatus(t, Status.OPEN, DAY),
    ],
)
def test_what_is_so_already(make_edit):
    text = "# H\n- [ ] a @mira #x pri:A rec:+1w due:2026-11-20\n"
    with already("already"):
        edited(text, make_edit)
    seen = tasks_of("# H\n- [ ] a\n")[0]
    if not isinstance(make_edit(seen), SetDate) or make_edit(seen).day is not None:
        with already():
            patch.apply(make_edit(seen), text.encode())


def test_a_line_that_was_reworded_as_wished_is_so_already():
    seen = tasks_of("# H\n- [ ] a\n")[0]
    with already():
        patch.apply(SetText(seen, "b"), b"# H\n- [ ] b\n")
    with refused(message="no longer in the file"):
        patch.apply(SetText(seen, "c"), b"# H\n- [ ] b\n")


@each("make_edit", [due(), Remove, lambda t: SetText(t, "c"), lambda t: SetOwner(t, "mira")])
@each(
    ("path", "before", "now", "code"),
    [
        ("x.md", "# H\n- [ ] a\n", "# H\n- [x] a\n", "changed"),
        ("x.md", "# H\n- [ ] a\n", "# H\n- [ ] a ⏫\n", "changed"),
        ("x.md", "# H\n- [ ] a\n", "# H\n- [ ] b\n", "gone"),
        ("x.md", "# H\n- [ ] a\n", "# H\n- [ ] a\n- [ ] a\n", "ambiguous"),
        (
            "x.yaml",
            "actions:\n- text: a\n  due: 2026-11-20\n",
            "actions:\n- text: a\n  due: 2026-11-21\n",
            "changed",
        ),
        ("x.yaml", "actions:\n- text: a\n", "actions:\n- text: a\n  status: done\n", "changed"),
        ("x.yaml", "actions:\n- a\n", "actions:\n- b\n", "gone"),
    ],
)
def test_what_somebody_changed_meanwhile_is_left_alone(make_edit, path, before, now, code):
    with refused(code):
        patch.apply(make_edit(tasks_of(before, path)[0]), now.encode())


@each(
    ("body", "words"),
    [("a rec:often", "often|every"), ("a 🔁 every now and then", "every"), ("a rec:0w", "every")],
)
def test_an_action_that_repeats_nobody_knows_how_is_not_ticked(body, words):
    with refused("repeat", words) as refusal:
        edited(f"- [ ] {body}\n", lambda t: SetStatus(t, Status.DONE, DAY))
    assert "next occurrence is not clear" in refusal.value.message
    dropped = edited(f"- [ ] {body}\n", lambda t: SetStatus(t, Status.CANCELLED, DAY))
    assert dropped.startswith(f"- [-] {body}")


# -- any file -----------------------------------------------------------------------------------


GLUED = re.compile(rf"\S(?:[{vocabulary.EMOJI}]|[\[(]\w+::)")
"""A field without a space before it."""


@settings(max_examples=100, deadline=None)
@given(markdown_files(), st.data())
def test_what_is_added_to_a_line_can_be_taken_off_again(text, data):
    found = tasks_of(text)
    assume(found)
    task = data.draw(st.sampled_from(found))
    dialect = data.draw(st.sampled_from(Dialect))
    there, back = data.draw(
        st.sampled_from(
            [
                (SetDate(task, "due", DAY, dialect), lambda t: SetDate(t, "due", None)),
                (SetDate(task, "start", DAY, dialect), lambda t: SetDate(t, "start", None)),
                (SetTags(task, ("fresh",)), lambda t: SetTags(t, (), ("fresh",))),
                (SetPriority(task, Priority.LOW, dialect), lambda t: SetPriority(t, None)),
            ]
        )
    )
    assume(" :" not in task.text)
    assume(not GLUED.search(task.raw))  # a new tag needs a space there, which then stays
    bad = any(
        word in task.raw
        for word in (
            "due:",
            "t:",
            "📅",
            "🛫",
            "due::",
            "start::",
            "pri:",
            "@due(",
            "@start(",
            "@priority(",
        )
    )
    assume(not bad and not task.fields.priority)
    middle = apply(there, text)
    now = tasks_of(middle)[found.index(task)]
    assert apply(back(now), middle) == text


@settings(max_examples=100, deadline=None)
@given(
    markdown_files(), st.sampled_from(["n", "n #x due:2026-12-24", "n [due:: 2026-12-24] @mira"])
)
def test_what_was_added_can_be_removed_again(text, words):
    text = f"# Actions\n- [ ] first\n{text.removeprefix(chr(0xFEFF))}"
    try:
        after = added(text, words)
    except Refused as refusal:
        assert refusal.code in ("unclear", "encoding")
        return
    old = tasks_of(text)
    new = tasks_of(after)
    at = next((i for i, t in enumerate(old) if t.raw != new[i].raw), len(old))
    assert apply(Remove(new[at]), after) == text


@each("dialect", [EMOJI, DATAVIEW])
@each("body", ["a", "a #x", "a @ben", "a 📅 2026-11-20", "a  [due:: 2026-11-20]", "a ^x1"])
@each(
    ("make_edit", "read"),
    [
        (lambda t, d: SetDate(t, "scheduled", DAY, d), {"scheduled": "2026-12-24"}),
        (lambda t, d: SetDate(t, "due", DAY, d), {"due": "2026-12-24"}),
        (lambda t, d: SetPriority(t, Priority.HIGH, d), {"priority": "high"}),
        (lambda t, d: SetRepeat(t, "every week", d), {"repeat": "every week"}),
        (lambda t, d: SetOwner(t, "mira"), {}),
        (lambda t, d: SetTags(t, ("new",)), {}),
        (lambda t, d: SetText(t, "reworded"), {}),
    ],
)
def test_obsidian_reads_what_was_meant(dialect, body, make_edit, read):
    """Whatever it read of the line before it still reads, and the new field too."""
    dataview = dialect is DATAVIEW
    if ("📅" in body and dataview) or ("[due" in body and not dataview):
        return
    line = edited(f"- [ ] {body}\n", lambda t: make_edit(t, dialect))
    after = line.removeprefix("- [ ] ").rstrip()
    before = obsidian_reader.read(body, dataview=dataview)
    found = obsidian_reader.read(after, dataview=dataview)
    before.pop("description")
    description = found.pop("description")
    assert found == before | read
    words = {SetOwner: "@mira", SetTags: "#new", SetText: "reworded"}
    kind = type(make_edit(tasks_of("- [ ] a\n")[0], dialect))
    assert words.get(kind, "a") in description
