"""Finding out what a function reads and which sinks its inputs reach: benign runs, steered by what is compared.

A coverage-greedy search. Each run is watched; a comparison of an input with a constant suggests a value, a decoder
suggests an encoding; ways that reach new lines or new sinks are kept and built on.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections import deque
from contextlib import AbstractContextManager
from typing import Any, Protocol

from .drive.run import Run
from .drive.way import Way, changed
from .effort import EFFORT
from .inputs.slots import Inputs, Policy
from .learn import DOCUMENT, content_wanted, fitted, kind_wanted, suggested, wants_address, wants_structure
from .observe.record import Event
from .probes.base import Sighting
from .sighting import sight
from .stubs.database_rows import slot_name

_MOST_RUNS = 60
_MOST_CODECS = 3
_MOST_RETYPED = 4
_MOST_UNSET = 3

_REPEATABLE = {"kdf", "cipher"}
"""Events that only a second run can judge: does the salt or the vector come again?"""
_HOST_NAME = re.compile(r"domain|host|site|origin", re.I)
_URL_NAME = re.compile(r"url|uri|target|next|redirect|link|href|location|return|callback|dest", re.I)


_ADDRESS = re.compile(r"https?://zq\w+\.invalid/\w")
_POLICIES = (
    Policy(truth=False), Policy(exists=False), Policy(raises=True), Policy(holds=True), Policy(deep=True),
)  # fmt: skip
_TOO_LARGE = re.compile(r"(Memory|Overflow)Error\b")
_ALGORITHM_NAME = re.compile(r"algo|hash_?(name|func|type|method)|digest", re.I)
_ALGORITHMS = ("sha256", "md5", "sha1")


class Driver(Protocol):
    """Calls the target; one for each sort of entry point."""

    inputs: Inputs

    def ways(self) -> list[Way]:
        """The ways to try first."""

    def run(self, way: Way, watching: bool) -> Run:
        """One call."""

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The call as text."""

    def restored(self) -> AbstractContextManager[None]:
        """Puts the module's own tables back afterwards."""


@dataclasses.dataclass
class Found:
    """A sighting, and the way that led to it."""

    sighting: Sighting
    way: Way


class Explorer:
    """All that benign runs of one target have shown."""

    def __init__(
        self, driver: Driver, constants: list[Any], deadline: float, seed: int = 0,
        wanted: set[tuple[str, int]] | None = None,
    ) -> None:  # fmt: skip
        self.driver = driver
        self.wanted = wanted or set()
        self.constants = constants
        self.lengths: list[int] = []
        self.deadline = deadline
        self.found: dict[tuple[str, int, str], Found] = {}
        self.lines: set[tuple[str, int]] = set()
        self.events: list[tuple[Event, Run]] = []
        self.errors: list[tuple[str, int]] = []
        self.forced: list[tuple[str, int]] = []
        self.notes: list[str] = []
        self.runs = 0
        self._random = random.Random(seed)
        self._queue: deque[Way] = deque()
        self._later: deque[Way] = deque()
        self._furthest = 0
        self._ways: dict[int, Way] = {}
        self._tried: set[str] = set()

    def explore(self) -> None:
        """Run until nothing new comes up, the number of runs is spent, or the deadline has come."""
        for way in self.driver.ways():
            self._add(way)
        self._drain()
        if any(slot.iterated for slot in self.driver.inputs.slots.values()):
            for way in self.driver.ways()[:1]:
                self._add(dataclasses.replace(way, policy=Policy(deep=True)))
            self._drain()
        for more in (self._more_policies, self._addresses, self._dictionary):
            if not self.wanted or not self.wanted <= self.lines:
                more()
                self._drain()
        while self._later and self.runs < _MOST_RUNS and not (self.wanted and self.wanted <= self.lines):
            self._queue.append(self._later.popleft())
            self._drain()
            if EFFORT.spent() >= self.deadline:
                break
        repeatable = {id(run): run for event, run in self.events if event.kind in _REPEATABLE}
        if len(repeatable) == 1:
            self._look(self._ways[next(iter(repeatable))])

    def stopped(self) -> tuple[str, int]:
        """What ended the run that got furthest without having reached the end of the function, and where.

        What a run came to in which unknown calls were made to fail says little, as long as others failed by themselves.
        """
        return max(self.errors or self.forced, key=lambda one: one[1], default=("", 0))

    def texts_at(self, kinds: frozenset[str], line: int) -> set[str]:
        """The arguments that sinks of these kinds had at this line, over all runs."""
        return {event.text for event, _ in self.events if event.kind in kinds and event.line == line}

    def ways_to(self, kinds: frozenset[str], line: int) -> list[Way]:
        """The ways of the runs in which a sink of these kinds was reached at this line."""
        runs = {id(run): run for event, run in self.events if event.kind in kinds and event.line == line}
        return [self._ways[number] for number in runs if number in self._ways]

    def _drain(self) -> None:
        while self._queue and self.runs < _MOST_RUNS and EFFORT.spent() < self.deadline:
            self._look(self._queue.popleft())

    def _look(self, way: Way) -> None:
        self.runs += 1
        slots_before = len(self.driver.inputs.slots)
        run = self.driver.run(way, watching=True)
        run.assigned = way.assigned
        if (run.cut or _TOO_LARGE.match(run.error)) and not way.policy.small and self._is_new(_small(way)):
            self._look(_small(way))  # first, so that what is attacked is reached at little cost
        self._ways[id(run)] = way
        if run.error:
            usual = way.policy.truth and way.policy.exists and not way.policy.raises
            (self.errors if usual else self.forced).append((run.error, run.error_line))
            behind = len(run.lines) < self._furthest
            self._retype(run.error, run.error_line, way, behind)
            self._refit(run.error, way)
        self._furthest = max(self._furthest, len(run.lines))
        fresh = not run.lines <= self.lines or len(self.driver.inputs.slots) > slots_before
        self.lines |= run.lines
        for event in run.events:
            self.events.append((event, run))
            fresh |= self._sighted(event, way)
        self._schemes(run, way)
        self._patterns(run, way)
        if self._decoders(run) or run.cut:
            self._add(way, again=not run.cut)
        if way.policy.truth and "'NoneType'" in run.error and not way.policy.small:
            self._add(_small(way))
        if way.policy.truth and run.error:
            for name in self._lacking(run):
                settings = way.policy.settings | {name}
                self._add(dataclasses.replace(way, policy=dataclasses.replace(way.policy, settings=settings)))
        if self.driver.inputs.stranger:
            self._add(dataclasses.replace(way, policy=dataclasses.replace(way.policy, signed_in=True)))
        if self.driver.inputs.rowless:
            self._add(dataclasses.replace(way, policy=dataclasses.replace(way.policy, rows=True)))
        if way.policy.rows:
            self._columns(run.error, way)
        if fresh:
            self._suggestions(way)

    def _lacking(self, run: Run) -> list[str]:
        """The settings that the run may have failed for want of: it used ``None``, or gave up right after asking."""
        inputs = self.driver.inputs
        if re.search(r"\bNone\b|NoneType", run.error):
            return [*inputs.unset, *inputs.refused][-_MOST_UNSET:]
        return [name for name, line in inputs.refused.items() if run.gave_up and line < run.error_line <= line + 2][-1:]

    def _retype(self, error: str, line: int, way: Way, behind: bool) -> None:
        """Other kinds for text parameters, when what was raised says that text is not what the code wants: first for
        those that stand in the line. A run that fell behind others is built on when nothing else is left.
        """
        kind = kind_wanted(error)
        named_at = getattr(self.driver, "named_at", None)
        named: set[str] = named_at(line) if named_at is not None else set()
        texts = sorted((one for one, given in way.kinds.items() if given == "text"), key=lambda one: one not in named)
        texts = texts[:_MOST_RETYPED]
        if kind:
            for parameter in texts:
                self._add(dataclasses.replace(way, kinds={**way.kinds, parameter: kind}), later=behind)
            if len(texts) > 1:
                self._add(dataclasses.replace(way, kinds={**way.kinds, **dict.fromkeys(texts, kind)}), later=behind)
        if wants_structure(error) and not way.policy.deep:
            self._add(dataclasses.replace(way, policy=dataclasses.replace(way.policy, deep=True)))

    def _refit(self, error: str, way: Way) -> None:
        """More parts for text that is split into a number of them, digits for text that is taken for a number,
        addresses and documents for what is read as one.
        """
        expected = re.search(r"expected (\d+), got|expected at least (\d+)", error)
        count = int(expected.group(1) or expected.group(2)) if expected else 6 if "index out of range" in error else 0
        for slot in list(self.driver.inputs.slots.values()):
            for separator in [one for one in slot.constants.get("split", []) if isinstance(one, str)][:2]:
                if 1 < count < 12:
                    self._add(changed(way, {slot.name: separator.join([slot.word] * count)}))
            content = content_wanted(error, slot.word) if slot.name in self.driver.inputs.used else None
            if content is not None and (slot.kind == "stream" or slot.name.startswith("content of the file")):
                self._add(changed(way, {slot.name: content}))
            if slot.word in error and wants_address(error):
                self._add(changed(way, {slot.name: f"http://{slot.word}.invalid/{slot.word}"}))
            if slot.word in error and "invalid literal" in error:
                given = way.assigned.get(slot.name)
                parts = given.count(slot.word) if isinstance(given, str) else 0
                if parts > 1 and isinstance(given, str):
                    head, _, tail = given.partition(slot.word)
                    self._add(changed(way, {slot.name: head + slot.word + tail.replace(slot.word, "7")}))
                else:
                    self._add(changed(way, {slot.name: str(slot.number)}))

    def _sighted(self, event: Event, way: Way) -> bool:
        fresh = False
        for slot in list(self.driver.inputs.slots.values()):
            # A second look where the input stands behind a host: what was the whole address before is a path there.
            key = (event.kind, event.line, slot.name + " in an address" * (_ADDRESS.match(event.text) is not None))
            if key in self.found or slot.trust == "sanitised" or slot.name not in self.driver.inputs.used:
                continue
            sighting = sight(event, slot, self.driver.inputs)
            if sighting is not None:
                self.found[key] = Found(sighting, way)
                fresh = True
                if event.kind == "xml" and sighting.whole:
                    self._add(changed(way, {slot.name: DOCUMENT.replace("WORD", slot.word)}))
        return fresh

    def _columns(self, error: str, way: Way) -> None:
        """Learn a column that the code looked for in a copy of a row."""
        missing = re.fullmatch(r"KeyError: '(\w+)'", error)
        name = slot_name(missing[1]) if missing else ""
        if missing and name not in self.driver.inputs.slots:
            self.driver.inputs.slot(name, "sanitised", kind="key:" + missing[1])
            self._add(way, again=True)

    def _decoders(self, run: Run) -> bool:
        """Learn encodings: a slot whose whole value met a decoder is sent encoded from now on."""
        learned = False
        for event in run.events:
            if event.kind != "decode":
                continue
            for slot in self.driver.inputs.slots.values():
                codec = event.details["codec"]
                if event.text != self.driver.inputs.text(slot) or codec in slot.codecs:
                    continue
                if len(slot.codecs) < _MOST_CODECS:
                    slot.codecs.append(codec)
                    learned = True
        return learned

    def _schemes(self, run: Run, way: Way) -> None:
        """Learn that a slot begins an address: HTTP clients turn one away that has no scheme."""
        for event in run.events:
            for slot in list(self.driver.inputs.slots.values()):
                if event.kind == "client" and event.text.startswith(slot.word):
                    self._add(changed(way, {slot.name: f"http://{slot.word}.invalid"}))

    def _patterns(self, run: Run, way: Way) -> None:
        """Learn the form that a pattern asks of a slot."""
        for event in run.events:
            for slot in list(self.driver.inputs.slots.values()) if event.kind == "regex" else ():
                for value in fitted(slot, event, way.assigned.get(slot.name, slot.word)):
                    self._add(changed(way, {slot.name: value}))

    def _suggestions(self, way: Way) -> None:
        for slot in list(self.driver.inputs.slots.values()):
            for operator, others in slot.constants.items():
                for other in others:
                    for value in suggested(slot, operator, other, self.lengths):
                        self._add(changed(way, {slot.name: value}))

    def _more_policies(self) -> None:
        for way in self.driver.ways()[:2]:
            for policy in _POLICIES:
                self._add(dataclasses.replace(way, policy=policy))

    def _addresses(self) -> None:
        """Addresses, for slots named after them: of the hosts that other slots name, and of this site."""
        slots = [slot for slot in self.driver.inputs.slots.values() if slot.trust in ("parameter", "outside")]
        hosts = [slot.word for slot in slots if _HOST_NAME.search(slot.name)]
        for slot in [slot for slot in slots if _URL_NAME.search(slot.name)][:4]:
            for shape in ("/{w}", *(f"https://{host}/{{w}}" for host in hosts[:2]), "https://{w}.test/"):
                for way in self.driver.ways()[:1]:
                    self._add(changed(way, {slot.name: shape.format(w=slot.word)}))

    def _dictionary(self) -> None:
        """The code's own constants as values of its parameters: for look-ups that compare by hash."""
        slots = [slot for slot in self.driver.inputs.slots.values()
                 if slot.trust in ("parameter", "outside") and not slot.rigid]  # fmt: skip
        pairs = [(slot, value) for value in self.constants[:40] for slot in slots[:6]
                 if isinstance(value, int) == (slot.kind == "number")]  # fmt: skip
        pairs += [(slot, name) for slot in slots[:6] if _ALGORITHM_NAME.search(slot.name) for name in _ALGORITHMS]
        self._random.shuffle(pairs)
        ways = self.driver.ways()
        for slot, value in pairs[:40]:
            if ways:
                self._add(changed(ways[0], {slot.name: value}))

    def _add(self, way: Way, again: bool = False, later: bool = False) -> None:
        if self._is_new(way, again):
            (self._later if later else self._queue).append(way)

    def _is_new(self, way: Way, again: bool = False) -> bool:
        """Whether the way was not added before; it counts as added from then on."""
        key = repr(
            (sorted(way.assigned.items(), key=repr), sorted(way.kinds.items()), way.policy, way.filled, way.bare)
        )
        if again:
            key += str(self.runs)
        if key in self._tried:
            return False
        self._tried.add(key)
        return True


def _small(way: Way) -> Way:
    """The way with small numbers."""
    return dataclasses.replace(way, policy=dataclasses.replace(way.policy, small=True))
