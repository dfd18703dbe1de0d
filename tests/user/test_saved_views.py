"""Saved views: what a file of them means, and that saving loses nothing that stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.manual_pages import PAGES, fence, section, spans
from tldash.formats.text import split_lines
from tldash.insight.overview import Grouping, SortOrder, View
from tldash.launch import load_view
from tldash.model.records import Severity
from tldash.user.own_files import read_text, replace_text
from tldash.user.paths import views_file
from tldash.user.saved_views import (
    BUILT_IN,
    DeletedView,
    Views,
    delete,
    find,
    format_view,
    insert_view,
    load,
    remove_view,
    restore,
    save,
)

BY_HAND = """\
# my views
stalled:   # read on Mondays
  filter: "needs coach:mira"
  sort: last session
  group: coach

late: overdue
mine: {filter: "coach:jonas", group: nothing}   # his pairs
"""
OWN = {
    "stalled": View("needs coach:mira", SortOrder.LAST, Grouping.COACH),
    "late": View("overdue"),
    "mine": View("coach:jonas", group=Grouping.NONE),
}


def file(folder: Path, text: str) -> Path:
    made = folder / "views.yaml"
    made.write_text(text, "utf-8")
    return made


def test_views_written_by_hand(tmp_path: Path) -> None:
    views = load(file(tmp_path, BY_HAND))
    assert views == Views(OWN)
    assert list(views.all) == [*OWN, *BUILT_IN]
    assert load(tmp_path / "none.yaml") == Views({})


def test_one_that_cannot_be_understood_costs_itself_only(tmp_path: Path) -> None:
    text = (
        "a: needs\nb: {sort: nmae}\nc: [1]\nd: {fliter: x}\ne: {group: lead}\nf: {filter: 1}\ng:\n"
    )
    made = file(tmp_path, text)
    views = load(made)
    assert views.own == {"a": View("needs")}
    assert list(views.troubles) == [
        f"{made}:2: b: cannot be sorted by 'nmae'; choose from {', '.join(SortOrder)}",
        f"{made}:3: c: this is not a view; write a filter, or filter, sort and group",
        f"{made}:4: d: unknown key 'fliter'; did you mean filter?",
        f"{made}:5: e: cannot be grouped by 'lead'; choose from nothing, coach, need",
        f"{made}:6: f: the filter is not text; put it in quotes",
        f"{made}:7: g: this is not a view; write a filter, or filter, sort and group",
    ]


def test_what_is_wrong_has_its_place_and_a_hint(tmp_path: Path) -> None:
    made = file(tmp_path, "a: needs\nb:\n  sort: nmae\n")
    (problem,) = load(made).problems
    assert (problem.path, problem.line) == (str(made), 2)
    assert problem.severity is Severity.WARNING
    assert problem.code == "own-settings"
    (tmp_path / "x").mkdir()
    assert load(tmp_path / "x").problems[0].hint
    made.write_bytes(b"a: x\n\0")
    assert load(made).problems[0].line == 2


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "just words\n"])
def test_a_broken_file_is_told_and_never_written(tmp_path: Path, text: str) -> None:
    made = file(tmp_path, text)
    assert load(made).own == {}
    assert len(load(made).troubles) == 1
    assert save("new", View(), made).startswith(f"not saved: {made}")
    assert made.read_text() == text
    assert list(tmp_path.iterdir()) == [made]


def test_saving_adds_a_line_or_puts_a_value_in_the_place_of_one(tmp_path: Path) -> None:
    made = file(tmp_path, BY_HAND)
    assert save(" new  one ", View('say "hi" #x', SortOrder.NAME), made) == ""
    added = BY_HAND + '"new one": {filter: "say \\"hi\\" #x", sort: name}\n'
    assert made.read_text() == added
    assert save("mine", View("needs"), made) == ""
    assert made.read_text() == added.replace(
        '{filter: "coach:jonas", group: nothing}', '{filter: "needs", sort: need}'
    )
    assert save("late", View("noplan"), made) == ""
    assert load(made).own["late"] == View("noplan")
    assert "# read on Mondays" in made.read_text()
    assert "# his pairs" in made.read_text()


def test_words_inside_an_entry_are_not_written_over(tmp_path: Path) -> None:
    text = "a:\n  filter: x\n  # why it is so\n  sort: name\n"
    made = file(tmp_path, text)
    assert "edit it by hand" in save("a", View("y"), made)
    assert made.read_text() == text


def test_the_first_view_makes_the_file(tmp_path: Path) -> None:
    made = tmp_path / "config" / "tldash" / "views.yaml"
    assert save("a", View("needs", group=Grouping.COACH), made) == ""
    assert made.read_text() == '"a": {filter: "needs", sort: need, group: coach}\n'
    assert made.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_one_and_the_mode_stays(tmp_path: Path) -> None:
    target = file(tmp_path, "a: x\n")
    target.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    assert save("b", View(), link) == ""
    assert link.is_symlink()
    assert set(load(target).own) == {"a", "b"}
    assert target.stat().st_mode & 0o777 == 0o640


def test_what_somebody_wrote_meanwhile_stays(tmp_path: Path) -> None:
    made = file(tmp_path, "a: x\n")
    assert not replace_text(made, "a: y\n", "a: z\n")
    assert not replace_text(made, None, "a: z\n")
    assert not replace_text(tmp_path / "other.yaml", "", "a: z\n")
    assert made.read_text() == "a: x\n"
    assert list(tmp_path.iterdir()) == [made]
    assert replace_text(made, "a: x\n", "a: z\n")
    assert made.read_text() == "a: z\n"


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    made = file(tmp_path, "a: x\n")
    (tmp_path / "b").mkdir()
    assert "not saved" in save("x", View(), tmp_path / "b")
    assert save("", View(), made) == "a view needs a name of 1 to 60 characters"
    assert save("x" * 61, View(), made) != ""
    assert "not saved" in save("x", View("y" * 70_000), made)
    assert "not saved" in save("x", View("\ud800"), made)
    assert made.read_text() == "a: x\n"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("mine", BY_HAND.replace('mine: {filter: "coach:jonas", group: nothing}   #', "#")),
        ("late", BY_HAND.replace("late: overdue\n", "")),
        (
            "stalled",
            "# my views\n# read on Mondays\n\nlate: overdue\n" + BY_HAND.partition("overdue\n")[2],
        ),
    ],
)
def test_deleting_takes_out_one_view_and_keeps_every_other_byte(
    tmp_path: Path, name: str, left: str
) -> None:
    made = file(tmp_path, BY_HAND)
    gone = delete(name, made)
    assert gone == DeletedView(name, OWN[name], BY_HAND, left)
    assert made.read_text() == left
    assert load(made) == Views({other: view for other, view in OWN.items() if other != name})
    assert restore(gone, made) == ""
    assert made.read_text() == BY_HAND


def test_a_view_is_put_back_into_a_file_that_was_changed_meanwhile(tmp_path: Path) -> None:
    made = file(tmp_path, BY_HAND)
    gone = delete("late", made)
    assert isinstance(gone, DeletedView)
    assert save("other", View("noplan"), made) == ""
    assert restore(gone, made) == ""
    assert load(made).own == {**OWN, "other": View("noplan")}
    assert restore(gone, made) == "not restored: there is another view “late” by now"
    made.unlink()
    assert restore(gone, made) == ""
    assert load(made).own == {"late": View("overdue")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{a: x, b: y}\n", "a"),
        ("a:\n  filter: x\n  # why it is so\n  sort: name\n", "a"),
        ("? a\n: x\n", "a"),
        ("a: &all x\nb: *all\n", "a"),
        ("a: x\n", "b"),
        ("a: x\na: y\n", "a"),
        ("a: [\n", "a"),
    ],
)
def test_what_cannot_be_taken_out_alone_is_left_to_hands(
    tmp_path: Path, text: str, name: str
) -> None:
    made = file(tmp_path, text)
    said = delete(name, made)
    assert isinstance(said, str)
    assert said.startswith(f"not deleted: {made}")
    assert made.read_text() == text
    assert list(tmp_path.iterdir()) == [made]


def test_the_manuals_views_are_understood(tmp_path: Path) -> None:
    views = load(file(tmp_path, fence("start", "Many leads", "yaml")))
    assert set(views.own) == {"stalled", "mine"}
    assert not views.troubles
    words = spans(section(PAGES["start"], "Many leads").rpartition("`sort` is one of")[2])
    assert words == [*SortOrder, "group", *Grouping]


def test_a_view_named_at_the_start(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_view("needs you") == ("needs", "need", "")
    with pytest.raises(SystemExit) as end:
        load_view("neds you")
    assert end.value.code == 2
    assert "did you mean 'needs you'?" in capsys.readouterr().err


def test_a_view_is_found_by_its_name_or_something_near_is_named(tmp_path: Path) -> None:
    made = file(tmp_path, BY_HAND)
    assert find("Stalled", made) == OWN["stalled"]
    assert find("by  coach", made) == BUILT_IN["by coach"]
    assert find("staled", made) == "there is no view 'staled'; did you mean 'stalled'?"
    assert "choose from: stalled, late, mine, all" in str(find("zzz", made))


def test_the_file_is_beside_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert views_file() == tmp_path / "tldash" / "views.yaml"


names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
some_views = st.builds(
    View, st.text(max_size=12), st.sampled_from(SortOrder), st.none() | st.sampled_from(Grouping)
)
values = some_views.map(format_view) | st.sampled_from(
    ["needs", "'x' # y", "", "[", "\n  sort: name"]
)
texts = st.lists(
    st.builds("{}: {}\n".format, names, values)
    | st.sampled_from(["# note\n", "\n", "---\n", "\r\n"])
).map("".join) | st.text(max_size=40)


@given(texts, names, some_views)
def test_saving_into_any_text_keeps_it_or_does_nothing(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str, view: View
) -> None:
    new = insert_view(text, name, view)
    if new is None:
        return
    folder = tmp_path_factory.getbasetemp()
    before, after = folder / "before.yaml", folder / "after.yaml"
    before.write_text(text, "utf-8", newline="")
    after.write_text(new, "utf-8", newline="")
    assert read_text(after) == new
    assert load(after).own == {**load(before).own, name: view}
    left = split_lines(new)
    assert {line for line in split_lines(text) if line.startswith("#")} <= {*left}


entries = st.lists(
    st.builds("{}: {}\n".format, names, some_views.map(format_view) | st.just("'x' # y"))
    | st.sampled_from(["# note\n", "\n", "\r\n"]),
    min_size=1,
).map("".join)


@given(entries, st.data())
def test_deleting_from_any_text_keeps_the_rest_or_does_nothing(
    text: str, data: st.DataObject
) -> None:
    name = data.draw(
        st.sampled_from([line.partition(":")[0] for line in split_lines(text)] or [""])
    )
    new = remove_view(text, name)
    if new is None:
        return
    left, gone = split_lines(new), split_lines(text)
    assert {line for line in gone if line.startswith("#")} <= set(left)
    others = [line for line in gone if not line.startswith(f"{name}:")]
    assert [line for line in left if not line.startswith("# y")] == [
        line for line in others if not line.startswith("# y")
    ]
    assert remove_view(new, name) is None


@given(st.dictionaries(names, some_views, min_size=1, max_size=5), st.data())
def test_what_was_saved_can_be_deleted_again(saved: dict[str, View], data: st.DataObject) -> None:
    lines = {name: insert_view("", name, view) for name, view in saved.items()}
    name = data.draw(st.sampled_from(sorted(saved)))
    text = "".join(map(str, lines.values()))
    rest = "".join(str(line) for other, line in lines.items() if other != name)
    assert remove_view(text, name) == rest


@given(st.lists(st.tuples(names, some_views), max_size=5))
def test_whatever_is_saved_is_there_again(saved: list[tuple[str, View]]) -> None:
    text = ""
    for name, view in saved:
        new = insert_view(text, name, view)
        assert new is not None
        text = new
    for name, view in dict(saved).items():
        assert f"{format_view(view)}" in text
        assert insert_view(text, name, view) == text
