"""Makes a folder of hostile files; the same seed makes the same folder."""

from __future__ import annotations

import contextlib
import os
import socket
import unicodedata
from collections import Counter
from pathlib import Path
from random import Random

from tests.hostile_content.contents import COSTLY, ESCAPES, KINDS

LEAD_SIZE = 20
"""Files of one lead."""
CANARY = "still here"
"""The text of the actions in good files, which no neighbour may hide."""
NAMES = [
    *("-rf.md", "--help.md", "+x.md", "a\nb.md", "a\rb.md", "\x1b[2J.md", "\x7f.md", "a\u202eb.md"),
    *(
        "é.md",
        unicodedata.normalize("NFD", "é.md"),
        "\u05d0\u05d1.md",
        "日本.yaml",
        "😀.md",
        " .md",
    ),
    *(
        "x" * 252 + ".md",
        "é" * 126 + ".md",
        "[red].md",
        "[/].yaml",
        "a:1.md",
        "a\\b.md",
        "*.md",
        "%s.md",
    ),
    *("2026-02-30.md", "2026-11-03x.md", "2026-11-03.MD", "9999-12-31.yaml", "0001-01-01.md"),
    *("0000-00-00.md", "lead.md.md", "LEAD.MD", "Skills.md", "x (1).md", "x.sync-conflict-1.md"),
    *(
        "x (Ada's conflicted copy 2026-11-03).md",
        "x.md~",
        ".x.md",
        "nul.md",
        "a b\tc.md",
        "\u2028.md",
    ),
    *("\x9b31m.md", "$(reboot).md", "`id`.md", "a'b\"c.md", "::error::.md", "\u200b.md", "%0A.md"),
]


def make(root: Path, count: int, seed: int = 1) -> Counter[str]:
    """Fill the empty folder `root` with at least `count` files; how many of each kind there are."""
    random = Random(seed)
    made: Counter[str] = Counter()
    folders = [_lead(root, number, random) for number in range(max(1, count // LEAD_SIZE))]
    _canary(root / "canary")
    kinds = list(KINDS)
    while sum(made.values()) < count:
        folder = random.choice(folders)
        kind = random.choice(kinds if random.random() < 0.985 else COSTLY)
        path = folder / _place(random)
        if _write(path, kind(random)):
            made[kind.__name__] += 1
    for name in ("tldash.yaml", "framework.yaml"):
        _write(root / name, next(k for k in KINDS if k.__name__ == "settings")(random))
    made.update(_no_files(folders[0], root))
    return made


def _lead(root: Path, number: int, random: Random) -> Path:
    odd = "".join(random.choice(ESCAPES) for _ in range(2)).replace("/", "").replace("\0", "")
    folder = root / (f"lead-{number}" if number % 3 else f"lead-{number}{odd}"[:60])
    (folder / "sessions").mkdir(parents=True)
    return folder


def _canary(folder: Path) -> None:
    """A lead all of whose files are good."""
    (folder / "sessions").mkdir(parents=True)
    (folder / "lead.md").write_text("---\nname: Canary\n---\n")
    (folder / "sessions" / "2026-11-03.md").write_text(f"- [ ] {CANARY} due:2026-11-20\n")
    (folder / "sessions" / "2026-11-10.yaml").write_text(f"actions:\n  - {CANARY}\n")


def _place(random: Random) -> str:
    day = f"20{random.randrange(20, 30)}-{random.randint(1, 13):02}-{random.randint(1, 31):02}"
    ending = random.choice([".md", ".md", ".md", ".yaml", ".yml", ".markdown"])
    return random.choice(
        [
            *([f"sessions/{day}{ending}"] * 6),
            *([f"note-{random.randrange(10**6)}.md"] * 3),
            *("lead.md", "skills.md", f"{day}{ending}", f"deep/er/{day}{ending}"),
            f"sessions/{random.choice(NAMES)}",
            random.choice(NAMES),
        ]
    )


def _write(path: Path, data: bytes) -> bool:
    """Whether the file could be made: not every file system takes every name."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            return False
        path.write_bytes(data)
    except (OSError, ValueError):
        return False
    return True


def _no_files(folder: Path, root: Path) -> Counter[str]:
    """What is named like a file and is none, or leads somewhere else, or cannot be read."""
    made: Counter[str] = Counter()

    def attempt(kind: str, name: str, how: object) -> None:
        with contextlib.suppress(OSError):
            assert callable(how)
            how(folder / name)
            made[kind] += 1

    attempt("pipe", "pipe.md", os.mkfifo)
    attempt("pipe", "sessions/2026-11-03-pipe.yaml", os.mkfifo)
    attempt("folder", "folder.md", Path.mkdir)
    attempt("folder", "sessions/2026-11-04.yaml", Path.mkdir)
    attempt("link out", "out.md", lambda path: path.symlink_to("/etc/passwd"))
    attempt("link out", "out", lambda path: path.symlink_to("/"))
    attempt("link out", "device.md", lambda path: path.symlink_to("/dev/zero"))
    attempt("link loop", "loop", lambda path: path.symlink_to(root))
    attempt("link loop", "self.md", lambda path: path.symlink_to("self.md"))
    attempt("link broken", "broken.md", lambda path: path.symlink_to("nowhere.md"))
    attempt("link in", "in.md", lambda path: path.symlink_to("../canary/sessions/2026-11-03.md"))
    attempt("hard link", "hard.md", lambda path: os.link(root / "tldash.yaml", path))
    attempt("not readable", "secret.md", lambda path: (path.write_text("x"), path.chmod(0)))
    attempt("huge", "huge.md", lambda path: (path.touch(), os.truncate(path, 3 * 2**30)))
    attempt("bad name", "bad\udcff.md", Path.touch)
    attempt("socket", "socket.md", _socket)
    attempt("deep folder", "far", lambda path: (path / "/".join("d" * 50)).mkdir(parents=True))
    return made


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may be 107 bytes long at most
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)
