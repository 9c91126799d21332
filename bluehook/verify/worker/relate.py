"""Comparing runs of one target: weaknesses that no single run shows."""

from __future__ import annotations

import re
from typing import Any

from . import protocol
from .drive.run import Guard, Run
from .drive.way import changed
from .effort import EFFORT
from .explore import Driver
from .probes.base import Relation
from .protocol import Outcome


def related(
    driver: Driver, relations: list[Relation], wanted: list[str] | None, constants: list[Any], deadline: float
) -> list[Outcome]:
    """What comparing runs shows, of the weaknesses that are ``wanted`` (``None``: of all)."""
    answers = []
    runner = _Runner(driver, constants, deadline)
    for relation in relations:
        if wanted is not None and relation.weakness not in wanted:
            continue
        for slot, values, effect in relation.examine(runner):
            answer = Outcome(relation.weakness, protocol.LIKELY, slot=slot, effect=effect, payload=repr(values))
            answer.call = driver.text(driver.ways()[0], values)
            answer.attempts, answer.evidence = runner.runs, {"strength": "strong"}
            node = getattr(getattr(driver, "target", None), "node", None)
            answer.sink_line = getattr(node, "lineno", 0)
            answers.append(answer)
    return answers


class _Runner:
    """As ``probes.base.Runner``: the module's own tables are put back after each run."""

    def __init__(self, driver: Driver, constants: list[Any], deadline: float) -> None:
        self._driver = driver
        self._deadline = deadline
        self.constants = constants
        self.runs = 0

    def parameters(self) -> list[str]:
        return [name for name in self._driver.inputs.slots if re.fullmatch(r"parameter '\w+'", name)]

    def outside(self) -> list[str]:
        return [name for name, slot in self._driver.inputs.slots.items() if slot.trust == "outside"]

    def incoming(self) -> list[str]:
        slots = self._driver.inputs.slots.items()
        part = re.compile(r"parameter '\w+'[.\[]")
        return [name for name, slot in slots if slot.trust == "outside" or part.match(name)]

    def compared(self) -> dict[str, list[Any]]:
        slots = self._driver.inputs.slots.items()
        return {name: slot.constants["=="] for name, slot in slots if slot.constants.get("==")}

    def run(self, values: dict[str, Any], counting: bool = False) -> Run:
        self.runs += 1
        if EFFORT.spent() > self._deadline:
            return Run([], error="no time left")
        way = changed(self._driver.ways()[0], values)
        guard = getattr(self._driver, "guard", None) or Guard("")
        guard.counting = counting
        try:
            with self._driver.restored():
                return self._driver.run(way, watching=False)
        finally:
            guard.counting = False
