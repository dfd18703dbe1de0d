"""Reading a task line: every field in every dialect, and all that only looks like one."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import task_strategies as lines
from tests.hostile_content import contents
from tests.support.examples import examples
from tests.support.tables import each
from tldash.create.demo import find_sample_data
from tldash.formats.tasks.parse import parse, parse_uncached, status_of
from tldash.model.records import NO_FIELDS, Dialect, Fields, Priority, Severity, Status

DAY = date(2026, 11, 20)

FIELDS = [
    ("due:2026-11-20", "due", DAY),
    ("scheduled:2026-11-20", "scheduled", DAY),
    ("t:2026-11-20", "start", DAY),
    ("created:2026-11-20", "created", DAY),
    ("done:2026-11-20", "done", DAY),
    ("cancelled:2026-11-20", "cancelled", DAY),
    ("pri:A", "priority", Priority.HIGHEST),
    ("pri:B", "priority", Priority.HIGH),
    ("pri:C", "priority", Priority.MEDIUM),
    ("pri:D", "priority", None),
    ("pri:E", "priority", Priority.LOW),
    ("pri:F", "priority", Priority.LOWEST),
    ("rec:1w", "repeat", "1w"),
    ("rec:+2m", "repeat", "+2m"),
    ("id:a-1_b", "id", "a-1_b"),
    ("dep:a,b-2", "depends", ("a", "b-2")),
    ("📅 2026-11-20", "due", DAY),
    ("📆 2026-11-20", "due", DAY),
    ("🗓 2026-11-20", "due", DAY),
    ("🗓\ufe0f 2026-11-20", "due", DAY),
    ("📅2026-11-20", "due", DAY),
    ("📅   2026-11-20", "due", DAY),
    ("📅\xa02026-11-20", "due", DAY),
    ("📅\ufe0f\xa0 2026-11-20", "due", DAY),
    ("⏳ 2026-11-20", "scheduled", DAY),
    ("⌛ 2026-11-20", "scheduled", DAY),
    ("🛫 2026-11-20", "start", DAY),
    ("➕ 2026-11-20", "created", DAY),
    ("✅ 2026-11-20", "done", DAY),
    ("❌ 2026-11-20", "cancelled", DAY),
    ("🔺", "priority", Priority.HIGHEST),
    ("⏫\ufe0f", "priority", Priority.HIGH),
    ("🔼", "priority", Priority.MEDIUM),
    ("🔽", "priority", Priority.LOW),
    ("⏬", "priority", Priority.LOWEST),
    ("🆔 abc1", "id", "abc1"),
    ("⛔ a, b-2,c", "depends", ("a", "b-2", "c")),
    ("[due:: 2026-11-20]", "due", DAY),
    ("(due:: 2026-11-20)", "due", DAY),
    ("[due::2026-11-20]", "due", DAY),
    ("[ due::  2026-11-20 ]", "due", DAY),
    ("[scheduled:: 2026-11-20]", "scheduled", DAY),
    ("[start:: 2026-11-20]", "start", DAY),
    ("[created:: 2026-11-20]", "created", DAY),
    ("[completion:: 2026-11-20]", "done", DAY),
    ("[done:: 2026-11-20]", "done", DAY),
    ("[cancelled:: 2026-11-20]", "cancelled", DAY),
    ("[priority:: highest]", "priority", Priority.HIGHEST),
    ("[priority:: lowest]", "priority", Priority.LOWEST),
    ("[priority:: normal]", "priority", None),
    ("(priority:: none)", "priority", None),
    ("[repeat:: every month]", "repeat", "every month"),
    ("[id:: abc]", "id", "abc"),
    ("[dependsOn:: a, b]", "depends", ("a", "b")),
    ("[owner:: Ada L]", "owner", "Ada L"),
    ("[owner:: @ada]", "owner", "ada"),
    ("@due(2026-11-20)", "due", DAY),
    ("@due( 2026-11-20 )", "due", DAY),
    ("@due(2026-11-20 14:05)", "due", DAY),
    ("@due(2026-11-20T14:05:30Z)", "due", DAY),
    ("@due([[2026-11-20]])", "due", DAY),
    ("@start(2026-11-20)", "start", DAY),
    ("@started(2026-11-20 09:00)", "start", DAY),
    ("@defer(2026-11-20)", "start", DAY),
    ("@scheduled(2026-11-20)", "scheduled", DAY),
    ("@created(2026-11-20)", "created", DAY),
    ("@done(2026-11-20 02:05 PM)", "done", DAY),
    ("@cancelled(2026-11-20)", "cancelled", DAY),
    ("@priority(1)", "priority", Priority.HIGHEST),
    ("@priority(5)", "priority", Priority.LOWEST),
    ("@priority(medium)", "priority", Priority.MEDIUM),
    ("due:2026-11-20T09:00", "due", DAY),
    ("due:2026-11-20T09:00+01:00", "due", DAY),
    ("due:[[2026-11-20]]", "due", DAY),
    ("due:[[daily/2026-11-20]]", "due", DAY),
    ("[due:: [[2026-11-20]]]", "due", DAY),
    ("[due:: [[2026-11-20]] 09:00]", "due", DAY),
    ("(due:: [[2026-11-20]])", "due", DAY),
    ("[due:: 2026-11-20 09:00]", "due", DAY),
    ("[due:: 2026-11-20T09:00]", "due", DAY),
]
IN_SENTENCES = [
    ("@ada", "owner", "ada"),
    ("@ada.l-2_x", "owner", "ada.l-2_x"),
    ("#vision", "tags", ("vision",)),
    ("#skill/listening", "tags", ("skill/listening",)),
    ("#überblick", "tags", ("überblick",)),
    ("#हिन्दी", "tags", ("हिन्दी",)),
    ("#q4-2026", "tags", ("q4-2026",)),
    ("#2026_x", "tags", ("2026_x",)),
]
"""What people use inside sentences too."""
OUTSIDE = [
    ("", "", ""),
    ("", " call Bob", "call Bob"),
    ("call Bob ", "", "call Bob"),
    ("call Bob ", "  ", "call Bob"),
    ("call Bob ", "\\", "call Bob"),
    ("call Bob ", " ^abc", "call Bob"),
    ("call Bob ", "  ^abc\\", "call Bob"),
]


@each(("written", "name", "value"), FIELDS)
@each(
    "around",
    [
        *OUTSIDE,
        ("call ", " Bob", "call Bob"),
        ("call   ", "   Bob", "call Bob"),
        ("call Bob ", ".", "call Bob."),
        ("(call ", " Bob)", "(call Bob)"),
        ("[call (the ", " [x]) Bob]", "[call (the [x]) Bob]"),
        ("call ( ", " )", "call ()"),
        ("call [ ", " Bob]", "call [ Bob]"),
        ("((call) [ ", " Bob", "((call) [ Bob"),
        ("**call** [Bob](http://b.de) ", " `x`", "**call** [Bob](http://b.de) `x`"),
    ],
)
def test_a_field_is_read_anywhere(written, name, value, around):
    before, after, text = around
    parsed = parse(before + written + after)
    assert getattr(parsed.fields, name) == value
    assert parsed.text == text
    assert parsed.problems == ()


@each(("written", "name", "value"), IN_SENTENCES)
@each("around", OUTSIDE)
def test_owners_and_tags_are_read_around_a_sentence(written, name, value, around):
    before, after, text = around
    parsed = parse(before + written + after)
    assert getattr(parsed.fields, name) == value
    assert (parsed.text, parsed.problems) == (text, ())


@each(("written", "name", "value"), [*FIELDS, *IN_SENTENCES])
@each("other", ["⏳ 2026-01-02", "[scheduled:: 2026-01-02]"])
def test_a_field_is_read_beside_another_without_a_blank(written, name, value, other):
    if name == "scheduled":
        other = other.replace("⏳", "📅").replace("scheduled", "due")
    parsed = parse(f"call {written}{other}")
    assert getattr(parsed.fields, name) == value
    assert parsed.text == "call"
    assert date(2026, 1, 2) in (parsed.fields.due, parsed.fields.scheduled)


@each(
    ("rule", "body"),
    [
        ("every week", "a 🔁 every week"),
        ("every week when done", "a 🔁 every week when done 📅 2026-11-20"),
        ("every week", "a 🔁every week📅 2026-11-20"),
        ("every week on Tuesday, Friday", "🔁 every week on Tuesday, Friday due:2026-11-20 a"),
        ("every month on the 1st", "a 🔁 every month on the 1st #x"),
        ("every month on the 1st", "a 🔁\ufe0f\xa0every month on the 1st @ada"),
        ("every day", "a 🔁 every day  [due:: 2026-11-20]"),
    ],
)
def test_a_rule_goes_on_to_the_next_field(rule, body):
    parsed = parse(body)
    assert (parsed.fields.repeat, parsed.text, parsed.problems) == (rule, "a", ())


def test_all_of_the_dialects_in_one_line():
    parsed = parse(
        "(B) @coach Send [it](http://x/) due:2026-11-20 now #a ⏳ 2026-11-01 [id:: q] ^b-1"
    )
    assert parsed.text == "Send [it](http://x/) now"
    assert parsed.fields == Fields(
        due=DAY,
        scheduled=date(2026, 11, 1),
        priority=Priority.HIGH,
        id="q",
        owner="coach",
        tags=("a",),
        block_id="b-1",
    )
    assert parsed.dialects == (Dialect.PLAIN, Dialect.EMOJI, Dialect.DATAVIEW)


@each(
    "body",
    [
        "",
        "call the vendor",
        "see https://due:8080/x",
        "see http://x/?due:2026-11-20",
        "see http://x/#due:2026-11-20 and http://x/#a",
        "see <https://x/@due:2026-11-20> and <a@b.de>",
        "mail ada@example.org",
        "fix #123",
        "`due:2026-11-20` and ``a ` #x @y``",
        "`` `due:2026-11-20` ``",
        r"\[due:: 2026-11-20\]",
        r"\#tag and \@name",
        "[[note|due:2026-11-20 #x]]",
        "[[note #x]] and ![[pic @y]]",
        "![due:2026-11-20](pic.png)",
        "[read #this @now](http://x/)",
        '[a](http://x/ "due:2026-11-20 #t")',
        "[a](<due:2026-11-20 #t>)",
        "std::vector and a::b",
        "at 12:30, or 9:00",
        "note:thing",
        "note: thing",
        "<!-- due:2026-11-20 #x --> a",
        "[mood:: fine] (pages:: 3)",
        "[note:: due:2026-11-20 #x]",
        "(G) a",
        "(A)b",
        "(see above)",
        "see (A) there",
        "subdue:2026-11-20",
        "a#b c@d",
        "#",
        "@",
        "C# and F#",
        "🏁 finish line",
        "✅ agreed",
        "a 🔁",
        "^abc",
        "2 ^ 3",
        "@angular/core and @10:30",
        "note to Ada [1]: due",
        "id: 5",
        "the project is due: we are late",
        "[RFC: due](http://x/)",
        "[dur:: 45m]",
    ],
)
def test_what_stays_text(body):
    parsed = parse(body)
    assert (parsed.text, parsed.fields, parsed.problems) == (body, NO_FIELDS, ())


def test_a_code_span_that_is_not_closed_hides_nothing():
    assert parse("a ` due:2026-11-20").fields.due == DAY
    assert parse("a `` b` due:2026-11-20").fields.due == DAY
    assert parse(r"\`due:2026-11-20` due:2026-11-20").fields.due == DAY


@each(
    ("body", "offset", "hint"),
    [
        ("a due:soon", 2, "as in due:2026-11-20"),
        ("a due:tomorrow b", 2, "YYYY-MM-DD"),
        ("due: 2026-11-20", 0, "remove the space: due:2026-11-20"),
        ("due:2026-11-20T25:00", 0, "write due:2026-11-20"),
        ("due:2026-1-5", 0, "write due:2026-01-05"),
        ("due:2026/11/20", 0, "write due:2026-11-20"),
        ("due:20261120", 0, "write due:2026-11-20"),
        ("due:31/12/2026", 0, "write due:2026-12-31"),
        ("due:3/4/2026", 0, "YYYY-MM-DD"),
        ("due:2026-20-11", 0, "write due:2026-11-20"),
        ("due:2026-02-30", 0, "YYYY-MM-DD"),
        ("due:20 Nov 2026", 0, "write due:2026-11-20"),
        ("due:2026115", 0, "YYYY-MM-DD"),
        ("t:2026-00-00", 0, "as in t:2026-11-20"),
        ("a 📅 2026-13-40", 2, "as in 📅 2026-11-20"),
        ("a 📅 20.11.2026 b", 2, "write 📅 2026-11-20"),
        ("a 📅 tomorrow", 2, "as in 📅 2026-11-20"),
        ("a ✅ 2026-02-29", 2, "YYYY-MM-DD"),
        ("a due:2024-W06-5", 2, "write due:2024-02-09"),
        ("a 📅 2024-W06-5", 2, "write 📅 2024-02-09"),
        ("a due:２０２６-１１-２０", 2, "write due:2026-11-20"),
        ("a due:2026–11–20", 2, "write due:2026-11-20"),
        ("a due:\u200b2026-11-20", 2, "write due:2026-11-20"),
        ("a 📅 \u200b2026-11-20", 2, "write 📅 2026-11-20"),
        ("a due:2026/11/20T10:00", 2, "write due:2026-11-20T10:00"),
        ("a [due:: 20.11.2026 9:00]", 2, "write due:: 2026-11-20"),
        ("a 📅 Nov 25", 2, "YYYY-MM-DD"),
        ("a 📅 [[20.11.2026]]", 2, "write 📅 2026-11-20"),
        ("a @due(20.11.2026)", 2, "write @due(2026-11-20)"),
        ("a @due(soon)", 2, "as in @due(2026-11-20)"),
        ("a @due()", 2, "as in @due(2026-11-20)"),
        ("a @priority(7)", 2, "@priority(1) (highest) to @priority(5)"),
        ("a @priority(High)", 2, "write @priority(high)"),
        ("a [due:: soon]", 2, "YYYY-MM-DD"),
        ("a [due:: ]", 2, "YYYY-MM-DD"),
        ("a [due:: 2026-1-5]", 2, "2026-01-05"),
        ("a [due:: 2026-02-30]", 2, "YYYY-MM-DD"),
        ("a pri:high", 2, "write pri:B"),
        ("a pri:a", 2, "write pri:A"),
        ("a pri:Z", 2, "pri:A (highest) to pri:F"),
        ("a [priority:: High]", 2, "priority:: high"),
        ("a [priority:: 1]", 2, "highest"),
        ("a [id:: b c]", 2, "letters"),
        ("a [dependsOn:: ,]", 2, "commas"),
    ],
)
def test_a_value_that_is_none_stays_in_the_text_with_a_hint(body, offset, hint):
    parsed = parse(body)
    assert parsed.fields == NO_FIELDS
    assert parsed.text == body
    (problem,) = parsed.problems
    assert problem.offset == offset
    assert problem.severity is Severity.ERROR
    assert hint in problem.hint


@each(
    ("body", "hint"),
    [
        ("a [due: 2026-11-20]", "write two colons: [due:: 2026-11-20]"),
        ("a (due:2026-11-20)", "write two colons: (due:: 2026-11-20)"),
        ("a [priority: high]", "[priority:: high]"),
        ("a [deu:: 2026-11-20]", "write [due:: 2026-11-20]"),
        ("a [Due:: 2026-11-20]", "write [due:: 2026-11-20]"),
        ("a (DependsOn:: x)", "write (dependsOn:: x)"),
        ("a [prority:: high]", "write [priority:: high]"),
        ("a Due:2026-11-20", "write due:2026-11-20"),
        ("a deu:2026-11-20", "write due:2026-11-20"),
        ("a start:2026-11-20", "write t:2026-11-20"),
        ("a 📅 whenever", "as in 📅 2026-11-20"),
        ("a due：2026-11-20", "write due:2026-11-20"),
        ("a due： 2026-11-20", "write due:2026-11-20"),
        ("a Due：20.11.2026", "write due:2026-11-20"),
        ("a pri：A", "write pri:A"),
    ],
)
def test_a_field_that_is_nearly_one_is_a_warning(body, hint):
    parsed = parse(body)
    assert (parsed.text, parsed.fields) == (body, NO_FIELDS)
    (problem,) = parsed.problems
    assert problem.severity is Severity.WARNING
    assert problem.offset == 2
    assert hint in problem.hint


@each(
    ("body", "offset", "words"),
    [
        ("call Ann 📅", 9, "no date follows 📅"),
        ("call Ann 📅\ufe0f  ", 9, "no date follows 📅"),
        ("call Ann 📆 ^abc", 9, "no date follows 📆"),
        ("🗓", 0, "no date follows 🗓"),
        ("call ⏳\\", 5, "no date follows ⏳"),
        ("call 🛫 🔺", 5, "no date follows 🛫"),
        ("call 📅🔁 every week", 5, "no date follows 📅"),
        ("📅 ⏳ 2026-11-20", 0, "no date follows 📅"),
        ("📅 [start:: 2026-11-20]", 0, "no date follows 📅"),
        ("call Ann due:", 9, "no date follows 'due:'"),
        ("call Ann due:  ^abc", 9, "no date follows 'due:'"),
        ("call Ann due::", 9, "no date follows 'due::'"),
        ("call Ann scheduled:\\", 9, "no date follows 'scheduled:'"),
        ("t:", 0, "no date follows 't:'"),
        ("due:(tbd)", 0, "no date follows 'due:'"),
        ("due:📅 2026-11-20", 0, "no date follows 'due:'"),
        ("due:: soon", 0, "no date follows 'due::'"),
        ("a [due:: 2026-11-20", 2, "not closed"),
        ("a [due:: 2026-11-20 [x]]", 2, "not closed"),
        ("a [due:: 2026-11-20 (x]", 2, "'2026-11-20 (x' is not"),
        ("a [due:: ]", 2, "no date is given"),
        ("a (start::)", 2, "no date is given"),
        ("a due: 2026-02-30", 2, "2026-02 has 28 days"),
        ("a due: 3/4/2026", 2, "'3/4/2026' is not a date"),
        ("a due: 20 Nov 2026", 2, "a space between"),
        ("a due::2026-11-20", 2, "colon too many"),
        ("a Due: 2026-11-20", 2, "'Due:' is not a field"),
        ("a deu:3/4/2026", 2, "'deu:' is not a field"),
        ("a [due: 2026-02-30]", 2, "two colons"),
        ("a [Priority: High]", 2, "two colons"),
        ("a Pri:A", 2, "'Pri:' is not a field"),
        ("a 📅 20 Nov 2026 b", 2, "'20 Nov 2026' is not a date"),
    ],
)
def test_no_field_that_lacks_its_value_is_passed_over(body, offset, words):
    problem = parse(body).problems[0]
    assert problem.offset == offset
    assert words in problem.message
    assert "2026-11-20" in problem.hint or "Pri" in body


@each(
    "body",
    [
        "call ✅",
        "✅ 🔺",
        "❌ agreed ➕",
        "see what was done:",
        "created:",
        "(cancelled:)",
        "due: we are late",
        "due: 3 things",
        "Due: 3 things",
        "the due date:",
        "[due]: 2026-11-20",
        "[due date: 2026-11-20]",
        "(see std::vector",
        "[mood:: 2026-11-20",
        "ID:5 and Dep:x",
        "PRI:x and Rec:often",
        "due：soon",
        "日期：2026-11-20",
        "id：",
    ],
)
def test_prose_with_signs_and_keys_is_left_alone(body):
    assert parse(body).problems == ()


@each(
    ("body", "rule", "hint"),
    [
        ("a 🔁 weekly", "weekly", "write 'every week'"),
        ("a 🔁 every other week", "every other week", "write 'every 2 weeks'"),
        ("a 🔁 every 2 hours", "every 2 hours", "every week"),
        ("a 🔁 1w", "1w", "write 'every week when done'"),
        ("a 🔁 +1w", "+1w", "write 'every week'"),
        ("a rec:weekly", "weekly", "rec:1w"),
        ("a rec:w", "w", "rec:1w"),
        ("a [repeat:: monthly]", "monthly", "every month"),
    ],
)
def test_a_rule_that_cannot_be_read_is_a_warning(body, rule, hint):
    parsed = parse(body)
    assert (parsed.text, parsed.fields.repeat) == ("a", rule)
    (problem,) = parsed.problems
    assert (problem.code, problem.severity, problem.offset) == ("repeat", Severity.WARNING, 2)
    assert hint in problem.hint


@each(
    ("body", "rule", "text"),
    [
        ("a 🔁 every week with Bob", "every week", "a with Bob"),
        ("a 🔁 every week, then rest 📅 2026-11-20", "every week", "a, then rest"),
        ("a 🔁 weekly sync", "weekly", "a sync"),
        ("🔁 retry the deploy", None, "🔁 retry the deploy"),
    ],
)
def test_words_behind_a_rule_are_text_and_a_warning(body, rule, text):
    parsed = parse(body)
    assert (parsed.text, parsed.fields.repeat) == (text, rule)
    assert {problem.code for problem in parsed.problems} == {"repeat"}


@each(
    ("body", "offset"),
    [
        ("a due:2026-11-20 📅 2026-11-21", 17),
        ("📅 2026-11-20 [due:: 2026-11-20]", 13),
        ("(A) pri:B", 4),
        ("a id:x 🆔 y", 7),
        ("@ada @bob call", 5),
        ("call @ada @bob", 10),
    ],
)
def test_the_first_value_counts_and_a_second_is_a_warning(body, offset):
    parsed = parse(body)
    (problem,) = parsed.problems
    assert problem.code == "duplicate-field"
    assert problem.severity is Severity.WARNING
    assert problem.offset == offset
    assert parsed.fields.due in (None, DAY)
    assert parsed.fields.id in (None, "x")
    assert parsed.fields.owner in (None, "ada")


def test_a_tag_twice_is_one_tag():
    parsed = parse("#a x #b #a")
    assert (parsed.fields.tags, parsed.text, parsed.problems) == (("a", "b"), "x", ())


@each(
    ("body", "block_id"),
    [
        ("a ^abc-1", "abc-1"),
        ("a ^abc  ", "abc"),
        ("a due:2026-11-20 ^abc", "abc"),
        ("a^abc", None),
        ("a ^abc d", None),
        ("a ^a_b", None),
        ("^abc", None),
    ],
)
def test_a_block_id_stands_at_the_end(body, block_id):
    assert parse(body).fields.block_id == block_id


@each("written", ["📅 2026-11-20T09:00", "📅 [[2026-11-20]]"])
def test_what_obsidian_tasks_cannot_read_is_read_with_a_warning(written):
    parsed = parse(f"call {written} Bob")
    assert (parsed.fields.due, parsed.text) == (DAY, "call Bob")
    (problem,) = parsed.problems
    assert (problem.severity, problem.offset) == (Severity.WARNING, 5)
    assert problem.hint == "write 📅 2026-11-20, and the rest before 📅"


@each("body", ["call @est(2h) Bob", "call @done Bob", "call Bob @done", "@due x"])
def test_other_keys_of_taskpaper_and_keys_without_a_value_are_text(body):
    assert (parse(body).text, parse(body).fields, parse(body).problems) == (body, NO_FIELDS, ())


def test_an_owner_stands_among_other_keys_of_taskpaper():
    parsed = parse("call Bob @ada @est(2h) @today @due(2026-11-20)")
    assert (parsed.fields.owner, parsed.fields.due) == ("ada", DAY)
    assert parsed.text == "call Bob @est(2h) @today"


def test_a_key_of_taskpaper_in_capitals_is_a_warning():
    (problem,) = parse("call @Due(2026-11-20)").problems
    assert problem.hint == "write @due(2026-11-20)"


def test_on_completion_is_no_text():
    assert parse("a 🏁 delete").text == "a"
    assert parse("a [onCompletion:: keep]").text == "a"


def test_each_mark_has_a_status():
    assert [status_of(mark) for mark in " xX/-?>é"] == [
        Status.OPEN,
        Status.DONE,
        Status.DONE,
        Status.IN_PROGRESS,
        Status.CANCELLED,
        Status.OPEN,
        Status.OPEN,
        Status.OPEN,
    ]


@settings(max_examples=examples(400), deadline=None)
@given(st.one_of(st.text(), lines.bodies()))
def test_any_text_can_be_read(body):
    parsed = parse(body)
    assert parsed == parse(body)
    assert parsed.text == parsed.text.strip()
    assert all(0 <= problem.offset < len(body) for problem in parsed.problems)
    assert all(problem.message for problem in parsed.problems)


PROSE = ["call Ann", "@ann call", "@ann. call", "#a call", "", " ", "call", "(A) call", "a  b", "é",
    "Привет, 日本 😀 a", "@ann", "#a", "a\nb"]  # fmt: skip
WORDS = st.sampled_from([*PROSE, "meet 10:30", "**a**"])
ENDS = st.lists(
    st.sampled_from([written for written, *_ in FIELDS + IN_SENTENCES] + [
    "#a", "@ann", "@bob", ":", "due:soon",
    "then", "^id", "🔁 every week", "\\", ".", "due:2026-11-20.", "@ann:", "#1", "[x:: y]", "☀",
    "🔁 1w", "🔁 1", "⛔ 1,", "⛔ 1", "🆔 7", "🏁 1", "🏁", "⏫ 1", "📅", "rec:1w", "dep:1",
    "@ann,", "pri:D", "é", "a\nb", "[owner:: a]", "[id:: a b]", "^id"]),
    max_size=4,
)  # fmt: skip


@settings(max_examples=examples(1500), deadline=None)
@given(st.one_of(lines.bodies(), st.builds(lambda *parts: parts, WORDS, ENDS, st.sampled_from(
    [" ", " ", "  ", "", "\t", "\xa0"]))))  # fmt: skip
@example("#a\t\\ [id:: a]")
@example("call #a\t^id due:2026-11-20")
@example("call due:2026-11-20 ^id #a")
@example("@ann: due:2026-11-20")
def test_fields_at_the_end_are_read_as_in_their_line(body):
    if not isinstance(body, str):
        words, ends, gap = body
        body = gap.join([words, *ends])
    assert parse(body) == parse_uncached(body)


def test_lines_of_files_are_read_as_from_end_to_end():
    texts = [file.read_text("utf-8") for file in find_sample_data().rglob("*.md")]
    texts += [kind(Random(1)).decode("utf-8", "ignore") for kind in contents.KINDS * 9]
    for body in [line.partition("] ")[2] for text in texts for line in text.splitlines()]:
        assert parse(body) == parse_uncached(body)


@settings(max_examples=examples(300), deadline=None)
@given(lines.bodies())
def test_text_is_made_of_the_lines_own_characters(body):
    left = iter(body)
    assert all(character in left for character in parse(body).text if character != " ")


@each(
    "piece",
    """[|(|](|[[|`|``` `` |<!--|<a:|@a| @a| #a|due:| due:
[a:: |(due:: |\\|📅 |🔁 every |⛔ a,|^| ^a|::
](a "|](<|[a](|📅2026-11-20|#b due:2026-01-01 """.replace("\n", "|").split("|"),
)
def test_the_work_grows_with_the_length_and_no_faster(piece):
    parse(piece * (100_000 // len(piece)))
