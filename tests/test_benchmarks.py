"""The measuring itself: a wrong ruler would mislead for years."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpora, endings, modules, precision, retrieval
from benchmarks.measure import Command, Cost, cost, ratio, rounds
from benchmarks.shapes import by_shape, shape
from benchmarks.speed import Comparison, as_data, told
from bluehook.evaluate.score import Score
from bluehook.knowledge import load
from bluehook.verify import model

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="counts orphans and reads /proc")


def python(code: str, folder: Path, **more: tuple[int, ...]) -> Command:
    return Command([sys.executable, "-c", code], folder, dict(os.environ), **more)


@LINUX
def test_the_processor_time_of_orphans_is_counted(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    leaves_a_child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    assert cost(python(leaves_a_child, tmp_path)).cpu >= 0.5


@LINUX
def test_the_memory_of_children_is_counted(tmp_path: Path) -> None:
    hold = "import time; x = bytearray(b'x') * (64 << 20); time.sleep(0.5)"
    start = f"subprocess.Popen([sys.executable, '-c', {hold!r}])"
    two = f"import subprocess, sys; [process.wait() for process in [{start}, {start}]]"
    memory = cost(python(two, tmp_path), with_memory=True).memory
    assert 2 * 64 << 20 <= memory < 4 * 64 << 20


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)exit status 3.*no such thing"):
        cost(python("import sys; print('no such thing'); sys.exit(3)", tmp_path))
    assert cost(python("import sys; sys.exit(3)", tmp_path, accepted=(3,))).wall > 0


def test_rounds_alternate_their_order(tmp_path: Path) -> None:
    order: list[str] = []

    def contender(name: str) -> Command:
        order.append(name)
        return python("pass", tmp_path)

    costs = rounds({"a": lambda: contender("a"), "b": lambda: contender("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert {name: len(values) for name, values in costs.items()} == {"a": 3, "b": 3}


def test_a_ratio_compares_within_rounds() -> None:
    ours, theirs = [Cost(1, 0), Cost(10, 0), Cost(2, 0)], [Cost(2, 0), Cost(20, 0), Cost(8, 0)]
    assert ratio(ours, theirs) == 0.5
    comparison = Comparison("ten", "ten files", {"bluehook": ours, "bandit": theirs})
    assert as_data(comparison)["ratios"] == {"bandit": 0.5}
    assert "bluehook takes 0.50 of it" in told(comparison)


def test_modules_are_python_and_the_same_each_time(tmp_path: Path) -> None:
    paths = list(modules.write(tmp_path, 20))
    assert len({path.name for path in paths}) == 20
    for number, path in enumerate(paths):
        ast.parse(path.read_text())
        assert path.read_text() == modules.module(number)


def corpus(tmp_path: Path, *cases: dict[str, object]) -> Path:
    file = tmp_path / "small.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return file


def case(name: str, unsafe: bool, pair: str | None = None) -> corpora.Case:
    return corpora.Case(name, "x = 1\n", unsafe, 89, pair)


def test_scores() -> None:
    cases = [case("a", True, "1"), case("b", False, "1"), case("c", True, "2"), case("d", False, "2"), case("e", True)]
    score = corpora.score(cases, {"a", "c", "d"})
    assert score == Score(tp=2, fn=1, fp=1, tn=1, apart=1, pairs=2)
    assert (score.precision, score.recall, score.false_positive_rate) == (2 / 3, 2 / 3, 1 / 2)
    assert score.f1 == pytest.approx(2 / 3)
    assert corpora.score([], set()).f1 == 0


def test_only_code_cases_are_read_and_a_broken_line_is_named(tmp_path: Path) -> None:
    good = {"id": "a", "task": "vuln-code", "text": "x", "unsafe": True}
    biased = {**good, "id": "b", "task": "bias-code", "attribute": "race"}
    assert corpora.read(corpus(tmp_path, good, biased, {**good, "task": "prompt-injection"})) == [
        corpora.Case("a", "x", True, None, None),
        corpora.Case("b", "x", True, None, None, "race"),
    ]
    with pytest.raises(ValueError, match=r"small\.jsonl:2"):
        corpora.read(corpus(tmp_path, good, {"task": "vuln-code"}))


def test_suppressed_and_refuted_findings_do_not_count() -> None:
    def finding(path: str, verdict: str = "likely", blocks: bool = True, suppressed: str | None = None) -> object:
        return {"location": {"path": path}, "verdict": verdict, "blocks": blocks, "suppressed": suppressed}

    findings = [
        finding("0"),
        finding("1", "possible", False),
        finding("2", "refuted", False),
        finding("3", suppressed="x"),
    ]
    report = {"findings": findings, "stages": []}
    assert corpora.read_report(report, {str(n): f"case {n}" for n in range(4)}) == ({"case 0", "case 1"}, {"case 0"})


def test_a_shape_forgets_names_constants_and_comments_and_keeps_the_rest() -> None:
    first = shape("def read(name):  # of the shop\n    return open('/srv/' + name, 'r').read(10)\n")
    assert first == shape('def load(x):\n  return open("data/" + x, """b""").read(7)')
    assert first != shape("def read(name):\n    return open('/srv/' + name + 'x', 'r').read(10)\n")


def test_pairs_are_counted_once_for_each_shape() -> None:
    def pair(number: int, tail: str) -> list[corpora.Case]:
        made = {True: f"f(a{number})" + tail, False: f"g(b(a{number}))" + tail}
        return [corpora.Case(f"{number}-{one}", made[one], one, 89, str(number)) for one in made]

    cases = [*pair(1, ""), *pair(2, ""), *pair(3, "+ 1")]
    assert by_shape(cases, {"1-True", "3-True", "3-False"}) == (2, 0, 0.5)
    assert by_shape(cases, {"1-True", "2-True"}) == (2, 1, 1.0)


def test_sample_keeps_pairs_together() -> None:
    cases = [corpora.Case(f"{n}-{one}", "", one, 89, str(n)) for n in range(10) for one in (True, False)]
    chosen = endings.sampled(cases, 8)
    assert [one.pair for one in chosen] == ["0", "0", "2", "2", "5", "5", "7", "7"]
    assert endings.sampled(cases, 0) == cases


def attempted(*outcomes: model.Outcome, problem: str = "") -> model.Attempt:
    target = model.Target(path="case_0.py", function="f", lines=(1, 9))
    return model.Attempt(target=target, reply=model.Reply(id="f", outcomes=list(outcomes), problem=problem))


def test_a_case_ends_as_the_furthest_of_its_functions() -> None:
    def one(ending: model.Ending, weakness: str = "sql-injection", **more: Any) -> model.Attempt:
        return attempted(model.Outcome(weakness=weakness, ending=ending, sink_line=2, **more))

    held = {"trust": "composed", "effect": "e", "slot": "s"}
    whole = {"trust": "whole", "effect": "e", "slot": "s"}
    safe = case("a", False)
    assert endings.ended(safe, [one("unreached", where="line 3"), one("proven", **held)]).ending == "proven"
    assert endings.ended(safe, [one("likely", "weak-hash", effect="md5")]) == ("likely", "md5", "weak-hash")
    assert endings.ended(safe, [one("likely", **whole)]).ending == "noted"
    assert endings.ended(safe, [one("insensitive"), one("neutralised")]).ending == "neutralised"
    assert endings.ended(safe, [one("neutralised", "xxe"), one("unreached", where="line 3")]).why == "line 3"
    assert endings.ended(safe, [attempted(problem="no answer")]).ending == "failed"
    assert endings.ended(safe, []).ending == "unreached"


def test_retrieval_asks_with_the_code_alone_and_ranks_what_is_right() -> None:
    text = "import pickle\n\n\ndef cart(data):\n    return pickle.loads(data)\n"
    cases = [corpora.Case("a", text, True, 502, None), corpora.Case("b", text, True, 90, None)]
    right, wrong = retrieval.measure(load(), cases)
    assert (right.alone, right.named) == (0, 0)
    assert right.first[0] == "deserialization"
    assert wrong.first == right.first
    assert wrong.alone is None or wrong.alone > 0
    assert retrieval.row("x", [right]).split() == ["x", "1", "1.000", "1.000", "1.000", "1.000"]


def test_claims_are_counted_again_with_the_range_of_their_precision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said.txt"
    said.write_text("real ssrf a.py::f it is\nwrong ssrf a.py::g it is not\n")
    claims = [
        precision.Claim("proven", "ssrf", f"a.py::{name}", 1, "", "", "", "", "")._asdict() for name in ("f", "g", "h")
    ]
    run = tmp_path / "run.json"
    run.write_text(json.dumps({"of": "x", "functions": 9, "attacked": 12, "claims": claims}))
    monkeypatch.setattr(sys, "argv", ["precision", "--judgements", str(said), "--tally", str(run)])
    precision.main()
    told = capsys.readouterr().out
    assert "x: 9 functions, 12 attacked" in told
    assert "all proven: 3 (1 real, 1 unjudged, 1 wrong), precision 0.500 (0.09 to 0.91)" in told


@pytest.mark.parametrize(("hits", "of", "low"), [(60, 60, 0.94), (10, 10, 0.72), (0, 5, 0.0)])
def test_few_cases_leave_a_wide_range(hits: int, of: int, low: float) -> None:
    assert precision.interval(hits, of)[0] == pytest.approx(low, abs=0.005)
