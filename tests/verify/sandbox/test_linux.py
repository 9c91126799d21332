"""The native backend as its callers use it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import Limits, Process, Reason, Spec, load

LINUX = load("linux")
STATUS = LINUX.available()
pytestmark = pytest.mark.skipif(not STATUS.usable, reason=STATUS.reason)


CALLED_ROOT = (
    "import os\nfrom bluehook.verify.sandbox.launch import kernel\n"
    "uid, gid = os.getuid(), os.getgid()\n"
    "kernel.unshare(kernel.NEW_USER, 'user')\n"
    "open('/proc/self/setgroups', 'w').write('deny')\n"
    "open('/proc/self/uid_map', 'w').write('0 %d 1' % uid)\n"
    "open('/proc/self/gid_map', 'w').write('0 %d 1' % gid)\n"
)
"""Makes its process what ``unshare --user --map-root-user`` makes."""


def started(code: str, **more: object) -> Process:
    values = {"argv": (sys.executable, "-I", "-c", code), "limits": Limits(wall_seconds=20), **more}
    return LINUX.start(Spec(**values))  # type: ignore[arg-type]


def lines(code: str, **more: object) -> Sequence[str]:
    found = []
    with started(code, **more) as process:
        try:
            while True:
                found.append(process.receive(10).decode())
        except EOFError:
            return found


def test_lines_go_both_ways() -> None:
    code = "import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)"
    with started(code) as process:
        for text in (b"abc", b"def" * 10_000):
            process.send(text + b"\n", 5)
            assert process.receive(5) == text[::-1]
        process.close_input()
        ended = process.wait(10)
    assert (ended.reason, ended.code) == (Reason.EXITED, 0)


def test_a_large_message_does_not_block_for_ever_on_a_program_that_does_not_read() -> None:
    with started("import time; time.sleep(20)") as process, pytest.raises(TimeoutError, match="does not read"):
        process.send(b"x" * 1_000_000, 0.2)


def test_silence_and_the_end_are_told_apart() -> None:
    with started("import sys; sys.stdin.read()") as process:
        with pytest.raises(TimeoutError):
            process.receive(0.1)
        process.close_input()
        with pytest.raises(EOFError):
            process.receive(10)


def test_endings_carry_their_code_and_the_last_words() -> None:
    with started("import sys; print('why', file=sys.stderr); sys.exit(3)") as process:
        ended = process.wait(10)
    assert (ended.reason, ended.code, ended.stderr) == (Reason.EXITED, 3, b"why\n")
    with started("import os; os.kill(os.getpid(), 9)") as process:
        ended = process.wait(10)
    assert (ended.reason, ended.code) == (Reason.SIGNAL, 9)


def test_killing_is_told_from_ending() -> None:
    process = started("import time; time.sleep(20)")
    assert process.kill().reason is Reason.KILLED
    assert process.kill().reason is Reason.KILLED


def test_the_sandbox_dies_with_its_caller() -> None:
    code = (
        "import sys, os\nfrom bluehook.verify.sandbox import *\n"
        "p = load('linux').start(Spec(argv=(sys.executable, '-I', '-c', 'import time; time.sleep(60)', sys.argv[1])))\n"
        "os._exit(0)"
    )
    token = f"orphan-{time.monotonic_ns()}"
    subprocess.run([sys.executable, "-c", code, token], check=True, timeout=20)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _running(token):
        time.sleep(0.05)
    assert not _running(token)


def _running(token: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if token.encode() in path.read_bytes():
                return True
        except OSError:
            continue
    return False


def test_the_project_is_read_in_place_through_its_links(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (real / "a b,c.py").write_text("x = 1")
    link = tmp_path / "link"
    link.symlink_to(real)
    code = f"print(open({str(link / 'a b,c.py')!r}).read()); import os; print(os.listdir({str(tmp_path)!r}))"
    shown = lines(code, readable=(link,))
    assert shown[0] == "x = 1"
    assert sorted(eval(shown[1])) == ["link", "real"]


def test_hidden_paths_are_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("token")
    (tmp_path / ".env").write_text("token")
    code = f"import os; print(os.listdir({str(tmp_path / '.git')!r}), repr(open({str(tmp_path / '.env')!r}).read()))"
    shown = lines(code, readable=(tmp_path,), hidden=(tmp_path / ".git", tmp_path / ".env"))
    assert shown == ["[] ''"]


def test_loopback_works_inside() -> None:
    code = (
        "import socket, threading\n"
        "s = socket.create_server(('127.0.0.1', 0))\n"
        "threading.Thread(target=lambda: s.accept()[0].sendall(b'hello')).start()\n"
        "print(socket.create_connection(s.getsockname()).recv(5).decode())\n"
        "print(socket.getaddrinfo('localhost', 80, socket.AF_INET)[0][4][0])"
    )
    assert lines(code) == ["hello", "127.0.0.1"]


def test_processes_pools_and_temporary_files_work_inside() -> None:
    code = (
        "import multiprocessing, tempfile, subprocess, os\n"
        "lock = multiprocessing.Lock()\n"
        "with tempfile.NamedTemporaryFile() as f: print(os.path.dirname(f.name))\n"
        "print(subprocess.run(['/bin/sh', '-c', 'echo $HOME'], stdout=subprocess.PIPE).stdout.decode().strip())"
    )
    with started(code) as process:
        assert [process.receive(10), process.receive(10)] == [process.private.encode()] * 2


def test_the_environment_is_the_one_given() -> None:
    assert lines("import os; print(sorted(os.environ))", env={"A": "1", "LC_CTYPE": "C.UTF-8"}) == [
        "['A', 'HOME', 'LC_CTYPE', 'TMPDIR']"
    ]


def test_a_virtual_environment_runs_with_its_packages(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    (site,) = (tmp_path / "venv" / "lib").glob("python3*/site-packages")
    (site / "only_here.py").write_text("value = 42")
    code = "import sys, only_here; print(only_here.value, sys.prefix)"
    assert lines(code, argv=(str(python), "-c", code)) == [f"42 {tmp_path / 'venv'}"]


def test_a_failure_to_start_names_its_cause(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_bytes(b"\x7fELF nothing")
    fake.chmod(0o755)
    with pytest.raises(BluehookError, match="execute"):
        LINUX.start(Spec(argv=(str(fake),)))


def test_without_user_namespaces_it_refuses_and_says_why() -> None:
    code = CALLED_ROOT + (
        "open('/proc/sys/user/max_user_namespaces', 'w').write('0')\n"
        "from bluehook.verify.sandbox import load\n"
        "status = load('linux').available()\nprint(status.usable, status.reason)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert answer.stdout.startswith("False the sandbox could not be set up: user namespace: No space"), answer.stderr


def test_a_user_who_is_called_root_in_a_namespace_is_no_root() -> None:
    code = CALLED_ROOT + (
        "import sys\nfrom bluehook.verify.sandbox import load, Spec\n"
        "with load('linux').start(Spec(argv=(sys.executable, '-c', 'import os; print(os.getuid())'))) as process:\n"
        "    print(process.receive(10).decode())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert answer.stdout == "65534\n", answer.stderr
