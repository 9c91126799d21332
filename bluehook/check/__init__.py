"""Check: ask a language model about what is suspected and still open, and take its word for no more than it is worth.

``endpoint`` says who may decide where code goes, ``client`` asks there within a ``budget``, ``context`` gathers what
is shown, with secrets taken out (``redact``); ``analyst``, ``tester`` and ``judge`` read, attack and weigh (``agents``
brings them together), ``texts`` does the same for instructions, ``memory`` keeps answers, ``injection`` finds who tries
to talk to them. What comes out is evidence; verdicts are made elsewhere.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from bluehook.check.model import STAGE, Asker, Endpoint, Limits, Trial
from bluehook.findings import Evidence, Problem, Spend, StageRun

if TYPE_CHECKING:
    from bluehook.cache import Cache
    from bluehook.check.context import Question
    from bluehook.knowledge import Library

__all__ = ["STAGE", "Checked", "Opinion", "Range", "Settings", "check", "unanswered"]


class Range(Protocol):
    """A place where a test can be run against a function of the project, confined."""

    def statement(self, question: Question) -> str:
        """How a test imports the function of a question; ``""`` where no statement can."""
        ...

    def run(self, question: Question, test: str) -> Trial:
        """What came of a test; never raises."""
        ...


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How questions are asked. ``required`` says that one without an answer is something not looked at."""

    endpoint: Endpoint
    limits: Limits = Limits()
    concurrency: int = 4
    timeout: float = 60.0
    context_tokens: int = 4000
    tester: bool = True
    required: bool = False


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of one question: its evidence, and whether there was no answer to go by."""

    question: Question
    evidence: Evidence
    unknown: str = ""


class Checked(msgspec.Struct, kw_only=True):
    """What came of it: an opinion a question, what was not done, how the stage ended, and what it took."""

    opinions: list[Opinion] = []
    problems: list[Problem] = []
    stage: StageRun = StageRun(STAGE, "done")
    spend: Spend = Spend()


def check(
    root: Path,
    questions: Sequence[Question],
    settings: Settings,
    *,
    library: Library,
    contents: Mapping[str, bytes],
    cache: Cache | None = None,
    asker: Asker | None = None,
    ground: Range | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Ask about each question, dearest first. Never raises: what fails is counted and told.

    :param contents: the files as they are scanned, by path.
    :param asker: who answers, instead of the endpoint.
    :param ground: where what the tester writes is run; ``None`` where nothing may run.
    """
    from bluehook.check.agents import Agents
    from bluehook.check.session import opened

    started = time.monotonic()
    done = Checked()
    with opened(settings, library, cache, asker) as session:
        agents = Agents(session, root, contents, settings, cache=cache, ground=ground)
        ordered = sorted(questions, key=lambda q: (-q.rank, q.path, q.scope, q.weakness))
        done.opinions = [opinion for _, opinion in session.each(agents.opinion, ordered, progress)]
        reasons = Counter(opinion.unknown for opinion in done.opinions if opinion.unknown)
        done.spend = session.spend(unknown=sum(reasons.values()))
    done.problems += unanswered(reasons, settings)
    done.stage = StageRun(STAGE, "done", time.monotonic() - started)
    return done


def unanswered(reasons: Counter[str], settings: Settings) -> list[Problem]:
    """One line about the questions that have no answer, commonest reason first; nothing where there are none."""
    unknown = sum(reasons.values())
    if not unknown:
        return []
    told = "; ".join(reason if len(reasons) == 1 else f"{count} x {reason}" for reason, count in reasons.most_common(3))
    what = "1 question has" if unknown == 1 else f"{unknown} questions have"
    from bluehook.check.record import NOWHERE

    whose = "yet" if settings.endpoint is NOWHERE else f"of {settings.endpoint.url}"
    reason = f"{what} no answer {whose} ({told}); what was found stands"
    return [Problem(STAGE, reason, incomplete=settings.required)]
