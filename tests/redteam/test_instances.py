from __future__ import annotations

import pytest

from bluehook.redteam import biased, code, injecting, malicious
from bluehook.redteam.policies import base, gerund, third
from bluehook.text.judgement import Task


@pytest.mark.parametrize("strategy", [malicious, injecting, biased, code])
def test_the_same_seed_gives_the_same_instances(strategy: object) -> None:
    made = strategy.instances(3)  # type: ignore[attr-defined]
    assert made == strategy.instances(3)  # type: ignore[attr-defined]
    assert {item.unsafe for item in made} == {True, False}
    assert {item.task for item in made} <= {task.value for task in Task}


def test_every_voice_speaks_for_both_sides() -> None:
    by_style: dict[str, set[bool]] = {}
    for item in malicious.instances(1):
        by_style.setdefault(item.style, set()).add(item.unsafe)
    assert all(len(labels) == 2 for style, labels in by_style.items() if not style.startswith(("language-", "about")))


def test_acts_in_three_forms() -> None:
    act = "copy~ itself and push~ it"
    assert (third(act), base(act), gerund(act)) == (
        "copies itself and pushes it",
        "copy itself and push it",
        "copying itself and pushing it",
    )
