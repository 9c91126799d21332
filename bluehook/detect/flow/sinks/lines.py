"""Line by line: headers (CWE-113), logs (CWE-117), cells of spreadsheets (CWE-1236), patterns (CWE-1333)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, WEAKER, Grades, anywhere, flow, report
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import Value

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_HEADER = "reaches a header with its line breaks"
_IN_HEADER = anywhere(Grades(SHOWS, SUSPECTS, HINTS))
_IN_LOG = anywhere(WEAKER)
_LOGGERS = ("log", "logger", "logging", "LOG", "LOGGER", "_log", "_logger", "current_app.logger", "app.logger")


def _log(site: Site) -> None:
    callee = site.machine.text(site.call.at).partition("(")[0].rpartition(".")[0]
    if callee in _LOGGERS or "getLogger" in site.name or callee.endswith(("logger", ".log")):
        for value in site.given():
            flow(site, "log-injection", value, _IN_LOG, "reaches a log with its line breaks")


def _header(site: Site) -> None:
    """``send_header(name, value)`` and ``putheader`` write what they are given."""
    for value in site.args[:2]:
        flow(site, "header-injection", value, _IN_HEADER, _HEADER)


def stored(machine: Machine, target: nodes.Expr, owner: Value, key: Value, value: Value, state: State) -> None:
    """``response.headers[name] = value``: most frameworks refuse line breaks themselves."""
    if isinstance(target, nodes.Index):
        if machine.text(target.of.at).endswith("headers"):
            for part in (key, value):
                report(machine.hits, state, target.at, "header-injection", part, anywhere(WEAKER), "headers", _HEADER)
        if key.text is not None and key.text.lower() == "location":
            from bluehook.detect.flow.sinks.address import sent

            report(
                machine.hits,
                state,
                target.at,
                "open-redirect",
                value,
                sent,
                "Location",
                "chooses where the browser is sent",
            )


def _pattern(site: Site) -> None:
    flow(
        site,
        "regex-dos",
        site.arg(0, "pattern"),
        anywhere(Grades(SHOWS, HINTS, HINTS)),
        "is compiled as a regular expression",
    )


def _row(site: Site) -> None:
    flow(site, "csv-injection", site.arg(0, "row", "rowdict"), anywhere(WEAKER), "becomes a cell of a spreadsheet")


def _email(site: Site) -> None:
    flow(site, "header-injection", site.arg(0, "subject"), anywhere(WEAKER), _HEADER)


_LEVELS = ".debug .info .warning .warn .error .critical .exception .log"
_PATTERNS = "re.compile re.match re.search re.fullmatch re.findall re.finditer re.split re.sub re.subn"
SINKS = {
    **dict.fromkeys(_LEVELS.split(), _log),
    **dict.fromkeys((f"logging{level}" for level in _LEVELS.split()), _log),
    **dict.fromkeys((f"logging.getLogger(){level}" for level in _LEVELS.split()), _log),
    **dict.fromkeys([".send_header", ".putheader"], _header),
    **dict.fromkeys(_PATTERNS.split(), _pattern),
    **dict.fromkeys([".writerow", ".writerows"], _row),
    "django.core.mail.send_mail": _email,
}
