"""A chat endpoint on loopback that speaks the protocol, and misbehaves on demand in every way that was seen in one."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Reply = Callable[[Json], Json | str]
"""From the body of a request to the answer: a value that is sent as JSON, or a text as it is."""

SAFE = {
    "source": "", "sink": "", "guard": "", "path": "", "reason": "a guard stands there", "verdict": "safe",
    "weakness": "", "constitution": "", "confidence": 0.95, "functions": [],
}  # fmt: skip
UNSAFE = {**SAFE, "reason": "a quote ends the string", "verdict": "unsafe"}


class Endpoint:
    """The server, what it was asked (``bodies``, ``headers``), and how it behaves (``behave``: a name of ``MANNERS``).

    ``then`` are manners for the calls after the first ones: one a call, the last for all the rest.
    """

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.bodies: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.behave = "well"
        self.then: list[str] = []
        self.delay = 0.0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def take(self, path: str, headers: dict[str, str], body: Json) -> str:
        """Note a request; the manner in which it is to be answered."""
        with self._lock:
            self.paths.append(path)
            self.headers.append(headers)
            self.bodies.append(body)
            number = len(self.bodies) - 1
        if not self.then:
            return self.behave
        return self.then[min(number, len(self.then) - 1)]

    def texts(self) -> str:
        """All that was sent, as one text."""
        return "\n".join(message["content"] for body in self.bodies for message in body.get("messages", []))

    def __enter__(self) -> Endpoint:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def serving(reply: Reply) -> Iterator[Endpoint]:
    """A running endpoint."""
    with Endpoint(reply) as endpoint:
        yield endpoint


def asked_by(body: Json) -> str:
    """Which prompt a request is: ``analyst``, ``judge``, ``tester``."""
    system = body["messages"][0]["content"]
    return next((name for start, name in _STARTS.items() if system.startswith(start)), "analyst")


_STARTS = {"You are the last reader": "judge", "You write one attack": "tester"}


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None, usage: bool = True) -> Json:
    """A reply of the protocol."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    counted = {"usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}} if usage else {}
    return {
        "id": "c", "object": "chat.completion", "created": 0, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}], **counted,
    }  # fmt: skip


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            manner = endpoint.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if endpoint.delay:
                time.sleep(endpoint.delay)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._answer(manner, body)

        def _answer(self, manner: str, body: Json) -> None:
            if self.path.endswith("/embeddings"):
                rows = [
                    {"object": "embedding", "index": i, "embedding": [1.0, float(len(t))]}
                    for i, t in enumerate(body["input"])
                ]
                return self._send(
                    200,
                    {"object": "list", "data": rows, "model": "e", "usage": {"prompt_tokens": 1, "total_tokens": 1}},
                )
            if manner == "no schema" and body.get("response_format", {}).get("type") == "json_schema":
                return self._send(400, error("response_format json_schema is not supported"))
            if manner == "text only" and "response_format" in body:
                return self._send(400, error("unknown field response_format"))
            if manner == "no temperature" and ("temperature" in body or "max_tokens" in body):
                name = "temperature" if "temperature" in body else "max_tokens; use max_completion_tokens"
                return self._send(400, error(f"Unsupported parameter: {name}"))
            if manner.startswith("status "):
                _, number, *wait = manner.split()
                return self._send(int(number), error("no"), **({"Retry-After": wait[0]} if wait else {}))
            if manner in odd:
                return odd[manner](self)
            answer = endpoint.reply(body)
            return self._send(200, completion(answer if isinstance(answer, str) else json.dumps(answer)))

        def _send(self, status: int, value: Json | bytes, **headers: str) -> None:
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", headers.pop("Content_Type", "application/json"))
            self.send_header("Content-Length", str(len(data)))
            for name, text in headers.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(data)

    def html(self: Handler) -> None:
        self._send(200, b"<html><body>Welcome to the proxy</body></html>", Content_Type="text/html")

    def torn(self: Handler) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"choices": [{"message": {"content": "{')
        self.close_connection = True

    def slow(self: Handler) -> None:
        time.sleep(60)

    def drip(self: Handler) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        for _ in range(400):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def redirect(self: Handler) -> None:
        self.send_response(307)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def packed(self: Handler) -> None:
        import gzip

        self._send(200, gzip.compress(b" " * 50_000_000), **{"Content-Encoding": "gzip"})

    odd: dict[str, Callable[[Handler], None]] = {
        "html": html,
        "torn": torn,
        "slow": slow,
        "drip": drip,
        "redirect": redirect,
        "packed": packed,
        "not json": lambda self: self._send(200, b'{"choices": [{"mess'),
        "no choices": lambda self: self._send(200, {"choices": []}),
        "other protocol": lambda self: self._send(200, {"output": "safe"}),
        "megabyte": lambda self: self._send(200, completion("x" * 1_000_000)),
        "prose": lambda self: self._send(200, completion("I believe that this is fine.")),
        "another language": lambda self: self._send(200, completion('{"вердикт": "безопасно", "уверенность": 1}')),
        "wrong form": lambda self: self._send(200, completion('{"verdict": "perfectly fine", "confidence": 1}')),
        "empty": lambda self: self._send(200, completion("")),
        "refusal": lambda self: self._send(200, completion(None, refusal="I cannot help with exploits")),
        "filtered": lambda self: self._send(200, completion("", finish="content_filter")),
        "cut off": lambda self: self._send(200, completion('{"verdict": "sa', finish="length")),
    }
    return Handler


def error(text: str) -> Json:
    return {"error": {"message": text, "type": "invalid_request_error"}}
