"""Event loops for handlers: what frameworks hand to threads runs in the one thread that is watched and timed."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from .apps import installed


class Loop(asyncio.SelectorEventLoop):
    """A loop without threads: lines are watched and time is up in the main thread only."""

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Call it here and now."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class Runner:
    """Runs coroutines on a loop that lives as long as the target; a new one where a run had to be cut."""

    def __init__(self) -> None:
        self._loop = Loop()
        _keep_anyio_here()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """The coroutine's result; whatever it raises is raised here."""
        if self._loop.is_running() or self._loop.is_closed():
            self._loop = Loop()
        asyncio.set_event_loop(self._loop)
        return self._loop.run_until_complete(coroutine)


def _keep_anyio_here() -> None:
    """AnyIO keeps threads of its own: Starlette runs plain functions in them."""
    anyio: Any = installed("anyio.to_thread")
    if anyio is None or getattr(anyio.run_sync, "_is_ours", False):
        return

    async def run_sync(func: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return functools.partial(func, *args)()

    run_sync._is_ours = True  # type: ignore[attr-defined]
    anyio.run_sync = run_sync


class Ready:
    """A value that can be awaited and entered."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        return self._value

    async def __aenter__(self) -> Any:
        return self._value

    async def __aexit__(self, *details: object) -> None:
        return None
