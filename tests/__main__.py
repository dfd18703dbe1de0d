"""Everything that must hold before a change goes in: `python -m tests`.

Runs the checks in turn, the quick ones first, and stops at the first that fails. What is given
behind it goes to pytest: `python -m tests -k watch`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

TOP = Path(__file__).parent.parent
PYTHON = [sys.executable, "-m"]
WORKERS = (os.cpu_count() or 1) + 3
"""Three more than processors: the tests of the dashboard and of the pty mostly wait for a state."""
CHECKS: list[tuple[str, list[str]]] = [
    ("ruff check", [*PYTHON, "ruff", "check", "--quiet"]),
    ("ruff format", [*PYTHON, "ruff", "format", "--check", "--quiet", "--diff"]),
    ("mypy", [*PYTHON, "mypy", "--no-error-summary"]),
    ("lint-imports", [str(Path(sys.executable).with_name("lint-imports"))]),
    ("pytest", [*PYTHON, "pytest", "--quiet", "--numprocesses", str(WORKERS)]),
]


def main(arguments: list[str]) -> int:
    """Run the checks; the exit code of the first that fails, else 0."""
    for name, command in CHECKS:
        click.secho(f"— {name}", bold=True)
        more = arguments if name == "pytest" else []
        code = subprocess.run([*command, *more], cwd=TOP, check=False).returncode
        if code:
            click.secho(f"tests: {name} failed (exit code {code})", fg="red", err=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
