"""Flows over files: reported where the value comes in, with the way through the others, and never by a guess."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from bluehook.detect import Report, Settings
from bluehook.detect.flow import detector
from bluehook.findings import Detection, Says, SourceFile
from bluehook.parse import parse

VIEW = """
from flask import Flask, abort, redirect, request
{imports}
app = Flask(__name__)

@app.route("/x")
def x():
    name = request.args.get("name", "")
    {body}
"""


def project(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(textwrap.dedent(text))


def look(root: Path, path: str) -> Report:
    source = SourceFile(path=path, data=(root / path).read_bytes())
    report = detector.run([parse(source)], Settings(root=root))
    assert report.problems == []
    return report


def claims(root: Path, imports: str, body: str, path: str = "views.py") -> list[tuple[str, Says]]:
    project(root, {path: VIEW.format(imports=imports, body=body)})
    return [(d.weakness, d.evidence.says) for d in look(root, path).detections if d.evidence.says is not Says.HINTS]


SHELL = """
import os, subprocess

LIMIT = 3

def perform(line, folder="."):
    return subprocess.run(line, shell=True, cwd=folder)

def checked(name):
    if name not in ("a", "b"):
        raise ValueError(name)
    return name

def is_known(name):
    return name in {"a", "b"}

class Runner:
    def __init__(self, start):
        self.start = start

    def go(self):
        os.system("ls " + self.start)

    def on(self, word):
        os.system("ls " + word)

runner = Runner("x")
"""
COMMAND = ("command-injection", Says.SHOWS)


@pytest.mark.parametrize(
    ("imports", "body"),
    [
        ("import shell", "shell.perform('ls ' + name)"),
        ("from shell import perform", "perform('ls ' + name)"),
        ("from shell import perform as start", "start(f'ls {name}')"),
        ("from shell import Runner", "Runner(name).go()"),
        ("from shell import Runner", "Runner('x').on(name)"),
        ("from shell import Runner", "r = Runner('x')\n    r.on(name)"),
        ("from shell import runner", "runner.on(name)"),
        ("from shell import Runner", "r = Runner(name)\n    if r.go():\n        return 'gone'"),
        ("from shell import Runner\nR = Runner('x')", "R.on(name)"),
    ],
)
def test_a_value_from_outside_is_followed_into_another_file(tmp_path: Path, imports: str, body: str) -> None:
    project(tmp_path, {"shell.py": SHELL})
    assert claims(tmp_path, imports, body) == [COMMAND]


@pytest.mark.parametrize(
    ("imports", "body"),
    [
        ("import shell", "shell.perform('ls')"),
        ("from shell import perform, checked", "perform('ls ' + checked(name))"),
        (
            "from shell import perform, is_known",
            "if not is_known(name):\n        abort(400)\n    perform('ls ' + name)",
        ),
        ("from shell import perform", "perform('ls', folder='/srv')"),
        ("from shell import Runner", "r = Runner(name)\n    r.on('x')"),
        ("from elsewhere import perform", "perform('ls')"),
    ],
)
def test_what_the_other_file_checks_or_never_gets_is_quiet(tmp_path: Path, imports: str, body: str) -> None:
    project(tmp_path, {"shell.py": SHELL})
    assert claims(tmp_path, imports, body) == []


def test_names_are_found_as_imports_find_them(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/sub/__init__.py": "from .tool import perform\n", "pkg/sub/tool.py": SHELL}
    project(tmp_path, files)
    body = "perform('ls ' + name)"
    for imports in ("from pkg.sub.tool import perform", "from .sub import perform", "from pkg.sub import perform"):
        assert claims(tmp_path, imports, body, "pkg/views.py") == [COMMAND], imports
    assert claims(tmp_path, "from ..sub import perform", body, "pkg/views.py") == []
    assert claims(tmp_path, "from src.tool import perform", body) == []
    project(tmp_path, {"src/lib/__init__.py": "", "src/lib/tool.py": SHELL})
    assert claims(tmp_path, "from lib.tool import perform", body, "src/lib/views.py") == [COMMAND]


def test_it_is_told_where_the_value_comes_in_with_its_way_through_both_files(tmp_path: Path) -> None:
    project(tmp_path, {"shell.py": SHELL, "views.py": VIEW.format(imports="import shell", body="shell.perform(name)")})
    (found,) = (d for d in look(tmp_path, "views.py").detections if d.weakness == "command-injection")
    assert (found.location.path, found.location.line) == ("views.py", 9)
    assert "(in shell.py, line 7)" in found.evidence.message
    assert [(s.location.path, s.location.line) for s in found.evidence.trace][-1] == ("shell.py", 7)
    assert {s.location.path for s in found.evidence.trace[:-1]} == {"views.py"}


def test_the_other_file_alone_says_nothing_of_its_callers(tmp_path: Path) -> None:
    project(tmp_path, {"shell.py": SHELL, "views.py": VIEW.format(imports="import shell", body="shell.perform(name)")})

    def shown(detections: list[Detection]) -> set[int]:
        return {d.location.line for d in detections if d.evidence.says is Says.SHOWS and d.location.line == 7}

    assert shown(look(tmp_path, "shell.py").detections) == set()


def test_what_it_leans_on_is_said_and_links_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    project(outside, {"shell.py": SHELL})
    project(inside, {"views.py": VIEW.format(imports="import shell", body="shell.perform('ls ' + name)")})
    assert look(inside, "views.py").leans["views.py"] == {"views.py\0flask": "", "views.py\0shell": ""}
    (inside / "shell.py").symlink_to(outside / "shell.py")
    followed = look(inside, "views.py")
    assert followed.leans["views.py"] == {"views.py\0flask": "", "views.py\0shell.perform": ""}
    assert [d for d in followed.detections if "(in " in d.evidence.message] == []
    (inside / "shell.py").unlink()
    project(inside, {"shell.py": SHELL})
    assert look(inside, "views.py").leans["views.py"]["views.py\0shell.perform"].startswith("shell.py ")


def test_files_that_call_each_other_end(tmp_path: Path) -> None:
    project(tmp_path, {"shell.py": "import views\ndef perform(v):\n    views.x2(v)\n    return perform(v)\n"})
    more = "shell.perform(name)\n\ndef x2(v):\n    shell.perform(v)"
    assert claims(tmp_path, "import shell", more) == []


def test_a_file_that_is_looked_at_as_well_counts_as_it_is_given(tmp_path: Path) -> None:
    view = VIEW.format(imports="from shell import perform", body="perform('ls ' + name)")
    project(tmp_path, {"views.py": view, "shell.py": "def perform(line):\n    return line\n"})
    staged = {"views.py": textwrap.dedent(view), "shell.py": SHELL}
    files = [parse(SourceFile(path=path, data=text.encode())) for path, text in staged.items()]
    found = detector.run(files, Settings(root=tmp_path)).detections
    assert "command-injection" in {each.weakness for each in found if each.evidence.says is Says.SHOWS}
    assert not [each for each in look(tmp_path, "views.py").detections if each.evidence.says is Says.SHOWS]
