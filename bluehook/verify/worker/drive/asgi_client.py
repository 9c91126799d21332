"""The least of a server that an ASGI application needs: one request, one answer, and the application's start."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any


@dataclasses.dataclass
class Asked:
    """One request. ``path`` is decoded, as servers hand it on."""

    method: str
    path: str
    query: str = ""
    headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    body: bytes = b""


@dataclasses.dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    body: bytes = b""


async def ask(app: Any, asked: Asked, state: dict[str, Any], answer: Answer) -> None:
    """Send one request to the application; the answer is filled as it arrives, also when the application raises."""
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": asked.method, "scheme": "http", "path": asked.path, "raw_path": asked.path.encode("utf-8", "replace"),
        "query_string": asked.query.encode("ascii", "replace"), "root_path": "", "state": dict(state),
        "headers": [(name.lower().encode("latin-1", "replace"), value.encode("utf-8", "replace"))
                    for name, value in asked.headers],
        "client": ("127.0.0.1", 50_000), "server": ("localhost", 80),
    }  # fmt: skip
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode("latin-1"), value.decode("latin-1"))
                              for name, value in message.get("headers", [])]  # fmt: skip
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, send)


async def talk(app: Any, path: str, query: str, headers: list[tuple[str, str]], texts: list[str]) -> list[str]:
    """Open a WebSocket, send these texts and leave; what the application said."""
    scope = {
        "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "ws",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": query.encode("ascii", "replace"),
        "root_path": "", "subprotocols": [], "state": {}, "client": ("127.0.0.1", 50_000), "server": ("localhost", 80),
        "headers": [(name.lower().encode("latin-1", "replace"), value.encode("utf-8", "replace"))
                    for name, value in headers],
    }  # fmt: skip
    waiting: list[dict[str, Any]] = [{"type": "websocket.connect"}]
    waiting += [{"type": "websocket.receive", "text": text} for text in texts]
    said: list[str] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            data = message.get("text") or message.get("bytes") or ""
            said.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))

    await app(scope, receive, send)
    return said


async def start(app: Any, seconds: float) -> dict[str, Any]:
    """Let the application start up; the state that its requests share, empty when it fails or takes too long."""
    state: dict[str, Any] = {}
    ended = asyncio.Event()
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "lifespan.startup"}
        await asyncio.Event().wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: Any) -> None:
        ended.set()

    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": state}
    running = asyncio.ensure_future(app(scope, receive, send))
    waiting = asyncio.ensure_future(ended.wait())
    await asyncio.wait({running, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    _STARTED.append(running)
    if running.done():
        running.exception()
    return state


_STARTED: list[Any] = []
"""Applications that run: what they opened at their start stays open."""
