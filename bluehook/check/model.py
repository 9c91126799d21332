"""The words of the check: what is asked, what may be answered, and what came of it."""

from __future__ import annotations

from typing import Literal, Protocol, TypeVar

import msgspec

from bluehook.findings import Says, Spend

STAGE = "check"
Verdict = Literal["unsafe", "safe", "unsure"]
Form = TypeVar("Form", bound=msgspec.Struct)


class Price(msgspec.Struct, frozen=True):
    """What a million tokens cost, read (``input``) and written (``output``)."""

    input: float
    output: float


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where questions go. ``models`` are asked in turn, ``key`` is never shown, ``origin`` says who named the place."""

    url: str
    models: tuple[str, ...]
    key: str = ""
    preset: str = ""
    embeddings: str = ""
    origin: str = ""

    def __repr__(self) -> str:
        return f"Endpoint({self.url}, {', '.join(self.models)})"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a run may spend; 0 is no limit. ``prices`` are by model."""

    calls: int = 60
    tokens: int = 300_000
    seconds: float = 300.0
    cost: float = 0.0
    prices: dict[str, Price] = {}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One question: ``system`` says what to do, ``user`` holds the material.

    ``id`` names the question by its content, whatever random markers its text holds; answers are kept and batches are
    matched by it. ``form`` is the name of the answer's form, ``longest`` the tokens that it may take.
    """

    id: str
    system: str
    user: str
    form: str
    longest: int = 800


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: ``text`` is the JSON that was valid, or empty with the ``problem`` in a few words."""

    text: str = ""
    problem: str = ""
    model: str = ""
    spend: Spend = Spend()
    cached: bool = False


class Asker(Protocol):
    """Whoever answers questions: an endpoint, a file of results, a list in a test."""

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """The answer to one request, its text valid for ``form``; a problem instead of an exception."""
        ...


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test that the tester wrote: ``effect`` (the attack differed from its control and the real function
    ran), ``nothing`` (it did not), or ``failed`` (it shows nothing either way); in words, with the test itself.
    """

    ending: Literal["effect", "nothing", "failed"]
    words: str
    test: str = ""


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of code answers: first what it sees, then what it concludes. Quotes are whole lines, verbatim."""

    source: str = ""
    sink: str = ""
    guard: str = ""
    path: str = ""
    reason: str = ""
    verdict: Verdict
    weakness: str = ""
    constitution: str = ""
    confidence: float = 0.0
    functions: list[str] = []


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """What a model answers that is only asked the question: the baseline that everything else is held against."""

    reason: str = ""
    quote: str = ""
    verdict: Verdict
    weakness: str = ""
    confidence: float = 0.0


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of instructions answers."""

    asks: str = ""
    innocent: str = ""
    quote: str = ""
    reason: str = ""
    verdict: Verdict
    category: str = ""
    constitution: str = ""
    confidence: float = 0.0


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the judge answers after it tried to find the analyst wrong."""

    objection: str = ""
    quote: str = ""
    reason: str = ""
    verdict: Verdict
    confidence: float = 0.0


class Attack(msgspec.Struct, frozen=True, kw_only=True):
    """What the tester answers: a test module, and what it means to show; an empty ``test`` says that it cannot."""

    plan: str = ""
    effect: str = ""
    test: str = ""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What follows for the findings of a question: a claim, a sentence, and what carries it."""

    says: Says
    message: str
    details: dict[str, str] = {}
