from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec
from report_samples import HOSTILE, OPTIONS, alone, blocked, clean, hostile
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Result
from bluehook.report import render
from bluehook.report.json import Document, schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "report.schema.json"


def valid(text: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(text)
    jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text())).validate(document)
    return document


def test_report(snapshot: SnapshotAssertion) -> None:
    assert render("json", blocked(), OPTIONS) == snapshot


def test_reports_are_valid() -> None:
    for result in (blocked(), clean(), alone(hostile())):
        valid(render("json", result, OPTIONS))


def test_published_schema_is_current() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "bluehook.report.json"], capture_output=True, text=True, check=True
    ).stdout
    assert printed == schema()
    assert PUBLISHED.read_text() == printed, "run: python -m bluehook.report.json > docs/report.schema.json"


def test_schema_is_a_schema_and_refuses() -> None:
    published = json.loads(PUBLISHED.read_text())
    jsonschema.Draft202012Validator.check_schema(published)
    broken = json.loads(render("json", blocked(), OPTIONS))
    broken["findings"][0]["verdict"] = "certain"
    assert not jsonschema.Draft202012Validator(published).is_valid(broken)


def test_nothing_is_lost() -> None:
    result = blocked()
    again = msgspec.json.decode(render("json", result, OPTIONS), type=Document)
    assert {name: getattr(again, name) for name in Result.__struct_fields__} == msgspec.structs.asdict(result)
    assert sorted(again.weaknesses) == sorted({finding.weakness for finding in result.findings})


def test_hostile_text_is_inert_ascii() -> None:
    text = render("json", alone(hostile()), OPTIONS)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    (finding,) = json.loads(text)["findings"]
    assert finding["snippet"] == HOSTILE.replace("\ud83d", r"\ud83d").replace("\udcff", r"\xff")
