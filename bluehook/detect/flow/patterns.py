"""Regular expressions as checks: which patterns, matched to the end, leave nothing dangerous in a value."""

from __future__ import annotations

import re

from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import ANY, NOWHERE, Value, opened, with_forms

_MODULES = ("re", "regex", "re2")
_MATCHERS = {"match", "fullmatch", "search"}
_WILD = re.compile(r"(?<!\\)\.[*+{]|\\S|\[\^|\\W|\\D")
_DANGEROUS: dict[str, tuple[str, ...]] = {
    "/": ("path-traversal", "archive-extraction", "open-redirect", "ssrf"),
    "'": ("sql-injection", "xpath-injection"),
    '"': ("sql-injection", "xpath-injection", "cross-site-scripting"),
    ";": ("command-injection", "sql-injection"),
    "|": ("command-injection",),
    "&": ("command-injection", "ldap-injection"),
    "$": ("command-injection", "nosql-injection"),
    "<": ("cross-site-scripting", "xml-injection"),
    "(": ("code-injection", "ldap-injection"),
    "*": ("ldap-injection",),
    "{": ("template-injection",),
}
_FIXED_HOST = re.compile(r"(?:\^|\\A)?https?\??://(?:[\w-]|\\[.-])+(?::\d+)?/")
"""An address whose host is written out, up to the slash behind it."""
_EVERYTHING = frozenset(weakness for weaknesses in _DANGEROUS.values() for weakness in weaknesses) | {
    "header-injection", "log-injection", "regex-dos", "argument-injection", "deserialization", "csv-injection",
}  # fmt: skip


def matched(site: Site, receiver: Value) -> Value | None:
    """The result of a match: of ``re.match(pattern, text)`` or of a compiled pattern's method."""
    if site.method not in _MATCHERS | {"compile", "sub"}:
        return None
    if site.name.rpartition(".")[0] in _MODULES:
        if site.method == "compile":
            pattern = site.need(0)
            return with_forms(pattern.forms)._replace(kind="regex")
        if site.method == "sub":
            return _substituted(site.need(0), site.need(1), site.need(2))
        return _match(site.need(0), site.need(1), site.method)
    if receiver.kind == "regex":
        if site.method == "sub":
            return _substituted(receiver, site.need(0), site.need(1))
        return _match(receiver, site.need(0), site.method)
    return None


def _match(pattern: Value, text: Value, method: str) -> Value:
    marks = proves(pattern.text, method) if pattern.text is not None else frozenset()
    if not any(text.taints()):
        return NOWHERE
    return opened(text.hole(), f"match:{','.join(sorted(marks))}" if marks else "match:doubt")


def proves(pattern: str, method: str) -> frozenset[str]:
    """What a text that matches can no longer cause."""
    begins = method != "search" or pattern.startswith(("^", "\\A"))
    host = {"ssrf", "open-redirect"} if begins and _FIXED_HOST.match(pattern) else set()
    return _proves(pattern, method) | host


def _proves(pattern: str, method: str) -> frozenset[str]:
    """What the characters say; nothing unless the pattern reaches from start to end."""
    body = pattern
    closed = method == "fullmatch" or re.search(r"(?:\$|\\Z|\\z)\)?$", body)
    if not closed or (method == "search" and not re.match(r"\(?(?:\^|\\A)", body)):
        return frozenset()
    if _WILD.search(body) and not re.fullmatch(r"\^?\(?\[\^[^\]]*\][+*]\)?\$?", body):
        return frozenset()
    stripped = re.sub(r"\\[dwsbAZ.\-]|\(\?[:P<>\w]*|[()^$|?*+]|\{\d*,?\d*\}", " ", _unclassed(body))
    lost = {
        w for char, weaknesses in _DANGEROUS.items() if char in stripped or char in _classes(body) for w in weaknesses
    }
    if ".." not in body and "\\." in body and "/" not in _classes(body) + stripped:
        lost -= {"path-traversal"}
    return frozenset({ANY}) if not lost else _EVERYTHING - lost


def _classes(pattern: str) -> str:
    return "".join(re.findall(r"\[((?:\\.|[^\]\\])*)\]", pattern))


def _unclassed(pattern: str) -> str:
    return re.sub(r"\[(?:\\.|[^\]\\])*\]", "", pattern)


def _substituted(pattern: Value, new: Value, text: Value) -> Value:
    """``re.sub``: what removes everything but safe characters is a sanitizer."""
    from bluehook.detect.flow.values import Changer, changed, merged

    result = merged([text, new])
    known = pattern.text or ""
    outside = re.fullmatch(r"\(?\[\^((?:\\.|[^\]\\])*)\]\)?[+*]?", known)
    if outside is not None or known in (r"\W", r"\W+", r"\D", r"\D+"):
        kept = outside[1] if outside is not None else ""
        lost = {w for char, weaknesses in _DANGEROUS.items() if char in kept for w in weaknesses}
        return changed(result, Changer(clean=[ANY] if not lost else _EVERYTHING - lost))
    if re.search(r"\\[rn]", known) or "\n" in known:
        return changed(result, Changer(clean=["lf", "cr", "header-injection", "log-injection"]))
    return changed(result, Changer(doubt=[ANY])) if known else result
