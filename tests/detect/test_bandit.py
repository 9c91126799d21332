from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from bluehook.bandit_ids import BANDIT
from bluehook.detect import Report, Settings, bandit, load
from bluehook.detect.bandit import OFF, WORTH, detector
from bluehook.detect.bandit.engine import Engine, Issue
from bluehook.findings import Location, SourceFile
from bluehook.parse import ParsedFile, parse

SAMPLES = {
    "B103": "import os\nos.chmod('f', 0o777)\n",
    "B104": "s.bind(('0.0.0.0', 80))\n",
    "B108": "f = open('/tmp/x')\n",
    "B201": "from flask import Flask\napp = Flask('x')\napp.run(debug=True)\n",
    "B202": "import tarfile\ntarfile.open('f').extractall()\n",
    "B301": "import pickle\npickle.loads(x)\n",
    "B304": "from Crypto.Cipher import ARC4\nARC4.new(k)\n",
    "B305": "from cryptography.hazmat.primitives.ciphers.modes import ECB\nECB(iv)\n",
    "B306": "import tempfile\ntempfile.mktemp()\n",
    "B312": "import telnetlib\ntelnetlib.Telnet('h')\n",
    "B314": "import xml.etree.ElementTree as e\ne.parse(f)\n",
    "B318": "from xml.dom import minidom\nminidom.parse(f)\n",
    "B323": "import ssl\nssl._create_unverified_context()\n",
    "B324": "import hashlib\nhashlib.md5(x)\n",
    "B403": "import pickle\n",
    "B404": "import subprocess\n",
    "B405": "import xml.etree.ElementTree\n",
    "B413": "import Crypto.Cipher\n",
    "B501": "import requests\nrequests.get('https://a.example', verify=False)\n",
    "B502": "import ssl\nssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv2)\n",
    "B503": "import ssl\ndef f(version=ssl.PROTOCOL_SSLv2): pass\n",
    "B505": "from Crypto.PublicKey import RSA\nRSA.generate(512)\n",
    "B506": "import yaml\nyaml.load(x)\n",
    "B507": "import paramiko as p\nc = p.client.SSHClient()\nc.set_missing_host_key_policy(p.client.AutoAddPolicy)\n",
    "B601": "import paramiko\nc = paramiko.SSHClient()\nc.exec_command(x)\n",
    "B602": "import subprocess\nsubprocess.run('ls ' + x, shell=True)\n",
    "B604": "anything(x, shell=True)\n",
    "B605": "import os\nos.system('ls ' + x)\n",
    "B612": "import logging.config\nlogging.config.listen(9999)\n",
    "B613": "x = 'a\u202e'\n",
    "B614": "import torch\ntorch.load('x.pt')\n",
    "B701": "import jinja2\njinja2.Environment(autoescape=False)\n",
    "B702": "import mako.template\nmako.template.Template(x)\n",
}


def parsed(text: str | bytes, path: str = "pkg/app.py") -> ParsedFile:
    return parse(SourceFile(path=path, data=text.encode() if isinstance(text, str) else text))


def run(*texts: str | bytes) -> Report:
    return detector.run([parsed(text) for text in texts], Settings())


@pytest.mark.parametrize("test", SAMPLES)
def test_each_sample_is_wanted_and_mapped_to_its_weakness(test: str) -> None:
    file = parsed(SAMPLES[test])
    assert detector.wants(file)
    report = detector.run([file], Settings())
    assert (test, BANDIT[test]) in {(d.evidence.rule, d.weakness) for d in report.detections}
    assert report.problems == []


@pytest.mark.parametrize("test", SAMPLES)
def test_choosing_tests_by_their_words_loses_nothing(test: str) -> None:
    def found(active: frozenset[str]) -> list[Issue]:
        return Engine(frozenset(WORTH)).look("app.py", SAMPLES[test], SAMPLES[test].encode(), active)[0]

    assert found(frozenset(WORTH)) == found(bandit._active(SAMPLES[test].encode()))


def test_every_test_of_bandit_is_either_given_its_worth_or_off_with_a_reason() -> None:
    assert set(WORTH) | set(OFF) == set(BANDIT)
    assert not set(WORTH) & set(OFF)
    assert all(OFF.values())


def claims(text: str) -> set[tuple[str, str]]:
    return {(d.evidence.rule, d.evidence.says.value) for d in run(text).detections}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SAMPLES["B501"], {("B501", "shows")}),
        (SAMPLES["B404"], {("B404", "hints")}),
        ("import os\nos.system('ls')\n", {("B605", "hints")}),
        (SAMPLES["B605"], {("B605", "suspects")}),
        ("x = 'a\u200f'\n", {("B613", "hints")}),
        (SAMPLES["B613"], {("B613", "shows")}),
        ("assert x\n", set()),
        ("import random\nrandom.random()\npassword = 'hunter2'\n", set()),
    ],
)
def test_what_no_change_of_the_code_can_satisfy_is_at_most_a_hint(text: str, expected: set[tuple[str, str]]) -> None:
    assert claims(text) == expected


def test_bandits_own_ignore_comments_are_left_to_us() -> None:
    assert claims("import tempfile\ntempfile.mktemp()  # nosec\n") == {("B306", "suspects")}


def test_places_count_code_points_and_end_behind_the_call() -> None:
    found = run("import tempfile\nx = 'é', tempfile.mktemp()\n").detections
    assert [d.location for d in found] == [Location("pkg/app.py", 2, 10, 2, 27)]


def test_the_encoding_and_line_ends_of_the_file_do_not_matter() -> None:
    found = run(b"# coding: latin-1\r\nimport tempfile\r\nx = '\xe9', tempfile.mktemp()\r\n").detections
    assert [(d.location.line, d.location.column) for d in found] == [(3, 10)]


def test_a_file_that_does_not_parse_is_a_problem_with_its_line() -> None:
    report = run("import pickle\nprint 'x'\n", SAMPLES["B306"])
    assert [(p.path, p.incomplete) for p in report.problems] == [("pkg/app.py", False)]
    assert "line 2" in report.problems[0].reason
    assert [d.evidence.rule for d in report.detections] == ["B306"]


@pytest.mark.parametrize(
    "text", ["x = " + "-" * 20_000 + "1", "x = " + "(" * 5000 + ")" * 5000, "x = a" + ".b" * 20_000]
)
def test_what_is_nested_too_deeply_is_a_problem(text: str) -> None:
    report = run(f"import pickle\n{text}\n")
    assert len(report.problems) == 1
    assert report.problems[0].path == "pkg/app.py"


def test_a_test_that_raises_is_a_problem_of_that_file_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(frozenset(WORTH))

    def broken(_context: object) -> None:
        raise KeyError("gone")

    for attribute in ("_test_id", "_checks"):
        setattr(broken, attribute, {"_test_id": "B306", "_checks": ["Call"]}[attribute])
    engine._tests["Call"].insert(0, broken)
    monkeypatch.setattr(bandit, "_engine", lambda: engine)
    report = run("import tempfile\ntempfile.mktemp()\ntempfile.mktemp()\n")
    assert [p.reason for p in report.problems] == ["its test B306 failed: KeyError: 'gone'"]
    assert [d.evidence.rule for d in report.detections] == ["B306", "B306"]


def test_a_bandit_with_other_insides_is_a_problem_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def other() -> Engine:
        raise AttributeError("module 'bandit.core' has no attribute 'node_visitor'")

    monkeypatch.setattr(bandit, "_engine", other)
    report = run(SAMPLES["B306"])
    assert report.detections == []
    assert [(p.path, p.incomplete) for p in report.problems] == [(None, True)]
    assert "cannot be used" in report.problems[0].reason


def test_a_missing_bandit_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert detector.unavailable() is None
    monkeypatch.setattr(bandit, "_package", lambda: None)
    assert "pip install" in (detector.unavailable() or "")


def test_nothing_is_said_outside_the_report(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        run("import pickle\nx = '\\d'\n", "import pickle\nif x is 1: pass\n")
    assert seen == []
    assert capfd.readouterr() == ("", "")


def test_the_light_import_leaves_bandit_whole_for_others() -> None:
    script = (
        "import sys, warnings; shown = warnings.formatwarning\n"
        "from bluehook.detect.bandit.engine import Engine\n"
        "Engine(frozenset({'B602'}))\n"
        "assert 'rich' not in sys.modules and 'stevedore' not in sys.modules\n"
        "assert warnings.formatwarning is shown\n"
        "from bandit.core import manager, config\n"
        "assert manager.BanditManager(config.BanditConfig(), 'file').b_ts.tests['Call']\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_detector_is_found_by_name_and_its_version_names_bandit() -> None:
    found = load("bandit")
    version = found.version(Settings())
    assert version.startswith("1.")
    assert f"python{sys.version_info.major}.{sys.version_info.minor}" in version
    assert found.run([], Settings()) == Report()
