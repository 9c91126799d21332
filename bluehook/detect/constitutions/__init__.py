"""Evidence from constitutions without any model: the forms that they give of a flaw, or of a guard that only looks so.

A form is a query on the syntax tree with conditions on names and on what follows; :class:`bluehook.knowledge.Form`
says which. The shipped ones are compiled into one JSON file, since sixty pages of YAML take longer to read than most
commits to scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook import resources
from bluehook.detect import Report, Settings, sources_digest
from bluehook.findings import BluehookError, Problem

if TYPE_CHECKING:
    from bluehook.detect.constitutions.forms import Forms
    from bluehook.parse import ParsedFile


class Constitutions:
    """Matches the forms of all constitutions; see :mod:`.forms`."""

    name = "constitutions"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of every constitution and of what evaluates them; asked at each scan, so it imports little."""
        digest = hashlib.sha256()
        for file in sorted(resources.folder("constitutions").glob("*/*.yaml")):
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        if settings.constitutions is not None and settings.constitutions.is_dir():
            from bluehook.knowledge.library import project_files

            for name, data in project_files(settings.constitutions):
                digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(data).digest())
        own = sources_digest(sorted(Path(__file__).parent.glob("*.py")))
        return f"{own} {digest.hexdigest()[:16]}"

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Every file: which words matter depends on the project's own constitutions, so ``run`` looks for them."""
        return True

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """The forms that each file shows, and the project's constitutions that are not in order."""
        from bluehook.detect.constitutions.forms import forms

        try:
            held = forms(settings.constitutions, settings.cache)
        except BluehookError as error:
            return Report(problems=[Problem(self.name, str(error))])
        report = Report()
        for file in files:
            _look(held, file, settings.timeout, report)
        return report


def _look(held: Forms, file: ParsedFile, timeout: float, report: Report) -> None:
    found, late = held.detections(file, timeout)
    report.detections += found
    if late:
        reason = f"not all forms of constitutions were looked for within {timeout:g} seconds"
        report.problems.append(Problem("constitutions", reason, file.source.path))


detector = Constitutions()
