"""Shorthands for what a test of collecting wants to know."""

from __future__ import annotations

from pathlib import Path

from bluehook.collect import Collection, Options, Repository
from bluehook.findings import Problem, SourceFile


def opened(path: Path) -> Repository:
    repository = Repository.find(path)
    assert repository is not None
    return repository


def by_path(collection: Collection) -> dict[str, SourceFile]:
    files = list(collection.files)
    found = {file.path: file for file in files}
    assert len(found) == len(files), "a file was collected twice"
    return found


def staged(path: Path, options: Options | None = None) -> tuple[dict[str, SourceFile], dict[str | None, Problem]]:
    """Files and problems of what is staged in the repository at a path."""
    collection = opened(path).staged(options or Options())
    files = by_path(collection)
    return files, {problem.path: problem for problem in collection.problems}


def lines(file: SourceFile) -> list[tuple[int, int]]:
    assert file.changed is not None
    return [(r.first, r.last) for r in file.changed]
