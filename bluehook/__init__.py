"""bluehook: a hook for Python repositories that blocks a commit only for what it can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bluehook.findings import Finding

__version__ = "0.1.0"


def check_instruction(text: str, *, surface: str = "prompt") -> list[Finding]:
    """What is wrong with a text that a code-generating model is to follow; empty for most.

    ``surface`` says where it stands: ``prompt``, ``instruction-file``, ``prose``, ``commit-message`` or ``comment``. A
    finding of the verdict *likely* is one that ``bluehook check`` would block.
    """
    from bluehook.findings import SourceFile
    from bluehook.instructions import examine
    from bluehook.text.judgement import Surface

    source = SourceFile(path="text", data=text.encode("utf-8", "surrogatepass"))
    return examine(source, Surface(surface)).findings
