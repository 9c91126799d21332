"""The constitutions in force: the shipped set, and beside it what the project brings.

A project's file can come from a pull request, so it may only add suspicion. It never takes the place of a shipped one:
one with the same id stands beside it, is found with it, and says nothing about what is safe. Shipped and project's are
ranked apart. Forms of a project suspect at most, and whatever would lower a verdict asks :attr:`Library.shipped`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from bluehook import resources
from bluehook.findings import BluehookError, Problem
from bluehook.knowledge.model import Constitution, Origin, Task
from bluehook.knowledge.rank import Embed, Match, Ranking, Span
from bluehook.knowledge.read import MAX_BYTES, read

DEFAULT_FOLDER = ".bluehook/constitutions"
"""Where a project keeps its own, relative to the folder of its configuration."""

_MOST_FILES = 300
_STAGE = "knowledge"


class Library:
    """Some constitutions, the shipped ones first, each by id; ``problems`` are project files that could not be read.

    ``embed`` turns texts into vectors, where an endpoint for that is configured.
    """

    def __init__(
        self, constitutions: Iterable[Constitution], problems: Iterable[Problem] = (), embed: Embed | None = None
    ) -> None:
        held = sorted(constitutions, key=lambda each: (each.origin != "package", each.task, each.id))
        self.constitutions = tuple(held)
        self.problems = tuple(problems)
        self._embed = embed
        self._rankings: dict[tuple[Origin, Task | None], Ranking] = {}

    @cached_property
    def shipped(self) -> Library:
        """This library without what the project brought: what anything that lowers a verdict must ask."""
        return Library([each for each in self.constitutions if each.origin == "package"], embed=self._embed)

    @cached_property
    def digest(self) -> str:
        """What answers given in its light depend on: 16 hexadecimal digits."""
        return hashlib.sha256("".join(each.digest for each in self.constitutions).encode()).hexdigest()[:16]

    def get(self, name: str) -> tuple[Constitution, ...]:
        """Those of this id: the shipped one, and the project's beside it."""
        return tuple(each for each in self.constitutions if each.id == name)

    def with_embeddings(self, embed: Embed) -> Library:
        """The same constitutions, found by their vectors as well."""
        return Library(self.constitutions, self.problems, embed)

    def retrieve(self, span: Span, k: int = 3) -> list[Match]:
        """The ``k`` shipped constitutions that speak most of a span, then at most ``k`` of the project's.

        A project's with the id of a shipped one that was found comes along first.
        """
        found = self._ranking("package", span.task).best(span, k)
        ids = {match.constitution.id for match in found}
        own = self._ranking("project", span.task).best(span, len(self.constitutions))
        own.sort(key=lambda match: match.constitution.id not in ids)
        return found + own[:k]

    def _ranking(self, origin: Origin, task: Task | None) -> Ranking:
        """One for each origin and task: how rare a word is among pages on code says nothing of requests."""
        known = self._rankings.get((origin, task))
        if known is None:
            held = [each for each in self.constitutions if each.origin == origin and task in (None, each.task)]
            known = self._rankings[origin, task] = Ranking(held, self._embed)
        return known


def load(project: Path | None = None, folder: str = DEFAULT_FOLDER, embed: Embed | None = None) -> Library:
    """The shipped set, with what ``folder`` of the ``project`` adds; a folder that is not there adds nothing.

    A project's file that is not in order is left out and told in ``Library.problems``.

    :raises BluehookError: a shipped file is not in order.
    """
    found = [read(data, name, "package") for name, data in shipped_files()]
    problems: list[Problem] = []
    if project is not None:
        own, problems = of_project(project, project / folder)
        ids = {each.id for each in found}
        found += [without_safety(each) if each.id in ids else each for each in own]
    return Library(found, problems, embed)


def shipped_files() -> list[tuple[str, bytes]]:
    """Name and bytes of each shipped file, in a fixed order."""
    root = resources.folder("constitutions")
    return [(file.relative_to(root.parent).as_posix(), file.read_bytes()) for file in sorted(root.glob("*/*.yaml"))]


def project_files(folder: Path) -> list[tuple[str, bytes]]:
    """Name and bytes of each file of a project's folder that could be read, in a fixed order."""
    found = []
    for file in [] if folder.is_symlink() else files(folder)[:_MOST_FILES]:
        try:
            if stat.S_ISREG(file.lstat().st_mode):
                found.append((file.relative_to(folder).as_posix(), file.read_bytes()[: MAX_BYTES + 1]))
        except OSError:
            continue
    return found


def without_safety(constitution: Constitution) -> Constitution:
    """A constitution that says only what is unsafe: all that a project may say about what is shipped."""
    return msgspec.structs.replace(constitution, safe=())


def files(folder: Path) -> list[Path]:
    """The files of a folder that should hold constitutions, at any depth, sorted; symbolic links are not followed."""
    found: list[Path] = []
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not (Path(directory) / name).is_symlink())
        found += [Path(directory) / name for name in names if name.endswith((".yaml", ".yml"))]
        if len(found) > _MOST_FILES:
            break
    return sorted(found)


def read_file(file: Path, name: str, origin: Origin) -> Constitution:
    """The constitution in a file.

    :raises BluehookError: it cannot be read, or is none; see :func:`read`.
    """
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise BluehookError(f"{name}: not a regular file.")
        if status.st_size > MAX_BYTES:
            raise BluehookError(f"{name}: larger than {MAX_BYTES} bytes; a constitution is a page, split it.")
        data = file.read_bytes()
    except OSError as error:
        raise BluehookError(f"{name}: cannot be read: {error.strerror or error}.") from error
    return read(data, name, origin)


def of_project(root: Path, folder: Path) -> tuple[list[Constitution], list[Problem]]:
    """A project's own, by themselves, and a problem for each file that is not in order; names start at ``root``."""
    if folder.is_symlink() or not folder.is_dir():
        return [], []
    found, problems = [], []
    listed = files(folder)
    if len(listed) > _MOST_FILES:
        problems.append(Problem(_STAGE, f"more than {_MOST_FILES} constitutions; the rest was not read", str(folder)))
    seen: set[str] = set()
    for file in listed[:_MOST_FILES]:
        name = _relative(file, root)
        try:
            each = read_file(file, name, "project")
            if each.id in seen:
                raise BluehookError(f"{name}: id: a second constitution of this project is called {each.id!r}")
            seen.add(each.id)
            found.append(each)
        except BluehookError as error:
            problems.append(Problem(_STAGE, _without_name(str(error), name), name))
    return found, problems


def _without_name(sentence: str, name: str) -> str:
    """An error's sentence for a problem that names the file already: ``line 3: safe: ...``."""
    rest = sentence.removeprefix(name).lstrip(": ")
    return f"line {rest}" if rest[:1].isdigit() else rest


def _relative(file: Path, root: Path) -> str:
    try:
        return file.relative_to(root).as_posix()
    except ValueError:
        return file.as_posix()


def lint(paths: Sequence[Path]) -> list[tuple[str, str | None]]:
    """Each file that is named or lies in a folder that is named, with what is wrong with it, or ``None``.

    Shipped files are held to what shipped files may do, all others to what a project's may.
    """
    shipped = resources.folder("constitutions").resolve()
    told: list[tuple[str, str | None]] = []
    for path in paths:
        for file in files(path) if path.is_dir() else [path]:
            origin: Origin = "package" if file.resolve().is_relative_to(shipped) else "project"
            try:
                read_file(file, file.as_posix(), origin)
            except BluehookError as error:
                told.append((file.as_posix(), str(error)))
            else:
                told.append((file.as_posix(), None))
    return told
