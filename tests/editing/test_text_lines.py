"""Lines of notes: each is added, changed and removed, and everything around it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.editing import patch, semantics
from tldash.editing.edits import PutText, Refused
from tldash.formats.file_record import read_data
from tldash.formats.yaml import load
from tldash.model.file_roles import FileRole

MD, YAML = "ada/sessions/2026-11-03.md", "ada/sessions/2026-11-03.yaml"

words = st.one_of(
    st.sampled_from(
        [
            *("# no heading", "- [ ] no action", "---", "```", "> said", "    code", "===", "%%"),
            *("<!-- hidden", "| a | b |", "[x]: y", "1. one", "key: value", "- item", "TODO x"),
            *("* [x] done", "~~~", "\\", "a  b", "é ñ", "$$", "[^1]: note", "+ [ ] z"),
        ]
    ),
    st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20),
).filter(lambda text: text.strip())
forms = st.sampled_from(["text", "item", "quote"])
sections = st.sampled_from(["Notes", "Agreements", "Structure"])
bodies = st.sampled_from(
    [
        "",
        "# Session 3\n\n## Agenda\n- [ ] the cutover\n\n## Notes\n\n## Actions\n\n- [ ] call\n",
        "# Session 3\n\n## Notes\nShe was tired.\n\nVery.\n## Actions\n- [ ] call\n  note\n",
        "## Notes\n\n- first\n- second\n\n## Actions\n- [ ] call",
        "## ✍ Notes:\n\n<!-- Listening: -->\n",
        "Notes\n-----\ntext\n\n```\n## Notes\n```\n",
        "---\ndate: 2026-11-03\n---\n## Agenda\n",
        "> ## Notes\n> said\n",
        "no heading at all\n- [ ] call\n",
    ]
)


@given(bodies, sections, forms, st.sampled_from(["\n", "\r\n"]), words, words)
def test_a_line_is_added_changed_and_removed(body, section, form, end, first, second) -> None:
    text = body.replace("\n", end)
    before = read_data(text.encode(), MD, FileRole.SESSION)
    add = PutText(MD, section, first, form=form)
    data = patch.apply(add, text.encode())
    assert lines_left(text, data) == 0
    added = read_data(data, MD, FileRole.SESSION)
    assert [t.raw for t in added.tasks] == [t.raw for t in before.tasks]
    assert " ".join(first.split()) in " ".join(data.decode().replace("\\", "").split()) or (
        "\\" in first
    )
    if second.strip() != first.strip():
        changed = patch.apply(PutText(MD, section, second, first, form=form), data)
        assert lines_left(text, changed) == 0
        assert len(changed.decode().split(end)) == len(data.decode().split(end))
        data, first = changed, second
    gone = patch.apply(PutText(MD, section, "", first, form=form), data)
    assert lines_left(text, gone) == 0


def lines_left(text: str, data: bytes) -> int:
    """Return how many lines with words are no longer there, in order."""
    rest = iter(data.decode().splitlines())
    return sum(line not in rest for line in text.splitlines() if line.strip())


@each("end", ["\n", "\r\n"])
@each(
    ("text", "after"),
    [
        ("## Notes\n\n## Actions\n", "## Notes\n\nShe waits.\n\n## Actions\n"),
        ("## Notes\n\nA.\n\n## Actions\n", "## Notes\n\nA.\n\nShe waits.\n\n## Actions\n"),
        ("## Notes\n- a\n- b\n\n## Actions\n", "## Notes\n- a\n- b\n- She waits.\n\n## Actions\n"),
        ("# Three\n", "# Three\n\n## Notes\n\nShe waits.\n"),
        ("", "## Notes\n\nShe waits.\n"),
        ("date: 2026-11-03\n", "date: 2026-11-03\nnotes: |\n  She waits.\n"),
        ("notes: |\n  A.\nskill: vision\n", "notes: |\n  A.\n\n  She waits.\nskill: vision\n"),
        ("notes: |-\n    A.\n    - b\n", "notes: |-\n    A.\n    - b\n    - She waits.\n"),
        ("notes: A.  # said\n", "notes: |  # said\n  A.\n\n  She waits.\n"),
        ("notes:\nskill: vision\n", "notes: |\n  She waits.\nskill: vision\n"),
        ("notes: >\n  A\n  b.\n", "notes: |\n  A b.\n\n  She waits.\n"),
    ],
)
def test_a_note_reads_as_if_written_by_hand(text: str, after: str, end: str) -> None:
    path = YAML if text[:1].islower() else MD
    note = PutText(path, "Notes", "She waits.")
    data = patch.apply(note, text.replace("\n", end).encode())
    assert data.decode() == after.replace("\n", end if text else "\n")


def test_a_change_by_somebody_else_is_refused() -> None:
    data = patch.apply(PutText(MD, "Notes", "She wai"), b"## Notes\n")
    with pytest.raises(Refused) as refused:
        patch.apply(PutText(MD, "Notes", "She waits.", "She wai"), data.replace(b"wai", b"w"))
    assert refused.value.code == "line-gone"


def test_a_line_of_one_session_of_a_running_file_stays_below_its_date() -> None:
    text = b"# Ada\n\n## 2026-11-16\n\nB.\n\n### Actions\n- [ ] call\n\n## 2026-11-02\nA.\n"
    note = PutText("ada/1on1.md", "Notes", "She waits.", within="2026-11-16")
    assert patch.apply(note, text) == text.replace(b"B.\n", b"B.\n\nShe waits.\n")
    agreed = PutText("ada/1on1.md", "Agreements", "Fridays.", form="item", within="2026-11-16")
    assert b"call\n\n### Agreements\n\n- Fridays.\n\n## 2026-11-02" in patch.apply(agreed, text)


@given(words, words, st.sampled_from(["", "notes: |\n  A.\n", "notes: 'A: b'\n", "notes: []\n"]))
def test_yaml_notes_and_lists_keep_every_other_value(first, second, text) -> None:
    document = f"date: 2026-11-03\n{text}actions:\n  - call\n"
    values = load.load(document, "")[0]
    for section, form in (("Notes", "text"), ("Agreements", "item")):
        try:
            data = patch.apply(PutText(YAML, section, first, form=form), document.encode())
            if first.strip() != second.strip():
                data = patch.apply(PutText(YAML, section, second, first, form=form), data)
        except Refused as refused:
            assert refused.code in {"yaml", "unclear"}
            continue
        after = load.load(data.decode(), "")[0]
        name = section.lower()
        assert {k: v for k, v in after.items() if k != name} == {
            k: v for k, v in values.items() if k != name
        }
        held = after[name]
        last = held[-1] if isinstance(held, list) else held.rstrip("\n").split("\n")[-1]
        assert last == semantics.one_line(second)
