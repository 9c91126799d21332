"""``bluehook eval``, as a user starts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import bluehook
from endpoint import SAFE, Json, serving

CASES = [
    {"id": "u", "task": "vuln-code", "unsafe": True, "text": "def f(x):\n    return eval(x)\n", "pair": "p", "cwe": 94},
    {"id": "s", "task": "vuln-code", "unsafe": False, "text": "def f(x):\n    return int(x)\n", "pair": "p", "cwe": 94},
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in CASES))
    return file


def test_a_batch_goes_out_and_comes_back(tmp_path: Path, cases: Path) -> None:
    cache = tmp_path / "cache"
    out = bluehook(tmp_path, cache, "eval", str(cases), "--mode", "direct", "--batch-out", "out.jsonl", "--model", "m")
    assert out.status == 0, out.err
    assert "out.jsonl: 2 requests to m" in out.out
    requests = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    lines = []
    for request in requests:
        verdict = "unsafe" if "eval" in request["body"]["messages"][1]["content"] else "safe"
        message = {"content": json.dumps({"verdict": verdict})}
        response = {"status_code": 200, "body": {"choices": [{"message": message, "finish_reason": "stop"}]}}
        lines.append(json.dumps({"custom_id": request["custom_id"], "response": response}))
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    back = bluehook(tmp_path, cache, "eval", str(cases), "--mode", "direct", "--batch-in", "in.jsonl", "--by-cwe")
    assert back.status == 0, back.err
    assert "2 lines, 2 of them about these cases, 0 not readable" in back.out
    [row] = [line for line in back.out.splitlines() if line.startswith("cases, direct")]
    assert row.split()[2:] == ["1", "0", "0", "1", "1.000", "1.000", "0.000", "1.000", "0", "0", "1", "of", "1"]
    assert "  CWE-94" in back.out


def test_a_live_run_says_what_it_took(tmp_path: Path, cases: Path) -> None:
    def reply(body: Json) -> Json:
        unsafe = {"verdict": "unsafe", "sink": "return eval(x)"}
        return {**SAFE, **(unsafe if "eval" in body["messages"][1]["content"].split("begin")[-1] else {})}

    with serving(reply) as endpoint:
        env = {"BLUEHOOK_CHECK_URL": endpoint.url, "BLUEHOOK_CHECK_MODEL": "m"}
        ended = bluehook(tmp_path, tmp_path / "cache", "eval", str(cases), "--mode", "constitution", given=b"", **env)
        assert ended.status == 0, ended.err
        assert "2 questions asked, 2 calls to m, 2000 + 200 tokens, cost unknown" in ended.out
        assert "   1 of 1" in ended.out
        short = bluehook(
            tmp_path, tmp_path / "other", "eval", str(cases), "--mode", "direct", "--max-calls", "1", "--misses",
            given=b"", **env,
        )  # fmt: skip
        assert "unknown: 1 x the budget is spent: 1 calls are made (check.max-calls)" in short.out


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--batch-out", "x"], "need --mode"),
        (["--mode", "direct"], "no endpoint is set"),
        (["--mode", "direct", "--batch-out", "x"], "needs the name of a model"),
        (["--mode", "direct", "--batch-in", "nowhere"], "nowhere: cannot be read"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, cases: Path, options: list[str], reason: str) -> None:
    ended = bluehook(tmp_path, tmp_path / "cache", "eval", str(cases), *options)
    assert ended.status == 2
    assert reason in ended.err
