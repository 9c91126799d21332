"""How far a run has come, told on standard error while somebody may be waiting for it."""

from __future__ import annotations

import os
import sys
import time

_FILES = 64
"""Files after which a count is worth a word."""

_OFTEN, _SELDOM = 0.1, 10.0
"""Seconds between two looks of a line that is written over, and between two lines that stay."""


class Progress:
    """A count of files, attacks and questions, for a person at a terminal and only when it takes longer than a moment.

    The line is written over and gone at the end. A terminal that cannot do so (``TERM=dumb``) gets a line of its own
    every ten seconds, though not in a ``hook``, whose output is read as a report. Elsewhere, and where ``CI`` is set,
    nothing is told.
    """

    def __init__(self, *, hook: bool = False) -> None:
        watched = sys.stderr.isatty() and "CI" not in os.environ
        self._moves = watched and os.environ.get("TERM") != "dumb"
        self._stays = watched and not self._moves and not hook
        self._told = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def tell(self, files: int) -> None:
        """So many files are done."""
        if files % _FILES == 0:
            self._say(f"{files} files looked at")

    def attacked(self, done: int, of: int) -> None:
        """So many functions were attacked."""
        self._say(f"{done} of {of} functions attacked (Ctrl-C: report what is done)")

    def asked(self, done: int, of: int) -> None:
        """So many questions were answered."""
        self._say(f"{done} of {of} questions answered")

    def __exit__(self, *_: object) -> None:
        if self._shown and self._moves:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def _say(self, text: str) -> None:
        since = time.monotonic() - self._told
        if since < (_OFTEN if self._moves else _SELDOM) or not (self._moves or self._stays):
            return
        self._told = time.monotonic()
        self._shown = True
        sys.stderr.write(f"\r\033[K{text}" if self._moves else f"bluehook: {text}\n")
        sys.stderr.flush()
