"""Requests as a file for a batch run, and the file of its results, in the format of OpenAI's Batch API.

The format is described at https://platform.openai.com/docs/guides/batch; vLLM's ``run-batch`` reads and writes it too.
A line of results is found by its ``custom_id``, which names the question by its content: results of other questions,
other prompts or other constitutions are not taken for answers to these.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from bluehook.check import completions, structured
from bluehook.check.completions import As, UnansweredError
from bluehook.check.model import Answer, Form, Request
from bluehook.findings import BluehookError, Spend

_LONGEST_LINE = 1024 * 1024
URL = "/v1/chat/completions"


def line(request: Request, form: type[Form], model: str, kind: As = "json_schema") -> str:
    """One request as a line of the file."""
    body = {
        "model": model,
        "messages": completions.messages(request),
        "temperature": completions.TEMPERATURE,
        "seed": completions.SEED,
        "max_tokens": request.longest,
        **completions.answer_as(kind, request, form),
    }
    return json.dumps({"custom_id": request.id, "method": "POST", "url": URL, "body": body}, ensure_ascii=False)


def write(file: Path, lines: Iterable[str]) -> int:
    """Write the lines; how many bytes they are.

    :raises BluehookError: the file cannot be written.
    """
    data = "".join(f"{each}\n" for each in lines).encode("utf-8", "replace")
    try:
        file.write_bytes(data)
    except OSError as error:
        raise BluehookError(f"{file}: cannot be written: {error.strerror}") from error
    return len(data)


class _Response(msgspec.Struct, frozen=True):
    status_code: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Line(msgspec.Struct, frozen=True):
    custom_id: str
    response: _Response | None = None


class Results:
    """An asker that answers from a file of results.

    ``unread`` counts lines that are no results, ``used`` the lines that answered a question, ``lines`` all of them.
    """

    def __init__(self, file: Path) -> None:
        """:raises BluehookError: the file cannot be read."""
        self.lines = 0
        self.unread = 0
        self._by_id: dict[str, _Line] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()
        self._tokens: Counter[str] = Counter()
        self._models: dict[str, None] = {}
        try:
            with file.open("rb") as stream:
                while data := stream.readline(_LONGEST_LINE):
                    self._take(data)
        except OSError as error:
            raise BluehookError(f"{file}: cannot be read: {error.strerror}") from error

    def __contains__(self, name: object) -> bool:
        return name in self._by_id

    @property
    def used(self) -> int:
        """How many lines answered a question so far."""
        return len(self._used)

    def spend(self) -> Spend:
        """The tokens of the lines that were used, as the server counted them."""
        with self._lock:
            return Spend(
                calls=self.used, input=self._tokens["read"], output=self._tokens["written"], models=tuple(self._models)
            )

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """As :class:`Asker`."""
        found = self._by_id.get(request.id)
        if found is None:
            return Answer(problem="no result in the file")
        with self._lock:
            self._used.add(request.id)
        try:
            if found.response is None:
                raise UnansweredError("the call failed")
            if found.response.status_code != 200:
                raise UnansweredError(f"HTTP {found.response.status_code}")
            completion = completions.read(found.response.body)
            self._count(completion)
            answer = structured.read(completions.text(completion), form)
        except UnansweredError as error:
            return Answer(problem=str(error))
        except ValueError as error:
            return Answer(problem=f"the answer {error}")
        return Answer(text=msgspec.json.encode(answer).decode(), model=completion.model[:100])

    def _take(self, data: bytes) -> None:
        if not data.strip():
            return
        self.lines += 1
        try:
            found = msgspec.json.decode(data, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.unread += 1
            return
        self._by_id[found.custom_id] = found

    def _count(self, completion: completions.Completion) -> None:
        reads, writes = completions.took(completion, 0)
        with self._lock:
            self._tokens["read"] += reads
            self._tokens["written"] += writes
            if completion.model:
                self._models[completion.model[:100]] = None
