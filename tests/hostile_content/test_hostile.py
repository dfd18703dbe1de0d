"""A folder of hostile files: every command ends, says what it found, and harms no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile_content.contents import COSTLY, KINDS
from tests.hostile_content.generate import make
from tests.hostile_content.run import COMMANDS, run

FILES = 600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("hostile")
    made = make(root, FILES)
    assert {kind.__name__ for kind in (*KINDS, *COSTLY)} <= set(made)
    yield root
    for path in root.rglob("secret.md"):
        path.chmod(0o600)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_command_ends_well(folder: Path, command: tuple[str, ...]) -> None:
    outcome = run(folder, command, patience=60)
    assert outcome.faults == ()
    assert outcome.lines


def test_the_same_seed_makes_the_same_folder(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        make(tmp_path / name, 60, seed=7)
        files = sorted(path for path in (tmp_path / name).rglob("*.y*ml") if path.is_file())
        contents.append([(path.name, path.read_bytes()) for path in files])
    assert contents[0] == contents[1]
    assert len(contents[0]) > 10
