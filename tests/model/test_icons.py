"""Signs, and what stands for them where only ASCII can be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tldash.model.icons import SIGNS, Icons, icons, plain


def test_every_sign_has_ascii_of_the_same_width() -> None:
    for sign, instead in SIGNS.items():
        assert instead.isascii(), sign
        assert instead.isprintable(), sign
        assert cell_len(instead) == cell_len(sign), sign


@pytest.mark.parametrize("legend", ["▢◩✔✕", "●◐○·◌", "▰▱", "▂▄▆"])
def test_what_stands_side_by_side_can_be_told_apart(legend: str) -> None:
    assert len(set(plain(legend))) == len(legend)


@given(st.text(st.sampled_from([*SIGNS, "a", " ", "é", "語"]), max_size=20))
def test_no_column_moves(text: str) -> None:
    assert cell_len(plain(text)) == cell_len(text)
    assert not set(plain(text)) & set(SIGNS)


@pytest.mark.parametrize(
    ("environ", "configured", "encoding", "expected"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, None, "utf-8", Icons.UNICODE),
        ({}, None, "utf-8", Icons.UNICODE),
        ({}, None, None, Icons.UNICODE),
        ({"LANG": "C.UTF-8"}, None, "utf-8", Icons.UNICODE),
        ({"LC_CTYPE": "C.UTF-8"}, None, "utf-8", Icons.UNICODE),
        ({"LANG": "C"}, None, "utf-8", Icons.ASCII),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, None, "utf-8", Icons.ASCII),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, None, "utf-8", Icons.ASCII),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, None, "utf-8", Icons.UNICODE),
        ({"TERM": "linux", "LANG": "en_GB.UTF-8"}, None, "utf-8", Icons.ASCII),
        ({"LANG": "de_DE.ISO-8859-1"}, None, "iso8859-1", Icons.ASCII),
        ({}, None, "no-such-encoding", Icons.ASCII),
        ({"TERM": "linux"}, Icons.UNICODE, "ascii", Icons.UNICODE),
        ({}, Icons.ASCII, "utf-8", Icons.ASCII),
        ({"TLDASH_ICONS": "ASCII"}, Icons.UNICODE, "utf-8", Icons.ASCII),
        ({"TLDASH_ICONS": "unicode", "LANG": "C"}, Icons.ASCII, "utf-8", Icons.UNICODE),
        ({"TLDASH_ICONS": "emoji"}, Icons.ASCII, "utf-8", Icons.ASCII),
    ],
)
def test_which_signs_are_drawn(
    environ: dict[str, str], configured: Icons | None, encoding: str | None, expected: Icons
) -> None:
    assert icons(environ, configured, encoding) is expected
