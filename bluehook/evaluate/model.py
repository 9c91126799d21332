"""What a language model says of a corpus: live, or written down for a batch run and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec

from bluehook.check import batch
from bluehook.check.budget import estimate
from bluehook.check.completions import As
from bluehook.check.model import Asker
from bluehook.evaluate.corpus import Case, Corpus
from bluehook.evaluate.questions import Asked, Mode, ask, verdict
from bluehook.evaluate.score import Said
from bluehook.knowledge import Library


class Told(NamedTuple):
    """What was said of each case, and how often which problem kept a case unknown."""

    said: dict[str, Said]
    problems: Counter[str]


class Written(NamedTuple):
    """Lines of a batch file, and about how many tokens they read, and write at most."""

    lines: list[str]
    reads: int
    writes: int


def questions(corpus: Corpus, mode: Mode, library: Library) -> list[tuple[Case, Asked]]:
    """The question about each case, in the order of the corpus."""
    return [(case, ask(case, mode, library)) for case in corpus.cases]


def written(asked: list[tuple[Case, Asked]], model: str, kind: As, longest: int | None = None) -> Written:
    """The questions as lines for a batch run; the same question is written once. ``longest`` replaces the limit on the
    tokens of an answer.
    """
    once = {each.request.id: each for _, each in asked}
    if longest is not None:
        once = {
            name: Asked(msgspec.structs.replace(each.request, longest=longest), each.form)
            for name, each in once.items()
        }
    lines = [batch.line(each.request, each.form, model, kind) for each in once.values()]
    reads = sum(estimate(each.request.system, each.request.user) for each in once.values())
    return Written(lines, reads, sum(each.request.longest for each in once.values()))


def answers(
    asked: list[tuple[Case, Asked]],
    asker: Asker,
    *,
    concurrency: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Told:
    """What is answered about each case."""
    said: dict[str, Said] = {}
    problems: Counter[str] = Counter()

    def one(each: tuple[Case, Asked]) -> tuple[str, Said, str]:
        case, question = each
        answer = asker.ask(question.request, question.form)
        found = verdict(case, question, answer)
        return case.id, found, answer.problem or ("it quotes what is not there" if found == "unknown" else "")

    with ThreadPoolExecutor(concurrency, thread_name_prefix="eval") as pool:
        for name, found, problem in pool.map(one, asked):
            said[name] = found
            problems.update([problem] if problem else [])
            if progress is not None:
                progress(len(said), len(asked))
    return Told(said, problems)
