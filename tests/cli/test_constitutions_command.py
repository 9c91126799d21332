from __future__ import annotations

from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner, Result

from bluehook.cli.constitutions import _TASKS, command
from bluehook.findings import BluehookError
from bluehook.knowledge import DEFAULT_FOLDER, Task, load

OWN = """\
id: own-door
task: vuln-code
weakness: [path-traversal]
principle: "The door \\e[31mstays\\e[0m shut."
unsafe: [An open one.]
example-unsafe: open_door(x)
example-safe: shut_door(x)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / DEFAULT_FOLDER).mkdir(parents=True)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def own(project: Path, text: str = OWN) -> Path:
    file = project / DEFAULT_FOLDER / "own-door.yaml"
    file.write_text(text)
    return file


def test_list_names_all_of_them(project: Path) -> None:
    own(project)
    ended = run("list")
    assert ended.return_value == 0
    lines = ended.output.splitlines()
    assert len(lines) == len(load().constitutions) + 1
    assert f"({DEFAULT_FOLDER}/own-door.yaml)" in lines[-1]
    assert all("prompt-injection" in line for line in run("list", "--task", "prompt-injection").output.splitlines())


def test_a_task_that_there_is_not_is_a_mistake(project: Path) -> None:
    with pytest.raises(click.BadParameter):
        CliRunner().invoke(command, ["list", "--task", "vuln"], standalone_mode=False, catch_exceptions=False)


def test_show_prints_one_and_nothing_that_a_terminal_obeys(project: Path) -> None:
    own(project)
    shown = run("show", "own-door").output
    assert "\\x1b[31mstays" in shown
    assert "\x1b" not in shown
    page = run("show", "path-traversal").output
    for title in ("Unsafe:", "Safe:", "Looks right and is not:", "Unsafe example:", "Checked without a model:"):
        assert title in page


def test_show_knows_the_nearest_name() -> None:
    with pytest.raises(BluehookError, match="did you mean sql-injection"):
        CliRunner().invoke(command, ["show", "sql-injecton"], standalone_mode=False, catch_exceptions=False)


def test_lint_looks_at_shipped_and_own(project: Path) -> None:
    own(project)
    good = run("lint")
    assert good.return_value == 0
    assert good.output == f"{len(load().constitutions) + 1} constitutions, 0 not in order\n"
    file = own(project, OWN.replace("path-traversal", "path-traversl"))
    bad = run("lint", str(file))
    assert bad.return_value == 1
    assert bad.output.splitlines() == [
        f"{file}:3: weakness[0]: no weakness is called 'path-traversl'; did you mean path-traversal?",
        "1 constitutions, 1 not in order",
    ]


def test_what_is_left_out_is_told(project: Path) -> None:
    own(project, OWN + "saef: []\n")
    ended = run("list")
    assert ended.return_value == 3
    assert f"left out: {DEFAULT_FOLDER}/own-door.yaml: line 8: saef: unknown key" in ended.output


def test_the_tasks_are_those_of_the_format() -> None:
    assert get_args(Task) == _TASKS
