"""The local model: readable weights of named features, summed in plain Python, and calibrated.

Per task two logistic models, one over behaviours and one over words, are averaged: neither is good enough alone. The
weights are made by ``bluehook learn instructions`` and carry their own card.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from importlib import resources
from typing import NamedTuple

import msgspec

from bluehook.text.judgement import Task

FILE = "weights.json"


class TaskWeights(msgspec.Struct, frozen=True):
    """One task's: what each feature adds to the logit of its model, where these start, and the calibration."""

    behaviours: dict[str, float]
    words: dict[str, float]
    starts: tuple[float, float]
    slope: float
    offset: float


class Weights(msgspec.Struct, frozen=True):
    """The file. ``card`` says what it was made from, how well it does and where it ends."""

    version: int
    card: dict[str, object]
    tasks: dict[str, TaskWeights]


class Score(NamedTuple):
    """A calibrated score from 0 to 1, and what each behaviour feature added."""

    value: float
    parts: dict[str, float]


@functools.cache
def weights() -> Weights:
    """The weights that bluehook came with."""
    data = resources.files("bluehook.text").joinpath(FILE).read_bytes()
    return msgspec.json.decode(data, type=Weights)


def score(task: Task, behaviours: Iterable[str], words: Iterable[str]) -> Score:
    """How much a text with these features is what the task looks for."""
    given = weights().tasks[task.value]
    parts = {name: weight for name in behaviours if (weight := given.behaviours.get(name)) is not None}
    of_words = given.words
    total = given.starts[0] + sum(parts.values())
    total += given.starts[1] + sum(of_words.get(name, 0.0) for name in words)
    logit = given.slope * total / 2 + given.offset
    return Score(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), parts)
