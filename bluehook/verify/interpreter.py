"""The project's own Python, on which its code is attacked: found by looking at files, never by running it.

An interpreter that came with a repository is as untrusted as the rest of it; the first time that it runs is inside
the sandbox. What it needs to be shown there is worked out by :mod:`bluehook.verify.sandbox.views`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bluehook.findings import BluehookError

OLDEST, NEWEST = (3, 9), (3, 14)
"""The versions that the worker runs on."""

_FOLDERS = (".venv", "venv")
_OWN = "bluehook's own"


class Interpreter(NamedTuple):
    """A Python: its executable, and in words how it was found."""

    executable: Path
    origin: str

    @property
    def is_own(self) -> bool:
        """Whether bluehook's own had to do."""
        return self.origin == _OWN


def find(root: Path, given: Path | None, environment: Mapping[str, str]) -> Interpreter:
    """The Python for a project: the one that was named, the active environment's, the project's, one on the path, else
    bluehook's.

    :param root: the top of the project.
    :param given: an executable, or the folder of a virtual environment.
    :param environment: ``VIRTUAL_ENV``, ``CONDA_PREFIX`` and ``PATH`` are read; bluehook's own environment does not
        count, since pre-commit activates it for the hook.
    :raises BluehookError: the one that was named is not there, or is of a version that the worker does not run on.
    """
    if given is not None:
        executable = _executable(given) if given.is_dir() else given
        if executable is None or not os.access(executable, os.X_OK):
            raise BluehookError(f"{given}: there is no Python to attack with; give the path of python or of its venv")
        _check(executable)
        # Not resolved: a virtual environment is where its link stands. But the sandbox has no way through "..".
        return Interpreter(Path(os.path.abspath(executable)), "as named")  # noqa: PTH100
    for folder, origin in _places(root, environment):
        executable = _executable(folder)
        if executable is not None and _is_supported(executable):
            return Interpreter(executable, origin)
    return Interpreter(Path(sys.executable), _OWN)


def site_packages(executable: Path) -> list[Path]:
    """The folders that hold the interpreter's installed packages, as far as they are in their usual places."""
    prefixes = {executable.parent.parent, Path(os.path.realpath(executable)).parent.parent}
    found = [folder for prefix in prefixes for folder in prefix.glob("lib*/python3*/*-packages")]
    return sorted(folder for folder in found if folder.is_dir())


def version(executable: Path) -> tuple[int, int] | None:
    """Major and minor version, from ``pyvenv.cfg`` or the name of the executable that it is a link to."""
    config = executable.parent.parent / "pyvenv.cfg"
    try:
        found = re.search(r"(?m)^version(?:_info)?\s*=\s*(\d+)\.(\d+)", config.read_text("utf-8", "replace"))
    except OSError:
        found = None
    found = found or re.search(r"python(\d)\.(\d+)$", os.path.realpath(executable))
    return (int(found[1]), int(found[2])) if found else None


def _places(root: Path, environment: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        named = environment.get(name)
        if named and not _same(Path(named), Path(sys.prefix)):
            yield Path(named), name
    for folder in _FOLDERS:
        yield root / folder, folder
    # pre-commit puts its own in VIRTUAL_ENV, but the one that was active before is still on the path behind it.
    for entry in environment.get("PATH", "").split(os.pathsep):
        active = Path(entry).parent
        if entry and (active / "pyvenv.cfg").is_file() and not _same(active, Path(sys.prefix)):
            yield active, "PATH"


def _executable(folder: Path) -> Path | None:
    for name in ("python", "python3"):
        candidate = folder / "bin" / name
        if os.access(candidate, os.X_OK):
            return candidate.absolute()
    return None


def _is_supported(executable: Path) -> bool:
    found = version(executable)
    return found is None or OLDEST <= found <= NEWEST


def _check(executable: Path) -> None:
    if not _is_supported(executable):
        major, minor = version(executable) or (0, 0)
        oldest, newest = (".".join(map(str, each)) for each in (OLDEST, NEWEST))
        raise BluehookError(f"{executable} is Python {major}.{minor}; attacks run on {oldest} to {newest}")


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
