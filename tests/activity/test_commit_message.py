"""The subjects of commits."""

from __future__ import annotations

from tests.support.tables import each
from tldash.activity.commit_message import LIMIT, summarize_commit
from tldash.activity.event import Event, EventKind


def event(kind: EventKind, text: str = "Wren's secret", subject: str = "") -> Event:
    return Event(kind, "ada", text, "ada/x.md", 1, "Wren -> Fox", subject)


@each(
    ("events", "files", "expected"),
    [
        ((), (0, 1, 0), "update 1 file"),
        ((), (2, 1, 3), "add 2 files, update 1 file, remove 3 files"),
        ([(EventKind.TICKED,)], (0, 1, 0), "tick 1 action"),
        (
            [(EventKind.TICKED,), (EventKind.PLANNED, "1 Dec"), (EventKind.TICKED,)],
            (0, 9, 0),
            "tick 2 actions, plan 1 Dec",
        ),
        ([(EventKind.PLANNED, "1 Dec")] * 2, (2, 0, 0), "plan 2 sessions"),
        ([(EventKind.TICKED, "x", "topic")], (0, 1, 0), "tick 1 topic"),
        ([(EventKind.CHANGED, "x", "coach")], (0, 1, 0), "change a lead's coach"),
    ],
)  # fmt: skip
def test_a_subject(events, files, expected):
    assert summarize_commit([event(*one) for one in events], *files) == expected


def test_every_kind_fits_and_tells_no_text():
    for kind in EventKind:
        said = summarize_commit([event(kind)] * 2, 0, 1, 0)
        assert "Wren" not in said
        assert said
    everything = summarize_commit([event(kind) for kind in EventKind] * 2, 0, 1, 0)
    assert len(everything) <= LIMIT
    assert everything.endswith(", and more")
