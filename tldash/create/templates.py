"""Render the files of a new folder, a new lead and the next session.

Pure: `tldash.create.new_files` writes them. Hints are comments, which count neither as notes nor as
task items, so a new session file does not count as written up.
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
from tldash.insight.skills import Suggestion, pick_questions, suggest_skill
from tldash.insight.starters import Position, find_position_on
from tldash.model.dates import format_iso, format_relative
from tldash.model.file_roles import CONFIG_NAMES, SESSIONS_FOLDER, is_container
from tldash.model.framework import Focus, Framework, Level, SessionPart, Shape, Skill
from tldash.model.frozen import frozen
from tldash.model.records import Lead, Moment
from tldash.model.sanitize import to_single_line
from tldash.storage.filenames import is_ignored

NewFile = tuple[str, str]
"""Path and content of a file to create."""

MAX_FOLDER_LENGTH: Final = 60
"""Maximum length of a folder name, which is part of every path of the lead."""

_RESERVED: Final = frozenset(
    {
        *("con", "prn", "aux", "nul"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
    }
)
"""Device names on Windows."""
_PLAIN: Final = re.compile(r"(?:\d+ )?[^\W\d_][\w'’.-]*(?: [^\W_][\w'’.-]*)*")
"""Text that is a plain scalar in YAML."""
_KEYWORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_COLUMN: Final = 20
"""Column of the comments after keys."""


def render_settings(folder: str, coach: str | None = None) -> NewFile:
    """Render the `tldash.yaml` of a folder with this name."""
    words = re.split(r"[-_. ]+", to_single_line(folder))
    name = " ".join(word[:1].upper() + word[1:] for word in words if word) or "Coaching"
    coaching = f"coach: {_scalar(coach)}" if coach and to_single_line(coach) else "# coach: Mira"
    lines = [
        "# Settings of this folder. All are optional. See: tldash help format",
        f"name: {_scalar(name)}",
        _with_comment(coaching, "default for leads without a coach in lead.md"),
        _with_comment(
            "cadence: monthly", "weekly, fortnightly, monthly, quarterly, ad hoc or days"
        ),
        "",
        "# Time zone of times without one:",
        "# timezone: Europe/Oslo",
        "",
        "# Full names of people other than leads and the coach:",
        "# people:",
        "#   mira: Mira Halvorsen",
        "",
        "# For your own skills, levels and questions, add a framework.yaml next to this file.",
    ]
    return CONFIG_NAMES[0], _text(lines)


@frozen
class NewLead:
    """The fields of a new lead."""

    name: str
    started: date
    coach: str | None = None
    """None for the coach in the folder's settings."""
    cadence: str | None = None
    """None for the cadence in the folder's settings."""


def render_lead(new: NewLead, framework: Framework, taken: Iterable[str]) -> tuple[NewFile, ...]:
    """Render `lead.md` and `skills.md` of a new lead, in a new folder.

    Args:
        new: The fields of the lead.
        framework: The framework, whose markers go to `skills.md`.
        taken: Names of existing files and folders.

    Raises:
        Refused: The name has no letter or digit, or the cadence is invalid.
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
                f"'{cadence[:40]}' is not a cadence; use weekly, fortnightly, monthly, "
                "quarterly, ad hoc or a number of days",
            )
        front.append(f"cadence: {_scalar(cadence)}")
    front.append(f"started: {new.started}")
    goals = _comment("Two or three goals in the lead's own words, each as a list item: - …")
    about = ["---", *front, "---", "## Goals", "", goals, "", "## Notes"]
    return (
        (f"{folder}/lead.md", _text(about)),
        (f"{folder}/skills.md", _text(_skills(framework))),
    )


def folder_name(name: str, taken: Iterable[str]) -> str:
    """Return a new folder name for a lead: `Ben Okafor` -> `ben-okafor`, or `ben-okafor-2`.

    Keeps letters, digits and combining marks of every script. Names in `taken` are compared
    ignoring case and Unicode normalization, as some file systems do.

    Raises:
        Refused: The name has no letter or digit.
    """
    text = normalize("NFC", to_single_line(name))
    letters = (char if category(char)[0] in "LMN" else " " for char in text)
    words = "".join(letters).lower().split()
    stem = normalize("NFC", "-".join(words))[:MAX_FOLDER_LENGTH].strip("-")
    while stem and category(stem[0])[0] == "M":
        stem = stem[1:].lstrip("-")
    if not stem:
        raise Refused("no-name", f"'{text[:40]}' has no letter or digit; use another name")
    known = _RESERVED.union(map(_folded, taken))
    found, number = stem, 1
    while _folded(found) in known or is_ignored(found) or is_container(found):
        number += 1
        found = f"{stem}-{number}"
    return found


def propose_moment(lead: Lead, now: datetime) -> Moment:
    """Propose a day from today on for the next session: the planned day, else one cadence later.

    The cadence counts from the last session, including one that was not written up.
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
    """Render the file of a lead's next session.

    Open actions are not copied. They stay in the session where they were agreed.

    Args:
        lead: The lead.
        framework: The framework, for the agenda and the suggested skill.
        now: The current time.
        day: The day of the session. Defaults to `propose_moment`.
        time: The time of day. Defaults to the planned time if that is on the same day.

    Raises:
        Refused: The day has a session already, or without `day` a session is planned, or all
            sessions are sections of one file.
    """
    found = find_next_session(lead, now)
    if day is None and found.state is NextState.PLANNED and found.session and found.at:
        planned = f"{found.at.day}, {format_relative(found.at.day, now.date())}"
        raise Refused(
            "planned",
            f"{lead.name} already has a session on {planned}: {found.session.path}; "
            "give a day to plan another",
        )
    at = propose_moment(lead, now)
    if day is not None and day != at.day:
        at = Moment(day)
    if time is not None:
        at = Moment(at.day, time)
    for session in lead.sessions:
        if session.at.day == at.day:
            raise Refused(
                "exists", f"{lead.name} already has a session on {at.day}: {session.path}"
            )
    running = next((session for session in lead.sessions if session.section), None)
    if running is not None:
        raise Refused(
            "running",
            f"the sessions of {lead.name} are sections of {running.path}; "
            f"add a heading with the date there: ## {at.day}",
        )
    folder = f"{lead.path}/{SESSIONS_FOLDER}".removeprefix("/")
    if lead.sessions:
        folder = lead.sessions[-1].path.rpartition("/")[0]
    position = find_position_on(lead, framework, now, at.day)
    shape = framework.shape_for(position.number)
    explores = shape is None or shape.is_about(Focus.SKILL)
    idea = suggest_skill(lead, framework, now) if explores else None
    lines = _session(at, position, shape, idea)
    return f"{folder}/{at.day}.md".removeprefix("/"), _text(lines)


def _session(
    at: Moment, position: Position, shape: Shape | None, idea: Suggestion | None
) -> Iterator[str]:
    yield from ("---", f"date: {_format(at)}")
    if idea is None:
        yield from ("skill:", "levels:")
    else:
        skill = idea.skill
        yield _with_comment("skill:", f"suggested: {to_single_line(skill.id)}")
        example = f"{{{to_single_line(skill.id)}: {to_single_line(skill.levels[0].id)}}}"
        yield _with_comment("levels:", f"levels you both agree on, such as {example}")
    yield from (_with_comment("next:", "day of the next session"), "---")
    yield from (f"# Session {position.number}", "", "## Agenda", "")
    if position.is_starter and position.starter is not None:
        yield _comment(position.starter.title)
    yield from (_comment(_box(part)) for part in (shape.parts if shape else ()))
    yield from ("", "## Notes", "")
    if idea is not None:
        yield from map(_comment, (f"{idea.skill.name}:", *pick_questions(idea)))
    yield from ("", "## Actions", "", _comment("- [ ] Who does what, by when?"))


def _box(part: SessionPart) -> str:
    """Format as `3–5 min: Reaffirm goals`."""
    if part.minutes is None:
        return part.name
    low, high = part.minutes
    return f"{low}–{high} min: {part.name}" if low != high else f"{low} min: {part.name}"


def _skills(framework: Framework) -> Iterator[str]:
    yield "# Skills"
    if not any(level.markers for skill in framework.skills for level in skill.levels):
        yield from ("", _comment("Below each level, list behaviour that others can see: - [ ] …"))
    for skill in framework.skills:
        yield from ("", f"## {_skill_heading(skill, framework)}")
        for level in skill.levels:
            yield from ("", f"### {_level_heading(level, skill, framework)}")
            if level.markers:
                yield ""
            yield from (f"- [ ] {to_single_line(marker)}" for marker in level.markers)


def _skill_heading(skill: Skill, framework: Framework) -> str:
    """Return the name of a skill if a heading with it is parsed as that skill, else its id."""
    name = to_single_line(skill.name)
    return name if framework.match_skill(name) is skill else to_single_line(skill.id)


def _level_heading(level: Level, skill: Skill, framework: Framework) -> str:
    """Return the name of a level if it is parsed as that level and as no skill, else its id."""
    name = to_single_line(level.name)
    read = framework.match_level(name, skill) is level and framework.match_skill(name) is None
    return name if read else to_single_line(level.id)


def _folded(name: str) -> str:
    """Normalize a name as file systems that ignore case and normalization do."""
    return normalize("NFC", name).casefold()


def _format(at: Moment) -> str:
    """Format a moment for front matter, with a UTC offset only if a file gave one."""
    if at.time is None:
        return at.day.isoformat()
    if at.zone is None or isinstance(at.zone, ZoneInfo):
        return f"{at.day} {at.time:%H:%M}"
    return format_iso(at)


def _scalar(text: str) -> str:
    """Return text as a YAML scalar, quoted unless it is plainly a string."""
    words = to_single_line(text)
    if _PLAIN.fullmatch(words) and words.casefold() not in _KEYWORDS:
        return words
    return "'" + words.replace("'", "''") + "'"


def _with_comment(key: str, comment: str) -> str:
    """Return a line of YAML with a comment after the key."""
    return f"{key:<{_COLUMN}}# {comment}"


def _comment(text: str) -> str:
    """Return a Markdown comment on one line."""
    return f"<!-- {to_single_line(text).replace('-->', '-- >')} -->"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
