"""What a program is given from outside: fields of forms, the environment, its command line."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow import containers
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import origin, part_of
from bluehook.detect.flow.values import ANY, Taint, Trust, Value, cleaned, opened, tainted


def _field_storage(site: Site) -> Value:
    return origin("cgi.FieldStorage", "the form field", Trust.OUTSIDE, site.call.at, kind="params")


def _environ(site: Site) -> Value:
    key = site.args[0].text if site.args else None
    return tainted(Taint(f"os.environ[{key}]", f"the environment variable `{key}`", Trust.ASSUMED, None))


def _parsed_arguments(site: Site) -> Value:
    return origin("args", "the command-line argument", Trust.WEAK, site.call.at)


def _get(site: Site, receiver: Value) -> Value:
    key = site.need(0)
    default = site.arg(1, "default")
    if receiver.kind == "params" and key.is_constant:
        found = part_of(receiver, f".{key.const}", site.call.at, key.text)
    elif receiver.kind == "request":
        found = receiver
    elif key.is_constant:
        found = part_of(receiver, f".{key.const}", site.call.at)
    else:
        found = opened(receiver.hole())
    if "type" in site.keywords and site.keywords["type"].of == "" and _is_number(site):
        return cleaned(found, ANY)._replace(kind="number")
    return containers.either(site.state, [found, default]) if default is not None and any(default.taints()) else found


def _is_number(site: Site) -> bool:
    for argument in site.call.args:
        if argument.keyword == "type":
            return site.machine.text(argument.value.at) in ("int", "float", "bool", "uuid.UUID", "UUID")
    return False


FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    "cgi.FieldStorage": _field_storage,
    "os.getenv": _environ,
    "os.environ.get": _environ,
}
METHODS: dict[str, Callable[[Site, Value], Value]] = {
    "get": _get,
    "getlist": _get,
    "get_list": _get,
    "getfirst": _get,
    "getvalue": lambda site, receiver: _get(site, receiver) if site.args else opened(site.state.everything(receiver)),
    "parse_args": lambda site, receiver: _parsed_arguments(site),
}
