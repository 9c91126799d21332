"""Addresses: which host the server contacts (CWE-918), where the browser is sent (CWE-601)."""

from __future__ import annotations

import re

from bluehook.detect.flow import nodes
from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow, marked
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form, Value
from bluehook.parse import ParsedFile

_CONTACTED = "chooses which address the server contacts"
_SENT = "chooses where the browser is sent"
_FIXED_HOST = re.compile(r"(?is)^[a-z][a-z0-9+.\-]*://[^/?#\0]+[/?#]")
_FIXED_PATH = re.compile(r"(?s)^/(?![/\\])[^\0]|^[?#]|^\.{1,2}/|^[\w-]+[/?]")
_WHOLE = Grades(SHOWS, SUSPECTS, HINTS)
_IN_HOST = Grades(SHOWS, HINTS, HINTS)
_MAYBE = Grades(SUSPECTS, HINTS, HINTS)


_ALLOWED = re.compile(
    rb"(?im)^[ \t]*(\w*(?:allow|safe|trust|permit|white)\w*(?:host|domain|url|origin|redirect|netloc|site)\w*)"
    rb"[ \t]*(?::[^=\n]+)?=[^=]"
)


def _before(form: Form, index: int) -> str:
    return "".join(piece if isinstance(piece, str) else "\0" for piece in form[:index])


def contacted(form: Form, index: int) -> Grades | None:
    """A value in a URL that is fetched: harmless behind a host that is fixed."""
    before = _before(form, index)
    if not before:
        return _WHOLE
    if _FIXED_HOST.match(before):
        return None
    if before.startswith("\0"):
        return None if form[0] == frozenset() or "/" in before or "?" in before else _MAYBE
    return _IN_HOST if "://" in before else _MAYBE


def sent(form: Form, index: int) -> Grades | None:
    """A value in the target of a redirect: harmless behind a host or a path that is fixed."""
    before = _before(form, index)
    if not before:
        return _WHOLE
    if _FIXED_HOST.match(before) or before.startswith("\0"):
        return None
    if before == "/":
        return Grades(SUSPECTS, HINTS)
    return None if _FIXED_PATH.match(before) else Grades(SHOWS, HINTS)


def _fetch(site: Site) -> None:
    flow(site, "ssrf", site.arg(0, "url", "fullurl", "host", "address", "uri"), contacted, _CONTACTED)


def _fetch_second(site: Site) -> None:
    flow(site, "ssrf", site.arg(1, "url"), contacted, _CONTACTED)


def _method(site: Site) -> None:
    """``session.get(url)`` of a client made in sight, or one that is called so and given what only clients take."""
    made = site.receiver is not None and re.search(r"(?i)session|client|http", site.receiver.of)
    if made or (not _CLIENT_OPTIONS.isdisjoint(site.keywords) and _is_called_client(site)):
        _fetch_second(site) if site.method == "request" else _fetch(site)


_CLIENT_OPTIONS = {"allow_redirects", "follow_redirects", "headers", "proxies", "proxy", "ssl", "timeout", "verify"}
_CLIENT_NAME = re.compile(r"""(?i)(?:session|client|http|requests)(?:["']\])?$""")


def _is_called_client(site: Site) -> bool:
    """``self.session``, ``request.app["client"]``: the session of a web framework takes no such options."""
    callee = site.call.callee
    return isinstance(callee, nodes.Attr) and bool(_CLIENT_NAME.search(site.machine.text(callee.of.at)))


def _redirect(site: Site) -> None:
    value = site.arg(0, "location", "url", "redirect_to", "to")
    if value is None or _is_local(site, value):
        return
    flow(site, "open-redirect", value, _unlisted if _forgets_its_list(site.machine.file) else sent, _SENT)


def _forgets_its_list(file: ParsedFile) -> bool:
    """Whether the file writes down which hosts are allowed, and nothing in it reads that."""
    names = set(_ALLOWED.findall(file.utf8))
    return any(len(re.findall(rb"\b" + name + rb"\b", file.utf8)) == 1 for name in names)


def _unlisted(form: Form, index: int) -> Grades | None:
    """As :func:`sent`, where a list was made that should have been asked: whoever calls, it was meant to confine."""
    found = sent(form, index)
    return found._replace(parameter=SUSPECTS) if found is _WHOLE else found


def _redirect_method(site: Site) -> None:
    """``self.redirect(url)`` of a handler, ``response.redirect(url)``."""
    if site.machine.setting.is_web:
        _redirect(site)


def _is_local(site: Site, value: Value) -> bool:
    """A leading slash was asked for and a second one refused."""
    return marked(site.state, value, "slash") and marked(site.state, value, "no-host") and any(value.taints())


def _socket(site: Site) -> None:
    value = site.arg(0, "address")
    if value is not None and value.box:
        everything = Value(forms=((site.state.everything(value),),))
        flow(site, "ssrf", everything, anywhere(Grades(SUSPECTS, HINTS)), _CONTACTED)


_CLIENTS = "requests httpx"
_VERBS = "get post put patch delete head options"
_FETCHERS = """urllib.request.urlopen urllib.request.Request urllib.request.urlretrieve urllib2.urlopen urllib2.Request
    urllib.urlopen urllib.urlretrieve six.moves.urllib.request.urlopen http.client.HTTPConnection
    http.client.HTTPSConnection httplib.HTTPConnection httplib.HTTPSConnection httpx.stream websocket.create_connection
    ftplib.FTP feedparser.parse xmlrpc.client.ServerProxy wget.download aiohttp.request .urlopen"""
_REDIRECTS = """flask.redirect werkzeug.utils.redirect quart.redirect bottle.redirect django.shortcuts.redirect
    django.http.HttpResponseRedirect django.http.HttpResponsePermanentRedirect fastapi.responses.RedirectResponse
    starlette.responses.RedirectResponse aiohttp.web.HTTPFound aiohttp.web.HTTPSeeOther redirect HttpResponseRedirect
    aiohttp.web.HTTPMovedPermanently aiohttp.web.HTTPTemporaryRedirect pyramid.httpexceptions.HTTPFound
    sanic.response.redirect cherrypy.HTTPRedirect flask.helpers.redirect RedirectResponse"""
SINKS = {
    **dict.fromkeys((f"{c}.{v}" for c in _CLIENTS.split() for v in _VERBS.split()), _fetch),
    **dict.fromkeys((f".{v}" for v in (*_VERBS.split(), "request", "stream", "ws_connect", "fetch")), _method),
    **dict.fromkeys(_FETCHERS.split(), _fetch),
    **dict.fromkeys(
        ["requests.request", "httpx.request", "urllib3.request", "urllib3.PoolManager().request"], _fetch_second
    ),
    **dict.fromkeys(_REDIRECTS.split(), _redirect),
    ".redirect": _redirect_method,
    "socket.create_connection": _socket,
    ".connect": _socket,
}
