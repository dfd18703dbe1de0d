"""Check every example, table and link of the manual against the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import cmarkgfm
import pytest

from tests.support.manual_pages import PACKAGE, PAGES, TOP, fence, rows, section, spans
from tests.support.markdown import read_body
from tests.support.records import opened
from tests.support.tables import each
from tldash import manual
from tldash.formats.markdown.scanner import Kind, scan
from tldash.formats.tasks import parse
from tldash.model.records import Dialect, Priority, Status

# -- pages ---------------------------------------------------------------------------------------


def test_pages_are_the_files_of_the_package() -> None:
    assert {f"{name}.md" for name in manual.NAMES} == {p.name for p in PACKAGE.glob("manual/*.md")}
    assert all(text.startswith("# ") for text in PAGES.values())
    with pytest.raises(KeyError):
        manual.page("../records")


def slugs(text: str) -> set[str]:
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


def links() -> Iterator[tuple[Path, str]]:
    pages = [TOP / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")]
    for file in (*pages, *sorted(PACKAGE.glob("manual/*.md"))):
        prose = re.sub(r"```.*?```|`[^`\n]+`", "", file.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if "://" not in target:
                yield file, target


def test_every_link_has_a_target() -> None:
    found = list(links())
    assert len(found) > 5
    for file, target in found:
        path, _, anchor = target.partition("#")
        there = (file.parent / unquote(path)).resolve() if path else file
        assert there.exists(), (file.name, target)
        if anchor:
            assert anchor in slugs(there.read_text("utf-8")), (file.name, target)


# -- format.md -----------------------------------------------------------------------------------

DAY = date(2026, 11, 20)
VALUES = {
    **{key: {DAY} for key in ("due", "scheduled", "start", "created", "done", "cancelled")},
    "priority": set(Priority),
    "repeat": {"1w", "every week", "every month"},
    "id": {"a1"},
    "depends": {("a1",), ("a1", "b2")},
    "owner": {"mira"},
    "tags": {("vision",), ("skill/listening",)},
    "block_id": {"abc"},
}
NO_DIALECT = ("owner", "tags", "block_id")
FIELDS = [
    (row[0], dialect, written)
    for row in rows(section(PAGES["format"], "Fields of a task line"))
    for dialect, cell in zip(Dialect, row[1:], strict=True)
    for written in spans(cell)
]


def test_the_table_has_every_field_in_every_style() -> None:
    assert {field for field, _, _ in FIELDS} == set(VALUES)
    for dialect in Dialect:
        missing = {"repeat", "id", "depends"} if dialect is Dialect.TASKPAPER else set()
        assert {field for field, spoken, _ in FIELDS if spoken is dialect} == {*VALUES} - missing


@each(("field", "dialect", "written"), FIELDS)
def test_each_field_is_read(field: str, dialect: Dialect, written: str) -> None:
    parsed = parse.parse(f"call Ann {written}")
    assert getattr(parsed.fields, field) in VALUES[field]
    assert parsed.text == "call Ann"
    assert parsed.problems == ()
    assert parsed.dialects == (() if field in NO_DIALECT and "::" not in written else (dialect,))


@each("written", ["🏁 keep", "[onCompletion:: keep]", "📅\ufe0f2026-11-20"])
def test_ignored_fields_are_hidden_from_the_text(written: str) -> None:
    assert parse.parse(f"call Ann {written}").text == "call Ann"


def test_priority_letters() -> None:
    letters = [parse.parse(f"pri:{letter} x").fields.priority for letter in "ABCDEF"]
    assert [str(letter).lower() for letter in letters] == (
        ["highest", "high", "medium", "none", "low", "lowest"]
    )
    assert parse.parse("(A) x").fields.priority is Priority.HIGHEST


@each("row", rows(section(PAGES["format"], "Task items"))[:5])
def test_boxes(row: list[str]) -> None:
    for box in spans(row[0]):
        (task,) = read_body(f"- {box} a\n", "x.md").tasks
        assert task.status == Status(row[1].partition(";")[0].replace(" ", "-"))


DEVIATIONS = rows(section(PAGES["format"], "Task items"))[5:]


def github_finds_box(text: str) -> bool:
    return "checkbox" in cmarkgfm.github_flavored_markdown_to_html(text)


def test_deviations_of_task_items() -> None:
    listed = [row for row in DEVIATIONS if row[2].startswith("task item")]
    assert len(listed) == 3
    for row in listed:
        for text in (written for written in spans(row[0])):
            assert [line.box >= 0 for line in scan(text)] == [True], text
            assert not github_finds_box(text), text


def test_other_deviations() -> None:
    others = [row for row in DEVIATIONS if not row[2].startswith("task item")]
    assert [row[2] for row in others] == ["no heading", "comment", "math", "text"]
    item, underline = scan("- [ ] a\n  ---\n")
    assert item.box >= 0
    assert Kind.HEADING not in (item.kind, underline.kind)
    for fence_ in ("%%", "$$"):
        text = f"{fence_}\n- [ ] a\n{fence_}\n- [ ] b\n"
        assert [line.number for line in scan(text) if line.box >= 0] == [4]
        assert github_finds_box(text)
    for depth, found in ((98, 1), (101, 0)):
        assert sum(line.box >= 0 for line in scan(">" * depth + " - [ ] a")) == found


def test_the_examples_are_read_without_a_problem(tmp_path: Path) -> None:
    format_ = "format"
    workspace = opened(
        tmp_path,
        {
            "ada/sessions/2026-11-03.md": fence(format_, "A session", "markdown"),
            "ben/sessions/2026-11-03.yaml": fence(format_, "A session in YAML", "yaml"),
            "ada/lead.md": fence(format_, "lead.md", "markdown"),
            "ben/lead.md": fence("start", "Your own folder", "markdown"),
            "ada/skills.md": fence(format_, "skills.md", "markdown"),
            "tldash.yaml": fence(format_, "tldash.yaml", "yaml"),
            "eve/sessions/2026-11-03.md": fence("start", "The first session", "markdown"),
        },
    )
    assert workspace.all_problems == ()
    ada, ben, eve = workspace.leads
    assert (len(ada.actions), len(ada.markers), len(ada.goals)) == (3, 2, 1)
    assert (len(ben.actions), len(ben.sessions[0].topics), len(eve.actions)) == (2, 1, 2)
    assert ada.timezone == "Europe/Stockholm"
    assert workspace.name == "Coaching circle"


def test_the_example_of_a_framework_is_used(tmp_path: Path) -> None:
    files = {
        "framework.yaml": fence("format", "framework.yaml", "yaml"),
        "ada/lead.md": "---\ncadence: every sprint\n---\n",
        "ada/2026-11-03.md": "---\nskill: writing\nlevels: {writing: brief}\n---\n",
    }
    workspace = opened(tmp_path, files)
    assert workspace.all_problems == ()
    assert [skill.name for skill in workspace.framework.skills] == ["Writing"]
    assert workspace.leads[0].cadence == 21
