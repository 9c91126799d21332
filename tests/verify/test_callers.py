from __future__ import annotations

from pathlib import Path

import pytest
from attacking import attempt, outcome

from bluehook.verify import callers
from bluehook.verify.model import Sink, Target
from bluehook.verify.outcome import seen

LIBRARY = "import os\n\n\ndef run(command):\n    os.system(command)\n"
TARGET = Target(
    path="shop/tools.py", function="run", lines=(4, 5), weaknesses=("command-injection",), sinks=(Sink(5, "os.system"),)
)


def project(root: Path, **files: str) -> Path:
    (root / "shop").mkdir()
    (root / "shop" / "tools.py").write_text(LIBRARY)
    for name, text in files.items():
        (root / "shop" / f"{name}.py").write_text(text)
    return root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from .tools import run\ndef go(name):\n    run('ls ' + name)\n", ["go"]),
        ("from shop.tools import run as r\ndef go(name):\n    r(name)\n", ["go"]),
        ("from shop import tools\nclass C:\n    def go(self, name):\n        tools.run(name)\n", ["C.go"]),
        ("from other import run\ndef go(name):\n    run(name)\n", []),
        ("def run(x):\n    return x\ndef go(name):\n    run(name)\n", []),
        ("from .tools import run\nrun('ls')\n", []),
    ],
)
def test_callers_are_found_by_what_they_call(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = callers.of([TARGET], project(tmp_path, views=text), {})
    assert [each.function for each in found] == expected


def test_entry_points_come_first_and_know_what_they_are_about(tmp_path: Path) -> None:
    views = (
        "from flask import Flask, request\nfrom .tools import run\napp = Flask(__name__)\n"
        "def helper(x):\n    run(x)\n@app.get('/go')\ndef go():\n    run(request.args['x'])\n"
    )
    found = callers.of([TARGET], project(tmp_path, views=views), {})
    assert [each.function for each in found] == ["go", "helper"]
    assert found[0].about == (("shop/tools.py", 4, 5),)
    assert found[0].entry["route"] == "/go"


def test_text_as_it_was_scanned_counts(tmp_path: Path) -> None:
    root = project(tmp_path, views="")
    staged = {"shop/views.py": b"from .tools import run\ndef go(name):\n    run(name)\n"}
    assert [each.function for each in callers.of([TARGET], root, staged)] == ["go"]


@pytest.mark.parametrize(("ending", "expected"), [("proven", 0), ("neutralised", 0), ("likely", 1), ("unreached", 1)])
def test_only_what_an_attack_left_open_is_followed(ending: str, expected: int) -> None:
    one = attempt(outcome(ending, weakness="command-injection", sink_line=5), target=TARGET)
    assert len(callers.unsettled([one])) == expected


def test_only_what_happens_in_the_function_that_it_is_about_is_told() -> None:
    caller = Target(path="shop/views.py", function="go", lines=(2, 3), about=(("shop/tools.py", 4, 5),))
    there = outcome("proven", weakness="command-injection", sink_line=5, evidence={"file": "shop/tools.py"})
    elsewhere = outcome("proven", weakness="xxe", sink_line=3)
    assert [(one.path, one.line, one.inside) for one in seen(attempt(there, elsewhere, target=caller))] == [
        ("shop/tools.py", 5, False)
    ]
