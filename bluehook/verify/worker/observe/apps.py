"""Applications that the project makes while it is loaded: needed to find the one a handler belongs to."""

from __future__ import annotations

import linecache
import os
import sys
from typing import Any

from .patch import later
from .record import RECORDER

APPS: list[Any] = []
"""Every Flask application made in this process, oldest first."""


def _install_flask() -> None:
    flask: Any = sys.modules["flask.app"].Flask
    original = flask.__init__

    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        APPS.append(self)

    flask.__init__ = made
    flask.run = _served


def _served(app: Any, host: Any = None, port: Any = None, debug: Any = None, *args: Any, **options: Any) -> None:
    """What stands for starting a Flask server: whether its debugger would answer is told."""
    on = app.debug if debug is None else bool(debug)
    place = RECORDER.place(sys._getframe(1))
    at_top = place is not None and place.f_code.co_name == "<module>"
    line = linecache.getline(place.f_code.co_filename, place.f_lineno) if place is not None else ""
    imported = at_top and not line.startswith((" ", "\t"))
    RECORDER.emit("serve", str(host or "127.0.0.1"), debugger=bool(options.get("use_debugger", on)), imported=imported)


def _configure_django() -> None:
    settings: Any = sys.modules["django.conf"].settings
    if settings.configured or os.environ.get("DJANGO_SETTINGS_MODULE"):
        return
    settings.configure(
        DEBUG=False, SECRET_KEY="harness", ALLOWED_HOSTS=["*"], USE_TZ=True, ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip


urlpatterns: list[Any] = []
"""The routes of the settings made here: none."""


def install() -> None:
    """Watch the constructors; ``run`` starts no server here. Django gets settings of the harness when it has none."""
    later("flask.app", _install_flask)
    later("django.conf", _configure_django)
