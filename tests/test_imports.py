"""Which modules import which, and what a command leaves unloaded so that it starts quickly."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.support import import_graph
from tldash import cli
from tldash.create.demo import find_sample_data

ROOT: Final = Path(__file__).parent.parent

IN_FUNCTIONS: Final = {
    "tldash.__main__": "opening a folder needs no parser of arguments",
    "tldash.launch": "a command must not load the dashboard, nor --version the workspace",
    "tldash.cli.check": "a command imports what it runs",
    "tldash.cli.common": "a command imports what it runs",
    "tldash.cli.create": "a command imports what it runs",
    "tldash.cli.edits": "a command imports what it runs",
    "tldash.cli.merge": "a command imports what it runs; git starts the driver for each file",
    "tldash.cli.log": "a command imports what it runs",
    "tldash.cli.search": "a command imports what it runs",
    "tldash.cli.serve": "a command imports what it runs; aiohttp is an optional dependency",
    "tldash.cli.sessions": "a command imports what it runs",
    "tldash.cli.settings": "a command imports what it runs",
    "tldash.cli.show": "a command imports what it runs",
    "tldash.cli.stats": "a command imports what it runs",
    "tldash.model.dates": "zoneinfo takes 1 ms, and most leads have no time zone of their own",
    "tldash.output.report": "rich is needed for text that is not ASCII only",
    "tldash.service.service": "the first screen needs none of the requests",
    "tldash.cli.sync": "a command imports what it runs",
    "tldash.service.repository": "the title bar needs nothing of what a sync does",
    "tldash.storage.notify": "watchfiles takes 0.1 s to load, and Linux does not need it",
    "tldash.user.settings": "most users have no settings file, so its parser is not needed",
    "tldash.workspace.folders": "writing needs a third of all imports, and reading none of them",
    "tldash.workspace.root": "forking children needs pickle, and only a large folder needs them",
    "tldash.workspace.lint.hints": "difflib is needed for a misspelled word only",
}
"""The modules that import inside functions, each with its reason."""

AT_MOST: Final = {
    "tldash.activity.match_items": 1,
    "tldash.documents.framework": 2,
    "tldash.documents.front": 3,
    "tldash.formats.file_record": 1,
    "tldash.formats.tasks.emoji": 1,
    "tldash.formats.tasks.values": 1,
    "tldash.formats.yaml.ambiguities": 1,
    "tldash.formats.yaml.compose": 1,
    "tldash.insight.moving": 1,
    "tldash.model.spelling": 1,
    "tldash.tui.app.app": 5,
    "tldash.tui.app.editor": 1,
    "tldash.tui.app.edits": 1,
    "tldash.tui.app.keys": 1,
    "tldash.tui.app.news": 3,
    "tldash.tui.app.pending_edits": 1,
    "tldash.tui.app.settings": 3,
    "tldash.tui.keys.keymap": 5,
    "tldash.tui.prompts.changes": 2,
    "tldash.tui.screens.last_session": 1,
    "tldash.tui.screens.lead_area": 8,
    "tldash.tui.screens.overview_list": 2,
    "tldash.tui.screens.page": 1,
    "tldash.tui.screens.session_area": 2,
    "tldash.tui.screens.task_area": 3,
    "tldash.tui.style.theme": 4,
}
"""How many imports inside functions other modules have at most; only ever lower these."""

PROBE = """
import json, sys
before = {*sys.modules}
from tldash.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit as end:
    print(json.dumps([end.code, sorted({*sys.modules} - before)]), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """Run a command and return the modules that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code in (0, None)
    assert done.stdout or arguments[0] == "check"
    return set(modules)


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["-h"]])
def test_help_and_version_load_next_to_nothing(arguments):
    modules = loaded(*arguments)
    heavy = {
        "pydantic",
        "textual",
        "rich",
        "ruamel",
        "yaml_rs",
        "watchfiles",
        "asyncio",
        "dateutil",
    }
    assert not roots(modules) & heavy
    own = {name for name in modules if name.startswith("tldash.")}
    if arguments == ["--version"]:
        assert own == {"tldash.cli"}
    else:
        assert own - COMMON == {"tldash.cli"} | MODULES


def test_a_command_loads_no_module_of_other_commands(trees):
    """Only those that its module imports at its top."""
    imported = import_graph.graph(trees)
    command_of = {command_module(name): name for name in cli.COMMANDS}
    assert command_of.keys() == MODULES
    for module, command in command_of.items():
        own = {name for name in loaded(command, "--help") if name.startswith("tldash.")}
        assert own - COMMON == {"tldash.cli", module} | imported[module] - COMMON


def command_module(name: str) -> str:
    """Return the module of a command."""
    return f"tldash.cli.{cli.COMMANDS[name].partition(':')[0]}"


MODULES: Final = frozenset(map(command_module, cli.COMMANDS))
COMMON: Final = frozenset({"tldash.cli.common", "tldash.launch"})
"""What most commands import at the top of their module."""


@pytest.mark.parametrize("command", ["status", "actions", "sessions", "check", "stats"])
def test_quick_commands_load_no_screen_and_no_watcher(command):
    asks_for_due_dates = command == "stats"
    check(loaded(command, str(find_sample_data())), reads_git=asks_for_due_dates)


@pytest.mark.parametrize("command", ["actions", "sessions"])
def test_a_list_loads_only_what_it_prints(command):
    modules = loaded(command, str(find_sample_data()))
    others = roots(modules) - sys.stdlib_module_names - {"tldash"}
    others = {name for name in others if not name.startswith("_sysconfigdata")}  # for zoneinfo
    assert others <= {"click", "yaml_rs"}
    assert not roots(modules) & {"shutil", "tempfile"}
    # ASCII text needs no settings, and no option or other command was asked for.
    assert not {name for name in modules if name.startswith("tldash.user")}
    assert {name for name in modules if name.startswith("tldash.output.")} == {
        "tldash.output.report"
    }
    assert not modules & {"tldash.insight.attention", "tldash.insight.slipping"}


def test_a_list_compiles_patterns_when_they_are_first_used(trees):
    names = loaded("actions", str(find_sample_data())) & trees.keys()
    assert {name for name in names if compiles_at_once(trees[name])} <= {
        "tldash.formats.file_record",
        "tldash.formats.tasks.taskpaper",
        "tldash.formats.yaml.compose",
    }


def compiles_at_once(tree):
    """Whether a module calls re.compile outside functions and classes."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for node in ast.walk(statement)
    )


def test_only_a_lead_with_a_time_zone_loads_zoneinfo(tmp_path):
    file = tmp_path / "lead.md"
    for front, expected in (("coach: Mira", False), ("timezone: Europe/Dublin", True)):
        file.write_text(f"---\n{front}\n---\n- [ ] a\n")
        assert ("zoneinfo" in loaded("actions", str(tmp_path))) is expected


def test_ticking_loads_no_screen_and_no_watcher(tmp_path):
    file = tmp_path / "lead.md"
    file.write_text("- [ ] a\n")
    check(loaded("done", f"{file}:1"))
    assert "[x]" in file.read_text()


FIRST_SCREEN = """
import json, sys
from tldash.service import preload, service
from tldash.tui import screens
from tldash.tui.app import app
screens.make("overview")
print(json.dumps(sorted(sys.modules)))
"""


def test_the_first_screen_loads_no_reader():
    """A child reads meanwhile, and loads those modules itself."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_SCREEN], capture_output=True, text=True, check=True, cwd=ROOT
    )
    modules = set(json.loads(done.stdout))
    formats = {name for name in modules if name.startswith("tldash.formats.")}
    assert formats == {"tldash.formats.text"}
    assert not modules & {
        "tldash.workspace.folders", "tldash.storage.walk", "tldash.output.brief",
        "tldash.tui.screens.find_bar", "tldash.tui.widgets.filter_input",
    }  # fmt: skip
    heavy = {"yaml_rs", "ruamel", "pydantic", "zoneinfo", "ctypes", "watchfiles"}
    assert not roots(modules) & heavy


def check(modules: set[str], *, reads_git: bool = False) -> None:
    assert not roots(modules) & {"textual", "watchfiles", "pydantic"}
    assert not any(name.startswith("tldash.tui") for name in modules)
    rich = {name for name in modules if name.startswith("rich.")}
    assert {name for name in rich if not name.startswith("rich._")} <= {"rich.cells"}
    assert "tldash.service.service" not in modules
    git = ("tldash.history.git", "tldash.storage.git")
    assert any(name.startswith(git) for name in modules) is reads_git


def test_the_import_contracts_are_kept():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], capture_output=True, text=True, check=False,
        cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.fixture(scope="module")
def trees():
    return import_graph.modules()


def test_no_import_cycles(trees):
    """None at the top of modules, and none through imports inside functions."""
    assert import_graph.cycles(import_graph.graph(trees)) == []
    assert import_graph.cycles(import_graph.graph(trees, in_functions=True)) == []


def test_cycle_detection():
    """A loop of three is found, and a diamond is not taken for one."""
    found = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e", "f"}, "e": {"f"}, "f": set()}
    assert import_graph.cycles({name: frozenset(to) for name, to in found.items()}) == [
        ["a", "b", "c"]
    ]


def test_imports_inside_functions_are_few_and_have_a_reason(trees):
    found = {module: n for module, tree in trees.items() if (n := in_functions(tree, trees))}
    assert [name for name in IN_FUNCTIONS if name not in found] == []
    allowed = AT_MOST | {name: found[name] for name in IN_FUNCTIONS}
    assert {name: n for name, n in found.items() if n > allowed.get(name, 0)} == {}


def in_functions(tree, known) -> int:
    """Count the import statements inside functions, of our own modules and of others."""
    ours = import_graph.imports(tree, known)
    others = import_graph.imports(tree, known, own=False)
    return len({one.line for one in [*ours, *others] if one.in_function})


def diagram() -> dict[str, tuple[int, list[str]]]:
    """Parse the list of packages in CONTRIBUTING: package -> its layer and its imports."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"^```imports\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block, "CONTRIBUTING.md has no block ```imports"
    found = {}
    for layer, lines in enumerate(block[1].strip().split("\n\n")):
        entries = re.findall(r"^(\w+) .*\n +-> (.*)$", lines, re.MULTILINE)
        assert len(entries) * 2 == len(lines.strip().split("\n")), lines
        for name, imported in entries:
            found[name] = layer, [] if imported == "nothing" else imported.split()
    return found


def test_the_list_of_packages_in_contributing_is_true(trees):
    real = import_graph.packages(trees)
    written = diagram()
    assert written.keys() == real.keys() - {"__init__"}
    order = [*written]
    for name, (_, imported) in written.items():
        actual = sorted(real[name] - {"__init__"}, key=order.index)
        assert imported == actual, f"in CONTRIBUTING.md write: {name} -> {' '.join(actual)}"


def test_the_layers_in_contributing_are_those_of_the_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    layers: dict[int, set[str]] = {}
    for name, (layer, imported) in diagram().items():
        layers.setdefault(layer, set()).add(name)
        below = [other for other in imported if diagram()[other][0] <= layer]
        assert not below, f"{name} imports upwards"
    assert [*layers.values()] == [set(re.split(r" \| ", line)) for line in contract["layers"]]


def test_the_top_level_holds_packages_and_at_most_four_modules():
    top = ROOT / "tldash"
    assert len([*top.glob("*.py")]) <= 4
    others = {path.name for path in top.iterdir() if path.is_file() and path.suffix != ".py"}
    assert others <= {"py.typed"}
    for folder in top.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert (folder / "__init__.py").is_file(), folder.name


METHOD_LIMIT: Final = 45


def own_bases(found, one):
    """The classes of ours that a class inherits from directly."""
    return [other for other in found.values() if other.name in one.bases and other != one]


def test_no_class_has_more_than_45_methods(trees):
    found = import_graph.classes(trees)

    def methods(one) -> set[str]:
        return set(one.methods).union(*map(methods, own_bases(found, one)))

    assert {name: n for name, one in found.items() if (n := len(methods(one))) > METHOD_LIMIT} == {}


def test_no_base_class_exists_for_a_single_subclass(trees):
    """A class that is only there to be inherited from has two subclasses at least."""
    found = import_graph.classes(trees)
    used = import_graph.used_names(trees)
    for base in found.values():
        subclasses = [one.name for one in found.values() if base in own_bases(found, one)]
        if len(subclasses) == 1:
            assert base.name in used, f"{base.name} exists for {subclasses[0]} alone"
