"""The sentences about what was done to several items in one go."""

from __future__ import annotations

from tldash.editing.edits import describe
from tldash.service import service
from tldash.tui.widgets.bars import Notice


def told(several: service.Several, aside: str = "") -> Notice:
    """What came of some edits: all done, or how many were not and where to look.

    `aside` says what the wish could not be about at all.
    """
    done = [word for word in several.answers if isinstance(word, service.Written)]
    left = [word for word in several.answers if isinstance(word, service.NotWritten)]
    of = len(several.answers)
    also = f"; {aside}" if aside else ""
    if left and of == 1:
        found = f" · now: {left[0].found.strip()}" if left[0].found else ""
        return Notice(f"not done, {left[0].message}{found}{also}", bad=True)
    if left:
        return Notice(f"{len(done)} of {of} done; {len(left)} not: w{also}", bad=True)
    trouble = next((f" · {word.trouble}" for word in done if word.trouble), "")
    already = "already " if all(word.already for word in done) else ""
    what = describe([word.edit for word in done])
    return Notice(f"{already}{what}{trouble}{also}", bad=bool(aside))


def taken_told(word: service.TakenBack) -> Notice:
    """What was undone or made again, and how many were not."""
    if not word.left:
        return Notice(f"{word.how}: {word.what}")
    where = "w" if word.left[0].entry is not None else word.left[0].message
    return Notice(f"{word.how}: {word.what}; {len(word.left)} not: {where}", bad=True)
