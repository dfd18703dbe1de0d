"""Find slipping actions, and count them by owner."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, action, day, lead, session
from tldash.insight.slipping import OwnerSlips, count_by_owner, find_slipping
from tldash.model.records import Action, Lead, Status

DAYS = ("2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01")
DUE = ("2026-07-15", "2026-08-15", "2026-09-15", "2026-10-15")
DONE, DROPPED = Status.DONE, Status.CANCELLED


def someone(*actions: Action, **more: object) -> Lead:
    return lead(*map(session, DAYS), actions=actions, **more)


def found(*actions: Action, **more: object) -> list[tuple[str, int, int]]:
    slips = find_slipping(someone(*actions, **more), NOW)
    return [(one.action.task.text, len(one.through), one.moves) for one in slips]


def copies(*due: str | None, status: Status = DROPPED, **more: object) -> list[Action]:
    """The same action in one session after the other, dropped in all but the last one."""
    made = []
    for index, at in enumerate(due):
        fields = {**more, **({"due": day(at)} if at else {})}
        now = status if index < len(due) - 1 else Status.OPEN
        made.append(action("call", now, DAYS[index], **fields))
    return made


def test_carried_over_twice():
    assert found(
        action("twice", session=DAYS[1]),
        action("once", session=DAYS[2]),
        action("done", DONE, DAYS[0], done=day("2026-11-01")),
        action("of a note"),
    ) == [("twice", 2, 0)]


def test_a_due_date_that_moved_twice():
    late = replace(copies(*DUE[:3])[2], session=day(DAYS[3]))
    assert found(*copies(*DUE[:3])[:2], late) == [("call", 0, 2)]
    slip = find_slipping(someone(*copies(*DUE[:3])[:2], late), NOW)[0]
    assert list(map(str, slip.due_dates)) == [*DUE[:3]]
    assert (slip.is_carried, slip.is_moved) == (False, True)
    assert found(*copies(*DUE[:2])[:1], replace(late, task=copies(*DUE[:2])[1].task)) == []


def last_of(made: list[Action]) -> tuple[Action, ...]:
    """Move the last copy to the last session, so that it is not carried over."""
    return (*made[:-1], replace(made[-1], session=day(DAYS[3])))


def test_what_is_no_move():
    earlier = (DUE[0], DUE[1], DUE[0])
    assert found(*last_of(copies(*earlier))) == []
    assert found(*last_of(copies(DUE[0], None, DUE[1]))) == []
    assert found(*last_of(copies(*DUE[:3], repeat="every month"))) == []
    assert found(*last_of(copies(*DUE[:3], status=DONE))) == []
    here = [replace(one, session=day(DAYS[3])) for one in copies(*DUE[:3], status=Status.OPEN)]
    assert found(*here) == []  # three lines of one session
    loose = [replace(one, session=None) for one in copies(*DUE[:3], status=Status.OPEN)]
    assert found(*loose) == []


def test_copies_are_the_same_ignoring_case():
    one, *others = last_of(copies(*DUE[:3]))
    shouted = replace(one, task=replace(one.task, text="CALL"))
    assert found(shouted, *others) == [("call", 0, 2)]


def test_paused_and_ended_leads_have_none():
    late = action("twice", session=DAYS[1])
    assert found(late, status="paused") == found(late, status="ended") == []


def test_the_ledger():
    ada = someone(
        action("a", session=DAYS[0]),
        action("b", session=DAYS[0], owner="Ada"),
        action("c", session=DAYS[0], owner="mira", coach_owned=True),
        action("d", session=DAYS[0], owner="coach", coach_owned=True),
        action("e", session=DAYS[0], owner="owl"),
        action("f", session=DAYS[0], owner="Owl"),
        *last_of(copies(*DUE[:3], owner="owl")),
    )
    ben = replace(ada, id="ben", name="Ada Lindqvist", actions=ada.actions[:1], coach=None)
    rows = [(one, slip) for one in (ada, ben) for slip in find_slipping(one, NOW)]
    assert count_by_owner(rows) == (
        OwnerSlips("@owl", 3, 2, 1, 2),
        OwnerSlips("Ada Lindqvist", 2, 2, 0, 0),
        OwnerSlips("Mira", 2, 2, 0, 0),
        OwnerSlips("Ada Lindqvist", 1, 1, 0, 0),
    )


STATUSES = st.sampled_from([Status.OPEN, DROPPED, DONE])
LINES = st.tuples(st.integers(0, 3), st.sampled_from("aA"), STATUSES, st.integers(-1, 3))


@given(st.lists(LINES, max_size=8))
def test_moves_equal_a_walk_back_from_each_action(lines):
    """An oracle: from an open action back to the last one done, session by session."""
    made = [
        action(text, status, DAYS[at], line=n, **({"due": day(DUE[due])} if due >= 0 else {}))
        for n, (at, text, status, due) in enumerate(sorted(lines, key=lambda line: line[0]))
    ]
    moves = {one.action.task.line: one.moves for one in find_slipping(someone(*made), NOW)}
    for place, one in enumerate(made):
        before = []
        for session_day in reversed([at for at in map(day, DAYS) if at < one.session]):
            here = [other for other in made[:place] if other.session == session_day]
            if here and here[-1].status is DONE:
                break
            before += here[-1:]
        dates = [other.due for other in (one, *before) if other.due][::-1]
        records = [at for index, at in enumerate(dates) if all(at > e for e in dates[:index])]
        expected = max(len(records) - 1, 0)
        carried = sum(at > one.session for at in map(day, DAYS)) >= 2
        if not one.status.closed and (carried or expected >= 2):
            assert moves[one.task.line] == expected
