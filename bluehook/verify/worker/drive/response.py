"""What a handler answered, told as events: the page, the redirect, the headers, the cookies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..observe.record import Event
from .run import Run


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


def told(run: Run, place: Any, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    """Add the events of a response to the run."""
    pairs = [(name.lower(), value) for name, value in headers]
    kind = next((value for name, value in pairs if name == "content-type"), "text/html")
    disposition = next((value for name, value in pairs if name == "content-disposition"), "")
    for name, value in pairs:
        if name == "location":
            run.events.append(Event("redirect", value, place, {"status": status}, False))
        elif name == "set-cookie":
            run.events.append(Event("cookie", value, place, {}, False))
        else:
            run.events.append(Event("header", f"{name}: {value}", place, {}, False))
    if not disposition.startswith("attachment"):
        details = {"content_type": kind, "status": status}
        run.events.append(Event("html", body.decode("utf-8", "replace"), place, details, False))
