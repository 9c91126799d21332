"""The same attacks on every Python that code may be attacked on: with its standard library alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from worker_harness import Worker, only

from bluehook.verify.interpreter import NEWEST, OLDEST

VERSIONS = [(3, minor) for minor in range(OLDEST[1], NEWEST[1] + 1)]


def places(version: tuple[int, int]) -> Iterator[str]:
    """Where a Python of that version may be: this one, on the PATH, among those that pyenv keeps."""
    name = "python{}.{}".format(*version)
    if version == sys.version_info[:2]:
        yield sys.executable
    yield shutil.which(name) or ""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob(f"versions/*/bin/{name}")))


@cache
def interpreter(version: tuple[int, int]) -> str | None:
    """The first of them that runs: what pyenv puts on the PATH may refuse to."""
    for place in filter(None, places(version)):
        said = subprocess.run([place, "-I", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True)
        if said.returncode == 0 and said.stdout.split() == [b"%d" % part for part in version]:
            return place
    return None


@pytest.fixture(scope="module", params=VERSIONS, ids="{0[0]}.{0[1]}".format)
def old_or_new(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A worker on a Python of each version that can be had here."""
    found = interpreter(request.param)
    if found is None:
        pytest.skip("there is no Python {}.{} here".format(*request.param))
    worker = Worker(tmp_path_factory.mktemp("worker"), found)
    yield worker
    worker.close()


PROBES = [
    ("command-injection", "proven", """
        import subprocess
        def target(name):
            return subprocess.run("wc -l /srv/data/" + name, shell=True)
     """),
    ("command-injection", "neutralised", """
        import shlex, subprocess
        def target(name):
            return subprocess.run("wc -l -- /srv/data/" + shlex.quote(name), shell=True)
     """),
    ("sql-injection", "proven", """
        import sqlite3
        def target(connection: sqlite3.Connection, name):
            return connection.execute("SELECT id FROM users WHERE name = '" + name + "'").fetchall()
     """),
    ("path-traversal", "proven", """
        def target(name):
            with open("/srv/data/" + name) as file:
                return file.read()
     """),
    ("xpath-injection", "proven", """
        import xml.etree.ElementTree as ET
        def target(document, name):
            return ET.fromstring(document).findall("item[@name='" + name + "']")
     """),
    ("deserialization", "likely", """
        import argparse, pickle
        def target():
            parser = argparse.ArgumentParser()
            parser.add_argument("path")
            with open(parser.parse_args().path, "rb") as file:
                return pickle.load(file)
     """),
    ("regex-dos", "neutralised", """
        import re
        def target(text):
            return bool(re.match(r"^[a-z]{1,40}$", text))
     """),
]  # fmt: skip


@pytest.mark.parametrize(("weakness", "ending", "source"), PROBES)
def test_attacks_end_alike_on_every_version(old_or_new: Worker, weakness: str, ending: str, source: str) -> None:
    assert only(old_or_new.drive(source), weakness)["ending"] == ending


def test_stand_in_is_a_path_and_no_descriptor(old_or_new: Worker) -> None:
    source = """
        import pickle
        def target(path):
            with open(path, "rb") as file:
                return pickle.loads(file.read())
     """
    outcome = only(old_or_new.drive(source), "deserialization")
    assert outcome["slot"] == "content of the file named by parameter 'path'"
