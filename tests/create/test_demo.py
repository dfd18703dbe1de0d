"""Copy the sample data as of any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldash.create.demo import SAMPLE_DAY, copy_sample_data, find_sample_data, shift_dates
from tldash.insight.attention import sort_by_urgency
from tldash.model.dates import resolve_now
from tldash.output.status import format_status
from tldash.workspace.folders import Folders

CLOCK = datetime(2026, 1, 1, 12, tzinfo=UTC)


def table(folder: Path, today: date) -> str:
    workspace = Folders([folder]).read()
    assert workspace.all_problems == ()
    now = resolve_now(CLOCK, today)
    leads = sort_by_urgency(workspace.leads, now)
    return format_status(leads, workspace.framework, now, how_to_add="")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "today",
    [SAMPLE_DAY, date(2027, 2, 3), date(2024, 2, 29), date(2030, 12, 31), date(2026, 11, 19)],
)
def test_what_is_late_or_near_stays_so_on_any_day(today):
    before = contents(find_sample_data())
    with copy_sample_data(today) as folder:
        assert table(folder, today) == table(find_sample_data(), SAMPLE_DAY)
        assert len(contents(folder)) == len(before)
    assert not folder.exists()
    assert not folder.parent.exists()
    assert contents(find_sample_data()) == before


def test_on_the_day_that_it_was_written_it_is_the_sample_itself():
    with copy_sample_data(SAMPLE_DAY) as folder:
        assert contents(folder) == contents(find_sample_data())


def test_the_copy_can_be_edited_and_is_removed_all_the_same():
    with copy_sample_data(SAMPLE_DAY) as folder:
        (folder / "ada/lead.md").write_text("gone\n")
        (folder / "new").mkdir()
    assert not folder.exists()
    assert (find_sample_data() / "ada/lead.md").read_text("utf-8") != "gone\n"


@pytest.mark.parametrize(
    ("data", "shifted"),
    [
        (b"due:2026-11-20 a", b"due:2026-11-21 a"),
        (b"2026-12-31", b"2027-01-01"),
        (b"2026-11-20T16:00", b"2026-11-21T16:00"),
        (b"12026-11-20 2026-11-201 2026-13-40 9999-12-31", None),
        (b"\xff\r\n2024-02-28\0", b"\xff\r\n2024-02-29\0"),
    ],
)
def test_only_dates_move(data, shifted):
    assert shift_dates(data, timedelta(1)) == (data if shifted is None else shifted)


@given(st.binary(), st.integers(-4000, 4000))
def test_a_shift_keeps_length_and_can_be_taken_back(data, days):
    there = shift_dates(data, timedelta(days))
    assert len(there) == len(data)
    assert shift_dates(there, timedelta(-days)) == data
