"""Attacking what exploration found: each family, each sighting, one slot at a time; then the endings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from . import protocol
from .drive.replay import Unrepeatable
from .drive.run import Run
from .drive.way import Way, changed
from .effort import EFFORT
from .explore import Driver, Explorer, Found
from .inputs.slots import Slot
from .inputs.wire import carries, is_wired, rooted
from .insensitive import Insensitive
from .observe.record import Event, as_text
from .probes.base import Attack, Probe, Scene, Sighting, UseProbe, says_secret
from .protocol import Outcome
from .stubs import environment
from .trust import can_prove, strength_of, trust_of

_MOST_ATTACKS = 26
_MOST_PARTS = 12
_MOST_SHAPES = 4
_RANK = {protocol.PROVEN: 5, protocol.LIKELY: 4, protocol.UNREACHED: 1, protocol.FAILED: 0,
         protocol.INSENSITIVE: 2, protocol.NEUTRALISED: 3}  # fmt: skip


class Attacker:
    """Turns an explored target into outcomes."""

    def __init__(self, driver: Driver, explorer: Explorer, scene: Scene, deadline: float) -> None:
        self.driver = driver
        self.explorer = explorer
        self.scene = scene
        self.deadline = deadline
        self.attempts = 0

    def outcomes(self, probes: list[Probe], uses: list[UseProbe], wanted: list[str] | None,
                 lines: list[int]) -> list[Outcome]:  # fmt: skip
        """One outcome for each weakness and sink line that something can be said about."""
        found: dict[tuple[str, int], list[Outcome]] = {}
        for probe in probes:
            if wanted is not None and probe.weakness not in wanted:
                continue
            for one in self._sightings(probe, lines):
                outcome = self._attacked(probe, one)
                found.setdefault((outcome.weakness, outcome.sink_line), []).append(outcome)
        answers = [_joined(group) for group in found.values()]
        constant = Insensitive(self.explorer, self.driver.inputs, self._tried)
        answers += constant.outcomes(probes, wanted, set(found))
        answers += self._used(uses, wanted)
        return answers + self._missed(answers, wanted)

    def _sightings(self, probe: Probe, lines: list[int]) -> list[Found]:
        """What the probe attacks: sinks that the host asked for first, inputs from outside first."""
        order = {"outside": 0, "parameter": 1, "assumed": 2}
        chosen = [one for one in self.explorer.found.values()
                  if one.sighting.event.kind in probe.kinds and probe.relevant(one.sighting)]  # fmt: skip
        chosen.sort(key=lambda one: (one.sighting.event.line not in lines, order.get(one.sighting.slot.trust, 3)))
        return chosen

    def _attacked(self, probe: Probe, one: Found) -> Outcome:
        sighting = one.sighting
        outcome = self._blank(probe, sighting)
        spellings: set[str] = set()
        for attack in self._spelled(probe, one):
            if EFFORT.spent() > self.deadline:
                outcome.where = "the time was up before every attack was made"
                return outcome
            if sighting.slot.trust == protocol.OUTSIDE:
                attack = dataclasses.replace(attack, value=rooted(sighting.slot.name, attack.value))
            if not _arrives(sighting, attack):
                continue
            run = self._run(one, {sighting.slot.name: attack.value})
            outcome.attempts += 1
            spellings.add(str(attack.value).replace(attack.mark, ""))
            outcome.spellings = len(spellings)
            outcome.reached += any(event.line == sighting.event.line for event in probe.at_sink(run, sighting))
            effect = probe.effect(run, sighting, attack, self.scene)
            if effect:
                return self._shown(probe, one, attack, effect, outcome)
        return self._unshown(probe, one, outcome)

    def _run(self, one: Found, values: dict[str, Any]) -> Run:
        self.attempts += 1
        return self.driver.run(changed(one.way, values), watching=False)

    def _spelled(self, probe: Probe, one: Found) -> Iterator[Attack]:
        """The probe's attacks in the shape of value that led to the sink, as they are, and with what the code wants a
        value to begin, end or be filled with.
        """
        sighting = one.sighting
        slot = sighting.slot
        made = list(probe.attacks(sighting, self.driver.inputs.canaries, self.scene))[:_MOST_ATTACKS]
        for template in _templates(one, slot):
            for attack in list(probe.attacks(sighting, self.driver.inputs.canaries, self.scene))[:8]:
                if isinstance(attack.value, str):
                    yield dataclasses.replace(attack, value=template.replace("\0", attack.value))
        yield from made
        # The pattern's own growth is measured on the text as it is: more around it would be another text.
        for template in _shaped(slot) if sighting.event.kind != "regex" else []:
            for attack in list(probe.attacks(sighting, self.driver.inputs.canaries, self.scene))[:8]:
                if isinstance(attack.value, str):
                    yield dataclasses.replace(attack, value=template.replace("\0", attack.value))
        affixes = [(str(c), "") for c in slot.constants.get("startswith", [])[:3]]
        affixes += [("", str(c)) for c in slot.constants.get("endswith", [])[:3]]
        affixes += [("", str(c)) for c in slot.constants.get("contains", [])[:2]]
        for prefix, suffix in affixes:
            for attack in list(probe.attacks(sighting, self.driver.inputs.canaries, self.scene))[:8]:
                if isinstance(attack.value, str):
                    yield dataclasses.replace(attack, value=prefix + attack.value + suffix)

    def _blank(self, probe: Probe, sighting: Sighting) -> Outcome:
        event = sighting.event
        trust = trust_of(probe, sighting, self._target())
        return Outcome(probe.weakness, protocol.UNREACHED, trust=trust, slot=sighting.slot.name, sink=event.kind,
                       sink_line=event.line, evidence={"file": event.file})  # fmt: skip

    def _shown(self, probe: Probe, one: Found, attack: Attack, effect: str, outcome: Outcome) -> Outcome:
        sure = not one.sighting.event.by_standin or one.sighting.event.details.get("sure", False)
        sure = sure and not self.driver.inputs.invented
        sure = sure and not (one.way.policy.truth and getattr(self._target(), "assumes", False))
        held = can_prove(probe, one.sighting, outcome.trust)
        outcome.ending = protocol.PROVEN if held and sure and not probe.by_convention else protocol.LIKELY
        value = attack.value
        outcome.payload = value if isinstance(value, str) else repr(value)[:400]
        outcome.call = self.driver.text(one.way, {one.sighting.slot.name: value})
        outcome.effect = effect
        outcome.evidence.update(
            self._replay(one, probe.written(attack)), slot_word=one.sighting.slot.word, mark=attack.mark
        )
        outcome.evidence.update(
            technique=attack.note, before=one.sighting.before[-80:], after=one.sighting.after[:80],
            by_standin=one.sighting.event.by_standin, by_convention=probe.by_convention,
            strength="weak" if attack.mild else strength_of(probe, one.sighting, outcome.trust, self._target()),
        )  # fmt: skip
        return outcome

    def _target(self) -> Any:
        """What is attacked, where the driver knows it."""
        return getattr(self.driver, "target", None)

    def _replay(self, one: Found, value: Any) -> dict[str, Any]:
        """The attack and a harmless call as data, with paths that exist on other machines as well."""
        attack = changed(one.way, {one.sighting.slot.name: _elsewhere(value, self.scene)})
        try:
            if one.way.policy.signed_in:
                raise Unrepeatable("the session of whoever is signed in is not written down")
            if one.way.policy.rows:
                raise Unrepeatable("the code needs a row of a database that is not there")
            if self.driver.inputs.configured:
                raise Unrepeatable("the code needs settings that nobody set")
            written = getattr(self.driver, "replay", None)
            if written is None:
                raise Unrepeatable("calls of this sort are not written down yet")
            replay = {"attack": written(attack), "benign": written(one.way)}
            return {"replay": {**replay, "environment": environment.written(self.driver.inputs)}}
        except Unrepeatable as reason:
            return {"unrepeatable": str(reason)}
        except Exception as error:  # the project's own objects may raise while they are looked at
            return {"unrepeatable": f"{type(error).__name__} while writing the call down"}

    def _unshown(self, probe: Probe, one: Found, outcome: Outcome) -> Outcome:
        """No effect: neutralised when attacks arrived and a control does too, else what kept them away."""
        if not outcome.attempts:
            outcome.where = "no attack was made"
            return outcome
        control = self._run(one, {})
        line = one.sighting.event.line
        outcome.control = any(event.line == line for event in probe.at_sink(control, one.sighting))
        outcome.call = self.driver.text(one.way, {})
        if not outcome.control:
            outcome.where = "the control did not reach the sink again"
        elif outcome.reached:
            outcome.ending = protocol.NEUTRALISED
        else:
            outcome.ending = protocol.INSENSITIVE
            outcome.where = "a check turned every attack away before the sink; benign values pass"
        return outcome

    def _tried(self, way: Way) -> Run | None:
        """One more run in this way; none when the time is up."""
        if EFFORT.spent() > self.deadline:
            return None
        self.attempts += 1
        return self.driver.run(way, watching=False)

    def _used(self, uses: list[UseProbe], wanted: list[str] | None) -> list[Outcome]:
        """Weak uses that benign runs showed; one for each weakness and line."""
        answers: dict[tuple[str, int], Outcome] = {}
        for probe in uses:
            if wanted is not None and probe.weakness not in wanted:
                continue
            events = [(event, run) for event, run in self.explorer.events if event.kind in probe.kinds]
            for event, _ in events:
                self._named(event)
            for event, effect in probe.over(events):
                answers.setdefault((probe.weakness, event.line), _use(probe, event, effect))
        return list(answers.values())

    def _named(self, event: Event) -> None:
        """Say of the data of a use which input it is, when it is one and nothing else; ``self`` holds no input."""
        data = as_text(event.details.get("data", b""))
        for slot in self.driver.inputs.slots.values() if data else ():
            if data == slot.word and slot.trust in ("outside", "parameter"):
                event.details["input"] = slot.name

    def _missed(self, answers: list[Outcome], wanted: list[str] | None) -> list[Outcome]:
        """Families that were asked for and never saw a sink: unreached, with what stopped the runs."""
        seen = {outcome.weakness for outcome in answers}
        where = "no sink of this family was reached"
        if self.explorer.errors:
            error, line = self.explorer.stopped()
            where = "; ".join([f"line {line}, {error}", *self.explorer.notes[:2]])
        missing = [slug for slug in wanted or [] if slug not in seen]
        return [Outcome(slug, protocol.UNREACHED, where=where) for slug in missing]


def _templates(one: Found, slot: Slot) -> list[str]:
    """The benign value of several parts that led to the sink, with a hole (NUL) in place of each part in turn."""
    value = one.way.assigned.get(slot.name)
    if not isinstance(value, str) or value == slot.word or slot.word not in value:
        return []
    parts = value.split(slot.word)
    holes = range(1, min(len(parts), _MOST_PARTS))
    return [slot.word.join(parts[:hole]) + "\0" + slot.word.join(parts[hole:]) for hole in holes]


def _shaped(slot: Slot) -> list[str]:
    """Texts that patterns of the code take, with a hole (NUL) in place of the canary: the loosest first, those of
    several lines last.
    """
    shapes = [shape for shape in reversed(slot.shapes) if slot.word in shape and shape != slot.word]
    parts = [shape.rpartition(slot.word) for shape in sorted(shapes, key=lambda shape: "\n" in shape)]
    return [before + "\0" + after for before, _, after in parts][:_MOST_SHAPES]


def _elsewhere(value: Any, scene: Scene) -> Any:
    """The value as it is for a program that runs in a folder of its own, without the harness's folders."""
    if not isinstance(value, str):
        return value
    inner = scene.outside.lstrip("/")
    return value.replace(scene.work + "/", "").replace(inner, "tmp/outside")


def _arrives(sighting: Sighting, attack: Attack) -> bool:
    """Whether the request that the slot is a part of can carry the attack: always when it is sent encoded."""
    slot = sighting.slot
    limited = slot.trust == protocol.OUTSIDE or is_wired(slot.name)
    return not limited or bool(slot.codecs) or carries(slot.name, attack.value)


def _use(probe: UseProbe, event: Event, effect: str) -> Outcome:
    strong = not probe.needs_context or says_secret(event.function)
    held = strong and not probe.mild
    evidence = {"file": event.file, "use": True, "context": strong, "strength": "strong" if held else "weak"}
    return Outcome(
        probe.weakness, protocol.LIKELY, effect=effect, sink=event.kind, sink_line=event.line, evidence=evidence
    )


def _claim(outcome: Outcome) -> tuple[int, bool, int]:
    """How much an outcome says: its ending, whether the function answers for it, whose hand the input comes from."""
    strong = outcome.evidence.get("strength") == "strong"
    return _RANK[outcome.ending], strong, _TRUSTED.get(outcome.trust, 0)


def _joined(group: list[Outcome]) -> Outcome:
    """The outcome of one sink over all its slots: the strongest claim, but harmless only as far as all of them are."""
    best = max(group, key=_claim)
    if _RANK[best.ending] >= _RANK[protocol.LIKELY]:
        return best
    return min(group, key=lambda outcome: (_RANK[outcome.ending], outcome.spellings))


_TRUSTED = {protocol.OUTSIDE: 3, protocol.COMPOSED: 2, protocol.ASSUMED: 1, protocol.WHOLE: 0}
