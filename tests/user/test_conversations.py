"""Sessions under way, kept for this machine alone: nothing breaks them, and none stays behind."""

from __future__ import annotations

import stat

import pytest

from tldash.user.conversations import LIMIT, NAME, Conversation, ConversationStore


def test_a_conversation_is_kept_until_it_is_removed(tmp_path) -> None:
    store = ConversationStore(tmp_path / "state")
    assert store.load("/a.md") is None
    store.save("/a.md", 2, (61.4, 0.0, 12.0), "+call the ven")
    store.save("/b.md", 0, (), "")
    store.save("/a.md", 3, (61.4,), "")
    assert store.load("/a.md") == Conversation("/a.md", 3, (61.0,), "")
    assert store.load("/b.md") == Conversation("/b.md")
    file = tmp_path / "state" / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    store.remove("/a.md")
    store.remove("/none.md")
    assert store.load("/a.md") is None
    assert len(file.read_text().splitlines()) == 1


def test_only_the_latest_are_kept(tmp_path) -> None:
    store = ConversationStore(tmp_path)
    for number in range(LIMIT + 5):
        store.save(f"/{number}.md", 0, (), "")
    assert store.load("/0.md") is None
    assert store.load(f"/{LIMIT + 4}.md") is not None
    assert len((tmp_path / NAME).read_text().splitlines()) == LIMIT


@pytest.mark.parametrize(
    "line",
    [
        "", "{", "[]", "3", '{"session": 1}', '{"session": "/a.md"}',
        '{"session": "/a.md", "part": -1, "spent": [], "typed": ""}',
        '{"session": "/a.md", "part": "x", "spent": [], "typed": ""}',
        '{"session": "/a.md", "part": 0, "spent": ["x"], "typed": ""}',
        '{"session": "/a.md", "part": 0, "spent": [], "typed": 3}',
    ],
)  # fmt: skip
def test_a_broken_line_is_ignored(tmp_path, line: str) -> None:
    (tmp_path / NAME).write_text(f"{line}\n")
    store = ConversationStore(tmp_path)
    assert store.load("/a.md") is None
    store.save("/b.md", 1, (5.0,), "x")
    assert store.load("/b.md") is not None
