"""Format figures and tables for all benchmarks."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from statistics import median, quantiles

import click

__all__ = ["machine", "median", "ms", "percentile", "table"]


def percentile(values: Sequence[float], number: int) -> float:
    """Return the percentile `number` of the values."""
    return quantiles(values, n=100, method="inclusive")[number - 1]


def ms(seconds: float) -> str:
    """Format seconds as milliseconds, with one decimal below 100 ms."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def machine() -> str:
    """Return the versions of Python and Textual, and the system."""
    return f"Python {platform.python_version()}, Textual {version('textual')}, {platform.system()}"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    click.echo(f"\n{title} ({machine()})\n")
    for cells in (head, ["-" * width for width in widths], *rows):
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        click.echo(f"| {' | '.join(padded)} |")
