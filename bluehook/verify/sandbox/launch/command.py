"""Runs another program (bubblewrap, docker, podman) in place of the namespaces of ``enter``.

What that program cannot set up by itself, ``inside`` adds at its far end, on the program's own interpreter.
"""

from __future__ import annotations

import os

from . import enter, kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SIGKILL = 9


def kill(plan: dict[str, Any], first: int) -> None:
    """End a sandbox that another program (a daemon) keeps alive, then the program that spoke with it."""
    child = os.fork()
    if not child:
        try:
            os.execve(plan["kill"][0], plan["kill"], plan["command_env"])
        finally:
            os._exit(127)
    os.waitpid(child, 0)
    os.kill(first, _SIGKILL)


def start(plan: dict[str, Any], report: int, errors: int) -> int:
    """Fork a process that starts ``plan["command"]`` and reports its end; returns its pid."""
    launcher = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != launcher:
        os._exit(1)
    outer = {"argv": plan["command"], "env": plan["command_env"]}
    try:
        enter.serve(outer, report, errors)
    finally:
        os._exit(1)
