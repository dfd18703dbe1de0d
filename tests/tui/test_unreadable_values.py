"""Keys that count from a date or priority that cannot be read: from its hint, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from tldash.editing import patch
from tldash.editing.edits import Refused, SetDate
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.tui.prompts.changes import Change, move_due, move_priority

TODAY = date(2026, 11, 10)


def changed(text: str, change: Change, path: str = "x.md") -> str:
    """Change the only item of a file."""
    (task,) = read_data(text.encode(), path, FileRole.SESSION).tasks
    return patch.apply(change(task), text.encode()).decode()


@pytest.mark.parametrize(
    ("body", "after"),
    [
        # the day that `check` suggests
        ("a 📅 25.11.2026", "a 📅 2026-11-26"),
        ("a due:2026/11/25 b", "a due:2026-11-26 b"),
        ("a due: 2026-11-25", "a due:2026-11-26"),
        ("a Due:2026-11-25", "a due:2026-11-26"),
        ("a deu:2026-11-25", "a due:2026-11-26"),
        ("a [due: 2026-11-25]", "a [due:: 2026-11-26]"),
        ("a [due:: 25 Nov 2026]", "a [due:: 2026-11-26]"),
        ("a due:2026-20-11", "a due:2026-11-21"),
        ("a due：2026-11-25", "a due:2026-11-26"),
        ("a due:2026-W48-3", "a due:2026-11-26"),
        ("a due:２０２６-１１-２５", "a due:2026-11-26"),
        ("a 📅 2026–11–25", "a 📅 2026-11-26"),
        ("a due:\u200b2026-11-25", "a due:2026-11-26"),
        ("a @due(25.11.2026)", "a @due(2026-11-26)"),
        ("a @Due(2026-11-25)", "a @due(2026-11-26)"),
        ("a 📅 [[25.11.2026]]", "a 📅 [[2026-11-26]]"),
        ("a due:2026/11/25T09:00", "a due:2026-11-26T09:00"),
        ("a [due:: 25.11.2026 09:00]", "a [due:: 2026-11-26 09:00]"),
        # dates with a time or in a link
        ("a due:2026-11-20T09:00", "a due:2026-11-21T09:00"),
        ("a 📅 2026-11-20T09:00 b", "a 📅 2026-11-21T09:00 b"),
        ("a 📅 2026-11-20 09:00", "a 📅 2026-11-21 09:00"),
        ("a [due:: [[2026-11-23]]]", "a [due:: [[2026-11-24]]]"),
        ("a [due:: [[daily/2026-11-23]] 09:00]", "a [due:: [[daily/2026-11-24]] 09:00]"),
        ("a 📅 [[2026-11-23]]", "a 📅 [[2026-11-24]]"),
        ("a due:[[2026-11-23]]", "a due:[[2026-11-24]]"),
        ("a @due(2026-11-20 14:05)", "a @due(2026-11-21 14:05)"),
        ("a @due(2026-11-20 02:05 PM) b", "a @due(2026-11-21 02:05 PM) b"),
        # no date at all
        ("a", "a 📅 2026-11-11"),
        ("a @done(2026-11-01)", "a @due(2026-11-11) @done(2026-11-01)"),
        ("a scheduled:soon", "a scheduled:soon 📅 2026-11-11"),
    ],
)
def test_a_due_date_moves_by_a_day(body, after):
    assert changed(f"- [ ] {body}\n", move_due(1, TODAY)) == f"- [ ] {after}\n"


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("a 📅 Nov 25", "as in 📅 2026-11-20"),
        ("a due:soon", "as in due:2026-11-20"),
        ("a due:3/4/2026", "as in due:2026-11-20"),
        ("a due:2026-02-30", "as in due:2026-11-20"),
        ("a 📅", "as in 📅 2026-11-20"),
        ("a due:", "as in due:2026-11-20"),
        ("a @due(tomorrow)", "as in @due(2026-11-20)"),
        ("a [due:: ]", "as in due:: 2026-11-20"),
        ("a [due: 3/4/2026]", "[due:: 2026-11-20]"),
        ("a due:25.11.2026 📅 26.11.2026", "write due:2026-11-25"),
    ],
)
@pytest.mark.parametrize("days", [1, -1, 7])
def test_a_due_date_that_can_mean_many_days_is_not_moved(body, hint, days):
    with pytest.raises(Refused) as refused:
        changed(f"- [ ] {body}\n", move_due(days, TODAY))
    assert (refused.value.code, hint in refused.value.message) == ("unreadable", True)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("a 📅 Nov 25", "a 📅 2026-12-24"),
        ("a 📅", "a 📅 2026-12-24"),
        ("a 📅 whenever", "a 📅 2026-12-24 whenever"),
        ("a due:", "a due:2026-12-24"),
        ("a due:: soon", "a due:2026-12-24 soon"),
        ("a due:soon", "a due:2026-12-24"),
        ("a Due:2026-11-25", "a due:2026-12-24"),
        ("a due:2026-11-20T09:00", "a due:2026-12-24T09:00"),
    ],
)
def test_a_date_that_is_typed_takes_the_place_of_one_that_cannot_be_read(body, after):
    def set_day(task):
        return SetDate(task, "due", date(2026, 12, 24))

    assert changed(f"- [ ] {body}\n", set_day) == f"- [ ] {after}\n"


def test_a_second_due_date_is_never_added():
    with pytest.raises(Refused, match="cannot be read"):
        changed("- [ ] a [due: 3/4/2026]\n", lambda t: SetDate(t, "due", date(2026, 12, 24)))


@pytest.mark.parametrize(
    ("item", "after"),
    [
        ("- a due:25.11.2026", "- a due:2026-11-26"),
        ("- a @due(2026-11-20 14:05)", "- a @due(2026-11-21 14:05)"),
        ("- {text: a, due: 25.11.2026}", "- {text: a, due: 2026-11-26}"),
        ("- text: a\n  due: 2026-11-20 09:00", "- text: a\n  due: 2026-11-21 09:00"),
        ('- text: a\n  due: "[[2026-11-20]]"', '- text: a\n  due: "[[2026-11-21]]"'),
    ],
)
def test_a_due_date_in_yaml_moves_by_a_day(item, after):
    moved = changed(f"actions:\n{item}\n", move_due(1, TODAY), "x.yaml")
    assert moved == f"actions:\n{after}\n"


@pytest.mark.parametrize(
    ("item", "hint"),
    [
        ("- a due:soon", "as in due:2026-11-20"),
        ("- text: a\n  due: soon", "correct it first"),
        ("- text: a\n  due: 25.11.2026", "write 2026-11-25"),
        ("- text: a due:soon", "as in due:2026-11-20"),
    ],
)
def test_a_due_date_in_yaml_that_cannot_be_read_is_not_moved(item, hint):
    with pytest.raises(Refused, match=hint):
        changed(f"actions:\n{item}\n", move_due(1, TODAY), "x.yaml")


@pytest.mark.parametrize(
    ("body", "steps", "after"),
    [
        ("a pri:high", 1, "a pri:A"),
        ("a pri:b", -1, "a pri:C"),
        ("a [priority:: Low]", -1, "a [priority:: lowest]"),
        ("a @priority(2)", 1, "a @priority(1)"),
        ("a @priority(high) b", 1, "a @priority(highest) b"),
        ("a @due(2026-11-20)", 1, "a @priority(3) @due(2026-11-20)"),
    ],
)
def test_a_priority_moves_by_a_step(body, steps, after):
    assert changed(f"- [ ] {body}\n", move_priority(steps)) == f"- [ ] {after}\n"


@pytest.mark.parametrize("body", ["a pri:Z", "a @priority(9)", "a [priority:: urgent]"])
def test_a_priority_that_cannot_be_read_is_not_moved(body):
    with pytest.raises(Refused, match="cannot be read"):
        changed(f"- [ ] {body}\n", move_priority(1))
