"""The whole stage on small projects, in a real sandbox."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attacking import needs_sandbox

from bluehook import verify
from bluehook.cache import Cache
from bluehook.findings import BluehookError, Says, SourceFile
from bluehook.parse import parse
from bluehook.verify import Settings, Target, Verification, plan, sandbox
from bluehook.verify.model import Attempt, Sink
from bluehook.verify.outcome import seen
from bluehook.verify.pool import Pool

READS = """\
import os

BASE = "documents"


def read(name):
    with open(os.path.join(BASE, name)) as file:
        return file.read()
"""
GUARDED = """\
import os

BASE = "documents"


def read(name):
    path = os.path.realpath(os.path.join(BASE, name))
    if os.path.commonpath([path, os.path.realpath(BASE)]) != os.path.realpath(BASE):
        raise ValueError(name)
    with open(path) as file:
        return file.read()
"""
HERE = Settings(python=Path(sys.executable), workers=1)


def target(path: str = "reads.py", function: str = "read", *only: str) -> Target:
    return Target(path=path, function=function, lines=(6, 9), weaknesses=only, only=only)


def attacked(root: Path, *targets: Target, settings: Settings = HERE, **more: object) -> Verification:
    return verify.attack(root, targets, settings, **more)  # type: ignore[arg-type]


def endings(done: Verification) -> dict[str, str]:
    return {o.weakness: o.ending for attempt in done.attempts for o in attempt.reply.outcomes}


@needs_sandbox
def test_hole_is_proven_and_the_project_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text(READS)
    (tmp_path / "pkg").mkdir()
    before = sorted(tmp_path.rglob("*"))
    done = attacked(tmp_path, target("reads.py", "read", "path-traversal"))
    assert (done.problems, endings(done)) == ([], {"path-traversal": "proven"})
    assert done.stage.state == "done"
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "reads.py").read_text() == READS


@needs_sandbox
def test_what_was_scanned_is_attacked_and_not_what_stands_on_disk(tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text(READS)
    done = attacked(tmp_path, target("reads.py", "read", "path-traversal"), contents={"reads.py": GUARDED.encode()})
    assert endings(done)["path-traversal"] != "proven"


@needs_sandbox
@pytest.mark.parametrize("body", ["import os\nos._exit(3)\n", "import os, signal\nos.kill(os.getppid(), 9)\n"])
def test_module_that_ends_its_process_takes_no_other_with_it(tmp_path: Path, body: str) -> None:
    (tmp_path / "ends.py").write_text(body + "def read(name):\n    return open('documents/' + name)\n")
    (tmp_path / "reads.py").write_text(READS)
    done = attacked(tmp_path, target("ends.py"), target("reads.py", "read", "path-traversal"))
    by_path = {attempt.target.path: attempt.reply for attempt in done.attempts}
    assert by_path["ends.py"].problem
    assert [o.ending for o in by_path["reads.py"].outcomes] == ["proven"]


@needs_sandbox
def test_endless_import_costs_its_own_time_only(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True:\n    pass\ndef read(name):\n    return name\n")
    (tmp_path / "reads.py").write_text(READS)
    settings = Settings(python=Path(sys.executable), workers=1, seconds=1.5)
    done = attacked(tmp_path, target("endless.py"), target("reads.py", "read", "path-traversal"), settings=settings)
    assert len(done.attempts) == 2
    assert endings(done)["path-traversal"] == "proven"


@needs_sandbox
def test_spent_budget_is_told_with_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text(READS)
    settings = Settings(python=Path(sys.executable), workers=1, budget=0.1)
    done = attacked(tmp_path, target(), target("other.py"), settings=settings)
    assert done.attempts == []
    assert [problem.reason for problem in done.problems] == [
        "the budget of 0.1 s is spent: 2 candidates were not attacked (verify.budget sets it)"
    ]
    assert not done.problems[0].incomplete


def test_without_a_sandbox_nothing_is_executed_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str | None = None) -> sandbox.Backend:
        raise BluehookError("no sandbox can be used here, so nothing is executed")

    monkeypatch.setattr(sandbox, "choose", none)
    (tmp_path / "reads.py").write_text(READS)
    done = attacked(tmp_path, target())
    assert done.attempts == []
    assert [problem.reason for problem in done.problems] == [
        "not verified: no sandbox can be used here, so nothing is executed"
    ]
    assert done.stage.state == "skipped"


@needs_sandbox
def test_interpreter_that_does_not_run_the_worker_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "env" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.symlink_to("/bin/true")
    done = attacked(tmp_path, target(), settings=Settings(python=broken, workers=1))
    assert done.attempts == []
    assert "not verified" in done.problems[0].reason


@needs_sandbox
def test_answers_are_remembered_until_the_code_changes(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "reads.py").write_text(READS)
    wanted = target("reads.py", "read", "path-traversal")

    def again() -> Verification:
        return attacked(root, wanted, cache=Cache(tmp_path / "cache"))

    first, second = again(), again()
    assert (first.cached, second.cached) == (0, 1)
    assert endings(second) == endings(first)
    (root / "reads.py").write_text(GUARDED)
    changed = again()
    assert changed.cached == 0
    assert endings(changed)["path-traversal"] != "proven"


@needs_sandbox
def test_function_that_does_what_it_is_told_is_attacked_through_its_callers(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("import os\n\n\ndef run(command):\n    os.system(command)\n")
    (tmp_path / "views.py").write_text("from tools import run\n\n\ndef go(name):\n    run('ls -l ' + name)\n")
    wanted = Target(
        path="tools.py", function="run", lines=(4, 5), weaknesses=("command-injection",), sinks=(Sink(5, "os.system"),)
    )
    done = attacked(tmp_path, wanted)
    told = [one for each in done.attempts for one in seen(each) if one.evidence.says is Says.PROVES]
    assert [(one.path, one.line, one.evidence.details["function"]) for one in told] == [("tools.py", 5, "views.py::go")]


def test_a_module_is_a_target_where_it_does_something() -> None:
    source = SourceFile(path="job.py", data=b"import os\nos.system('ls ' + os.environ['X'])\n")
    assert plan.runs_itself(parse(source))
    assert not plan.runs_itself(
        parse(SourceFile(path="job.py", data=b"import os\nX = os.getcwd()\ndef f():\n    g()\n"))
    )
    program = plan.program(parse(source))
    assert (program.function, program.lines) == (plan.MODULE, (1, 3))


@needs_sandbox
def test_spent_budget_leaves_time_to_see_what_callers_hand_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that only gets constants is no hole, however little time there was to find that out."""
    (tmp_path / "shop.py").write_text(
        "import os\n\ndef read(name):\n    return open(os.path.join('documents', name)).read()\n\n"
        "def logo():\n    return read('logo.svg')\n"
    )
    run = Pool.run

    def spends_all(self: Pool, targets: Sequence[Target], deadline: float | None, done: Any = None) -> list[Attempt]:
        made = run(self, targets, None, done)
        assert deadline is not None
        time.sleep(max(0.0, deadline - time.monotonic()))
        return made

    monkeypatch.setattr(Pool, "run", spends_all)
    settings = Settings(python=Path(sys.executable), workers=1, budget=0.6)
    done = verify.attack(tmp_path, [Target(path="shop.py", function="read", lines=(3, 4))], settings)
    assert [attempt.fed for attempt in done.attempts] == [{"name": "constants"}]


@needs_sandbox
def test_what_one_target_had_to_import_is_there_for_the_next(tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="needs an installed package that the worker does not use itself")
    (tmp_path / "slow.py").write_text("import time\nimport jinja2.sandbox\ntime.sleep(0.15)\n")
    (tmp_path / "shop.py").write_text(
        "import os\nimport slow\n\ndef read(name):\n    return open(os.path.join('documents', name)).read()\n\n"
        "def show(name):\n    return open(os.path.join('documents', name)).read()\n"
    )
    places = (("read", (4, 5)), ("show", (7, 8)))
    targets = [Target(path="shop.py", function=name, lines=lines) for name, lines in places]
    done = verify.attack(tmp_path, targets, Settings(python=Path(sys.executable), workers=1))
    assert ["jinja2.sandbox" in attempt.reply.modules for attempt in done.attempts] == [True, False]
    assert {each.ending for attempt in done.attempts for each in attempt.reply.outcomes if each.effect} == {"proven"}
