"""From evidence to verdict: a pure function, so that every verdict can be explained.

The table of the design: proof makes *proven*, a refutation by execution makes *refuted*, strong static evidence
*likely*, anything less *possible*, and hints alone are not shown at all. A checker's word moves a verdict between
possible and likely, nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bluehook.findings import Evidence, Says, Verdict

KEPT_HIGH = frozenset(
    {
        "argument-injection", "command-injection", "sql-injection", "code-injection", "deserialization",
        "prompt-injection",
    }
)  # fmt: skip
"""Weaknesses that a checker's word alone does not lower: the harm of one wrong answer is too great, or the word may be
that of the very text.
"""


class Decision(NamedTuple):
    """The verdict (``None``: nothing to show) and the steps that led to it, a sentence each."""

    verdict: Verdict | None
    reasons: tuple[str, ...]


def decide(weakness: str, evidence: Sequence[Evidence]) -> Decision:
    """What the evidence on one place amounts to.

    ``weakness`` is the slug of the finding. The order of the evidence does not matter for the verdict.
    """
    by: dict[Says, list[Evidence]] = {}
    for piece in evidence:
        by.setdefault(piece.says, []).append(piece)
    if Says.PROVES in by:
        return Decision(Verdict.PROVEN, (f"an attack ran and its effect was seen ({_who(by[Says.PROVES])}): proven",))
    if Says.REFUTES in by:
        reason = f"every attack was neutralised, and the sink was reached ({_who(by[Says.REFUTES])}): refuted"
        return Decision(Verdict.REFUTED, (reason,))
    return _static(weakness, by)


def _static(weakness: str, by: dict[Says, list[Evidence]]) -> Decision:
    verdict: Verdict | None = None
    reasons = []
    if Says.SHOWS in by:
        verdict = Verdict.LIKELY
        reasons.append(f"strong evidence ({_who(by[Says.SHOWS])}): likely")
    elif Says.SUSPECTS in by:
        verdict = Verdict.POSSIBLE
        reasons.append(f"a suspicious span ({_who(by[Says.SUSPECTS])}): possible")
    elif Says.HINTS in by:
        reasons.append(f"only a hint ({_who(by[Says.HINTS])}): not shown")
    if Says.RAISES in by and verdict is not Verdict.LIKELY:
        verdict = Verdict.POSSIBLE if verdict is None else Verdict.LIKELY
        reasons.append(f"raised by {_who(by[Says.RAISES])}: {verdict.value}")
    # An effect that was seen outweighs what another family could not move at the same place.
    seen = any(piece.details.get("effect") for piece in by.get(Says.SHOWS, ()))
    if Says.INSENSITIVE in by and verdict is Verdict.LIKELY and not seen:
        verdict = Verdict.POSSIBLE
        reasons.append(f"the sink's argument never changed ({_who(by[Says.INSENSITIVE])}): possible")
    if Says.LOWERS in by and verdict is Verdict.LIKELY:
        if weakness in KEPT_HIGH:
            reasons.append(f"{_who(by[Says.LOWERS])} would lower it; {weakness} is not lowered on a checker's word")
        else:
            verdict = Verdict.POSSIBLE
            reasons.append(f"lowered by {_who(by[Says.LOWERS])}: possible")
    return Decision(verdict, tuple(reasons))


def _who(pieces: Sequence[Evidence]) -> str:
    return ", ".join(dict.fromkeys(f"{p.engine} {p.rule}" for p in pieces))
