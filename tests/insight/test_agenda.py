"""What comes up in the next days, and the sessions of each month."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.records import NOW, TODAY, action, day, lead, session
from tldash.insight.agenda import build_agenda
from tldash.insight.schedule import CadenceCell, build_months
from tldash.model.records import Priority, SessionStatus, Status


def test_days_have_their_sessions_and_their_open_actions():
    ada = lead(
        session("2026-11-24"),
        actions=(
            action("low", due=TODAY, priority=Priority.LOW),
            action("high", due=TODAY, priority=Priority.HIGH),
            action("done", Status.DONE, due=TODAY),
            action("late", due=TODAY - timedelta(1)),
            action("last day", due=TODAY + timedelta(13)),
            action("after", due=TODAY + timedelta(14)),
            action("no date"),
        ),
    )
    found = build_agenda((ada,), NOW, 14)
    assert [(one.day, [a.task.text for a, _ in one.actions]) for one in found] == [
        (TODAY, ["high", "low"]),
        (day("2026-11-24"), []),
        (TODAY + timedelta(13), ["last day"]),
    ]
    assert [at.day for at, _ in found[1].sessions] == [day("2026-11-24")]
    assert build_agenda((), NOW, 14) == ()


def test_the_last_day_of_the_calendar_ends_no_agenda():
    someone = lead(actions=(action("far", due=date.max),))
    assert build_agenda((someone,), NOW, 14) == ()


def test_months_have_the_sessions_held_missed_and_planned():
    held, missed = SessionStatus.HELD, SessionStatus.MISSED
    someone = lead(
        session("2025-10-31", status=held),
        session("2026-08-04", status=held),
        session("2026-08-18", status=held),
        session("2026-10-06", status=missed),
        session("2026-12-01"),
    )
    months = build_months(someone, NOW, day("2026-08-01"), 5)
    assert months == (
        (CadenceCell.HELD, CadenceCell.HELD),
        (),
        (CadenceCell.MISSED,),
        (),
        (CadenceCell.TO_COME,),
    )
