"""Every rule against the samples beside it: each unsafe form is found, its safe twin is not, and nothing else is.

Annotations stand on the line above the one where a match starts: ``# ruleid: ID, ID`` (found by these), ``# ok: NAME``
(found by none), ``# todoruleid: ID`` (a known miss), ``# todook: NAME`` (a known false alarm).
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bluehook.crew import default_jobs
from bluehook.detect import Settings, pack
from bluehook.detect.semgrep import detector
from bluehook.findings import SourceFile
from bluehook.parse import parse
from bluehook.resources import folder
from bluehook.weaknesses import TABLE

RULES = folder("rules")
FILES = pack.rule_files([RULES])
_ANNOTATION = re.compile(r"\s*# (ruleid|ok|todoruleid|todook): (.+)")


class Line(NamedTuple):
    """What the annotations above one line ask for."""

    found: set[str]
    missed: set[str]
    false_alarm: bool


def annotated(sample: Path) -> dict[int, Line]:
    """Line number -> what is expected there."""
    lines = sample.read_text(encoding="utf-8").split("\n")
    expected: dict[int, Line] = {}
    for number, line in enumerate(lines, 1):
        match = _ANNOTATION.match(line)
        if match is None:
            continue
        target = number + 1
        while _ANNOTATION.match(lines[target - 1]):
            target += 1
        entry = expected.setdefault(target, Line(set(), set(), False))
        names = {name.strip() for name in match[2].split(",")}
        if match[1] == "ruleid":
            entry.found.update(names)
        elif match[1] == "todoruleid":
            entry.missed.update(names)
        elif match[1] == "todook":
            expected[target] = entry._replace(false_alarm=True)
    return expected


@functools.cache
def rules_of() -> dict[str, list[dict[str, Any]]]:
    """Slug -> its rules."""
    by_slug: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rule in pack.compile_rules([RULES]):
        by_slug[rule["id"].split(".")[0]].append(rule)
    return by_slug


@functools.cache
def matches() -> dict[str, dict[int, set[str]]]:
    """Slug of a sample -> line -> ids of the rules that match there; the engine starts once for all samples."""
    samples = [path.with_suffix(".py") for path in FILES]
    parsed = [parse(SourceFile(path=s.stem, data=s.read_bytes())) for s in samples]
    report = detector.run(parsed, Settings(jobs=default_jobs()))
    assert report.problems == []
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for detection in report.detections:
        # A sample also shows what other files' rules see in it; those are tested beside their own samples.
        if detection.evidence.rule.split(".")[0] == detection.location.path:
            found[detection.location.path][detection.location.line].add(detection.evidence.rule)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_samples(path: Path) -> None:
    slug = path.stem
    expected, found = annotated(path.with_suffix(".py")), matches()[slug]
    faults = []
    for line in sorted(set(expected) | set(found)):
        want = expected.get(line, Line(set(), set(), False))
        got = found.get(line, set())
        if want.found - got:
            faults.append(f"line {line}: missed by {sorted(want.found - got)}")
        if got and not want.found and not want.false_alarm:
            faults.append(f"line {line}: found by {sorted(got)}, which no annotation says")
        if want.missed & got:
            faults.append(f"line {line}: no longer missed by {sorted(want.missed & got)}; say ruleid")
        if want.false_alarm and not got:
            faults.append(f"line {line}: no longer a false alarm; say ok")
    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_rule_has_an_unsafe_sample_and_each_file_a_safe_one(path: Path) -> None:
    text = path.with_suffix(".py").read_text(encoding="utf-8")
    shown = {name for line in annotated(path.with_suffix(".py")).values() for name in line.found}
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
