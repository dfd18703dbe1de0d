"""One topic or action of a YAML session: from its node to a task item, and what is wrong with it.

An item is a string in the grammar of task lines, or a mapping with `text` and the fields by name.
In YAML a `#` after a blank starts a comment, so that the tag in `- call Ann #vision` is none to a
YAML reader; people mean a tag all the same, so tags that directly follow an item count as its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeGuard

from tldash.formats.tasks import parse
from tldash.formats.tasks.values import FieldProblem
from tldash.formats.text import split_lines
from tldash.formats.yaml.nodes import QUOTES, Places
from tldash.model.dates import guess_date, parse_moment
from tldash.model.records import NO_FIELDS, Fields, Fix, Priority, Problem, Severity, Status, Task
from tldash.model.spelling import correct_spelling, normalize_date, suggest_spelling

DATE_FIELDS: Final = ("due", "scheduled", "start", "created", "done", "cancelled")
NO_VALUE: Final = ("", "~", "null")
"""How YAML 1.2 writes nothing, in lower case."""
WORDS: Final = ("text", "action", "topic")
"""Keys of a mapping's words; the first one that is given counts."""
_NOTHING: Final = ("~", "null", "Null", "NULL")
_CLOSING: Final = {"done": Status.DONE, "cancelled": Status.CANCELLED}
_TEXT_FIELDS: Final = ("owner", "repeat", "id")
_NOTES: Final = ("note", "notes")
KEYS: Final = (*WORDS, *DATE_FIELDS, *_TEXT_FIELDS, "priority", "tags", "status", *_NOTES)
"""What a mapping may say of an item."""
_PRIORITIES: Final = (*Priority, "normal", "none")
_BOX: Final = re.compile(r"\[(.)\](?: +|$)")
_TAGS: Final = re.compile(r"[ \t]+((?:#[^\W\d][\w/-]*[ \t]*)+)")
_KINDS: Final = {"sequence": "a list", "mapping": "a mapping"}


def split_box(value: str) -> tuple[str, int]:
    """The mark of a string that begins with a box, and where its words start; else `""` and 0."""
    match = _BOX.match(value)
    return (match[1], match.end()) if match else ("", 0)


def status_by_date(fields: Fields) -> Status:
    """The status of an item without a box or status: a completion date says that it is closed."""
    if fields.done:
        return Status.DONE
    return Status.CANCELLED if fields.cancelled else Status.OPEN


class ItemReader:
    """Reads the items of one document, collecting what is wrong with them."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.problems: list[Problem] = []
        self._lines = split_lines(text)
        self._places = Places(text)

    def item(self, name: str, index: int, node: Any) -> Task | None:
        """The item at a place of the list `name`; None where nothing is written, or no item."""
        if _is_nothing(node) and node.style is None:
            return None
        line, _ = self._places.of(node.start_mark.index)
        raw = self._lines[line - 1]
        place = (name, index)
        task = Task(self.path, line, raw, "", Status.OPEN, section=(name,), yaml_path=place)
        if node.id == "scalar":
            return self._from_string(task, node)
        if node.id == "mapping":
            return self._from_mapping(task, node)
        self._problem(node, "item", "a text or a mapping was expected here", "")
        return None

    # -- strings ---------------------------------------------------------------------------------

    def _from_string(self, task: Task, node: Any) -> Task:
        mark, start = split_box(node.value)
        parsed = self._words(node, start)
        tags = (*parsed.fields.tags, *self._tags_after(node))
        fields = replace(parsed.fields, tags=tuple(dict.fromkeys(tags)))
        status = parse.status_of(mark) if mark else status_by_date(fields)
        return replace(task, text=parsed.text, fields=fields, status=status)

    def _words(self, node: Any, start: int) -> parse.Parsed:
        """What the words of a scalar say from `start` on."""
        parsed = parse.parse(node.value[start:].replace("\n", " "))
        self.problems.extend(self._in_words(node, start, found) for found in parsed.problems)
        return parsed

    def _in_words(self, node: Any, start: int, found: FieldProblem) -> Problem:
        """A problem of some words where they stand; at their beginning if that is not plain."""
        line, column = self._places.of(node.start_mark.index)
        written = self.text[node.start_mark.index : node.end_mark.index]
        opening, spelled = 0, node.value
        if node.style in QUOTES:
            opening, written = 1, written[1:-1]
            spelled = node.value.replace(node.style, "''" if node.style == "'" else '\\"')
        bare = replace(found, fix=None)
        if written != spelled:
            return bare.in_file(self.path, line, column - 1 - found.offset)

        def before(offset: int) -> int:
            """Characters of the line that the words begin behind, as seen from one of them."""
            escapes = node.value[: start + offset].count(node.style) if opening else 0
            return column - 1 + opening + start + escapes

        problem = bare.in_file(self.path, line, before(found.offset))
        fix = found.fix
        if fix is None or (opening and node.style in fix.old + fix.new):
            return problem
        return replace(problem, fix=replace(fix, column=before(fix.column - 1) + fix.column))

    def _tags_after(self, node: Any) -> list[str]:
        match = _TAGS.match(self.text, node.end_mark.index)
        return [tag[1:] for tag in match[1].split()] if match else []

    # -- mappings --------------------------------------------------------------------------------

    def _from_mapping(self, task: Task, node: Any) -> Task | None:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if key.id == "scalar":
                values.setdefault(str(key.value), value)
        self._near_misses(node, values)
        values = {name: value for name, value in values.items() if not _is_nothing(value)}
        self._check_once(node, values)
        words = next((values[name] for name in WORDS if name in values), None)
        parsed = self._words(words, 0) if _is_text(words) else None
        fields = self._fields(values, parsed.fields if parsed else NO_FIELDS)
        status = self._status(values)
        note = self._text(values, *_NOTES).strip()
        if parsed is None:
            hint = "add a key: text: …"
            if len(node.value) == 1 and node.value[0][0].value not in KEYS:
                hint = "put the whole text in quotes, because it contains ': '"
            self._problem(node, "item", "this item has no text", hint)
            return None
        if status is Status.OPEN:
            status = status_by_date(fields)
        return replace(task, text=parsed.text, fields=fields, status=status, note=note)

    def _check_once(self, node: Any, values: dict[str, Any]) -> None:
        """Only one of the keys for an item's words can be read."""
        given = [name for name in WORDS if name in values]
        for key, _ in node.value:
            if key.value in given[1:]:
                message = f"'{key.value}' means the same as '{given[0]}', which is read instead"
                self._problem(key, "item", message, "keep one of the two")

    def _near_misses(self, node: Any, values: dict[str, Any]) -> None:
        """Unknown keys are welcome, unless they look like a slip of the pen."""
        absent = [name for name in KEYS if name not in values]
        for key, value in node.value:
            name = str(key.value)
            if key.id != "scalar" or name in KEYS or len(name) > 40:
                continue
            if likely := suggest_spelling(name, absent):
                certain = correct_spelling(name, absent) and self._is_read(likely, value)
                self._problem(
                    key,
                    "unknown-key",
                    f"'{name}' is not a key of an item",
                    f"did you mean '{likely}'?",
                    likely if certain else None,
                    Severity.WARNING,
                )

    def _is_read(self, name: str, value: Any) -> bool:
        """Whether the value would be right under that key."""
        trial = ItemReader(self.text, self.path)
        values = {name: value}
        trial._fields(values, NO_FIELDS)
        trial._status(values)
        if trial._text(values, *_NOTES, *WORDS) and name in WORDS:
            trial._words(value, 0)
        return not trial.problems

    def _fields(self, values: dict[str, Any], said: Fields) -> Fields:
        """The fields by name, and those that the words speak of."""
        fields: dict[str, Any] = {}
        for name in DATE_FIELDS:
            if name in values and (day := self._date(name, values[name])):
                fields[name] = day
        for name in _TEXT_FIELDS:
            if given := self._text(values, name):
                fields[name] = given.removeprefix("@")
        if "priority" in values:
            fields["priority"] = self._priority(values["priority"])
        if "tags" in values:
            names = (name.removeprefix("#") for name in self._tags(values["tags"]))
            fields["tags"] = tuple(dict.fromkeys((*said.tags, *names)))
        return replace(said, **fields)

    def _text(self, values: dict[str, Any], *names: str) -> str:
        """The text under the first of these keys that is given; `""` where there is none."""
        name = next((name for name in names if name in values), "")
        node = values.get(name)
        if node is None or _is_text(node):
            return str(node.value) if node is not None else ""
        hint = "write one name" if name == "owner" else ""
        self._problem(node, "text", f"a text was expected at {name}, not {_KINDS[node.id]}", hint)
        return ""

    def _tags(self, node: Any) -> list[str]:
        if _is_text(node):
            return str(node.value).replace(",", " ").split()
        if node.id == "mapping":
            message = "a list was expected at tags, not a mapping"
            self._problem(node, "text", message, "write tags: [one, two]")
            return []
        found = []
        for tag in node.value:
            if not _is_text(tag):
                message = f"a text was expected among the tags, not {_KINDS[tag.id]}"
                self._problem(tag, "text", message, "write tags: [one, two]")
            elif not _is_nothing(tag):
                found.append(str(tag.value))
        return found

    def _status(self, values: dict[str, Any]) -> Status:
        written = values.get("status")
        said = Status.OPEN
        if written is not None:
            word = _written(written).strip().lower()
            try:
                said = Status(word)
            except ValueError:
                meant = correct_spelling(word, Status)
                hint = f"did you mean '{meant}'?" if meant else "write one of " + ", ".join(Status)
                message = f"'{_written(written)[:40]}' is not a status"
                self._problem(written, "value", message, hint, meant)
        for name, status in _CLOSING.items():
            if name in values and _written(values[name]).lower() == "true":
                return status
        return said

    def _date(self, name: str, node: Any) -> date | None:
        value = _written(node)
        if name in _CLOSING and value.lower() in ("true", "false"):
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

    def _priority(self, node: Any) -> Priority | None:
        value = _written(node).strip().lower()
        if value in ("normal", "none"):
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
        node: Any,
        code: str,
        message: str,
        hint: str,
        write: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """A problem of a node; `write` is what to put in its place, if only that can be meant."""
        start, end = node.start_mark.index, node.end_mark.index
        line, column = self._places.of(start)
        fix = None
        if write is not None and node.id == "scalar":
            opening = 1 if node.style in QUOTES else 0
            if self.text[start + opening : end - opening] == node.value:
                fix = Fix(column + opening, node.value, write)
        self.problems.append(Problem(self.path, line, column, severity, code, message, hint, fix))


def _is_text(node: Any | None) -> TypeGuard[Any]:
    return node is not None and node.id == "scalar"


def _is_nothing(node: Any) -> bool:
    """Whether nothing is given: no value, null, or a text of no words."""
    return node.id == "scalar" and (
        not node.value.strip() or (node.style is None and node.value in _NOTHING)
    )


def _written(node: Any) -> str:
    """The words of a value; what it is where it has none."""
    return _KINDS.get(node.id) or str(node.value)
