"""Names of leftovers and of conflict copies."""

from __future__ import annotations

from tests.support.tables import each
from tldash.storage.filenames import describe_copy
from tldash.storage.walk import find_original, is_ignored


@each(
    "name",
    [
        *(".syncthing.x.md.tmp", "~syncthing~x.md.tmp", "~SYNCTHING~X.MD", "x.md.swp", "x.md.SWO"),
        *(".x.md.swp", "x.md~", "4913", "5036", ".#x.md", "#x.md#", ".#x.md#", ".stversions"),
        *(".git", ".obsidian", ".trash", ".stfolder", ".DS_Store", "node_modules", "Node_Modules"),
        *("~$notes.md", "x.md___jb_tmp___", "x.md.vsctmp", "x.md.sb-1a2b3c4d-AbCdEf", "Thumbs.db"),
        *("x.md.tmp", ".tldash-0-1-part.tmp", "Icon\r", "System Volume Information"),
    ],
)
def test_ignored(name: str) -> None:
    assert is_ignored(name)


@each(
    "name",
    [
        *("x.md", "49130", "a~b.md", "#1 talk.md", "tmp", "template.md", "swp.md", "nodes"),
        *("x.sync-conflict-20261103-101112-ABCDEFG.md", "x (1).md", "Talk #2.md", "x.tmp.md"),
    ],
)
def test_not_ignored(name: str) -> None:
    assert not is_ignored(name)


@each(
    "name",
    [
        "x.sync-conflict-20261103-101112-ABCDEFG.md",
        "x.sync-conflict-20261103-101112.md",
        "x.sync-conflict-20261103-101112-ABCDEFG.sync-conflict-20261104-101112-ABCDEFH.md",
        "x (Ada's conflicted copy 2026-11-03).md",
        "x (Ada (Work)'s conflicted copy 2026-11-03).md",
        "x (conflicted copy 2026-11-03 101112).md",
        "x (Conflicted copy laptop 202611031011).md",
        "x (In Konflikt stehende Kopie von Ada 2026-11-03).md",
        "x (Copie en conflit de Ada 2026-11-03).md",
        "x (Copia en conflicto de Ada 2026-11-03).md",
        "x (Copia in conflitto di Ada 2026-11-03).md",
        "x (Cópia em conflito de Ada 2026-11-03).md",
        "x (Conflicterend exemplaar van Ada 2026-11-03).md",
        "x (Kopia powodująca konflikt Ada 2026-11-03).md",
        "x (Adas motstridiga kopia 2026-11-03).md",
        "x (Конфликтующая копия Ada 2026-11-03).md",
        "x (Ada の競合コピー 2026-11-03).md",
        "x (Ada 的冲突副本 2026-11-03).md",
        "x (Ada의 충돌된 사본 2026-11-03).md",
        "x (SFConflict ada@example.org 2026-11-03-10-11-12).md",
        "x (Case Conflict 1).md",
        "x_conflict-20261103-101112.md",
        "x.tldash-rescue-2.md",
    ],
)
def test_a_conflict_copy_names_its_original(name: str) -> None:
    assert find_original(f"ada/{name}") == "ada/x.md"
    assert find_original(name) == "x.md"


@each(
    "name",
    [
        *("x (1).md", "x(2).md", "x-LAPTOP-1A2B3C4.md", "x_LOCAL_123.md", "x_BASE_123.md"),
        *("x 2.md", "x 12.md", "x.Conflict.md", "x.Conflict2.md"),
    ],
)
def test_a_name_people_may_choose_counts_only_beside_its_original(name: str) -> None:
    assert find_original(f"ada/{name}") is None
    assert find_original(f"ada/{name}", {"x.md"}) is None
    assert find_original(f"ada/{name}", {"ada/x.md"}) == "ada/x.md"


@each(
    "name",
    [
        *("x.md", "2026-11-03 (conflict in the team).md", "talk (copy).md", "(1).md", "x (1) y.md"),
        *("sync-conflict.md", "x.sync-conflict-later.md", "(conflicted copy).md", "(((((.md"),
        *("y2.md", "y 1.md", "y 2 z.md", " 2.md"),
    ],
)
def test_ordinary_names_are_no_conflict_copies(name: str) -> None:
    assert find_original(f"ada/{name}", {"ada/y.md"}) is None


@each(
    ("name", "known"),
    [
        ("x.sync-conflict-20261103-101112-ABCDEFG.md", "2026-11-03 10:11, device ABCDEFG"),
        ("x.sync-conflict-20261103-101112.md", "2026-11-03 10:11"),
        ("x (Ada's conflicted copy 2026-11-03).md", "Ada's conflicted copy 2026-11-03"),
        ("x_conflict-20261103-101112.md", "conflict-20261103-101112"),
        *(("x 2.md", "2"), ("x-LAPTOP-1A2B3C4.md", "LAPTOP-1A2B3C4"), ("y.md", "y")),
    ],
)
def test_the_name_of_a_copy_tells_where_it_is_from(name: str, known: str) -> None:
    assert describe_copy(f"ada/{name}", "ada/x.md") == known
