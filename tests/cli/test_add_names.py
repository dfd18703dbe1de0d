"""`tldash add` with a name on the viewer's list: it asks, or an option decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.records import write
from tests.support.spellings import LIST
from tldash import launch
from tldash.cli import main

SESSION = "---\ndate: 2026-11-03\n---\n## Actions\n- [ ] one\n"
TYPED = "ask M*ari*a and José about Falcon"
WRITTEN = "ask Fox and Red Elk about Falcon"


@pytest.fixture
def coaching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(tmp_path / "config", {"tldash/names.yaml": LIST})
    return write(tmp_path / "ada", {"lead.md": "", "sessions/2026-11-03.md": SESSION})


def add(coaching: Path, text: str, *more: str, given: str = "", code: int = 0) -> Result:
    arguments = ["add", "ada", text, "--folder", str(coaching), "--today", "2026-11-20", *more]
    result = CliRunner().invoke(main, arguments, input=given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def added(coaching: Path) -> str:
    return (coaching / "sessions/2026-11-03.md").read_text().removeprefix(SESSION)


def test_without_a_terminal_an_option_decides(coaching: Path) -> None:
    result = add(coaching, TYPED, code=1)
    assert result.stderr == (
        "tldash: not added: on your list of names: M*ari*a, José; use --nickname or --as-is\n"
    )
    assert added(coaching) == ""
    add(coaching, TYPED, "--nickname")
    add(coaching, TYPED, "--as-is")
    add(coaching, "ask the team", "--nickname")
    assert added(coaching) == f"- [ ] {WRITTEN}\n- [ ] {TYPED}\n- [ ] ask the team\n"
    add(coaching, TYPED, "--nickname", "--as-is", code=2)


@pytest.mark.parametrize(
    ("answers", "code", "line"),
    [("y\n", 0, WRITTEN), ("n\ny\n", 0, TYPED), ("n\nn\n", 1, ""), ("", 1, "")],
)
def test_on_a_terminal_it_asks(
    coaching: Path, monkeypatch: pytest.MonkeyPatch, answers: str, code: int, line: str
) -> None:
    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    result = add(coaching, TYPED, given=answers, code=code)
    assert "on your list of names: M*ari*a, José" in result.stderr
    assert added(coaching) == (f"- [ ] {line}\n" if line else "")


def test_a_word_without_a_nickname_needs_a_decision(
    coaching: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "config/tldash/names.yaml"
    own.write_text(f"{LIST}words: [Falcon]\nnames-of-pets: x\n")
    result = add(coaching, TYPED, "--nickname", code=1)
    assert "names.yaml:7: unknown key 'names-of-pets'" in result.stderr
    assert "M*ari*a, José, Falcon; use --as-is" in result.stderr
    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    add(coaching, TYPED, given="y\ny\n")
    assert added(coaching) == f"- [ ] {WRITTEN}\n"


def test_without_a_list_nothing_is_asked(coaching: Path, tmp_path: Path) -> None:
    (tmp_path / "config/tldash/names.yaml").unlink()
    add(coaching, TYPED)
    assert added(coaching) == f"- [ ] {TYPED}\n"
