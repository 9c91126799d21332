"""Detectors, found by name; whatever one of them sees becomes a ``Detection`` with its evidence.

Every module and package in this folder is a detector, with a module-level ``detector`` that fulfils :class:`Detector`;
a new one is added by being put here. Names are listed without importing anything, modules are imported when they run.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from bluehook.findings import Detection, Problem

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a detector may be told.

    ``cache`` is a directory for compiled rules, ``root`` where other files of the project are read (``None``:
    nowhere), ``rules`` are folders of the user's own Semgrep rules, ``sanitizers`` dotted names of functions whose
    result is clean, ``constitutions`` the project's folder of its own (there or not), ``timeout`` seconds for one rule
    on one file, ``jobs`` processes.
    """

    cache: Path | None = None
    root: Path | None = None
    rules: tuple[Path, ...] = ()
    sanitizers: tuple[str, ...] = ()
    constitutions: Path | None = None
    timeout: float = 5.0
    jobs: int = 1


class Report(msgspec.Struct):
    """What one detector has to say about some files: detections in no particular order, and what it could not do.

    A problem with ``incomplete`` and a path says that this file was not fully looked at; one without a path says so of
    every file that it was given. ``leans`` is, by file, what was asked of other files and the answers: where one of
    them changed, what was said of the file no longer holds.
    """

    detections: list[Detection] = []
    problems: list[Problem] = []
    leans: dict[str, dict[str, str]] = {}


class Detector(Protocol):
    """An engine behind one face."""

    name: str
    own_process: bool
    """Whether it runs as a program of its own, so that worker processes would not make it faster."""

    def version(self, settings: Settings) -> str:
        """Everything that its answers depend on besides the file: engine and rule versions, settings."""

    def unavailable(self) -> str | None:
        """Why it cannot run here, or ``None``. Cheap: looks, but starts nothing."""

    def wants(self, file: ParsedFile) -> bool:
        """Whether any of its rules could match; cheap, and never false for a file that a rule would match."""

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Look at these files. Never raises: what fails is a problem in the report."""


def names() -> list[str]:
    """The detectors that there are, sorted; imports none of them."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__))


def load(name: str) -> Detector:
    """The detector of this name."""
    detector: Detector = importlib.import_module(f"{__name__}.{name}").detector
    return detector


def sources_digest(files: Iterable[Path]) -> str:
    """What a detector of our own answers by: a digest of its modules as text, which costs less than importing them."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
