"""The protocol's own words: how an answer is asked for, and what is taken from a reply."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from bluehook.check import structured
from bluehook.check.budget import tokens
from bluehook.check.model import Form, Request

TEMPERATURE = 0
SEED = 7
As = Literal["json_schema", "json_object", "text"]
FORMS: tuple[As, ...] = get_args(As)
"""How an answer can be asked for, strictest first."""


class UnansweredError(Exception):
    """A call that brought no answer. ``final`` says that this model will not do better when asked again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Usage(msgspec.Struct, frozen=True):
    """Tokens as a server counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Message(msgspec.Struct, frozen=True):
    """What a model said, or that it would not."""

    content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """One answer, and why it ends."""

    message: Message
    finish_reason: str | None = None


class Completion(msgspec.Struct, frozen=True):
    """A reply, as far as we look at it."""

    choices: list[Choice]
    usage: Usage | None = None
    model: str = ""


def answer_as(kind: As, request: Request, form: type[Form]) -> dict[str, Any]:
    """What a request says of the form of its answer."""
    if kind == "json_schema":
        named = {"name": request.form, "strict": True, "schema": structured.schema(form)}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {"response_format": {"type": "json_object"}} if kind == "json_object" else {}


def messages(request: Request) -> list[dict[str, str]]:
    """A request as the protocol writes it."""
    return [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}]


def read(data: bytes | msgspec.Raw) -> Completion:
    """The reply in some bytes. Raises :class:`UnansweredError` for anything else."""
    try:
        return msgspec.json.decode(data, type=Completion)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnansweredError("the reply is not in the protocol's form") from None


def text(completion: Completion) -> str:
    """The words of a reply. Raises :class:`UnansweredError` when there are none, or not all."""
    if not completion.choices:
        raise UnansweredError("the reply is empty")
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise UnansweredError("the model refused")
    if choice.finish_reason == "length":
        raise UnansweredError("the answer was cut off")
    if not (choice.message.content or "").strip():
        raise UnansweredError("the reply is empty")
    return choice.message.content or ""


def took(completion: Completion, reads: int) -> tuple[int, int]:
    """The tokens of a call as the server counts them, or about; a count below zero is nobody's."""
    usage = completion.usage
    if usage is not None and usage.prompt_tokens > 0 and usage.completion_tokens >= 0:
        return usage.prompt_tokens, usage.completion_tokens
    written = "".join(choice.message.content or "" for choice in completion.choices)
    return reads, tokens(written)
