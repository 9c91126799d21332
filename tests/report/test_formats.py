"""What holds for every format that there is, found by name like the formats themselves."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bluehook.report
from bluehook.findings import (
    BluehookError,
    Evidence,
    Finding,
    LineRange,
    Location,
    Problem,
    Result,
    Says,
    StageRun,
    Step,
    Verdict,
)
from bluehook.report import Options, load, names, render
from bluehook.weaknesses import TABLE

NASTY = [
    "\x1b[2J",
    "\u202e",
    "](http://x)",
    "```",
    "<script>",
    "]]>",
    "&",
    "|",
    "\\",
    "\r\n",
    "\ud83d",
    "\udcff",
    "\x00",
]
TEXT = st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec=None), max_size=8)), max_size=4).map(
    "".join
)
LINE = st.integers(min_value=1, max_value=12)
LOCATION = st.builds(
    Location,
    path=TEXT,
    line=LINE,
    column=LINE,
    end_line=st.integers(min_value=0, max_value=12),
    end_column=st.integers(min_value=0, max_value=12),
)
EVIDENCE = st.builds(
    Evidence,
    engine=TEXT,
    rule=TEXT,
    says=st.sampled_from(Says),
    message=TEXT,
    trace=st.lists(st.builds(Step, location=LOCATION, text=TEXT), max_size=6).map(tuple),
    details=st.dictionaries(st.one_of(st.sampled_from(["call", "effect", "reproduction"]), TEXT), TEXT, max_size=3),
)
FINDING = st.builds(
    Finding,
    weakness=st.sampled_from(sorted(TABLE)),
    location=LOCATION,
    symbol=TEXT,
    snippet=TEXT,
    evidence=st.lists(EVIDENCE, max_size=3),
    scope=st.builds(LineRange, first=LINE, last=LINE),
    id=st.just("0123456789abcdef"),
    verdict=st.sampled_from(Verdict),
    blocks=st.booleans(),
    suppressed=st.none() | TEXT,
)
PROBLEM = st.builds(Problem, stage=TEXT, reason=TEXT, path=st.none() | TEXT, incomplete=st.booleans())
STAGE = st.builds(StageRun, name=TEXT, state=st.sampled_from(["done", "skipped", "failed"]), reason=TEXT)
RESULT = st.builds(
    Result,
    root=TEXT,
    version=TEXT,
    findings=st.lists(FINDING, max_size=4),
    problems=st.lists(PROBLEM, max_size=3),
    notes=st.lists(PROBLEM, max_size=2),
    stages=st.lists(STAGE, max_size=3),
    files=st.integers(min_value=0, max_value=9),
)
OPTIONS = st.builds(
    Options,
    read=st.none() | st.binary(max_size=80).map(lambda data: lambda path: data),
    width=st.integers(min_value=40, max_value=200),
    colour=st.booleans(),
    encoding=st.sampled_from(["utf-8", "ascii", "cp1252", "utf-16", "none"]),
    show_all=st.booleans(),
    suppressed=st.booleans(),
    hook=st.sampled_from(["", "pre-commit", "pre-push"]),
    category=TEXT,
)


def test_the_formats() -> None:
    assert names() == ("console", "gitlab", "json", "junit", "markdown", "sarif")


@pytest.mark.parametrize("name", names())
def test_every_format_renders(name: str) -> None:
    assert render(name, Result(root="/r", version="0")).endswith("\n")


@pytest.mark.parametrize("name", ["html", "_visible", "", "../json"])
def test_unknown_format(name: str) -> None:
    with pytest.raises(BluehookError, match="known formats: console, gitlab"):
        load(name)


@settings(max_examples=60, deadline=None)
@given(result=RESULT, options=OPTIONS)
def test_any_text_renders_to_something_valid(result: Result, options: Options) -> None:
    for name in names():
        text = render(name, result, options)
        assert text.endswith("\n")
        text.encode("utf-8")
        if name in ("json", "sarif", "gitlab"):
            json.loads(text)
            assert text.isascii()
        elif name == "junit":
            ElementTree.fromstring(text)
        elif name == "markdown":
            assert len(text.encode()) <= options.limit
        elif name == "console" and not options.colour:
            assert text.replace("\n", "").isprintable()


def test_reports_know_the_vocabulary_only() -> None:
    allowed = ("bluehook.findings", "bluehook.weaknesses", "bluehook.report")
    for path in Path(bluehook.report.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bluehook"):
                assert node.module is not None
                assert node.module.startswith(allowed), f"{path.name} imports {node.module}"
