"""A Markdown file of the largest size costs seconds and not minutes.

Each is read in a process of its own, whose processor time the system limits.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

PROBE = """
import resource, sys
from tests.support.records import session
from tldash.formats.file_record import read_data
from tldash.model.file_roles import FileRole
from tldash.output.passages import parse_passages
spent = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
resource.setrlimit(resource.RLIMIT_CPU, (spent + 20, spent + 20))
text = sys.argv[1] + sys.argv[2] * 600_000
record = read_data(text.encode(), "lead.md", FileRole.LEAD)
passages = parse_passages(text, "lead.md", record.tasks, session("2026-11-03"))
print(len(record.goals), sum(len(goal.text) for goal in record.goals), len(passages))
"""
"""The limit is far above what is needed: a busy machine passes, and what runs away does not."""


def test_a_paragraph_of_very_many_lines() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "## Goals\n- b\n", "a\n"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout == "1 1200001 2\n"
