"""What the log and the history of an item say, compared with a year that was made up."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.git_repository import DAY, START, Story, git, make_repository
from tests.support.records import write
from tldash.activity.describe import describe_event
from tldash.activity.event import EventKind
from tldash.activity.log import (
    LoggedEvent,
    follow_goals,
    follow_item,
    follow_level,
    list_events,
    pick_goal,
)
from tldash.model.records import Lead
from tldash.storage.source import SourceError
from tldash.workspace.folders import Folders

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MIRA, ADA = "Mira Holm <mira@example.org>", "Ada Lind <ada@example.org>"
SKEW = 200
"""Seconds by which Ada's clock is behind."""
ITEMS = {
    EventKind.ADDED,
    EventKind.TICKED,
    EventKind.MOVED,
    EventKind.REWORDED,
    EventKind.CARRIED,
    EventKind.DELETED,
}


@dataclass(frozen=True)
class Thing:
    """An action, wherever it is by now."""

    text: str
    due: date
    month: int
    done: bool = False

    @property
    def line(self) -> str:
        return f"- [{'x' if self.done else ' '}] {self.text} due:{self.due}\n"


Folder = dict[int, Thing]
"""Number of an action -> the action."""
Told = tuple[str, int, EventKind]
"""Author, time and kind of a change."""


@dataclass
class Year:
    """Two people who edit in two clones and merge: the commits, and what they did."""

    chance: random.Random
    story: Story = field(default_factory=Story)
    told: dict[int, list[Told]] = field(default_factory=dict)
    texts: Counter[tuple[str, int, EventKind, str]] = field(default_factory=Counter)
    at: int = START
    count: int = 0

    def tell(self, number: int, who: str, kind: EventKind, text: str) -> None:
        name = who.partition(" <")[0]
        when = self.at - (SKEW if who == ADA else 0)
        self.told.setdefault(number, []).append((name, when, kind))
        self.texts[name, when, kind, text] += 1

    def commit(self, folder: Folder, month: int, who: str, parents: tuple[int, ...]) -> int:
        files: dict[str, bytes | tuple[str, bytes]] = {"ada/lead.md": b"---\nname: Ada\n---\n"}
        for one in range(1, month + 1):
            lines = "".join(thing.line for thing in folder.values() if thing.month == one)
            text = f"# Month {one}\ntalked\n## Actions\n{lines}"
            files[f"ada/sessions/2025-{one:02}-03.md"] = text.encode()
        when = self.at - (SKEW if who == ADA else 0)
        branch = "ada" if who == ADA else "main"
        return self.story.commit(files, when, parents, branch=branch, author=who)

    def add(self, folder: Folder, month: int, who: str) -> None:
        self.count += 1
        words = self.chance.choice(["call the vendor", "write the vision", "hire a tester"])
        text = f"{words} {self.count}x{self.count * 7919 % 1000}"
        due = date(2025, month, 1) + timedelta(self.chance.randrange(60))
        folder[self.count] = Thing(text, due, month)
        self.tell(self.count, who, EventKind.ADDED, text)

    def edit(self, folder: Folder, number: int, month: int, who: str) -> None:
        thing = folder[number]
        match self.chance.randrange(6):
            case 0:
                folder[number] = replace(thing, done=True)
                self.tell(number, who, EventKind.TICKED, thing.text)
            case 1 | 2:
                self.move(folder, number, who)
            case 3:
                text = f"{thing.text} {self.chance.choice(['soon', 'again', 'with Ben'])}"
                folder[number] = replace(thing, text=text)
                self.tell(number, who, EventKind.REWORDED, text)
            case 4 if thing.month < month:
                folder[number] = replace(thing, month=month)
                self.tell(number, who, EventKind.CARRIED, thing.text)
            case 5:
                del folder[number]
                self.tell(number, who, EventKind.DELETED, thing.text)

    def move(self, folder: Folder, number: int, who: str) -> None:
        thing = folder[number]
        folder[number] = replace(thing, due=thing.due + timedelta(self.chance.randrange(1, 20)))
        self.tell(number, who, EventKind.MOVED, thing.text)

    def run(self) -> Folder:
        """Live through the year: in each month both work apart, then merge."""
        folder: Folder = {}
        self.add(folder, 1, MIRA)
        mark = self.commit(folder, 1, MIRA, ())
        self.texts.clear()  # for the log, the first commit adds the lead as a whole
        for month in range(1, 13):
            clones = {MIRA: ({**folder}, mark), ADA: ({**folder}, mark)}
            both = self.chance.choice([n for n, t in folder.items() if not t.done])
            for step in range(self.chance.randrange(8, 14)):
                self.at += DAY
                who = ADA if step % 2 else MIRA
                mine, last = clones[who]
                ours = [
                    n for n in folder if n in mine and not mine[n].done and n % 2 == step % 2
                    and n != both
                ]  # fmt: skip
                if step in (2, 3):
                    self.move(mine, both, who)
                elif ours and self.chance.random() < 0.7:
                    self.edit(mine, self.chance.choice(ours), month, who)
                else:
                    self.add(mine, month, who)
                clones[who] = mine, self.commit(mine, month, who, (last,))
            folder = self.merge(folder, clones[MIRA][0], clones[ADA][0], both)
            self.at += DAY
            self.move(folder, both, MIRA)  # both moved it, and this resolves the conflict
            mark = self.commit(folder, month, MIRA, (clones[MIRA][1], clones[ADA][1]))
        return folder

    @staticmethod
    def merge(base: Folder, ours: Folder, theirs: Folder, both: int) -> Folder:
        found: Folder = {}
        for number in sorted({*base, *ours, *theirs}):
            mine, other = ours.get(number), theirs.get(number)
            kept = other if mine == base.get(number) else mine
            if number == both and mine and other:
                kept = max(mine, other, key=lambda thing: thing.due)
            if kept is not None:
                found[number] = kept
        return found


def tell(found: Iterable[LoggedEvent]) -> list[Told]:
    return [
        (one.author, int(one.when.timestamp()), one.event.kind)
        for one in found
        if one.when is not None and one.event.kind in ITEMS
    ]


def only_lead(folders: Folders) -> Lead:
    (lead,) = folders.read().leads
    return lead


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Year, Folder]:
    top = make_repository(tmp_path_factory.mktemp("year") / "coaching")
    made = Year(random.Random(11))
    last = made.run()
    made.story.write(top)
    git(top, "reset", "-q", "--hard", "main")
    return top, made, last


def test_the_log_of_a_year_by_two_people_says_who_did_what_when(
    year: tuple[Path, Year, Folder],
) -> None:
    """Everything once, although each merge repeats what its branches did."""
    top, made, _ = year
    folders = Folders([top])
    folders.read()
    found = [one for commit in folders.commits(NOW) for one in list_events(commit)]
    logged = Counter(
        (one.author, int(one.when.timestamp()), one.event.kind, one.event.text)
        for one in found
        if one.when is not None and one.event.kind in ITEMS
    )
    assert logged == made.texts
    assert sum(logged.values()) > 120
    assert {kind for _, _, kind, _ in logged} == ITEMS
    times = [one.when for one in found if one.when]
    assert max(b - a for a, b in pairwise(times)) <= timedelta(seconds=SKEW)


def test_who_moved_this_and_when_is_right_for_every_action(
    year: tuple[Path, Year, Folder],
) -> None:
    top, made, last = year
    folders = Folders([top])
    lead = only_lead(folders)
    commits = [*folders.follow_lead(lead, NOW)]
    checked = 0
    for number, thing in last.items():
        (item,) = [one.task for one in lead.actions if one.task.text == thing.text]
        expected = sorted(made.told.get(number, []), key=lambda one: -one[1])
        assert sorted(tell(follow_item(commits, lead, item, NOW)), key=lambda one: -one[1]) == (
            expected
        ), thing
        checked += len(expected)
    assert checked > 80


SEVERAL = {
    "tldash.yaml": "coach: Mira\n",
    "ada/lead.md": "---\nname: Ada\n---\n## Goals\n- lead the platform team\n",
    "ada/sessions/2026-09-03.md": "---\nlevels: {vision: beginner}\n---\n# n\n- [ ] one\n",
    "ben/lead.md": "---\nname: Ben\n---\n",
    "ben/notes.md": "- [ ] two\n",
}


def commit_all(top: Path, when: int, changes: dict[str, str | None] | None = None) -> None:
    """Change files on disk and commit them with git."""
    for path, text in (changes or {}).items():
        if text is None:
            (top / path).unlink()
        else:
            write(top, {path: text})
    git(top, "add", "-A")
    git(top, "-c", "user.name=x", "commit", "-q", "-m", "m", f"--date={when} +0000")


@pytest.fixture
def several(tmp_path: Path) -> Path:
    top = make_repository(tmp_path / "coaching")
    commit_all(top, START, {**SEVERAL})
    return top


def say(top: Path, folder: str = "") -> list[str]:
    folders = Folders([top / folder])
    folders.read()
    commits = folders.commits(NOW)
    return [describe_event(one.event) for commit in commits for one in list_events(commit)]


def test_only_what_is_in_a_commit_is_logged_and_what_does_not_count_is_not(several: Path) -> None:
    first = ["added the lead Ada", "added the lead Ben"]
    assert say(several) == first
    ignored = {
        "picture.png": "x",
        ".obsidian/app.md": "- [ ] x\n",
        "ben/notes (conflicted copy 2026-01-01).md": "- [ ] two\n- [ ] three\n",
        "ben/.notes.md.swp": "x",
    }
    commit_all(several, START + DAY, {**ignored})
    (several / "ben/link.md").symlink_to("notes.md")
    (several / "ben/away.md").symlink_to("/etc/hostname")
    commit_all(several, START + 2 * DAY, {"ben/notes.md": "- [x] two\n"})
    write(several, {"ben/notes.md": "- [x] two\n- [ ] not committed\n"})
    assert say(several) == ['ticked off "two"', *first]
    assert say(several, "ben") == ['ticked off "two"', "added the lead Ben"]


def test_a_changed_layout_changes_whose_files_they_are(several: Path) -> None:
    """A lead.md makes a folder of notes a lead; without its files a lead is gone."""
    commit_all(several, START + DAY, {"cleo/plan.md": "- [ ] plan\n"})
    commit_all(several, START + 2 * DAY, {"cleo/lead.md": "---\nname: Cleo\n---\n"})
    commit_all(several, START + 3 * DAY, {"ben/lead.md": None, "ben/notes.md": None})
    told = say(several)
    assert told[:2] == ["deleted the lead Ben", "added the lead Cleo"]


def test_the_history_of_a_level_and_of_a_goal(several: Path) -> None:
    """With the rewording of the goal, and with what is on disk alone."""
    commit_all(
        several,
        START + DAY,
        {
            "ada/lead.md": "---\nname: Ada\n---\n## Goals\n- lead two teams\n",
            "ada/sessions/2026-10-03.md": "---\nlevels: {vision: intermediate}\n---\n# n\n",
        },
    )
    write(several, {"ada/lead.md": "---\nname: Ada\n---\n## Goals\n- [x] lead two teams\n"})
    write(several, {"ada/sessions/2026-10-03.md": "---\nlevels: {vision: advanced}\n---\n# n\n"})
    folders = Folders([several])
    lead = next(lead for lead in folders.read().leads if lead.id == "ada")
    skill = folders.workspace.framework.find_skill("vision")
    assert skill is not None
    commits = [*folders.follow_lead(lead, NOW)]
    goals = [*pick_goal(follow_goals(commits, lead, NOW), "lead two teams")]
    assert [(bool(one.commit), describe_event(one.event)) for one in goals] == [
        (False, 'ticked off the goal "lead two teams"'),
        (True, 'changed the goal from "lead the platform team" to "lead two teams"'),
        (True, 'set the goal to "lead the platform team"'),
    ]
    levels = [*follow_level(commits, lead, skill, NOW)]
    assert [(one.author, describe_event(one.event)) for one in levels] == [
        ("", "raised articulating a vision to advanced"),
        ("Mira Holm", "raised articulating a vision to intermediate"),
        ("Mira Holm", "raised articulating a vision to beginner"),
    ]


def test_several_folders_and_a_day_to_start_at(several: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other")
    commit_all(other, START + DAY, {"zoe/lead.md": "---\nname: Zoe\n---\n"})
    commit_all(several, START + 2 * DAY, {"ben/notes.md": "- [x] two\n"})
    folders = Folders([several, other])
    folders.read()
    found = [one for commit in folders.commits(NOW) for one in list_events(commit)]
    assert [one.event.lead_id for one in found] == [
        "coaching/ben", "other/zoe", "coaching/ada", "coaching/ben",
    ]  # fmt: skip
    since = datetime.fromtimestamp(START + DAY, UTC).date()
    assert len([*folders.commits(NOW, since)]) == 2
    assert len([*folders.commits(NOW, None, "other/zoe")]) == 1


def test_an_earlier_day_starts_the_log_there(several: Path) -> None:
    git(several, "-c", "x.y=z", "commit", "-q", "--amend", "--no-edit", "--date=2025-10-09")
    before = datetime.now(UTC)
    folders = Folders([several], as_of=before + timedelta(seconds=5))
    folders.read()
    assert len([*folders.commits(NOW)]) == 1


def test_a_history_that_ends_early_says_why(several: Path, tmp_path: Path) -> None:
    commit_all(several, START + DAY, {"ben/notes.md": "- [x] two\n"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{several}", "shallow")
    commit_all(tmp_path / "shallow", START + 2 * DAY, {"ben/notes.md": "- [-] two\n"})
    for broken, message in {
        "shallow": "no history before 2025-10-10, it is a shallow one. Run git fetch --unshallow",
        "lost": "not on this machine",
        "none": "not in a git repository",
    }.items():
        top = tmp_path / broken
        if broken == "lost":
            shutil.copytree(several, top)
            git(top, "repack", "-adq")
            blob = git(top, "rev-parse", "HEAD~1:ben/notes.md").strip()
            pack = next((top / ".git/objects/pack").glob("*.pack")).rename(top / ".git/p")
            git(top, "unpack-objects", "-q", stdin=pack.read_bytes())
            shutil.rmtree(top / ".git/objects/pack")
            (top / ".git/objects" / blob[:2] / blob[2:]).unlink()
        elif broken == "none":
            write(top, {"ben/notes.md": "- [ ] two\n"})
        folders = Folders([top])
        folders.read()
        found = []
        with pytest.raises(SourceError, match=message):
            for commit in folders.commits(NOW):
                found += list_events(commit)
        assert [one.event.kind for one in found] == (
            [EventKind.DROPPED] if broken == "shallow" else []
        )


def test_odd_trees_and_odd_times(tmp_path: Path) -> None:
    """Folders deeper than a walk goes, files that become folders, and authors out of time."""
    top = make_repository(tmp_path / "coaching")
    deep = "/".join("d" * 60)
    first = {"ada/lead.md": b"# Ada\n", "x.md": b"- [ ] x\n", f"{deep}/a.md": b"- [ ] a\n"}
    second = {"ada/lead.md": b"# Ada\n", "x.md/y.md": b"- [ ] y\n", f"{deep}/b.md": b"- [ ] a\n"}
    third = {**second, f"{deep}/b.md": b"- [x] a\n", "ada/big.md": b"- [ ] z\n" * 400_000}
    story = Story()
    mark = story.commit({**first}, START, authored=0)
    mark = story.commit({**second}, START + DAY, (mark,), authored=10**17, author="<a@b>")
    story.commit({**third}, START + 2 * DAY, (mark,))
    story.write(top)
    git(top, "reset", "-q", "--hard", "main")
    folders = Folders([top])
    folders.read()
    found = [one for commit in folders.commits(NOW) for one in list_events(commit)]
    told = [(one.author, one.when and one.when.year, describe_event(one.event)) for one in found]
    assert told == [
        ("a@b", 9999, 'deleted "x"'),
        ("a@b", 9999, 'added "y"'),
        ("Mira Holm", 1970, "added the lead Ada"),
    ]
    (lead,) = [lead for lead in folders.workspace.leads if lead.id == "ada"]
    assert len([*folders.follow_lead(lead, NOW)]) == 4


def test_any_damage_ends_the_log(tmp_path: Path) -> None:
    """Bytes of objects are changed, cut and zeroed at random."""
    top = make_repository(tmp_path / "coaching")
    story, marks = Story(), ()
    for number in range(8):
        lines = "".join(f"- [ ] a {one}\n" for one in range(number + 1))
        files = {"ada/lead.md": b"# Ada\n", f"ada/{number % 3}.md": lines.encode()}
        marks = (story.commit({**files}, START + number * DAY, marks),)
    story.write(top, packed=False)
    git(top, "reset", "-q", "--hard", "main")
    chance = random.Random(4)
    files = sorted(one for one in (top / ".git/objects").rglob("*") if one.is_file())
    ended = 0
    for _ in range(60):
        file = chance.choice(files)
        before = file.read_bytes()
        file.chmod(0o644)
        at = chance.randrange(len(before))
        flipped = before[:at] + bytes([before[at] ^ 1 << chance.randrange(8)]) + before[at + 1 :]
        file.write_bytes(chance.choice([flipped, before[:at], b""]))
        folders = Folders([top])
        folders.read()
        try:
            for commit in folders.commits(NOW):
                list_events(commit)
        except SourceError as error:
            assert str(error).endswith((".", "in it."))
            ended += 1
        file.write_bytes(before)
    assert ended > 30


def test_a_lead_who_is_a_file(tmp_path: Path) -> None:
    """Two running files are about one lead each, whose path is no folder."""
    top = make_repository(tmp_path / "coaching")
    text = "# 2026-09-03\n- [ ] one due:{}\n# 2026-10-03\ntalked\n"
    both = {"1on1s/ada.md": text.format("2026-11-03"), "1on1s/ben.md": text.format("2026-11-03")}
    commit_all(top, START, {**both})
    commit_all(top, START + DAY, {"1on1s/ben.md": text.format("2026-12-03")})
    commit_all(top, START + 2 * DAY, {"1on1s/ada.md": text.format("2026-11-17")})
    folders = Folders([top])
    lead = next(lead for lead in folders.read().leads if lead.path == "1on1s/ada")
    item = lead.actions[0].task
    found = [*follow_item(folders.follow_lead(lead, NOW), lead, item, NOW)]
    assert [describe_event(one.event) for one in found] == [
        'moved "one" from 3 Nov to 17 Nov',
        'added "one"',
    ]
    assert say(top)[:2] == [
        'moved "one" from 3 Nov 2026 to 17 Nov 2026',
        'moved "one" from 3 Nov 2026 to 3 Dec 2026',
    ]
