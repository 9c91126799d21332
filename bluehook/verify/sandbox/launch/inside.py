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
        kernel.no_new_privileges()
        layers = {"landlock": confine.restrict_files(plan["visible"], plan["private"], plan["nodes"])}
        kernel.filter_calls(plan["seccomp"])
        layers.update({"seccomp": "on", "no_new_privs": "on", "limits": "on"})
    except (kernel.KernelError, OSError, ValueError) as error:
        os.write(2, MARK + f"failed {error}\n".encode())
        os._exit(127)
    os.write(2, MARK + ";".join(f"{name}={state}" for name, state in layers.items()).encode() + b"\n")
    confine.close_descriptors()
    os.execve(plan["argv"][0], plan["argv"], plan["env"])
