"""Discovery and choice, and the command lines of the backends that let another program make the sandbox."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

import bluehook.verify.sandbox as sandbox
from bluehook.findings import BluehookError
from bluehook.verify.sandbox import Spec, Status, bubblewrap, container, far, seatbelt, views


def test_every_module_with_a_backend_is_listed_and_fits() -> None:
    folder = Path(sandbox.__file__).parent
    having = {path.stem for path in folder.glob("*.py") if "\nbackend = " in path.read_text("utf-8")}
    assert having == set(sandbox.BACKENDS)
    found = sandbox.backends()
    assert [backend.name for backend in found] == list(sandbox.BACKENDS)
    assert len({backend.rank for backend in found}) == len(found)


def test_every_status_is_usable_or_says_why() -> None:
    for backend in sandbox.backends():
        status = backend.available()
        assert status.usable != bool(status.reason)


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(BluehookError, match="expected one of linux, bubble"):
        sandbox.load("chroot")


class Fake:
    def __init__(self, name: str, status: Status) -> None:
        self.name, self.rank, self.status = name, 0, status

    def available(self) -> Status:
        return self.status

    def start(self, spec: Spec) -> sandbox.Process:
        raise NotImplementedError


def test_the_first_usable_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Fake("a", Status(False, reason="no a")), Fake("b", Status(True))
    monkeypatch.setattr(sandbox, "backends", lambda: [first, second])
    assert sandbox.choose() is second
    monkeypatch.setattr(sandbox, "backends", lambda: [first])
    with pytest.raises(BluehookError, match=r"nothing is executed\. a: no a"):
        sandbox.choose()


def test_bubblewrap_shows_nothing_writable_but_the_private_directory(tmp_path: Path) -> None:
    spec = Spec(argv=(sys.executable,), readable=(tmp_path,))
    seen = views.view([tmp_path, far.FOLDER])
    arguments = bubblewrap.arguments(spec, seen)
    options = arguments[: arguments.index("--")]
    assert not {"--bind", "--dev-bind", "--share-net", "--bind-try"} & set(options)
    assert {"--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"} <= set(options)
    assert [options[at + 1] for at, option in enumerate(options) if option == "--tmpfs"] == [bubblewrap.PRIVATE]


def test_a_container_shows_everything_read_only_and_pulls_nothing(tmp_path: Path) -> None:
    project = tmp_path / 'with,comma "and quote"'
    project.mkdir()
    spec = Spec(argv=(sys.executable,), readable=(project,))
    arguments = container.arguments(spec, views.view([project]), "some-name", as_nobody=False)
    options = arguments[: arguments.index(container.IMAGE)]
    mounts = [options[at + 1] for at, option in enumerate(options) if option == "--mount"]
    (fields,) = csv.reader(mounts)
    assert fields == ["type=bind", f"src={project}", f"dst={project}", "readonly"]
    pairs = list(itertools.pairwise(options))
    assert ("--network", "none") in pairs
    assert ("--pull", "never") in pairs
    assert ("--cap-drop", "ALL") in pairs
    assert not {"--privileged", "--volume", "--device", "--env", "--cap-add"} & set(options)


def test_a_seatbelt_profile_denies_what_it_does_not_name(tmp_path: Path) -> None:
    spec = Spec(argv=(sys.executable,), readable=(tmp_path,), hidden=(tmp_path / ".git",))
    text = seatbelt.profile(spec, Path("/private/tmp/bluehook"))
    rules = text.splitlines()
    assert rules[:2] == ["(version 1)", "(deny default)"]
    assert f'  (subpath "{tmp_path}")' in rules
    writing = text.split("(allow file-write*\n")[1].split(")\n(")[0]
    assert writing == '  (subpath "/private/tmp/bluehook")'
    assert f'(subpath "{Path.home()}")' not in text
    assert "network-outbound" not in text
    assert text.rindex("(deny file-read*") > text.rindex("(allow file-read*")
    assert text.count("(") == text.count(")")


def test_seatbelt_strings_are_quoted() -> None:
    assert seatbelt._quoted('/a "b" \\c') == '"/a \\"b\\" \\\\c"'
    with pytest.raises(BluehookError, match="control characters"):
        seatbelt._quoted("/a\n(allow default)")


LINGERING = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from launch import command, enter

def serve(outer, report, errors):
    if not os.fork():
        time.sleep(0.3)
        os.write(report, b"late")

enter.serve = serve
reading, writing = os.pipe()
os.waitpid(command.start({"command": [], "command_env": {}}, writing, writing), 0)
os.set_blocking(reading, False)
command.reap()
sys.stdout.write(os.read(reading, 9).decode())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the launcher is Linux's")
def test_the_end_is_awaited_also_of_those_whose_parent_died_first() -> None:
    folder = Path(sandbox.__file__).parent
    command = [sys.executable, "-I", "-S", "-c", LINGERING, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, timeout=30).stdout == "late"
