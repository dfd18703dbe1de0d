"""Which folders are leads, and which files are what."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model.file_roles import FileRole, date_in_name, is_container, is_markdown, is_yaml
from tldash.storage.layout import detect_layout

LEAD, SESSION, SKILLS, NOTE = FileRole.LEAD, FileRole.SESSION, FileRole.SKILLS, FileRole.NOTE


@pytest.mark.parametrize(
    ("paths", "leads", "roles"),
    [
        pytest.param([], [], {}, id="nothing"),
        pytest.param(["todo.md"], [""], {"todo.md": NOTE}, id="one Markdown file"),
        pytest.param(["a/b/todo.md"], [""], {"a/b/todo.md": NOTE}, id="one, deep down"),
        pytest.param(["tldash.yaml"], [], {"tldash.yaml": FileRole.CONFIG}, id="settings alone"),
        pytest.param(
            ["lead.md", "skills.md", "sessions/2026-11-03.md", "sessions/2026-12-01.yml", "x.md"],
            [""],
            {
                "lead.md": LEAD,
                "skills.md": SKILLS,
                "sessions/2026-11-03.md": SESSION,
                "sessions/2026-12-01.yml": SESSION,
                "x.md": NOTE,
            },
            id="one lead's own folder",
        ),
        pytest.param(
            ["2026-11-03.md", "2026-12-01 planning.yaml"],
            [""],
            {"2026-11-03.md": SESSION, "2026-12-01 planning.yaml": SESSION},
            id="dated files and nothing else",
        ),
        pytest.param(
            ["sessions/2026-11-03.md"],
            [""],
            {"sessions/2026-11-03.md": SESSION},
            id="sessions only",
        ),
        pytest.param(
            ["ada/lead.md", "ben/2026-11-03.md", "cyd/sessions/2026-11-03.md", "dee/x.md"],
            ["", "ada", "ben", "cyd"],
            {
                "ada/lead.md": LEAD,
                "ben/2026-11-03.md": SESSION,
                "cyd/sessions/2026-11-03.md": SESSION,
                "dee/x.md": NOTE,
            },
            id="a folder of leads, and another",
        ),
        pytest.param(
            ["2026-11-03.md", "ada/lead.md", "notes/2026-11-04.md"],
            ["", "ada"],
            {"ada/lead.md": LEAD, "2026-11-03.md": SESSION, "notes/2026-11-04.md": NOTE},
            id="dated files above a lead.md",
        ),
        pytest.param(
            ["north/ada/lead.md", "north/ben/2026-11-03.md", "south/cyd/lead.md"],
            ["north/ada", "north/ben", "south/cyd"],
            {
                "north/ada/lead.md": LEAD,
                "north/ben/2026-11-03.md": SESSION,
                "south/cyd/lead.md": LEAD,
            },
            id="teams within teams",
        ),
        pytest.param(
            ["ada/lead.md", "ada/payments/2026-11-03.md", "ada/x.yaml", "ada/mentee/lead.md"],
            ["ada", "ada/mentee"],
            {
                "ada/lead.md": LEAD,
                "ada/payments/2026-11-03.md": SESSION,
                "ada/mentee/lead.md": LEAD,
            },
            id="what lies under a lead belongs to that lead, except another lead",
        ),
        pytest.param(
            ["ada/2026-11-03.md", "ada/journal/2026-11-04.md"],
            ["ada"],
            {"ada/2026-11-03.md": SESSION, "ada/journal/2026-11-04.md": SESSION},
            id="dated files below dated files",
        ),
        pytest.param(
            ["ada/sessions/2026/2026-11-03.md"],
            ["ada"],
            {"ada/sessions/2026/2026-11-03.md": SESSION},
            id="sessions sorted by year",
        ),
        pytest.param(
            ["ada/lead.md", "ada/sessions/first.md", "ada/sessions/data.yaml", "ada/data.yaml"],
            ["ada"],
            {
                "ada/lead.md": LEAD,
                "ada/sessions/first.md": SESSION,
                "ada/sessions/data.yaml": SESSION,
            },
            id="undated sessions are sessions, other YAML is nothing",
        ),
        pytest.param(
            ["Ada/LEAD.md", "Ada/Skills.MD", "Ada/Sessions/2026-11-03.MD", "Ada/notes.Markdown"],
            ["Ada"],
            {
                "Ada/LEAD.md": LEAD,
                "Ada/Skills.MD": SKILLS,
                "Ada/Sessions/2026-11-03.MD": SESSION,
                "Ada/notes.Markdown": NOTE,
            },
            id="whatever the case",
        ),
        pytest.param(
            ["tldash.yml", "framework.yaml", "ada/lead.md", "ada/tldash.yaml"],
            ["ada"],
            {
                "tldash.yml": FileRole.CONFIG,
                "framework.yaml": FileRole.FRAMEWORK,
                "ada/lead.md": LEAD,
            },
            id="settings count at the top only",
        ),
        pytest.param(
            ["ada/2026-13-40.md"], [""], {"ada/2026-13-40.md": NOTE}, id="no such day, no session"
        ),
        pytest.param(
            ["1on1s/lead.md", "1on1s/2026/2026-11-03.md", "1on1s/data/2026-11-03.yaml"],
            [""],
            {"1on1s/lead.md": LEAD, "1on1s/2026/2026-11-03.md": SESSION},
            id="a folder that says what is in it",
        ),
        pytest.param(
            ["sessions/2026-11-03.md", "hiring/2026-11-04.md", "rota/2026-11-05.md"],
            [""],
            {
                "sessions/2026-11-03.md": SESSION,
                "hiring/2026-11-04.md": SESSION,
                "rota/2026-11-05.md": SESSION,
            },
            id="a lead's own folder with dated files in others",
        ),
        pytest.param(
            ["2026-11-03.md", "ada/2026-11-03.md", "ben/2026-11-03.md", "ben/index.md"],
            ["", "ada", "ben"],
            {
                "2026-11-03.md": SESSION,
                "ada/2026-11-03.md": SESSION,
                "ben/2026-11-03.md": SESSION,
                "ben/index.md": NOTE,
            },
            id="a dated file above several folders of them",
        ),
        pytest.param(
            ["ada/sessions/_template.md", "ada/Templates/2026-11-03.md", "ada/sessions/1.md"],
            [""],
            {
                "ada/sessions/_template.md": NOTE,
                "ada/Templates/2026-11-03.md": NOTE,
                "ada/sessions/1.md": NOTE,
            },
            id="templates are no sessions, and undated files alone make no lead",
        ),
    ],
)
def test_layout(paths, leads, roles):
    found = detect_layout(paths)
    assert list(found.leads) == leads
    assert found.roles == roles
    for path, owner in found.owners.items():
        assert owner in found.leads
        assert path.startswith(f"{owner}/") or not owner
    assert found.owners.keys() == {
        path for path, role in roles.items() if role not in (FileRole.CONFIG, FileRole.FRAMEWORK)
    }


def test_the_files_outside_the_lead_folders_belong_to_the_opened_folder():
    found = detect_layout(
        ["README.md", "ada/lead.md", "drafts/a.md", "drafts/b/c.md", "old/x.yaml"]
    )
    assert found.leads == ("", "ada")
    assert found.rest == ""
    assert [path for path, lead in found.owners.items() if not lead] == [
        "README.md", "drafts/a.md", "drafts/b/c.md",
    ]  # fmt: skip
    assert detect_layout(["ada/lead.md", "x.yaml"]).rest is None
    assert detect_layout(["x.md"]).rest is None


def test_running_files_count_as_dated():
    paths = ["ada/1on1.md", "ben/1on1.md", "todo.md"]
    assert detect_layout(paths).leads == ("",)
    found = detect_layout(paths, {"ada/1on1.md"})
    assert found.leads == ("", "ada")
    assert found.roles["ada/1on1.md"] is NOTE


@each(
    ("paths", "running", "leads"),
    [
        (["1on1s/ada.md", "1on1s/ben.md", "x.md"], [0, 1], ["", "1on1s/ada", "1on1s/ben"]),
        (["team/1-1s/ada.md", "team/1-1s/ben.md"], [0, 1], ["team/1-1s/ada", "team/1-1s/ben"]),
        (["1on1s/ada.md", "1on1s/ben.md"], [0], [""]),
        (["ada/1on1s/2025.md", "ada/1on1s/2026.md"], [0, 1], ["ada"]),
        (["ada/lead.md", "ada/1on1s/first.md", "ada/1on1s/rest.md"], [1, 2], ["ada"]),
        (["ada/decisions.md", "ada/log.md"], [0, 1], ["ada"]),
        (["1on1s/ada.md", "1on1s/ben.md", "1on1s/2026-11-03.md"], [0, 1], [""]),
    ],
)
def test_running_files_beside_each_other(paths, running, leads):
    assert list(detect_layout(paths, {paths[at] for at in running}).leads) == leads


def test_below_a_label():
    found = detect_layout(["tldash.yaml", "ada/lead.md", "drafts/a.md"]).below("north")
    assert found.leads == ("north", "north/ada")
    assert found.roles == {
        "north/tldash.yaml": FileRole.CONFIG,
        "north/ada/lead.md": LEAD,
        "north/drafts/a.md": NOTE,
    }
    assert found.owners == {"north/ada/lead.md": "north/ada", "north/drafts/a.md": "north"}
    assert found.rest == "north"
    own = detect_layout(["lead.md"])
    assert own.below("ada").leads == ("ada",)
    assert own.below("ada").rest is None
    assert own.below("") is own


@each(
    "name",
    [
        *("sessions", "Sessions", "1on1s", "1-1s", "1:1s", "1 on 1", "one-on-ones", "121s"),
        *(
            "Meetings",
            "meeting-notes",
            "10 - Meetings",
            "journal",
            "Notes",
            "Daily Notes",
            "_posts",
        ),
        *("2026", "2026-11", "2026 Q4", "11", "11-November", "November 2026", "W46", "archive"),
    ],
)
def test_names_that_say_what_is_in_a_folder(name):
    assert is_container(name)


@each("name", ["ada", "June", "May", "ada-notes", "team 1", "2026-ada", "coach"])
def test_names_that_say_whose_a_folder_is(name):
    assert not is_container(name)
    assert is_container(name, "2026") is (name in ("June", "May"))


@each(
    ("name", "found"),
    [
        ("2026-11-03.md", date(2026, 11, 3)),
        ("a/b/2026-11-03-vision.md", date(2026, 11, 3)),
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-11-031.md", None),
        ("2026-02-30.md", None),
        ("x2026-11-03.md", None),
        ("2026-11-03/x.md", None),
        ("20261103.md", date(2026, 11, 3)),
        ("20261103-x.md", date(2026, 11, 3)),
        ("2026_11_03.md", date(2026, 11, 3)),
        ("2026.11.03 x.md", date(2026, 11, 3)),
        ("17-11-2026.md", date(2026, 11, 17)),
        ("11-17-2026.md", date(2026, 11, 17)),
        ("17.11.2026.md", date(2026, 11, 17)),
        ("11-11-2026.md", date(2026, 11, 11)),
        ("03-11-2026.md", None),
        ("17-17-2026.md", None),
        ("20261303.md", None),
        ("20261103101500.md", None),
        ("12345678.md", None),
        ("2026-11_03.md", None),
        ("One-on-one 2026-11-03.md", date(2026, 11, 3)),
        ("ada-2026-11-03", date(2026, 11, 3)),
        ("plan 2026-11-03 final.md", None),
        ("plan 2026-02-30.md", None),
    ],
)
def test_the_date_in_a_name(name, found):
    assert date_in_name(name) == found


def test_endings():
    assert is_markdown("A.MD")
    assert is_markdown("a.markdown")
    assert not is_markdown("a.md.txt")
    assert is_yaml("a.YML")
    assert is_yaml("a.yaml")
    assert not is_yaml("yaml")


NAMES = st.sampled_from(
    [
        *("ada", "ben", "sessions", "journal", "2026", "templates", "lead.md", "skills.md"),
        *("2026-11-03.md", "2026-12-01.yaml", "x.md", "README.md"),
    ]
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=8)


@given(PATHS, st.randoms())
def test_every_markdown_file_has_one_place_whatever_the_order(paths, random):
    found = detect_layout(paths)
    mixed = list(paths)
    random.shuffle(mixed)
    assert detect_layout(mixed) == found
    for path in filter(is_markdown, paths):
        assert path in found.owners
        assert found.owners[path] in found.leads
    names = {lead.rpartition("/")[2] for lead in found.leads}
    assert not names & {"sessions", "journal", "2026"}
    # Only the folder of another lead.md is a lead inside a lead, or the one around its container.
    named = {path.rpartition("/")[0] for path in paths if path.endswith("lead.md")}
    named |= {re.sub("(?:/(?:sessions|journal|2026))+$", "", folder) for folder in named}
    for one in filter(None, found.leads):
        assert one in named or not any(one.startswith(f"{o}/") for o in found.leads if o)
