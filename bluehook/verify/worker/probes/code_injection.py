"""Code injection: the injected text calls into a module that only this run has, with the attempt's canary."""

from __future__ import annotations

from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from ..stubs.gadget import GADGET, MODULE
from .base import Attack, Probe, Scene, Sighting, quote_context

_CALL = "__import__('" + MODULE + "').hit('{m}')"
_WALK = ("[c for c in ().__class__.__base__.__subclasses__() if c.__name__=='" + GADGET + "'][0]('{m}')")  # fmt: skip


class Source(Probe):
    """A value that is compiled and run as Python."""

    weakness = "code-injection"
    kinds = frozenset({"code"})
    assumed_will_do = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A call for the place where the value stands: alone, in an expression, in a literal."""
        quote = quote_context(sighting.before)
        double = _CALL.replace("'", '"')
        shapes = [_CALL, double, _WALK, f"1\n{_CALL}\n", f"x={_CALL}", f"{_CALL} #", f"1) or {_CALL} #",
                  f"os\n{_CALL}#", f"import {MODULE};{MODULE}.hit('{{m}}')"]  # fmt: skip
        if quote:
            call = double if quote == "'" else _CALL
            shapes = [f"{quote}+str({call})+{quote}", f"{quote}){chr(10)}{call} #", f"{quote} and {call} #", *shapes]
        if not sighting.whole:
            shapes = [f"x;{_CALL}#", f"x\n{_CALL}#", f"\n{_CALL}#", f",{_CALL},", *shapes]
        for shape in shapes:
            mark = canaries.word()
            yield Attack(shape.replace("{m}", mark), mark, "call an injected function")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The gadget was called with the mark."""
        if any(event.kind == "gadget" and event.text == attack.mark for event in run.events):
            return f"the input was executed as code: it called an injected function with {attack.mark!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """An expression of the code's own stands around the value, or the built-ins were taken out to confine it;
        ``exec`` of a template makes code by design.
        """
        if sighting.event.details["namespace"] == "confined":
            return True
        return sighting.event.details["call"] == "eval" and super().composed(sighting)

    def answers_for(self, sighting: Sighting) -> bool:
        """Text that runs among the function's own variables: what runs code for its caller gives it a namespace."""
        return bool(sighting.event.details["namespace"] == "own")


PROBES = [Source()]
