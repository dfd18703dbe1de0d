"""Bytes that a file may hold in spite of everything: hostile, broken, random, or merely odd."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

SAMPLE = Path(__file__).parents[2] / "sample-data"
SAMPLES = [
    path.read_bytes()
    for path in sorted(SAMPLE.rglob("*"))
    if path.suffix in (".md", ".yaml") and path.is_file()
]
SIGNS = "📅⏳🛫➕✅❌🔁🆔⛔🏁🔺⏫🔼🔽⏬📆🗓⌛"
ESCAPES = [
    *("\x1b[2J", "\x1b]52;c;aGk=\x07", "\x1b]8;;file:///etc/passwd\x1b\\x", "\x9b31m", "\x90q\x9c"),
    *("\u202e", "\u2066", "\u200b", "\u0301" * 60, "\x07", "\x7f", "\x08" * 9, "\ufeff", "\u2028"),
    *("[/]", "[red]", "[@click=app.quit]x[/]", "%s%n", "$(reboot)", "`id`", "{0}", "\\", "\x85"),
]
DATES = [
    *("2026-11-20", "0001-01-01", "9999-12-31", "2026-02-30", "0000-00-00", "9999-99-99", "soon"),
    *("2026-11-20T25:61", "2026-11-20 16:00+99:99", "0001-01-01 00:00+14:00", "२०२६-११-२०"),
    *("9999-12-31 23:59-14:00", "20.11.2026", "2026-11-20" * 9, "٢٠٢٦-١١-٢٠", "-2026-11-20"),
]
MOMENTS = ["time", "date", "next", "started", "due", "done", "scheduled", "created"]
KEYS = [
    *MOMENTS,
    *("duration", "status", "title", "skill", "levels", "name", "coach", "email", "timezone"),
    *("cadence", "people", "agenda", "topics", "actions", "notes", "skills", "session", "<<"),
]
VALUES = [
    *("null", "~", "", "yes", "[]", "{}", "[[[]]]", "{a: {b: c}}", "!!python/object:os.system x"),
    *("!!binary aGk=", "&a [*a]", "*a", "'", '"', "|", ">", "- x", "5", "-1", "1e999", ".nan"),
    *("0x7fffffffffffffff", "99999999999999999999", "Europe/Oslo", "../../etc/passwd", "/dev/zero"),
    *("monthly", "every 999 months", "9" * 400, "{vision: advanced, listening: [1]}", "%YAML 1.1"),
]
FIELDS = [
    *(
        "due:{}",
        "t:{}",
        "scheduled:{}",
        "done:{}",
        "📅 {}",
        "⏳\ufe0f{}",
        "✅ {}",
        "❌{}",
        "[due:: {}]",
    ),
    *(
        "(completion:: {})",
        "[due: {}]",
        "pri:{}",
        "rec:{}",
        "🔁 every {}",
        "id:{}",
        "⛔ {},",
        "@{}",
    ),
    *("#{}", "^{}", "[owner:: {}]", "[[{}|", "`{}", "<!-- {}", "[x](<{}>", "](", "((", "\\"),
]


def random_bytes(random: Random) -> bytes:
    return random.randbytes(random.randrange(4000))


def random_text(random: Random) -> bytes:
    """Any characters, of every plane and category."""
    size = random.randrange(1500)
    codes = (random.choice((0x80, 0x250, 0x3000, 0x10FFFF)) for _ in range(size))
    text = "".join(chr(random.randrange(1, top)) for top in codes)
    return text.encode("utf-8", "ignore")


def mutated(random: Random) -> bytes:
    """A sample file after slips, losses, doublings and pieces of another."""
    data = bytearray(random.choice(SAMPLES))
    for _ in range(random.randint(1, 12)):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.randrange(40))
        match random.randrange(6):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = data[at:end]
            case 2:
                data[at:at] = random.choice(b"-:#[]{}()`'\"|>*&!%@\t\n\r \xff\x00").to_bytes(1)
            case 3:
                other = random.choice(SAMPLES)
                start = random.randrange(len(other))
                data[at:end] = other[start : start + random.randrange(200)]
            case 4:
                data[at:at] = random.choice(ESCAPES).encode()
            case _:
                data[at:end] = bytes(reversed(data[at:end]))
    return bytes(data)


def truncated(random: Random) -> bytes:
    """A sample file cut off in the middle of a character."""
    data = random.choice(SAMPLES) + "é日😀".encode()
    return data[: -random.randint(1, 3)] if random.random() < 0.5 else data[: random.randrange(900)]


def lines_of(random: Random) -> bytes:
    """Task lines with every field, well formed or not, in any order."""
    lines = []
    for _ in range(random.randint(1, 60)):
        fields = (
            random.choice(FIELDS).replace(
                "{}", random.choice([*DATES, *VALUES, *ESCAPES, random.choice(SIGNS)])
            )
            for _ in range(random.randrange(9))
        )
        box = random.choice(
            ["- [ ]", "* [x]", "1. [/]", "> - [-]", "\t+ [?]", "- [", "-[ ]", "- []"]
        )
        lines.append(f"{' ' * random.randrange(9)}{box} {' '.join(fields)}")
    ends = random.choice(["\n", "\r\n", "\r", "\n\n", "\x0b", "\x85"])
    return ends.join(lines).encode("utf-8", "replace")


def front_matter(random: Random) -> bytes:
    """Front matter, or a YAML file, of the keys that are read and values that are not meant."""
    keys = (random.choice(KEYS) for _ in range(random.randrange(9)))
    lines = [f"{key}: {random.choice([*VALUES, *DATES, *ESCAPES])}" for key in keys]
    lines += [f"  - {random.choice(VALUES)}" for _ in range(random.randrange(3))]
    fence = random.choice(["---", "---", "--- ", "", "...", "\ufeff---"])
    text = "\n".join([fence, *lines, random.choice(["---", "", "...", "- [ ] x", "----"]), ""])
    return text.encode("utf-8", "replace") + lines_of(random)


def huge_line(random: Random) -> bytes:
    piece = random.choice(
        ["x", "#x ", "@x ", "due:2026-11-20 ", "`", "[", "](", "📅", "a:", "* ", "%%"]
    )
    return b"- [ ] " + (piece * (50_000 // len(piece))).encode()


def deep(random: Random) -> bytes:
    """Quotes, lists, brackets or keys, thousands in each other."""
    depth = random.choice([99, 101, 1000, 5000])
    match random.randrange(6):
        case 0:
            return b">" * depth + b" - [ ] x\n" * 3
        case 1:
            return b"- " * depth + b"[ ] x\n"
        case 2:
            return b"".join(b" " * level + b"- [ ] x\n" for level in range(min(depth, 700)))
        case 3:
            return b"---\na: " + b"[" * depth + b"\n---\n- [ ] x\n"
        case 4:
            return b"a: " + b"{a: " * depth
        case _:
            return "".join(f"{' ' * level}a:\n" for level in range(min(depth, 700))).encode()


def bomb(random: Random) -> bytes:
    """Aliases, or merge keys, that stand for more than there is memory."""
    names = "abcdefghijklmnopqrst"
    lines = ['a: &a ["x","x","x","x","x","x","x","x","x"]']
    for one, other in pairwise(names):
        lines.append(f"{other}: &{other} [{','.join(['*' + one] * 9)}]")
    if random.random() < 0.4:
        lines = ["a: &a {x: 1}"]
        for one, other in pairwise(names):
            lines.append(f"{other}: &{other} {{<<: [{', '.join(['*' + one] * 4)}], {other}: 1}}")
    return "\n".join(["---", *lines, "---", "- [ ] x", ""]).encode()


def digits(random: Random) -> bytes:
    """A number of a hundred thousand digits, where one is read."""
    number = random.choice("19") * 100_000
    before = random.choice(
        [
            "date: ",
            "duration: ",
            "title: ",
            "cadence: ",
            "levels: {vision: ",
            "- [ ] a due:",
            "actions:\n- ",
        ]
    )
    return f"---\n{before}{number}\n---\n- [ ] b 📅 {number}\n- [ ] c rec:{number}w\n".encode()


def odd_encoding(random: Random) -> bytes:
    data = random.choice(SAMPLES)
    match random.randrange(6):
        case 0:
            return data.decode().encode("utf-16")
        case 1:
            return data.decode().encode("latin-1", "replace")
        case 2:
            return b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
        case 3:
            return data.replace(b"\n", b"\r")
        case 4:
            return data.replace(b" ", b"\0", 1)
        case _:
            return data.replace(
                b"\n", random.choice([b"\x0b", b"\x0c", b"\xc2\x85", b"\xe2\x80\xa8"])
            )


def little(random: Random) -> bytes:
    return random.choice(
        [
            b"",
            b"\n",
            b"---",
            b"---\n",
            b"---\n---",
            b"---\n---\n",
            b"\xef\xbb\xbf",
            b"\r",
            b"# ",
            b"- [ ]",
        ]
    )


def conflict(random: Random) -> bytes:
    data = random.choice(SAMPLES)
    at = random.randrange(len(data))
    return data[:at] + b"\n<<<<<<< HEAD\n- [ ] a\n=======\n- [x] a\n>>>>>>> other\n" + data[at:]


def settings(random: Random) -> bytes:
    """A framework or settings with the right keys and the wrong values."""
    level = f"{{id: {random.choice([*VALUES, 'x'])}}}"
    skills = f"[{{id: x, name: {random.choice([*VALUES, 'X'])}, levels: [{level}]}}]"
    return "\n".join(
        [
            f"skills: {random.choice([skills, *VALUES])}",
            f"cadences: {random.choice(['{monthly: 0}', '{x: -5}', '{y: 99999999999}', *VALUES])}",
            f"session: {random.choice(['[{id: a, name: b, minutes: [9, 1]}]', *VALUES])}",
            f"name: {random.choice(ESCAPES)}",
        ]
    ).encode()


KINDS: tuple[Callable[[Random], bytes], ...] = (
    *(mutated, mutated, mutated, mutated, lines_of, lines_of, front_matter, front_matter),
    *(random_bytes, random_text, truncated, odd_encoding, odd_encoding, little, conflict, settings),
    *(deep, bomb),
)
COSTLY: tuple[Callable[[Random], bytes], ...] = (huge_line, digits)
"""Kinds of which a handful shows as much as many would."""
