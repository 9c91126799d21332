"""Trees that git knows nothing of: walked by hand, ``.gitignore`` files respected, links never followed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pathspec

_REPOSITORIES = frozenset({".git", ".hg", ".svn"})
_LARGEST_IGNORE_FILE = 1 << 20


class _Rules(NamedTuple):
    """The patterns of one ``.gitignore``, and how many characters of a path lie above it."""

    above: int
    spec: pathspec.GitIgnoreSpec


class Report(NamedTuple):
    """Where the walk tells what it leaves out: a directory on purpose, one that it cannot read."""

    skipped: Callable[[Path, str], None]
    failed: Callable[[Path, OSError], None]


def walk(top: Path, report: Report) -> Iterator[Path]:
    """All entries below ``top`` but directories, sorted within each directory, symbolic links among them.

    Left out is what the ``.gitignore`` files at and below ``top`` say, repositories' own folders, and virtual
    environments (told by their ``pyvenv.cfg``): those hold other people's code.
    """
    pending: list[tuple[Path, tuple[_Rules, ...]]] = [(top, ())]
    prefix = len(os.fspath(top).rstrip(os.sep)) + 1
    while pending:
        directory, inherited = pending.pop()
        try:
            with os.scandir(directory) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            report.failed(directory, error)
            continue
        if directory != top and any(entry.name == "pyvenv.cfg" for entry in entries):
            report.skipped(directory, "a virtual environment")
            continue
        rules = (*inherited, *_own_rules(entries, directory, prefix))
        below: list[tuple[Path, tuple[_Rules, ...]]] = []
        for entry in entries:
            is_directory = entry.is_dir(follow_symlinks=False)
            if entry.name in _REPOSITORIES or _ignored(entry.path[prefix:], is_directory, rules):
                continue
            if is_directory:
                below.append((Path(entry.path), rules))
            else:
                yield Path(entry.path)
        pending.extend(reversed(below))


def _own_rules(entries: Sequence[os.DirEntry[str]], directory: Path, prefix: int) -> Iterator[_Rules]:
    for entry in entries:
        if entry.name == ".gitignore" and entry.is_file(follow_symlinks=False):
            above = len(os.fspath(directory)) + 1 - prefix
            yield _Rules(max(0, above), _parse(Path(entry.path)))


def _parse(path: Path) -> pathspec.GitIgnoreSpec:
    import pathspec

    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_IGNORE_FILE).decode("utf-8", "surrogateescape")
    except OSError:
        text = ""
    return pathspec.GitIgnoreSpec.from_lines(line for line in text.splitlines() if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    """Whether a line makes sense; git passes over those that do not."""
    import pathspec

    try:
        pathspec.GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _ignored(path: str, is_directory: bool, rules: Sequence[_Rules]) -> bool:
    """The nearest file that has a word on the path decides, as in gitignore(5)."""
    for above, spec in reversed(rules):
        name = path[above:].replace(os.sep, "/") + ("/" if is_directory else "")
        include = spec.check_file(name).include
        if include is not None:
            return include
    return False
