"""Topics and actions of a session that is written as YAML, each with its node in the text.

An item is a string in the grammar of task lines, or a mapping with `text` and the fields by name.
In YAML, a `#` after a space starts a comment, so the tag in `- call Ann #vision` is no part of the
string. People mean a tag all the same, so tags that directly follow an item count as its own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from tldash.formats.markdown.body import with_twins
from tldash.formats.tasks import parse
from tldash.formats.tasks.values import FieldProblem
from tldash.formats.yaml import load
from tldash.formats.yaml.compose import COMPOSE_LIMIT, Trouble, look, look_at
from tldash.formats.yaml.nodes import (
    QUOTES,
    ListNode,
    MappingNode,
    Node,
    Places,
    ScalarNode,
    child,
    name_of,
)
from tldash.model.dates import guess_date, parse_moment
from tldash.model.frozen import frozen
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
_TEXT_FIELDS: Final = ("owner", "repeat", "id")
_NOTES: Final = ("note", "notes")
_KEYS: Final = (*TEXT_KEYS, *DATE_FIELDS, *_TEXT_FIELDS, "priority", "tags", "status", *_NOTES)
"""All keys of a mapping that have a meaning."""
_KNOWN: Final = frozenset(_KEYS)
_PRIORITIES: Final = (*Priority, "normal", "none")
_BOX: Final = re.compile(r"\[(.)\](?: +|$)")
_TAGS: Final = re.compile(r"[ \t]+((?:#[^\W\d][\w/-]*[ \t]*)+)")


@frozen
class Item:
    """One topic or action, and the node that it was read from: a scalar or a mapping."""

    task: Task
    node: ScalarNode | MappingNode


Items = tuple[tuple[Item, ...], tuple[Problem, ...]]


def read_loaded(text: str, path: str, data: object, problems: Sequence[Problem]) -> Items:
    """Return the same as `read` for a document that is loaded already, in less time.

    Args:
        data: the value of the document
        problems: those that `load.read` found; without any, only the lists of items are scanned
    """
    if problems:
        return read(text, path)
    lists = [name for name in LISTS if isinstance(data, dict) and isinstance(data.get(name), list)]
    found = look_at(text, lists, data) if isinstance(data, dict) and lists else {}
    if isinstance(found, Trouble):
        return (), (_trouble(text, path, found),)
    return _items(text, path, found)


def read(text: str, path: str) -> Items:
    """Return the items of a YAML session in the order of the text, and their problems."""
    root = look(text)
    if not isinstance(root, Trouble):
        pairs = ((name, child(root, name)) for name in LISTS)
        return _items(text, path, {name: pair[1] for name, pair in pairs if pair is not None})
    data, problems = load.load(text, path)
    if data is None:
        return (), ()
    if problems:
        return (), (_trouble(text, path, root),)
    return read_loaded(text, path, data, ())


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


def _items(text: str, path: str, lists: dict[str, Node]) -> Items:
    reader = _ItemReader(text, path)
    found = [
        (task, node)
        for name, values in lists.items()
        if isinstance(values, ListNode)
        for index, node in enumerate(values.items)
        if (task := reader.task(name, index, node)) is not None and not isinstance(node, ListNode)
    ]
    found.sort(key=lambda pair: pair[1].start)
    tasks = with_twins([task for task, _ in found])
    items = tuple(Item(task, node) for task, (_, node) in zip(tasks, found, strict=True))
    return items, tuple(sorted(reader.problems))


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
    """Reads the items of one document and collects their problems."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []

    @functools.cached_property
    def _places(self) -> Places:
        return Places(self.text)

    def task(self, name: str, index: int, node: Node) -> Task | None:
        """Return the item at an index of the list `name`; None for null and for what is no item."""
        if isinstance(node, ScalarNode):
            is_null = node.style is None and _is_nothing(node)
            return None if is_null else self._from_string(name, index, node)
        if isinstance(node, MappingNode):
            return self._from_mapping(name, index, node)
        self._problem(node, "item", "a text or a mapping was expected here", "")
        return None

    def _task(  # noqa: PLR0913, PLR0917 - a task has this many parts
        self,
        name: str,
        index: int,
        node: Node,
        text: str,
        status: Status,
        fields: Fields,
        note: str = "",
    ) -> Task:
        line, raw = self._places.line(node.start)
        return Task(self.path, line, raw, text, status, fields, (name,), 0, note, (name, index))

    # -- strings ---------------------------------------------------------------------------------

    def _from_string(self, name: str, index: int, node: ScalarNode) -> Task:
        mark, start = split_box(node.value)
        parsed = self._parse(node, start)
        fields = parsed.fields
        if after := self._tags_after(node):
            fields = _with_tags(fields, tuple(dict.fromkeys((*fields.tags, *after))))
        status = parse.status_of(mark) if mark else status_by_date(fields)
        return self._task(name, index, node, parsed.text, status, fields)

    def _parse(self, node: ScalarNode, start: int) -> parse.Parsed:
        """Parse the text of a scalar from `start` on."""
        parsed = parse.parse(node.value[start:].replace("\n", " "))
        if parsed.problems:
            self.problems.extend(self._in_text(node, start, found) for found in parsed.problems)
        return parsed

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

    def _tags_after(self, node: ScalarNode) -> list[str]:
        match = _TAGS.match(self.text, node.end)
        return [tag[1:] for tag in match[1].split()] if match else []

    # -- mappings --------------------------------------------------------------------------------

    def _from_mapping(self, name: str, index: int, node: MappingNode) -> Task | None:
        values: dict[str, Node] = {}
        for key, value in node.pairs:
            if isinstance(key, ScalarNode):
                values.setdefault(key.value, value)
        if not _KNOWN.issuperset(values):
            self._near_misses(node, values)
        values = {key: value for key, value in values.items() if not _is_nothing(value)}
        given = [key for key in TEXT_KEYS if key in values]
        if len(given) > 1:
            self._check_once(node, given)
        words = values[given[0]] if given else None
        parsed = self._parse(words, 0) if isinstance(words, ScalarNode) else None
        fields = self._fields(values, parsed.fields if parsed else NO_FIELDS)
        status = self._status(values)
        note = self._text(values, *_NOTES).strip() if "note" in values or "notes" in values else ""
        if parsed is None:
            hint = "add a key: text: …"
            if len(node.pairs) == 1 and name_of(node.pairs[0][0]) not in _KNOWN:
                hint = "put the whole text in quotes, because it contains ': '"
            self._problem(node, "item", "this item has no text", hint)
            return None
        if status is Status.OPEN:
            status = status_by_date(fields)
        return self._task(name, index, node, parsed.text, status, fields, note)

    def _check_once(self, node: MappingNode, given: Sequence[str]) -> None:
        """Report the keys for an item's text besides the first one, which is read."""
        for key, _ in node.pairs:
            if name_of(key) in given[1:]:
                message = f"'{name_of(key)}' means the same as '{given[0]}', which is read instead"
                self._problem(key, "item", message, "keep one of the two")

    def _near_misses(self, node: MappingNode, values: dict[str, Node]) -> None:
        """Report unknown keys that look like a typing error; others are welcome."""
        absent = tuple(name for name in _KEYS if name not in values)
        for key, value in node.pairs:
            if not isinstance(key, ScalarNode) or key.value in _KNOWN or len(key.value) > 40:
                continue
            if likely := _nearest(key.value, absent):
                certain = correct_spelling(key.value, absent) and self._is_read(likely, value)
                self._problem(
                    key,
                    "unknown-key",
                    f"'{key.value}' is not a key of an item",
                    f"did you mean '{likely}'?",
                    likely if certain else None,
                    Severity.WARNING,
                )

    def _is_read(self, name: str, value: Node) -> bool:
        """Whether the value would be right under that key."""
        trial = _ItemReader(self.text, self.path)
        values = {name: value}
        trial._fields(values, NO_FIELDS)
        trial._status(values)
        given = trial._text(values, *_NOTES, *TEXT_KEYS)
        if given and name in TEXT_KEYS and isinstance(value, ScalarNode):
            trial._parse(value, 0)
        return not trial.problems

    def _fields(self, values: dict[str, Node], said: Fields) -> Fields:
        """Return the fields given by key, and those in the text."""
        fields: dict[str, Any] = {}
        for name, node in values.items():
            if name in DATE_FIELDS:
                if day := self._date(name, node):
                    fields[name] = day
            elif name in _TEXT_FIELDS:
                if given := self._text(values, name):
                    fields[name] = given.removeprefix("@")
            elif name == "priority":
                fields["priority"] = self._priority(node)
            elif name == "tags":
                names = (name.removeprefix("#") for name in self._tags(node))
                fields["tags"] = tuple(dict.fromkeys((*said.tags, *names)))
        if not fields:
            return said
        return Fields(**fields) if said is NO_FIELDS else replace(said, **fields)

    def _text(self, values: dict[str, Node], *names: str) -> str:
        """Return the text under the first of these keys that is given, `""` without any."""
        for name in names:
            if name in values:
                node = values[name]
                break
        else:
            return ""
        if isinstance(node, ScalarNode):
            return node.value
        hint = "write one name" if name == "owner" else ""
        self._problem(node, "text", f"a text was expected at {name}, not {_kind(node)}", hint)
        return ""

    def _tags(self, node: Node) -> list[str]:
        if isinstance(node, ScalarNode):
            return node.value.replace(",", " ").split()
        if isinstance(node, MappingNode):
            message = "a list was expected at tags, not a mapping"
            self._problem(node, "text", message, "write tags: [one, two]")
            return []
        found = []
        for tag in node.items:
            if not isinstance(tag, ScalarNode):
                message = f"a text was expected among the tags, not {_kind(tag)}"
                self._problem(tag, "text", message, "write tags: [one, two]")
            elif not _is_nothing(tag):
                found.append(tag.value)
        return found

    def _status(self, values: dict[str, Node]) -> Status:
        said = Status.OPEN
        if (written := values.get("status")) is not None:
            name = _written(written).strip().lower()
            try:
                said = Status(name)
            except ValueError:
                meant = correct_spelling(name, Status)
                hint = f"did you mean '{meant}'?" if meant else "write one of " + ", ".join(Status)
                message = f"'{_written(written)[:40]}' is not a status"
                self._problem(written, "value", message, hint, meant)
        for name, status in _CLOSING.items():
            if name in values and _written(values[name]).lower() == "true":
                return status
        return said

    def _date(self, name: str, node: Node) -> date | None:
        value = _written(node)
        if name in _CLOSING and value.lower() in {"true", "false"}:
            return None
        moment = parse_moment(value)
        if moment is None:
            guess = guess_date(value)
            self._problem(
                node,
                "date",
                f"'{value[:40]}' is not a date",
                f"write {guess.isoformat()}" if guess else "write it as YYYY-MM-DD",
                normalize_date(value),
            )
        return moment.day if moment else None

    def _priority(self, node: Node) -> Priority | None:
        value = _written(node).strip().lower()
        if value in {"normal", "none"}:
            return None
        try:
            return Priority(value)
        except ValueError:
            meant = correct_spelling(value, _PRIORITIES)
            hint = f"did you mean '{meant}'?" if meant else f"write one of {', '.join(Priority)}"
            self._problem(node, "priority", f"'{value[:40]}' is not a priority", hint, meant)
            return None

    def _problem(  # noqa: PLR0913, PLR0917 - a problem has this many parts
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


def _with_tags(fields: Fields, tags: tuple[str, ...]) -> Fields:
    """Return the fields with these tags, in a sixth of the time of `dataclasses.replace`."""
    return Fields(
        fields.due,
        fields.scheduled,
        fields.start,
        fields.created,
        fields.done,
        fields.cancelled,
        fields.priority,
        fields.repeat,
        fields.id,
        fields.depends,
        fields.owner,
        tags,
        fields.block_id,
    )


@functools.lru_cache(maxsize=256)
def _nearest(key: str, absent: tuple[str, ...]) -> str | None:
    """Suggest the spelling of a key. Cached, since the same unknown keys are in many files."""
    return suggest_spelling(key, absent)


def _is_nothing(node: Node) -> bool:
    """Whether a value is missing, null or without any character but spaces."""
    return isinstance(node, ScalarNode) and (
        not node.value.strip() or (node.style is None and node.value in _NULLS)
    )


def _kind(node: Node) -> str:
    return "a mapping" if isinstance(node, MappingNode) else "a list"


def _written(node: Node) -> str:
    """Return the text of a scalar; the kind of another node."""
    return node.value if isinstance(node, ScalarNode) else _kind(node)
