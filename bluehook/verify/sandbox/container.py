"""Docker or Podman: an empty image, into which the same views are mounted as everywhere else.

Nothing is downloaded: the image is imported from an empty archive once. The program runs on this machine's own
interpreter, so this works on Linux only. Limits on memory and processes are the container's (cgroups); seccomp,
Landlock and the other limits are added at the far end by ``launch/inside.py``.
"""

from __future__ import annotations

import csv
import functools
import io
import os
import platform
import secrets
import shutil
import subprocess  # nosec B404
import sys
import tarfile
from pathlib import Path
from typing import Any

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import far, seccomp, views
from bluehook.verify.sandbox.model import Limits, Spec, Status
from bluehook.verify.sandbox.process import Process

PRIVATE = "/tmp"  # nosec B108
IMAGE = "localhost/bluehook-sandbox:1"
_PATIENCE = 30
"""Seconds that an engine has to answer a question."""
_PASSED_ON = ("PATH", "HOME", "USER", "LANG")
_PREFIXES = ("XDG_", "DOCKER_", "CONTAINER", "PODMAN_", "DBUS_")


class Container:
    """See the module."""

    name = "container"
    rank = 30

    @functools.cache  # noqa: B019 - one object for each process
    def available(self) -> Status:
        """Whether an engine answers and a sandbox starts in it: tried."""
        if sys.platform != "linux":
            return Status(
                False, reason=f"shows this machine's interpreter to a Linux container, this is {sys.platform}"
            )
        try:
            engine = _engine()
            limits = Limits(wall_seconds=30, disk_bytes=1 << 20)
            with self.start(Spec(argv=(sys.executable, "-I", "-S", "-c", ""), limits=limits)) as process:
                return Status(True, {"engine": f"on: {engine}", **process.layers})
        except BluehookError as error:
            return Status(False, reason=str(error))

    def start(self, spec: Spec) -> Process:
        """Start ``spec``; see :class:`~bluehook.verify.sandbox.model.Backend`."""
        engine = _engine()
        return Process(plan(spec, engine, _mapped(engine)), spec.limits, PRIVATE)


def plan(spec: Spec, engine: str, as_nobody: bool) -> dict[str, Any]:
    """What the launcher is told: see ``launch/command.py``. Raises ``BluehookError``."""
    shown = [*views.system(), *views.interpreter(Path(spec.argv[0])), *spec.readable, far.FOLDER]
    seen = views.view(shown)
    name = f"bluehook-{secrets.token_hex(8)}"
    names = (
        ("user", "mount", "pid", "network", "ipc", "uts") if as_nobody and os.geteuid() else ("mount", "pid", "network")
    )
    return {
        "command": [engine, *arguments(spec, seen, name, as_nobody)],
        "command_env": {key: value for key, value in os.environ.items() if _passes(key)},
        "kill": [engine, "kill", name],
        "layers": {**{f"{kind} namespace": "on" for kind in names}, "cgroup limits": "on"},
        "limits": far.limits(spec),
    }


def arguments(spec: Spec, seen: views.View, name: str, as_nobody: bool) -> list[str]:
    """The arguments of ``docker`` or ``podman`` for a container called ``name``.

    With ``as_nobody`` it starts as the container's root and becomes nobody in ``launch/inside.py``, who keeps only the
    right to read; else it runs as the caller's own user.
    """
    limits = spec.limits
    options = [
        "run",
        "--rm",
        "--interactive",
        "--name",
        name,
        "--pull",
        "never",
        "--network",
        "none",
        "--ipc",
        "private",
    ]
    options += ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--hostname", "sandbox"]
    options += ["--pids-limit", str(limits.processes), "--memory", str(limits.tree_bytes)]
    options += ["--memory-swap", str(limits.tree_bytes), "--shm-size", "1m", "--log-driver", "none"]
    options += ["--tmpfs", f"{PRIVATE}:rw,exec,nosuid,nodev,mode=1777,size={limits.disk_bytes}"]
    if as_nobody:
        for capability in ("DAC_READ_SEARCH", "SETUID", "SETGID", "SETPCAP"):
            options += ["--cap-add", capability]
        options += ["--user", "0:0"]
    else:
        options += ["--user", f"{os.geteuid()}:{os.getegid()}"]
    for path in seen.binds:
        options += ["--mount", _bind(path, path)]
    for link in seen.links:
        options += ["--mount", _bind(os.path.realpath(link), link)]
    for path in map(str, spec.hidden):
        empty = f"type=tmpfs,dst={path},tmpfs-size=4096,readonly" if Path(path).is_dir() else _bind("/dev/null", path)
        options += ["--mount", empty]
    options += ["--workdir", "/", IMAGE]
    # The kernel counts a user's processes over the whole machine here; the container's own count replaces that.
    inner = far.command(spec, PRIVATE, seen, seccomp.program(platform.machine()), as_nobody=as_nobody, count=False)
    return [*options, *inner]


@functools.cache
def _engine() -> str:
    """The path of the engine that answers, its image made; raises ``BluehookError``."""
    reasons = []
    for name in ("podman", "docker"):
        path = shutil.which(name)
        if path is None:
            reasons.append(f"{name} is not installed")
            continue
        try:
            if (
                _ask(path, "image", "inspect", IMAGE) is None
                and _ask(path, "import", "-", IMAGE, given=_empty()) is None
            ):
                reasons.append(f"{name} does not answer or cannot import an image")
                continue
        except subprocess.TimeoutExpired:
            reasons.append(f"{name} did not answer in {_PATIENCE} s")
            continue
        return path
    raise BluehookError("; ".join(reasons))


@functools.cache
def _mapped(engine: str) -> bool:
    """Whether the container's root is the caller (who may then give that up), rather than the machine's root."""
    if os.geteuid() == 0:
        return True
    if Path(engine).name == "podman":
        return True
    return b"rootless" in (_ask(engine, "info", "--format", "{{.SecurityOptions}}") or b"")


def _ask(engine: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """The output of an engine's command; ``None`` when it failed."""
    answer = subprocess.run([engine, *arguments], input=given, capture_output=True, timeout=_PATIENCE)  # nosec B603
    return answer.stdout if answer.returncode == 0 else None


def _empty() -> bytes:
    archive = io.BytesIO()
    tarfile.open(fileobj=archive, mode="w").close()
    return archive.getvalue()


def _bind(source: str, target: str) -> str:
    """The value of ``--mount``: fields of a CSV row, so that a comma in a path is no separator."""
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(["type=bind", f"src={source}", f"dst={target}", "readonly"])
    return row.getvalue()


def _passes(name: str) -> bool:
    return name in _PASSED_ON or name.startswith(_PREFIXES)


backend = Container()
