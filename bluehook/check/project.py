"""The project around a function, as far as somebody who judges the function needs it: who calls it, whom it calls.

Files are read from what is scanned and, where that says nothing of them, from the project's folder; nothing is run.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from bluehook.config import DEFAULT_FOLDERS
from bluehook.findings import SourceFile
from bluehook.parse import Class, Function, ParsedFile, parse

_MOST_FILES = 3_000
_LARGEST = 512 * 1024
_MOST_CALLERS = 3
_MOST_CALLEES = 6
_AROUND = 8
"""Lines shown before and after a call in a function that is too long to show."""
_WHOLE = 40


class Shown(msgspec.Struct, frozen=True):
    """A piece of source to show: its file, what it is (``calls shop.db.find``), its text."""

    path: str
    title: str
    text: str


class Project:
    """The Python files below ``root``; ``contents`` are those that are scanned, by path. May be used from threads."""

    def __init__(self, root: Path, contents: Mapping[str, bytes]) -> None:
        self._root = root
        self._contents = contents
        self._parsed: dict[str, ParsedFile | None] = {}
        self._paths: list[str] | None = None
        self._lock = threading.RLock()

    def file(self, path: str) -> ParsedFile | None:
        """A file of the project, or ``None`` where there is none that can be read."""
        with self._lock:
            if path not in self._parsed:
                data = self._read(path)
                self._parsed[path] = parse(SourceFile(path=path, data=data)) if data is not None else None
            return self._parsed[path]

    def function(self, name: str, near: str) -> Shown | None:
        """The function that code in the file ``near`` calls by a name (``helper``, ``module.helper``, ``Class.m``)."""
        wanted = re.sub(r"\(.*", "", name.strip()).removeprefix("self.").removeprefix("cls.")
        if not re.fullmatch(r"[\w.]{1,200}", wanted):
            return None
        with self._lock:
            file = self.file(near)
            if file is None:
                return None
            found = _named(file, wanted)
            if found is not None:
                return Shown(near, f"defines {wanted}", _text(file, found))
            return self._elsewhere(file, wanted)

    def callees(self, file: ParsedFile, function: Function) -> list[Shown]:
        """Functions of the project that a function calls, in the order of the calls."""
        found: dict[str, Shown] = {}
        with self._lock:
            for call in file.calls:
                if call.enclosing is not function or len(found) == _MOST_CALLEES:
                    continue
                name = call.name.lstrip(".") if call.receiver in ("self", "cls") else call.name
                if name.startswith(".") or "()" in name or name in found:
                    continue
                shown = self.function(name, file.path)
                if shown is not None and shown.text != _text(file, function):
                    found[name] = shown
        return list(found.values())

    def callers(self, file: ParsedFile, function: Function) -> list[Shown]:
        """Functions of the project that call a function by its name, those of its own file first."""
        name = function.name
        if function.entry is not None or len(name) < 3 or name.startswith("__"):
            return []
        mention = re.compile(rb"\b" + re.escape(name).encode() + rb"\s*\(")
        found: list[Shown] = []
        with self._lock:
            for path in self._near(file.path):
                data = self._read(path)
                if data is None or not mention.search(data):
                    continue
                other = self.file(path)
                if other is None:
                    continue
                for call in other.calls:
                    around = call.enclosing
                    if call.name.rpartition(".")[2] != name or around is None or around.qualname == function.qualname:
                        continue
                    shown = Shown(path, f"{around.qualname} calls {name}", _around(other, around, call.location.line))
                    if shown not in found:
                        found.append(shown)
                    if len(found) == _MOST_CALLERS:
                        return found
        return found

    def _elsewhere(self, file: ParsedFile, name: str) -> Shown | None:
        """A function by its dotted name: its module is a file of the project."""
        module, _, last = name.rpartition(".")
        dots = len(module) - len(module.lstrip("."))
        base = PurePosixPath(file.path).parent
        for _ in range(max(0, dots - 1)):
            base = base.parent
        parts = [part for part in module.split(".") if part]
        if not parts and not dots:
            return None
        bases = [base] if dots else [PurePosixPath(), PurePosixPath("src"), base]
        for start in bases:
            for place in (start.joinpath(*parts).with_suffix(".py"), start.joinpath(*parts, "__init__.py")):
                other = self.file(str(place)) if parts or place.name == "__init__.py" else None
                found = _named(other, last) if other is not None else None
                if other is not None and found is not None:
                    return Shown(other.path, f"defines {name}", _text(other, found))
        return None

    def _near(self, path: str) -> Iterator[str]:
        """The file itself, the files that are scanned, then the rest of the project."""
        yield path
        yield from (each for each in self._contents if each != path)
        if self._paths is None:
            self._paths = list(self._walk())
        yield from (each for each in self._paths if each != path and each not in self._contents)

    def _walk(self) -> Iterator[str]:
        left = _MOST_FILES
        for folder, names, files in os.walk(self._root):
            names[:] = sorted(name for name in names if name not in DEFAULT_FOLDERS and not name.startswith("."))
            for name in sorted(files):
                if name.endswith(".py") and left:
                    left -= 1
                    yield Path(folder, name).relative_to(self._root).as_posix()

    def _read(self, path: str) -> bytes | None:
        if path in self._contents:
            return self._contents[path]
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts:
            return None
        with contextlib.suppress(OSError, ValueError):
            real = self._root / place
            # A link could lead to any file of the machine, and from there into a prompt.
            inside = os.path.realpath(real).startswith(os.path.realpath(self._root) + os.sep)
            if inside and real.is_file() and real.stat().st_size <= _LARGEST:
                return real.read_bytes()
        return None


def _named(file: ParsedFile, name: str) -> Function | Class | None:
    """A function by its qualname, a method by its last name where there is only one, or a short class."""
    for each in file.functions:
        if each.qualname == name:
            return each
    methods = [each for each in file.functions if each.is_method and each.name == name]
    if len(methods) == 1:
        return methods[0]
    return next(
        (each for each in file.classes if each.qualname == name and each.last_line - each.first_line < _WHOLE), None
    )


def _text(file: ParsedFile, item: Function | Class) -> str:
    return "\n".join(file.text.split("\n")[item.first_line - 1 : item.last_line])


def _around(file: ParsedFile, function: Function, line: int) -> str:
    """A function, or where it is long its head and the lines around one of them."""
    lines = file.text.split("\n")
    if function.last_line - function.first_line < _WHOLE:
        return _text(file, function)
    first = max(function.first_line + 2, line - _AROUND)
    last = min(function.last_line, line + _AROUND)
    head = lines[function.first_line - 1 : function.first_line + 1]
    return "\n".join([*head, "    # (lines left out)", *lines[first - 1 : last]])
