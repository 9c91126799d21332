"""All of one request, in a process of its own: prepare, load, explore, attack, answer."""

from __future__ import annotations

import dis
import os
import shutil
import sys
import tempfile
import time
from typing import Any

from . import drive, probes, protocol, relate, surroundings
from .attack import Attacker
from .canary import Canaries
from .drive import apps, load
from .drive.plain import PlainDriver
from .effort import EFFORT
from .explore import Driver, Explorer
from .inputs import hints
from .inputs.slots import Inputs
from .loaded import imported_since
from .probes.base import Scene
from .protocol import Outcome, Reply, Request
from .stubs import absent_templates, configuration, database_rows, environment, passwords, settings_files

_EXPLORE = 0.45
_SLOW = 0.1
"""Seconds of loading from which on it is worth to import what others installed once for all targets."""


def answer(request: Request) -> Reply:
    """Drive and attack the function that the request names. Never raises for what the scanned code does.

    The budget is for exploring and attacking; loading the module takes what it takes, within the server's limit.
    """
    started = time.monotonic()
    known = set(sys.modules)
    EFFORT.begin(request.budget, request.clock)
    reply = Reply(request.id)
    work = tempfile.mkdtemp(prefix="run-")
    previous = os.getcwd()
    try:
        scene = surroundings.prepare(work, request)
        inputs = Inputs(Canaries())
        surroundings.install(inputs, settings_files.install(inputs))
        environment.install(inputs)
        configuration.install(inputs)
        database_rows.install(inputs)
        passwords.install(inputs)
        try:
            target = load.load(request, inputs)
            driver: Driver = drive.driver_for(target, inputs)
        except load.Unreachable as error:
            reply.outcomes = _unreached(request, f"loading: {error}")
            return reply
        reply.timings["load"] = time.monotonic() - started
        if reply.timings["load"] >= _SLOW:
            reply.modules = imported_since(known)
        _attacked(request, target, driver, scene, reply)
        return reply
    finally:
        reply.timings["total"] = time.monotonic() - started
        os.chdir(previous)
        shutil.rmtree(work, ignore_errors=True)


def _attacked(request: Request, target: load.Target, driver: Driver, scene: Scene, reply: Reply) -> None:
    """Explore, then attack; outcomes and timings go into the reply."""
    started = EFFORT.spent()
    constants = hints.constants(target.tree)
    driver.inputs.places = absent_templates.places(list(constants))
    absent_templates.install(driver.inputs)
    explorer = _explored(request, target, driver, list(constants), started + request.budget * _EXPLORE)
    if not explorer.lines & explorer.wanted and not isinstance(driver, PlainDriver):
        # No request led into the function: it is called as what it also is, with less said of where its input is from.
        driver = drive.plain_driver(target, driver.inputs)
        errors = explorer.errors
        explorer = _explored(request, target, driver, list(constants), started + request.budget * _EXPLORE)
        explorer.errors += errors
    reply.timings["explore"] = EFFORT.spent() - started
    reply.timings["lines"] = float(len(explorer.lines & explorer.wanted))
    attacker = Attacker(driver, explorer, scene, started + request.budget)
    attacking, using, relating = probes.load_all()
    lines = [int(sink.get("line", 0)) for sink in request.sinks]
    reply.outcomes = attacker.outcomes(attacking, using, request.weaknesses, lines)
    compared = relate.related(driver, relating, request.weaknesses, list(constants), attacker.deadline)
    shown = {outcome.weakness for outcome in compared}
    reply.outcomes = [o for o in reply.outcomes if o.ending != protocol.UNREACHED or o.weakness not in shown] + compared
    reply.timings["runs"] = float(explorer.runs + attacker.attempts)
    for outcome in reply.outcomes:
        _place(outcome, request)


def _explored(request: Request, target: load.Target, driver: Driver, constants: list[Any], until: float) -> Explorer:
    explorer = Explorer(driver, constants, until, request.seed, own_lines(apps.code_of(target)))
    explorer.lengths = hints.lengths(target.tree)
    explorer.notes = [f"while loading, {one}" for one in getattr(target.module, "_failed_statements", [])]
    explorer.explore()
    return explorer


def own_lines(code: Any) -> set[tuple[str, int]]:
    """The lines of a function's body, as coverage counts them."""
    if code is None:
        return set()
    return {(code.co_filename, line) for _, line in dis.findlinestarts(code) if line and line > code.co_firstlineno}


def _unreached(request: Request, where: str) -> list[Outcome]:
    return [Outcome(slug, protocol.UNREACHED, where=where) for slug in request.weaknesses or [""]]


def _place(outcome: Outcome, request: Request) -> None:
    """File names as the host knows them."""
    file: Any = outcome.evidence.get("file")
    if isinstance(file, str) and file.startswith(request.root):
        outcome.evidence["file"] = os.path.relpath(file, request.root)
