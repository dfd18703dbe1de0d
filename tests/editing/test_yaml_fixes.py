"""Fixes of front matter and YAML: where they are offered, and what comes of making them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.tables import each
from tldash.documents.front import SessionFront
from tldash.editing import fixes
from tldash.formats.file_record import FileRecord, read_data
from tldash.formats.text import line_spans
from tldash.model.file_roles import FileRole
from tldash.model.records import Fix, Problem

SESSION, LEAD, YAML = "2026-11-03.md", "lead.md", "2026-11-03.yaml"
ROLES = {SESSION: FileRole.SESSION, LEAD: FileRole.LEAD, YAML: FileRole.SESSION}


def read(text: str, path: str) -> FileRecord:
    return read_data(text.encode(), path, ROLES[path])


def front(lines: str) -> str:
    return f"---\n{lines}---\n- [ ] call Ann\n"


def made(text: str, problem: Problem) -> str:
    """The text with the fix of a problem in it, which must stand where it says."""
    assert problem.fix is not None
    fix, (start, end) = problem.fix, line_spans(text)[problem.line - 1]
    at = start + fix.column - 1
    assert text[at : at + len(fix.old)] == fix.old
    assert at + len(fix.old) <= end
    return text[:at] + fix.new + text[at + len(fix.old) :]


@each(
    ("path", "written", "after"),
    [
        (SESSION, "skil: vision\n", "skill: vision\n"),
        (SESSION, "Skill: vision  # why\n", "skill: vision  # why\n"),
        (SESSION, "'skil': vision\n", "'skill': vision\n"),
        (SESSION, "skil : skil\n", "skill : skil\n"),
        (SESSION, "{skil: vision, title: x}\n", "{skill: vision, title: x}\n"),
        (SESSION, "title: x\nDate: 2026-11-03\n", "title: x\ndate: 2026-11-03\n"),
        (SESSION, "next: 20.11.2026\n", "next: 2026-11-20\n"),
        (SESSION, "next:   '20.11.2026'  # soon\n", "next:   '2026-11-20'  # soon\n"),
        (SESSION, 'next: "11/20/2026"\n', 'next: "2026-11-20"\n'),
        (SESSION, "next: 2026/11/2\n", "next: 2026-11-02\n"),
        (SESSION, "next: 20261120\n", "next: 2026-11-20\n"),
        (SESSION, "time: 4 pm\n", "time: 16:00\n"),
        (SESSION, "time: 9:30 a.m.\n", "time: 09:30\n"),
        (SESSION, "time: 12 AM\n", "time: 00:00\n"),
        (SESSION, "status: hled\n", "status: held\n"),
        (SESSION, "status: canceled\n", "status: cancelled\n"),
        (LEAD, "timezone: europe/oslo\n", "timezone: Europe/Oslo\n"),
        (LEAD, "startd: 2026-05-05\n", "started: 2026-05-05\n"),
        (YAML, "acitons: [call Ann]\n", "actions: [call Ann]\n"),
        (YAML, "actions:\n- call due:20.11.2026\n", "actions:\n- call due:2026-11-20\n"),
        (YAML, "actions:\n- 'don''t due:20.11.2026'\n", "actions:\n- 'don''t due:2026-11-20'\n"),
        (YAML, 'actions:\n- "\\"a\\" due:20.11.2026"\n', 'actions:\n- "\\"a\\" due:2026-11-20"\n'),
        (YAML, "actions: [a, b due:20.11.2026]\n", "actions: [a, b due:2026-11-20]\n"),
        (YAML, "actions:\n- '[ ] a due:20.11.2026'\n", "actions:\n- '[ ] a due:2026-11-20'\n"),
        (YAML, "actions:\n- txt: call Ann\n", "actions:\n- text: call Ann\n"),
        (YAML, "actions: [{text: a, ownr: b}]\n", "actions: [{text: a, owner: b}]\n"),
        (YAML, "actions:\r\n- text: a\r\n  status: opne\r\n",
         "actions:\r\n- text: a\r\n  status: open\r\n"),
    ],
)  # fmt: skip
def test_a_fix(path, written, after):
    check_fix(path, written, after)


@each(
    ("written", "after"),
    [
        ("Due: 2026-11-20", "due: 2026-11-20"),
        ("due: '20.11.2026'", "due: '2026-11-20'"),
        ("status: in progress", "status: in-progress"),
        ("priority: hihg", "priority: high"),
    ],
)
@each("around", ["- text: a\n  {}  # b\n", "- {text: a, {}}\n", "- {{}, text: a}\n"])
def test_a_fix_in_an_item(written, after, around):
    items = "actions:\n" + around
    check_fix(YAML, items.replace("{}", written), items.replace("{}", after))


def check_fix(path, written, after):
    before, meant = (front(written), front(after)) if path != YAML else (written, after)
    problem = next(p for p in read(before, path).problems if p.fix)
    assert made(before, problem) == meant
    left = read(meant, path).problems
    assert all(p.code not in (problem.code, "item") for p in left)


@each(
    ("path", "written", "code"),
    [
        (SESSION, "next: 03/04/2026\n", "date"),
        (SESSION, "next: 03.04.2026\n", "date"),
        (SESSION, "next: 20.11.2026 16:00\n", "date"),
        (SESSION, "next: soon\n", "date"),
        (SESSION, "next:\n  20.11.2026\n", "date"),
        (SESSION, "next: &n 20.11.2026\ntitle: *n\n", "date"),
        (SESSION, "title: &n 20.11.2026\nnext: *n\n", "date"),
        (SESSION, "next: !!str 20.11.2026\n", "date"),
        (SESSION, "next: >-\n  20.11.2026\n", "date"),
        (SESSION, 'next: "20\\x2e11.2026"\n', "date"),
        (SESSION, "time: 16\n", "time"),
        (SESSION, "time: 13 pm\n", "time"),
        (SESSION, "status: gone\n", "value"),
        (SESSION, "mate: Ben\n", "unknown-key"),
        (SESSION, "? |\n  skil\n: vision\n", "unknown-key"),
        (SESSION, "levels: {vision: [1]}\n", "text"),
        (YAML, "actions:\n- text: a\n  dues: soon\n", "unknown-key"),
        (YAML, "actions:\n- text: a\n  status: banana\n", "value"),
        (YAML, "actions:\n- text: a\n  due: 03/04/2026\n", "date"),
        (YAML, "actions:\n- text: a\n  due: &d 20.11.2026\n", "date"),
        (YAML, "actions:\n- >\n  a due:20.11.2026\n", "bad-date"),
        (YAML, 'actions:\n- "a\\tb due:20.11.2026"\n', "bad-date"),
        (YAML, "actions:\n- a\n  due:20.11.2026\n", "bad-date"),
    ],
)
def test_no_fix_where_it_is_not_certain_or_not_plainly_written(path, written, code):
    text = front(written) if path != YAML else written
    found = [p for p in read(text, path).problems if p.code == code]
    assert found
    assert all(p.fix is None for p in found)


@each(
    ("line", "fixed"),
    [
        ("title: 1:1: Ada & Mira", 'title: "1:1: Ada & Mira"'),
        ("participants: @ada, @mira", 'participants: "@ada, @mira"'),
        ("title:  he said: 'no'   # why", "title:  \"he said: 'no'\"   # why"),
        ('title: 1:1: "Ada"', "title: '1:1: \"Ada\"'"),
        ("title: `x`", 'title: "`x`"'),
        ("mood: %good", 'mood: "%good"'),
        ('title: "Ada', None),
        ("levels: {vision: beginner", None),
        ("tags: [a, b", None),
        ("just words", None),
        ("title: |x", None),
    ],
)
@each("end", ["\n", "\r\n"])
def test_a_bad_line_of_front_matter_costs_that_line(line, fixed, end):
    text = front(f"skill: vision\n{line}\nduration: 45m\nnext: 2026-12-01\n").replace("\n", end)
    record = read(text, SESSION)
    assert isinstance(record.front, SessionFront)
    assert (record.front.skill, record.front.duration) == ("vision", 45)
    assert str(record.front.next.day) == "2026-12-01"
    assert [task.text for task in record.tasks] == ["call Ann"]
    [problem] = record.problems
    assert (problem.code, problem.line) == ("yaml", 3)
    if fixed is None:
        assert problem.fix is None
        return
    assert made(text, problem) == text.replace(line, fixed)
    applied = fixes.apply([problem], SESSION, FileRole.SESSION, text.encode())
    assert applied.data.decode() == text.replace(line, fixed)
    assert read(applied.data.decode(), SESSION).problems == ()


def test_bad_lines_of_settings_cost_themselves():
    text = "name: a: b\ncoach: Mira\nname: c: d\n"
    record = read_data(text.encode(), "tldash.yaml", FileRole.CONFIG)
    assert record.front.coach == "Mira"
    assert [problem.line for problem in record.problems] == [1, 3]


@given(st.lists(st.sampled_from([*"abc", "title: 1:1: x", "skill: vision", "x", "- a", " b", "#"])))
def test_front_matter_of_any_lines_is_read(lines):
    record = read(front("".join(f"{line}\n" for line in lines)), SESSION)
    good = [line for line in lines if line == "skill: vision"]
    if len(good) == 1 and "title: 1:1: x" not in lines and not {*lines} - {"skill: vision", "#"}:
        assert record.front.skill == "vision"
    assert [task.text for task in record.tasks][-1:] == ["call Ann"]


def test_a_fix_is_compared_with_no_other_problem():
    problem = read(front("skil: vision\n"), SESSION).problems[0]
    assert problem.fix == Fix(1, "skil", "skill")


# -- any document with slips in it ---------------------------------------------------------------


@st.composite
def slipped(draw: st.DrawFn, word: str) -> str:
    """The word with a letter too many, too few, wrong, or out of turn, or in capitals."""
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("aeisx-"))
    return draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
                word.upper(),
                word.title(),
                word,
            ]
        )
    )


DATES = st.sampled_from(
    ["2026-11-20", "20.11.2026", "2026/11/20", "2026-1-5", "03/04/2026", "11/20/2026", "20261120",
     "20-11-2026", "soon", "2026-02-30", "20. 11. 2026", "99.99.2026"]
)  # fmt: skip
FRONT = {
    "date": DATES,
    "next": DATES,
    "time": st.sampled_from(["16:00", "4 pm", "4:30pm", "0 pm", "12 a.m.", "16"]),
    "duration": st.sampled_from(["45m", "1h", "short"]),
    "status": slipped("held") | slipped("planned") | slipped("missed"),
    "title": st.sampled_from(["Plan", "skil", "date"]),
    "skill": st.just("vision"),
}
ITEM = {
    "text": st.sampled_from(["call Ann", "call due:20.11.2026", "don't", "don't due:20.11.2026"]),
    "due": DATES,
    "done": DATES | st.sampled_from(["true", "false"]),
    "status": slipped("open") | slipped("in-progress"),
    "priority": slipped("high") | slipped("lowest"),
    "owner": st.just("mira"),
    "tags": st.sampled_from(["[a, b]", "a"]),
    "note": st.just("more"),
}


@st.composite
def pairs(draw: st.DrawFn, known: dict[str, st.SearchStrategy[str]]) -> list[tuple[str, str]]:
    found = []
    for name in draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=4)):
        key, value = draw(st.just(name) | slipped(name)), draw(known[name])
        quote = draw(st.sampled_from(["", "", "'", '"']))
        if quote and value[:1] != "[":
            value = quote + (value.replace("'", "''") if quote == "'" else value) + quote
        found.append((key, value))
    return found


@st.composite
def documents(draw: st.DrawFn) -> str:
    end = draw(st.sampled_from(["\n", "\r\n"]))
    remark = draw(st.sampled_from(["", "  # 20.11.2026 skil"]))
    lines = [f"{key}: {value}{remark}" for key, value in draw(pairs(FRONT))]
    lines.append("actions:")
    for item in draw(st.lists(pairs(ITEM), max_size=2)):
        words = [f"{key}: {value}" for key, value in item]
        if draw(st.booleans()):
            lines.append("- {" + ", ".join(words) + "}" + remark)
        else:
            lines += [("- " if n == 0 else "  ") + word + remark for n, word in enumerate(words)]
    return end.join(lines) + end


def said(record: FileRecord) -> tuple[dict[str, object], list[object]]:
    values = {name: getattr(record.front, name) for name in record.front.__slots__}
    return values, [(t.text, t.status, t.fields, t.note) for t in record.tasks]


@settings(max_examples=examples(200), deadline=None)
@given(documents())
def test_a_fix_takes_its_problem_away_and_changes_one_value(text):
    before = read(text, YAML)
    for problem in before.problems:
        if problem.fix is None:
            continue
        after = read(made(text, problem), YAML)
        place = problem.line, problem.column, problem.code
        assert place not in [(p.line, p.column, p.code) for p in after.problems]
        assert len(after.problems) <= len(before.problems)
        old, new = said(before), said(after)
        changed = [name for name in old[0] if old[0][name] != new[0][name]]
        items = len(old[1]) != len(new[1]) or sum(map(lambda a, b: a != b, old[1], new[1]))
        assert len(changed) + items <= 1
        for name in changed:
            assert old[0][name] is None
