"""What is offered to put in place of a fault: only what can be meant, and only what helps."""

from __future__ import annotations

from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.tasks import task_strategies as lines
from tests.support.examples import examples
from tests.support.markdown import read_body
from tests.support.tables import each
from tldash.formats.tasks import recurrence
from tldash.formats.tasks.dates import likely_date, unambiguous_date
from tldash.formats.tasks.fixes import MAX_PROBLEMS
from tldash.formats.tasks.parse import FieldProblem, parse
from tldash.model.records import Fields, Severity


def fixed(body: str, problem: FieldProblem) -> str:
    fix = problem.fix
    assert fix is not None, problem
    start = fix.column - 1
    assert body[start : start + len(fix.old)] == fix.old
    return body[:start] + fix.new + body[start + len(fix.old) :]


@each(
    ("wrong", "right"),
    [
        # a blank, or a colon too many
        ("due: 2026-11-20", "due:2026-11-20"),
        ("due:\xa020.11.2026", "due:2026-11-20"),
        ("t:   2026-11-20.", "t:2026-11-20."),
        ("due:: 2026-11-20", "due:2026-11-20"),
        ("due::2026-11-20", "due:2026-11-20"),
        # another form of a date
        ("📅 20.11.2026", "📅 2026-11-20"),
        ("📅\ufe0f20.11.2026.", "📅\ufe0f2026-11-20."),
        ("✅ 2026/11/20", "✅ 2026-11-20"),
        ("due:2026/11/20", "due:2026-11-20"),
        ("due:2026.11.20", "due:2026-11-20"),
        ("due:20261120", "due:2026-11-20"),
        ("due:2026-1-5", "due:2026-01-05"),
        ("due:30/11/2026", "due:2026-11-30"),
        ("due:11/30/2026", "due:2026-11-30"),
        ("due:04/04/2026", "due:2026-04-04"),
        ("[due:: 30-11-2026]", "[due:: 2026-11-30]"),
        ("📅 20 Nov 2026", "📅 2026-11-20"),
        ("📅 Nov. 20th, 2026", "📅 2026-11-20"),
        ("due:20-November-2026", "due:2026-11-20"),
        ("[scheduled:: 1st sept 2026]", "[scheduled:: 2026-09-01]"),
        ("due:2026-W47-5", "due:2026-11-20"),
        ("📅 2026–11–20", "📅 2026-11-20"),
        ("due:２０２６-１１-２０", "due:2026-11-20"),
        ("due:\u200b2026-11-20", "due:2026-11-20"),
        # a key that is none
        ("due：2026-11-20", "due:2026-11-20"),
        ("due： 20.11.2026", "due:2026-11-20"),
        ("pri：B", "pri:B"),
        ("Due:2026-11-20", "due:2026-11-20"),
        ("DUE:2026/11/20", "due:2026-11-20"),
        ("Due: 2026-11-20", "due:2026-11-20"),
        ("T:2026-11-20", "t:2026-11-20"),
        ("deu:2026-11-20", "due:2026-11-20"),
        ("sheduled:2026-11-20", "scheduled:2026-11-20"),
        ("start:2026-11-20", "t:2026-11-20"),
        ("Start: 2026-11-20", "t:2026-11-20"),
        ("canceled:2026-11-20", "cancelled:2026-11-20"),
        ("Pri:B", "pri:B"),
        ("Rec:+1w", "rec:+1w"),
        ("[Due:: 2026-11-20]", "[due:: 2026-11-20]"),
        ("(dependson:: a, b)", "(dependsOn:: a, b)"),
        ("[Owner:: Ada L]", "[owner:: Ada L]"),
        ("[deu:: 20.11.2026]", "[due:: 2026-11-20]"),
        ("[prority:: High]", "[priority:: high]"),
        ("[repeats:: every week]", "[repeat:: every week]"),
        # a colon or a bracket too few
        ("[due: 2026-11-20]", "[due:: 2026-11-20]"),
        ("(Due:2026-11-20)", "(due:: 2026-11-20)"),
        ("[priority: high]", "[priority:: high]"),
        ("[repeat: every week]", "[repeat:: every week]"),
        ("[due:: 2026-11-20", "[due:: 2026-11-20]"),
        # priorities and rules
        ("pri:a", "pri:A"),
        ("pri:high", "pri:B"),
        ("pri:Normal", "pri:D"),
        ("[priority:: High]", "[priority:: high]"),
        ("🔁 2w", "🔁 every 2 weeks when done"),
        ("🔁+1m", "🔁every month"),
        ("🔁 Weekly", "🔁 every week"),
        ("🔁 each other week when done", "🔁 every 2 weeks when done"),
        ("[repeat:: every fortnight]", "[repeat:: every 2 weeks]"),
        ("[repeat:: every other month]", "[repeat:: every 2 months]"),
        ("[repeat:: 1d]", "[repeat:: every day when done]"),
    ],
)
@each("around", ["{}", "call {}", "call {} 🏁 keep", "call {}\\", "call {}  ^b", "call {} #x 🆔 y"])
def test_what_can_be_meant_in_one_way_only_has_a_fix(wrong, right, around):
    body = around.format(wrong)
    [problem] = parse(body).problems
    after = fixed(body, problem)
    assert after == around.format(right)
    assert parse(after).problems == ()


@each(
    ("body", "after"),
    [
        ("a due:2026-11-20 due:2026-11-20", "a due:2026-11-20"),
        ("a due:2026-11-20 b due:2026-11-20 c", "a due:2026-11-20 b c"),
        ("a 📅 2026-11-20 📆2026-11-20 ^b", "a 📅 2026-11-20 ^b"),
        ("a 🔺🔺 b", "a 🔺 b"),
        ("(A) a pri:A", "(A) a"),
        ("[id:: x](id:: x) a", "[id:: x] a"),
        ("dep:a,b dep:a,b", "dep:a,b"),
        ("a rec:1w rec:1w", "a rec:1w"),
    ],
)
def test_a_value_that_is_there_twice_is_there_once(body, after):
    [problem] = parse(body).problems
    assert problem.code == "duplicate-field"
    assert fixed(body, problem) == after


@each(
    "body",
    [
        "due:tomorrow",
        "📅 next week",
        "📅 whenever",
        "due:2026-02-30",
        "due: 2026-02-30",
        "due:31.04.2026",
        "📅 31 Feb 2026",
        "due:03/04/2026",
        "due:3.4.2026",
        "due: 03-04-2026",
        "Due:03/04/2026",
        "due:2026-20-11",
        "due:2026115",
        "📅 20 Nov",
        "📅 20 Nob 2026",
        "📅",
        "due:",
        "[due:: ]",
        "[due: 2026-02-30]",
        "[due:: 2026-11-20 [x]]",
        "(due:: 2026-02-30",
        "dne:2026-11-20",  # due or done
        "[owned:: ada]",
        "[priority:: 1]",
        "pri:Z",
        "[dependOn:: a b]",
        "rec:weekly",  # from the day it was done, or from its date
        "🔁 biweekly",  # twice a week, or every two
        "🔁 every other moon",
        "🔁 1b",
        "🔁 2w sync",
        "🔁 +6d,1ere",
        "a id:b c id:d",
        "due:2026-11-20 due:2026-11-21",
        "due:2026-11-20 📅 2026-11-20",  # each is there for another program
        "ask @ada @ada",
        "due:2026-11-20 Due:2026-11-20",
        "Due:2026-11-19 due:2026-11-20",
        "Due:2026-11-19 deu:2026-11-20",
        "due:soon Due:2026-11-20",
        "pri:high 🔺",
        "🔁 every week due:2026-11-20 [due:: 2026-11-20] on Monday",
        "due:2026-11-20 🔁 due:2026-11-20 every week",
        "due:2026-11-20 o ^1 due:2026-11-20",
    ],
)
def test_what_may_be_meant_otherwise_has_none(body):
    problems = parse(body).problems
    assert problems
    assert [problem.fix for problem in problems] == [None] * len(problems)


def test_the_place_of_a_fix_is_that_of_the_line():
    text = "\n> - [ ]  call due: 2026-11-20"
    [problem] = read_body(text, "a.md").problems
    assert problem.fix is not None
    start = problem.fix.column - 1
    assert text.split("\n")[1][start:] == problem.fix.old


@settings(max_examples=examples(600), deadline=None)
@given(lines.faulty())
def test_a_fix_takes_its_problem_away_and_nothing_else(body):
    before = parse(body)
    assume(len(before.problems) <= MAX_PROBLEMS)
    for problem in before.problems:
        if problem.fix is None:
            continue
        after = parse(fixed(body, problem))
        codes = Counter(one.code for one in before.problems)
        codes[problem.code] -= 1
        assert not Counter(one.code for one in after.problems) - codes
        if problem.fix.new:
            assert (problem.offset, problem.code) not in [
                (p.offset, p.code) for p in after.problems
            ]
        assert after.fields.tags == before.fields.tags
        for name in Fields.__slots__:
            value = getattr(before.fields, name)
            if name == "repeat" and problem.code == "repeat":
                was = recurrence.parse_rule(value)
                same = was == recurrence.parse_rule(str(after.fields.repeat))
                assert same or isinstance(was, recurrence.InvalidRule)
            elif value:
                assert getattr(after.fields, name) == value


@settings(max_examples=examples(300), deadline=None)
@given(
    st.dates().map(str),
    st.sampled_from(["{0}/{1}/{2}", "{2}.{1}.{0}", "{2}/{1}/{0}", "{1}-{2}-{0}", "{0}{1}{2}"]),
)
def test_a_date_in_another_form_is_the_day_that_it_says(day, form):
    written = form.format(*day.split("-"))
    assert unambiguous_date(written) in (day, None)
    assert unambiguous_date(written) in (likely_date(written), None)
    if form.startswith("{0}"):
        assert unambiguous_date(written) == day


@each("field", ["due:soon ", "📅 ", "deu:2026-11-20 ", "id:x ", "[due: 1-1-1]"])
def test_the_problems_of_one_line_are_bounded(field):
    problems = parse(field * 6_600).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert [problem.offset for problem in problems] == sorted(p.offset for p in problems)
    *_, rest = problems
    told = 6_600 - (field == "id:x ") - MAX_PROBLEMS
    assert f"{told} more" in rest.message
    assert rest.code == problems[0].code
    assert rest.fix is None


def test_what_is_left_out_is_as_bad_as_the_worst_of_it():
    body = "📅 whenever " * 30 + "id:x " * 3 + "due:soon " * 2
    rest = parse(body).problems[-1]
    assert (rest.severity, rest.code) == (Severity.ERROR, "bad-date")
    assert rest.offset == len("📅 whenever ") * MAX_PROBLEMS
    problems = parse("📅 whenever " * (MAX_PROBLEMS + 1)).problems
    assert {problem.code for problem in problems} == {"field-spelling"}
    assert len(problems) == MAX_PROBLEMS + 1
    assert not any("more" in problem.message for problem in problems)
