from __future__ import annotations

from xml.etree import ElementTree

import msgspec
from report_samples import OPTIONS, alone, blocked, clean, hostile
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Result, StageRun
from bluehook.report import Options, render

ALL = msgspec.structs.replace(OPTIONS, suppressed=True)


def suite_of(result: Result, options: Options = OPTIONS) -> ElementTree.Element:
    suite = ElementTree.fromstring(render("junit", result, options)).find("testsuite")
    assert suite is not None
    return suite


def outcomes(suite: ElementTree.Element) -> list[tuple[str | None, str]]:
    return [(case.get("classname"), ",".join(child.tag for child in case)) for case in suite]


def test_report(snapshot: SnapshotAssertion) -> None:
    assert render("junit", blocked(), ALL) == snapshot


def test_only_what_blocks_fails() -> None:
    suite = suite_of(blocked())
    assert outcomes(suite) == [
        ("sql-injection", "failure"),
        ("command-injection", "failure"),
        ("weak-hash", "system-out"),
        ("bluehook.parse", "error"),
        ("bluehook.collect", "skipped"),
        ("bluehook.check", "skipped"),
    ]
    counts = {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "2", "errors": "1", "skipped": "2"}


def test_what_does_not_count_is_shown_when_asked_for() -> None:
    told = dict(outcomes(suite_of(blocked(), ALL)))
    assert told["path-traversal"] == "system-out"
    assert told["deserialization"] == "skipped"


def test_a_clean_run_is_one_passed_case() -> None:
    assert outcomes(suite_of(clean())) == [("bluehook", "")]


def test_a_failed_stage_is_an_error() -> None:
    result = clean()
    result.stages = [StageRun("semgrep", "failed")]
    assert outcomes(suite_of(result)) == [("bluehook.semgrep", "error")]


def test_hostile_text_is_valid_ascii_xml() -> None:
    text = render("junit", alone(hostile()), OPTIONS)
    assert text.isascii()
    (case,) = suite_of(alone(hostile()))
    failure = case.find("failure")
    assert failure is not None
    assert failure.text is not None
    assert r"\x1b[31mred" in failure.text
    assert "<b>&\"'" in failure.text
