"""Django's middleware: it is given a request, and something that answers requests which it leaves alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..inputs.slots import Inputs
from .load import Target

_GIVEN = "get_response"


def called(target: Target, inputs: Inputs) -> Callable[..., Any] | None:
    """A view that lets the middleware see its request; ``None`` where the function is no middleware's.

    What it leaves alone is answered by a page; by none that is found, where unknown calls are to fail.
    """

    def answered(request: Any) -> Any:
        from django.http import HttpResponse  # type: ignore[import-untyped, unused-ignore]

        return HttpResponse("harness", content_type="text/plain", status=200 if inputs.policy.truth else 404)

    if target.outer is not None:
        made_by = target.outer.function
        if target.outer.kind != "function" or target.outer.outer is not None or not _takes_answers(made_by):
            return None
        return lambda request: made_by(answered)(request)
    owner: Any = target.owner
    name = getattr(target.node, "name", "")
    if owner is None or target.kind != "method" or not _takes_answers(owner):
        return None
    if name == "__call__":
        return lambda request: owner(answered)(request)
    if name == "process_request":
        return lambda request: owner(answered).process_request(request) or answered(request)
    if name == "process_response":
        return lambda request: owner(answered).process_response(request, answered(request))
    return None


def _takes_answers(maker: Any) -> bool:
    try:
        first = next(iter(inspect.signature(maker).parameters), "")
    except (TypeError, ValueError):
        return False
    return first == _GIVEN
