"""Past the limits: processes, memory, disk, output, time."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import threading
import time

from .registry import BOUNDED, MIB, attack, linux

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .registry import Facts


@attack(BOUNDED, ends=("processes",), processes=24, wall_seconds=10)
def fork_bomb(facts: Facts) -> str | None:
    """Fork as often as the kernel lets, each child forking too."""
    deadline = time.monotonic() + 1.5
    for _ in range(2000):
        try:
            if not os.fork():
                _breed(deadline)
        except OSError:
            return None
    return "2000 processes were made"


@attack(BOUNDED, ends=("processes",), processes=24, wall_seconds=10)
def thread_bomb(facts: Facts) -> str | None:
    """Start threads without end."""
    for _ in range(1000):
        try:
            threading.Thread(target=time.sleep, args=(8,), daemon=True).start()
        except RuntimeError:
            return None
    return "1000 threads were started"


@attack(BOUNDED, ends=("memory", "signal"), memory_bytes=256 * MIB, tree_bytes=256 * MIB, wall_seconds=10)
def memory_bomb(facts: Facts) -> str | None:
    """Allocate in one process."""
    held = []
    try:
        for _ in range(64):
            held.append(bytearray(b"x" * (16 * MIB)))
    except MemoryError:
        return None
    return "held a gigabyte"


@attack(BOUNDED, ends=("memory", "signal"), memory_bytes=256 * MIB, tree_bytes=256 * MIB, wall_seconds=10)
def memory_bomb_tree(facts: Facts) -> str | None:
    """Allocate a little less than one may, in several processes."""
    for _ in range(6):
        if not os.fork():
            held = bytearray(b"x" * (128 * MIB))
            time.sleep(8)
            os._exit(len(held) & 1)
    # Every child is ended one by one (a cgroup), or all of it is ended together.
    ended = [os.WIFSIGNALED(os.wait()[1]) for _ in range(6)]
    return None if any(ended) else "six processes held 768 MiB together"


@attack(BOUNDED, ends=("memory", "signal"), memory_bytes=256 * MIB, tree_bytes=256 * MIB, wall_seconds=10)
def hidden_memory(facts: Facts) -> str | None:
    """Memory that no process maps: memfd, System V segments; and shared mappings."""
    held = 0
    libc = ctypes.CDLL(None, use_errno=True)
    for number in range(40):
        try:
            descriptor = linux("memfd_create")(f"x{number}")
            for _ in range(16):
                held += os.write(descriptor, b"x" * MIB)
        except OSError:
            break
    if held < 512 * MIB and hasattr(libc, "shmget"):
        held += sum(16 * MIB for _ in range(40) if libc.shmget(0, ctypes.c_size_t(16 * MIB), 0o1600) >= 0)
    try:
        shared = [mmap.mmap(-1, 16 * MIB) for _ in range(40)]
        held += sum(len(area) for area in shared)
    except (OSError, ValueError, MemoryError):
        pass
    return f"{held // MIB} MiB were taken past the limit" if held > 512 * MIB else None


@attack(BOUNDED, disk_bytes=16 * MIB, wall_seconds=20)
def disk_filling(facts: Facts) -> str | None:
    """Fill the private directory and whatever else takes files."""
    written = 0
    for number in range(64):
        for folder in {os.environ["TMPDIR"], "/dev/shm", "/tmp"}:
            try:
                with open(os.path.join(folder, f"fill{number}"), "wb") as file:
                    written += file.write(b"x" * (2 * MIB))
                    file.flush()
            except OSError:
                continue
    return f"{_kept() // MIB} MiB were kept" if _kept() > 33 * MIB else None


@attack(BOUNDED, file_bytes=4 * MIB)
def large_file(facts: Facts) -> str | None:
    """Grow one file past its limit."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    path = os.path.join(os.environ["TMPDIR"], "large")
    try:
        with open(path, "wb") as file:
            for _ in range(8):
                file.write(b"x" * MIB)
                file.flush()
    except OSError as error:
        return None if error.errno in (errno.EFBIG, errno.ENOSPC) else str(error)
    return f"wrote {os.path.getsize(path)} bytes"


@attack(BOUNDED, ends=("output",), output_bytes=MIB, wall_seconds=10)
def output_flood(facts: Facts) -> str | None:
    """Write without end, and no newline."""
    for _ in range(4096):
        os.write(1, b"x" * 65536)
    return "256 MiB were written"


@attack(BOUNDED, ends=("output",), output_bytes=MIB, wall_seconds=10)
def error_flood(facts: Facts) -> str | None:
    """The same on standard error."""
    for _ in range(4096):
        os.write(2, b"x" * 65536)
    return "256 MiB were written"


@attack(BOUNDED, ends=("timeout",), wall_seconds=1)
def endless_loop(facts: Facts) -> str | None:
    """Never end."""
    while True:
        pass


@attack(BOUNDED, ends=("signal", "timeout"), cpu_seconds=1, wall_seconds=6)
def processor_hog(facts: Facts) -> str | None:
    """Burn processor time and disregard the warning."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while time.process_time() < 4:
        pass
    return "used 4 s of processor time"


@attack(BOUNDED)
def raise_limits(facts: Facts) -> str | None:
    """Raise one's own limits again."""
    for which in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
        try:
            resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            continue
        return f"raised limit {which}"
    return None


def _breed(deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            os.fork()
        except OSError:
            time.sleep(0.05)
    time.sleep(5)
    os._exit(0)


def _kept() -> int:
    total = 0
    for folder in {os.path.realpath(path) for path in (os.environ["TMPDIR"], "/dev/shm", "/tmp")}:
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            total += os.path.getsize(os.path.join(folder, name)) if name.startswith("fill") else 0
    return total
