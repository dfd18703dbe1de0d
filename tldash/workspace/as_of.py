"""Open a folder as git had it at a moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tldash.history.git_history import GitHistory, NoHistory
from tldash.history.git_packs import ObjectError
from tldash.history.git_source import GitSource, to_source_error
from tldash.storage.source import SourceError


def open_as_of(folder: Path, moment: datetime) -> GitSource:
    """Return the files of a folder as the current branch had them at a moment.

    Args:
        folder: The real path of the folder.
        moment: With a time zone, in which a message gives dates.

    Raises:
        SourceError: There is no history of that moment, or it cannot be read.
    """
    history = GitHistory.find(folder)
    if isinstance(history, NoHistory):
        raise SourceError(history.sentence)
    try:
        commit = history.commit_as_of(moment)
        if isinstance(commit, NoHistory):
            raise SourceError(commit.sentence)
        is_there = history.folder(commit) is not None
    except ObjectError as error:
        raise to_source_error(error) from error
    if not is_there:
        raise SourceError("git did not have it then. Choose a later day.")
    return GitSource(history, commit, folder)
