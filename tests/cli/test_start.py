"""What the start takes for a folder is no command, and the other way round."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from tests.support.commands import commands
from tldash import __main__, cli


def test_every_command_is_known_at_the_start() -> None:
    assert set(cli.COMMANDS) <= __main__.COMMANDS


def test_every_command_has_its_own_name_and_is_in_the_help() -> None:
    found = commands(cli.main)
    assert {name: command.name for name, command in found.items()} == {n: n for n in cli.COMMANDS}
    listed = CliRunner().invoke(cli.main, ["--help"]).stdout.partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines()] == sorted(cli.COMMANDS)


def test_a_shell_completes_the_options_of_a_command() -> None:
    asked = {
        "_TLDASH_COMPLETE": "bash_complete",
        "COMP_WORDS": "tldash actions --ov",
        "COMP_CWORD": "2",
    }
    result = CliRunner().invoke(cli.main, [], env=asked, prog_name="tldash")
    assert result.stdout.split() == ["plain,--overdue"]


FROZEN = """
import atexit, gc, sys
from tldash import __main__
atexit.register(lambda: print("frozen:", gc.get_freeze_count() > 0))
sys.argv[1:] = ["--version"]
__main__.main()
"""


def test_the_end_of_a_command_collects_no_garbage() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FROZEN], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "frozen: True"
