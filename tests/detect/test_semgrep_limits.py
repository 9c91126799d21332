"""What Semgrep is not asked to bear, and that nothing is left out without a word."""

from __future__ import annotations

from bluehook.detect import Settings, load
from bluehook.findings import SourceFile
from bluehook.parse import ParsedFile, parse

_HOLE = b"import os\nfrom flask import request\n\n\ndef f():\n    os.system('ls ' + request.args['x'])\n"


def _with_line(name: str, length: int) -> ParsedFile:
    return parse(SourceFile(path=name, data=_HOLE + b"x = '" + b"a" * length + b"'\n"))


def test_a_line_that_it_would_hang_on_is_told_and_keeps_no_other_file_from_it() -> None:
    report = load("semgrep").run([_with_line("long.py", 900_000), _with_line("short.py", 1_000)], Settings())
    [problem] = report.problems
    assert (problem.path, problem.incomplete) == ("long.py", True)
    assert "too long" in problem.reason
    assert {detection.location.path for detection in report.detections} == {"short.py"}


def test_a_file_that_it_would_pass_over_is_told() -> None:
    large = parse(SourceFile(path="large.py", data=_HOLE + b"# a line\n" * 120_000))
    report = load("semgrep").run([large], Settings())
    assert [(problem.path, problem.incomplete) for problem in report.problems] == [("large.py", True)]


def test_a_file_that_is_nearly_as_large_is_looked_at() -> None:
    large = parse(SourceFile(path="large.py", data=_HOLE + b"# a line\n" * 60_000))
    report = load("semgrep").run([large], Settings())
    assert report.problems == []
    assert {detection.weakness for detection in report.detections} == {"command-injection"}
