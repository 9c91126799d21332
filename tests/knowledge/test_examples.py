"""The examples of the constitutions against the detectors: the unsafe one is seen, the safe one blocks nothing."""

from __future__ import annotations

from functools import cache

import pytest

from bluehook import detect
from bluehook.crew import Crew
from bluehook.decide import decide
from bluehook.findings import SourceFile, Verdict
from bluehook.join import join
from bluehook.knowledge import Constitution, load
from bluehook.parse import parse
from bluehook.weaknesses import kindred

CODE = [each for each in load().constitutions if each.task in ("vuln-code", "bias-code")]


@cache
def findings() -> dict[str, list[tuple[str, Verdict]]]:
    """Weakness and verdict of all that any detector says of each example, by the name of its file."""
    sources = {}
    for each in CODE:
        for kind, text in (("unsafe", each.example_unsafe), ("safe", each.example_safe)):
            name = f"{kind}_{each.task}_{each.id}.py".replace("-", "_")
            sources[name] = parse(SourceFile(path=name, data=text.encode()))
    crew = Crew([detect.load(name) for name in detect.names()], detect.Settings(timeout=60))
    answers = crew.run(list(sources.values()))
    assert not answers.failed, crew.stages()
    found = {}
    for name, file in sources.items():
        decided = [
            (each.weakness, decide(each.weakness, each.evidence).verdict)
            for each in join(file, answers.detections[name])
        ]
        found[name] = [(weakness, verdict) for weakness, verdict in decided if verdict is not None]
    return found


def said(kind: str, each: Constitution) -> list[tuple[str, Verdict]]:
    return findings()[f"{kind}_{each.task}_{each.id}.py".replace("-", "_")]


@pytest.mark.parametrize("each", CODE, ids=lambda each: each.id)
def test_the_unsafe_example_is_seen_or_says_why_not(each: Constitution) -> None:
    seen = any(kindred(weakness, own) for weakness, _ in said("unsafe", each) for own in each.weakness)
    assert seen or each.unseen


@pytest.mark.parametrize("each", CODE, ids=lambda each: each.id)
def test_the_safe_example_blocks_nothing(each: Constitution) -> None:
    assert [verdict for _, verdict in said("safe", each) if verdict is not Verdict.POSSIBLE] == []


def test_every_weakness_has_its_constitution() -> None:
    from bluehook.weaknesses import TABLE

    assert {slug for each in load().constitutions for slug in each.weakness} == set(TABLE)


@pytest.mark.parametrize("each", load().constitutions, ids=lambda each: each.id)
def test_each_says_what_is_unsafe_what_is_safe_and_what_only_looks_so(each: Constitution) -> None:
    assert each.unsafe
    assert each.safe
    assert each.false_guards
    assert each.keywords
    assert each.example_unsafe != each.example_safe
