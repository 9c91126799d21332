"""One way to call a target."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..inputs.slots import Policy


@dataclasses.dataclass
class Way:
    """One way to call the target: values for slots, the kind of each parameter, how stand-ins behave, and whether
    parameters that have defaults are given all the same (``filled``) or never (``bare``).
    """

    assigned: dict[str, Any] = dataclasses.field(default_factory=dict)
    kinds: dict[str, str] = dataclasses.field(default_factory=dict)
    policy: Policy = dataclasses.field(default_factory=Policy)
    filled: bool = False
    bare: bool = False

    def requested(self, where: str, changed: dict[str, Any]) -> str:
        """A request in this way in words, with the values that matter."""
        values = {**self.assigned, **changed}
        shown = ", ".join(f"{name}={value!r}"[:300] for name, value in values.items())
        return f"{self.kinds['method']} {where} with {shown or 'benign values'}"


def changed(way: Way, values: dict[str, Any]) -> Way:
    """The way with these slots set."""
    return dataclasses.replace(way, assigned={**way.assigned, **values})
