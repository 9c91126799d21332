from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bluehook.findings import BluehookError
from bluehook.verify import interpreter


def environment(folder: Path, version: str = "3.11.7") -> Path:
    """What looks like a virtual environment; nobody runs it."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    (folder / "bin" / "python").write_bytes(b"\x7fELF")
    (folder / "bin" / "python").chmod(0o755)
    return folder


def test_named_one_wins_also_by_its_folder(tmp_path: Path) -> None:
    named = environment(tmp_path / "named")
    environment(tmp_path / ".venv")
    found = interpreter.find(tmp_path, named, {"VIRTUAL_ENV": str(environment(tmp_path / "active"))})
    assert found.executable == named / "bin" / "python"
    assert interpreter.find(tmp_path, named / "bin" / "python", {}).executable == named / "bin" / "python"


def test_active_environment_comes_before_the_projects_own(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    active = environment(tmp_path / "active")
    assert interpreter.find(tmp_path, None, {"VIRTUAL_ENV": str(active)}).origin == "VIRTUAL_ENV"
    assert interpreter.find(tmp_path, None, {}).origin == ".venv"


def test_environment_that_the_hook_runs_in_is_not_the_projects(tmp_path: Path) -> None:
    environment(tmp_path / "venv")
    assert interpreter.find(tmp_path, None, {"VIRTUAL_ENV": sys.prefix}).origin == "venv"


def test_active_environment_is_found_behind_the_hooks_own_on_the_path(tmp_path: Path) -> None:
    """pre-commit puts its own environment into VIRTUAL_ENV and first on the PATH."""
    active = environment(tmp_path / "active")
    path = os.pathsep.join([f"{sys.prefix}/bin", "", "/usr/bin", str(active / "bin")])
    hook = {"VIRTUAL_ENV": sys.prefix, "PATH": path}
    assert interpreter.find(tmp_path, None, hook) == (active / "bin" / "python", "PATH")
    environment(tmp_path / ".venv")
    assert interpreter.find(tmp_path, None, hook).origin == ".venv"


def test_without_any_it_is_bluehooks_own(tmp_path: Path) -> None:
    assert interpreter.find(tmp_path, None, {}) == (Path(sys.executable), "bluehook's own")


@pytest.mark.parametrize("version", ["2.7.18", "3.8.18", "3.15.0"])
def test_version_that_attacks_do_not_run_on(tmp_path: Path, version: str) -> None:
    old = environment(tmp_path / ".venv", version)
    assert interpreter.find(tmp_path, None, {}).origin == "bluehook's own"
    with pytest.raises(BluehookError, match=r"attacks run on 3\.9 to 3\.14"):
        interpreter.find(tmp_path, old, {})


def test_named_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BluehookError, match="there is no Python"):
        interpreter.find(tmp_path, tmp_path / "nowhere", {})


def test_version_is_read_without_running_anything() -> None:
    assert interpreter.version(Path(sys.executable)) == sys.version_info[:2]


def test_a_way_through_the_parent_folder_is_straightened(tmp_path: Path) -> None:
    named = environment(tmp_path / "named")
    (tmp_path / "project").mkdir()
    found = interpreter.find(tmp_path, tmp_path / "project" / ".." / "named", {})
    assert found.executable == named / "bin" / "python"
