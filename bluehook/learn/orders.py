"""Train the pair of models over the parts of orders, and harden it in rounds against mutations that evade it.

Its texts come from two grammars that share no sentence: how much each model counts, and the calibration, are found by
scoring the texts of one with what was trained on the other. In each round fresh texts are mutated until they evade the
models; those that did, and harmless ones that were taken for orders after the same mutations, are learnt from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bluehook.learn.fit import Samples, Weights, fit, scores, stack
from bluehook.learn.rows import LEAST, Row, free, kept, report, rows, windows_of
from bluehook.redteam import mutate, orders
from bluehook.redteam.instance import Instance
from bluehook.text.judgement import Task
from bluehook.text.order_parts import CAUTIONS

_PENALTY = {"parts": 3e-4, "words": 1e-3}
_ONE_SIGN = 0.6
"""What a single mark may add to the logit."""
_ROUNDS = 2
_SEEDS = 150
"""Texts of each label that are mutated in a round."""
_MEASURED = 99
"""What is added to the seed for the attacks that rounds are measured by, and nothing is learnt from."""


class Models(NamedTuple):
    """Both models, and how they are put together."""

    parts: Weights
    words: Weights
    slopes: tuple[float, float]
    offset: float

    def logits(self, data: Sequence[Row]) -> list[float]:
        """Of both together."""
        by_parts, by_words = scores(self.parts, [r.parts for r in data]), scores(self.words, [r.words for r in data])
        return [self.slopes[0] * a + self.slopes[1] * b + self.offset for a, b in zip(by_parts, by_words, strict=True)]


def train(old: Sequence[Row], seed: int, told: Callable[[str], None]) -> tuple[dict[str, object], dict[str, object]]:
    """What the file of weights holds, and what its card says. ``old`` are the texts of the other grammar."""
    new = rows(Task.INJECTING, orders.instances(seed))
    data = [*old, *new]
    told(f"orders: {len(data)} texts, {sum(r.instance.unsafe for r in data)} of them unsafe")
    slopes, offset, logits = _across(new, old)
    card: dict[str, object] = dict(report([*old, *new], logits))
    told(f"orders: on the grammar not seen {card}")
    models = _fitted(data, slopes, offset)
    evaded = [_evasions(models, seed + _MEASURED, both=False)[1]]
    for number in range(1, _ROUNDS + 1):
        data = [*data, *_evasions(models, seed + number)[0]]
        models = _fitted(data, slopes, offset)
        evaded.append(_evasions(models, seed + _MEASURED, both=False)[1])
        told(f"orders: {evaded[-1]} of the attacks evade after round {number}, {evaded[-2]} before")
    card["evaded-by-round"] = evaded
    made: dict[str, object] = {
        "parts": kept(models.parts),
        "words": kept(models.words),
        "starts": [round(models.parts.start, 3), round(models.words.start, 3)],
        "slopes": [round(slope, 3) for slope in slopes],
        "offset": round(offset, 3),
    }
    return made, card


def _across(new: Sequence[Row], old: Sequence[Row]) -> tuple[tuple[float, float], float, list[float]]:
    """Slopes and offset from texts of the grammar that a model did not see, and the logits of ``[*old, *new]``."""
    logits: tuple[list[float], list[float]] = ([], [])
    for seen, unseen in ((new, old), (old, new)):
        models = _fitted(seen, (1.0, 1.0), 0.0)
        logits[0].extend(scores(models.parts, [r.parts for r in unseen]))
        logits[1].extend(scores(models.words, [r.words for r in unseen]))
    slopes, offset = stack(logits, [r.instance.unsafe for r in (*old, *new)])
    both = (slopes[0], slopes[1])
    return both, offset, [both[0] * a + both[1] * b + offset for a, b in zip(*logits, strict=True)]


def _fitted(data: Sequence[Row], slopes: tuple[float, float], offset: float) -> Models:
    unsafe = [r.instance.unsafe for r in data]
    parts = fit(Samples([r.parts for r in data], unsafe), least=LEAST, penalty=_PENALTY["parts"], bounds=_bounds)
    words = fit(Samples([r.words for r in data], unsafe), least=LEAST, penalty=_PENALTY["words"], bounds=free)
    return Models(parts, words, slopes, offset)


def _evasions(models: Models, seed: int, *, both: bool = True) -> tuple[list[Row], float]:
    """Mutations of fresh texts that the models are wrong about, where they are right about the text as it stands; and
    the share of unsafe texts that got past them. Harmless ones are tried where ``both`` are wanted.
    """
    made = orders.instances(seed)
    found: list[Row] = []
    share = 0.0
    for unsafe in (True, False) if both else (True,):
        texts = [item for item in made if item.unsafe is unsafe]
        texts = texts[:: max(1, len(texts) // _SEEDS)][:_SEEDS]
        texts = [item for item in texts if _right(models, _loudest(models, item))]
        here = [row for item in texts if (row := _mutated(models, item, seed)) is not None]
        share = len(here) / max(1, len(texts)) if unsafe else share
        found += here
    return found, round(share, 3)


def _loudest(models: Models, item: Instance) -> Row:
    """The window of a text that looks most like an order: what the judge goes by."""
    seen = windows_of(item)
    return max(zip(models.logits(seen), range(len(seen)), seen, strict=True))[2]


def _right(models: Models, row: Row) -> bool:
    return (models.logits([row])[0] > 0) is row.instance.unsafe


def _mutated(models: Models, item: Instance, seed: int) -> Row | None:
    """What is seen of the first mutation that the models are wrong about."""

    def seen(text: str) -> Row:
        return _loudest(models, item._replace(text=text, style=f"{orders.STYLE}mutated"))

    done = mutate.attack(item.text, lambda text: not _right(models, seen(text)), seed, tuple(mutate.WRITTEN))
    return seen(done.mutated) if done.strategies else None


def _bounds(name: str) -> tuple[float | None, float | None]:
    """Parts of orders speak for one, cautions against it; what is negated hardly ever counts, one sign alone little."""
    if name in CAUTIONS or name.startswith("act&"):
        return None, 0.0
    if name.endswith(":not"):
        return None, 0.2
    if name.startswith("mark:"):
        return 0.0, _ONE_SIGN
    return (None, None) if name.startswith(("acts:", "ordered:", "strong:")) else (0.0, None)
