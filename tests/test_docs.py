"""The documentation against the program: generated parts are current, and what pages name is there."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import click
import pytest
import yaml

from bluehook import __version__, ending, report
from bluehook.cli import cli
from bluehook.config import load
from bluehook.findings import Verdict

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
REGENERATE = "run: python3 dev.py docs"


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATE = generator()


def test_the_page_of_weaknesses_is_current() -> None:
    assert (ROOT / "docs" / "weaknesses.md").read_text(encoding="utf-8") == GENERATE.weaknesses(), REGENERATE


@pytest.mark.parametrize(("file", "name"), GENERATE.BLOCKS)
def test_generated_blocks_are_current(file: str, name: str) -> None:
    written = GENERATE.block((ROOT / file).read_text(encoding="utf-8"), name)
    assert GENERATE.same(written, GENERATE.BLOCKS[file, name]()), REGENERATE


def test_exit_statuses() -> None:
    documented = [int(number) for number in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)]
    assert documented == [ending.FINISHED, ending.BLOCKED, ending.USAGE, ending.INCOMPLETE, ending.INTERRUPTED]
    told = re.findall(r"(\d+)\s+[a-z]", cli.help.split("Exit status:")[1]) if cli.help else []
    assert [int(number) for number in told] == documented


def test_verdicts() -> None:
    for verdict in Verdict:
        assert f"`{verdict.value}`" in README


def test_formats() -> None:
    command = cli.get_command(click.Context(cli), "scan")
    assert command is not None
    choices = next(p.type.choices for p in command.params if isinstance(p.type, click.Choice) and p.name == "formats")
    assert sorted(choices) == sorted(report.names())
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", page.split("##")[0], re.MULTILINE)) == sorted(
        choices
    )


def test_hooks_of_the_pages_are_those_that_are_shipped() -> None:
    shipped = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    pages = [next(code for language, code in code_of(README) if language == "yaml" and "repos:" in code)]
    pages.append((ROOT / "examples" / "pre-commit-config.yaml").read_text(encoding="utf-8"))
    for page in pages:
        (repository,) = yaml.safe_load(page)["repos"]
        assert repository["rev"] == f"v{__version__}"
        assert {hook["id"] for hook in repository["hooks"]} <= shipped


def code_of(page: str) -> Iterator[tuple[str, str]]:
    """Language and text of each fenced block."""
    for match in re.finditer(r"^( *)```(\w*)\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL):
        yield match[2], match[3]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_configurations_of_the_pages_are_valid(page: Path, tmp_path: Path) -> None:
    for number, (language, code) in enumerate(code_of(page.read_text(encoding="utf-8"))):
        if language == "toml":
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "pyproject.toml").write_text(code, encoding="utf-8")
            assert load(folder, folder).file is not None


@pytest.mark.parametrize("page", [*PAGES, *sorted(ROOT.glob("examples/*.y*ml"))], ids=name_of)
def test_commands_of_the_pages_exist(page: Path) -> None:
    """Every ``bluehook COMMAND --option`` in code is one that the program takes."""
    context = click.Context(cli)
    for call in calls(page.read_text(encoding="utf-8")):
        command = cli.get_command(context, call[0])
        assert command is not None, f"no command {call[0]!r}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for word in call[1:]:
            if word.startswith("-") and word != "-":
                assert word.split("=")[0] in known | {"--help"}, f"bluehook {call[0]} has no {word}"


def calls(page: str) -> Iterator[list[str]]:
    """The words of each call of the program: in a line of its own, in a shell command, or in backquotes."""
    names = "|".join(cli.list_commands(click.Context(cli)))
    text = page.replace("\\\n", " ")
    for match in re.finditer(rf"(?<![\w/.\"-])bluehook ((?:{names})\b(?!:)[^`\n;#|)]*)", text):
        yield shlex.split(match[1].replace("'", ""))


def test_calls_are_found() -> None:
    text = 'run `bluehook scan --staged`\n$ bluehook explain ID\n- run: bluehook scan --diff "a..." -f json'
    assert list(calls(text)) == [["scan", "--staged"], ["explain", "ID"], ["scan", "--diff", "a...", "-f", "json"]]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", prose):
        if "://" in target:
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors(file), f"{target}: no such heading"


def anchors(file: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
