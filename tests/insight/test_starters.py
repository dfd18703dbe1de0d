"""Find where a lead stands among the starters, and the shape of a session."""

from __future__ import annotations

from dataclasses import replace

from tests.support.records import NOW, day, lead, session
from tests.support.tables import each
from tldash.documents.framework import build_framework, load_shipped
from tldash.insight.starters import (
    describe_position,
    find_position,
    find_position_on,
    find_shape,
)
from tldash.model.framework import Framework, Starter
from tldash.model.records import SessionStatus

FRAMEWORK = load_shipped()
HELD = [session(f"2026-{month:02}-02") for month in range(1, 11)]


@each(
    ("held", "text", "shape"),
    [
        (0, "session 1 of the seven starters: Get to know each other and set goals", "first"),
        (3, "session 4 of the seven starters: The hard one", "regular"),
        (6, "session 7 of the seven starters: Look back and decide how to continue", "review"),
        (7, "session 8: On your own terms", "regular"),
        (10, "session 11: On your own terms", "regular"),
    ],
)
def test_the_next_session_is_one_of_the_starters_or_after_them(held, text, shape):
    someone = lead(*HELD[:held])
    assert describe_position(find_position(someone, FRAMEWORK, NOW)) == text
    found = find_shape(someone, FRAMEWORK, NOW)
    assert found is not None
    assert found.id == shape


def test_a_session_that_did_not_take_place_leaves_its_place_to_the_next():
    cancelled = replace(session("2026-03-20"), status=SessionStatus.CANCELLED)
    missed = replace(session("2026-04-20"), status=SessionStatus.MISSED)
    planned = replace(session("2026-12-04"), status=SessionStatus.PLANNED)
    someone = lead(*HELD[:3], cancelled, missed, planned)
    sessions = someone.sessions
    numbers = [find_position(someone, FRAMEWORK, NOW, s).number for s in sessions]
    assert numbers == [1, 2, 3, 4, 4, 4]
    assert find_position(someone, FRAMEWORK, NOW).number == 4
    assert find_position_on(someone, FRAMEWORK, NOW, day("2026-12-24")).number == 5
    assert find_position_on(someone, FRAMEWORK, NOW, day("2026-02-24")).number == 3


def test_how_many_starters_there_are_comes_from_the_framework():
    skills = [{"id": "a", "name": "A", "levels": [{"id": "x"}]}]
    one = build_framework({"skills": skills, "starters": [{"number": 1, "title": "Hello\nAda"}]})
    many = Framework("", (), starters=tuple(Starter(n, f"No {n}") for n in range(1, 21)))
    gap = Framework("", (), starters=(Starter(3, "Third"),))

    def text(framework: Framework, held: int) -> str:
        return describe_position(find_position(lead(*HELD[:held]), framework, NOW))

    assert text(one, 0) == "session 1 of one starter: Hello Ada"
    assert text(one, 1) == "session 2"
    assert text(many, 1) == "session 2 of the 20 starters: No 2"
    assert text(gap, 1) == "session 2 of the three starters"
    assert text(Framework("", ()), 1) == "session 2"
    assert find_shape(lead(), one, NOW) is None
