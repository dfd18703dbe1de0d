"""Render new files that parse back to the same values without problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from unicodedata import normalize

import pytest
import yaml_rs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.markdown import read_body
from tests.support.records import day, lead, opened, session, write
from tests.support.tables import each
from tldash.create import new_files, templates
from tldash.create.demo import find_sample_data
from tldash.documents.framework import build_framework, load_shipped
from tldash.editing.edits import AddTask, Refused
from tldash.insight import day_problems
from tldash.insight.schedule import NextState, find_held_sessions, find_next_session
from tldash.insight.skills import (
    QUESTION_COUNT,
    Suggestion,
    format_explored,
    pick_questions,
    suggest_skill,
)
from tldash.model.framework import Level
from tldash.model.records import Framework, Lead, Moment, SessionStatus, Status
from tldash.model.sanitize import sanitize, to_single_line
from tldash.storage import layout
from tldash.storage.filenames import is_ignored
from tldash.workspace.folders import Folders

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOSTILE = [
    "..",
    "../../etc/passwd",
    "/",
    ".",
    ".hidden",
    "a/../b",
    "con",
    "COM1",
    "sessions",
    "cvs",
    "4913",
    "lead.md",
    "tldash.yaml",
    "x\x00y",
    "a\x1b[31mb",
    "line\nend: x",
    "\u202eevil",
    "ﷺ",
    "मीरा",
    "İstanbul Ⅷ",
    "yes",
    "NULL",
    "007",
    "1e3",
    "2026-11-03",
    "12:30",
    "- [ ] task",
    "# head",
    "'quoted' \"twice\"",
    "a: b # c",
    "{x: [y]}",
    "*anchor &a !tag",
    "Goals Agenda",
    "---",
    "-->",
    "\ud800",
    "\uffff a",
    "🙂 Ada",
    "a" * 400,
    "Å" * 100,
    "e\u0301" * 80,
    "\u0301\u0301a",
]


def names() -> st.SearchStrategy[str]:
    return st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=40)


def new(name: str = "Ben Okafor", **more: str) -> templates.NewLead:
    return templates.NewLead(name, TODAY, **more)


def texts(name: str, framework: Framework | None = None, **more: str) -> dict[str, str]:
    return dict(templates.render_lead(new(name, **more), framework or load_shipped(), ()))


# -- a folder ------------------------------------------------------------------------------------


@each("coach", [None, "", "Mira", "Mira: #1", "no", "\n"])
@each("folder", ["coaching", "our-coaching_circle", "", "yes", "a: b", "'", "1"])
def test_settings_read_back(folder, coach):
    path, text = templates.render_settings(folder, coach)
    assert path == "tldash.yaml"
    read = yaml_rs.loads(text, parse_datetime=False)
    assert isinstance(read, dict)
    assert isinstance(read["name"], str)
    assert read["name"]
    assert read["cadence"] == "monthly"
    assert read.get("coach") == ((coach or "").strip() or None)


def test_settings_in_full():
    assert templates.render_settings("coaching-circle", "Mira")[1].splitlines()[:4] == [
        "# Settings of this folder. All are optional. See: tldash help format",
        "name: Coaching Circle",
        "coach: Mira         # default for leads without a coach in lead.md",
        "cadence: monthly    # weekly, fortnightly, monthly, quarterly, ad hoc or days",
    ]


def test_what_is_commented_out_is_right_too(tmp_path):
    _, text = templates.render_settings("coaching", None)
    keys = re.compile(r"^# (coach|timezone|people|  mira)(: |:$)", re.MULTILINE)
    assert len(keys.findall(text)) == 4
    workspace = opened(tmp_path, {"tldash.yaml": keys.sub(r"\1\2", text), "ada/lead.md": "# Ada\n"})
    assert workspace.all_problems == ()
    assert workspace.leads[0].coach == "Mira"
    assert workspace.leads[0].timezone == "Europe/Oslo"


# -- a lead --------------------------------------------------------------------------------------


def test_a_lead_in_full():
    assert texts("Ben Okafor", coach="Mira", cadence="3 weeks")["ben-okafor/lead.md"] == (
        "---\nname: Ben Okafor\ncoach: Mira\ncadence: 3 weeks\nstarted: 2026-11-20\n---\n"
        "## Goals\n\n"
        "<!-- Two or three goals in the lead's own words, each as a list item: - … -->\n\n"
        "## Notes\n"
    )


def test_the_skills_are_those_of_the_sample_data_with_nothing_ticked():
    sample = (find_sample_data() / "ada/skills.md").read_text()
    unticked = re.sub(r"^- \[.\] (.*?)(?: done:\S+)?$", r"- [ ] \1", sample, flags=re.MULTILINE)
    assert texts("Ada")["ada/skills.md"] == unticked


@settings(max_examples=150)
@given(name=names(), coach=st.none() | names())
@example(name="yes", coach="no")
def test_every_name_reads_back_without_a_problem(name, coach, tmp_path_factory):
    try:
        files = texts(name, coach=coach)
    except Refused as error:
        assert error.code == "no-name"
        assert not any(sign.isalnum() for sign in sanitize(name))
        return
    workspace = opened(tmp_path_factory.mktemp("any"), files)
    assert workspace.all_problems == ()
    [made] = workspace.leads
    assert made.name == to_single_line(name)
    assert made.coach == (to_single_line(coach or "") or None)
    assert (made.started, made.goals, made.actions) == (TODAY, (), ())
    assert len(made.markers) == 30


@settings(max_examples=examples(300))
@given(name=names(), taken=st.sets(names()))
def test_a_folder_is_one_plain_name_that_nobody_has(name, taken):
    try:
        found = templates.folder_name(name, taken)
    except Refused:
        return
    assert found
    assert "/" not in found
    assert not found.startswith((".", "-"))
    assert found.replace("-", "").isprintable()
    assert found == to_single_line(found) == normalize("NFC", found)
    assert found.casefold() not in {normalize("NFC", one).casefold() for one in taken}
    assert len(found.encode()) < 255
    assert not is_ignored(found)
    assert templates.folder_name(name, (*taken, found)) != found


@each(
    ("name", "taken", "folder"),
    [
        ("Ben Okafor", (), "ben-okafor"),
        ("  Ben   O'Kafor-Smith, Jr. ", (), "ben-o-kafor-smith-jr"),
        ("Zoë Ångström", (), "zoë-ångström"),
        ("Zoe\u0308", (), "zoë"),
        ("मीरा", (), "मीरा"),
        ("李小龙", (), "李小龙"),
        ("../../etc", (), "etc"),
        ("Ben", ("ben",), "ben-2"),
        ("Ben", ("BEN", "ben-2", "ben-4"), "ben-3"),
        ("Zoë", ("Zoe\u0308",), "zoë-2"),
        ("Con", (), "con-2"),
        ("Sessions", (), "sessions-2"),
        ("x" * 300, (), "x" * 60),
    ],
)
def test_folder_names(name, taken, folder):
    assert templates.folder_name(name, taken) == folder


@each("name", ["", " ", "..", "🙂", "-->", "\x1b", "\u202e", "\u0301"])
def test_a_name_without_letters_is_refused(name):
    with pytest.raises(Refused, match="has no letter or digit"):
        templates.render_lead(new(name), load_shipped(), ())


@pytest.mark.parametrize("cadence", ["weekly", "Ad Hoc", "10", "10 days", "3 weeks"])
def test_every_cadence_reads_back(tmp_path, cadence):
    workspace = opened(tmp_path, texts("Ada", cadence=cadence))
    assert workspace.all_problems == ()
    expected = load_shipped().parse_cadence(cadence)
    assert expected == (workspace.leads[0].cadence_name, workspace.leads[0].cadence)


@each("cadence", ["often", "", "monthly\nname: x"])
def test_a_cadence_that_nobody_understands_is_refused(cadence):
    with pytest.raises(Refused, match="is not a cadence; use weekly, fortnightly, monthly"):
        texts("Ada", cadence=cadence)


def odd_framework(markers: list[str]) -> Framework:
    """Generate names that are similar to each other or contain Markdown."""
    levels = [{"id": "low", "name": "Growth", "markers": markers}, {"id": "high", "name": "High"}]
    return build_framework(
        {
            "name": "Odd",
            "skills": [
                {"id": "growth", "name": "Growth", "levels": levels},
                {"id": "aim", "name": "On growth", "levels": levels},
                {"id": "hid", "name": "<!-- x", "levels": levels, "questions": ["--> - [ ] no"]},
            ],
            "session": [{"name": "--> \n- [ ] task"}, {"name": "b", "minutes": [5, 5]}],
            "starters": [{"number": 1, "title": "<!-- one -->"}],
        }
    )


def test_skills_of_any_framework_read_back():
    framework = odd_framework(["one\nline", "- [ ] boxed"])
    text = texts("Ada", framework)["ada/skills.md"]
    tasks = scaffold_tasks(text)
    assert [task.text for task in tasks] == ["one line", "- [ ] boxed"] * 3
    for task, skill in zip(tasks[::2], framework.skills, strict=True):
        said = [framework.match_skill(heading) for heading in task.section]
        assert [found for found in said if found][-1] is skill
        assert framework.match_level(task.section[-1], skill) == skill.levels[0]
    bare = texts("Ada", odd_framework([]))["ada/skills.md"]
    assert scaffold_tasks(bare) == ()
    assert "<!-- Below each level, list behaviour that others can see: - [ ] … -->" in bare


def scaffold_tasks(text: str):
    return read_body(text, "skills.md").tasks


def test_the_markers_of_a_framework_are_known():
    first = load_shipped().skills[0].levels[0]
    assert first == Level(
        "beginner",
        "Beginner",
        "Follows the content of what is said.",
        (
            "Says back what was said before answering it",
            "Puts phone and laptop away in a one-to-one",
        ),
    )


# -- a session -----------------------------------------------------------------------------------


HELD = "2026-11-03"


def test_a_session_in_full():
    known = lead(session(HELD))
    path, text = templates.render_next_session(
        known, load_shipped(), NOW, day("2026-12-01"), time(16)
    )
    assert path == "ada/sessions/2026-12-01.md"
    assert text == (
        "---\n"
        "date: 2026-12-01 16:00\n"
        "skill:              # suggested: listening\n"
        "levels:             # levels you both agree on, such as {listening: beginner}\n"
        "next:               # day of the next session\n"
        "---\n"
        "# Session 2\n\n"
        "## Agenda\n\n"
        "<!-- The first full round -->\n"
        "<!-- 3–5 min: Reaffirm goals -->\n"
        "<!-- 5–15 min: How are you, and last time's actions -->\n"
        "<!-- 25–30 min: Explore one skill -->\n"
        "<!-- 10–15 min: Actions until next time -->\n"
        "<!-- 1–3 min: Is this structure working? -->\n"
        "<!-- 1–2 min: Fix the next date -->\n\n"
        "## Notes\n\n"
        "<!-- Listening: -->\n"
        "<!-- What did you hear that was not said? -->\n"
        "<!-- When did somebody last listen to you so well that it changed what you said? -->\n"
        "<!-- What were you doing while the other person was talking? -->\n\n"
        "## Actions\n\n"
        "<!-- - [ ] Who does what, by when? -->\n"
    )


def test_the_first_session_has_its_own_shape_and_no_skill():
    _, text = templates.render_next_session(lead(), load_shipped(), NOW, day("2026-12-01"))
    assert text == (
        "---\n"
        "date: 2026-12-01\n"
        "skill:\n"
        "levels:\n"
        "next:               # day of the next session\n"
        "---\n"
        "# Session 1\n\n"
        "## Agenda\n\n"
        "<!-- Get to know each other and set goals -->\n"
        "<!-- 10–15 min: How each of you came here -->\n"
        "<!-- 10–15 min: Hopes and worries -->\n"
        "<!-- 15–20 min: Goals -->\n"
        "<!-- 5–10 min: First actions -->\n"
        "<!-- 1–3 min: Agree on the next date -->\n\n"
        "## Notes\n\n\n"
        "## Actions\n\n"
        "<!-- - [ ] Who does what, by when? -->\n"
    )


@each(
    ("known", "expected"),
    [
        (lead(), "2026-11-20"),
        (lead(session(HELD)), "2026-12-03"),
        (lead(session(HELD), cadence=None), "2026-11-20"),
        (lead(session("2026-01-03")), "2026-11-20"),
        (lead(session(HELD, next="2026-12-24")), "2026-12-24"),
        (lead(session(HELD, next="2026-11-20")), "2026-11-20"),
        (lead(session(HELD, next="2026-11-10")), "2026-11-20"),
        (lead(session(HELD), session("2026-11-19", written=False)), "2026-12-19"),
        (lead(session(HELD), session("2026-12-24", SessionStatus.CANCELLED)), "2026-12-03"),
    ],
)
def test_the_day(known, expected):
    assert templates.propose_moment(known, NOW) == Moment(day(expected))
    path, text = templates.render_next_session(known, load_shipped(), NOW)
    assert path == f"ada/sessions/{expected}.md"
    assert f"date: {expected}\n" in text


@settings(max_examples=examples(200))
@given(
    st.lists(st.integers(-400, 400), unique=True, max_size=4),
    st.none() | st.integers(-400, 400),
    st.none() | st.integers(1, 400),
)
def test_it_is_never_before_today(days, promised, cadence):
    said = [str(TODAY + timedelta(days=one)) for one in sorted(days)]
    following = None if promised is None else str(TODAY + timedelta(days=promised))
    known = lead(*(session(one, next=following) for one in said), cadence=cadence)
    try:
        path, _ = templates.render_next_session(known, load_shipped(), NOW)
    except Refused as error:
        assert error.code in ("planned", "exists")
        assert any(one.path in error.message for one in known.sessions)
    else:
        found = layout.date_in_name(path)
        assert found is not None
        assert found >= TODAY
        assert str(found) not in said


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (Moment(day("2026-12-01"), time(16)), "2026-12-01 16:00"),
        (Moment(day("2026-12-01"), time(16), UTC), "2026-12-01T16:00+00:00"),
        (
            Moment(day("2026-12-01"), time(9, 5), timezone(timedelta(hours=-3))),
            "2026-12-01T09:05-03:00",
        ),
    ],
)
def test_the_time_that_was_promised_is_kept(tmp_path, at, written):
    known = lead(session(HELD))
    held_ = known.sessions[0]
    known = replace(known, sessions=(replace(held_, next=at),))
    path, text = templates.render_next_session(known, load_shipped(), NOW)
    assert f"date: {written}\n" in text
    [made] = opened(tmp_path, {path: text}).leads
    assert made.sessions[0].at == at
    same = templates.render_next_session(known, load_shipped(), NOW, at.day)
    assert same == (path, text)
    other = templates.render_next_session(known, load_shipped(), NOW, at.day, time(8))[1]
    assert "date: 2026-12-01 08:00\n" in other
    assert (
        "date: 2026-12-02\n"
        in templates.render_next_session(known, load_shipped(), NOW, day("2026-12-02"))[1]
    )


def test_a_time_in_the_zone_of_the_lead_is_written_without_it(tmp_path):
    folders = Folders(
        [
            write(
                tmp_path,
                {
                    "ada/lead.md": "---\ntimezone: Asia/Tokyo\n---\n",
                    "ada/sessions/2026-11-03.md": "---\nnext: 2026-12-01 16:00\n---\nx\n",
                },
            )
        ]
    )
    folders.read()
    before = folders.workspace.leads[0].sessions[0].next
    path = new_files.create_session(folders, folders.workspace.leads[0], NOW)
    assert "date: 2026-12-01 16:00\n" in folders.read_text(path)
    assert folders.workspace.leads[0].sessions[1].at == before


def test_what_is_there_already_is_refused_with_its_path():
    known = lead(session(HELD), session("2026-12-08", written=False))
    with pytest.raises(Refused) as planned:
        templates.render_next_session(known, load_shipped(), NOW)
    assert planned.value.code == "planned"
    assert str(planned.value) == (
        "Ada Lindqvist already has a session on 2026-12-08, in 18 days: "
        "ada/sessions/2026-12-08.md; give a day to plan another"
    )
    for taken in (HELD, "2026-12-08"):
        with pytest.raises(Refused) as error:
            templates.render_next_session(known, load_shipped(), NOW, day(taken))
        assert error.value.code == "exists"
        assert (
            str(error.value)
            == f"Ada Lindqvist already has a session on {taken}: ada/sessions/{taken}.md"
        )
    path, text = templates.render_next_session(known, load_shipped(), NOW, day("2026-12-01"))
    assert path == "ada/sessions/2026-12-01.md"
    assert "# Session 2\n" in text


@pytest.mark.parametrize(
    ("there", "made"),
    [
        ("lead.md", "sessions/2026-12-01.md"),
        ("sessions/2026-11-03.yaml", "sessions/2026-12-01.md"),
        ("2026-11-03.md", "2026-12-01.md"),
        ("Sessions/2026-11-03.md", "Sessions/2026-12-01.md"),
    ],
)
@pytest.mark.parametrize("folder", ["", "ada/"])
def test_it_lies_beside_the_last_one(tmp_path, folder, there, made):
    words = "---\nname: Ada\n---\n" if there == "lead.md" else "notes: x\n"
    known = opened(tmp_path, {f"{folder}{there}": words}).leads[0]
    path, _ = templates.render_next_session(known, load_shipped(), NOW, day("2026-12-01"))
    assert path == f"{folder}{made}"


def leads() -> Iterator[Lead]:
    folders = Folders([find_sample_data()])
    yield from folders.read().leads


@pytest.mark.parametrize("one", leads(), ids=lambda one: one.id)
def test_it_reads_back_as_planned_and_then_as_not_written_up(tmp_path, one):
    write(tmp_path, {p.relative_to(find_sample_data()).as_posix(): p.read_bytes()
                     for p in find_sample_data().rglob("*.*")})  # fmt: skip
    folders = Folders([tmp_path])
    before = folders.read()
    that_day = day("2026-12-15")
    path = new_files.create_session(folders, one, NOW, that_day, time(16))
    after = folders.workspace.find_lead(one.id)
    assert after is not None
    assert day_problems.find_problems(folders.workspace, TODAY) == day_problems.find_problems(
        before, TODAY
    )
    made = next(session for session in after.sessions if session.path == path)
    assert (made.at.day, made.at.time) == (that_day, time(16))
    assert made.number == len(one.sessions) + 1
    assert (made.skill, made.levels, made.next) == (None, (), None)
    assert (made.topics, made.actions, made.has_notes) == ((), (), False)
    assert after.actions == one.actions
    later = NOW + timedelta(days=26)
    assert find_next_session(after, later).state is NextState.NOT_WRITTEN_UP
    assert made not in find_held_sessions(after, later)


def test_what_is_added_later_finds_its_place(tmp_path):
    folders = Folders([write(tmp_path, {"ada/lead.md": "# Ada\n"})])
    folders.read()
    path = new_files.create_session(folders, folders.workspace.leads[0], NOW)
    folders.edit(AddTask(path, "the outage", "Agenda"))
    folders.edit(AddTask(path, "call Ann due:2026-12-01"))
    [made] = folders.workspace.leads[0].sessions
    assert [task.text for task in made.topics] == ["the outage"]
    assert [action.task.text for action in made.actions] == ["call Ann"]
    assert made.actions[0].status is Status.OPEN
    assert folders.workspace.all_problems == ()


def test_no_framework_makes_a_task_or_ends_a_comment():
    framework = odd_framework([])
    _, text = templates.render_next_session(lead(), framework, NOW)
    assert scaffold_tasks(text.partition("# Session")[2]) == ()
    assert "<!-- 5 min: b -->\n" in text
    body = text.partition("## Agenda")[2]
    lines = [line for line in body.splitlines() if line and not line.startswith("##")]
    assert all(line.startswith("<!-- ") and line.find("-->") == len(line) - 3 for line in lines)
    bare = templates.render_next_session(lead(), Framework("", ()), NOW)[1]
    assert "skill:\nlevels:\nnext: " in bare


def test_other_questions_each_time():
    vision = load_shipped().skills[2]
    asked = [pick_questions(Suggestion(vision, times, TODAY)) for times in range(3)]
    assert all(len(found) == len(set(found)) == QUESTION_COUNT for found in asked)
    assert len({question for found in asked for question in found}) > 5
    none = next(one for one in odd_framework([]).skills if not one.questions)
    assert pick_questions(Suggestion(none, 3, TODAY)) == ()


def test_how_often_it_was_explored():
    idea = suggest_skill(lead(), load_shipped(), NOW)
    assert idea is not None
    assert format_explored(idea, TODAY) == "not explored yet"
    for times, said in ((1, "explored once, 10 days ago"), (2, "explored 2 times, 10 days ago")):
        one = Suggestion(idea.skill, times, TODAY - timedelta(days=10))
        assert format_explored(one, TODAY) == said


# -- what is there stays -------------------------------------------------------------------------


def everything(root: Path) -> dict[str, bytes | str]:
    return {
        path.relative_to(root).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "folder"
        for path in root.rglob("*")
    }


def add_lead(root: Path, name: str) -> tuple[str, ...]:
    folders = Folders([root])
    folders.read()
    return new_files.create_lead(folders, new(name))


@pytest.mark.parametrize("there", ["file", "link", "dangling", "folder", "lead", "case"])
def test_a_name_that_is_taken_gets_a_number(tmp_path, there):
    place = tmp_path / ("BEN" if there == "case" else "ben")
    if there in ("file", "case"):
        place.write_text("mine")
    elif there in ("link", "dangling"):
        place.symlink_to(tmp_path if there == "link" else tmp_path / "nowhere")
    else:
        place.mkdir()
        if there == "lead":
            (place / "lead.md").write_text("---\nname: Benjamin\n---\n")
    before = everything(tmp_path)
    assert add_lead(tmp_path, "Ben") == ("ben-2/lead.md", "ben-2/skills.md")
    after = everything(tmp_path)
    assert {path: after[path] for path in before} == before
    assert set(after) - set(before) == {"ben-2", "ben-2/lead.md", "ben-2/skills.md"}


@pytest.mark.parametrize("name", ["Ben Okafor", "BEN OKAFOR ", "ben\tokafor"])
def test_a_lead_of_that_name_is_refused(tmp_path, name):
    write(tmp_path, {"b/lead.md": "---\nname: Ben Okafor\n---\n"})
    before = everything(tmp_path)
    with pytest.raises(Refused, match=r"^Ben Okafor is already a lead, in b$"):
        add_lead(tmp_path, name)
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "refused"),
    [
        (["lead.md"], True),
        (["sessions/2026-11-03.md"], True),
        (["2026-11-03.md"], True),
        (["README.md"], False),
        (["ada/lead.md", "README.md"], False),
        (["ada/2026-11-03.md"], False),
        (["team/ada/lead.md"], False),
    ],
)
def test_a_lead_is_never_made_inside_another(tmp_path, files, refused):
    write(tmp_path, dict.fromkeys(files, "x\n"))
    before = everything(tmp_path)
    if refused:
        with pytest.raises(
            Refused, match="is the folder of a lead; add leads to its parent folder"
        ):
            add_lead(tmp_path, "Ben")
        assert everything(tmp_path) == before
        return
    known = Folders([tmp_path]).read().leads
    add_lead(tmp_path, "Ben")
    after = {one.id for one in Folders([tmp_path]).read().leads}
    assert after == {one.id for one in known if one.path} | {"ben"}


def test_a_folder_that_is_called_as_the_lead_is_no_lead(tmp_path):
    root = write(tmp_path / "ben", {"README.md": "# About\n"})
    assert add_lead(root, "Ben") == ("ben/lead.md", "ben/skills.md")


@pytest.mark.parametrize("there", ["file", "link", "dangling", "folder"])
def test_a_session_never_takes_the_place_of_anything(tmp_path, there):
    write(tmp_path, {"ada/lead.md": "# Ada\n"})
    place = tmp_path / "ada/sessions/2026-12-01.md"
    place.parent.mkdir()
    folders = Folders([tmp_path])
    known = folders.read().leads[0]
    if there == "file":
        place.write_text("somebody was quicker\n")
    elif there == "folder":
        place.mkdir()
    else:
        place.symlink_to(tmp_path / ("ada/lead.md" if there == "link" else "nowhere"))
    before = everything(tmp_path)
    with pytest.raises(Refused) as error:
        new_files.create_session(folders, known, NOW, day("2026-12-01"))
    assert error.value.code == "exists"
    assert str(error.value) == "ada/sessions/2026-12-01.md: the file already exists"
    assert everything(tmp_path) == before
    if there == "file":
        assert len(folders.workspace.leads[0].sessions) == 1


def test_what_is_made_is_known_at_once(tmp_path):
    folders = Folders([write(tmp_path, {"tldash.yaml": "name: x\n"})])
    folders.read()
    new_files.create_lead(folders, new("Ada"))
    [ada] = folders.workspace.leads
    assert ada.name == "Ada"
    new_files.create_session(folders, ada, NOW)
    assert len(folders.workspace.leads[0].sessions) == 1


def test_of_several_folders_it_is_the_right_one(tmp_path):
    write(tmp_path, {"one/ada/lead.md": "# Ada\n", "two/ben/lead.md": "# Ben\n"})
    folders = Folders([tmp_path / "one", tmp_path / "two"])
    ben = folders.read().find_lead("two/ben")
    assert ben is not None
    path = new_files.create_session(folders, ben, NOW)
    assert path == "two/ben/sessions/2026-11-20.md"
    assert (tmp_path / "two/ben/sessions/2026-11-20.md").is_file()
