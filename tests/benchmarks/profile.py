"""Profile a start, or one edit among many files, by the own time of functions.

`python -m tests.benchmarks.profile start` and `python -m tests.benchmarks.profile edit [--files
10400]` print the time of each step, then the functions that take the most time. A profiled program
runs two to three times slower, so only the proportions matter.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tests.benchmarks import folder
from tests.benchmarks.start import SAMPLE
from tests.benchmarks.table import machine, ms, table

if TYPE_CHECKING:
    from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOP = 10
WAITING = {
    "<method 'poll' of 'select.epoll' objects>",
    "<method 'acquire' of '_thread.lock' objects>",
}
"""Calls that only wait."""


class Steps:
    """Collect the time of consecutive steps."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._at = time.perf_counter()

    def done(self, what: str) -> None:
        """Record the step that ends here."""
        now = time.perf_counter()
        self.rows.append([what, ms(now - self._at)])
        self._at = now


def start(opened: Path, steps: Steps, profile: cProfile.Profile) -> None:
    """Start the dashboard as `tldash.launch` does, on an invisible terminal."""
    from tldash.service import preload

    def make() -> Folders:
        profile.disable()  # in the forked child
        from tldash.workspace.folders import Folders

        return Folders([opened])

    profile.enable()
    source = preload.start(make, None)
    assert source is not None
    steps.done("begin to read in another process")
    from tldash.service.service import Service

    files = Service(source)
    from tldash.tui.app.app import TldashApp

    steps.done("import Textual and the dashboard")
    files.first(60)
    steps.done("wait for what was read")
    app = TldashApp(files, lambda: NOW)
    steps.done("make the app")

    async def first_screen() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            steps.done("draw the first screen")

    asyncio.run(first_screen())
    profile.disable()


def edit(opened: Path, path: Path, steps: Steps, profile: cProfile.Profile) -> None:
    """Replace a file, read it and draw the list of all actions, in one thread."""
    from tldash.service.results import FolderRead
    from tldash.service.service import Service
    from tldash.tui.app.app import ServiceResult, TldashApp
    from tldash.workspace.folders import Change, Folders

    class Still(Folders):
        """Folders without a watcher, so that the edit is the only change."""

    folders = Still([opened])
    files = Service(folders)
    files.first(600)
    app = TldashApp(files, lambda: NOW)

    async def edited() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("a")
            await pilot.pause(1.0)
            path.write_text(f"{path.read_text()}- [ ] An edit due:2000-01-01\n")
            inside = path.relative_to(opened).as_posix()
            steps.done("")
            steps.rows.clear()
            profile.enable()
            workspace = folders.refresh([Change(0, frozenset([inside]))])
            steps.done("read the file, build its lead")
            app.handle_result(ServiceResult(FolderRead(workspace)))
            steps.done("take it in, draw the rows")
            await pilot.pause()
            steps.done("make the frame")
            profile.disable()

    asyncio.run(edited())


def top(profile: cProfile.Profile) -> list[list[str]]:
    """Return the functions with the most own time."""
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, object]]
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for waiting in [key for key in stats if key[2] in WAITING]:
        del stats[waiting]
    whole = sum(entry[2] for entry in stats.values())
    most = sorted(stats.items(), key=lambda entry: -entry[1][2])[:TOP]
    return [
        [name if file == "~" else f"{Path(file).name}:{name}", str(calls), f"{own / whole:.0%}"]
        for (file, _, name), (_, calls, own, _, _) in most
    ]


def profiled(what: str, job: Callable[[Steps, cProfile.Profile], None]) -> None:
    """Run it and print both tables."""
    steps, profile = Steps(), cProfile.Profile()
    job(steps, profile)
    table(f"{what}, step by step, profiled", ["step", "time"], steps.rows)
    table(f"{what}, own time", ["function", "calls", "share"], top(profile))


@click.command(help=__doc__)
@click.argument("what", type=click.Choice(["start", "edit"]))
@click.option("--files", default=10_400, show_default=True, help="For `edit`.")
@click.option("--here", hidden=True, type=click.Path(path_type=Path))
def main(what: str, files: int, here: Path | None) -> None:
    """Run the profile and print its tables."""
    if here is None:
        with tempfile.TemporaryDirectory() as made:
            opened = Path(made) / "coaching"
            if what == "start":
                shutil.copytree(SAMPLE, opened)
            else:
                folder.make(opened, files)
            again = [sys.executable, "-m", "tests.benchmarks.profile", what, f"--here={opened}"]
            subprocess.run(again, check=True)  # profile the start of a fresh process
        return
    if what == "start":

        def job(steps: Steps, profile: cProfile.Profile) -> None:
            start(here, steps, profile)
    else:
        path = sorted(here.glob("*/sessions/*.md"))[0]

        def job(steps: Steps, profile: cProfile.Profile) -> None:
            edit(here, path, steps, profile)

    profiled(what, job)
    click.echo(f"\n{machine()}")


if __name__ == "__main__":
    main()
