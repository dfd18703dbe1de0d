"""Find the agenda that each open topic is on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.records import NOW, TODAY, day, lead, session, task
from tests.support.tables import each
from tldash.insight import topics
from tldash.insight.schedule import NextState, find_next_session, find_upcoming_sessions
from tldash.model.records import Lead, Session, SessionStatus, Status, Task

HELD, PLANNED = SessionStatus.HELD, SessionStatus.PLANNED
CANCELLED, MISSED = SessionStatus.CANCELLED, SessionStatus.MISSED
OCTOBER, NOVEMBER, DECEMBER, JANUARY = "2026-10-06", "2026-11-03", "2026-12-01", "2027-01-05"


def meeting(at: str, *found: Task | str, status: SessionStatus | None = None) -> Session:
    """A session with topics, one a line; a text stands for an open topic."""
    path = f"ada/sessions/{at}.md"
    listed = (topic(one) if isinstance(one, str) else one for one in found)
    placed = (replace(one, path=path, line=line) for line, one in enumerate(listed, 10))
    return session(at, status, written=False, topics=tuple(placed))


def topic(text: str, status: Status = Status.OPEN, **fields: object) -> Task:
    return task(text, status, section=("Agenda",), **fields)


def on_agendas(someone: Lead, during: Session | None = None) -> list[list[str]]:
    """The texts on the agendas to come, without those that are empty at the end."""
    found = [[one.task.text for one in a.topics] for a in topics.place_topics(someone, NOW, during)]
    while found and not found[-1]:
        found.pop()
    return found


def test_topics_that_were_left_open_come_before_those_of_the_next_session():
    someone = lead(
        meeting("2026-09-01", "delegation", status=MISSED),
        meeting(OCTOBER, "the outage", topic("settled", Status.DONE), status=HELD),
        meeting(NOVEMBER, topic("dropped", Status.CANCELLED), "on call", status=CANCELLED),
        meeting(DECEMBER, topic("the cutover", owner="ada")),
    )  # fmt: skip
    found = topics.find_agenda(someone, NOW)
    assert [(one.task.text, one.left_open_from, one.by) for one in found] == [
        ("delegation", day("2026-09-01"), None),
        ("the outage", day(OCTOBER), None),
        ("on call", day(NOVEMBER), None),
        ("the cutover", None, "ada"),
    ]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param(
            [meeting(OCTOBER, "old"), meeting(DECEMBER, "own"), meeting(JANUARY, "later")],
            [["old", "own"], ["later"]],
            id="each upcoming session has its own topics",
        ),
        pytest.param(
            [meeting(OCTOBER, topic("old", scheduled=day(JANUARY))), meeting(DECEMBER, "own"),
             meeting(JANUARY, "later")],
            [["own"], ["old", "later"]],
            id="scheduled to a planned session",
        ),
        pytest.param(
            [meeting(OCTOBER, topic("old", scheduled=day("2026-12-02"))), meeting(DECEMBER),
             meeting(JANUARY)],
            [[], ["old"]],
            id="scheduled between two sessions",
        ),
        pytest.param(
            [meeting(DECEMBER), meeting(JANUARY, topic("sooner", scheduled=day(DECEMBER)))],
            [["sooner"]],
            id="scheduled to a session before its own",
        ),
        pytest.param(
            [meeting(DECEMBER, topic("own", scheduled=day("2027-03-01")))],
            [[], ["own"]],
            id="scheduled to after all planned sessions",
        ),
        pytest.param(
            [meeting(OCTOBER, topic("old", scheduled=day(NOVEMBER)), status=HELD)],
            [["old"]],
            id="scheduled to a day that is past",
        ),
        pytest.param(
            [meeting(OCTOBER, "old", topic("far", scheduled=day("2027-06-01")), status=HELD)],
            [["old"], ["far"]],
            id="nothing is planned",
        ),
        pytest.param(
            [meeting(OCTOBER, "old", status=HELD), meeting(NOVEMBER, "own")],
            [["old", "own"]],
            id="the last session was not written up",
        ),
        pytest.param(
            [meeting(OCTOBER, "copied"), meeting(NOVEMBER, topic("Copied", Status.DONE))],
            [],
            id="copied by hand, and settled there",
        ),
        pytest.param(
            [meeting(OCTOBER, "copied"), meeting(DECEMBER, "copied")],
            [["copied"]],
            id="copied by hand into the next session",
        ),
        pytest.param(
            [meeting(DECEMBER, "wins"), meeting(JANUARY, "wins")],
            [["wins"], ["wins"]],
            id="the same topic on every agenda to come",
        ),
        pytest.param(
            [meeting(OCTOBER, topic("wins", repeat="1m"),
                     topic("wins", Status.DONE, repeat="1m", done=day(OCTOBER)), status=HELD)],
            [["wins"]],
            id="the next occurrence in a held session",
        ),
        pytest.param(
            [meeting(DECEMBER, topic("wins", repeat="1m"),
                     topic("wins", Status.DONE, repeat="1m", done=TODAY)), meeting(JANUARY)],
            [[], ["wins"]],
            id="the next occurrence in a session to come",
        ),
        pytest.param(
            [meeting(DECEMBER, topic("wins", repeat="1m"), topic("wins", Status.DONE))],
            [["wins"]],
            id="a line that is done and did not repeat",
        ),
    ],
)  # fmt: skip
def test_which_agenda_an_open_topic_is_on(sessions, expected):
    assert on_agendas(lead(*sessions)) == expected


def test_the_agenda_of_a_promised_session_without_a_file():
    last = replace(meeting(NOVEMBER, "old", status=HELD), next=session(DECEMBER).at)
    agenda, later = topics.place_topics(lead(last), NOW)
    assert (agenda.at, agenda.session) == (session(DECEMBER).at, None)
    assert [one.task.text for one in agenda.topics] == ["old"]
    assert later.topics == ()


def test_a_topic_is_left_open_once_its_session_is_written_up():
    someone = lead(meeting(OCTOBER, "old", status=HELD), meeting(NOVEMBER, "own"))
    found = topics.find_agenda(someone, NOW)
    assert [one.left_open_from for one in found] == [day(OCTOBER), None]


def test_the_agenda_of_the_session_that_is_being_held():
    before, today = meeting(OCTOBER, "old"), meeting(str(TODAY), "own", status=HELD)
    someone = lead(before, today, meeting(DECEMBER, "next"))
    assert on_agendas(someone) == [["old", "own", "next"]]
    assert on_agendas(someone, during=today) == [["old", "own"], ["next"]]
    assert on_agendas(someone, during=before) == [["old"], ["own", "next"]]
    assert topics.find_agenda(someone, NOW, today)[0].left_open_from == day(OCTOBER)


def test_the_agenda_of_one_session():
    someone = lead(meeting(OCTOBER, "old"), meeting(DECEMBER, "own"), meeting(JANUARY, "later"))
    old, december, january = someone.sessions
    assert [t.task.text for t in topics.find_agenda_of(december, someone, NOW)] == ["old", "own"]
    assert [t.task.text for t in topics.find_agenda_of(january, someone, NOW)] == ["later"]
    assert topics.find_agenda_of(old, someone, NOW) == ()


def test_the_sessions_of_a_running_file_have_topics_of_their_own():
    parts = [
        replace(meeting(at, text), path="ada/1on1.md", section=at)
        for at, text in ((OCTOBER, "old"), (DECEMBER, "own"), (JANUARY, "later"))
    ]
    assert on_agendas(lead(*parts)) == [["old", "own"], ["later"]]


@each(
    ("of", "on", "expected"),
    [
        (OCTOBER, "2026-10-06", DECEMBER),
        (OCTOBER, DECEMBER, JANUARY),  # settled on the day of the next session
        (DECEMBER, "2026-11-20", JANUARY),  # settled before its own session
        (JANUARY, "2026-11-20", None),
    ],
)
def test_the_session_that_a_repeating_topic_returns_to(of, on, expected):
    someone = lead(
        meeting(OCTOBER, "wins"),
        meeting("2026-11-25", status=CANCELLED),
        meeting(DECEMBER, "wins"),
        meeting(JANUARY, "wins", status=PLANNED),
    )
    here = next(one for one in someone.sessions if one.at.day == day(of))
    found = topics.find_return(someone, here.topics[0], day(on))
    assert (str(found.at.day) if found else None) == expected
    assert topics.find_return(someone, task("wins"), day(on)) is None


DAYS = st.integers(-100, 100).map(lambda days: TODAY + timedelta(days))


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    """A lead with sessions of every status, before and after today, and topics of every kind."""
    sessions = []
    for at in sorted(draw(st.sets(DAYS, max_size=6))):
        found = []
        for number in range(draw(st.integers(0, 4))):
            status = draw(st.sampled_from(Status))
            found.append(
                topic(
                    f"{at} {number // 2}",
                    status,
                    scheduled=draw(st.none() | DAYS),
                    repeat=draw(st.sampled_from([None, "1m"])),
                    done=draw(st.none() | DAYS) if status is Status.DONE else None,
                )
            )
        status = draw(st.none() | st.sampled_from(SessionStatus))
        written, following = draw(st.booleans()), draw(st.none() | DAYS)
        sessions.append(
            replace(
                meeting(str(at), *found, status=status),
                has_notes=written or following is not None,
                next=session(str(following)).at if following else None,
            )
        )
    return lead(*sessions, cadence=draw(st.sampled_from([None, 7, 30])))


@given(leads())
def test_each_open_topic_is_on_exactly_one_agenda(someone):
    agendas = topics.place_topics(someone, NOW)
    found = Counter((one.task.path, one.task.line) for agenda in agendas for one in agenda.topics)
    opened = [one for s in someone.sessions for one in s.topics if not one.status.closed]
    assert found == Counter((one.path, one.line) for one in opened)
    assert topics.find_agenda(someone, NOW) == agendas[0].topics
    assert agendas[0].at == _next_moment(someone)
    coming, unwritten = (
        find_upcoming_sessions(someone, NOW),
        find_next_session(someone, NOW).session,
    )
    expected = [*coming] if coming or unwritten is None else [unwritten]
    assert [one.session for one in agendas if one.session] == expected


@given(leads())
def test_a_scheduled_topic_is_never_on_an_earlier_agenda(someone):
    for agenda in topics.place_topics(someone, NOW):
        for one in agenda.topics:
            planned = one.task.fields.scheduled
            if agenda.at is not None and planned is not None:
                assert agenda.at.day >= planned


def _next_moment(someone: Lead) -> object:
    found = find_next_session(someone, NOW)
    return None if found.state is NextState.MISSING else found.at
