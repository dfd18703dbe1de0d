"""Why a sync did not finish, as a sentence with the way out."""

from __future__ import annotations

import re
from typing import Final

QUOTED: Final = 200
"""Characters of what git said that are quoted."""
_SECRET: Final = re.compile(r"(?<=//)[^/@\s]*@")
"""The user and the password in a URL."""


class SyncFailed(Exception):
    """A sync did not finish. `str` is a sentence with the way out.

    Codes: `no-git`, `old-git`, `no-repository`, `unsupported`, `damaged`, `locked`, `detached`,
    `ongoing`, `conflict`, `no-remote`, `no-identity`, `private`, `filter`, `in-the-way`, `busy`,
    `offline`, `password`, `rejected`, `unrelated`, `timeout`, `stopped`, `git`.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"index\.lock': File exists",
        "locked",
        "git is changing the index now, or was stopped while it did. Try again, or remove "
        ".git/index.lock if no git is running.",
    ),
    (
        r"\.lock': File exists|[Uu]nable to lock|cannot lock ref",
        "locked",
        "git is changing a branch now, or was stopped while it did. Try again; if no git is "
        "running, remove the file that ends in .lock from .git.",
    ),
    (
        r"terminal prompts disabled|could not read (?:Username|Password)|Authentication failed"
        r"|Permission denied \(|Host key verification failed|HTTP Basic: Access denied",
        "password",
        "{remote} wants a password or a key. Run git fetch in the folder once, so that your "
        "credential helper or ssh agent knows it.",
    ),
    (
        r"Could not resolve host|Could not resolve hostname|Name or service not known"
        r"|Temporary failure in name resolution|Network is unreachable|No route to host"
        r"|Connection (?:refused|timed out|reset|closed)|Failed to connect|Couldn't connect"
        r"|Could not connect|unable to access|early EOF|unexpected disconnect|hung up",
        "offline",
        "{remote} cannot be reached. Sync again when you are online.",
    ),
    (
        r"does not appear to be a git repository|[Rr]epository .*not found|does not exist"
        r"|Could not read from remote repository",
        "no-remote",
        "there is no repository at the address of {remote}. Run git remote -v in the folder.",
    ),
    (
        r"transport '.*' not allowed|[Uu]nable to find remote helper",
        "unsupported",
        "the address of {remote} starts a program, which sync does not do. Run git remote -v.",
    ),
    (
        r"protected branch|pre-receive hook declined|hook declined|\(remote rejected\)"
        r"|\[remote rejected\]|denied|prohibited",
        "rejected",
        "{remote} does not take these commits. Ask its owner; your commits stay here.",
    ),
    (
        r"No space left|Disk quota",
        "git",
        "the disk is full. Make room, and sync again.",
    ),
    (
        r"bad object|unable to read tree|unable to read|missing blob|promisor|object file",
        "damaged",
        "the git repository is damaged or partial. Run git fsck in the folder.",
    ),
)


def explain(errors: str, remote: str, doing: str) -> SyncFailed:
    """Return the failure for what git printed on standard error.

    Args:
        errors: What git printed.
        remote: The name of the remote.
        doing: What git did, as a verb with its object: "fetch from origin".
    """
    for pattern, code, sentence in _REASONS:
        if re.search(pattern, errors):
            return SyncFailed(code, sentence.format(remote=remote))
    lines = [line.strip() for line in errors.split("\n") if line.strip()]
    found = next((line for line in lines if line.startswith(("fatal:", "error:"))), "")
    said = _SECRET.sub("", found or (lines[-1] if lines else "it did not say why"))[:QUOTED]
    return SyncFailed("git", f"git could not {doing}: {said}")
