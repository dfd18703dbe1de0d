"""Filter, sort and group leads without losing or repeating one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, action, day, lead, session
from tests.support.tables import each
from tldash.insight.attention import AttentionCode, sort_by_urgency
from tldash.insight.overview import (
    FINE_GROUP,
    GROUPING_THRESHOLD,
    NEEDS_GROUP,
    NO_COACH_GROUP,
    Arrangement,
    FoldState,
    Grouping,
    LeadGroup,
    SortOrder,
    View,
    arrange_leads,
    iter_rows,
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


def order(sort: SortOrder) -> str:
    plan = arrange_leads(ALL, View(sort=sort), NOW)
    return "".join(one.name[0] for group in plan.groups for one in group.leads)


def test_every_way_to_sort() -> None:
    assert (
        order(SortOrder.NEED)
        == "".join(one.name[0] for one in sort_by_urgency(ALL, NOW))
        == "BDECA"
    )
    assert order(SortOrder.NAME) == "ABCDE"
    assert order(SortOrder.NEXT) == "CAEBD"
    assert order(SortOrder.LAST) == "BAECD"
    assert order(SortOrder.OVERDUE) == "BEACD"


def test_coaches_who_are_needed_most_come_first_whatever_the_capitals() -> None:
    plan = arrange_leads(ALL, View(group=Grouping.COACH), NOW)
    told = [
        (g.name, "".join(one.name[0] for one in g.leads), g.needing, g.overdue) for g in plan.groups
    ]
    assert told == [("Mira", "BC", 1, 2), (NO_COACH_GROUP, "D", 1, 0), ("Jonas", "EA", 0, 1)]
    assert dict(plan.groups[0].reasons) == {
        AttentionCode.PAST_CADENCE: 1, AttentionCode.NO_NEXT: 1, AttentionCode.OVERDUE: 1
    }  # fmt: skip
    assert (plan.needing, plan.shown, plan.total) == (2, 5, 5)
    assert plan.reasons[0] == (AttentionCode.NO_NEXT, 2)


def test_sorted_by_name_coaches_are_too() -> None:
    plan = arrange_leads(ALL, View(sort=SortOrder.NAME, group=Grouping.COACH), NOW)
    assert [group.name for group in plan.groups] == ["Jonas", "Mira", NO_COACH_GROUP]


@each(
    ("sort", "coaches"),
    [
        (SortOrder.OVERDUE, ["Mira", "Jonas", NO_COACH_GROUP]),
        (SortOrder.NEXT, ["Mira", "Jonas", NO_COACH_GROUP]),
        (SortOrder.LAST, ["Mira", "Jonas", NO_COACH_GROUP]),
    ],
)
def test_coaches_are_in_the_order_of_their_leads(sort: SortOrder, coaches: list[str]) -> None:
    plan = arrange_leads(ALL, View(sort=sort, group=Grouping.COACH), NOW)
    assert [group.name for group in plan.groups] == coaches
    without_ben = arrange_leads((ADA, CYD, DEE), View(sort=sort, group=Grouping.COACH), NOW)
    first = "mira" if sort is SortOrder.NEXT else "Jonas"
    assert without_ben.groups[0].name == (
        first if sort is not SortOrder.OVERDUE else NO_COACH_GROUP
    )


def test_by_need_are_two_groups_of_which_none_is_empty() -> None:
    plan = arrange_leads(ALL, View(group=Grouping.NEED), NOW)
    assert [(group.name, len(group.leads)) for group in plan.groups] == [
        (NEEDS_GROUP, 2),
        (FINE_GROUP, 3),
    ]
    plan = arrange_leads(ALL, View("needs", group=Grouping.NEED), NOW)
    assert [group.name for group in plan.groups] == [NEEDS_GROUP]


def test_a_filter_and_what_is_wrong_with_it() -> None:
    plan = arrange_leads(ALL, View("coach:jonas"), NOW)
    assert (plan.shown, plan.total, plan.warning) == (2, 5, "")
    plan = arrange_leads(ALL, View("coahc:jonas"), NOW)
    assert (plan.groups, plan.total) == ((), 5)
    assert "did you mean coach:" in plan.warning
    assert arrange_leads(ALL, View("new"), NOW, {"ada"}).groups[0].leads == (ADA,)


def crowd(number: int, coaches: int) -> list[Lead]:
    return [named(f"L{n:03}", RECENT, AHEAD, coach=f"C{n % coaches}") for n in range(number)]


def test_many_leads_of_several_coaches_are_grouped_and_folded() -> None:
    assert arrange_leads(crowd(GROUPING_THRESHOLD, 2), View(), NOW).grouping is Grouping.NONE
    assert arrange_leads(crowd(GROUPING_THRESHOLD + 1, 1), View(), NOW).grouping is Grouping.NONE
    plan = arrange_leads(crowd(GROUPING_THRESHOLD + 1, 2), View(), NOW)
    assert plan.grouping is Grouping.COACH
    assert all(isinstance(one, LeadGroup) for one in iter_rows(plan, FoldState()))


def test_a_filter_that_leaves_few_unfolds_them() -> None:
    plan = arrange_leads(crowd(GROUPING_THRESHOLD + 1, 2), View("l00"), NOW)
    shown = list(iter_rows(plan, FoldState()))
    assert [len(group.leads) for group in plan.groups] == [5, 5]
    assert len(shown) == 12


def test_of_many_by_need_only_the_fine_are_folded() -> None:
    many = [*crowd(GROUPING_THRESHOLD, 2), BEN]
    plan = arrange_leads(many, View(group=Grouping.NEED), NOW)
    assert [type(one) for one in iter_rows(plan, FoldState())] == [LeadGroup, Lead, LeadGroup]


def test_folding_by_hand() -> None:
    plan = arrange_leads(ALL, View(group=Grouping.COACH), NOW)
    first = plan.groups[0]
    folds = FoldState().toggle(first)
    assert [folds.is_folded(group, plan) for group in plan.groups] == [True, False, False]
    assert folds.toggle(first) == FoldState()
    none = folds.toggle_all(plan)
    assert not any(none.is_folded(group, plan) for group in plan.groups)
    every = none.toggle_all(plan)
    assert all(every.is_folded(group, plan) for group in plan.groups)
    assert list(iter_rows(plan, every)) == list(plan.groups)


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
    st.sampled_from(SortOrder),
    st.none() | st.sampled_from(Grouping),
)


def listed(plan: Arrangement) -> list[Lead]:
    return [one for group in plan.groups for one in group.leads]


@given(leads, views)
def test_grouping_and_sorting_lose_nobody_and_filtering_twice_is_once(
    some: list[Lead], view: View
) -> None:
    plan = arrange_leads(some, view, NOW)
    found = listed(plan)
    assert len({one.id for one in found}) == len(found) == plan.shown
    assert all(group.leads for group in plan.groups)
    flat = listed(arrange_leads(some, replace(view, group=Grouping.NONE), NOW))
    assert sorted(one.id for one in flat) == sorted(one.id for one in found)
    assert [listed(arrange_leads(found, view, NOW))] == [found]
    opened = list(iter_rows(plan, FoldState(all_folded=False)))
    assert [one for one in opened if isinstance(one, Lead)] == found
