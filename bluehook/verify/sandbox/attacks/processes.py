"""Towards other processes: outliving the end, reading their environment, signals, tracing, /proc."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import time

from .registry import APART, CLEARED, TREE, attack, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .registry import Facts


@attack(CLEARED)
def environment(facts: Facts) -> str | None:
    """Find a variable that was not given, in one's own environment or in that of any process in sight."""
    # Python sets LC_CTYPE by itself in the C locale, containers set HOSTNAME and PATH.
    extra = set(os.environ) - set(facts["environment"]) - {"LC_CTYPE", "PWD", "HOSTNAME", "PATH", "container"}
    if extra:
        return "inherited " + ", ".join(sorted(extra))
    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
        if facts["secret"] in read(f"/proc/{pid}/environ"):
            return f"read the secret from /proc/{pid}/environ"
    return None


@attack(TREE, ends=("timeout",), wall_seconds=1)
def ignored_signals(facts: Facts) -> str | None:
    """Ignore and block every signal that can be."""
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    while True:
        time.sleep(1)


@attack(TREE, ends=("timeout",), wall_seconds=1)
def stopped_process(facts: Facts) -> str | None:
    """Stop, and stay."""
    for _ in range(3):
        if not os.fork():
            os.kill(os.getpid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(30)
    return "a stopped process went on"


@attack(TREE)
def daemonised_children(facts: Facts) -> str | None:
    """Leave daemons behind: own session, parent gone, signals ignored. The host looks for them afterwards."""
    for _ in range(3):
        if not os.fork():
            os.setsid()
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
                signal.signal(number, signal.SIG_IGN)
            if os.fork():
                os._exit(0)
            for descriptor in range(3):
                os.close(descriptor)
            time.sleep(60)
            os._exit(0)
    time.sleep(0.2)
    return None


@attack(APART)
def signal_parent(facts: Facts) -> str | None:
    """Signal the caller, and kill a bystander of the host."""
    for pid, number in ((facts["caller"], 0), (facts["bystander"], signal.SIGKILL)):
        try:
            os.kill(pid, number)
        except OSError:
            continue
        return f"signalled process {pid} of the host"
    return None


@attack(APART)
def ptrace_parent(facts: Facts) -> str | None:
    """Attach to, and read the memory of, the caller, a bystander, and the first process inside."""
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in (facts["caller"], facts["bystander"], os.getppid()):
        # PTRACE_SEIZE (0x4206) attaches without stopping anything; detached by our end.
        if hasattr(libc, "ptrace") and libc.ptrace(ctypes.c_long(0x4206), pid, None, None) == 0:
            return f"traced process {pid}"
        number = {"x86_64": 310}.get(platform.machine(), 270)
        area = (ctypes.c_size_t * 2)(ctypes.addressof(ctypes.create_string_buffer(8)), 8)
        arguments = (ctypes.c_int(pid), area, ctypes.c_ulong(1), area, ctypes.c_ulong(1), ctypes.c_ulong(0))
        libc.syscall(ctypes.c_long(number), *arguments)
        if ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.ESRCH):
            return f"read the memory of process {pid}"
    return None


@attack(APART)
def proc_tricks(facts: Facts) -> str | None:
    """The host's processes, memory and switches through /proc."""
    if not os.path.isdir("/proc/self"):
        return None
    for pid in map(str, (facts["caller"], facts["bystander"])):
        if facts["token"] in read(f"/proc/{pid}/cmdline"):
            return f"process {pid} of the host is in sight"
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if pid != str(os.getpid()) and _opens(f"/proc/{pid}/mem", os.O_RDWR):
            return "opened the memory of process " + pid
        if read("/proc/{}/root{}".format(pid, facts["secrets"][0])):
            return "left through the root of process " + pid
    switches = [
        "sysrq-trigger",
        "sys/kernel/core_pattern",
        "sys/kernel/modprobe",
        "sys/vm/drop_caches",
        "kcore",
        "kmsg",
    ]
    switches += ["sys/fs/binfmt_misc/register", "1/uid_map", "self/uid_map", "acpi/wakeup", "bus/pci"]
    for name in switches:
        if _opens("/proc/" + name, os.O_RDWR):
            try:
                os.write(os.open("/proc/" + name, os.O_WRONLY), b"\n")
            except OSError:
                continue
            return "wrote to /proc/" + name
    return None


def _opens(path: str, flags: int) -> bool:
    try:
        os.close(os.open(path, flags))
    except OSError:
        return False
    return True
