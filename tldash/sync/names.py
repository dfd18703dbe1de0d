"""Load the names that must not be committed."""

from __future__ import annotations

from tldash.formats.private_text import Guard
from tldash.sync.failure import SyncFailed
from tldash.user.settings import load_names
from tldash.workspace.folders import Folders
from tldash.workspace.name_check import make_guard


def load_guard(opened: Folders) -> Guard | None:
    """Return what the viewer keeps private; None without a list. Raises SyncFailed.

    A list with a mistake may leave a name out, so nothing is committed with it.
    """
    listed = load_names()
    if listed is None:
        return None
    found = listed.make_guard()
    if listed.problems or found is None:
        raise SyncFailed(
            "private", f"your list of names has mistakes. Fix {listed.file}, and sync again."
        )
    real = listed.file.resolve()
    if any(real.is_relative_to(root) for root in opened.roots):
        raise SyncFailed(
            "private", f"your list of names is in a shared folder. Move {real} elsewhere."
        )
    return make_guard(found.names, opened.workspace)
