"""Runs another program (bubblewrap, docker, podman) in place of the namespaces of ``enter``.

What that program cannot set up by itself, ``inside`` adds at its far end, on the program's own interpreter.
"""

from __future__ import annotations

import os
import time

from . import enter, kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SIGKILL = 9
_ATTEMPTS = 10
_PATIENCE = 5.0


def kill(plan: dict[str, Any], first: int) -> None:
    """End a sandbox that a daemon keeps alive, then ``first``, the program that spoke with it.

    A child does it: the daemon may wait for its output to be read, which is the launcher's work meanwhile.
    """
    if os.fork():
        return
    for _ in range(_ATTEMPTS):
        child = os.fork()
        if not child:
            try:
                os.execve(plan["kill"][0], plan["kill"], plan["command_env"])
            finally:
                os._exit(127)
        if os.waitpid(child, 0)[1] == 0:
            break
        # The daemon may not have made it yet.
        time.sleep(0.2)
    try:
        os.kill(first, _SIGKILL)
    finally:
        os._exit(0)


def start(plan: dict[str, Any], report: int, errors: int) -> int:
    """Fork a process that starts ``plan["command"]`` and reports its end; returns its pid."""
    launcher = os.getpid()
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
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


def reap() -> None:
    """Wait until all that the program started is dead, or for some seconds.

    It is killed through chains of parents, each of which dies a moment before its children; those are the launcher's
    then. The first process of a pid namespace can be waited for only when the namespace is empty.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)
        except ChildProcessError:
            return
