"""Setting a key of front matter or of a YAML session: only that key's lines change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.edits import already
from tests.support.tables import each
from tldash.editing import patch
from tldash.editing.edits import ANY, Refused, SetField
from tldash.formats.markdown.front_matter import split_front
from tldash.formats.yaml import load

MD, YAML = "ada/sessions/2026-11-03.md", "ada/sessions/2026-11-03.yaml"
KEYS = ("date", "skill", "next", "status", "duration", "left_out")

values = st.one_of(
    st.sampled_from(["2026-12-01 16:00", "held", "45m", "1:1: Ada & Mira", "@ada", "yes", "null"]),
    st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12),
    st.lists(st.sampled_from(["actions", "next", "a, b"]), min_size=1, max_size=3).map(tuple),
)


def written(text: str, path: str = MD) -> dict[object, object]:
    data, problems = load.load(text if path == YAML else split_front(text, path).yaml or "", path)
    assert not problems
    return dict(data) if isinstance(data, dict) else {}


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, dict[str, str]]:
    """Return the path and the text of a session, and its keys."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    known = draw(st.lists(st.sampled_from(KEYS[:-1]), unique=True))
    path = draw(st.sampled_from([MD, YAML]))
    comment = draw(st.sampled_from(["", "  # kept: {x}"]))
    style = draw(st.sampled_from(["", "'", '"']))
    lines = [f"{key}: {style}value of {key}{style}{comment}" for key in known]
    if draw(st.booleans()):
        lines.insert(0, "# a remark")
    tail = draw(st.sampled_from(["", "actions:\n  - call the vendor\nnotes: |\n  Said: ---\n"]))
    if path == MD:
        front = draw(st.booleans()) or bool(known)
        body = "# Session\n\n- [ ] call the vendor\n\nkey: value\n"
        text = "\n".join(["---", *lines, "---", body]) if front else body
    else:
        text = "\n".join([*lines, tail])
    return path, text.replace("\n", end), {key: f"value of {key}" for key in known}


@given(files(), st.sampled_from(KEYS), values)
def test_a_key_gets_its_value_and_every_other_line_stays(file, key, value) -> None:
    path, text, known = file
    edit = SetField(path, key, value, known.get(key))
    try:
        after = patch.apply(edit, text.encode()).decode()
    except Refused as refused:
        # a text that YAML cannot hold, or would read as another
        assert refused.code in {"yaml", "unclear", "already"}
        assert not isinstance(value, str) or value != value.strip() or not value.isprintable()
        return
    meant = list(value) if isinstance(value, tuple) else value
    held = written(after, path)[key]
    assert (held if isinstance(held, list) else str(held)) == meant
    left, new = text.splitlines(), after.splitlines()
    kept = [line for line in left if not line.startswith(f"{key}:")]
    fence = path == MD and not text.startswith("---")
    assert [one for one in new if not one.startswith(f"{key}:")] == [*["---"] * 2 * fence, *kept]
    back = SetField(path, key, known.get(key))
    if fence:
        return
    restored = patch.apply(back, after.encode()).decode()
    # The style that the new value needed stays, and so does a line end that was missing.
    assert restored.replace("'", "").rstrip() == text.replace("'", "").rstrip()


@each(
    ("text", "was", "code"),
    [
        ("---\ndate: 2026-11-03\n---\n", "2026-11-04", "changed"),
        ("---\ndate: 2026-11-03\n---\n", None, "changed"),
        ("---\ndate: [a\n---\n", ANY, "yaml"),
        ("---\ndate: 2026-11-03\ndate: 2026-11-04\n---\n", ANY, "yaml"),
        ("---\ndate: &a 2026-11-03\nnext: *a\n---\n", ANY, "yaml"),
        ("---\ndate:\n  - 2026-11-03\n---\n", ANY, "yaml"),
        ("---\ndate: 2026-11-03\n# One\n", ANY, "front-matter"),
    ],
)
def test_what_is_not_certain_is_refused(text: str, was: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        patch.apply(SetField(MD, "date", "2026-12-01", was), text.encode())
    assert refused.value.code == code


def test_the_same_value_is_already_there() -> None:
    text = b"---\ndate: 2026-11-03 # said\n---\n"
    with already():
        patch.apply(SetField(MD, "date", "2026-11-03"), text)


def test_an_empty_key_keeps_its_comment() -> None:
    text = b"---\nskill:   # suggested: vision\n---\n"
    after = patch.apply(SetField(MD, "skill", "growth"), text)
    assert after == b"---\nskill: growth   # suggested: vision\n---\n"


def test_a_value_with_a_backslash_can_be_edited_again() -> None:
    text = b'---\nskill: "one" # a remark\n---\n'
    after = patch.apply(SetField(MD, "skill", "C:\\x"), text)
    assert after == b'---\nskill: "C:\\\\x" # a remark\n---\n'
    assert patch.apply(SetField(MD, "skill", "one"), after) == text
