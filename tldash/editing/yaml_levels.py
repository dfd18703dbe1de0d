"""Set the agreed level of a skill in the text of a session.

Agreed levels are under `levels:` in the front matter of a Markdown session or in a YAML session,
in braces or with a line for each skill. One level changes or one entry is added. The result is
parsed again and refused if anything else changed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tldash.editing import verify
from tldash.editing.edits import ALREADY, Refused, SetLevel
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.text import BOM, line_spans
from tldash.formats.yaml import load
from tldash.formats.yaml import splice as yamlsplice
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import MappingNode, Node, ScalarNode, child
from tldash.formats.yaml.splice import Splice, Unsafe
from tldash.model.file_roles import is_yaml

_KEY: Final = "levels"


def apply(edit: SetLevel, text: str) -> str:
    """Return the text of the file after the edit. Raises Refused."""
    start, document = _document(text, edit.path)
    root = compose(document)
    if not isinstance(root, MappingNode):
        raise Refused("yaml", f"what should hold {_KEY}: cannot be read; fix it in an editor")
    try:
        for splice in _drafts(edit, document, root):
            new = yamlsplice.spliced(document, [splice])
            after = text[:start] + new + text[start + len(document) :]
            if _is_applied(edit, document, new) and _document(after, edit.path) == (start, new):
                return after
    except Unsafe as error:
        raise Refused("yaml", str(error)) from error
    raise Refused("unclear", f"{_KEY}: is written in a way that cannot be edited here")


def _document(text: str, path: str) -> tuple[int, str]:
    """Return the offset of the YAML of a session, and the YAML. Raises Refused without any."""
    body = text.removeprefix(BOM)
    mark = len(text) - len(body)
    if is_yaml(path):
        return mark, body
    front = split_front(text, path)
    if front.yaml is None:
        raise Refused("no-front-matter", "this session has no front matter to hold a level")
    return mark + line_spans(body)[1][0], front.yaml


def _drafts(edit: SetLevel, document: str, root: MappingNode) -> Iterator[Splice]:
    """Yield splices that may write the level, the simplest first. Raises Refused and Unsafe."""
    yamlsplice.check_keys(root)
    held = child(root, _KEY)
    entries = held[1].pairs if held is not None and isinstance(held[1], MappingNode) else []
    found = [(key, value) for key, value in entries if _name(key) in edit.names]
    if len(found) > 1:
        raise Unsafe(f"duplicate key {edit.skill} under {_KEY}:; remove one of them first")
    if held is not None and yamlsplice.has_anchor(held[1]):
        raise Unsafe(f"{_KEY}: holds an anchor or an alias; write the values out to edit them here")
    if found:
        yield from _changed(edit, document, *found[0])
        return
    if edit.was is not None:
        raise _changed_meanwhile()
    for quoted in (False, True):
        skill, level = (
            yamlsplice.spelled(word, "'" if quoted else None) for word in (edit.skill, edit.level)
        )
        if held is None:
            yield yamlsplice.insert(document, root, _KEY, f"{{{skill}: {level}}}")
        elif yamlsplice.is_missing(held[1]):
            at = yamlsplice.end_of(document, *held)
            yield at, at, f" {{{skill}: {level}}}"
        elif not isinstance(held[1], MappingNode):
            raise Unsafe(f"{_KEY}: is not a mapping of skills to levels; fix it in an editor")
        else:
            yield yamlsplice.insert(document, held[1], skill, level)


def _changed(edit: SetLevel, document: str, key: Node, value: Node) -> Iterator[Splice]:
    now = _name(value)
    if now == edit.level.lower():
        raise Refused(ALREADY, f"already {edit.level}", _line(document, key))
    if now is None or now != edit.was:
        raise _changed_meanwhile(_line(document, key))
    for quoted in (False, True):
        yield yamlsplice.replace(document, key, value, edit.level, quoted=quoted)


def _name(node: Node) -> str | None:
    """Return a scalar stripped and in lower case, as skills and levels are compared."""
    return node.value.strip().lower() if isinstance(node, ScalarNode) else None


def _changed_meanwhile(found: str = "") -> Refused:
    return Refused("changed", "somebody else changed this level meanwhile", found)


def _line(document: str, node: Node) -> str:
    at = node.start
    start, end = yamlsplice.line_start(document, at), yamlsplice.line_end(document, at)
    return document[start:end]


def _is_applied(edit: SetLevel, before: str, after: str) -> bool:
    """Whether only that level is different."""
    if not verify.same_values(before, after, _KEY):
        return False
    one, other = _levels(before), _levels(after)
    mine = [name for name in other if name.strip().lower() in edit.names]
    return (
        [other[name] for name in mine] == [edit.level]
        and set(one) | set(mine) == set(other)
        and all(other[name] == one[name] for name in one if name not in mine)
    )


def _levels(document: str) -> dict[str, object]:
    data, _ = load.load(document, "")
    found = data.get(_KEY) if isinstance(data, dict) else None
    return {str(name): level for name, level in found.items()} if isinstance(found, dict) else {}
