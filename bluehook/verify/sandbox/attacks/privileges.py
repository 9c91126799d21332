"""Up: set-user-ID, capabilities, mounts, namespaces, keyrings, the kernel's wide calls, the terminal."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import sys
import time

from .registry import POWERLESS, allowed, attack, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .registry import Facts


@attack(POWERLESS)
def set_user_id(facts: Facts) -> str | None:
    """Become root: by call, by a set-user-ID file of one's own, by one of the system's."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and libc.prctl(39, 0, 0, 0, 0) != 1:
        return "no_new_privs is off"
    before = os.geteuid()
    for call in (os.setuid, os.seteuid, os.setgid, os.setegid):
        try:
            call(0)
        except OSError:
            continue
        return f"{call.__name__}(0) worked" if before else "runs as root"
    return _raised_by_exec()


@attack(POWERLESS)
def capabilities(facts: Facts) -> str | None:
    """Hold a capability other than that to read what was granted (bit 2, needed when bluehook itself is root)."""
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "capget") or libc.capget(header, data) < 0:
        return None
    held = [data[0] & ~4, data[1] & ~4, data[3], data[4]]
    return f"holds {data[0]:x} {data[1]:x}" if any(held) else None


@attack(POWERLESS)
def mounts(facts: Facts) -> str | None:
    """Mount, unmount, make a view writable, by the old calls and the new."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "umount2"):
        return None
    private, project = os.environ["TMPDIR"].encode(), facts["project"].encode()
    tries: dict[str, Callable[[], int]] = {
        "tmpfs mounted": lambda: libc.mount(b"x", private, b"tmpfs", ctypes.c_ulong(0), None),
        "view bound": lambda: libc.mount(project, private, None, ctypes.c_ulong(4096), None),
        "view made writable": lambda: libc.mount(None, project, None, ctypes.c_ulong(32 | 4096), None),
        "root made writable": lambda: libc.mount(None, b"/", None, ctypes.c_ulong(32 | 4096), None),
        "view unmounted": lambda: libc.umount2(project, 2),
        "proc mounted": lambda: libc.mount(b"proc", private, b"proc", ctypes.c_ulong(0), None),
        "open_tree": lambda: libc.syscall(ctypes.c_long(428), ctypes.c_int(-100), b"/", ctypes.c_uint(1)),
        "fsopen": lambda: libc.syscall(ctypes.c_long(430), b"tmpfs", ctypes.c_uint(0)),
    }
    return allowed(tries)


@attack(POWERLESS)
def namespaces(facts: Facts) -> str | None:
    """Make new namespaces, in which one would be root again, or enter others."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare"):
        return None
    kinds = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "network": 0x40000000}
    for name, flag in kinds.items():
        if libc.unshare(ctypes.c_int(flag)) == 0:
            return f"made a new {name} namespace"
    clone = {"x86_64": 56}.get(platform.machine(), 220)
    child = libc.syscall(ctypes.c_long(clone), ctypes.c_ulong(kinds["user"] | signal.SIGCHLD), None, None, None, None)
    if child == 0:
        os._exit(0)
    return "cloned into a new user namespace" if child > 0 else None


@attack(POWERLESS)
def keyrings(facts: Facts) -> str | None:
    """Read the inherited session keyring, add a key, ask for one."""
    libc = ctypes.CDLL(None, use_errno=True)
    add, request, control = {"x86_64": (248, 249, 250)}.get(platform.machine(), (217, 218, 219))
    session = ctypes.c_int(-3)
    tries: dict[str, Callable[[], int]] = {
        "key added": lambda: libc.syscall(ctypes.c_long(add), b"user", b"bluehook", b"x", ctypes.c_size_t(1), session),
        "key requested": lambda: libc.syscall(ctypes.c_long(request), b"user", b"bluehook", None, session),
        "keyring read": lambda: libc.syscall(ctypes.c_long(control), ctypes.c_int(0), session, ctypes.c_int(1)),
    }
    return allowed(tries) if sys.platform == "linux" else None


@attack(POWERLESS)
def kernel_doors(facts: Facts) -> str | None:
    """Calls that reach deep into the kernel: bpf, perf, userfaultfd, io_uring, modules, kexec, clocks, reboot."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    numbered = {
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425),
    }
    numbered.update(
        init_module=(175, 105), kexec_load=(246, 104), syslog=(103, 116), acct=(163, 89), swapoff=(168, 225)
    )
    numbered.update(sethostname=(170, 161), clock_settime=(227, 112), quotactl=(179, 60), fanotify_init=(300, 262))
    here = 0 if platform.machine() == "x86_64" else 1
    area = ctypes.create_string_buffer(256)
    for name, numbers in numbered.items():
        leading: list[Any] = [area] if name == "userfaultfd" else [ctypes.c_int(0), area]
        arguments = [ctypes.c_long(numbers[here]), *leading, ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)]
        ctypes.set_errno(0)
        if libc.syscall(*arguments) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
            return f"{name} is let through ({os.strerror(ctypes.get_errno())})"
    return None


@attack(POWERLESS)
def terminal_typing(facts: Facts) -> str | None:
    """Type into the caller's terminal (TIOCSTI)."""
    import fcntl

    for path in ("/dev/tty", "/dev/console", "/proc/self/fd/0"):
        try:
            terminal = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            fcntl.ioctl(terminal, 0x5412, b"\n")
        except OSError:
            continue
        return "typed into " + path
    return None


def _raised_by_exec() -> str | None:
    shell = "/bin/sh"
    if not os.path.exists(shell):
        return None
    copy = os.path.join(os.environ["TMPDIR"], "sh")
    with open(shell, "rb") as source, open(copy, "wb") as target:
        target.write(source.read())
    os.chmod(copy, 0o6755)
    for program in (copy, "/usr/bin/su", "/usr/bin/sudo", "/usr/bin/passwd", "/bin/mount"):
        if os.path.exists(program) and _effective(program) == 0 and os.geteuid() != 0:
            return program + " ran as root"
    return None


def _effective(program: str) -> int:
    """The effective user that a program runs with, read from /proc while it waits for input."""
    wait, wake = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(wait, 0)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        try:
            os.execv(program, [program])
        finally:
            os._exit(127)
    time.sleep(0.05)
    text = read(f"/proc/{child}/status")
    os.kill(child, signal.SIGKILL)
    os.close(wake)
    os.waitpid(child, 0)
    rows = [line.split() for line in text.splitlines() if line.startswith("Uid:")]
    return int(rows[0][2]) if rows else -1
