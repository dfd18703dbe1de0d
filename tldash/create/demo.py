"""Copy the sample data to a temporary folder, with its dates moved to the current day.

The sample data was written for one day. All ISO dates are moved by the same number of days, so
overdue actions stay overdue and upcoming sessions stay upcoming.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

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
def copy_sample_data(today: date) -> Iterator[Path]:
    """Yield a copy of the sample data as of `today`. Deletes it afterwards."""
    by = today - SAMPLE_DAY
    source = find_sample_data()
    with tempfile.TemporaryDirectory(prefix="tldash-demo-", ignore_cleanup_errors=True) as top:
        target = Path(top) / "coaching"
        for path in sorted(source.rglob("*")):
            if path.is_file():
                inside = path.relative_to(source).as_posix().encode()
                copy = target / shift_dates(inside, by).decode()
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(shift_dates(path.read_bytes(), by))
        yield target
