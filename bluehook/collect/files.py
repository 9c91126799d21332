"""Files by hand: paths, whole trees, standard input."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from bluehook.collect.collection import DEFAULTS, Collection, Options, checked, note, skipped, too_large, unread
from bluehook.collect.git import Repository
from bluehook.collect.kinds import SNIFFED, has_python_ending, is_notebook, is_python
from bluehook.collect.names import native, printable, relative
from bluehook.collect.walk import Report, walk
from bluehook.findings import BluehookError, Problem, SourceFile

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
# A pipe that takes the place of a file must not make us wait for a writer.
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def paths(named: Sequence[Path], root: Path, options: Options = DEFAULTS) -> Collection:
    """Files that are named, and the Python files of trees that are named, each once.

    Relative ones start at the current directory; the paths of the result start at ``root``. Within a git repository
    a tree is what git tracks, or would offer to track; elsewhere ``.gitignore`` files are read by us. A named file is
    looked at even if it is ignored, excluded or a link; a tree's links are not followed. Raises :class:`BluehookError`
    for a path that does not exist or is neither file nor directory.
    """
    top = root.resolve()
    targets = [_located(path) for path in named]
    problems: list[Problem] = []
    return Collection(top, _Reader(top, options, problems).read(targets), problems)


def standard_input(data: bytes, name: str = "<stdin>", options: Options = DEFAULTS) -> Collection:
    """The bytes of standard input as one Python file called ``name``, relative to the current directory."""
    problems: list[Problem] = []
    if len(data) > options.max_size:
        problems.append(too_large(name, len(data), options))
        return Collection(Path.cwd(), iter(()), problems)
    return Collection(Path.cwd(), checked(name, data, problems), problems)


def _located(path: Path) -> Path:
    """The path without links on the way; a file that is itself a link keeps its name."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return path.resolve()
        if stat.S_ISREG(mode):
            return path.parent.resolve() / path.name
    except (OSError, ValueError) as error:
        raise BluehookError(f"{printable(path)}: {_why_not(path, error)}") from error
    raise BluehookError(f"{printable(path)} is neither file nor directory; give its content on standard input with -")


def _why_not(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "a symbolic link that leads to itself"
    if isinstance(error, PermissionError):
        return f"cannot be read: {error.strerror}"
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return "a symbolic link to nothing"
    return "no such file or directory; check the spelling and the current directory"


class _Reader:
    """One run over paths: what it read already, and the problems on the way."""

    def __init__(self, root: Path, options: Options, problems: list[Problem]) -> None:
        self._root = root
        self._options = options
        self._problems = problems
        self._seen: set[str] = set()

    def read(self, targets: Sequence[Path]) -> Iterator[SourceFile]:
        """The files of all targets."""
        for target in targets:
            if target.is_dir():
                for entry in self._entries(target):
                    yield from self._entry(entry)
            else:
                yield from self._named(target)

    def _entries(self, directory: Path) -> Iterator[Path]:
        listed = self._listed_by_git(directory)
        # A tree that is ignored as a whole was still asked for.
        return iter(listed) if listed else walk(directory, Report(self._skip, self._fail))

    def _listed_by_git(self, directory: Path) -> list[Path]:
        try:
            repository = Repository.find(directory)
            if repository is None or repository.bare:
                return []
            return list(self._real(repository.root, repository.tree(directory)))
        except BluehookError as error:
            self._problems.append(note(f"{error} (went through {printable(directory)} without git)"))
            return []

    def _real(self, root: Path, names: Sequence[str]) -> Iterator[Path]:
        """Where listed names are; git also lists what lies behind a directory that has become a link since."""
        real: dict[str, bool] = {}
        for name in names:
            folder = name.rpartition("/")[0]
            if folder not in real:
                above = root / native(folder)
                real[folder] = above.resolve() == above
            if real[folder]:
                yield root / native(name)
            else:
                self._skip(root / native(name), "behind a symbolic link")

    def _named(self, path: Path) -> Iterator[SourceFile]:
        name = relative(path, self._root)
        if name in self._seen:
            return
        self._seen.add(name)
        if is_notebook(name) and self._options.wanted is None:
            self._problems.append(skipped(name, "a notebook; only Python source is looked at"))
            return
        data = self._content(path, name, _READ, named=True)
        if data is not None and self._options.wanted is None and not is_python(name, data[:SNIFFED]):
            self._problems.append(skipped(name, "not Python: neither its ending nor a #! line says so"))
        elif data is not None:
            yield from checked(name, data, self._problems, what=self._options.what)

    def _entry(self, path: Path) -> Iterator[SourceFile]:
        name = relative(path, self._root)
        if name in self._seen or self._options.excluded(name):
            return
        self._seen.add(name)
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return  # tracked, and deleted in the working tree
        except OSError as error:
            self._fail(path, error)
            return
        if stat.S_ISLNK(mode):
            self._link(path)
        elif stat.S_ISDIR(mode):
            self._skip(path, "a submodule or a repository of its own; name it to have it scanned")
        elif is_notebook(name) and self._options.wanted is None:
            self._skip(path, "a notebook; only Python source is looked at")
        elif not stat.S_ISREG(mode):
            if self._expected(path):
                self._skip(path, "not a regular file")
        elif self._options.may_be_wanted(name, bool(mode & 0o111)):
            data = self._content(path, name, _READ | _NO_FOLLOW)
            if data is not None and self._options.wants(name, data[:SNIFFED]):
                yield from checked(name, data, self._problems, what=self._options.what)

    def _link(self, path: Path) -> None:
        """Say where code may lie that is not looked at; a link within the tree has its target looked at anyway."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
            if self._expected(path):
                self._skip(path, "a symbolic link to nothing, or to itself")
            return
        if not target.is_relative_to(self._root) and (self._expected(path) or target.is_dir()):
            self._skip(path, "a symbolic link out of the tree")

    def _expected(self, path: Path) -> bool:
        """Whether somebody who reads its name would have it looked at."""
        wanted = self._options.wanted
        return has_python_ending(path.name) if wanted is None else wanted(relative(path, self._root))

    def _content(self, path: Path, name: str, flags: int, *, named: bool = False) -> bytes | None:
        """The bytes of a regular file, or its first ones if these show that it is not Python; else a problem."""
        try:
            with os.fdopen(os.open(path, flags), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    self._skip(path, "not a regular file")
                    return None
                head = file.read(SNIFFED)
                if not (self._options.wants(name, head) or (named and self._options.wanted is not None)):
                    return head
                if status.st_size > self._options.max_size:
                    self._problems.append(too_large(name, status.st_size, self._options))
                    return None
                return head + file.read(self._options.max_size)
        except OSError as error:
            self._fail(path, error)
            return None

    def _skip(self, path: Path, reason: str) -> None:
        self._problems.append(skipped(relative(path, self._root), reason))

    def _fail(self, path: Path, error: OSError) -> None:
        self._problems.append(unread(relative(path, self._root), f"cannot be read: {error.strerror}"))
