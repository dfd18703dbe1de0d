"""The command that shows the dashboard in a browser."""

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
@click.option("--port", type=click.IntRange(0, 65535), help="The port; without it 8765, or any.")
@click.option("--host", default="127.0.0.1", help="The address to listen on; beyond this machine "
              "a token is asked for.")  # fmt: skip
@click.option("--token", metavar="TOKEN", help="Let in who knows TOKEN; 'new' makes one.")
@click.option("--edit", is_flag=True, help="Let viewers change the files.")
@click.option("--remember", is_flag=True, help="Keep what was seen there as seen by you.")
@click.option("--me", metavar="NAME", help="Who looks: a lead sees their own page first.")
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
    """Show the dashboard in a browser, for reading only unless --edit is given."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        _cannot(f"serve needs {missing[0]}; to get it: pip install textual-serve")
    from tldash.web import guard
    from tldash.web.viewer import View

    token = token or os.environ.pop(TOKEN_VARIABLE, "")
    if token == "new" or (not token and not guard.is_loopback(host)):
        token = guard.new_token()
    elif token and len(token) < guard.LEAST:
        _cannot(f"a token has {guard.LEAST} letters at least; --token new makes one")
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
    from tldash.web.server import PORT, Place, PortTaken, serve
    from tldash.web.viewer import View

    assert isinstance(view, View)

    def ready(known: Guard, expected: bool) -> None:
        if not expected:
            click.echo(f"tldash: port {PORT} is taken, so this is another one", err=True)
        click.echo(address(known))
        doing = "to read and to edit" if view.edit else "for reading only"
        click.echo(sanitize(f"{names}, {doing}; {reached(known)}; ctrl+c ends it"))

    gc.enable()  # this command stays
    try:
        asyncio.run(serve(view, guard, Place(host, port), f"{sanitize(names)} · tldash", ready))
    except KeyboardInterrupt:
        return
    except PortTaken:
        _cannot(f"port {port} is taken; give another one, or leave --port out")
    except OSError as error:
        _cannot(f"{host}, port {port or PORT}: {error.strerror or error}")


def address(guard: Guard) -> str:
    """What to open in a browser."""
    import socket

    host = guard.host if guard.host not in ("0.0.0.0", "::") else socket.gethostname()
    host = f"[{host}]" if ":" in host else host
    asked = f"?token={guard.token}" if guard.token else ""
    return f"http://{host}:{guard.port}/{asked}"


def reached(guard: Guard) -> str:
    """Who can look."""
    from tldash.web.guard import is_loopback

    if not is_loopback(guard.host):
        return "whoever has this address can look, and it is sent unencrypted"
    if guard.token:
        return "whoever has this address can look, on this machine"
    return "everybody who uses this machine can look, and nobody else"


def _cannot(message: str) -> NoReturn:
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {message}"), err=True)
    sys.exit(launch.CANNOT_RUN)
