"""The two themes of tldash. Textual's own work as well.

Two weights of text, one accent; red and green are kept for what is late and what is done.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="tldash-dark",
    primary="#5b8def",
    secondary="#7a88a8",
    accent="#56b6c2",
    foreground="#d7dae3",
    background="#14161c",
    surface="#191c24",
    panel="#20242e",
    success="#84c48b",
    warning="#d9a757",
    error="#f0716b",
    dark=True,
    variables={"text-muted": "#8b93a5", "border": "#2b303c"},
)
LIGHT: Final = Theme(
    name="tldash-light",
    primary="#2f66c9",
    secondary="#56617a",
    accent="#0b7285",
    foreground="#20242c",
    background="#fbfaf7",
    surface="#f4f2ec",
    panel="#eae7df",
    success="#2b7a3b",
    warning="#9a6700",
    error="#c0342b",
    dark=False,
    variables={"text-muted": "#667085", "border": "#d8d4c9"},
)
