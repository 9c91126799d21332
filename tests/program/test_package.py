"""The wheel and the sdist as a user gets them: what is inside, and that the wheel works far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from calling import BAD, GOOD, Ended, environment, program

from bluehook import __version__

CHECKOUT = Path(__file__).resolve().parents[2]


class Built(NamedTuple):
    """The two archives."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Both archives; the wheel is made from the sdist, so the sdist has all that is needed."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(CHECKOUT)]
    ended = program(command, out, dict(os.environ))
    assert ended.status == 0, ended.out + ended.err
    return Built(next(out.glob("*.whl")), next(out.glob("*.tar.gz")))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a new environment with the wheel in it.

    Its dependencies are those of the environment that runs the tests, one path further: downloading Semgrep again for
    each run of the tests would take longer than all the other tests.
    """
    home = tmp_path_factory.mktemp("home") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--disable-pip-version-check"]
    ended = program([*pip, "install", "--no-deps", "--no-index", str(built.wheel)], home, dict(os.environ))
    assert ended.status == 0, ended.out + ended.err
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def run(programs: Path, folder: Path, *command: str) -> Ended:
    """Run a program of the new environment in a folder."""
    env = {name: value for name, value in environment(folder / "cache").items() if name != "PYTHONPATH"}
    return program([str(programs / command[0]), *command[1:]], folder, env)


def shipped(folder: str, ending: str = "") -> set[str]:
    """The files of a folder of the checkout, relative to it."""
    found = (path for path in (CHECKOUT / folder).rglob(f"*{ending}") if path.is_file())
    return {path.relative_to(CHECKOUT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_its_rules_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        files = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(f"bluehook-{__version__}.dist-info/METADATA").decode()
        assert f"bluehook-{__version__}.dist-info/licenses/LICENSE" in wheel.namelist()
    code = shipped("bluehook", ".py") | {"bluehook/py.typed"}
    data = {f"bluehook/{name}" for name in shipped("rules", ".yaml") | shipped("constitutions")}
    assert code | data <= files
    assert {PurePosixPath(name).parts[0] for name in files} == {"bluehook"}
    samples = {name for name in files if name.startswith("bluehook/rules/")} - data
    assert samples == set(), "the samples of the rules are vulnerable code and stay at home"
    assert f"Version: {__version__}\n" in metadata
    assert "Requires-Dist: semgrep" in metadata


def test_the_sdist_holds_what_a_developer_needs(built: Built) -> None:
    top = f"bluehook-{__version__}/"
    with tarfile.open(built.sdist) as sdist:
        files = {name.removeprefix(top) for name in sdist.getnames()}
    for folder in ("bluehook", "rules", "constitutions", "examples", "tests", "benchmarks", "docs"):
        assert shipped(folder, ".py") | shipped(folder, ".yaml") | shipped(folder, ".md") <= files
    assert {"dev.py", "requirements-dev.lock", "pyproject.toml", ".pre-commit-hooks.yaml", "LICENSE"} <= files


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "python", "-c", "import bluehook; print(bluehook.__file__)")
    assert Path(ended.out.strip()).is_relative_to(installed.parent)
    for command in (["bluehook", "--version"], ["python", "-m", "bluehook", "--version"]):
        ended = run(installed, tmp_path, *command)
        assert (ended.status, ended.out.strip()) == (0, f"bluehook {__version__}")


def test_it_blocks_and_lets_pass(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BAD)
    ended = run(installed, tmp_path, "bluehook", "scan")
    assert ended.status == 1, ended.out + ended.err
    assert "app.py:6" in ended.out
    assert "sql-injection" in ended.out
    assert "did not finish" not in ended.out
    (tmp_path / "app.py").write_text(GOOD)
    assert run(installed, tmp_path, "bluehook", "scan").status == 0


def test_its_doctor_finds_every_engine_in_order(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "bluehook", "doctor")
    assert ended.status == 0, ended.out + ended.err
