"""Obsidian Tasks' signs in a task line: `📅 2026-11-20`, `🔁 every week`.

Some of the signs are also written for their own sake (`✅ agreed`), and Obsidian takes more words
behind the sign of a rule than the rule has: both are told apart here.
"""

from __future__ import annotations

import re
from typing import Final

from tldash.formats.tasks import vocabulary as spelling
from tldash.formats.tasks.values import (
    DATE,
    DATE_HINT,
    EXAMPLE,
    GAP,
    ID,
    IDS,
    Fault,
    Scan,
    Token,
    add_bad_date,
    add_date,
    add_value,
    dated,
    note,
    warn,
)
from tldash.formats.tasks.vocabulary import Kind
from tldash.model.records import Dialect, Severity

_RULE = re.compile(r"\+?[A-Za-z0-9,!]++(?!:)(?:[ \t\xa0]+[A-Za-z0-9,!]++(?!:))*")
"""What Obsidian takes for a rule, and todo.txt's `+1w`, which it does not."""
_ON_COMPLETION = re.compile(r"(?:keep|delete)(?![\w:])", re.IGNORECASE)
_DATE_WORD = re.compile(
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


def read(found: Scan, body: str, at: int) -> int:
    """Looks at the sign at `at`; where to go on from."""
    sign = body[at]
    kind = spelling.SIGN_KINDS[sign]
    if kind == "priority":
        end = at + 2 if body.startswith(spelling.VARIATION, at + 1) else at + 1
        priority = spelling.SIGN_PRIORITIES[sign]
        found.tokens.append(Token("priority", Dialect.EMOJI, at, end, at, at + 1, priority))
        return end
    gap = GAP.match(body, at + 1, found.end)
    value = gap.end() if gap else at + 1
    if kind in spelling.DATE_KINDS:
        if match := DATE.match(body, value, found.end):
            span = (at, match.end(), value, match.end())
            return add_date(found, kind, Dialect.EMOJI, span, match)
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
    """What of the words behind a repeat sign is its rule; Obsidian takes all of them for it."""
    from tldash.formats.tasks import (
        recurrence_rules,  # few lines repeat, and what rules need is slow to import
    )

    rule = recurrence_rules.rule_at_start(text)
    if len(rule) < len(text):
        rest = f"'{text[len(rule) :].strip()}'"
        message = f"{rest} is no part of the rule" if rule else f"{rest} is no rule of recurrence"
        hint = "put other words before the sign" if rule else recurrence_rules.LONG_HINT
        note(found, at, Fault(Severity.WARNING, "repeat", message, hint))
    return rule


def _bad_date(found: Scan, body: str, kind: Kind, at: int, behind: int) -> int:
    """A date's sign with something else behind it, or with nothing."""
    value = dated(body, behind, found.end)
    if value and (value[0].isdecimal() or _DATE_WORD.match(value)):
        end = behind + len(value)
        return add_bad_date(found, kind, Dialect.EMOJI, (at, end, behind, end), body)
    if kind not in spelling.PROSE_KINDS:
        hint = DATE_HINT.format(f"{body[at]} {EXAMPLE}")
        warn(found, at, f"no date follows {body[at]}", hint)
    return at + 1
