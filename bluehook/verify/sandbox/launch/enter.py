"""Into the namespaces: the first process of a new world, which starts the program and outlives its children.

The launcher leaves for a new user and pid namespace and forks *init* (pid 1 inside). Init makes the other namespaces,
builds the root, gives up all powers, and forks the program. When init dies, for whatever reason, the kernel
kills every process of the pid namespace: that is what makes killing a tree certain.
"""

from __future__ import annotations

import os
import select

from . import confine, kernel, root
from .kernel import KernelError

# The module "signal" would cost the start two milliseconds.
_SIGKILL = 9

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def start(plan: dict[str, Any], report: int, errors: int) -> int:
    """Fork init and return its pid. ``report`` takes its lines, ``errors`` is the program's standard error."""
    privileged = _is_root()
    if privileged:
        # What the map leaves at root's uid would escape RLIMIT_NPROC, so the program runs as another one.
        map_ids = _mapper()
    own_uid, own_gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USER | kernel.NEW_PID, "user namespace")
    if privileged:
        map_ids()
    else:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{own_uid or confine.NOBODY} {own_uid} 1")
        _write("/proc/self/gid_map", f"{own_gid or confine.NOBODY} {own_gid} 1")
    alive, held = os.pipe()
    pid = os.fork()
    if pid:
        # "held" stays open as long as the launcher lives.
        os.close(alive)
        return pid
    os.close(held)
    try:
        _init(plan, report, errors, privileged, alive)
    except KernelError as error:
        os.write(report, b"failed %s\n" % str(error).encode())
    except BaseException as error:
        os.write(report, b"failed %r\n" % (error,))
    os._exit(1)


def _is_root() -> bool:
    """Whether we are a root who can become others, rather than a user who is called root in a namespace of one id."""
    if os.geteuid():
        return False
    try:
        os.setgroups([])
    except OSError:
        return False
    with open("/proc/self/uid_map", encoding="ascii") as table:
        rows = [[int(number) for number in line.split()] for line in table]
    return any(first <= confine.NOBODY < first + count for first, _, count in rows)


def _mapper() -> Callable[[], None]:
    """A child left behind in the old namespace, which alone may write a map of more than one id.

    Every id is mapped to itself, so that the program (as nobody) may still read what is root's in the views.
    """
    wait, wake = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(wake)
            if os.read(wait, 1):
                for name in ("uid_map", "gid_map"):
                    _write(f"/proc/{parent}/{name}", _identity("/proc/self/" + name))
                status = 0
        finally:
            os._exit(status)
    os.close(wait)

    def map_ids() -> None:
        os.write(wake, b"1")
        os.close(wake)
        if os.waitpid(child, 0)[1]:
            raise KernelError("user namespace: writing its id maps")

    return map_ids


def _identity(path: str) -> str:
    with open(path, encoding="ascii") as table:
        rows = [line.split() for line in table]
    return "".join("{0} {0} {1}\n".format(row[0], row[2]) for row in rows)


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise KernelError("write " + path, error.errno or 0) from None


def _init(plan: dict[str, Any], report: int, errors: int, privileged: bool, alive: int) -> None:
    layers = {"user namespace": "on", "pid namespace": "on"}
    _prefer_as_victim()
    kernel.unshare(kernel.NEW_NS | kernel.NEW_NET | kernel.NEW_IPC | kernel.NEW_UTS, "namespaces")
    layers.update({name + " namespace": "on" for name in ("mount", "network", "ipc", "uts")})
    layers["cgroup namespace"] = _cgroup_namespace()
    kernel.loopback_up()
    kernel.libc.sethostname(b"sandbox", 7)
    layers.update(root.build(plan))
    os.chdir(plan["cwd"])
    confine.limit(plan["limits"])
    confine.give_up_powers(privileged)
    kernel.no_new_privileges()
    readable = [target for _, target in plan["binds"]]
    layers["landlock"] = confine.restrict_files(readable, plan["private"], root.NODES)
    kernel.filter_calls(plan["seccomp"])
    layers.update({"seccomp": "on", "no_new_privs": "on", "limits": "on"})
    # After the change of user, which would clear it. Should the launcher have died before, its pipe is closed.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _SIGKILL)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    poll = select.poll()
    poll.register(alive)
    if poll.poll(0):
        os._exit(1)
    for name, state in layers.items():
        os.write(report, f"layer {name}={state}\n".encode())
    serve(plan, report, errors)


def _prefer_as_victim() -> None:
    try:
        _write("/proc/self/oom_score_adj", "1000")
    except KernelError:
        # A courtesy to the host when memory runs out; the limits hold without it.
        return


def _cgroup_namespace() -> str:
    try:
        kernel.unshare(kernel.NEW_CGROUP, "cgroup namespace")
    except KernelError as error:
        return f"off: {error}"
    return "on"


def serve(plan: dict[str, Any], report: int, errors: int) -> None:
    """Start the program, bury every child, end with the program."""
    executed, failure = os.pipe()
    program = os.fork()
    if not program:
        _execute(plan, failure, errors)
    for descriptor in (0, 1, 2, errors, failure):
        os.close(descriptor)
    os.write(report, os.read(executed, 4096) or b"started\n")
    while True:
        pid, status = os.wait()
        if pid == program:
            break
    if os.WIFSIGNALED(status):
        os.write(report, b"signal %d\n" % os.WTERMSIG(status))
    else:
        os.write(report, b"exit %d\n" % os.WEXITSTATUS(status))
    os._exit(0)


def _execute(plan: dict[str, Any], failure: int, errors: int) -> None:
    try:
        os.setsid()
        os.dup2(errors, 2)
        # The pipe of the failure closes with the exec, which is how init learns that it worked.
        os.execve(plan["argv"][0], plan["argv"], plan["env"])
    except OSError as error:
        os.write(failure, b"failed execute %s: %s\n" % (os.fsencode(plan["argv"][0]), str(error).encode()))
    os._exit(127)
