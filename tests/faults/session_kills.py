"""Kill the dashboard at random moments while somebody types in session mode.

    python -m tests.faults.session_kills --kills 200

Each start after a kill is on the same folder and state: what the line offers again is completed,
and then every typed line must be in the file once, up to the last second before its kill.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.support.records import write
from tests.support.simulated import set_time, simulated
from tests.support.terminal import Terminal, environment
from tldash.workspace.folders import Folders

CHAIN: Final = 20
"""Kills on one folder."""
CHECKOUT: Final = Path(__file__).parents[2]
WORDS: Final = ("she", "waits", "for", "the", "captain", "and", "then", "asks", "what")
SIGNS: Final = ("", "", "", '"', "!", "+", "?")
MARK: Final = re.compile(r"\s*(?:- \[ \] |- |> )?")
PLANNED: Final = {
    "md": "---\ndate: 2026-11-20 09:00\n---\n# Session\n\n## Agenda\n\n## Notes\n\n## Actions\n",
    "yaml": "# the second\ndate: 2026-11-20 09:00\n",
}


@dataclass
class Typed:
    """A line, and when each of its characters was typed."""

    sign: str
    text: str = ""
    times: list[float] = field(default_factory=list)
    ended: bool = False


@dataclass
class Verdict:
    """What the kills have shown."""

    kills: int = 0
    characters: int = 0
    offered: int = 0
    """Lines that session mode offered again."""
    losses: list[float] = field(default_factory=list)
    """Seconds between the first lost character and the kill, where one was lost."""
    lost: list[str] = field(default_factory=list)
    """What was lost though it was typed more than a second before."""
    twice: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    drafts: int = 0
    """Hidden files that kills have left until the next write."""
    seconds: float = 0.0

    def harmless(self) -> bool:
        """Whether nothing older than a second was lost, and nothing left behind."""
        return not (self.lost or self.twice or self.strays or self.problems)

    def table(self) -> str:
        longest = max(self.losses, default=0.0)
        rows = [
            ("seconds", f"{self.seconds:.0f}"),
            ("kills", str(self.kills)),
            ("characters typed", str(self.characters)),
            ("kills that lost characters", str(len(self.losses))),
            ("longest loss", f"{longest * 1000:.0f} ms"),
            ("losses older than a second", repr(self.lost)),
            ("lines offered again", str(self.offered)),
            ("lines that are there twice", repr(self.twice)),
            ("hidden files until the next write", str(self.drafts)),
            ("files left", repr(self.strays)),
            ("problems", repr(self.problems)),
        ]
        return "\n".join(f"{name:<36}{value}" for name, value in rows)


class Chain:
    """One folder with its session, and a dashboard on it again and again."""

    def __init__(self, root: Path, kind: str, random: Random, verdict: Verdict) -> None:
        self.random, self.verdict = random, verdict
        files = {"lead.md": "---\nname: Ada\n---\n", f"sessions/2026-11-20.{kind}": PLANNED[kind]}
        self.folder = write(root / "ada", files)
        self.file = self.folder / "sessions" / f"2026-11-20.{kind}"
        self.time, self.home = root / "time", root / "home"
        self.home.mkdir()
        set_time(self.time, 0)
        self.lines: list[Typed] = []

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.rglob("*"))

    def start(self) -> Terminal:
        command = simulated(self.folder, self.time, "--holds", "ada")
        env = environment(self.home, TZ="UTC")
        return Terminal(*command, env=env, folder=CHECKOUT, columns=100, rows=30)

    def kept(self) -> str:
        """Return the line that the state folder keeps."""
        found = next(self.home.rglob("conversations.jsonl"), None)
        rows = found.read_text(encoding="utf-8").splitlines() if found is not None else []
        return "".join(json.loads(row)["typed"] for row in rows)

    def written(self) -> list[str]:
        lines = self.file.read_text(encoding="utf-8").split("\n")
        return [line[found.end() :] for line in lines if (found := MARK.match(line))]

    def run(self, number: int) -> None:
        """Start, complete what is offered, type, and kill."""
        with self.start() as terminal:
            terminal.until("esc keys")
            offered = self.kept()
            if offered and offered[1:].strip() not in self.written():  # else it was added
                self.verdict.offered += 1
                terminal.until(lambda t: offered.strip()[-30:] in t.text)
            else:
                offered = f"again {number}"
                terminal.press(offered)
            terminal.press("\r")
            words = offered[1:].strip() if offered[0] in "+?" else offered
            expected = ["2026-11-20" + self.file.suffix, "lead.md", "sessions"]
            terminal.until(lambda t: t.pump(0.01) or words in self.written())
            terminal.until(lambda t: t.pump(0.01) or self.names() == expected)
            self.check_lines()
            killed = self.type(terminal, number)
            os.kill(terminal.pid, signal.SIGKILL)
        self.verdict.kills += 1
        self.measure(killed)

    def type(self, terminal: Terminal, number: int) -> float:
        """Type until the moment of the kill; return that moment."""
        begin = time.monotonic()
        end = begin + self.random.uniform(0.05, 3.0)
        self.lines = []
        while True:
            line = Typed(self.random.choice(SIGNS))
            self.lines.append(line)
            words = self.random.choices(WORDS, k=self.random.randint(1, 8))
            text = " ".join([f"n{number}x{len(self.lines)}", *words])
            terminal.press(*([line.sign] if line.sign else []))
            for letter in text:
                terminal.press(letter)
                line.text += letter
                line.times.append(time.monotonic())
                self.verdict.characters += 1
                until = time.monotonic() + self.random.uniform(0.005, 0.08)
                while time.monotonic() < until:  # the pace of the typist
                    terminal.pump(until - time.monotonic())
                    if time.monotonic() >= end:
                        return time.monotonic()
            terminal.press("\r")
            line.ended = True

    def measure(self, killed: float) -> None:
        """Measure what the kill has lost, in the file and in the kept line together."""
        kept = self.kept()
        there = [*self.written(), kept[1:].strip() if kept[:1] in ("+", "?") else kept]
        for line in self.lines:
            text = line.text.rstrip()
            best = max((len(one) for one in there if one and text.startswith(one)), default=0)
            if best < len(text):
                loss = killed - line.times[best]
                self.verdict.losses.append(loss)
                if loss > 1.0:
                    self.verdict.lost.append(
                        f"{loss:.2f} s: {text[best:]!r} of {line.sign}{text!r}"
                    )
        self.verdict.drafts += len(self.names()) - 3
        self.check_file()

    def check_lines(self) -> None:
        """No line of the session before is there twice."""
        there = self.written()
        for line in self.lines:
            token = line.text.partition(" ")[0]
            same = [one for one in there if one.startswith(token) and line.text.startswith(one)]
            if "x" in token and len(same) > 1:
                self.verdict.twice.append(line.sign + line.text)

    def check_file(self) -> None:
        problems = Folders([self.folder]).read().problems
        self.verdict.problems += [str(one) for one in problems]
        text = self.file.read_text(encoding="utf-8")
        if "date: 2026-11-20 09:00\n" not in text:
            self.verdict.problems.append(text)


def run(root: Path, kills: int, seed: int) -> Verdict:
    """Kill so many dashboards on folders below the empty folder `root`."""
    verdict, began, random = Verdict(), time.monotonic(), Random(seed)
    for first in range(0, kills, CHAIN):
        place = root / str(first)
        place.mkdir()
        chain = Chain(place, ("md", "yaml")[first // CHAIN % 2], random, verdict)
        for number in range(first, min(first + CHAIN, kills)):
            chain.run(number)
        verdict.strays += [name for name in chain.names() if name.endswith(".rescue")]
    verdict.seconds = time.monotonic() - began
    return verdict


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        verdict = run(Path(folder), given.kills, given.seed)
    sys.stdout.write(verdict.table() + "\n")
    return int(not verdict.harmless())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
