"""Flask's session of somebody who is signed in: it holds whatever the code takes from it.

Behind ``if "user_id" not in session`` lies most of what an application does. The session is signed, so its values are
nobody's input: they steer the code and are never attacked.
"""

from __future__ import annotations

import sys
from typing import Any

from ..inputs import web
from ..inputs.slots import Inputs
from ..observe.record import RECORDER


def hold(app: Any, inputs: Inputs) -> None:
    """Let the sessions that the application opens hold what is asked for, in runs whose policy says so;
    the others note that it was asked for in vain."""
    interface = app.session_interface
    original = interface.open_session

    def open_session(app: Any, request: Any) -> Any:
        session = original(app, request)
        if isinstance(session, dict):
            session.__class__ = _holding(type(session), inputs)
        return session

    interface.open_session = open_session


def _holding(base: Any, inputs: Inputs) -> Any:
    """The class of such a session; what the code has put into it comes first."""

    def wanted(session: Any, key: Any) -> bool:
        asked = isinstance(key, str) and not key.startswith("_") and not dict.__contains__(session, key)
        if not asked or not RECORDER.directly(sys._getframe(2)):
            return False
        inputs.stranger = not inputs.policy.signed_in
        return inputs.policy.signed_in

    def value(key: str) -> Any:
        made = web.asked(inputs, "session", key)
        inputs.slots[web.name_of("session", key)].trust = "sanitised"
        return made

    def item(self: Any, key: Any) -> Any:
        return value(key) if wanted(self, key) else base.__getitem__(self, key)

    def get(self: Any, key: Any, default: Any = None) -> Any:
        return value(key) if wanted(self, key) else base.get(self, key, default)

    def contains(self: Any, key: object) -> bool:
        return wanted(self, key) or base.__contains__(self, key)

    return type(base.__name__, (base,), {"__getitem__": item, "get": get, "__contains__": contains})
