"""Detect and describe events between two workspaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import NOW, TODAY, write
from tests.support.tables import each
from tldash.activity.describe import describe_event, summarize_events
from tldash.activity.detect import detect_events, stamp_events
from tldash.activity.event import Event, EventKind
from tldash.create.demo import find_sample_data
from tldash.editing.edits import (
    AddTask,
    Edit,
    Refused,
    Remove,
    SetDate,
    SetOwner,
    SetPriority,
    SetRepeat,
    SetStatus,
    SetTags,
    SetText,
    describe,
)
from tldash.model.item_keys import session_key, task_key
from tldash.model.records import Priority, Status, Task, Workspace
from tldash.workspace.folders import Folders

LEAD = "---\ncoach: Mira\n---\n# Ada\n## Goals\n- Lead the cutover\n"
NOTE = "# Notes\n- [ ] alpha\n- [ ] beta due:2026-11-20\n- [ ] gamma #vision\n- [x] delta\n"
HELD = (
    "---\nlevels: {listening: beginner}\nnext: 2026-12-01 16:00\n---\n## Notes\nWe talked.\n"
    "## Actions\n- [ ] Call the vendor due:2026-11-20\n- [ ] Read the book\n- [x] Ask two\n"
)
TO_COME = "---\nstatus: planned\n---\n## Agenda\n- [ ] The outage\n"
SKILLS = "# Listening\n## Beginner\n- [ ] Hears what is said\n- [ ] Asks back\n"
FILES = {
    "ada/lead.md": LEAD,
    "ada/list.md": NOTE,
    "ada/skills.md": SKILLS,
    "ada/sessions/2026-11-03.md": HELD,
    "ada/sessions/2026-12-20.md": TO_COME,
    "ben/lead.md": "# Ben\n- [ ] alpha\n",
}
NEXT = "ada/sessions/2026-12-20.md"
PAST = "ada/sessions/2026-11-03.md"


def happened(root: Path, files: dict[str, str | None], start: dict[str, str] = FILES) -> list[str]:
    """Describe the events after writing these files, or deleting those that are None."""
    before = Folders([write(root, start)]).read()
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
        else:
            write(root, {path: text})
    after = Folders([root]).read()
    return [describe_event(event) for event in detect_events(before, after, NOW)]


def changed(path: str, *pairs: tuple[str, str]) -> dict[str, str | None]:
    text = FILES[path]
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {path: text}


ITEMS: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    ("ada/list.md", [("[ ] alpha", "[x] alpha")], ['ticked off "alpha"']),
    ("ada/list.md", [("[ ] alpha", "[x] alpha done:2026-11-19")], ['ticked off "alpha"']),
    ("ada/list.md", [("[x] delta", "[ ] delta")], ['reopened "delta"']),
    ("ada/list.md", [("[ ] alpha", "[/] alpha")], ['started "alpha"']),
    ("ada/list.md", [("[ ] alpha", "[-] alpha")], ['dropped "alpha"']),
    ("ada/list.md", [("[x] delta", "[/] delta")], ['reopened "delta"']),
    ("ada/list.md", [("- [ ] alpha\n", "- [ ] alpha\n- [ ] new\n")], ['added "new"']),
    ("ada/list.md", [("- [ ] alpha\n", "- [ ] alpha\n- [x] n\n")], ['added "n", done already']),
    ("ada/list.md", [("- [ ] alpha\n", "")], ['deleted "alpha"']),
    ("ada/list.md", [("11-20", "12-04")], ['moved "beta" from 20 Nov to 4 Dec']),
    ("ada/list.md", [("11-20", "12-04"), ("2026", "2027")],
     ['moved "beta" from 20 Nov to 4 Dec 2027']),
    ("ada/list.md", [(" due:2026-11-20", "")], ['removed the due date of "beta" (was 20 Nov)']),
    ("ada/list.md", [("alpha", "alpha due:2026-12-04")],
     ['set the due date of "alpha" to 4 Dec']),
    ("ada/list.md", [("alpha", "alpha t:2026-12-04")], ['set the start date of "alpha" to 4 Dec']),
    ("ada/list.md", [("alpha", "omega")], ['reworded "alpha" to "omega"']),
    ("ada/list.md", [("[ ] alpha", "[x] alphas")],
     ['ticked off "alphas"', 'reworded "alpha" to "alphas"']),
    ("ada/list.md", [("alpha", "alpha @coach")], ['handed "alpha" to Mira']),
    ("ada/list.md", [("alpha", "alpha @Zoe")], ['handed "alpha" to Zoe']),
    ("ada/list.md", [("alpha", "alpha pri:A")], ['changed "alpha": highest priority']),
    ("ada/list.md", [("#vision", "#growth")], ['changed "gamma": +#growth, -#vision']),
    ("ada/list.md", [("alpha\n", "alpha\n  more\n")], ['changed "alpha": note']),
    ("ada/list.md", [("[x] delta", "[x] delta done:2026-11-19")],
     ['changed "delta": done 19 Nov']),
    ("ada/list.md", [("- [ ] alpha\n", ""), ("- [x] delta\n", "- [x] delta\n- [ ] alpha\n")], []),
    ("ada/list.md", [("# Notes\n", "# Notes\n\nprose\n\n")], []),
    ("ada/list.md", [("# Notes", "# A list")], []),
    ("ada/list.md", [("- [x] delta", "## Later\n- [x] delta")], ['moved "delta" to Later']),
    (PAST, [("# Actions", "# To do")], []),
    (PAST, [("[ ] Call", "[x] Call")], ['ticked off "Call the vendor"']),
    (PAST, [("Read the book\n", "Read the book\n- [ ] Write\n")], ['added "Write"']),
    (NEXT, [("outage\n", "outage\n- [ ] Delegation\n")], ['added the topic "Delegation"']),
    (NEXT, [("[ ] The", "[x] The")], ['ticked off the topic "The outage"']),
    (NEXT, [("The outage", "That outage")], ['reworded "The outage" to "That outage"']),
    ("ada/skills.md", [("[ ] Asks", "[x] Asks")], ['reached "Asks back" (listening, beginner)']),
    ("ada/skills.md", [("- [ ] Asks back\n", "")], ['deleted the marker "Asks back"']),
]  # fmt: skip

OTHERS: list[tuple[dict[str, str | None], list[str]]] = [
    (changed(PAST, ("beginner", "intermediate")), ["raised listening to intermediate"]),
    (changed(PAST, ("levels: {listening: beginner}\n", "")), ["removed the level of listening"]),
    (changed(PAST, ("beginner}", "beginner, vision: beginner}")),
     ["raised articulating a vision to beginner"]),
    (changed(PAST, ("next: 2026-12-01", "next: 2026-12-04")),
     ["moved the session from Tue 1 Dec 16:00 to Fri 4 Dec 16:00"]),
    (changed(PAST, ("next: 2026-12-01 16:00\n", "")), ["cancelled the session on 1 Dec"]),
    ({"ada/sessions/2026-12-01.md": "## Agenda\n"}, []),
    ({"ada/sessions/2026-12-01.md": "## Agenda\n- [ ] x\n"}, ['added the topic "x"']),
    ({"ada/sessions/2026-12-08.md": ""}, ["planned a session on Tue 8 Dec"]),
    ({"ada/sessions/2026-11-10.md": "## Notes\nGood.\n"}, ["held the session on 10 Nov"]),
    ({"ada/sessions/2026-11-10.md": "---\nstatus: missed\n---\n"},
     ["missed the session on 10 Nov"]),
    ({NEXT: None, "ada/sessions/2026-12-21.md": TO_COME},
     ["moved the session from Sun 20 Dec to Mon 21 Dec"]),
    ({NEXT: None}, ["cancelled the session on 20 Dec", 'deleted the topic "The outage"']),
    (changed(NEXT, ("status", "date: 2026-12-22\nstatus")),
     ["moved the session from Sun 20 Dec to Tue 22 Dec"]),
    (changed(NEXT, ("planned", "cancelled")), ["cancelled the session on 20 Dec"]),
    (changed(NEXT, ("planned", "held")), ["held the session on 20 Dec"]),
    (changed(NEXT, ("status", "skill: vision\nstatus")),
     ["chose articulating a vision for the session on 20 Dec"]),
    (changed(NEXT, ("outage\n", "outage\n## Notes\nPrepared.\n")),
     ["wrote notes for the session on 20 Dec"]),
    (changed(NEXT, ("outage\n", "outage\n## Actions\n- [ ] do\n")), ['added "do"']),
    (changed("ada/lead.md", ("cutover", "cutover well")),
     ['changed the goal from "Lead the cutover" to "Lead the cutover well"']),
    (changed("ada/lead.md", ("cutover\n", "cutover\n- Sleep\n")), ['set the goal to "Sleep"']),
    (changed("ada/lead.md", ("- Lead the cutover\n", "")), ['removed the goal "Lead the cutover"']),
    (changed("ada/lead.md", ("- Lead the", "- [x] Lead the")),
     ['ticked off the goal "Lead the cutover"']),
    (changed("ada/lead.md", ("Mira", "Zoe")), ['changed the coach from "Mira" to "Zoe"']),
    (changed("ada/lead.md", ("coach", "cadence: weekly\ncoach")),
     ['changed the cadence from "monthly" to "weekly"']),
    ({"cyd/lead.md": "# Cyd\n- [ ] x\n"}, ["added the lead Cyd"]),
    ({"ben/lead.md": None}, ["deleted the lead Ben"]),
    ({"ada/list.md": None, "ada/things.md": NOTE}, []),
    ({"ada/list.md": None, "ada/things.md": NOTE.replace("[ ] beta", "[x] beta")},
     ['ticked off "beta"']),
    ({**changed(PAST, ("- [ ] Read the book\n", "")),
      **changed(NEXT, ("outage\n", "outage\n## Actions\n- [ ] Read the book\n"))},
     ['moved "Read the book" to the session on 20 Dec']),
    ({**changed(PAST, ("- [ ] Read the book\n", "")),
      **changed("ada/list.md", ("- [ ] alpha", "- [ ] Read the book due:2026-12-04\n- [ ] alpha"))},
     ['set the due date of "Read the book" to 4 Dec', 'moved "Read the book" to list.md']),
    ({"tldash.yaml": "name: Circle\n"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("path", "pairs", "words"), ITEMS)
def test_what_happened_to_an_item(tmp_path, path, pairs, words):
    assert happened(tmp_path, changed(path, *pairs)) == words


@pytest.mark.parametrize(("files", "words"), OTHERS)
def test_what_else_happened(tmp_path, files, words):
    assert happened(tmp_path, files) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- [ ] call\n- [ ] call\n", "- [ ] call\n- [x] call\n", ['ticked off "call"']),
        ("- [ ] call\n- [ ] call\n", "- [ ] call\n", ['deleted "call"']),
        ("- [ ] a ^w\n- [ ] b\n", "- [ ] b\n- [ ] c d ^w\n", ['reworded "a" to "c d"']),
        ("- [ ] a id:1\n- [ ] b id:2\n", "- [ ] b id:1\n- [ ] a id:2\n",
         ['reworded "a" to "b"', 'reworded "b" to "a"']),
        ("- [ ] a id:1\n- [ ] b\n", "- [x] z id:1\n- [ ] b\n- [ ] a\n",
         ['ticked off "z"', 'reworded "a" to "z"', 'added "a"']),
        ("- [ ] a\n- [ ] b\n", "- [ ] x\n- [ ] y\n",
         ['added "x"', 'deleted "a"', 'added "y"', 'deleted "b"']),
        ("- [ ] write it\n- [ ] read\n", "- [ ] read more\n- [ ] write that\n",
         ['reworded "read" to "read more"', 'reworded "write it" to "write that"']),
        ("- [ ] a due:2026-12-01\n- [ ] b\n", "- [ ] x\n- [ ] y due:2026-12-01\n",
         ['reworded "b" to "x"', 'reworded "a" to "y"']),
        ("- [ ] a\n- [ ] b\n- [ ] c\n", "- [ ] a\n- [ ] x\n- [ ] c\n", ['reworded "b" to "x"']),
        ("- [ ] a\n## S\n- [ ] b\n", "- [ ] a\n- [ ] c\n## S\n", ['added "c"', 'deleted "b"']),
        ("- [ ] w rec:1w due:2026-11-20\n",
         "- [ ] w rec:1w due:2026-11-27\n- [x] w rec:1w due:2026-11-20 done:2026-11-20\n",
         ['ticked off "w", again on 27 Nov']),
        ("- [ ] w rec:1w due:2026-11-20\n", "- [ ] w rec:1w due:2026-11-27\n",
         ['moved "w" from 20 Nov to 27 Nov']),
    ],
)  # fmt: skip
def test_which_item_became_which(tmp_path, old, new, words):
    start = {"ada/lead.md": "# Ada\n", "ada/list.md": old}
    assert happened(tmp_path, {"ada/list.md": new}, start) == words


def test_many_new_items_between_two_are_no_other_words(tmp_path):
    old = "".join(f"- [ ] the {n}th of many things\n" for n in range(30))
    start = {"ada/lead.md": "# Ada\n", "ada/list.md": old}
    words = happened(tmp_path, {"ada/list.md": old.replace("many", "more")}, start)
    assert len(words) == 60
    assert not any(word.startswith("reworded") for word in words)


def test_a_day_of_another_year_and_a_clock_of_another_zone(tmp_path):
    later = changed(PAST, ("next: 2026-12-01 16:00", "next: 2027-01-05T23:30:00-05:00"))
    said_ = ["moved the session from Tue 1 Dec 16:00 to Wed 6 Jan 2027 04:30"]
    assert happened(tmp_path, later) == said_


def test_events_know_where_and_when(tmp_path):
    root = write(tmp_path, FILES)
    before = Folders([root]).read()
    write(root, changed("ada/list.md", ("[ ] gamma #vision", "[x] gamma ✅ 2026-11-18")))  # type: ignore[arg-type]
    [ticked, retagged] = detect_events(before, Folders([root]).read(), NOW)
    assert (ticked.kind, ticked.lead_id, ticked.path) == (EventKind.TICKED, "ada", "ada/list.md")
    assert (ticked.line, ticked.text, ticked.when and ticked.when.day) == (
        4, "gamma", date(2026, 11, 18),
    )  # fmt: skip
    assert retagged.when is None
    [seen, _] = stamp_events((ticked, retagged), NOW)
    assert seen.when is not None and (seen.when.day, seen.when.time) == (TODAY, NOW.time())
    assert replace(seen, when=None) == replace(ticked, when=None)


def test_nothing_is_told_of_ones_own_items(tmp_path):
    folders = Folders([write(tmp_path, FILES)])
    before = folders.read()
    mine = next(a.task for a in before.leads[0].actions if a.task.text == "alpha")
    write(tmp_path, changed("ada/list.md", ("[ ] alpha", "[x] alpha"), ("[x] delta", "[ ] delta")))  # type: ignore[arg-type]
    after = folders.read()
    words = [
        describe_event(event) for event in detect_events(before, after, NOW, own={task_key(mine)})
    ]
    assert words == ['reopened "delta"']
    write(tmp_path, {"ada/sessions/2026-12-08.md": "", "ada/sessions/2026-12-09.md": ""})
    later = folders.read()
    made = next(s for s in later.leads[0].sessions if s.path.endswith("08.md"))
    words = [
        describe_event(event) for event in detect_events(after, later, NOW, own={session_key(made)})
    ]
    assert words == ["planned a session on Wed 9 Dec"]


def test_what_was_closed_long_ago_need_not_have_been_known(tmp_path):
    long_ago = "- [x] old done:2026-01-10\n- [-] older cancelled:2026-01-09\n- [ ] open\n"
    start = {"ada/lead.md": "# Ada\n", "ada/list.md": "- [ ] open\n"}
    before = Folders([write(tmp_path, start)]).read()
    write(tmp_path, {"ada/list.md": long_ago + "- [x] new done:2026-11-19\n"})
    after = Folders([tmp_path]).read()
    assert len(detect_events(before, after, NOW)) == 3
    [event] = detect_events(before, after, NOW, kept_from=date(2026, 8, 1))
    assert event.text == "new"
    write(tmp_path, {"ada/list.md": "- [x] open done:2026-01-10\n"})
    [event] = detect_events(before, Folders([tmp_path]).read(), NOW, kept_from=date(2026, 8, 1))
    assert event.kind is EventKind.TICKED


def test_unchanged_leads_are_not_looked_at(tmp_path):
    workspace = Folders([write(tmp_path, FILES)]).read()
    broken = replace(workspace.leads[0], sessions=None)  # type: ignore[arg-type]
    one = replace(workspace, leads=(broken, *workspace.leads[1:]))
    assert detect_events(one, replace(one), NOW) == ()


def test_the_sample_read_twice_has_no_events():
    one, other = (Folders([find_sample_data()]).read() for _ in range(2))
    assert one.leads[0] is not other.leads[0]
    assert detect_events(one, other, NOW) == ()
    everything = detect_events(Workspace(""), one, NOW)
    assert {event.kind for event in everything} == {EventKind.LEAD_ADDED}


@each(
    ("kinds", "words"),
    [
        ([], ""),
        ([EventKind.TICKED], "ticked 1"),
        (
            [EventKind.MOVED, EventKind.TOPIC, EventKind.TICKED, EventKind.TICKED],
            "ticked 2, added a topic, moved 1",
        ),
        ([EventKind.MOVED, EventKind.CARRIED, EventKind.RAISED], "raised a level, moved 2"),
        (
            [EventKind.LEAD_ADDED, EventKind.LEAD_ADDED, EventKind.NOTES_WRITTEN],
            "wrote notes, added 2 leads",
        ),
    ],
)
def test_summary(kinds, words):
    assert summarize_events([Event(kind, "ada", "x", "ada/x.md", 1) for kind in kinds]) == words


def test_every_kind_has_words_and_a_place_in_the_summary():
    for kind in EventKind:
        event = Event(kind, "ada", "what it is", "ada/x.md", 1, "detail")
        assert "what it is" in describe_event(event) or "detail" in describe_event(event)
        assert summarize_events([event])


# Every edit that the dashboard can make


WORDS = st.sampled_from(["call", "call the vendor", "vision", "write it down", "ask two"])
DATES = st.dates(date(2026, 9, 1), date(2027, 2, 1))
LINES = st.tuples(
    st.sampled_from(["- [ ] ", "- [x] ", "- [/] ", "- [-] "]),
    WORDS,
    st.sampled_from(["", " due:2026-11-20", " 📅 2026-12-01 ⏳ 2026-11-28", " [due:: 2026-11-20]"]),
    st.sampled_from(["", " @coach", " @Zoe"]),
    st.sampled_from(["", " #vision"]),
).map("".join)
EDITS = st.one_of(
    st.builds(lambda status: lambda task: SetStatus(task, status, TODAY), st.sampled_from(Status)),
    st.builds(
        lambda name, day: lambda task: SetDate(task, name, day),
        st.sampled_from(["due", "scheduled", "start"]),
        st.none() | DATES,
    ),
    st.builds(lambda to: lambda task: SetPriority(task, to), st.none() | st.sampled_from(Priority)),
    st.builds(lambda to: lambda task: SetOwner(task, to), st.sampled_from([None, "coach", "Bo"])),
    st.builds(
        lambda tag: lambda task: SetTags(task, (tag,)), st.sampled_from(["growth", "vision"])
    ),
    st.builds(lambda text: lambda task: SetText(task, text), st.sampled_from(["other", "call"])),
    st.just(lambda task: SetRepeat(task, "every week")),
    st.just(Remove),
    st.just(lambda task: AddTask(task.path, "quite new")),
)


OF_STATUS = {
    Status.DONE: EventKind.TICKED,
    Status.CANCELLED: EventKind.DROPPED,
    Status.IN_PROGRESS: EventKind.STARTED,
    Status.OPEN: EventKind.REOPENED,
}
OF_EDIT: dict[type[Edit], EventKind] = {
    SetDate: EventKind.MOVED,
    SetOwner: EventKind.HANDED_OVER,
    SetText: EventKind.REWORDED,
    Remove: EventKind.DELETED,
    AddTask: EventKind.ADDED,
}


def expected(edit: Edit) -> EventKind:
    if not isinstance(edit, SetStatus):
        return OF_EDIT.get(type(edit), EventKind.CHANGED)
    again = edit.status is Status.IN_PROGRESS and edit.task.status.closed
    return EventKind.REOPENED if again else OF_STATUS[edit.status]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_every_edit_is_one_event(tmp_path_factory, data):
    lines = data.draw(st.lists(LINES, min_size=1, max_size=5))
    yaml = data.draw(st.booleans())
    if yaml:
        quoted = "".join(f"  - '{line[2:]}'\n" for line in lines if line.startswith("- [ ]"))
        path, text = "ada/sessions/2026-11-03.yaml", f"notes: x\nactions:\n{quoted}  - a last one\n"
    else:
        path = "ada/sessions/2026-11-03.md"
        text = "# S\nprose\n## Actions\n" + "".join(f"{line}\n" for line in lines)
    root = tmp_path_factory.mktemp("edit")
    folders = Folders([write(root, {"ada/lead.md": "# Ada\n", path: text})])
    before = folders.read()
    task: Task = data.draw(st.sampled_from([a.task for a in before.leads[0].actions]))
    edit = data.draw(EDITS)(task)
    try:
        after = folders.edit(edit)
    except Refused:
        return
    found = detect_events(before, after, NOW)
    if before.leads[0] == after.leads[0]:
        assert found == ()
        return
    assert [event.kind for event in found] == [expected(edit)], (describe([edit]), text)
    assert found == detect_events(before, Folders([root]).read(), NOW)
    assert [event.kind for event in detect_events(after, before, NOW)] != []


@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_two_files_have_events_that_add_up(tmp_path_factory, old, new):
    """Check on arbitrary edits that each item has consistent events and none is lost."""
    root = tmp_path_factory.mktemp("two")
    texts = ["# L\n" + "".join(f"{line}\n" for line in lines) for lines in (old, new)]
    read = []
    for text in texts:
        read.append(Folders([write(root, {"ada/lead.md": "# Ada\n", "ada/list.md": text})]).read())
    found = detect_events(*read, NOW)
    assert found == detect_events(*read, NOW)
    added = sum(event.kind is EventKind.ADDED for event in found)
    removed = sum(event.kind is EventKind.DELETED for event in found)
    assert len(old) - removed + added == len(new)
    assert list(found) == sorted(found, key=lambda e: (e.path, e.line))
    if not found:
        signs = [
            sorted((a.task.text, a.task.status, str(a.task.fields)) for a in one.leads[0].actions)
            for one in read
        ]
        assert signs[0] == signs[1]
