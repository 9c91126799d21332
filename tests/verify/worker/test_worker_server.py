"""The fork server: one process a target, whatever the target does."""

from __future__ import annotations

import pytest
from worker_harness import Worker, only


def test_says_what_it_is(worker: Worker) -> None:
    assert worker.ready["ready"] is True


@pytest.mark.parametrize("body", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_target_that_ends_the_process_fails_and_the_next_one_works(worker: Worker, body: str) -> None:
    file = worker.directory / "ends.py"
    file.write_text(f"import os\ndef target(x):\n    {body}\n")
    reply = worker.ask(
        id="e", root=str(worker.directory), file="ends.py", function="target", budget=2, weaknesses=["xxe"]
    )
    assert reply["outcomes"][0]["ending"] == "failed"
    assert "without an answer" in reply["problem"]
    assert worker.drive("def target(x):\n    return x\n") == []


def test_endless_loop_is_cut(worker: Worker) -> None:
    outcomes = worker.drive("def target(x):\n    while True:\n        pass\n", weaknesses=["xxe"])
    assert "looped too long" in only(outcomes, "xxe")["where"] or "too long" in only(outcomes, "xxe")["where"]


def test_output_of_the_code_does_not_reach_the_protocol(worker: Worker) -> None:
    source = (
        "import os, sys\ndef target(x):\n    print('{}'); os.write(1, b'junk\\n'); sys.stdout.flush()\n    return x\n"
    )
    assert worker.drive(source) == []


def test_state_of_one_target_does_not_reach_the_next(worker: Worker) -> None:
    file = worker.directory / "state.py"
    file.write_text("seen = []\ndef target(x):\n    seen.append(x)\n    open('/srv/n/' + str(len(seen)) + x)\n")
    first, second = (
        worker.ask(id=str(i), root=str(worker.directory), file="state.py", function="target", budget=4) for i in (1, 2)
    )
    keep = ("ending", "attempts", "reached")
    assert [first["outcomes"][0][key] for key in keep] == [second["outcomes"][0][key] for key in keep]


def test_bad_request_is_answered(worker: Worker) -> None:
    assert "bad request" in worker.ask(id="bad")["problem"]


def test_syntax_error_is_unreached_with_its_line(worker: Worker) -> None:
    outcome = only(worker.drive("def target(x:\n", weaknesses=["xxe"]), "xxe")
    assert outcome["ending"] == "unreached"
    assert outcome["where"].startswith("loading: line 1, syntax")


def test_nothing_is_refuted_when_the_time_was_up_before_every_attack_was_made(worker: Worker) -> None:
    file = worker.directory / "slow.py"
    file.write_text(
        "import collections, itertools, os, time\ndef target(name):\n    end = time.process_time() + 0.25\n"
        "    collections.deque(itertools.takewhile(end.__gt__, iter(time.process_time, None)), 0)\n"
        "    return open('/srv/notes/' + os.path.basename(name)).read()\n"
    )
    reply = worker.ask(
        id="s", root=str(worker.directory), file="slow.py", function="target", budget=1, clock=20,
        weaknesses=["path-traversal"],
    )  # fmt: skip
    outcome = only(reply["outcomes"], "path-traversal")
    assert (outcome["ending"], outcome["where"]) == ("unreached", "the time was up before every attack was made")
