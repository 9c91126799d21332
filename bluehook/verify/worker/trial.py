"""Run a test that somebody else wrote against one function, and say whether the function made the difference.

Started as a script with one argument, a JSON file: ``top`` (what the module is imported from), ``file`` and ``digest``
(SHA-256) of the module, ``module``, ``function`` (its qualname) and ``test`` (the text of a module with ``control`` and
``attack``). One line comes out: ``effect``, ``nothing`` or ``failed``, a tab, and why.

The test decides nothing by itself. Each part runs in a process of its own; ``control`` must give the same value twice,
``attack`` another one, the function's own code must have run in both, and with the function replaced by one that does
nothing the attack must not give the same value again: a test that would say so of any function says nothing.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

_SECONDS = 5.0
_LONGEST = 2000


def main() -> None:
    """Run the trial that the argument names."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        given = json.load(stream)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    ending, why = judged(given)
    words = " ".join(why.split())[:_LONGEST]
    out.write(f"{ending}\t{words}\n")
    out.flush()


def judged(given: dict[str, Any]) -> tuple[str, str]:
    """How the trial ended, and why."""
    with open(given["file"], "rb") as stream:
        if hashlib.sha256(stream.read()).hexdigest() != given["digest"]:
            return "failed", "the file is not the one that was scanned"
    control = apart(given, "control")
    if control["problem"]:
        return "failed", "control: " + control["problem"]
    attack = apart(given, "attack")
    if attack["problem"]:
        return "failed", "attack: " + attack["problem"]
    for name, ran in (("control", control), ("attack", attack)):
        if not ran["reached"]:
            return "failed", f"{name} does not run {given['function']} of {given['module']}"
    if attack["value"] == control["value"]:
        return "nothing", "attack and control give the same: " + attack["value"]
    if apart(given, "control")["value"] != control["value"]:
        return "failed", "control gives another value each time, so a difference shows nothing"
    without = apart(given, "attack", idle=True)
    if without["value"] == attack["value"]:
        return "failed", "attack gives the same when the function does nothing, so it shows nothing"
    return "effect", f"control gives {control['value']}, attack gives {attack['value']}"


def apart(given: dict[str, Any], part: str, idle: bool = False) -> dict[str, Any]:
    """One part of the test in a process of its own: its value in words, whether the function ran, what went wrong."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            said = run(given, part, idle)
        except BaseException as error:
            # Whatever the test raises is told to its author.
            said = {"value": "", "reached": False, "problem": f"{type(error).__name__}: {error}"}
        data = json.dumps(said).encode("ascii")
        os.write(write, data[: 1 << 16])
        os._exit(0)
    os.close(write)
    timer = threading.Timer(_SECONDS, os.kill, (child, 9))
    timer.start()
    data = b""
    while True:
        more = os.read(read, 1 << 16)
        if not more:
            break
        data += more
    timer.cancel()
    os.close(read)
    os.waitpid(child, 0)
    try:
        found = json.loads(data)
    except ValueError:
        return {"value": "", "reached": False, "problem": "it did not come to an end"}
    return found if isinstance(found, dict) else {"value": "", "reached": False, "problem": "no answer"}


def run(given: dict[str, Any], part: str, idle: bool) -> dict[str, Any]:
    """Import the module, watch or replace the function, and call one part of the test."""
    # The same path for each part, so that a value which holds it differs for no other reason.
    if os.path.isdir("w"):
        os.rename("w", f"done-{os.getpid()}")
    os.mkdir("w")
    os.chdir("w")
    sys.path[:0] = [given["top"]]
    module = importlib.import_module(given["module"])
    owner: Any = module
    *around, name = given["function"].split(".")
    for each in around:
        owner = getattr(owner, each)
    real = getattr(owner, name)
    if idle:
        setattr(owner, name, lambda *_, **__: None)
    code = innermost(real)
    reached = []

    def watch(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code is code:
            reached.append(True)

    space: dict[str, Any] = {"__name__": "trial", "__file__": "trial.py"}
    exec(compile(given["test"], "trial.py", "exec"), space)
    called: Callable[[], Any] = space[part]
    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        value = called()
    finally:
        sys.setprofile(None)
    return {"value": repr(value)[:_LONGEST], "reached": bool(reached), "problem": ""}


def innermost(function: Any) -> Any:
    """The code of a function beneath what decorators put around it, of a method beneath its binding."""
    function = getattr(function, "fget", None) or function
    for _ in range(20):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None)
        if inner is None:
            break
        function = inner
    return getattr(function, "__code__", None)


if __name__ == "__main__":
    main()
