"""Runs the commands over a folder as a user would, and says what must not have happened."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tests.hostile_content.generate import CANARY

PROGRAM = (sys.executable, "-c", "from tldash.cli import main; main()")
COMMANDS = (
    ("check",),
    ("check", "--format", "json"),
    ("check", "--format", "github"),
    ("status",),
    ("actions", "--all"),
    ("actions", "--all", "--json"),
    ("sessions", "--json"),
    ("stats",),
)
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that change the direction of what follows."""


@dataclass(frozen=True)
class Outcome:
    """What became of one command."""

    command: tuple[str, ...]
    seconds: float
    lines: int
    faults: tuple[str, ...]
    """What should not have happened, in words."""


def run(root: Path, command: tuple[str, ...], patience: float) -> Outcome:
    """Run one command over the folder; `patience` is in seconds."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            [*PROGRAM, *command, "--today", "2026-11-20", str(root)],
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(command, patience, 0, (f"no end after {patience} s",))
    faults = _about_the_end(command, done)
    if "--json" in command or "json" in command:
        faults += _about_json(command, done.stdout)
    else:
        faults += _about_the_text(done.stdout)
    seconds = time.monotonic() - started
    return Outcome(command, seconds, done.stdout.count(b"\n"), tuple(faults))


def _about_the_end(command: tuple[str, ...], done: subprocess.CompletedProcess[bytes]) -> list[str]:
    faults = []
    if done.returncode not in ((0, 1) if command[0] == "check" else (0,)):
        faults.append(f"exit {done.returncode}")
    if done.stderr:
        faults.append(f"said on stderr: {done.stderr[-400:]!r}")
    return faults


def _about_the_text(data: bytes) -> list[str]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {error}"]
    odd = {sign for sign in set(text) - {"\n"} if _is_harmful(sign)}
    return [f"printed {sorted(map(ascii, odd))}"] if odd else []


def _is_harmful(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in TURNING


def _about_json(command: tuple[str, ...], data: bytes) -> list[str]:
    """JSON is for programs, but may be looked at on a terminal."""
    if harmful := _about_the_text(data):
        return harmful
    try:
        found = json.loads(data)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if command[0] == "actions" and sum(item["text"] == CANARY for item in found) != 2:
        return ["actions of good files are missing"]
    return []
