"""What the terminal, pipe or file at the other end can show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

PIPE_WIDTH = 100
_NARROWEST = 40


def colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to colour: never with ``NO_COLOR`` (https://no-color.org), else with ``FORCE_COLOR`` or on a terminal.

    ``TERM=dumb`` is no terminal, and neither is a continuous integration log: those that render colours say so with
    ``FORCE_COLOR``.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return environ.get("TERM") != "dumb" and stream.isatty()


def width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Cells in a line: ``COLUMNS``, else what the terminal says, else 100; never less than 40."""
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(_NARROWEST, int(columns))
    try:
        return max(_NARROWEST, os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        return PIPE_WIDTH
