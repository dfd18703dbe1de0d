"""What a command does not load: a start is waited for, and the core must do without a screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tldash.create.demo import sample_folder

PROBE = """
import json, sys
from tldash.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """The modules that a command leaves loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code in (0, None)
    assert done.stdout or arguments[0] == "check"
    return set(modules)


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["status", "--help"], ["-h"]])
def test_what_answers_at_once_loads_next_to_nothing(arguments):
    modules = loaded(*arguments)
    heavy = {
        "pydantic",
        "textual",
        "rich",
        "ruamel",
        "yaml_rs",
        "watchfiles",
        "asyncio",
        "dateutil",
    }
    assert not roots(modules) & heavy
    own = {name for name in modules if name.startswith("tldash.")}
    assert own == {"tldash.cli", "tldash.launch"} | {
        f"tldash.cli.{name}"
        for name in ("check", "common", "create", "edits", "serve", "settings", "show")
    }


@pytest.mark.parametrize("command", ["status", "actions", "sessions", "check"])
def test_quick_commands_load_no_screen_and_no_watcher(command):
    check(loaded(command, str(sample_folder())))


def test_ticking_loads_no_screen_and_no_watcher(tmp_path):
    file = tmp_path / "lead.md"
    file.write_text("- [ ] a\n")
    check(loaded("done", f"{file}:1"))
    assert "[x]" in file.read_text()


def check(modules: set[str]) -> None:
    assert not roots(modules) & {"textual", "watchfiles", "pydantic"}
    assert not any(name.startswith("tldash.tui") for name in modules)
    rich = {name for name in modules if name.startswith("rich.")}
    assert {name for name in rich if not name.startswith("rich._")} <= {"rich.cells"}
    assert "tldash.service.service" not in modules


def test_the_contracts_between_rooms_are_kept():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
