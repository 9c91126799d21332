"""The vocabulary that every stage speaks: what is looked at, what is found, and what speaks for and against it.

A :class:`SourceFile` enters the road, :class:`Detection`\\ s and :class:`Problem`\\ s come out of the stages, and
``scan`` joins detections of one place into a :class:`Finding`. Evidence is only ever added. This module imports
nothing of ours, so that every floor of the house can use it.
"""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterable

import msgspec


class BluehookError(Exception):
    """A mistake of the user or of the surroundings, told in one or two lines: what, where, what next.

    The command line prints the text without a traceback and leaves with exit status 2.
    """


class Verdict(str, enum.Enum):
    """What the evidence amounts to; ordered by :attr:`rank`."""

    PROVEN = "proven"
    LIKELY = "likely"
    POSSIBLE = "possible"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        """3 for proven down to 0 for refuted."""
        return {"proven": 3, "likely": 2, "possible": 1, "refuted": 0}[self.value]


class Says(str, enum.Enum):
    """What one piece of evidence claims; ``decide`` turns the set of claims into a verdict."""

    HINTS = "hints"
    """Raises suspicion for the later stages; alone it never reaches the user."""
    SUSPECTS = "suspects"
    """A suspicious span that nothing has confirmed: *possible*."""
    SHOWS = "shows"
    """Strong static evidence (a taint path, a precise rule), or an effect whose input is only assumed: *likely*."""
    PROVES = "proves"
    """An attack ran and its effect was seen through an input that an attacker can hold: *proven*."""
    REFUTES = "refutes"
    """Every attack of the family was neutralised, at the sink or before it, and a benign control reached the sink."""
    INSENSITIVE = "insensitive"
    """The sink was reached and its argument never changed: one step down, never *refuted*."""
    RAISES = "raises"
    """The checker, backed by a constitution, raises possible to likely."""
    LOWERS = "lowers"
    """The checker lowers likely to possible."""
    NOTES = "notes"
    """Says what happened (unreached, failed, unknown); changes nothing."""


class Location(msgspec.Struct, frozen=True, order=True):
    """A span in one file. Lines and columns start at 1; columns count Unicode code points; the end is exclusive.

    ``path`` is relative to the root of the scan, with ``/`` between its parts; bytes that are not UTF-8 are kept
    as surrogate escapes.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


class Step(msgspec.Struct, frozen=True):
    """One station of a taint path: where, and the text that stands there."""

    location: Location
    text: str


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One engine's word on one finding.

    ``engine`` is the name of the stage that speaks (``semgrep``, ``bandit``, ``sinks``, ``verify``, ...), ``rule``
    its own name for what it saw (``sql-injection.flask``, ``B608``). ``trace`` runs from source to sink and is empty
    for rules without data flow. ``details`` holds what only this engine has (payload, effect, reproduction) as text.
    """

    engine: str
    rule: str
    says: Says
    message: str
    trace: tuple[Step, ...] = ()
    details: dict[str, str] = {}


class Detection(msgspec.Struct, frozen=True):
    """What one detector reports of one place: a weakness (a key of ``weaknesses.TABLE``), a span, its evidence."""

    weakness: str
    location: Location
    evidence: Evidence


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that was not done, and why: an unreadable file, a missing or failed engine, a spent budget.

    ``incomplete`` is false where leaving it out was asked for or harmless (a notebook is skipped by name); true where
    the reader must not take silence for clean.
    """

    stage: str
    reason: str
    path: str | None = None
    incomplete: bool = True


def likeness(weakness: str, symbol: str, snippet: str) -> str:
    """What twins share, wherever they stand: the identity without path and ordinal, 16 hexadecimal digits.

    A baseline counts by it, so that code that moves to another file stays known and deleting the first of two twins
    does not make the second look new.
    """
    parts = "\0".join([weakness, symbol, " ".join(snippet.split())])
    return hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:16]


class LineRange(msgspec.Struct, frozen=True):
    """Changed lines of a file after the change, first and last included.

    ``last == first - 1`` marks a pure deletion between these two lines; it touches both, since a guard may have stood
    below the one (the end of a function) or above the other (a decorator).
    """

    first: int
    last: int


class Finding(msgspec.Struct, kw_only=True):
    """One weakness at one place, with all that speaks for and against it.

    ``id`` is the identity (:func:`identity`) shared by baseline, suppression, cache and SARIF. ``snippet`` is the
    source text of the statement as written. ``scope`` are the lines of the enclosing function, or of the statement at
    module level: what a change must touch for the finding to be the change's. ``suppressed`` gives the reason why it
    does not count, or is ``None``.
    """

    weakness: str
    location: Location
    symbol: str
    snippet: str
    evidence: list[Evidence]
    scope: LineRange
    id: str = ""
    ordinal: int = 0
    verdict: Verdict = Verdict.POSSIBLE
    blocks: bool = False
    suppressed: str | None = None

    def strongest(self) -> Evidence:
        """The evidence that carries the verdict: the first of the highest claim."""
        order = [Says.PROVES, Says.REFUTES, Says.SHOWS, Says.RAISES, Says.SUSPECTS]
        return min(self.evidence, key=lambda e: order.index(e.says) if e.says in order else len(order))


def identity(weakness: str, path: str, symbol: str, snippet: str, ordinal: int) -> str:
    """The name of a finding that survives moved lines: 16 hexadecimal digits.

    ``snippet`` counts with its white space folded, ``ordinal`` tells twins in one symbol apart (0 for the first).
    No line number, date or commit goes in.
    """
    parts = "\0".join([weakness, path, symbol, " ".join(snippet.split()), str(ordinal)])
    return hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:16]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A function that the world outside calls: its qualname, first and last line, and by which framework and route.

    ``methods`` are those of HTTP, in upper case.
    """

    function: str
    first_line: int
    last_line: int
    framework: str
    route: str = ""
    methods: tuple[str, ...] = ()


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file as it is to be judged: its bytes, and where they come from.

    ``path`` as in :class:`Location`. ``changed`` holds the ranges that the change touched, or is ``None`` when all of
    the file is looked at. ``before`` names the blob that the change started from (a git object id), for telling what
    was there already; ``None`` for a new file or outside a change.
    """

    path: str
    data: bytes
    changed: tuple[LineRange, ...] | None = None
    before: str | None = None

    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    def touches(self, first: int, last: int) -> bool:
        """Whether the change touched any of the lines ``first`` to ``last``; true when all is looked at."""
        if self.changed is None:
            return True
        return any(min(r.first, r.last) <= last and first <= max(r.first, r.last) for r in self.changed)


def encodable(text: str) -> bool:
    """Whether a text is valid Unicode; a file name that is not UTF-8 is not, in the form of :class:`Location`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sort_key(finding: Finding) -> tuple[int, str, int, int]:
    """Gravest first, then by place: the order of every report."""
    return (-finding.verdict.rank, finding.location.path, finding.location.line, finding.location.column)


def by_place(finding: Finding) -> tuple[int, int, str]:
    """In the order of a file."""
    return (finding.location.line, finding.location.column, finding.weakness)


def numbered(findings: list[Finding], others: Iterable[Finding] = ()) -> list[Finding]:
    """The same findings with their identities: twins are told apart by their order, those of ``others`` first."""
    seen = Counter(likeness(other.weakness, other.symbol, other.snippet) for other in others)
    for finding in findings:
        twin = likeness(finding.weakness, finding.symbol, finding.snippet)
        finding.ordinal = seen[twin]
        finding.id = identity(finding.weakness, finding.location.path, finding.symbol, finding.snippet, finding.ordinal)
        seen[twin] += 1
    return findings


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a commit."""
    return [f for f in findings if f.blocks and f.suppressed is None]


class StageRun(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one stage ended: ``state`` is ``done``, ``skipped`` or ``failed``, ``reason`` says why unless it is done."""

    name: str
    state: str
    seconds: float = 0.0
    reason: str = ""


class Spend(msgspec.Struct, frozen=True, omit_defaults=True):
    """What asking a language model took: calls made, tokens read and written by it, seconds, and money.

    ``questions`` were asked, ``cached`` of them answered from memory, ``unknown`` left without a usable answer.
    ``cost`` is ``None`` where a price is not known. ``models`` are those that answered.
    """

    questions: int = 0
    cached: int = 0
    unknown: int = 0
    calls: int = 0
    input: int = 0
    output: int = 0
    seconds: float = 0.0
    cost: float | None = None
    models: tuple[str, ...] = ()


class Result(msgspec.Struct, kw_only=True):
    """All that a scan has to say; what every report is made from.

    ``findings`` is sorted by :func:`sort_key` and holds suppressed and refuted ones too, marked as such. ``notes`` are
    remarks that change nothing (an unused ignore comment). ``root`` is the absolute path that locations start from.
    ``spend`` is there when a language model was asked.
    """

    root: str
    version: str
    findings: list[Finding] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    stages: list[StageRun] = []
    files: int = 0
    cached: int = 0
    seconds: float = 0.0
    fail_on: str = "likely"
    exit_code: int = 0
    spend: Spend | None = None

    def shown(self) -> list[Finding]:
        """Findings that count: neither suppressed nor refuted."""
        return [f for f in self.findings if f.suppressed is None and f.verdict is not Verdict.REFUTED]
