"""`tldash serve`: show the dashboard in a browser."""

from __future__ import annotations

import os
import sys
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NoReturn

import click

from tldash import launch
from tldash.cli.common import common

if TYPE_CHECKING:
    from tldash.web.guard import Guard

TOKEN_VARIABLE: Final = "TLDASH_TOKEN"
NEEDED: Final = ("aiohttp", "textual_serve")


@click.command()
@common
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port. The default is 8765, or any free port if that is taken.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    help="The address to listen on. Anything but this machine needs a token.",
)
@click.option("--token", metavar="TOKEN", help="Require this token. 'new' creates one.")
@click.option("--edit", is_flag=True, help="Let viewers edit the files.")
@click.option("--remember", is_flag=True, help="Count what viewers see as seen by you.")
@click.option("--me", metavar="NAME", help="The viewer's name. A lead's own page opens first.")
def serve(  # noqa: PLR0913, PLR0917 - each is an option
    folders: tuple[str, ...],
    today: date | None,
    port: int | None,
    host: str,
    token: str | None,
    edit: bool,
    remember: bool,
    me: str | None,
) -> None:
    """Show the dashboard in a browser, read-only unless --edit is given."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        _fail(f"serve needs {missing[0]}; run: pip install textual-serve")
    from tldash.web import guard
    from tldash.web.viewer import View

    token = token or os.environ.pop(TOKEN_VARIABLE, "")
    if token == "new" or (not token and not guard.is_loopback(host)):
        token = guard.new_token()
    elif token and len(token) < guard.MIN_TOKEN_LENGTH:
        _fail(
            f"the token has fewer than {guard.MIN_TOKEN_LENGTH} characters; --token new creates one"
        )
    opened = launch.open_or_exit(launch.choose_roots(folders), read_only=True)
    names = ", ".join(root.name or str(root) for root in opened.roots)
    view = View(
        tuple(str(root) for root in opened.roots),
        today.isoformat() if today else "",
        me or "",
        edit,
        remember,
    )
    _serve(view, guard.Guard(token), host, port, names)


def _serve(view: object, guard: Guard, host: str, port: int | None, names: str) -> None:
    import asyncio
    import gc

    from tldash.model.sanitize import sanitize
    from tldash.web.server import PORT, ListenAddress, PortTaken, serve
    from tldash.web.viewer import View

    assert isinstance(view, View)

    def ready(known: Guard, expected: bool) -> None:
        if not expected:
            click.echo(f"tldash: port {PORT} is taken; using another port", err=True)
        click.echo(format_address(known))
        access = "editable" if view.edit else "read-only"
        click.echo(sanitize(f"{names}, {access}; {describe_audience(known)}; press ctrl+c to stop"))

    gc.enable()  # disabled in __main__ for commands that end at once
    try:
        asyncio.run(
            serve(view, guard, ListenAddress(host, port), f"{sanitize(names)} · tldash", ready)
        )
    except PortTaken:
        _fail(f"port {port} is taken; choose another, or omit --port")
    except OSError as error:
        _fail(f"{host}, port {port or PORT}: {error.strerror or error}")


def format_address(guard: Guard) -> str:
    """Return the address to open in a browser."""
    import socket

    host = guard.host if guard.host not in ("0.0.0.0", "::") else socket.gethostname()
    host = f"[{host}]" if ":" in host else host
    asked = f"?token={guard.token}" if guard.token else ""
    return f"http://{host}:{guard.port}/{asked}"


def describe_audience(guard: Guard) -> str:
    """Return who can open the page."""
    from tldash.web.guard import is_loopback

    if not is_loopback(guard.host):
        return "anyone with this address can open it, and the connection is not encrypted"
    if guard.token:
        return "anyone on this machine with this address can open it"
    return "anyone who uses this machine can open it, and nobody else"


def _fail(message: str) -> NoReturn:
    """Print a message and exit with 2."""
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {message}"), err=True)
    sys.exit(launch.CANNOT_RUN)
