"""The last check of a merge: whatever no side removed is in the result."""

from __future__ import annotations

from tests.support.tables import each
from tldash.merging.identity import identify
from tldash.merging.losses import loses
from tldash.merging.markdown import divide_markdown
from tldash.merging.sequence import Conflict

BASE = "# One\n\n## Actions\n- [ ] call\n- [ ] write\n\n## Notes\nHello\nHello\n"
OURS = BASE.replace("- [ ] write", "- [x] write\n- [ ] new").replace("Hello\nHello", "Hello")
THEIRS = BASE.replace("- [ ] call", "- [ ] call Wren") + "Bye\n"
WHOLE = "# One\n\n## Actions\n- [ ] call Wren\n- [x] write\n- [ ] new\n\n## Notes\nHello\nBye\n"


@each(
    ("merged", "lost"),
    [
        (WHOLE, False),
        (WHOLE + "more\n", False),
        (WHOLE.replace("- [ ] new\n", ""), True),
        (WHOLE.replace("- [ ] call Wren\n", ""), True),
        (WHOLE.replace("Bye\n", ""), True),
        (WHOLE.replace("Hello\n", ""), True),
    ],
)  # fmt: skip
def test_what_no_side_removed_is_missed(merged: str, lost: bool) -> None:
    versions = [divide_markdown(text, "2026-10-09.md") for text in (BASE, OURS, THEIRS)]
    result = divide_markdown(merged, "2026-10-09.md")
    identify(*versions)
    _give_tokens(versions, result)
    assert loses(result, versions) is lost
    assert not loses([*result, Conflict("", "- [ ] new\nHello\nBye\n")], versions)


def _give_tokens(versions, result) -> None:
    """Give each item of the result the token of the item that has its text in a version."""
    tokens = {u.task.text: u.token for side in versions for u in side if u.task is not None}
    for unit in result:
        if unit.task is not None:
            unit.token = tokens[unit.task.text]
