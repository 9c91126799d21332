"""SQLAlchemy's engines: whatever database they name, they are SQLite in memory, so that statements really run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..observe.patch import later

_KEPT = ("echo", "future", "json_serializer", "json_deserializer", "execution_options")
_PLACES = ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.engine.create")


def install() -> None:
    """Replace ``create_engine`` when SQLAlchemy is imported."""
    later("sqlalchemy", _replace)


def _replace() -> None:
    create: Any = sys.modules["sqlalchemy"]
    made = _in_memory(create.create_engine)
    for name in _PLACES:
        module: Any = sys.modules.get(name)
        if module is not None and hasattr(module, "create_engine"):
            module.create_engine = made


def _in_memory(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_engine(url: Any = "sqlite://", *args: Any, **options: Any) -> Any:
        from sqlalchemy.pool import StaticPool  # type: ignore[import-not-found, unused-ignore]

        if "_is_async" in options or "+aiosqlite" in str(url):
            return original(url, *args, **options)
        kept = {name: value for name, value in options.items() if name in _KEPT}
        return original("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}, **kept)

    return create_engine
