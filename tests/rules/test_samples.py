"""Every rule against the samples beside it: each unsafe form is found, its safe twin is not, and nothing else is.

Annotations stand on the line above the one where a match starts: ``# ruleid: ID, ID`` (found by these Semgrep rules),
``# flow: NAME`` (found by the flow engine), ``# ok: NAME`` (found by neither), ``# todoruleid: NAME`` (a known miss of
both), ``# todook: NAME`` (a known false alarm of one of them).
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bluehook import detect
from bluehook.crew import default_jobs
from bluehook.detect import Settings
from bluehook.detect.semgrep import pack
from bluehook.findings import Says, SourceFile
from bluehook.parse import ParsedFile, parse
from bluehook.resources import folder
from bluehook.weaknesses import TABLE, kindred

RULES = folder("rules")
FILES = pack.rule_files([RULES])
_ANNOTATION = re.compile(r"\s*# (ruleid|flow|ok|todoruleid|todook): (.+)")


class Expected(NamedTuple):
    """What the annotations above one line ask for."""

    rules: frozenset[str] = frozenset()
    flow: bool = False
    miss: bool = False
    false_alarm: bool = False


def annotated(sample: Path) -> dict[int, Expected]:
    """Line number -> what is expected there."""
    lines = sample.read_text(encoding="utf-8").split("\n")
    expected: dict[int, Expected] = {}
    for number, line in enumerate(lines, 1):
        match = _ANNOTATION.match(line)
        if match is None:
            continue
        target = number + 1
        while _ANNOTATION.match(lines[target - 1]):
            target += 1
        entry = expected.get(target, Expected())
        if match[1] == "ruleid":
            entry = entry._replace(rules=frozenset(name.strip() for name in match[2].split(",")))
        else:
            entry = entry._replace(
                flow=entry.flow or match[1] == "flow",
                miss=entry.miss or match[1] == "todoruleid",
                false_alarm=entry.false_alarm or match[1] == "todook",
            )
        expected[target] = entry
    return expected


@functools.cache
def rules_of() -> dict[str, list[dict[str, Any]]]:
    """Slug -> its rules."""
    by_slug: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rule in pack.compile_rules([RULES]):
        by_slug[rule["id"].split(".")[0]].append(rule)
    return by_slug


@functools.cache
def parsed() -> dict[str, ParsedFile]:
    """Slug -> its sample."""
    samples = [path.with_suffix(".py") for path in FILES]
    return {s.stem: parse(SourceFile(path=s.stem, data=s.read_bytes())) for s in samples}


@functools.cache
def rule_matches() -> dict[str, dict[int, set[str]]]:
    """Slug of a sample -> line -> ids of the rules that match there; the engine starts once for all samples."""
    report = detect.load("semgrep").run(list(parsed().values()), Settings(jobs=default_jobs()))
    assert report.problems == []
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for detection in report.detections:
        # A sample also shows what other files' rules see in it; those are tested beside their own samples.
        if detection.evidence.rule.split(".")[0] == detection.location.path:
            found[detection.location.path][detection.location.line].add(detection.evidence.rule)
    return found


@functools.cache
def flow_matches() -> dict[str, set[int]]:
    """Slug of a sample -> first lines of the statements in which the flow engine sees that weakness."""
    report = detect.load("flow").run(list(parsed().values()), Settings())
    assert report.problems == []
    found: dict[str, set[int]] = defaultdict(set)
    for detection in report.detections:
        slug, place = detection.location.path, detection.location
        if detection.evidence.says is not Says.HINTS and kindred(detection.weakness, slug):
            found[slug].add(parsed()[slug].statement_at(place.line, place.column).first_line)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_samples(path: Path) -> None:
    slug = path.stem
    expected, by_rule, by_flow = annotated(path.with_suffix(".py")), rule_matches()[slug], flow_matches()[slug]
    faults = []
    for line in sorted(set(expected) | set(by_rule)):
        want, rules = expected.get(line, Expected()), by_rule.get(line, set())
        flow = parsed()[slug].statement_at(line).first_line in by_flow
        if want.rules - rules:
            faults.append(f"line {line}: missed by {sorted(want.rules - rules)}")
        if want.flow and not flow:
            faults.append(f"line {line}: missed by the flow engine")
        if rules and not want.rules and not want.false_alarm:
            faults.append(f"line {line}: found by {sorted(rules)}, which no annotation says")
        if want == Expected() and line in expected and flow:
            faults.append(f"line {line}: a false alarm of the flow engine")
        if want.miss and (rules or flow):
            faults.append(f"line {line}: no longer missed; say ruleid or flow")
        if want.false_alarm and not (rules or flow):
            faults.append(f"line {line}: no longer a false alarm; say ok")
    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_rule_has_an_unsafe_sample_and_each_file_a_safe_one(path: Path) -> None:
    text = path.with_suffix(".py").read_text(encoding="utf-8")
    shown = {name for line in annotated(path.with_suffix(".py")).values() for name in line.rules}
    assert {rule["id"] for rule in rules_of()[path.stem]} <= shown
    assert f"# ok: {path.stem}" in text


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_names_and_messages(path: Path) -> None:
    assert path.stem in TABLE
    for rule in rules_of()[path.stem]:
        assert rule["id"].startswith(f"{path.stem}.")
        assert rule["metadata"]["weakness"] in TABLE
        assert len(rule["message"].split()) >= 8, "a message says what an attacker does and how to fix it"


def test_every_rule_file_is_named_after_what_its_rules_are_called() -> None:
    assert set(rules_of()) == {path.stem for path in FILES}
