"""What both ways of reading a Markdown body make: sections, and the values at the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Final

from tldash.model.frozen import frozen
from tldash.model.records import Goal, Problem, Task

_TOPICS: Final = re.compile(r"\W*(?:agenda|topics|talking points)\b", re.IGNORECASE)
_RAW: Final = attrgetter("raw")
_GOALS: Final = re.compile(r"\W*goals?\b", re.IGNORECASE)


@frozen
class Markdown:
    """What the body of a Markdown file holds."""

    tasks: tuple[Task, ...]
    title: str
    """The first heading."""
    written: bool
    """Whether anything but an agenda stands in it."""
    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A place below some headings."""

    levels: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    """Outermost first."""
    topics: bool = False
    """Whether what stands here are topics of an agenda."""
    goals: bool = False


TOP: Final = Section()
"""The place above the first heading."""


@lru_cache(maxsize=4096)
def below(section: Section, level: int, words: str) -> Section:
    """The place below a heading. One and the same for the same headings, in whatever file."""
    kept = sum(outer < level for outer in section.levels)
    headings = (*section.headings[:kept], words)
    return Section(
        (*section.levels[:kept], level),
        headings,
        is_topics(headings),
        any(map(_GOALS.match, headings)),
    )


def is_topics(headings: Sequence[str]) -> bool:
    """Whether headings say that what stands below them are topics of an agenda."""
    return any(map(_TOPICS.match, headings))


def with_twins(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The tasks, each knowing how many others of the file read the same."""
    if len(set(map(_RAW, tasks))) == len(tasks):
        return tuple(tasks)
    totals = Counter(task.raw for task in tasks)
    seen: Counter[str] = Counter()
    marked = []
    for task in tasks:
        seen[task.raw] += 1
        marked.append(replace(task, twin=(seen[task.raw], totals[task.raw])))
    return tuple(marked)
