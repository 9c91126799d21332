"""What leaves: log records and rows of CSV files."""

from __future__ import annotations

import csv
import logging
import sys
from types import FrameType
from typing import Any

from .record import RECORDER


def _row(row: Any) -> None:
    cells = list(row.values()) if isinstance(row, dict) else list(row)
    for cell in cells:
        if isinstance(cell, str):
            RECORDER.emit("csv", cell)


class _Writer:
    """The C writer with its rows told; it cannot be subclassed."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def writerow(self, row: Any) -> Any:
        row = list(row)
        _row(row)
        return self._writer.writerow(row)

    def writerows(self, rows: Any) -> Any:
        for row in rows:
            self.writerow(row)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


def install() -> None:
    """Wrap the writers of ``csv`` and the point through which all log records pass."""
    original = csv.writer
    csv.writer = lambda *args, **kwargs: _Writer(original(*args, **kwargs))  # type: ignore[assignment]
    handle = logging.Logger.handle

    def handled(self: logging.Logger, record: logging.LogRecord) -> None:
        if RECORDER.on:
            try:
                RECORDER.emit("log", record.getMessage(), level=record.levelno)
            except Exception:  # a wrong format string is the code's own mistake and logged as such
                RECORDER.emit("log", record.msg, level=record.levelno)
        handle(self, record)

    logging.Logger.handle = handled  # type: ignore[method-assign]
    enabled = logging.Logger.isEnabledFor

    def is_enabled(self: logging.Logger, level: int) -> bool:
        return enabled(self, level) or (RECORDER.on and _asked_by_project(sys._getframe(1)))

    logging.Logger.isEnabledFor = is_enabled  # type: ignore[method-assign]


def _asked_by_project(frame: FrameType | None) -> bool:
    """Whether project code itself logs: its records count whatever level the surroundings would be set to."""
    while frame is not None and frame.f_code.co_filename == logging.__file__:
        frame = frame.f_back
    return frame is not None and RECORDER.is_project(frame.f_code.co_filename)
