"""Whether what files import is there on the interpreter that they are attacked on: looked up by name, nothing runs.

A module that is missing has a stand-in inside the sandbox, which shows less than the real one. Whoever reads the
report is told of it, since the project's packages are seldom where a hook's own environment is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from bluehook.verify.interpreter import Interpreter, site_packages

_IMPORT = re.compile(rb"^(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([^\n#;]+))", re.MULTILINE)
"""At the left margin only: what stands in a ``try`` or below ``TYPE_CHECKING`` the file can do without."""

_NAME = re.compile(rb"\s*([A-Za-z_]\w*)")
_ENDINGS = (".py", ".so", ".pyd")
_MOST_NAMED = 4
_GONE = frozenset(
    {"asynchat", "asyncore", "cgi", "crypt", "distutils", "imp", "pipes", "smtpd", "telnetlib", "urllib2", "urlparse"}
)
"""Modules of other versions of the standard library: no package brings them."""


def missing(root: Path, python: Path, files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The modules that each file imports whatever happens and that are neither the standard library's, nor the
    project's, nor installed; files that lack nothing are left out.

    :param files: the text of each file by its path below ``root``.
    """
    found: dict[str, list[str]] = {}
    there = _installed(python)
    for path, data in files.items():
        names = sorted(
            name
            for name in set(_imported(data)) - sys.stdlib_module_names - _GONE - there
            if not _is_own(root, path, name)
        )
        if names:
            found[path] = names
    return found


def sentence(python: Interpreter, names: Iterable[str]) -> str:
    """What is missing where, and what to do about it, on one line."""
    unique = sorted(set(names))
    told = ", ".join(unique[:_MOST_NAMED]) + (f" and {len(unique) - _MOST_NAMED} more" if unique[_MOST_NAMED:] else "")
    lacks = "is not installed" if len(unique) == 1 else "are not installed"
    return (
        f"attacked on {python.executable} ({python.origin}), where {told} {lacks}: stand-ins took their place and show "
        "less. Name the project's own Python with verify.python or --python, activate its environment, or let "
        "pre-commit install them (additional_dependencies)"
    )


def _imported(data: bytes) -> Iterator[str]:
    for package, listed in _IMPORT.findall(data):
        if package:
            yield package.decode("ascii")
            continue
        for part in listed.split(b","):
            name = _NAME.match(part)
            if name is not None:
                yield name[1].decode("ascii")


@cache
def _installed(python: Path) -> frozenset[str]:
    """The names of all modules beside and below the interpreter's packages, those of editable installs among them."""
    own = python.parent.parent
    settings = _text(own / "pyvenv.cfg").replace(" ", "").lower()
    shut = settings and "include-system-site-packages=true" not in settings
    names: set[str] = set()
    for folder in site_packages(python):
        if shut and not folder.is_relative_to(own):
            continue
        for entry in _listed(folder):
            if entry.suffix == ".pth":
                names |= {each for place in _linked(entry) for each in _modules(place)}
            elif entry.name.startswith("__editable__"):
                names |= set(re.findall(r"'([A-Za-z_]\w*)': ", _text(entry)))
        names |= set(_modules(folder))
    return frozenset(names)


def _modules(folder: Path) -> Iterator[str]:
    for entry in _listed(folder):
        if entry.suffix in _ENDINGS or "." not in entry.name:
            yield entry.name.partition(".")[0]


def _linked(path: Path) -> Iterator[Path]:
    """The folders that a ``.pth`` file adds."""
    for line in _text(path).splitlines():
        if line.strip() and not line.startswith(("#", "import ", "import\t")):
            yield path.parent / line.strip()


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _is_own(root: Path, path: str, name: str) -> bool:
    """Whether a file of the project may mean another one of its files: one in any folder above it, or below ``src``."""
    above = [root / folder for folder in Path(path).parents]
    return any((folder / each).exists() for folder in (*above, root / "src") for each in (name, f"{name}.py"))
