"""Pages (CWE-79): what a handler answers with, what is marked as safe, HTML that is put together by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bluehook.detect.flow import containers, nodes
from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow, report
from bluehook.detect.flow.library.pages import JSON, TRACEBACK
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import ANY, Form, Value
from bluehook.parse import Function, ParsedFile

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_WEAKNESS = "cross-site-scripting"
_WORDS = "is written into the page without escaping"
_TAG = re.compile(r"<(?:[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>|[a-zA-Z][\w-]*\s+[\w-]+=|!DOCTYPE|!--)")
_CLOSING = re.compile(r"</(?:[abip]|div|span|h[1-6]|li|ul|td|tr|table|body|html|title|strong|em|button|form|label)\s*>")
_TAG_START = re.compile(r"</?[a-zA-Z]")
_MANY_TAGS = 3
"""A text of fewer is a helper that puts one element around what it is given."""
_PLAIN = re.compile(r"(?i)text/plain|json|xml|javascript|csv|octet|image/|pdf|zip|event-stream")
_DECLARED = re.compile(rb"response_class\s*=\s*(?:\w+\.)*HTMLResponse\b")
_MARKED = Grades(SHOWS, SUSPECTS, SUSPECTS)
_CERTAIN = Grades(SHOWS, SUSPECTS, SHOWS)
_HTML = Grades(SHOWS, SUSPECTS, SUSPECTS)
_JSON_START = re.compile(r"\s*[{\[]\s*[\"'{\[]?")


def _is_html(form: Form) -> bool:
    return any(isinstance(piece, str) and _TAG.search(piece) for piece in form)


def _in_page(form: Form, index: int) -> Grades | None:
    if isinstance(form[0], str) and _JSON_START.match(form[0]) and not _is_html(form):
        return None
    if _is_html(form):
        return _HTML
    hole = form[index]
    if not isinstance(hole, str) and all(taint.slot == TRACEBACK for taint in hole):
        return None  # shown as it is it tells of the program: that is another weakness
    return Grades(SHOWS, SUSPECTS)


def _in_html(form: Form, index: int) -> Grades | None:
    """A text that is HTML by its looks; one with a closing tag behind the value is certainly meant to be."""
    if not _is_html(form):
        return None
    behind = "".join(piece for piece in form[index:] if isinstance(piece, str))
    tags = sum(len(_TAG_START.findall(piece)) for piece in form if isinstance(piece, str))
    return _CERTAIN if _CLOSING.search(behind) and index and tags >= _MANY_TAGS else _HTML


def _in_piece(form: Form, index: int) -> Grades | None:
    """Methods and inner functions that write HTML are handed pieces of it that others wrote."""
    return _HTML if _is_html(form) else None


def _marked_safe(form: Form, index: int) -> Grades | None:
    """A value handed over as it came is its caller's word, but that JSON is no HTML the function knows itself."""
    hole = form[index]
    open_ = [] if isinstance(hole, str) else [t for t in hole if _WEAKNESS not in t.clean and ANY not in t.clean]
    encoded = {taint.slot for taint in open_ if JSON in taint.clean}
    if encoded and all(taint.slot in encoded for taint in open_):
        return _CERTAIN
    return Grades(SHOWS, SUSPECTS, HINTS) if len(form) == 1 else _MARKED


def _response(site: Site) -> None:
    """A response object, unless its content type is something that browsers do not render."""
    content_type = site.arg(-1, "mimetype", "content_type", "media_type")
    text = content_type.text if content_type is not None else None
    if text is not None and _PLAIN.search(text):
        return
    body = site.arg(0, "response", "content", "body", "text")
    if body is not None and not body.box:
        flow(site, _WEAKNESS, body, _in_page, _WORDS)


def _aiohttp_response(site: Site) -> None:
    content_type = site.keywords.get("content_type")
    if content_type is not None and content_type.text == "text/html":
        flow(site, _WEAKNESS, site.keywords.get("text") or site.keywords.get("body"), _in_page, _WORDS)


def _starlette_response(site: Site) -> None:
    media = site.keywords.get("media_type")
    if media is not None and media.text == "text/html":
        _response(site)


def _mark(site: Site) -> None:
    """Text that is said to be harmless: neither JSON nor Markdown is."""
    value = site.arg(0)
    if value is not None and value.kind == "markdown":
        flow(site, _WEAKNESS, value, anywhere(_MARKED), "is marked as safe for a page with what markup it has")
    else:
        flow(site, _WEAKNESS, value, _marked_safe, "is marked as safe for a page without escaping")


def _write(site: Site) -> None:
    """``self.write`` of a Tornado handler, ``self.wfile.write`` of the standard library's, ``response.write``."""
    callee = site.machine.text(site.call.at).partition("(")[0]
    if re.search(r"(?:^self\.wfile|response|resp|^self|\bout|^req|^request)\.write$", callee) and site.args:
        certain = site.machine.setting.is_web or "wfile" in callee
        flow(site, _WEAKNESS, site.args[0], _in_page if certain else _in_html, _WORDS)


def returned(machine: Machine, statement: nodes.Return, value: Value, state: State) -> None:
    """What a handler returns is the page; elsewhere only a text that is HTML by its looks counts."""
    function = machine.frame.function
    entry = function.entry if function is not None else None
    page = entry is not None and (entry.framework == "flask" or declares_page(machine.file, function))
    if page and not _declares_plain(machine):
        body = value
        if value.kind == "tuple":
            items = containers.items_of(state, value)
            body = items[0] if items else value
        if not body.box and body.kind not in ("params", "number", "request"):
            report(machine.hits, state, statement.at, _WEAKNESS, body, _in_page, "return", _WORDS)
        return
    helper = function is None or function.parent is not None
    if (entry is None or entry.framework in ("main", "click", "argparse")) and not value.box:
        where = _in_piece if helper else _in_html
        report(machine.hits, state, statement.at, _WEAKNESS, value, where, "return", "stands unescaped in HTML")


def declares_page(file: ParsedFile, function: Function | None) -> bool:
    """Whether a route says that what its handler returns is HTML (``response_class=HTMLResponse``)."""
    return function is not None and _DECLARED.search(file.utf8, function.span[0], function.node.start_byte) is not None


def _declares_plain(machine: Machine) -> bool:
    """Whether the handler's text sets a content type that is not rendered."""
    function = machine.frame.function
    if function is None:
        return False
    start, end = function.node.byte_range
    return (
        re.search(
            rb"(?i)content[-_]type['\"]?\]?\s*[=,:]\s*['\"](?:text/plain|application/json)",
            machine.file.utf8[start:end],
        )
        is not None
    )


_RESPONSES = """flask.make_response flask.Response quart.Response quart.make_response django.http.HttpResponse
    django.http.response.HttpResponse fastapi.responses.HTMLResponse starlette.responses.HTMLResponse make_response
    django.http.HttpResponseBadRequest django.http.HttpResponseNotFound django.http.HttpResponseServerError
    django.http.HttpResponseForbidden werkzeug.wrappers.Response werkzeug.Response sanic.response.html
    pyramid.response.Response webob.Response HttpResponse Response HttpResponseBadRequest HttpResponseNotFound
    HttpResponseForbidden HttpResponseServerError"""
_MARKS = """markupsafe.Markup flask.Markup jinja2.Markup jinja2.utils.markupsafe.Markup
    django.utils.safestring.mark_safe
    django.utils.safestring.SafeString django.utils.safestring.SafeText mark_safe Markup"""
SINKS = {
    **dict.fromkeys(_RESPONSES.split(), _response),
    **dict.fromkeys(_MARKS.split(), _mark),
    "aiohttp.web.Response": _aiohttp_response,
    "fastapi.Response": _starlette_response,
    "fastapi.responses.Response": _starlette_response,
    "starlette.responses.Response": _starlette_response,
    ".write": _write,
}
