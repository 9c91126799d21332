"""Files of settings that are not there: whatever the code cannot do without is in them, and nothing else."""

from __future__ import annotations

import sys

import pytest
from worker_harness import Drive

LOADED = """
import os
import subprocess
from pathlib import Path
import {module}

with open("{file}", "rb") as _file:
    SHELF = {module}.{load}(_file)["shelf"]["folder"]

def settings():
    return {module}.{load}((Path(__file__).parent / "{file}").open("rb"))

def at_start(title):
    return open(os.path.join(SHELF, title)).read()

def needed(title):
    shelf = settings()["shelf"]
    if len(title) > shelf["longest_size"] * 100:
        raise ValueError(title)
    folder = shelf.get("folder")
    if not folder:
        raise SystemExit("no folder")
    return open(os.path.join(folder, title)).read()

def kept(title):
    return open(os.path.join(settings()["shelf"]["folder"], os.path.basename(title))).read()

def switched(title):
    known = settings()
    if known.get("shell") or "shell" in known or known["tools"]["shell"] or known["tools"].get("shell", False):
        subprocess.run("wc " + title, shell=True)
    if not title.isalpha():
        raise ValueError(title)

def own():
    os.system("wc " + settings()["shelf"]["folder"])
"""

INI = """
import configparser
import os
import sys

parser = configparser.ConfigParser()
parser.read(["shop.ini", os.path.expanduser("~/shop.ini")])
LONGEST = parser.getint("shelf", "longest")

def settings(name):
    found = configparser.ConfigParser()
    if not found.read(name):
        sys.exit("no settings")
    return found

def needed(title):
    if len(title) > LONGEST * 100 or parser["shelf"].getboolean("closed"):
        raise ValueError(title)
    own = settings("shelf.ini")
    if not own.has_section("shelf"):
        sys.exit("no shelf")
    return open(os.path.join(own["shelf"]["folder"], title)).read()

def opened(title):
    found = configparser.ConfigParser()
    with open("shelf.ini") as file:
        found.read_file(file)
    return open(os.path.join(found.get("shelf", "folder"), title)).read()

def kept(title):
    return open(os.path.join(parser.get("shelf", "folder"), os.path.basename(title))).read()

def switched(title):
    if parser.has_option("tools", "shell") or parser.getboolean("tools", "shell"):
        os.system("wc " + title)
    if parser.get("tools", "shell", fallback=None) or parser["tools"]["shell"]:
        os.system("wc " + title)

def own():
    os.system("wc " + parser["shelf"]["folder"])
"""

OF_LIBRARIES = """
import configparser
import os

def target(title):
    found = configparser.ConfigParser()
    return open(os.path.join(found["shelf"]["folder"], title)).read()
"""

ENDINGS = {
    "at_start": {("path-traversal", "proven")},
    "needed": {("path-traversal", "proven")},
    "opened": {("path-traversal", "proven")},
    "kept": {("path-traversal", "neutralised")},
    "switched": set(),
    "own": set(),
}


def endings(drive: Drive, source: str, function: str) -> set[tuple[str, str]]:
    """What was said of the two families; that the file of settings itself is always the same one is left out."""
    found = {(one["weakness"], one["ending"]) for one in drive(source, function) if one["ending"] != "insensitive"}
    return {one for one in found if one[0] in ("path-traversal", "command-injection")}


@pytest.mark.parametrize("function", ["at_start", "needed", "kept", "switched", "own"])
@pytest.mark.parametrize(
    ("module", "load", "file"),
    [("json", "load", "config.json"), ("tomllib", "load", "shop.toml"), ("yaml", "safe_load", "shop.yml")],
)
def test_documents_hold_what_the_code_takes_from_them(
    drive: Drive, module: str, load: str, file: str, function: str
) -> None:
    if module == "tomllib" and sys.version_info < (3, 11):
        pytest.skip("part of Python since 3.11")
    pytest.importorskip(module)
    source = LOADED.format(module=module, load=load, file=file)
    assert endings(drive, source, function) == ENDINGS[function]


@pytest.mark.parametrize("function", ["needed", "opened", "kept", "switched", "own"])
def test_ini_files_hold_what_the_code_takes_from_them(drive: Drive, function: str) -> None:
    assert endings(drive, INI, function) == ENDINGS[function]


def test_a_parser_that_was_given_no_file_holds_nothing(drive: Drive) -> None:
    assert endings(drive, OF_LIBRARIES, "target") == set()


def test_a_file_that_an_input_names_is_no_file_of_settings(drive: Drive) -> None:
    source = """
    import json
    import os

    def target(name):
        with open(name + "/config.json") as file:
            os.system("wc " + json.load(file)["folder"])
    """
    assert ("command-injection", "likely") in endings(drive, source, "target")


def test_a_proof_that_needs_such_a_file_is_not_written_down(drive: Drive) -> None:
    outcome = next(one for one in drive(INI, "opened") if one["ending"] == "proven")
    assert "replay" not in outcome["evidence"], outcome
    assert "settings" in outcome["evidence"]["unrepeatable"]
