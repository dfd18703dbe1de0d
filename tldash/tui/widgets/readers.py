"""Words for who can read what a pane shows."""

from __future__ import annotations

from tldash.insight.readers import ONLY_YOU


def say_readers(readers: str) -> str:
    """Return a phrase for who can read a file, as `describe_readers` returns it."""
    return "only you can read it" if readers == ONLY_YOU else f"readable by {readers}"
