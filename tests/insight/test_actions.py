"""Select, group, sort and filter actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, TODAY, action, day, lead, session, task
from tests.support.tables import each
from tldash.insight.actions import (
    ActionFilter,
    DueGroup,
    describe_carried,
    describe_waiting,
    find_carried_over,
    find_carried_through,
    find_closed_since,
    find_due_group,
    find_held_days,
    find_open_actions,
    find_overdue,
    group_by_due,
    has_tag,
    is_open,
    is_overdue,
    iter_task_items,
    matches_lead,
    sort_key,
)
from tldash.model.records import Marker, Priority, SessionStatus, Status

OPEN, DONE, STARTED, DROPPED = Status.OPEN, Status.DONE, Status.IN_PROGRESS, Status.CANCELLED
YESTERDAY = TODAY - timedelta(1)
SUNDAY = day("2026-11-22")


@each(
    ("made", "still_open", "late"),
    [
        (action(), True, False),
        (action(due=YESTERDAY), True, True),
        (action(due=TODAY), True, False),
        (action("a", STARTED, due=YESTERDAY), True, True),
        (action("a", DONE, due=YESTERDAY), False, False),
        (action("a", DROPPED, due=YESTERDAY), False, False),
        (replace(action(due=YESTERDAY), waiting_for=("b",)), True, False),
    ],
)
def test_open_and_late(made, still_open, late):
    assert is_open(made) is still_open
    assert is_overdue(made, TODAY) is late
    someone = lead(actions=(made,))
    assert find_open_actions(someone) == ((made,) if still_open else ())
    assert find_overdue(someone, TODAY) == ((made,) if late else ())


@each(
    ("status", "texts", "shown"),
    [
        (OPEN, (), ""),
        (OPEN, ("the draft",), "waiting for the draft"),
        (STARTED, ("the draft", "a", "b"), "waiting for the draft and 2 more"),
        (OPEN, ("",), "waiting for an item without text"),
        (DONE, ("the draft",), ""),
    ],
)
def test_what_an_action_waits_for_in_words(status, texts, shown):
    assert describe_waiting(replace(action("a", status), waiting_for=texts)) == shown


@each(
    ("made", "group"),
    [
        (replace(action(due=YESTERDAY), waiting_for=("b",)), DueGroup.WAITING),
        (action(due=YESTERDAY), DueGroup.OVERDUE),
        (action(due=TODAY), DueGroup.THIS_WEEK),
        (action(due=SUNDAY), DueGroup.THIS_WEEK),
        (action(due=SUNDAY + timedelta(1)), DueGroup.NEXT_WEEK),
        (action(due=SUNDAY + timedelta(7)), DueGroup.NEXT_WEEK),
        (action(due=SUNDAY + timedelta(8)), DueGroup.LATER),
        (action(due=date.max), DueGroup.LATER),
        (action(), DueGroup.UNDATED),
        (action(due=TODAY, coach_owned=True), DueGroup.COACH),
        (action(coach_owned=True), DueGroup.COACH),
        (action(due=YESTERDAY, coach_owned=True), DueGroup.OVERDUE),
    ],
)
def test_when(made, group):
    assert find_due_group(made, TODAY) is group


def test_the_last_day_of_the_calendar_is_a_day_like_others():
    assert find_due_group(action(due=date.max), date.max) is DueGroup.THIS_WEEK


def test_groups_come_in_order_and_empty_ones_not_at_all():
    mine = [
        action("later", due=day("2027-01-01")),
        action("soon", due=day("2026-11-22")),
        action("sooner", due=day("2026-11-21")),
        action("his", coach_owned=True),
        action("late", due=YESTERDAY),
    ]
    found = [(name, [a.task.text for a in some]) for name, some in group_by_due(mine, TODAY)]
    assert found == [
        (DueGroup.OVERDUE, ["late"]),
        (DueGroup.THIS_WEEK, ["sooner", "soon"]),
        (DueGroup.LATER, ["later"]),
        (DueGroup.COACH, ["his"]),
    ]
    assert group_by_due([], TODAY) == ()


def test_the_order_of_actions():
    expected = [
        action("due first", due=TODAY),
        action("highest", priority=Priority.HIGHEST),
        action("high", priority=Priority.HIGH),
        action("medium", priority=Priority.MEDIUM),
        action("older", session="2026-01-01", line=9),
        action("younger", session="2026-02-01", line=1),
        action("noted first", line=1),
        action("noted second", line=2),
        action("low", priority=Priority.LOW),
        action("lowest", priority=Priority.LOWEST),
    ]
    backwards = expected[::-1]
    assert sorted(backwards, key=sort_key) == expected


def test_what_was_closed_since_a_day_newest_first():
    done = [
        action("a", DONE, done=day("2026-11-01")),
        action("b", DONE, done=day("2026-11-05")),
        action("before", DONE, done=day("2026-10-31")),
        action("undated", DONE),
        action("dropped", DROPPED, cancelled=day("2026-11-05")),
        action("open"),
    ]
    someone = lead(actions=tuple(done))
    assert [a.task.text for a in find_closed_since(someone, day("2026-11-01"))] == ["b", "a"]
    assert find_closed_since(someone, None) == ()


def test_what_is_carried_along():
    someone = lead(
        *(session(f"2026-{month:02}-03") for month in (7, 8, 9, 10, 11)),
        session("2026-12-03"),
        actions=(
            action("old", session="2026-07-03"),
            action("younger", session="2026-09-03"),
            action("done", DONE, session="2026-07-03"),
            action("from a note"),
        ),
    )
    assert [a.task.text for a in find_carried_over(someone, NOW)] == ["old"]
    assert [a.task.text for a in find_carried_over(someone, NOW, times=2)] == ["old", "younger"]


def test_every_task_item_once():
    topic = task("topic", owner="mira")
    agreed = action("agreed", session="2026-11-03")
    noted = action("noted", coach_owned=True, owner="mira")
    marker = Marker("vision", None, task("marker"))
    someone = lead(
        replace(session("2026-11-03"), topics=(topic, task("own")), actions=(agreed,)),
        actions=(agreed, noted),
        markers=(marker,),
    )
    found = [
        (item.kind, item.task.text, item.owner, item.coach_owned, item.session)
        for item in iter_task_items(someone)
    ]
    assert found == [
        ("topic", "topic", "mira", False, day("2026-11-03")),
        ("topic", "own", "ada", False, day("2026-11-03")),
        ("action", "agreed", "ada", False, day("2026-11-03")),
        ("action", "noted", "mira", True, None),
        ("marker", "marker", "ada", False, None),
    ]
    assert all(item.status is OPEN and item.due is None for item in iter_task_items(someone))


ADA = replace(lead(), id="north/ada", coach="Mira Holm")


@each(
    ("name", "meant"),
    [
        ("north/ada", True),
        ("ada", True),
        ("ADA/", True),
        ("ada lindqvist", True),
        ("Ada ", True),
        ("Lindqvist", False),
        ("north", False),
        ("", False),
    ],
)
def test_names_of_a_lead(name, meant):
    assert matches_lead(ADA, name) is meant


@each(
    ("wanted", "made", "matches"),
    [
        (ActionFilter(), action(), True),
        (ActionFilter(), action("a", DONE), False),
        (ActionFilter(closed=True), action("a", DONE), True),
        (ActionFilter(overdue=True), action(due=YESTERDAY), True),
        (ActionFilter(overdue=True), action(), False),
        (ActionFilter(overdue=True, closed=True), action("a", DONE, due=YESTERDAY), False),
        (ActionFilter(lead="ada"), action(), True),
        (ActionFilter(lead="ben"), action(), False),
        (ActionFilter(owner="bob"), action(owner="Bob"), True),
        (ActionFilter(owner="@bob"), action(owner="bob"), True),
        (ActionFilter(owner="bob"), action(), False),
        (ActionFilter(owner="Ada"), action(), True),
        (ActionFilter(owner="ada"), action(owner="bob"), False),
        (ActionFilter(owner="coach"), action(owner="mira", coach_owned=True), True),
        (ActionFilter(owner="Mira"), action(owner="coach", coach_owned=True), True),
        (ActionFilter(owner="mira holm"), action(owner="coach", coach_owned=True), True),
        (ActionFilter(owner="coach"), action(), False),
        (ActionFilter(owner="mira"), action(), False),
        (ActionFilter(tag="x"), action(tags=("x",)), True),
        (ActionFilter(tag="y"), action(tags=("x",)), False),
        (ActionFilter(lead="ada", tag="x", owner="ada"), action(tags=("x",)), True),
    ],
)
def test_the_filter(wanted, made, matches):
    assert wanted.matches(made, ADA, TODAY) is matches


@each(
    ("tag", "written", "has"),
    [
        ("vision", "vision", True),
        ("#Vision", "VISION", True),
        ("vision", "skill/vision", True),
        ("skill/vision", "vision", True),
        ("skill/vision", "skill/vision", True),
        ("skill", "skill/vision", True),
        ("team", "team/infra/db", True),
        ("team/infra", "team/infra/db", True),
        ("team/infra", "team", False),
        ("vis", "vision", False),
        ("skill/vision", "skill/growth", False),
        ("vision", "team/vision", False),
    ],
)
def test_tags(tag, written, has):
    assert has_tag(action(tags=(written,)), tag) is has


def test_a_coach_without_a_name_is_the_coach():
    nameless = replace(ADA, coach=None)
    assert ActionFilter(owner="coach").matches(
        action(owner="coach", coach_owned=True), nameless, TODAY
    )
    assert not ActionFilter(owner="").matches(
        action(owner="coach", coach_owned=True), nameless, TODAY
    )


@given(
    st.lists(
        st.builds(
            lambda due, status, coach: action("a", status, due=due, coach_owned=coach),
            st.none() | st.dates(),
            st.sampled_from(Status),
            st.booleans(),
        ),
        max_size=8,
    ),
    st.dates(),
)
def test_every_action_is_in_one_group(made, today):
    found = group_by_due(made, today)
    assert sorted(map(id, made)) == sorted(id(a) for _, some in found for a in some)
    names = [list(DueGroup).index(name) for name, _ in found]
    assert names == sorted(set(names))
    for _, some in found:
        assert all(sort_key(one) <= sort_key(other) for one, other in pairwise(some))


@each(
    ("agreed", "status", "fields", "through"),
    [
        ("2026-08-03", Status.OPEN, {}, ["2026-09-03", "2026-10-03", "2026-11-03"]),
        ("2026-11-03", Status.OPEN, {}, []),
        (None, Status.OPEN, {}, []),
        ("2026-08-03", Status.DONE, {"done": day("2026-10-05")}, ["2026-09-03", "2026-10-03"]),
        ("2026-08-03", Status.DONE, {"done": day("2026-10-03")}, ["2026-09-03"]),
        ("2026-08-03", Status.CANCELLED, {"cancelled": day("2026-09-01")}, []),
        ("2026-08-03", Status.DONE, {}, []),
    ],
)
def test_the_sessions_that_an_action_was_carried_through(agreed, status, fields, through):
    held = [session(f"2026-{month}-03") for month in ("08", "09", "10", "11")]
    missed = session("2026-10-20", SessionStatus.MISSED)
    someone = lead(*held[:3], missed, held[3], session("2026-12-03"))
    found = find_carried_through(
        action("old", status, agreed, **fields), find_held_days(someone, NOW)
    )
    assert [str(one) for one in found] == through


def test_how_often_in_words():
    assert [describe_carried(times) for times in range(4)] == [
        "", "carried over once", "carried over twice", "carried over 3 times",
    ]  # fmt: skip
