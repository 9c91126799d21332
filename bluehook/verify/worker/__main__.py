"""Run the worker: ``python bluehook/verify/worker`` (the directory), by any interpreter from 3.9 on.

The package is loaded under a name of its own, so that no project's ``worker`` and no module of ours meet.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

NAME = "_bluehook_worker"


def _package() -> None:
    """Make this folder importable as :data:`NAME` and nothing else of it."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = importlib.util.spec_from_file_location(
        NAME, os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _package()
    server = importlib.import_module(NAME + ".server")
    sys.exit(server.main())
