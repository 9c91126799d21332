"""Tasks that handlers send to a queue: what they do is reached from the request."""

from __future__ import annotations

import pytest
from worker_harness import Drive

SENT = """
import shlex
import subprocess
from {library} import Celery, shared_task
from flask import Flask, request

app = Flask(__name__)
queue = Celery("books", broker="redis://nowhere")

@queue.task(name="books.bind")
def bind(title, copies=1):
    subprocess.run("bind " + title, shell=True)

@queue.task(bind=True, max_retries=2)
def again(self, title):
    subprocess.run("bind " + title, shell=True)
    raise self.retry(countdown=60)

@shared_task
def quoted(title):
    subprocess.run("bind " + shlex.quote(title), shell=True)

@queue.task
def endless(title):
    endless.delay(title)

@app.post("/delayed")
def delayed():
    bind.delay(request.form["title"])
    return "soon"

@app.post("/later")
def later():
    bind.apply_async(args=[request.form["title"]], kwargs={{"copies": 2}}, countdown=5)
    return "soon"

@app.post("/retried")
def retried():
    again.delay(request.form["title"])
    return "soon"

@app.post("/chained")
def chained():
    (bind.si(request.form["title"]) | quoted.si("x")).apply_async()
    return "soon"

@app.post("/named")
def named():
    queue.send_task("books.bind", args=[request.form["title"]])
    return "soon"

@app.post("/safe")
def safe():
    return {{"ticket": quoted.delay(request.form["title"]).id}}

@app.post("/forever")
def forever():
    endless.delay(request.form["title"])
    subprocess.run("bind " + request.form["title"], shell=True)
    return "soon"
"""


def ending(drive: Drive, library: str, function: str) -> str:
    outcomes = drive(SENT.format(library=library), function)
    found = [str(one["ending"]) for one in outcomes if one["weakness"] == "command-injection" and one["slot"]]
    return found[0] if found else ""


@pytest.mark.parametrize("function", ["delayed", "later", "retried", "chained", "named", "forever"])
def test_what_a_sent_task_does_is_proven_from_the_request(drive: Drive, function: str) -> None:
    pytest.importorskip("flask")
    pytest.importorskip("celery")
    assert ending(drive, "celery", function) == "proven"


@pytest.mark.parametrize("function", ["delayed", "later", "retried", "forever"])
def test_the_library_need_not_be_there(drive: Drive, function: str) -> None:
    pytest.importorskip("flask")
    assert ending(drive, "absent_celery", function) == "proven"


@pytest.mark.parametrize("library", ["celery", "absent_celery"])
def test_a_task_that_quotes_what_it_is_sent_is_refuted(drive: Drive, library: str) -> None:
    pytest.importorskip("flask")
    if library == "celery":
        pytest.importorskip(library)
    assert ending(drive, library, "safe") == "neutralised"
