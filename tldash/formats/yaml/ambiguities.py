"""Find the parts of a YAML document that yaml-rs accepts and other YAML readers read differently.

Merge keys, tags, numbers in spellings that are texts in YAML 1.2, control characters, and other
versions of YAML. Nearly no document has characters that could be one of them; only the others are
composed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tldash.formats.yaml import values
from tldash.formats.yaml.compose import COMPOSE_LIMIT, compose, look
from tldash.formats.yaml.nodes import (
    CORE,
    ListNode,
    MappingNode,
    Node,
    Places,
    ScalarNode,
    Trouble,
    tag_span,
    walk,
)
from tldash.model.patterns import compile_pattern
from tldash.model.records import Problem, Severity
from tldash.model.sanitize import name_character

Ambiguity = tuple[int, Severity, str, str, str]
"""Offset, severity, code, message and hint."""

_TAGGED: Final = compile_pattern(r"!(?<![^\s\[{,]!)")
_MERGED: Final = compile_pattern(r"<<(?=\s*:)")
_INDENTED: Final = compile_pattern(r"(?m)^ *\t[ \t]*[^\s#]")
_BASED: Final = compile_pattern("0[xXoObB]")
_NUMBER: Final = compile_pattern(
    r"[-+.\deE_](?<![^\s\[{,].)(?:(?<=[-+])0[XOBbxo]\w|(?<=0)(?:[XOBb]\w|[xo]\w*_)"
    r"|(?<=[-+.\d])[.\d]*(?:[eE][-+]?\d*)?_|(?<=[eE])[-+]?\d*_|(?<=_))"
)
_UNPRINTABLE: Final = compile_pattern(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]"
)
_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
"""The ASCII characters among them."""
_VERSION: Final = compile_pattern(r"(?m)^%YAML[ \t]+(?!1\.2\b)(\S+)")
CORE_NUMBER: Final = compile_pattern(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""YAML 1.2.2, 10.3.2."""
_NUMBERLIKE: Final = compile_pattern(r"[-+]?[\w.+-]{1,40}")
_KINDS: Final[dict[str, tuple[type[Node], type]]] = {
    "str": (ScalarNode, str),
    "int": (ScalarNode, int),
    "float": (ScalarNode, float),
    "bool": (ScalarNode, bool),
    "null": (ScalarNode, type(None)),
    "map": (MappingNode, dict),
    "seq": (ListNode, list),
}
"""The tags of the core schema, with the node that each belongs to and the type of its value."""


def without_tags(text: str) -> str:
    """Return the text with spaces in place of unknown tags.

    For documents that yaml-rs refuses, possibly because of such tags. A document that is not valid
    for another reason stays the same.
    """
    if "!!" not in text:
        return text
    nodes = walk(compose(text))
    for start, end in [span for node in nodes if (span := _foreign(text, node))]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def find_ambiguities(text: str, path: str, first_line: int = 1) -> tuple[Problem, ...]:
    """Report the ambiguous parts of a document that yaml-rs accepts, in the order of the text.

    `first_line` is the line of the file on which `text` begins.
    """
    found: set[Ambiguity] = set()
    if _may_be_unprintable(text) and (control := _UNPRINTABLE.search(text)):
        found.add(_unprintable(control))
    if "%" in text and (version := _VERSION.search(text)):
        message = f"this asks for YAML {version[1][:10]}, and is read as YAML 1.2"
        found.add((version.start(), Severity.ERROR, "yaml", message, "remove the line"))
    suspects = [match.start() for one in _suspects(text) if (match := one.search(text))]
    if suspects:
        root = look(text)
        if isinstance(root, Trouble):
            found.add(_trouble(root, min(suspects), text))
        else:
            for node in walk(root):
                found.update(_ambiguities_of(text, node))
    if not found:
        return ()
    places = Places(text)
    problems = []
    for offset, severity, code, message, hint in sorted(found):
        line, column = places.of(offset)
        problems.append(Problem(path, first_line + line - 1, column, severity, code, message, hint))
    return tuple(problems)


def _suspects(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of what may be ambiguous, of which most documents can match none.

    Where one matches, the nodes show whether it is ambiguous. Looking for a character first takes
    2 µs for a session, searching for all patterns 200 µs.
    """
    if "!" in text:
        yield _TAGGED
    if "<" in text and "<<" in text:
        yield _MERGED
    if "\t" in text:
        yield _INDENTED
    if "_" in text or _BASED.search(text):
        yield _NUMBER


def _may_be_unprintable(text: str) -> bool:
    """Return whether `_UNPRINTABLE` may be in a text. Deleting bytes takes a sixth of its time."""
    if text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) < len(text)
    return not text.replace("\n", "").isprintable()


def _unprintable(match: re.Match[str]) -> Ambiguity:
    message = f"an invisible character is here: {name_character(match[0])}"
    return match.start(), Severity.ERROR, "yaml", message, "remove it"


def _trouble(trouble: Trouble, at: int, text: str) -> Ambiguity:
    if len(text) > COMPOSE_LIMIT:
        message = "this YAML is too large to find out what is meant here"
        return at, Severity.ERROR, "too-large", message, "split it, or take tags and the like out"
    hint = "indent with spaces" if text[trouble.offset : trouble.offset + 1] == "\t" else ""
    return trouble.offset, Severity.ERROR, "yaml", trouble.message, hint


def _ambiguities_of(text: str, node: Node) -> Iterator[Ambiguity]:
    if span := _foreign(text, node):
        message = f"the tag {text[slice(*span)][:40]} is unknown; the value is read without it"
        yield span[0], Severity.ERROR, "yaml", message, "remove the tag"
    if isinstance(node, MappingNode):
        for key, _ in node.pairs:
            if isinstance(key, ScalarNode) and key.style is None and key.value == "<<":
                message = "keys are not merged: the value of '<<' is ignored"
                hint = "write out the keys"
                yield key.start, Severity.ERROR, "merge-key", message, hint
    elif isinstance(node, ScalarNode) and node.style is None and _is_odd_number(node.value):
        number = values.load(node.value)
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            message = f"'{node.value}' is read as {number} here, but is a text in YAML 1.2"
            hint = f"write {number}, or put it in quotes"
            yield node.start, Severity.WARNING, "number", message, hint


def _is_odd_number(value: str) -> bool:
    """Whether yaml-rs may read a number that is a text in YAML 1.2."""
    return _NUMBERLIKE.fullmatch(value) is not None and CORE_NUMBER.fullmatch(value) is None


def _foreign(text: str, node: Node) -> tuple[int, int] | None:
    """Return the offsets of a tag that is unknown, or does not suit its node; None without one."""
    span = tag_span(text, node)
    if span is None:
        return None
    tag = node.tag
    kind = _KINDS.get(tag.removeprefix(CORE)) if tag.startswith(CORE) else None
    if kind is None or not isinstance(node, kind[0]) or text[slice(*span)] == "!":
        return span
    if isinstance(node, ScalarNode):
        import json  # few documents have a tag

        try:
            made = values.load(f"!!{tag.removeprefix(CORE)} {json.dumps(node.value)}")
        except ValueError:
            return span
        return None if isinstance(made, kind[1]) else span
    return None
