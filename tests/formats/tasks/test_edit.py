"""Writing a task line: only what was asked for changes, and Obsidian Tasks reads what was meant."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import obsidian_reader
from tests.formats.tasks import task_strategies as lines
from tests.support.examples import examples
from tests.support.tables import each
from tldash.formats.tasks import edit as taskedit
from tldash.formats.tasks import vocabulary
from tldash.formats.tasks.parse import parse, status_of
from tldash.formats.tasks.reword import set_text
from tldash.formats.tasks.scan import scan
from tldash.model.records import Dialect, Fields, Priority, Status

ON = date(2026, 11, 9)
PLAIN, EMOJI, DATAVIEW = Dialect.PLAIN, Dialect.EMOJI, Dialect.DATAVIEW
DIALECTS = st.sampled_from(Dialect)
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))
FIELD_NAMES = st.sampled_from(["due", "scheduled", "start", "created"])


def tick(body: str, default: Dialect = EMOJI) -> str:
    mark, ticked = taskedit.set_status(" ", body, Status.DONE, ON, default)
    assert mark == "x"
    return ticked


def untick(body: str) -> str:
    mark, reopened = taskedit.set_status("x", body, Status.OPEN, ON, EMOJI)
    assert mark == " "
    return reopened


@each(
    ("body", "default", "ticked"),
    [
        ("a", PLAIN, "a done:2026-11-09"),
        ("a", EMOJI, "a ✅ 2026-11-09"),
        ("a", DATAVIEW, "a  [completion:: 2026-11-09]"),
        ("a due:2026-11-20", EMOJI, "a due:2026-11-20 done:2026-11-09"),
        ("(A) a", EMOJI, "(A) a done:2026-11-09"),
        ("a 📅 2026-11-20", PLAIN, "a 📅 2026-11-20 ✅ 2026-11-09"),
        ("a 📅 2026-11-20 #x", PLAIN, "a 📅 2026-11-20 #x ✅ 2026-11-09"),
        ("a (due:: 2026-11-20)", PLAIN, "a (due:: 2026-11-20)  [completion:: 2026-11-09]"),
        ("📅 2026-11-20 a", PLAIN, "📅 2026-11-20 a ✅ 2026-11-09"),
        ("a due:2026-11-20 ⏳ 2026-11-01", PLAIN, "a due:2026-11-20 ⏳ 2026-11-01 ✅ 2026-11-09"),
        ("a ^abc", EMOJI, "a ✅ 2026-11-09 ^abc"),
        ("a   ^abc  ", EMOJI, "a ✅ 2026-11-09   ^abc  "),
        ("a  ", EMOJI, "a ✅ 2026-11-09  "),
        ("a\\", EMOJI, "a ✅ 2026-11-09\\"),
        ("a\\\\", EMOJI, "a\\\\ ✅ 2026-11-09"),
        ("a ✅ 2026-11-01", PLAIN, "a ✅ 2026-11-01"),
        ("a `✅ 2026-11-01`", PLAIN, "a `✅ 2026-11-01` done:2026-11-09"),
        ("a 🔁 every week", PLAIN, "a 🔁 every week ✅ 2026-11-09"),
        ("", EMOJI, "✅ 2026-11-09"),
        ("  ", EMOJI, "✅ 2026-11-09  "),
    ],
)
def test_ticking_adds_one_field_in_the_dialect_of_the_line(body, default, ticked):
    assert tick(body, default) == ticked


@each(
    ("mark", "body", "status", "after"),
    [
        ("x", "a ✅ 2026-11-01 📅 2026-11-20", Status.OPEN, (" ", "a 📅 2026-11-20")),
        ("X", "a done:2026-11-01", Status.OPEN, (" ", "a")),
        ("x", "✅ 2026-11-01 a", Status.OPEN, (" ", "a")),
        ("x", "a ✅ 2026-11-01 ✅ 2026-11-02", Status.OPEN, (" ", "a")),
        ("x", "a ✅ 2026-11-01", Status.CANCELLED, ("-", "a ❌ 2026-11-09")),
        ("-", "a ❌ 2026-11-01", Status.DONE, ("x", "a ✅ 2026-11-09")),
        ("-", "a ❌ 2026-11-01 ^b", Status.IN_PROGRESS, ("/", "a ^b")),
        (" ", "a", Status.IN_PROGRESS, ("/", "a")),
        ("/", "a", Status.OPEN, (" ", "a")),
        ("X", "a", Status.DONE, ("X", "a")),
        ("?", "a ✅ 2026-11-01", Status.OPEN, ("?", "a ✅ 2026-11-01")),
        (" ", "a due:soon", Status.CANCELLED, ("-", "a due:soon ❌ 2026-11-09")),
        ("x", "a ✅ soon", Status.OPEN, (" ", "a ✅ soon")),
        ("x", "a`✅ 2026-11-01`", Status.OPEN, (" ", "a`✅ 2026-11-01`")),
        ("x", "a ^1 ✅ 2026-11-01", Status.OPEN, (" ", "a \\^1")),
        ("x", "🔁 ✅ 2026-11-01 every day", Status.OPEN, ("x", "🔁 ✅ 2026-11-01 every day")),
        ("x", "⛔ ✅ 2026-11-01 a", Status.CANCELLED, ("x", "⛔ ✅ 2026-11-01 a")),
    ],
)
def test_each_change_of_status(mark, body, status, after):
    assert taskedit.set_status(mark, body, status, ON, EMOJI) == after


@settings(max_examples=examples(500), deadline=None)
@given(
    st.one_of(lines.bodies(), st.text()), DIALECTS, st.sampled_from([Status.DONE, Status.CANCELLED])
)
def test_reopening_undoes_closing_exactly(body, default, closed):
    fields = parse(body).fields
    assume((fields.done if closed is Status.DONE else fields.cancelled) is None)
    mark, after = taskedit.set_status(" ", body, closed, ON, default)
    assert status_of(mark) is closed
    assert taskedit.set_status(mark, after, Status.OPEN, ON, default) == (" ", body)


@settings(max_examples=examples(500), deadline=None)
@given(lines.bodies(), DIALECTS)
def test_a_tick_adds_a_stretch_and_reads_back(body, default):
    before = parse(body)
    ticked = tick(body, default)
    start = next((i for i, (a, b) in enumerate(zip(body, ticked, strict=False)) if a != b), None)
    if before.fields.done:
        assert ticked == body
        return
    start = len(body) if start is None else start
    rest = len(body) - start
    assert ticked[:start] + ticked[len(ticked) - rest :] == body
    after = parse(ticked)
    assert after.fields.done == ON
    assert after.fields == taskedit_fields(before.fields, done=ON)
    assert after.text == before.text


def taskedit_fields(fields: Fields, **changed: object) -> Fields:
    values = {name: getattr(fields, name) for name in Fields.__slots__}
    return Fields(**{**values, **changed})


@each(
    ("body", "name", "after"),
    [
        ("a", "due", "a 📅 2026-11-09"),
        ("a due:2026-01-01 b", "due", "a due:2026-11-09 b"),
        ("a 📆\ufe0f2026-01-01 b", "due", "a 📆\ufe0f2026-11-09 b"),
        ("a (due::2026-01-01) b", "due", "a (due::2026-11-09) b"),
        ("a due:soon.", "due", "a due:2026-11-09."),
        ("a due: 2026-01-01", "due", "a due:2026-11-09"),
        ("a [due:: ]", "due", "a [due:: 2026-11-09]"),
        ("[[ due:2026 a]", "due", "[[ due:2026-11-09 a]"),
        ("(mood:: [due:: 2(026])", "due", "(mood::)  [due:: 2026-11-09]"),
        ("a 📅 2026-13-40", "due", "a 📅 2026-11-09"),
        (
            "a `due:2026-01-01` t:2026-01-01",
            "due",
            "a `due:2026-01-01` t:2026-01-01 due:2026-11-09",
        ),
        (
            "a 📅 2026-11-20 ✅ 2026-11-01",
            "scheduled",
            "a ⏳ 2026-11-09 📅 2026-11-20 ✅ 2026-11-01",
        ),
        ("a 📅 2026-11-20 #x ^b", "start", "a 🛫 2026-11-09 📅 2026-11-20 #x ^b"),
        ("a ⏬ 📅 2026-11-20", "created", "a ⏬ ➕ 2026-11-09 📅 2026-11-20"),
        (
            "a  [due:: 2026-11-20]",
            "start",
            "a  [start:: 2026-11-09]  [due:: 2026-11-20]",
        ),
        ("a t:2026-11-01 ^b", "due", "a t:2026-11-01 due:2026-11-09 ^b"),
        ("a 📅2026-01-01 due:2026-01-02", "due", "a 📅2026-11-09 due:2026-11-09"),
    ],
)
def test_a_date_is_set_or_moved_in_place(body, name, after):
    assert taskedit.set_date(body, name, ON, EMOJI) == after


@each(
    ("body", "after"),
    [
        ("a due:2026-01-01", "a"),
        ("a due:2026-01-01 b", "a b"),
        ("a due:2026-01-01 ^b", "a ^b"),
        ("a due:2026-01-01.", "a."),
        ("a  [due:: 2026-01-01]  [start:: 2026-01-01]", "a  [start:: 2026-01-01]"),
        ("due:2026-01-01 a", "a"),
        ("a📅2026-01-01⏳2026-01-01", "a ⏳2026-01-01"),
        ("a due:2026-01-01 📅 2026-01-02 b", "a b"),
        ("a", "a"),
        ("a due:soon", "a due:soon"),
        ("a📅2026-01-01@b", "a@b"),
        ("a 📅2026-01-01^b", "a^b"),
        ("a due:2026-01-01   t:2026-01-01", "a   t:2026-01-01"),
        ("a due:2026-01-01   b", "a b"),
        # what is left must not mean more than before
        ("due:2026-01-01@m", "\\@m"),
        ("due:2026-01-01#x y", "\\#x y"),
        ("a [due:: 2026-01-01]@m b", "a @m b"),
        ("📅 2026-01-01(A) b", "\\(A) b"),
        ("📅 2026-01-01[id:: x", "[id:: x"),
        ("a ^1 due:2026-01-01", "a \\^1"),
        ("a ^1 📅 2026-01-01\\", "a \\^1\\"),
        ("a ^1 due:2026-01-01 ^b", "a ^1 ^b"),
        ("🔺 📅 2026-01-01id:x", "🔺 📅 2026-01-01id:x"),
        ("[due:: 2026-01-01]id:x", "id\\:x"),
        ("[due:: 2026-01-01]t:2026-01-01", "t\\:2026-01-01"),
        ("[owner [due:: 2026-01-01]:: x]", "\\[owner:: x]"),
        # words behind a rule would be part of it
        ("a 🔁 every week 📅 2026-01-01 on Monday", "a on Monday 🔁 every week"),
        (
            "🔁 every week📅 2026-01-01 and then b ⏳ 2026-01-01",
            "and then b 🔁 every week ⏳ 2026-01-01",
        ),
        ("a 🔁 every week 📅 2026-01-01, b", "a, b 🔁 every week"),
        ("a 🔁 every week 📅 2026-01-01 (b)", "a 🔁 every week (b)"),
        # no way is right
        ("🔁 📅 2026-01-01 every week", "🔁 📅 2026-01-01 every week"),
        ("a ⛔ b 📅 2026-01-01 ,c", "a ⛔ b 📅 2026-01-01 ,c"),
        ("⏳ 📅 2026-01-01 2026-01-01", "⏳ 📅 2026-01-01 2026-01-01"),
        ("[a #x](📅 2026-01-01)", "[a #x](📅 2026-01-01)"),
        ("(a::(due:: 2026-01-01)🔺) 🔺", "(a::(due:: 2026-01-01)🔺) 🔺"),
    ],
)
def test_a_date_is_removed(body, after):
    assert taskedit.set_date(body, "due", None, PLAIN) == after


@settings(max_examples=examples(200), deadline=None)
@given(lines.bodies(), FIELD_NAMES, DATES, DIALECTS)
def test_a_date_reads_back_and_nothing_else_changes(body, name, day, default):
    before = parse(body)
    after = taskedit.set_date(body, name, day, default)
    assert parse(after).fields == taskedit_fields(before.fields, **{name: day})
    assert taskedit.set_date(after, name, day, default) == after
    removed = taskedit.set_date(after, name, None, default)
    if removed != after:
        assert parse(removed).fields == taskedit_fields(before.fields, **{name: None})
    else:
        assert set(after) & set(vocabulary.EMOJI) or "](" in after
    if not any(problem.code != "duplicate-field" for problem in before.problems):
        assert parse(after).text == before.text
        if getattr(before.fields, name) is None:
            assert removed == body


@each(
    ("body", "priority", "after"),
    [
        ("a", Priority.HIGH, "a ⏫"),
        ("a due:2026-11-20", Priority.HIGH, "a pri:B due:2026-11-20"),
        ("a 📅 2026-11-20", Priority.LOW, "a 🔽 📅 2026-11-20"),
        ("a  [due:: 2026-11-20]", Priority.LOW, "a  [priority:: low]  [due:: 2026-11-20]"),
        ("(A) a", Priority.LOWEST, "(F) a"),
        ("a pri:D", Priority.HIGHEST, "a pri:A"),
        ("🔺\ufe0f a", Priority.MEDIUM, "🔼\ufe0f a"),
        ("a (priority:: low)", Priority.HIGH, "a (priority:: high)"),
        ("(A) a", None, "a"),
        ("a 🔺 b", None, "a b"),
        ("a🔺b", None, "a b"),
        ("a pri:C", None, "a"),
        ("a", None, "a"),
    ],
)
def test_priority(body, priority, after):
    assert taskedit.set_priority(body, priority, EMOJI) == after


@settings(max_examples=examples(300), deadline=None)
@given(lines.bodies(), st.sampled_from([*Priority, None]), DIALECTS)
def test_priority_reads_back(body, priority, default):
    before = parse(body).fields
    after = taskedit.set_priority(body, priority, default)
    assert parse(after).fields.priority is priority
    assert parse(after).fields.due == before.due
    assert taskedit.set_priority(after, priority, default) == after


@each(
    ("body", "name", "after"),
    [
        ("a", "ada", "a @ada"),
        ("a 📅 2026-11-20 #x ✅ 2026-11-09", "ada", "a @ada 📅 2026-11-20 #x ✅ 2026-11-09"),
        ("a #x due:2026-11-20 ^b", "ada", "a #x @ada due:2026-11-20 ^b"),
        ("@bob a", "ada", "@ada a"),
        ("@bob: a", "ada", "@ada: a"),
        ("a [owner:: bob]", "ada", "a [owner:: ada]"),
        ("a [owner:: bob]", "Ada L", "a [owner:: Ada L]"),
        ("a", "team/ada", "a [owner:: team/ada]"),
        ("@bob a", "Ada L", "[owner:: Ada L] a"),
        ("due:2026-11-20 a", "ada", "due:2026-11-20 a @ada"),
        ("@bob a", None, "a"),
        ("@bob ask @cy", None, "ask \\@cy"),
        ("[owner:: bob]@cy", None, "\\@cy"),
        ("a", None, "a"),
        ("@bob @due:2026-11-20", None, "@due:2026-11-20"),
        ("@bob 🔁 every moon @cy-x", None, "🔁 every moon \\@cy-x"),
        ("@bob @cy call", None, "\\@cy call"),
        ("call @bob @cy 📅 2026-11-20", None, "call \\@cy 📅 2026-11-20"),
    ],
)
def test_owner(body, name, after):
    assert taskedit.set_owner(body, name) == after
    assert parse(after).fields.owner == name


@settings(max_examples=examples(300), deadline=None)
@given(lines.bodies(), st.sampled_from(["ada", "Ada L", "a.b-c", None]))
def test_owner_reads_back(body, name):
    after = taskedit.set_owner(body, name)
    assert parse(after).fields.owner == name
    assert parse(after).fields.due == parse(body).fields.due
    assert taskedit.set_owner(after, name) == after


@each(
    ("body", "add", "remove", "after"),
    [
        ("a", ["x"], [], "a #x"),
        ("a 📅 2026-11-20 ^b", ["x", "#y/z"], [], "a #x #y/z 📅 2026-11-20 ^b"),
        ("a #x", ["x"], [], "a #x"),
        ("a #x b #x", [], ["x"], "a b"),
        ("#x a", ["y"], ["#x"], "a #y"),
        ("a", ["12", "b c", ""], [], "a"),
        ("a `#x`", [], ["x"], "a `#x`"),
        ("a ^1 #x", [], ["x"], "a \\^1"),
        ("🔁 #x every day #y", [], ["y", "x"], "🔁 #x every day"),
    ],
)
def test_tags(body, add, remove, after):
    assert taskedit.set_tags(body, add, remove) == after


@settings(max_examples=examples(300), deadline=None)
@given(lines.bodies(), st.sampled_from(["vision", "new", "a/b"]))
def test_tags_read_back(body, name):
    with_it = taskedit.set_tags(body, [name])
    assert name in parse(with_it).fields.tags
    assert parse(with_it).fields.due == parse(body).fields.due
    assert taskedit.set_tags(with_it, [name]) == with_it
    assert name not in parse(taskedit.set_tags(with_it, [], [name])).fields.tags


@each(
    ("body", "text", "after"),
    [
        ("a b", "c", "c"),
        ("(A) @ada a b #x 📅 2026-11-20 ^b", "c", "(A) @ada c #x 📅 2026-11-20 ^b"),
        ("a 📅 2026-11-20 b #x  ", "c d", "c 📅 2026-11-20 d #x  "),
        ("due:2026-11-20", "c", "c due:2026-11-20"),
        ("#x due:2026-11-20", "c", "c #x due:2026-11-20"),
        ("a📅2026-11-20", "c", "c📅2026-11-20"),
        ("🔺a", "c", "🔺c"),
        ("a due:2026-11-20.", "a", "a due:2026-11-20"),
        ("a due:2026-11-20", "a", "a due:2026-11-20"),
        ("a due:2026-11-20", "b\nc", "b c due:2026-11-20"),
        ("a due:2026-11-20", "", "due:2026-11-20"),
        ("a due:2026-11-20", "b #new", "b #new due:2026-11-20"),
        ("a\\", "b", "b\\"),
        ("🔁 every week 12:30", "on Friday", "on Friday 🔁 every week"),
        ("", "b", "b"),
        ("⛔ a. due:2026-11-20 ,b 🔺", "c", "⛔ a c due:2026-11-20 🔺"),
    ],
)
def test_rewording_keeps_the_metadata(body, text, after):
    assert set_text(body, text) == after


@settings(max_examples=examples(400), deadline=None)
@given(lines.bodies(), st.sampled_from(["call Bob", "**c** [l](http://x/)", "ü"]))
def test_rewording_reads_back(body, text):
    before = parse(body)
    assume(not before.problems)
    after = set_text(body, text)
    assert parse(after).text == text
    outside = {
        token.value for token in scan(body).tokens if token.kind == "tag" and not token.inline
    }
    tags = parse(after).fields.tags
    assert outside <= set(tags) <= set(before.fields.tags)
    assert taskedit_fields(parse(after).fields, tags=()) == taskedit_fields(before.fields, tags=())
    assert set_text(after, text) == after
    assert set_text(body, before.text) == body


@each(
    ("body", "rule", "after"),
    [
        ("a 📅 2026-11-20", "every week", "a 🔁 every week 📅 2026-11-20"),
        ("a due:2026-11-20", "every week", "a rec:+1w due:2026-11-20"),
        ("a due:2026-11-20", "every 2 months when done", "a rec:2m due:2026-11-20"),
        ("a 📅 2026-11-20", "1w", "a 🔁 every week when done 📅 2026-11-20"),
        ("a rec:1w b", "+2d", "a rec:+2d b"),
        ("a 🔁 every week b", "every day", "a 🔁 every day b"),
        ("a [repeat:: every week] b", "+1m", "a [repeat:: every month] b"),
        ("a rec:1w", "every Monday", "a 🔁 every Monday"),
        ("a 🔁 every week", None, "a"),
        ("a", "whenever", "a"),
        ("⛔ rec:1w a", "every Monday", "⛔ rec:1w a"),
        ("⛔ rec:1w a", None, "⛔ rec:1w a"),
    ],
)
def test_a_rule_is_written_as_its_place_needs_it(body, rule, after):
    assert taskedit.set_repeat(body, rule, EMOJI) == after


RULES = st.sampled_from(["every week", "every 2 months when done", "every day"])
IDS = st.sampled_from(["a", "b-1", "c_2"])
FIELDS = st.builds(
    Fields,
    **{
        name: st.none() | DATES
        for name in ("due", "scheduled", "start", "created", "done", "cancelled")
    },
    priority=st.none() | st.sampled_from(Priority),
    repeat=st.none() | RULES,
    id=st.none() | IDS,
    depends=st.lists(IDS, max_size=2).map(tuple),
    owner=st.sampled_from([None, "ada"]),
    tags=st.sampled_from([(), ("x",), ("x", "y/z")]),
    block_id=st.sampled_from([None, "b-1"]),
)
NAMES = {
    "due": "due",
    "scheduled": "scheduled",
    "start": "start",
    "created": "created",
    "done": "done",
    "cancelled": "cancelled",
    "priority": "priority",
    "repeat": "repeat",
    "id": "id",
    "block_id": "block_id",
}


def as_obsidian_says(fields: Fields) -> dict[str, str]:
    values = {name: getattr(fields, name) for name in NAMES}
    said = {name: str(value) for name, value in values.items() if value is not None}
    return said | ({"depends": ",".join(fields.depends)} if fields.depends else {})


def read_by_obsidian(body: str, dialect: Dialect) -> dict[str, str]:
    said = obsidian_reader.read(body, dataview=dialect is DATAVIEW)
    said.pop("description")
    return said


@settings(max_examples=examples(300), deadline=None)
@given(FIELDS, DIALECTS)
def test_a_line_of_any_fields_reads_back(fields, dialect):
    parsed = parse(lines.with_fields("call Bob", fields, dialect))
    if dialect is PLAIN and fields.repeat:
        assert parsed.fields.repeat is not None
        fields = taskedit_fields(fields, repeat=parsed.fields.repeat)
    assert (parsed.text, parsed.fields, parsed.problems) == ("call Bob", fields, ())


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("date"), FIELD_NAMES, st.none() | DATES),
        st.tuples(st.just("priority"), st.none() | st.sampled_from(Priority)),
        st.tuples(st.just("owner"), st.sampled_from(["ada", "bob", None])),
        st.tuples(st.just("tag"), st.sampled_from(["x", "new"])),
        st.tuples(st.just("untag"), st.sampled_from(["x", "new"])),
        st.tuples(st.just("text"), st.sampled_from(["call Cy", "b"])),
        st.tuples(st.just("repeat"), st.none() | RULES),
        st.tuples(st.just("status"), st.sampled_from(Status)),
    ),
    max_size=5,
)


def edited(mark: str, body: str, edit: tuple, dialect: Dialect) -> tuple[str, str]:
    kind, *values = edit
    if kind == "status":
        return taskedit.set_status(mark, body, *values, ON, dialect)
    if kind == "tag":
        return mark, taskedit.set_tags(body, values)
    if kind == "untag":
        return mark, taskedit.set_tags(body, [], values)
    if kind == "text":
        return mark, set_text(body, *values)
    if kind == "owner":
        return mark, taskedit.set_owner(body, *values)
    return mark, getattr(taskedit, f"set_{kind}")(body, *values, dialect)


@settings(max_examples=examples(400), deadline=None)
@given(FIELDS, st.sampled_from([EMOJI, DATAVIEW]), EDITS)
def test_obsidian_reads_after_any_edits_what_we_read(fields, dialect, edits):
    mark, body = " ", lines.with_fields("call Bob", fields, dialect)
    for edit in edits:
        mark, body = edited(mark, body, edit, dialect)
        parsed = parse(body)
        assert not parsed.problems
        assert read_by_obsidian(body, dialect) == as_obsidian_says(parsed.fields)


@settings(max_examples=examples(300), deadline=None)
@given(lines.signed())
def test_a_tick_hides_from_obsidian_nothing_that_it_read(body):
    before = read_by_obsidian(body, EMOJI)
    assert read_by_obsidian(tick(body), EMOJI) == before | {"done": ON.isoformat()}
