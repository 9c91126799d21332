"""What every way of collecting takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from bluehook.collect.kinds import has_python_ending, is_python, looks_binary, may_have_shebang
from bluehook.findings import LineRange, Problem, SourceFile

STAGE = "collect"


def nothing(path: str) -> bool:
    """Exclude no path."""
    return False


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Limits on what is collected. Python files are, or, where ``wanted`` is given, those whose path it says yes to.

    ``max_size`` in bytes: larger files are reported, not read. ``excluded`` is asked with the path of each file,
    relative to the root, before its contents are read. With ``offline``, git may not fetch objects that a partial
    clone lacks.
    """

    max_size: int = 2 * 1024 * 1024
    excluded: Callable[[str], bool] = nothing
    offline: bool = False
    wanted: Callable[[str], bool] | None = None

    def may_be_wanted(self, path: str, executable: bool) -> bool:
        """Whether the first bytes of a file are worth a look."""
        if self.wanted is not None:
            return self.wanted(path)
        return has_python_ending(path) or may_have_shebang(path, executable)

    def wants(self, path: str, head: bytes) -> bool:
        """Whether a file with these first bytes is one to collect."""
        return self.wanted(path) if self.wanted is not None else is_python(path, head)

    @property
    def what(self) -> str:
        """What is collected, for a remark."""
        return "Python source" if self.wanted is None else "text"


DEFAULTS = Options()


class Collection(msgspec.Struct):
    """Files to look at, and what is left out.

    ``files`` is walked once and reads each content when it is asked for, so that memory does not grow with their
    number; what cannot be read on the way is added to ``problems``, which is complete when the walk has ended.
    ``root`` is the absolute path that the paths of the files start from.
    """

    root: Path
    files: Iterator[SourceFile]
    problems: list[Problem]


def joined(root: Path, parts: Sequence[Collection]) -> Collection:
    """Several collections from one root as one, walked one after the other: the ranges of a push of several branches.

    A file that comes again with the same content and change comes once.
    """
    problems: list[Problem] = []

    def files() -> Iterator[SourceFile]:
        seen: set[tuple[str, str, tuple[LineRange, ...] | None]] = set()
        for part in parts:
            for file in part.files:
                key = (file.path, file.digest(), file.changed)
                if key not in seen:
                    seen.add(key)
                    yield file
            problems.extend(problem for problem in part.problems if problem not in problems)

    return Collection(root, files(), problems)


def skipped(path: str, reason: str) -> Problem:
    """A file that is left out on purpose; the reader loses nothing that was promised."""
    return Problem(stage=STAGE, reason=reason, path=path, incomplete=False)


def note(reason: str) -> Problem:
    """A remark on the collection as a whole."""
    return Problem(stage=STAGE, reason=reason, incomplete=False)


def unread(path: str, reason: str) -> Problem:
    """A file that should have been looked at and was not."""
    return Problem(stage=STAGE, reason=reason, path=path)


def too_large(path: str, size: int, options: Options) -> Problem:
    """The problem of a file of ``size`` bytes, over the limit of ``options``."""
    return unread(path, f"{size:,} bytes, over the limit of {options.max_size:,}; raise max-file-size or exclude it")


def checked(
    path: str,
    data: bytes,
    problems: list[Problem],
    changed: tuple[LineRange, ...] | None = None,
    before: str | None = None,
    what: str = "Python source",
) -> Iterator[SourceFile]:
    """The file as a :class:`SourceFile`, or nothing and a problem when its content is no text."""
    if looks_binary(data):
        problems.append(unread(path, f"binary content (or UTF-16), not {what}"))
    else:
        yield SourceFile(path=path, data=data, changed=changed, before=before)
