"""Compare `tldash actions` over 1,000 actions, and the first screen, with other programs.

`python -m tests.benchmarks.peers [--runs 15]` installs each peer into its own environment in a
temporary folder, and names those that do not install. The other lists hold 1,000 tasks too. The
other boards are empty. taskwarrior must be installed on the system.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

import click

from tests.benchmarks.commands import prepare_todoman, seconds
from tests.benchmarks.folder import sentence
from tests.benchmarks.start import SAMPLE, first_screen
from tests.benchmarks.table import median, ms, table
from tests.support.terminal import environment, script

REPOSITORY = Path(__file__).parents[2]
FILES, EACH = 250, 4
SCRIPT = "from tldash.__main__ import main; main()"
"""The code that the installed `tldash` script runs."""


def coaching(top: Path, words: list[str]) -> list[str]:
    """Write a folder of leads with these actions; return the command that lists them."""
    for number in range(FILES):
        lead, week = divmod(number, 50)
        home = top / f"lead{lead}" / "sessions"
        home.mkdir(parents=True, exist_ok=True)
        mine = words[number * EACH : (number + 1) * EACH]
        lines = "".join(f"- [ ] {text} due:2026-11-{1 + number % 28:02}\n" for text in mine)
        day = f"{2025 + week // 28}-06-{1 + week % 28:02}"
        (home / f"{day}.md").write_text(f"---\ndate: {day}\n---\n# Session\n\n## Actions\n{lines}")
    return [sys.executable, "-c", SCRIPT, "actions", str(top), "--today", "2026-11-20"]


def todoman(home: Path, words: list[str]) -> list[str]:
    prepare_todoman(home, words)
    return ["todo", "list"]


def topydo(home: Path, words: list[str]) -> list[str]:
    file = home / "todo.txt"
    file.write_text("".join(f"{text} due:2026-11-20\n" for text in words))
    return ["topydo", "-t", str(file), "ls"]


def taskwarrior(home: Path, words: list[str]) -> list[str]:
    file = home / "tasks.json"
    file.write_text(json.dumps([{"description": w, "due": "20261120T000000Z"} for w in words]))
    (home / ".taskrc").write_text(
        "confirmation=off\nverbose=nothing\ndefaultwidth=200\nhooks=off\n"
    )
    if task := shutil.which("task"):
        env = environment(home)
        subprocess.run([task, "import", file], env=env, check=True, capture_output=True)
    return ["task", "list"]


PEERS: dict[str, Callable[[Path, list[str]], list[str]]] = {
    "todoman": todoman,
    "topydo": topydo,
    "taskwarrior": taskwarrior,
}
OF_THE_SYSTEM = {"taskwarrior"}
BOARDS = {"dooit": ("dooit", r"Welcome to Dooit"), "kanban-tui": ("ktui", r"Your Boards")}
"""The program of each board, and a text of its first screen."""


def installed(peer: str, home: Path) -> Path | None:
    """Return the programs of an environment with that peer; None if it does not install."""
    if peer in OF_THE_SYSTEM:
        found = shutil.which("task")
        return Path(found).parent if found else None
    place = home / f"{peer}-environment"
    venv.create(place, with_pip=True)
    programs = place / "bin"
    done = subprocess.run(
        [programs / "pip", "install", "--quiet", "--disable-pip-version-check", peer],
        capture_output=True, check=False,
    )  # fmt: skip
    return programs if done.returncode == 0 else None


def lists_all(command: list[str], env: dict[str, str], words: list[str]) -> bool:
    """Return whether the command prints every task, so that the work is comparable."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode == 0 and all(text in done.stdout for text in words)


@click.command(help=__doc__)
@click.option("--runs", default=15, show_default=True)
def main(runs: int) -> None:
    """Run the benchmark and print its tables."""
    pick = random.Random(3)
    words = [f"{sentence(pick, 3).capitalize()} {number}" for number in range(FILES * EACH)]
    with tempfile.TemporaryDirectory() as top:
        home = Path(top)
        env = environment(home) | {"PYTHONPATH": str(REPOSITORY)}
        commands = {
            "python -c 'import pydantic'": [sys.executable, "-c", "import pydantic"],
            "tldash actions": coaching(home / "coaching", words),
        }
        left_out = []
        for peer, prepare in PEERS.items():
            programs = installed(peer, home)
            name, *arguments = prepare(home, words)
            command = [str(programs / name), *arguments] if programs else []
            if command and lists_all(command, env, words):
                commands[f"{peer}: {name} {arguments[-1]}"] = command
            else:
                left_out.append(f"{peer} {'does not list them' if command else 'does not install'}")
        assert lists_all(commands["tldash actions"], env, words)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                found = seconds(command, env)
                if run:  # the first run fills the caches
                    times[name].append(found)
    base = median(times["tldash actions"])
    rows = [
        [name, ms(median(found)), ms(min(found)), f"{median(found) / base:.2f}"]
        for name, found in times.items()
    ]
    head = ["command", "median", "min", "relative to tldash"]
    table(f"{FILES * EACH} tasks, {runs} runs each, interleaved", head, rows)
    for line in left_out:
        click.echo(f"\n{line}")
    screens(runs)


def screens(runs: int) -> None:
    """Measure the first screens and print their table."""
    with tempfile.TemporaryDirectory() as top:
        home = Path(top)
        shutil.copytree(SAMPLE, home / "coaching")
        shown = {"tldash, sample data": (r"Chiara Rossi", [script("tldash"), f"{home}/coaching"])}
        for peer, (name, pattern) in BOARDS.items():
            if programs := installed(peer, home):
                shown[f"{peer}, empty"] = pattern, [str(programs / name)]
            else:
                click.echo(f"\n{peer} does not install")
        times: dict[str, list[float]] = {name: [] for name in shown}
        for run in range(runs + 1):
            for name, (pattern, command) in shown.items():
                found = first_screen(home, pattern, *command)
                if run:
                    times[name].append(found)
    base = median(times["tldash, sample data"])
    rows = [
        [name, ms(median(found)), ms(min(found)), f"{median(found) / base:.2f}"]
        for name, found in times.items()
    ]
    head = ["first screen", "median", "min", "relative to tldash"]
    table(f"First screens, {runs} runs each, interleaved", head, rows)


if __name__ == "__main__":
    main()
