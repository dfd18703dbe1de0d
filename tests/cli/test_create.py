"""The commands of the first minutes: what they make, print and refuse; and `tldash brief`."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.cli.test_cli import as_somebody_else
from tests.support.commands import commands
from tests.support.records import write
from tldash.cli import main
from tldash.create.demo import find_sample_data

TODAY = "2026-11-20"
EXPECTED = Path(__file__).parents[1] / "output" / "expected"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder that everybody can get to."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def run(*arguments: object, code: int = 0) -> Result:
    given = [*map(str, arguments), "--today", TODAY]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def refused(*arguments: object, code: int = 1) -> str:
    """What is said on the standard error; nothing is printed on the other."""
    result = run(*arguments, code=code)
    assert result.stdout == ""
    return result.stderr


def files(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if not p.is_dir())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- the way of the manual -----------------------------------------------------------------------


def test_the_first_minutes(here):
    made = run("init", "coaching", "--coach", "Mira", "--lead", "Ada Lindqvist")
    assert made.stdout.splitlines() == [
        "coaching/tldash.yaml",
        "coaching/ada-lindqvist/lead.md",
        "coaching/ada-lindqvist/skills.md",
    ]
    assert made.stderr == (
        "next: tldash new session ada-lindqvist --folder coaching, or tldash coaching for the "
        "dashboard\n"
    )
    made = run("new", "session", "ada", "--folder", "coaching", "--date", "fri", "--time", "16:00")
    assert made.stdout == "coaching/ada-lindqvist/sessions/2026-11-27.md\n"
    assert made.stderr == "Ada Lindqvist: Fri 27 Nov 16:00, in 7 days\n"
    made = run("new", "lead", "Ben Okafor", "--folder", "coaching", "--cadence", "3 weeks")
    assert made.stdout == "coaching/ben-okafor/lead.md\ncoaching/ben-okafor/skills.md\n"
    assert files(here / "coaching") == [
        "ada-lindqvist/lead.md",
        "ada-lindqvist/sessions/2026-11-27.md",
        "ada-lindqvist/skills.md",
        "ben-okafor/lead.md",
        "ben-okafor/skills.md",
        "tldash.yaml",
    ]
    assert run("check", "coaching").output == ""
    status = run("status", "coaching").stdout
    assert "in 7 days" in status
    assert "Coaching" in (here / "coaching/tldash.yaml").read_text()
    assert "coach: Mira" not in (here / "coaching/ben-okafor/lead.md").read_text()
    assert refused("add", "ben", "x", "--folder", "coaching") == (
        "tldash: not added: Ben Okafor has no session to add it to; create one first: tldash new "
        "session ben-okafor\n"
    )
    added = run("add", "ada", "Call the vendor", "--folder", "coaching").stdout
    assert added.startswith("- [ ] Call the vendor\ncoaching/ada-lindqvist/sessions/2026-11-27.md:")


def test_a_fresh_folder_says_what_to_do_next(here):
    assert run("init", ".").stdout == "tldash.yaml\n"
    assert run("status").stdout == "No leads here yet. Run tldash new lead NAME to add one.\n"
    assert run("check").output == ""
    made = run("new", "lead", "Zoë")
    assert made.stdout == "zoë/lead.md\nzoë/skills.md\n"
    assert made.stderr == "next: tldash new session 'zoë', or tldash for the dashboard\n"
    assert run("new", "session", "Zoë").stdout == "zoë/sessions/2026-11-20.md\n"
    assert f"name: {here.name.capitalize()}\n" in (here / "tldash.yaml").read_text()


def test_what_is_said_to_do_next_can_be_done(here):
    said = run("init", "our coaching/it's", "--lead", "X Æ").stderr
    command = said.removeprefix("next: ").partition(", or ")[0]
    assert run(*shlex.split(command)[1:]).stdout == "our coaching/it's/x-æ/sessions/2026-11-20.md\n"


def test_an_empty_folder_says_how_to_begin(here):
    assert refused("status", here, code=2) == (
        f"tldash: no Markdown or YAML files in {here}. Run tldash init FOLDER to start, "
        "or tldash demo to try it.\n"
    )
    assert run("new", "lead", "Ada").stdout == "ada/lead.md\nada/skills.md\n"


def test_the_folder_of_the_environment(here, monkeypatch):
    write(here / "there", {"tldash.yaml": "name: x\n"})
    monkeypatch.setenv("TLDASH_FOLDER", str(here / "there"))
    made = run("new", "lead", "Ada")
    assert made.stdout == "there/ada/lead.md\nthere/ada/skills.md\n"
    assert made.stderr == "next: tldash new session ada, or tldash for the dashboard\n"
    assert run("new", "session", "ada").stdout == "there/ada/sessions/2026-11-20.md\n"
    assert run("brief", "ada").stdout.startswith("# Ada\n")


def test_undo_removes_the_lead_and_leaves_the_settings(here):
    run("init", "coaching", "--lead", "Ada")
    run("undo", "coaching")
    assert list(files(here)) == ["coaching/tldash.yaml"]
    assert refused("undo", "coaching") == "tldash: there is no edit to undo\n"


def test_where_there_is_no_current_folder(here, monkeypatch):
    (here / "gone").mkdir()
    monkeypatch.chdir(here / "gone")
    (here / "gone").rmdir()
    made = run("init", here / "coaching", "--lead", "Ada")
    assert made.stdout.splitlines()[0] == f"{here}/coaching/tldash.yaml"
    folder = f"--folder {here}/coaching"
    assert made.stderr.startswith(f"next: tldash new session ada {folder}, or tldash {here}")
    assert refused("init", "coaching").startswith("tldash: not created: ")
    monkeypatch.setenv("TLDASH_FOLDER", "~nobody-of-that-name")
    assert folder in run("new", "lead", "Ben", "--folder", here / "coaching").stderr


# -- init ----------------------------------------------------------------------------------------


def test_what_is_in_the_folder_stays(here):
    write(here / "old", {"ada/2026-11-03.md": "- [ ] a\n", "README.md": "x\n"})
    assert run("init", "old", "--lead", "Ben").stdout.splitlines()[0] == "old/tldash.yaml"
    assert (here / "old/ada/2026-11-03.md").read_text() == "- [ ] a\n"
    assert (here / "old/README.md").read_text() == "x\n"
    assert run("status", "old").stdout.count("\n") == 3


@pytest.mark.parametrize("name", ["tldash.yaml", "tldash.yml"])
@pytest.mark.parametrize("there", ["file", "dangling", "folder"])
def test_settings_are_never_overwritten(here, name, there):
    place = here / name
    if there == "file":
        place.write_text("name: mine\n")
    elif there == "folder":
        place.mkdir()
    else:
        place.symlink_to(here / "nowhere")
    said = refused("init", here, "--lead", "Ada")
    assert said == f"tldash: not created: the folder already has a {name}\n"
    assert names(here) == [name]
    assert there != "file" or place.read_text() == "name: mine\n"


def test_a_folder_that_cannot_be(here):
    (here / "file").write_text("x")
    (here / "loop").symlink_to(here / "loop")
    for name in ("file", "file/below/it"):
        assert (
            refused("init", name) == f"tldash: not created: {here}/file is a file, not a folder\n"
        )
    for name in ("a\0b", "x" * 300, "loop", "~nobody-of-that-name/x"):
        said = refused("init", name)
        assert said.startswith("tldash: not created: ")
        assert said.count("\n") == 1
    assert names(here) == ["file", "loop"]


def test_nothing_is_made_for_a_lead_without_a_name(here):
    said = refused("init", "coaching", "--lead", "..")
    assert said == "tldash: not created: '..' has no letter or digit; use another name\n"
    assert names(here) == []


def test_a_lead_in_a_leads_own_folder(here):
    write(here / "ada", {"lead.md": "# Ada\n"})
    result = run("init", "ada", "--lead", "Ben", code=1)
    assert result.stdout == "ada/tldash.yaml\n"
    assert result.stderr == (
        f"tldash: not created: {here}/ada is the folder of a lead; add leads to its parent folder\n"
    )
    assert files(here) == ["ada/lead.md", "ada/tldash.yaml"]


def test_without_the_right_to_write(here):
    run("init", "warm", "--lead", "Ada")  # so that every module is loaded
    run("new", "session", "ada", "--folder", "warm")
    closed = write(here / "closed", {"ada/lead.md": "# Ada\n"})
    (closed / "ada").chmod(0o555)
    closed.chmod(0o555)
    before = files(here)
    try:
        with as_somebody_else():
            said = [
                refused("init", "closed"),
                refused("init", "closed/below/it"),
                refused("new", "lead", "Ben", "--folder", "closed"),
                refused("new", "session", "ada", "--folder", "closed"),
            ]
    finally:
        closed.chmod(0o755)
        (closed / "ada").chmod(0o755)
    why = "nothing was saved: Permission denied\n"
    assert said == [
        f"tldash: not created: {closed}/tldash.yaml: {why}",
        f"tldash: not created: {closed}/below/it/tldash.yaml: {why}",
        f"tldash: not created: ben/lead.md: {why}",
        f"tldash: not created: ada/sessions/2026-11-20.md: {why}",
    ]
    assert files(here) == before


# -- new -----------------------------------------------------------------------------------------


@pytest.fixture
def coaching(here: Path) -> Path:
    return write(
        here / "coaching",
        {
            "ada/lead.md": "---\nname: Ada Lindqvist\ncadence: weekly\n---\n",
            "ada/sessions/2026-11-03.md": "---\nnext: 2026-12-01 16:00\n---\nTalked.\n",
            "ben/sessions/2026-11-17.md": "# One\nTalked.\n## Actions\n- [ ] call\n",
            "ben-x/lead.md": "---\nname: Ben Xu\n---\n",
        },
    )


@pytest.mark.parametrize(
    ("arguments", "path", "said"),
    [
        (["ada"], "ada/sessions/2026-12-01.md", "Ada Lindqvist: Tue 1 Dec 16:00, in 11 days"),
        (["Ada Lindqvist", "--date", "in 2 weeks"], "ada/sessions/2026-12-04.md",
         "Ada Lindqvist: Fri 4 Dec, in 14 days"),
        (["ada/", "--time", "9:05"], "ada/sessions/2026-12-01.md",
         "Ada Lindqvist: Tue 1 Dec 09:05, in 11 days"),
        (["ada", "--date", "2026-11-19"], "ada/sessions/2026-11-19.md",
         "Ada Lindqvist: Thu 19 Nov, yesterday"),
        (["ben"], "ben/sessions/2026-12-17.md", "Ben: Thu 17 Dec, in 27 days"),
        (["ben-x"], "ben-x/sessions/2026-11-20.md", "Ben Xu: Fri 20 Nov, today"),
    ],
)  # fmt: skip
def test_a_session(coaching, arguments, path, said):
    before = {name: (coaching / name).read_text() for name in files(coaching)}
    made = run("new", "session", *arguments, "--folder", coaching)
    assert (made.stdout, made.stderr) == (f"coaching/{path}\n", f"{said}\n")
    assert set(files(coaching)) - set(before) == {path}
    after = {name: (coaching / name).read_text() for name in before}
    if "in 2 weeks" in arguments:  # the next date that the last session names moves along
        last = "ada/sessions/2026-11-03.md"
        before[last] = re.sub(r"next: \S+( \S+)?", "next: 2026-12-04", before[last])
    assert after == before
    assert "- [ ] call" not in (coaching / path).read_text()
    assert run("check", coaching).output == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["session", "nobody"],
         "tldash: there is no lead nobody; choose from ada (Ada Lindqvist), ben (Ben), "
         "ben-x (Ben Xu)"),
        (["session", "Ben"],
         "tldash: Ben could be any of ben (Ben), ben-x (Ben Xu); use the folder name"),
        (["session", "ada", "--date", "2026-11-03"],
         "tldash: not created: Ada Lindqvist already has a session on 2026-11-03: "
         "ada/sessions/2026-11-03.md"),
        (["lead", "Ben"], "tldash: not created: Ben is already a lead, in ben"),
        (["lead", "🙂"],
         "tldash: not created: '🙂' has no letter or digit; use another name"),
        (["lead", "Eve", "--cadence", "often"],
         "tldash: not created: 'often' is not a cadence; use weekly, fortnightly, monthly, "
         "quarterly, ad hoc or a number of days"),
    ],
)  # fmt: skip
def test_what_is_refused(coaching, arguments, said):
    before = files(coaching)
    assert refused("new", *arguments, "--folder", coaching) == f"{said}\n"
    assert files(coaching) == before


def test_one_that_is_planned_is_not_planned_again(coaching):
    run("new", "session", "ada", "--folder", coaching)
    for _ in range(2):
        assert refused("new", "session", "ada", "--folder", coaching) == (
            "tldash: not created: Ada Lindqvist already has a session on 2026-12-01, "
            "in 11 days: ada/sessions/2026-12-01.md; give a day to plan another\n"
        )
    run("new", "session", "ada", "--date", "2026-12-08", "--folder", coaching)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["session", "ada", "--date", "soon"],
         "Invalid value for --date: 'soon' is not a day; "
         "write 2026-12-01, fri 16:00, in 2 weeks or 1 dec"),
        (["session", "ada", "--date", "2026-02-30"], "'2026-02-30' is not a day"),
        (["session", "ada", "--time", "25:00"],
         "'25:00' is not a time of day; write it as HH:MM"),
        (["session"], "Missing argument 'LEAD'"),
        (["lead"], "Missing argument 'NAME'"),
        (["leed", "Ada"], "No such command 'leed'"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly(coaching, arguments, said):
    before = files(coaching)
    result = CliRunner().invoke(main, ["new", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert files(coaching) == before


def test_hostile_words_are_shown_as_signs(here):
    made = run("new", "lead", "A\x1b]52;c;x\x07\u202eB\n# c: d")
    assert made.stdout == "a-52-c-x-b-c-d/lead.md\na-52-c-x-b-c-d/skills.md\n"
    assert run("check").output == ""
    said = run("brief", "a-52-c-x-b-c-d").stdout
    assert said.startswith("# A␛]52;c;x␇B # c: d\n")
    for arguments in (["new", "session", "\x1b[31m"], ["init", "\x1b[31m/a\0"]):
        assert "\x1b" not in run(*arguments, code=1).stderr


def test_help_of_a_group_and_its_commands():
    for arguments in (["new", "--help"], ["new", "lead", "-h"], ["new", "session", "-h"]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0
        assert "Usage: " in result.stdout
    for command in commands(commands(main)["new"]).values():
        told = [param.help for param in command.params if isinstance(param, click.Option)]
        assert all(told)
        assert "Pretend today is DATE (YYYY-MM-DD)." in told


# -- brief ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", ["ada", "ben", "chiara", "deniz"])
def test_brief_of_the_sample_data(lead):
    said = run("brief", lead, "--folder", find_sample_data()).stdout
    assert said == (EXPECTED / f"brief-{lead}.md").read_text("utf-8")


def test_brief_of_a_lead_with_nothing_yet(here):
    run("init", ".", "--lead", "Ada")
    assert run("brief", "ada").stdout == (EXPECTED / "brief-nothing-yet.md").read_text("utf-8")


def test_brief_adds_nothing_where_it_is_kept(here):
    run("init", ".")
    write(here, {"ada/2026-11-03.md": "# One\n## Actions\n- [ ] call\n- [x] ask ✅ 2026-11-05\n"})
    before = run("actions", "--all").stdout
    said = run("brief", "ada").stdout
    assert "- call\n" in said
    assert "- **Done:** ask (5 Nov)\n" in said
    (here / "ada/brief.md").write_text(said)
    assert run("actions", "--all").stdout == before
    assert run("check").output == ""


def test_brief_about_what_the_session_chose(here):
    write(here, {
        "framework.yaml": "name: f\nskills:\n  - {id: aim, name: Aim, levels: [{id: low}]}\n",
        "a/2026-11-03.md": "---\nskill: aim\n---\nTalked.\n",
        "a/2026-12-01.md": "---\nskill: aim\n---\n# Two\n## Agenda\n- [ ] one\n- [x] two\n",
        "a/lead.md": "---\ncadence: ad hoc\n---\n",
    })  # fmt: skip
    said = run("brief", "a").stdout
    assert "## Aim\n\nChosen: explored once, 17 days ago. Level unknown.\n" in said
    assert "## Topics\n\n- one\n\n## Aim\n" in said
    assert "**Next session:** Tue 1 Dec 2026, in 11 days\n" in said


def test_brief_of_what_was_agreed_last_time(here):
    write(here, {
        "a/lead.md": "---\ncoach: Mira\n---\n",
        "a/2026-09-03.md": "## Actions\n- [ ] old due:2026-11-13\n- [ ] @coach send it\n",
        "a/2026-10-03.md": "Talked.\n",
        "a/2026-11-03.md": (
            "---\nlevels: {vision: beginner}\n---\n## Agenda\n- [ ] left\n## Summary\nShort.\n"
            "## Notes\nLong.\n## Agreements\n- No phones.\n## Is this structure working?\n"
            "- a: more time\n## Actions\n- [-] not this ❌ 2026-11-05\n"
            "- [ ] not new ➕ 2026-11-03\n"
        ),
        "a/notes.md": "- [ ] this is new ➕ 2026-11-10\n",
    })  # fmt: skip
    said = run("brief", "a").stdout
    assert (
        "## Last time\n\nTue 3 Nov 2026, 17 days ago.\n\nShort.\n\n"
        "- **Agreed levels:** Articulating a vision beginner\n"
        "- **Agreed:** No phones.\n"
        "- **About how you talk:** a: more time\n\n"
        "## A promised\n\n"
        "- old (**7 days overdue**, due 13 Nov, carried over twice: 3 Oct, 3 Nov)\n"
        "- not new\n"
        "- this is new\n\n"
        "## Mira promised\n\n"
        "- send it (carried over twice: 3 Oct, 3 Nov)\n\n"
        "## Since last time\n\n"
        "- **Dropped:** not this (5 Nov)\n"
        "- **New:** this is new (10 Nov)\n\n"
        "## Topics\n\n"
        "- left (left open 3 Nov)\n"
    ) in said


def test_brief_of_what_was_agreed_in_a_yaml_session(here):
    text = "notes: Talked.\nagreements: [No phones.]\nstructure:\n  - 'Ada: more time'\n"
    write(here, {"a/2026-11-03.yaml": text})
    said = run("brief", "a").stdout
    assert "Talked.\n\n- **Agreed:** No phones.\n- **About how you talk:** Ada: more time" in said


def test_brief_takes_ten_minutes(here):
    """Long lists and long notes are shortened."""
    actions = "".join(f"- [ ] action {number}\n" for number in range(40))
    write(here, {"a/2026-11-03.md": f"{'word ' * 500}\n## Actions\n{actions}"})
    said = run("brief", "a").stdout
    assert "- action 10\n- and 29 more\n" in said
    assert "word …\n" in said
    assert len(said.split()) < 400


def test_brief_shows_nothing_that_acts_on_a_terminal(here):
    bad = "x\x1b[31m\u202ey\x07"
    front = f'---\nname: "A\\e{bad[:1]}"\ncoach: "\\e"\n---\n## Goals\n- {bad}\n'
    words = f"# {bad}\n## Agenda\n- [ ] {bad} @{bad}\n## Actions\n- [ ] {bad}\n- [ ]\n"
    write(here, {"a/lead.md": front, "a/2026-11-03.md": words, "a/2026-12-03.md": words})
    said = run("brief", "a").stdout
    assert said.replace("\n", "").isprintable()
    assert "- x␛[31my␇\n" in said


STORY = """\
# Ada

Coaching since Tue 3 Nov 2026 · 2 sessions · ended

## Goals

- Sleep (done)
- Lead

## Growth

### Articulating a vision: beginner

- 3 Nov: beginner, my own view: advanced
- Has told it (4 Nov)

## Achievements

- Ask (5 Nov)
- Call

## In my own words

> I keep the long version for myself.
>
> 3 Nov

> It was
>
> 10 Nov
"""


def test_the_story_has_what_is_the_leads_own(here):
    run("init", ".")
    write(here, {
        "ada/lead.md": "---\nname: Ada\ncoach: Mira\nstatus: ended\n---\n"
        "## Goals\n- [x] Sleep\n- Lead\n",
        "ada/2026-11-03.md": "---\nlevels: {vision: beginner}\nlevels_self: {vision: advanced}\n"
        "levels_coach: {growth: advanced}\n---\n## Notes\nShe is late.\n\n"
        "> I keep the long version\n> for myself.\n\n> [!note]\n> not said\n\n## Actions\n"
        "- [x] @ada Ask ✅ 2026-11-05\n- [x] @mira Send\n- [x] @sparrow Look\n"
        "- [x] Call dep:x\n- [-] Drop\n- [ ] Write\n",
        "ada/2026-11-10.yaml": "notes: |\n  > It was\nactions: []\n",
        "ada/skills.md": "## Vision\n### Beginner\n- [x] Has told it ✅ 2026-11-04\n- [ ] Tells\n",
    })  # fmt: skip
    before = run("actions", "--all").stdout
    said = run("story", "ada", "--folder", ".").stdout
    assert said == STORY
    assert run("story", "ada").stdout == said
    (here / "ada/story.md").write_text(said)
    assert run("actions", "--all").stdout == before
    assert refused("story", "ben").startswith("tldash: there is no lead ben")


def test_the_story_of_a_lead_with_nothing_yet(here):
    run("init", ".", "--lead", "Ada")
    assert "No goals yet.\n\n## Growth\n\nNo levels" in run("story", "ada").stdout


def test_brief_of_nobody(here):
    run("init", ".")
    assert refused("brief", "ada") == "tldash: there is no lead ada\n"
    assert "is no folder" in refused("brief", "ada", "--folder", "nowhere", code=2)
