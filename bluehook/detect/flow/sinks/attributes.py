"""Attributes that a request names (CWE-915), and amounts that it decides (CWE-400)."""

from __future__ import annotations

from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow
from bluehook.detect.flow.site import Site

_NAMED = "chooses which attributes are set"
_GRADES = anywhere(Grades(SHOWS, HINTS, HINTS))


def _setattr(site: Site) -> None:
    flow(site, "mass-assignment", site.arg(1), _GRADES, _NAMED)


def _create(site: Site) -> None:
    """``create(**request.json)``."""
    if site.spread is not None and "objects" in site.machine.text(site.call.callee.at):
        flow(site, "mass-assignment", site.spread, anywhere(Grades(SHOWS)), _NAMED)


def _update(site: Site) -> None:
    """``obj.__dict__.update(data)``."""
    if site.machine.text(site.call.callee.at).endswith("__dict__.update"):
        flow(site, "mass-assignment", site.arg(0), _GRADES, _NAMED)


def _amount(site: Site) -> None:
    flow(site, "resource-exhaustion", site.arg(0), anywhere(Grades(SUSPECTS)), "decides how long the server waits")


SINKS = {
    "setattr": _setattr,
    ".create": _create,
    ".update_or_create": _create,
    ".update": _update,
    "time.sleep": _amount,
}
