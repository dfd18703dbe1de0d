"""Views of the overview under names of the user's own, in a small file that is edited by hand, too.

    stalled: {filter: "needs coach:mira", sort: last session, group: coach}

What stands there by hand is never lost: one entry is added or its value put in the place of the
old one, all other bytes stay, and where the result would not be understood as meant, nothing is
written.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from tldash.config import SIZE_LIMIT, own_text
from tldash.files import yamls
from tldash.files.inside import Unreadable
from tldash.files.read import NotText
from tldash.frozen import frozen
from tldash.insight.arranging import Parting, Sorting, View
from tldash.ownfile import settings_file
from tldash.slips import near

BUILT_IN: Final = {
    "all": View(),
    "needs you": View("needs"),
    "no session planned": View("noplan", Sorting.LAST),
    "by coach": View(group=Parting.COACH),
}
KEYS: Final = ("filter", "sort", "group")
LONGEST_NAME: Final = 60


@frozen
class Views:
    """The views of a file, and a sentence on each that cannot be understood."""

    own: dict[str, View]
    troubles: tuple[str, ...] = ()

    @property
    def all(self) -> dict[str, View]:
        """The user's own, then the others; one of the same name takes the place of the other."""
        return {**self.own, **{name: v for name, v in BUILT_IN.items() if name not in self.own}}


def views_file() -> Path:
    """The file, beside the user's other settings."""
    return settings_file().with_name("views.yaml")


def load(file: Path) -> Views:
    """The views of a file. Never raises; what cannot be understood costs itself only."""
    try:
        text = own_text(file)
    except FileNotFoundError:
        return Views({})
    except (Unreadable, NotText) as error:
        return Views({}, (f"{file}: {error.message}",))
    return _understood(text, file)


def find(name: str, file: Path) -> View | str:
    """The view of that name, or a sentence that says why there is none."""
    views = load(file)
    known = {other.casefold(): view for other, view in views.all.items()}
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    if views.troubles:
        return f"there is no view '{name}'; {views.troubles[0]}"
    meant = near(wanted, views.all)
    hint = f"did you mean '{meant}'?" if meant else f"there are: {', '.join(views.all)}"
    return f"there is no view '{name}'; {hint}"


def _understood(text: str, file: Path) -> Views:
    data, problems = yamls.load(text.removeprefix("\ufeff"), str(file))
    troubles = [f"{file}:{problem.line}: {problem.message}" for problem in problems]
    if data is None:
        return Views({}, tuple(troubles))
    if not isinstance(data, dict):
        sentence = f"{file}: names with views were expected, such as mine: {{filter: needs}}"
        return Views({}, (*troubles, sentence))
    own = {}
    for key, value in data.items():
        name = str(key)
        view = _view(value)
        if isinstance(view, str):
            troubles.append(f"{file}: {name}: {view}")
        else:
            own[name] = view
    return Views(own, tuple(troubles))


def _view(value: object) -> View | str:
    """One entry; its words alone are a filter."""
    if isinstance(value, str):
        return View(value)
    if not isinstance(value, dict):
        return "a filter, or filter, sort and group were expected"
    unknown = next((str(key) for key in value if key not in KEYS), None)
    if unknown is not None:
        meant = near(unknown, KEYS)
        hint = f"did you mean {meant}?" if meant else f"known are {', '.join(KEYS)}"
        return f"the key '{unknown}' means nothing here; {hint}"
    words = value.get("filter") or ""
    if not isinstance(words, str):
        return "its filter is no text; put it in quotes"
    return _ordered(words, value.get("sort") or Sorting.NEED, value.get("group"))


def _ordered(words: str, sort: object, group: object) -> View | str:
    if sort not in list(Sorting):
        return f"cannot be sorted by '{sort}'; known are {', '.join(Sorting)}"
    if group is not None and group not in list(Parting):
        return f"cannot be grouped by '{group}'; known are {', '.join(Parting)}"
    return View(words, Sorting(str(sort)), None if group is None else Parting(str(group)))


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
    try:
        old = own_text(file)
    except FileNotFoundError:
        old = None
    except (Unreadable, NotText) as error:
        return f"not saved: {file}: {error.message}"
    new = with_view(old or "", name, view)
    if new is None:
        before = _understood(old or "", file).troubles
        why = (
            before[0] if before else f"{file} has it written in a way that is changed by hand only"
        )
        return f"not saved: {why}"
    try:
        return "" if replaced(file, old, new) else f"not saved: {file} was changed meanwhile"
    except (OSError, Unreadable, NotText) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        return f"not saved: {file}: {reason}"


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
    lost = [other for other in before.troubles if not other.startswith(f".: {name}: ")]
    fits = len(new.encode("utf-8", "replace")) <= SIZE_LIMIT
    return new if fits and after.own == wanted and list(after.troubles) == lost else None


def _span(text: str, name: str) -> tuple[int, int] | None:
    """Where the value of that name stands."""
    node: Any = yamls.compose(text)
    if node is None or node.id != "mapping":
        return None
    for key, value in node.value:
        if key.id == "scalar" and key.value == name:
            start, end = value.start_mark.index, value.end_mark.index
            return start, start + len(text[start:end].rstrip())
    return None


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
