"""``bluehook verify`` and ``bluehook scan --verify``, as a user starts them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from attacking import needs_sandbox
from calling import bluehook, environment, program
from gitrepo import GitRepo

pytestmark = needs_sandbox

HOLE = """\
import os


def read(name):
    with open(os.path.join("documents", name)) as file:
        return file.read()
"""
MENDED = """\
import os


def read(name):
    with open(os.path.join("documents", os.path.basename(name))) as file:
        return file.read()
"""
PYTHON = ("--python", sys.executable)
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "more", "attacks"),
    [
        (("scan",), {}, True),
        (("scan", "--staged"), {}, True),
        (("scan", "--no-verify"), {}, False),
        (("scan", "--hook", "pre-commit"), {}, False),
        (("scan", "--hook", "pre-commit", "--verify"), {}, True),
        (("scan", "--hook", "pre-commit"), {"CI": "true"}, True),
        (("scan", "-", "--stdin-name", "store.py"), {}, False),
    ],
)
def test_attacks_are_made_where_no_commit_waits(
    repo: GitRepo, cache: Path, arguments: tuple[str, ...], more: dict[str, str], attacks: bool
) -> None:
    hole = "import os\n\n\ndef show(name):\n    os.system('ls ' + name)\n"
    repo.stage("store.py", hole)
    ended = bluehook(repo.path, cache, *arguments, "-f", "json", given=hole.encode(), BLUEHOOK_VERIFY="auto", **more)
    report = json.loads(ended.out)
    assert ("proven" in {found["verdict"] for found in report["findings"]}) is attacks
    spared = [note["reason"] for note in report["notes"] if "commits do not wait" in note["reason"]]
    assert len(spared) == (not attacks and "--no-verify" not in arguments)


def test_proof_blocks_and_tells_how_it_was_made(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", HOLE)
    ended = bluehook(repo.path, cache, "scan", "--verify", *PYTHON, "--format", "json")
    [found] = [f for f in json.loads(ended.out)["findings"] if f["weakness"] == "path-traversal"]
    assert (found["verdict"], found["location"]["line"], ended.status) == ("proven", 5, 1)
    [proof] = [e for e in found["evidence"] if e["engine"] == "verify"]
    assert proof["details"]["call"].startswith("read(name='../")
    assert proof["details"]["reproduction"] == "bluehook verify store.py::read --cwe 22"


def test_without_verification_nothing_runs_and_a_hint_stays_one(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", HOLE)
    ended = bluehook(repo.path, cache, "scan", "--no-verify", "--format", "json")
    report = json.loads(ended.out)
    assert "verify" not in [stage["name"] for stage in report["stages"]]
    assert all(e["engine"] != "verify" for f in report["findings"] for e in f["evidence"])


def test_what_is_staged_is_attacked(repo: GitRepo, cache: Path) -> None:
    repo.stage("store.py", HOLE)
    repo.write("store.py", MENDED)
    ended = bluehook(repo.path, cache, "scan", "--hook", "pre-commit", "--verify", *PYTHON)
    assert "PROVEN" in ended.out
    assert ended.status == 1


def test_function_by_name(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", HOLE)
    ended = bluehook(repo.path, cache, "verify", "store.py::read", "--cwe", "22", *PYTHON)
    assert "proven: path-traversal (CWE-22)" in ended.out
    assert ended.status == 1
    repo.write("store.py", MENDED)
    assert bluehook(repo.path, cache, "verify", "store.py::read", *PYTHON).status == 0


UNREACHED = """\
import os

from framework_that_nobody_has import ready
SETTINGS = {}

def run(name):
    if SETTINGS["TOKEN"] != "x":
        return
    os.system("ls " + name)


def add(a, b):
    return a + b
"""


def test_what_could_not_be_reached_is_no_all_clear(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", UNREACHED)
    ended = bluehook(repo.path, cache, "verify", "store.py::run", *PYTHON)
    assert ended.status == 3
    assert "INCOMPLETE: not attacked: command-injection: line 7, KeyError: 'TOKEN'" in ended.err
    assert "try: --python PATH" in ended.err
    assert f"attacked on {sys.executable} (as named), where framework_that_nobody_has is not installed" in ended.err


def test_without_anything_to_attack_nothing_is_incomplete(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", UNREACHED)
    for more in ((), ("--cwe", "22")):
        ended = bluehook(repo.path, cache, "verify", "store.py::add", *more, *PYTHON)
        assert (ended.status, "nothing to attack" in ended.out, "INCOMPLETE" in ended.err) == (0, True, False)
    ended = bluehook(repo.path, cache, "verify", "store.py::add", "--cwe", "605", *PYTHON)
    assert (ended.status, "no attack can show it" in ended.err) == (3, True)


def test_hook_says_which_python_lacks_what(repo: GitRepo, cache: Path) -> None:
    repo.stage("store.py", UNREACHED)
    ended = bluehook(repo.path, cache, "scan", "--hook", "pre-commit", "--verify", *PYTHON)
    [line] = [line for line in ended.out.splitlines() if "framework_that_nobody_has" in line and "attacked on" in line]
    assert "verify.python" in line
    assert "additional_dependencies" in line


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("terminal", [True, False])
def test_interrupted_scan_reports_what_is_done(repo: GitRepo, cache: Path, terminal: bool) -> None:
    """Ctrl-C while the second function is attacked; the first one's proof and all static findings are told."""
    slow = "import os, time\n\n\ndef wait(name):\n    while True:\n        time.sleep(0)\n    os.system('ls ' + name)\n"
    repo.stage("a_slow.py", slow)
    repo.git("commit", "-q", "-m", "Slow")
    repo.write("store.py", HOLE)  # not committed, so it is attacked first
    code = (
        "import os, signal; from bluehook.cli import _progress, main; told = _progress.Progress.attacked\n"
        "def attacked(self, done, of):\n"
        "    told(self, done, of)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "_progress.Progress.attacked = attacked; main()"
    )
    command = [sys.executable, "-c", code, "scan", "--verify", *PYTHON, "-f", "json"]
    if terminal:
        command += ["--output", "report.json"]
    ended = program(command, repo.path, environment(cache))
    assert ended.status == 130, ended.err
    assert "Traceback" not in ended.err
    report = json.loads((repo.path / "report.json").read_text() if terminal else ended.out)
    assert report["exit_code"] == 130
    assert "interrupted: 1 candidate was not attacked" in [problem["reason"] for problem in report["problems"]]
    verdicts = {found["location"]["path"]: found["verdict"] for found in report["findings"]}
    assert verdicts["store.py"] == "proven"
    assert verdicts["a_slow.py"] != "proven"


def test_test_is_written(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", HOLE)
    arguments = ("store.py::read", "--cwe", "CWE-22", "--write-test", "tests/security")
    ended = bluehook(repo.path, cache, "verify", *arguments, *PYTHON)
    assert "written to tests/security/test_path_traversal_store_read.py" in ended.out
    assert (repo.path / "tests" / "security" / "test_path_traversal_store_read.py").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["store.py::raed"], "no function 'raed'; did you mean read?"),
        (["store.py"], "there are read"),
        (["nowhere.py::read"], "nowhere.py: cannot be read"),
        (["store.py::read", "--cwe", "99999"], "no weakness is called '99999'"),
        (["store.py::read", "--python", "nowhere"], "there is no Python to attack with"),
    ],
)
def test_mistakes_are_told_in_a_line(repo: GitRepo, cache: Path, arguments: list[str], said: str) -> None:
    repo.write("store.py", HOLE)
    ended = bluehook(repo.path, cache, "verify", *arguments)
    assert said in ended.err
    assert ended.status == 2
    assert "Traceback" not in ended.err


def test_scan_too_attacks_on_the_named_python_or_not_at_all(repo: GitRepo, cache: Path) -> None:
    repo.write("store.py", HOLE)
    ended = bluehook(repo.path, cache, "scan", "--python", "nowhere")
    assert (ended.status, "there is no Python to attack with" in ended.err) == (2, True)


def test_example_shows_what_is_proven_refuted_and_possible(cache: Path) -> None:
    ended = bluehook(
        CHECKOUT, cache, "scan", "examples/shop", "examples/shop_mended", "--verify", "-f", "json", *PYTHON
    )
    found = json.loads(ended.out)["findings"]
    verdicts: dict[str, set[str]] = {}
    for finding in found:
        verdicts.setdefault(Path(finding["location"]["path"]).parent.name, set()).add(finding["verdict"])
    assert verdicts == {"shop": {"proven", "likely", "possible", "refuted"}, "shop_mended": {"possible"}}
