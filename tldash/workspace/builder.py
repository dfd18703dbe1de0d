"""Build the workspace from file records.

Each lead is built from its own files and the settings alone. A changed file rebuilds one lead, and
the others stay the same objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, tzinfo
from itertools import chain
from typing import Final

from tldash.documents.framework import load_shipped
from tldash.documents.front import ConfigFront, LeadFront, SessionFront
from tldash.formats.file_record import FileRecord
from tldash.formats.markdown.body import kind_of
from tldash.model.dates import load_zone
from tldash.model.file_roles import FileRole, date_in_name, is_container
from tldash.model.framework import Framework
from tldash.model.frozen import frozen
from tldash.model.records import (
    Action,
    ItemKind,
    Lead,
    Marker,
    Moment,
    OtherItem,
    Problem,
    Session,
    Task,
    Workspace,
)
from tldash.storage.layout import Layout
from tldash.workspace import lint

COACH: Final = "coach"
NO_LEAD: Final = "/"
"""Owner of files that belong to no lead. No folder has this name."""
DEFAULT_CADENCE: Final = "monthly"
NO_CONFIG: Final = ConfigFront()
NO_SESSION_FRONT: Final = SessionFront()
AD_HOC: Final = "ad hoc"
# Looked up for every file: a global takes a sixth of the time of an enum member.
_LEAD, _SESSION, _SKILLS, _NOTE = FileRole.LEAD, FileRole.SESSION, FileRole.SKILLS, FileRole.NOTE
_ACTION, _TOPIC = ItemKind.ACTION, ItemKind.TOPIC
SETTINGS: Final = (FileRole.CONFIG, FileRole.FRAMEWORK)
"""Files that all leads depend on."""


_Settings = tuple[ConfigFront, Framework]
_Basis = tuple[_Settings, *tuple[FileRecord, ...]]
"""What a lead is built from: the settings and its files."""


@dataclass(slots=True)
class Builder:
    """Builds the workspace of an opened folder. Caches each lead with what it was built from."""

    name: str
    """Name of the folder."""
    own_name: str = ""
    """The same, or that of a folder above if it only says what is in it, such as `1on1s`.

    Names a lead whose folder it is.
    """
    _rest: str | None = None
    """As `Layout.rest`."""
    _root_id: str = ""
    _settings: _Settings = field(default_factory=lambda: (NO_CONFIG, load_shipped()))
    _built: dict[str, tuple[_Basis, Lead]] = field(default_factory=dict)
    _last: Workspace = field(default_factory=lambda: Workspace(""))

    def prepare(self, layout: Layout) -> None:
        """Build leads of this layout from now on."""
        self._rest = layout.rest
        self._root_id = root_id(self.name, layout)

    def apply_settings(self, records: Iterable[FileRecord]) -> list[Problem]:
        """Use the settings among these records from now on. Returns their problems."""
        self._settings, problems = _read_settings(records)
        return problems

    @property
    def framework(self) -> Framework:
        """The framework among the settings in use."""
        return self._settings[1]

    def build_leads(self, folders: Mapping[str, slice], files: Sequence[FileRecord]) -> list[Lead]:
        """Build the leads of these folders. `folders` maps each to the slice with its files.

        Leads whose files and settings are unchanged are the same objects as before.
        """
        return [
            self._build_lead_once(folder, (self._settings, *files[where]))[1]
            for folder, where in folders.items()
        ]

    def remember_leads(
        self, folders: Mapping[str, slice], files: Sequence[FileRecord], leads: Iterable[Lead]
    ) -> None:
        """Cache what `build_leads` returned for them, here or in a child process."""
        for (folder, where), lead in zip(folders.items(), leads, strict=True):
            self._built[folder] = ((self._settings, *files[where]), lead)

    def build(
        self,
        layout: Layout,
        records: Mapping[str, FileRecord],
        problems: Iterable[Problem] = (),
    ) -> Workspace:
        """Build the workspace of the leads in the layout.

        `problems` are those of paths without a record.
        """
        loose = self.apply_settings(records.values())
        by_lead: dict[str, list[FileRecord]] = {folder: [] for folder in layout.leads}
        for path, record in records.items():
            files = by_lead.get(layout.owners.get(path, NO_LEAD))
            if files is not None:
                files.append(record)
        for problem in problems:
            loose.append(problem)
        self._built = {
            folder: self._build_lead_once(folder, (self._settings, *files))
            for folder, files in by_lead.items()
        }
        config, framework = self._settings
        leads = [lead for _, lead in self._built.values()]
        self._last = Workspace(
            config.name or self.name,
            tuple(filter(_is_listed, leads)),
            lint.cap(loose),
            len(records),
            framework,
            unlisted=tuple(lead for lead in leads if not _is_listed(lead)),
        )
        return self._last

    def rebuild(self, records: Mapping[str, FileRecord], folders: Iterable[str]) -> Workspace:
        """Build these leads again, whose files have new records, and keep all other leads."""
        for folder in folders:
            settings, *files = self._built[folder][0]
            fresh = (records[file.path] for file in files)
            self._built[folder] = self._build_lead_once(folder, (settings, *fresh))
        leads = [lead for _, lead in self._built.values()]
        self._last = replace(
            self._last,
            leads=tuple(filter(_is_listed, leads)),
            unlisted=tuple(lead for lead in leads if not _is_listed(lead)),
        )
        return self._last

    def _build_lead_once(self, folder: str, basis: _Basis) -> tuple[_Basis, Lead]:
        """Return a lead with its basis, from the cache if the basis is the same."""
        known = self._built.get(folder)
        if known is not None and _same(known[0], basis):
            return known
        settings, *files = basis
        return basis, self._build_lead(folder, files, *settings)

    def _build_lead(
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
        lead_id = folder or self._root_id or self.name
        is_rest = folder == self._rest
        coach = document.coach or config.coach
        cadence = framework.parse_cadence(document.cadence or config.cadence or DEFAULT_CADENCE)
        if cadence is None:
            cadence = framework.parse_cadence(DEFAULT_CADENCE)
        cadence_name, days = cadence or (DEFAULT_CADENCE, 30)
        if is_rest:
            cadence_name, days = AD_HOC, None
        folder_name = self.own_name or self.name if folder in ("", self.name) else folder
        name = document.name or (about.title if about else "") or _display_name(folder_name)
        timezone = document.timezone or config.timezone
        owners = _Owners(lead_id, name, coach, config.people or {})
        others: list[OtherItem] = []
        sessions = _build_sessions(files, owners, load_zone(timezone), others)
        in_sessions = {session.path for session in sessions}
        actions = [action for session in sessions for action in session.actions]
        markers: list[Marker] = []
        for file in files:
            if file.is_template:
                others.extend(OtherItem(ItemKind.TEMPLATE, task) for task in file.tasks)
            elif file.role is _SKILLS:
                markers.extend(_markers(file.tasks, framework, others))
            elif file.path not in in_sessions or file.dated:
                for kind, task in _with_kinds(_outside(file, file.path in in_sessions)):
                    if kind is _ACTION or kind is _TOPIC:
                        actions.append(owners.action(task, None))
                    else:
                        others.append(OtherItem(kind, task))
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
            others=tuple(others),
            about=about.path if about else "",
            written=_written(document),
            is_rest=is_rest,
        )
        lead = _with_waiting(lead, _find_waiting(files))
        problems = [problem for file in files for problem in file.problems]
        problems.extend(lint.check_lead(lead, files, framework, owners))
        return lint.add_problems(lead, problems)


def root_id(name: str, layout: Layout) -> str:
    """Return the id of the lead whose folder is the opened one, which has this name."""
    return name if name not in layout.leads else "."


def _written(front: LeadFront) -> tuple[tuple[str, str], ...]:
    keys = ("name", front.name), ("coach", front.coach), ("cadence", front.cadence)
    return tuple([(key, value) for key, value in (*keys, ("status", front.status)) if value])


def _read_settings(
    records: Iterable[FileRecord],
) -> tuple[_Settings, list[Problem]]:
    config, framework = NO_CONFIG, load_shipped()
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
        problems.extend(lint.check_cadence(settings, framework))
    return (config, framework), problems


def _is_listed(lead: Lead) -> bool:
    """Return whether to show a lead: always, unless nothing counts beside the leads' folders."""
    return not lead.is_rest or bool(lead.actions or lead.sessions)


def _outside(file: FileRecord, is_running: bool) -> Iterable[Task]:
    """Return the task items of a file that are in none of its dated sections."""
    if not is_running:
        return file.tasks
    return [
        task
        for task in file.tasks
        if not any(part.line < task.line <= part.end for part in file.dated)
    ]


def _with_kinds(tasks: Iterable[Task]) -> Iterator[tuple[ItemKind, Task]]:
    """Yield each task item of a Markdown file with its kind, as its section tells it."""
    section: tuple[str, ...] | None = None
    kind = _ACTION
    for task in tasks:
        if task.section is not section:
            section, kind = task.section, kind_of(task.section)
        yield kind if task.text or task.note else ItemKind.BLANK, task


def _same(one: _Basis, other: _Basis) -> bool:
    """Whether the settings are equal and the records are the same objects."""
    if len(one) != len(other) or one[0] != other[0]:
        return False
    return all(a is b for a, b in zip(one[1:], other[1:], strict=True))


def _display_name(lead_id: str) -> str:
    """Return a display name for a folder: `ben-okafor` -> `Ben Okafor`."""
    words = re.split(r"[-_. ]+", lead_id.rpartition("/")[2])
    return " ".join(word[:1].upper() + word[1:] for word in words if word) or lead_id


@frozen
class _Owners:
    """Finds the owner of an action: the lead, unless it has an `@name`."""

    lead: str
    name: str
    coach: str | None
    people: Mapping[str, str]
    _coaches: dict[str, bool] = field(default_factory=dict)
    """Cache of `is_coach`."""

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

    def is_known(self, owner: str) -> bool:
        """Whether it is the name of the lead, the coach or a person in the settings."""
        return self.is_coach(owner) or owner.casefold() in self.names()

    def names(self) -> frozenset[str]:
        """Return the names of the lead, the coach and the people in the settings, casefolded."""
        coach = self.coach or COACH
        named = {COACH, coach, *coach.split()[:1], self.name, *self.name.split()[:1]}
        named.update(self.lead.rpartition("/")[2:], *self.people.items())
        return frozenset(word.casefold() for word in named)

    def action(self, task: Task, session: date | None) -> Action:
        """Return a task item as an action. `session` is the date of its session."""
        owner = task.fields.owner
        if owner is None:
            return Action(self.lead, task, self.lead, False, session)
        return Action(self.lead, task, owner, self.is_coach(owner), session)


_Waiting = dict[tuple[str, object], tuple[str, ...]]
"""What an item waits for, by its path and place."""


def _find_waiting(files: Iterable[FileRecord]) -> _Waiting:
    """Return the open items of a lead that depend on other open ones, with their texts.

    As in Obsidian Tasks, an id that no item has is ignored. Items of templates count nowhere.
    """
    tasks = [file.tasks for file in files if not file.is_template]
    blocked = [task for found in tasks for task in found if task.fields.depends]
    if not blocked:
        return {}
    texts: dict[str, dict[str, None]] = {}
    for task in chain.from_iterable(tasks):
        if task.fields.id and not task.status.closed:
            texts.setdefault(task.fields.id, {})[task.text] = None
    found: _Waiting = {}
    for task in blocked:
        others = (name for name in task.fields.depends if name != task.fields.id)
        names = dict.fromkeys(text for name in others for text in texts.get(name, ()))
        if names and not task.status.closed:
            found[_place(task)] = tuple(names)
    return found


def _place(task: Task) -> tuple[str, object]:
    return task.path, task.yaml_path or task.line


def _with_waiting(lead: Lead, waiting: _Waiting) -> Lead:
    """Return a lead whose actions have what they wait for."""
    if not waiting:
        return lead

    def changed(actions: Iterable[Action]) -> tuple[Action, ...]:
        return tuple(
            replace(action, waiting_for=waiting[place])
            if action.task.fields.depends and (place := _place(action.task)) in waiting
            else action
            for action in actions
        )

    sessions = tuple(replace(one, actions=changed(one.actions)) for one in lead.sessions)
    return replace(lead, sessions=sessions, actions=changed(lead.actions))


def _build_sessions(
    files: Iterable[FileRecord], owners: _Owners, zone: tzinfo | None, others: list[OtherItem]
) -> tuple[Session, ...]:
    """Build the sessions of a lead. Adds the items in them that count nowhere to `others`."""
    found: list[tuple[Moment, FileRecord, SessionFront]] = []
    for file in files:
        if file.role is _SESSION and not file.is_template:
            document = file.front if isinstance(file.front, SessionFront) else NO_SESSION_FRONT
            moment = _find_moment(file, document)
            if moment is not None:
                found.append((moment, file, document))
    if not found:
        return _read_running_file(files, owners, others)
    found.sort(key=lambda entry: (entry[0].day, entry[0].time or time.min, entry[1].path))
    return tuple(
        _build_session(number, _in_zone(moment, zone), file, document, owners, zone, others)
        for number, (moment, file, document) in enumerate(found, 1)
    )


def _read_running_file(
    files: Iterable[FileRecord], owners: _Owners, others: list[OtherItem]
) -> tuple[Session, ...]:
    """Build the sessions of a lead's only file with dated headings: one for each of them.

    Of several, those count that are named for what they hold: `2025.md` and `2026.md`.
    """
    running = [file for file in files if file.dated]
    if len(running) > 1:
        running = [file for file in running if is_container(_stem(file.path))]
    parts = sorted(
        ((file, part) for file in running for part in file.dated), key=lambda one: one[1].day
    )
    sessions = []
    for number, (file, part) in enumerate(parts, 1):
        inside = [task for task in file.tasks if part.line < task.line <= part.end]
        topics, actions = _sort_items(inside, part.day, owners, others)
        sessions.append(
            Session(
                owners.lead, file.path, Moment(part.day), None, number,
                topics=topics, actions=actions, has_notes=part.written,
                body_line=part.line, section=part.title, last_line=part.end,
            )
        )  # fmt: skip
    return tuple(sessions)


def _stem(path: str) -> str:
    """Return the name of a file without its ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _in_zone(moment: Moment, zone: tzinfo | None) -> Moment:
    """Add the lead's time zone to a time without one."""
    if zone is None or moment.time is None or moment.zone is not None:
        return moment
    return replace(moment, zone=zone)


def _find_moment(file: FileRecord, document: SessionFront) -> Moment | None:
    """Return the date of a session from its front matter, or else from its file name."""
    moment = document.date
    if moment is None and (named := date_in_name(file.path)):
        moment = Moment(named)
    if moment is None or moment.time is not None or document.time is None:
        return moment
    return replace(moment, time=document.time)


def _build_session(  # noqa: PLR0913, PLR0917 - the parts of a session
    number: int,
    at: Moment,
    file: FileRecord,
    document: SessionFront,
    owners: _Owners,
    zone: tzinfo | None,
    others: list[OtherItem],
) -> Session:
    """Build a session from its file."""
    topics, actions = _sort_items(file.tasks, at.day, owners, others)
    levels = document.levels
    return Session(
        owners.lead,
        file.path,
        at,
        document.status,
        number,
        document.title or file.title,
        document.skill.strip().lower() if document.skill else None,
        _pairs(levels) if levels else (),
        _in_zone(document.next, zone) if document.next else None,
        document.duration,
        topics,
        actions,
        file.written or bool(levels or document.next),
        file.body_line,
        file.line_of("next") if document.next else 1,
        levels_self=_pairs(document.levels_self) if document.levels_self else (),
        levels_coach=_pairs(document.levels_coach) if document.levels_coach else (),
        left_out=tuple(map(str.strip, document.left_out)) if document.left_out else (),
    )


def _pairs(levels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return skills with their levels, in lower case."""
    return tuple(
        [(skill.strip().lower(), level.strip().lower()) for skill, level in levels.items()]
    )


def _sort_items(
    tasks: Iterable[Task], day: date, owners: _Owners, others: list[OtherItem]
) -> tuple[tuple[Task, ...], tuple[Action, ...]]:
    """Return the topics and actions of a session, as its headings tell them apart.

    Adds the items that count nowhere to `others`.
    """
    topics: list[Task] = []
    actions: list[Action] = []
    section: tuple[str, ...] | None = None
    kind = _ACTION
    lead = owners.lead
    for task in tasks:
        if task.section is not section:
            section, kind = task.section, kind_of(task.section)
        if not (task.text or task.note):
            others.append(OtherItem(ItemKind.BLANK, task))
        elif kind is _TOPIC:
            topics.append(task)
        elif kind is not _ACTION:
            others.append(OtherItem(kind, task))
        elif task.fields.owner is None:
            actions.append(Action(lead, task, lead, False, day))  # nearly all actions
        else:
            actions.append(owners.action(task, day))
    return tuple(topics), tuple(actions)


def _markers(
    tasks: Iterable[Task], framework: Framework, others: list[OtherItem]
) -> Iterable[Marker]:
    """Yield the markers of `skills.md`. Their headings name the skill and the level.

    Adds the items that are no markers of a known skill to `others`.
    """
    for task in tasks:
        skill = None
        level = None
        for heading in task.section:
            if named := framework.match_skill(heading):
                skill, level = named, None
            if skill and (step := framework.match_level(heading, skill)):
                level = step
        if not (task.text or task.note):
            others.append(OtherItem(ItemKind.BLANK, task))
        elif skill is None:
            others.append(OtherItem(ItemKind.MARKER, task))
        else:
            yield Marker(skill.id, level.id if level else None, task)
