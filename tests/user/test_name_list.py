"""The viewer's list of names: what is understood, and what is said about everything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.spellings import LIST, NAMES
from tests.support.tables import each
from tldash.model.name_search import ListedName
from tldash.user.name_list import NAME_LIMIT, NameList, load, parse
from tldash.user.paths import names_file
from tldash.user.settings import load_names

FILE = Path("/home/mira/names.yaml")


def test_names_spellings_and_words() -> None:
    found = parse(
        f"{LIST}  Will Smith: Ant\n  Will: {{nickname: Ant}}\nwords: [plan B, Will]\n", FILE
    )
    assert found.problems == ()
    assert found.names == (
        *NAMES,
        ListedName("Will Smith", "Ant"),
        ListedName("Will", "Ant", ordinary=True),
        ListedName("plan B"),
        ListedName("Will", ordinary=True),
    )


def test_what_is_ordinary_can_be_said() -> None:
    found = parse(
        "names:\n  Will: {nickname: Ant, ordinary: false}\n"
        "  Sprint: {nickname: Bee, ordinary: true}\n",
        FILE,
    )
    assert [name.ordinary for name in found.names] == [False, True]


@each("text", ["", "# nobody yet\n", "names:\nwords:\n", "---\n"])
def test_an_empty_list_is_no_mistake(text: str) -> None:
    assert parse(text, FILE) == NameList(FILE)


@each(
    ("text", "line", "says", "hint"),
    [
        ("- Maria\n", 1, "expected names: and words:", "a name below"),
        ("names: [Maria]\n", 1, "names is not names with nicknames", "Maria Lopez: Fox"),
        ("words: Falcon\n", 1, "words is not a list of words", "- Project Falcon"),
        ("nams: {}\n", 1, "unknown key 'nams'", "did you mean names?"),
        ("names:\n  Maria:\n", 2, "'Maria' has no nickname", "under words:"),
        ("names:\n  Maria: 'a: b'\n", 2, "'Maria' has no nickname", "Fox"),
        ("names:\n  Maria: 7\n", 2, "'Maria' has no nickname", "Fox"),
        ("names:\n  Maria: {nick: Fox, nickname: Fox}\n", 2, "unknown key 'nick'", "nickname"),
        ("names:\n  Maria: {nickname: Fox, spellings: ML}\n", 2, "not a list", "[ML, Mari]"),
        ("names:\n  Maria: {nickname: Fox, ordinary: 3}\n", 2, "not true or false", "true"),
        ("names:\n  M: Fox\n", 2, "'M' is not a name or word of two letters", "in quotes"),
        ("names:\n  '…': Fox\n", 2, "'…' is not a name", "in quotes"),
        ("words: [ok, 7]\n", 1, "'7' is not a name", "in quotes"),
        ("words: [a b c d e f g h i]\n", 1, "more than 8 words", "a part of it"),
        ("names:\n  Ann: Fox\n  Ben: Ann\n", 3, "'Ann' has a listed name in it", "another"),
        ("names:\n  Ann: Fox\n  Ann: Elk\n", 3, "duplicate key", "keep one"),
        ("names: {\n", 1, "not valid YAML", ""),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(text: str, line: int, says: str, hint: str) -> None:
    problem = parse(text, FILE).problems[0]
    assert (problem.path, problem.line) == (str(FILE), line)
    assert says in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"names:\n  A\xff: b\n", "not valid UTF-8"),
        (b"#" * (1 << 20) + b"#", "larger than 1,048,576 bytes"),
        (
            b"words:\n" + b"".join(b"- word%d\n" % number for number in range(NAME_LIMIT + 1)),
            "more than 20,000",
        ),
    ],
)
def test_a_broken_or_huge_file(tmp_path: Path, data: bytes, says: str) -> None:
    file = tmp_path / "names.yaml"
    file.write_bytes(data)
    (problem,) = load(file).problems
    assert says in problem.message


def test_no_file_odd_files_and_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert load(tmp_path / "none/names.yaml") == NameList(tmp_path / "none/names.yaml")
    assert load_names() is None
    os.mkfifo(tmp_path / "pipe")
    for odd in (tmp_path, tmp_path / "pipe"):
        assert len(load(odd).problems) == 1
    (tmp_path / "own.yaml").write_bytes(b"\xef\xbb\xbfnames: {Ann: Fox}\r\n")
    (tmp_path / "names.yaml").symlink_to(tmp_path / "own.yaml")
    assert load(tmp_path / "names.yaml").names == (ListedName("Ann", "Fox"),)
    names_file().parent.mkdir(parents=True)
    names_file().symlink_to(tmp_path / "own.yaml")
    assert load_names() == NameList(names_file(), (ListedName("Ann", "Fox"),))


@given(st.text(max_size=80) | st.text("names: {}[]-,Ax\n'\"#&*!", max_size=60))
def test_any_text_is_a_list_or_has_problems(text: str) -> None:
    found = parse(text, FILE)
    assert all(problem.line >= 1 and problem.hint for problem in found.problems)
