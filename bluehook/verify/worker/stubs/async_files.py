"""``aiofiles`` where it is not installed: files are really opened, and what is awaited is ready at once."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any


def members(name: str) -> dict[str, Any] | None:
    """What the module of this name has; ``None`` for all others."""
    return {"open": Opened} if name in ("aiofiles", "aiofiles.threadpool") else None


class Opened:
    """What ``aiofiles.open`` gives: it is awaited, or entered, and the file is opened then."""

    def __init__(self, file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
                 newline: Any = None, **of_loops: Any) -> None:  # fmt: skip
        self._how = (file, mode, buffering, encoding, errors, newline)
        self._file: Any = None

    def __await__(self) -> Generator[Any, None, File]:
        yield from ()
        self._file = open(*self._how)  # noqa: SIM115 (closed by whoever opened it)
        return File(self._file)

    async def __aenter__(self) -> File:
        return await self

    async def __aexit__(self, *details: object) -> None:
        self._file.close()


class File:
    """An open file whose methods are awaited."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._file, name)
        if not callable(value):
            return value

        async def method(*args: Any, **kwargs: Any) -> Any:
            return value(*args, **kwargs)

        return method

    def __aiter__(self) -> File:
        return self

    async def __anext__(self) -> Any:
        line = self._file.readline()
        if not line:
            raise StopAsyncIteration
        return line
