"""The other files of the project: which one an import means, read from the working tree, or as staged, when a value
leads there.

What was asked for is noted with its answer, so that what was concluded from it can be told to be out of date.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bluehook.findings import SourceFile
from bluehook.parse import ParsedFile, parse

_LARGEST = 512 * 1024
_MOST_ANCESTORS = 8
_MOST_FILES = 400
"""Files that are kept parsed."""


_JOINT = "\0"


def head_of(dotted: str) -> str:
    """The first name: where nothing of that name is in the project, the rest does not matter."""
    return re.sub(r"(?<=\w)\..*", "", dotted)


class Meant(NamedTuple):
    """A file below the root, and the names behind the module's."""

    path: str
    names: tuple[str, ...]


class Neighbours:
    """The files below a root, by what other files import.

    ``given`` are files that stand for what lies there: what is staged may differ from the working tree.
    """

    def __init__(self, root: Path, given: Iterable[ParsedFile] = ()) -> None:
        self._root = root
        self._given = {file.path: file for file in given}
        self._listed: dict[PurePosixPath, tuple[frozenset[str], frozenset[str]]] = {}
        self._files: dict[str, ParsedFile | None] = {}

    def find(self, importer: str, dotted: str) -> Meant | None:
        """The file that a dotted name of an importing file leads to; relative ones begin with dots."""
        names = tuple(dotted.lstrip(".").split("."))
        level = len(dotted) - len(dotted.lstrip("."))
        if not level and names[0] in sys.stdlib_module_names:
            return None
        folder = PurePosixPath(importer).parent
        for base in self._above(folder, level - 1) if level else self._bases(folder):
            found = self._below(base, names)
            if found is not None and found.path != importer:
                return found
        return None

    def file(self, path: str) -> ParsedFile | None:
        """A file, parsed; ``None`` where it is too large, no plain file or outside the root."""
        if path in self._given:
            return self._given[path]
        if path not in self._files:
            if len(self._files) >= _MOST_FILES:
                self._files.clear()
            self._files[path] = self._read(path)
        return self._files[path]

    def ask(self, importer: str, dotted: str) -> tuple[str, str]:
        """A question, and its answer as of now: path and digest of the file, empty where the name means none."""
        found = self.find(importer, dotted)
        file = self.file(found.path) if found is not None else None
        answer = f"{file.path} {file.source.digest()}" if file is not None else ""
        return f"{importer}{_JOINT}{dotted}", answer

    def missing(self, file: ParsedFile) -> dict[str, str]:
        """The imports of a file that mean nothing here so far, as questions with their answer."""
        unknown = {head_of(name) for name in file.imports.values() if self.find(file.path, name) is None}
        return dict(self.ask(file.path, name) for name in sorted(unknown))

    def still_holds(self, question: str, answer: str) -> bool:
        """Whether a question has the same answer as it had."""
        importer, _, dotted = question.partition(_JOINT)
        return self.ask(importer, dotted)[1] == answer

    @cached_property
    def _real_root(self) -> Path:
        return self._root.resolve()

    def _read(self, path: str) -> ParsedFile | None:
        try:
            real = (self._root / path).resolve()
            if not real.is_relative_to(self._real_root) or not real.is_file() or real.stat().st_size > _LARGEST:
                return None
            return parse(SourceFile(path=path, data=real.read_bytes()))
        except (OSError, ValueError):
            return None

    def _above(self, folder: PurePosixPath, steps: int) -> Iterator[PurePosixPath]:
        if steps < len(folder.parts) or not steps:
            yield folder if not steps else folder.parents[steps - 1]

    def _bases(self, folder: PurePosixPath) -> Iterator[PurePosixPath]:
        """Where an absolute import may begin: folders above that are no packages, the nearest first."""
        for base in (folder, *folder.parents)[:_MOST_ANCESTORS]:
            if "__init__.py" not in self._content(base)[0]:
                yield base
                if "src" in self._content(base)[1]:
                    yield base / "src"

    def _below(self, base: PurePosixPath, names: tuple[str, ...]) -> Meant | None:
        for at, name in enumerate(names):
            files, folders = self._content(base)
            if name in folders and "__init__.py" in self._content(base / name)[0]:
                base = base / name
            elif f"{name}.py" in files:
                return Meant(str(base / f"{name}.py"), names[at + 1 :])
            elif name in folders and at + 1 < len(names):
                base = base / name
            else:
                return self._package(base, names[at:]) if at or "__init__.py" in files else None
        return self._package(base, ())

    def _package(self, folder: PurePosixPath, rest: tuple[str, ...]) -> Meant | None:
        has_body = "__init__.py" in self._content(folder)[0] and rest
        return Meant(str(folder / "__init__.py"), rest) if has_body else None

    def _content(self, folder: PurePosixPath) -> tuple[frozenset[str], frozenset[str]]:
        """The names of the Python files and of the folders in a folder."""
        if folder not in self._listed:
            files, folders = set(), set()
            try:
                with os.scandir(self._root / folder) as entries:
                    for entry in entries:
                        if entry.name.endswith(".py"):
                            files.add(entry.name)
                        elif entry.is_dir(follow_symlinks=False):
                            folders.add(entry.name)
            except (OSError, ValueError):
                pass
            self._listed[folder] = frozenset(files), frozenset(folders)
        return self._listed[folder]
