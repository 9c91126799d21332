"""The scores from which a text is blocked, warned of, or called unsure, by task and surface.

They are set on texts of the kind that live there: paragraphs of ordinary READMEs, guides and instruction files,
ordinary requests, ordinary code. docs/instructions.md says how many of them each one lets trip.
"""

from __future__ import annotations

from typing import NamedTuple

from bluehook.text.judgement import Band, Surface, Task


class Thresholds(NamedTuple):
    """The least scores of each band; ``certain`` is what blocks when only what is certain shall.

    ``unnamed`` is what a text without any behaviour that has a name comes to at most; ``None``: as shipped.
    """

    certain: float
    block: float
    warn: float
    unsure: float
    unnamed: Band | None = None

    def no_higher(self, other: Thresholds) -> Thresholds:
        """The lower score of each band."""
        return Thresholds(
            min(self.certain, other.certain),
            min(self.block, other.block),
            min(self.warn, other.warn),
            min(self.unsure, other.unsure),
            self.unnamed,
        )

    def band(self, score: float, *, only_certain: bool = False) -> Band:
        """The band of a score."""
        if score >= (self.certain if only_certain else self.block):
            return Band.BLOCK
        if score >= self.warn:
            return Band.WARN
        return Band.UNSURE if score >= self.unsure else Band.CLEAR


_PROMPT = {
    Task.MALICIOUS: Thresholds(0.95, 0.75, 0.65, 0.50),
    Task.INJECTING: Thresholds(0.95, 0.70, 0.55, 0.40),
    Task.BIASED: Thresholds(0.95, 0.80, 0.65, 0.50),
}
_FILE = {
    Task.MALICIOUS: Thresholds(0.98, 0.93, 0.85, 0.75),
    Task.INJECTING: Thresholds(0.98, 0.90, 0.78, 0.65),
    Task.BIASED: Thresholds(0.98, 0.93, 0.85, 0.70),
}
_PROSE = {
    Task.MALICIOUS: Thresholds(0.98, 0.96, 0.90, 0.80),
    Task.INJECTING: Thresholds(0.98, 0.92, 0.82, 0.70),
    Task.BIASED: Thresholds(0.98, 0.95, 0.90, 0.80),
}
SHIPPED: dict[Surface, dict[Task, Thresholds]] = {
    Surface.PROMPT: _PROMPT,
    Surface.COMMIT_MESSAGE: _FILE,
    Surface.INSTRUCTION_FILE: _FILE,
    Surface.PROSE: _PROSE,
    Surface.COMMENT: _PROSE,
}
