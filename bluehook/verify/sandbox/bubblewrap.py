"""bubblewrap (``bwrap``), for machines that let only its profile make user namespaces (AppArmor on Ubuntu 24.04).

It builds namespaces and views; limits, Landlock and seccomp are added at its far end by ``launch/inside.py``, and the
launcher watches time, memory and the number of processes from outside.
"""

from __future__ import annotations

import functools
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import far, seccomp, views
from bluehook.verify.sandbox.model import Limits, Spec, Status
from bluehook.verify.sandbox.process import Process

PRIVATE = "/tmp"  # nosec B108
LAYERS = {f"{name} namespace": "on" for name in ("user", "mount", "pid", "network", "ipc", "uts")}


class Bubblewrap:
    """See the module."""

    name = "bubblewrap"
    rank = 20

    @functools.cache  # noqa: B019 - one object for each process
    def available(self) -> Status:
        """Whether ``bwrap`` is installed and works here: tried."""
        if sys.platform != "linux":
            return Status(False, reason=f"needs Linux, this is {sys.platform}")
        if shutil.which("bwrap") is None:
            return Status(False, reason="bwrap is not installed (package bubblewrap)")
        try:
            limits = Limits(wall_seconds=10, disk_bytes=1 << 20)
            with self.start(Spec(argv=(sys.executable, "-I", "-S", "-c", ""), limits=limits)) as process:
                return Status(True, process.layers)
        except BluehookError as error:
            return Status(False, reason=str(error))

    def start(self, spec: Spec) -> Process:
        """Start ``spec``; see :class:`~bluehook.verify.sandbox.model.Backend`."""
        program = shutil.which("bwrap")
        if program is None:
            raise BluehookError("bwrap is not installed (package bubblewrap)")
        return Process(plan(spec, program), spec.limits, PRIVATE)


def plan(spec: Spec, program: str) -> dict[str, Any]:
    """What the launcher is told: see ``launch/command.py``. Raises ``BluehookError``."""
    shown = [*views.system(), *views.interpreter(Path(spec.argv[0])), *spec.readable, far.FOLDER]
    seen = views.view(shown)
    return {
        "command": [program, *arguments(spec, seen)],
        "command_env": {},
        "kill": [],
        "layers": LAYERS,
        "limits": far.limits(spec),
    }


def arguments(spec: Spec, seen: views.View) -> list[str]:
    """The arguments of ``bwrap`` for ``spec`` with the views ``seen``."""
    options = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--hostname", "sandbox"]
    uid, gid = views.account()
    options += ["--uid", str(uid), "--gid", str(gid), "--cap-drop", "ALL"]
    options += ["--size", str(spec.limits.disk_bytes), "--perms", "1777", "--tmpfs", PRIVATE]
    options += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path in views.masked():
        options += ["--ro-bind", "/dev/null", path]
    for path in seen.binds:
        options += ["--ro-bind", path, path]
    for path in map(str, spec.hidden):
        options += ["--tmpfs", path, "--remount-ro", path] if Path(path).is_dir() else ["--ro-bind", "/dev/null", path]
    for path, target in seen.links.items():
        options += ["--symlink", target, path]
    options += ["--remount-ro", "/", "--chdir", "/", "--clearenv", "--"]
    return [*options, *far.command(spec, PRIVATE, seen, seccomp.program(platform.machine()))]


backend = Bubblewrap()
