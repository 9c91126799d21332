"""Variables of the environment that nobody set: a made-up value where the code needs one, none where it only asks."""

from __future__ import annotations

from worker_harness import Drive, only

NEEDED = """
import os

TOKEN = os.environ["SERVICE_TOKEN"]

def target(name):
    base = os.environ["REPORTS"]
    if len(name) > int(os.environ["LONGEST_NAME"]) * 100:
        raise ValueError(name)
    return open(os.path.join(base, name)).read()
"""

ASKED = """
import os

def target(name):
    if os.getenv("MAINTENANCE"):
        return None
    base = os.getenv("REPORTS")
    if os.environ.get("READ_ONLY") is not None:
        return None
    return open(os.path.join(base, name)).read()
"""

SWITCHED = """
import os
import subprocess

def target(name):
    if "UNSAFE_SHELL" in os.environ or os.environ.get("UNSAFE_SHELL"):
        subprocess.run("ls " + name, shell=True)
"""

OWN = """
import os

def target():
    os.system("ls " + os.environ["FOLDER"])
"""


def test_code_that_needs_settings_is_driven(drive: Drive) -> None:
    outcome = only(drive(NEEDED), "path-traversal")
    assert outcome["ending"] == "proven", outcome
    assert set(outcome["evidence"]["replay"]["environment"]) == {"SERVICE_TOKEN", "REPORTS", "LONGEST_NAME"}
    assert outcome["evidence"]["replay"]["environment"]["LONGEST_NAME"] == "7"


def test_what_is_only_asked_for_is_set_when_the_code_fails_without(drive: Drive) -> None:
    assert only(drive(ASKED), "path-traversal")["ending"] == "proven"


def test_no_switch_is_turned_on(drive: Drive) -> None:
    assert drive(SWITCHED) == []
    assert only(drive(SWITCHED.replace("if ", "if not ")), "command-injection")["ending"] == "proven"


def test_settings_are_nobodys_input(drive: Drive) -> None:
    assert drive(OWN) == []
    assert only(drive(OWN.replace('"FOLDER"]', '"FOLDER"] + name').replace("()", "(name)")), "command-injection")
