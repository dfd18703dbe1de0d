"""Load, save and delete named views of the overview, in a small file that people edit too.

    stalled: {filter: "needs coach:mira", sort: last session, group: coach}

Every edit is a splice: it adds one entry, replaces the value of one, or removes the lines of one
except for their comments. All other bytes stay. If the result would not parse as intended, nothing
is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tldash.formats.text import NotText
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import (
    ListNode,
    MappingNode,
    Node,
    Pair,
    ScalarNode,
    child,
    position,
)
from tldash.insight.overview import Grouping, SortOrder, View
from tldash.model.frozen import frozen
from tldash.model.records import Problem
from tldash.model.spelling import suggest_spelling
from tldash.storage.safe_open import Unreadable
from tldash.user.own_files import SIZE_LIMIT, read_text, replace_text
from tldash.user.settings_parser import (
    PROBLEM_LIMIT,
    Fault,
    describe_faults,
    describe_unreadable,
    parse_yaml,
)

BUILT_IN: Final = {
    "all": View(),
    "needs you": View("needs"),
    "no session planned": View("noplan", SortOrder.LAST),
    "by coach": View(group=Grouping.COACH),
}
KEYS: Final = ("filter", "sort", "group")
LONGEST_NAME: Final = 60
_COMMENT: Final = re.compile(r"(?<![^ \t\r\n])#[^\r\n]*")
_LINE_REST: Final = re.compile(r"[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|\Z)")
_GAP: Final = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z))*")
"""The end of a line, and the empty lines and comments after it."""


@frozen
class Views:
    """The views of a file, and the problems of the entries that do not parse."""

    own: dict[str, View]
    problems: tuple[Problem, ...] = ()

    @property
    def troubles(self) -> tuple[str, ...]:
        """Each problem as `FILE:LINE: message`."""
        return tuple(f"{one.path}:{one.line}: {_sentence(one)}" for one in self.problems)

    @property
    def all(self) -> dict[str, View]:
        """The user's own views, then the built-in ones that they do not override."""
        return {**self.own, **{name: v for name, v in BUILT_IN.items() if name not in self.own}}


@frozen
class DeletedView:
    """A deleted view, with everything needed to restore it."""

    name: str
    view: View
    before: str
    """Content of the file before the deletion."""
    after: str
    """Content of the file after it."""


def _sentence(problem: Problem) -> str:
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


def load(file: Path) -> Views:
    """Load the views of a file. Never raises. An entry that does not parse becomes a problem."""
    try:
        return _parse(read_text(file), file)
    except FileNotFoundError:
        return Views({})
    except (NotText, Unreadable) as error:
        return Views({}, (describe_unreadable(file, error),))


def find(name: str, file: Path) -> View | str:
    """Return the view of that name, or a message why there is none."""
    views = load(file)
    known = {other.casefold(): view for other, view in views.all.items()}
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    if views.troubles:
        return f"there is no view '{name}'; {views.troubles[0]}"
    meant = suggest_spelling(wanted, views.all)
    hint = f"did you mean '{meant}'?" if meant else f"choose from: {', '.join(views.all)}"
    return f"there is no view '{name}'; {hint}"


def _parse(text: str, file: Path) -> Views:
    data, found = parse_yaml(text, file)
    text = text.removeprefix("\ufeff")
    if data is None:
        return Views({}, found)
    if not isinstance(data, dict):
        hint = "write for example mine: {filter: needs}"
        faults: list[Fault] = [((), "expected names with views", hint)]
        return Views({}, (*found, *describe_faults(file, text, faults)))
    own = {}
    wrong: list[Fault] = []
    for key, value in data.items():
        name = str(key)
        view = _parse_view(value)
        if isinstance(view, View):
            own[name] = view
        else:
            message, hint = view
            wrong.append(((name,), f"{name}: {message}", hint))
    return Views(own, (*found, *describe_faults(file, text, wrong[:PROBLEM_LIMIT])))


def _parse_view(value: object) -> View | tuple[str, str]:
    """Parse an entry: a filter alone, or a mapping. Returns a message and hint if it is neither."""
    if isinstance(value, str):
        return View(value)
    if not isinstance(value, dict):
        return "this is not a view", "write a filter, or filter, sort and group"
    unknown = next((str(key) for key in value if key not in KEYS), None)
    if unknown is not None:
        meant = suggest_spelling(unknown, KEYS)
        hint = f"did you mean {meant}?" if meant else f"choose from {', '.join(KEYS)}"
        return f"unknown key '{unknown}'", hint
    words = value.get("filter") or ""
    if not isinstance(words, str):
        return "the filter is not text", "put it in quotes"
    return _parse_order(words, value.get("sort") or SortOrder.NEED, value.get("group"))


def _parse_order(words: str, sort: object, group: object) -> View | tuple[str, str]:
    if sort not in list(SortOrder):
        return f"cannot be sorted by '{sort}'", f"choose from {', '.join(SortOrder)}"
    if group is not None and group not in list(Grouping):
        return f"cannot be grouped by '{group}'", f"choose from {', '.join(Grouping)}"
    return View(words, SortOrder(str(sort)), None if group is None else Grouping(str(group)))


def format_view(view: View) -> str:
    """Return the YAML of a view."""
    group = f", group: {view.group}" if view.group is not None else ""
    words = json.dumps(view.filter, ensure_ascii=False)
    return f"{{filter: {words}, sort: {view.sort}{group}}}"


def save(name: str, view: View, file: Path) -> str:
    """Save a view under a name, replacing one of that name.

    Writes nothing if the file does not parse, or was changed meanwhile.

    Returns:
        An empty string, or a message why it was not saved.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return f"a view needs a name of 1 to {LONGEST_NAME} characters"
    done = _rewrite(file, lambda text: insert_view(text, name, view))
    return f"not saved: {done}" if isinstance(done, str) else ""


def delete(name: str, file: Path) -> DeletedView | str:
    """Delete the view of that name. Returns a message if that was not done, as `save` does."""
    done = _rewrite(file, lambda text: remove_view(text, name))
    if isinstance(done, str):
        return f"not deleted: {done}"
    before, after = done
    return DeletedView(name, _parse(before, file).own[name], before, after)


def restore(deleted: DeletedView, file: Path) -> str:
    """Restore a deleted view.

    Puts back the old content of the file, or adds the view if the file changed meanwhile.

    Returns:
        An empty string, or a message why it was not restored.
    """

    def change(text: str) -> str | None:
        if text == deleted.after:
            return deleted.before
        return insert_view(text, deleted.name, deleted.view)

    if deleted.name in load(file).own:
        return f"not restored: there is another view “{deleted.name}” by now"
    done = _rewrite(file, change)
    return f"not restored: {done}" if isinstance(done, str) else ""


def _rewrite(file: Path, change: Callable[[str], str | None]) -> tuple[str, str] | str:
    """Change the text of the file. Returns the old and new text, or a message why not."""
    try:
        old = read_text(file)
    except FileNotFoundError:
        old = None
    except (Unreadable, NotText) as error:
        return f"{file}: {error.message}"
    new = change(old or "")
    if new is None:
        before = _parse(old or "", file).troubles
        return before[0] if before else f"{file}: tldash cannot edit this entry; edit it by hand"
    try:
        changed = replace_text(file, old, new)
    except (OSError, Unreadable, NotText) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        return f"{file}: {reason}"
    return (old or "", new) if changed else f"{file} was changed meanwhile; try again"


def insert_view(text: str, name: str, view: View) -> str | None:
    """Add or replace an entry of the text; None if that cannot be done without other changes."""
    before = _parse(text, Path())
    value = format_view(view)
    span = _span(text, name)
    if span is not None and _holds_comment(text[slice(*span)]):
        return None
    if span is not None:
        new = text[: span[0]] + value + text[span[1] :]
    else:
        end = "\r\n" if "\r\n" in text else "\n"
        gap = end if text and not text.endswith(("\n", "\r")) else ""
        new = f"{text}{gap}{json.dumps(name, ensure_ascii=False)}: {value}{end}"
    after = _parse(new, Path())
    wanted = {**before.own, name: view}
    # The entry that is replaced may have had a problem.
    messages = [one for one in _messages(before) if not one.startswith(f"{name}: ")]
    fits = len(new.encode("utf-8", "replace")) <= SIZE_LIMIT
    return new if fits and after.own == wanted and _messages(after) == messages else None


def _messages(views: Views) -> list[str]:
    """Return the messages of the problems, without their lines."""
    return [_sentence(one) for one in views.problems]


def remove_view(text: str, name: str) -> str | None:
    """Remove the lines of an entry; None if that cannot be done without other changes.

    Comments on these lines stay, on lines of their own.
    """
    before = _parse(text, Path())
    pair = _pair(text, name)
    if pair is None or name not in before.own:
        return None
    key, value = pair
    start, end = value.start, _end(value)
    rest = _LINE_REST.match(text, end)
    first = key.start - (position(text, key.start)[1] - 1)
    if rest is None or text[first : key.start].strip() or _holds_comment(text[start:end]):
        return None
    between = text[key.end : start]
    notes = [*_COMMENT.findall(between), *filter(None, [rest[1]])]
    head, eol = text[first : key.start], rest[2] or "\n"
    kept = "".join(f"{head}{note}{eol}" for note in notes)
    new = text[:first] + kept + text[rest.end() :]
    after = _parse(new, Path())
    wanted = {other: view for other, view in before.own.items() if other != name}
    return new if after.own == wanted and _messages(after) == _messages(before) else None


def _end(node: Node) -> int:
    """Return where the text of a node ends; for a block collection, that of its last value."""
    if isinstance(node, MappingNode) and not node.flow and node.pairs:
        return _end(node.pairs[-1][1])
    if isinstance(node, ListNode) and not node.flow and node.items:
        return _end(node.items[-1])
    return node.end


def _pair(text: str, name: str) -> Pair | None:
    """Return the key and value nodes of the entry of that name."""
    root = compose(text)
    return child(root, name) if isinstance(root, MappingNode) else None


def _span(text: str, name: str) -> tuple[int, int] | None:
    """Return the start and end of the value of that name, with the comments after a block."""
    pair = _pair(text, name)
    if pair is None:
        return None
    start, end = pair[1].start, _end(pair[1])
    if not isinstance(pair[1], ScalarNode) and not pair[1].flow and (rest := _GAP.match(text, end)):
        end = rest.end()
    return start, start + len(text[start:end].rstrip())


def _holds_comment(old: str) -> bool:
    """Whether the value may contain a comment."""
    return "#" in old and ("\n" in old or "\r" in old)
