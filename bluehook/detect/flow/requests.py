"""What the parts of a web request are called: by attribute and by method, over all frameworks."""

from __future__ import annotations

import re

PARTS: dict[str, tuple[str, bool]] = {
    "args": ("query parameter", True),
    "query": ("query parameter", True),
    "query_params": ("query parameter", True),
    "GET": ("query parameter", True),
    "params": ("request parameter", True),
    "values": ("request parameter", True),
    "form": ("form field", True),
    "forms": ("form field", True),
    "POST": ("form field", True),
    "REQUEST": ("request parameter", True),
    "cookies": ("cookie", True),
    "COOKIES": ("cookie", True),
    "headers": ("request header", True),
    "META": ("request header", True),
    "files": ("uploaded file", True),
    "FILES": ("uploaded file", True),
    "json": ("JSON field", True),
    "json_body": ("JSON field", True),
    "data": ("request field", True),
    "match_info": ("path parameter", True),
    "matchdict": ("path parameter", True),
    "view_args": ("path parameter", True),
    "path_params": ("path parameter", True),
    "body": ("request body", False),
    "raw_post_data": ("request body", False),
    "stream": ("request body", False),
    "query_string": ("query string", False),
    "url": ("request URL", False),
    "base_url": ("request URL", False),
    "path": ("request path", False),
    "path_info": ("request path", False),
    "full_path": ("request path", False),
    "rel_url": ("request URL", True),
    "uri": ("request URL", False),
    "referrer": ("request header `Referer`", False),
    "user_agent": ("request header `User-Agent`", False),
    "host": ("request header `Host`", False),
    "environ": ("request environment", True),
    "arguments": ("request argument", True),
    "body_arguments": ("form field", True),
    "query_arguments": ("query parameter", True),
}
"""What an attribute of a request holds, and whether it is a mapping."""

CERTAIN = frozenset(
    [
        "args",
        "query_params",
        "GET",
        "POST",
        "REQUEST",
        "COOKIES",
        "META",
        "FILES",
        "values",
        "form",
        "forms",
        "match_info",
        "matchdict",
        "view_args",
        "path_params",
        "query_string",
        "rel_url",
        "arguments",
        "body_arguments",
        "query_arguments",
    ]
)
"""Attributes that only requests to a server have: they tell one where no framework is in sight."""

CALLS: dict[str, str] = {
    "get_json": "JSON field",
    "json": "JSON field",
    "get_data": "request body",
    "text": "request body",
    "read": "request body",
    "body": "request body",
    "post": "form field",
    "form": "form field",
    "multipart": "form field",
    "get_full_path": "request path",
    "build_absolute_uri": "request URL",
    "get_host": "request header `Host`",
    "get_argument": "request argument",
    "get_arguments": "request argument",
    "get_query_argument": "query parameter",
    "get_query_arguments": "query parameter",
    "get_body_argument": "form field",
    "get_body_arguments": "form field",
    "get_cookie": "cookie",
    "getvalue": "form field",
    "getfirst": "form field",
    "getlist": "form field",
    "get": "request parameter",
    "get_all": "request parameter",
    "param": "request parameter",
}
"""What a method of a request gives."""

GETTER = re.compile(r"(?i)get_?\w*(?:param|query|form|header|cookie|arg|field|value|name|body|data|input)\w*$")
"""A method of a wrapper around a request that hands out one part of it."""

SPLIT = frozenset({"method", "user", "session", "scheme", "is_secure", "endpoint", "blueprint", "app", "state", "db",
                   "is_ajax", "remote_addr", "content_length", "auth", "LANGUAGE_CODE", "site", "resolver_match",
                   "registry", "context", "accepted_renderer", "version", "client"})  # fmt: skip
"""Attributes of a request that are the server's own."""

FRAMEWORKS = (
    "flask", "quart", "django", "rest_framework", "fastapi", "starlette", "aiohttp.web", "tornado", "bottle", "pyramid",
    "sanic", "falcon", "cherrypy", "webapp2", "web", "flask_restful", "litestar", "werkzeug",
)  # fmt: skip
"""Modules whose presence makes a ``request`` one."""

HANDLERS: dict[str, str] = {
    "BaseHTTPRequestHandler": "http-handler",
    "SimpleHTTPRequestHandler": "http-handler",
    "CGIHTTPRequestHandler": "http-handler",
    "RequestHandler": "tornado-handler",
    "WebSocketHandler": "tornado-handler",
}
"""Base classes whose instances are requests themselves."""

NUMERIC = re.compile(
    r"(?:typing\.)?(?:Optional\[)?(?:int|float|bool|complex|Decimal|UUID|uuid\.UUID|datetime|date|time|timedelta"
    r"|datetime\.\w+|PositiveInt|conint\(.*\)|\w*Enum|IPv[46]Address|ipaddress\.\w+|bytes_count)"
    r"(?:\s*\|\s*None)?\]?(?:\s*\|\s*None)?$"
)
"""Annotations of what cannot hold an attack."""
