"""Functions and methods that are not of this file: what their results carry."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow import containers, library_pages
from bluehook.detect.flow.checks import PATH, VALIDATOR
from bluehook.detect.flow.collections_model import container_method
from bluehook.detect.flow.library_table import (
    ABORTS,
    CLEAN,
    CONVERSIONS,
    DECODED,
    ENCODED,
    ESCAPERS,
    NUMBERS,
    OUTSIDE,
    ROWS,
    SAME,
    WEAK,
)
from bluehook.detect.flow.patterns import matched
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import origin, part_of, request_call
from bluehook.detect.flow.texts import as_number, text_method
from bluehook.detect.flow.values import (
    ANY,
    NOWHERE,
    UNKNOWN,
    Changer,
    Taint,
    Trust,
    Value,
    changed,
    cleaned,
    concatenated,
    constant,
    merged,
    opened,
    tainted,
)


def model(site: Site) -> Value:
    """The value of a call whose body is not in sight."""
    name = site.name
    special = _SPECIAL.get(name)
    if special is not None and not site.call.local:
        return special(site)
    if not site.call.local or "." in name:
        known = _by_table(site, name)
        if known is not None:
            return known
    if site.receiver is not None:
        return _method(site, site.receiver)
    return _unknown(site)


def is_known(name: str) -> bool:
    """Whether a name has a model of its own here, which says more than its body would."""
    return name in _SPECIAL or any(name in table for table in (ABORTS, NUMBERS, CLEAN, SAME, ENCODED, WEAK, DECODED))


def _by_table(site: Site, name: str) -> Value | None:
    if name in ABORTS:
        site.state.alive = False
        return NOWHERE
    if name in NUMBERS:
        return _number(site)
    if name in CLEAN:
        return Value(of=f"{name}()")
    if name in SAME:
        return _same(site)
    if name in ENCODED:
        kind = "basename" if name.endswith("basename") else ""
        value = concatenated_or_merged(site, join=name.endswith("safe_join"))
        return cleaned(value, *ENCODED[name])._replace(kind=kind)
    if name in WEAK:
        trust = Trust.OUTSIDE if name in OUTSIDE else Trust.WEAK
        return origin(f"{name}()", WEAK[name], trust, site.call.at, of=f"{name}()")
    if name in DECODED:
        return _decoded(site)
    return None


def concatenated_or_merged(site: Site, *, join: bool = False) -> Value:
    """The first argument with its composition, or all of them joined as a path."""
    if join:
        return _joined_path(site)
    return site.args[0] if site.args and not site.args[0].box else opened(site.taints(receiver=False))


def _number(site: Site) -> Value:
    if site.name == "int" and len(site.args) == 1:
        return _checked(site, as_number(site.args[0]))
    if site.name == "len" and site.args:
        text, items = site.args[0].text, containers.items_of(site.state, site.args[0])
        length = len(text) if text is not None else len(items) if items is not None else None
        return constant(length) if length is not None else Value(kind="number")
    result = cleaned(merged(site.args), ANY)._replace(kind="number")
    return _checked(site, result)


def _checked(site: Site, result: Value) -> Value:
    if site.name in CONVERSIONS:
        site.state.check((t for arg in site.args for t in arg.taints()), ANY)
    return result


def _same(site: Site) -> Value:
    if not site.args:
        return constant("") if site.name in ("str", "unicode") else NOWHERE
    first = site.args[0]
    if site.name in ("str", "unicode", "repr") and not isinstance(first.const, (str, bool)) and first.is_constant:
        return constant(str(first.const))
    if first.box:
        return opened(site.state.everything(first))
    if site.name == "str":
        marked = cleaned(first, "nosql-injection")
        return marked if first.kind != "exception" else first
    return first


def _decoded(site: Site) -> Value:
    if site.name in ("list", "tuple", "set", "sorted", "dict") and site.args:
        items = containers.items_of(site.state, site.args[0])
        if site.args[0].kind in ("list", "tuple", "dict") and items is not None:
            return (
                containers.make(site.state, site.m.new_box(), "dict", dict(site.state.boxes[site.args[0].box].items))
                if site.name == "dict"
                else containers.of_items(site.state, site.m.new_box(), site.name, items)
            )
    if site.name in ("dict", "list", "set", "tuple") and not site.args:
        kind = "list" if site.name == "tuple" else site.name
        items_by_key = dict(site.keywords) if site.name == "dict" else {}
        return containers.make(site.state, site.m.new_box(), kind, dict(items_by_key), site.spread)
    if site.name == "getattr" and len(site.args) > 1 and site.args[1].text is not None:
        return part_of(site.args[0], f".{site.args[1].text}", site.call.at)
    kind = "loaded" if "loads" in site.name or site.name.endswith(".load") else ""
    return opened(site.taints(receiver=False), kind)


def _joined_path(site: Site) -> Value:
    """``os.path.join``: a later absolute part wins."""
    parts: list[Value] = []
    for argument in site.args:
        if argument.text is not None and argument.text.startswith("/"):
            parts = []
        value = argument if not argument.box else opened(site.state.everything(argument))
        if parts:
            parts.append(constant("/") if not _ends_with_slash(parts[-1]) else constant(""))
        parts.append(value)
    if site.spread is not None:
        parts += [constant("/"), site.spread]
    return concatenated(parts)


def _ends_with_slash(value: Value) -> bool:
    return all(form and isinstance(form[-1], str) and form[-1].endswith("/") for form in value.forms)


def _path(site: Site) -> Value:
    return _joined_path(site)._replace(kind="path")


def _resolved(site: Site) -> Value:
    value = site.args[0] if site.args else NOWHERE
    return value._replace(kind="resolved", const=UNKNOWN if value.kind == "path" else value.const)


def _kind(kind: str) -> Callable[[Site], Value]:
    def result(site: Site) -> Value:
        return opened(site.taints(receiver=False), kind)

    return result


def _url(site: Site) -> Value:
    value = site.args[0] if site.args else NOWHERE
    return value._replace(kind="url")


def _urljoin(site: Site) -> Value:
    base, other = site.need(0, "base"), site.need(1, "url")
    return other if not base.prefix() else merged([base, other])


def _field_storage(site: Site) -> Value:
    return origin("cgi.FieldStorage", "the form field", Trust.OUTSIDE, site.call.at, kind="params")


def _opened(site: Site) -> Value:
    return origin("open()", "the content of a file", Trust.WEAK, None, of="open()")


def _archive(site: Site) -> Value:
    return opened(site.taints(receiver=False), of="tarfile.open()")


def _environment(site: Site) -> Value:
    """A Jinja environment; its pages escape only where it was told to."""
    escape = site.keywords.get("autoescape")
    escapes = site.spread is not None or (escape is not None and escape.const is not False)
    return Value(of="jinja2.Escaping()" if escapes else "jinja2.Environment()")


def _render(site: Site, receiver: Value) -> Value:
    carried = opened(site.taints())
    escaped = not receiver.of.startswith("jinja2.Environment()") and not receiver.of.startswith("jinja2.Template()")
    return cleaned(carried, "cross-site-scripting") if escaped else carried


_MEMBERS = ("tarfile.open()", "zipfile.ZipFile()")


def _members(site: Site, receiver: Value) -> Value:
    """The names that an archive says its members have: whoever made it wrote them."""
    if receiver.of in _MEMBERS:
        return origin("member", "the name of an archive member", Trust.OUTSIDE, site.call.at)
    return _unknown(site)


def _address_checked(site: Site) -> Value:
    value = site.need(0, "url")
    return opened(value.hole(), "match:ssrf,open-redirect")


def _zip(site: Site) -> Value:
    return opened(site.taints(receiver=False), of="zipfile.ZipFile()")


def _environ(site: Site) -> Value:
    key = site.args[0].text if site.args else None
    return tainted(Taint(f"os.environ[{key}]", f"the environment variable `{key}`", Trust.ASSUMED, None))


def _parsed_arguments(site: Site) -> Value:
    return origin("args", "the command-line argument", Trust.WEAK, site.call.at)


def _xml_parser(site: Site) -> Value:
    """An lxml parser by what it was told: entities on (``open``), off (``closed``) or nothing."""
    entities, network = site.keywords.get("resolve_entities"), site.keywords.get("no_network")
    if entities is not None and entities.const is False:
        return Value(kind="parser:closed")
    explicit = any(value is not None and value.const is wrong for value, wrong in ((entities, True), (network, False)))
    return Value(kind="parser:open" if explicit else "parser")


_SPECIAL: dict[str, Callable[[Site], Value]] = {
    **library_pages.SPECIAL,
    "os.path.join": _joined_path,
    "posixpath.join": _joined_path,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PosixPath": _path,
    "Path": _path,
    "os.path.abspath": _resolved,
    "os.path.realpath": _resolved,
    "os.path.commonpath": _kind("commonpath"),
    "os.path.commonprefix": _kind("commonprefix"),
    "os.path.dirname": _kind("parent"),
    "os.path.splitext": _kind("extension"),
    "os.path.relpath": _kind(""),
    "type": _kind("type"),
    "urllib.parse.urlparse": _url,
    "urllib.parse.urlsplit": _url,
    "urlparse.urlparse": _url,
    "urlparse.urlsplit": _url,
    "urllib.parse.urljoin": _urljoin,
    "urlparse.urljoin": _urljoin,
    "cgi.FieldStorage": _field_storage,
    "open": _opened,
    "io.open": _opened,
    "os.getenv": _environ,
    **dict.fromkeys(
        (f"django.utils.http.{name}" for name in ("url_has_allowed_host_and_scheme", "is_safe_url")), _address_checked
    ),
    "url_has_allowed_host_and_scheme": _address_checked,
    "lxml.etree.XMLParser": _xml_parser,
    "tarfile.open": _archive,
    "zipfile.ZipFile": _zip,
    "jinja2.Environment": _environment,
    "tarfile.TarFile": _archive,
    "os.environ.get": _environ,
}


def _method(site: Site, receiver: Value) -> Value:
    method = site.method
    if receiver.kind in ("request", "request?", "tornado-handler"):
        key = site.args[0].text if site.args else None
        found = request_call(site.call, receiver, method, key)
        if found is not None:
            return found
        if receiver.kind != "tornado-handler":
            return tainted(Taint(f"request.{method}()", f"`request.{method}()`", Trust.ASSUMED, None))
    contained = container_method(site, receiver)
    if contained is not None:
        return contained
    matching = matched(site, receiver)
    if matching is not None:
        return matching
    text = text_method(site)
    if text is not None:
        return text
    special = _METHODS.get(method)
    if special is not None:
        return special(site, receiver)
    if method in ROWS and receiver.kind != "params":
        return Value(of=f"{site.name}()")
    return _unknown(site)


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
            return site.m.text(argument.value.at) in ("int", "float", "bool", "uuid.UUID", "UUID")
    return False


def _joinpath(site: Site, receiver: Value) -> Value:
    parts = [receiver]
    for argument in site.args:
        parts += [constant("/"), argument]
    return concatenated(parts)._replace(kind="path")


def _resolve(site: Site, receiver: Value) -> Value:
    return receiver._replace(kind="resolved", const=UNKNOWN)


def _relative_to(site: Site, receiver: Value) -> Value:
    site.state.check(receiver.taints(), PATH, "archive-extraction", doubt=receiver.kind != "resolved")
    return receiver


def _with_name(site: Site, receiver: Value) -> Value:
    return cleaned(merged([receiver, *site.args]), PATH)._replace(kind="path")


def _read(site: Site, receiver: Value) -> Value:
    if receiver.of.startswith("open()") or receiver.kind in ("path", "resolved"):
        return origin("open().read()", "the content of a file", Trust.WEAK, site.call.at)
    return opened(receiver.hole())


def _escaped(site: Site, receiver: Value) -> Value:
    return cleaned(opened(site.taints()), "sql-injection", "cross-site-scripting")


_METHODS: dict[str, Callable[[Site, Value], Value]] = {
    "get": _get,
    "getlist": _get,
    "get_list": _get,
    "getfirst": _get,
    "getvalue": lambda site, receiver: _get(site, receiver) if site.args else opened(site.state.everything(receiver)),
    "joinpath": _joinpath,
    "resolve": _resolve,
    "absolute": _resolve,
    "relative_to": _relative_to,
    "with_name": _with_name,
    "read": _read,
    "readline": _read,
    "readlines": _read,
    "read_text": _read,
    "hexdigest": lambda site, receiver: NOWHERE,
    "digest": lambda site, receiver: NOWHERE,
    **library_pages.METHODS,
    "escape": _escaped,
    "escape_string": _escaped,
    **dict.fromkeys(("getmembers", "getnames", "namelist", "infolist"), _members),
    "render": _render,
    "render_async": _render,
    "parse_args": lambda site, receiver: _parsed_arguments(site),
}


def _unknown(site: Site) -> Value:
    """A function of which nothing is known: its result may carry what it was given, and what it checks is doubted."""
    taints = frozenset(taint for taint in site.taints() if taint.trust > Trust.ASSUMED)
    last = site.method
    requests = [v for v in (*site.args, *site.keywords.values()) if v.kind == "request"]
    if requests and site.m.setting.is_web:
        return Value(kind="request") if "equest" in site.name else NOWHERE
    if not taints and ESCAPERS.search(last):
        return cleaned(tainted(Taint(f"{site.name}()", f"the result of `{last}()`", Trust.ASSUMED, None)), ANY)
    if not taints:
        return _assumed(site) if site.name.startswith(".") or "." not in site.name else Value(of=f"{site.name}()")
    if ESCAPERS.search(last):
        return cleaned(opened(taints), ANY)
    if VALIDATOR.search(last):
        site.state.check(taints, ANY, doubt=True)
    if site.receiver is not None and any(t.trust > Trust.ASSUMED for t in site.receiver.taints()):
        return opened(taints, of=f"{site.name}()" if "." in site.name.lstrip(".") else "")
    return changed(opened(taints, of=f"{site.name}()" if "." in site.name.lstrip(".") else ""), Changer(doubt=(ANY,)))


def _assumed(site: Site) -> Value:
    return tainted(Taint(f"{site.name}()", f"the result of `{site.name.lstrip('.')}()`", Trust.ASSUMED, None))
