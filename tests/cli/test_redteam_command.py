from __future__ import annotations

import json

from click.testing import CliRunner

from bluehook.cli.redteam import command


def test_the_report_tells_of_every_strategy_and_is_the_same_for_a_seed() -> None:
    arguments = ["instructions", "--count", "12", "--seed", "5", "-f", "json", "--examples", "1"]
    first, again = CliRunner().invoke(command, arguments), CliRunner().invoke(command, arguments)
    assert first.output == again.output
    report = json.loads(first.output)
    assert report["texts"] == 12
    assert report["evaded"] <= report["stopped"] <= report["texts"]
    assert {"reword", "encode", "nest", "split", "disguise"} <= set(report["strategies"])
    said = CliRunner().invoke(command, ["instructions", "--count", "3"]).output
    assert "By strategy" in said


def test_an_unknown_surface_is_a_mistake_of_the_user() -> None:
    assert CliRunner().invoke(command, ["instructions", "--surface", "moon"]).exit_code == 2
