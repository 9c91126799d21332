"""Proofs written down: each test fails on the hole and passes on the mended twin, run as its reader would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from attacking import attempt, needs_sandbox, outcome

from bluehook import verify
from bluehook.verify import Settings, Target, reproduce

HERE = Settings(python=Path(sys.executable), workers=1)
PAIRS = {
    "path-traversal": (
        "import os\ndef target(name):\n    return open(os.path.join('documents', name)).read()\n",
        "import os\ndef target(name):\n    return open(os.path.join('documents', os.path.basename(name))).read()\n",
    ),
    "sql-injection": (
        "import sqlite3\ndef target(name: str, db: sqlite3.Connection):\n"
        "    return db.execute(f\"SELECT * FROM users WHERE name = '{name}'\").fetchall()\n",
        "import sqlite3\ndef target(name: str, db: sqlite3.Connection):\n"
        '    return db.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchall()\n',
    ),
    "command-injection": (
        "import subprocess\ndef target(host):\n    return subprocess.run('ping -c1 ' + host, shell=True)\n",
        "import subprocess\ndef target(host):\n    return subprocess.run(['ping', '-c1', '--', host])\n",
    ),
}


def run(file: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    return subprocess.run(command, cwd=file.parent, capture_output=True, timeout=60, check=False).returncode


@needs_sandbox
@pytest.mark.parametrize("weakness", sorted(PAIRS))
def test_fails_on_the_hole_and_passes_on_the_mended_twin(tmp_path: Path, weakness: str) -> None:
    hole, mended = PAIRS[weakness]
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    module = tmp_path / "pkg" / "module.py"
    module.write_text(hole)
    done = verify.attack(tmp_path, [Target(path="pkg/module.py", function="target", only=(weakness,))], HERE)
    [written] = reproduce.write(tmp_path, done.attempts[0], HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    assert "bluehook" not in [line.split()[1] for line in written.path.read_text().splitlines() if "import " in line]
    assert run(written.path) == 1
    module.write_text(mended)
    assert run(written.path) == 0


def untold(tmp_path: Path, call: str, weakness: str = "sql-injection", function: str = "target") -> str:
    target = Target(path="module.py", function=function)
    proof = attempt(
        outcome("proven", weakness=weakness, call=call, payload="zqabcdefghi", slot="parameter 'a'"), target=target
    )
    [written] = reproduce.write(tmp_path, proof, HERE, tmp_path / "tests")
    assert written.path is None
    assert not (tmp_path / "tests").exists()
    return written.reason


def test_proof_of_a_family_without_a_form_is_told(tmp_path: Path) -> None:
    assert "not written down as a test yet" in untold(tmp_path, "target(a='x')", "xxe")


def test_stand_ins_cannot_be_written_down(tmp_path: Path) -> None:
    assert "stand-in" in untold(tmp_path, "target(a='x', b='<object>')")


def test_call_that_was_cut_cannot_be_written_down(tmp_path: Path) -> None:
    assert "too long" in untold(tmp_path, "target(a='xxxx")


def test_inner_function_cannot_be_called(tmp_path: Path) -> None:
    assert "made by another" in untold(tmp_path, "inner(a='x')", function="outer.<locals>.inner")


@needs_sandbox
def test_test_that_does_not_fail_is_not_handed_over(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def target(a):\n    return a\n")
    assert untold(tmp_path, "target(a='x')").endswith("the test passed")


@needs_sandbox
def test_hostile_text_of_a_proof_stays_text(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("def target(a):\n    return open('documents/' + a)\n")
    target = Target(path="module.py", function="target")
    hostile = '"""\nraise SystemExit\n"""\\'
    proof = attempt(
        outcome(
            "proven", weakness="path-traversal", call="target(a='x')", payload="../zqabcdefghi" + hostile,
            effect=hostile, slot="parameter 'a'",
        ),
        target=target,
    )  # fmt: skip
    [written] = reproduce.write(tmp_path, proof, HERE, tmp_path / "tests")
    assert written.path is not None, written.reason
    assert run(written.path) == 1
