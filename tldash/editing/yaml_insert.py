"""New items in the lists of a YAML session, and items taken away with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any, Final

from tldash.editing import semantics
from tldash.editing.edits import AddTask, Refused
from tldash.editing.yaml import TAGS_BEHIND, with_status
from tldash.formats.tasks import parse
from tldash.formats.yaml import load
from tldash.formats.yaml.session import DATE_FIELDS, LISTS, Item, split_box
from tldash.formats.yaml.splice import (
    Splice,
    Unsafe,
    check_composed,
    cut_flow,
    cut_lines,
    end_of,
    ending,
    has_anchor,
    is_missing,
    last_of,
    line_end,
    line_start,
    spelled,
    spliced,
)
from tldash.model.records import Status

_KEYS: Final = (*DATE_FIELDS, "priority", "owner", "repeat", "id")
_STYLES: Final = (None, "'", '"')


def list_name(section: str) -> str:
    """The list of a YAML session that a section stands for. Raises Refused where there is none."""
    name = section.strip().casefold()
    if name not in LISTS:
        raise Refused("section", f"a YAML session has no list {section}: only {', '.join(LISTS)}")
    return name


def removed(text: str, name: str, node: Any) -> str:
    """The document without an item of the list `name`. Raises Unsafe."""
    check_composed(node)
    if has_anchor(node):
        raise Unsafe("this item, or a part of it, is used in other places (it has an anchor)")
    sequence = _sequence(text, name)
    start, end = node.start_mark.index, last_of(text, node, node)
    if sequence.flow_style:
        if len(sequence.value) == 1:
            return spliced(text, [(start, end, "")])
        return spliced(text, [cut_flow(text, start, end)])
    if text[line_start(text, start) : start].strip() != "-":
        raise Unsafe("this item shares its line with something else; remove it in an editor")
    return spliced(text, [cut_lines(text, start, end)])


def added(text: str, name: str, edit: AddTask) -> Iterator[str]:
    """Documents with one more item in the list `name`, the most natural one first.

    Which of them are read as they should be is for the caller to find out. Raises Unsafe.
    """
    root: Any = load.compose(text)
    words = semantics.one_line(edit.text)
    pair = None
    if root is None and load.load(text, "") != (None, ()):
        raise Unsafe("this file is not valid YAML, or too large; correct it first")
    if root is not None and not is_missing(root):
        if root.id != "mapping" or root.flow_style:
            raise Unsafe("this file has no keys on lines of their own; add it in an editor")
        pair = load.child(root, name)
    for item in _items(text, pair[1] if pair else None, words):
        yield spliced(text, [_place(text, name, pair, item)])


def repeated(text: str, item: Item, on: date) -> Iterator[str]:
    """Documents with a repeating action done, and the next one on a line of its own above it.

    Raises Unsafe, and Refused where it is not clear when it comes again.
    """
    node = item.node
    if node.id != "scalar":
        raise Unsafe("this action repeats, and the next one can only be written by hand here")
    done = with_status(text, node, Status.DONE, on)
    _, start = split_box(node.value)
    following = semantics.next_line(item.task, node.value[start:], on)
    if following is None:
        yield done
        return
    begin = line_start(text, node.start_mark.index)
    lead = text[begin : node.start_mark.index]
    if lead.strip() != "-":
        raise Unsafe("this action repeats, and shares its line with something else")
    box = f"[ ]{node.value[3:start]}" if start else ""
    behind = TAGS_BEHIND.match(text, node.end_mark.index)
    for style in dict.fromkeys((node.style, "'")):
        line = lead + spelled(box + following, style) + (behind[0] if behind else "")
        yield done[:begin] + line + ending(text) + done[begin:]


def _items(text: str, value: Any | None, words: str) -> Iterator[tuple[str, ...]]:
    """The new item as lines, in the style of its neighbours and in those that it may need."""
    neighbours = value.value if value is not None and value.id == "sequence" else []
    if neighbours and all(node.id == "mapping" for node in neighbours):
        pairs = _pairs(words)
        for style, other in product(_STYLES, (None, "'")):
            if neighbours[-1].flow_style:
                shown = ", ".join(
                    f"{key}: {_spelled(key, value, style, other)}" for key, value in pairs
                )
                yield ("{" + shown + "}",)
            else:
                yield tuple(f"{key}: {_spelled(key, value, style, other)}" for key, value in pairs)
    strings = [node.style for node in neighbours if node.id == "scalar"]
    first = strings[-1] if strings and strings[-1] in _STYLES else None
    for style in dict.fromkeys((first, *_STYLES)):
        yield (spelled(words, style),)


def _pairs(words: str) -> list[tuple[str, str]]:
    """A task line as the keys of a mapping."""
    parsed = parse.parse(words)
    pairs = [("text", parsed.text)]
    for key in _KEYS:
        if (value := getattr(parsed.fields, key)) is not None:
            pairs.append((key, str(value)))
    if parsed.fields.tags:
        pairs.append(("tags", f"[{', '.join(parsed.fields.tags)}]"))
    return pairs


def _spelled(key: str, value: str, style: str | None, other: str | None) -> str:
    """A value in its style: that of the text, or that of the other words."""
    if key == "text":
        return spelled(value, style)
    return spelled(value, other if key in ("owner", "repeat", "id") else None)


def _place(text: str, name: str, pair: tuple[Any, Any] | None, item: tuple[str, ...]) -> Splice:
    end = ending(text)
    if pair is None:
        start = "" if not text or text.endswith(("\r", "\n")) else end
        last = end if not start else ""
        lines = f"{end}    ".join(item)
        return len(text), len(text), f"{start}{name}:{end}  - {lines}{last}"
    key, value = pair
    if is_missing(value) and not value.anchor:
        at = line_end(text, end_of(text, key, value))
        return at, at, f"{end}  - " + f"{end}    ".join(item)
    if value.id != "sequence":
        raise Unsafe(f"what stands at {name}: is no list; correct it first")
    if value.anchor:
        raise Unsafe("this list is used in several places of the file (it has an anchor)")
    return _behind(text, value, item)


def _behind(text: str, sequence: Any, item: tuple[str, ...]) -> Splice:
    """Behind the last item of a list."""
    if not sequence.value:
        at = sequence.start_mark.index + 1
        return at, at, item[0] if len(item) == 1 else "{" + ", ".join(item) + "}"
    last = sequence.value[-1]
    if last.start_mark.index < sequence.start_mark.index or last.anchor:
        raise Unsafe("the last item stands for another place of the file; add it in an editor")
    at = last_of(text, last, last)
    if sequence.flow_style:
        return at, at, ", " + (item[0] if len(item) == 1 else "{" + ", ".join(item) + "}")
    start = last.start_mark.index
    lead = text[line_start(text, start) : start]
    if lead.strip() != "-":
        raise Unsafe("the last item shares its line with something else; add it in an editor")
    at = line_end(text, at)
    indent = " " * len(lead)
    return at, at, ending(text) + lead + f"{ending(text)}{indent}".join(item)


def _sequence(text: str, name: str) -> Any:
    pair = load.child(load.compose(text), name)
    if pair is None:
        raise Unsafe("this list cannot be found again; remove it in an editor")
    return pair[1]
