"""The client against a real server that behaves in every way there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from endpoint import SAFE, Endpoint, serving

from bluehook.check import structured
from bluehook.check.budget import Budget
from bluehook.check.client import Client
from bluehook.check.endpoint import bounded
from bluehook.check.model import Analysis, Limits, Price, Request
from bluehook.check.model import Endpoint as Place
from bluehook.findings import BluehookError

REQUEST = Request(id="1", system="Judge.", user="print(1)", form="analyst")


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with serving(lambda body: SAFE) as endpoint:
        yield endpoint


class Waits(list[float]):
    """Collects how long the client would have slept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


UNBOUNDED = Limits()


def client(server: Endpoint, limits: Limits = UNBOUNDED, **options: Any) -> Client:
    place = Place(url=server.url, models=options.pop("models", ("small",)), key=options.pop("key", ""))
    return Client(place, options.pop("budget", Budget(limits)), sleep=options.pop("sleep", Waits()), **options)


def test_an_answer_arrives_with_what_it_took(server: Endpoint) -> None:
    budget = Budget(Limits(prices={"small": Price(1.0, 10.0)}))
    answer = client(server, budget=budget, key="k-123").ask(REQUEST, Analysis)
    assert structured.read(answer.text, Analysis).verdict == "safe"
    assert (answer.model, answer.problem) == ("small", "")
    [body] = server.bodies
    assert (body["temperature"], body["seed"], body["response_format"]["type"]) == (0, 7, "json_schema")
    assert server.headers[0]["authorization"] == "Bearer k-123"
    spend = budget.spend()
    assert (spend.calls, spend.input, spend.output, spend.models) == (1, 1000, 100, ("small",))
    assert spend.cost == pytest.approx(0.002)


@pytest.mark.parametrize(
    ("manner", "problem", "calls"),
    [
        ("status 401", "HTTP 401: the key is not accepted", 1),
        ("status 403", "HTTP 403: the key is not accepted", 1),
        ("status 404", "HTTP 404: no such address or model", 1),
        ("status 429", "HTTP 429", 4),
        ("status 500", "HTTP 500", 4),
        ("status 418", "HTTP 418", 1),
        ("html", "a web page came instead of an answer", 1),
        ("torn", "the connection failed or broke off", 4),
        ("redirect", "HTTP 307", 1),
        ("packed", "a reply of more than 256 KiB", 1),
        ("megabyte", "a reply of more than 256 KiB", 1),
        ("not json", "the reply is not in the protocol's form", 1),
        ("other protocol", "the reply is not in the protocol's form", 1),
        ("no choices", "the reply is empty", 1),
        ("empty", "the reply is empty", 1),
        ("refusal", "the model refused", 1),
        ("filtered", "the model refused", 1),
        ("cut off", "the answer was cut off", 1),
        ("prose", "the answer holds no JSON object", 2),
        ("another language", "the answer does not fit", 2),
        ("wrong form", "the answer does not fit", 2),
    ],
)
def test_what_is_no_answer_is_a_problem(server: Endpoint, manner: str, problem: str, calls: int) -> None:
    server.behave = manner
    answer = client(server).ask(REQUEST, Analysis)
    assert answer.problem.startswith(problem)
    assert (answer.text, len(server.bodies)) == ("", calls)


@pytest.mark.parametrize("manner", ["slow", "drip"])
def test_nobody_is_waited_for_longer_than_the_time_limit(server: Endpoint, manner: str) -> None:
    server.behave = manner
    started = time.monotonic()
    answer = client(server, Limits(calls=1), timeout=0.4).ask(REQUEST, Analysis)
    assert "no answer in time" in answer.problem or "budget" in answer.problem
    assert time.monotonic() - started < 25, "the server would take forty seconds or more"


def test_nobody_listening_is_given_up(server: Endpoint) -> None:
    place = Place(url="http://127.0.0.1:9/v1", models=("a", "b"))
    asked = Client(place, Budget(Limits()), sleep=Waits())
    assert asked.ask(REQUEST, Analysis).problem == "the connection failed or broke off"
    started = time.monotonic()
    assert asked.ask(REQUEST, Analysis).problem
    assert time.monotonic() - started < 0.5


def test_what_passes_is_tried_again_when_the_server_says(server: Endpoint) -> None:
    server.then = ["status 429 3", "status 503", "well"]
    waits = Waits()
    answer = client(server, sleep=waits).ask(REQUEST, Analysis)
    assert not answer.problem
    assert waits[0] == 3.0
    assert 0.4 < waits[1] < 1.1


def test_a_wait_beyond_the_deadline_is_not_begun(server: Endpoint) -> None:
    server.behave = "status 429 3600"
    waits = Waits()
    assert client(server, sleep=waits).ask(REQUEST, Analysis).problem == "HTTP 429"
    assert (waits, len(server.bodies)) == ([], 1)


@pytest.mark.parametrize(
    ("manner", "form"), [("no schema", "json_object"), ("text only", None), ("no temperature", "json_schema")]
)
def test_the_client_learns_what_a_server_takes(server: Endpoint, manner: str, form: str | None) -> None:
    server.behave = manner
    asked = client(server)
    assert not asked.ask(REQUEST, Analysis).problem
    before = len(server.bodies)
    assert not asked.ask(REQUEST, Analysis).problem
    assert len(server.bodies) == before + 1, "what was learned holds for the run"
    assert server.bodies[-1].get("response_format", {}).get("type") == form
    if manner == "no temperature":
        assert "max_completion_tokens" in server.bodies[-1]


def test_a_bad_answer_is_sent_back_once(server: Endpoint) -> None:
    server.then = ["prose", "well"]
    assert not client(server).ask(REQUEST, Analysis).problem
    assert "holds no JSON object" in server.bodies[1]["messages"][-1]["content"]


def test_the_next_model_answers_when_one_does_not(server: Endpoint) -> None:
    server.then = ["refusal", "well"]
    answer = client(server, models=("prim", "plain")).ask(REQUEST, Analysis)
    assert answer.model == "plain"


def test_a_key_that_is_refused_is_not_tried_on_every_question(server: Endpoint) -> None:
    server.behave = "status 401"
    asked = client(server)
    for _ in range(5):
        assert asked.ask(REQUEST, Analysis).problem.startswith("HTTP 401")
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(calls=2), "2 calls are made (check.max-calls)"),
        (Limits(tokens=2000), "the next call could exceed 2000 tokens (check.max-tokens)"),
        (Limits(cost=0.003, prices={"small": Price(1.0, 10.0)}), "the next call could cost more"),
        (Limits(cost=1.0), "check.max-cost is set and check.prices has no price for small"),
    ],
)
def test_no_call_is_made_beyond_the_budget(server: Endpoint, limits: Limits, reason: str) -> None:
    asked = client(server, limits)
    problems = [asked.ask(REQUEST, Analysis).problem for _ in range(4)]
    assert reason in problems[-1]
    assert len(server.bodies) == sum(not problem for problem in problems) < 4


def test_a_run_that_is_out_of_time_asks_nobody(server: Endpoint) -> None:
    clock = iter([0.0, 11.0, 11.0, 11.0, 11.0, 11.0])
    budget = Budget(Limits(seconds=10), clock=lambda: next(clock))
    assert "10 s are over" in client(server, budget=budget).ask(REQUEST, Analysis).problem
    assert server.bodies == []


def test_prices_that_are_not_known_are_not_made_up(server: Endpoint) -> None:
    budget = Budget(Limits(prices={"other": Price(1, 1)}))
    client(server, budget=budget).ask(REQUEST, Analysis)
    assert budget.spend().cost is None


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"verdict": "safe"}\n```',
        '<think>{"verdict": "unsafe"}</think>{"verdict": "safe", "more": 1}',
        'Here { it is: {"verdict": "safe", "confidence": "0.5"} as asked',
    ],
)
def test_answers_are_found_in_what_models_put_around_them(text: str) -> None:
    assert structured.read(text, Analysis).verdict == "safe"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"verdict": 1}', "{" * 5000, '{"a":' * 3000, '"safe"'])
def test_what_is_no_answer_is_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
        structured.read(text, Analysis)


def test_constitutions_can_be_found_by_vectors(server: Endpoint) -> None:
    place = Place(url=server.url, models=("small",), embeddings="vectors")
    budget = Budget(UNBOUNDED)
    asked = Client(place, budget, sleep=Waits())
    assert asked.embedded(["a", "bcd"]) == [[1.0, 1.0], [1.0, 3.0]]
    assert server.paths == ["/v1/embeddings"]
    assert budget.spend().calls == 1
    spent = Client(place, Budget(Limits(tokens=1)), sleep=Waits())
    assert spent.embedded(["a long text"]) == [[0.0]], "without vectors they say nothing"


def test_the_users_own_file_bounds_what_a_repository_may_spend(tmp_path: Path) -> None:
    (tmp_path / "check.toml").write_text("max-calls = 5\nmax-seconds = 20\n")
    free = bounded(Limits(calls=0, tokens=7, seconds=3.0), tmp_path)
    assert (free.calls, free.tokens, free.seconds) == (5, 7, 3.0)
    assert bounded(Limits(calls=2, seconds=0.0), tmp_path).seconds == 20
    (tmp_path / "check.toml").write_text("max-calls = -1\n")
    with pytest.raises(BluehookError, match=r"check\.toml"):
        bounded(Limits(), tmp_path)
