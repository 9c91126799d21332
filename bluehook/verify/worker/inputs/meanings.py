"""What the name of an attribute or method of an unknown object says of it."""

from __future__ import annotations

import re
from typing import Any

from ..observe.record import RECORDER
from .slots import Slot

_KEYED = {"get", "getlist", "get_list", "getfirst", "getvalue", "get_argument", "get_query_argument", "getone",
          "getall", "get_body_argument", "get_cookie", "get_secure_cookie", "pop", "get_header", "param", "params",
          "get_all", "setdefault"}  # fmt: skip
ENDS = {"fetchone", "read", "recv", "next", "readline", "fetchmany", "recvfrom", "get_nowait", "accept", "poll"}
"""Methods that come to an end: the more often they are called, the likelier is ``None``."""
_NOT_INPUT = {"user", "session", "app", "registry", "current_user", "_meta", "objects", "config", "settings"}
_REQUEST_PARTS = {
    "args", "form", "values", "cookies", "headers", "files", "json", "get_json", "data", "get_data", "stream", "GET",
    "POST", "FILES", "COOKIES", "META", "REQUEST", "body", "read", "path", "full_path", "path_info", "url", "uri",
    "query", "query_string", "query_params", "path_params", "match_info", "matchdict", "params", "post", "text",
    "rel_url", "referrer", "host", "method", "get", "get_argument", "get_full_path", "build_absolute_uri", "arguments",
    "raw_path",
    "user_agent", "view_args", "forms", "param", "input_stream", "multipart", "content", "getfirst", "getvalue",
}  # fmt: skip
"""Attributes of a request that its sender writes; the others are the framework's and the project's own."""
_PLACED_BY_REQUEST = {"request", "req", "flask_request"}


def trust_of(slot: Slot, name: str) -> str:
    """How far an attribute of the object in a slot is the attacker's."""
    of_request = re.search(r"(^|\W)(request|req)'?$", slot.name) is not None
    if name in _NOT_INPUT or (of_request and name not in _REQUEST_PARTS):
        return "assumed"
    if name in _PLACED_BY_REQUEST:
        return "outside"
    return "assumed" if slot.trust == "parameter" else slot.trust


def is_key(last: str, args: tuple[Any, ...]) -> bool:
    """Whether a method of this name and what it is given look a key up; a path is none."""
    first = args[0] if args else None
    return last in _KEYED and isinstance(first, (str, bytes)) and " " not in str(first) and first not in RECORDER.paths
