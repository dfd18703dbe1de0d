"""Views of the overview under names of the user's own, in a small file that is edited by hand, too.

    stalled: {filter: "needs coach:mira", sort: last session, group: coach}

What stands there by hand is never lost: one entry is added, its value put in the place of the old
one, or its lines taken out but for their comments; all other bytes stay, and where the result would
not be understood as meant, nothing is written.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from tldash.formats.text import NotText
from tldash.formats.yaml import load as yamls
from tldash.insight.overview import Grouping, SortOrder, View
from tldash.model.frozen import frozen
from tldash.model.records import Problem, Severity
from tldash.model.spelling import suggest_spelling
from tldash.storage.safe_open import Unreadable
from tldash.user.paths import settings_file
from tldash.user.settings import MOST, SIZE_LIMIT, Where, own_text, problems

BUILT_IN: Final = {
    "all": View(),
    "needs you": View("needs"),
    "no session planned": View("noplan", SortOrder.LAST),
    "by coach": View(group=Grouping.COACH),
}
KEYS: Final = ("filter", "sort", "group")
CODE: Final = "own-settings"
LONGEST_NAME: Final = 60
_COMMENT: Final = re.compile(r"(?<![^ \t\r\n])#[^\r\n]*")
_LINE_REST: Final = re.compile(r"[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|\Z)")


@frozen
class Views:
    """The views of a file, and what is wrong with those that cannot be understood."""

    own: dict[str, View]
    problems: tuple[Problem, ...] = ()

    @property
    def troubles(self) -> tuple[str, ...]:
        """A sentence on each problem."""
        return tuple(f"{one.path}:{one.line}: {_sentence(one)}" for one in self.problems)

    @property
    def all(self) -> dict[str, View]:
        """The user's own, then the others; one of the same name takes the place of the other."""
        return {**self.own, **{name: v for name, v in BUILT_IN.items() if name not in self.own}}


@frozen
class Deleted:
    """A view that was deleted, with what it takes to put it back."""

    name: str
    view: View
    before: str
    """The file with it."""
    after: str


def _sentence(problem: Problem) -> str:
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


def views_file() -> Path:
    """The file, beside the user's other settings."""
    return settings_file().with_name("views.yaml")


def load(file: Path) -> Views:
    """The views of a file. Never raises; what cannot be understood costs itself only."""
    try:
        text = own_text(file)
    except FileNotFoundError:
        return Views({})
    except NotText as error:
        place, message, hint = (error.line, error.column), error.message, error.hint
    except Unreadable as error:
        place, message = (1, 1), error.message
        hint = error.hint or "write it anew, or remove it"
    else:
        return _understood(text, file)
    problem = Problem(str(file), *place, Severity.WARNING, CODE, message, hint)
    return Views({}, (problem,))


def find(name: str, file: Path) -> View | str:
    """The view of that name, or a sentence that says why there is none."""
    views = load(file)
    known = {other.casefold(): view for other, view in views.all.items()}
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    if views.troubles:
        return f"there is no view '{name}'; {views.troubles[0]}"
    meant = suggest_spelling(wanted, views.all)
    hint = f"did you mean '{meant}'?" if meant else f"there are: {', '.join(views.all)}"
    return f"there is no view '{name}'; {hint}"


def _understood(text: str, file: Path) -> Views:
    text = text.removeprefix("\ufeff")
    data, faulty = yamls.load(text, str(file))
    found = tuple(
        replace(one, severity=Severity.WARNING, hint=one.hint or "mend this line") for one in faulty
    )
    if data is None:
        return Views({}, found)
    if not isinstance(data, dict):
        faults = [((), "names with views were expected", "write for example mine: {filter: needs}")]
        return Views({}, (*found, *problems(file, text, faults)))
    own = {}
    wrong: list[tuple[Where, str, str]] = []
    for key, value in data.items():
        name = str(key)
        view = _view(value)
        if isinstance(view, View):
            own[name] = view
        else:
            message, hint = view
            wrong.append(((name,), f"{name}: {message}", hint))
    return Views(own, (*found, *problems(file, text, wrong[:MOST])))


def _view(value: object) -> View | tuple[str, str]:
    """One entry; its words alone are a filter. Or what is wrong with it, and what to write."""
    if isinstance(value, str):
        return View(value)
    if not isinstance(value, dict):
        return "no view stands here", "write a filter, or filter, sort and group"
    unknown = next((str(key) for key in value if key not in KEYS), None)
    if unknown is not None:
        meant = suggest_spelling(unknown, KEYS)
        hint = f"did you mean {meant}?" if meant else f"known are {', '.join(KEYS)}"
        return f"the key '{unknown}' means nothing here", hint
    words = value.get("filter") or ""
    if not isinstance(words, str):
        return "its filter is no text", "put it in quotes"
    return _ordered(words, value.get("sort") or SortOrder.NEED, value.get("group"))


def _ordered(words: str, sort: object, group: object) -> View | tuple[str, str]:
    if sort not in list(SortOrder):
        return f"cannot be sorted by '{sort}'", f"known are {', '.join(SortOrder)}"
    if group is not None and group not in list(Grouping):
        return f"cannot be grouped by '{group}'", f"known are {', '.join(Grouping)}"
    return View(words, SortOrder(str(sort)), None if group is None else Grouping(str(group)))


def written(view: View) -> str:
    """A view as it stands in the file."""
    group = f", group: {view.group}" if view.group is not None else ""
    words = json.dumps(view.filter, ensure_ascii=False)
    return f"{{filter: {words}, sort: {view.sort}{group}}}"


def save(name: str, view: View, file: Path) -> str:
    """Write a view under a name, in place of one of that name. Why that was not done, or nothing.

    Nothing is written where the file cannot be understood, or was changed meanwhile.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return f"a view needs a name of 1 to {LONGEST_NAME} characters"
    done = _rewritten(file, lambda text: with_view(text, name, view))
    return f"not saved: {done}" if isinstance(done, str) else ""


def delete(name: str, file: Path) -> Deleted | str:
    """Take the view of that name out of the file. Or why that was not done, as for saving."""
    done = _rewritten(file, lambda text: without_view(text, name))
    if isinstance(done, str):
        return f"not deleted: {done}"
    before, after = done
    return Deleted(name, _understood(before, file).own[name], before, after)


def put_back(deleted: Deleted, file: Path) -> str:
    """Make a view again that was deleted; the file as it was, unless it was changed meanwhile.

    Why that was not done, or nothing.
    """

    def made(text: str) -> str | None:
        if text == deleted.after:
            return deleted.before
        return with_view(text, deleted.name, deleted.view)

    if deleted.name in load(file).own:
        return f"not put back: there is another view “{deleted.name}” by now"
    done = _rewritten(file, made)
    return f"not put back: {done}" if isinstance(done, str) else ""


def _rewritten(file: Path, change: Callable[[str], str | None]) -> tuple[str, str] | str:
    """Change the text of the file; what it was and is now, or why that was not done."""
    try:
        old = own_text(file)
    except FileNotFoundError:
        old = None
    except (Unreadable, NotText) as error:
        return f"{file}: {error.message}"
    new = change(old or "")
    if new is None:
        before = _understood(old or "", file).troubles
        by_hand = f"{file} has it written in a way that is changed by hand only"
        return before[0] if before else by_hand
    try:
        changed = replaced(file, old, new)
    except (OSError, Unreadable, NotText) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        return f"{file}: {reason}"
    return (old or "", new) if changed else f"{file} was changed meanwhile"


def with_view(text: str, name: str, view: View) -> str | None:
    """The text with that entry, and all else as it was; None where that cannot be done."""
    before = _understood(text, Path())
    value = written(view)
    span = _span(text, name)
    if span is not None and _holds_comment(text[slice(*span)]):
        return None
    if span is not None:
        new = text[: span[0]] + value + text[span[1] :]
    else:
        end = "\r\n" if "\r\n" in text else "\n"
        gap = end if text and not text.endswith(("\n", "\r")) else ""
        new = f"{text}{gap}{json.dumps(name, ensure_ascii=False)}: {value}{end}"
    after = _understood(new, Path())
    wanted = {**before.own, name: view}
    # A view that was not understood before may have been the one that is saved over.
    told = [one for one in _told(before) if not one.startswith(f"{name}: ")]
    fits = len(new.encode("utf-8", "replace")) <= SIZE_LIMIT
    return new if fits and after.own == wanted and _told(after) == told else None


def _told(views: Views) -> list[str]:
    """What is wrong, wherever it stands."""
    return [_sentence(one) for one in views.problems]


def without_view(text: str, name: str) -> str | None:
    """The text without that entry, and all else as it was; None where that cannot be done.

    The lines of the entry go; comments on them stay, on lines of their own.
    """
    before = _understood(text, Path())
    pair = _pair(text, name)
    if pair is None or name not in before.own:
        return None
    key, value = pair
    start, end = value.start_mark.index, _end(value)
    rest = _LINE_REST.match(text, end)
    first = key.start_mark.index - key.start_mark.column
    if (
        rest is None
        or text[first : key.start_mark.index].strip()
        or _holds_comment(text[start:end])
    ):
        return None
    between = text[key.end_mark.index : start]
    notes = [*_COMMENT.findall(between), *filter(None, [rest[1]])]
    head, eol = text[first : key.start_mark.index], rest[2] or "\n"
    kept = "".join(f"{head}{note}{eol}" for note in notes)
    new = text[:first] + kept + text[rest.end() :]
    after = _understood(new, Path())
    wanted = {other: view for other, view in before.own.items() if other != name}
    return new if after.own == wanted and _told(after) == _told(before) else None


def _end(node: Any) -> int:  # noqa: ANN401 - as ruamel.yaml types what a node holds
    """Where what is written of a node ends; the marks of blocks go on to the next entry."""
    if node.id in {"mapping", "sequence"} and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if node.id == "mapping" else last)
    return int(node.end_mark.index)


def _pair(text: str, name: str) -> tuple[Any, Any] | None:
    """The nodes of the key and the value of that name."""
    node: Any = yamls.compose(text)
    pairs = node.value if node is not None and node.id == "mapping" else ()
    return next((pair for pair in pairs if pair[0].id == "scalar" and pair[0].value == name), None)


def _span(text: str, name: str) -> tuple[int, int] | None:
    """Where the value of that name stands."""
    pair = _pair(text, name)
    if pair is None:
        return None
    start, end = pair[1].start_mark.index, pair[1].end_mark.index
    return start, start + len(text[start:end].rstrip())


def _holds_comment(old: str) -> bool:
    """Whether a value may have somebody's words in it that are no value."""
    return "#" in old and ("\n" in old or "\r" in old)


def replaced(file: Path, old: str | None, new: str) -> bool:
    """Put the text in the place of the old one, at once; False where that is no more the old one.

    A link stays one; whoever may read the file may do so as before. Raises OSError and whatever
    reading does.
    """
    if _now(file) != old:
        return False
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = Path(os.path.realpath(file))
    mode = stat.S_IMODE(target.stat().st_mode) if old is not None else 0o600
    part = target.with_name(f"{target.name}.{token_hex(4)}.part")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "wb") as made:
            made.write(new.encode())
            made.flush()
            os.fsync(made.fileno())
        part.chmod(mode)
        if _now(file) != old:
            return False
        part.replace(target)
    except UnicodeEncodeError as error:
        raise OSError(errno.EILSEQ, "it has signs that no file can hold") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return True


def _now(file: Path) -> str | None:
    try:
        return own_text(file)
    except FileNotFoundError:
        return None
