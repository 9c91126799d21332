"""What a score is worth in a file: documents name keys, targets and settings all the time, and address no model.

A question that would probe a chat is ordinary there. What counts in a file is an order to the model that reads it, and
for a program that harms more than one sign of it.
"""

from __future__ import annotations

from collections.abc import Collection

from bluehook.text.judgement import Task

_ORDERS = frozenset(
    {
        "overrides", "overrides-short", "hides-from-user", "silent-action", "sends-secrets", "runs-commands",
        "asks-prompt", "addresses-agent", "acts-on-read", "plants-output", "approves", "weakens", "tool-poison",
        "decodes-and-obeys", "speaks-as-system", "marks-of-a-chat", "removes-limits", "reads-secrets",
    }
)  # fmt: skip
_OFTEN_SAID = frozenset({"sends-secrets", "reads-secrets", "asks-prompt", "weakens"})
"""What documents also say to their human readers; it takes another order beside it."""
_NO_ORDER = 0.75
_ONE_SIGN = 0.84
_FEW = 2


def in_file(task: Task, score: float, behaviours: Collection[str]) -> float:
    """The score of a passage of a file, given the behaviours that it asks for."""
    orders = _ORDERS.intersection(behaviours)
    if task is Task.INJECTING and (not orders or (len(orders) == 1 and orders <= _OFTEN_SAID)):
        return min(score, _NO_ORDER)
    if task is not Task.BIASED and len(behaviours) < _FEW:
        return min(score, _ONE_SIGN)
    return score
