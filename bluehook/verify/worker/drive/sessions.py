"""The session of somebody who is signed in: it holds whatever the code takes from it.

Behind ``if "user_id" not in session`` lies most of what an application does. The session is signed or kept by the
server, so its values are nobody's input: they steer the code and are never attacked.
"""

from __future__ import annotations

import sys
from typing import Any

from ..inputs import web
from ..inputs.slots import Inputs
from ..observe.record import RECORDER


def held(session: Any, inputs: Inputs) -> Any:
    """The session, made to hold what is asked for in runs whose policy says so; the others note that it was asked for
    in vain. A plain mapping cannot be made so: it is replaced by one that can.
    """
    if not isinstance(session, dict) or getattr(type(session), "_is_held", False):
        return session
    kind = type(type(session).__name__, (type(session),), {**_readers(type(session), inputs), "_is_held": True})
    try:
        session.__class__ = kind
    except TypeError:
        session = kind(session)
    return session


def hold(kind: Any, inputs: Inputs) -> None:
    """Let all sessions of a class hold what is asked for, as :func:`held` does for one."""
    if getattr(kind, "_is_held", False):
        return
    for name, reader in _readers(kind, inputs).items():
        setattr(kind, name, reader)
    kind._is_held = True


def _readers(base: Any, inputs: Inputs) -> dict[str, Any]:
    """The methods of such a session; what the code has put into it comes first."""
    own_item, own_get, own_contains = base.__getitem__, base.get, base.__contains__

    def wanted(session: Any, key: Any) -> bool:
        asked = isinstance(key, str) and not key.startswith("_") and not own_contains(session, key)
        if not asked or not RECORDER.on or not RECORDER.directly(sys._getframe(2)):
            return False
        inputs.stranger = not inputs.policy.signed_in
        return inputs.policy.signed_in

    def value(key: str) -> Any:
        made = web.asked(inputs, "session", key)
        inputs.slots[web.name_of("session", key)].trust = "sanitised"
        return made

    def item(self: Any, key: Any) -> Any:
        return value(key) if wanted(self, key) else own_item(self, key)

    def get(self: Any, key: Any, default: Any = None) -> Any:
        return value(key) if wanted(self, key) else own_get(self, key, default)

    def contains(self: Any, key: object) -> bool:
        return wanted(self, key) or own_contains(self, key)

    return {"__getitem__": item, "get": get, "__contains__": contains}
