"""From the entries of a diff to files with their contents and changed lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bluehook.collect import diff
from bluehook.collect.blobs import Blob, BlobReader, open_blobs
from bluehook.collect.collection import Options, checked, skipped, too_large, unread
from bluehook.collect.command import Git
from bluehook.collect.diff import Change
from bluehook.collect.kinds import SNIFFED, has_python_ending, is_notebook, is_python, may_have_shebang
from bluehook.collect.names import native
from bluehook.findings import LineRange, Problem, SourceFile

_Hunks = dict[tuple[str, str], tuple[LineRange, ...]]


class _Python(NamedTuple):
    """A changed Python file; ``before`` is the blob that it changed from, if that was Python too."""

    change: Change
    before: str | None


def choose(found: Iterable[Change], options: Options, problems: list[Problem]) -> list[Change]:
    """The changes that may be of files to collect, by what the entries alone say; the rest is named in ``problems``."""
    return [change for change in found if not options.excluded(change.path) and _may_be(change, options, problems)]


def _may_be(change: Change, options: Options, problems: list[Problem]) -> bool:
    path = change.path
    if change.status == "U":
        problems.append(unread(path, "in conflict; resolve it and stage the result"))
    elif change.mode == diff.SUBMODULE:
        problems.append(skipped(path, "a submodule, to be looked at in its own repository"))
    elif change.mode == diff.SYMLINK and (options.wanted or has_python_ending)(path):
        problems.append(skipped(path, "a symbolic link"))
    elif change.is_file and is_notebook(path) and options.wanted is None:
        problems.append(skipped(path, "a notebook; only Python source is looked at"))
    elif change.is_file:
        return options.may_be_wanted(path, change.mode == diff.EXECUTABLE)
    return False


def read(
    git: Git, patch: Sequence[str], wanted: Sequence[Change], options: Options, problems: list[Problem]
) -> Iterator[SourceFile]:
    """The Python files among ``wanted``, contents and old contents' names out of the object store.

    ``patch`` is the git command that prints the hunks of a chunk of files. One process serves all objects.
    """
    if not wanted:
        return
    with open_blobs(git) as blobs:
        for chunk in diff.chunks(wanted):
            python = [file for change in chunk if (file := _recognise(blobs, change, options, problems))]
            hunks = _hunks(git, patch, python)
            for change, before in python:
                blob = _found(blobs, change, options.max_size, problems)
                if blob is not None:
                    changed = _changed_lines(before, change.blob, hunks)
                    yield from checked(change.path, blob.data, problems, changed, before, options.what)


def _found(blobs: BlobReader, change: Change, limit: int, problems: list[Problem]) -> Blob | None:
    blob = blobs.read(change.blob, limit)
    if blob is None:
        problems.append(unread(change.path, f"git object {change.blob} is missing (partial clone?); git fetch it"))
    return blob


def _recognise(blobs: BlobReader, change: Change, options: Options, problems: list[Problem]) -> _Python | None:
    head = _found(blobs, change, SNIFFED, problems)
    if head is None or not options.wants(change.path, head.data):
        return None
    if head.size > options.max_size:
        problems.append(too_large(change.path, head.size, options))
        return None
    return _Python(change, change.old_blob if _was_wanted(blobs, change, options) else None)


def _was_wanted(blobs: BlobReader, change: Change, options: Options) -> bool:
    """Whether it was looked at before as well; else all of it is new to us."""
    if not change.was_file:
        return False
    if options.wanted is not None:
        return options.wanted(change.old_path)
    if has_python_ending(change.old_path):
        return True
    if not may_have_shebang(change.old_path, change.old_mode == diff.EXECUTABLE):
        return False
    head = blobs.read(change.old_blob, SNIFFED)
    return head is not None and is_python(change.old_path, head.data)


def _hunks(git: Git, patch: Sequence[str], python: Sequence[_Python]) -> _Hunks:
    edited = [file.change for file in python if file.before and file.before != file.change.blob]
    if not edited:
        return {}
    # Of a rename both names, so that git pairs them again.
    names = sorted({native(name) for change in edited for name in (change.path, change.old_path)})
    return diff.parse_hunks(git.output(*patch, "--", *names))


def _changed_lines(before: str | None, blob: str, hunks: _Hunks) -> tuple[LineRange, ...] | None:
    if before is None:
        return None
    if before == blob:
        return ()
    # Among fewer candidates git may pair a rename otherwise than before: then all of the file counts as changed.
    return hunks.get((before, blob))
