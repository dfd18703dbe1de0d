"""The title bar at every width: the name of the screen is the last thing to go."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from tldash.tui.widgets.bars import TitleBar

STATUS = Content("5 leads · 28 open · 7 overdue · live")


class Bar(App[None]):
    def compose(self) -> ComposeResult:
        bar = TitleBar()
        bar.place = ("Coaching circle", "Ada Lindqvist", "Conflicts")
        bar.status, bar.age = STATUS, Content(", read just now")
        yield bar


@pytest.mark.parametrize(
    ("width", "path", "age"),
    [
        (110, "tldash › Coaching circle › Ada Lindqvist › Conflicts", True),
        (96, "tldash › … › Ada Lindqvist › Conflicts", True),
        (77, "tldash › … › Conflicts", True),
        (73, "tldash › … › Conflicts", False),
        (60, "tldash › Conflicts", False),
        (57, "tldash › Conflicts", False),
    ],
)
async def test_what_has_no_room_goes_in_order(width: int, path: str, *, age: bool) -> None:
    app = Bar()
    async with app.run_test(size=(width, 5)):
        text = app.query_one(TitleBar).render().plain
        assert text.startswith(f"{path} "), text
        assert text.endswith(", read just now" if age else "live")
