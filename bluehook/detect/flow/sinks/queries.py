"""Queries of other languages: LDAP filters (CWE-90), XPath (CWE-643), MongoDB documents (CWE-943)."""

from __future__ import annotations

from bluehook.detect.flow import containers
from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form, Value

_COMPOSED = Grades(SHOWS, SUSPECTS, SHOWS)
_WHOLE = Grades(SHOWS, SUSPECTS, HINTS)


def _in_text(form: Form, index: int) -> Grades | None:
    return _WHOLE if len(form) == 1 else _COMPOSED


def _ldap(site: Site) -> None:
    """``search_s(base, scope, filter)`` of python-ldap, ``search(base, filter)`` of ldap3."""
    for value in (
        *site.args[:4],
        *(site.keywords.get(k) for k in ("filterstr", "search_filter", "search_base", "base")),
    ):
        if value is not None and not value.box and _reads_like_ldap(site, value):
            flow(site, "ldap-injection", value, _in_text, "becomes part of an LDAP filter or name")


def _reads_like_ldap(site: Site, value: Value) -> bool:
    return any(isinstance(p, str) and "=" in p for form in value.forms for p in form) or site.method.endswith("_s")


def _in_path(form: Form, index: int) -> Grades | None:
    return _WHOLE if len(form) == 1 else Grades(SHOWS, SUSPECTS, SUSPECTS)


def _xpath(site: Site) -> None:
    flow(
        site, "xpath-injection", site.arg(0, "path", "_path", "xpath"), _in_path, "becomes part of an XPath expression"
    )


def _xpath_on_element(site: Site) -> None:
    """``find`` and the like of an element: only a path with a predicate of the code's own can be broken out of."""
    value = site.arg(0, "path", "match")
    if value is not None and any("[" in p for form in value.forms for p in form if isinstance(p, str)):
        _xpath(site)
    elif value is not None and value.box:
        _document(site)


def _second_xpath(site: Site) -> None:
    flow(site, "xpath-injection", site.arg(1, "xpath"), _in_path, "becomes part of an XPath expression")


def _document(site: Site) -> None:
    """A query document: a value that may be a document itself brings its own operators."""
    for argument in site.args[:1]:
        box = site.state.boxes.get(argument.box)
        if box is None or box.kind != "dict":
            continue
        for key, value in box.items.items():
            grades = Grades(SHOWS, SUSPECTS, HINTS) if key == "$where" or _may_be_document(value) else None
            if grades is not None:
                flow(site, "nosql-injection", value, anywhere(grades), "becomes part of a database query document")
            _nested(site, value)


def _may_be_document(value: Value) -> bool:
    """Fields of JSON may be objects; query parameters and forms are text."""
    return any("JSON" in taint.source for taint in value.taints()) and len(value.forms[0]) == 1


def _nested(site: Site, value: Value) -> None:
    for inner in containers.items_of(site.state, value) or []:
        if _may_be_document(inner):
            flow(site, "nosql-injection", inner, anywhere(Grades(SHOWS)), "becomes part of a database query document")


_LDAP = """.search_s .search_st .search_ext_s .search_ext .search_ext .bind_s .simple_bind_s .modify_s .delete_s
    ldap3.Connection().search"""
_MONGO = ".find_one .find_one_and_update .update_one .update_many .delete_one .delete_many .count_documents"
SINKS = {
    **dict.fromkeys(_LDAP.split(), _ldap),
    ".search": _ldap,
    ".xpath": _xpath,
    "lxml.etree.XPath": _xpath,
    "lxml.etree.ETXPath": _xpath,
    "elementpath.select": _second_xpath,
    "elementpath.Selector": _xpath,
    **dict.fromkeys([".find", ".findall", ".findtext", ".iterfind"], _xpath_on_element),
    **dict.fromkeys(_MONGO.split(), _document),
}
