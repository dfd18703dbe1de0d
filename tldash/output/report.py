"""Format the plain text of the command line. All text is sanitized."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from tldash.insight.actions import TaskItem, describe_waiting
from tldash.insight.schedule import resolve_status
from tldash.model.dates import format_due, to_local
from tldash.model.records import Lead, Problem, Session, Status
from tldash.model.sanitize import sanitize

BOXES = {Status.OPEN: "[ ]", Status.DONE: "[x]", Status.IN_PROGRESS: "[/]", Status.CANCELLED: "[-]"}


MAX_CELL_WIDTH: Final = 120
"""Maximum width of padded columns, so that one long text does not widen every line."""


def format_table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Format rows as aligned columns, two spaces apart.

    Args:
        rows: Rows of equal length. Cells longer than `MAX_CELL_WIDTH` are not cut, but misalign.
        right: Indices of right-aligned columns.
    """
    flushed = set(right)
    cells = [[sanitize(cell) for cell in row] for row in rows]
    widths = [min(max(map(_width, column)), MAX_CELL_WIDTH) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            pad = " " * (width - _width(cell))
            padded.append(pad + cell if index in flushed else cell + pad)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return how many columns sanitized text takes. Only text beyond ASCII loads rich."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def format_actions(
    found: Iterable[tuple[Lead, TaskItem]], today: date, place: Callable[[str], str]
) -> str:
    """Format one row per task item. `place` formats the path of its file."""
    rows = []
    for lead, item in found:
        task, due, owner = item.task, item.due, item.owner
        rows.append(
            [
                BOXES[task.status],
                format_due(due, today) if due and not task.status.closed else str(due or ""),
                lead.name,
                "" if owner == lead.id else f"@{owner}",
                " · ".join(filter(None, (task.text, describe_waiting(item)))),
                f"{place(task.path)}:{task.line}",
            ]
        )
    return format_table(rows) if rows else "No actions."


def format_sessions(found: Iterable[Session], names: dict[str, str], now: datetime) -> str:
    """Format one row per session, in the viewer's time zone. `names` maps lead ids to names."""
    local = ((session, to_local(session.at, now)) for session in found)
    rows = [
        [
            here.day.isoformat(),
            here.time.isoformat("minutes") if here.time else "",
            names[session.lead],
            str(resolve_status(session, now)),
            session.skill or "",
            session.title,
        ]
        for session, here in local
    ]
    return format_table(rows) if rows else "No sessions."


def format_problem(found: Problem, place: str) -> str:
    """Format as `path:line:column: severity code message (hint)`."""
    hint = f" ({found.hint})" if found.hint else ""
    text = f"{found.severity} {found.code} {found.message}{hint}"
    return sanitize(f"{place}:{found.line}:{found.column}: {text}")


def format_github_annotation(found: Problem, place: str) -> str:
    """Format as a workflow command of GitHub Actions, which annotates the line in the diff."""

    def escaped(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return sanitize(text)

    level = {"error": "error", "warning": "warning"}.get(found.severity, "notice")
    message = f"{found.message} ({found.hint})" if found.hint else found.message
    return (
        f"::{level} file={escaped(place, ':,')},line={found.line},col={found.column},"
        f"title={escaped(found.code, ':,')}::{escaped(message)}"
    )
