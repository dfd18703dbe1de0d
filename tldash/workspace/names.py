"""Check opened folders for listed names and the contacts of others, for `tldash check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tldash.formats.private_text import Guard
from tldash.model.records import Problem
from tldash.storage.source import SourceError
from tldash.workspace.labels import NoFolder
from tldash.workspace.name_check import check_files
from tldash.workspace.root import Root
from tldash.workspace.staged import check_staged

if TYPE_CHECKING:
    from tldash.workspace.writer import FixPreview


class NameChecks:
    """The checks of some folders against one list of names."""

    def __init__(
        self,
        parts: Sequence[Root],
        guard: Guard,
        preview: Callable[[Guard], Iterator[FixPreview]],
    ) -> None:
        """`preview` yields what the files would be with nicknames."""
        self._parts = parts
        self._guard = guard
        self._preview = preview

    def check(self) -> tuple[Problem, ...]:
        """Return the places with listed names, and with contacts of others, in all files.

        Reads every file afresh. The names of files and folders are checked too.
        """
        return tuple(sorted(one for part in self._parts for one in check_files(part, self._guard)))

    def check_staged(self, index: Path | None = None) -> tuple[Problem, ...]:
        """Return the same for the files that the next commit adds or changes, as git has them.

        `index` is an index in the place of the usual one. Raises NoFolder if a folder is not in a
        git repository, or that is damaged.
        """
        try:
            found = [one for part in self._parts for one in check_staged(part, self._guard, index)]
        except SourceError as error:
            raise NoFolder(str(error)) from error
        return tuple(sorted(found))

    def preview_fixes(self) -> Iterator[FixPreview]:
        """Yield what each file with listed names would be with their nicknames. Writes nothing."""
        return self._preview(self._guard)
