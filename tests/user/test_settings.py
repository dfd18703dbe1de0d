"""The user's own settings: what is understood, and what is said of everything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import each
from tldash.model.icons import IconStyle
from tldash.tui.app.settings import all_commands, resolve
from tldash.user.paths import settings_file
from tldash.user.settings import load, load_existing
from tldash.user.settings_parser import PROBLEM_LIMIT, parse
from tldash.user.user_settings import KeySetting, UserSettings

FILE = Path("/home/mira/config.yaml")
COMMANDS = sorted(all_commands().commands)


def said(config: UserSettings) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.message, problem.hint) for problem in config.problems]


def test_everything_that_can_be_said() -> None:
    found = parse(
        "me: Mira Sand\ntheme: nord\nicons: ASCII\nsync: 10\n"
        'keys:\n  tick: x\n  add: ["+", g n]\n  quit: 9\n',
        FILE,
    )
    assert (found.me, found.theme, found.icons) == ("Mira Sand", "nord", IconStyle.ASCII)
    assert found.sync == 10
    assert found.keys == (
        KeySetting("tick", ("x",), ("keys", "tick")),
        KeySetting("add", ("+", "g n"), ("keys", "add"), is_list=True),
        KeySetting("quit", ("9",), ("keys", "quit")),
    )
    assert found.problems == ()


def test_private_folders_are_pairs() -> None:
    assert parse("private: ~/own\n", FILE).private == (("", "~/own"),)
    several = parse("private:\n  ~/a: ~/b\n  /c: /d e\n", FILE)
    assert several.private == (("~/a", "~/b"), ("/c", "/d e"))
    assert several.problems == ()


@each("text", ["", "# nothing yet\n", "me:\ntheme:\nicons:\nkeys:\nprivate:\n", "---\n"])
def test_nothing_said_is_nothing_wrong(text: str) -> None:
    assert parse(text, FILE) == UserSettings(FILE, text)


@each(
    ("text", "line", "says", "hint"),
    [
        ("- a\n", 1, "expected keys with values", "me: Mira"),
        ("me: 7\n", 1, "me is not a name", "put it in quotes"),
        ("me: [ada]\n", 1, "me is not a name", "put it in quotes"),
        ("me: ada\nThem: nord\n", 2, "unknown key 'Them'", "did you mean theme?"),
        ("\nwings: 2\n", 2, "unknown key 'wings'", "choose from: me, theme, icons"),
        ("me: ada\nme: ben\n", 2, "duplicate key 'me'", "keep one"),
        ("me: ada\ntheme: [\n", 2, "not valid YAML", ""),
        ("theme: 3\n", 1, "theme is not a name", "theme: nord"),
        ("sync: soon\n", 1, "sync is not a number of minutes up to 1440", "sync: 10"),
        ("sync: true\n", 1, "sync is not a number of minutes up to 1440", "sync: 10"),
        ("sync: 0\n", 1, "sync is not a number of minutes up to 1440", "sync: 10"),
        ("me: a\nicons: emoji\n", 2, "there are no icons 'emoji'", "unicode or ascii"),
        ("keys: x\n", 1, "expected commands with their keys", "tick: x"),
        ("keys:\n  tick: x\n  add: {a: b}\n", 3, "add has a value that is not a key", '"x"'),
        ("keys:\n  add: []\n", 2, "add has a value that is not a key", "in quotes"),
        ("keys:\n  add: ~\n", 2, "add has a value that is not a key", "in quotes"),
        ("keys:\n  add: ''\n", 2, "add has a value that is not a key", "in quotes"),
        ("me: a\nprivate: [x]\n", 2, "expected the path of a folder", "private: ~/coaching"),
        ("private: 3\n", 1, "expected the path of a folder", "private: ~/coaching-private"),
        ("private:\n  ~/a: ~/b\n  ~/c:\n", 3, "expected the path of a folder", "write for example"),
        ("private:\n  1: ~/b\n", 2, "expected the path of a folder", "write for example"),
        ("keys:\n  add: [x, true]\n", 2, "add has a value that is not a key", "in quotes"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_line_and_costs_nothing_else(
    text: str, line: int, says: str, hint: str
) -> None:
    (problem,) = parse(text, FILE).problems
    assert (problem.path, problem.line) == (str(FILE), line)
    assert says in problem.message
    assert hint in problem.hint


def test_what_is_right_beside_it_counts() -> None:
    found = parse("me: ada\nwings: 2\nicons: what\nkeys:\n  add: []\n  tick: x\n", FILE)
    assert found.me == "ada"
    assert [wish.command for wish in found.keys] == ["tick"]
    assert [line for line, _, _ in said(found)] == [2, 3, 5]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"me: \xff\n", 1, "not valid UTF-8"),
        (b"x: " + b"y" * 70_000, 1, "larger than 65,536 bytes"),
        (b"[" * 200, 1, "unclosed"),
        (b"me: a\n\ttheme: b\n", 1, "found a tab"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes, line: int, says: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(data)
    (problem,) = load(file).problems
    assert problem.line == line
    assert says in problem.message


def test_no_file_odd_files_and_links(tmp_path: Path) -> None:
    assert load(tmp_path / "none/config.yaml") == UserSettings(tmp_path / "none/config.yaml")
    (tmp_path / "file").write_text("")
    assert load(tmp_path / "file/config.yaml").problems == ()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for odd in (tmp_path, tmp_path / "pipe", tmp_path / "loop", Path("a\0b")):
        (problem,) = load(odd).problems
        assert problem.line == 1
        assert problem.message
        assert problem.hint
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/config.yaml").write_bytes(b"\xef\xbb\xbfme: ' Ada '\r\n")
    (tmp_path / "link").symlink_to(tmp_path / "dotfiles/config.yaml")
    assert load(tmp_path / "link").me == "Ada"


def test_settings_are_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file() == tmp_path / "tldash/config.yaml"
    assert load_existing() is None
    settings_file().parent.mkdir()
    settings_file().write_text("me: ben\n")
    assert load().me == "ben"
    assert load_existing() == load()


def test_a_file_full_of_slips_tells_the_first_ones() -> None:
    found = parse("".join(f"k{number}: 1\n" for number in range(4000)), FILE)
    assert len(found.problems) == PROBLEM_LIMIT
    assert [problem.line for problem in found.problems] == list(range(1, PROBLEM_LIMIT + 1))


KEYS = st.one_of(
    st.sampled_from(["x", "g", "g a", "ctrl+e", "j", "esc", "g esc", "F2", " ", "a b c", "+", "é"]),
    st.text(max_size=5),
    st.integers(-3, 12),
    st.none(),
    st.booleans(),
)
NAMES = st.one_of(st.sampled_from(COMMANDS), st.text(max_size=5))
VALUES = st.recursive(KEYS, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "me": VALUES,
        "theme": st.one_of(VALUES, st.dictionaries(st.text(max_size=8), VALUES, max_size=3)),
        "icons": VALUES,
        "keys": st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=6)),
        "thing": VALUES,
    },
)


def check(text: str) -> None:
    """Nothing raises, and whatever is wrong stands on a line that there is."""
    config = parse(text, FILE)
    lines = text.count("\n") + text.count("\r") + 1
    for problem in resolve(config).problems:
        assert 1 <= problem.line <= lines
        assert problem.message
        assert "\n" not in problem.message + problem.hint


@given(DOCUMENTS)
def test_no_document_raises(document: dict[str, object]) -> None:
    import json

    check(json.dumps(document, indent=1, ensure_ascii=True))


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    check(text)


@given(st.dictionaries(st.sampled_from(COMMANDS), st.lists(KEYS, max_size=3), max_size=6))
def test_a_key_means_one_thing_whatever_is_wished_for(
    wished: dict[str, list[object]],
) -> None:
    import json

    from tldash.tui.keys.commands import EVERYWHERE, OPEN
    from tldash.tui.screens import classes

    keymap = resolve(parse(json.dumps({"keys": wished}), FILE)).keymap
    for page in classes():
        offered = {command.public: command for command in (*page.OWN, *EVERYWHERE, OPEN)}
        keys = [key for one in map(keymap.of, offered.values()) for key in one.keys.split(",")]
        given_keys = [key for key in keys if key]
        assert len(given_keys) == len(set(given_keys)), page.NAME
        firsts = {key.partition(" ")[0] for key in given_keys if " " in key}
        assert not firsts & set(given_keys), page.NAME
