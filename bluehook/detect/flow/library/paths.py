"""Paths, the files that they name, and the members of archives, which become paths."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow.checks import PATH
from bluehook.detect.flow.library.conversions import carried
from bluehook.detect.flow.library.unknown import unknown
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import origin
from bluehook.detect.flow.values import NOWHERE, UNKNOWN, Trust, Value, cleaned, concatenated, constant, merged, opened

_MEMBERS = ("tarfile.open()", "zipfile.ZipFile()")


def joined(site: Site) -> Value:
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
    return joined(site)._replace(kind="path")


def _resolved(site: Site) -> Value:
    value = site.args[0] if site.args else NOWHERE
    return value._replace(kind="resolved", const=UNKNOWN if value.kind == "path" else value.const)


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


def _opened(site: Site) -> Value:
    return origin("open()", "the content of a file", Trust.WEAK, None, of="open()")


def _read(site: Site, receiver: Value) -> Value:
    if receiver.of.startswith("open()") or receiver.kind in ("path", "resolved"):
        return origin("open().read()", "the content of a file", Trust.WEAK, site.call.at)
    return opened(receiver.hole())


def _archive(site: Site) -> Value:
    return opened(site.taints(receiver=False), of="tarfile.open()")


def _zip(site: Site) -> Value:
    return opened(site.taints(receiver=False), of="zipfile.ZipFile()")


def _members(site: Site, receiver: Value) -> Value:
    """The names that an archive says its members have: whoever made it wrote them."""
    if receiver.of in _MEMBERS:
        return origin("member", "the name of an archive member", Trust.OUTSIDE, site.call.at)
    return unknown(site)


FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    "os.path.join": joined,
    "posixpath.join": joined,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PosixPath": _path,
    "Path": _path,
    "os.path.abspath": _resolved,
    "os.path.realpath": _resolved,
    "os.path.commonpath": carried("commonpath"),
    "os.path.commonprefix": carried("commonprefix"),
    "os.path.dirname": carried("parent"),
    "os.path.splitext": carried("extension"),
    "os.path.relpath": carried(""),
    "open": _opened,
    "io.open": _opened,
    "tarfile.open": _archive,
    "tarfile.TarFile": _archive,
    "zipfile.ZipFile": _zip,
}
METHODS: dict[str, Callable[[Site, Value], Value]] = {
    "joinpath": _joinpath,
    "resolve": _resolve,
    "absolute": _resolve,
    "relative_to": _relative_to,
    "with_name": _with_name,
    "read": _read,
    "readline": _read,
    "readlines": _read,
    "read_text": _read,
    **dict.fromkeys(("getmembers", "getnames", "namelist", "infolist"), _members),
}
