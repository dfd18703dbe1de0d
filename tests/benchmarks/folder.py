"""Generate a large coaching folder: `python -m tests.benchmarks.folder DIRECTORY --files 10400`."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

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
    "- [x] {text} 📅 {due} ✅ {due}",
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
        lines.append(form.format(text=sentence(pick, 7).capitalize(), skill=skill, due=due))
    return "\n".join(lines) + "\n"


def sentence(pick: random.Random, words: int) -> str:
    return " ".join(pick.choices(WORDS, k=words))


def make(folder: Path, files: int) -> list[Path]:
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
        path = home / "sessions" / f"{day}.md"
        path.write_text(session(pick, day))
        paths.append(path)
    return paths


@click.command(help=__doc__)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--files", default=10_400, show_default=True)
def main(directory: Path, files: int) -> None:
    """Generate the folder and print its size."""
    paths = make(directory, files)
    size = sum(path.stat().st_size for path in paths)
    click.echo(f"{len(paths)} session files, {size / 1e6:.1f} MB, in {directory}")


if __name__ == "__main__":
    main()
