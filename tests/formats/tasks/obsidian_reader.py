"""What Obsidian Tasks makes of a task line, from its documentation and observed behaviour.

A second reader, written apart from ours, so that what we write can be checked with it. It takes
fields off the end of the line, one at a time, and stops at the first thing that is none.
"""

from __future__ import annotations

import re

EMOJI = {
    "priority": "([🔺⏫🔼🔽⏬])",
    "start": "🛫",
    "created": "➕",
    "scheduled": "[⏳⌛]",
    "due": "[📅📆🗓]",
    "done": "✅",
    "cancelled": "❌",
}
_PRIORITIES = dict(zip("🔺⏫🔼🔽⏬", ("highest", "high", "medium", "low", "lowest"), strict=True))
_DAY = r"(\d{4}-\d{2}-\d{2})"
_IDS = r"([A-Za-z0-9_-]+(?: *, *[A-Za-z0-9_-]+)*)"
_EMOJI_FIELDS = {
    "priority": "([🔺⏫🔼🔽⏬])\ufe0f?",
    **{name: f"{sign}\ufe0f? *{_DAY}" for name, sign in EMOJI.items() if name != "priority"},
    "repeat": "🔁\ufe0f? *([A-Za-z0-9, !]+)",
    "on_completion": "🏁\ufe0f? *([A-Za-z]+)",
    "id": "🆔\ufe0f? *([A-Za-z0-9_-]+)",
    "depends": f"⛔\ufe0f? *{_IDS}",
}
_DATAVIEW_VALUES = {
    "priority": "priority:: *(highest|high|medium|low|lowest)",
    "start": f"start:: *{_DAY}",
    "created": f"created:: *{_DAY}",
    "scheduled": f"scheduled:: *{_DAY}",
    "due": f"due:: *{_DAY}",
    "done": f"completion:: *{_DAY}",
    "cancelled": f"cancelled:: *{_DAY}",
    "repeat": "repeat:: *([A-Za-z0-9, !]+)",
    "on_completion": "onCompletion:: *([A-Za-z]+)",
    "id": "id:: *([A-Za-z0-9_-]+)",
    "depends": f"dependsOn:: *{_IDS}",
}
_DATAVIEW_FIELDS = {
    name: rf"(?:\[ *{value} *\]|\( *{value} *\))(?: *,)?"
    for name, value in _DATAVIEW_VALUES.items()
}
_TAG = re.compile(r"(?:^|\s)(#[^ !@#$%^&*(),.?\":{}|<>]+)$")


def read(body: str, *, dataview: bool = False) -> dict[str, str]:
    """The fields that Obsidian Tasks reads from `body`, with its description as `description`."""
    fields = _DATAVIEW_FIELDS if dataview else _EMOJI_FIELDS
    body = body.strip()
    found: dict[str, str] = {}
    if link := re.search(r" \^([A-Za-z0-9-]+)$", body):
        found["block_id"] = link[1]
        body = body[: link.start()].strip()
    tags: list[str] = []
    again = True
    while again:
        again = False
        for name, pattern in fields.items():
            if match := re.search(f"{pattern}$", body):
                value = next(group for group in match.groups() if group).strip()
                found[name] = _PRIORITIES.get(value, value)
                body = body[: match.start()].strip()
                again = True
        if match := _TAG.search(body):
            tags.insert(0, match[1])
            body = body[: match.start()].strip()
            again = True
    found["description"] = " ".join([body, *tags]).strip()
    return found
