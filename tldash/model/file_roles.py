"""Roles of files, and rules that look at the names of files and folders only."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from tldash.model.patterns import compile_pattern

CONFIG_NAMES: Final = ("tldash.yaml", "tldash.yml")
FRAMEWORK_NAMES: Final = ("framework.yaml", "framework.yml")
SESSIONS_FOLDER: Final = "sessions"

_DATED: Final = compile_pattern(r"(\d{4}-\d\d-\d\d)(?!\d)")
_OTHER_DATED: Final = compile_pattern(
    r"(?P<year>(?:19|20)\d\d)(?P<to>[-_.]?)(?P<month>\d\d)(?P=to)(?P<day>\d\d)(?!\d)"
    r"|(?P<one>\d\d)(?P<by>[-_.])(?P<two>\d\d)(?P=by)(?P<year_last>(?:19|20)\d\d)(?!\d)",
    re.ASCII,
)
"""The other spellings of a date at the start of a name."""
_DATED_AT_END: Final = compile_pattern(r"[-_. ]((?:19|20)\d\d-\d\d-\d\d)(?:\.\w+)?\Z", re.ASCII)
_MARKDOWN: Final = (".md", ".markdown")
_YAML: Final = (".yaml", ".yml")

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ONE_TO_ONE: Final = (
    r"sessions?|(?:1|one) ?(?:on|to|2|x) ?(?:1|one)s?|1 1s?|121s?|one2ones?|coaching sessions?"
)
_MEETINGS: Final = compile_pattern(rf"(?:{_ONE_TO_ONE})(?: (?:notes|meetings?|log))?")
"""Folder names of sessions, as `_plain` returns them."""
_CONTAINER: Final = compile_pattern(
    rf"{_MEETINGS.pattern}|(?:team )?meetings?(?: notes)?|minutes"
    r"|journals?|notes|dail(?:y|ies)(?: notes?)?|weekl(?:y|ies)(?: notes?)?|diary|logs?"
    r"|archives?|posts"
    rf"|(?:19|20)\d\d(?: (?:0?[1-9]|1[0-2]|{_MONTH}|[qw]\d\d?))?"
    rf"|(?:0?[1-9]|1[0-2])(?: {_MONTH})?|{_MONTH} (?:19|20)\d\d|[qw]\d\d?",
    re.ASCII,
)
_MONTH_ALONE: Final = compile_pattern(_MONTH, re.ASCII)
_YEAR: Final = compile_pattern(r"(?:19|20)\d\d", re.ASCII)
_NUMBERED: Final = compile_pattern(r"\d+ (?=[a-z]{3}|1[ o])")
"""A number that sorts folders: `01 - Meetings`."""
_SEPARATORS: Final = compile_pattern(r"[\W_]+")

_TEMPLATE_FOLDERS: Final = frozenset({"template", "templates"})
_ABOUT_A_FOLDER: Final = compile_pattern(
    r"(?:_.*|(?:readme|changelog|license|licence|contributing|code_of_conduct|security)\b.*"
    r"|index\.(?:md|markdown))",
    re.IGNORECASE | re.DOTALL,
)


class FileRole(StrEnum):
    """What a file contains, decided by its name and folder (see `tldash.storage.layout`)."""

    LEAD = "lead"
    SESSION = "session"
    SKILLS = "skills"
    NOTE = "note"
    CONFIG = "config"
    FRAMEWORK = "framework"


def is_markdown(path: str) -> bool:
    """Return whether a path ends in `.md` or `.markdown`, ignoring case."""
    return path.lower().endswith(_MARKDOWN)


def is_yaml(path: str) -> bool:
    """Return whether a path ends in `.yaml` or `.yml`, ignoring case."""
    return path.lower().endswith(_YAML)


@lru_cache(maxsize=1024)
def is_container(folder: str, above: str = "") -> bool:
    """Return whether a folder's name says what is in it, rather than whose it is.

    Such are `sessions`, `1-1s`, `meetings`, `journal`, a year and a month. June is a month only in
    the folder of a year.

    Args:
        folder: The name of the folder, not its path.
        above: The name of the folder around it.
    """
    return _matches(_CONTAINER, folder) or bool(
        _YEAR.fullmatch(above) and _matches(_MONTH_ALONE, folder)
    )


@lru_cache(maxsize=1024)
def holds_meetings(folder: str) -> bool:
    """Return whether a folder's name says that it holds one-to-one sessions: `1on1s`."""
    return _matches(_MEETINGS, folder)


def _matches(names: re.Pattern[str], folder: str) -> bool:
    plain = _SEPARATORS.sub(" ", folder.casefold()).strip()
    return any(map(names.fullmatch, (plain, _NUMBERED.sub("", plain, count=1))))


def is_template(path: str) -> bool:
    """Return whether a path is that of a template, or of a file about its folder.

    True for `README.md`, `index.md`, names that start with `_`, and files in a `Templates` folder.
    """
    folder, _, name = path.rpartition("/")
    # Few names begin like one of these.
    is_about = name[:1] in _ABOUT_STARTS and _ABOUT_A_FOLDER.fullmatch(name) is not None
    return is_about or (folder != "" and _in_templates(folder))


_ABOUT_STARTS: Final = frozenset("_rRcClLsSiI")


@lru_cache(maxsize=1024)
def _in_templates(folder: str) -> bool:
    return any(name.strip("_").lower() in _TEMPLATE_FOLDERS for name in folder.split("/"))


def date_in_name(path: str) -> date | None:
    """Return the date that a file's name starts or ends with, or None without a valid one.

    Reads `2026-11-03`, `20261103`, `2026_11_03`, `2026.11.03`, and `17-11-2026` if one of its
    numbers can only be the day. At the end of a name only `2026-11-03` counts.
    """
    name = path.rpartition("/")[2]
    match = _DATED.match(name)
    if match is None:
        return _other_date(name) if _MAYBE_DATED.search(name) else None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None


def with_date_in_name(name: str, day: date) -> str | None:
    """Return the name of a file with another date in the same style; None if it has no date.

    `17-11-2026.md` becomes `2026-12-04.md`, since `04-12-2026.md` could be read in two ways.
    """
    if date_in_name(name) is None:
        return None
    if plain := _DATED.match(name):
        return f"{day}{name[plain.end() :]}"
    found = _OTHER_DATED.match(name)
    if found is None:
        start, end = _DATED_AT_END.search(name).span(1)  # type: ignore[union-attr]
        return f"{name[:start]}{day}{name[end:]}"
    rest = name[found.end() :]
    if found["year"]:
        to = found["to"]
        new = f"{day:%Y}{to}{day:%m}{to}{day:%d}{rest}"
    else:
        parts = (f"{day:%m}", f"{day:%d}") if int(found["two"]) > 12 else (f"{day:%d}", f"{day:%m}")
        new = found["by"].join((*parts, f"{day:%Y}")) + rest
    return new if date_in_name(new) == day else f"{day}{rest}"


def dates_in_name(path: str) -> tuple[date, date] | None:
    """Return the two dates that a file's name may start with: `03-11-2026`, day or month first."""
    name = path.rpartition("/")[2]
    found = _OTHER_DATED.match(name) if _MAYBE_DATED.search(name) else None
    if found is None or not found["year_last"] or found["one"] == found["two"]:
        return None
    year, one, two = int(found["year_last"]), int(found["one"]), int(found["two"])
    try:
        return date(year, two, one), date(year, one, two)
    except ValueError:
        return None


_MAYBE_DATED: Final = compile_pattern(r"\d\d[-_.]?\d\d", re.ASCII)
"""Cheap pre-check: every dated name has this."""


def _other_date(name: str) -> date | None:
    found = _OTHER_DATED.match(name)
    try:
        if found is None:
            at_end = _DATED_AT_END.search(name)
            return date.fromisoformat(at_end[1]) if at_end else None
        if found["year"]:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        day, month = int(found["one"]), int(found["two"])
        if day <= 12 and month <= 12 and day != month:
            return None
        if month > 12:
            day, month = month, day
        return date(int(found["year_last"]), month, day)
    except ValueError:
        return None
