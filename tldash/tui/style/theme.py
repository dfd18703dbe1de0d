"""The two themes of tldash, and the check of the viewer's own. Textual's themes work too.

Red means overdue, green means done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.color import Color

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
OURS: Final = {one.name: one for one in (DARK, LIGHT)}
PAIRS: Final = (
    (DARK.name, LIGHT.name),
    ("textual-dark", "textual-light"),
    ("solarized-dark", "solarized-light"),
    ("catppuccin-mocha", "catppuccin-latte"),
    ("rose-pine", "rose-pine-dawn"),
    ("atom-one-dark", "atom-one-light"),
)
"""Pairs of a dark and a light theme."""
LEGIBLE: Final = 4.0
LEGIBLE_ON_BARS: Final = 3.2
"""The minimum contrast of muted text, by WCAG 2."""
OWN: Final = "own"
"""The name of the viewer's own theme."""
COLOURS: Final = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "success",
    "warning", "error",
)  # fmt: skip
Faults = list[tuple[tuple[str, ...], str, str]]


def names() -> tuple[str, ...]:
    """Return the names of all themes for the settings."""
    from textual.theme import BUILTIN_THEMES

    ansi = {name for name in BUILTIN_THEMES if "ansi" in name}
    return ("tldash", DARK.name, LIGHT.name, *sorted({*BUILTIN_THEMES} - ansi))


def meant(name: str) -> str:
    """Return the name of a theme in any case; empty if there is none."""
    folded = name.casefold()
    if folded == "tldash":
        return DARK.name
    return folded if folded in names() else ""


def other(name: str, dark: bool) -> str:
    """Return the other theme of a pair; tldash's own if a theme has none."""
    for one, another in PAIRS:
        if name in {one, another}:
            return another if name == one else one
    return LIGHT.name if dark else DARK.name


def made(colours: Mapping[str, object]) -> tuple[Theme | None, Faults]:
    """Return a theme of the viewer's colours, and the problems; None without a primary colour."""
    from tldash.user.settings_parser import shorten, suggest

    faults: Faults = []
    known: dict[str, str] = {}
    for name, value in colours.items():
        if name == "dark":
            if not isinstance(value, bool):
                faults.append((("dark",), "dark is neither true nor false", "write true or false"))
        elif name not in COLOURS:
            hint = suggest(name, COLOURS)
            faults.append(((name,), f"a theme has no colour '{shorten(name)}'", hint))
        elif not is_colour(value):
            hint = 'write it as "#5b8def", in quotes'
            faults.append(((name,), f"{name} is no colour", hint))
        else:
            known[name] = str(value)
    if "primary" not in known:
        if not any(where == ("primary",) for where, _, _ in faults):
            faults.append(((), "a theme needs a primary colour", 'write primary: "#5b8def"'))
        return None, faults
    return Theme(name=OWN, dark=colours.get("dark") is not False, **known), faults  # type: ignore[arg-type]


def is_colour(value: object) -> bool:
    """Return whether Textual can parse a colour."""
    from textual.color import Color, ColorParseError

    if not isinstance(value, str):
        return False
    try:
        return not Color.parse(value).ansi
    except ColorParseError:
        return False


def muted(foreground: str, background: str, panel: str) -> str:
    """Return a muted colour between text and background that is still legible.

    Textual's own is black or white in most themes, which stands out more than the text.
    """
    from textual.color import Color

    text, ground, bar = map(Color.parse, (foreground, background, panel))
    for share in (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
        mixed = ground.blend(text, share)
        if contrast(mixed, ground) >= LEGIBLE and contrast(mixed, bar) >= LEGIBLE_ON_BARS:
            return mixed.hex
    return text.hex


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    dark, bright = sorted(map(_luminance, (one, other)))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
