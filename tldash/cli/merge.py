"""Commands for git: the merge driver, and the setup of a clone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from tldash import launch
from tldash.cli.common import fail

if TYPE_CHECKING:
    from tldash.merging.merge import Result

SIZE_LIMIT: Final = 64 << 20
"""Bytes of a file that is merged."""


@click.command("merge-driver")
@click.argument("base", metavar="BASE", type=click.Path(path_type=Path))
@click.argument("ours", metavar="OURS", type=click.Path(path_type=Path))
@click.argument("theirs", metavar="THEIRS", type=click.Path(path_type=Path))
@click.argument("path", metavar="[PATH]", required=False)
def merge_driver(base: Path, ours: Path, theirs: Path, path: str | None) -> None:
    """Merge two versions of a file for git, and write the result into OURS.

    git runs this with the common BASE, OURS and THEIRS, and the PATH in the repository. Without
    PATH, the name of OURS says whether it is Markdown or YAML. Exits 0 if all was merged, 1 if
    conflict markers are left, and 2 if it could not merge; then OURS is as it was.
    """
    import os
    import stat

    from tldash.storage.safe_open import Unreadable, read_anywhere
    from tldash.storage.state_file import replace_file

    target = Path(os.path.realpath(ours))
    try:
        mine = read_anywhere(target, SIZE_LIMIT)
        other = read_anywhere(theirs, SIZE_LIMIT)
        before = _read_base(base)
        merged = _merge(before, mine, other, path or ours.name)
        if merged.data != mine:
            mode = stat.S_IMODE(target.stat().st_mode)
            replace_file(target, merged.data, mode)
    except FileNotFoundError as error:
        _exit_unable(f"{error.filename or error}: there is no such file")
    except Unreadable as error:
        _exit_unable(f"{path or ours}: {error.message}")
    except OSError as error:
        _exit_unable(f"{ours}: {error.strerror or error}")
    sys.exit(int(merged.conflicts > 0))


def _read_base(base: Path) -> bytes:
    """Return the common version; empty if both sides added the file."""
    from tldash.storage.safe_open import read_anywhere

    try:
        return read_anywhere(base, SIZE_LIMIT)
    except FileNotFoundError:
        return b""


def _merge(base: bytes, ours: bytes, theirs: bytes, path: str) -> Result:
    from tldash.merging.merge import NotText, merge

    try:
        return merge(base, ours, theirs, path)
    except NotText:
        _exit_unable(f"{path}: not a text file, so it cannot be merged")


def _exit_unable(message: str) -> NoReturn:
    from tldash.model.sanitize import sanitize

    click.echo(sanitize(f"tldash: {message}"), err=True)
    sys.exit(2)


@click.command("git-setup")
@click.argument("folder", required=False, metavar="[FOLDER]")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--shared", is_flag=True, help="Choose the driver in .gitattributes, for everybody.")
@click.option("--remove", "take_back", is_flag=True, help="Remove what this command has added.")
def git_setup(folder: str | None, yes: bool, shared: bool, take_back: bool) -> None:
    """Let git merge the files of a folder with tldash, in this clone.

    Shows first what it will write, and asks. Registers the merge driver in .git/config, and the
    files that it is for in .git/info/attributes. With --shared, those are in the .gitattributes of
    the folder instead, which everybody gets who has the repository. If you have a list of names
    that stay private, a hook checks for them before each commit. Runs no git.
    """
    import shutil

    from tldash.create.git_setup import SetupRefused, describe, plan_setup
    from tldash.model.sanitize import sanitize
    from tldash.storage.directory import WriteRefused
    from tldash.user.paths import is_present, names_file

    root = launch.choose_roots([folder] if folder else [])[0].resolve()
    if not root.is_dir():
        _exit_unable(f"{root}: there is no such folder")
    try:
        guards = is_present(names_file())  # without a list, the check refuses every commit
        plan = plan_setup(root, hook=guards, shared=shared, take_back=take_back)
    except SetupRefused as error:
        fail(str(error))
    for change in plan.changes:
        click.echo("\n".join(map(sanitize, describe(change))))
    if not plan.changes:
        click.echo("nothing to remove" if take_back else "this clone is set up")
    elif not yes and not (launch.is_terminal() and click.confirm("write this?")):
        fail("nothing was written" + ("" if launch.is_terminal() else "; add --yes to write this"))
    for change in plan.changes:
        try:
            change.write()
        except WriteRefused as error:
            fail(f"{change.folder / change.path}: {error.message}; {error.hint}")
    for remark in plan.remarks:
        click.echo(sanitize(f"tldash: {remark}"), err=True)
    if not take_back and shutil.which("tldash") is None:
        click.echo("tldash: git will not find tldash: it is not on your PATH", err=True)
