"""Generate a large coaching folder: `python -m tests.benchmarks.folder DIRECTORY --files 10400`.

The leads write in four styles in turn: plain Markdown, a running page with goals, Obsidian's
syntax, and YAML. `--plain` makes all of them write the first, which is the quickest to read.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

SESSIONS_A_LEAD = 52
SIZE = 2000
"""Approximate bytes per session file."""
SKILLS = ("listening", "initiative", "vision", "tracking", "growth")
WORDS = [
    "team",
    "plan",
    "outage",
    "release",
    "ledger",
    "board",
    "review",
    "customer",
    "estimate",
    "vendor",
    "meeting",
    "rehearsal",
    "question",
    "answer",
    "morning",
    "cutover",
    "design",
    "budget",
    "weekend",
    "promise",
    "deadline",
    "handover",
    "draft",
    "pager",
    "sketch",
    "doubt",
]
FORMS = (
    "- [ ] {text} #{skill} due:{due}",
    "- [x] {text} 📅 {due} ✅ {day}",
    "- [ ] {text} [due:: {due}]",
    "- [ ] @coach {text} #{skill}",
)


def session(pick: random.Random, day: date) -> str:
    """Return a session of about `SIZE` bytes with front matter and four actions in all dialects."""
    skill = pick.choice(SKILLS)
    lines = [
        "---", f"date: {day} 16:00", "duration: 45m", f"skill: {skill}",
        f"levels: {{{skill}: intermediate}}", f"next: {day + timedelta(days=28)} 16:00",
        "status: held",
        "---", "# Session", "", "## Notes",
    ]  # fmt: skip
    while sum(map(len, lines)) < SIZE - 450:
        lines += [sentence(pick, 14).capitalize() + ".", ""]
    lines.append("## Actions")
    for form in FORMS:
        due = day + timedelta(days=pick.randrange(5, 60))
        lines.append(
            form.format(text=sentence(pick, 7).capitalize(), skill=skill, due=due, day=day)
        )
    return "\n".join(lines) + "\n"


def running(pick: random.Random, day: date) -> str:
    """Return a session with unknown keys and goals, whose actions stand between the notes."""
    due = day + timedelta(days=pick.randrange(5, 60))
    lines = [
        "---", f"date: {day} 16:00", f"mood: {pick.randrange(1, 6)}",
        f"tags: [coaching, {pick.choice(WORDS)}]", "---", f"# {day:%A, %-d %B}", "",
        "## Goals", f"{sentence(pick, 11).capitalize()}.", "",
    ]  # fmt: skip
    for done in " xxx":
        lines += [f"{sentence(pick, 14).capitalize()}." for _ in range(3)]
        lines += ["", f"* [{done}] {sentence(pick, 6)} [due:: {due}]", "", f"  {sentence(pick, 8)}"]
        lines.append("")
    return "\n".join(lines)


def obsidian(pick: random.Random, day: date) -> str:
    """Return a session with a callout, nested items, a table, a fence, a comment and a link."""
    due = day + timedelta(days=pick.randrange(5, 60))
    prose = "\n".join(f"{sentence(pick, 14).capitalize()}." for _ in range(6))
    return (
        f"---\ndate: {day}\ntags:\n  - one-on-one\naliases: []\n---\n"
        f"> [!note] Before\n> - [ ] {sentence(pick, 5)} 📅 {due}\n\n"
        f"## Talking points\n- {sentence(pick, 5)}\n- [[{sentence(pick, 2)}]]\n\n"
        f"## Notes\n{prose}\n\n| what | when |\n|---|---|\n| {sentence(pick, 2)} | {due} |\n\n"
        f"```sh\nmake release\n```\n\n%% {sentence(pick, 5)} %%\n\n## Action items\n"
        f"- [x] {sentence(pick, 6)} ➕ {day} 📅 {due} ✅ {day}\n"
        f"- [ ] {sentence(pick, 5)} 🔼 📅 {due}\n"
        f"    - [ ] {sentence(pick, 4)}\n    - {sentence(pick, 4)}\n"
        f"- [/] {sentence(pick, 5)} ⏳ {due} ^b{pick.randrange(100)}\n"
    )


def yaml_plain(pick: random.Random, day: date) -> str:
    """Return a YAML session with three topics, four actions and notes, nothing in it unusual."""
    due = day + timedelta(days=pick.randrange(5, 60))
    actions = "".join(
        f"  - text: {sentence(pick, 6)}\n    due: {due}\n    owner: coach\n" for _ in range(3)
    )
    return (
        f"date: {day} 16:00\nduration: 45m\nskill: {pick.choice(SKILLS)}\nstatus: held\n"
        f"agenda:\n  - {sentence(pick, 4)}\n  - {sentence(pick, 3)}\n  - {sentence(pick, 5)}\n"
        f"actions:\n  - {sentence(pick, 5)} due:{due}\n{actions}"
        f"notes: {sentence(pick, 150)}\n"
    )


def yaml_composed(pick: random.Random, day: date) -> str:
    """Return the same with comments, an anchor, quotes and scalars over several lines."""
    due = day + timedelta(days=pick.randrange(5, 60))
    prose = "\n".join(f"  {sentence(pick, 14)}." for _ in range(10))
    return (
        f"# written on the train\ndate: {day} 16:00\nduration: 45m  # or so\n"
        f"skill: {pick.choice(SKILLS)}\nstatus: held\n"
        f'agenda:\n  - {sentence(pick, 4)}\n  - "{sentence(pick, 3)}"  # again\n'
        f"  - >-\n    {sentence(pick, 6)}\n    {sentence(pick, 5)}\n"
        f"actions:\n  - {sentence(pick, 5)} due:{due}\n"
        f"  - text: '{sentence(pick, 6)}'\n    due: &due {due}\n"
        f"  - text: {sentence(pick, 6)}\n    due: *due\n    owner: coach\n"
        f"  # the last one is new\n"
        f"  - text: |\n      {sentence(pick, 6)}\n      {sentence(pick, 4)}\n"
        f"notes: |\n{prose}\n"
    )


STYLES: Final[list[tuple[str, Callable[[random.Random, date], str]]]] = [
    (".md", session), (".md", running), (".md", obsidian), (".yaml", yaml_composed),
]  # fmt: skip
"""The ending and the writer of a file, by style."""


def sentence(pick: random.Random, words: int) -> str:
    return " ".join(pick.choices(WORDS, k=words))


def make(folder: Path, files: int, *, plain: bool = False) -> list[Path]:
    """Write `files` session files, 52 per lead and the same every time; return their paths."""
    pick = random.Random(7)
    paths = []
    for number in range(files):
        lead, week = divmod(number, SESSIONS_A_LEAD)
        home = folder / f"lead{lead:04}"
        day = date(2025, 11, 21) + timedelta(weeks=week)
        if not week:
            (home / "sessions").mkdir(parents=True, exist_ok=True)
            (home / "lead.md").write_text(f"---\nname: Lead {lead}\ncadence: weekly\n---\n")
        ending, write = (".md", session) if plain else STYLES[lead % len(STYLES)]
        path = home / "sessions" / f"{day}{ending}"
        path.write_text(write(pick, day))
        paths.append(path)
    return paths


@click.command(help=__doc__)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--files", default=10_400, show_default=True)
@click.option("--plain", is_flag=True)
def main(directory: Path, files: int, *, plain: bool) -> None:
    """Generate the folder and print its size."""
    paths = make(directory, files, plain=plain)
    size = sum(path.stat().st_size for path in paths)
    click.echo(f"{len(paths)} session files, {size / 1e6:.1f} MB, in {directory}")


if __name__ == "__main__":
    main()
