"""Set a key of a file's front matter or of a YAML session, or one level of a skill in it.

Levels are under `levels:`, `levels_self:` and `levels_coach:`, in braces or with a line for each
skill. One value changes, or one key or entry is added or removed. The result is parsed again and
refused if anything else changed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from tldash.editing import semantics, verify
from tldash.editing.edits import ALREADY, ANY, Refused, SetField, SetLevel
from tldash.editing.markdown import line_end
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.text import BOM, line_spans
from tldash.formats.yaml import load
from tldash.formats.yaml import splice as yamlsplice
from tldash.formats.yaml.compose import compose
from tldash.formats.yaml.nodes import MappingNode, Node, ScalarNode, child
from tldash.formats.yaml.splice import Splice, Unsafe
from tldash.model.file_roles import is_yaml


def apply_level(edit: SetLevel, text: str) -> str:
    """Return the text of the file after the edit. Raises Refused."""
    text, start, document = _document(text, edit.path)
    root = _mapping(document, edit.key)
    try:
        for splice in _level_drafts(edit, document, root):
            new = yamlsplice.spliced(document, [splice])
            after = text[:start] + new + text[start + len(document) :]
            if _is_level_set(edit, document, new) and _is_at(after, edit.path, start, new):
                return after
    except Unsafe as error:
        raise Refused("yaml", str(error)) from error
    raise Refused("unclear", f"{edit.key}: is written in a way that cannot be edited here")


def apply_field(edit: SetField, text: str) -> str:
    """Return the text of the file after the edit. Raises Refused."""
    check_characters(edit.value if isinstance(edit.value, str) else "".join(edit.value or ()))
    text, start, document = _document(text, edit.path)
    root = _mapping(document, edit.key)
    now = _string(_values(document).get(edit.key))
    wanted = list(edit.value) if isinstance(edit.value, tuple) else edit.value
    if now == wanted:
        raise Refused(ALREADY, "already as requested")
    if edit.was is not ANY and now != edit.was:
        raise Refused("changed", f"somebody else changed {edit.key}: meanwhile", str(now or ""))
    try:
        for splice in _field_drafts(edit, document, root):
            new = yamlsplice.spliced(document, [splice])
            after = text[:start] + new + text[start + len(document) :]
            if (
                verify.same_values(document, new, edit.key)
                and _string(_values(new).get(edit.key)) == wanted
                and _is_at(after, edit.path, start, new)
            ):
                return after
    except Unsafe as error:
        raise Refused("yaml", str(error)) from error
    raise Refused("unclear", f"{edit.key}: is written in a way that cannot be edited here")


def read_field(text: str, path: str, key: str) -> object:
    """Return the value of a key as `SetField.was` expects it. Raises Refused."""
    return _string(_values(_document(text, path)[2]).get(key))


def check_characters(text: str) -> None:
    """Raise Refused for characters that a text file cannot hold."""
    if semantics.is_forbidden(text):
        raise Refused("encoding", "this text has characters that a text file cannot hold")


def _mapping(document: str, key: str) -> MappingNode | None:
    """Return the keys of a document; None if it is empty. Raises Refused."""
    root = compose(document)
    if isinstance(root, MappingNode):
        return root
    if load.load(document, "") != (None, ()):
        raise Refused("yaml", f"what should hold {key}: cannot be read; fix it in an editor")
    return None


def _field_drafts(edit: SetField, document: str, root: MappingNode | None) -> Iterator[Splice]:
    """Yield splices that may set the field, the simplest first. Raises Unsafe."""
    held = child(root, edit.key)
    if root is not None:
        yamlsplice.check_keys(root)
    if held is not None and yamlsplice.has_anchor(held[1]):
        raise Unsafe(
            f"{edit.key}: holds an anchor or an alias; write the value out to edit it here"
        )
    if edit.value is None:
        if held is not None and root is not None:
            yield yamlsplice.remove(document, root, *held)
        return
    for quoted in (False, True):
        written = _spell(edit.value, quoted=quoted)
        if held is None:
            yield from _insertions(document, root, edit.key, written)
        elif yamlsplice.is_missing(held[1]):
            at = yamlsplice.end_of(document, *held)
            yield at, at, f" {written}"
        elif isinstance(held[1], ScalarNode) and isinstance(edit.value, str):
            yield yamlsplice.replace(document, *held, edit.value, quoted=quoted)
        elif getattr(held[1], "flow", False):
            yield held[1].start, held[1].end, written
        else:
            raise Unsafe(f"{edit.key}: is not one value on one line; edit it in an editor")


def _spell(value: str | tuple[str, ...], *, quoted: bool) -> str:
    style = "'" if quoted else None
    if isinstance(value, str):
        return yamlsplice.spelled(value, style)
    return f"[{', '.join(yamlsplice.spelled(one, style) for one in value)}]"


def _insertions(
    document: str, root: MappingNode | None, key: str, written: str
) -> Iterator[Splice]:
    """Yield splices that add a key: after the last simple one, else above all others."""
    end = yamlsplice.ending(document)
    if root is None or not root.pairs:
        apart = "" if not document or document.endswith(("\r", "\n")) else end
        yield len(document), len(document), f"{apart}{key}: {written}{end}"
        return
    with suppress(Unsafe):
        yield yamlsplice.insert(document, root, key, written)
    if not root.flow:
        at = yamlsplice.line_start(document, root.pairs[0][0].start)
        yield at, at, f"{key}: {written}{end}"


def _document(text: str, path: str) -> tuple[str, int, str]:
    """Return the text with front matter, the offset of its YAML, and the YAML.

    A Markdown file without front matter gets an empty one. Raises Refused if it cannot.
    """
    body = text.removeprefix(BOM)
    mark = len(text) - len(body)
    if is_yaml(path):
        return text, mark, body
    front = split_front(text, path)
    if front.problems:
        raise Refused("front-matter", "the front matter is never closed; fix it in an editor")
    if front.yaml is None:
        end = line_end(body)
        text = f"{text[:mark]}---{end}---{end}{body}"
        return text, mark + 3 + len(end), ""
    return text, mark + line_spans(body)[1][0], front.yaml


def _is_at(text: str, path: str, start: int, document: str) -> bool:
    """Return whether the file has this YAML at this offset."""
    try:
        return _document(text, path) == (text, start, document)
    except Refused:
        return False


def _level_drafts(edit: SetLevel, document: str, root: MappingNode | None) -> Iterator[Splice]:
    """Yield splices that may write the level, the simplest first. Raises Refused and Unsafe."""
    if root is not None:
        yamlsplice.check_keys(root)
    held = child(root, edit.key)
    entries = held[1].pairs if held is not None and isinstance(held[1], MappingNode) else []
    found = [(key, value) for key, value in entries if _name(key) in edit.names]
    if len(found) > 1:
        raise Unsafe(f"duplicate key {edit.skill} under {edit.key}:; remove one of them first")
    if held is not None and yamlsplice.has_anchor(held[1]):
        raise Unsafe(
            f"{edit.key}: holds an anchor or an alias; write the values out to edit them here"
        )
    if found:
        yield from _level_changes(edit, document, *found[0])
        return
    if edit.was is not None:
        raise _changed_meanwhile()
    for quoted in (False, True):
        skill, level = (
            yamlsplice.spelled(word, "'" if quoted else None) for word in (edit.skill, edit.level)
        )
        if held is None:
            yield from _insertions(document, root, edit.key, f"{{{skill}: {level}}}")
        elif yamlsplice.is_missing(held[1]):
            at = yamlsplice.end_of(document, *held)
            yield at, at, f" {{{skill}: {level}}}"
        elif not isinstance(held[1], MappingNode):
            raise Unsafe(f"{edit.key}: is not a mapping of skills to levels; fix it in an editor")
        else:
            yield yamlsplice.insert(document, held[1], skill, level)


def _level_changes(edit: SetLevel, document: str, key: Node, value: Node) -> Iterator[Splice]:
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


def _is_level_set(edit: SetLevel, before: str, after: str) -> bool:
    """Return whether only that level is different."""
    if not verify.same_values(before, after, edit.key):
        return False
    one, other = _levels(before, edit.key), _levels(after, edit.key)
    mine = [name for name in other if name.strip().lower() in edit.names]
    return (
        [other[name] for name in mine] == [edit.level]
        and set(one) | set(mine) == set(other)
        and all(other[name] == one[name] for name in one if name not in mine)
    )


def _levels(document: str, key: str) -> dict[str, object]:
    found = _values(document).get(key)
    return {str(name): level for name, level in found.items()} if isinstance(found, dict) else {}


def _values(document: str) -> dict[object, object]:
    data = _value(document)
    return data if isinstance(data, dict) else {}


def _value(document: str) -> object:
    return load.load(document, "")[0]


def _string(value: object) -> object:
    """Return a scalar as it is written, and a list as texts."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if value is None or isinstance(value, dict) else str(value)
