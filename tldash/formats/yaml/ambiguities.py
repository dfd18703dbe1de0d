"""What the fast reader takes without a word, and others take otherwise or not at all.

Nobody who writes notes by hand means any of it: merge keys, tags, numbers in spellings that YAML
1.2 calls texts, control characters, another version of YAML. A look at the characters tells that a
document has none of it, which is so for nearly all; only the others are composed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tldash.formats.yaml import nodes as yamlnodes
from tldash.formats.yaml import values
from tldash.formats.yaml.nodes import CORE, Places, Trouble
from tldash.model.records import Problem, Severity

Doubt = tuple[int, Severity, str, str, str]
"""Offset, severity, code, message and hint."""

_SUSPECT: Final = re.compile(
    r"(?<![^\s\[{,])!\S*"
    r"|<<(?=\s*:)"
    r"|(?m:^ *\t[ \t]*[^\s#])"
    r"|(?<![^\s\[{,])(?:[-+]?0[XOBb]\w|[-+]0[xo]\w|0[xo]\w*_|[-+]?[.\d]*(?:[eE][-+]?\d*)?_)"
)
"""Where there might be something of it; composing shows whether there is."""
_SIGNS: Final = ("!", "<<", "\t", "_", "0X", "0O", "0B", "0b", "+0", "-0")
"""One of these is in every such place."""
_UNPRINTABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_VERSION: Final = re.compile(r"(?m)^%YAML[ \t]+(?!1\.2\b)(\S+)")
CORE_NUMBER: Final = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""YAML 1.2.2, 10.3.2."""
_NUMBERLIKE: Final = re.compile(r"[-+]?[\w.+-]{1,40}")
_KINDS: Final[dict[str, tuple[str, type]]] = {
    "str": ("scalar", str),
    "int": ("scalar", int),
    "float": ("scalar", float),
    "bool": ("scalar", bool),
    "null": ("scalar", type(None)),
    "map": ("mapping", dict),
    "seq": ("sequence", list),
}
"""Of YAML's own tags, those that the core schema gives a meaning, on what, and what they make."""


def without_tags(text: str) -> str:
    """The text with blanks in place of its foreign tags; the same where it is not valid otherwise.

    For documents that the fast reader refuses, which may be because of their tags.
    """
    if "!!" not in text:
        return text
    nodes = yamlnodes.walk(yamlnodes.compose(text))
    for start, end in [span for node in nodes if (span := _foreign(text, node))]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def doubts(text: str, path: str, first_line: int = 1) -> tuple[Problem, ...]:
    """Everything of that kind in a document that the fast reader understands.

    `first_line` is the line of the file on which `text` begins.
    """
    found: set[Doubt] = set()
    if not text.replace("\n", "").isprintable() and (sign := _UNPRINTABLE.search(text)):
        found.add(_unprintable(sign))
    if "%YAML" in text and (version := _VERSION.search(text)):
        message = f"this asks for YAML {version[1][:10]}, and is read as YAML 1.2"
        found.add((version.start(), Severity.ERROR, "yaml", message, "remove the line"))
    suspect = _SUSPECT.search(text) if any(sign in text for sign in _SIGNS) else None
    if suspect is not None:
        root = yamlnodes.look(text)
        if isinstance(root, Trouble):
            found.add(_trouble(root, suspect.start(), text))
        else:
            for node in yamlnodes.walk(root):
                found.update(_doubts_of(text, node))
    if not found:
        return ()
    places = Places(text)
    problems = []
    for offset, severity, code, message, hint in sorted(found):
        line, column = places.of(offset)
        problems.append(Problem(path, first_line + line - 1, column, severity, code, message, hint))
    return tuple(problems)


def _unprintable(sign: re.Match[str]) -> Doubt:
    message = f"an invisible character stands here (U+{ord(sign[0]):04X})"
    return sign.start(), Severity.ERROR, "yaml", message, "remove it"


def _trouble(trouble: Trouble, at: int, text: str) -> Doubt:
    if len(text) > yamlnodes.COMPOSE_LIMIT:
        message = "this YAML is too large to find out what is meant here"
        return at, Severity.ERROR, "too-large", message, "split it, or take tags and the like out"
    hint = "indent with blanks" if text[trouble.offset : trouble.offset + 1] == "\t" else ""
    return trouble.offset, Severity.ERROR, "yaml", trouble.message, hint


def _doubts_of(text: str, node: Any) -> Iterator[Doubt]:
    if span := _foreign(text, node):
        message = (
            f"the tag {text[slice(*span)][:40]} means nothing here; the value is read without it"
        )
        yield span[0], Severity.ERROR, "yaml", message, "remove the tag"
    if node.id == "mapping":
        for key, _ in node.value:
            if key.id == "scalar" and key.style is None and key.value == "<<":
                message = "keys are not merged here: what '<<' stands for is not read"
                hint = "write out the keys that are meant"
                yield key.start_mark.index, Severity.ERROR, "merge-key", message, hint
    elif node.id == "scalar" and node.style is None and _is_odd_number(node.value):
        number = values.load(node.value)
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            message = f"'{node.value}' is read as {number} here, and as a text by YAML 1.2"
            hint = f"write {number}, or put it in quotes"
            yield node.start_mark.index, Severity.WARNING, "number", message, hint


def _is_odd_number(value: str) -> bool:
    """Whether it might be a number to the fast reader, and is none to YAML 1.2."""
    return _NUMBERLIKE.fullmatch(value) is not None and CORE_NUMBER.fullmatch(value) is None


def _foreign(text: str, node: Any) -> tuple[int, int] | None:
    """Where a tag is written that is none of YAML's own, or does not suit what it is on."""
    span = yamlnodes.tag_at(text, node)
    if span is None:
        return None
    tag = str(node.tag)
    kind = _KINDS.get(tag.removeprefix(CORE)) if tag.startswith(CORE) else None
    if kind is None or kind[0] != node.id or text[slice(*span)] == "!":
        return span
    if node.id == "scalar":
        import json  # few documents have a tag

        try:
            made = values.load(f"!!{tag.removeprefix(CORE)} {json.dumps(node.value)}")
        except ValueError:
            return span
        return None if isinstance(made, kind[1]) else span
    return None
