"""Find listed names and words in text, however they are written.

A text is compared in two forms, both folded to lower case without accents. In the joined form,
markup, hyphens, dots and apostrophes are removed (`M**ar**ia`, `O'Brien`). In the form with parts
they are spaces, and there are spaces around digits and before the `M` in `notesOnMaria`. Each form
is made by `str.translate` and looked up word by word, so the time grows with the length of the text
alone, whatever the number of names. Places are computed only where a name was found.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, repeat
from typing import Final, NamedTuple
from urllib.parse import unquote

from tldash.model.frozen import frozen
from tldash.model.spelling import fold_accents

LONGEST_NAME: Final = 8
"""Words of a listed name, those of its joined and its separate form alike."""
_GAP_LIMIT: Final = 40
"""Characters between two words of a name, such as a line end and the bar of a quote."""
_INITIALS: Final = 3
"""Letters up to which a name in capitals is taken for initials."""

_MARKUP: Final = frozenset("*_`~[]=\\^")
_JOINERS: Final = frozenset("-.'’‘ʼ´‐‑·")
_FILLERS: Final = re.compile("[\u034f\u115f\u1160\u180b-\u180d\u3164\ufe00-\ufe0f\uffa0]")
"""Letters and marks that look like nothing (Default_Ignorable_Code_Point). Those of the category Cf
are recognized by that."""
_NO_SPACES: Final = ("CJK ", "HIRAGANA ", "KATAKANA ")
"""Starts of the names of characters whose scripts put no spaces between words."""

_ENCODED: Final = (
    r"&\#?\w{1,31};"
    r"|(?:%[0-9A-Fa-f]{2}){1,64}"
    r"|\\u\{?[0-9A-Fa-f]{4,6}\}?|\\x[0-9A-Fa-f]{2}"
)
"""A character reference, bytes of an address, and escapes of YAML and JSON."""
_DIVIDED: Final = r"[-\u2010\u00ad][ \t]*(?:\r\n|\n|\r)[ \t>]*(?=[^\W_])"
"""Between the parts of a word that is divided at the end of a line."""
_CAPITAL: Final = r"[A-Z](?<=[^\W\d_A-Z][A-Z])"
"""A capital inside a word. Its class comes first, since the regex engine skips to it quickly."""
_TAG: Final = r"<[!/A-Za-z][^<>\n]{0,200}>"
_MAY_BE_ENCODED: Final = re.compile(r"[&%\\<]")
_IN_JOINED: Final = (re.compile(_DIVIDED), re.compile(f"{_ENCODED}|{_TAG}|{_DIVIDED}"))
_IN_PARTS: Final = (re.compile(_CAPITAL), re.compile(f"{_ENCODED}|{_CAPITAL}"))
"""What is folded as a whole, in each form: of ordinary text, and of any. Two expressions, because
one that begins with a single class takes a tenth of the time."""
_NO_GAP: Final = re.compile(
    r"[,;:!?()\"]|(?:\r\n|\n|\r(?!\n))[ \t>]*(?:[\r\n]|(?:[-*+]|\d{1,9}[.)]|\#{1,6})[ \t]|\|)"
)
"""What does not stand inside a name: punctuation, an empty line, or the start of another block."""
_BLOCK_START: Final = re.compile(
    r"[ \t>]*(?:(?:[-*+|]|\d{1,9}[.)]|\#{1,6}|[\w -]+:)[ \t]+)*(?:\[.\][ \t]+)?", re.ASCII
)
_OPENING: Final = "*_`~=\"'“‘„«([ \t"
"""Characters between the end of a sentence and the first letter of the next one."""
_SENTENCE_ENDS: Final = tuple(".!?:;…|–—")

_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "Ä": "Ae", "Ö": "Oe",
     "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Æ": "Ae"}
)  # fmt: skip
"""How people write these letters on a keyboard without them."""
_LOOKALIKES: Final = str.maketrans(
    "авекмнорстухіјѕԁһԛԝӏαεικορτυχν", "abekmhopctyxijsdhqwlaeikoptuxv"
)
"""Small letters of Cyrillic and Greek, and the Latin ones that they, or their capitals, look like
(a part of confusables.txt of Unicode Technical Standard 39)."""

_WORDS: Final = (
    "amber angel april art ash august autumn bay bear bill bishop blaze bob brook brooke buck bud "
    "carol chance chase chip chuck clay cliff colt cooper crystal curt daisy dale dash dawn dean "
    "destiny dick don drew duke earl ernest eve faith fawn fern flora forest frank gene ginger "
    "glen grace grant guy hank harmony hazel heath heather holly hope hunter iris ivy jack jade "
    "jasmine jay jean jewel job josh joy june king lance lane lee lily mark marsh mason max may "
    "melody mercy miles miller nick norm olive page parker pat patience pearl peg penny pepper "
    "piper pierce poppy ray reed rich river rob robin rocky rod roman rose ruby rusty sage "
    "sandy sky skip sonny spike star stew sterling storm sue summer taylor trip tuck van "
    "victor violet wade ward warren wells will willow winter wood woody wren "
)
ORDINARY: Final = frozenset(_WORDS.split())
"""Names that are words of their own in English."""


@frozen
class ListedName:
    """One spelling of a listed name, or a listed word."""

    text: str
    """As the viewer wrote it."""
    nickname: str = ""
    """What to write instead; empty if nothing is given."""
    ordinary: bool = False
    """Whether it is an ordinary word too, so that a small first letter means the word."""

    @property
    def is_initials(self) -> bool:
        """Whether it is initials, which count in capitals only."""
        letters = [one for one in self.text if one.isalpha()]
        return self.text.isupper() and len(letters) <= _INITIALS

    @property
    def needs_capital(self) -> bool:
        """Whether its first letter must be a capital: an ordinary word, listed with one."""
        return self.ordinary and self.text[:1].isupper()


class FoundName(NamedTuple):
    """A listed name in a text."""

    start: int
    end: int
    """Indexes of characters, as of a slice."""
    name: ListedName
    sure: bool = True
    """False for an ordinary word where one has a capital anyway: first in a sentence, or in
    capitals throughout."""


class _Folds(dict[int, str]):
    """What each character is in a form of a text: a table for `str.translate`, made as needed."""

    def __init__(self, between: str) -> None:
        """`between` stands for markup, and for what joins the parts of names."""
        super().__init__()
        self._between = between

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._fold(chr(code))
        return folded

    def _fold(self, character: str) -> str:
        if character in _MARKUP or character in _JOINERS:
            return self._between
        if _FILLERS.match(character):
            return ""
        compatible = unicodedata.normalize("NFKD", character)
        base = unicodedata.normalize("NFKD", fold_accents(compatible))
        kept = "".join(one for one in base if one.isalnum() or _is_vowel_sign(one))
        if kept.isdecimal():
            return f" {kept} " if self._between else kept
        if kept:
            apart = unicodedata.name(character, "").startswith(_NO_SPACES)
            return f" {kept} " if apart else kept
        is_mark = unicodedata.combining(character) or unicodedata.category(character) in "Cf Me"
        return "" if is_mark else " "


def _is_vowel_sign(character: str) -> bool:
    """Return whether this is a mark that is a letter of its own, as in Devanagari."""
    category = unicodedata.category(character)
    return category in ("Mn", "Mc") and not unicodedata.combining(character)


_JOINED: Final = _Folds("")
_PARTS: Final = _Folds(" ")


_Patterns = tuple[re.Pattern[str], re.Pattern[str]]


class _Piece(NamedTuple):
    """A part of a text, and what it is folded to."""

    start: int
    end: int
    folded: str
    is_plain: bool
    """Whether each character is folded on its own."""


class _Form:
    """A text in one of its two forms."""

    def __init__(self, text: str, folds: _Folds, special: _Patterns) -> None:
        self._text = text
        self._folds = folds
        self._special = special[_MAY_BE_ENCODED.search(text) is not None]
        folded = "".join(piece.folded for piece in self._pieces())
        if not folded.isascii():
            folded = " ".join(map(_unify, folded.split(" ")))
        self.folded = folded

    def _pieces(self) -> Iterator[_Piece]:
        text, at = self._text, 0
        for match in self._special.finditer(text):
            yield _Piece(at, match.start(), text[at : match.start()].translate(self._folds), True)
            at = match.end()
            decoded = _decode(match[0]).translate(self._folds)
            yield _Piece(match.start(), at, " " * match[0].isalnum() + decoded, False)
        yield _Piece(at, len(text), text[at:].translate(self._folds), True)

    def places(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return where each folded character starts and ends in the text."""
        starts, ends = array("I"), array("I")
        for piece in self._pieces():
            if not piece.is_plain:
                starts.extend([piece.start] * len(piece.folded))
                ends.extend([piece.end] * len(piece.folded))
                continue
            codes = map(ord, self._text[piece.start : piece.end])
            lengths = [len(self._folds[code]) for code in codes]
            places = range(piece.start, piece.end)
            starts.extend(chain.from_iterable(map(repeat, places, lengths)))
            ends.extend(chain.from_iterable(map(repeat, (at + 1 for at in places), lengths)))
        return starts, ends


def _unify(word: str) -> str:
    """Return a word that mixes scripts with its Cyrillic and Greek letters as Latin ones."""
    if word.isascii() or not any(map(str.isascii, word)):
        return word
    return word.translate(_LOOKALIKES)


def _decode(written: str) -> str:
    """Return the characters that an encoded one stands for; none for a tag or a line end."""
    if written.startswith("&"):
        decoded = html.unescape(written)
        return decoded if decoded != written else f" {written} "
    if written.startswith("%"):
        return unquote(written)
    if written.startswith("\\"):
        code = int(written[2:].strip("{}"), 16)
        return chr(code) if code <= 0x10FFFF else " "
    return written if written.isalnum() else ""


def fold_name(text: str) -> tuple[str, ...]:
    """Return the forms in which a name is looked up, each as words; none for a name without any."""
    forms = []
    composed = unicodedata.normalize("NFC", text)
    for written in dict.fromkeys((composed, composed.translate(_SPELLED_OUT))):
        for folds, special in ((_JOINED, _IN_JOINED), (_PARTS, _IN_PARTS)):
            words = _Form(written, folds, special).folded.split()
            forms.append(" ".join(words))
    return tuple(filter(None, dict.fromkeys(forms)))


class NameFinder:
    """Finds the names of a list in texts."""

    def __init__(self, names: Iterable[ListedName]) -> None:
        """Of two names that are written alike, the first one counts."""
        self._names: dict[str, ListedName] = {}
        self._longest: dict[str, int] = {}
        """First word of a name -> words of the longest name that begins with it."""
        for name in names:
            for form in fold_name(name.text):
                self._add(form, name)
                if name.is_initials and len(form) > 1:
                    self._add(" ".join(form.replace(" ", "")), name)

    def __bool__(self) -> bool:
        """Return whether there is any name."""
        return bool(self._names)

    def _add(self, form: str, name: ListedName) -> None:
        first, *others = form.split()
        self._names.setdefault(form, name)
        for word in (first,) if others else (first, f"{first}s"):
            self._longest[word] = max(self._longest.get(word, 0), len(others) + 1)

    def find(self, text: str) -> list[FoundName]:
        """Return the names in a text by place. None overlaps another; the longest one counts."""
        found: list[FoundName] = []
        for folds, special in ((_JOINED, _IN_JOINED), (_PARTS, _IN_PARTS)):
            form = _Form(text, folds, special)
            if not self._longest.keys().isdisjoint(form.folded.split()):
                found.extend(self._find(text, form))
        found.sort(key=lambda one: (one.start, -one.end, not one.sure))
        kept: list[FoundName] = []
        for one in found:
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def _find(self, text: str, form: _Form) -> Iterator[FoundName]:
        places: tuple[Sequence[int], Sequence[int]] | None = None
        spans = [match.span() for match in re.finditer(r"[^ ]+", form.folded)]
        words = [form.folded[start:end] for start, end in spans]
        for at, word in enumerate(words):
            for count in range(min(self._longest.get(word, 0), len(words) - at), 0, -1):
                name, possessive = self._look_up(" ".join(words[at : at + count]))
                if name is None:
                    continue
                starts, ends = places = places or form.places()
                last = spans[at + count - 1][1] - possessive
                gaps = [
                    text[ends[before[1] - 1] : starts[after[0]]]
                    for before, after in pairwise(spans[at : at + count])
                ]
                start, end = starts[spans[at][0]], _with_marks(text, ends[last - 1])
                if not any(map(_is_no_gap, gaps)) and _has_right_case(name, text[start:end]):
                    yield FoundName(start, end, name, _is_sure(name, text, start, end))
                    break

    def _look_up(self, phrase: str) -> tuple[ListedName | None, int]:
        """Return the name that a phrase is, and the number of its last letters for `'s`."""
        name = self._names.get(phrase)
        if name is None and phrase.endswith("s"):
            name = self._names.get(phrase[:-1])
            if name is not None and not name.needs_capital and not name.is_initials:
                return name, 1
            return None, 0
        return name, 0


def _is_no_gap(between: str) -> bool:
    return len(between) > _GAP_LIMIT or _NO_GAP.search(between) is not None


def _with_marks(text: str, end: int) -> int:
    """Return the end of a name with the accents that follow its last letter."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _has_right_case(name: ListedName, written: str) -> bool:
    if not name.is_initials and not name.needs_capital:
        return True
    decoded = _IN_JOINED[1].sub(lambda match: _decode(match[0]), written)
    letters = [one for one in unicodedata.normalize("NFKD", decoded) if one.isalpha()]
    return all(map(str.isupper, letters if name.is_initials else letters[:1]))


def _is_sure(name: ListedName, text: str, start: int, end: int) -> bool:
    """Return whether a capital says that an ordinary word is a name here."""
    if not name.needs_capital or re.match(r"['’]s\b", text[end:]):
        return True
    written = text[start:end]
    return not (written.isupper() and len(written) > 1) and not starts_sentence(text, start)


def starts_sentence(text: str, start: int) -> bool:
    """Return whether a sentence, a list item, a heading or a value begins at an index."""
    before = text[max(start - 200, 0) : start].replace("\r", "\n")
    above, _, line = before.rpartition("\n")
    marker = _BLOCK_START.match(line)
    rest = line[marker.end() :] if marker is not None else line
    if rest.strip(_OPENING):
        return rest.rstrip(_OPENING).endswith(_SENTENCE_ENDS)
    if marker is not None and marker[0].strip(" \t>"):
        return True
    above = above.rpartition("\n")[2].strip(_OPENING + ">")
    return not above or above.startswith("#") or above.endswith(_SENTENCE_ENDS)
