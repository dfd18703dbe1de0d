"""Who is let in: what every request must show before anything is answered.

Three kinds of strangers are kept out. Other people: by a token, wherever others can reach the
address. Other web pages in the viewer's own browser, which may send requests to any address: by the
`Origin` that browsers name when they open a websocket, and by a cookie that stays on our own page.
And names that somebody points at this machine to look like our page (DNS rebinding): by the `Host`
that was asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from tldash.model.frozen import frozen

LEAST: Final = 16
"""Letters that a token has at least; fewer can be guessed."""
OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this machine calls itself."""

NO_TOKEN: Final = "Open the whole address that tldash serve has printed: it ends with a token."
WRONG_TOKEN: Final = "The token in this address is not the one that tldash serve has printed."
WRONG_HOST: Final = (
    "Only this machine may look: open localhost or 127.0.0.1 here, with the port of tldash serve."
)
WRONG_ORIGIN: Final = "Another web page asked for the dashboard; only its own page may."


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


@frozen
class Guard:
    """The conditions of one server."""

    token: str = ""
    """What a viewer must know; empty where everybody on this machine may look."""
    host: str = "127.0.0.1"
    """The address that is listened on."""
    port: int = 0

    @property
    def cookie(self) -> str:
        """The name of the cookie; browsers give the cookies of one port to the others."""
        return f"tldash-{self.port}"

    @property
    def proof(self) -> str:
        """What the cookie holds: a proof of the token, not the token."""
        return hashlib.sha256(b"tldash page " + self.token.encode()).hexdigest()

    def objection(
        self,
        headers: Mapping[str, str],
        cookies: Mapping[str, str],
        token: str | None = None,
        *,
        socket: bool = False,
    ) -> str:
        """Why a request is refused; empty where it is answered.

        `token` is the one of the address, if it has one; `socket` says that a websocket is wanted.
        """
        host = headers.get("Host", "")
        if not self.token and _name(host) not in {*OWN_NAMES, self.host}:
            return WRONG_HOST
        if socket and (not host or _place(headers.get("Origin", "")) != host.lower()):
            return WRONG_ORIGIN
        if not self.token:
            return ""
        if token is not None:
            return "" if _same(token, self.token) else WRONG_TOKEN
        return "" if _same(cookies.get(self.cookie, ""), self.proof) else NO_TOKEN


def _same(given: str, wanted: str) -> bool:
    """Whether two words are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def _name(host: str) -> str:
    """The name in a `Host`, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str:
    """The name and port in an `Origin`; empty for one that is hidden or strange."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
