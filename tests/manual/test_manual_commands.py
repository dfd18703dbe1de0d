"""Check the commands, options, output and keys in the manual and README."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from tests.support.commands import commands
from tests.support.manual_pages import PAGES, README, TOP, fence, fences, rows, section, spans
from tests.support.tables import each
from tldash.cli import main
from tldash.documents import json_schema
from tldash.insight.attention import AttentionCode
from tldash.tui.keys import commands as keys

SAMPLE = str(TOP / "sample-data")
HEADINGS = re.findall(r"^## tldash ?([\w-]*)$", PAGES["commands"], re.MULTILINE)
COMMON = {"--today", "--help", "--version"}


def options(command: click.Command) -> set[str]:
    """Return the long options of a command or group, without those of every command."""
    if isinstance(command, click.Group):
        return set().union(*map(options, command.commands.values()))
    declared = {name for param in command.params for name in param.opts if name.startswith("--")}
    return declared - COMMON


def written_options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", text)) - COMMON


def command(name: str) -> click.Command:
    """Return the command with that name; `open` for an empty name."""
    found: click.Command = main
    for word in name.split() or ["open"]:
        found = commands(found)[word]
    return found


def leaves(group: click.Command, above: str = "") -> set[str]:
    """Return the full names of all commands that are not groups."""
    names: set[str] = set()
    for name, one in commands(group).items():
        below = leaves(one, f"{above}{name} ") if isinstance(one, click.Group) else {above + name}
        names |= below
    return names


def test_the_manual_has_exactly_the_commands() -> None:
    assert {name or "open" for name in HEADINGS} == set(commands(main))
    for name in HEADINGS:
        written = written_options(section(PAGES["commands"], f"tldash {name}".strip()))
        assert written == options(command(name)), name


def test_the_readme_has_exactly_the_commands() -> None:
    table = rows(section(README, "Commands").replace("\\|", "/"))
    found = {spans(row[0])[0]: row for row in table}
    names = {re.sub(r"^tldash ?| ?[\[A-Z].*", "", usage): usage for usage in found}
    assert {name or "open" for name in names} == leaves(main)
    for name, usage in names.items():
        assert written_options(usage) == options(command(name)), name


def shown_commands() -> list[str]:
    pages = (PAGES["commands"], PAGES["start"], README)
    blocks_ = (one.text for page in pages for one in fences(page) if one.language == "sh")
    lines = [line.removeprefix("exec ") for text in blocks_ for line in text.splitlines()]
    return [line.partition(" > ")[0] for line in lines if line.startswith("tldash ")]


@each("line", shown_commands())
def test_every_command_line_is_valid(line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program == "tldash"
    name = arguments.pop(0) if arguments[0] in HEADINGS else ""
    while isinstance(command(name), click.Group):
        name = f"{name} {arguments.pop(0)}"
    command(name).make_context(name or "open", arguments, **main.context_settings)


def printed(*arguments: str) -> object:
    result = CliRunner().invoke(main, [*arguments, "--today", "2026-11-20"])
    return json.loads(result.output)


@pytest.mark.parametrize("name", ["status", "actions", "sessions", "check"])
def test_the_names_in_json(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("- [ ] call due:soon\n")
    text = section(PAGES["commands"], f"tldash {name}")
    names = [span for row in rows(text) for span in spans(row[0])]
    json_option = ["--format", "json"] if name == "check" else ["--json"]
    found = printed(name, str(tmp_path) if name == "check" else SAMPLE, *json_option)
    assert isinstance(found, list)
    assert all(list(one) == names for one in found)


def test_the_reasons_and_the_exit_codes(tmp_path: Path) -> None:
    codes = section(PAGES["commands"], "tldash status").rpartition("The reason codes are")[2]
    assert spans(codes) == [str(reason) for reason in AttentionCode]
    (tmp_path / "notes.md").write_text("- [ ] call due:soon\n")
    run = CliRunner().invoke
    assert run(main, ["check", SAMPLE]).exit_code == 0
    assert run(main, ["check", str(tmp_path)]).exit_code == 1
    assert run(main, ["done", str(tmp_path / "notes.md:9")]).exit_code == 1
    assert run(main, ["status", str(tmp_path / "nowhere")]).exit_code == 2
    assert run(main, ["status", "--nothing"]).exit_code == 2


def test_hook_and_job_are_yaml() -> None:
    read = YAML(typ="safe", pure=True).load
    hook = read(fence("commands", "Before every commit", "yaml"))["repos"][0]["hooks"][0]
    assert hook["entry"] == "tldash check coaching"
    assert all(re.search(hook["files"], name) for name in ("a/b.md", "c.yml", "tldash.yaml"))
    assert "steps" in read(fence("commands", "In a CI job", "yaml"))["jobs"]["check"]


def test_how_to_get_a_schema() -> None:
    heading = "Editors that check as you type"
    line = fence("commands", heading, "sh")
    command = re.match(r"tldash (schema \w+) >", line)
    assert command
    made = CliRunner().invoke(main, command[1].split())
    assert json.loads(made.stdout) == json_schema.build_schema("session")
    text = section(PAGES["commands"], heading)
    assert set(json_schema.NAMES) <= set(spans(text))
    settings = json.loads(fence("commands", heading, "json"))
    names = {name.removeprefix("./").partition(".")[0] for name in settings["yaml.schemas"]}
    assert names < set(json_schema.NAMES)


def test_the_keys_are_those_of_the_dashboard() -> None:
    known = {found for found in vars(keys).values() if isinstance(found, keys.Command)}
    listed = [(spans(row[0])[0], row[1]) for row in rows(section(PAGES["start"], "Keys"))]
    hidden = {keys.PANE_BACK}
    assert sorted(listed) == sorted((found.shown, found.help_text) for found in known - hidden)
