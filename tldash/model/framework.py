"""A framework as the rest of the program asks for it: values only, so that records can hold one."""

from __future__ import annotations

import re
from dataclasses import field
from typing import Final

from tldash.model.frozen import frozen

_WORDS: Final = re.compile(r"[^\W_]+")
_INTERVAL: Final = re.compile(r"(?:every )?(\d{1,3})(?: ?(d|days?|w|weeks?|m|months?))?")

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
    """Signs that somebody else could observe."""


@frozen
class Skill:
    """One skill, with its scale."""

    id: str
    name: str
    short: str
    sliding: bool
    summary: str
    levels: tuple[Level, ...]
    questions: tuple[str, ...] = ()

    def rank_of(self, level: str | None) -> int:
        """The place of a level on the scale, from 1; 0 for none or an unknown one."""
        wanted = (level or "").strip().lower()
        for place, step in enumerate(self.levels, 1):
            if wanted and wanted in (step.id.lower(), step.name.lower()):
                return place
        return 0


@frozen
class SessionPart:
    """One part of a session, with its time box in minutes."""

    name: str
    minutes: tuple[int, int] | None
    prompt: str


@frozen
class Framework:
    """The whole method."""

    name: str
    skills: tuple[Skill, ...]
    session: tuple[SessionPart, ...] = ()
    starters: tuple[str, ...] = ()
    """Titles of the sessions that a series begins with."""
    cadences: dict[str, int | None] = field(default_factory=dict, hash=False)
    _named: dict[str | None, Skill | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _heard: dict[str, Skill | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """The same few names and headings are asked for in every file."""

    def find_skill(self, name: str | None) -> Skill | None:
        """The skill with that id or name, whatever the case."""
        if name not in self._named:
            wanted = (name or "").strip().lower()
            self._named[name] = next(
                (s for s in self.skills if wanted in (s.id.lower(), s.name.lower())), None
            )
        return self._named[name]

    def match_skill(self, heading: str) -> Skill | None:
        """The skill that a heading speaks of: its id is among the words, or its name is first."""
        if heading not in self._heard:
            self._heard[heading] = self._hear(heading)
        return self._heard[heading]

    def _hear(self, heading: str) -> Skill | None:
        words = _WORDS.findall(heading.lower())
        for skill in self.skills:
            name = _WORDS.findall(skill.name.lower())
            if skill.id.lower() in words or words[: len(name)] == name:
                return skill
        return None

    def match_level(self, heading: str, skill: Skill) -> Level | None:
        """The level of the skill that a heading names."""
        words = f" {' '.join(_WORDS.findall(heading.lower()))} "

        def named(name: str) -> bool:
            spelled = " ".join(_WORDS.findall(name.lower()))
            return bool(spelled) and f" {spelled} " in words

        return next((lv for lv in skill.levels if named(lv.id) or named(lv.name)), None)

    def parse_cadence(self, written: str | None) -> tuple[str, int | None] | None:
        """Name and days of a cadence as written (`monthly`, `10`, `10 days`, `2 weeks`)."""
        text = " ".join((written or "").lower().split())
        for known, days in (*self.cadences.items(), *DEFAULT_CADENCES.items()):
            if text == known.lower():
                return known, days
        match = _INTERVAL.fullmatch(text)
        if match is None or int(match[1]) == 0:
            return None
        unit = {"w": 7, "m": 30}.get((match[2] or "d")[0], 1)
        return text if match[2] else f"{match[1]} days", int(match[1]) * unit
