"""Ask a chat endpoint that speaks OpenAI's protocol, and take no for an answer in every form that it comes in.

The ``openai`` package speaks; it is imported with the first question. Retries are not left to it, since each attempt
must fit the run's budget and deadline. Whatever comes back that is not a complete answer of the asked form is a problem
in a few words: an error status, a refusal, a page of HTML, too many bytes, half a sentence.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from bluehook.check import completions, connection, structured
from bluehook.check.budget import Budget, estimate, tokens
from bluehook.check.completions import UnansweredError
from bluehook.check.connection import AgainError
from bluehook.check.manners import Manners
from bluehook.check.model import Answer, Endpoint, Form, Request
from bluehook.findings import Spend

if TYPE_CHECKING:
    import openai


_TRIES = 4
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_DEAD_AFTER = 4
"""Calls in a row that found nobody: more would only hold the commit up."""

_REPAIR = "This is no valid answer: it {fault}. Answer again with the JSON object alone."


class Client:
    """One endpoint during one run; used from several threads.

    :param timeout: seconds for one call, from its first byte to its last.
    :param sleep: how to wait between attempts.
    """

    def __init__(
        self, endpoint: Endpoint, budget: Budget, *, timeout: float = 60.0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.endpoint = endpoint
        self._budget = budget
        self._timeout = timeout
        self._sleep = sleep
        self._lock = threading.Lock()
        self._speaker: openai.OpenAI | None = None
        self._manners = {model: Manners() for model in endpoint.models}
        self._gone: dict[str, str] = {}
        self._failures = 0
        self._width = 1

    def close(self) -> None:
        """Let go of the connections."""
        if self._speaker is not None:
            self._speaker.close()

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """The answer of the first model that has one; the last one's problem when none has."""
        problem = ""
        for model in self.endpoint.models:
            if model in self._gone:
                problem = problem or self._gone[model]
                continue
            try:
                return self._answer(model, request, form)
            except UnansweredError as error:
                problem = str(error)
                if error.final:
                    self._gone[model] = problem
                if self._budget.refusal or self._failures >= _DEAD_AFTER:
                    break
        return Answer(problem=problem)

    def embed(self, texts: list[str]) -> list[list[float]] | None:
        """The texts as vectors, or ``None`` when the endpoint has none to give."""
        model = self.endpoint.embeddings
        reads = tokens(*texts)
        if not model or self._failures >= _DEAD_AFTER or self._budget.reserve(model, reads, 0):
            return None
        took = 0
        try:
            reply = self._speaking().embeddings.create(model=model, input=texts, timeout=self._patience())
            took = reads
            vectors = [each.embedding for each in sorted(reply.data, key=lambda each: each.index)]
            return vectors if len(vectors) == len(texts) else None
        except Exception:
            # Retrieval falls back to words; what the endpoint lacks is no reason to stop.
            return None
        finally:
            self._budget.settle(model, (reads, 0), (took, 0))

    def embedded(self, texts: Sequence[str]) -> list[list[float]]:
        """As :meth:`embed`, with vectors that say nothing where there are none."""
        vectors = self.embed(list(texts))
        if vectors:
            self._width = len(vectors[0])
        return vectors or [[0.0] * self._width for _ in texts]

    def _answer(self, model: str, request: Request, form: type[Form]) -> Answer:
        messages = [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}]
        reads = writes = 0
        for attempt in range(2):
            text, took = self._call(model, messages, request, form)
            reads, writes = reads + took[0], writes + took[1]
            try:
                found = structured.read(text, form)
            except ValueError as error:
                if attempt:
                    raise UnansweredError(f"the answer {error}") from None
                fault = str(error)
                shown = text[:2000]
                messages += [
                    {"role": "assistant", "content": shown},
                    {"role": "user", "content": _REPAIR.format(fault=fault)},
                ]
                continue
            spend = Spend(calls=attempt + 1, input=reads, output=writes, models=(model,))
            return Answer(text=msgspec.json.encode(found).decode(), model=model, spend=spend)
        raise AssertionError("unreachable")

    def _call(
        self, model: str, messages: list[dict[str, str]], request: Request, form: type[Form]
    ) -> tuple[str, tuple[int, int]]:
        """The text of one answer and the tokens that it took; failures that pass are tried again."""
        reads = estimate(*(message["content"] for message in messages))
        last = ""
        for attempt in range(_TRIES):
            held = (reads, self._manners[model].longest(request))
            if self._failures >= _DEAD_AFTER:
                raise UnansweredError(last or "nobody answers there", final=True)
            if refusal := self._budget.reserve(model, *held):
                raise UnansweredError(f"the budget is spent: {refusal}")
            took = (0, 0)
            try:
                completion = self._once(model, messages, request, form)
                took = completions.took(completion, held[0])
                self._failures = 0
                return completions.text(completion), took
            except AgainError as error:
                last = str(error)
                wait = error.after if error.after is not None else _backoff(attempt)
                if error.adapted:
                    wait = 0.0
                elif error.nobody:
                    self._failures += 1
                if attempt + 1 == _TRIES or wait > min(_LONGEST_WAIT, self._budget.left()):
                    break
                self._sleep(wait)
            finally:
                self._budget.settle(model, held, took)
        raise UnansweredError(last)

    def _once(
        self, model: str, messages: list[dict[str, str]], request: Request, form: type[Form]
    ) -> completions.Completion:
        import openai

        manners = self._manners[model]
        options = manners.options(request, form)
        try:
            raw = self._speaking().chat.completions.with_raw_response.create(
                model=model,
                messages=messages,  # type: ignore[arg-type]
                timeout=self._patience(),
                **options,
            )
            return connection.read(raw.http_response)
        except openai.APITimeoutError:
            raise AgainError("no answer in time", nobody=True) from None
        except openai.APIConnectionError as error:
            raise connection.cause(error) from None
        except openai.APIStatusError as error:
            raise self._refused(error, manners, options) from None
        except (UnansweredError, AgainError):
            raise
        except connection.BOUNDS as error:
            raise connection.cause(error) from None
        except Exception as error:
            # Whatever a stranger's bytes provoke in the libraries below is no answer, and no reason to fail.
            raise UnansweredError(f"no usable answer ({type(error).__name__})") from None

    def _refused(self, error: openai.APIStatusError, manners: Manners, options: dict[str, Any]) -> Exception:
        status = error.status_code
        if status in (401, 403):
            return UnansweredError(f"HTTP {status}: the key is not accepted", final=True)
        if status == 404:
            return UnansweredError("HTTP 404: no such address or model", final=True)
        if status in (408, 409, 429) or status >= 500:
            return AgainError(f"HTTP {status}", after=connection.retry_after(error.response))
        if status in (400, 422) and manners.adapt(error.response.text, options):
            return AgainError(f"HTTP {status}", adapted=True)
        return UnansweredError(f"HTTP {status}")

    def _patience(self) -> float:
        return max(0.1, min(self._timeout, self._budget.left()))

    def _speaking(self) -> openai.OpenAI:
        with self._lock:
            if self._speaker is None:
                import openai

                self._speaker = openai.OpenAI(
                    base_url=self.endpoint.url,
                    # The package refuses an empty key; servers without keys pass over any.
                    api_key=self.endpoint.key or "none",
                    default_headers={"api-key": self.endpoint.key} if self.endpoint.preset == "azure" else None,
                    max_retries=0,
                    http_client=connection.connected(self._patience),
                )
            return self._speaker


def _backoff(attempt: int) -> float:
    return random.uniform(0.5, 1.0) * _FIRST_WAIT * 2.0**attempt
