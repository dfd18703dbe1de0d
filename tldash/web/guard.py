"""Check every request before it is answered.

Other people are kept out with a token, if they can reach the address. Other web pages in the
viewer's browser are kept out with the `Origin` header that browsers send when they open a
websocket, and with a SameSite cookie. Host names that someone points at this machine (DNS
rebinding) are kept out with the `Host` header.
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

MIN_TOKEN_LENGTH: Final = 16
"""Characters of a token. Shorter ones can be guessed."""
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine."""

NO_TOKEN: Final = "The token is missing. Open the full address that tldash serve printed."
WRONG_TOKEN: Final = (
    "The token in this address is wrong. Open the address that tldash serve printed."
)
WRONG_HOST: Final = (
    "Access is limited to this machine. Open localhost or 127.0.0.1 with the port of tldash serve."
)
WRONG_ORIGIN: Final = "Another web page tried to open the dashboard. Open its own page instead."


def is_loopback(host: str) -> bool:
    """Whether an address can only be reached from this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def new_token() -> str:
    """Return a random token."""
    return secrets.token_urlsafe(24)


@frozen
class Guard:
    """Checks the requests to one server."""

    token: str = ""
    """The token that viewers need; empty if everyone on this machine may open the page."""
    host: str = "127.0.0.1"
    """The address that the server listens on."""
    port: int = 0

    @property
    def cookie(self) -> str:
        """Name of the cookie. It has the port, since browsers share cookies between ports."""
        return f"tldash-{self.port}"

    @property
    def proof(self) -> str:
        """Value of the cookie: a hash of the token, not the token."""
        return hashlib.sha256(b"tldash page " + self.token.encode()).hexdigest()

    def objection(
        self,
        headers: Mapping[str, str],
        cookies: Mapping[str, str],
        token: str | None = None,
        *,
        socket: bool = False,
    ) -> str:
        """Return why a request is refused; empty if it is allowed.

        `token` is the token in the address, if any. `socket` is whether it opens a websocket.
        """
        host = headers.get("Host", "")
        if not self.token and _name(host) not in {*LOCAL_NAMES, self.host}:
            return WRONG_HOST
        if socket and (not host or _place(headers.get("Origin", "")) != host.lower()):
            return WRONG_ORIGIN
        if not self.token:
            return ""
        if token is not None:
            return "" if _same(token, self.token) else WRONG_TOKEN
        return "" if _same(cookies.get(self.cookie, ""), self.proof) else NO_TOKEN


def _same(given: str, wanted: str) -> bool:
    """Compare two strings in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def _name(host: str) -> str:
    """Return the name in a `Host` header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str:
    """Return the name and port in an `Origin` header; empty if it is opaque or invalid."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
