"""From file records to the workspace that every screen and command is computed from.

Leads are built one by one, each from its own files only, so that a change to a file rebuilds one
lead and leaves the others the very same objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from tldash.documents.framework import shipped
from tldash.documents.front import ConfigFront, LeadFront, SessionFront
from tldash.formats.file_record import FileRecord
from tldash.formats.markdown.body import is_topics
from tldash.model.file_roles import FileRole, date_in_name
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import Action, Lead, Marker, Moment, Problem, Session, Task, Workspace
from tldash.storage.layout import Layout
from tldash.workspace import lint

COACH: Final = "coach"
NOBODY: Final = "/"
"""No folder's name: who owns a file that is no lead's."""
DEFAULT_CADENCE: Final = "monthly"
NO_CONFIG: Final = ConfigFront()
NO_SESSION_FRONT: Final = SessionFront()
# Asked of every file; to look up a member of an enumeration takes six times as long.
_LEAD, _SESSION, _SKILLS, _NOTE = FileRole.LEAD, FileRole.SESSION, FileRole.SKILLS, FileRole.NOTE
SETTINGS: Final = (FileRole.CONFIG, FileRole.FRAMEWORK)
"""Files that say how to understand all others."""


_Settings = tuple[ConfigFront, Framework]
_Basis = tuple[_Settings, *tuple[FileRecord, ...]]
"""What a lead is built from."""


@dataclass(slots=True)
class Builder:
    """Builds the workspace of one opened folder, and remembers what each lead was built from."""

    name: str
    """What the folder is called, for a lead whose folder is the opened one."""
    _settings: _Settings = field(default_factory=lambda: (NO_CONFIG, shipped()))
    _built: dict[str, tuple[_Basis, Lead]] = field(default_factory=dict)
    _last: Workspace = field(default_factory=lambda: Workspace(""))

    def heed(self, records: Iterable[FileRecord]) -> list[Problem]:
        """Build by the settings among these records from now on; what is wrong with those."""
        self._settings, problems = _settings(records)
        return problems

    def leads(self, folders: Mapping[str, slice], files: Sequence[FileRecord]) -> list[Lead]:
        """The leads of these folders, whose files are where the slices say.

        They are the very same as before, where files and settings are.
        """
        return [
            self._known(folder, (self._settings, *files[where]))[1]
            for folder, where in folders.items()
        ]

    def keep(
        self, folders: Mapping[str, slice], files: Sequence[FileRecord], leads: Iterable[Lead]
    ) -> None:
        """Know what `leads` answered of the same folders and files, here or in another process."""
        for (folder, where), lead in zip(folders.items(), leads, strict=True):
            self._built[folder] = ((self._settings, *files[where]), lead)

    def build(
        self,
        layout: Layout,
        records: Mapping[str, FileRecord],
        problems: Iterable[Problem] = (),
    ) -> Workspace:
        """The workspace of these records; `problems` are those of paths that are no records.

        Only the leads that the layout names are in it: not those of which files are still to come.
        """
        loose = self.heed(records.values())
        by_lead: dict[str, list[FileRecord]] = {folder: [] for folder in layout.leads}
        for path, record in records.items():
            files = by_lead.get(layout.owners.get(path, NOBODY))
            if files is not None:
                files.append(record)
        loose.extend(lint.stray_folders(layout.strays))
        loose.extend(lint.loose_files(layout.loose))
        for problem in problems:
            loose.append(problem)
        self._built = {
            folder: self._known(folder, (self._settings, *files))
            for folder, files in by_lead.items()
        }
        config, framework = self._settings
        self._last = Workspace(
            config.name or self.name,
            tuple(lead for _, lead in self._built.values()),
            lint.capped(loose),
            len(records),
            framework,
        )
        return self._last

    def again(self, records: Mapping[str, FileRecord], folders: Iterable[str]) -> Workspace:
        """The workspace built last, but for these leads, whose files are the same, read anew."""
        for folder in folders:
            settings, *files = self._built[folder][0]
            fresh = (records[file.path] for file in files)
            self._built[folder] = self._known(folder, (settings, *fresh))
        self._last = replace(self._last, leads=tuple(lead for _, lead in self._built.values()))
        return self._last

    def _known(self, folder: str, basis: _Basis) -> tuple[_Basis, Lead]:
        """A lead and what it is built from: the same as before where that is."""
        known = self._built.get(folder)
        if known is not None and _same(known[0], basis):
            return known
        settings, *files = basis
        return basis, self._lead(folder, files, *settings)

    def _lead(
        self,
        folder: str,
        files: list[FileRecord],
        config: ConfigFront,
        framework: Framework,
    ) -> Lead:
        about = next((file for file in files if file.role is _LEAD), None)
        document = about.front if about else None
        if not isinstance(document, LeadFront):
            document = LeadFront()
        lead_id = folder or self.name
        coach = document.coach or config.coach
        cadence = framework.cadence(document.cadence or config.cadence or DEFAULT_CADENCE)
        if cadence is None:
            cadence = framework.cadence(DEFAULT_CADENCE)
        cadence_name, days = cadence or (DEFAULT_CADENCE, 30)
        name = document.name or (about.title if about else "") or _title(lead_id)
        timezone = document.timezone or config.timezone
        owners = _Owners(lead_id, name, coach, config.people or {})
        sessions = _sessions(files, owners, ZoneInfo(timezone) if timezone else None)
        in_sessions = {session.path for session in sessions}
        actions = [action for session in sessions for action in session.actions]
        markers: list[Marker] = []
        for file in files:
            if file.role is _SKILLS:
                markers.extend(_markers(file.tasks, framework))
            elif file.path not in in_sessions:
                actions.extend(owners.action(task, None) for task in file.tasks)
        lead = Lead(
            lead_id,
            folder,
            name,
            coach,
            document.email,
            timezone,
            days,
            cadence_name,
            document.started,
            document.status,
            about.goals if about else (),
            sessions,
            tuple(actions),
            tuple(markers),
            tuple([file.path for file in files if file.role is _NOTE]),
        )
        found = [problem for file in files for problem in file.problems]
        found.extend(lint.lead_problems(lead, files, framework, owners))
        return lint.with_problems(lead, found)


def _settings(
    records: Iterable[FileRecord],
) -> tuple[_Settings, list[Problem]]:
    config, framework = NO_CONFIG, shipped()
    settings: FileRecord | None = None
    problems: list[Problem] = []
    for record in [record for record in records if record.role in SETTINGS]:
        if record.role is FileRole.CONFIG:
            problems.extend(record.problems)
            if isinstance(record.front, ConfigFront):
                config = record.front
                settings = record
        elif record.role is FileRole.FRAMEWORK:
            problems.extend(record.problems)
            framework = record.framework or framework
    if settings is not None:
        problems.extend(lint.cadence_problems(settings, framework))
    return (config, framework), problems


def _same(one: _Basis, other: _Basis) -> bool:
    """Whether a lead is what it was: settings that say the same, and the very same records."""
    if len(one) != len(other) or one[0] != other[0]:
        return False
    return all(a is b for a, b in zip(one[1:], other[1:], strict=True))


def _title(lead_id: str) -> str:
    """A name for people out of a folder's: `ben-okafor` -> `Ben Okafor`."""
    words = re.split(r"[-_. ]+", lead_id.rpartition("/")[2])
    return " ".join(word[:1].upper() + word[1:] for word in words if word) or lead_id


@frozen
class _Owners:
    """Who does what: a lead's actions are the lead's unless `@name` says otherwise."""

    lead: str
    name: str
    coach: str | None
    people: Mapping[str, str]
    _coaches: dict[str, bool] = field(default_factory=dict)
    """Whether it is the coach, of each name that was asked for."""

    def is_coach(self, owner: str) -> bool:
        known = self._coaches.get(owner)
        if known is None:
            known = self._coaches[owner] = self._is_coach(owner)
        return known

    def _is_coach(self, owner: str) -> bool:
        name = owner.casefold()
        coach = (self.coach or COACH).casefold()
        full = self.people.get(owner, "").casefold()
        return (
            name in (COACH, coach, *coach.split()[:1])
            or bool(full and full == coach)
            or (bool(full) and full.split()[:1] == [coach])
        )

    def known(self, owner: str) -> bool:
        """Whether the name is the lead's, the coach's or one of the people in the settings."""
        return self.is_coach(owner) or owner.casefold() in self.names()

    def names(self) -> frozenset[str]:
        """What the lead, the coach and the people in the settings are called, in lower case."""
        coach = self.coach or COACH
        named = {COACH, coach, *coach.split()[:1], self.name, *self.name.split()[:1]}
        named.update(self.lead.rpartition("/")[2:], *self.people.items())
        return frozenset(word.casefold() for word in named)

    def action(self, task: Task, session: date | None) -> Action:
        """The action that a task item is; `session` is the day of the one it was agreed in."""
        owner = task.fields.owner
        if owner is None:
            return Action(self.lead, task, self.lead, False, session)
        return Action(self.lead, task, owner, self.is_coach(owner), session)


def _sessions(
    files: Iterable[FileRecord], owners: _Owners, zone: tzinfo | None
) -> tuple[Session, ...]:
    found: list[tuple[Moment, FileRecord, SessionFront]] = []
    for file in files:
        if file.role is _SESSION:
            document = file.front if isinstance(file.front, SessionFront) else NO_SESSION_FRONT
            moment = _moment(file, document)
            if moment is not None:
                found.append((moment, file, document))
    found.sort(key=lambda entry: (entry[0].day, entry[0].time or time.min, entry[1].path))
    return tuple(
        _session(number, _in_zone(moment, zone), file, document, owners, zone)
        for number, (moment, file, document) in enumerate(found, 1)
    )


def _in_zone(moment: Moment, zone: tzinfo | None) -> Moment:
    """A time that was written without a zone is in the lead's, if the lead has one."""
    if zone is None or moment.time is None or moment.zone is not None:
        return moment
    return replace(moment, zone=zone)


def _moment(file: FileRecord, document: SessionFront) -> Moment | None:
    """When a session is: from its front matter, else from the file's name."""
    moment = document.date
    if moment is None and (named := date_in_name(file.path)):
        moment = Moment(named)
    if moment is None or moment.time is not None or document.time is None:
        return moment
    return replace(moment, time=document.time)


def _session(  # noqa: PLR0913, PLR0917 - what is known of it before its file is looked into
    number: int,
    at: Moment,
    file: FileRecord,
    document: SessionFront,
    owners: _Owners,
    zone: tzinfo | None,
) -> Session:
    """The session whose place and time are known, with everything else that its file says."""
    topics: list[Task] = []
    actions: list[Action] = []
    section: tuple[str, ...] = ()
    under_agenda = False
    lead, day = owners.lead, at.day
    for task in file.tasks:
        if task.section is not section:
            section, under_agenda = task.section, _is_agenda(task.section)
        if under_agenda or (task.yaml_path and _is_topic(task)):
            topics.append(task)
        elif task.fields.owner is None:
            actions.append(Action(lead, task, lead, False, day))  # as nearly all are
        else:
            actions.append(owners.action(task, day))
    levels = document.levels
    return Session(
        owners.lead,
        file.path,
        at,
        document.status,
        number,
        document.title or file.title,
        document.skill.strip().lower() if document.skill else None,
        tuple([(skill.strip().lower(), lv.strip().lower()) for skill, lv in levels.items()])
        if levels
        else (),
        _in_zone(document.next, zone) if document.next else None,
        document.duration,
        tuple(topics),
        tuple(actions),
        file.written or bool(levels),
        file.body_line,
        file.line_of("next") if document.next else 1,
    )


_is_agenda: Final = lru_cache(maxsize=1024)(is_topics)
"""The same few headings stand in thousands of files."""


def _is_topic(task: Task) -> bool:
    from tldash.formats.yaml.session import is_topic  # few sessions are YAML

    return is_topic(task)


def _markers(tasks: Iterable[Task], framework: Framework) -> Iterable[Marker]:
    """Task items of `skills.md`: their headings name skill and level."""
    for task in tasks:
        skill = None
        level = None
        for heading in task.section:
            if named := framework.skill_in(heading):
                skill, level = named, None
            if skill and (step := framework.level_in(heading, skill)):
                level = step
        if skill is not None:
            yield Marker(skill.id, level.id if level else None, task)
