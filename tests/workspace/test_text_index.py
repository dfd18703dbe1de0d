"""The search as one types finds what `tldash search` finds, and follows the files."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.hostile_content.generate import make as make_hostile
from tests.support.records import write
from tests.workspace.test_search import FILES, told
from tldash.create.demo import find_sample_data
from tldash.insight.place_filter import parse_places
from tldash.model.places import FoundPlace
from tldash.model.word_search import parse_query
from tldash.workspace import text_index
from tldash.workspace.folders import Folders
from tldash.workspace.text_index import FIRST, Results, TextIndex


def never() -> bool:
    return False


def run(index: TextIndex, folders: Folders, typed: str) -> list[Results]:
    return [*index.search(parse_places(typed), folders.workspace, never)]


def find(folders: Folders, typed: str) -> tuple[FoundPlace, ...]:
    return run(folders.index_texts(), folders, typed)[-1].places


def opened(*folders: Path) -> Folders:
    found = Folders(folders)
    found.read()
    return found


@pytest.mark.parametrize("words", ["cutover", "the", "a e", "zoë", "1", "- [", "müller name"])
def test_the_places_are_those_of_the_command(tmp_path, monkeypatch, words: str) -> None:
    monkeypatch.setattr(text_index, "LIMIT", 100_000)
    make_hostile(tmp_path / "hostile", 60, seed=5)
    circle = write(tmp_path / "circle", FILES)
    folders = opened(circle, find_sample_data(), tmp_path / "hostile")
    told_by_command = told([*folders.search(parse_query([words]))])
    found = find(folders, words)
    assert sorted(told([one.place for one in found])) == sorted(told_by_command)
    for one in found:
        assert one.lines[one.place.line - one.first_line].strip() == one.place.text


def test_the_best_place_comes_first(tmp_path) -> None:
    folders = opened(
        write(
            tmp_path / "circle",
            {
                "ada/2026-11-03.md": "the cutover was planned\n\nplan: the cutover\n",
                "ada/2026-10-01.md": "- [ ] the cutover plan\n\nour cutover plan too\n",
                "ada/lead.md": "---\nname: Ada\n---\nplan of the cutover\n",
            },
        )
    )
    assert [(one.place.path, one.place.kind) for one in find(folders, "cutover plan")] == [
        ("ada/2026-10-01.md", "action"),
        ("ada/2026-10-01.md", "notes"),
        ("ada/2026-11-03.md", "notes"),
        ("ada/2026-11-03.md", "notes"),
        ("ada/lead.md", "notes"),
    ]


def test_filters_narrow_the_places(tmp_path) -> None:
    folders = opened(write(tmp_path / "circle", FILES))

    def lines(typed: str) -> list[tuple[str, int]]:
        return [(one.place.path, one.place.line) for one in find(folders, typed)]

    old, new = "ada/sessions/2026-11-03.md", "ben/sessions/2026-11-04.yaml"
    assert lines("cutover in:agenda") == [(new, 2), (old, 5)]
    assert lines("cutover in:actions lead:ben") == [(new, 4)]
    assert lines("in:actions is:open") == [(new, 4), (old, 10), ("chiara/1on1.md", 4)]
    assert lines("cutover skill:cut before:2026-11-05") == [
        (new, 4), (new, 2), (new, 6), (new, 7)
    ]  # fmt: skip
    assert lines("cutover after:2026-11-01 before:2026-11-02") == [("chiara/1on1.md", 4)]
    assert lines("cutover lead:nobody") == []
    assert {path for path, _ in lines("in:goals")} == {"ada/lead.md"}


@pytest.mark.parametrize(
    "typed",
    ["the cutover", "lead:ada cut", "in:actions is:open cut", "cut  cutover", "a b before:2026"],
)
def test_each_letter_finds_what_a_new_search_finds(tmp_path, typed: str) -> None:
    folders = opened(write(tmp_path / "circle", FILES), find_sample_data())
    index = folders.index_texts()
    ends = [*range(len(typed) + 1), *range(len(typed), -1, -1)]
    for end in ends:
        found = run(index, folders, typed[:end])[-1:]
        assert found == run(folders.index_texts(), folders, typed[:end])[-1:], typed[:end]


def test_a_changed_file_is_searched_as_it_is(tmp_path) -> None:
    circle = write(tmp_path / "circle", FILES)
    folders = opened(circle)
    index = folders.index_texts()
    assert not run(index, folders, "unheard")[-1].places
    file = circle / "ada/sessions/2026-11-03.md"
    file.write_text(file.read_text() + "an unheard word\n")
    folders.read()
    assert len(run(index, folders, "unheard")[-1].places) == 1
    file.write_text("something else\n")  # nobody has noticed yet
    assert not run(index, folders, "unheard")[-1].places
    file.unlink()
    assert not run(index, folders, "unheard")[-1].places
    folders.read()
    assert run(index, folders, "unheard")[-1].files == 0


def test_the_first_places_come_before_the_rest_and_a_cancelled_search_ends(tmp_path) -> None:
    circle = write(
        tmp_path / "circle", {f"ada/2026-01-{day:02}.md": "a word\n" for day in range(1, 30)}
    )
    folders = opened(circle)
    first, last = run(folders.index_texts(), folders, "word")
    assert (len(first.places), first.files, first.is_complete) == (FIRST, FIRST, False)
    assert (len(last.places), last.files, last.is_complete) == (29, 29, True)
    assert first.places == last.places[:FIRST], "the latest sessions"
    wanted = parse_places("word")
    some = iter([False] * (FIRST + 3) + [True] * 1000)
    results = [*folders.index_texts().search(wanted, folders.workspace, lambda: next(some))]
    assert [one.is_complete for one in results] == [False]


@pytest.mark.parametrize("read", [0, 1, 5, 20])
def test_a_search_while_files_are_read_finds_the_same(tmp_path, monkeypatch, read: int) -> None:
    monkeypatch.setattr(text_index, "SOON", 2)
    folders = opened(write(tmp_path / "circle", FILES), find_sample_data())
    index = folders.index_texts()
    some = iter([False] * read + [True] * 1000)
    nothing = parse_places("")
    assert [*index.search(nothing, folders.workspace, lambda: next(some))] == []
    for typed in ("the", "the lead:ada", "cutover", "is:open before:2026-11-10"):
        assert run(index, folders, typed)[-1] == run(folders.index_texts(), folders, typed)[-1]


def test_files_that_come_and_go_meanwhile(tmp_path) -> None:
    circle = write(tmp_path / "circle", FILES)
    folders = opened(circle)
    file = circle / "ada/sessions/2026-11-03.md"
    texts = [file.read_bytes(), b"\xff\xfe", b"", b"cutover " * 1000]
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for text in texts:
                file.write_bytes(text)
            file.unlink()

    other = threading.Thread(target=change)
    other.start()
    try:
        index = folders.index_texts()
        for _ in range(30):
            assert run(index, folders, "cutover")[-1].is_complete
            folders.read()
    finally:
        stop.set()
        other.join()
