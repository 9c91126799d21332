"""All of one request, in a process of its own: prepare, load, explore, attack, answer."""

from __future__ import annotations

import builtins
import dis
import os
import shutil
import sys
import tempfile
import time
from typing import Any

from . import drive, probes, protocol, relate
from .attack import Attacker
from .canary import Canaries
from .drive import apps, load
from .drive.plain import PlainDriver
from .effort import EFFORT
from .explore import Driver, Explorer
from .inputs import build, hints
from .inputs.slots import Inputs
from .inputs.wire import TYPED
from .loaded import imported_since
from .observe.decoders import DOCUMENTS
from .observe.files import FILES
from .observe.network import NETWORK
from .observe.processes import PROGRAMS
from .observe.record import RECORDER
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
        scene = prepare(work, request)
        inputs = Inputs(Canaries())
        surroundings(inputs, settings_files.install(inputs))
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


def prepare(work: str, request: Request) -> Scene:
    """The surroundings of a run: own directory, empty environment, a path with harmless programs only."""
    home = os.path.join(work, "w")
    outside = os.path.join(work, "outside")
    os.makedirs(home)
    os.makedirs(outside)
    os.chdir(home)
    PROGRAMS.use(os.path.join(work, "bin"))
    tempfile.tempdir = work
    os.environ["PATH"] = PROGRAMS.directory
    os.environ["TMPDIR"] = home
    # The sandbox has one directory for both, but what lies at a user's home is in nobody else's reach.
    os.environ["HOME"] = os.path.join(work, "user")
    os.makedirs(os.environ["HOME"])
    path = os.path.join(request.root, request.file)
    RECORDER.watch(request.root, {path})
    return Scene(home, outside)


def surroundings(inputs: Inputs, known: settings_files.Known) -> None:
    """Let the stand-ins for files and other hosts take their contents from slots."""

    def exists(path: str) -> bool:
        if not inputs.policy.exists:
            return False
        lowered = path.lower()
        return any(slot.word in lowered for slot in inputs.slots.values()) or any(
            isinstance(value, str) and len(value) > 3 and value in path for value in inputs.assigned.values()
        )

    def content(path: str) -> bytes:
        own = known.is_one(path)
        for slot in [] if own else list(inputs.slots.values()):
            if slot.word in path or str(inputs.assigned.get(slot.name, "\0")) in path:
                name = f"content of the file named by {slot.name}"
                value = inputs.assigned.get(name)
                trust = "outside" if slot.kind == "argument" else "assumed"
                if isinstance(value, bytes):
                    return value
                return absent_templates.filled(inputs, path, inputs.text(inputs.slot(name, trust))).encode("utf-8")
        if not inputs.policy.exists:
            raise FileNotFoundError(2, "No such file or directory", path)
        name = f"content of the file {path!r}"
        value = inputs.assigned.get(name)
        if isinstance(value, bytes):
            return value
        text = inputs.text(inputs.slot(name, "assumed"))
        return (text if own else absent_templates.filled(inputs, path, text)).encode("utf-8")

    def names(path: str) -> list[str]:
        return [inputs.text(inputs.slot("name of a file in a listed folder", "assumed"))]

    def body() -> bytes:
        return inputs.text(inputs.slot("reply of another host", "outside")).encode("utf-8")

    def document(text: str) -> Any:
        for slot in list(inputs.slots.values()):
            if slot.word == text and slot.name in inputs.used:
                return build.Keys(inputs, f"{slot.name} JSON", slot.trust)
        return None

    sleep = time.sleep

    def slept(seconds: Any) -> None:
        if not RECORDER.on:
            sleep(seconds)

    time.sleep = slept

    def typed(prompt: object = "") -> str:
        return build.text(inputs, TYPED, "assumed")

    builtins.input = typed
    DOCUMENTS.read = document
    FILES.exists, FILES.content, FILES.names, NETWORK.body = exists, content, names, body


def _unreached(request: Request, where: str) -> list[Outcome]:
    return [Outcome(slug, protocol.UNREACHED, where=where) for slug in request.weaknesses or [""]]


def _place(outcome: Outcome, request: Request) -> None:
    """File names as the host knows them."""
    file: Any = outcome.evidence.get("file")
    if isinstance(file, str) and file.startswith(request.root):
        outcome.evidence["file"] = os.path.relpath(file, request.root)
