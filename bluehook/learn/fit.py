"""Weights of a logistic model over named features, each within the bounds that its meaning sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

Bounds = Callable[[str], tuple[float | None, float | None]]
_STEPS = 300


class Weights(NamedTuple):
    """What each feature adds to the logit, and where it starts."""

    by_name: dict[str, float]
    start: float


class Samples(NamedTuple):
    """Texts as lists of features, and which of them are unsafe."""

    features: Sequence[Sequence[str]]
    unsafe: Sequence[bool]


def fit(samples: Samples, *, least: int, penalty: float, bounds: Bounds) -> Weights:
    """The weights that explain the samples best; features of fewer than ``least`` texts are left out.

    Both labels count alike, however many there are of each. Deterministic.
    """
    counts = Counter(name for names in samples.features for name in names)
    names = sorted(name for name, count in counts.items() if count >= least)
    matrix = _matrix(samples.features, {name: column for column, name in enumerate(names)})
    signs = np.where(np.asarray(samples.unsafe), 1.0, -1.0)
    share = float(np.mean(signs > 0))
    importance = np.where(signs > 0, 0.5 / share, 0.5 / (1 - share)) / len(signs)

    def loss(at: Any) -> tuple[float, Any]:
        margin = signs * (matrix @ at[:-1] + at[-1])
        missing = 1.0 / (1.0 + np.exp(np.clip(margin, -30, 30)))
        gradient = -importance * signs * missing
        value = float(importance @ np.logaddexp(0, -margin) + penalty / 2 * (at[:-1] @ at[:-1]))
        return value, np.append(matrix.T @ gradient + penalty * at[:-1], gradient.sum())

    limits = [*(bounds(name) for name in names), (None, None)]
    found = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": _STEPS}
    ).x
    return Weights({name: float(weight) for name, weight in zip(names, found, strict=False)}, float(found[-1]))


def scores(weights: Weights, features: Sequence[Sequence[str]]) -> list[float]:
    """The logits of texts."""
    return [weights.start + sum(weights.by_name.get(name, 0.0) for name in names) for names in features]


def calibrate(logits: Sequence[float], unsafe: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset that make a probability of a logit (Platt's scaling), both labels counting alike."""
    (slope,), offset = stack([logits], unsafe)
    return slope, offset


def stack(logits: Sequence[Sequence[float]], unsafe: Sequence[bool]) -> tuple[list[float], float]:
    """How much each of several models counts, and the offset, that make a probability of their logits together.

    ``logits`` holds those of each model for the same texts; both labels count alike.
    """
    x = np.asarray(logits).T
    signs = np.where(np.asarray(unsafe), 1.0, -1.0)
    share = float(np.mean(signs > 0))
    importance = np.where(signs > 0, 0.5 / share, 0.5 / (1 - share)) / len(signs)

    def loss(at: Any) -> float:
        return float(importance @ np.logaddexp(0, -signs * (x @ at[:-1] + at[-1])))

    start = np.array([1.0] * len(logits) + [0.0])
    bounds = [(0.05, 5.0)] * len(logits) + [(-10, 10)]
    *slopes, offset = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    return [float(slope) for slope in slopes], float(offset)


def _matrix(features: Sequence[Sequence[str]], columns: Mapping[str, int]) -> Any:
    rows: list[int] = []
    places: list[int] = []
    for row, names in enumerate(features):
        for name in names:
            if (column := columns.get(name)) is not None:
                rows.append(row)
                places.append(column)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(features), len(columns)))
