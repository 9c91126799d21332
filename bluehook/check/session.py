"""The talk of one run with a language model: who answers, within a budget, and what was answered before."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec

from bluehook.cache import Cache
from bluehook.check import Settings
from bluehook.check.budget import Budget
from bluehook.check.memory import Remembering
from bluehook.check.model import Asker
from bluehook.findings import Spend
from bluehook.knowledge import Library

_Question = TypeVar("_Question")
_Opinion = TypeVar("_Opinion")


class Session:
    """``asker`` answers from memory what it can; ``library`` finds constitutions by meaning where models can embed."""

    def __init__(self, asker: Remembering, library: Library, budget: Budget, concurrency: int) -> None:
        self.asker = asker
        self.library = library
        self._budget = budget
        self._concurrency = concurrency

    def each(
        self,
        opinion: Callable[[_Question], _Opinion],
        questions: Sequence[_Question],
        progress: Callable[[int, int], None] | None,
    ) -> Iterator[tuple[_Question, _Opinion]]:
        """Each question with what is made of it, in order; ``progress`` is told how many are done, and of how many."""
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="check") as pool:
            for done, pair in enumerate(zip(questions, pool.map(opinion, questions), strict=True), start=1):
                yield pair
                if progress is not None:
                    progress(done, len(questions))

    def spend(self, unknown: int) -> Spend:
        """What it took so far; ``unknown`` questions have no answer to go by."""
        return msgspec.structs.replace(
            self._budget.spend(), questions=self.asker.asked, cached=self.asker.cached, unknown=unknown
        )


@contextlib.contextmanager
def opened(settings: Settings, library: Library, cache: Cache | None, asker: Asker | None) -> Iterator[Session]:
    """A session with the endpoint of the settings, or with ``asker`` in its place."""
    budget = Budget(settings.limits)
    with contextlib.ExitStack() as open_until_the_end:
        if asker is None:
            # Its import takes longer than most runs that ask nothing.
            from bluehook.check.client import Client

            client = Client(settings.endpoint, budget, timeout=settings.timeout)
            open_until_the_end.callback(client.close)
            if settings.endpoint.embeddings:
                library = library.with_embeddings(client.embedded)
            asker = client
        yield Session(Remembering(asker, cache, settings.endpoint.models), library, budget, settings.concurrency)
