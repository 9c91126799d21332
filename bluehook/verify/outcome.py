"""From the ending of an attack to a piece of evidence: what it claims, and in which words.

Whose hand the input comes from decides more than any payload: *proven* needs an input from outside, or one that the
code itself claims to confine; an effect through a parameter that is handed on whole is the caller's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from bluehook.findings import Evidence, Location, Says, Step
from bluehook.verify.model import Attempt, Outcome, Station, Target
from bluehook.verify.plan import MODULE
from bluehook.weaknesses import TABLE, kindred

ENGINE = "verify"
_HELD = ("outside", "composed")
NO_SINK = "no sink of this family was reached"
"""What the worker says of a family when the function ran and nothing else stopped it."""

_STOPPED = ("unreached", "failed")
_LONGEST = 2_000
_FEWEST_SPELLINGS = 3
"""Different attacks that have to fail before code is held harmless: one or two may only have been the wrong ones."""
_CONSTANTS = "every call in the project hands over a constant"
_CHECKED = "every way in the project that leads to it was attacked and let nothing through"
_PARAMETER = re.compile(r"parameter '(\w+)'")
_THROUGH = {
    "outside": "through {slot}, which comes from outside",
    "composed": "through {slot}, which the code joins with text of its own and so claims to confine",
    "whole": "through {slot}, which the function hands on as it came: what it gets is its callers' choice",
    "assumed": "through {slot}, whose origin is assumed",
}


class Seen(msgspec.Struct, frozen=True):
    """Evidence that belongs to a place: ``line`` is 0 where no sink was reached, ``inside`` whether the sink stands in
    the function that was attacked.
    """

    weakness: str
    path: str
    line: int
    inside: bool
    evidence: Evidence


def seen(attempt: Attempt, *, everything: bool = False) -> Iterator[Seen]:
    """What an attempt has to say, one piece a sink and weakness.

    Of what was not reached only the weaknesses that something spoke for are told, since nobody asked about the others,
    unless ``everything`` is wanted; and of what is attacked about another function, only what happened in that one.
    """
    target = attempt.target
    first, last = target.lines
    for outcome in attempt.reply.outcomes:
        if outcome.weakness not in TABLE:
            continue
        asked = everything or outcome.weakness in target.weaknesses
        if outcome.ending in _STOPPED and not asked:
            continue
        path = outcome.file(target)
        known = (*target.about, *attempt.ways)
        about = next((each for each in known if each.holds(path, outcome.sink_line)), None)
        if target.about and about is None:
            continue
        # A program runs functions that others may call otherwise: of them it shows no harmlessness.
        inside = path == target.path and first <= outcome.sink_line <= last and target.function != MODULE
        choice = callers_choice(attempt, outcome)
        ruled_out = choice == _CHECKED or (choice == _CONSTANTS and set(attempt.fed.values()) == {"constants"})
        evidence = _evidence(target, outcome, inside, about.way if about is not None else (), choice, ruled_out)
        yield Seen(outcome.weakness, path, outcome.sink_line, inside, evidence)
    if attempt.reply.problem and not attempt.reply.outcomes and not target.about:
        for weakness in target.weaknesses:
            failed = Outcome(weakness=weakness, ending="failed", where=attempt.reply.problem)
            yield Seen(weakness, target.path, 0, False, _evidence(target, failed, inside=False))


def left_open(attempt: Attempt) -> dict[str, str]:
    """The weaknesses that something spoke for and no attack settled, each with what stopped it.

    One that is kindred to a weakness whose sink was reached is settled with it: a statement has only one of them.
    What no probe attacks is not among them, since no run could settle it.
    """
    reached = arrived(attempt)
    ends = {outcome.weakness: outcome.where for outcome in attempt.reply.outcomes if outcome.ending in _STOPPED}
    if attempt.reply.problem:
        ends = dict.fromkeys(attempt.target.weaknesses, attempt.reply.problem) | ends
    return {
        weakness: ends[weakness]
        for weakness in attempt.target.weaknesses
        if weakness in ends and not any(kindred(weakness, other) for other in reached)
    }


def arrived(attempt: Attempt) -> set[str]:
    """The weaknesses whose sinks an attack reached, or whose use it saw."""
    return {each.weakness for each in attempt.reply.outcomes if each.ending not in _STOPPED and each.weakness in TABLE}


def stopped(attempt: Attempt) -> str:
    """What kept an attack from seeing anything at all, ``""`` where it only met no sink."""
    if attempt.reply.problem:
        return attempt.reply.problem
    if arrived(attempt):
        return ""
    return next((each.where for each in attempt.reply.outcomes if each.where not in ("", NO_SINK)), "")


def callers_choice(attempt: Attempt, outcome: Outcome) -> str:
    """Why an effect through a parameter says nothing of the function itself, empty when it does.

    What every call in the project fixes nobody can attack; and of a private function that the project calls, its
    callers answer for what they hand over. Both are proven through a caller, if they are holes.
    """
    target = attempt.target
    parameter = _PARAMETER.match(outcome.slot)
    if parameter is None or target.entry or outcome.trust == "outside":
        return ""
    fed = attempt.fed.get(parameter[1])
    if fed == "constants":
        return _CONSTANTS
    if outcome.weakness in attempt.checked:
        return _CHECKED
    if fed and outcome.weakness == "cross-site-scripting":
        return "whether it was made harmless before, its callers in the project know"
    return "a private function, whose callers in the project choose" if fed and _is_private(target.function) else ""


def _is_private(function: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in function.split("."))


def claim(outcome: Outcome, inside: bool = True) -> Says:
    """What an ending claims of the finding at its sink.

    Only the attack on the function that holds the sink can speak for harmlessness: another caller may still reach it.
    """
    if outcome.ending in ("proven", "likely"):
        return _claim_of_effect(outcome)
    if outcome.ending == "neutralised" and inside and outcome.control and outcome.reached:
        return Says.REFUTES if outcome.spellings >= _FEWEST_SPELLINGS else Says.NOTES
    if outcome.ending == "insensitive" and inside:
        return Says.INSENSITIVE
    return Says.NOTES


def _claim_of_effect(outcome: Outcome) -> Says:
    """What a seen effect claims. The worker calls one weak that may be its caller's business or that is small, and
    strong one that the function answers for: loading a document dangerously is no choice of whoever handed it over.
    """
    strength = outcome.evidence.get("strength")
    held = outcome.ending == "proven" and outcome.trust in _HELD
    if strength == "weak":
        return Says.SUSPECTS if held else Says.NOTES
    if held:
        return Says.PROVES
    told_to = outcome.ending == "likely" and outcome.trust == "whole" and strength != "strong"
    return Says.NOTES if told_to else Says.SHOWS


def in_words(outcome: Outcome) -> str:
    """The ending as one sentence."""
    if outcome.ending in ("proven", "likely"):
        if not outcome.slot:
            return outcome.effect
        return f"{outcome.effect}, {_THROUGH[outcome.trust].format(slot=outcome.slot)}"
    if outcome.ending == "neutralised":
        control = "a benign value passes" if outcome.control else "no benign value was seen to pass"
        return (
            f"{_attacks(outcome)} tried, {outcome.reached} of them arrived and none had its effect "
            f"({TABLE[outcome.weakness].slug}); {control}"
        )
    if outcome.ending == "insensitive":
        return outcome.where or "the sink was reached and its argument never changed"
    reason = outcome.where or "no reason was given"
    return f"the sink was not reached: {reason}" if outcome.ending == "unreached" else f"the attack failed: {reason}"


def _attacks(outcome: Outcome) -> str:
    return "1 attack was" if outcome.attempts == 1 else f"{outcome.attempts} attacks were"


def _evidence(
    target: Target,
    outcome: Outcome,
    inside: bool,
    way: tuple[Station, ...] = (),
    choice: str = "",
    ruled_out: bool = False,
) -> Evidence:
    """The evidence; ``way`` are the calls between the function that was attacked and the one with the sink,
    ``choice`` says why its effect is its callers' choice, ``ruled_out`` that none of them makes a bad one.
    """
    details = {
        "ending": outcome.ending,
        "function": target.name,
        "call": outcome.call,
        "payload": outcome.payload,
        "effect": outcome.effect,
        "slot": outcome.slot,
        "trust": outcome.trust if outcome.slot else "",
        "attempts": str(outcome.attempts or ""),
        "where": outcome.where,
        "way": " -> ".join(f"{each.path}::{each.function}" for each in way),
    }
    says = claim(outcome, inside)
    if choice:
        says = {Says.PROVES: Says.SUSPECTS, Says.SHOWS: Says.NOTES}.get(says, says)
        says = Says.INSENSITIVE if ruled_out and says is Says.NOTES else says
    if says in (Says.PROVES, Says.SHOWS):
        details["reproduction"] = f"bluehook verify {target.name} --cwe {TABLE[outcome.weakness].cwe}"
    return Evidence(
        ENGINE,
        f"{outcome.weakness}:{outcome.ending}",
        says,
        _cut(in_words(outcome) + (f" ({choice})" if choice else "")),
        trace=_trace(outcome, target, way),
        details={key: _cut(value) for key, value in details.items() if value},
    )


def _trace(outcome: Outcome, target: Target, way: tuple[Station, ...]) -> tuple[Step, ...]:
    """The calls on the way as a taint path, for those who show such paths; none where there is no call between."""
    if not way or not outcome.sink_line or outcome.ending not in ("proven", "likely"):
        return ()
    steps = [Step(Location(each.path, each.line), f"{each.function} calls on") for each in way]
    return (*steps, Step(Location(outcome.file(target), outcome.sink_line), "the effect"))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
