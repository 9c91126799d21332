from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from attacking import attempt, needs_sandbox, outcome

from bluehook import verify
from bluehook.findings import Says
from bluehook.verify import callers
from bluehook.verify.model import About, Attempt, Sink, Station, Target
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
    found = callers.of([TARGET], callers.Project(project(tmp_path, views=text), {}))
    assert [each.function for each in found] == expected


def test_entry_points_come_first_and_know_what_they_are_about(tmp_path: Path) -> None:
    views = (
        "from flask import Flask, request\nfrom .tools import run\napp = Flask(__name__)\n"
        "def helper(x):\n    run(x)\n@app.get('/go')\ndef go():\n    run(request.args['x'])\n"
    )
    found = callers.of([TARGET], callers.Project(project(tmp_path, views=views), {}))
    assert [each.function for each in found] == ["go", "helper"]
    assert found[0].about == (About("shop/tools.py", 4, 5, (Station("shop/views.py", 8, "go"),)),)
    assert found[0].entry["route"] == "/go"


def test_a_test_is_nobodys_way_in(tmp_path: Path) -> None:
    text = "from shop.tools import run\ndef go(name):\n    run('ls ' + name)\n"
    root = project(tmp_path, test_tools=text, latest=text)
    assert [each.path for each in callers.of([TARGET], callers.Project(root, {}))] == ["shop/latest.py"]


@needs_sandbox
@pytest.mark.parametrize(
    ("handed", "expected"), [("'clang'", set()), ("name", {"shop/build.py::find", "shop/build.py::build"})]
)
def test_what_a_callers_own_callers_fix_is_no_way_in(tmp_path: Path, handed: str, expected: set[str]) -> None:
    root = project(
        tmp_path,
        build="from .tools import run\ndef find(tool):\n    run('which ' + tool)\n"
        f"def build(name):\n    find({handed})\n",
        __init__="",
    )
    done = verify.attack(root, [TARGET], verify.Settings(python=Path(sys.executable), workers=1))
    shown = [one.evidence for each in done.attempts for one in seen(each) if one.evidence.says is Says.PROVES]
    assert {one.details["function"] for one in shown} == expected


def test_an_entry_point_is_found_over_several_calls_and_files(tmp_path: Path) -> None:
    views = (
        "from flask import Flask, request\nfrom .work import Worker\napp = Flask(__name__)\n"
        "@app.get('/go')\ndef go():\n    return Worker().start(request.args['x'])\n"
    )
    work = "from .tools import run\nclass Worker:\n    def start(self, x):\n        self.do(x)\n"
    work += "    def do(self, x):\n        run(x)\n"
    found = callers.of([TARGET], callers.Project(project(tmp_path, views=views, work=work), {}))
    assert [each.function for each in found] == ["go", "Worker.start", "Worker.do"]
    assert [(each.function, each.line) for each in found[0].about[0].way] == [
        ("go", 6), ("Worker.start", 4), ("Worker.do", 6)
    ]  # fmt: skip


def test_a_method_is_found_through_a_class_made_from_its_own(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("import os\nclass Base:\n    def run(self, c):\n        os.system(c)\n")
    (tmp_path / "own.py").write_text(
        "from base import Base\nclass Own(Base):\n    def go(self, c):\n        self.run(c)\n"
        "class Other:\n    def no(self, c):\n        self.run(c)\n"
    )
    target = Target(path="base.py", function="Base.run", lines=(3, 4), sinks=(Sink(4, "os.system"),))
    assert [each.function for each in callers.of([target], callers.Project(tmp_path, {}))] == ["Own.go"]


def test_callers_that_call_each_other_end(tmp_path: Path) -> None:
    text = "from .tools import run\ndef a(x):\n    b(x)\n    run(x)\ndef b(x):\n    a(x)\n"
    assert {each.function for each in callers.of([TARGET], callers.Project(project(tmp_path, loop=text), {}))} == {
        "a",
        "b",
    }


def test_text_as_it_was_scanned_counts(tmp_path: Path) -> None:
    root = project(tmp_path, views="")
    staged = {"shop/views.py": b"from .tools import run\ndef go(name):\n    run(name)\n"}
    assert [each.function for each in callers.of([TARGET], callers.Project(root, staged))] == ["go"]


@pytest.mark.parametrize(("ending", "expected"), [("proven", 0), ("neutralised", 0), ("likely", 1), ("unreached", 1)])
def test_only_what_an_attack_left_open_is_followed(ending: str, expected: int) -> None:
    one = attempt(outcome(ending, weakness="command-injection", sink_line=5), target=TARGET)
    assert len(callers.unsettled([one])) == expected


def test_only_what_happens_in_the_function_that_it_is_about_is_told() -> None:
    caller = Target(path="shop/views.py", function="go", lines=(2, 3), about=(About("shop/tools.py", 4, 5),))
    there = outcome("proven", weakness="command-injection", sink_line=5, evidence={"file": "shop/tools.py"})
    elsewhere = outcome("proven", weakness="xxe", sink_line=3)
    assert [(one.path, one.line, one.inside) for one in seen(attempt(there, elsewhere, target=caller))] == [
        ("shop/tools.py", 5, False)
    ]


def through(ending: str, function: str, fed: dict[str, Any], trust: str = "composed") -> Attempt:
    target = Target(path="shop/tools.py", function=function, lines=(4, 5), weaknesses=("command-injection",))
    made = outcome(ending, weakness="command-injection", slot="parameter 'command'", trust=trust)
    return msgspec.structs.replace(attempt(made, target=target), fed=fed)


@pytest.mark.parametrize(
    ("callers_text", "expected"),
    [
        ("def go(x):\n    run('ls')\n    run(command=LISTING)\n", {"command": "constants"}),
        ("def go(x):\n    run('ls')\n    run(x)\n", {"command": "values"}),
        ("def go(x):\n    run(*x)\n", {"command": "values"}),
        ("def go(x):\n    run(__name__)\n", {"command": "constants"}),
        ("def main():\n    run('ls')\nrun('ls')\n", {}),
        ("", {}),
    ],
)
def test_what_the_projects_calls_hand_over_is_known(
    tmp_path: Path, callers_text: str, expected: dict[str, str]
) -> None:
    root = project(tmp_path, views="from .tools import run\n" + callers_text)
    (root / "tests").mkdir()
    (root / "tests" / "test_run.py").write_text("from shop.tools import run\ndef check():\n    run('ls')\n")
    [one] = callers.fed([through("proven", "run", {})], callers.Project(root, {}))
    assert one.fed == expected


@pytest.mark.parametrize(
    ("function", "fed", "trust", "says"),
    [
        ("run", {}, "composed", Says.PROVES),
        ("run", {"command": "values"}, "composed", Says.PROVES),
        ("run", {"command": "constants"}, "composed", Says.SUSPECTS),
        ("_run", {}, "composed", Says.PROVES),
        ("_run", {"command": "values"}, "composed", Says.SUSPECTS),
        ("Shop._run", {"command": "values"}, "composed", Says.SUSPECTS),
        ("Shop.__init__", {"command": "values"}, "composed", Says.PROVES),
        ("_run", {"command": "values"}, "outside", Says.PROVES),
    ],
)
def test_callers_answer_for_what_they_choose(function: str, fed: dict[str, Any], trust: str, says: Says) -> None:
    [one] = seen(through("proven", function, fed, trust))
    assert one.evidence.says is says


@needs_sandbox
def test_an_entry_point_that_leads_to_the_sink_tells_the_way(tmp_path: Path) -> None:
    pytest.importorskip("flask", reason="needs Flask")
    views = (
        "from flask import Flask, request\nfrom .tools import run\napp = Flask(__name__)\n"
        "@app.get('/go')\ndef go():\n    run(request.args['x'])\n    return ''\n"
    )
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "tools.py").write_text(LIBRARY)
    (tmp_path / "shop" / "views.py").write_text(views)
    entry = {"framework": "flask", "route": "/go", "methods": ["GET"]}
    go = Target(path="shop/views.py", function="go", lines=(4, 7), entry=entry)
    done = verify.attack(tmp_path, [TARGET, go], verify.Settings(python=Path(sys.executable), workers=1))
    told = [one.evidence for attempt in done.attempts for one in seen(attempt) if one.evidence.says is Says.PROVES]
    assert [one.details["way"] for one in told] == ["shop/views.py::go"]
    assert [step.location.path for step in told[0].trace] == ["shop/views.py", "shop/tools.py"]


@pytest.mark.parametrize(("fed", "says"), [({}, Says.SHOWS), ({"command": "values"}, Says.NOTES)])
def test_callers_know_whether_markup_was_made_harmless(fed: dict[str, Any], says: Says) -> None:
    made = outcome("likely", weakness="cross-site-scripting", slot="parameter 'command'", trust="composed")
    [one] = seen(msgspec.structs.replace(attempt(made), fed=fed))
    assert one.evidence.says is says


@pytest.mark.parametrize(("fed", "says"), [("constants", Says.INSENSITIVE), ("values", Says.SHOWS)])
def test_what_every_call_fixes_lowers_what_a_rule_says(fed: Any, says: Says) -> None:
    made = outcome("likely", weakness="ssrf", slot="parameter 'command'", trust="composed")
    [one] = seen(msgspec.structs.replace(attempt(made), fed={"command": fed}))
    assert one.evidence.says is says


def test_a_parameter_beside_a_fixed_one_may_still_be_anybodys() -> None:
    made = outcome("likely", weakness="cross-site-scripting", slot="parameter 'title'", trust="composed")
    [one] = seen(msgspec.structs.replace(attempt(made), fed={"title": "constants", "body": "values"}))
    assert one.evidence.says is Says.NOTES


ENTRY = {"framework": "flask", "route": "/go", "methods": ["GET"]}
VIEWS = "from .tools import run\n@app.get('/go')\ndef go():\n    run(request.args['x'])\n"
OTHER = "from .tools import run\ndef elsewhere(x):\n    run(x)\n"


@pytest.mark.parametrize(
    ("ending", "other", "weaknesses", "says"),
    [
        ("neutralised", "", ("command-injection",), Says.INSENSITIVE),
        ("insensitive", "", ("command-injection",), Says.INSENSITIVE),
        ("likely", "", (), Says.SHOWS),
        ("unreached", "", (), Says.SHOWS),
        ("neutralised", OTHER, (), Says.SHOWS),
    ],
)
def test_what_every_way_in_turns_away_is_no_flaw_of_the_function(
    tmp_path: Path, ending: str, other: str, weaknesses: tuple[str, ...], says: Says
) -> None:
    def made(how: str, slot: str, trust: str) -> Any:
        return outcome(
            how, weakness="command-injection", slot=slot, trust=trust, sink_line=5, evidence={"file": "shop/tools.py"}
        )

    root = project(tmp_path, views=VIEWS, other=other)
    about = (About("shop/tools.py", 4, 5, (Station("shop/views.py", 4, "go"),)),)
    go = Target(path="shop/views.py", function="go", lines=(2, 4), entry=ENTRY, about=about)
    own = attempt(made("likely", "parameter 'command'", "composed"), target=TARGET)
    way = attempt(made(ending, "query parameter 'x'", "outside"), target=go)
    first, _ = callers.checked([own, way], callers.Project(root, {}))
    assert first.checked == weaknesses
    assert [one.evidence.says for one in seen(first)] == [says]
