"""Merges of generated sessions, judged by what each script of edits has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Final

from tests.merging.scripts import (
    Session,
    Version,
    edit,
    make_session,
    merged_session,
    overlap,
    to_markdown,
    to_yaml,
)
from tldash.create.demo import find_sample_data
from tldash.formats.file_record import read_data
from tldash.merging.merge import Result, merge
from tldash.model.file_roles import FileRole
from tldash.model.records import Task

Write = Callable[[Session], str]
FORMATS: Final = ((to_markdown, "2026-10-09.md"), (to_yaml, "2026-10-09.yaml"))
PAIRS: Final = 1000


def read(text: str | bytes, path: str):
    data = text if isinstance(text, bytes) else text.encode()
    return read_data(data, path, FileRole.SESSION)


def meaning(text: str | bytes, path: str) -> tuple[object, ...]:
    """Return all that tldash reads in a session, but for the order of its items."""
    found = read(text, path)
    items = [
        (t.yaml_path[:1] or t.section[-1:], t.text, t.status, t.fields.due, t.fields.owner,
         tuple(sorted(t.fields.tags)))
        for t in found.tasks
    ]  # fmt: skip
    front = found.front
    return (
        sorted(items, key=str), dict(front.levels or ()), front.title, front.next, front.duration,
        front.skill, found.problems,
    )  # fmt: skip


def number_of(task: Task) -> int:
    """Return the number in the text of an item."""
    return next(int(word[:-1]) for word in task.text.split() if word[:-1].isdecimal())


def check_pair(base: Session, one: Version, other: Version, write: Write, path: str) -> Result:
    texts = [write(session).encode() for session in (base, one.session, other.session)]
    merged = merge(*texts, path)
    swapped = merge(texts[0], texts[2], texts[1], path)
    assert merged.conflicts == swapped.conflicts
    both = overlap(one, other)
    if merged.conflicts:
        assert both, "a conflict, but nothing was changed on both sides"
        assert sorted(merged.data.splitlines()) == sorted(swapped.data.splitlines())
    else:
        assert merged.data == swapped.data
    if not both:
        assert meaning(merged.data, path) == meaning(write(merged_session(base, one, other)), path)
    else:
        check_kept(base, one, other, merged, path)
        check_ticks(texts, merged, path)
    return merged


def check_kept(base: Session, one: Version, other: Version, merged: Result, path: str) -> None:
    """Check that what a side added or changed is there, and what both kept, once if clean."""
    text = merged.data.decode()
    olds = {item.number for items in base.lists() for item in items}
    for version, there in ((one, other), (other, one)):
        kept = {item.number for items in version.session.lists() for item in items}
        others = {item.number for items in there.session.lists() for item in items}
        for number in kept:
            mark = f"{number}{'n' if number > 99 else 'x'}"
            is_changed = any(c[:2] == ("item", number) and c[2] != "place" for c in version.changed)
            if number in others or number not in olds or is_changed:
                count = text.count(f" {mark}")
                assert count >= 1, f"item {number} is lost"
                assert merged.conflicts or count == 1, f"item {number} is there twice"
        for cell, note in version.changed.items():
            if cell[0] == "note":
                assert all(line in text for line in str(note).split("\n"))


def check_ticks(texts: list[bytes], merged: Result, path: str) -> None:
    """Check that no item is done that is done on neither side."""
    if merged.conflicts and path.endswith("yaml"):
        return  # not valid YAML
    done = {number_of(t) for text in texts[1:] for t in read(text, path).tasks if t.status.closed}
    after = {number_of(t) for t in read(merged.data, path).tasks if t.status.closed}
    assert after <= done


def test_generated_pairs_of_scripts():
    """1,000 pairs, every second one in YAML."""
    conflicts = overlaps = 0
    for seed in range(PAIRS):
        random = Random(seed)
        base = make_session(random)
        one, other = edit(base, random, 0), edit(base, random, 1)
        try:
            merged = check_pair(base, one, other, *FORMATS[seed % 2])
        except BaseException as error:
            error.add_note(f"seed {seed}: {one.changed} {other.changed}")
            raise
        conflicts += bool(merged.conflicts)
        overlaps += bool(overlap(one, other))
    assert 0 < conflicts <= overlaps < PAIRS / 4


def is_ordered(version: Version) -> bool:
    """Return whether a script removed nothing from its place, so that places stay known."""
    return not any(
        cell[0] == "item" and (cell[2] == "place" or (value is False and cell[2] == "exists"))
        for cell, value in version.changed.items()
    )


def test_the_order_of_three_merges_does_not_matter():
    """The bytes are the same. Beside items that were removed or moved, lines may change places."""
    clean = ordered = 0
    for seed in range(150):
        random = Random(seed)
        base = make_session(random)
        versions = [edit(base, random, side) for side in range(3)]
        write, path = FORMATS[seed % 2]
        start, *sides = (write(s).encode() for s in (base, *(v.session for v in versions)))
        found = []
        for i, j, k in ((0, 1, 2), (1, 2, 0), (0, 2, 1)):
            first = merge(start, sides[i], sides[j], path)
            last = merge(start, first.data, sides[k], path)
            found.append((first.conflicts + last.conflicts, last.data))
        if any(conflicts for conflicts, _ in found):
            continue
        assert len({tuple(sorted(data.splitlines())) for _, data in found}) == 1, seed
        if all(map(is_ordered, versions)):
            assert len({data for _, data in found}) == 1, seed
            ordered += 1
        clean += 1
    assert clean > 50
    assert ordered > 10


LINES: Final = (
    "- [ ] new item {}", "- [x] done item {}", "## New {}", "paragraph {}", "  - [ ] nested {}",
    "  note {}", "- bullet {}",
)  # fmt: skip


def edit_lines(lines: list[str], random: Random, side: str) -> list[str]:
    """Edit the lines of a file as people do, and as no program would."""
    found = [*lines]
    for number in range(random.randint(1, 6)):
        at, kind = random.randrange(len(found)), random.random()
        if kind < 0.25:
            old, new = random.choice((("[ ]", "[x]"), ("[x]", "[ ]")))
            found[at] = found[at].replace(old, new, 1)
        elif kind < 0.4:
            found[at] += random.choice((" alpha", " due:2026-11-11", " @ann", " #tag"))
        elif kind < 0.6:
            found.insert(at, random.choice(LINES).format(f"{side}{number}"))
        elif kind < 0.75 and len(found) > 4:
            del found[at : at + random.choice((1, 1, 3))]
        elif kind < 0.9:
            length = random.choice((1, 1, 2, 4))
            part = found[at : at + length]
            del found[at : at + length]
            at = random.randrange(len(found) + 1)
            found[at:at] = part
        else:
            found[at] = f"  {found[at]}"
    return found


def first_ticked_word(line: str) -> str:
    """Return the first word of a ticked item; empty for other lines."""
    return f"{line.partition('[x] ')[2]} ".split(" ")[0]


def test_random_edits_of_the_lines_of_real_files():
    """No line that both sides kept is lost, nor a word that one side added."""
    files = [f for f in sorted(find_sample_data().rglob("*")) if f.suffix in (".md", ".yaml")]
    clean = 0
    for seed in range(300):
        random = Random(seed)
        file = random.choice(files)
        base = file.read_text(encoding="utf-8").splitlines()
        sides = [edit_lines(base, random, name) for name in "ab"]
        texts = ["".join(f"{line}\n" for line in lines).encode() for lines in (base, *sides)]
        merged = merge(*texts, file.name)
        swapped = merge(texts[0], texts[2], texts[1], file.name)
        assert merged.conflicts == swapped.conflicts, seed
        assert merged.conflicts or merged.data == swapped.data, seed
        left = merged.data.decode().splitlines()
        counts = [Counter(lines) for lines in (base, *sides)]
        for line in {one for one in base if counts[0][one] == 1 and one.strip()}:
            assert line in left or not all(lines[line] for lines in counts), (seed, line)
        words = {word for line in (*left, *base) for word in line.split()}
        for line in (*sides[0], *sides[1]):
            assert words.issuperset(line.split()), (seed, line)
        ticked = {word for lines in sides for word in map(first_ticked_word, lines)}
        assert ticked.issuperset(map(first_ticked_word, left)), seed
        clean += not merged.conflicts
    assert clean > 100
