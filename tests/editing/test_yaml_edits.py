"""Each edit of a YAML session: what is written, what is left alone, and what is refused."""

from __future__ import annotations

from tests.support.edits import DAY, MakeEdit, added, due, edited, refused, tasks_of
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import (
    AddTask,
    Remove,
    SetDate,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
)
from tldash.model.records import Dialect, Priority, Status


def of_item(item: str) -> str:
    return f"date: 2026-11-03\nactions:\n  - z\n  - {item}\n  # more\n  - y\nnotes: |\n  x\n"


def tags(add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> MakeEdit:
    return lambda task: SetTags(task, add, remove)


def text(words: str) -> MakeEdit:
    return lambda task: SetText(task, words)


def owner(name: str | None) -> MakeEdit:
    return lambda task: SetOwner(task, name)


@each(
    ("item", "make_edit", "after"),
    [
        # strings
        ("call  # soon", due(), "call due:2026-12-24  # soon"),
        ("call #x", due(), "call due:2026-12-24 #x"),
        ("call 📅 2026-11-20", due(), "call 📅 2026-12-24"),
        ("call due:2026-11-20", due(None), "call"),
        ("call [due::2026-11-20]", due(), "call [due::2026-12-24]"),
        (
            "call [due::2026-11-20]",
            lambda t: SetDate(t, "start", DAY),
            "'call [start:: 2026-12-24]  [due::2026-11-20]'",
        ),
        ("'don''t' ", due(), "'don''t due:2026-12-24' "),
        ('"say \\"a\\""', text('say "b"'), '"say \\"b\\""'),
        ("call", text("don't: call"), "'don''t: call'"),
        ("call", text("- call"), "'- call'"),
        ("call", text("null"), "'null'"),
        ("call", text("ask #x now"), "'ask #x now'"),
        ("'[ ] call'", text("ask"), "'[ ] ask'"),
        ("call", owner("mira"), "call @mira"),
        ("call @mira", owner(None), "call"),
        ("call", owner("Mira Holm"), "'call [owner:: Mira Holm]'"),
        ("call", lambda t: SetPriority(t, Priority.HIGH), "call pri:B"),
        ("call", lambda t: SetRepeat(t, "every week"), "call rec:+1w"),
        ("call  # soon", tags(("x", "y/z")), "call #x #y/z  # soon"),
        ("call #x #y  # soon", tags((), ("x",)), "call #y  # soon"),
        ("call #x", tags((), ("#x",)), "call"),
        ("call #x due:2026-11-20", tags(("y",), ("x",)), "call #y due:2026-11-20"),
        ("'call #x' #y", tags(("z",), ("x", "y")), "'call #z'"),
        # mappings
        ("text: a  # why", due(), "text: a  # why\n    due: 2026-12-24"),
        ("text: a\n    due: 2026-11-20  # b", due(), "text: a\n    due: 2026-12-24  # b"),
        ("text: a\n    due: '2026-11-20'", due(), "text: a\n    due: '2026-12-24'"),
        ("text: a\n    due:", due(), "text: a\n    due: 2026-12-24"),
        ("text: a\n    due: soon", due(), "text: a\n    due: 2026-12-24"),
        ("text: a\n    due: [soon]  # b", due(), "text: a\n    due: 2026-12-24  # b"),
        ("{text: a, due: {x: 1}}", due(), "{text: a, due: 2026-12-24}"),
        ("text: a\n    due: 2026-11-20", due(None), "text: a"),
        ("text: a due:2026-11-20", due(), "text: a due:2026-12-24"),
        ("text: a due:2026-11-20", due(None), "text: a"),
        ("text: a due:2026-11-01\n    due: 2026-11-20", due(None), "text: a"),
        ("{text: a, due: 2026-11-20}", due(None), "{text: a}"),
        ("{text: a, tags: [x]}", due(), "{text: a, due: 2026-12-24, tags: [x]}"),
        ("action: a", text("b: c"), "action: 'b: c'"),
        ("{text: a, due: }", text("b, c"), "{text: 'b, c', due: }"),
        ('text: "a"\n    owner: x', text('"b"'), 'text: "\\"b\\""\n    owner: x'),
        ("text: a", owner("mira"), "text: a\n    owner: mira"),
        ("text: a", owner("x: y"), "text: a\n    owner: 'x: y'"),
        ("text: a\n    owner: '@ben'", owner("@mira"), "text: a\n    owner: 'mira'"),
        ("text: a @ben", owner("mira"), "text: a @mira"),
        ("text: a @ben\n    owner: mira", owner(None), "text: a"),
        (
            "text: a\n    priority: low",
            lambda t: SetPriority(t, Priority.HIGH),
            "text: a\n    priority: high",
        ),
        ("text: a\n    priority: low", lambda t: SetPriority(t, None), "text: a"),
        ("text: a", lambda t: SetRepeat(t, "every week"), "text: a\n    repeat: every week"),
        ("text: a", tags(("x", "#y")), "text: a\n    tags: [x, y]"),
        ("text: a\n    tags: [x]", tags(("y",)), "text: a\n    tags: [x, y]"),
        ("text: a\n    tags: []", tags(("y",)), "text: a\n    tags: [y]"),
        ("text: a\n    tags:", tags(("y",)), "text: a\n    tags: y"),
        ("text: a\n    tags: [x, '#y', z]", tags((), ("y",)), "text: a\n    tags: [x, z]"),
        ("text: a\n    tags: [x]", tags((), ("x",)), "text: a"),
        ("text: a\n    tags: [x]", tags(("y", "z"), ("x",)), "text: a\n    tags: [y, z]"),
        ("text: a\n    tags: [ x, y ]", tags(("z",), ("x", "y")), "text: a\n    tags: [ z ]"),
        ("text: a\n    tags: x, y", tags(("z",), ("x",)), "text: a\n    tags: y, z"),
        ("text: a\n    tags: x y", tags(("z",)), "text: a\n    tags: x y z"),
        (
            "text: a\n    tags:\n      - x  # c\n      - y",
            tags(("z",), ("x",)),
            "text: a\n    tags:\n      - y\n      - z",
        ),
        ("text: a\n    tags:\n      - x", tags((), ("x",)), "text: a"),
        ("text: 'a #x'\n    tags: [x]", tags((), ("x",)), "text: 'a'"),
    ],
)
def test_one_item(item, make_edit, after):
    assert edited(of_item(item), make_edit, 1, "x.yaml") == of_item(after)


@each(
    "before",
    [
        "actions:\r\n- text: a\r\n  note: b",
        "\ufeffactions:\n- text: a\n- b\n",
        "actions: [{text: a}, b]\n",
        "actions: [a, b]",
        'actions:\r- "a"\r# c\r- b',
    ],
)
def test_what_is_added_to_an_item_can_be_taken_off_again(before):
    for there, back in (
        (due(), due(None)),
        (lambda t: SetPriority(t, Priority.LOW), lambda t: SetPriority(t, None)),
        (owner("mira"), owner(None)),
        (tags(("x",)), tags((), ("x",))),
    ):
        after = edited(before, there, 0, "x.yaml")
        assert after != before
        if "[a" in before:
            continue  # quotes that the new words needed stay
        assert edited(after, back, 0, "x.yaml") == before


@each(
    ("before", "which", "after"),
    [
        ("actions:\n- a\n- b  # c\n- c\n", 1, "actions:\n- a\n- c\n"),
        ("actions:\r\n  - a\r\n  - b", 1, "actions:\r\n  - a"),
        ("actions:\n- a\nx: 1\n", 0, "actions:\nx: 1\n"),
        (
            "actions:\n- text: a\n  tags:\n  - x\n  note: |\n    b\n\n    c\n\n# d\n- e\n",
            0,
            "actions:\n\n# d\n- e\n",
        ),
        ("actions:\n- text: a\n  due:\n\n- b\n", 0, "actions:\n\n- b\n"),
        ("actions: [a, 'b', c]\n", 1, "actions: [a, c]\n"),
        ("actions: [a, b]\n", 0, "actions: [b]\n"),
        ("actions: [{text: a}]\n", 0, "actions: []\n"),
        ("agenda:\n- a\nactions:\n- b\n", 0, "agenda:\nactions:\n- b\n"),
    ],
)
def test_an_item_goes_with_its_lines(before, which, after):
    assert edited(before, Remove, which, "x.yaml") == after


@each(
    ("before", "words", "after"),
    [
        ("", "n", "actions:\n  - n\n"),
        ("# c\n---\n", "n", "# c\n---\nactions:\n  - n\n"),
        ("date: 2026-11-03\r\n", "n", "date: 2026-11-03\r\nactions:\r\n  - n\r\n"),
        ("date: 2026-11-03", "n", "date: 2026-11-03\nactions:\n  - n"),
        ("notes: |\n  x", "n", "notes: |\n  x\nactions:\n  - n"),
        ("actions:\nx: 1\n", "n", "actions:\n  - n\nx: 1\n"),
        ("actions:  # all\n", "n", "actions:  # all\n  - n\n"),
        ("actions: []\n", "n", "actions: [n]\n"),
        ("actions: []\n", "n #x", "actions: ['n #x']\n"),
        ("actions: [a, b ]\n", "n, m", "actions: [a, b, 'n, m' ]\n"),
        ("actions:\n- a\n-   b  # c\n\n# d\nx: 1\n", "n", None),
        ("actions:\n- 'a'\n", "don't", "actions:\n- 'a'\n- 'don''t'\n"),
        ('actions:\n- "a"\n', "n", 'actions:\n- "a"\n- "n"\n'),
        ("actions:\n- a\n", "n: m", "actions:\n- a\n- 'n: m'\n"),
        ("actions:\n- a\n", "@coach n", "actions:\n- a\n- '@coach n'\n"),
        ("actions:\n- a\n", "n due:2026-12-24 #x", "actions:\n- a\n- n due:2026-12-24 #x\n"),
        ("actions:\n- a\n", "n #x due:2026-12-24", "actions:\n- a\n- 'n #x due:2026-12-24'\n"),
        ("actions:\n- &a b\n- c\n", "n", "actions:\n- &a b\n- c\n- n\n"),
        (
            "actions:\n  - text: a\n    note: |\n      b\nx: 1\n",
            "n: m @coach due:2026-12-24 pri:A #x",
            "actions:\n  - text: a\n    note: |\n      b\n  - text: 'n: m'\n    due: 2026-12-24\n"
            "    priority: highest\n    owner: coach\n    tags: [x]\nx: 1\n",
        ),
        (
            "actions:\n- {text: a}\n",
            "n 📅 2026-12-24",
            "actions:\n- {text: a}\n- {text: n, due: 2026-12-24}\n",
        ),
        ("actions:\n- text: a\n", "n dep:x", "actions:\n- text: a\n- n dep:x\n"),
    ],
)
def test_an_action_is_added(before, words, after):
    if after is None:
        after = before.replace("# c\n", "# c\n-   n\n")
    assert added(before, words, path="x.yaml") == after
    if before.rstrip().endswith((":", "]", "a", "b", "'", '"')) and "date" not in before:
        at = len(tasks_of(before, "x.yaml"))
        assert edited(after, Remove, at, "x.yaml") == before


def test_a_topic_is_added_to_its_own_list():
    assert added("agenda:\n- a\nactions:\n- b\n", "c", "Agenda", "x.yaml") == (
        "agenda:\n- a\n- c\nactions:\n- b\n"
    )
    assert added("topics:\n- a\n", "c", "Agenda", "x.yaml") == "topics:\n- a\n- c\n"


@each(
    ("document", "words"),
    [
        ("actions: [", "not valid YAML"),
        ("{date: 2026-11-03}\n", "no keys"),
        ("- a\n", "no keys"),
        ("actions: later\n", "not a list; fix it"),
        ("actions: {a: b}\n", "not a list; fix it"),
        ("x: &a [b]\nactions: *a\n", "anchor"),
        ("x: &a b\nactions:\n- *a\n", "alias"),
        ("actions: [a]\n--- \nb: 1\n", "not valid YAML"),
    ],
)
def test_where_nothing_can_be_added(document, words):
    with refused("yaml", words):
        added(document, "n", path="x.yaml")


def test_a_list_that_a_yaml_session_does_not_have():
    with refused("section", "no list Ideas"):
        added("actions:\n- a\n", "n", "Ideas", "x.yaml")


@each(
    ("document", "make_edit", "words"),
    [
        ("x: &b c\nactions:\n- &a a\n- *a\n", due(), "anchor"),
        ("actions:\n- &a a\n- *a\n", Remove, "anchor"),
        ("actions:\n- text: &a a\n- *a\n", Remove, "anchor"),
        ("actions:\n- text: &a a\n- *a\n", text("b"), "anchor"),
        ("actions:\n- text: a\n  due: &d 2026-11-20\nx: *d\n", due(), "anchor"),
        ("actions:\n- |\n  a\n", due(), "block of text"),
        ("actions:\n- a\n  b\n", text("c"), "spans lines"),
        ("actions:\n- !!str a\n", owner("mira"), "tag"),
        ('actions:\n- "a\\tb"\n', tags(("x",)), "escapes"),
        ("actions:\n- text: >\n    a\n", text("b"), "block of text"),
        ("actions:\n- due: 2026-11-20\n  text: a\n", due(None), "shares its line"),
        ("actions:\n- text: a\n  tags: {x: 1}\n", tags(("y",)), "not a list; fix it"),
        ("actions:\n- - a\n- text: b\n  owner: [x]\n", owner("mira"), "where a text was expected"),
        ("actions:\n- text: a\n  due:\n    - x\n", due(), "where a text was expected"),
        ("actions:\n- text: a\n  due: [x,\n    y]\n", due(), "where a text was expected"),
        ("actions:\n- text: a\n", lambda t: SetDate(t, "done", DAY), "cannot be edited here"),
        ("actions: [a rec:1w]\n", lambda t: SetStatus(t, Status.DONE, DAY), "repeats"),
    ],
)
def test_what_cannot_be_edited_without_doubt_is_refused(document, make_edit, words):
    found = tasks_of(document, "x.yaml")
    with refused("yaml", words) as refusal:
        patch.apply(make_edit(found[0]), document.encode())
    assert refusal.value.found == found[0].raw


@each(
    ("document", "after"),
    [
        (
            "actions:\n- z\n- a due:2026-12-01 rec:+1w #x  # c\n- y\n",
            "actions:\n- z\n- a due:2026-12-08 rec:+1w #x\n"
            "- a due:2026-12-01 rec:+1w done:2026-12-24 #x  # c\n- y\n",
        ),
        (
            "actions:\r\n  - '[ ] don''t 🔁 every week'",
            "actions:\r\n  - '[ ] don''t 🔁 every week'\r\n"
            "  - '[x] don''t 🔁 every week ✅ 2026-12-24'",
        ),
    ],
)
def test_a_repeating_action_leaves_its_next_occurrence_above(document, after):
    which = next(i for i, t in enumerate(tasks_of(document, "x.yaml")) if t.fields.repeat)
    ticked = edited(document, lambda t: SetStatus(t, Status.DONE, DAY), which, "x.yaml")
    assert ticked == after


def test_an_action_that_repeats_nobody_knows_how_is_not_ticked():
    with refused("repeat", "the next occurrence is not clear"):
        edited("actions:\n- a rec:often\n", lambda t: SetStatus(t, Status.DONE, DAY), 0, "x.yaml")


def test_a_file_that_is_no_yaml_any_more_is_left_alone():
    seen = tasks_of("actions:\n- a\n", "x.yaml")[0]
    with refused(message="not valid YAML"):
        patch.apply(Remove(seen), b"actions:\n- a\nx: [\n")
    for now in (b"", b"actions:\n"):
        with refused(message="no longer"):
            patch.apply(Remove(seen), now)


def test_strings_of_yaml_speak_plainly_where_they_speak_nothing():
    make_edit = patch.apply(
        SetDate(tasks_of("actions:\n- a\n", "x.yaml")[0], "due", DAY, Dialect.EMOJI),
        b"actions:\n- a\n",
    )
    assert make_edit == b"actions:\n- a due:2026-12-24\n"


def test_adding_to_a_path_that_says_yaml_reads_yaml():
    assert patch.apply(AddTask("a/b.yml", "n"), b"") == b"actions:\n  - n\n"
