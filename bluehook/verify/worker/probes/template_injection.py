"""Template injection: an expression in the value reaches the gadget while the template is rendered."""

from __future__ import annotations

from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from ..stubs.gadget import GADGET, MODULE
from .base import Attack, Probe, Scene, Sighting

_JINJA = (
    "{% for c in ''.__class__.__mro__[1].__subclasses__()+''.__class__.__mro__[0].__subclasses__() %}"
    "{% if c.__name__=='" + GADGET + "' %}{{ c('MARK') }}{% endif %}{% endfor %}"
)


class Template(Probe):
    """A value that becomes part of a template's source."""

    weakness = "template-injection"
    kinds = frozenset({"template"})
    assumed_will_do = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Expressions of the engines that are known, and a product for those that allow no more."""
        for shape in (_JINJA, "${__import__('" + MODULE + "').hit('MARK')}"):
            mark = canaries.word()
            yield Attack(shape.replace("MARK", mark), mark, "walk to a function")
        number = canaries.number()
        for shape in ("{{{{ {n}*7919 }}}}", "${{{n}*7919}}", "<%= {n}*7919 %>"):
            yield Attack(shape.format(n=number), str(number * 7919), "have a product computed")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The gadget was called, or the product stands in what came out."""
        for event in run.events:
            if event.kind == "gadget" and event.text == attack.mark:
                return f"the template called an injected function with {attack.mark!r}"
            if event.kind in ("return", "html") and attack.mark.isdigit() and attack.mark in event.text:
                return f"the template computed the input's expression: {attack.mark}"
        if sighting.event.by_standin and any(str(attack.value) in event.text for event in self.at_sink(run, sighting)):
            return "the input's expression stands in the source that is compiled as a template"
        return ""


PROBES = [Template()]
