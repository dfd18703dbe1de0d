"""Who sits in front of it: the coach, one of the leads, or somebody whom the files do not know.

Said by `--me`, by `$TLDASH_ME`, or by `me` in the user's own settings, never guessed from the
machine, and matched with the names in the files. Nothing is started and nothing shared is read.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import platformdirs

from tldash.files import yamls
from tldash.files.inside import READ_FLAGS, Unreadable, check_readable, unreadable
from tldash.files.read import NotText, decode
from tldash.frozen import frozen
from tldash.records import Lead
from tldash.slips import meant_by
from tldash.workspace import COACH

VARIABLE: Final = "TLDASH_ME"
KEYS: Final = ("me",)
SIZE_LIMIT: Final = 64 * 1024
"""Bytes of settings."""


@frozen
class Viewer:
    """Somebody whom the files know."""

    name: str
    """As the files have it."""
    lead: str | None = None
    """The id of the lead that this is, if it is one."""
    coaches: tuple[str, ...] = ()
    """The ids of the leads whose coach this is."""


@frozen
class Identity:
    """Who it is, as far as anybody said."""

    viewer: Viewer | None = None
    trouble: str = ""
    """Why it is nobody although a name was given, or what is wrong with the settings."""


def identity(
    me: str | None, environ: Mapping[str, str], leads: Iterable[Lead], settings: Path | None = None
) -> Identity:
    """Who the viewer is: by `me`, else by `$TLDASH_ME`, else by the settings (`settings_file()`).

    The first of them that says anything counts. Never raises.
    """
    trouble = ""
    name, source = (me or "").strip(), "--me"
    if not name:
        name, source = environ.get(VARIABLE, "").strip(), f"${VARIABLE}"
    if not name:
        file = settings or settings_file()
        name, trouble = configured(file)
        source = f"me in {file}"
    if not name:
        return Identity(None, trouble)
    found = matched(name, leads)
    if isinstance(found, str):
        return Identity(None, f"{source}: {found}")
    return Identity(found, trouble)


def settings_file() -> Path:
    """The user's own settings: `$XDG_CONFIG_HOME/tldash/config.yaml` on Linux."""
    return platformdirs.user_config_path("tldash", appauthor=False) / "config.yaml"


def matched(name: str, leads: Iterable[Lead]) -> Viewer | str:
    """The person of that name among leads and coaches, or a sentence that says why it is nobody.

    A name is a lead's name, id or e-mail address, a coach's name, a first name that only one person
    has, or `coach` where there is one coach. Capitals do not matter.
    """
    known = tuple(leads)
    wanted = _folded(name)
    persons = _persons(known)
    found = [person for person in persons if wanted in person.names]
    found = found or [person for person in persons if wanted == person.first]
    if len(found) == 1:
        return found[0].viewer
    if found:
        names = ", ".join(sorted(person.viewer.name for person in found))
        return f"'{name}' could be any of {names}; give the whole name"
    near = meant_by(wanted, {name for person in persons for name in (*person.names, person.first)})
    hint = f"; did you mean {near}?" if near else ""
    return f"nobody here is called '{name}'{hint}"


@frozen
class _Person:
    viewer: Viewer
    names: frozenset[str]
    first: str


def _persons(leads: tuple[Lead, ...]) -> list[_Person]:
    """Everybody whom the files name; a lead who coaches others under the same name is one."""
    coaching: dict[str, list[Lead]] = {}
    for lead in leads:
        coaching.setdefault(_folded(lead.coach or COACH), []).append(lead)
    several = len(coaching) > 1
    persons = []
    for lead in leads:
        names = {lead.id, lead.id.rpartition("/")[2], lead.name, lead.email or lead.name}
        folded = frozenset(map(_folded, names))
        others = coaching.pop(_folded(lead.name), [])
        viewer = Viewer(lead.name, lead.id, tuple(other.id for other in others))
        if others and not several:
            folded |= {COACH}
        persons.append(_Person(viewer, folded, _first(lead.name)))
    for folded_name, coached in coaching.items():
        shown = coached[0].coach or COACH
        viewer = Viewer(shown, None, tuple(lead.id for lead in coached))
        aliases = frozenset({folded_name} if several else {folded_name, COACH})
        persons.append(_Person(viewer, aliases, _first(shown)))
    return persons


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _first(name: str) -> str:
    return _folded(name).partition(" ")[0]


def configured(file: Path) -> tuple[str, str]:
    """The name in the settings, empty if there is none, and what is wrong with them in a sentence.

    No such file is nothing wrong.
    """
    try:
        text = own_text(file)
    except FileNotFoundError:
        return "", ""
    except (Unreadable, NotText) as error:
        return "", f"{file}: {error.message}"
    data, problems = yamls.load(text.removeprefix("\ufeff"), str(file))
    if problems:
        return "", f"{file}:{problems[0].line}: {problems[0].message}"
    return _name(data, file)


def _name(data: object, file: Path) -> tuple[str, str]:
    if data is None:
        return "", ""
    if not isinstance(data, dict):
        return "", f"{file}: keys with values were expected, such as me: Mira"
    me = data.get("me") or ""
    if not isinstance(me, str):
        return "", f"{file}: me is no name; put it in quotes"
    unknown = next((str(key) for key in data if key not in KEYS), "")
    if not unknown:
        return me.strip(), ""
    near = meant_by(unknown, KEYS)
    hint = f"did you mean {near}?" if near else f"known are: {', '.join(KEYS)}"
    return me.strip(), f"{file}: the key '{unknown}' means nothing here; {hint}"


def own_text(file: Path) -> str:
    """The text of a file of the user's own, wherever links lead. Never waits for a pipe.

    Raises FileNotFoundError, Unreadable or NotText.
    """
    try:
        fd = os.open(file, READ_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    try:
        check_readable(os.fstat(fd), SIZE_LIMIT)
        return decode(os.read(fd, SIZE_LIMIT))
    except OSError as error:
        raise unreadable(error) from error
    finally:
        os.close(fd)


def _unreadable(error: OSError | ValueError) -> Unreadable:
    if isinstance(error, OSError):
        return unreadable(error)
    return Unreadable("unreadable", f"cannot be read: {error}")
