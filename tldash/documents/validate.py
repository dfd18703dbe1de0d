"""Validate a loaded YAML document with its model.

A mistake costs only the value that it is in: invalid values are left out, each with a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tldash.documents.foreign import FOREIGN_KEYS, other_name
from tldash.documents.models import Document, SessionDocument, YamlSessionDocument
from tldash.documents.scalars import describe_kind, is_foreign_status, quote, shorten
from tldash.model.frozen import frozen
from tldash.model.records import Severity
from tldash.model.spelling import correct_spelling, suggest_spelling

_MOST_KEYS: Final = 200
"""Unknown keys of a document that are compared with the known ones."""
_LISTS: Final = {"agenda": "topics", "actions": "actions"}
"""Lists of a YAML session, which Markdown has in its body, and what they hold."""
_LONGEST: Final = 40
"""Characters by which to compare keys."""
_MESSAGES: Final = {
    "missing": "this key is missing",
    "too_short": "at least {min_length} expected here",
    "too_long": "at most {max_length} expected here",
    "list_type": "a list was expected here, not {found}",
    "tuple_type": "a list was expected here, not {found}",
    "dict_type": "a mapping was expected here, not {found}",
    "model_type": "a mapping was expected here, not {found}",
}
"""Messages for pydantic's error types, which it describes in terms of Python."""


@frozen
class Rewrite:
    """The fix of an unambiguous mistake, before its position in the text is known."""

    old: str
    new: str
    key: bool = False
    """Whether to replace the key instead of its value."""


@frozen
class Fault:
    """An invalid value or key, with the keys and indices that lead to it."""

    where: tuple[str | int, ...]
    severity: Severity
    code: str
    message: str
    hint: str
    rewrite: Rewrite | None = None


AnyDocument = TypeVar("AnyDocument", bound=Document)


def check(model: type[AnyDocument], data: object) -> tuple[AnyDocument | None, tuple[Fault, ...]]:
    """Validate a loaded YAML document with `model`.

    Invalid values are left out and reported as faults. In a mapping of the top level, single values
    are left out, elsewhere the whole top-level value. The model is None only if a required value is
    missing or invalid.
    """
    if data is None:
        data = {}
    if not isinstance(data, dict):
        message = f"a mapping of keys to values was expected here, not {describe_kind(data)}"
        return check(model, {})[0], (Fault((), Severity.ERROR, "not-a-mapping", message, ""),)
    kept = {key: value for key, value in data.items() if isinstance(key, str) and value is not None}
    faults = [*_odd_keys(data), *_near_misses(model, kept), *_misplaced(model, kept)]
    try:
        return model.model_validate(kept), tuple(faults)
    except ValidationError as error:
        details = list(_own(error.errors(include_url=False)))
    faults.extend(map(_fault, details))
    _leave_out(kept, [detail["loc"] for detail in details])
    try:
        return model.model_validate(kept), tuple(faults)
    except ValidationError:
        return None, tuple(faults)


def _own(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Skip the error of a list that is too short only because some of its items are invalid."""
    inside = {detail["loc"][:size] for detail in details for size in range(1, len(detail["loc"]))}
    for detail in details:
        if detail["type"] != "too_short" or detail["loc"] not in inside:
            yield detail


def _leave_out(kept: dict[str, Any], places: Iterable[tuple[str | int, ...]]) -> None:
    """Remove the values at these places: single ones from a mapping, others as a whole."""
    parts: dict[str, set[str]] = {}
    for where in places:
        top = str(where[0]) if where else ""
        if len(where) > 1 and isinstance(kept.get(top), dict):
            parts.setdefault(top, set()).add(str(where[1])[:_LONGEST])
        else:
            kept.pop(top, None)
    for top, names in parts.items():
        value = kept.pop(top, None) or {}
        rest = {key: item for key, item in value.items() if _name(key) not in names}
        if len(rest) + len(names) <= len(value):
            kept[top] = rest


def _name(key: object) -> str:
    """Return a key as pydantic names it in the place of an error."""
    huge = isinstance(key, int) and key.bit_length() > 64
    return "" if huge else str(key)[:_LONGEST]


def _odd_keys(data: dict[Any, Any]) -> list[Fault]:
    return [
        Fault((), Severity.WARNING, "odd-key", f"the key '{shorten(key)}' is not a text", "")
        for key in data
        if not isinstance(key, str)
    ]


def _misplaced(model: type[Document], data: dict[str, Any]) -> list[Fault]:
    """Report lists of a YAML session in the front matter of a Markdown session."""
    if not issubclass(model, SessionDocument) or issubclass(model, YamlSessionDocument):
        return []
    return [
        Fault(
            (key,),
            Severity.ERROR,
            "misplaced",
            f"{what} are not read from the front matter of a Markdown session",
            "write them as task items in the body: - [ ] …",
        )
        for key, what in _LISTS.items()
        if isinstance(data.get(key), list) and data[key]
    ]


def _near_misses(model: type[Document], data: dict[str, Any]) -> list[Fault]:
    """Report unknown keys that look like a typing error; others are welcome."""
    known = [name for name in model.model_fields if name not in data]
    unknown = (
        key
        for key in data
        if key not in model.model_fields and len(key) <= 40 and key.casefold() not in FOREIGN_KEYS
    )
    faults = []
    for key in islice(unknown, _MOST_KEYS):
        meant = other_name(key)
        guess = meant if meant in known else suggest_spelling(key, known)
        if guess is None or (guess == "status" and is_foreign_status(str(data[key])[:40])):
            continue
        certain = guess in (meant, correct_spelling(key, known)) and _is_read(
            model, guess, data[key]
        )
        faults.append(
            Fault(
                (key,),
                Severity.WARNING,
                "unknown-key",
                f"'{shorten(key)}' is not a key of this file",
                f"did you mean '{guess}'?",
                Rewrite(key, guess, key=True) if certain else None,
            )
        )
    return faults


def _is_read(model: type[Document], name: str, value: object) -> bool:
    """Whether the value would be valid under that key."""
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        return all(detail["loc"][:1] != (name,) for detail in error.errors(include_url=False))
    return True


def _fault(detail: ErrorDetails) -> Fault:
    where = tuple(part for part in detail["loc"] if part != "[key]")
    context = detail.get("ctx", {})
    if "hint" in context:
        return Fault(
            where,
            Severity.ERROR,
            detail["type"],
            detail["msg"],
            str(context["hint"]),
            _rewrite(detail["input"], context.get("write")),
        )
    name = str(where[-1]) if where and isinstance(where[-1], str) else "this"
    if detail["type"] in ("enum", "literal_error"):
        allowed = str(context.get("expected", "")).replace("'", "")
        found = detail["input"]
        meant = (
            correct_spelling(found.strip(), _split_names(allowed))
            if isinstance(found, str)
            else None
        )
        return Fault(
            where,
            Severity.ERROR,
            "value",
            f"{quote(found)} is not a {name}",
            f"did you mean '{meant}'?" if meant else f"write {allowed}",
            _rewrite(found, meant),
        )
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    if ours := _MESSAGES.get(detail["type"]):
        message = ours.format(found=describe_kind(detail["input"]), **context)
    return Fault(where, Severity.ERROR, "value", f"{name}: {message}", "")


def _split_names(listed: str) -> list[str]:
    """Split pydantic's `planned, held or missed`."""
    return listed.replace(" or ", ", ").split(", ")


def _rewrite(found: object, new: object) -> Rewrite | None:
    return Rewrite(str(found), str(new)) if new else None
