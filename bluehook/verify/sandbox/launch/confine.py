"""What a process gives up before the program takes its place: limits, capabilities, files, system calls."""

from __future__ import annotations

import os
import resource

from . import kernel
from .kernel import KernelError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_READ = kernel.LANDLOCK_READ_FILE | kernel.LANDLOCK_READ_DIR | kernel.LANDLOCK_EXECUTE
_WRITE = (1 << 16) - 1
NOBODY = 65534
_DEVICE = kernel.LANDLOCK_READ_FILE | kernel.LANDLOCK_WRITE_FILE | kernel.LANDLOCK_IOCTL_DEV | kernel.LANDLOCK_TRUNCATE


def limit(limits: dict[str, Any]) -> None:
    """Set the resource limits, hard and soft alike; those that the machine holds lower already stay."""
    wanted = {
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_CPU: limits["cpu_seconds"] + 1,
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_NOFILE: limits["descriptors"],
        resource.RLIMIT_MEMLOCK: 65536,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 1024,
    }
    for which, value in wanted.items():
        if value is None:
            continue
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # Past the soft limit of processor time comes SIGXCPU, which can be told from a kill.
        soft = max(value - 1, 1) if which == resource.RLIMIT_CPU else value
        resource.setrlimit(which, (soft, value))
    os.nice(5)


def give_up_powers(privileged: bool) -> None:
    """Give up the capabilities of the user namespace; root also gives up its uid, keeping only the right to read."""
    kernel.prctl(kernel.PR_SET_SECUREBITS, kernel.SECURE_NOROOT | kernel.SECURE_NO_SETUID_FIXUP)
    if not privileged:
        kernel.keep_capabilities(0)
        return
    try:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        raise KernelError("become nobody", error.errno or 0) from None
    kernel.keep_capabilities(1 << kernel.CAP_DAC_READ_SEARCH)


def restrict_files(readable: list[str], private: str, nodes: tuple[str, ...]) -> str:
    """The second wall behind the mounts: Landlock. Returns the layer's state."""
    rules = {"/": kernel.LANDLOCK_READ_DIR, private: _WRITE, "/proc": _READ, "/etc": _READ}
    rules.update((path, _READ) for path in readable)
    rules.update(("/dev/" + name, _DEVICE) for name in nodes)
    try:
        version = kernel.landlock(rules)
    except KernelError as error:
        return f"off: {error}"
    return f"on: ABI {version}" if version else "off: not in this kernel, or not enabled at boot"


def close_descriptors() -> None:
    """Close everything but the standard streams."""
    os.closerange(3, min(os.sysconf("SC_OPEN_MAX"), 65536))
