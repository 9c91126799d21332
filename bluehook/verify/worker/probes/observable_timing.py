"""Secrets that are compared in a time that tells of them: a keyed digest by ``==``, and any secret letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..drive.run import Run
from ..observe.record import Event
from .base import Relation, Runner, UseProbe, says_secret

_SECRET = "zq4k7m2x9b6w1r8t5y3v0n"
_WRONG = "!"
_FEWEST_STEPS = 8
_MOST_PAIRS = 6


class DigestCompared(UseProbe):
    """A keyed digest that is compared with what came in by an operator, which ends at the first difference."""

    weakness = "observable-timing"
    kinds = frozenset({"compare"})

    def used(self, event: Event, run: Run) -> str:
        """What was compared."""
        return f"a keyed digest was compared with {event.text} by ==, which ends at the first difference"


class StepsTell(Relation):
    """A comparison whose steps grow with how much of the secret is right."""

    weakness = "observable-timing"

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The guess's slot and values, when a guess that is wrong at its end takes longer than one wrong at once."""
        names = runner.parameters()
        pairs = [(one, other) for one in names for other in names if one != other and says_secret(_bare(one))]
        for secret, guess in pairs[:_MOST_PAIRS]:
            if says_secret(_bare(guess)) or len(names) == 2:
                early, late = ({secret: _SECRET, guess: text} for text in _guesses())
                runs = [runner.run(values, counting=True) for values in (early, late)]
                right = runner.run({secret: _SECRET, guess: _SECRET})
                more = runs[1].steps - runs[0].steps
                if more >= _FEWEST_STEPS and not any(run.error for run in (*runs, right)) and _refuse(runs, right):
                    yield guess, late, f"{more} more lines ran for a guess that is right but for its last letter"
                    return


def _guesses() -> tuple[str, str]:
    """A text that differs from the secret at once, and one that differs at its end."""
    return _WRONG + _SECRET[1:], _SECRET[:-1] + _WRONG


def _refuse(runs: list[Run], right: Run) -> bool:
    """Whether wrong guesses get the same answer, and the right one another."""
    return repr(runs[0].returned) == repr(runs[1].returned) != repr(right.returned)


def _bare(slot: str) -> str:
    return slot.partition("'")[2].rstrip("'")


PROBES = [DigestCompared(), StepsTell()]
