"""What a run may spend: each call is paid for before it is made, by an estimate, and settled by what it took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from bluehook.check.model import Limits, Price
from bluehook.findings import Spend

_CHARACTERS = 3.0
"""Characters of a token, on the low side for code and English: an estimate should rather be too high."""

_ENVELOPE = 60
"""Tokens of a call beside its texts: roles, and the schema of the answer."""


def tokens(*texts: str) -> int:
    """About how many tokens texts take."""
    return sum(int(len(text.encode("utf-8", "replace")) / _CHARACTERS) + 1 for text in texts)


def estimate(*texts: str) -> int:
    """About how many tokens a call with these texts reads."""
    return tokens(*texts) + _ENVELOPE


class Budget:
    """The money box of one run; used from several threads.

    ``refusal`` says which limit kept a call from being made, ``""`` while none did.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._calls = 0
        self._input = 0
        self._output = 0
        self._held = 0
        self._held_cost = 0.0
        self._cost = 0.0
        self._unpriced = False
        self._models: list[str] = []
        self.refusal = ""

    def reserve(self, model: str, reads: int, writes: int) -> str:
        """Hold what a call may take; the limit that forbids it in words, or ``""`` when it may be made."""
        limits = self._limits
        price = limits.prices.get(model)
        with self._lock:
            used = self._input + self._output + self._held
            why = ""
            if limits.calls and self._calls >= limits.calls:
                why = f"{limits.calls} calls are made (check.max-calls)"
            elif limits.tokens and used + reads + writes > limits.tokens:
                why = f"the next call could exceed {limits.tokens} tokens (check.max-tokens)"
            elif self.left() <= 0:
                why = f"{limits.seconds:g} s are over (check.max-seconds)"
            elif limits.cost and price is None:
                why = f"check.max-cost is set and check.prices has no price for {model}"
            elif (
                limits.cost
                and price is not None
                and self._cost + self._held_cost + _cost(price, reads, writes) > limits.cost
            ):
                why = f"the next call could cost more than is left of {limits.cost:g} (check.max-cost)"
            if why:
                self.refusal = why
                return why
            self._calls += 1
            self._held += reads + writes
            self._held_cost += _cost(price, reads, writes) if price else 0.0
            return ""

    def settle(self, model: str, held: Sequence[int], took: Sequence[int]) -> None:
        """Give back what was held for a call and count what it took; both are tokens read and written."""
        price = self._limits.prices.get(model)
        with self._lock:
            self._held -= sum(held)
            self._held_cost -= _cost(price, *held) if price else 0.0
            self._input += took[0]
            self._output += took[1]
            if price is not None:
                self._cost += _cost(price, *took)
            elif sum(took):
                self._unpriced = True
            if sum(took) and model not in self._models:
                self._models.append(model)

    def left(self) -> float:
        """Seconds until the run's deadline."""
        limit = self._limits.seconds
        return limit - (self._clock() - self._started) if limit else float("inf")

    def spend(self) -> Spend:
        """What was spent so far; no cost where a price is not known."""
        with self._lock:
            cost = None if self._unpriced or not self._limits.prices else round(self._cost, 6)
            return Spend(
                calls=self._calls, input=self._input, output=self._output, cost=cost, models=tuple(self._models),
                seconds=round(self._clock() - self._started, 3),
            )  # fmt: skip


def _cost(price: Price, reads: int, writes: int) -> float:
    return (reads * price.input + writes * price.output) / 1_000_000
