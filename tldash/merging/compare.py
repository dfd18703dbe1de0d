"""Compare two versions of a file item by item, and make one file of what is chosen of each; pure.

Task items are matched by their identity, keys by their name, headings and lines by their text. What
both versions have in one place is no item. Everything else is: two versions of one thing, something
that one version alone has, or the same in another place.

All items chosen from one version give exactly that version, which is checked: where the structure
of a file does not allow it, its lines are compared instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from tldash.formats.text import BOM, find_conflict, split_lines
from tldash.merging import lines
from tldash.merging.identity import identify
from tldash.merging.merge import STRUCTURE_LIMIT, divide
from tldash.merging.units import Kind, Unit, Unstructured, text_units
from tldash.model.frozen import frozen

SIMILAR: Final = 0.4
"""Least share of equal words of two paragraphs or items in one place that are versions of one.

It is low, because that only decides what stands side by side."""
LINE_LIMIT: Final = 50_000
"""Lines of a version beyond which one of the two versions can be chosen as a whole only."""
_PAIRS_LIMIT: Final = 40
"""Paragraphs in one place up to which each is compared with each."""


class Choice(StrEnum):
    """What to take of an item."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


ItemKey = Hashable
"""Identifies an item as long as its two versions stay."""
Choices = Mapping[ItemKey, Choice]


@frozen
class Item:
    """Something in which the two versions differ."""

    key: ItemKey
    kind: Kind | None
    """None for what belongs to no line: line ends, and the byte order mark."""
    ours: str | None
    """The text of our version; None if it has nothing there."""
    theirs: str | None
    is_moved: bool = False
    """Whether the two versions stand in different places."""
    is_single: bool = False
    """Whether only one of the two versions can stay: a key has one value."""

    @property
    def is_minor(self) -> bool:
        """Whether the versions differ in place, line ends and empty lines only: ours is kept."""
        return self.kind is None or (self.ours or "").strip() == (self.theirs or "").strip()

    @property
    def can_be_both(self) -> bool:
        """Whether both versions can be kept."""
        return self.kind is not None and not self.is_single

    def text(self, choice: Choice, side: Choice) -> str:
        """Return what to write in the place of the item on a side, or (BOTH) on both."""
        ours, theirs = self.ours or "", self.theirs or ""
        if choice is Choice.BOTH and not self.can_be_both:
            choice = Choice.OURS
        if choice is not Choice.BOTH:
            here = side in (choice, Choice.BOTH)
            return (ours if choice is Choice.OURS else theirs) if here else ""
        if self.ours is not None and self.is_minor:
            theirs = ""
        return {Choice.OURS: ours, Choice.THEIRS: theirs}.get(side, ours + theirs)


@frozen
class Place:
    """Where an item stands: on our side, on theirs, or on both."""

    item: Item
    side: Choice


Part = str | Place
"""Text that both versions have, or the place of an item."""


@frozen
class Form:
    """What a file has around its lines."""

    bom: bool
    ending: str
    """The line end of each line; empty if lines have their own."""
    ended: bool
    """Whether the last line has a line end."""

    def describe(self) -> str:
        """Describe it in words."""
        found = {"\n": "line ends LF", "\r\n": "line ends CRLF"}.get(self.ending, "")
        bom = "byte order mark" if self.bom else ""
        ended = "" if self.ended else "no line end at the end"
        return ", ".join(filter(None, (found, bom, ended))) or "no byte order mark"

    def apply(self, text: str) -> str:
        """Return the text of the file."""
        if not self.ended:
            text = re.sub(r"(?:\r\n|\n|\r)\Z", "", text)
        if self.ending not in ("", "\n"):
            text = text.replace("\n", self.ending)
        return f"{BOM}{text}" if self.bom else text


@frozen
class Comparison:
    """Two versions of a file, item by item."""

    parts: tuple[Part, ...]
    forms: tuple[Form, Form]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order in which they stand first."""
        found = {part.item.key: part.item for part in self.parts if isinstance(part, Place)}
        return tuple(found.values())

    def undecided(self, choices: Choices) -> tuple[Item, ...]:
        """Return the items for which something has to be chosen yet."""
        return tuple(one for one in self.items if not one.is_minor and one.key not in choices)

    def choose_all(self, choice: Choice) -> dict[ItemKey, Choice]:
        """Return a choice for all items; with BOTH, for those that can be both."""
        return {
            item.key: choice for item in self.items if choice is not Choice.BOTH or item.can_be_both
        }

    def result(self, choices: Choices) -> str:
        """Return the text of the file with what is chosen; ours where nothing is."""
        made: list[str] = []
        form = self.forms[0]
        for part in self.parts:
            if isinstance(part, str):
                made.append(part)
                continue
            choice = choices.get(part.item.key, Choice.OURS)
            if part.item.kind is None:
                form = self.forms[choice is Choice.THEIRS]
            else:
                made.append(part.item.text(choice, part.side))
        return form.apply("".join(made))


def compare(ours: str, theirs: str, path: str) -> Comparison:
    """Compare two versions of a file. Its path says whether it is Markdown or YAML."""
    forms, sides = _take_apart(ours, theirs)
    for divided in _divide(sides, path):
        found = Comparison((*_form_item(forms), *_Aligner().run(*divided)), forms)
        if _is_exact(found, ours, theirs):
            return found
    whole = Item(("file", ours, theirs), Kind.TEXT, ours, theirs, is_single=True)
    plain = Form(bom=False, ending="", ended=True)
    return Comparison((Place(whole, Choice.BOTH),), (plain, plain))


def _is_exact(found: Comparison, ours: str, theirs: str) -> bool:
    one, other = (found.result(found.choose_all(side)) for side in (Choice.OURS, Choice.THEIRS))
    return (one, other) == (ours, theirs)


def lines_of(text: str) -> list[str]:
    """Return the lines of a version, without their ends."""
    return split_lines(text)


def find_changed(one: str, other: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the parts of two lines that differ, as start and end of each part."""
    first, second = _WORDS.findall(one), _WORDS.findall(other)
    kept = lines.match(first, second)
    return (
        _spans(first, {i for i, _ in kept}),
        _spans(second, {j for _, j in kept}),
    )


_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


def _spans(tokens: Sequence[str], kept: set[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    for index, token in enumerate(tokens):
        if index not in kept:
            joins = bool(found) and found[-1][1] == at
            found[-1:] = [(found[-1][0], at + len(token))] if joins else [
                *found[-1:], (at, at + len(token))
            ]  # fmt: skip
        at += len(token)
    return found


# -- lines, and what belongs to none -------------------------------------------------------------

_LINES: Final = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r)|[^\r\n]++")
_ENDS: Final = "\r\n"
_MIXED: Final = ""


def _take_apart(*versions: str) -> tuple[tuple[Form, Form], list[list[str]]]:
    """Return the forms of two versions, and their lines.

    The lines end at line feeds, unless a version has several kinds of line ends.
    """
    texts = [text.removeprefix(BOM) for text in versions]
    endings = [_ending(text) for text in texts]
    exact = _MIXED in endings
    known = [ending for ending in endings if ending is not None]
    forms = [
        Form(
            bom=text.startswith(BOM),
            ending="" if exact else ending or (known or ["\n"])[0],
            ended=bare.endswith(("\n", "\r")) or not bare,
        )
        for text, bare, ending in zip(versions, texts, endings, strict=True)
    ]
    if not exact:
        texts = [text.replace("\r\n", "\n") for text in texts]
    texts = [
        text if form.ended else f"{text}\n" for text, form in zip(texts, forms, strict=True)
    ]  # fmt: skip
    return (forms[0], forms[1]), [_LINES.findall(text) for text in texts]


def _ending(text: str) -> str | None:
    """Return the line end of a text, None if it has none, or that it has several."""
    found = {*re.findall(r"\r\n|\n|\r", text)}
    if not found:
        return None
    return found.pop() if len(found) == 1 and found <= {"\n", "\r\n"} else _MIXED


def _form_item(forms: tuple[Form, Form]) -> Iterator[Place]:
    ours, theirs = (form.describe() for form in forms)
    if forms[0] != forms[1]:
        yield Place(Item(("form", ours, theirs), None, ours, theirs), Choice.BOTH)


# -- the pieces of each version ------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A unit with its lines as they are in the file."""

    kind: Kind
    identity: object
    head: str
    rest: list[_Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.head + "".join(piece.text for piece in self.rest)


_Divided = tuple[list[_Piece], list[_Piece]]


def _divide(sides: Sequence[Sequence[str]], path: str) -> Iterator[_Divided]:
    """Yield both versions in pieces: first by their structure, then by lines."""
    if any(len(side) > LINE_LIMIT for side in sides):
        return
    ended = [[f"{line.rstrip(_ENDS)}\n" for line in side] for side in sides]
    plain = ["".join(side) for side in ended]
    if all(len(text) <= STRUCTURE_LIMIT and find_conflict(text) is None for text in plain):
        try:
            _, units = divide(plain, path)
        except Unstructured:
            pass
        else:
            identify(*units)
            yield _in_pieces(units, sides)
    yield _in_pieces([text_units(side) for side in ended], sides)


def _in_pieces(units: Sequence[Sequence[Unit]], sides: Sequence[Sequence[str]]) -> _Divided:
    ours, theirs = (
        [*_take(of_side, iter(side))] for of_side, side in zip(units, sides, strict=True)
    )  # fmt: skip
    return ours, theirs


def _take(units: Iterable[Unit], left: Iterator[str]) -> Iterator[_Piece]:
    """Yield the pieces for some units, with the next lines of the file."""
    for unit in units:
        head = "".join(next(left) for _ in range(unit.head.count("\n")))
        yield _Piece(unit.kind, unit.identity, head, [*_take(unit.rest, left)])


# -- alignment -----------------------------------------------------------------------------------


class _Aligner:
    """Makes the parts of a comparison."""

    def __init__(self) -> None:
        self._parts: list[str | tuple[Kind, str, str] | _Gap] = []
        self._seen: Counter[Hashable] = Counter()

    def run(self, ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> list[Part]:
        """Return the parts of two lists of pieces."""
        self._align(ours, theirs)
        self._join_moved([part for part in self._parts if isinstance(part, _Gap)])
        found: list[Part] = []
        for part in self._parts:
            if isinstance(part, str):
                found.append(part)
            elif isinstance(part, _Gap):
                found += self._fill(part)
            else:
                found.append(Place(self._make(*part), Choice.BOTH))
        return _join_texts(found)

    def _align(self, ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> None:
        o, t = 0, 0
        for i, j in [*_match(ours, theirs), (len(ours), len(theirs))]:
            self._add_lines(ours[o:i], theirs[t:j])
            if i < len(ours):
                self._add_pair(ours[i], theirs[j])
            o, t = i + 1, j + 1

    def _add_lines(self, ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> None:
        """Add what stands between two pieces that both have."""
        start = _count_same(ours, theirs)
        end = _count_same(ours[start:][::-1], theirs[start:][::-1])
        self._parts += [piece.text for piece in ours[:start]]
        blocks = (_Blocks(side[start : len(side) - end]).found for side in (ours, theirs))
        self._parts.append(_Gap(*blocks))
        self._parts += [piece.text for piece in ours[len(ours) - end :]]

    def _add_pair(self, ours: _Piece, theirs: _Piece) -> None:
        if ours.text == theirs.text:
            self._parts.append(ours.text)
            return
        same_head = ours.head == theirs.head
        self._parts.append(ours.head if same_head else (ours.kind, ours.head, theirs.head))
        self._align(ours.rest, theirs.rest)

    def _join_moved(self, gaps: Sequence[_Gap]) -> None:
        """Make one item of two blocks that are the same in different places."""
        waiting: dict[object, list[_Block]] = {}
        for block in (one for gap in gaps for one in gap.ours):
            for name in block.names():
                waiting.setdefault(name, []).append(block)
        for block in (one for gap in gaps for one in gap.theirs):
            found = (one for name in block.names() for one in waiting.get(name, ()))
            ours = next((one for one in found if one.item is None), None)
            if ours is not None:
                item = self._make(block.kind, ours.text, block.text, is_moved=True)
                ours.item = block.item = item

    def _fill(self, gap: _Gap) -> Iterator[Place]:
        """Yield the places of the blocks of a gap, in the order of both sides."""
        o, t = 0, 0
        for i, j in [*_pair_blocks(gap.ours, gap.theirs), (len(gap.ours), len(gap.theirs))]:
            for block in gap.ours[o:i]:
                yield Place(block.item or self._make(block.kind, block.text, None), Choice.OURS)
            for block in gap.theirs[t:j]:
                yield Place(block.item or self._make(block.kind, None, block.text), Choice.THEIRS)
            if i < len(gap.ours):
                texts = gap.ours[i].text, gap.theirs[j].text
                yield Place(self._make(gap.ours[i].kind, *texts), Choice.BOTH)
            o, t = i + 1, j + 1

    def _make(
        self, kind: Kind, ours: str | None, theirs: str | None, *, is_moved: bool = False
    ) -> Item:
        made = (kind, ours, theirs, is_moved)
        self._seen[made] += 1
        is_single = None not in (ours, theirs) and kind in (Kind.PAIR, Kind.FENCE)
        return Item((*made, self._seen[made]), kind, ours, theirs, is_moved, is_single)


def _match(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> list[tuple[int, int]]:
    """Return the indices of the pieces that both sides have, in order; not of empty lines."""
    first, second = (
        [at for at, piece in enumerate(side) if piece.kind is not Kind.BLANK]
        for side in (ours, theirs)
    )
    pairs = lines.match([ours[at].identity for at in first], [theirs[at].identity for at in second])
    return [(first[i], second[j]) for i, j in pairs]


def _count_same(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> int:
    """Return how many pieces are the same at the start of two lists: empty lines, at most."""
    pairs = zip(ours, theirs, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one.text != other.text),
        min(len(ours), len(theirs)),
    )


@dataclass(slots=True, eq=False)
class _Block:
    """Neighbouring pieces of one side that are chosen together."""

    kind: Kind
    text: str
    identity: object
    item: Item | None = None
    """If the same stands elsewhere on the other side."""

    def names(self) -> Iterator[object]:
        """Yield by what it is found on the other side: its text, then its identity."""
        if text := self.text.strip():
            yield self.kind, text
            if self.kind in (Kind.TASK, Kind.PAIR):
                yield self.identity


@dataclass(slots=True)
class _Gap:
    """What each side alone has between two pieces that both have."""

    ours: list[_Block]
    theirs: list[_Block]


class _Blocks:
    """Joins the lines of a paragraph, front matter, and empty lines with what they follow."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self.found: list[_Block] = []
        lead = ""
        in_front = False
        for piece in pieces:
            last = self.found[-1] if self.found else None
            if last is None and piece.kind is Kind.BLANK:
                lead += piece.text
            elif last is not None and (in_front or self._joins(last, piece)):
                last.text += piece.text
            else:
                self.found.append(_Block(piece.kind, lead + piece.text, piece.identity))
                lead = ""
            if piece.kind is Kind.FENCE:
                in_front = not in_front
        if lead:
            self.found.append(_Block(Kind.BLANK, lead, None))

    @staticmethod
    def _joins(last: _Block, piece: _Piece) -> bool:
        if piece.kind is Kind.BLANK:
            return True
        of_text = last.kind is piece.kind is Kind.TEXT
        return of_text and not last.text.endswith(("\n\n", "\n\r\n", "\r\r"))


_TEXTS: Final = (Kind.TEXT, Kind.BULLET, Kind.HEADING, Kind.TASK)
_LONG_WORDS: Final = re.compile(r"\w{2,}")


def _pair_blocks(ours: Sequence[_Block], theirs: Sequence[_Block]) -> list[tuple[int, int]]:
    """Return which blocks of two sides are versions of one, in order."""
    first, second = (
        [at for at, block in enumerate(side) if block.item is None] for side in (ours, theirs)
    )
    if len(first) == len(second) == 1:
        one, other = ours[first[0]], theirs[second[0]]
        if one.kind is other.kind is not Kind.TASK or _is_version(one, other):
            return [(first[0], second[0])]
    if max(len(first), len(second)) > _PAIRS_LIMIT:
        return []
    found: list[tuple[int, int]] = []
    for i in first:
        last = found[-1][1] if found else -1
        j = next((j for j in second if j > last and _is_version(ours[i], theirs[j])), None)
        if j is not None:
            found.append((i, j))
    return found


def _is_version(one: _Block, other: _Block) -> bool:
    if one.kind is not other.kind or one.kind not in _TEXTS:
        return False
    first, second = _LONG_WORDS.findall(one.text), _LONG_WORDS.findall(other.text)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= SIMILAR


def _join_texts(parts: Iterable[Part]) -> list[Part]:
    """Join neighbouring texts."""
    found: list[Part] = []
    run: list[str] = []
    for part in parts:
        if isinstance(part, str):
            run.append(part)
            continue
        if run:
            found.append("".join(run))
            run = []
        found.append(part)
    return [*found, "".join(run)] if run else found
