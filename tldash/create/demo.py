"""Copy the sample data to a temporary folder, with its dates moved to the current day.

The sample data was written for one day. All ISO dates are moved by the same number of days, so
overdue actions stay overdue and upcoming sessions stay upcoming.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from tldash.storage.signals import ENDING, handlers_restored, held_back

SAMPLE_DAY: Final = date(2026, 11, 20)
"""The day that the sample data was written for."""

_DATE: Final = re.compile(rb"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


def find_sample_data() -> Path:
    """Return the folder of the sample data: in the installed package, or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "sample-data"
    return installed if installed.is_dir() else package.parent / "sample-data"


def shift_dates(data: bytes, by: timedelta) -> bytes:
    """Move every ISO date in `data`. Dates that leave the calendar are kept."""

    def moved(match: re.Match[bytes]) -> bytes:
        try:
            return (date.fromisoformat(match[0].decode("ascii")) + by).isoformat().encode("ascii")
        except (ValueError, OverflowError):
            return match[0]

    return _DATE.sub(moved, data)


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """Yield a new folder, and remove it afterwards, or when a signal ends this process."""
    maker = os.getpid()
    with held_back():
        folder = tempfile.mkdtemp(prefix="tldash-demo-")

        def end(number: int, _: object) -> None:
            if os.getpid() == maker:  # not a forked child
                shutil.rmtree(folder, ignore_errors=True)
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

        for number in ENDING:
            signal.signal(number, end)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copy_sample_data(today: date) -> Iterator[Path]:
    """Yield a copy of the sample data as of `today`. Deletes it afterwards, or if a signal ends it.

    Call it on the main thread.
    """
    by = today - SAMPLE_DAY
    source = find_sample_data()
    with handlers_restored(), _temporary_folder() as top:
        target = top / "coaching"
        for path in sorted(source.rglob("*")):
            if path.is_file():
                inside = path.relative_to(source).as_posix().encode()
                copy = target / shift_dates(inside, by).decode()
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(shift_dates(path.read_bytes(), by))
        yield target
