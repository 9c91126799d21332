"""Biased code: decisions, scores, filters and orders that depend on a protected attribute of a person.

Read from the syntax tree: where an attribute is read (:mod:`.reads`), what is asked of it (:mod:`.conditions`), what
depends on the answer (:mod:`.outcomes`), and whether that is a decision or has an honest explanation (:mod:`.weigh`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.detect import Report, Settings, sources_digest

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile


class Bias:
    """Finds decisions on protected attributes."""

    name = "bias"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of this package."""
        return sources_digest(sorted(Path(__file__).parent.glob("*.py")))

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether the name of any attribute stands in the file."""
        from bluehook.detect.bias.lexicon import names_in

        return bool(names_in(file.utf8))

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Look at these files; one that reads attributes in very many places is a problem."""
        from bluehook.detect.bias.look import look

        report = Report()
        for file in files:
            look(file, report)
        return report


detector = Bias()
