"""The coaching framework: skills, levels, shapes of a session, starters and cadences."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern

_WORDS: Final = compile_pattern(r"[^\W_]+")
_INTERVAL: Final = compile_pattern(r"(?:every )?(\d{1,3})(?: ?(d|days?|w|weeks?|m|months?))?")

DEFAULT_CADENCES: Final[dict[str, int | None]] = {
    "weekly": 7,
    "fortnightly": 14,
    "biweekly": 14,
    "monthly": 30,
    "quarterly": 91,
    "ad hoc": None,
    "ad-hoc": None,
}


@frozen
class Level:
    """One step of a scale."""

    id: str
    name: str
    description: str
    markers: tuple[str, ...] = ()
    """Behaviour that others can observe, one text each."""


@frozen
class Skill:
    """A skill and its levels, lowest first."""

    id: str
    name: str
    short: str
    """Column heading, in capitals."""
    sliding: bool
    """Whether a level can be reached without the ones below it."""
    summary: str
    levels: tuple[Level, ...]
    questions: tuple[str, ...] = ()

    def rank_of(self, level: str | None) -> int:
        """Return the 1-based position of a level given by id or name, or 0 if there is none."""
        wanted = (level or "").strip().lower()
        for rank, step in enumerate(self.levels, 1):
            if wanted and wanted in (step.id.lower(), step.name.lower()):
                return rank
        return 0


REGULAR: Final = "regular"
"""Id of the shape of a session that nothing else is said about."""


class Focus(StrEnum):
    """What a part of a session is about. Screens choose by it what to show beside the prompt."""

    NONE = ""
    GOALS = "goals"
    LAST_ACTIONS = "last-actions"
    SKILL = "skill"
    ACTIONS = "actions"
    STRUCTURE = "structure"
    NEXT = "next"
    AGENDA = "agenda"
    REVIEW = "review"


@frozen
class SessionPart:
    """A part of a session."""

    id: str
    """Unique within its shape."""
    name: str
    minutes: tuple[int, int] | None = None
    """Its time box, from shortest to longest; None if it has none."""
    prompt: str = ""
    """What to ask or do first."""
    purpose: str = ""
    """What it is for, in a sentence."""
    questions: tuple[str, ...] = ()
    """Further questions. Those of a part about a skill are the skill's."""
    focus: Focus = Focus.NONE


@frozen
class Shape:
    """The parts of a session, in order."""

    id: str
    name: str
    parts: tuple[SessionPart, ...]

    @property
    def minutes(self) -> tuple[int, int]:
        """Return the shortest and the longest time of all parts together."""
        boxes = [part.minutes for part in self.parts if part.minutes is not None]
        return sum(low for low, _ in boxes), sum(high for _, high in boxes)

    def is_about(self, focus: Focus) -> bool:
        """Return whether a part has this focus."""
        return any(part.focus is focus for part in self.parts)


@frozen
class Starter:
    """One of the first sessions with a new lead, or what comes after them."""

    number: int
    title: str
    purpose: str = ""
    shape: str = REGULAR
    """Id of its shape."""


@frozen
class Framework:
    """A coaching framework, as loaded from `framework.yaml` or shipped with tldash."""

    name: str
    skills: tuple[Skill, ...]
    shapes: tuple[Shape, ...] = ()
    starters: tuple[Starter, ...] = ()
    """The first sessions with a new lead, by number."""
    after: Starter | None = None
    """What comes after the last starter, numbered as the session after it."""
    cadences: dict[str, int | None] = field(default_factory=dict, hash=False)
    _by_name: dict[str | None, Skill | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _by_heading: dict[str, Skill | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """Caches of `find_skill` and `match_skill`. All files repeat the same names and headings."""

    def find_skill(self, name: str | None) -> Skill | None:
        """Return the skill with this id or name, ignoring case."""
        if name not in self._by_name:
            wanted = (name or "").strip().lower()
            self._by_name[name] = next(
                (s for s in self.skills if wanted in (s.id.lower(), s.name.lower())), None
            )
        return self._by_name[name]

    def match_skill(self, heading: str) -> Skill | None:
        """Return the skill that a heading names: it contains the id, or starts with the name."""
        if heading not in self._by_heading:
            self._by_heading[heading] = self._match_skill(heading)
        return self._by_heading[heading]

    def _match_skill(self, heading: str) -> Skill | None:
        words = _WORDS.findall(heading.lower())
        for skill in self.skills:
            name = _WORDS.findall(skill.name.lower())
            if skill.id.lower() in words or words[: len(name)] == name:
                return skill
        return None

    def match_level(self, heading: str, skill: Skill) -> Level | None:
        """Return the first level of the skill whose id or name occurs in a heading."""
        words = f" {' '.join(_WORDS.findall(heading.lower()))} "

        def occurs(name: str) -> bool:
            normalized = " ".join(_WORDS.findall(name.lower()))
            return bool(normalized) and f" {normalized} " in words

        return next((lv for lv in skill.levels if occurs(lv.id) or occurs(lv.name)), None)

    def find_shape(self, shape_id: str) -> Shape | None:
        """Return the shape with this id, ignoring case."""
        wanted = shape_id.strip().lower()
        return next((shape for shape in self.shapes if shape.id.lower() == wanted), None)

    @property
    def regular(self) -> Shape | None:
        """Return the shape of a session that nothing else is said about, else the first one."""
        return self.find_shape(REGULAR) or next(iter(self.shapes), None)

    def find_starter(self, number: int) -> Starter | None:
        """Return the starter with this number."""
        return next((starter for starter in self.starters if starter.number == number), None)

    @property
    def last_starter(self) -> int:
        """Return the number of the last starter, or 0 without starters."""
        return self.starters[-1].number if self.starters else 0

    def shape_for(self, number: int) -> Shape | None:
        """Return the shape of a lead's session with this number; None for a framework without."""
        starter = self.find_starter(number)
        if starter is None and number > self.last_starter:
            starter = self.after
        return (self.find_shape(starter.shape) if starter else None) or self.regular

    def parse_cadence(self, written: str | None) -> tuple[str, int | None] | None:
        """Parse a cadence (`monthly`, `10`, `10 days`, `2 weeks`) into its name and days.

        The days are None for an ad hoc cadence. Returns None for a text that is no cadence.
        """
        text = " ".join((written or "").lower().split())
        for known, days in (*self.cadences.items(), *DEFAULT_CADENCES.items()):
            if text == known.lower():
                return known, days
        match = _INTERVAL.fullmatch(text)
        if match is None or int(match[1]) == 0:
            return None
        unit = {"w": 7, "m": 30}.get((match[2] or "d")[0], 1)
        return text if match[2] else f"{match[1]} days", int(match[1]) * unit
