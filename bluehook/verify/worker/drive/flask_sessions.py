"""Flask's sessions, which its applications open for each request."""

from __future__ import annotations

from typing import Any

from ..inputs.slots import Inputs
from . import sessions


def hold(app: Any, inputs: Inputs) -> None:
    """Let the sessions that the application opens hold what is asked for."""
    interface = app.session_interface
    original = interface.open_session
    interface.open_session = lambda app, request: sessions.held(original(app, request), inputs)
