"""What a handler answered, told as events: the page, the redirect, the headers, the cookies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..observe.record import Event
from .run import Run

_SERVERS = {"django", "flask", "werkzeug", "starlette", "fastapi", "aiohttp", "quart", "sanic", "bottle"}
"""Packages whose response objects are answers of the project; a client library's are not."""


class Place:
    """Stands for the frame of an event that the driver itself tells."""

    def __init__(self, file: str, line: int, name: str) -> None:
        self.f_lineno = line
        self.f_code = self
        self.co_filename = file
        self.co_name = name


def place_of(function: Any, node: Any) -> Any:
    """The place of a function's definition."""
    code = getattr(function, "__code__", None)
    file = code.co_filename if code is not None else ""
    return Place(file, getattr(node, "lineno", 0), getattr(node, "name", ""))


def told(
    run: Run, place: Any, status: int, headers: Iterable[tuple[str, str]], body: bytes, text_only: bool = False,
    session: str = "",
) -> None:  # fmt: skip
    """Add the events of a response to the run; ``text_only``: no more than a text, from what no route names.

    ``session`` is the name of the framework's own cookie, which no handler makes. What an answer that sends the browser
    elsewhere says besides is never shown.
    """
    pairs = [(name.lower(), value) for name, value in headers]
    kind = next((value for name, value in pairs if name == "content-type"), "text/html")
    disposition = next((value for name, value in pairs if name == "content-disposition"), "")
    for name, value in pairs:
        if name == "location":
            run.events.append(Event("redirect", value, place, {"status": status}, False))
        elif name == "set-cookie":
            run.events.append(Event("cookie", value, place, {"framework": value.startswith(f"{session}=")}, False))
        else:
            run.events.append(Event("header", f"{name}: {value}", place, {}, False))
    moved = 300 <= status < 400 and any(name == "location" for name, _ in pairs)
    if not moved and not disposition.startswith("attachment"):
        details = {"content_type": kind, "status": status, "text_only": text_only}
        run.events.append(Event("html", body.decode("utf-8", "replace"), place, details, False))


def parts(value: Any) -> tuple[int, list[tuple[str, str]], bytes] | None:
    """Status, headers and body of a framework's response object (Django's, Werkzeug's, Starlette's, aiohttp's).

    ``None`` for everything else.
    """
    if not any(cls.__module__.partition(".")[0] in _SERVERS for cls in type(value).__mro__):
        return None
    status = getattr(value, "status_code", getattr(value, "status", None))
    headers = getattr(value, "headers", None)
    if isinstance(value, (str, bytes)) or not isinstance(status, int) or headers is None:
        return None
    if not hasattr(headers, "items"):
        return None
    body: Any = b""
    for name in ("get_data", "content", "body", "text"):
        try:
            body = getattr(value, name, None)
        except Exception:  # a response that is not rendered has no body to ask for
            body = None
        body = body() if name == "get_data" and callable(body) else body
        if isinstance(body, (str, bytes)):
            break
    data = body.encode("utf-8", "replace") if isinstance(body, str) else body if isinstance(body, bytes) else b""
    pairs = [(str(name), str(given)) for name, given in headers.items()]
    cookies = getattr(value, "cookies", None)
    if cookies and hasattr(cookies, "values"):
        pairs += [
            ("Set-Cookie", morsel.OutputString()) for morsel in cookies.values() if hasattr(morsel, "OutputString")
        ]
    return status, pairs, data
