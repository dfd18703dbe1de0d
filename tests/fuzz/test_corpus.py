"""What the fuzzer came up with stays understood: every kept input goes through its target."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.targets import TARGETS
from tests.support.tables import each

CORPUS = Path(__file__).parent / "corpus"


@each("name", TARGETS)
def test_kept_inputs(name: str) -> None:
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs, "nothing was kept"
    for path in inputs:
        try:
            TARGETS[name](path.read_bytes())
        except Exception as error:
            error.add_note(f"{name}/{path.name}: {path.read_bytes()!r}")
            raise
