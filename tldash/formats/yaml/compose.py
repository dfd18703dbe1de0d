"""Compose a YAML document: return the nodes of its values, each with its offsets.

The scanner finds the nodes, and the values that yaml-rs reads prove it right. Where it raises
`Unusual` or the two differ, ruamel.yaml composes the document, at 20 to 100 times the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from tldash.formats.yaml import values
from tldash.formats.yaml.nodes import ListNode, Node, ScalarNode, Trouble, child
from tldash.formats.yaml.scanner import Unusual, scan, scan_entry

COMPOSE_LIMIT: Final = 128 * 1024
"""Characters beyond which a document is not composed; ruamel.yaml takes about a second for this."""

_TAG: Final = re.compile(r"(?<![^\s\[{,])![^\s\[\]{},]*")


def compose(text: str) -> Node | None:
    """Return the root node of a document, None if it is empty, not valid or too large."""
    found = look(text)
    return None if isinstance(found, Trouble) else found


def look(text: str) -> Node | Trouble | None:
    """Return the root node of a document, None if it is empty or not valid, or the trouble."""
    if len(text) > COMPOSE_LIMIT:
        return Trouble(0, "too large")
    try:
        data = _load(text)
    except values.BadKey:
        return _by_ruamel(text)
    except ValueError:
        return None
    try:
        root = scan(text)
    except Unusual:
        return _by_ruamel(text)
    return root if root is None or _agree(root, data) else _by_ruamel(text)


def look_at(
    text: str, names: Sequence[str], data: dict[object, object]
) -> dict[str, Node] | Trouble:
    """Return the nodes of these top-level keys of a document, or the trouble.

    `data` is the value of the document, in which all of `names` are keys. Only the lines of those
    keys are scanned, whatever the length of the document.
    """
    try:
        found = {name: _scan_key(text, name) for name in names}
        if all(_agree(node, data[name]) for name, node in found.items()):
            return found
    except Unusual:
        pass
    root = look(text)
    if isinstance(root, Trouble):
        return root
    pairs = ((name, child(root, name)) for name in names)
    return {name: pair[1] for name, pair in pairs if pair is not None}


def _scan_key(text: str, name: str) -> Node:
    at = key_offset(text, name)
    if at is None:
        raise Unusual
    return scan_entry(text, at)


def key_offset(text: str, name: str) -> int | None:
    """Return the offset of the line that begins with a plain key; None without one."""
    if text.startswith(f"{name}:"):
        return 0
    return text.find(f"\n{name}:") + 1 or None


def _load(text: str) -> object:
    """Return the value of a document, also of one with unknown tags. Raises ValueError."""
    try:
        return values.load(text)
    except values.BadKey:
        raise
    except ValueError:
        untagged = _TAG.sub(lambda match: " " * len(match[0]), text) if "!!" in text else text
        if untagged == text:
            raise
        return _load(untagged)


def _agree(node: Node, value: object) -> bool:
    """Whether a node holds that value, as far as the two can be compared without resolving it."""
    if isinstance(node, ScalarNode):
        if isinstance(value, str):  # yaml-rs adds a line end to a block scalar at the end of a text
            return node.value == value or node.value.rstrip("\n") == value.rstrip("\n")
        return not isinstance(value, (list, dict))
    if isinstance(node, ListNode):
        if not isinstance(value, list) or len(node.items) != len(value):
            return False
        pairs: Iterable[tuple[Node, object]] = zip(node.items, value, strict=True)
    else:
        if not isinstance(value, dict) or len(node.pairs) != len(value):
            return isinstance(value, dict) and len(node.pairs) > len(value)  # duplicate keys
        pairs = ((pair[1], inner) for pair, inner in zip(node.pairs, value.values(), strict=True))
    return all(
        (isinstance(part, ScalarNode) and part.value == inner) or _agree(part, inner)
        for part, inner in pairs
    )


def _by_ruamel(text: str) -> Node | Trouble | None:
    from tldash.formats.yaml import ruamel_nodes  # ordinary documents never need ruamel.yaml

    return ruamel_nodes.compose(text)
