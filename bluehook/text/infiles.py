"""What a score is worth in a file: documents name keys, targets and settings all the time, and address no model.

A question that would probe a chat is ordinary there. What counts in a file is an order to the model that reads it, and
for a program that harms more than one sign of it.
"""

from __future__ import annotations

from collections.abc import Collection

from bluehook.text.judgement import Task
from bluehook.text.order_parts import STRONG

ORDERS = frozenset(
    {
        "overrides", "overrides-short", "hides-from-user", "silent-action", "sends-secrets", "runs-commands",
        "asks-prompt", "addresses-agent", "acts-on-read", "plants-output", "approves", "weakens", "tool-poison",
        "decodes-and-obeys", "speaks-as-system", "marks-of-a-chat", "removes-limits", "reads-secrets",
        "claims-consent", "claims-consent-harm", "never-tells-why", "steers-output", "leaks-by-shape",
        "addresses-machine", "cheats-checks", "answers-unfiltered", "outranks",
    }
)  # fmt: skip
"""Behaviours that are orders to the model that reads them, or say that it is spoken to."""
_OFTEN_SAID = frozenset({"sends-secrets", "reads-secrets", "asks-prompt", "weakens"})
"""What documents also say to their human readers; it takes another order beside it."""
ADDRESSES = frozenset({"addresses-agent", "addresses-machine", "hides-from-user", "never-tells-why"})
"""Signs that something is written to machines, or past the user: rare in documents, and an order beside it is rarer."""
_RARE = 4
"""How many times as likely an order is one that takes over, once it stands beside such a sign."""
MARKED = STRONG | {"names-machine", "rank-claimed"}
"""Marks that are among the behaviours only where parts come to an order (:func:`bluehook.text.orders.named`)."""
_NO_ORDER = 0.75
_ONE_SIGN = 0.84
_FEW = 2


def in_file(task: Task, score: float, behaviours: Collection[str]) -> float:
    """The score of a passage of a file, given the behaviours that it asks for."""
    if task is Task.BIASED:
        return score
    if task is Task.MALICIOUS:
        return min(score, _ONE_SIGN) if len(behaviours) < _FEW else score
    if MARKED.intersection(behaviours):
        return score
    orders = ORDERS.intersection(behaviours)
    if len(orders) < _FEW or orders <= _OFTEN_SAID or orders <= ADDRESSES:
        return min(score, _NO_ORDER)
    if orders & ADDRESSES and orders - ADDRESSES - _OFTEN_SAID:
        odds = _RARE * score / max(1e-9, 1 - score)
        return odds / (1 + odds)
    return score
