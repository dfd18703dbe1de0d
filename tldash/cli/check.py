"""`tldash check`: what could not be understood, and what can be mended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import common, locator, open_folders, placer, print_json, this_moment

if TYPE_CHECKING:
    from tldash.model.records import Problem
    from tldash.workspace.folders import Folders


@click.command()
@common
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How to print problems.",
)
@click.option("--fix", is_flag=True, help="Mend what can be meant in one way only.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
def check(folders: tuple[str, ...], today: date | None, style: str, fix: bool, yes: bool) -> None:
    """Print every line that could not be understood. Exits 1 if there are errors.

    With --fix, what would change is shown first, as a diff on the standard error; on a terminal it
    is asked whether to write it. Each file can be undone with tldash undo. What is left is printed.
    """
    from tldash.insight import day_problems
    from tldash.model.records import Severity
    from tldash.output import report
    from tldash.output.json_export import problems_to_json

    day = this_moment(today).date()
    opened = open_folders(folders)
    if fix:
        _fix(opened, day_problems.find_problems(opened.workspace, day), yes=yes)
    found = day_problems.find_problems(opened.workspace, day)
    if style == "json":
        print_json(problems_to_json(found, locator(opened)))
    else:
        line = report.format_github_annotation if style == "github" else report.format_problem
        place = placer(opened)
        for problem in found:
            click.echo(line(problem, place(problem.path)))
    sys.exit(int(any(problem.severity is Severity.ERROR for problem in found)))


def _fix(opened: Folders, found: Sequence[Problem], *, yes: bool) -> None:
    """Show what the fixes would change, ask where somebody is there to answer, and write it."""
    from tldash.editing.edits import Refused
    from tldash.editing.fixes import diff
    from tldash.model.dates import pluralize
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    place = placer(opened)
    mendings = [mending for mending in opened.preview_fixes(found) if mending.after.fixed]
    for mending in mendings:
        shown = diff(mending.before, mending.after.data, place(mending.path))
        click.echo("\n".join(map(sanitize, shown.split("\n"))), err=True, nl=False)
    number = sum(len(mending.after.fixed) for mending in mendings)
    files = pluralize(len(mendings), "file")
    if not mendings:
        click.echo("nothing can be fixed", err=True)
        return
    question = f"write {pluralize(number, 'fix', 'fixes')} in {files}?"
    if launch.is_terminal() and not yes and not click.confirm(question, err=True):
        return
    for mending in mendings:
        try:
            opened.apply_fixes(mending)
        except (Refused, WriteRefused) as error:
            click.echo(sanitize(f"{place(mending.path)}: not changed: {error.message}"), err=True)
        else:
            fixes = pluralize(len(mending.after.fixed), "fix", "fixes")
            click.echo(sanitize(f"{place(mending.path)}: {fixes}"), err=True)
