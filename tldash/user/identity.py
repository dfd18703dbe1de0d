"""Find out who the viewer is: the coach, a lead, or someone whom the files do not name.

The name comes from `--me`, `$TLDASH_ME` or `me` in the user's settings, and is matched with the
names in the files. Without one, the viewer is the person whose address or name git commits with.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from tldash.insight.people import Viewer
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import correct_spelling
from tldash.user.git_identity import find_git_user
from tldash.user.settings import load
from tldash.user.user_settings import UserSettings
from tldash.workspace.builder import COACH

VARIABLE: Final = "TLDASH_ME"


@frozen
class Identity:
    """The viewer, if known."""

    viewer: Viewer | None = None
    trouble: str = ""
    """Why there is no viewer although a name was given."""


def identify(
    me: str | None,
    environ: Mapping[str, str],
    leads: Iterable[Lead],
    own: UserSettings | None = None,
) -> Identity:
    """Identify the viewer by `me`, `$TLDASH_ME`, the user's settings or git's, in this order.

    Never raises.
    """
    leads = tuple(leads)
    name, source = (me or "").strip(), "--me"
    if not name:
        name, source = environ.get(VARIABLE, "").strip(), f"${VARIABLE}"
    if not name:
        own = own or load()
        name, source = own.me, f"me in {own.file}"
    if not name:
        return _identify_by_git(environ, leads)
    found = match_person(name, leads)
    if isinstance(found, str):
        return Identity(None, f"{source}: {found}")
    return Identity(found)


def _identify_by_git(environ: Mapping[str, str], leads: tuple[Lead, ...]) -> Identity:
    """Return the person whose address or name git commits with, if the files name them."""
    for name in map(_fold, find_git_user(environ)):
        found = [person for person in _list_people(leads) if name in person.names]
        if len(found) == 1:
            return Identity(found[0].viewer)
    return Identity()


def match_person(name: str, leads: Iterable[Lead]) -> Viewer | str:
    """Return the lead or coach of that name, or a message why there is none.

    The name is a lead's name, id or e-mail address, a coach's name, a first name that only one
    person has, or `coach` if there is only one. Case does not matter.
    """
    known = tuple(leads)
    wanted = _fold(name)
    people = _list_people(known)
    found = [person for person in people if wanted in person.names]
    found = found or [person for person in people if wanted == person.first]
    if len(found) == 1:
        return found[0].viewer
    if found:
        names = ", ".join(sorted(person.viewer.name for person in found))
        return f"'{name}' could be any of {names}; use the full name"
    near = correct_spelling(
        wanted, {name for person in people for name in (*person.names, person.first)}
    )
    hint = f"; did you mean {near}?" if near else ""
    return f"no lead or coach is called '{name}'{hint}"


@frozen
class _Person:
    viewer: Viewer
    names: frozenset[str]
    first: str


def _list_people(leads: tuple[Lead, ...]) -> list[_Person]:
    """List the people in the files. A lead who also coaches, under the same name, is one person."""
    coaching: dict[str, list[Lead]] = {}
    for lead in leads:
        coaching.setdefault(_fold(lead.coach or COACH), []).append(lead)
    several = len(coaching) > 1
    people = []
    for lead in leads:
        names = {lead.id, lead.id.rpartition("/")[2], lead.name, lead.email or lead.name}
        folded = frozenset(map(_fold, names))
        others = coaching.pop(_fold(lead.name), [])
        viewer = Viewer(lead.name, lead.id, tuple(other.id for other in others))
        if others and not several:
            folded |= {COACH}
        people.append(_Person(viewer, folded, _first_name(lead.name)))
    for folded_name, coached in coaching.items():
        shown = coached[0].coach or COACH
        viewer = Viewer(shown, None, tuple(lead.id for lead in coached))
        aliases = frozenset({folded_name} if several else {folded_name, COACH})
        people.append(_Person(viewer, aliases, _first_name(shown)))
    return people


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _first_name(name: str) -> str:
    return _fold(name).partition(" ")[0]
