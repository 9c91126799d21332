"""Addresses that the code contacts. Nothing is sent: the request is noted and answered with a page of the harness."""

from __future__ import annotations

import email.message
import io
import json
import socket
import ssl
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from . import handshake
from .patch import later, wrap
from .record import RECORDER, as_text


class Network:
    """Where replies of other hosts come from, and the names that were looked up, by the address that they got."""

    def __init__(self) -> None:
        self.body: Callable[[], bytes] = lambda: b""
        self.names: dict[str, str] = {}


NETWORK = Network()


class Answer(io.BytesIO):
    """What ``urlopen`` returns: a readable reply with status and headers."""

    def __init__(self, url: str) -> None:
        super().__init__(NETWORK.body())
        self.url = url
        self.status = self.code = 200
        self.reason = self.msg = "OK"
        self.headers = email.message.Message()
        self.headers["Content-Type"] = "text/html; charset=utf-8"

    def geturl(self) -> str:
        """The address that was asked."""
        return self.url

    def info(self) -> email.message.Message:
        """The headers."""
        return self.headers

    def getcode(self) -> int:
        """The status, always 200."""
        return self.status

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """One header."""
        return self.headers.get(name, default)


def _open(original: Callable[..., Any]) -> Callable[..., Any]:
    def opened(self: Any, fullurl: Any, *args: Any, **kwargs: Any) -> Any:
        url = fullurl if isinstance(fullurl, str) else getattr(fullurl, "full_url", "")
        scheme = url.partition(":")[0].lower()
        if not RECORDER.on or scheme not in ("http", "https", "ftp"):
            if RECORDER.on:
                RECORDER.emit("url", url, call="urllib")
            return original(self, fullurl, *args, **kwargs)
        RECORDER.emit("url", url, call="urllib")
        if scheme == "https":
            handshake.told(_context_of(self, kwargs.get("context")), urllib.parse.urlsplit(url).hostname or "")
        return Answer(url)

    return opened


def _context_of(opener: Any, given: Any) -> Any:
    """The context that an opener would use: its handler's, or the module's default, which code may have replaced."""
    handler = next((one for one in opener.handlers if isinstance(one, urllib.request.HTTPSHandler)), None)
    context = given or getattr(handler, "_context", None)
    make: Any = getattr(ssl, "_create_default_https_context", ssl.create_default_context)
    return context or (None if make is ssl.create_default_context else make())


def _connect(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(address: Any, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on:
            RECORDER.emit("connect", f"//{address[0]}:{address[1]}", call="socket")
            if RECORDER.directly(sys._getframe(1)):
                return _hung_up()
            raise ConnectionRefusedError("no network here")
        return original(address, *args, **kwargs)

    return connect


def _hung_up() -> socket.socket:
    """A connection whose other end is closed: what the code does with it first is still seen."""
    here, there = socket.socketpair()
    there.close()
    return here


def _resolve(original: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on and RECORDER.place(sys._getframe(1)) is not None:
            return _looked_up(original, host, port)
        return original(host, port, *args, **kwargs)

    return getaddrinfo


def _looked_up(original: Callable[..., Any], host: Any, port: Any) -> Any:
    """What a name stands for: an address inside the house, the same one each time.

    To look a name up contacts nobody it names; code does so to see whether the address is one that it may not contact.
    """
    name = as_text(host)
    try:
        return original(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    except OSError:
        address = next((one for one, known in NETWORK.names.items() if known == name), None)
        if address is None:
            number = len(NETWORK.names) + 1
            address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            NETWORK.names[address] = name
    at = (address, port if isinstance(port, int) else 0)
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", at)]


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if RECORDER.on and event == "socket.connect" and isinstance(args[1], tuple):
        host = as_text(args[1][0])
        RECORDER.emit("connect", f"//{NETWORK.names.get(host, host)}:{args[1][1]}", call="socket")
    elif RECORDER.on and event == "socket.bind" and isinstance(args[1], tuple):
        RECORDER.emit("bind", as_text(args[1][0]))


def _asked(client: Any, method: str, position: int) -> None:
    """Tell of the address that a client is asked for before the client looks at it and may refuse it."""
    original = getattr(client, method)

    def asked(*args: Any, **kwargs: Any) -> Any:
        address = kwargs.get("url", args[position] if len(args) > position else "")
        RECORDER.emit("client", address, call=client.__module__)
        return original(*args, **kwargs)

    setattr(client, method, asked)


def _install_requests() -> None:
    adapters: Any = sys.modules["requests.adapters"]
    models: Any = sys.modules["requests.models"]
    _asked(models.PreparedRequest, "prepare_url", 1)

    def send(self: Any, request: Any, **kwargs: Any) -> Any:
        RECORDER.emit("url", request.url, call="requests", verify=kwargs.get("verify", True), method=request.method)
        answer = adapters.Response()
        answer.status_code, answer.url, answer.request = 200, request.url, request
        answer.raw = io.BytesIO(NETWORK.body())
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer

    adapters.HTTPAdapter.send = send


def _install_httpx() -> None:
    import httpx

    def handle(self: Any, request: Any) -> Any:
        RECORDER.emit("url", str(request.url), call="httpx", method=request.method)
        if request.url.scheme == "https":
            handshake.told(getattr(getattr(self, "_pool", None), "_ssl_context", None), request.url.host)
        return httpx.Response(200, content=NETWORK.body(), headers={"Content-Type": "text/html"})

    async def handle_async(self: Any, request: Any) -> Any:
        return handle(self, request)

    for transport, name, handler in (
        (httpx.HTTPTransport, "handle_request", handle),
        (httpx.AsyncHTTPTransport, "handle_async_request", handle_async),
    ):
        setattr(transport, name, handler)
    for client in (httpx.Client, httpx.AsyncClient):
        _asked(client, "build_request", 2)


def _http_client() -> None:
    import http.client

    original = http.client.HTTPConnection.request

    def request(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        scheme = "https" if isinstance(self, http.client.HTTPSConnection) else "http"
        if RECORDER.on:
            RECORDER.emit("url", f"{scheme}://{self.host}{url}", call="http.client", method=method)
            handshake.told(getattr(self, "_context", None), self.host)
            self._answer = Answer(url)
            return None
        return original(self, method, url, *args, **kwargs)

    reply = http.client.HTTPConnection.getresponse

    def getresponse(self: Any) -> Any:
        return getattr(self, "_answer", None) or reply(self)

    http.client.HTTPConnection.request = request  # type: ignore[method-assign]
    http.client.HTTPConnection.getresponse = getresponse  # type: ignore[method-assign]


class _Reply:
    """What aiohttp's client gets."""

    status = 200
    ok = True
    reason = "OK"

    def __init__(self, url: str) -> None:
        self.url = self.real_url = url
        self.headers = {"Content-Type": "text/html; charset=utf-8"}
        self.content = self

    async def read(self, *args: Any) -> bytes:
        """The body."""
        return NETWORK.body()

    async def text(self, *args: Any, **kwargs: Any) -> str:
        """The body as text."""
        return NETWORK.body().decode("utf-8", "replace")

    async def json(self, *args: Any, **kwargs: Any) -> Any:
        """The body as JSON."""
        return json.loads(NETWORK.body().decode("utf-8", "replace"))

    def raise_for_status(self) -> None:
        """It went well."""

    def release(self) -> None:
        """There is no connection."""

    close = release

    async def wait_for_close(self) -> None:
        """There is no connection."""

    async def __aenter__(self) -> _Reply:
        return self

    async def __aexit__(self, *details: object) -> None:
        return None


def _install_aiohttp() -> None:
    client: Any = sys.modules["aiohttp.client"]
    _asked(client.ClientSession, "_build_url", 1)

    async def request(self: Any, method: str, str_or_url: Any, **options: Any) -> Any:
        url = str(self._build_url(str_or_url))
        RECORDER.emit("url", url, call="aiohttp", verify=options.get("ssl", True) is not False, method=method)
        return _Reply(url)

    client.ClientSession._request = request


def _joined(base: Any, *rest: Any, **more: Any) -> None:
    """A base that addresses are joined to is one itself: without a scheme, joining would only drop it."""
    if RECORDER.directly(sys._getframe(1)):
        RECORDER.emit("client", base, call="urljoin")


def install() -> None:
    """Replace the senders of the libraries."""
    wrap("urllib.parse", "urljoin", _joined)
    sys.addaudithook(_audit)
    urllib.request.OpenerDirector.open = _open(urllib.request.OpenerDirector.open)  # type: ignore[method-assign]
    socket.create_connection = _connect(socket.create_connection)
    socket.getaddrinfo = _resolve(socket.getaddrinfo)
    _http_client()
    later("requests.adapters", _install_requests)
    later("httpx", _install_httpx)
    later("aiohttp.client", _install_aiohttp)
