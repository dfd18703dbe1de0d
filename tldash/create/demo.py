"""The sample data as a throw-away folder in which today is today.

The sample was written as of one day. Moving every ISO date in it by the same number of days keeps
all that is late late and all that is near near.
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
"""The day on which the sample data is true."""

_DATE: Final = re.compile(rb"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")


def find_sample_data() -> Path:
    """Where the sample data lies: in the installed package, or at the top of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "sample-data"
    return installed if installed.is_dir() else package.parent / "sample-data"


def shift_dates(data: bytes, by: timedelta) -> bytes:
    """The bytes with every ISO date in them moved."""

    def moved(match: re.Match[bytes]) -> bytes:
        try:
            return (date.fromisoformat(match[0].decode("ascii")) + by).isoformat().encode("ascii")
        except (ValueError, OverflowError):
            return match[0]

    return _DATE.sub(moved, data)


@contextmanager
def copy_sample_data(today: date) -> Iterator[Path]:
    """A copy of the sample data as of `today`; it is removed afterwards."""
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
