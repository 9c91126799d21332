"""Instructions inside Python: prompts that go to models, stubs that ask for an implementation, and remarks that talk
to whoever reviews or completes the code.

Prompts and stubs are judged by :mod:`bluehook.text`; characters that hide text (:mod:`.hidden`) and remarks that order
a reviewer to look away (:mod:`.remarks`) are shown by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook import resources, text
from bluehook.detect import Report, Settings, sources_digest
from bluehook.text.judgement import Task

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile


class Instructions:
    """Finds malicious, biased and injecting instructions in code."""

    name = "instructions"
    own_process = False

    def version(self, settings: Settings) -> str:
        """A digest of this package, and of what judges texts with its model."""
        judge = [file for file in Path(text.__file__).parent.rglob("*") if file.is_file() and file.suffix != ".pyc"]
        quoted = [file for task in Task for file in (resources.folder("constitutions") / task.value).glob("*.yaml")]
        return sources_digest(sorted([*Path(__file__).parent.glob("*.py"), *judge, *quoted]))

    def unavailable(self) -> str | None:
        """It is always there."""
        return None

    def wants(self, file: ParsedFile) -> bool:
        """Whether the file speaks to a model, a reviewer or nobody who can see it."""
        from bluehook.detect.instructions import hidden, prompts, remarks, stubs

        data = file.utf8
        return hidden.wants(data) or prompts.wants(data) or remarks.wants(data) or stubs.wants(data)

    def run(self, files: Sequence[ParsedFile], settings: Settings) -> Report:
        """Look at these files; a text that could only be judged in part is a problem."""
        from bluehook.detect.instructions.look import look

        report = Report()
        for file in files:
            look(file, report)
        return report


detector = Instructions()
