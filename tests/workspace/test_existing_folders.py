"""Folders as people keep them already, after the conventions of public tools and templates.

Each must open as a person would list it: the leads, the days of their sessions, and the open
actions, with no problem where nothing is wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from tests.support.records import NOW, opened, write
from tldash.activity.describe import describe_event
from tldash.activity.detect import detect_events
from tldash.create.new_files import create_session
from tldash.editing.edits import Refused
from tldash.insight.actions import find_open_actions, iter_task_items
from tldash.insight.attention import find_attention_reasons
from tldash.insight.day_problems import find_problems
from tldash.insight.schedule import CadenceCell, build_cadence_strip, find_held_sessions
from tldash.model.records import Workspace
from tldash.user.last_seen import dump_lead, parse_lead
from tldash.workspace.folders import Change, Folders


@dataclass
class Folder:
    """An existing folder, and how a person would list it."""

    about: str
    files: dict[str, str]
    sessions: dict[str, list[str]]
    """Name of each lead -> the days of the sessions."""
    actions: list[tuple[str, str, str]] = field(default_factory=list)
    """Lead, text and due date of each open action."""
    titles: dict[str, str] = field(default_factory=dict)
    """Path of a session -> its title."""


OBSIDIAN_PEOPLE = Folder(
    "An Obsidian vault with a folder per person, the core plugins for daily notes and templates, "
    "and the Tasks plugin.",
    {
        "People/Ada/1on1s/2026-11-03.md": (
            "---\ntags: [1on1]\naliases: []\ncssclasses: wide\n---\n# 1:1 with Ada\n\n"
            "## Agenda\n- [ ] the rota\n\n## Action items\n- [ ] Write the vision 📅 2026-11-20\n"
        ),
        "People/Ada/1on1s/2026-11-17.md": "## Notes\nShe told the team.\n## Agenda\n- [ ] \n",
        "People/Ada/Ada.md": "---\ntype: person\n---\nLeads payments.\n",
        "People/Ben/1on1s/2026-11-10.md": "# Agenda for 10 Nov\n## Next steps\n- [ ] Ask Dee\n",
        "Daily/2026-11-03.md": "- [ ] buy milk\n\nQuiet day.\n",
        "Templates/1on1.md": "---\ndate: {{date}}\n---\n# {{title}}\n## Actions\n- [ ] who, what\n",
        "Templates/Daily.md": "<% tp.date.now() %>\n- [ ] {{task}} 📅 {{date}}\n",
        "README.md": "- [ ] how to write a task due:soon @zoe\n",
    },
    {"Ada": ["2026-11-03", "2026-11-17"], "Ben": ["2026-11-10"], "Vault": []},
    [
        ("Ada", "Write the vision", "2026-11-20"),
        ("Ben", "Ask Dee", ""),
        ("Vault", "buy milk", ""),
    ],
    {
        "People/Ada/1on1s/2026-11-03.md": "1:1 with Ada",
        "People/Ada/1on1s/2026-11-17.md": "",
        "People/Ben/1on1s/2026-11-10.md": "Agenda for 10 Nov",
    },
)
OBSIDIAN_JOURNAL = Folder(
    "A vault of one person: periodic notes in folders of the year and month, meetings beside them, "
    "links to the neighbours in front matter.",
    {
        "Journal/2026/11-November/2026-11-16.md": (
            '---\nprev: "[[2026-11-15]]"\nnext: "[[2026-12-14]]"\ncreated: 2026-11-16 08:00\n'
            "mood: good\n---\nNotes.\n"
        ),
        "Journal/2026/10-October/2026-10-30.md": "# Friday\n- [ ] call Wren due:2026-11-21\n",
        "Meetings/2026-11-09 Planning.md": "---\nparticipants:\n  - Ada\n  - Bo\n---\nPlanned.\n",
        "inbox.md": "- [ ] sort the inbox\n",
    },
    {"Vault": ["2026-10-30", "2026-11-09", "2026-11-16"]},
    [("Vault", "sort the inbox", ""), ("Vault", "call Wren", "2026-11-21")],
    {
        "Journal/2026/11-November/2026-11-16.md": "",
        "Journal/2026/10-October/2026-10-30.md": "Friday",
    },
)
GIT_REPOSITORY = Folder(
    "A manager's git repository, as the one-to-one templates on GitHub lay it out: a folder per "
    "report below 1-1s, a template, a README with a checklist, and a to-do file at the top.",
    {
        "README.md": "# One-to-ones\n- [ ] copy the template\n",
        "CONTRIBUTING.md": "- [x] read this\n",
        "templates/one-on-one.md": "# {{name}}, {{date}}\n## Action items\n- [ ] …\n",
        "_template.md": "## Action items\n- [ ] @someone does something due:YYYY-MM-DD\n",
        "1-1s/ada/2026-11-03.md": (
            "# 1:1\n\n## Topics\n* [ ] hiring\n\n## Action Items:\n* [ ] Draft the advert\n* [ ] \n"
        ),
        "1-1s/ada/2026-11-17.md": "# 1:1\n\n## Follow-ups\n1. [x] Draft the advert\n",
        "1-1s/ben/2026-11-05.md": "# 1:1\n\n- [ ] Book the room (due:: 2026-11-30)\n",
        "todo.md": "- [ ] prepare reviews\n",
    },
    {"Ada": ["2026-11-03", "2026-11-17"], "Ben": ["2026-11-05"], "Vault": []},
    [
        ("Ada", "Draft the advert", ""),
        ("Ben", "Book the room", "2026-11-30"),
        ("Vault", "prepare reviews", ""),
    ],
    {"1-1s/ada/2026-11-03.md": "1:1"},
)
RUNNING_FILES = Folder(
    "The shared running document of the GitLab handbook: one file per person, the newest meeting "
    "first, each below a heading with its date.",
    {
        "ada/1-1 agenda.md": (
            "# Ada and Mira\n\n## 2026-11-16\n### Topics\n- [ ] the rota\n### Action items\n"
            "- [ ] Write to Wren due:2026-11-25\n\n## [2026-11-02] planning\nWe planned.\n"
            "- [x] Read the plan\n\n## Links\n- [ ] tidy the links\n"
        ),
        "ben/1-1 agenda.md": "## 2026-11-12\n- [ ] Ask Dee\n\n## 2026-10-29\nFirst time.\n",
    },
    {"Ada": ["2026-11-02", "2026-11-16"], "Ben": ["2026-10-29", "2026-11-12"]},
    [
        ("Ada", "Write to Wren", "2026-11-25"),
        ("Ada", "tidy the links", ""),
        ("Ben", "Ask Dee", ""),
    ],
)
ONE_FILE_EACH = Folder(
    "One running document per person, side by side, as templates for Google Docs and Notion export "
    "them, and one per year for a third.",
    {
        "1on1s/ada.md": (
            "# Ada\n\n## 2026-11-16\n- [ ] Write to Wren\n\n## 2026-11-02\n- [x] Read the plan\n"
        ),
        "1on1s/ben-okafor.md": (
            "---\ntags: [1on1]\n---\n## 2026-11-16\n**Action items**\n- [ ] Ask Dee\n"
            "## 2026-11-09\nFine.\n"
        ),
        "cyd/1on1s/2025.md": "## 2025-12-01\n- [x] a\n## 2025-12-15\nFine.\n",
        "cyd/1on1s/2026.md": "## 2026-01-12\n- [ ] Rest\n",
    },
    {
        "Ada": ["2026-11-02", "2026-11-16"],
        "Ben Okafor": ["2026-11-09", "2026-11-16"],
        "Cyd": ["2025-12-01", "2025-12-15", "2026-01-12"],
    },
    [("Ada", "Write to Wren", ""), ("Ben Okafor", "Ask Dee", ""), ("Cyd", "Rest", "")],
)
LOGSEQ = Folder(
    "A Logseq graph: journals named with underscores, pages beside them, its settings in EDN.",
    {
        "journals/2026_11_03.md": "- Talked with Ada\n\t- [ ] send the article\n",
        "journals/2026_11_17.md": "- [ ] [[Ada]]: agree on levels\n",
        "pages/Ada.md": "- role:: lead\n- [ ] read her proposal\n",
        "pages/templates.md": "- template\n",
        "logseq/config.edn": "{}\n",
    },
    {"Vault": ["2026-11-03", "2026-11-17"]},
    [
        ("Vault", "send the article", ""),
        ("Vault", "[[Ada]]: agree on levels", ""),
        ("Vault", "read her proposal", ""),
    ],
)
JEKYLL = Folder(
    "A Jekyll site of meeting notes: dated posts with its front matter, an index and a layout.",
    {
        "index.md": "---\nlayout: home\n---\n- [ ] {{ page.title }}\n",
        "ada/_posts/2026-11-03-kick-off.md": (
            "---\nlayout: post\ntitle: Kick-off\ncategories: [notes]\npublished: true\n"
            "permalink: /kick-off\ntopics: [rota, hiring]\nstatus: done\n---\n- [ ] Write it down\n"
        ),
        "ada/_posts/2026-11-17-review.md": "---\nlayout: post\n---\n# Review\nFine.\n",
        "ada/about.md": "---\nlayout: page\nweight: 3\n---\nAbout.\n",
    },
    {"Ada": ["2026-11-03", "2026-11-17"]},
    [("Ada", "Write it down", "")],
    {
        "ada/_posts/2026-11-03-kick-off.md": "Kick-off",
        "ada/_posts/2026-11-17-review.md": "Review",
    },
)
OTHER_DATES = Folder(
    "Notes named by other calendars: day first, eight digits, dots, the date at the end.",
    {
        "ada/17-11-2026.md": "- [ ] one\n",
        "ada/20261030-vision.md": "- [ ] two\n",
        "ada/2026.10.16.md": "Notes.\n",
        "ada/One-on-one 2026-10-02.md": "Notes.\n",
        "ada/reading-list.md": "- [ ] three\n",
    },
    {"Ada": ["2026-10-02", "2026-10-16", "2026-10-30", "2026-11-17"]},
    [("Ada", "one", ""), ("Ada", "two", ""), ("Ada", "three", "")],
)
ONE_DATED_FILE = Folder(
    "Loose notes, one per person, and a single dated file in a folder of its own.",
    {
        "ada.md": "# Ada\n- [ ] write to Wren\n",
        "ben.md": "# Ben\n- [ ] ask Dee due:2026-11-30\n",
        "offsite/2026-06-05 offsite.md": "# Offsite\n- [ ] share the photos\n",
    },
    {"Offsite": ["2026-06-05"], "Vault": []},
    [
        ("Offsite", "share the photos", ""),
        ("Vault", "write to Wren", ""),
        ("Vault", "ask Dee", "2026-11-30"),
    ],
)
DEEP = Folder(
    "A coach's folder by company and team: sessions by year, quarter and month at any depth, and a "
    "lead.md written by hand for one of the people.",
    {
        "acme/platform/ada/sessions/2026/11/2026-11-03.md": "## To do\n- [ ] one #vision\n",
        "acme/platform/ada/meetings/2026 Q3/2026-09-03.md": "## Summary\nFine.\n",
        "acme/platform/ben/lead.md": (
            "# Goals\n- [ ] Speak at the meetup\n- [x] Read the book\n\n## Notes\nBen likes tea.\n"
        ),
        "acme/platform/ben/journal/2026-11-10.md": "# Notes\n- [ ] two @ben\n",
        "acme/platform/rota.md": "- [ ] publish the rota\n",
    },
    {"Ada": ["2026-09-03", "2026-11-03"], "Ben": ["2026-11-10"], "Vault": []},
    [("Ada", "one", ""), ("Ben", "two", ""), ("Vault", "publish the rota", "")],
    {"acme/platform/ben/journal/2026-11-10.md": ""},
)
OWN = Folder(
    "A folder as tldash makes it, beside a Hugo archive of an earlier coach with quoted dates.",
    {
        "tldash.yaml": "name: Circle\ncoach: Mira\n",
        "ada/lead.md": "---\nname: Ada Lindqvist\n---\n## Goals\n- Lead\n",
        "ada/skills.md": "## Vision\n### Beginner\n- [x] Says it\n- [ ]\n",
        "ada/sessions/2026-11-03.md": "---\ndate: 2026-11-03 16:00\n---\n# One\n- [ ] call @mira\n",
        "ada/sessions/2026-11-17.yaml": "date: 2026-11-17\nactions:\n  - write due:2026-12-01\n",
        "ada/archive/2025-11-04.md": (
            '---\ntitle: "Old"\ndate: "2025-11-04"\nlastmod: 2025-11-05\ndraft: true\n'
            "weight: 10\nslug: old\ntype: posts\n---\nOld notes.\n"
        ),
    },
    {"Ada Lindqvist": ["2025-11-04", "2026-11-03", "2026-11-17"]},
    [("Ada Lindqvist", "call", ""), ("Ada Lindqvist", "write", "2026-12-01")],
    {"ada/archive/2025-11-04.md": "Old"},
)
FOLDERS = {
    "Obsidian, a folder per person": OBSIDIAN_PEOPLE,
    "Obsidian, periodic notes": OBSIDIAN_JOURNAL,
    "git repository": GIT_REPOSITORY,
    "running files": RUNNING_FILES,
    "one running file each": ONE_FILE_EACH,
    "Logseq": LOGSEQ,
    "Jekyll": JEKYLL,
    "other dates": OTHER_DATES,
    "one dated file": ONE_DATED_FILE,
    "deep folders": DEEP,
    "tldash and Hugo": OWN,
}


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_folder_opens_as_a_person_would_list_it(tmp_path, folder):
    found = opened(tmp_path / "vault", folder.files)
    assert {
        lead.name: [str(session.at.day) for session in lead.sessions] for lead in found.leads
    } == folder.sessions
    assert sorted(
        (lead.name, action.task.text, str(action.due or ""))
        for lead in found.leads
        for action in find_open_actions(lead)
    ) == sorted(folder.actions)
    titles = {session.path: session.title for lead in found.leads for session in lead.sessions}
    assert {path: titles[path] for path in folder.titles} == folder.titles
    assert find_problems(found, NOW.date()) == ()


def test_a_large_vault_has_at_most_one_problem_for_fifty_files(tmp_path):
    """Work notes in which every file names somebody, as vaults with hundreds of names do."""
    names = ("zoe", "yann", "xu", "wim", "vera")
    files = {
        f"Projects/P{number % 7}/note {number}.md": (
            f"---\ntags: [work]\nstatus: active\n---\n- [ ] @{names[number % 5]} item\n- [ ]\n"
        )
        for number in range(250)
    }
    found = opened(tmp_path / "vault", files)
    problems = find_problems(found, NOW.date())
    assert sorted(problem.message for problem in problems) == sorted(
        f"nobody here is called '{name}'" for name in names
    )
    assert len(problems) <= len(files) / 50


SEVERAL = {
    "2026-01-05 offsite.md": "- [ ] share the photos\n",
    "ada/2026-11-03.md": "- [ ] one\n",
    "ben/2026-11-03.md": "- [ ] two\n",
    "drafts/x.md": "- [ ] three\n",
}


@pytest.mark.parametrize(
    ("added", "leads"),
    [
        ({}, ["Ada", "Ben", "Team"]),
        ({"ada/lead.md": "---\nname: Ada L\n---\n"}, ["Ada L", "Ben", "Team"]),
        ({"drafts/lead.md": "# Dee\n"}, ["Ada", "Ben", "Dee", "Team"]),
        ({"ada/1on1s/lead.md": ""}, ["Ada", "Ben", "Team"]),
        ({"lead.md": "---\nname: Mo\n---\n"}, ["Mo"]),
    ],
)
def test_adding_a_lead_file_hides_nothing(tmp_path, added, leads):
    found = opened(tmp_path / "team", {**SEVERAL, **added})
    assert sorted(lead.name for lead in found.leads) == leads
    assert sorted(a.task.text for lead in found.leads for a in lead.actions) == [
        "one", "share the photos", "three", "two",
    ]  # fmt: skip
    assert sum(len(lead.sessions) for lead in found.leads) == 3


@pytest.mark.parametrize("name", ["1on1s", "1-1s", "Journal", "notes", "2026", "2026-11"])
@pytest.mark.parametrize(
    "path", ["{}/2026-11-03.md", "ada/{}/2026-11-03.md", "ada/{}/2026/2026-11-03.md", "{}/lead.md"]
)
def test_no_lead_is_named_like_what_a_folder_holds(tmp_path, name, path):
    found = opened(tmp_path / "team" / "2026", {path.format(name): "", "todo.md": "- [ ] a\n"})
    assert {lead.name for lead in found.leads} <= {"Ada", "Team"}
    nested = opened(tmp_path / "ada" / name, {"2026-11-03.md": ""})
    assert [lead.name for lead in nested.leads] == ["Ada"]


def test_the_files_beside_the_leads_need_no_session(tmp_path):
    found = opened(tmp_path / "team", SEVERAL)
    later = datetime(2026, 11, 20, 9, tzinfo=NOW.tzinfo)
    [rest] = [lead for lead in found.leads if lead.is_rest]
    assert find_attention_reasons(rest, later) == ()
    assert len(find_held_sessions(rest, later)) == 1


def running_lead(root):
    folders = Folders([root])
    [lead] = folders.read().leads
    return folders, lead


def test_a_running_file_is_edited_in_the_section_of_its_session(tmp_path):
    root = write(tmp_path / "ada", {"1on1.md": RUNNING_FILES.files["ada/1-1 agenda.md"]})
    folders, lead = running_lead(root)
    assert [(s.number, s.place) for s in lead.sessions] == [
        (1, "1on1.md#2026-11-02"), (2, "1on1.md#2026-11-16"),
    ]  # fmt: skip
    assert [[t.text for t in s.topics] for s in lead.sessions] == [[], ["the rota"]]
    assert [s.has_notes for s in lead.sessions] == [True, True]
    task = folders.add(lead, "Ask Dee", NOW.date())
    assert (task.line, task.raw) == (8, "- [ ] Ask Dee")
    [lead] = folders.workspace.leads
    assert [[a.task.text for a in s.actions] for s in lead.sessions] == [
        ["Read the plan"], ["Write to Wren", "Ask Dee"],
    ]  # fmt: skip
    assert build_cadence_strip(lead, NOW) == (CadenceCell.HELD, CadenceCell.HELD)
    with pytest.raises(Refused, match="add a heading with the date there: ## 2026-12-16"):
        create_session(folders, lead, NOW)


def test_a_running_file_that_comes_and_goes_makes_and_unmakes_a_lead(tmp_path):
    files = {"ada/1on1.md": "- [ ] a\n", "ben/lead.md": ""}
    root = write(tmp_path / "team", files)
    folders = Folders([root])
    assert [lead.name for lead in folders.read().leads] == ["Team", "Ben"]
    for text, leads in (("## 2026-11-16\n- [ ] a\n", ["Ada", "Ben"]), ("x\n", ["Ben"])):
        (root / "ada/1on1.md").write_text(text)
        found = folders.refresh([Change(0, frozenset({"ada/1on1.md"}))])
        assert [lead.name for lead in found.leads] == leads
    # A dated file beside it: the file is a note again.
    write(root, {"ada/1on1.md": "## 2026-11-16\n- [ ] a\n", "ada/2026-11-17.md": "b\n"})
    [ada, _] = folders.read().leads
    assert [str(session.at.day) for session in ada.sessions] == ["2026-11-17"]
    assert [action.task.text for action in ada.actions] == ["a"]


def test_blanks_goals_and_templates_count_nowhere_and_are_listed(tmp_path):
    found = opened(tmp_path / "coaching", {
        "README.md": "- [ ] an example\n",
        "ada/lead.md": "# Ada\n- [ ] act\n## Goals\n- [ ] grow\n- rest\n## Notes\n- [ ]\n",
        "ada/2026-11-03.md": "## Agenda\n- [ ] \n- [ ] talk\n## Goals\n- [x] reaffirm\n",
        "ada/skills.md": "# Vision\n- [ ]\n- [x] says it\n# Cooking\n- [ ] stirs\n",
    })  # fmt: skip
    [ada] = found.leads
    assert [action.task.text for action in ada.actions] == ["act"]
    assert [goal.text for goal in ada.goals] == ["grow", "rest"]
    assert [topic.text for topic in ada.sessions[0].topics] == ["talk"]
    assert [marker.task.text for marker in ada.markers] == ["says it"]
    listed = [item for lead in (ada, *found.unlisted) for item in iter_task_items(lead)]
    assert sorted((str(item.kind), item.task.text) for item in listed) == [
        ("action", "act"), ("blank", ""), ("blank", ""), ("blank", ""), ("goal", "grow"),
        ("goal", "reaffirm"), ("marker", "says it"), ("marker", "stirs"),
        ("template", "an example"), ("topic", "talk"),
    ]  # fmt: skip


def test_a_lead_with_a_running_file_of_its_own_is_edited_and_remembered(tmp_path):
    root = write(tmp_path / "vault", ONE_FILE_EACH.files)
    folders = Folders([root])
    ben = folders.read().leads[1]
    assert (ben.id, ben.path) == ("1on1s/ben-okafor", "1on1s/ben-okafor")
    task = folders.add(ben, "Call", NOW.date())
    assert (task.path, task.line) == ("1on1s/ben-okafor.md", 7)
    after = folders.workspace.leads[1]
    assert [action.task.text for action in after.sessions[-1].actions] == ["Ask Dee", "Call"]
    assert after is not ben
    assert folders.workspace.leads[0].name == "Ada"
    kept = parse_lead(json.loads(json.dumps(dump_lead(ben, date.min))), ben.id, ben.path)
    assert [session.place for session in kept.sessions] == [s.place for s in ben.sessions]
    events = detect_events(Workspace("", (kept,)), Workspace("", (after,)), NOW)
    assert [describe_event(event) for event in events] == ['added "Call"']
