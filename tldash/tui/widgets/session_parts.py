"""The parts of a session with their clocks, and the prompt of the current one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from tldash.insight.conversation import MINUTE, SessionClock
from tldash.model.dates import pluralize
from tldash.model.framework import SessionPart, Shape
from tldash.model.frozen import frozen
from tldash.tui.style.text import ACCENT, DONE, MUTED, STRONG, fit, hanging, spread, words

OVER: Final = "bold $text-warning"
"""The style of time that is over."""
LEAST_NAME: Final = 7
"""Cells that the name of a part keeps; with fewer, only the current part has a name."""


@frozen
class PartsView:
    """The clock of a session at one moment."""

    shape: Shape
    clock: SessionClock
    now: float
    """A reading of the clock's timer."""

    @property
    def part(self) -> SessionPart | None:
        """The current part; None for a shape without parts."""
        parts = self.shape.parts
        return parts[self.clock.part] if self.clock.part < len(parts) else None

    def minutes_in(self, index: int) -> int:
        """Return the full minutes spent in a part."""
        return int(self.clock.seconds_in(index, self.now) // MINUTE)

    @property
    def total(self) -> int:
        """The full minutes of the whole session."""
        return int(self.clock.total(self.now) // MINUTE)

    def over(self, index: int) -> int:
        """Return the minutes that a part took beyond its time box; 0 within it."""
        box = self.shape.parts[index].minutes
        return max(self.minutes_in(index) - box[1], 0) if box is not None else 0

    @property
    def total_over(self) -> int:
        """The minutes beyond the longest time of all parts; 0 without time boxes."""
        longest = self.shape.minutes[1]
        return max(self.total - longest, 0) if longest else 0

    # Drawing

    def draw_bar(self, width: int) -> Content:
        """Draw all parts on one line, with the time of the whole session at its end."""
        low, high = self.shape.minutes
        of = f" of {low}–{high}" if low != high else f" of {high}" if high else ""
        total = Content.assemble(
            words(f"{self.total}", STRONG), words(f"{of} min", MUTED), *self._total_note()
        )
        room = width - total.cell_length - 2
        return spread(self._draw_parts(room), total, width)

    def _total_note(self) -> list[tuple[str, str]]:
        if self.total_over:
            return [(f", {self.total_over} over", OVER)]
        return [] if self.clock.running else [(", paused", OVER)]

    def _draw_parts(self, room: int) -> Content:
        names = [short_name(part) for part in self.shape.parts]
        longest = max(map(len, names), default=0)
        while longest >= LEAST_NAME and self._join(names, longest).cell_length > room:
            longest -= 1
        return self._join(names, longest if longest >= LEAST_NAME else 0)

    def _join(self, names: Sequence[str], longest: int) -> Content:
        parts = []
        for index, name in enumerate(names):
            here, minutes = index == self.clock.part, self.minutes_in(index)
            spent = self.clock.seconds_in(index, self.now) > 0
            sign, style = (
                ("▶", f"bold {ACCENT}") if here else ("●", DONE) if spent else ("○", MUTED)
            )
            if here and not self.clock.running:
                sign = "‖"
            time = f" {minutes}" if minutes or here else ""
            text = name if len(name) <= longest or here else name[: longest - 1] + "…"
            parts.append(
                Content.assemble(
                    (f"{sign} " if longest or here else sign, style),
                    words(text if longest or here else "", STRONG if here else MUTED),
                    (time, OVER if self.over(index) else MUTED),
                )
            )
        return Content("  ").join(parts)

    def draw_prompt(
        self, width: int, height: int, questions: Sequence[str], more: str = ""
    ) -> Content:
        """Draw the name, the clock, the purpose and the prompt of the current part.

        `questions` follow as far as there is room, and the rest is counted; `more` says how to see
        them.
        """
        part = self.part
        if part is None:
            return Content.styled("This kind of session has no parts.", MUTED)
        head = spread(words(part.name.upper(), f"bold {ACCENT}"), self._draw_clock(part), width)
        lines = [head]
        if part.prompt:
            lines.extend(hanging("  ", words(part.prompt, STRONG), width))
        if part.purpose and height > len(lines) + 4:
            lines.extend(hanging("  ", words(part.purpose, MUTED), width))
        for number, text in enumerate(questions):
            here = hanging("  · ", words(text), width)
            left = len(questions) - number
            if len(lines) + len(here) + (left > 1) > height:
                if len(lines) < height:
                    lines.append(words(f"    and {left} more{more}", MUTED))
                break
            lines.extend(here)
        return Content("\n").join(fit(line, width) for line in lines[:height])

    def _draw_clock(self, part: SessionPart) -> Content:
        index = self.clock.part
        minutes, box = self.minutes_in(index), part.minutes
        if over := self.over(index):
            return Content.styled(f"{pluralize(over, 'minute')} over", OVER)
        if box is None:
            return Content.styled(f"{minutes} min", MUTED)
        span = f"{box[0]}–{box[1]}" if box[0] != box[1] else f"{box[1]}"
        return words(f"{minutes} of {span} min", MUTED)


def short_name(part: SessionPart) -> str:
    """Return a name of a part for narrow places: its id as words."""
    return part.id.replace("-", " ").replace("_", " ")
