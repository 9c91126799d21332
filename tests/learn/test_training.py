from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="needs the extra train")

from bluehook.learn import instructions, orders
from bluehook.learn.fit import Samples, calibrate, fit, scores
from bluehook.redteam import orders as texts
from bluehook.redteam.instance import Instance
from bluehook.text import model
from bluehook.text.judgement import Task


def test_weights_tell_texts_apart_and_keep_their_bounds() -> None:
    samples = Samples([["bad", "both"], ["bad"], ["good", "both"], ["good"]] * 5, [True, True, False, False] * 5)
    free = fit(samples, least=1, penalty=1e-3, bounds=lambda name: (None, None))
    first, _, third, _ = scores(free, samples.features)[:4]
    assert first > 0 > third
    bound = fit(samples, least=1, penalty=1e-3, bounds=lambda name: (0.0, None))
    assert bound.by_name["good"] == 0.0
    assert fit(samples, least=99, penalty=1e-3, bounds=lambda name: (None, None)).by_name == {}


def test_calibration_turns_doubtful_logits_into_small_ones() -> None:
    slope, offset = calibrate([8.0, 8.0, 8.0, -8.0, -8.0, -8.0], [True, True, False, False, False, True])
    assert 0.5 < 1 / (1 + 2.718 ** -(slope * 8 + offset)) < 0.8


def test_both_sides_of_every_task() -> None:
    for task, made in instructions.gathered(1).items():
        unsafe = sum(item.unsafe for item in made)
        assert 100 < unsafe < len(made) - 100, task
        texts = {item.text for item in made if item.unsafe}
        assert not texts & {item.text for item in made if not item.unsafe}, task


def test_a_small_run_makes_a_file_that_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(seed: int) -> dict[Task, list[Instance]]:
        return {task: made[::25] for task, made in everything(seed).items()}

    everything = instructions.gathered
    monkeypatch.setattr(instructions, "gathered", few)
    every = texts.instances
    monkeypatch.setattr(texts, "instances", lambda seed: every(seed)[::25])
    monkeypatch.setattr(orders, "_SEEDS", 3)
    heard: list[str] = []
    content = instructions.train(heard.append)
    instructions.write(content, tmp_path / "weights.json")
    instructions.write(instructions.train(), tmp_path / "again.json")
    assert (tmp_path / "weights.json").read_bytes() == (tmp_path / "again.json").read_bytes()
    read = json.loads((tmp_path / "weights.json").read_text())
    assert set(read["tasks"]) == set(read["card"]["scores"]) - {"orders"} == {task.value for task in Task}
    assert len(read["card"]["scores"]["orders"]["evaded-by-round"]) == orders._ROUNDS + 1
    assert len(heard) == 2 * len(Task) + 2 + orders._ROUNDS
    for name, weight in read["orders"]["parts"].items():
        low, high = orders._bounds(name)
        assert low is None or weight >= low, name
        assert high is None or weight <= high, name
    for name, weight in read["tasks"][Task.MALICIOUS.value]["behaviours"].items():
        low, high = instructions._bounds(name)
        assert low is None or weight >= low, name
        assert high is None or weight <= high, name


def test_the_shipped_file_is_of_this_shape() -> None:
    shipped = model.weights()
    assert set(shipped.tasks) == {task.value for task in Task}
    assert shipped.card["seed"] == instructions.SEED
