"""Which folders are leads, and which files are what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldash.model.file_roles import FileRole, date_in_name, is_markdown, is_yaml
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
            ["ada", "ben", "cyd"],
            {
                "ada/lead.md": LEAD,
                "ben/2026-11-03.md": SESSION,
                "cyd/sessions/2026-11-03.md": SESSION,
            },
            id="a folder of leads",
        ),
        pytest.param(
            ["2026-11-03.md", "ada/lead.md"],
            ["ada"],
            {"ada/lead.md": LEAD},
            id="a dated file above a lead.md makes no lead",
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
            ["ada/lead.md", "ada/journal/2026-11-03.md", "ada/mentee/lead.md"],
            ["ada"],
            {
                "ada/lead.md": LEAD,
                "ada/journal/2026-11-03.md": NOTE,
                "ada/mentee/lead.md": NOTE,
            },
            id="what lies under a lead belongs to that lead",
        ),
        pytest.param(
            ["ada/2026-11-03.md", "ada/journal/2026-11-04.md"],
            ["ada"],
            {"ada/2026-11-03.md": SESSION, "ada/journal/2026-11-04.md": NOTE},
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


def test_folders_whose_markdown_belongs_to_nobody_are_told():
    found = detect_layout(
        ["README.md", "ada/lead.md", "drafts/a.md", "drafts/b/c.md", "old/x.yaml"]
    )
    assert found.strays == ("drafts",)


def test_below_a_label():
    found = detect_layout(["tldash.yaml", "ada/lead.md", "drafts/a.md"]).below("north")
    assert found.leads == ("north/ada",)
    assert found.roles == {"north/tldash.yaml": FileRole.CONFIG, "north/ada/lead.md": FileRole.LEAD}
    assert found.owners == {"north/ada/lead.md": "north/ada"}
    assert found.strays == ("north/drafts",)
    own = detect_layout(["lead.md"])
    assert own.below("ada").leads == ("ada",)
    assert own.below("") is own


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-11-03.md", date(2026, 11, 3)),
        ("a/b/2026-11-03-vision.md", date(2026, 11, 3)),
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-11-031.md", None),
        ("2026-02-30.md", None),
        ("x2026-11-03.md", None),
        ("2026-11-03/x.md", None),
        ("20261103.md", None),
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
    ["ada", "ben", "sessions", "lead.md", "skills.md", "2026-11-03.md", "2026-12-01.yaml", "x.md"]
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=8)


@given(PATHS, st.randoms())
def test_every_markdown_file_has_one_place_or_a_stray_folder_whatever_the_order(paths, random):
    found = detect_layout(paths)
    mixed = list(paths)
    random.shuffle(mixed)
    assert detect_layout(mixed) == found
    for path in filter(is_markdown, paths):
        placed = path in found.owners
        stray = path.partition("/")[0] in found.strays
        assert placed or stray or "/" not in path
    for one in found.leads:
        assert not any(one != other and one.startswith(f"{other}/") for other in found.leads)
        assert not one or "" not in found.leads
