"""Feeds one parser with what a coverage-guided fuzzer comes up with (atheris; Linux, by hand).

    pip install atheris
    python -m tests.fuzz.run blocks -max_total_time=120

New inputs are collected in `.fuzz/`, and so is what made the target fail. Other options are those
of libFuzzer; `-merge=1 DIRECTORY` keeps only what adds something.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent


def main() -> None:
    """Run the target that the first argument names."""
    with atheris.instrument_imports(include=["tldash"]):
        from tests.fuzz.targets import TARGETS

    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TARGETS:
        sys.exit(f"one of: {', '.join(TARGETS)}")
    found = Path(".fuzz") / name
    found.mkdir(parents=True, exist_ok=True)
    kept = HERE / "corpus" / name
    kept.mkdir(parents=True, exist_ok=True)
    options = ["-max_len=2048", "-timeout=10", f"-artifact_prefix={found.parent}/{name}-"]
    words = HERE / "words.dict"
    arguments = [sys.argv[0], *options, f"-dict={words}", *sys.argv[2:], str(found), str(kept)]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
