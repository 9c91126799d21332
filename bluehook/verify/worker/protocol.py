"""What the host and the worker say to each other: one JSON object a line, described here and nowhere else.

The host sends :class:`Request` objects (``{"op": "run", ...}``), or ``{"op": "preload", "modules": [...],
"paths": [...]}`` to import modules once for all targets. The worker first says ``{"ready": true, "python": "3.11.7",
"families": [...]}`` (the weaknesses that it has probes for) and then answers each request with one :class:`Reply`, in
order.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

PROVEN = "proven"
LIKELY = "likely"
NEUTRALISED = "neutralised"
INSENSITIVE = "insensitive"
UNREACHED = "unreached"
FAILED = "failed"

OUTSIDE = "outside"
COMPOSED = "composed"
WHOLE = "whole"
ASSUMED = "assumed"


@dataclasses.dataclass
class Request:
    """One function to attack.

    ``root`` is the absolute path of the project, ``file`` the module's path below it, ``function`` the qualified name
    as ``__qualname__`` spells it (``Class.method``, ``factory.<locals>.inner``). ``source`` replaces the file's
    content: a fragment that need not import. ``weaknesses`` limits the probes to these slugs, ``None`` runs all;
    ``sinks`` are the ``{"line": int, "name": str}`` that the host is interested in, tried first. ``entry`` is the
    host's knowledge of the entry point (``{"framework": "flask", "route": "/x"}``), empty when there is none.
    ``budget`` is in processor seconds, within ``clock`` seconds that pass; ``seed`` orders the search and never the
    outcome of one attack.
    """

    id: str
    root: str
    file: str
    function: str
    source: str | None = None
    entry: dict[str, Any] = dataclasses.field(default_factory=dict)
    weaknesses: list[str] | None = None
    sinks: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    budget: float = 4.0
    clock: float = 0.0
    seed: int = 0


@dataclasses.dataclass
class Outcome:
    """How the attack on one sink by one family ended.

    ``ending`` is *proven* (effect seen, through an input an attacker holds), *likely* (effect seen, the input's origin
    only assumed or by convention), *neutralised* (attacks reached the sink and lost their effect, a control reached
    it too), *insensitive* (the sink was reached, its argument did not follow the input), *unreached* or *failed*.
    ``trust`` tells whose hand the input comes from. ``slot`` names the input (``query parameter 'n'``), ``call`` is
    Python text that repeats the call, ``payload`` the value given, ``effect`` one sentence on what was seen.
    ``attempts`` counts attacks, ``spellings`` those that differ in more than their mark, ``reached`` those that
    arrived at the sink, ``control`` whether a benign value did.
    ``where`` is ``file:line, reason`` of what stopped an unreached one; ``sink_line`` is 0 when there is none.
    """

    weakness: str
    ending: str
    trust: str = ASSUMED
    slot: str = ""
    call: str = ""
    payload: str = ""
    effect: str = ""
    attempts: int = 0
    spellings: int = 0
    reached: int = 0
    control: bool = False
    where: str = ""
    sink: str = ""
    sink_line: int = 0
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Reply:
    """All that came of one request; ``problem`` is empty unless the harness itself failed. Timings are in seconds;
    with them come how many ``runs`` there were, and how many ``lines`` of the function's own these went through.

    ``loaded`` are the files and folders below ``root`` that the answer depends on, relative to it; ``None`` when that
    is not known. ``modules`` are those of others that loading the code imported, where that took its time: worth a
    *preload* when more targets follow.
    """

    id: str
    outcomes: list[Outcome] = dataclasses.field(default_factory=list)
    timings: dict[str, float] = dataclasses.field(default_factory=dict)
    problem: str = ""
    loaded: list[str] | None = None
    modules: list[str] = dataclasses.field(default_factory=list)


def request_from(message: dict[str, Any]) -> Request:
    """The request in a decoded message; keys that this version does not know are ignored.

    Raises ``TypeError`` when a required key is missing.
    """
    known = {field.name for field in dataclasses.fields(Request)}
    return Request(**{key: value for key, value in message.items() if key in known})


def encode(reply: Reply) -> bytes:
    """One line of JSON; text that is not valid Unicode (lone surrogates) is escaped."""
    return json.dumps(dataclasses.asdict(reply), ensure_ascii=True, default=repr).encode("ascii") + b"\n"


def failure(identity: str, reason: str, weaknesses: list[str] | None = None) -> Reply:
    """The reply for a target that the harness could not finish: every asked family *failed*, for this reason."""
    outcomes = [Outcome(weakness=slug, ending=FAILED, where=reason) for slug in weaknesses or []]
    return Reply(id=identity, outcomes=outcomes, problem=reason)
