"""Find the leads that need attention, and the reasons."""

from __future__ import annotations

from tests.support.records import NOW, action, day, lead, session
from tests.support.tables import each
from tldash.insight.attention import (
    AttentionCode,
    compute_urgency,
    find_attention_reasons,
    is_pressing,
    sort_by_urgency,
)
from tldash.model.records import Problem, SessionStatus, Severity

FINE = (session("2026-11-03"), session("2026-12-01", written=False))


def late(number: int = 1):
    return tuple(
        action(f"a{i}", session="2026-11-03", due=day("2026-11-10")) for i in range(number)
    )


def problem(severity: Severity = Severity.ERROR) -> Problem:
    return Problem("x.md", 1, 1, severity, "code", "message")


@each(
    ("someone", "reasons"),
    [
        (lead(*FINE), []),
        (lead(), ["no next session"]),
        (lead(session("2026-11-03")), ["no next session"]),
        (lead(session("2026-10-01"), FINE[1]), ["past cadence (7 weeks)"]),
        (lead(session("2026-10-01"), FINE[1], cadence=91), []),
        (lead(session("2026-10-01"), FINE[1], cadence=None), []),
        (lead(session("2026-10-10"), FINE[1]), []),
        (
            lead(session("2026-11-03"), session("2026-11-17", written=False)),
            ["session not written up"],
        ),
        (
            lead(session("2026-11-03", next="2026-11-19")),
            ["no notes on the session planned yesterday"],
        ),
        (
            lead(session("2026-11-03"), session("2026-11-17", SessionStatus.MISSED)),
            ["missed the last session", "no next session"],
        ),
        (lead(*FINE, actions=late()), ["1 overdue"]),
        (lead(*FINE, actions=late(3)), ["3 overdue"]),
        (
            lead(
                *(session(f"2026-{month:02}-20") for month in (7, 8, 9, 10)),
                FINE[1],
                actions=(action(session="2026-07-20"),),
            ),
            ["1 action carried over 3 times"],
        ),
        (lead(*FINE, problems=(problem(), problem(Severity.WARNING))), ["1 problem in the files"]),
        (lead(status="Paused "), []),
        (lead(status="ended", actions=late(3)), []),
        (lead(status="active"), ["no next session"]),
    ],
)
def test_the_reasons_in_words(someone, reasons):
    assert [reason.message for reason in find_attention_reasons(someone, NOW)] == reasons


def test_the_most_pressing_comes_first():
    sessions = [session(f"2026-0{month}-01") for month in (1, 2, 3, 4)]
    someone = lead(
        *sessions,
        session("2026-05-01", SessionStatus.MISSED),
        actions=(*late(), action(session="2026-01-01")),
        problems=(problem(),),
    )
    codes = [reason.code for reason in find_attention_reasons(someone, NOW)]
    assert codes == [
        AttentionCode.PAST_CADENCE,
        AttentionCode.MISSED,
        AttentionCode.NO_NEXT,
        AttentionCode.OVERDUE,
        AttentionCode.CARRIED,
        AttentionCode.PROBLEMS,
    ]
    assert codes == sorted(codes, key=list(AttentionCode).index)


def test_late_actions_alone_are_the_leads_own_business():
    assert not is_pressing(find_attention_reasons(lead(*FINE), NOW))
    assert not is_pressing(find_attention_reasons(lead(*FINE, actions=late(5)), NOW))
    assert is_pressing(find_attention_reasons(lead(session("2026-11-03")), NOW))
    assert is_pressing(
        find_attention_reasons(lead(*FINE, actions=late(), problems=(problem(),)), NOW)
    )


def test_leads_in_the_order_of_need():
    fine = lead(*FINE, name="fine")
    sooner = lead(session("2026-11-03"), session("2026-11-25"), name="sooner")
    unplanned = lead(session("2026-11-03"), name="unplanned")
    long_ago = lead(session("2026-01-03"), name="long ago")
    some_late = lead(*FINE, actions=late(), name="some late")
    more_late = lead(*FINE, actions=late(4), name="more late")
    paused = lead(status="paused", name="Aaron")
    everybody = (paused, fine, some_late, sooner, unplanned, more_late, long_ago)
    names = [one.name for one in sort_by_urgency(everybody, NOW)]
    assert names == [
        "long ago", "unplanned", "more late", "some late", "sooner", "fine", "Aaron",
    ]  # fmt: skip
    assert compute_urgency(fine, NOW) == 0
    assert sort_by_urgency(tuple(reversed(everybody)), NOW) == sort_by_urgency(everybody, NOW)


def test_leads_alike_in_need_come_by_name():
    assert [one.name for one in sort_by_urgency((lead(name="b"), lead(name="A")), NOW)] == [
        "A",
        "b",
    ]


def test_a_lead_whose_coaching_is_paused_comes_after_everybody_who_needs_something():
    paused = lead(status="paused", actions=late(9), name="paused")
    needy = lead(session("2026-11-03"), name="needy")
    assert sort_by_urgency((paused, needy), NOW)[0] is needy
