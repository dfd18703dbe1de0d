"""Scan the emoji fields of Obsidian Tasks: `📅 2026-11-20`, `🔁 every week`.

Some of the emoji are also used in prose (`✅ agreed`), and Obsidian takes words after a recurrence
rule for a part of it. This module tells them apart.
"""

from __future__ import annotations

import re
from typing import Final

from tldash.formats.tasks import vocabulary
from tldash.formats.tasks.values import (
    DATE_HINT,
    EXAMPLE,
    GAP,
    ID,
    IDS,
    Scan,
    Token,
    ValueProblem,
    add_bad_date,
    add_date,
    add_problem,
    add_value,
    add_warning,
    date_text,
    make_fix,
    match_date,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.dates import plain_text
from tldash.model.patterns import compile_pattern
from tldash.model.records import Dialect, Severity

_RULE = compile_pattern(r"\+?[A-Za-z0-9,!]++(?!:)(?:[ \t\xa0]+[A-Za-z0-9,!]++(?!:))*")
"""Text that Obsidian takes for a rule, and todo.txt's `+1w`, which it does not accept."""
_ON_COMPLETION = compile_pattern(r"(?:keep|delete)(?![\w:])", re.IGNORECASE)
_DATE_WORD = compile_pattern(
    r"(?:today|tomorrow|yesterday|soon|asap|next|this|end|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr"
    r"|may|june?|july?|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_VALUES: Final = {
    "id": ID,
    "depends": IDS,
    "repeat": _RULE,
    "on_completion": _ON_COMPLETION,
}


def scan_field(found: Scan, body: str, at: int) -> int:
    """Scan the field of the emoji at `at`. Return where to go on."""
    emoji = body[at]
    kind = vocabulary.EMOJI_KINDS[emoji]
    if kind == "priority":
        end = at + 2 if body.startswith(vocabulary.VARIATION, at + 1) else at + 1
        priority = vocabulary.EMOJI_PRIORITIES[emoji]
        found.tokens.append(Token("priority", Dialect.EMOJI, at, end, at, at + 1, priority))
        return end
    gap = GAP.match(body, at + 1, found.end)
    value = gap.end() if gap else at + 1
    if kind in vocabulary.DATE_KINDS:
        if match := match_date(body, value, found.end):
            return add_date(found, kind, Dialect.EMOJI, (at, match.end()), match)
        return _bad_date(found, body, kind, at, value)
    match = _VALUES[kind].match(body, value, found.end)
    if match is None:
        return at + 1
    text = match[0].rstrip(",")
    if kind == "repeat":
        text = _rule_text(found, at, text)
    end = value + len(text)
    return add_value(found, kind, Dialect.EMOJI, (at, end, value, end), text) if text else at + 1


def _rule_text(found: Scan, at: int, text: str) -> str:
    """Return the rule at the start of the text after a repeat emoji, and report the rest."""
    from tldash.formats.tasks import recurrence  # few lines recur; dateutil takes 15 ms to import

    rule = recurrence.match_rule(text)
    if len(rule) < len(text):
        rest = f"'{text[len(rule) :].strip()}'"
        message = f"{rest} is not part of the rule" if rule else f"{rest} is not a recurrence rule"
        hint = "put other text before the emoji" if rule else recurrence.OBSIDIAN_HINT
        add_problem(found, at, ValueProblem(Severity.WARNING, "repeat", message, hint))
    return rule


def _bad_date(found: Scan, body: str, kind: Kind, at: int, after: int) -> int:
    """Handle the emoji of a date without a valid date after it."""
    value = date_text(body, after, found.end)
    start = plain_text(value).lstrip(" [") if value else ""
    if value and (start[:1].isdecimal() or _DATE_WORD.match(start)):
        end = after + len(value)
        return add_bad_date(found, kind, Dialect.EMOJI, (at, end, after, end), body)
    if kind not in vocabulary.PROSE_KINDS:
        hint = DATE_HINT.format(f"{body[at]} {EXAMPLE}")
        add_warning(found, at, f"no date follows {body[at]}", hint, make_fix(kind, at, "", None))
    return at + 1
