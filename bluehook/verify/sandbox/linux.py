"""Linux by itself: namespaces, Landlock, seccomp and resource limits; no privileges, package or daemon needed.

The launcher in ``launch/`` does the work, because a namespace is entered by the process that asks for it.
"""

from __future__ import annotations

import functools
import os
import platform
import sys
from pathlib import Path
from typing import Any

import msgspec

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import seccomp, views
from bluehook.verify.sandbox.model import Limits, Spec, Status
from bluehook.verify.sandbox.process import Process

PRIVATE = "/tmp"  # nosec B108


class Linux:
    """See the module."""

    name = "linux"
    rank = 10

    @functools.cache  # noqa: B019 - one object for each process
    def available(self) -> Status:
        """Whether a sandbox can be set up: one is, around an interpreter that does nothing."""
        if sys.platform != "linux":
            return Status(False, reason=f"needs Linux, this is {sys.platform}")
        limits = Limits(wall_seconds=10, disk_bytes=1 << 20)
        try:
            with self.start(Spec(argv=(sys.executable, "-I", "-S", "-c", ""), limits=limits)) as process:
                return Status(True, process.layers)
        except BluehookError as error:
            return Status(False, reason=f"{error}{_advice()}")

    def start(self, spec: Spec) -> Process:
        """Start ``spec``; see :class:`~bluehook.verify.sandbox.model.Backend`."""
        return Process(plan(spec), spec.limits, PRIVATE)


def plan(spec: Spec) -> dict[str, Any]:
    """What the launcher is told: see ``launch/enter.py`` and ``launch/root.py``. Raises ``BluehookError``."""
    executable = Path(spec.argv[0])
    seen = views.view([*views.system(), *views.interpreter(executable), *spec.readable])
    return {
        "argv": list(spec.argv),
        "env": {"HOME": PRIVATE, "TMPDIR": PRIVATE, **spec.env},
        "cwd": str(spec.cwd or PRIVATE),
        "binds": [(path, path) for path in seen.binds],
        "links": [(target, path) for path, target in seen.links.items()],
        "files": {**views.FILES, **views.accounts(*views.account())},
        "hidden": [str(path) for path in spec.hidden],
        "masked": views.masked(),
        "private": PRIVATE,
        "limits": msgspec.structs.asdict(spec.limits),
        "seccomp": seccomp.program(platform.machine()),
    }


def _advice() -> str:
    """What to do about it, as far as the machine tells."""
    switch = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if os.geteuid() and switch.exists() and switch.read_text().strip() == "1":
        return " (AppArmor forbids user namespaces: install bubblewrap, or set that sysctl to 0)"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return " (in a container: it needs user namespaces, which its runtime's seccomp profile may forbid)"
    return ""


backend = Linux()
