"""The first files: what stands in a new folder, about a new lead, and in a session to come.

Texts only, made of what was read; nothing is opened or written here. Everything in them is for a
person to change: hints stand in comments, which count neither as notes nor as task items, so that a
session made ahead is not taken for one that was written up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Final
from unicodedata import category, normalize
from zoneinfo import ZoneInfo

from tldash.editing.edits import Refused
from tldash.insight.schedule import NextState, estimate_next_day, find_next_session
from tldash.insight.skills import Suggestion, suggest_skill
from tldash.model.dates import format_iso, format_relative
from tldash.model.file_roles import CONFIG_NAMES, SESSIONS_FOLDER
from tldash.model.framework import Framework, Level, SessionPart, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment
from tldash.model.sanitize import sanitize
from tldash.storage.filenames import is_ignored

NewFile = tuple[str, str]
"""The path of a file to be, and what it holds."""

QUESTION_COUNT: Final = 3
"""Of the questions of a skill, how many are put before somebody at a time."""
MAX_FOLDER_LENGTH: Final = 60
"""Characters of a folder's name; it is part of every path of that lead."""

_RESERVED: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", SESSIONS_FOLDER),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
    }
)
"""Names that Windows keeps for devices, and the one that is no lead's."""
_PLAIN: Final = re.compile(r"(?:\d+ )?[^\W\d_][\w'’.-]*(?: [^\W_][\w'’.-]*)*")
"""Words that YAML takes for text without quotes."""
_MEANING: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_COLUMN: Final = 20
"""Where the comments behind keys begin."""


def to_single_line(text: str) -> str:
    """The words of a text with single blanks between them, and no sign that cannot be printed."""
    words = " ".join(sanitize(text).split())
    return "".join(sign for sign in words if sign.isprintable()).strip()


def render_settings(folder: str, coach: str | None = None) -> NewFile:
    """`tldash.yaml` of a folder of that name."""
    words = re.split(r"[-_. ]+", to_single_line(folder))
    name = " ".join(word[:1].upper() + word[1:] for word in words if word) or "Coaching"
    coaching = f"coach: {_scalar(coach)}" if coach and to_single_line(coach) else "# coach: Mira"
    lines = [
        "# Settings of this folder. All of them are optional; tldash help format tells more.",
        f"name: {_scalar(name)}",
        _with(coaching, "of every lead whose lead.md names no other"),
        _with("cadence: monthly", "weekly, fortnightly, monthly, quarterly, ad hoc, or days"),
        "",
        "# The zone of times that are written without one:",
        "# timezone: Europe/Oslo",
        "",
        "# Who @name is, where it is neither a lead nor the coach:",
        "# people:",
        "#   mira: Mira Halvorsen",
        "",
        "# Your own skills, levels and questions can stand in a framework.yaml beside this file.",
    ]
    return CONFIG_NAMES[0], _text(lines)


@frozen
class NewLead:
    """What is said of a lead who has no files yet."""

    name: str
    started: date
    coach: str | None = None
    """None is the coach of the folder's settings."""
    cadence: str | None = None
    """None is that of the folder's settings."""


def render_lead(new: NewLead, framework: Framework, taken: Iterable[str]) -> tuple[NewFile, ...]:
    """`lead.md` and `skills.md` of a new lead, in a folder of their own.

    `taken` are the names that are there already. Raises Refused for a name without a letter or
    digit, and for a cadence that nobody understands.
    """
    folder = folder_name(new.name, taken)
    front = [f"name: {_scalar(new.name)}"]
    if new.coach and to_single_line(new.coach):
        front.append(f"coach: {_scalar(new.coach)}")
    if new.cadence is not None:
        cadence = to_single_line(new.cadence)
        if framework.parse_cadence(cadence) is None:
            raise Refused(
                "cadence",
                f"'{cadence[:40]}' is not a cadence; write weekly, fortnightly, monthly, "
                "quarterly, ad hoc, or a number of days",
            )
        front.append(f"cadence: {_scalar(cadence)}")
    front.append(f"started: {new.started}")
    goals = _remark("Two or three, in the lead's own words, each on a line that begins with a dash")
    about = ["---", *front, "---", "## Goals", "", goals, "", "## Notes"]
    return (
        (f"{folder}/lead.md", _text(about)),
        (f"{folder}/skills.md", _text(_skills(framework))),
    )


def folder_name(name: str, taken: Iterable[str]) -> str:
    """The folder of a lead of that name: `Ben Okafor` -> `ben-okafor`, or `ben-okafor-2`.

    Letters of every script stay, and so do the marks that belong to them. Names that only some
    systems can tell apart count as the same. Raises Refused where nothing of the name is left.
    """
    said = normalize("NFC", to_single_line(name))
    letters = (sign if category(sign)[0] in "LMN" else " " for sign in said)
    words = "".join(letters).lower().split()
    stem = normalize("NFC", "-".join(words))[:MAX_FOLDER_LENGTH].strip("-")
    while stem and category(stem[0])[0] == "M":
        stem = stem[1:].lstrip("-")
    if not stem:
        raise Refused("no-name", f"'{said[:40]}' has neither letter nor digit; give another name")
    known = _RESERVED.union(map(_folded, taken))
    found, number = stem, 1
    while _folded(found) in known or is_ignored(found):
        number += 1
        found = f"{stem}-{number}"
    return found


def propose_moment(lead: Lead, now: datetime) -> Moment:
    """When a lead's next session would be: as the last one says, else by cadence; from today on.

    A session that nobody has written up counts as the last one too.
    """
    today = now.date()
    found = find_next_session(lead, now)
    if found.at is not None and found.session is None:
        return found.at if found.at.day >= today else Moment(today)
    by_cadence = estimate_next_day(lead, now)
    if found.state is NextState.NOT_WRITTEN_UP and found.at and lead.cadence:
        by_cadence = found.at.day + timedelta(days=lead.cadence)
    return Moment(max(by_cadence or today, today))


def render_next_session(
    lead: Lead,
    framework: Framework,
    now: datetime,
    day: date | None = None,
    time: time_of_day | None = None,
) -> NewFile:
    """A lead's session to come, as a file that is not there yet.

    Without `day` it is `when`; the time of day is the one that goes with that day, unless another
    is given. Open actions are not copied: they stay where they were agreed, and are shown from
    there. Raises Refused where that day has a session; without `day`, where one is planned.
    """
    found = find_next_session(lead, now)
    if day is None and found.state is NextState.PLANNED and found.session and found.at:
        planned = f"{found.at.day}, {format_relative(found.at.day, now.date())}"
        raise Refused(
            "planned",
            f"{lead.name} has a next session already, on {planned}: {found.session.path}; "
            "to plan another, name its day",
        )
    at = propose_moment(lead, now)
    if day is not None and day != at.day:
        at = Moment(day)
    if time is not None:
        at = Moment(at.day, time)
    for session in lead.sessions:
        if session.at.day == at.day:
            raise Refused("exists", f"{lead.name} has a session on {at.day}: {session.path}")
    folder = f"{lead.path}/{SESSIONS_FOLDER}".removeprefix("/")
    if lead.sessions:
        folder = lead.sessions[-1].path.rpartition("/")[0]
    number = 1 + sum(session.at.day < at.day for session in lead.sessions)
    lines = _session(at, number, framework, suggest_skill(lead, framework, now))
    return f"{folder}/{at.day}.md".removeprefix("/"), _text(lines)


def pick_questions(idea: Suggestion) -> tuple[str, ...]:
    """A few questions for a skill, others each time that it is explored."""
    known = idea.skill.questions
    start = idea.explored * QUESTION_COUNT % len(known) if known else 0
    return tuple(map(to_single_line, (*known[start:], *known[:start])[:QUESTION_COUNT]))


def _session(
    at: Moment, number: int, framework: Framework, idea: Suggestion | None
) -> Iterator[str]:
    yield from ("---", f"date: {_spelled(at)}")
    if idea is None:
        yield from ("skill:", "levels:")
    else:
        skill = idea.skill
        yield _with("skill:", f"{to_single_line(skill.id)} is suggested")
        example = f"{{{to_single_line(skill.id)}: {to_single_line(skill.levels[0].id)}}}"
        yield _with("levels:", f"what you both agree on that day, such as {example}")
    yield from (_with("next:", "the day of the session after this one"), "---")
    yield from (f"# Session {number}", "", "## Agenda", "")
    if number <= len(framework.starters):
        yield _remark(framework.starters[number - 1])
    yield from (_remark(_box(part)) for part in framework.session)
    yield from ("", "## Notes", "")
    if idea is not None:
        yield from map(_remark, (f"{idea.skill.name}:", *pick_questions(idea)))
    yield from ("", "## Actions", "", _remark("- [ ] Who does what, by when?"))


def _box(part: SessionPart) -> str:
    """`3–5 min: Reaffirm goals`."""
    if part.minutes is None:
        return part.name
    low, high = part.minutes
    return f"{low}–{high} min: {part.name}" if low != high else f"{low} min: {part.name}"


def _skills(framework: Framework) -> Iterator[str]:
    yield "# Skills"
    if not any(level.markers for skill in framework.skills for level in skill.levels):
        yield from ("", _remark("Below each level the signs of it that others see: - [ ] …"))
    for skill in framework.skills:
        yield from ("", f"## {_skill_heading(skill, framework)}")
        for level in skill.levels:
            yield from ("", f"### {_level_heading(level, skill, framework)}")
            if level.markers:
                yield ""
            yield from (f"- [ ] {to_single_line(marker)}" for marker in level.markers)


def _skill_heading(skill: Skill, framework: Framework) -> str:
    """The name of a skill, as long as it is read as that skill; else its id."""
    name = to_single_line(skill.name)
    return name if framework.match_skill(name) is skill else to_single_line(skill.id)


def _level_heading(level: Level, skill: Skill, framework: Framework) -> str:
    """The name of a level, as long as it is read as that level and as no skill; else its id."""
    name = to_single_line(level.name)
    read = framework.match_level(name, skill) is level and framework.match_skill(name) is None
    return name if read else to_single_line(level.id)


def _folded(name: str) -> str:
    """What two names have in common that some systems take for one."""
    return normalize("NFC", name).casefold()


def _spelled(at: Moment) -> str:
    """A moment as people write it; with its offset only where somebody wrote one."""
    if at.time is None:
        return at.day.isoformat()
    if at.zone is None or isinstance(at.zone, ZoneInfo):
        return f"{at.day} {at.time:%H:%M}"
    return format_iso(at)


def _scalar(text: str) -> str:
    """A text in YAML, in quotes where it could be taken for anything else."""
    words = to_single_line(text)
    if _PLAIN.fullmatch(words) and words.casefold() not in _MEANING:
        return words
    return "'" + words.replace("'", "''") + "'"


def _with(key: str, remark: str) -> str:
    """A line of YAML with a comment behind it."""
    return f"{key:<{_COLUMN}}# {remark}"


def _remark(text: str) -> str:
    """A comment in Markdown, on one line."""
    return f"<!-- {to_single_line(text).replace('-->', '-- >')} -->"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
