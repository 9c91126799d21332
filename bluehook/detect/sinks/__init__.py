"""The wide net: calls of APIs that attacks end in, and results that others hand to one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.detect import Report, Settings, sources_digest

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile


class Sinks:
    """Matches the calls of a file against the table, and its functions against conventions; see :mod:`.calls` and
    :mod:`.returns`.
    """

    name = "sinks"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of the tables and of what matches them."""
        return sources_digest(sorted(Path(__file__).parent.glob("*.py")))

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether the name of any sink or convention stands in the file."""
        from bluehook.detect.sinks.calls import trigger
        from bluehook.detect.sinks.returns import worth_a_look

        return trigger().search(file.utf8) is not None or worth_a_look(file)

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """The candidates of each file; what a file hides from the parse is the parse's problem to tell."""
        from bluehook.detect.sinks import calls, returns

        return Report([found for file in files for found in (*calls.detections(file), *returns.detections(file))])


detector = Sinks()
