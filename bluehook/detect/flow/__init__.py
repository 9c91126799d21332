"""Data flow: from where values come in to where attacks end, through what a function does with them.

An abstract interpreter over the syntax tree, for functions that hold a sink and for those that call them in the same
file. It goes on into other files of the project with what comes from outside (:mod:`.program`). It knows keys, indexes,
constants, decided branches, compositions and guards; see :mod:`.machine`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.detect import Report, Settings, sources_digest
from bluehook.findings import Problem

if TYPE_CHECKING:
    from bluehook.detect.flow.neighbours import Neighbours
    from bluehook.parse import ParsedFile


class Flow:
    """Finds flows of untrusted values into sinks."""

    name = "flow"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of this package and of the user's sanitizers."""
        return " ".join([sources_digest(sorted(Path(__file__).parent.rglob("*.py"))), *sorted(settings.sanitizers)])

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether the name of any sink stands in the file, or what comes in there may be handed to another file."""
        from bluehook.detect.flow.roots import hands_on, trigger

        return trigger().search(file.utf8) is not None or hands_on(file)

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Look at these files; a function that takes too long is a problem."""
        from bluehook.detect.flow.neighbours import Neighbours

        report = Report()
        neighbours = Neighbours(settings.root, files) if settings.root is not None else None
        for file in files:
            if self.wants(file):
                _look(file, frozenset(settings.sanitizers), neighbours, report)
        return report


def _look(file: ParsedFile, sanitizers: frozenset[str], neighbours: Neighbours | None, report: Report) -> None:
    from bluehook.detect.flow.machine import Machine, OutOfBudgetError
    from bluehook.detect.flow.roots import roots, takes_from_outside

    if neighbours is not None and takes_from_outside(file):
        report.leans[file.path] = neighbours.missing(file)
    found = list(roots(file, neighbours))
    if not found:
        return
    try:
        machine = Machine(file, sanitizers, neighbours)
    except RecursionError:
        report.problems.append(Problem("flow", "nested too deeply to follow its values", file.path))
        return
    for function in found:
        name = function.qualname if function is not None else "the module"
        try:
            if function is None:
                machine.run_module()
            else:
                machine.run(function)
        except OutOfBudgetError:
            reason = f"{name} is too large to follow all its values; the rest of the file was looked at"
            report.problems.append(Problem("flow", reason, file.path))
        except RecursionError:
            report.problems.append(Problem("flow", f"{name} is nested too deeply to follow its values", file.path))
    report.detections += machine.hits.detections()
    report.leans.setdefault(file.path, {}).update(machine.program.leans_on())


detector = Flow()
