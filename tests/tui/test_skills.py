"""The skills on a lead's page: a line each, and how they grew where there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.test_skills import FRAMEWORK, marker, talk
from tests.support.dashboard import dashboard, loaded, sample, until
from tests.support.records import NOW, TODAY, lead
from tldash.insight.skills import build_skill_progress
from tldash.model.framework import Framework
from tldash.model.records import Lead
from tldash.tui.screens.lead import LeadPage
from tldash.tui.widgets.row_list import RowList
from tldash.tui.widgets.skill_rows import skill_rows

GROWN = lead(
    *(
        talk(f"2026-{month:02}-03", vision=level, growth="beginner")
        for month, level in enumerate(["beginner"] * 6 + ["intermediate", "advanced"], 2)
    )
)
GROWN = replace(GROWN, markers=tuple(marker("vision", "beginner", True) for _ in range(12)))


def lines(width: int, someone: Lead = GROWN, framework: Framework = FRAMEWORK) -> list[str]:
    views = build_skill_progress(someone, framework, NOW)
    rows = skill_rows(views, frozenset(), TODAY)
    return [line.plain for row in rows for line in row.lines(width)]


@pytest.mark.parametrize(
    ("width", "name", "chart"),
    [
        (35, "▸ Vision   ", ""),
        (42, "▸ Vision   ", ""),
        (43, "▸ Vision   ", ""),
        (44, "▸ Vision         ▰▰▰ advanced     12/12 ", "▃▃▅▇"),
        (46, "▸ Vision         ▰▰▰ advanced     12/12 ", "▃▃▃▃▅▇"),
        (48, "▸ Vision         ▰▰▰ advanced     12/12 ", "▃▃▃▃▃▃▅▇"),
        (59, "▸ Articulating a vision ", "▃▃▃▃▃▃▅▇"),
        (60, "▸ Articulating a vision ", "▃▃▃▃▃▃▅▇"),
        (90, "▸ Articulating a vision ", "▃▃▃▃▃▃▅▇"),
    ],
)
def test_the_newest_levels_are_drawn_as_far_as_there_is_room(
    width: int, name: str, chart: str
) -> None:
    line = lines(width)[2]
    assert line.startswith(name)
    assert "".join(sign for sign in line if sign in "▁▂▃▄▅▆▇█") == chart


@given(st.integers(44, 120))
def test_a_skill_is_one_line_as_wide_as_the_list_and_level_and_count_are_whole(width: int) -> None:
    shown = lines(width)
    assert len(shown) == 5
    assert len({line.index("▰") for line in (shown[2], shown[4])}) == 1
    assert all(len(line) <= width and "…" not in line for line in shown)
    assert "advanced" in shown[2]
    assert "12/12" in shown[2]


def test_names_stay_long_where_no_chart_would_be_beside_them() -> None:
    assert lines(44, lead())[1].startswith("  Taking initiative ")
    skills = FRAMEWORK.skills
    long = replace(skills[0], id="seeing-what-matters", name="Seeing what matters")
    own = replace(FRAMEWORK, skills=(long, *skills[1:]))
    assert not set("".join(lines(44, GROWN, own))) & set("▃▅▇")


async def test_the_chart_is_there_at_120_and_nothing_has_moved_for_it(tmp_path) -> None:
    app = dashboard(sample(tmp_path) / "ada")
    async with app.run_test(size=(120, 40)) as pilot:
        await loaded(pilot)
        assert isinstance(app.screen, LeadPage)
        skills = app.screen.query_one("#skills", RowList)
        await until(pilot, lambda: bool(skills.rows), "the skills")
        drawn = [skills.render_line(y).text.rstrip() for y in range(5)]
        assert drawn[0].endswith("4/6 ▃▃▅")
        assert "Growth mindset" in drawn[4]
        assert all("…" not in line for line in drawn)
        assert skills.virtual_size.height == 5
