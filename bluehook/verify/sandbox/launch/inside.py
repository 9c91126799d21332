"""The last step inside another sandbox: limits, Landlock and seccomp, then the program itself.

Runs on the program's interpreter, so everything it imports is Python 3.9. It tells the launcher what came of it on
standard error: one line, before the program exists that could forge it.
"""

from __future__ import annotations

import marshal
import os
import sys

from . import confine, kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MARK = b"bluehook-sandbox: "
"""Starts the line; ``key=value`` pairs follow, separated by ``;``, or ``failed`` and a reason."""


def main() -> None:
    """Confine this process as the plan in ``sys.argv[2]`` (marshal as hexadecimal) says and execute its program."""
    plan: dict[str, Any] = marshal.loads(bytes.fromhex(sys.argv[2]))  # nosec
    try:
        os.chdir(plan["cwd"])
        confine.limit(plan["limits"])
        if plan["as_nobody"]:
            os.setgroups([])
            confine.give_up_powers(True)
        kernel.no_new_privileges()
        layers = {"landlock": confine.restrict_files(plan["visible"], plan["private"], plan["nodes"])}
        kernel.filter_calls(plan["seccomp"])
        layers.update({"seccomp": "on", "no_new_privs": "on", "limits": "on"})
    except (kernel.KernelError, OSError, ValueError) as error:
        os.write(2, MARK + f"failed {error}\n".encode())
        os._exit(127)
    os.write(2, MARK + ";".join(f"{name}={state}" for name, state in layers.items()).encode() + b"\n")
    confine.close_descriptors()
    if os.getpid() == 1:
        _bury_children()
    os.execve(plan["argv"][0], plan["argv"], plan["env"])


def _bury_children() -> None:
    """Stay behind as the first process: start another that goes on, end as it ends."""
    program = os.fork()
    if not program:
        return
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    for descriptor in range(3):
        os.close(descriptor)
    pid = 0
    while pid != program:
        pid, status = os.wait()
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
