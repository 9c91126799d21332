"""Applications that the project makes while it is loaded: needed to find the one a handler belongs to."""

from __future__ import annotations

import sys
from typing import Any

from .patch import later

APPS: list[Any] = []
"""Every Flask application made in this process, oldest first."""


def _install_flask() -> None:
    flask: Any = sys.modules["flask.app"].Flask
    original = flask.__init__

    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        APPS.append(self)

    flask.__init__ = made
    flask.run = lambda self, *args, **kwargs: None


def install() -> None:
    """Watch the constructors; ``run`` starts no server here."""
    later("flask.app", _install_flask)
