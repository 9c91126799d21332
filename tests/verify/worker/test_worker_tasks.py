"""Tasks get what messages hold, which anybody may have written who can reach the queue."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

TASKS = """
import os, pickle, subprocess
from celery import Celery, Task, shared_task

app = Celery("tasks", broker="redis://localhost")

@app.task(bind=True)
def run(self, command, times=3):
    os.system(command)

@shared_task
def pack(name: str):
    subprocess.run("tar cf /tmp/all.tar " + name, shell=True)

@shared_task
def pack_safe(name: str):
    subprocess.run(["tar", "cf", "/tmp/all.tar", "--", name])

class Load(Task):
    def run(self, blob):
        return pickle.loads(blob)
"""


@pytest.mark.parametrize(
    ("function", "weakness", "ending"),
    [
        ("run", "command-injection", "proven"),
        ("pack", "command-injection", "proven"),
        ("pack_safe", "argument-injection", "neutralised"),
        ("Load.run", "deserialization", "proven"),
    ],
)
def test_celery(drive: Drive, function: str, weakness: str, ending: str) -> None:
    pytest.importorskip("celery")
    outcome = only(drive(TASKS, function), weakness)
    assert (outcome["ending"], outcome["trust"]) == (ending, "outside"), outcome


def test_task_of_a_library_that_is_not_installed(drive: Drive) -> None:
    source = (
        "import os\nimport dramatiq_nowhere as dramatiq\n\n@dramatiq.actor\ndef run(command):\n    os.system(command)\n"
    )
    outcome = only(drive(source, "run"), "command-injection")
    assert (outcome["ending"], outcome["trust"]) == ("proven", "outside"), outcome
