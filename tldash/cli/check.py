"""`tldash check`: print problems, and fix unambiguous ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from tldash import launch
from tldash.cli.common import (
    common,
    current_time,
    make_locator,
    make_path_formatter,
    open_folders,
    print_json,
    warn_of_lost_undo,
)

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
    help="The output format.",
)
@click.option("--fix", is_flag=True, help="Fix unambiguous mistakes only.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
def check(folders: tuple[str, ...], today: date | None, style: str, fix: bool, yes: bool) -> None:
    """Print the problems in the files. Exits 1 if there are errors.

    With --fix, shows the changes as a diff on standard error, asks before writing them if run in a
    terminal, and then prints the remaining problems. tldash undo undoes the fixes file by file.
    """
    from tldash.insight import day_problems
    from tldash.model.records import Severity
    from tldash.output import report
    from tldash.output.json_export import problems_to_json

    day = current_time(today).date()
    opened = open_folders(folders)
    if fix:
        _fix(opened, day_problems.find_problems(opened.workspace, day), yes=yes)
    found = day_problems.find_problems(opened.workspace, day)
    if style == "json":
        print_json(problems_to_json(found, make_locator(opened)))
    else:
        line = report.format_github_annotation if style == "github" else report.format_problem
        place = make_path_formatter(opened)
        for problem in found:
            click.echo(line(problem, place(problem.path)))
    sys.exit(int(any(problem.severity is Severity.ERROR for problem in found)))


def _fix(opened: Folders, found: Sequence[Problem], *, yes: bool) -> None:
    """Show the fixes as a diff, ask if run in a terminal, and write them."""
    from tldash.editing.edits import Refused
    from tldash.editing.fixes import diff
    from tldash.model.dates import pluralize
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    place = make_path_formatter(opened)
    previews = [preview for preview in opened.preview_fixes(found) if preview.after.fixed]
    for preview in previews:
        shown = diff(preview.before, preview.after.data, place(preview.path))
        click.echo("\n".join(map(sanitize, shown.split("\n"))), err=True, nl=False)
    number = sum(len(preview.after.fixed) for preview in previews)
    files = pluralize(len(previews), "file")
    if not previews:
        click.echo("there is nothing to fix", err=True)
        return
    question = f"write {pluralize(number, 'fix', 'fixes')} in {files}?"
    if launch.is_terminal() and not yes and not click.confirm(question, err=True):
        return
    for preview in previews:
        try:
            opened.apply_fixes(preview)
        except (Refused, WriteRefused) as error:
            click.echo(sanitize(f"{place(preview.path)}: not changed: {error.message}"), err=True)
        else:
            fixes = pluralize(len(preview.after.fixed), "fix", "fixes")
            click.echo(sanitize(f"{place(preview.path)}: {fixes}"), err=True)
            warn_of_lost_undo(opened)
