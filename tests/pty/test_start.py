"""Starting, leaving, and everything that can be wrong before there is anything to show."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Start
from tests.support.pty_dashboard import SAMPLE, TODAY
from tests.support.terminal import PATIENCE, Terminal, environment, script

pytestmark = pytest.mark.system

NAMES = ("Ada Lindqvist", "Ben Okafor", "Chiara Rossi", "Deniz Kaya", "Erin Walsh")
ESCAPES = re.compile(rb"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-9;<=>?]*[ -/]*[@-~]|[78=>])")
SWITCHES = {
    "alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "cursor hidden": (b"\x1b[?25l", b"\x1b[?25h"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "focus events": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "mouse moves": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "no wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "frame": (b"\x1b[?2026h", b"\x1b[?2026l"),
}
"""What a dashboard switches on, and how it is switched off again."""


ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


def assert_restored(raw: bytes) -> None:
    """Everything that was switched on is off again, and nothing was printed beside the screen."""
    for name, (on, off) in SWITCHES.items():
        assert on not in raw or raw.rfind(off) > raw.rfind(on), f"{name} was left on"
    before = raw.partition(b"\x1b[?1049h")[0]
    after = raw.rpartition(b"\x1b[?1049l")[2] if before != raw else b""
    assert ESCAPES.sub(b"", before + after) == b""


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (200, 60)])
def test_it_starts_on_real_files_and_leaves_the_terminal_as_it_was(
    coaching: Path, dashboard: Start, columns: int, rows: int
) -> None:
    terminal = dashboard(coaching, columns=columns, rows=rows)
    terminal.until(lambda t: all(name in t.text for name in NAMES))
    terminal.press("q")
    assert terminal.wait() == 0
    assert terminal.settings_now() == terminal.settings
    assert_restored(bytes(terminal.raw))


def test_it_leaves_the_terminal_as_it_was_from_every_screen(
    coaching: Path, dashboard: Start
) -> None:
    terminal = dashboard(coaching)
    terminal.until("Ada Lindqvist")
    terminal.press("enter")
    terminal.until("Erin Walsh +5 open")
    terminal.press("a")
    terminal.until("› Actions")
    terminal.press("?")
    terminal.until("Help")
    terminal.press("q")
    terminal.until("› Actions")
    terminal.press("q")
    terminal.until("Erin Walsh +5 open")
    terminal.press("q")
    terminal.until("Chiara Rossi")
    terminal.press("q")
    assert terminal.wait() == 0
    assert_restored(bytes(terminal.raw))


def test_the_terminal_window_is_closed(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until("Ada Lindqvist")
    terminal.hang_up()


def test_the_terminal_window_with_a_demo_is_closed(start: Start, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    terminal = start(script("tldash"), "demo", env={"TMPDIR": str(temporary)})
    terminal.until("Ada Lindqvist")
    terminal.hang_up()
    assert list(temporary.iterdir()) == []


def test_keys_pressed_before_the_first_screen_are_not_lost(
    coaching: Path, dashboard: Start
) -> None:
    terminal = dashboard(coaching)
    terminal.press("a")
    terminal.until("› Actions")


@pytest.mark.parametrize("value", ["1", ""])
def test_no_color(coaching: Path, dashboard: Start, value: str) -> None:
    terminal = dashboard(coaching, env={"NO_COLOR": value})
    terminal.until("Ada Lindqvist")
    terminal.press("enter")
    terminal.until("Erin Walsh +5 open")
    terminal.press("space")
    terminal.press("q", "q")
    terminal.wait()
    styles = set(re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.raw)))
    assert styles, "not even bold"
    assert not {style for style in styles if colours(style)}


def colours(style: bytes) -> bool:
    """Whether the numbers of a "select graphic rendition" sequence choose a colour.

    39 and 49 do not: they go back to the terminal's own.
    """
    numbers = [int(number or b"0") for number in style.split(b";")]
    return any(
        30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107 for number in numbers
    )


def test_demo(start: Start, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    terminal = start(script("tldash"), "demo", env={"TMPDIR": str(temporary)})
    terminal.until(lambda t: all(name in t.text for name in NAMES))
    (copy,) = temporary.iterdir()
    assert (copy / "coaching" / "ada" / "lead.md").is_file()
    terminal.press("q")
    assert terminal.wait() == 0
    assert list(temporary.iterdir()) == []
    assert_restored(bytes(terminal.raw))


@pytest.mark.parametrize("signal_number", ENDING)
def test_demo_that_is_ended_from_outside(
    start: Start, tmp_path: Path, signal_number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    terminal = start(script("tldash"), "demo", env={"TMPDIR": str(temporary)})
    terminal.until("Ada Lindqvist")
    os.kill(terminal.pid, signal_number)
    terminal.wait()
    assert list(temporary.iterdir()) == []
    assert terminal.settings_now() == terminal.settings
    assert_restored(bytes(terminal.raw))


@pytest.mark.parametrize(
    ("signal_number", "delay"), zip(ENDING, (0.001, 0.03, 0.1, 0.2), strict=True)
)
def test_a_signal_while_the_first_screen_mounts_restores_the_terminal(
    coaching: Path, dashboard: Start, signal_number: signal.Signals, delay: float
) -> None:
    terminal = dashboard(coaching)
    terminal.until(lambda t: b"\x1b[?1049h" in t.raw)
    terminal.pump(delay)
    os.kill(terminal.pid, signal_number)
    assert terminal.wait() == 0
    assert terminal.settings_now() == terminal.settings
    assert_restored(bytes(terminal.raw))


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_ctrl_c_while_it_starts_prints_no_traceback(
    start: Start, coaching: Path, tmp_path: Path, delay: float
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for command in ([str(coaching)], ["open", str(coaching)], ["demo"]):
        terminal = start(script("tldash"), *command, env={"TMPDIR": str(temporary)})
        wait_for_its_first_line(terminal)
        terminal.pump(delay)
        terminal.press("\x03")
        while not terminal.ended and "Ada Lindq" not in terminal.text:
            terminal.pump(PATIENCE)
        if not terminal.ended:  # it was a key already
            os.kill(terminal.pid, signal.SIGTERM)
        terminal.wait()
        assert terminal.settings_now() == terminal.settings
        assert_restored(bytes(terminal.raw).replace(b"^C", b""))
        assert list(temporary.iterdir()) == []


def wait_for_its_first_line(terminal: Terminal) -> None:
    """Wait until Python has started, and the first line of the program has run.

    Python handles SIGINT itself from when it starts; the first line ends that. What Python does
    with ctrl+c before is not the program's.
    """
    caught = False
    while not has_child_or_thread(terminal.pid):
        status = Path(f"/proc/{terminal.pid}/status").read_text()
        mask = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        if int(mask.split()[1], 16) >> (signal.SIGINT - 1) & 1:
            caught = True
        elif caught:
            return
        terminal.pump(0.001)


def has_child_or_thread(pid: int) -> bool:
    """Return whether a process has begun to read the folder."""
    task = Path(f"/proc/{pid}/task")
    return len(list(task.iterdir())) > 1 or bool((task / f"{pid}/children").read_text())


def test_a_terminal_too_small_recovers(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching, columns=30, rows=8)
    terminal.until(re.compile("too small|larger|bigger|enlarge", re.IGNORECASE))
    terminal.resize(80, 24)
    terminal.until(lambda t: all(name in t.text for name in NAMES))
    # At once: the system signals a new size before a program can read it.
    for _ in range(10):
        terminal.resize(18, 3)
        terminal.until(lambda t: "Ada" not in t.text)
        terminal.resize(120, 40)
        terminal.until(lambda t: all(name in t.text for name in NAMES))


def test_resizing_to_any_size_harms_nothing(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until("Ada Lindqvist")
    for columns, rows in [(1, 1), (300, 2), (2, 90), (80, 24), (7, 7)]:
        terminal.resize(columns, rows)
        terminal.pump(0.05)
    terminal.until("small")
    terminal.resize(100, 30)
    terminal.until(lambda t: all(name in t.text for name in NAMES))


def ran(
    *arguments: str,
    home: Path,
    folder: Path | None = None,
    prefix: tuple[str, ...] = (),
    **env: str,
) -> subprocess.CompletedProcess[str]:
    """Run the command with its output in pipes."""
    return subprocess.run(
        [*prefix, script("tldash"), *arguments],
        env=environment(home, **env),
        cwd=folder or home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_where_the_output_is_no_terminal_it_prints_status(home: Path) -> None:
    opened = ran(str(SAMPLE), "--today", TODAY, home=home)
    status = ran("status", str(SAMPLE), "--today", TODAY, home=home)
    assert (opened.returncode, opened.stderr) == (0, "")
    assert opened.stdout == status.stdout
    assert all(name in opened.stdout for name in NAMES)
    assert "\x1b" not in opened.stdout


def test_demo_where_the_output_is_no_terminal(home: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = ran("demo", home=home, TMPDIR=str(temporary))
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in NAMES)
    assert list(temporary.iterdir()) == []


def test_the_folder_may_come_from_the_environment_or_be_the_current_one(home: Path) -> None:
    by_name = ran("--today", TODAY, home=home, TLDASH_FOLDER=str(SAMPLE))
    by_place = ran("--today", TODAY, home=home, folder=SAMPLE)
    assert by_name.stdout == by_place.stdout
    assert all(name in by_place.stdout for name in NAMES)


def not_there(tmp_path: Path) -> Path:
    return tmp_path / "nowhere"


def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text("- [ ] something\n")
    return path


def below_a_file(tmp_path: Path) -> Path:
    return a_file(tmp_path) / "ada"


def a_loop(tmp_path: Path) -> Path:
    path = tmp_path / "loop"
    path.symlink_to(path)
    return path


def too_long(tmp_path: Path) -> Path:
    return tmp_path / ("x" * 300)


def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked"
    path.mkdir(mode=0)
    return path


def named_with_escapes(tmp_path: Path) -> Path:
    return tmp_path / "a\x1b]52;c;aGFja2Vk\x07b"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (not_there, "no folder"),
        (a_file, "is a file"),
        (below_a_file, "a file|no folder"),
        (a_loop, "cannot be opened|no folder"),
        (too_long, "cannot be opened|no folder"),
        (locked, "permission denied"),
        (named_with_escapes, "no folder"),
    ],
)
@pytest.mark.parametrize("command", ["", "status", "actions", "sessions", "check"])
def test_a_folder_that_cannot_be_opened(
    home: Path, tmp_path: Path, make: Callable[[Path], Path], says: str, command: str
) -> None:
    folder = str(make(tmp_path))
    done = ran(*([command] if command else []), folder, home=home, prefix=without_privileges())
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"tldash: [^\n\x1b]+\n", done.stderr)
    assert re.search(says, done.stderr)


def test_a_folder_that_cannot_be_opened_on_a_terminal(start: Start, tmp_path: Path) -> None:
    terminal = start(script("tldash"), str(tmp_path / "nowhere"))
    assert terminal.wait() == 2
    assert b"\x1b" not in terminal.raw
    assert re.fullmatch(rb"tldash: there is no folder [^\r\n]+\r\n", bytes(terminal.raw))


@pytest.mark.parametrize(
    "arguments", [("--today", "soon"), ("actions", "--nonsense"), ("done", "ada.md")]
)
def test_wrong_usage(home: Path, arguments: tuple[str, ...]) -> None:
    done = ran(*arguments, home=home)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "Error: " in done.stderr


def without_privileges() -> tuple[str, ...]:
    """What to put before a command so that the modes of files hold for it, also for root."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def test_no_temporary_folder_is_needed_to_read(home: Path) -> None:
    done = ran("status", str(SAMPLE), "--today", TODAY, home=home, TMPDIR=str(home / "nowhere"))
    assert (done.returncode, done.stderr) == (0, "")
    assert tempfile.gettempdir() not in done.stdout


def is_whole(terminal: Terminal) -> bool:
    """Whether each part of the overview is on screen, from the first line to the last.

    What the first frames say differs a little, as the viewer becomes known.
    """
    first, *_, last = terminal.lines
    leads = [line for line in terminal.lines if "▰" in line]
    return "› Coaching circle" in first and len(leads) == 5 and "? help" in last


def test_ctrl_l_draws_over_what_another_program_wrote(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until(is_whole)
    terminal.stream.feed(b"\x1b[2J\x1b[5;5Hanother program")
    assert not is_whole(terminal)
    terminal.press("\x0c")
    terminal.until(is_whole)


def test_a_stop_restores_the_terminal_and_continuing_draws_everything(
    coaching: Path, dashboard: Start
) -> None:
    terminal = dashboard(coaching)
    terminal.until(is_whole)
    for _ in range(2):
        terminal.raw.clear()
        os.kill(terminal.pid, signal.SIGTSTP)
        while not is_stopped(terminal.pid) or b"\x1b[?1049l" not in terminal.raw:
            terminal.pump(0.05)
        assert terminal.settings_now() == terminal.settings
        terminal.stream.feed(b"\x1b[2J\x1b[5;5H$ fg")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.until(is_whole)
        assert b"\x1b[?1049h" in terminal.raw
    terminal.press("a")
    terminal.until("› Actions")
    terminal.press("q", "q")
    assert terminal.wait() == 0
    assert terminal.settings_now() == terminal.settings


def test_continuing_after_a_stop_that_cannot_be_handled(coaching: Path, dashboard: Start) -> None:
    terminal = dashboard(coaching)
    terminal.until(is_whole)
    os.kill(terminal.pid, signal.SIGSTOP)
    while not is_stopped(terminal.pid):
        terminal.pump(0.05)
    while terminal.pump(0.05):
        pass  # what it wrote before it stopped
    terminal.stream.feed(b"\x1b[?1049l\x1b[2J\x1b[5;5H$ fg")
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until(is_whole)
    terminal.press("a")
    terminal.until("› Actions")
    terminal.press("q", "q")
    assert terminal.wait() == 0
    assert terminal.settings_now() == terminal.settings


def is_stopped(pid: int) -> bool:
    """Return whether a process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
