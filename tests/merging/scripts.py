"""Sessions as values, random edits of them, and what two scripts of edits have in common.

A script is applied to the values and never to text, so it knows which field of which item it has
changed. That is what the merges are judged by.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Final

SKILLS: Final = ("listening", "initiative", "vision", "tracking", "growth")
LEVELS: Final = ("beginner", "intermediate", "advanced")
PEOPLE: Final = ("mira", "ada", "ben", "turtle")
TAGS: Final = ("q4", "team", "hiring", "oncall")
VERBS: Final = ("call", "book", "write", "review", "cancel", "plan", "draft", "measure", "visit")
THINGS: Final = (
    "budget", "roadmap", "interview", "retro", "handover", "dashboard", "backlog", "offsite",
    "vendor", "incident", "migration", "glossary",
)  # fmt: skip


@dataclass
class Item:
    """A topic or action."""

    number: int
    text: str
    done: bool = False
    due: str = ""
    owner: str = ""
    tags: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the item in the grammar of task lines, without a box."""
        parts = [self.text, *(f"#{tag}" for tag in self.tags)]
        parts += [f"@{self.owner}"] if self.owner else []
        parts += [f"due:{self.due}"] if self.due else []
        return " ".join(parts)


@dataclass
class Session:
    """A session with two lists of items, paragraphs of notes, and levels."""

    front: dict[str, str]
    levels: dict[str, str]
    topics: list[Item]
    actions: list[Item]
    notes: list[str]

    def lists(self) -> tuple[list[Item], list[Item]]:
        """Return the lists of items."""
        return self.topics, self.actions


Cell = tuple[object, ...]
"""What an edit changes, such as the due date of an item."""


@dataclass
class Version:
    """A session after a script of edits, and the value of each cell that was changed."""

    session: Session
    changed: dict[Cell, object] = field(default_factory=dict)


def make_session(random: Random) -> Session:
    """Make a session."""
    levels = {s: random.choice(LEVELS) for s in random.sample(SKILLS, random.randint(0, 3))}
    front = {"date": "2026-10-09 17:30", "duration": "45m", "skill": "vision"}
    verbs = random.sample([f"{v} the {t}" for v in VERBS for t in THINGS], 11)
    items = [
        Item(
            number, f"{text} {number}x", random.random() < 0.3,
            f"2026-10-{random.randint(10, 28)}" if random.random() < 0.5 else "",
            random.choice(PEOPLE) if random.random() < 0.4 else "",
            random.sample(TAGS, random.randint(0, 2)),
        )
        for number, text in enumerate(verbs)
    ]  # fmt: skip
    cut = random.randint(1, 4)
    notes = [f"Paragraph {n} about {random.choice(THINGS)}." for n in range(random.randint(1, 6))]
    return Session(front, levels, items[:cut], items[cut : random.randint(cut + 1, 11)], notes)


def edit(base: Session, random: Random, side: int) -> Version:
    """Apply one to five random edits."""
    version = Version(deepcopy(base))
    for _ in range(random.randint(1, 5)):
        random.choice(EDITS)(version, random, side)
    before = _cells(base)
    version.changed = {
        cell: value for cell, value in version.changed.items() if before.get(cell) != value
    }
    return version


def _cells(base: Session) -> dict[Cell, object]:
    """Return the values before a script, so that what was changed back does not count."""
    found: dict[Cell, object] = {("level", skill): value for skill, value in base.levels.items()}
    for item in (one for items in base.lists() for one in items):
        for name in ("text", "done", "due", "owner"):
            found["item", item.number, name] = getattr(item, name)
        found.update({("item", item.number, "tag", tag): tag in item.tags for tag in TAGS})
    return found | {("front", key): value for key, value in base.front.items()}


def _pick(version: Version, random: Random) -> tuple[list[Item], Item] | None:
    places = [(items, item) for items in version.session.lists() for item in items]
    return random.choice(places) if places else None


def _tick(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        found[1].done = not found[1].done
        version.changed["item", found[1].number, "done"] = found[1].done


def _reword(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        found[1].text += random.choice((" today", " again", " with care"))
        version.changed["item", found[1].number, "text"] = found[1].text


def _date(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        found[1].due = f"2026-11-{random.randint(10, 28)}"
        version.changed["item", found[1].number, "due"] = found[1].due


def _own(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        found[1].owner = random.choice(PEOPLE)
        version.changed["item", found[1].number, "owner"] = found[1].owner


def _tag(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        tag = random.choice(TAGS)
        if tag in found[1].tags:
            found[1].tags.remove(tag)
        else:
            found[1].tags.append(tag)
        version.changed["item", found[1].number, "tag", tag] = tag in found[1].tags


def _add(version: Version, random: Random, side: int) -> None:
    items = random.choice(version.session.lists())
    number = 100 * (side + 1) + sum(len(items) for items in version.session.lists())
    number += 1000 * len(version.changed)
    text = f"{random.choice(VERBS)} {random.choice(THINGS)} {number}n"
    items.insert(random.randint(0, len(items)), Item(number, text))
    version.changed["item", number, "exists"] = True


def _delete(version: Version, random: Random, side: int) -> None:
    found = _pick(version, random)
    if found and len(found[0]) > 1:
        found[0].remove(found[1])
        version.changed["item", found[1].number, "exists"] = False


def _move(version: Version, random: Random, side: int) -> None:
    if found := _pick(version, random):
        items, item = found
        old = items.index(item)
        items.remove(item)
        new = random.randint(0, len(items))
        items.insert(new, item)
        if new != old:
            version.changed["item", item.number, "place"] = (side, new)
            for other in items[min(old, new) : max(old, new) + 1]:
                version.changed.setdefault(("beside", other.number), (side, new))


def _note(version: Version, random: Random, side: int) -> None:
    notes = version.session.notes
    at = random.randrange(len(notes))
    if "notes" in notes[at]:
        return
    if random.random() < 0.5:
        notes[at] += f" More notes of {side}."
    else:
        notes[at] += f"\n\nAnother of the notes of {side}."
    version.changed["note", at] = notes[at]


def _level(version: Version, random: Random, side: int) -> None:
    skill = random.choice(SKILLS)
    version.session.levels[skill] = random.choice(LEVELS)
    version.changed["level", skill] = version.session.levels[skill]


def _front(version: Version, random: Random, side: int) -> None:
    key, value = random.choice(
        (("duration", f"{random.randint(20, 90)}m"), ("title", f"Session {random.randint(2, 9)}"),
         ("skill", random.choice(SKILLS)), ("next", f"2026-12-{random.randint(10, 28)} 10:00"))
    )  # fmt: skip
    version.session.front[key] = value
    version.changed["front", key] = value


EDITS: Final = (
    _tick, _tick, _reword, _date, _own, _tag, _add, _delete, _move, _note, _level, _front
)  # fmt: skip


def overlap(one: Version, other: Version) -> set[Cell]:
    """Return what both changed in different ways, and the notes next to each other.

    If both removed an item and added one, they may have put another one in its place.
    """
    found: set[Cell] = set()
    for cell, value in one.changed.items():
        if cell in other.changed and other.changed[cell] != value:
            found.add(cell)
        if cell[0] == "note":
            near = [("note", int(str(cell[1])) + step) for step in (-1, 0, 1)]
            found.update(n for n in near if n in other.changed)
    for here, there in ((one, other), (other, one)):
        gone = {c[1] for c, value in here.changed.items() if c[2:] == ("exists",) and not value}
        touched = [c for c in there.changed if c[0] == "item" and c[2] != "exists"]
        found.update(c for c in touched if c[1] in gone)
    removed = (
        {c for c, value in version.changed.items() if value is False and c[2:] == ("exists",)}
        for version in (one, other)
    )
    added = (
        any(value is True and c[2:] == ("exists",) for c, value in version.changed.items())
        for version in (one, other)
    )
    return found | (set.intersection(*removed) if all(added) else set())


def merged_session(base: Session, one: Version, other: Version) -> Session:
    """Return the values of both scripts together. Only for scripts without an overlap."""
    result = deepcopy(base)
    for cell, value in [*one.changed.items(), *other.changed.items()]:
        if cell[0] == "level":
            result.levels[str(cell[1])] = str(value)
        elif cell[0] == "front":
            result.front[str(cell[1])] = str(value)
        elif cell[0] == "note":
            result.notes[int(str(cell[1]))] = str(value)
    _merge_items(result, one, other)
    return result


def _merge_items(result: Session, one: Version, other: Version) -> None:
    known = {item.number: item for items in result.lists() for item in items}
    for version in (one, other):
        for at, items in enumerate(version.session.lists()):
            for item in items:
                if item.number not in known:
                    result.lists()[at].append(deepcopy(item))
                    continue
                _update(known[item.number], item, version.changed)
        kept = {item.number for items in version.session.lists() for item in items}
        for items in result.lists():
            items[:] = [i for i in items if i.number in kept or i.number not in known]


def _update(item: Item, new: Item, changed: dict[Cell, object]) -> None:
    for name in ("text", "done", "due", "owner"):
        if ("item", item.number, name) in changed:
            setattr(item, name, getattr(new, name))
    for tag in TAGS:
        value = changed.get(("item", item.number, "tag", tag))
        if value is True and tag not in item.tags:
            item.tags.append(tag)
        elif value is False and tag in item.tags:
            item.tags.remove(tag)


def to_markdown(session: Session) -> str:
    """Write a session as Markdown."""
    front = "".join(f"{key}: {value}\n" for key, value in session.front.items())
    if session.levels:
        front += "levels:\n" + "".join(f"  {s}: {v}\n" for s, v in session.levels.items())
    lists = (
        "".join(f"- [{'x' if item.done else ' '}] {item.line()}\n" for item in items)
        for items in session.lists()
    )
    topics, actions = lists
    notes = "\n\n".join(session.notes)
    return (
        f"---\n{front}---\n# Session\n\n## Agenda\n{topics}\n"
        f"## Notes\n{notes}\n\n## Actions\n{actions}"
    )


def to_yaml(session: Session) -> str:
    """Write a session as YAML: topics as mappings, actions as strings."""
    text = "".join(f"{key}: {value}\n" for key, value in session.front.items())
    if session.levels:
        text += f"levels: {{{', '.join(f'{s}: {v}' for s, v in session.levels.items())}}}\n"
    text += "\nagenda:\n"
    for item in session.topics:
        text += f"  - text: {item.text}\n"
        text += "    done: true\n" if item.done else ""
        text += f"    due: {item.due}\n" if item.due else ""
        text += f"    owner: {item.owner}\n" if item.owner else ""
        text += f"    tags: [{', '.join(item.tags)}]\n" if item.tags else ""
    text += "\nactions:\n"
    for item in session.actions:
        text += f"  - '[{'x' if item.done else ' '}] {item.line()}'\n"
    lines = "\n\n".join(session.notes).split("\n")
    return text + "\nnotes: |\n" + "".join(f"  {line}\n" if line else "\n" for line in lines)
