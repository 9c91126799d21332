"""Documents: XML parsers that fetch entities (CWE-611), archives unpacked by their members' names (CWE-22)."""

from __future__ import annotations

import re

from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, Grades, anywhere, flow
from bluehook.detect.flow.site import Site

_LOOKED_AT = re.compile(r"['\"]\.\.|isabs|commonpath|is_relative_to")
_PARSED = "is parsed with external entities"
_OPENED = anywhere(Grades(SHOWS, SUSPECTS, SHOWS))
_DEFAULT = anywhere(Grades(SUSPECTS, HINTS, HINTS))
_EXPANDED = anywhere(Grades(SUSPECTS, HINTS))


def _lxml(site: Site) -> None:
    """lxml resolves entities unless told not to (before version 5 the local and remote ones too)."""
    parser = site.arg(1, "parser")
    if parser is not None and parser.kind == "parser:closed":
        return
    where = _OPENED if parser is not None and parser.kind == "parser:open" else _DEFAULT
    flow(site, "xxe", site.arg(0, "text", "source"), where, _PARSED)


def _bomb(site: Site) -> None:
    """The standard library's parsers fetch nothing, but expand what is defined within."""
    flow(site, "xml-bomb", site.arg(0, "text", "string", "source"), _EXPANDED, "is parsed with entities expanded")


def _extract(site: Site) -> None:
    """``extractall`` without a filter, of an archive that came from outside."""
    if "filter" in site.keywords or site.receiver is None or "members" in site.keywords:
        return
    if "tarfile" in site.receiver.of:
        flow(
            site,
            "archive-extraction",
            site.receiver,
            anywhere(Grades(SHOWS, SUSPECTS)),
            "names the files that are written",
        )


def _extract_member(site: Site) -> None:
    """``tar.extract(member)``; ``zipfile`` keeps its members below the target by itself."""
    if site.receiver is not None and site.receiver.of.startswith("tarfile") and "filter" not in site.keywords:
        grades = Grades(SUSPECTS if _names_are_looked_at(site) else SHOWS)
        flow(site, "archive-extraction", site.arg(0, "member"), anywhere(grades), "is written where it says")


def _names_are_looked_at(site: Site) -> bool:
    """Whether the function checks member names somewhere, which may well be in another loop over the archive."""
    function = site.machine.frame.function
    return function is not None and _LOOKED_AT.search(site.machine.text(function.node)) is not None


_LXML = "lxml.etree.fromstring lxml.etree.parse lxml.etree.XML lxml.etree.iterparse lxml.objectify.fromstring"
_STANDARD = """xml.etree.ElementTree.fromstring xml.etree.ElementTree.parse xml.etree.ElementTree.XML
    xml.dom.minidom.parseString xml.dom.minidom.parse xml.etree.cElementTree.fromstring xml.sax.parseString"""
SINKS = {
    **dict.fromkeys(_LXML.split(), _lxml),
    **dict.fromkeys(_STANDARD.split(), _bomb),
    ".extractall": _extract,
    ".extract": _extract_member,
    "tarfile.open().extract": _extract_member,
    "tarfile.open().extractall": _extract,
}
