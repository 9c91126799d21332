"""Plain functions: each hole is shown, each mended twin is not, and the trust says whose hand it is."""

from __future__ import annotations

import pytest
from worker_harness import Drive, only

HOLES = [
    ("path-traversal", "proven", "composed", """
        import os
        def target(name):
            with open(os.path.join("/srv/files", name)) as file:
                return file.read()
     """),
    ("path-traversal", "neutralised", "composed", """
        import os
        def target(name):
            path = os.path.realpath(os.path.join("/srv/files", name))
            if os.path.commonpath([path, "/srv/files"]) != "/srv/files":
                raise ValueError(name)
            with open(path) as file:
                return file.read()
     """),
    ("path-traversal", "proven", "composed", """
        import os
        def target(name):
            path = os.path.realpath("/srv/files/" + name)
            if not path.startswith("/srv/files"):
                raise ValueError(name)
            return open(path).read()
     """),
    ("path-traversal", "insensitive", "composed", """
        def target(name):
            if not name.isalnum():
                raise ValueError(name)
            return open("/srv/files/" + name).read()
     """),
    ("command-injection", "proven", "composed", """
        import os
        def target(host):
            os.system("ping -c 1 " + host)
     """),
    ("command-injection", "proven", "composed", """
        import subprocess
        def target(name):
            if name.endswith(".png"):
                subprocess.run(f"convert '{name}' out.jpg", shell=True)
     """),
    ("command-injection", "neutralised", "composed", """
        import shlex, subprocess
        def target(host):
            subprocess.run("ping -c 1 " + shlex.quote(host), shell=True)
     """),
    ("command-injection", "likely", "whole", """
        import os
        def target(command):
            os.system(command)
     """),
    ("sql-injection", "proven", "composed", """
        import sqlite3
        def target(name):
            db = sqlite3.connect("app.db")
            return db.execute("SELECT * FROM users WHERE name = '%s'" % name).fetchall()
     """),
    ("sql-injection", "neutralised", "composed", """
        import sqlite3
        def target(name):
            db = sqlite3.connect("app.db")
            return db.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchall()
     """),
    ("code-injection", "likely", "whole", """
        def target(text, kind="plain"):
            if kind == "formula":
                return eval(text)
     """),
    ("code-injection", "proven", "composed", """
        def target(text):
            return eval("max(" + text + ", 3)", {})
     """),
    ("deserialization", "likely", "whole", """
        import base64, pickle
        def target(token):
            return pickle.loads(base64.b64decode(token))
     """),
]  # fmt: skip


@pytest.mark.parametrize(("weakness", "ending", "trust", "source"), HOLES)
def test_ending_and_trust(drive: Drive, weakness: str, ending: str, trust: str, source: str) -> None:
    outcome = only(drive(source), weakness)
    assert (outcome["ending"], outcome["trust"]) == (ending, trust), outcome


def test_proof_carries_call_payload_and_effect(drive: Drive) -> None:
    outcome = only(drive(HOLES[0][3]), "path-traversal")
    assert outcome["slot"] == "parameter 'name'"
    assert outcome["payload"] in outcome["call"]
    assert "outside /srv/files/" in outcome["effect"]
    assert outcome["sink_line"] == 4


def test_refutation_counts_the_attacks_that_arrived_and_has_its_control(drive: Drive) -> None:
    outcome = only(drive(HOLES[1][3]), "path-traversal")
    assert outcome["control"]
    assert 0 < outcome["reached"] <= outcome["attempts"]


def test_constant_argument_is_insensitive(drive: Drive) -> None:
    outcome = only(drive("import os\ndef target(name):\n    os.system('date')\n"), "command-injection")
    assert outcome["ending"] == "insensitive"
    assert "same for all inputs" in outcome["where"]


def test_family_that_was_asked_for_and_not_seen_is_unreached_and_says_where(drive: Drive) -> None:
    source = "def target(name):\n    raise KeyError('nothing here')\n"
    outcome = only(drive(source, weaknesses=["sql-injection"]), "sql-injection")
    assert outcome["ending"] == "unreached"
    assert outcome["where"] == "line 2, KeyError: 'nothing here'"


def test_only_the_weaknesses_asked_for_are_attacked(drive: Drive) -> None:
    assert drive(HOLES[0][3], weaknesses=[]) == []


@pytest.mark.parametrize(
    ("segment", "proven"), [("<name>", False), ("<string:name>", False), ("<path:name>", True), ("{name}", True)]
)
def test_segment_of_a_route_holds_no_slash(drive: Drive, segment: str, proven: bool) -> None:
    source = f"""
        from no_such_framework import app
        @app.get("/pages/{segment}")
        def target(name):
            return open("/srv/pages/" + name).read()
    """
    endings = {one["ending"] for one in drive(source) if one["weakness"] == "path-traversal"}
    assert ("proven" in endings) == proven, endings
