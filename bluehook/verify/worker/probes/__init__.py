"""Probes, one file a weakness family, found by name: payloads for a context, and an oracle on effects."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from .base import Probe, Relation, UseProbe


def load_all() -> tuple[list[Probe], list[UseProbe], list[Relation]]:
    """Every probe of the package: those that attack, those that recognise a use, those that compare runs."""
    attacking: list[Probe] = []
    using: list[UseProbe] = []
    relating: list[Relation] = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        probes: list[Any] = getattr(importlib.import_module(__name__ + "." + info.name), "PROBES", [])
        attacking += [probe for probe in probes if isinstance(probe, Probe)]
        using += [probe for probe in probes if isinstance(probe, UseProbe)]
        relating += [probe for probe in probes if isinstance(probe, Relation)]
    return attacking, using, relating
