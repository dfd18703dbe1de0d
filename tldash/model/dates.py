"""Parse dates and times from files, and format them for people.

Nothing here reads the clock: `today` and `now` are parameters. Day and month names are always
English, so output does not depend on the locale.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from tldash.model.patterns import compile_pattern
from tldash.model.records import Moment

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MOMENT: Final = compile_pattern(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s*(Z|[+-]\d\d:?\d\d))?)?",
    re.ASCII,
)
_TIME_PART: Final = compile_pattern(
    r"(?P<between>[T ]+)\d{1,2}:\d\d(?P<seconds>(?::\d\d(?:\.\d+)?)?)"
    r"(?P<offset>(?:\s*(?:Z|[+-]\d\d:?\d\d))?)",
    re.ASCII,
)
_CLOCK: Final = compile_pattern(r"(\d{1,2}):(\d\d)(?::\d\d)?", re.ASCII)
_DURATION: Final = compile_pattern(
    r"(?:(\d{1,3})\s*(?:h|hours?))?\s*(?:(\d{1,4})\s*(?:m|min|mins|minutes?))?", re.ASCII
)
_NUMBERS: Final = compile_pattern(r"\d+", re.ASCII)
_TIME: Final = compile_pattern(r"(?:T|(?<=\d)[ ]+)\d{1,2}:\d\d\b[\w:.+ -]*", re.ASCII)
_MIXED: Final = compile_pattern(r"[^\W\d_]\d|\d[^\W\d_]")
"""A number next to a letter, as in `W47`, which is no day, month or year."""
_WEEK_DATE: Final = compile_pattern(r"\d{4}(-?)W\d\d\1[1-7]", re.ASCII)

WORKING_HOUR: Final = time(9)
"""Time of day assumed with `--today DATE`."""


class LocalZone(tzinfo):
    """The time zone of this machine, with daylight saving time in every part of the year.

    `datetime.astimezone()` returns a fixed offset instead, which is wrong in the other half.
    """

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Return the offset on that day."""
        return _in_system_zone(when).utcoffset() if when else None

    def dst(self, when: datetime | None) -> timedelta | None:
        """Return None, since the offset is all that is needed."""
        return None

    def tzname(self, when: datetime | None) -> str | None:
        """Return the abbreviation used on that day."""
        return _in_system_zone(when).tzname() if when else None

    def fromutc(self, when: datetime) -> datetime:
        """Convert from UTC."""
        return when.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalZone)

    def __hash__(self) -> int:
        return hash(LocalZone)


def _in_system_zone(when: datetime) -> datetime:
    """Return a local time with its offset; for a year that the system does not know, of another."""
    try:
        return when.replace(tzinfo=None).astimezone()
    except (OverflowError, ValueError, OSError):
        return when.replace(tzinfo=None, year=2000).astimezone()


LOCAL_ZONE: Final = LocalZone()
"""Shared, since times in the same zone compare faster."""


def load_zone(name: str | None) -> tzinfo | None:
    """Return the time zone with that name; None if there is no name, as for most leads."""
    if not name:
        return None
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def parse_moment(text: str) -> Moment | None:
    """Parse `2026-11-03`, `2026-11-03 16:00` or RFC 3339's `2026-11-03T16:00:00+01:00`.

    Returns None for any other text, and for a day or time that does not exist.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        if hour is None:
            return Moment(on)
        return Moment(on, time(int(hour), int(minute), int(second or 0)), _zone(offset))
    except ValueError:
        return None


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


def restyle_moment(written: str, old: Moment, new: Moment) -> str | None:
    """Return a moment written in the style of an old one: `2026-11-03T16:00:00+01:00`.

    What is around the day, such as a wiki link, stays. Returns None if `written` does not hold the
    old day.
    """
    day, rest = old.day.isoformat(), new.day.isoformat()
    if day not in written:
        return None
    before, _, after = written.partition(day)
    if (old.time, old.zone) == (new.time, new.zone):
        return f"{before}{rest}{after}"
    match = _TIME_PART.search(after)
    if new.time is None:
        return f"{before}{rest}{after[: match.start()] + after[match.end() :] if match else after}"
    if match is None:
        return f"{rest} {new.time:%H:%M}" if after else f"{before}{rest} {new.time:%H:%M}"
    offset = match["offset"]
    if offset and new.zone is not None:
        offset = _format_offset(new, offset)
    clock = f"{match['between']}{new.time:%H:%M}{match['seconds'] and ':00'}{offset}"
    return f"{before}{rest}{after[: match.start()]}{clock}{after[match.end() :]}"


def _format_offset(moment: Moment, like: str) -> str:
    """Return the UTC offset of a moment in the style of another one: `Z`, `+01:00`, ` +0100`."""
    assert moment.time is not None
    offset = f"{datetime.combine(moment.day, moment.time, moment.zone):%z}"
    space = like[: len(like) - len(like.lstrip())]
    if like.endswith("Z") and offset == "+0000":
        return like
    return f"{space}{offset[:3]}:{offset[3:]}" if ":" in like or "Z" in like else space + offset


def format_plain(at: Moment) -> str:
    """Format a moment as files have it, without a zone: `2026-12-01 16:00` or `2026-12-01`."""
    return f"{at.day} {at.time:%H:%M}" if at.time is not None else str(at.day)


def from_local(moment: Moment, zone: tzinfo | None, now: datetime) -> Moment:
    """Convert a moment in the viewer's time zone, which is that of `now`, to another zone."""
    if moment.time is None or zone is None or now.tzinfo is None:
        return Moment(moment.day, moment.time)
    try:
        there = datetime.combine(moment.day, moment.time, now.tzinfo).astimezone(zone)
    except (OverflowError, ValueError, OSError):  # on the first or last day of the calendar
        return Moment(moment.day, moment.time)
    return Moment(there.date(), there.time(), zone)


def parse_time(text: str) -> time | None:
    """Parse `16:00`, `9:30` or `16:00:00`. Returns None for any other text."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


def parse_duration(text: str) -> int | None:
    """Parse `45m`, `1h`, `1h 30m` or a plain number into minutes. Returns None for other text."""
    text = text.strip().lower()
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        return None
    hours, minutes = match.groups()
    return int(hours or 0) * 60 + int(minutes or 0)


def plain_text(text: str) -> str:
    """Return text with full-width digits and the various dashes and spaces as in ASCII.

    Characters without a width are left out.
    """
    if text.isascii():
        return text
    characters = (_plain(character) for character in unicodedata.normalize("NFKC", text))
    return "".join(characters)


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    return {"Pd": "-", "Cf": "", "Zs": " "}.get(kind, "-" if character == "\u2212" else character)


def parse_week_date(text: str) -> date | None:
    """Parse a day of an ISO week: `2026-W47-5` is Friday, 20 November 2026."""
    if not _WEEK_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def guess_date(text: str) -> date | None:
    """Guess the date meant by a text that is not ISO 8601, for a hint.

    Accepts `20.11.2026`, `2026/11/20`, `2026-1-5`, `11/20/2026`, `20261120` and `2026-W47-5`, all
    also with a time. Returns None for other texts, and where day and month could be swapped
    (`1/2/2026`).
    """
    text = _TIME.sub("", plain_text(text[:40]))
    if week_date := parse_week_date(text):
        return week_date
    written = _NUMBERS.findall(text)
    if _MIXED.search(text) or any(len(part) > 8 for part in written):
        return None
    parts = [int(part) for part in written]
    if len(parts) == 1:
        parts = [parts[0] // 10000, parts[0] // 100 % 100, parts[0] % 100]
    if len(parts) != 3:
        return None
    year, month, day = parts
    if day > 1900 and ("." in text or year > 12):
        year, day = day, year
    elif day > 1900 and month > 12:
        year, month, day = day, year, month
    try:
        return date(year, month, day) if 1900 < year < 3000 else None
    except ValueError:
        return None


def resolve_now(now: datetime, today: date | None) -> datetime:
    """Return `now`, or 9:00 on `today` in the time zone of `now` if `today` is given."""
    return now if today is None else datetime.combine(today, WORKING_HOUR, now.tzinfo)


def to_local(moment: Moment, now: datetime) -> Moment:
    """Convert a moment to the viewer's time zone, which is that of `now`."""
    if moment.time is None or moment.zone is None or now.tzinfo is None:
        return moment
    try:
        there = datetime.combine(moment.day, moment.time, moment.zone).astimezone(now.tzinfo)
    except (OverflowError, ValueError, OSError):  # on the first or last day of the calendar
        return moment
    return Moment(there.date(), there.time(), None)


def is_past(moment: Moment, now: datetime) -> bool:
    """Return whether a moment has passed. One without a time passes at the end of its day."""
    here = to_local(moment, now)
    if here.day != now.date():
        return here.day < now.date()
    return here.time is not None and here.time <= now.time()


def with_offset(moment: Moment, now: datetime) -> Moment:
    """Return a moment with the time zone of the viewer, which is that of `now`, if it has none."""
    if moment.time is None or moment.zone is not None:
        return moment
    return Moment(moment.day, moment.time, now.tzinfo)


def format_iso(moment: Moment) -> str:
    """Format as `2026-11-03` or `2026-11-03T16:00`, with the UTC offset if a zone is known."""
    if moment.time is None:
        return moment.day.isoformat()
    return datetime.combine(moment.day, moment.time, moment.zone).isoformat(timespec="minutes")


def format_local(moment: Moment, now: datetime) -> str:
    """Format as `format_iso` does, in the viewer's time zone. Such texts sort by time."""
    here = to_local(moment, now)
    return format_iso(Moment(here.day, here.time))


def pluralize(number: int, noun: str, plural: str = "") -> str:
    """Format a count with its noun: `1 day`, `3 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def format_ago(seconds: int) -> str:
    """Format an age: `just now`, `20 s ago`, `3 min ago`, `2 h ago`."""
    for least, unit in ((3600, "h"), (60, "min"), (10, "s")):
        if seconds >= least:
            return f"{seconds // (1 if unit == 's' else least)} {unit} ago"
    return "just now"


def format_date(day: date, today: date) -> str:
    """Format as `20 Nov`, or `20 Nov 2025` if the year is not that of `today`."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def parse_short_date(text: str, today: date) -> date | None:
    """Return the day that `format_date` formats so; None for any other text."""
    day, _, rest = text.partition(" ")
    month, _, year = rest.partition(" ")
    if month not in MONTHS:
        return None
    try:
        return date(int(year or today.year), MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None


def format_full_date(day: date) -> str:
    """Format as `Fri 20 Nov 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def format_relative(day: date, today: date) -> str:
    """Format as `today`, `tomorrow`, `yesterday`, `in 3 days`, `in 5 weeks` or `12 days ago`."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return near
    span = format_span(abs(days))
    return f"in {span}" if days > 0 else f"{span} ago"


def format_span(days: int) -> str:
    """Format a number of days: `12 days`, `7 weeks`, `5 months`, `2 years`."""
    if days < 28:
        return pluralize(days, "day")
    if days < 84:
        return pluralize(round(days / 7), "week")
    if days < 700:
        return pluralize(round(days / 30.44), "month")
    return pluralize(round(days / 365.25), "year")


def format_due(due: date, today: date) -> str:
    """Format a due date for a narrow column: `2 d ago`, `today`, `tomorrow`, `Fri`, `9 Dec`."""
    days = (due - today).days
    if days < 0:
        return f"{-days} d ago" if days > -100 else f"{-days // 7} wk ago"
    if days < 2:
        return ("today", "tomorrow")[days]
    return WEEKDAYS[due.weekday()] if days < 7 else format_date(due, today)


def format_moment(moment: Moment, now: datetime) -> str:
    """Format as `in 3 days`, and with the time from yesterday to tomorrow: `today 16:00`."""
    here = to_local(moment, now)
    text = format_relative(here.day, now.date())
    if here.time is not None and abs((here.day - now.date()).days) <= 1:
        return f"{text} {here.time:%H:%M}"
    return text


def format_exact(moment: Moment, now: datetime) -> str:
    """Format as `Mon 23 Nov 16:00`, in the viewer's time zone."""
    here = to_local(moment, now)
    text = f"{WEEKDAYS[here.day.weekday()]} {format_date(here.day, now.date())}"
    return text if here.time is None else f"{text} {here.time:%H:%M}"
