"""The watchman outside: ends a sandbox that runs too long, holds too much memory or forks too often.

It stays in the host's mount namespace and reads the host's ``/proc``. What the kernel enforces by itself does not
wait for it; the resident memory of a whole tree has no resource limit, so it is summed here.
"""

from __future__ import annotations

import os
import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_KILL = 9
_TICK = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TAIL = 16384


class Watch:
    """Follows the process ``first`` and all its children until it ends; :meth:`run` returns the report."""

    def __init__(self, first: int, limits: dict[str, Any], control: int, report: int, errors: int) -> None:
        self.first, self.limits = first, limits
        self.control, self.report, self.errors = control, report, errors
        self.kill: Callable[[], None] = lambda: os.kill(first, _KILL)
        self.lines = b""
        self.tail = b""
        self.mark = b""
        self.known: dict[str, str] = {}
        self.errors_seen = 0
        self.peak = 0
        self.reason: str | None = None
        self.announced = False
        self.announce: Callable[[dict[str, str]], None] = lambda layers: None

    def run(self) -> dict[str, Any]:
        """Watch to the end; everything started is dead when it returns."""
        deadline = time.monotonic() + self.limits["wall_seconds"]
        poll = select.poll()
        for descriptor in (self.control, self.report, self.errors):
            os.set_blocking(descriptor, False)
            poll.register(descriptor, select.POLLIN)
        checked = 0.0
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_TICK * 1000)}
            now = time.monotonic()
            if self.errors in ready and not self._read_errors():
                poll.unregister(self.errors)
            if self.control in ready and self.reason is None:
                self._end("killed")
                poll.unregister(self.control)
            if self.report in ready and not self._read_report():
                break
            if now >= deadline:
                self._end("timeout")
            if now - checked >= _TICK:
                checked = now
                self._check_tree()
        usage = os.wait4(self.first, 0)[2]
        # Its number may belong to another process by now.
        self.kill = lambda: None
        self._read_errors()
        self.peak = max(self.peak, usage.ru_maxrss * 1024)
        return self._ended()

    def _end(self, reason: str) -> None:
        if self.reason is None:
            self.reason = reason
            self.kill()

    def _read_report(self) -> bool:
        data = os.read(self.report, 65536)
        self.lines += data
        if not self.announced and not self.mark and b"started\n" in self.lines:
            self.announced = True
            self.announce(self._layers())
        return bool(data)

    def _announcement(self, text: bytes) -> bytes:
        """Take the line of ``inside`` out of what came on standard error."""
        if self.announced or not self.mark:
            return text
        before, found, rest = text.partition(self.mark)
        line, ended, rest = rest.partition(b"\n")
        if not found or not ended:
            return text
        self.announced = True
        words = line.decode("utf-8", "replace")
        if words.startswith("failed "):
            self.lines += words.encode() + b"\n"
        else:
            self.announce({**self.known, **dict(pair.split("=", 1) for pair in words.split(";"))})
        return before + rest

    def _layers(self) -> dict[str, str]:
        rows = [line[6:] for line in self.lines.decode("utf-8", "replace").splitlines() if line.startswith("layer ")]
        return {name: state for name, _, state in (row.partition("=") for row in rows)}

    def _read_errors(self) -> bool:
        while True:
            try:
                data = os.read(self.errors, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            self.tail = self._announcement(self.tail + data)[-_TAIL:]
            self.errors_seen += len(data)
            if self.errors_seen > self.limits["output_bytes"]:
                self._end("output")
                return True

    def _check_tree(self) -> None:
        tree = descendants(self.first)
        if len(tree) > self.limits["processes"] + 2:
            self._end("processes")
        size = sum(map(resident, tree))
        if size > self.limits["tree_bytes"]:
            # Resident sizes count a shared page once a process; only the slower proportional ones are fair.
            size = sum(map(proportional, tree))
        self.peak = max(self.peak, size)
        if size > self.limits["tree_bytes"]:
            self._end("memory")

    def _ended(self) -> dict[str, Any]:
        result: dict[str, Any] = {"reason": self.reason or "failed", "peak_bytes": self.peak}
        if self.reason is None:
            result["detail"] = "the first process of the sandbox died"
        result["stderr"] = self.tail.hex()
        if self.mark and not self.announced:
            last = self.tail.decode("utf-8", "replace").strip().splitlines()[-1:]
            result["detail"] = "".join(last) or "the program that makes the sandbox failed silently"
            return result
        for line in self.lines.decode("utf-8", "replace").splitlines():
            word, _, rest = line.partition(" ")
            if word == "failed" and self.reason is None:
                result["detail"] = rest
                break
            if word in ("exit", "signal") and self.reason is None:
                result.update(self._end_of_program(word == "signal", int(rest)))
        return result

    def _end_of_program(self, by_signal: bool, code: int) -> dict[str, Any]:
        if self.mark and code > 128:
            # What runs sandboxes for others hands on the death by a signal as a shell does.
            by_signal, code = True, code - 128
        return {"reason": "signal" if by_signal else "exited", "code": code, "detail": ""}


def descendants(first: int) -> list[int]:
    """``first`` and all processes that come from it; orphans are init's children, so none is lost."""
    found, queue = [], [first]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                    queue.extend(map(int, file.read().split()))
        except OSError:
            continue
    return found


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """Resident bytes of a process with shared pages divided among their holders; :func:`resident` if unreadable."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resident(pid)
