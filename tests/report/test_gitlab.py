"""GitLab's report. No package ships its schema, so the parts that it requires are restated here.

Source: sast-report-format.json of gitlab-org/security-products/security-report-schemas, version 15.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import jsonschema
import msgspec
import pytest
from report_samples import OPTIONS, alone, blocked, clean, hostile, likely, possible, proven
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Result, StageRun
from bluehook.report import Options, render
from bluehook.report.gitlab import severity

NAMED = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
LINK = {"type": "string", "pattern": "^https?://.+"}
TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {
        "id": NAMED,
        "name": NAMED,
        "version": NAMED,
        "vendor": {"type": "object", "required": ["name"], "properties": {"name": NAMED}},
    },
}
MESSAGE = {
    "type": "object",
    "required": ["level", "value"],
    "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": NAMED},
}
IDENTIFIER = {
    "type": "object",
    "required": ["type", "name", "value"],
    "properties": {"type": NAMED, "name": NAMED, "value": NAMED, "url": LINK},
}
DETAIL = {
    "type": "object",
    "required": ["name", "type", "value"],
    "properties": {"name": NAMED, "type": {"const": "text"}, "value": {"type": "string"}},
}
SCHEMA = {
    "type": "object",
    "required": ["scan", "version", "vulnerabilities"],
    "properties": {
        "version": {"type": "string", "pattern": r"^15\.\d+\.\d+$"},
        "schema": LINK,
        "scan": {
            "type": "object",
            "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
            "properties": {
                "analyzer": TOOL,
                "scanner": TOOL,
                "start_time": TIME,
                "end_time": TIME,
                "status": {"enum": ["success", "failure"]},
                "type": {"const": "sast"},
                "messages": {"type": "array", "items": MESSAGE},
            },
        },
        "vulnerabilities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "identifiers", "location"],
                "properties": {
                    "id": NAMED,
                    "name": {"type": "string", "maxLength": 255},
                    "description": {"type": "string", "maxLength": 1_048_576},
                    "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                    "solution": {"type": "string", "maxLength": 7000},
                    "identifiers": {"type": "array", "minItems": 1, "items": IDENTIFIER},
                    "details": {"type": "object", "additionalProperties": DETAIL},
                    "location": {
                        "type": "object",
                        "properties": {
                            "file": {"type": "string"},
                            "start_line": {"type": "number"},
                            "end_line": {"type": "number"},
                            "method": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}


def report_of(result: Result, options: Options = OPTIONS) -> dict[str, Any]:
    report = json.loads(render("gitlab", result, options))
    jsonschema.Draft7Validator(SCHEMA).validate(report)
    assert isinstance(report, dict)
    return report


def test_report(snapshot: SnapshotAssertion) -> None:
    assert render("gitlab", blocked(), OPTIONS) == snapshot


@pytest.mark.parametrize("result", [blocked(), clean(), alone(hostile())], ids=["blocked", "clean", "hostile"])
def test_structure(result: Result) -> None:
    report_of(result)
    report_of(result, Options())


def test_only_what_counts_is_reported() -> None:
    slugs = [item["identifiers"][0]["value"] for item in report_of(blocked())["vulnerabilities"]]
    assert slugs == ["sql-injection", "command-injection", "weak-hash"]


def test_id_is_a_stable_uuid_of_the_finding() -> None:
    first, second = (report_of(alone(finding))["vulnerabilities"][0]["id"] for finding in (proven(), likely()))
    assert first != second
    assert uuid.UUID(first).version == 5
    moved = msgspec.structs.replace(proven(), location=msgspec.structs.replace(proven().location, line=900))
    assert report_of(alone(moved))["vulnerabilities"][0]["id"] == first


def test_severity_follows_the_score_and_sinks_where_unconfirmed() -> None:
    assert severity(proven()) == "Critical"
    assert severity(possible()) == "Low"


def test_incomplete_is_a_failure() -> None:
    assert report_of(blocked())["scan"]["status"] == "failure"
    assert report_of(clean())["scan"]["status"] == "success"
    result = clean()
    result.stages = [StageRun("semgrep", "failed", reason="killed")]
    assert report_of(result)["scan"]["status"] == "failure"
    result.stages = [StageRun("check", "skipped", reason="no model")]
    assert report_of(result)["scan"]["status"] == "success"
