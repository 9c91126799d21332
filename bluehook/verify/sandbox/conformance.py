"""Attacks a sandbox with all of :mod:`.attacks` and says what held: what ``bluehook doctor`` runs, and the tests.

An attack holds when the program inside could break nothing, ended as it had to, and the host was left as it was:
its servers untouched, its files bit for bit the same, its bystander alive, no process left over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import socket
import subprocess  # nosec B404
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import attacks
from bluehook.verify.sandbox.model import Backend, Ended, Limits, Reason, Spec

SCRIPTS = Path(attacks.__file__).parent
RUN = "import sys; sys.path.append(sys.argv[1]); from attacks import main; main()"
VARIABLE = "BLUEHOOK_CONFORMANCE_SECRET"


class AttackResult(msgspec.Struct, frozen=True):
    """One attack's outcome; ``detail`` says what was broken, or how the sandbox contained it."""

    name: str
    guarantee: str
    held: bool
    detail: str
    seconds: float


class World:
    """What the host holds ready for the attacks to find, and whether it is untouched afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.token = secrets.token_hex(8)
        self.secret = "secret-" + secrets.token_hex(16)
        self.project = folder / "project"
        self.outside = folder / "other-repository"
        self.files = [self.project / "app.py", self.outside / ".git-credentials", self.outside / "secret.txt"]
        for path in self.files:
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"# bluehook conformance {self.secret}\n", "utf-8")
        self.servers: list[tuple[str, socket.socket, socket.socket]] = []
        self.path_server = folder / "server.sock"
        self.watched = {path: path.read_bytes() for path in self.files}

    @contextlib.contextmanager
    def open(self) -> Iterator[World]:
        """Servers, a bystander, a secret in the environment and an inheritable descriptor, for as long as it lasts."""
        with contextlib.ExitStack() as stack:
            for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                with contextlib.suppress(OSError):
                    self.servers.append(self._server(stack, family, address))
            self.path_socket = self._listener(stack, str(self.path_server))
            with contextlib.suppress(OSError):
                self.abstract_socket = self._listener(stack, "\0" + self.token)
            descriptor = os.open(self.files[-1], os.O_RDONLY)
            stack.callback(os.close, descriptor)
            os.set_inheritable(descriptor, True)
            os.environ[VARIABLE] = self.secret
            stack.callback(os.environ.pop, VARIABLE, None)
            sleep = "import sys; sys.stdin.read()"
            self.bystander = stack.enter_context(
                subprocess.Popen([sys.executable, "-I", "-S", "-c", sleep, self.token], stdin=subprocess.PIPE)  # nosec B603
            )
            stack.callback(self.bystander.kill)
            self.before = self.snapshot()
            yield self

    def facts(self, environment: Iterable[str], granted: list[Path]) -> dict[str, Any]:
        """What the attacks are told; see the functions for the use of each."""
        home = Path.home()
        return {
            "token": self.token,
            "secret": self.secret,
            "servers": [
                (family, server.getsockname()[0], server.getsockname()[1]) for family, server, _ in self.servers
            ],
            "unix": str(self.path_server),
            "abstract": self.token,
            "project": str(self.project),
            "project_file": str(self.files[0]),
            "outside": str(self.outside),
            "home": str(home),
            "home_files": _home_files(home, granted),
            "secrets": [str(path) for path in self.files[1:]],
            "granted": [str(path) for path in granted],
            "environment": sorted(environment),
            "caller": os.getpid(),
            "bystander": self.bystander.pid,
        }

    def damage(self) -> str:
        """What an attack has done to the host; empty if nothing."""
        if any(_has_caller(listener) for listener in self._listeners()):
            return "a server of the host was reached"
        if any(_has_datagram(datagrams) for _, _, datagrams in self.servers):
            return "a datagram reached the host"
        if self.snapshot() != self.before:
            return "files of the host changed"
        if self.bystander.poll() is not None:
            return "a process of the host was killed"
        left = self.leftovers()
        return f"processes left over: {', '.join(map(str, left))}" if left else ""

    def snapshot(self) -> dict[str, tuple[int, int, str]]:
        """Mode, modification time and digest of everything in the world's folder."""
        rows = {}
        for path in sorted(self.folder.rglob("*")):
            about = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            rows[str(path)] = (about.st_mode, about.st_mtime_ns, hashlib.sha256(content).hexdigest())
        return rows

    def leftovers(self) -> list[int]:
        """Processes of this run's sandboxes that are still alive: their command lines carry the token."""
        return [pid for pid in _carrying(self.token) if pid not in (self.bystander.pid, os.getpid())]

    def _listeners(self) -> list[socket.socket]:
        own = [self.path_socket, getattr(self, "abstract_socket", None)]
        return [*(server for _, server, _ in self.servers), *(listener for listener in own if listener is not None)]

    @staticmethod
    def _server(
        stack: contextlib.ExitStack, family: socket.AddressFamily, address: str
    ) -> tuple[str, socket.socket, socket.socket]:
        server = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
        server.bind((address, 0))
        server.listen()
        server.setblocking(False)
        datagrams = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        datagrams.bind((address, server.getsockname()[1]))
        datagrams.setblocking(False)
        return ("6" if family == socket.AF_INET6 else "4", server, datagrams)

    @staticmethod
    def _listener(stack: contextlib.ExitStack, name: str) -> socket.socket:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        listener.bind(name)
        listener.listen()
        listener.setblocking(False)
        return listener


def run(backend: Backend, names: Iterable[str] = (), python: str = sys.executable) -> list[AttackResult]:
    """Attack ``backend`` with all attacks, or with those called ``names``, on the interpreter ``python``.

    The backend must be usable. Takes some ten seconds; the host is left as it was.
    """
    # A short folder: the path of a Unix socket has 108 bytes.
    with tempfile.TemporaryDirectory(prefix="bh-") as folder, World(Path(folder).resolve()).open() as world:
        return [_attack(backend, world, attacks.ATTACKS[name], python) for name in names or attacks.ATTACKS]


def _attack(backend: Backend, world: World, attack: attacks.Attack, python: str) -> AttackResult:
    started = time.monotonic()
    environment = {"LANG": "C.UTF-8", "HOME": "", "TMPDIR": ""}
    granted = [world.project, SCRIPTS, Path(python).resolve().parent.parent, Path(python).parent.parent]
    facts = world.facts(environment, granted)
    spec = Spec(
        argv=(python, "-I", "-S", "-c", RUN, str(SCRIPTS.parent), attack.name, json.dumps(facts)),
        readable=(world.project, SCRIPTS),
        env={"LANG": "C.UTF-8"},
        limits=msgspec.convert({"wall_seconds": 20, **attack.limits}, Limits),
    )
    try:
        with backend.start(spec) as process:
            said, ended = b"", None
            with contextlib.suppress(EOFError, TimeoutError):
                said = process.receive(spec.limits.wall_seconds + 5)
            with contextlib.suppress(TimeoutError):
                ended = process.wait(spec.limits.wall_seconds + 5)
    except BluehookError as error:
        said, ended = b"", Ended(Reason.FAILED, detail=str(error))
    broken, detail = _judge(attack, said, ended)
    broken = broken or world.damage()
    seconds = time.monotonic() - started
    return AttackResult(attack.name, attack.guarantee, not broken, broken or detail, seconds)


def _judge(attack: attacks.Attack, said: bytes, ended: Ended | None) -> tuple[str, str]:
    """What was broken (empty if nothing), and how it was contained."""
    if ended is None:
        return "it did not end within its time", ""
    if said.startswith(b"{"):
        broken = json.loads(said)["broken"]
        return (broken or "", "refused")
    if ended.reason.value in attack.ends:
        return "", f"ended: {ended.reason.value}"
    last = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return f"the attack did not run to its end: {ended.reason.value} {ended.detail or ''.join(last)}", ""


def _home_files(home: Path, granted: list[Path]) -> list[str]:
    """Files of the real home that must stay unread: credentials that exist, and whatever lies on its top."""
    usual = (
        ".ssh/id_rsa",
        ".ssh/id_ed25519",
        ".aws/credentials",
        ".netrc",
        ".config/gh/hosts.yml",
        ".docker/config.json",
    )
    found = [home / name for name in usual]
    with contextlib.suppress(OSError):
        found += sorted(home.iterdir())[:50]
    outside = [path for path in found if not any(path.is_relative_to(to) or to.is_relative_to(path) for to in granted)]
    return [str(path) for path in outside if os.access(path, os.R_OK)]


def _has_caller(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _has_datagram(datagrams: socket.socket) -> bool:
    try:
        datagrams.recv(1024)
    except BlockingIOError:
        return False
    return True


def _carrying(token: str) -> list[int]:
    if not Path("/proc/self/cmdline").exists():
        rows = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout  # nosec
        return [int(row.split()[0]) for row in rows.splitlines() if token in row]
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if token.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def main(name: str) -> None:
    """Attack the backend ``name`` and print one JSON object: its status and every result."""
    from bluehook.verify.sandbox import load

    backend = load(name)
    status = backend.available()
    results = run(backend) if status.usable else []
    sys.stdout.write(msgspec.json.encode({"status": status, "results": results}).decode() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
