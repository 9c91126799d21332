"""Numbers of the input's that code counts up to or takes room for: small ones lead to what stands behind."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

WORK = {
    "a loop": "for one in range({n}): sum([one])",
    "a list of all": "rows = [str(one) for one in range({n})]",
    "an endless product": "value = 1\n    for one in range(int(n)): value *= {n}",
    "too much room": "cells = 'x' * {n} ** 3",
    "a power": "value = 10 ** {n}",
}
PLAIN = """
import os
def target(n, name):
    {work}
    os.system("wc " + {argument})
"""
FLASK = """
import os
from flask import Flask, request
app = Flask(__name__)
@app.route("/")
def target():
    n, name = request.args["n"], request.args["name"]
    {work}
    os.system("wc " + {argument})
    return ""
"""


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_what_stands_behind_costly_work_is_attacked(drive: Drive, work: str) -> None:
    source = PLAIN.replace("{work}", work).replace("{n}", "int(n)")
    assert only(drive(source.replace("{argument}", "name")), "command-injection")["ending"] == "proven"


@pytest.mark.parametrize("work", [WORK["a loop"], WORK["a power"], WORK["too much room"]])
def test_requests_with_numbers_are_attacked_behind_costly_work(drive: Drive, work: str) -> None:
    pytest.importorskip("flask")
    source = FLASK.replace("{work}", work).replace("{n}", "int(n)")
    assert only(drive(source.replace("{argument}", "name")), "command-injection")["ending"] == "proven"
    harmless = drive(source.replace("{argument}", "__import__('shlex').quote(name)"))
    assert only(harmless, "command-injection")["ending"] == "neutralised"


def test_numbers_are_still_known_again_where_they_are_not_counted_up_to(drive: Drive) -> None:
    source = """
        import os
        def target(lines):
            os.system("head -n " + str(int(lines)))
    """
    outcome = only(drive(source), "command-injection")
    assert (outcome["ending"], outcome["control"]) == ("insensitive", True), outcome
