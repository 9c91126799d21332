"""The wide net: calls of APIs that attacks end in, each a candidate for the stages after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.detect import Report, Settings, sources_digest

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile


class Sinks:
    """Matches the calls of a file against the table; see :mod:`.sink_calls`."""

    name = "sinks"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of the table and of what matches it."""
        return sources_digest(sorted(Path(__file__).parent.glob("sink*.py")))

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether the name of any sink stands in the file."""
        from bluehook.detect.sink_calls import trigger

        return trigger().search(file.utf8) is not None

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """The candidates of each file; what a file hides from the parse is the parse's problem to tell."""
        from bluehook.detect.sink_calls import detections

        return Report([found for file in files for found in detections(file)])


detector = Sinks()
