"""`tldash check`: what could not be understood."""

from __future__ import annotations

import sys
from datetime import date

import click

from tldash.cli.common import common, locator, open_folders, placer, print_json


@click.command()
@common
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to print problems.",
)
def check(folders: tuple[str, ...], today: date | None, style: str) -> None:
    """Print every line that could not be understood. Exits 1 if there are errors."""
    from tldash import report
    from tldash.export import problems_json
    from tldash.records import Severity

    del today  # accepted everywhere; nothing that is checked so far depends on the day
    opened = open_folders(folders)
    found = opened.workspace.all_problems
    if style == "json":
        print_json(problems_json(found, locator(opened)))
    else:
        line = report.github if style == "github" else report.problem
        place = placer(opened)
        for problem in found:
            click.echo(line(problem, place(problem.path)))
    sys.exit(int(any(problem.severity is Severity.ERROR for problem in found)))
