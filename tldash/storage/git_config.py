"""Parse the config of a git repository, without running git.

The syntax is that of git-config(1). Included files are not read, so nothing but the file itself has
an effect.
"""

from __future__ import annotations

import re
from typing import Final

from tldash.model.frozen import frozen

_SECTION: Final = re.compile(
    r"[ \t]*\[[ \t]*(?P<name>[-.\w]+)(?:[ \t]+\"(?P<sub>(?:[^\"\\\n]|\\.)*)\")?[ \t]*\]"
)
_KEY: Final = re.compile(r"[ \t]*(?P<key>[A-Za-z][-A-Za-z0-9]*)[ \t]*(?P<equals>=?)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "b": "\b"}


@frozen
class Setting:
    """A setting, such as `remote.origin.url`."""

    section: str
    """In lower case."""
    subsection: str
    """Empty if there is none."""
    key: str
    """In lower case."""
    value: str
    """`true` for a key without `=`."""


@frozen
class GitConfig:
    """The settings of a file, in their order."""

    settings: tuple[Setting, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    """Section and subsection of each header, with or without settings."""
    is_complete: bool = True
    """Whether git could parse all of it."""

    def get(self, section: str, subsection: str, key: str) -> str:
        """Return the last value of a setting; empty if it is not set."""
        return next(iter(reversed(self.get_all(section, subsection, key))), "")

    def get_all(self, section: str, subsection: str, key: str) -> tuple[str, ...]:
        """Return all values of a setting."""
        wanted = section, subsection, key
        return tuple(
            one.value for one in self.settings if (one.section, one.subsection, one.key) == wanted
        )


@frozen
class Upstream:
    """Where a branch is pushed to."""

    remote: str
    """The name of the remote."""
    ref: str
    """The full name of the branch there."""
    tracking: str
    """The full name of the ref that has what was fetched last."""


def find_upstream(config: GitConfig, branch: str) -> Upstream | None:
    """Return the upstream of a branch; None if it has none in another repository."""
    remote = config.get("branch", branch, "remote")
    ref = config.get("branch", branch, "merge")
    if remote in ("", ".") or not ref.startswith("refs/heads/"):
        return None
    if not config.get("remote", remote, "url"):
        return None
    specs = config.get_all("remote", remote, "fetch")
    found = (_map_ref(spec, ref) for spec in specs)
    usual = f"refs/remotes/{remote}/{ref.removeprefix('refs/heads/')}"
    return Upstream(remote, ref, next(filter(None, found), usual))


def _map_ref(spec: str, ref: str) -> str:
    """Return the ref on this side of a fetch refspec; empty if that is about other refs."""
    theirs, _, ours = spec.removeprefix("+").partition(":")
    if not ours.startswith("refs/remotes/"):
        return ""
    if theirs == ref:
        return ours
    start, star, end = theirs.partition("*")
    fits = star and len(ref) >= len(start) + len(end)
    if not fits or not ref.startswith(start) or not ref.endswith(end):
        return ""
    return ours.replace("*", ref[len(start) : len(ref) - len(end)], 1)


def parse_config(data: bytes) -> GitConfig:
    """Parse a file. Lines that git could not parse end it."""
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").replace("\r\n", "\n")
    settings: list[Setting] = []
    sections: list[tuple[str, str]] = []
    at = _parse(text, settings, sections)
    return GitConfig(tuple(settings), tuple(sections), at == len(text))


def _parse(text: str, settings: list[Setting], sections: list[tuple[str, str]]) -> int:
    """Collect settings and sections, and return where that ends."""
    section = subsection = ""
    at = 0
    while at < len(text):
        if text[at] in " \t\n":
            at += 1
        elif text[at] in "#;":
            at = _line_end(text, at)
        elif (header := _SECTION.match(text, at)) is not None:
            section, _, old = header["name"].lower().partition(".")
            named = header["sub"]
            subsection = old if named is None else re.sub(r"\\(.)", r"\1", named)
            sections.append((section, subsection))
            at = header.end()
        elif (key := _KEY.match(text, at)) is not None:
            value, at = _parse_value(text, key.end()) if key["equals"] else ("true", key.end())
            settings.append(Setting(section, subsection, key["key"].lower(), value))
        else:
            break
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _parse_value(text: str, at: int) -> tuple[str, int]:
    """Return a value, and where it ends: at the end of its line, of which a `\\` makes two."""
    parts: list[str] = []
    kept = 0
    """The parts up to here stay; spaces at the end of a value do not."""
    quoted = False
    while at < len(text) and text[at] != "\n":
        char = text[at]
        if char == "\\":
            following = text[at + 1 : at + 2]
            at += 2
            if following != "\n":
                parts.append(_ESCAPES.get(following, following))
                kept = len(parts)
            continue
        if char == '"':
            quoted = not quoted
            kept = len(parts)
        elif char in "#;" and not quoted:
            return "".join(parts[:kept]), _line_end(text, at)
        elif quoted or char not in " \t":
            parts.append(char)
            kept = len(parts)
        elif parts:
            parts.append(char)
        at += 1
    return "".join(parts[:kept]), at
