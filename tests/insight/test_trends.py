"""Count levels, actions and intervals over time, against hand-made leads and a recount by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, TODAY, action, day, lead, session, task
from tldash.documents.framework import load_shipped
from tldash.insight.skills import build_skill_progress
from tldash.insight.trends import LevelSource, SessionTrend, Trends, find_trends
from tldash.model.records import Action, Lead, Marker, Session, SessionStatus, Status

FRAMEWORK = load_shipped()
LISTENING = FRAMEWORK.skills[0]
DONE, DROPPED = Status.DONE, Status.CANCELLED
MISSED, CANCELLED = SessionStatus.MISSED, SessionStatus.CANCELLED


def with_actions(*sessions: Session, loose: tuple[Action, ...] = (), **more: object) -> Lead:
    """A lead whose sessions have their actions, as the builder makes it."""
    agreed = tuple(one for session in sessions for one in session.actions)
    return lead(*sessions, actions=agreed + loose, **more)


def held(at: str, *actions: Action, **more: object) -> Session:
    return replace(session(at, **more), actions=actions)  # type: ignore[arg-type]


def counts(found: Trends) -> list[tuple[str, int, int, int]]:
    return [(str(one.day), one.opened, one.closed, one.carried) for one in found.sessions]


ADA = with_actions(
    held(
        "2026-07-01",
        action("closed before the next", DONE, "2026-07-01", done=day("2026-07-20")),
        action("closed on the day of the next", DONE, "2026-07-01", done=day("2026-08-01")),
        action("carried twice, then dropped", DROPPED, "2026-07-01", cancelled=day("2026-10-05")),
        next="2026-08-01",
    ),
    held(
        "2026-08-01",
        action("closed without a date", DONE, "2026-08-01"),
        action("still open", session="2026-08-01"),
    ),
    session("2026-08-20", CANCELLED, written=False),
    session("2026-09-01", MISSED, written=False),
    held("2026-10-01", next="2026-11-01"),
    session("2026-12-01", written=False),
    session("2026-12-20", CANCELLED, written=False),
    loose=(
        action("of a note", DONE, created=day("2026-09-01"), done=day("2026-09-11")),
        action("of a note without a day", DONE, done=day("2026-11-11")),
        action("open in a note"),
    ),
)


def test_actions_by_session():
    found = find_trends(ADA, FRAMEWORK, NOW)
    assert counts(found) == [
        ("2026-07-01", 3, 0, 0),
        ("2026-08-01", 2, 2, 1),
        ("2026-08-20", 0, 0, 0),
        ("2026-09-01", 0, 0, 0),
        ("2026-10-01", 0, 1, 2),
    ]
    actions = found.actions
    assert (actions.opened, actions.done, actions.dropped, actions.undated) == (5, 4, 1, 1)
    assert (actions.open_now, actions.closed_since) == (2, 2)
    assert actions.median_days == median([19, 31, 96, 10])


def test_what_sessions_ended_with():
    actions = find_trends(ADA, FRAMEWORK, NOW).actions
    assert (actions.with_action, actions.with_next, actions.with_both) == (2, 2, 1)


def test_the_cadence():
    found = find_trends(ADA, FRAMEWORK, NOW)
    assert [(one.gap, one.kept) for one in found.sessions] == [
        *((None, None), (31, True), (None, None), (None, None), (61, False)),
    ]
    cadence = found.cadence
    assert (cadence.planned, cadence.gaps, cadence.kept, cadence.median_gap) == (30, 2, 1, 46)
    assert (cadence.held, cadence.missed, cadence.cancelled) == (3, 1, 1)
    assert (cadence.since_last, cadence.is_past) == (50, True)


def test_an_interval_of_exactly_the_factor_keeps_the_cadence():
    sessions = session("2026-07-01"), session("2026-08-12"), session("2026-09-24")
    found = find_trends(lead(*sessions), FRAMEWORK, NOW)
    assert [(one.gap, one.kept) for one in found.sessions[1:]] == [(42, True), (43, False)]


def test_ad_hoc_sessions_keep_to_no_cadence():
    found = find_trends(replace(ADA, cadence=None), FRAMEWORK, NOW)
    assert (found.cadence.gaps, found.cadence.kept, found.cadence.is_past) == (2, 0, False)
    assert {one.kept for one in found.sessions} == {None}


def test_paused_and_ended_leads_have_a_past_but_nothing_open():
    before = find_trends(ADA, FRAMEWORK, NOW)
    for status in ("paused", "ended"):
        found = find_trends(replace(ADA, status=status), FRAMEWORK, NOW)
        assert found.sessions == before.sessions
        assert (found.actions.open_now, found.cadence.since_last) == (0, None)
        assert not found.cadence.is_past


def test_from_a_day_on():
    """The sessions that count have the same figures as without the day."""
    found = find_trends(ADA, FRAMEWORK, NOW, day("2026-08-01"))
    assert found.sessions == find_trends(ADA, FRAMEWORK, NOW).sessions[1:]
    actions = found.actions
    assert (actions.opened, actions.done, actions.dropped) == (2, 3, 1)
    assert (found.cadence.held, found.cadence.gaps) == (2, 2)
    assert found.first_day == day("2026-08-01")
    assert find_trends(ADA, FRAMEWORK, NOW).first_day == day("2026-07-01")


def test_nothing_yet():
    found = find_trends(lead(), FRAMEWORK, NOW)
    assert found.sessions == ()
    assert {skill.steps for skill in found.skills} == {()}
    assert (found.cadence.median_gap, found.actions.median_days) == (None, None)
    assert found.first_day == TODAY


# Levels


def steps(of: Lead, since: date | None = None) -> list[tuple[str, int, LevelSource]]:
    (skill,) = [s for s in find_trends(of, FRAMEWORK, NOW, since).skills if s.skill is LISTENING]
    return [(str(step.day), step.rank, step.source) for step in skill.steps]


def agreed(at: str, level: str) -> Session:
    return replace(session(at), levels=(("listening", level),))


def markers(level: str, *done: str) -> tuple[Marker, ...]:
    """Ticked markers of a level; an empty day is ticked without one, and `-` is not ticked."""
    return tuple(
        Marker("listening", level, task(f"{level} {index}", line=index))
        if at == "-"
        else Marker(
            "listening",
            level,
            task(f"{level} {index}", DONE, line=index, **({"done": day(at)} if at else {})),
        )
        for index, at in enumerate(done)
    )


def test_agreed_levels_are_steps():
    someone = lead(
        agreed("2026-07-01", "beginner"),
        agreed("2026-08-01", "nonsense"),
        agreed("2026-09-01", "intermediate"),
        agreed("2026-12-01", "advanced"),
    )
    first = ("2026-07-01", 1, LevelSource.AGREED)
    last = ("2026-09-01", 2, LevelSource.AGREED)
    assert steps(someone) == [first, last]
    assert steps(someone, day("2026-08-15")) == [first, last]
    assert steps(someone, day("2026-09-01")) == [last]
    (skill,) = (s for s in find_trends(someone, FRAMEWORK, NOW).skills if s.skill is LISTENING)
    assert skill.step_at(day("2026-06-30")) is None
    assert [skill.step_at(day(at)).rank for at in ("2026-07-01", "2026-08-31")] == [1, 1]  # type: ignore[union-attr]


def test_markers_estimate_a_level_until_one_is_agreed():
    ticked = markers("beginner", "2026-05-01", "2026-06-01") + markers(
        "intermediate", "", "2027-01-01"
    )
    by_markers = [
        ("2026-06-01", 1, LevelSource.MARKERS),
        (str(TODAY), 2, LevelSource.MARKERS),
    ]
    assert steps(lead(markers=ticked)) == by_markers
    assert build_skill_progress(lead(markers=ticked), FRAMEWORK, NOW)[0].rank == 2
    agreeing = lead(agreed("2026-07-01", "beginner"), markers=ticked)
    assert steps(agreeing) == [by_markers[0], ("2026-07-01", 1, LevelSource.AGREED)]
    assert steps(lead(markers=markers("beginner", "2026-05-01", "-"))) == []


# A recount in another way: day by day, and action by action

DAYS = st.integers(0, 40).map(lambda number: TODAY - timedelta(number))


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    days = draw(st.lists(DAYS, max_size=6, unique=True))
    sessions = []
    for at in sorted(days):
        status = draw(st.sampled_from([None, None, None, MISSED, CANCELLED]))
        found = draw(st.lists(actions(at), max_size=4))
        following = draw(st.sampled_from([None, "2026-12-01"]))
        made = session(str(at), status, written=status is None, next=following)
        sessions.append(replace(made, actions=tuple(found)))
    loose = tuple(draw(st.lists(actions(None), max_size=2)))
    cadence = draw(st.sampled_from([None, 7, 10]))
    return with_actions(*sessions, loose=loose, cadence=cadence)


@st.composite
def actions(draw: st.DrawFn, at: date | None) -> Action:
    status = draw(st.sampled_from(Status))
    fields = {}
    if at is None:
        fields["created"] = draw(st.one_of(st.none(), DAYS))
    if status in (DONE, DROPPED) and draw(st.booleans()):
        fields["done" if status is DONE else "cancelled"] = draw(DAYS)
    return action("a", status, str(at) if at else None, **fields)


def is_open_on(one: Action, at: date) -> bool:
    """Whether an action was agreed before the end of a day and not closed by then."""
    closed = one.task.fields.done or one.task.fields.cancelled
    if one.session is None or one.session > at:
        return False
    return not one.status.closed if closed is None else closed > at


@given(leads(), st.one_of(st.none(), DAYS))
def test_figures_equal_a_recount(someone: Lead, since: date | None):
    found = find_trends(someone, FRAMEWORK, NOW, since)
    first = since or date.min
    real = [one for one in someone.sessions if one.has_notes]
    shown = [one for one in found.sessions if one.status is SessionStatus.HELD]
    assert [one.session for one in shown] == [one for one in real if one.at.day >= first]
    for one in shown:
        recount(one, someone, real)
    assert found.cadence.gaps == sum(one.gap is not None for one in shown)
    assert found.cadence.kept == sum(one.kept is True for one in shown)
    assert found.actions.opened == sum(len(one.session.actions) for one in shown)
    open_now = sum(one.status in (Status.OPEN, Status.IN_PROGRESS) for one in someone.actions)
    assert found.actions.open_now == open_now
    stayed = []
    for one in someone.actions:
        closed = one.task.fields.done or one.task.fields.cancelled
        start = one.session or one.task.fields.created
        if closed and start and closed >= max(first, start):
            stayed.append((closed - start).days)
    assert found.actions.median_days == (median(stayed) if stayed else None)
    everywhere = found.actions.done + found.actions.dropped + found.actions.undated
    if since is None:
        assert everywhere == sum(one.status.closed for one in someone.actions)
        assert sum(one.closed for one in shown) + found.actions.closed_since == (
            found.actions.done + found.actions.dropped
        )


def recount(one: SessionTrend, someone: Lead, real: list[Session]) -> None:
    index = real.index(one.session)
    before = real[index - 1] if index else None
    carried = [a for a in someone.actions if is_open_on(a, one.day) and a.session != one.day]
    assert one.carried == len(carried)
    start = before.at.day + timedelta(1) if before else one.day - timedelta(1000)
    days = {start + timedelta(n) for n in range((one.day - start).days + 1)}
    closings = [a.task.fields.done or a.task.fields.cancelled for a in someone.actions]
    assert one.closed == sum(at in days for at in closings)
    assert one.gap == ((one.day - before.at.day).days if before else None)
    if someone.cadence and one.gap is not None:
        assert one.kept is (one.gap <= 1.4 * someone.cadence)
    assert one.has_next is (one.session.next is not None)
