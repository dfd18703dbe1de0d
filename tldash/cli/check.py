"""`tldash check`: print problems or the names of the viewer's own list, and fix them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tldash import launch
from tldash.cli.common import (
    as_of_option,
    common,
    current_time,
    make_locator,
    make_path_formatter,
    open_folders,
    print_json,
    warn_of_lost_undo,
)

if TYPE_CHECKING:
    from tldash.model.name_search import NameFinder
    from tldash.model.records import Problem
    from tldash.workspace.folders import Folders
    from tldash.workspace.writer import FixPreview


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
@click.option(
    "--private", is_flag=True, help="Find the names of your own list, and contacts of others."
)
@click.option(
    "--staged", is_flag=True, help="With --private: check what git will commit, not the files."
)
@as_of_option
def check(  # noqa: PLR0913, PLR0917 - its options
    folders: tuple[str, ...],
    today: date | None,
    style: str,
    fix: bool,
    yes: bool,
    private: bool,
    staged: bool,
    as_of: date | None,
) -> None:
    """Print the problems in the files. Exits 1 if there are errors.

    With --fix, shows the changes as a diff on standard error, asks before writing them if run in a
    terminal, and then prints the remaining problems. tldash undo undoes the fixes file by file.

    With --private, prints instead where the files have names and words from the list names.yaml
    beside your settings, or an email address or phone number of somebody else. --fix writes the
    nicknames, and one tldash undo undoes that. Exits 2 if there is no list, or if it has a mistake.
    """
    from tldash.insight import day_problems

    if staged and (fix or not private):
        raise click.UsageError("--staged needs --private, and does not go with --fix")
    if as_of is not None and (fix or private):
        raise click.UsageError("--as-of does not go with --fix or --private")
    if private:
        _check_private(folders, style, fix=fix, yes=yes, staged=staged)
    day = current_time(today or as_of).date()
    opened = open_folders(folders, as_of)
    if fix:
        problems = day_problems.find_problems(opened.workspace, day)
        _fix(opened, opened.preview_fixes(problems), yes=yes)
    _print_and_exit(opened, day_problems.find_problems(opened.workspace, day), style)


def _print_and_exit(opened: Folders, found: Sequence[Problem], style: str) -> NoReturn:
    """Print problems, and exit with 1 if there are errors."""
    from tldash.model.records import Severity
    from tldash.output import report
    from tldash.output.json_export import problems_to_json

    if style == "json":
        print_json(problems_to_json(found, make_locator(opened)))
    else:
        line = report.format_github_annotation if style == "github" else report.format_problem
        place = make_path_formatter(opened)
        for problem in found:
            click.echo(line(problem, place(problem.path)))
    sys.exit(int(any(problem.severity is Severity.ERROR for problem in found)))


def _check_private(
    folders: tuple[str, ...], style: str, *, fix: bool, yes: bool, staged: bool
) -> NoReturn:
    """Print the listed names and the contacts in the files, or in what is staged."""
    from tldash.workspace.labels import NoFolder

    opened = launch.open_or_exit(launch.choose_roots(folders))
    names = _load_names(opened)
    if _prints_into(opened.roots):
        _exit_unable("the list of names would be printed into the shared folder. Choose another.")
    try:
        opened.read()
        if fix:
            _fix(opened, opened.names(names).preview_fixes(), yes=yes, together=True)
        checks = opened.names(names)
        found = checks.check_staged(_find_index()) if staged else checks.check()
    except NoFolder as error:
        _exit_unable(str(error))
    _print_and_exit(opened, found, style)


def _prints_into(folders: Iterable[Path]) -> bool:
    """Whether standard output is a file in one of these folders. Known on Linux only."""
    import os

    try:
        file = Path(os.readlink("/proc/self/fd/1"))  # noqa: PTH115
    except OSError:
        return False
    return any(file.is_relative_to(folder) for folder in folders)


def _find_index() -> Path | None:
    """Return the index that git names to its hooks, where it is not the usual one."""
    import os

    named = os.environ.get("GIT_INDEX_FILE")
    return Path(named) if named else None


def _load_names(opened: Folders) -> NameFinder:
    """Return the names of the user's own list.

    Exits with 2 without one, if it has a mistake, which may leave a name out, or if it is in one
    of the folders, where others could read it.
    """
    from tldash.output.report import format_problem
    from tldash.user.paths import names_file
    from tldash.user.settings import load_names

    found = load_names()
    for problem in found.problems if found is not None else ():
        click.echo(format_problem(problem, problem.path), err=True)
    if found is not None and found.problems:
        _exit_unable("your list of names has mistakes, so nothing was checked. Fix them first.")
    guard = found.make_guard() if found is not None else None
    if found is None or guard is None:
        _exit_unable(
            f"there is no list of names. Write one to {names_file()}, for example two lines: "
            "names: and below it, indented, Maria Lopez: Fox"
        )
    real = found.file.resolve()
    if any(real.is_relative_to(root) for root in opened.roots):
        _exit_unable(f"your list of names is in a shared folder. Move {real} elsewhere.")
    return guard.names


def _exit_unable(sentence: str) -> NoReturn:
    """Print why nothing was checked, and exit with 2."""
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {sentence}"), err=True)
    sys.exit(launch.CANNOT_RUN)


def _fix(
    opened: Folders, fixes: Iterable[FixPreview], *, yes: bool, together: bool = False
) -> None:
    """Show the fixes as a diff, ask if run in a terminal, and write them.

    With `together`, one undo undoes those of all files, or of as many as the history keeps at once.
    """
    import os

    from tldash.editing.edits import Refused
    from tldash.editing.fixes import diff
    from tldash.history.journal import BATCH_LIMIT
    from tldash.model.dates import pluralize
    from tldash.model.sanitize import sanitize
    from tldash.storage.write import WriteRefused

    place = make_path_formatter(opened)
    previews = [preview for preview in fixes if preview.after.fixed]
    for preview in previews:
        shown = diff(preview.before, preview.after.data, place(preview.path))
        click.echo("\n".join(map(sanitize, shown.split("\n"))), err=True, nl=False)
    number = sum(len(preview.after.fixed) for preview in previews)
    files = pluralize(len(previews), "file")
    if not previews:
        click.echo("there is nothing to fix", err=True)
        return
    question = f"write {pluralize(number, 'fix', 'fixes')} in {files}?"
    batch = ""
    if launch.is_terminal() and not yes and not click.confirm(question, err=True):
        return
    for at, preview in enumerate(previews):
        if together and at % BATCH_LIMIT == 0:
            batch = os.urandom(8).hex()
        try:
            opened.apply_fixes(preview, batch)
        except (Refused, WriteRefused) as error:
            click.echo(sanitize(f"{place(preview.path)}: not changed: {error.message}"), err=True)
        else:
            made = pluralize(len(preview.after.fixed), "fix", "fixes")
            click.echo(sanitize(f"{place(preview.path)}: {made}"), err=True)
            warn_of_lost_undo(opened)
