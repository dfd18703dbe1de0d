"""Icons and their ASCII replacements."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.tables import each
from tldash.model.icons import ASCII_BY_ICON, IconStyle, choose_icon_style, to_ascii


def test_every_sign_has_ascii_of_the_same_width() -> None:
    for sign, instead in ASCII_BY_ICON.items():
        assert instead.isascii(), sign
        assert instead.isprintable(), sign
        assert cell_len(instead) == cell_len(sign), sign


@each("legend", ["▢◩✔✕", "●◐○·◌", "▰▱", "▂▄▆"])
def test_what_stands_side_by_side_can_be_told_apart(legend: str) -> None:
    assert len(set(to_ascii(legend))) == len(legend)


@given(st.text(st.sampled_from([*ASCII_BY_ICON, "a", " ", "é", "語"]), max_size=20))
def test_no_column_moves(text: str) -> None:
    assert cell_len(to_ascii(text)) == cell_len(text)
    assert not set(to_ascii(text)) & set(ASCII_BY_ICON)


@each(
    ("environ", "configured", "encoding", "expected"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, None, "utf-8", IconStyle.UNICODE),
        ({}, None, "utf-8", IconStyle.UNICODE),
        ({}, None, None, IconStyle.UNICODE),
        ({"LANG": "C.UTF-8"}, None, "utf-8", IconStyle.UNICODE),
        ({"LC_CTYPE": "C.UTF-8"}, None, "utf-8", IconStyle.UNICODE),
        ({"LANG": "C"}, None, "utf-8", IconStyle.ASCII),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, None, "utf-8", IconStyle.ASCII),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, None, "utf-8", IconStyle.ASCII),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, None, "utf-8", IconStyle.UNICODE),
        ({"TERM": "linux", "LANG": "en_GB.UTF-8"}, None, "utf-8", IconStyle.ASCII),
        ({"LANG": "de_DE.ISO-8859-1"}, None, "iso8859-1", IconStyle.ASCII),
        ({}, None, "no-such-encoding", IconStyle.ASCII),
        ({"TERM": "linux"}, IconStyle.UNICODE, "ascii", IconStyle.UNICODE),
        ({}, IconStyle.ASCII, "utf-8", IconStyle.ASCII),
        ({"TLDASH_ICONS": "ASCII"}, IconStyle.UNICODE, "utf-8", IconStyle.ASCII),
        ({"TLDASH_ICONS": "unicode", "LANG": "C"}, IconStyle.ASCII, "utf-8", IconStyle.UNICODE),
        ({"TLDASH_ICONS": "emoji"}, IconStyle.ASCII, "utf-8", IconStyle.ASCII),
    ],
)
def test_which_signs_are_drawn(
    environ: dict[str, str], configured: IconStyle | None, encoding: str | None, expected: IconStyle
) -> None:
    assert choose_icon_style(environ, configured, encoding) is expected
