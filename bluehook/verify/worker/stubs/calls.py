"""Calls of unknown objects that are sinks by their name and arguments, and sanitizers that are so by name only.

A database is known by the text that it is given, whatever its method is called. A sanitizer known by its name only
ends the trail: nothing is shown by what lies behind it, neither a hole nor its absence.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from ..observe.processes import shell_command
from ..observe.record import RECORDER, as_text
from . import credentials, crypto

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

NOTHING = object()
SQL_START = re.compile(
    r"^\s*\(?\s*(select\b.+\bfrom\b|select\s+\w+\s*\(|insert\s+(or\s+\w+\s+)?into\b|update\b.+\bset\b|delete\s+from\b|"
    r"replace\s+into\b|create\s+(table|database|user|index|view|role)\b|drop\s+(table|database|user|view)\b|alter\s+(table|database|user|role|view|system)\b|"
    r"with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\b|grant\b|call\s+\w+|exec\s+\w+|truncate\b|show\s+\w+|use\s+\w+\s*;?\s*$|set\s+\w+\s*=|"
    r"match\s*\(|pragma\b|explain\s+\w|copy\s+[\w.]+\s*(\([^)]*\)\s*)?(from|to)\b|lock\s+tables?\b|"
    r"from\s+\w+(\s+(as\s+)?\w+)?\s*($|where\b|order\s+by\b|join\b|(left|inner)\s))",
    re.I | re.S,
)
_SURE_START = re.compile(
    r"^\s*\(?\s*(select\b.+\bfrom\b|insert\s+into\b|update\b.+\bset\b|delete\s+from\b|replace\s+into\b)", re.I | re.S
)
_SANITIZER = re.compile(
    r"(escape|quote|saniti[sz]e|clean|purify|bleach|valid|filter_chars|secure_filename|encode_for|safe_|whitelist|"
    r"strip_tags|linkify|clear_?text|basename|normali[sz]e_name|slugify|literal$)",
    re.I,
)
_SHELL = {
    "system",
    "popen",
    "getoutput",
    "getstatusoutput",
    "shell",
    "exec_command",
    "run_command",
    "check_output_shell",
}
_RUN = {"run", "call", "check_call", "check_output", "Popen", "execute", "_execute", "exec_cmd", "run_cmd", "sudo"}
_STARTERS = (_RUN | _SHELL) - {"execute"}
"""Functions that take a program and its arguments; ``execute`` with more than a text is a database's."""
_RUNNER = re.compile(r"(^|_)(run|exec|execute|cmd|command|commands|ssh|cli|shell|sudo|bash|rexec|call)(_|$)", re.I)
_DATABASE = re.compile(r"sql|query|statement|stmt|driver|ddl", re.I)
"""What runs such a text is a database, however much of a shell's command it looks."""
_OF_DATABASE = re.compile(
    r"(?<![a-z])(schema|cur|cursor|conn|connection|database|db|engine|session|transaction)(?![a-z])", re.I
)
"""Objects whose ``execute`` runs statements."""
_PATHS = re.compile(
    r"(^|_)(file|filename|path|open|delete|remove|unlink|read|write|save|load|upload|download|copy|move|mkdir|rmtree|"
    r"makedirs|rename|imread|imwrite|sendfile|isfile)(_|$)",
    re.I,
)
_ACTIONS = {
    "delete": re.compile(r"(^|_)(delete|remove|unlink|rmtree)(_|$)", re.I),
    "write": re.compile(
        r"(^|_)(write|save|put|set|imwrite|savefig|mkdir|makedirs|to_file|to_filename|to_path)(_|$)", re.I
    ),
    "read": re.compile(r"(^|_)(read|load|get|imread|sendfile|from_file|from_filename|from_path)(_|$)", re.I),
}
_REDIRECT = re.compile(r"(^|\.)(redirect|HttpResponseRedirect|HttpResponsePermanentRedirect|RedirectResponse|"
                       r"HTTPFound|HTTPSeeOther|send_redirect)$")  # fmt: skip
_HTML = re.compile(r"(^|\.)(HttpResponse|make_response|Markup|mark_safe|HTMLResponse|SafeString|SafeText)$")
_WRITES = re.compile(r"(response|self|wfile|out|res)\.(write|finish)$")
_TEMPLATE = re.compile(r"(^|\.)(render_template_string|from_string)$")
_URLS = re.compile(r"(^|\.)(requests|session|httpx|urllib2?|urllib3|http|aiohttp|client)\S*\.(get|post|put|request|"
                   r"urlopen|head|delete|fetch)$|(^|\.)urlopen$")  # fmt: skip
_TALKS = re.compile(r"(^|\.|_)(log|logger|logging|print|debug|info|warn|warning|error|exception|critical|echo|flash|"
                    r"message|notify|format)(\.|_|$)|assert", re.I)  # fmt: skip
"""Functions that tell people of a text rather than do what it says."""
_FINDS = {"find", "findall", "iterfind", "findtext", "selectNodes", "select"}
_EXPRESSION = re.compile(r"^(\.?/|\.//|//)\w.*\[|^\.?//?\w+/")
_LDAP = {"search_s", "search_ext_s", "search_ext", "search_st", "search_subtree"}
_NOSQL = {"find_one", "find", "update_one", "delete_one", "find_one_and_update", "aggregate", "count_documents"}


def observe(inputs: Inputs, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Tell the recorder when this call is a sink; the call's result, or ``NOTHING`` for the usual stand-in."""
    last = _last(name)
    if _SANITIZER.search(last):
        return _sanitised(inputs, name, args)
    credentials.told(name, args, kwargs)
    if name.startswith("Crypto"):
        crypto.observe(name, args, kwargs)
    for key, value in kwargs.items():
        if key.startswith("zq"):  # a name of the harness's own: the code passed on what a request names
            RECORDER.emit("attribute", f"{key}={as_text(value)[:200]}", by_standin=True, call=name)
    first = args[0] if args else next(iter(kwargs.values()), None)
    if first is None:
        return NOTHING
    if _statement(name, args, kwargs):
        return NOTHING
    if isinstance(first, (str, bytes)):
        _text_sink(inputs, name, last, args, kwargs)
    elif isinstance(first, (list, tuple)) and last in _STARTERS:
        words = [as_text(one) for one in first]
        command = shell_command(words)
        if command is not None or kwargs.get("shell") is True:
            RECORDER.emit("shell", command or " ".join(words[:1]), by_standin=True, call=name)
        else:
            RECORDER.emit("process", "\0".join(words), by_standin=True, words=words, call=name)
    elif isinstance(first, dict) and last in _NOSQL:
        RECORDER.emit("nosql", first, by_standin=True, document=first)
    return NOTHING


def _last(name: str) -> str:
    """The last word of a dotted name; of a function taken out of a mapping, that of its key."""
    words = re.findall(r"\w+", name)
    return words[-1] if words and name.endswith("]") else name.rpartition(".")[2]


def _statement(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Tell of a statement among the arguments, wherever it stands: helpers take a cursor or a connection first."""
    if _TALKS.search(name):
        return False
    for place, one in enumerate([*args, *kwargs.values()]):
        if isinstance(one, (str, bytes)) and (_SURE_START if place else SQL_START).match(as_text(one)):
            rest = (*args[place + 1 :], *(other for other in kwargs.values() if other is not one))
            dialect = "mysql" if re.search("mysql|mariadb", name, re.I) else ""
            RECORDER.emit("sql", as_text(one), by_standin=True, parameters=rest, dialect=dialect, sure=True)
            return True
    return False


def _text_sink(inputs: Inputs, name: str, last: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    text = as_text(args[0] if args else next(iter(kwargs.values())))
    if name in inputs.runners or _runs(name, last, text, kwargs):
        inputs.runners.add(name)
        RECORDER.emit("shell", text, by_standin=True, call=name)
    elif last in _STARTERS and len(args) > 1 and all(isinstance(one, str) for one in args):
        words = [as_text(one) for one in args]
        RECORDER.emit("process", "\0".join(words), by_standin=True, words=words, call=name)
    elif _REDIRECT.search(name):
        RECORDER.emit("redirect", text, by_standin=True)
    elif _HTML.search(name) or _WRITES.search(name):
        RECORDER.emit("html", text, by_standin=True, content_type=_content_type(args, kwargs))
    elif _TEMPLATE.search(name):
        RECORDER.emit("template", text, by_standin=True)
    elif _URLS.search(name):
        url = as_text(args[1]) if last == "request" and len(args) > 1 else text
        RECORDER.emit("url", url, by_standin=True, call=name)
    elif last in _LDAP or (last == "search" and len(args) > 1):
        filter_text = as_text(kwargs.get("search_filter", args[2] if len(args) > 2 else args[-1]))
        RECORDER.emit("ldap", filter_text, by_standin=True)
    elif "/" in text and "<" not in text and "://" not in text and _takes_path(name, last, text):
        RECORDER.emit("file", text, by_standin=True, action=_done_to_file(last), flags=0, mode="")
    elif last == "xpath" or (last in _FINDS and _EXPRESSION.search(text)):
        RECORDER.emit("xpath", text, by_standin=True)
    elif (
        last in ("debug", "info", "warning", "warn", "error", "critical", "exception", "log") and "log" in name.lower()
    ):
        level = getattr(logging, last.upper(), logging.INFO)
        RECORDER.emit("log", _formatted(text, args[1:]), by_standin=True, level=level)


def _takes_path(name: str, last: str, text: str) -> bool:
    """Whether an unknown function is one of files, by its name or because it is given what was joined as a path."""
    return _PATHS.search(last) is not None or (text in RECORDER.paths and _TALKS.search(name) is None)


def _done_to_file(last: str) -> str:
    """What a function of this name does to a file; ``reach`` where that is not said."""
    return next((action for action, pattern in _ACTIONS.items() if pattern.search(last)), "reach")


def _runs(name: str, last: str, text: str, kwargs: dict[str, Any]) -> bool:
    """Whether an unknown function of this name runs the text in a shell."""
    if last in _SHELL:
        return True
    if _DATABASE.search(last) or kwargs.keys() & {"params", "parameters"}:
        return False
    if last == "execute" and _OF_DATABASE.search(name):
        return False
    named = last in _RUN or _RUNNER.search(last) is not None
    return named and (kwargs.get("shell") is True or _looks_like_command(text))


def _formatted(text: str, args: tuple[Any, ...]) -> str:
    try:
        return text % args if args else text
    except (TypeError, ValueError):
        return text


def _content_type(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    given = kwargs.get("content_type") or kwargs.get("mimetype") or (args[1] if len(args) > 1 else "")
    return as_text(given) if isinstance(given, str) else ""


def _looks_like_command(text: str) -> bool:
    return " " in text and re.match(r"^[a-z][\w./-]* ", text) is not None


def _sanitised(inputs: Inputs, name: str, args: tuple[Any, ...]) -> Any:
    """A value of its own that no attack is aimed at."""
    slot = inputs.slot(name + "()", "sanitised")
    return slot.word
