"""A due date that moves along with the next session carries a tag, which another date removes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.edits import already
from tldash.editing import patch
from tldash.editing.edits import SetDate, describe
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.model.records import NEXT_SESSION_TAG, Task

DAY, OTHER = date(2026, 12, 1), date(2026, 12, 4)
MD, YAML = "ada/2026-11-03.md", "ada/2026-11-03.yaml"


def items(data: bytes, path: str) -> tuple[Task, ...]:
    return read_data(data, path, FileRole.SESSION).tasks


def edited(data: bytes, path: str, day: date | None, *, by_session: bool) -> bytes:
    task = items(data, path)[0]
    return patch.apply(SetDate(task, "due", day, by_session=by_session), data)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (MD, "- [ ] a", "- [ ] a #next-session 📅 2026-12-01"),
        (MD, "- [ ] a due:2026-11-20 #vision", "- [ ] a #next-session due:2026-12-01 #vision"),
        (MD, "> 1) [ ] a [due:: 2026-11-20]", "> 1) [ ] a #next-session [due:: 2026-12-01]"),
        (MD, "- [ ] a @due(2026-11-20)", "- [ ] a #next-session @due(2026-12-01)"),
        (YAML, "actions:\n  - a", "actions:\n  - a due:2026-12-01 #next-session"),
        (YAML, "actions:\n  - a #vision", "actions:\n  - a due:2026-12-01 #vision #next-session"),
        (
            YAML,
            "actions:\n  - text: a # kept\n    due: 2026-11-20",
            "actions:\n  - text: a # kept\n    due: 2026-12-01\n    tags: [next-session]",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_dialect_carries_the_tag(path: str, before: str, after: str, end: str) -> None:
    old, new = (f"{text}\n".replace("\n", end).encode() for text in (before, after))
    assert edited(old, path, DAY, by_session=True) == new
    (task,) = items(new, path)
    assert (task.fields.due, NEXT_SESSION_TAG in task.fields.tags) == (DAY, True)
    with already():
        edited(new, path, DAY, by_session=True)
    same_day = edited(new, path, DAY, by_session=False)
    moved = edited(new, path, OTHER, by_session=False)
    assert b"next-session" not in same_day + moved
    assert items(moved, path)[0].fields.due == OTHER


lines = st.builds(
    "- [ ] {} {} {} {}".format,
    st.sampled_from(["call the vendor", "ask #next-session about it", "`x` (A)", "ü"]),
    st.sampled_from(["", "due:2026-11-20", "📅 2026-11-20", "[due:: 2026-11-20]", "due:soon"]),
    st.sampled_from(["", "#vision", "#next-session", "#next-session #next-session"]),
    st.sampled_from(["", "⏳ 2026-11-10", "🔁 every week", "^id", "@mira"]),
)


@given(st.lists(lines, min_size=2, max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_only_the_date_and_the_tag_change(found: list[str], by_session: bool, end: str) -> None:
    data = end.join(found).encode()
    task = items(data, MD)[0]
    edit = SetDate(task, "due", DAY, by_session=by_session)
    try:
        after = patch.apply(edit, data)
    except patch.Refused as refused:
        assert refused.code == "already"
        after = data
    assert after.split(end.encode())[1:] == data.split(end.encode())[1:]
    (now, *_), was = items(after, MD), set(task.fields.tags) - {NEXT_SESSION_TAG}
    assert now.fields.due == DAY
    assert set(now.fields.tags) == was | ({NEXT_SESSION_TAG} if by_session else set())


def test_other_dates_leave_the_tag() -> None:
    data = b"- [ ] a #next-session due:2026-12-01\n"
    (task,) = items(data, MD)
    after = patch.apply(SetDate(task, "scheduled", OTHER), data)
    assert after == b"- [ ] a #next-session scheduled:2026-12-04 due:2026-12-01\n"
    assert describe([SetDate(task, "due", OTHER, by_session=True)]) == (
        "due 2026-12-04, by the next session: a"
    )
