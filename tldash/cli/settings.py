"""`tldash config`: print the user's own settings and their problems."""

from __future__ import annotations

import sys

import click


@click.command("config")
def config_() -> None:
    """Print your own settings: the file, the settings in use, and their problems.

    Includes the problems of your saved views and list of names. Exits 1 if there are problems.
    """
    import os

    from tldash.model.icons import choose_icon_style
    from tldash.model.sanitize import sanitize
    from tldash.output import report
    from tldash.tui.app.settings import resolve_with_keys
    from tldash.user import saved_views
    from tldash.user import settings as config
    from tldash.user.paths import views_file

    own = config.load()
    settings, keys = resolve_with_keys(own)
    there = "" if own.text is not None or own.problems else " (does not exist)"
    click.echo(sanitize(f"{own.file}{there}"))
    click.echo()
    style = choose_icon_style(os.environ, own.icons, sys.stdout.encoding)
    idle = f"after {own.sync} minutes without a key" if own.sync else "on a key or command"
    entries = [["me", own.me or "-"], ["theme", settings.theme], ["icons", str(style)]]
    entries.append(["sync", idle])
    click.echo(report.format_table(entries))
    click.echo()
    click.echo(
        report.format_table(
            [[name, pressed, "yours" if yours else ""] for name, pressed, yours in keys]
        )
    )
    names = config.load_names()
    listed = names.problems if names is not None else ()
    problems = (*settings.problems, *saved_views.load(views_file()).problems, *listed)
    if problems:
        click.echo()
    for problem in problems:
        click.echo(report.format_problem(problem, problem.path))
    sys.exit(int(bool(problems)))
