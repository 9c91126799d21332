from __future__ import annotations

import builtins

import pytest

from bluehook.detect import Settings, load
from bluehook.detect.sinks import detector
from bluehook.detect.sinks.calls import detections
from bluehook.detect.sinks.table import SINKS, Sink
from bluehook.findings import Says, SourceFile
from bluehook.parse import ParsedFile, parse
from bluehook.weaknesses import INSTRUCTIONS, TABLE


def parsed(text: str) -> ParsedFile:
    return parse(SourceFile(path="app.py", data=text.encode()))


def line(name: str, arguments: str) -> str:
    """A function that calls the API of a row, imported or made as its name says."""
    if name.startswith("."):
        return f"def f(thing, value, password):\n    thing{name}({arguments})\n"
    maker, made, method = name.partition("()")
    if made and "()" in method:
        middle, _, method = method[1:].partition("()")
        return f"import {maker.rpartition('.')[0]}\ndef f(thing, value):\n    thing.{middle}(){method}({arguments})\n"
    module = maker.rpartition(".")[0]
    imported = f"import {module}\n" if module else ""
    if made:
        return f"{imported}def f(value, password):\n    thing = {maker}()\n    thing{method}({arguments})\n"
    return f"{imported}def f(value, password):\n    {name}({arguments})\n"


def fires(row: Sink, arguments: str) -> bool:
    """Whether the row's own condition holds for the call on the last line of the sample."""
    calls = parsed(line(row.name, arguments)).calls
    call = next(call for call in calls if call.name.rpartition(".")[2] == row.name.rpartition(".")[2])
    return row.when.test(call) is not None


@pytest.mark.parametrize("row", SINKS, ids=lambda row: f"{row.weakness}:{row.name}:{row.says.value}")
def test_each_row_fires_on_its_sample_and_not_on_its_twin(row: Sink) -> None:
    weaknesses = {found.weakness for found in detections(parsed(line(row.name, row.when.fires)))}
    assert row.weakness in weaknesses
    assert fires(row, row.when.fires)
    assert row.when.quiet is None or not fires(row, row.when.quiet)


def test_the_table_is_wide_and_speaks_the_common_vocabulary() -> None:
    assert {row.weakness for row in SINKS} <= set(TABLE)
    # Whoever forgets a check calls nothing, and instructions are judged by their text.
    assert set(TABLE) - {row.weakness for row in SINKS} == {"biased-code", "missing-authorization", *INSTRUCTIONS}
    assert len(SINKS) == len({(row.name, row.weakness, row.says, row.when) for row in SINKS})
    assert all(row.says in (Says.HINTS, Says.SUSPECTS) for row in SINKS)


def says(text: str) -> list[tuple[str, str]]:
    return [(found.weakness, found.evidence.says.value) for found in detections(parsed(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x): eval(x)", [("code-injection", "suspects")]),
        ("eval(x)", [("code-injection", "hints")]),
        ("def f(self): eval(self.x)", [("code-injection", "hints")]),
        ("def f(): eval(TEXT)", []),
        ("def f(x): eval('1 + 1')", []),
        ("def f(eval, x): eval(x)", []),
        ("def eval(x): ...\ndef f(x): eval(x)", []),
        ("import os\ndef f(x): os.system('ls ' + x)", [("command-injection", "suspects")]),
        ("import os, shlex\ndef f(x): os.system('ls ' + shlex.quote(x))", [("command-injection", "hints")]),
        ("from os import system as s\ndef f(x): s(x)", [("command-injection", "suspects")]),
        ("import subprocess as sp\ndef f(x): sp.run(x, shell=True)", [("command-injection", "suspects")]),
        ("import subprocess as sp\ndef f(x): sp.run([x])", [("argument-injection", "hints")]),
        ("import subprocess as sp\ndef f(x): sp.run(['ls'], shell=False)", []),
        ("def f(c, x): c.execute('SELECT * FROM t WHERE a = ' + x)", [("sql-injection", "suspects")]),
        ("def f(c, x): c.execute(f'SELECT {x}')", [("sql-injection", "suspects")]),
        ("def f(c, x): c.execute('SELECT %s' % quote_name(x))", [("sql-injection", "hints")]),
        ("def f(c, x): c.execute(f'DROP TABLE {x}')", [("sql-injection", "hints")]),
        ("def f(c, x): c.execute(x)", [("sql-injection", "hints")]),
        ("def f(c, x): c.execute('SELECT 1 WHERE a = ?', (x,))", []),
        ("def f(x):\n    import pickle\n    pickle.loads(pickle.dumps(x))", [("deserialization", "hints")]),
        ("import yaml\ndef f(x): yaml.load(x, Loader=yaml.CSafeLoader)", []),
        ("import yaml\ndef f(x): yaml.load(x, yaml.FullLoader)", [("deserialization", "suspects")]),
        ("import httpx\nhttpx.get('https://a.example', verify=False)", [("certificate-validation", "suspects")]),
        ("import re\nre.compile('a+')", []),
        ("import asyncio\ndef f(x): asyncio.run(x, debug=True)", []),
    ],
)  # fmt: skip
def test_what_a_call_says(text: str, expected: list[tuple[str, str]]) -> None:
    assert says(text) == expected


def test_one_detection_a_call_and_weakness_with_the_stronger_claim() -> None:
    found = list(detections(parsed("def f(cur, x):\n    cur.execute('SELECT ' + x)\n")))
    assert [(d.weakness, d.evidence.says) for d in found] == [("sql-injection", Says.SUSPECTS)]
    assert (found[0].location.line, found[0].location.column) == (2, 5)
    assert found[0].evidence.details == {"sink": ".execute", "argument": "'SELECT ' + x"}


def test_a_file_is_wanted_whenever_a_row_could_fire() -> None:
    assert not detector.wants(parsed("def f(a):\n    return a + 1\n"))
    unwanted = [row.name for row in SINKS if not detector.wants(parsed(line(row.name, row.when.fires)))]
    assert unwanted == []


def test_the_detector_is_found_by_name_and_reports_all_files() -> None:
    found = load("sinks")
    files = [parsed("eval(x)"), parsed("x = 1"), parsed("exec(y)")]
    report = found.run(files, Settings())
    assert [d.weakness for d in report.detections] == ["code-injection"] * 2
    assert report.problems == []
    assert found.unavailable() is None
    assert len(found.version(Settings())) >= 5


def test_bare_names_of_the_table_are_builtins_of_some_python() -> None:
    bare = {row.name for row in SINKS if "." not in row.name}
    assert bare - set(dir(builtins)) <= {"execfile", "file"}
