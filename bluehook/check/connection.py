"""The connection to an endpoint: it reads neither much nor long, and says in a few words why it broke."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bluehook.check import completions
from bluehook.check.completions import UnansweredError

if TYPE_CHECKING:
    import httpx

LARGEST = 256 * 1024
"""Bytes of a reply; an answer of ours takes two thousand."""


class AgainError(Exception):
    """A failure that may pass: ``after`` seconds if the server said so, at once when the request was ``adapted``."""

    def __init__(self, reason: str, *, after: float | None = None, adapted: bool = False, nobody: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.adapted = adapted
        self.nobody = nobody


class _TooLargeError(Exception):
    pass


class _TooSlowError(Exception):
    pass


BOUNDS = (_TooLargeError, _TooSlowError)
"""What is raised while a reply is read that goes beyond what we take."""


def connected(patience: Callable[[], float]) -> httpx.Client:
    """A web client that follows no redirect (the address was chosen by the user), and reads neither much nor long."""
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream = stream
            self._until = time.monotonic() + patience()

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in self._stream:
                size += len(part)
                if size > LARGEST:
                    raise _TooLargeError
                if time.monotonic() > self._until:
                    raise _TooSlowError
                yield part

        def close(self) -> None:
            self._stream.close()

    def bound(response: httpx.Response) -> None:
        # What is packed could unpack to any size; we asked for it plain.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _TooLargeError
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = Bounded(response.stream)

    return httpx.Client(
        follow_redirects=False, headers={"accept-encoding": "identity"}, event_hooks={"response": [bound]}
    )


def read(response: httpx.Response) -> completions.Completion:
    """What a server answered.

    :raises UnansweredError: it is no answer of this protocol.
    """
    if "html" in response.headers.get("content-type", ""):
        raise UnansweredError("a web page came instead of an answer", final=True)
    return completions.read(response.content)


def cause(error: BaseException) -> Exception:
    """What is behind a broken connection: our own limits, or the other side."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, _TooLargeError):
            return UnansweredError(f"a reply of more than {LARGEST // 1024} KiB")
        if isinstance(seen, _TooSlowError):
            return AgainError("no answer in time", nobody=True)
        seen = seen.__cause__ or seen.__context__
    return AgainError("the connection failed or broke off", nobody=True)


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that a server asks to wait, in either of the header's forms."""
    value = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, IndexError):
        return None
