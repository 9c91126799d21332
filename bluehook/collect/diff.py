"""Reading git's machine formats: raw entries (``--raw -z``) and hunks (``-U0``). Pure functions over bytes.

The formats: https://git-scm.com/docs/diff-format and ``git-diff-index(1)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bluehook.collect.names import decoded
from bluehook.findings import LineRange

REGULAR = "100644"
EXECUTABLE = "100755"
SYMLINK = "120000"
SUBMODULE = "160000"

# Plumbing heeds none of the user's diff.* settings, but for these.
COMMON = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--find-renames", "--full-index")
RAW = (*COMMON, "--raw", "-z")
# --text: what is Python is decided by us, not by the attributes of the repository.
PATCH = (*COMMON, "--patch", "--unified=0", "--inter-hunk-context=0", "--text")

_INDEX = re.compile(rb"index ([0-9a-f]+)\.\.([0-9a-f]+)(?: |$)")
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")


class Change(NamedTuple):
    """One entry of a raw diff. Modes are octal text, ``old_path`` differs from ``path`` in a rename only.

    ``status`` is A, D, M, R, T (another type of file) or U (unmerged).
    """

    status: str
    path: str
    mode: str
    blob: str
    old_path: str
    old_mode: str
    old_blob: str

    @property
    def is_file(self) -> bool:
        """Whether a regular file results."""
        return self.mode in (REGULAR, EXECUTABLE)

    @property
    def was_file(self) -> bool:
        """Whether it was a regular file before."""
        return self.old_mode in (REGULAR, EXECUTABLE)


def parse_raw(output: bytes) -> list[Change]:
    """The entries of ``--raw -z`` output; no name can be misread, since nothing but NUL separates."""
    fields = iter(output.split(b"\0"))
    changes: list[Change] = []
    for head in fields:
        if not head:
            continue
        old_mode, mode, old_blob, blob, status = head.lstrip(b":").decode("ascii").split(" ")
        old_path = decoded(next(fields))
        path = decoded(next(fields)) if status[0] in "RC" else old_path
        changes.append(Change(status[0], path, mode, blob, old_path, old_mode, old_blob))
    return changes


def parse_hunks(output: bytes) -> dict[tuple[str, str], tuple[LineRange, ...]]:
    """The changed lines of each pair of blobs in ``-U0 --full-index`` output, as they are after the change.

    Keyed by the object ids before and after: unlike the names in the headers they need no unquoting, and equal
    pairs have equal changes. Content cannot pose as a header, since each line of it starts with ``+``, ``-`` or ``\\``.
    """
    hunks: dict[tuple[str, str], list[LineRange]] = {}
    current: list[LineRange] = []
    for line in output.split(b"\n"):
        if line.startswith(b"index ") and (index := _INDEX.match(line)):
            current = hunks[index[1].decode(), index[2].decode()] = []
        elif line.startswith(b"@@ ") and (hunk := _HUNK.match(line)):
            current.append(_changed(int(hunk[1]), int(hunk[2]) if hunk[2] else 1))
    return {pair: tuple(ranges) for pair, ranges in hunks.items()}


def _changed(first: int, count: int) -> LineRange:
    """A hunk's new side; where lines were only removed, git names the line before the gap."""
    return LineRange(first, first + count - 1) if count else LineRange(first + 1, first)


def chunks(changes: Iterable[Change], limit: int = 24_000) -> Iterator[list[Change]]:
    """Split so that the names of each chunk fit on a command line of any system: ``limit`` characters in all."""
    chunk: list[Change] = []
    size = 0
    for change in changes:
        length = len(change.path) + len(change.old_path) + 2
        if chunk and size + length > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(change)
        size += length
    if chunk:
        yield chunk
