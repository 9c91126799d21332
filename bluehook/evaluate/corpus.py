"""Labelled cases: one JSON object a line, with ``id``, ``task``, ``unsafe`` and ``text``.

``pair`` joins the unsafe and the safe form of one case, ``cwe`` is the number of the weakness; other keys (``source``,
``attribute``, ``family``, ...) are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from bluehook.findings import BluehookError
from bluehook.knowledge import Task

CODE: tuple[Task, ...] = ("vuln-code", "bias-code")


class Case(msgspec.Struct, frozen=True):
    """One labelled text."""

    id: str
    task: Task
    unsafe: bool
    text: str
    cwe: int | None = None
    pair: str | None = None


class Corpus(msgspec.Struct, frozen=True):
    """The cases of one file, all of one task."""

    name: str
    task: Task
    cases: tuple[Case, ...]


def read(file: Path, harmless: Iterable[Path] = ()) -> Corpus:
    """The corpus in a file.

    :param harmless: files whose safe cases are added, to be judged for the same task: what a corpus of unsafe texts
        alone cannot say is how often a safe one is called unsafe.
    :raises BluehookError: it cannot be read, or a line is no case.
    """
    cases = _cases(file)
    if not cases:
        raise BluehookError(f"{file}: holds no cases")
    tasks = sorted({case.task for case in cases})
    if len(tasks) > 1:
        raise BluehookError(f"{file}: holds cases of several tasks ({', '.join(tasks)}); one file, one task")
    task = cases[0].task
    known = {case.id for case in cases}
    for other in harmless:
        more = [case for case in _cases(other) if not case.unsafe and case.id not in known]
        cases += [msgspec.structs.replace(case, task=task, pair=None) for case in more]
    return Corpus(file.stem, task, tuple(cases))


def _cases(file: Path) -> list[Case]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise BluehookError(f"{file}: cannot be read: {error.strerror}") from error
    found: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = msgspec.json.decode(line, type=Case)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BluehookError(f"{file}:{number}: not a case: {error}") from error
        if case.id in found:
            raise BluehookError(f"{file}:{number}: a second case is called {case.id!r}")
        found[case.id] = case
    return list(found.values())
