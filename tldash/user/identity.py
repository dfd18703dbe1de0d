"""Who sits in front of it: the coach, one of the leads, or somebody whom the files do not know.

Said by `--me`, by `$TLDASH_ME`, or by `me` in the user's own settings, and matched with the names
in the files. Where none of them says anything, it is who git commits as, if the files have that
very address or name. Nothing is started and nothing shared is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from tldash.insight.people import Viewer
from tldash.model.frozen import frozen
from tldash.model.records import Lead
from tldash.model.spelling import correct_spelling
from tldash.user.paths import own_settings
from tldash.workspace.builder import COACH

if TYPE_CHECKING:
    from tldash.user.settings import Config

VARIABLE: Final = "TLDASH_ME"


@frozen
class Identity:
    """Who it is, as far as anybody said."""

    viewer: Viewer | None = None
    trouble: str = ""
    """Why it is nobody although a name was given."""


def identity(
    me: str | None, environ: Mapping[str, str], leads: Iterable[Lead], own: Config | None = None
) -> Identity:
    """Who the viewer is: by `me`, by `$TLDASH_ME`, by the user's own settings, or by those of git.

    The first of them that says anything counts. Never raises.
    """
    leads = tuple(leads)
    name, source = (me or "").strip(), "--me"
    if not name:
        name, source = environ.get(VARIABLE, "").strip(), f"${VARIABLE}"
    if not name:
        own = own or own_settings()
        name, source = (own.me, f"me in {own.file}") if own is not None else ("", "")
    if not name:
        return _committing(environ, leads)
    found = matched(name, leads)
    if isinstance(found, str):
        return Identity(None, f"{source}: {found}")
    return Identity(found)


def _committing(environ: Mapping[str, str], leads: tuple[Lead, ...]) -> Identity:
    """Who git commits as, if that is somebody here; it is no trouble if not."""
    from tldash.user.git_identity import git_user  # many say who they are

    for said in map(_folded, git_user(environ)):
        found = [person for person in _persons(leads) if said in person.names]
        if len(found) == 1:
            return Identity(found[0].viewer)
    return Identity()


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
    near = correct_spelling(
        wanted, {name for person in persons for name in (*person.names, person.first)}
    )
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
