"""Without colour, what is chosen is still seen where Textual draws it for us."""

from __future__ import annotations

from textual.command import CommandList

from tests.support.dashboard import dashboard, loaded, sample, until


async def test_the_chosen_command_of_the_palette_is_underlined(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = dashboard(sample(tmp_path))
    async with app.run_test(size=(100, 30)) as pilot:
        await loaded(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: _options(app) > 5, "commands")
        for _ in range(3):
            await pilot.press("down")
            listed = app.screen.query_one(CommandList)
            underlined = {
                segment.style.meta["option"]
                for y in range(12)
                for segment in listed.render_line(y)
                if segment.style and segment.style.underline and "option" in segment.style.meta
            }
            assert underlined == {listed.highlighted}


def _options(app) -> int:
    return sum(listed.option_count for listed in app.screen.query(CommandList))
