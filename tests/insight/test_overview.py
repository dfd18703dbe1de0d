"""Leads filtered, sorted and grouped: nobody is lost, nobody is there twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, action, day, lead, session
from tldash.insight.attention import Reason, by_need
from tldash.insight.overview import (
    FINE,
    MANY,
    NEEDS,
    NO_COACH,
    Folds,
    Group,
    Parting,
    Plan,
    Sorting,
    View,
    arrange,
    lines,
)
from tldash.model.records import Lead, Session

OLD, RECENT, AHEAD = (
    session("2026-08-01"),
    session("2026-11-10"),
    session("2026-12-01", None, False),
)


def named(name: str, *sessions: Session, coach: str | None = "Mira", late: int = 0) -> Lead:
    actions = tuple(action(str(number), due=day("2026-11-01")) for number in range(late))
    return replace(lead(*sessions, coach=coach, actions=actions), id=name.lower(), name=name)


ADA = named("Ada", RECENT, AHEAD, coach="Jonas")
BEN = named("Ben", OLD, late=2)
CYD = named("Cyd", session("2026-11-12"), session("2026-11-25", None, False), coach="mira ")
DEE = named("Dee", coach=None)
EVE = named("Eve", RECENT, AHEAD, coach="jonas", late=1)
ALL = (ADA, BEN, CYD, DEE, EVE)


def order(sort: Sorting) -> str:
    plan = arrange(ALL, View(sort=sort), NOW)
    return "".join(one.name[0] for group in plan.groups for one in group.leads)


def test_every_way_to_sort() -> None:
    assert order(Sorting.NEED) == "".join(one.name[0] for one in by_need(ALL, NOW)) == "BDECA"
    assert order(Sorting.NAME) == "ABCDE"
    assert order(Sorting.NEXT) == "CAEBD"
    assert order(Sorting.LAST) == "BAECD"
    assert order(Sorting.LATE) == "BEACD"


def test_coaches_who_are_needed_most_come_first_whatever_the_capitals() -> None:
    plan = arrange(ALL, View(group=Parting.COACH), NOW)
    told = [
        (g.name, "".join(one.name[0] for one in g.leads), g.needing, g.late) for g in plan.groups
    ]
    assert told == [("Mira", "BC", 1, 2), (NO_COACH, "D", 1, 0), ("Jonas", "EA", 0, 1)]
    assert dict(plan.groups[0].why) == {
        Reason.PAST_CADENCE: 1, Reason.NO_NEXT: 1, Reason.OVERDUE: 1
    }  # fmt: skip
    assert (plan.needing, plan.shown, plan.of) == (2, 5, 5)
    assert plan.why[0] == (Reason.NO_NEXT, 2)


def test_sorted_by_name_coaches_are_too() -> None:
    plan = arrange(ALL, View(sort=Sorting.NAME, group=Parting.COACH), NOW)
    assert [group.name for group in plan.groups] == ["Jonas", "Mira", NO_COACH]


@pytest.mark.parametrize(
    ("sort", "coaches"),
    [
        (Sorting.LATE, ["Mira", "Jonas", NO_COACH]),
        (Sorting.NEXT, ["Mira", "Jonas", NO_COACH]),
        (Sorting.LAST, ["Mira", "Jonas", NO_COACH]),
    ],
)
def test_coaches_are_in_the_order_of_their_leads(sort: Sorting, coaches: list[str]) -> None:
    plan = arrange(ALL, View(sort=sort, group=Parting.COACH), NOW)
    assert [group.name for group in plan.groups] == coaches
    without_ben = arrange((ADA, CYD, DEE), View(sort=sort, group=Parting.COACH), NOW)
    first = "mira" if sort is Sorting.NEXT else "Jonas"
    assert without_ben.groups[0].name == (first if sort is not Sorting.LATE else NO_COACH)


def test_by_need_are_two_groups_of_which_none_is_empty() -> None:
    plan = arrange(ALL, View(group=Parting.NEED), NOW)
    assert [(group.name, len(group.leads)) for group in plan.groups] == [(NEEDS, 2), (FINE, 3)]
    plan = arrange(ALL, View("needs", group=Parting.NEED), NOW)
    assert [group.name for group in plan.groups] == [NEEDS]


def test_a_filter_and_what_is_wrong_with_it() -> None:
    plan = arrange(ALL, View("coach:jonas"), NOW)
    assert (plan.shown, plan.of, plan.trouble) == (2, 5, "")
    plan = arrange(ALL, View("coahc:jonas"), NOW)
    assert (plan.groups, plan.of) == ((), 5)
    assert "did you mean coach:" in plan.trouble
    assert arrange(ALL, View("new"), NOW, {"ada"}).groups[0].leads == (ADA,)


def crowd(number: int, coaches: int) -> list[Lead]:
    return [named(f"L{n:03}", RECENT, AHEAD, coach=f"C{n % coaches}") for n in range(number)]


def test_many_leads_of_several_coaches_are_grouped_and_folded() -> None:
    assert arrange(crowd(MANY, 2), View(), NOW).parting is Parting.NONE
    assert arrange(crowd(MANY + 1, 1), View(), NOW).parting is Parting.NONE
    plan = arrange(crowd(MANY + 1, 2), View(), NOW)
    assert plan.parting is Parting.COACH
    assert all(isinstance(one, Group) for one in lines(plan, Folds()))


def test_a_filter_that_leaves_few_unfolds_them() -> None:
    plan = arrange(crowd(MANY + 1, 2), View("l00"), NOW)
    shown = list(lines(plan, Folds()))
    assert [len(group.leads) for group in plan.groups] == [5, 5]
    assert len(shown) == 12


def test_of_many_by_need_only_the_fine_are_folded() -> None:
    many = [*crowd(MANY, 2), BEN]
    plan = arrange(many, View(group=Parting.NEED), NOW)
    assert [type(one) for one in lines(plan, Folds())] == [Group, Lead, Group]


def test_folding_by_hand() -> None:
    plan = arrange(ALL, View(group=Parting.COACH), NOW)
    first = plan.groups[0]
    folds = Folds().turn(first)
    assert [folds.folded(group, plan) for group in plan.groups] == [True, False, False]
    assert folds.turn(first) == Folds()
    none = folds.turn_all(plan)
    assert not any(none.folded(group, plan) for group in plan.groups)
    every = none.turn_all(plan)
    assert all(every.folded(group, plan) for group in plan.groups)
    assert list(lines(plan, every)) == list(plan.groups)


leads = st.lists(
    st.builds(
        lambda base, coach: replace(base, coach=coach),
        st.sampled_from(ALL),
        st.none() | st.sampled_from(["Mira", "MIRA", "Jonas", "", " "]),
    ),
    unique_by=lambda one: one.id,
)
views = st.builds(
    View,
    st.text(max_size=8) | st.sampled_from(["needs", "coach:m", "coach:none", "overdue", "b"]),
    st.sampled_from(Sorting),
    st.none() | st.sampled_from(Parting),
)


def listed(plan: Plan) -> list[Lead]:
    return [one for group in plan.groups for one in group.leads]


@given(leads, views)
def test_grouping_and_sorting_lose_nobody_and_filtering_twice_is_once(
    some: list[Lead], view: View
) -> None:
    plan = arrange(some, view, NOW)
    found = listed(plan)
    assert len({one.id for one in found}) == len(found) == plan.shown
    assert all(group.leads for group in plan.groups)
    flat = listed(arrange(some, replace(view, group=Parting.NONE), NOW))
    assert sorted(one.id for one in flat) == sorted(one.id for one in found)
    assert [listed(arrange(found, view, NOW))] == [found]
    opened = list(lines(plan, Folds(every=False)))
    assert [one for one in opened if isinstance(one, Lead)] == found
