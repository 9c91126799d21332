"""The local model: readable weights of named features, summed in plain Python, and calibrated.

Per task two logistic models, one over behaviours and one over words, are averaged: neither is good enough alone. A
second pair, over the parts of orders and words, knows injections in words that no list of behaviours has; the higher
score counts. The weights are made by ``bluehook learn instructions`` and carry their own card.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable
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


class OrderWeights(msgspec.Struct, frozen=True):
    """The same for the parts of orders; ``slopes`` say how much each of the two models counts."""

    parts: dict[str, float]
    words: dict[str, float]
    starts: tuple[float, float]
    slopes: tuple[float, float]
    offset: float


class Weights(msgspec.Struct, frozen=True):
    """The file. ``card`` says what it was made from, how well it does and where it ends."""

    version: int
    card: dict[str, object]
    tasks: dict[str, TaskWeights]
    orders: OrderWeights


class Score(NamedTuple):
    """A calibrated score from 0 to 1, and what each behaviour feature added."""

    value: float
    parts: dict[str, float]


@functools.cache
def weights() -> Weights:
    """The weights that bluehook came with."""
    data = resources.files("bluehook.text").joinpath(FILE).read_bytes()
    return msgspec.json.decode(data, type=Weights)


def score(task: Task, behaviours: Iterable[str], words: Collection[str]) -> Score:
    """How much a text with these features is what the task looks for."""
    given = weights().tasks[task.value]
    parts = {name: weight for name in behaviours if (weight := given.behaviours.get(name)) is not None}
    of_words = given.words
    total = given.starts[0] + sum(parts.values())
    total += given.starts[1] + sum(of_words.get(name, 0.0) for name in words)
    return Score(_probability(given.slope * total / 2 + given.offset), parts)


def score_orders(parts: Iterable[str], words: Collection[str]) -> float:
    """How much a text with these parts of orders takes over the model that reads it."""
    given = weights().orders
    of_parts = given.starts[0] + sum(given.parts.get(name, 0.0) for name in parts)
    of_words = given.starts[1] + sum(given.words.get(name, 0.0) for name in words)
    return _probability(given.slopes[0] * of_parts + given.slopes[1] * of_words + given.offset)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
