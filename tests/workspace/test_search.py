"""A search of folders equals a plain scan of their readable files, in every lead."""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path

from tests.hostile_content.generate import make as make_hostile
from tests.support.records import write
from tldash.create.demo import find_sample_data
from tldash.formats.text import BOM, NotText, decode, split_lines
from tldash.model.places import Place
from tldash.model.spelling import fold_accents
from tldash.model.word_search import parse_query
from tldash.storage import walk
from tldash.workspace.folders import Folders

FILES = {
    "ada/lead.md": (
        "---\nname: Ada Müller\n---\n# Ada\n## Goals\n- [ ] Ship the cutover\n- Cutover\n"
    ),
    "ada/skills.md": "## Vision\n- [ ] tells the cutover in one sentence\n",
    "ada/sessions/2026-11-03.md": (
        "---\ntitle: the cutover\n---\n## Agenda\n- [ ] cutover?\n## Notes\nThe cutover\n"
        "is near.\n## Actions\n- [ ] cutover due:2026-12-01\n  a note of the cutover\n"
    ),
    "ben/sessions/2026-11-04.yaml": (
        "agenda:\n  - cutover\nactions:\n  - the cutover\nnotes: |\n  A cutover.\nskill: cutover\n"
    ),
    "ben/sessions/2026-11-04 (conflicted copy).yaml": "notes: cutover\n",
    "chiara/1on1.md": "# 2026-10-01\ncutover\n# 2026-11-01\n- [ ] cutover\n",
    "tldash.yaml": "name: Cutover circle\n",
    "other.md": "cutover\n",
    "broken.md": b"cutover \xff",
    "data.csv": "cutover\n",
}


def search(folder: Path, *words: str) -> list[Place]:
    return [*Folders([folder]).search(parse_query(words))]


def told(places: list[Place]) -> list[tuple[str, int, int, str, str]]:
    return [(place.path, place.line, place.column, place.kind, place.lead) for place in places]


def test_each_place_has_its_kind_and_lead(tmp_path) -> None:
    folder = write(tmp_path / "circle", FILES)
    assert told(search(folder, "CUTOVER")) == [
        ("ada/lead.md", 6, 16, "goal", "ada"),
        ("ada/lead.md", 7, 3, "goal", "ada"),
        ("ada/sessions/2026-11-03.md", 2, 12, "field", "ada"),
        ("ada/sessions/2026-11-03.md", 5, 7, "topic", "ada"),
        ("ada/sessions/2026-11-03.md", 7, 5, "notes", "ada"),
        ("ada/sessions/2026-11-03.md", 10, 7, "action", "ada"),
        ("ada/skills.md", 2, 17, "marker", "ada"),
        ("ben/sessions/2026-11-04.yaml", 2, 5, "topic", "ben"),
        ("ben/sessions/2026-11-04.yaml", 4, 9, "action", "ben"),
        ("ben/sessions/2026-11-04.yaml", 6, 5, "notes", "ben"),
        ("ben/sessions/2026-11-04.yaml", 7, 8, "field", "ben"),
        ("chiara/1on1.md", 2, 1, "notes", "chiara"),
        ("chiara/1on1.md", 4, 7, "action", "chiara"),
        ("other.md", 1, 1, "notes", "circle"),
        ("tldash.yaml", 1, 7, "field", ""),
    ]
    assert told(search(folder, "muller", "name")) == [("ada/lead.md", 2, 1, "field", "ada")]
    assert search(folder, "cutover")[4].text == "The cutover"
    assert search(folder, "nowhere") == []


def test_the_leads_are_those_of_the_workspace(tmp_path) -> None:
    folder = write(tmp_path / "circle", FILES)
    opened = Folders([folder])
    ids = {lead.id for lead in (*opened.read().leads, *opened.workspace.unlisted)}
    assert {place.lead for place in search(folder, "cutover")} <= {*ids, ""}
    both = Folders([folder, write(tmp_path / "more", {"2026-11-01.md": "the cutover\n"})])
    paths = [place.path for place in both.search(parse_query(["cutover"]))]
    assert paths[0] == "circle/ada/lead.md"
    assert paths[-1] == "more/2026-11-01.md"


def plain_scan(folder: Path, word: str) -> dict[str, list[list[int]]]:
    """Return for each file with the word its paragraphs that have it, as the lines with it."""
    files = walk.walk(folder).files
    found: dict[str, list[list[int]]] = {}
    for path in files:
        if walk.find_original(path, files) is not None:
            continue
        try:
            lines = split_lines(decode(walk.read_bytes(folder, path)).removeprefix(BOM))
        except (walk.Unreadable, NotText):
            continue
        paragraph: list[int] = []
        for number, line in enumerate([*lines, ""], 1):
            if word in fold_accents(line):
                paragraph.append(number)
            if not line.strip() and paragraph:
                found.setdefault(path, []).append(paragraph)
                paragraph = []
    return found


def test_the_places_are_those_of_a_plain_scan(tmp_path) -> None:
    make_hostile(tmp_path / "hostile", 300)
    for folder in (find_sample_data(), tmp_path / "hostile"):
        for word in ("vision", "a", "e\u0301", "ß", "-", "[", "2026", "still", ".", "\u202e", "日"):
            folded = fold_accents(word)
            plain = plain_scan(folder, folded)
            hits: dict[str, list[int]] = {}
            for place in search(folder, word):
                hits.setdefault(place.path, []).append(place.line)
            assert hits.keys() == plain.keys(), word
            for path, paragraphs in plain.items():
                lines = [line for paragraph in paragraphs for line in paragraph]
                assert set(hits[path]) <= set(lines)
                assert hits[path] == sorted(set(hits[path])), "each place once"
                first = {paragraph[0] for paragraph in paragraphs}
                assert first <= set(hits[path]), "at least one of each paragraph, the first"


def test_files_come_and_go_while_it_searches(tmp_path) -> None:
    """What stays is found each time; what is away is no error."""
    calm = {f"ada/notes/{number}.md": "a calm word\n" for number in range(40)}
    folder = write(tmp_path, {**calm, "ada/lead.md": "# Ada\n"})
    over = threading.Event()

    def disturb() -> None:
        number = 0
        while not over.is_set():
            path = folder / "ada" / f"{number % 7}.md"
            path.write_text("a restless word\n")
            path.rename(path.with_suffix(".yaml"))
            path.with_suffix(".yaml").unlink()
            number += 1

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(30):
            found = [place.path for place in search(folder, "word")]
            assert set(calm) <= set(found)
            assert len(found) == len(set(found))
    finally:
        over.set()
        thread.join()


def test_both_forms_of_a_letter_are_found(tmp_path) -> None:
    forms = {form: unicodedata.normalize(form, "Zoë wrote\n") for form in ("NFC", "NFD")}
    folder = write(tmp_path, {f"ada/{form}.md": text for form, text in forms.items()})
    for typed in ("zoe", "ZOË", "zoe\u0308"):
        assert len(search(folder, typed)) == 2
