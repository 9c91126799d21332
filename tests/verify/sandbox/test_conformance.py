"""Every attack against every backend that works here, as root and as nobody, and against no sandbox at all."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bluehook.verify.sandbox import BACKENDS, Process, Spec, Status, load
from bluehook.verify.sandbox.attacks import ATTACKS
from bluehook.verify.sandbox.conformance import AttackResult, World, run

RUNNER = Path(__file__).with_name("nobody.py")


class Outcome(msgspec.Struct):
    status: Status
    results: list[AttackResult]


@functools.cache
def as_ourselves(name: str) -> Outcome:
    backend = load(name)
    status = backend.available()
    return Outcome(status, run(backend) if status.usable else [])


@functools.cache
def as_nobody(name: str) -> Outcome:
    if os.geteuid() != 0:
        return Outcome(Status(False, reason="only root can become nobody"), [])
    with tempfile.TemporaryDirectory(prefix="bh-nobody-") as folder:
        Path(folder).chmod(0o755)
        module = "bluehook.verify.sandbox.conformance"
        command = [sys.executable, str(RUNNER), folder, module, name]
        answer = subprocess.run(command, capture_output=True, timeout=300)
    assert answer.returncode == 0, answer.stderr.decode()
    return msgspec.json.decode(answer.stdout, type=Outcome)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("outcome", [as_ourselves, as_nobody])
@pytest.mark.parametrize("name", BACKENDS)
def test_the_attack_is_contained(name: str, outcome: functools._lru_cache_wrapper[Outcome], attack: str) -> None:
    found = outcome(name)
    if not found.status.usable:
        pytest.skip(f"{name}: {found.status.reason}")
    result = next(result for result in found.results if result.name == attack)
    assert result.held, result.detail


class Open:
    """A backend that confines nothing."""

    name = "open"
    rank = 0

    def __init__(self, private: Path) -> None:
        self.private = private

    def available(self) -> Status:
        return Status(True)

    def start(self, spec: Spec) -> Process:
        say = "echo 'bluehook-sandbox: walls=off' >&2; exec \"$@\""
        plan: dict[str, Any] = {
            "command": ["/bin/sh", "-c", say, "sh", *spec.argv],
            "command_env": {**os.environ, **spec.env, "TMPDIR": str(self.private)},
            "kill": [],
            "layers": {},
            "limits": msgspec.structs.asdict(spec.limits),
        }
        return Process(plan, spec.limits, str(self.private))


HARMLESS_WITHOUT_SANDBOX = [
    *("host_loopback", "host_unix_socket", "host_abstract_socket", "read_secrets", "link_tricks", "list_home"),
    *("change_project", "environment", "signal_parent", "proc_tricks", "set_user_id", "large_file", "thread_bomb"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="the launcher is Linux's")
@pytest.mark.parametrize("attack", HARMLESS_WITHOUT_SANDBOX)
def test_the_attack_succeeds_where_nothing_confines_it(attack: str, tmp_path: Path) -> None:
    (result,) = run(Open(tmp_path), [attack])
    assert not result.held
    assert "did not run" not in result.detail


@pytest.mark.skipif(sys.platform != "linux", reason="the launcher is Linux's")
def test_what_is_left_over_is_seen(tmp_path: Path) -> None:
    (result,) = run(Open(tmp_path), ["daemonised_children"])
    assert result.detail.startswith("processes left over: ")
    for pid in result.detail.rpartition(": ")[2].split(", "):
        os.kill(int(pid), signal.SIGKILL)


def test_a_world_sees_damage_to_its_files(tmp_path: Path) -> None:
    with World(tmp_path).open() as world:
        assert world.damage() == ""
        (world.project / "app.py").chmod(0o600)
        assert world.damage() == "files of the host changed"
