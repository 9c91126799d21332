"""Which paths of the host the program may see: the system's libraries, its interpreter, and what the caller grants.

Everything is worked out by reading links and ``pyvenv.cfg``. The project's interpreter is never run to ask it: a
``.venv/bin/python`` that came with a repository is as untrusted as the rest of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from bluehook.findings import BluehookError

SYSTEM = (
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share"),
    *("/usr/local/bin", "/usr/local/lib", "/usr/local/lib64"),
    *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store", "/etc/ld.so.cache"),
)
"""Programs and libraries. Nothing of ``/etc``, ``/var``, ``/opt``, ``/srv``, ``/run``, ``/sys`` or any home."""

FILES = {
    "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "/etc/resolv.conf": "",
}
"""What programs expect in ``/etc``, written anew: path to content."""


MASKED = ("keys", "key-users", "kcore", "kmsg", "kallsyms", "timer_list", "sysrq-trigger", "config.gz")
"""Files of ``/proc`` that tell of the host or act on it; hidden where it cannot be mounted for processes only."""

NOBODY = 65534


class View(msgspec.Struct):
    """Host paths to bind (all real, none below another) and links to set anew, as path to target."""

    binds: list[str]
    links: dict[str, str]


def masked() -> list[str]:
    """The paths of :data:`MASKED` that this kernel has."""
    return [f"/proc/{name}" for name in MASKED if Path("/proc", name).exists()]


def account() -> tuple[int, int]:
    """The user and group that the program runs as: our own, or nobody when we are root."""
    return (NOBODY, NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def accounts(uid: int, gid: int) -> dict[str, str]:
    """``/etc/passwd`` and ``/etc/group`` with nobody else than the sandbox's own user."""
    return {
        "/etc/passwd": f"root:x:0:0::/:/bin/sh\nsandbox:x:{uid}:{gid}::/tmp:/bin/sh\n",
        "/etc/group": f"root:x:0:\nsandbox:x:{gid}:\n",
    }


def view(paths: Iterable[Path]) -> View:
    """What to bind and link so that each of ``paths`` is seen at its own place.

    Raises ``BluehookError`` for a path that is not there, or that holds the home directory.
    """
    links: dict[str, str] = {}
    real = set()
    for path in paths:
        target = follow(path, links)
        _check_home(path, target)
        real.add(target)
    binds = [path for path in sorted(real) if not any(_within(path, other) for other in real if other != path)]
    links = {path: target for path, target in links.items() if not any(_within(path, bind) for bind in binds)}
    return View([str(path) for path in binds], links)


def system() -> list[Path]:
    """The parts of :data:`SYSTEM` that this machine has."""
    return [path for path in map(Path, SYSTEM) if path.exists()]


def follow(path: Path, links: dict[str, str]) -> Path:
    """The real path behind ``path``; every link on the way is added to ``links``. Raises ``BluehookError``."""
    rest = list((Path.cwd() / path).parts[1:])
    reached = Path("/")
    for _ in range(10_000):
        if not rest:
            return reached
        step = reached / rest.pop(0)
        if not os.path.lexists(step):
            raise BluehookError(f"the sandbox cannot show {path}: {step} does not exist")
        if not step.is_symlink():
            reached = step
            continue
        target = step.readlink()
        links[str(step)] = str(target)
        rest = [*Path(os.path.normpath(reached / target)).parts[1:], *rest]
        reached = Path("/")
    raise BluehookError(f"the sandbox cannot show {path}: its links go in circles")


def interpreter(executable: Path) -> list[Path]:
    """What the Python at ``executable`` needs: its virtual environment, its installation's library, itself.

    Raises ``BluehookError`` when it is not there or is a script (a pyenv shim).
    """
    try:
        with executable.open("rb") as file:
            start = file.read(2)
    except OSError as error:
        raise BluehookError(f"cannot read the interpreter {executable}: {error.strerror}") from None
    if start == b"#!":
        raise BluehookError(f"{executable} is a script, not an interpreter: give the path that sys.executable shows")
    real = follow(executable, {})
    shown = [executable, real, *_installation(real)]
    environment = executable.parent.parent
    if (environment / "pyvenv.cfg").is_file():
        shown.append(environment)
        home = _home_key(environment / "pyvenv.cfg")
        # "home" may name another link to the same installation; the interpreter looks for its library from there.
        if home is not None and (home / executable.name).exists():
            shown += [home / executable.name, *_installation(home / executable.name)]
    return shown


def _installation(executable: Path) -> list[Path]:
    prefix = executable.parent.parent
    home = Path.home()
    if prefix in (home, home / ".local"):
        # Installed straight into a home: only what is Python's own there.
        found = [*prefix.glob("lib/python3*"), *prefix.glob("lib/libpython3*"), *prefix.glob("bin/python3*")]
        return [path for path in found if path.exists()]
    return [path for path in (prefix / "bin", prefix / "lib", prefix / "lib64") if path.is_dir()]


def _home_key(config: Path) -> Path | None:
    for line in config.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() == "home":
            return Path(value.strip())
    return None


def _check_home(path: Path, real: Path) -> None:
    try:
        home = Path(os.path.realpath(Path.home()))
    except RuntimeError:
        return
    if _within(home, real) and home != Path("/"):
        raise BluehookError(f"the sandbox will not show {path}: it holds the home directory; give a folder below it")


def _within(path: Path | str, other: Path) -> bool:
    return Path(path).is_relative_to(other)
