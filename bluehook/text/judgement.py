"""What is said of a text: for each task a score, a band, and the spans that carry it, at their original offsets."""

from __future__ import annotations

import enum
from typing import NamedTuple

import msgspec


class Task(str, enum.Enum):
    """What a text is judged for; the value is the weakness that a finding of it is called by."""

    MALICIOUS = "malicious-instruction"
    BIASED = "biased-instruction"
    INJECTING = "prompt-injection"


class Surface(str, enum.Enum):
    """Where a text stands, which decides how much it takes to stop it."""

    PROSE = "prose"
    """Any text that nobody listed as an instruction: a README, documentation."""
    INSTRUCTION_FILE = "instruction-file"
    """A file that coding agents read and follow (AGENTS.md); it is allowed to instruct."""
    PROMPT = "prompt"
    """A request to a model."""
    COMMIT_MESSAGE = "commit-message"
    COMMENT = "comment"
    """A comment or a docstring in code."""


class Band(str, enum.Enum):
    """What follows from a score; ordered by :attr:`rank`."""

    BLOCK = "block"
    """A few in a thousand ordinary texts of this surface score as high."""
    WARN = "warn"
    UNSURE = "unsure"
    """Worth asking somebody who understands it; without such a one it is let through."""
    CLEAR = "clear"

    @property
    def rank(self) -> int:
        """3 for block down to 0 for clear."""
        return {"block": 3, "warn": 2, "unsure": 1, "clear": 0}[self.value]


class Span(msgspec.Struct, frozen=True):
    """A part of the original text, by offsets in code points (the end is exclusive).

    ``said`` is what it says once disguises are taken off, ``disguises`` names those (``base64``, ``zero-width``).
    """

    start: int
    end: int
    said: str
    disguises: tuple[str, ...] = ()


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """One task's answer.

    ``score`` is calibrated: of texts that score 0.9, nine in ten are unsafe, as far as the model's card shows it.
    ``behaviours`` are the classes that were seen (``keylogging``, ``encrypts-files``), the weightiest first.
    ``reason`` is a sentence for the reader, ``constitution`` the id of the one that it follows ("" without one).
    """

    task: Task
    score: float
    band: Band
    spans: tuple[Span, ...] = ()
    behaviours: tuple[str, ...] = ()
    reason: str = ""
    constitution: str = ""


class Doubt(NamedTuple):
    """An opinion that somebody who understands the text could better; ``certain`` where only what is certain blocks."""

    text: str
    opinion: Opinion
    surface: Surface
    certain: bool = False


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """All opinions on one text, one a task that was asked for, gravest first.

    ``incomplete`` says why not all of the text was judged, or is empty.
    """

    surface: Surface
    opinions: tuple[Opinion, ...]
    incomplete: str = ""

    @property
    def band(self) -> Band:
        """The gravest band of all tasks."""
        return max((opinion.band for opinion in self.opinions), key=lambda band: band.rank, default=Band.CLEAR)

    def of(self, task: Task) -> Opinion | None:
        """The opinion on one task, or ``None`` when it was not asked for."""
        return next((opinion for opinion in self.opinions if opinion.task is task), None)
