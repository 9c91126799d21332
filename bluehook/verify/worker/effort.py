"""What an attempt has cost: processor seconds, so that what else the machine does changes no verdict.

The clock counts only for what waits instead of working: when it has run for all that the host can give, the effort is
spent whatever the processor did.
"""

from __future__ import annotations

import time


class Effort:
    """Counts from :meth:`begin` on, in one process."""

    def __init__(self) -> None:
        self._worked = self._began = 0.0
        self._rate = 1.0

    def begin(self, budget: float, clock: float) -> None:
        """Start to count: so many processor seconds, within so many of the clock."""
        self._worked, self._began = time.process_time(), time.monotonic()
        self._rate = budget / clock if clock > budget > 0 else 1.0

    def spent(self) -> float:
        """The seconds of the budget that are gone."""
        return max(time.process_time() - self._worked, (time.monotonic() - self._began) * self._rate)


EFFORT = Effort()
