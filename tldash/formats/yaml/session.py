"""Topics and actions of a session that is written as YAML, each with its node in the text.

An item is a string in the grammar of task lines, or a mapping with `text` and the fields by name.
In YAML, a `#` after a space starts a comment, so the tag in `- call Ann #vision` is no part of the
string. People mean a tag all the same, so tags that directly follow an item count as its own.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from tldash.formats.markdown.body import with_occurrences
from tldash.formats.tasks import parse
from tldash.formats.tasks.values import FieldProblem
from tldash.formats.yaml import load
from tldash.formats.yaml.compose import COMPOSE_LIMIT, key_offset, look, look_at
from tldash.formats.yaml.nodes import (
    QUOTES,
    ListNode,
    MappingNode,
    Node,
    Pair,
    Places,
    ScalarNode,
    Trouble,
    child,
    name_of,
)
from tldash.model.dates import guess_date, parse_moment
from tldash.model.frozen import frozen
from tldash.model.patterns import compile_pattern
from tldash.model.records import NO_FIELDS, Fields, Fix, Priority, Problem, Severity, Status, Task
from tldash.model.spelling import correct_spelling, normalize_date, suggest_spelling

TOPIC_KEYS: Final = ("agenda", "topics")
ACTION_KEY: Final = "actions"
LISTS: Final = (*TOPIC_KEYS, ACTION_KEY)
DATE_FIELDS: Final = ("due", "scheduled", "start", "created", "done", "cancelled")
NO_VALUE: Final = ("", "~", "null")
"""The spellings of null in YAML 1.2, in lower case."""
TEXT_KEYS: Final = ("text", "action", "topic")
"""Keys for the text of a mapping; the first one with a value counts."""
_NULLS: Final = ("~", "null", "Null", "NULL")
_CLOSING: Final = {"done": Status.DONE, "cancelled": Status.CANCELLED}
_TEXT_FIELDS: Final = frozenset({"owner", "repeat", "id"})
_DATES: Final = frozenset(DATE_FIELDS)
_SECTIONS: Final = {name: (name,) for name in LISTS}
_STATUS_KEYS: Final = frozenset({"status", *_CLOSING})
_NOTES: Final = frozenset({"note", "notes"})
_KEYS: Final = (
    *TEXT_KEYS, *DATE_FIELDS, "owner", "repeat", "id", "priority", "tags", "status", "note", "notes"
)  # fmt: skip
"""All keys of a mapping that have a meaning."""
_KNOWN: Final = frozenset(_KEYS)
_LONGEST_KEY: Final = 40
"""Length of an unknown key beyond which it is not compared with the known ones."""
_MOST_KEYS: Final = 1000
"""Unknown keys of a document that are compared with the known ones, at 0.2 ms each."""
_PRIORITIES: Final = (*Priority, "normal", "none")
_BOX: Final = compile_pattern(r"\[(.)\](?: +|$)")
_SIGNS: Final = "&*!?{%\t\r"
_UNUSUAL: Final = compile_pattern(
    r"[&*!?{%\t\r](?:(?<=[\t\r])"
    r"|(?<![^\s\[,:-].)(?:(?<=[!?{%])|(?<=[&*])(?![\w-]+(?:[ \n]|\Z))))",
    re.ASCII,
)
"""What may be a tag, complex key, mapping in flow style or directive, or an odd anchor or alias.

Its first part alone decides where to look, which makes it ten times as fast.
"""
_TAGS: Final = compile_pattern(r"[ \t]+((?:#[^\W\d][\w/-]*[ \t]*)+)")


Where = tuple[str | int, ...]
"""List, index, and keys of a value."""
_Parts = tuple[str, Status, Fields, str]
"""Text, status, fields and note of a task."""


@frozen
class Item:
    """One topic or action, and the node that it was read from: a scalar or a mapping."""

    task: Task
    node: ScalarNode | MappingNode


class _NoNodes(Exception):
    """The nodes are needed, for a position or a number as written, and cannot be had."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


def read_loaded(
    text: str, path: str, data: object, problems: Sequence[Problem]
) -> tuple[tuple[Task, ...], tuple[Problem, ...]]:
    """Return the tasks of a YAML session that is loaded already, and their problems.

    Only the start of each item is looked for in the text. Nodes are needed for lists in flow style,
    for numbers, and for the positions of problems.

    Args:
        data: the value of the document
        problems: those that `load.read` found; with any, the whole document is composed
    """
    if problems:
        items, found = read(text, path)
        return tuple(item.task for item in items), found
    if not isinstance(data, dict):
        return (), ()
    names = [name for name in LISTS if isinstance(data.get(name), list)]
    reader = _ItemReader(text, path, lambda: look_at(text, names, data))
    try:
        for name in names:
            starts = _item_starts(text, name, len(data[name]))
            if starts is None:
                reader.read_nodes(name)
            else:
                reader.read_list(name, data[name], starts)
    except _NoNodes as error:
        return (), (_trouble(text, path, error.trouble),)
    return reader.tasks(), tuple(sorted(reader.problems))


def read(text: str, path: str) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """Return the items of a YAML session in the order of the text, and their problems."""
    root = look(text)
    lists: dict[str, Node] | Trouble
    if isinstance(root, Trouble):
        data, problems = load.load(text, path)
        if data is None:
            return (), ()
        if problems or not isinstance(data, dict):
            return (), (_trouble(text, path, root),)
        lists = look_at(text, [name for name in LISTS if isinstance(data.get(name), list)], data)
        if isinstance(lists, Trouble):
            return (), (_trouble(text, path, lists),)
    else:
        pairs = ((name, child(root, name)) for name in LISTS)
        lists = {name: pair[1] for name, pair in pairs if pair is not None}
    known = lists
    reader = _ItemReader(text, path, lambda: known)
    for name in known:
        reader.read_nodes(name)
    items = []
    for task in reader.tasks():
        pair = reader.pair(task.yaml_path)
        if pair is not None and not isinstance(pair[1], ListNode):
            items.append(Item(task, pair[1]))
    return tuple(items), tuple(sorted(reader.problems))


def find_item_lines(text: str, data: dict[object, object]) -> dict[int, str]:
    """Return the line of each item of a YAML session, and the key of its list.

    Reads the items only if that takes their nodes. `data` is the value of the text, which has no
    problems.
    """
    found = _find_plain_items(text, data)
    if found is None:
        tasks, _ = read_loaded(text, "", data, ())
        return {task.line: str(task.yaml_path[0]) for task in tasks}
    return found


def _find_plain_items(text: str, data: dict[object, object]) -> dict[int, str] | None:
    """Return the same without reading the items; None if that takes their nodes."""
    if len(text) > COMPOSE_LIMIT or _has_unusual_values(text):
        return None
    lines = {}
    for name in LISTS:
        values = data.get(name)
        if not isinstance(values, list):
            continue
        starts = _item_starts(text, name, len(values))
        if starts is None or not all(value is None or _is_written(value) for value in values):
            return None
        at, line = 0, 1
        for start, value in zip(starts, values, strict=False):  # there is one start more
            line += text.count("\n", at, start)
            at = start
            if isinstance(value, str) or (isinstance(value, dict) and _has_text(value)):
                lines[line] = name
    return lines


def _has_unusual_values(text: str) -> bool:
    """Return whether a text may have what `_UNUSUAL` finds. Looking for its signs is quicker."""
    for sign in _SIGNS:
        if sign in text:
            return _UNUSUAL.search(text) is not None
    return False


def _has_text(values: dict[str, object]) -> bool:
    """Return whether an item written as a mapping has a text."""
    for key in TEXT_KEYS:
        value = values.get(key)
        if value is not None and (type(value) is not str or value.strip()):
            return isinstance(value, str)
    return False


def _trouble(text: str, path: str, trouble: Trouble) -> Problem:
    line, column = Places(text).of(trouble.offset)
    return (
        Problem(
            path, line, column, Severity.ERROR, "too-large",
            "this YAML is too large to find its actions in",
            "split it, or write the session as Markdown",
        )
        if len(text) > COMPOSE_LIMIT
        else Problem(
            path, line, column, Severity.ERROR, "yaml", trouble.message,
            "until then its topics and actions cannot be read",
        )
    )  # fmt: skip


_HEAD: Final = compile_pattern(
    r":(?:[ ]++#[^\r\n]*+|[ ]*+)(?:\r\n|\n)(?:[ ]*+(?:#[^\r\n]*+)?(?:\r\n|\n))*+"
    r"([ ]*+)-(?=[ \r\n]|\Z)"
)
"""From the colon of a key to the first dash of its list in block style."""
_END: Final = compile_pattern(r"\n(?=[^\s#-]|-[^\s])")
"""The line end before the next key of the top level."""


def _item_starts(text: str, name: str, count: int) -> list[int] | None:
    """Return the offsets of the items of a top-level list, and that of its end.

    In a document that yaml-rs accepts, all lines between the dashes of a list are indented further.
    None if the list is not in block style, does not have `count` dashes in one column, or has
    aliases or tags, so that the nodes have to tell.
    """
    at = key_offset(text, name)
    head = _HEAD.match(text, at + len(name)) if at is not None else None
    if head is None or ("\r" in text and "\r" in text.replace("\r\n", "")):
        return None
    end = _END.search(text, head.end())
    stop = end.start() if end is not None else len(text)
    dashes = _dashes(len(head[1])).finditer(text, head.start(1) - 1, stop)
    starts = [dash.end(1) for dash in dashes]
    return [*starts, stop] if len(starts) == count else None


@functools.lru_cache(maxsize=16)
def _dashes(column: int) -> re.Pattern[str]:
    """The dash of an item in a column, unless it is an alias; group 1 ends where it starts."""
    return compile_pattern(
        rf"\n[ ]{{{column}}}-(?=[ \r\n]|\Z)"
        r"(?=((?:[ ]*+(?:#[^\r\n]*+)?(?:\r\n|\n))*+[ ]*+)(?![*!]))"
    )


def is_topic(task: Task) -> bool:
    """Whether an item of a YAML session is a topic rather than an action."""
    return bool(task.yaml_path) and task.yaml_path[0] in TOPIC_KEYS


def split_box(value: str) -> tuple[str, int]:
    """Return the character in the box that a string begins with, and where its text starts.

    `""` and 0 without a box.
    """
    match = _BOX.match(value)
    return (match[1], match.end()) if match else ("", 0)


def status_by_date(fields: Fields) -> Status:
    """Return the status of an item without a box or status: a completion date closes it."""
    if fields.done:
        return Status.DONE
    return Status.CANCELLED if fields.cancelled else Status.OPEN


class _ItemReader:
    """Reads the items of one document and collects their tasks and problems.

    An item is a string or a dict of strings, None, and lists and dicts of those. Numbers and
    booleans are texts here, as they are written: `_written` takes them from the nodes.
    """

    def __init__(
        self, text: str, path: str, find_lists: Callable[[], dict[str, Node] | Trouble]
    ) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self._find_lists = find_lists
        self._places = Places(text)
        self._found: list[tuple[int, Task]] = []
        self._unknown_keys = 0

    @functools.cached_property
    def _lists(self) -> dict[str, Node]:
        """The nodes of the lists. Raises _NoNodes."""
        lists = self._find_lists()
        if isinstance(lists, Trouble):
            raise _NoNodes(lists)
        return lists

    def pair(self, where: Where) -> Pair | None:
        """Return key and value node at `where`. Raises _NoNodes."""
        node = self._lists.get(str(where[0]))
        pair: Pair | None = None
        for step in where[1:]:
            pair = child(node, step)
            node = pair[1] if pair is not None else None
        return pair

    def read_list(self, name: str, values: list[object], starts: Sequence[int]) -> None:
        """Read the items of a list, each of which ends before the next one starts."""
        for index, value in enumerate(values):
            found = None
            if type(value) is dict:
                found = _read_texts(value)
            elif type(value) is str and self.text.find("#", starts[index], starts[index + 1]) < 0:
                found = _read_words(value)
            if found is not None:
                self._add((name, index), found, starts[index])
                continue
            item = value
            if value is not None and not _is_written(value):
                pair = self.pair((name, index))
                item = _written(pair[1]) if pair is not None else None
            self._read((name, index), item, starts[index], starts[index + 1])

    def read_nodes(self, name: str) -> None:
        """Read the items of a list by its nodes."""
        node = self._lists.get(name)
        if isinstance(node, ListNode):
            for index, item in enumerate(node.items):
                self._read((name, index), _written(item), item.start, len(self.text))

    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks in the order of the text."""
        self._found.sort(key=operator.itemgetter(0))
        return with_occurrences([task for _, task in self._found])

    def _read(self, where: tuple[str, int], value: object, start: int, stop: int) -> None:
        if value is None:
            return
        found: _Parts | None
        if isinstance(value, str):
            found = self._from_string(where, value, start, stop)
        elif isinstance(value, dict):
            found = self._from_mapping(where, value)
        else:
            self._problem(where, "item", "a text or a mapping was expected here", "")
            return
        if found is not None:
            self._add(where, found, start)

    def _add(self, where: tuple[str, int], found: _Parts, start: int) -> None:
        """Add the task of an item."""
        text, status, fields, note = found
        line, raw = self._places.line(start)
        section = _SECTIONS[where[0]]
        task = Task(self.path, line, raw, text, status, fields, section, 0, note, where)
        self._found.append((start, task))

    # -- strings ---------------------------------------------------------------------------------

    def _from_string(self, where: Where, value: str, start: int, stop: int) -> _Parts:
        mark, begin = split_box(value) if value.startswith("[") else ("", 0)
        text, fields = self._parse(where, value, begin)
        if self.text.find("#", start, stop) >= 0 and (
            after := self._tags_after(where, value, start)
        ):
            tags = tuple(dict.fromkeys((*fields.tags, *after)))
            fields = parse.with_tags_and_id(fields, tags, fields.block_id)
        status = parse.status_of(mark) if mark else status_by_date(fields)
        return text, status, fields, ""

    def _tags_after(self, where: Where, value: str, start: int) -> list[str]:
        """Return the tags in a comment directly after a string."""
        end = start + len(value)
        first = self.text[start : start + 1]
        if (
            first in QUOTES
            and first not in value
            and self.text.startswith(value + first, start + 1)
        ):
            end += 2
        elif first in "'\"|>&" or not self.text.startswith(value, start):
            pair = self.pair(where)
            end = pair[1].end if pair is not None else start
        match = _TAGS.match(self.text, end)
        return [tag[1:] for tag in match[1].split()] if match else []

    def _parse(self, where: Where, value: str, start: int) -> tuple[str, Fields]:
        """Return the text and the fields of a scalar from `start` on."""
        body = value[start:] if start else value
        if "\n" in body:
            body = body.replace("\n", " ")
        found = parse.parse_words(body)
        if found is not None:
            return found
        parsed = parse.parse_uncached(body)
        if parsed.problems:
            pair = self.pair(where)
            if pair is not None and isinstance(pair[1], ScalarNode):
                node = pair[1]
                self.problems.extend(self._in_text(node, start, one) for one in parsed.problems)
        return parsed.text, parsed.fields

    def _in_text(self, node: ScalarNode, start: int, found: FieldProblem) -> Problem:
        """Place a problem of a text in the file: at the start of the scalar if it has escapes."""
        line, column = self._places.of(node.start)
        written = self.text[node.start : node.end]
        opening, spelled = 0, node.value
        if node.style in QUOTES:
            opening, written = 1, written[1:-1]
            spelled = node.value.replace(node.style, "''" if node.style == "'" else '\\"')
        bare = replace(found, fix=None)
        if written != spelled:
            return bare.in_file(self.path, line, column - 1 - found.offset)

        def before(offset: int) -> int:
            """Count the characters of the line before the text, escapes up to `offset` included."""
            escapes = node.value[: start + offset].count(node.style or "") if opening else 0
            return column - 1 + opening + start + escapes

        problem = bare.in_file(self.path, line, before(found.offset))
        fix = found.fix
        if fix is None or (opening and node.style in QUOTES and node.style in fix.old + fix.new):
            return problem
        return replace(problem, fix=replace(fix, column=before(fix.column - 1) + fix.column))

    # -- mappings --------------------------------------------------------------------------------

    def _from_mapping(self, where: Where, values: dict[str, object]) -> _Parts | None:
        if not _KNOWN.issuperset(values):
            self._check_unknown(where, values)
        given = {
            key: value
            for key, value in values.items()
            if value is not None and (type(value) is not str or value.strip())
        }
        texts = [key for key in TEXT_KEYS if key in given]
        if len(texts) > 1:
            self._check_once(where, texts)
        text = given[texts[0]] if texts else None
        parsed = self._parse((*where, texts[0]), text, 0) if isinstance(text, str) else None
        fields = self._fields(where, given, parsed[1] if parsed else NO_FIELDS)
        status = Status.OPEN if _STATUS_KEYS.isdisjoint(given) else self._status(where, given)
        note = "" if _NOTES.isdisjoint(given) else self._text(where, given, "note", "notes").strip()
        if parsed is None:
            hint = "add a key: text: …"
            pair = self.pair(where)
            pairs = pair[1].pairs if pair is not None and isinstance(pair[1], MappingNode) else []
            if len(pairs) == 1 and name_of(pairs[0][0]) not in _KNOWN:
                hint = "put the whole text in quotes, because it contains ': '"
            self._problem(where, "item", "this item has no text", hint)
            return None
        if status is Status.OPEN:
            status = status_by_date(fields)
        return parsed[0], status, fields, note

    def _mapping(self, where: Where) -> Sequence[Pair]:
        """Return the nodes of a mapping, duplicate keys included."""
        pair = self.pair(where)
        return pair[1].pairs if pair is not None and isinstance(pair[1], MappingNode) else ()

    def _check_once(self, where: Where, texts: Sequence[str]) -> None:
        """Report the keys for an item's text besides the first one, which is read."""
        for key, _ in self._mapping(where):
            name = name_of(key)
            if name in texts[1:]:
                message = f"'{name}' means the same as '{texts[0]}', which is read instead"
                self._problem_of(key, "item", message, "keep one of the two")

    def _check_unknown(self, where: Where, values: dict[str, object]) -> None:
        """Report unknown keys that look like a typing error; others are welcome."""
        unknown = [key for key in values if key not in _KNOWN]
        self._unknown_keys += len(unknown)
        if self._unknown_keys > _MOST_KEYS or not any(map(_is_near_known, unknown)):
            return
        absent = tuple(name for name in _KEYS if name not in values)
        for key, value in self._mapping(where):
            name = name_of(key)
            if not isinstance(key, ScalarNode) or name in _KNOWN or len(name) > _LONGEST_KEY:
                continue
            if likely := suggest_spelling(name, absent):
                certain = correct_spelling(name, absent) and self._is_read(
                    (*where, name), likely, _written(value)
                )
                self._problem_of(
                    key,
                    "unknown-key",
                    f"'{name}' is not a key of an item",
                    f"did you mean '{likely}'?",
                    likely if certain else None,
                    Severity.WARNING,
                )

    def _is_read(self, where: Where, name: str, value: object) -> bool:
        """Whether the value would be right under that key."""
        trial = _ItemReader(self.text, self.path, lambda: self._lists)
        values = {name: value}
        trial._fields((), values, NO_FIELDS)
        trial._status((), values)
        given = trial._text((), values, "note", "notes", *TEXT_KEYS)
        if given and name in TEXT_KEYS:
            trial._parse(where, given, 0)
        return not trial.problems

    def _fields(self, where: Where, values: dict[str, object], said: Fields) -> Fields:
        """Return the fields given by key, and those in the text."""
        fields: dict[str, Any] = {}
        for name, value in values.items():
            if name in _DATES:
                day = _day(value) if type(value) is str else None
                if day := day or self._date((*where, name), value):
                    fields[name] = day
            elif name in _TEXT_FIELDS:
                if given := self._text(where, values, name):
                    fields[name] = given.removeprefix("@")
            elif name == "priority":
                fields["priority"] = self._priority((*where, name), value)
            elif name == "tags":
                names = (tag.removeprefix("#") for tag in self._tags((*where, name), value))
                fields["tags"] = tuple(dict.fromkeys((*said.tags, *names)))
        if not fields:
            return said
        return Fields(**fields) if said is NO_FIELDS else replace(said, **fields)

    def _text(self, where: Where, values: dict[str, object], *names: str) -> str:
        """Return the text under the first of these keys that is given, `""` without any."""
        name = names[0] if len(names) == 1 else next(filter(values.__contains__, names), "")
        for one in names:
            value = values.get(one, "")
            if not isinstance(value, str):
                hint = "write one name" if one == "owner" else ""
                message = f"a text was expected at {one}, not {_kind(value)}"
                self._problem((*where, one), "text", message, hint)
        value = values.get(name, "")
        return value if isinstance(value, str) else ""

    def _tags(self, where: Where, value: object) -> list[str]:
        if isinstance(value, str):
            return value.replace(",", " ").split()
        if not isinstance(value, list):
            message = "a list was expected at tags, not a mapping"
            self._problem(where, "text", message, "write tags: [one, two]")
            return []
        found = []
        for index, tag in enumerate(value):
            if isinstance(tag, (list, dict)):
                message = f"a text was expected among the tags, not {_kind(tag)}"
                self._problem((*where, index), "text", message, "write tags: [one, two]")
            elif not _is_nothing(tag):
                found.append(str(tag))
        return found

    def _status(self, where: Where, values: dict[str, object]) -> Status:
        said = Status.OPEN
        if (written := values.get("status")) is not None:
            name = _kind(written).strip().lower()
            try:
                said = Status(name)
            except ValueError:
                meant = correct_spelling(name, Status)
                hint = f"did you mean '{meant}'?" if meant else "write one of " + ", ".join(Status)
                message = f"{_quoted(written)} is not a status"
                self._problem((*where, "status"), "value", message, hint, meant)
        for name, status in _CLOSING.items():
            if name in values and _kind(values[name]).lower() == "true":
                return status
        return said

    def _date(self, where: Where, value: object) -> date | None:
        written = _kind(value)
        if where[-1] in _CLOSING and written.lower() in {"true", "false"}:
            return None
        day = _day(written)
        if day is None:
            guess = guess_date(written)
            self._problem(
                where,
                "date",
                f"{_quoted(value)} is not a date",
                f"write {guess.isoformat()}" if guess else "write it as YYYY-MM-DD",
                normalize_date(written),
            )
        return day

    def _priority(self, where: Where, value: object) -> Priority | None:
        written = _kind(value).strip().lower()
        if written in {"normal", "none"}:
            return None
        try:
            return Priority(written)
        except ValueError:
            meant = correct_spelling(written, _PRIORITIES)
            hint = f"did you mean '{meant}'?" if meant else f"write one of {', '.join(Priority)}"
            self._problem(where, "priority", f"{_quoted(value)} is not a priority", hint, meant)
            return None

    def _problem(
        self, where: Where, code: str, message: str, hint: str, write: str | None = None
    ) -> None:
        """Report a problem of the value at `where`."""
        pair = self.pair(where)
        node = pair[1] if pair is not None else ScalarNode("", 0, 0)
        self._problem_of(node, code, message, hint, write)

    def _problem_of(  # noqa: PLR0913, PLR0917 - a problem has this many parts
        self,
        node: Node,
        code: str,
        message: str,
        hint: str,
        write: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report a problem of a node; `write` is the replacement of an unambiguous mistake."""
        line, column = self._places.of(node.start)
        fix = None
        if write is not None and isinstance(node, ScalarNode):
            opening = 1 if node.style in QUOTES else 0
            if self.text[node.start + opening : node.end - opening] == node.value:
                fix = Fix(column + opening, node.value, write)
        self.problems.append(Problem(self.path, line, column, severity, code, message, hint, fix))


def _read_words(value: str) -> _Parts | None:
    """Return the parts of a string of words and fields without a problem; None for any other."""
    found = parse.parse_words(value) if "\n" not in value else None
    if found is None or not found[0]:  # spaces without quotes are no item
        return None
    text, fields = found
    return text, status_by_date(fields), fields, ""


def _read_texts(values: dict[str, object]) -> _Parts | None:
    """Return the parts of a mapping of plain words and fields without a problem; else None."""
    text = values.get("text")
    if type(text) is not str or not text.strip():
        return None
    others = values.copy()
    del others["text"]
    try:
        fields = _fields_of_texts(tuple(others.items()))
    except TypeError:  # a list or mapping, which has no hash
        return None
    found = parse.parse_words(text.replace("\n", " ")) if fields is not None else None
    if fields is None or found is None or found[1] is not NO_FIELDS:
        return None
    return found[0], status_by_date(fields), fields, ""


@functools.lru_cache(maxsize=4096)
def _fields_of_texts(given: tuple[tuple[str, object], ...]) -> Fields | None:
    """Return the fields given as dates and names; None if there is any other key or value.

    Cached, since many items have the same date and owner.
    """
    fields: dict[str, Any] = {}
    for name, value in given:
        if type(value) is not str or not value.strip():
            return None
        if name in _TEXT_FIELDS:
            fields[name] = value.removeprefix("@")
        elif name in _DATES and (day := _day(value)):
            fields[name] = day
        else:
            return None
    return Fields(**fields) if fields else NO_FIELDS


@functools.lru_cache(maxsize=1024)
def _day(written: str) -> date | None:
    """Parse a date, also in a wiki link. Cached, since items often have the same dates."""
    if written.startswith("[[") and written.endswith("]]"):
        written = written[2:-2].rpartition("/")[2]
    moment = parse_moment(written)
    return moment.day if moment else None


@functools.lru_cache(maxsize=1024)
def _is_near_known(key: str) -> bool:
    """Whether a key resembles a known one. Cached, since many files have the same unknown keys."""
    return len(key) <= _LONGEST_KEY and any(suggest_spelling(key, [name]) for name in _KEYS)


def _is_written(value: object) -> bool:
    """Whether the value of an item is all texts, as far as it is read; also true where done."""
    if type(value) is str:
        return bool(value.strip())  # spaces are an item in quotes only
    if not isinstance(value, dict):
        return _is_part(value)
    for key, one in value.items():
        if type(one) is str and type(key) is str:
            continue
        if type(key) is not str:
            return False
        if type(one) is list:
            if not all(map(_is_part, one)):
                return False
        elif key in _KNOWN and not _is_part(one) and not (type(one) is bool and key in _CLOSING):
            return False
    return True


def _is_part(value: object) -> bool:
    return value is None or isinstance(value, (str, list, dict))


def _written(node: Node, depth: int = 2) -> object:
    """Return the value of a node with a text for each scalar but null, down to a depth."""
    if isinstance(node, ScalarNode):
        is_null = node.style is None and (not node.value.strip() or node.value in _NULLS)
        return None if is_null else node.value
    if isinstance(node, ListNode):
        return [_written(item, depth - 1) for item in node.items] if depth else []
    values: dict[str, object] = {}
    for key, value in node.pairs if depth else ():
        if isinstance(key, ScalarNode):
            values.setdefault(key.value, _written(value, depth - 1))
    return values


def _is_nothing(value: object) -> bool:
    """Whether a value is null or has no character but spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def _quoted(value: object) -> str:
    """Return a value as a message quotes it; of a list or mapping, only its kind."""
    return _kind(value) if isinstance(value, (dict, list)) else f"'{_kind(value)[:40]}'"


def _kind(value: object) -> str:
    """Return a text; `true` and `false`; the kind of any other value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return "a mapping" if isinstance(value, dict) else "a list"
