"""Scores in columns, for people."""

from __future__ import annotations

from bluehook.evaluate.score import Score

_NAME = 34
HEAD = (
    f"{'':{_NAME}}{'TP':>6}{'FN':>6}{'FP':>6}{'TN':>6}{'P':>7}{'R':>7}{'FPR':>7}{'F1':>7}"
    f"{'unsure':>8}{'unknown':>9}   pairs"
)


def row(name: str, score: Score) -> str:
    """A score under :data:`HEAD`."""
    rates = (score.precision, score.recall, score.false_positive_rate, score.f1)
    counts = "".join(f"{count:6}" for count in score[:4]) + "".join(f"{rate:7.3f}" for rate in rates)
    pairs = f"   {score.apart} of {score.pairs}" if score.pairs else ""
    return f"{name:{_NAME}}{counts}{score.unsure:8}{score.unknown:9}{pairs}"
