"""`tldash merge-driver` and `tldash git-setup`, with real git where it reads what they write."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.git_repository import git
from tests.support.tables import each
from tldash.cli import main
from tldash.create import git_setup
from tldash.user.paths import names_file

BASE = "## Actions\n- [ ] call Ann\n- [ ] book a room\n- [ ] write the report\n"


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


# -- the driver ----------------------------------------------------------------------------------


def versions(folder: Path, ours: bytes, theirs: bytes) -> list[Path]:
    """Write the three files as git does."""
    found = [folder / name for name in ("base", "ours", "theirs")]
    for file, data in zip(found, (BASE.encode(), ours, theirs), strict=True):
        file.write_bytes(data)
    return found


def test_a_clean_merge_is_written_and_exits_0(tmp_path):
    ours, theirs = BASE.replace("[ ] call", "[x] call"), BASE.replace("[ ] book", "[x] book")
    files = versions(tmp_path, ours.encode(), theirs.encode())
    files[1].chmod(0o640)
    run("merge-driver", *files, "ada/2026-10-09.md")
    assert files[1].read_text() == ours.replace("[ ] book", "[x] book")
    assert files[1].stat().st_mode & 0o777 == 0o640
    assert files[2].read_text() == theirs
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base", "ours", "theirs"]


def test_a_conflict_is_written_and_exits_1(tmp_path):
    ours, theirs = BASE.replace("call Ann", "call Bo"), BASE.replace("call Ann", "call Cy")
    files = versions(tmp_path, ours.encode(), theirs.encode())
    run("merge-driver", *files, "a.md", code=1)
    assert files[1].read_text() == BASE.replace(
        "- [ ] call Ann\n",
        "<<<<<<< ours\n- [ ] call Bo\n=======\n- [ ] call Cy\n>>>>>>> theirs\n",
    )


def test_without_a_path_the_name_of_the_file_decides(tmp_path):
    ours, theirs = BASE.replace("[ ] call", "[x] call"), BASE.replace("[ ] book", "[x] book")
    files = versions(tmp_path, ours.encode(), theirs.encode())
    run("merge-driver", *files, code=1)
    files = versions(tmp_path, ours.encode(), theirs.encode())
    named = files[1].rename(tmp_path / "ours.md")
    run("merge-driver", files[0], named, files[2])


def test_a_missing_base_is_an_empty_one(tmp_path):
    files = versions(tmp_path, BASE.encode(), (BASE + "- [ ] new\n").encode())
    files[0].unlink()
    run("merge-driver", *files, "a.md")
    assert files[1].read_text() == BASE + "- [ ] new\n"


@each("data", [b"\0\1", b"\xff\xfea\0"])
def test_what_cannot_be_merged_stays_and_exits_2(data, tmp_path):
    files = versions(tmp_path, data, b"text\n")
    said = run("merge-driver", *files, "a.md", code=2)
    assert "not a text file" in said.stderr
    assert files[1].read_bytes() == data


def test_a_missing_side_exits_2(tmp_path):
    files = versions(tmp_path, b"a\n", b"b\n")
    files[2].unlink()
    said = run("merge-driver", *files, "a.md", code=2)
    assert "no such file" in said.stderr
    assert files[1].read_bytes() == b"a\n"


# -- the setup -----------------------------------------------------------------------------------


@pytest.fixture
def clone(tmp_path, monkeypatch) -> Path:
    """Return a repository, with `tldash` on the path of its git."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "tldash"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tldash "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    folder = tmp_path / "coaching"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a clone but its objects."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "objects" not in path.parts and path.name != "index"
    }


def test_git_merges_with_the_driver(clone):
    """Two branches tick adjacent lines; git alone has a conflict, and then none."""
    (clone / "ada").mkdir()
    file = clone / "ada/2026 10 09.md"
    file.write_text(BASE)
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "base")
    git(clone, "checkout", "-qb", "other")
    file.write_text(BASE.replace("[ ] book", "[x] book"))
    git(clone, "commit", "-qam", "other")
    git(clone, "checkout", "-q", "main")
    file.write_text(BASE.replace("[ ] call", "[x] call"))
    git(clone, "commit", "-qam", "ours")
    with pytest.raises(AssertionError):
        git(clone, "merge", "-q", "other")
    git(clone, "merge", "--abort")
    run("git-setup", clone, "--yes")
    git(clone, "merge", "-q", "--no-edit", "other")
    assert file.read_text() == BASE.replace("[ ] call", "[x] call").replace("[ ] b", "[x] b")
    assert git(clone, "status", "--porcelain") == ""


def test_it_shows_what_it_will_write_and_asks(clone):
    before = contents(clone)
    said = run("git-setup", clone, code=1)
    assert "  + *.md merge=tldash" in said.output
    assert "driver = tldash merge-driver %O %A %B %P" in said.output
    assert "--yes" in said.stderr
    assert contents(clone) == before


@each("shared", [(), ("--shared",)])
def test_setup_again_changes_nothing_and_remove_takes_all_back(shared, clone):
    before = contents(clone)
    run("git-setup", clone, "--yes", *shared)
    after = contents(clone)
    assert git(clone, "config", "merge.tldash.driver") == "tldash merge-driver %O %A %B %P\n"
    assert "merge: tldash" in git(clone, "check-attr", "merge", "x/2026-10-09.yaml")
    assert (".gitattributes" in after) is bool(shared)
    assert "this clone is set up" in run("git-setup", clone, *shared).output
    assert contents(clone) == after
    run("git-setup", clone, "--remove", "--yes", *shared)
    assert contents(clone) == before
    assert "nothing to remove" in run("git-setup", clone, "--remove").output


def test_only_our_lines_are_added_and_removed(clone):
    config, attributes = clone / ".git/config", clone / ".git/info/attributes"
    config.write_bytes(config.read_bytes() + b"; caf\xe9 \xf0\x9f\x8d\x8e\n[user]\n\tname =  Mira")
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_bytes(b"*.png binary\n")
    before = contents(clone)
    run("git-setup", clone, "--yes")
    assert config.read_bytes().startswith(before[".git/config"])
    assert attributes.read_bytes().startswith(b"*.png binary\n*.md merge=tldash\n")
    assert git(clone, "config", "user.name") == "Mira\n"
    config.write_bytes(config.read_bytes() + b"\trecursive = binary\n[core]\n\tx = 1\n")
    run("git-setup", clone, "--remove", "--yes")
    assert attributes.read_bytes() == b"*.png binary\n"
    assert git(clone, "config", "merge.tldash.recursive") == "binary\n"
    assert git(clone, "config", "core.x") == "1\n"
    with pytest.raises(AssertionError):
        git(clone, "config", "merge.tldash.driver")


def test_only_the_files_of_the_folder_are_merged(clone):
    """Below a folder of the repository, whatever its name."""
    for name in ("notes", "my [own] *notes*", 'a "b" #c', "ö"):
        folder = clone / name / "ada"
        folder.mkdir(parents=True)
        run("git-setup", clone / name, "--yes")
        for path, chosen in (
            (f"{name}/a.md", "tldash"),
            (f"{name}/ada/sessions/2026-10-09.yaml", "tldash"),
            ("README.md", "unspecified"),
        ):
            said = git(clone, "check-attr", "-z", "merge", "--", path)
            assert said.split("\0")[2] == chosen, path


def test_no_repository_is_refused(tmp_path):
    said = run("git-setup", tmp_path, "--yes", code=1)
    assert "not in a git repository" in said.stderr
    assert [*tmp_path.iterdir()] == []


def test_a_linked_work_tree_and_a_submodule_are_refused(clone):
    (clone / "a").write_text("a\n")
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "a")
    git(clone, "worktree", "add", "-q", "linked")
    git(
        clone,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(clone),
        "module",
    )
    before = contents(clone)
    for name, why in (("linked", "main work tree"), ("module", "by hand")):
        said = run("git-setup", clone / name, "--yes", code=1)
        assert why in said.stderr
    assert contents(clone) == before


def test_files_that_cannot_be_read_or_are_not_as_expected_are_refused(clone):
    config = clone / ".git/config"
    real = config.read_bytes()
    for data, why in (
        (real + b'[merge "tldash"]\n\tdriver = other %A\n', "did not write"),
        (real + b"[user]\n\tname = a\\", "damaged"),
        (real + b"\0", "damaged"),
        (b" " * (2 << 20), "cannot be read"),
    ):
        config.write_bytes(data)
        before = contents(clone)
        assert why in run("git-setup", clone, "--yes", code=1).stderr
        assert contents(clone) == before
    config.unlink()
    config.symlink_to(clone / "elsewhere")
    assert "it is a link" in run("git-setup", clone, "--yes", code=1).stderr
    config.unlink()
    assert "no config" in run("git-setup", clone, "--yes", code=1).stderr


def test_the_lock_of_git_is_respected(clone):
    before = contents(clone)
    lock = clone / ".git/config.lock"
    lock.touch()
    said = run("git-setup", clone, "--yes", code=1)
    assert "config.lock" in said.stderr
    lock.unlink()
    assert contents(clone) == before


# -- the hook ------------------------------------------------------------------------------------


def apply(folder: Path, *, take_back: bool = False) -> tuple[str, ...]:
    """Set up a clone with the hook, and return what is left to do."""
    plan = git_setup.plan_setup(folder, hook=True, shared=False, take_back=take_back)
    for change in plan.changes:
        change.write()
    return plan.remarks


def test_the_hook_is_a_program_that_checks_the_folder(clone):
    (clone / "my notes").mkdir()
    before = contents(clone)
    assert apply(clone / "my notes") == ()
    hook = clone / ".git/hooks/pre-commit"
    assert os.access(hook, os.X_OK)
    assert "exec tldash check --private --staged './my notes'\n" in hook.read_text()
    apply(clone / "my notes", take_back=True)
    assert contents(clone) == before


def test_another_hook_stays(clone):
    hook = clone / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nmake lint\n")
    (remark,) = apply(clone)
    assert "tldash check --private --staged . || exit" in remark
    assert hook.read_text() == "#!/bin/sh\nmake lint\n"
    hook.write_text("#!/bin/sh\ntldash check --private --staged . || exit\n")
    assert apply(clone) == ()
    apply(clone, take_back=True)
    assert "tldash" in hook.read_text()


def test_hooks_elsewhere_are_left_to_the_user(clone):
    git(clone, "config", "core.hooksPath", "tools/hooks")
    (remark,) = apply(clone)
    assert "core.hooksPath" in remark
    assert not (clone / ".git/hooks/pre-commit").exists()


def test_the_hook_is_only_for_those_who_have_a_list(clone, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert CliRunner().invoke(main, ["git-setup", str(clone), "--yes"]).exit_code == 0
    assert not (clone / ".git/hooks/pre-commit").exists()
    file = names_file()
    file.parent.mkdir(parents=True)
    file.write_text("names:\n  Wren Holm: Wren\n")
    assert CliRunner().invoke(main, ["git-setup", str(clone), "--yes"]).exit_code == 0
    assert (clone / ".git/hooks/pre-commit").exists()
