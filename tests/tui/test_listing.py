"""The list of all actions, kept in step lead by lead, is the one that is made afresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.records import NOW, TODAY, action, lead
from tldash.documents.framework import load_shipped
from tldash.insight.actions import group_by_due, is_open, is_overdue, sort_key
from tldash.insight.slipping import find_slipping
from tldash.model.item_keys import task_key
from tldash.model.records import Action, Fields, Lead, Priority, Status
from tldash.model.spelling import fold_accents
from tldash.tui.style.text import LATE, count_lines, prose, wrap
from tldash.tui.widgets.action_listing import Grouping, Listing, ListOptions
from tldash.tui.widgets.task_rows import ActionRow, TaskRow

WORDS = ("call", "Vendor", "ÉTÉ", "straße", "a b", "#x", "@coach", "")
TAGS = ("vision", "Skill/Listening", "été", "")
OWNERS = (None, "coach", "Ben", "mira")
NAMES = ("Ada", "ada", "Émile", "Ben Okafor")

actions = st.builds(
    lambda words, status, due, priority, session, tags, owner: action(
        " ".join(words),
        status,
        session,
        due=TODAY + timedelta(days=due) if due is not None else None,
        priority=priority,
        tags=tags,
        owner=owner,
        coach_owned=owner == "coach",
    ),
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.sampled_from(list(Status)),
    st.none() | st.integers(-9, 9),
    st.none() | st.sampled_from(list(Priority)),
    st.none() | st.sampled_from(["2026-10-01", "2026-11-03"]),
    st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    st.sampled_from(OWNERS),
)


def _placed(name: str, shown: str, files: list[list[Action]]) -> Lead:
    """A lead whose actions stand in files, each on a line of its own."""
    placed = [
        replace(one, lead=name, task=replace(one.task, path=f"{name}/{file}.md", line=number))
        for file, found in enumerate(files)
        for number, one in enumerate(found, 1)
    ]
    return replace(lead(), id=name, path=name, name=shown, actions=tuple(placed))


def leads(name: str) -> st.SearchStrategy[Lead]:
    files = st.lists(st.lists(actions, max_size=4), max_size=3)
    return st.builds(_placed, st.just(name), st.sampled_from(NAMES), files)


workspaces = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(*map(leads, names))
)
queries = st.lists(
    st.sampled_from(
        [
            "call",
            "vend",
            "é",
            "strasse",
            "@",
            "@co",
            "@b",
            "#",
            "#skill/l",
            "ben",
            "b",
            "overdue",
            "is:overdue",
        ]
    ).map(fold_accents),
    max_size=2,
)
wishes = st.builds(
    ListOptions,
    st.sampled_from([TODAY, TODAY + timedelta(days=5)]),
    st.just(load_shipped()),
    st.sampled_from(list(Grouping)),
    st.booleans(),
    now=st.just(NOW),
)


def has(word: str, lead: Lead, action: Action, today: date) -> bool:
    """Return what the page says of itself: text, a lead, overdue, @owner or #tag."""
    if word in ("overdue", "is:overdue"):
        return is_overdue(action, today)
    tags = [fold_accents(tag) for tag in action.task.fields.tags]
    if word.startswith("@"):
        return fold_accents(action.owner).startswith(word[1:]) or lead.id.casefold() == word[1:]
    if word.startswith("#"):
        return any(word[1:] in tag for tag in tags)
    places = (action.task.text, lead.name, action.owner)
    return any(word in place for place in [*tags, *map(fold_accents, places)])


def naive(
    workspace: tuple[Lead, ...], options: ListOptions, words: list[str]
) -> Iterator[tuple[str, list[Action]]]:
    """The groups of the list, made afresh."""
    found = [
        (lead, action)
        for lead in workspace
        for action in lead.actions
        if (options.closed or is_open(action) or task_key(action.task) in options.kept)
        and all(has(word, lead, action, options.today) for word in words)
    ]
    if options.grouping is Grouping.DUE:
        for name, actions in group_by_due((action for _, action in found), options.today):
            yield str(name), list(actions)
    elif options.grouping is Grouping.LEAD:
        for lead in sorted(workspace, key=lambda lead: lead.name.casefold()):
            actions = [action for owner, action in found if owner is lead]
            if actions:
                yield lead.name, sorted(actions, key=sort_key)
    elif options.grouping is Grouping.SLIPPING:
        slipping = {id(slip.action) for lead in workspace for slip in find_slipping(lead, NOW)}
        for name, is_wanted in (("slipping", True), ("the others", False)):
            some = [action for _, action in found if (id(action) in slipping) is is_wanted]
            if some:
                yield name, sorted(some, key=sort_key)
    elif found:
        yield "", sorted((action for _, action in found), key=sort_key)


def listed(listing: Listing, words: list[str]) -> list[tuple[str, list[Action]]]:
    found = listing.find(words)
    return [(name, [one.action for one in rows]) for name, rows in listing.iter_groups(found)]


@settings(max_examples=examples(450))
@given(st.lists(st.tuples(workspaces, wishes, queries), min_size=1, max_size=4))
def test_whatever_changes_it_is_as_made_afresh(steps) -> None:
    listing = Listing()
    kept: frozenset[object] = frozenset()
    for workspace, wish, words in steps:
        options = replace(wish, kept=kept)
        listing.update_rows(workspace, options)
        assert listed(listing, words) == list(naive(workspace, options, words))
        assert listed(listing, []) == list(naive(workspace, options, []))
        kept |= {task_key(action.task) for lead in workspace for action in lead.actions[:1]}


@settings(max_examples=100)
@given(workspaces.filter(bool), wishes, st.data())
def test_of_a_lead_that_changed_only_the_rows_that_changed_are_new(
    workspace, options, data
) -> None:
    listing = Listing()
    listing.update_rows(workspace, options)
    before = {id(row.task): row for row in listing.find()}
    number = data.draw(st.integers(0, len(workspace) - 1))
    actions, new = [], set()
    for old in workspace[number].actions:
        what = data.draw(st.sampled_from(["same", "words", "coach"]))
        changed = replace(old)
        if what == "words":
            changed = replace(old, task=replace(old.task, text="other"))
        elif what == "coach":
            changed = replace(old, coach_owned=not old.coach_owned)
        actions.append(changed)
        if what != "same":
            new.add(id(changed.task))
    after = list(workspace)
    after[number] = replace(workspace[number], actions=tuple(actions))
    listing.update_rows(after, options)
    for row in listing.find():
        assert (before.get(id(row.task)) is row) == (id(row.task) not in new)
    assert listed(listing, []) == list(naive(tuple(after), options, []))


def test_a_lead_that_stays_keeps_its_rows() -> None:
    options = ListOptions(TODAY, load_shipped())
    ada, ben = (_placed(name, name, [[action("one"), action("two")]]) for name in ("ada", "ben"))
    listing = Listing()
    listing.update_rows((ada, ben), options)
    before = [row for row in listing.find() if row.lead_id == "ben"]
    listing.update_rows((replace(ada, actions=()), ben), options)
    assert all(one is other for one, other in zip(listing.find(), before, strict=True))


def test_another_day_makes_every_row_anew() -> None:
    listing = Listing()
    ada = _placed("ada", "Ada", [[action("one", due=date(2026, 11, 21))]])
    listing.update_rows((ada,), ListOptions(TODAY, load_shipped()))
    (before,) = listing.find()
    listing.update_rows((ada,), ListOptions(TODAY + timedelta(days=2), load_shipped()))
    (after,) = listing.find()
    assert before is not after
    assert [name for name, _ in listing.iter_groups([after])] == ["overdue"]


LETTERS = st.text(st.sampled_from("aB1.,-·é*_`[]( \t"), max_size=14)
SENTENCES = st.lists(st.one_of(LETTERS, st.sampled_from(["word", "a", "longer_one"])), max_size=30)


@given(SENTENCES, SENTENCES, st.integers(8, 60), st.sampled_from([None, Priority.HIGHEST]))
def test_the_height_of_a_row_is_that_of_its_lines(text, note, width, priority) -> None:
    task = replace(action("x").task, text=" ".join(text), fields=Fields(priority=priority))
    row = TaskRow(task)
    row.owner, row.carried = "Mira" if len(text) % 2 else "", " ".join(note)
    assert row.height(width) == len(row.lines(width))
    content = prose(task.text)
    assert count_lines(content.plain, width) in (None, len(wrap(content, width)))


@pytest.mark.parametrize("width", [80, 50, 24, 20])
@pytest.mark.parametrize("status", [Status.OPEN, Status.DONE])
def test_the_row_of_an_action_says_what_it_waits_for(width, status):
    late = action("Send it", status, due=TODAY - timedelta(days=5))
    row = ActionRow(replace(late, waiting_for=("Write it",)), TODAY, load_shipped())
    lines = row.lines(width)
    shown = " ".join(" ".join(line.plain for line in lines).split())
    assert ("waiting for Write it" in shown) == (status is Status.OPEN and width >= 24)
    assert row.height(width) == len(lines)
    styles = [str(span.style) for line in lines for span in line.spans]
    assert LATE not in styles
    same = ActionRow(late, TODAY, load_shipped()).basis == row.basis
    assert same == (status is Status.DONE)


def test_slipping_actions_are_a_group_with_the_reasons() -> None:
    """Copies in later sessions tell that a date moved, or the history of git."""
    days = [date(2026, 11, day) for day in (3, 17, 30)]
    copies = [
        action("call the vendor", session=f"2026-10-0{number}", due=day)
        for number, day in enumerate(days, 1)
    ]
    ada = _placed("ada", "Ada", [[*copies, action("moved in git", due=days[2]), action("calm")]])
    options = ListOptions(TODAY, load_shipped(), Grouping.SLIPPING, now=NOW)
    listing = Listing()
    for due_dates, slipping in (
        ({}, ["call the vendor"]),
        ({"ada": {"moved in git": tuple(days)}}, ["call the vendor", "moved in git"]),
        ({"ben": {"calm": tuple(days)}}, ["call the vendor"]),
        ({"ada": {"moved in git": (days[1], days[0])}}, ["call the vendor"]),
    ):
        listing.update_rows((ada,), replace(options, due_dates=due_dates))
        (first, found), (second, _) = listing.iter_groups(listing.find())
        assert (first, second) == ("slipping", "the others")
        assert [row.task.text for row in found] == slipping
        assert listing.find(["is:slipping"]) == found
        assert all("due 3 Nov → 17 Nov → 30 Nov" in row.carried for row in found)
    later = replace(ada, actions=ada.actions[1:])
    listing.update_rows((later,), options)
    assert [name for name, _ in listing.iter_groups(listing.find())] == ["the others"]
