"""What the scanned code does is seen here: audit hooks and wrapped sinks, each writing :class:`.record.Event` objects.

Every module of this package except :mod:`.record` has an ``install()`` that is called once, before any project module
is loaded; modules are found by name.
"""

from __future__ import annotations

import importlib
import pkgutil


def install_all() -> None:
    """Install every observer of the package."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(__name__ + "." + info.name)
        install = getattr(module, "install", None)
        if install is not None:
            install()
