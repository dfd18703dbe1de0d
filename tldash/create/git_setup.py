"""Register the merge driver, and a hook, in a clone of a git repository.

Nothing here runs git. The files of the repository are edited as text, and only lines of ours are
added or removed. Their formats are those of git-config(1), gitattributes(5) and githooks(5).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tldash.model.frozen import frozen
from tldash.storage import git_lock
from tldash.storage.directory import WriteRefused
from tldash.storage.git_files import NoRepository, Repository, find_repository
from tldash.storage.safe_open import Unreadable, read_bytes
from tldash.storage.write import create, remove, rewrite

DRIVER: Final = """\
[merge "tldash"]
	name = task items one by one
	driver = tldash merge-driver %O %A %B %P
"""
SUFFIXES: Final = (".md", ".markdown", ".yaml", ".yml")
CHECK: Final = "tldash check --private --staged"
"""What the hook runs."""
SHARED: Final = ".gitattributes"

_SECTION: Final = re.compile(r"^[ \t]*\[[ \t]*merge[ \t]+\"tldash\"[ \t]*\]", re.M | re.I)
_NEXT_SECTION: Final = re.compile(r"\s*(?:\[|\Z)")
_HOOKS_PATH: Final = re.compile(r"^[ \t]*hooksPath[ \t]*=", re.M | re.I)
_SPECIAL: Final = re.compile(r"([\\*?\[\]!#])")


class SetupRefused(Exception):
    """The repository cannot be set up. Nothing was written; the message says what to do."""


@frozen
class Change:
    """A file to write."""

    folder: Path
    """The folder `.git`, or that of the shared attributes."""
    path: str
    """Relative to it."""
    old: bytes | None
    """None if there is no file."""
    new: bytes | None
    """None to remove the file."""
    in_git: bool = True
    executable: bool = False

    def write(self) -> None:
        """Write it. Raises `WriteRefused` if that fails, or if somebody changed it meanwhile."""
        if self.in_git:
            git_lock.replace(self.folder, self.path, self.old, self.new, executable=self.executable)
        elif self.old is None and self.new is not None:
            create(self.folder, self.path, self.new)
        elif self.old is not None and self.new is None:
            remove(self.folder, self.path, self.old)
        else:
            rewrite(self.folder, self.path, self._checked)

    def _checked(self, before: bytes) -> bytes:
        if before != self.old or self.new is None:
            raise WriteRefused("changed", f"{self.path} was changed meanwhile", "try again")
        return self.new


@frozen
class Plan:
    """What to write, and what to do by hand."""

    changes: tuple[Change, ...]
    remarks: tuple[str, ...] = ()


def plan_setup(folder: Path, *, hook: bool, shared: bool, take_back: bool) -> Plan:
    """Plan what to write so that git merges the files of a folder with tldash. Writes nothing.

    Args:
        folder: A folder in a git repository.
        hook: Whether to check what is committed for private names.
        shared: Write the attributes into the folder, for everybody, instead of into this clone.
        take_back: Remove what an earlier call has added.

    Raises:
        SetupRefused: There is no repository that can be set up from here, or one of its files
            cannot be read or is not as expected.
    """
    repository = _find(folder)
    git = repository.own
    config = _read(git, "config")
    if config is None:
        raise SetupRefused(f"{git} has no config; run git status to see what is wrong")
    edited = _edit_config(config, take_back=take_back)
    changes = [_change(git, "config", config, edited)]
    own = _attributes(repository.inside)
    if not shared or take_back:
        changes.append(_attribute_change(git, "info/attributes", own, take_back=take_back))
    if shared:
        lines = _attributes("")
        changes.append(_attribute_change(folder, SHARED, lines, take_back=take_back, in_git=False))
    remarks: list[str] = []
    if hook or take_back:
        change, remarks = _plan_hook(git, config, repository.inside, take_back=take_back)
        changes.append(change)
    return Plan(tuple(one for one in changes if one.old != one.new), tuple(remarks))


def _find(folder: Path) -> Repository:
    try:
        repository = find_repository(folder)
    except NoRepository as error:
        raise SetupRefused(f"{folder}: {error.message}. {error.hint}".rstrip()) from error
    if repository.own != repository.shared:
        raise SetupRefused(
            f"{folder} is in a linked work tree; run this in the main work tree, whose settings "
            "it shares"
        )
    if repository.own.name != ".git":
        raise SetupRefused(
            f"{folder} is in a submodule or has its .git elsewhere; register the driver by hand, "
            "as tldash help commands says"
        )
    return repository


def _read(folder: Path, path: str) -> bytes | None:
    try:
        return git_lock.read(folder, path)
    except Unreadable as error:
        raise SetupRefused(f"{folder / path} cannot be read: {error.message}") from error


def _change(folder: Path, path: str, old: bytes | None, new: str | None) -> Change:
    return Change(folder, path, old, None if new is None else _encode(new))


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _in_style(block: str, text: str) -> str:
    """Return lines with the line ends that a text has."""
    return block.replace("\n", "\r\n") if "\r\n" in text else block


def _append(text: str, block: str) -> str:
    if text and not text.endswith("\n"):
        text += _in_style("\n", text)
    return text + _in_style(block, text)


# -- config --------------------------------------------------------------------------------------


def _edit_config(data: bytes, *, take_back: bool) -> str:
    text = _decode(data)
    if b"\0" in data or text.rstrip("\r\n").endswith("\\"):
        raise SetupRefused("the config of the repository is damaged; run git config --list")
    ours = _in_style(DRIVER, text)
    at = text.find(ours)
    if at >= 0 and (not at or text[at - 1] == "\n"):
        end = at + len(ours)
        if not take_back:
            return text
        if not _NEXT_SECTION.match(text, end):  # somebody added a key below ours
            header = ours.partition("\n")[0]
            return text[: at + len(header) + 1] + text[end:]
        return text[:at] + text[end:]
    if _SECTION.search(text) and not take_back:
        raise SetupRefused(
            'the config of the repository has a section [merge "tldash"] that tldash did not '
            "write; remove it, then run this again"
        )
    return text if take_back else _append(text, DRIVER)


# -- attributes ----------------------------------------------------------------------------------


def _attributes(inside: str) -> list[str]:
    """Return the lines that choose the driver for the files below a folder."""
    start = _SPECIAL.sub(r"\\\1", f"{inside}/") if inside else ""
    return [_attribute(f"{start}**/*{suffix}" if start else f"*{suffix}") for suffix in SUFFIXES]


def _attribute(pattern: str) -> str:
    if re.search(r'[\s"]', pattern):  # quoted as a string of C
        escaped = pattern.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        pattern = f'"{escaped}"'
    return f"{pattern} merge=tldash"


def _attribute_change(
    folder: Path, path: str, lines: list[str], *, take_back: bool, in_git: bool = True
) -> Change:
    old = _read(folder, path) if in_git else _read_shared(folder, path)
    text = _decode(old or b"")
    present = text.replace("\r\n", "\n").split("\n")
    if take_back:
        kept = [one for one in _split(text) if one.rstrip("\r\n") not in lines]
        new = "".join(kept) or None if len(kept) < len(_split(text)) else text
    else:
        missing = [line for line in lines if line not in present]
        new = _append(text, "".join(f"{line}\n" for line in missing)) if missing else text
    after = old if new == text else None if new is None else _encode(new)
    return Change(folder, path, old, after, in_git)


def _read_shared(folder: Path, path: str) -> bytes | None:
    try:
        return read_bytes(folder, path)
    except Unreadable as error:
        if error.code == "gone":
            return None
        raise SetupRefused(f"{folder / path} cannot be read: {error.message}") from error


def _split(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


# -- the hook ------------------------------------------------------------------------------------


def _hook(inside: str) -> str:
    folder = shlex.quote(f"./{inside}" if inside else ".")
    return f"#!/bin/sh\n# Finds private names before they are committed.\nexec {CHECK} {folder}\n"


def _plan_hook(
    git: Path, config: bytes, inside: str, *, take_back: bool
) -> tuple[Change, list[str]]:
    path = "hooks/pre-commit"
    ours = _hook(inside)
    nothing = Change(git, path, None, None)
    line = f"{CHECK} {shlex.quote(f'./{inside}' if inside else '.')} || exit"
    if _HOOKS_PATH.search(_decode(config)):
        remark = f"core.hooksPath is set, so add this line to your own pre-commit hook: {line}"
        return nothing, [] if take_back else [remark]
    old = _read(git, path)
    if take_back:
        return (Change(git, path, old, None) if old == _encode(ours) else nothing), []
    if old is not None and old != _encode(ours):
        said = CHECK in _decode(old)
        remark = f"{git / path} is not from tldash and stays; add this line to it: {line}"
        return nothing, [] if said else [remark]
    return Change(git, path, old, _encode(ours), executable=True), []


def describe(change: Change) -> Iterator[str]:
    """Yield the path of a file and the lines that are added to it or removed."""
    yield f"{change.folder / change.path}" + ("" if change.new is not None else " (removed)")
    old, new = (_split(_decode(data or b"")) for data in (change.old, change.new))
    yield from (f"  - {line.rstrip()}" for line in old if line not in new)
    yield from (f"  + {line.rstrip()}" for line in new if line not in old)
