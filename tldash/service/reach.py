"""Find out who can read the files that are shown. Runs on the files thread."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tldash.insight.readers import describe_readers, find_readable
from tldash.service.results import ReadersFound
from tldash.storage import readers
from tldash.workspace.folders import Folders


def find_readers(folders: Folders, paths: Iterable[str]) -> ReadersFound:
    """Find out who can read some files of the workspace, and the opened folders.

    Nothing is said about an earlier day, which is in no file.
    """
    if folders.as_of is not None:
        return ReadersFound(tuple((path, "") for path in paths), ())
    found = tuple((path, _describe(folders, path)) for path in paths)
    problems = (find_readable(root, readers.find_readers(root)) for root in folders.roots)
    return ReadersFound(found, tuple(filter(None, problems)))


def _describe(folders: Folders, path: str) -> str:
    real = Path(os.path.realpath(folders.absolute(path)))
    return describe_readers(readers.find_readers(real))
