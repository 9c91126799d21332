"""The launcher: reads a plan from a socket, runs it to its end, and reports on the socket.

The plan is a marshalled dictionary after its length in eight bytes; answers are JSON lines: ``{"layers": ...}`` once
the program runs, then ``{"reason": ...}`` when it ended. When the other end of the socket closes, everything is killed.
"""

from __future__ import annotations

import marshal
import os

from . import kernel, watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main(control: int) -> None:
    """Run one sandbox from its plan to its end."""
    os.set_inheritable(control, False)
    try:
        plan: dict[str, Any] = marshal.loads(_read(control, int.from_bytes(_read(control, 8), "big")))  # nosec
        ended = _run(plan, control)
    except kernel.KernelError as error:
        ended = {"reason": "failed", "detail": str(error)}
    except Exception as error:
        ended = {"reason": "failed", "detail": repr(error)}
    _say(control, ended)


def _run(plan: dict[str, Any], control: int) -> dict[str, Any]:
    report, report_end = os.pipe()
    errors, errors_end = os.pipe()
    if "command" in plan:
        from . import command

        first = command.start(plan, report_end, errors_end)
    else:
        from . import enter

        first = enter.start(plan, report_end, errors_end)
    for descriptor in (0, 1, report_end, errors_end):
        os.close(descriptor)
    watchman = watch.Watch(first, plan["limits"], control, report, errors)
    if "command" in plan:
        from . import inside

        watchman.mark, watchman.known = inside.MARK, plan["layers"]
        if plan["kill"]:
            watchman.kill = lambda: command.kill(plan, first)
    watchman.announce = lambda layers: _say(control, {"layers": layers})
    ended = watchman.run()
    if "command" in plan:
        command.reap()
    return ended


def _read(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = os.read(descriptor, size - len(data))
        if not more:
            os._exit(0)
        data += more
    return data


def _say(control: int, message: dict[str, Any]) -> None:
    import json

    try:
        os.set_blocking(control, True)
        os.write(control, json.dumps(message).encode() + b"\n")
    except OSError:
        # The caller has gone; what it started is dead already, and nobody is left to tell.
        return
