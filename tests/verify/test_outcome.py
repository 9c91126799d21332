from __future__ import annotations

from typing import Any

import msgspec
import pytest
from attacking import TARGET, attempt, outcome

from bluehook.decide import decide
from bluehook.findings import Evidence, Says, Verdict
from bluehook.verify.outcome import NO_SINK, claim, in_words, left_open, seen, stopped
from bluehook.verify.pool import WORKER

STATIC = Evidence("semgrep", "sql-injection", Says.SHOWS, "glued together")


@pytest.mark.parametrize(
    ("ending", "more", "expected"),
    [
        ("proven", {"trust": "outside"}, Says.PROVES),
        ("proven", {"trust": "composed"}, Says.PROVES),
        ("proven", {"trust": "whole"}, Says.SHOWS),
        ("proven", {"trust": "assumed"}, Says.SHOWS),
        ("likely", {"trust": "assumed"}, Says.SHOWS),
        ("likely", {"trust": "whole"}, Says.NOTES),
        ("proven", {"trust": "outside", "evidence": {"strength": "strong"}}, Says.PROVES),
        ("proven", {"trust": "composed", "evidence": {"strength": "strong"}}, Says.PROVES),
        ("proven", {"trust": "assumed", "evidence": {"strength": "strong"}}, Says.SHOWS),
        ("proven", {"trust": "outside", "evidence": {"strength": "weak"}}, Says.SUSPECTS),
        ("proven", {"trust": "assumed", "evidence": {"strength": "weak"}}, Says.NOTES),
        ("likely", {"trust": "outside", "evidence": {"strength": "strong"}}, Says.SHOWS),
        ("likely", {"trust": "outside", "evidence": {"strength": "weak"}}, Says.NOTES),
        ("likely", {"trust": "whole", "evidence": {"strength": "strong"}}, Says.SHOWS),
        ("likely", {"trust": "whole", "evidence": {"strength": "weak"}}, Says.NOTES),
        ("likely", {"trust": "assumed", "evidence": {"strength": "strong"}}, Says.SHOWS),
        ("likely", {"trust": "assumed", "evidence": {"strength": "weak"}}, Says.NOTES),
        ("neutralised", {"control": True, "reached": 3, "spellings": 3}, Says.REFUTES),
        ("neutralised", {"control": True, "reached": 1, "spellings": 3}, Says.REFUTES),
        ("neutralised", {"control": True, "reached": 9, "attempts": 9, "spellings": 2}, Says.NOTES),
        ("neutralised", {"control": False, "reached": 3, "spellings": 3}, Says.NOTES),
        ("neutralised", {"control": True, "reached": 0, "spellings": 3}, Says.NOTES),
        ("insensitive", {}, Says.INSENSITIVE),
        ("unreached", {}, Says.NOTES),
        ("failed", {}, Says.NOTES),
    ],
)
def test_what_an_ending_claims(ending: str, more: dict[str, Any], expected: Says) -> None:
    assert claim(outcome(ending, **more)) is expected


@pytest.mark.parametrize("ending", ["neutralised", "insensitive"])
def test_only_the_attack_on_the_function_that_holds_the_sink_can_clear_it(ending: str) -> None:
    [other] = seen(attempt(outcome(ending, control=True, reached=3, spellings=3, sink_line=20)))
    assert not other.inside
    assert other.evidence.says is Says.NOTES


def test_effect_through_assumed_input_leaves_likely_and_never_makes_proven() -> None:
    [one] = seen(attempt(outcome("likely", trust="assumed")))
    assert decide("sql-injection", [STATIC, one.evidence]).verdict is Verdict.LIKELY


def test_proof_tells_call_payload_effect_slot_trust_and_how_to_repeat_it() -> None:
    [one] = seen(attempt(outcome("proven", call="show('x')", payload="x", effect="the statement changed", attempts=2)))
    assert one.evidence.details == {
        "ending": "proven",
        "function": "shop.py::show",
        "call": "show('x')",
        "payload": "x",
        "effect": "the statement changed",
        "slot": "parameter 'n'",
        "trust": "outside",
        "attempts": "2",
        "reproduction": "bluehook verify shop.py::show --cwe 89",
    }
    assert one.evidence.message == "the statement changed, through parameter 'n', which comes from outside"


def test_refutation_counts_its_attacks() -> None:
    said = in_words(outcome("neutralised", attempts=26, reached=24, control=True))
    assert said == (
        "26 attacks were tried, 24 of them arrived and none had its effect (sql-injection); a benign value passes"
    )


def test_what_nobody_suspected_and_nothing_reached_is_not_told() -> None:
    nothing = attempt(outcome("unreached", weakness="xxe", sink_line=0), outcome("unreached", sink_line=0, where="w"))
    assert [one.weakness for one in seen(nothing)] == ["sql-injection"]
    assert [one.weakness for one in seen(nothing, everything=True)] == ["xxe", "sql-injection"]


def test_lost_worker_is_told_for_each_suspicion() -> None:
    [one] = seen(attempt(problem="the worker was lost: memory"))
    assert (one.weakness, one.line, one.evidence.says) == ("sql-injection", 0, Says.NOTES)
    assert "the worker was lost: memory" in one.evidence.message


def test_weakness_that_the_host_does_not_know_is_left_out() -> None:
    assert list(seen(attempt(outcome("proven", weakness="made-up")))) == []


@pytest.mark.parametrize("file", ["/etc/passwd", "../other.py", "", 7])
def test_file_outside_the_project_becomes_the_targets_own(file: object) -> None:
    assert outcome("proven", evidence={"file": file}).file(TARGET) == "shop.py"


def test_long_texts_are_cut() -> None:
    [one] = seen(attempt(outcome("proven", effect="e" * 9_000, payload="p" * 9_000)))
    assert max(len(one.evidence.message), *map(len, one.evidence.details.values())) == 2_000


def test_what_no_attack_reached_is_left_open_with_what_stopped_it() -> None:
    short = outcome("unreached", where="line 3, KeyError: 'TOKEN'")
    assert left_open(attempt(short)) == {"sql-injection": "line 3, KeyError: 'TOKEN'"}
    assert left_open(attempt(short, outcome("neutralised"))) == {}


def test_kindred_weakness_that_was_reached_settles_a_suspicion() -> None:
    target = msgspec.structs.replace(TARGET, weaknesses=("weak-password-hash",))
    outcomes = [outcome("likely", weakness="weak-hash"), outcome("unreached", weakness="weak-password-hash")]
    made = msgspec.structs.replace(attempt(*outcomes), target=target)
    assert left_open(made) == {}


def test_what_stops_a_run_is_told_apart_from_a_run_that_meets_no_sink() -> None:
    assert stopped(attempt(outcome("unreached", where=NO_SINK))) == ""
    assert stopped(attempt(outcome("unreached", where="line 2, RuntimeError"))) == "line 2, RuntimeError"
    assert stopped(attempt(outcome("unreached", where="line 2, RuntimeError"), outcome("insensitive"))) == ""
    assert f'where = "{NO_SINK}"' in (WORKER / "attack.py").read_text(encoding="utf-8")
