"""Who is let in, and who is not: the rules, without a server."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tldash.web.guard import (
    MIN_TOKEN_LENGTH,
    NO_TOKEN,
    WRONG_HOST,
    WRONG_ORIGIN,
    WRONG_TOKEN,
    Guard,
    is_loopback,
    new_token,
)

HERE = {"Host": "127.0.0.1:8765"}
OPEN = Guard(port=8765)
SHUT = Guard("a-token-of-many-letters", "0.0.0.0", 8765)
PASS = {SHUT.cookie: SHUT.proof}


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:9", "LOCALHOST"])
def test_this_machine_may_look_by_any_of_its_own_names_and_any_port(host: str) -> None:
    assert OPEN.objection({"Host": host}, {}) == ""
    origin = {"Host": host, "Origin": f"http://{host}"}
    assert OPEN.objection(origin, {}, socket=True) == ""


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example",
     "127.0.0.1@evil.example", "[::1", "evil.example#127.0.0.1", "10.0.0.7:8765"],
)  # fmt: skip
def test_a_name_that_somebody_points_here_is_refused(host: str) -> None:
    assert OPEN.objection({"Host": host}, {}) == WRONG_HOST
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert OPEN.objection(headers, {}, socket=True) == WRONG_HOST


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "http://evil.example", "http://127.0.0.1:9999", "http://localhost:8765",
     "http://127.0.0.1", "http://127.0.0.1:8765.evil.example", "file://127.0.0.1:8765",
     "http://[::1"],
)  # fmt: skip
@pytest.mark.parametrize("guard", [OPEN, SHUT])
def test_only_our_own_page_gets_a_websocket(guard: Guard, origin: str | None) -> None:
    headers = HERE if origin is None else {**HERE, "Origin": origin}
    assert guard.objection(headers, PASS, socket=True) == WRONG_ORIGIN
    assert guard.objection({}, PASS, socket=True) in (WRONG_ORIGIN, WRONG_HOST)


def test_a_page_that_came_encrypted_by_way_of_a_proxy_is_our_own() -> None:
    headers = {"Host": "coach.example", "Origin": "https://coach.example"}
    assert SHUT.objection(headers, PASS, socket=True) == ""


def test_a_token_is_asked_for_everywhere() -> None:
    origin = {**HERE, "Origin": "http://127.0.0.1:8765"}
    assert SHUT.objection(HERE, {}) == NO_TOKEN
    assert SHUT.objection(origin, {}, socket=True) == NO_TOKEN
    assert SHUT.objection(HERE, {}, "another-one") == WRONG_TOKEN
    assert SHUT.objection(HERE, PASS, "another-one") == WRONG_TOKEN
    assert SHUT.objection(HERE, {}, SHUT.token) == ""
    assert SHUT.objection(HERE, PASS) == ""
    assert SHUT.objection(origin, PASS, socket=True) == ""


@given(st.text())
@example("")
@example(SHUT.token)
@example(SHUT.proof[:-1])
@example("ä\udcff")
def test_nothing_but_the_proof_opens(said: str) -> None:
    assert SHUT.objection(HERE, {SHUT.cookie: said}) == ("" if said == SHUT.proof else NO_TOKEN)
    assert SHUT.objection(HERE, {}, said) == ("" if said == SHUT.token else WRONG_TOKEN)


def test_a_cookie_tells_no_token_and_is_of_one_port() -> None:
    assert SHUT.token not in SHUT.proof
    assert SHUT.cookie != Guard(SHUT.token, port=1).cookie


def test_a_token_that_is_made_is_long_and_new() -> None:
    assert len(new_token()) >= MIN_TOKEN_LENGTH
    assert new_token() != new_token()


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.4", False), ("coach.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, own: bool) -> None:
    assert is_loopback(host) is own
