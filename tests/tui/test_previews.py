"""Every prompt shows the line that it writes, in Markdown lists of all kinds and in YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dashboard import dashboard, loaded, until
from tldash.tui.prompts.prompt import Prompt

FILES = {
    "dashes.md": "## Agenda\n- [ ] a topic\n\n## Actions\n- [ ] one due:2026-12-01\n",
    "numbers.md": "## Agenda\n1. [ ] a topic\n\n## Actions\n1. [ ] one\n2. [ ] two\n",
    "stars.md": "## Agenda\n* [ ] a topic\n\n## Actions\n* [ ] one 📅 2026-12-01\n",
    "sections.md": "We met.\n",
    "plain.yaml": "topics:\n  - a topic\n\nactions:\n  - text: one\n    due: 2026-12-01\n",
    "texts.yaml": "topics: [a topic]\nactions:\n  - one due:2026-12-01\n",
}
PROMPTS = {
    "add": ("plus", "call Wren fri"),
    "topic": ("T", "the rota"),
    "text": ("R", " again"),
    "due": ("D", "2 dec"),
    "tags": ("number_sign", " #vision"),
    "repeat": ("E", "every week"),
}


def shown_line(prompt: Prompt) -> str:
    """Return the line that a prompt shows, without what is beside it."""
    return prompt.query_one("#look").render().plain.removeprefix("→ ").partition("  ")[0]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", PROMPTS)
async def test_a_prompt_shows_the_line_that_it_writes(tmp_path: Path, file: str, kind: str) -> None:
    suffix = Path(file).suffix
    day = "2026-12-01" if kind == "topic" else "2026-11-20"
    path = tmp_path / "ada" / "sessions" / f"{day}{suffix}"
    path.parent.mkdir(parents=True)
    (tmp_path / "ada" / "lead.md").write_text("---\nname: Ada\n---\n")
    path.write_text(FILES[file])
    key, text = PROMPTS[kind]
    app = dashboard(tmp_path / "ada")
    async with app.run_test(size=(200, 40), notifications=True) as pilot:
        await loaded(pilot)
        if kind not in ("add", "topic") and file == "sections.md":
            return
        await pilot.press(key)
        await until(pilot, lambda: bool(app.screen.query(Prompt)), "the prompt")
        prompt = app.screen.query_one(Prompt)
        await pilot.press(*("space" if sign == " " else sign for sign in text))
        await until(pilot, lambda: shown_line(prompt) != "", "the line")
        await until(pilot, lambda: not app.input._loading, "the text of the file")
        expected = shown_line(prompt)
        await pilot.press("enter")
        await until(pilot, lambda: path.read_text() != FILES[file], "the edit")
        old = FILES[file].splitlines()
        new = [line.strip() for line in path.read_text().splitlines() if line not in old]
        assert " ⏎ ".join(filter(None, new)) == expected
