"""Where values come from: parameters, requests, command lines, files, other hosts; and what their parts are called."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.requests import CALLS, CERTAIN, FRAMEWORKS, GETTER, HANDLERS, NUMERIC, PARTS, SPLIT
from bluehook.detect.flow.values import NOWHERE, Taint, Trail, Trust, Value, cleaned, constant, tainted
from bluehook.parse import Function, Parameter, ParsedFile
from bluehook.parse.model import Class, Definition

if TYPE_CHECKING:
    from tree_sitter import Node

    from bluehook.detect.flow.machine import Machine

_REQUESTS = {"request", "req", "_request"}
_GATEWAYS = {("event", "context"), ("environ", "start_response"), ("self", "environ", "start_response")}
_REQUEST_TYPE = re.compile(r"(?:Http|HTTP)?Request$")
_WEB = {"flask", "django", "fastapi", "starlette", "aiohttp"}
_INJECTED = re.compile(
    r"\b(?:Depends|Security|Inject)\s*\(|\b(?:Session|Settings|BackgroundTasks|Response|WebSocket)\b"
)
_CONVERTED = re.compile(r"[<{](?:(?P<before>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)(?::(?P<after>\w+))?[>}]")
_NUMBER_CONVERTERS = {"int", "float", "uuid", "any"}
_UPPER = re.compile(r"_*[A-Z][A-Z0-9_]*$")
_GLOBAL_REQUESTS = {
    "flask.request", "quart.request", "bottle.request", "cherrypy.request", "flask.globals.request", "web.ctx",
    "webapp2.request", "sanic.request",
}  # fmt: skip
_OWN_ADDRESS = {"request path", "request URL", "request header `Host`"}
"""A redirect to them stays where the browser is."""
_DOTTED: dict[str, tuple[str, Trust]] = {
    "sys.argv": ("a command-line argument", Trust.WEAK),
    "sys.stdin": ("the standard input", Trust.WEAK),
    "os.environ": ("an environment variable", Trust.ASSUMED),
}
_SCHEMA_PART = re.compile(r"(?:\w+_)?(?:field|column|table|model|index|constraint|sequence)$")
_VALUE_OF = re.compile(r"(?:^|_)(?:value|data|text|input)s?$")
_OF_TEXT = frozenset(dir(str))
_CONSTANTS = {
    "os.sep": "/", "os.path.sep": "/",
    **{f"string.{name}": getattr(string, name) for name in
       ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits")},
}  # fmt: skip
"""Constants of the library by their dotted name."""


class Setting:
    """What a file is about, as far as it decides what its names mean."""

    def __init__(self, file: ParsedFile) -> None:
        names = set(file.imports.values()) | set(file.names.wildcards)
        self.modules = {name.partition(".")[0] for name in names}
        self.is_web = any(name == f or name.startswith(f + ".") for name in names for f in FRAMEWORKS)
        self.is_client = bool(self.modules & {"scrapy", "httpx", "requests", "urllib3"}) and not self.is_web
        self.uses_pathlib = any(name.startswith("pathlib") for name in names)
        self._bases = {item.name: item.bases for item in file.classes}

    def kind_of_self(self, owner: Definition | None) -> str:
        """What an instance of a class is besides an object: a request handler of some framework."""
        pending, seen = [owner.name] if isinstance(owner, Class) else [], 0
        while pending and seen < len(HANDLERS) * 2:
            seen += 1
            for base in self._bases.get(pending.pop(), ()):
                last = base.rpartition(".")[2]
                if last in HANDLERS:
                    return HANDLERS[last]
                pending.append(last)
        return ""


def origin(slot: str, source: str, trust: Trust, at: Node | None, kind: str = "", of: str = "") -> Value:
    """A value that comes in at a place."""
    trail = Trail(at, None, 1) if at is not None else None
    return tainted(Taint(slot, source, trust, trail), kind=kind, of=of)


def parameter_value(setting: Setting, function: Function, parameter: Parameter) -> Value:
    """What a parameter holds when nobody in sight passes it."""
    name, annotation, entry = parameter.name, parameter.annotation or "", function.entry
    at = function.node
    if NUMERIC.match(annotation.strip("\"'")):
        return Value(kind="number")
    if _REQUEST_TYPE.search(annotation) or (name in _REQUESTS and not setting.is_client):
        certain = setting.is_web or (entry is not None and entry.framework in _WEB)
        return Value(kind="request" if certain else "request?")
    if name in ("event", "environ") and tuple(p.name for p in function.parameters) in _GATEWAYS:
        return origin(name, f"the {name} of the request", Trust.OUTSIDE, at, kind="params")
    if entry is not None:
        if entry.framework in _WEB and not _INJECTED.search(f"{annotation} {parameter.default or ''}"):
            return _route_parameter(entry.framework, entry.route, parameter, at)
        if entry.framework in ("click", "celery"):
            what = "command-line option" if entry.framework == "click" else "task argument"
            return origin(name, f"the {what} `{name}`", Trust.WEAK, at)
    if _describes_schema(function, name):
        doubt = frozenset({"sql-injection"})
        return tainted(Taint(name, f"the parameter `{name}`", Trust.PARAMETER, Trail(at, None, 1), doubt=doubt))
    kind = "tuple" if parameter.kind == "var-positional" else "dict" if parameter.kind == "var-keyword" else ""
    return origin(name, f"the parameter `{name}`", Trust.PARAMETER, at, kind=kind and f"{kind}-parameter")


def _describes_schema(function: Function, name: str) -> bool:
    """Whether a parameter is an object that stands for a part of the schema: what it says, the program's models do.

    Its name says so, and the function reads what no text has and nothing that sounds like a value.
    """
    if not _SCHEMA_PART.match(name):
        return False
    read = set(re.findall(rf"\b{name}\.(\w+)", (function.node.text or b"").decode("utf-8", "replace")))
    return bool(read - _OF_TEXT) and not any(_VALUE_OF.search(each) for each in read)


def _route_parameter(framework: str, route: str | None, parameter: Parameter, at: Node) -> Value:
    for match in _CONVERTED.finditer(route or ""):
        if match["name"] != parameter.name:
            continue
        converter = match["after"] or match["before"]
        if converter in _NUMBER_CONVERTERS:
            return Value(kind="number")
        taint = Taint(
            parameter.name, f"the path parameter `{parameter.name}`", Trust.OUTSIDE, Trail(at, None, 1),
            doubt=frozenset() if converter == "path" else frozenset({"path-traversal"}),
        )  # fmt: skip
        return tainted(taint)
    if framework in ("fastapi", "starlette"):
        return origin(parameter.name, f"the request parameter `{parameter.name}`", Trust.OUTSIDE, at)
    if framework == "django" or route is None:
        return origin(parameter.name, f"the path parameter `{parameter.name}`", Trust.OUTSIDE, at)
    return origin(parameter.name, f"the parameter `{parameter.name}`", Trust.PARAMETER, at)


def name_unbound(setting: Setting, name: str, dotted: str | None) -> Value:
    """What a name stands for that the file does not assign."""
    if dotted in _GLOBAL_REQUESTS or (name == "request" and (dotted is None or dotted.endswith(".request"))):
        return Value(kind="request" if dotted in _GLOBAL_REQUESTS or setting.is_web else "request?")
    if dotted is not None:
        known = _DOTTED.get(dotted)
        if known is not None:
            return origin(dotted, known[0], known[1], None)
        return Value(of=dotted)
    if _UPPER.match(name):
        return Value(kind="setting")
    return tainted(Taint(name, f"`{name}`", Trust.ASSUMED, None))


def attribute_of(machine: Machine, expression: nodes.Attr, owner: Value) -> Value:
    """``owner.name`` of something that holds no contents in sight."""
    if owner.kind in ("request", "request?"):
        return request_part(expression, owner, expression.name)
    known = _DOTTED.get(expression.dotted)
    if known is not None:
        return origin(expression.dotted, known[0], known[1], expression.at)
    if expression.dotted in _CONSTANTS:
        return constant(_CONSTANTS[expression.dotted])
    if expression.dotted in _GLOBAL_REQUESTS:
        return Value(kind="request")
    if owner.kind.endswith("-handler"):
        return _of_handler(expression, owner)
    if owner.kind == "self":
        if expression.name == "request":
            return Value(kind="request" if machine.setting.is_web else "request?")
        if expression.name == "kwargs" and machine.setting.is_web:
            return origin("self.kwargs", "the path parameter", Trust.OUTSIDE, expression.at, kind="params")
        if _UPPER.match(expression.name):
            return Value(kind="setting")
        return tainted(Taint(f"self.{expression.name}", f"the attribute `self.{expression.name}`", Trust.ASSUMED, None))
    if owner.kind == "url":
        return owner._replace(kind="url-part", of=expression.name)
    if owner.kind == "path":
        named = expression.name in ("name", "stem", "suffix")
        return cleaned(owner, "path-traversal", "archive-extraction")._replace(kind="") if named else owner
    if _UPPER.match(expression.name):
        return Value(kind="setting")
    if expression.name == "cleaned_data":
        declared = origin("form.cleaned_data", "the form field", Trust.OUTSIDE, expression.at, kind="params")
        return cleaned(declared, "mass-assignment")  # a form hands on the fields that it declares, and no others
    if expression.name == "pk" or (owner.kind == "number"):
        return Value(kind="number")
    return part_of(owner, f".{expression.name}", expression.at)


def _of_handler(expression: nodes.Attr, owner: Value) -> Value:
    if expression.name == "request":
        return Value(kind="request")
    if owner.kind == "http-handler" and expression.name in ("path", "headers", "rfile", "requestline", "query"):
        what = {"headers": "request header", "rfile": "request body"}.get(expression.name, "request path")
        kind = "params" if expression.name == "headers" else ""
        return origin(f"self.{expression.name}", f"the {what}", Trust.OUTSIDE, expression.at, kind=kind)
    return tainted(Taint(f"self.{expression.name}", f"the attribute `self.{expression.name}`", Trust.ASSUMED, None))


def request_part(expression: nodes.Attr, owner: Value, name: str) -> Value:
    """An attribute of a request."""
    if name in SPLIT or (owner.kind == "request?" and name not in CERTAIN):
        return tainted(Taint(f"request.{name}", f"`request.{name}`", Trust.ASSUMED, None))
    known = PARTS.get(name)
    if known is None:
        return tainted(Taint(f"request.{name}", f"`request.{name}`", Trust.ASSUMED, None))
    what, is_mapping = known
    found = origin(f"request.{name}", f"the {what}", Trust.OUTSIDE, expression.at, kind="params" if is_mapping else "")
    return cleaned(found, "open-redirect") if what in _OWN_ADDRESS else found


def request_call(expression: nodes.Call, owner: Value, method: str, key: str | None) -> Value | None:
    """A method of a request, or of an object made from one; ``None`` where it gives nothing of it."""
    what = CALLS.get(method)
    if what is None and GETTER.match(method) and "safe" not in method:
        what = "request parameter"
    if what is None or (owner.kind == "request?" and method in ("json", "text", "read", "body", "form", "post", "get")):
        return None
    if key is None:
        kind = "params" if what in ("JSON field", "form field") else ""
        found = origin(f"request.{method}()", f"the {what}", Trust.OUTSIDE, expression.at, kind=kind)
        return cleaned(found, "open-redirect") if what in _OWN_ADDRESS else found
    return origin(f"request.{method}({key})", f"the {what} `{key}`", Trust.OUTSIDE, expression.at)


def item_of(machine: Machine, expression: nodes.Index, owner: Value, key: Value) -> Value:
    """``owner[key]`` of something that holds no contents in sight."""
    if owner.kind == "request":
        return origin(f"request[{key.const}]", f"the request parameter `{key.const}`", Trust.OUTSIDE, expression.at)
    if owner.kind == "setting":
        return Value(kind="setting")
    if key.is_constant:
        return part_of(
            owner, f"[{key.const!r}]" if owner.kind != "params" else f".{key.const}", expression.at, key.text
        )
    hole = owner.hole()
    return Value(forms=((hole,),)) if hole else NOWHERE


def part_of(owner: Value, name: str, at: Node, key: str | None = None) -> Value:
    """An attribute or item: an origin of its own where the owner is one, else the same taints."""
    if len(owner.forms) != 1 or len(owner.forms[0]) != 1 or isinstance(owner.forms[0][0], str):
        hole = owner.hole()
        return Value(forms=((hole,),)) if hole else NOWHERE
    hole = owner.forms[0][0]
    if not hole or owner.kind in ("url-part", "loaded"):
        return Value(forms=((hole,),), of=f"{owner.of}{name}" if owner.of else "") if hole or owner.of else NOWHERE
    taints = []
    for taint in hole:
        source = f"{taint.source} `{key}`" if owner.kind == "params" and key is not None else None
        part = taint.part(name, source)
        if name.startswith(".") and key is None and taint.source.startswith("the path parameter"):
            part = Taint(part.slot, part.source, Trust.ASSUMED, None)  # text has no such attribute: it is an object
        elif taint.trust is Trust.PARAMETER and name.startswith(".") and key is None and "." in taint.slot:
            part = Taint(part.slot, part.source, Trust.ASSUMED, None)  # deep inside an object of the program's own
        if part.trail is None and part.trust > Trust.ASSUMED:
            part = part.step(at)
        taints.append(part)
    return tainted(*taints)
