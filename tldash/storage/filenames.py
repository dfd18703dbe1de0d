"""Recognize the names of temporary files and of conflict copies, by the name alone.

Temporary files of editors, sync tools and operating systems are ignored. Conflict copies contain
people's text, so they are shown at the original file.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from tldash.model.patterns import compile_pattern

RESCUE_MARK: Final = ".tldash-rescue-"
"""Part of the name of a copy kept by `tldash.storage.write` when two programs wrote at once."""

_IGNORED_NAMES: Final = frozenset(
    {
        # created by vim to test whether a folder is writable
        *("4913", "5036", "5159", "5282", "5405"),
        *("node_modules", "__pycache__", "__macosx", "cvs", "lost+found"),
        *("$recycle.bin", "system volume information", "@eadir", "#recycle", "#snapshot"),
        *("thumbs.db", "desktop.ini", "icon\r"),
    }
)
IGNORED_STARTS: Final = (".", "~$", "~syncthing~")
"""Lower case. The only rules for ignored names that a Markdown or YAML file can match."""
_IGNORED_ENDS: Final = ("~", ".tmp", ".temp", ".part", ".partial", ".crswap", ".crdownload")
_IGNORED_PATTERN: Final = compile_pattern(
    r"""
      .*\.s(?:w[a-p]|wx|vx)           # vim swap files
    | \#.*\#                          # Emacs auto-save
    | .*(?:___jb_tmp___|___jb_old___|\.vsctmp)  # JetBrains, VS Code
    | .*\.sb-[0-9a-f]{8}-[0-9a-z]{6}  # macOS safe save
    """,
    re.VERBOSE | re.DOTALL,
)

PLACEHOLDER_ENDS: Final = (".icloud", ".nextcloud", ".owncloud")

_SYNCTHING: Final = compile_pattern(r"\.sync-conflict-\d{8}-\d{6}(?:-[0-9A-Za-z]{7})?(?=\.|$)")
_RESCUE: Final = compile_pattern(re.escape(RESCUE_MARK) + r"\d+(?=\.|$)")
_OWNCLOUD: Final = compile_pattern(r"_conflict-\d{8}-\d{6}$")
_NUMBERED: Final = compile_pattern(r" ?\(\d{1,3}\)$")
_RESILIO: Final = compile_pattern(r"\.Conflict\d*$", re.IGNORECASE)
_ICLOUD: Final = compile_pattern(r"(?<=[^ ]) (?:[2-9]|[1-9]\d)$")
_MERGETOOL: Final = compile_pattern(r"_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+$")
_ONEDRIVE: Final = compile_pattern(r"-(?:DESKTOP|LAPTOP)-[0-9A-Z]{7}$")
_MARKED: Final = compile_pattern(
    r"[_)]|P-|\.sync-|\.[Cc]onflict| \d{1,2}\.|" + re.escape(RESCUE_MARK)
)
"""Cheap pre-check. Every name that one of the patterns or a note in brackets matches has this."""

_COPY_WORDS: Final = (
    *("copy", "copie", "copia", "cópia", "còpia", "kopie", "kopia", "kopi", "kópia", "kopya"),
    *("exemplaar", "versie", "kopio", "másolat", "salinan", "bản sao", "копия", "копія"),
    *("αντίγραφο", "コピー", "副本", "複本", "拷贝", "사본", "สำเนา", "نسخة", "עותק"),
)
_CONFLICT_WORDS: Final = (
    *("conflict", "conflit", "conflito", "konflikt", "konflik", "kolizn", "motstridig"),
    *("modstridende", "ristiriit", "ütköz", "çakış", "xung đột", "конфлікт", "конфликт"),
    *("διένεξη", "σύγκρουση", "競合", "冲突", "衝突", "충돌", "ขัดแย้ง", "متعارض", "מתנגש"),
)
_WHOLE_NOTES: Final = ("sfconflict ", "case conflict", "unicode encoding conflict")


def is_ignored(name: str) -> bool:
    """Whether a file or folder with this name (not a path) is ignored.

    True for names that start with a dot, and for temporary files of vim, Emacs, Office, VS Code,
    JetBrains, Syncthing and operating systems. Case does not matter. Conflict copies are not
    ignored: see `find_original`.
    """
    folded = name.casefold()
    return (
        folded.startswith(IGNORED_STARTS)
        or folded.endswith(_IGNORED_ENDS)
        or folded in _IGNORED_NAMES
        or _IGNORED_PATTERN.fullmatch(folded) is not None
    )


def find_placeholder_target(name: str) -> str | None:
    """Return the name of the file that a placeholder of a cloud client is for (`.x.md.icloud`)."""
    folded = name.casefold()
    if not folded.endswith(PLACEHOLDER_ENDS):
        return None
    stem = name[: folded.rindex(".")]
    return stem.removeprefix(".") if folded.endswith(".icloud") else stem


def find_original(path: str, known: Container[str] = frozenset()) -> str | None:
    """Return the path of the file that `path` is a conflict copy of; None if it is not one.

    Recognizes Syncthing's `x.sync-conflict-20261103-101112-ABCDEFG.md`; the "(… conflicted copy …)"
    of Dropbox, Nextcloud and Obsidian Sync in their languages; the names of Seafile and ownCloud;
    and our own rescue copies. Names that people may choose themselves (`x (1).md`, OneDrive's
    `x-LAPTOP-1A2B3C4.md`, git mergetool's `x_LOCAL_12.md`, iCloud's `x 2.md`, Resilio's
    `x.Conflict.md`) count only if the original is in `known`, the paths of the existing files.
    """
    folder, slash, name = path.rpartition("/")
    if not _MARKED.search(name):
        return None
    plain = _RESCUE.sub("", _SYNCTHING.sub("", name))
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = plain, ""
    stem = _without_note(_OWNCLOUD.sub("", stem))
    original = f"{folder}{slash}{stem}{dot}{extension}"
    if original != path:
        return original
    for pattern in (_NUMBERED, _MERGETOOL, _ONEDRIVE, _ICLOUD, _RESILIO):
        shorter = pattern.sub("", stem)
        original = f"{folder}{slash}{shorter}{dot}{extension}"
        if shorter and original != path and original in known:
            return original
    return None


def describe_copy(copy: str, original: str) -> str:
    """Return what the name of a conflict copy has in addition: a device and a date, mostly.

    `x.sync-conflict-20261103-101112-ABCDEFG.md` gives `2026-11-03 10:11, device ABCDEFG`, and
    `x (Bo's conflicted copy 2026-11-03).md` gives `Bo's conflicted copy 2026-11-03`.
    """
    name, own = (path.rpartition("/")[2] for path in (copy, original))
    if found := [*_SYNCTHING_PARTS.finditer(name)]:
        year, month, day, hour, minute, device = found[-1].groups()
        who = f", device {device}" if device else ""
        return f"{year}-{month}-{day} {hour}:{minute}{who}"
    stem, _, extension = own.rpartition(".")
    rest = name.removesuffix(f".{extension}").removeprefix(stem)
    return rest.strip(" ._-()") if rest != name else name


_SYNCTHING_PARTS: Final = compile_pattern(
    r"\.sync-conflict-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)\d\d(?:-([0-9A-Za-z]{7}))?(?=\.|$)"
)


def _without_note(stem: str) -> str:
    """Remove a "(… conflicted copy …)" from the end of a stem."""
    if not stem.endswith(")"):
        return stem
    depth = 0
    for start in range(len(stem) - 1, 0, -1):
        depth += (stem[start] == ")") - (stem[start] == "(")
        if depth == 0:
            break
    else:
        return stem
    note = stem[start + 1 : -1].casefold()
    marked = any(word in note for word in _CONFLICT_WORDS)
    copied = any(word in note for word in (*_COPY_WORDS, *_WHOLE_NOTES))
    return (stem[:start].rstrip() or stem) if marked and copied else stem
