"""The kind of each line is the one that the record of the file gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_content.generate import make as make_hostile
from tldash.create.demo import find_sample_data
from tldash.formats.file_record import read_data
from tldash.formats.text import BOM, NotText, decode, split_lines
from tldash.model.file_roles import FileRole
from tldash.model.places import PlaceKind
from tldash.storage import walk
from tldash.storage.layout import detect_layout
from tldash.workspace.place_kinds import find_kinds, kinds_of_record

PIECES = [
    "- [ ] task", "- item", "  - [x] nested", "  - nested", "    - [ ] deep", "  text below",
    "> quoted", "> - [ ] quoted task", "1. [ ] numbered", "1. numbered", "text", "text - [ ] no",
    "key: value", "# Title", "# Agenda for 30 Oct", "## Goals", "## Agenda", "## Actions",
    "## 2026-11-03", "## Notes", "Goals", "=====", "---", "```", "~~~", "<!--", "-->", "%%", "$$",
    "| a | b |", "| - | - |", "", "", "\t- [ ] tab", "- [ ] ", "* - [ ] inside", "{{placeholder}}",
    "<<<<<<< ours", "=======", ">>>>>>> theirs", "- [ ] é", "[a]: b",
    "* [x] star", "   - three", "     - five", "     five", "10. ten", "+ ", "    four", "*text*",
]  # fmt: skip
ENTRIES = [
    "agenda:", "topics:", "actions:", "  - a topic", "- an action", '  - "[x] done"', "  -",
    "  - text: an action", "    due: 2026-12-01", "  - due: 2026-12-01", "  - 12", "  - true",
    "  - *alias", "  - &anchor text", "  - {text: flow}", "agenda: [one, two]", "notes: |",
    "  some text", "skill: vision", "# remark", "", "date: 2026-11-03", "  - text: 5",
    "  - 'a text #tag' #more", "  - call: Ann", "  - - nested", "---", "agenda: text", "  - ' '",
    "  - R&D, 5 * 3? 100 % {x} - done!", "  some *text*, **more**", "    text: &due why?",
    "  - !tag a", "    <<: *due", "    done: *due", "  - text: &a one", "    note: *a",
    "  - &a a text due:soon", '  - &b "a" #tag', "    tags: &c [a, b]", "  - text: *a",
    "    due: *b", "    ? complex", "  - 'a' # remark", "    due: soon", '  - "a" #tag',
]  # fmt: skip
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
KINDS = st.sampled_from([FileRole.SESSION, FileRole.LEAD, FileRole.SKILLS, FileRole.NOTE])


def assert_same(data: bytes, path: str, role: FileRole) -> set[PlaceKind]:
    """Compare the kinds of all lines that are not blank. Return them."""
    lines = split_lines(decode(data).removeprefix(BOM))
    quick = find_kinds(data, path, role)
    careful = kinds_of_record(read_data(data, path, role))
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    found = [quick(*one) for one in numbered]
    assert found == [careful(*one) for one in numbered], path
    return set(found)


@given(st.lists(st.sampled_from(PIECES), max_size=16), ENDS, KINDS, st.booleans())
def test_lines_of_markdown(pieces, end, role, has_front) -> None:
    front = ["---", "title: a", "---"] if has_front else []
    assert_same(end.join([*front, *pieces]).encode(), "ada/a.md", role)


@given(st.lists(st.sampled_from(ENTRIES), max_size=12), ENDS)
def test_lines_of_yaml(entries, end) -> None:
    assert_same(end.join(entries).encode(), "ada/2026-11-03.yaml", FileRole.SESSION)


def test_lines_of_files(tmp_path) -> None:
    make_hostile(tmp_path / "hostile", 300)
    kinds: set[PlaceKind] = set()
    for folder in (find_sample_data(), tmp_path / "hostile"):
        paths = sorted(walk.walk(folder).files)
        layout = detect_layout(paths)
        for path in paths:
            try:
                data = walk.read_bytes(folder, path)
                kinds |= assert_same(data, path, layout.roles.get(path, FileRole.NOTE))
            except (walk.Unreadable, NotText):
                continue
    assert kinds == {*PlaceKind}
