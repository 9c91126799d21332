"""Parsers of XML: what they were told about entities."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Value


def _xml_parser(site: Site) -> Value:
    """Entities are on (``open``), off (``closed``) or nothing."""
    entities, network = site.keywords.get("resolve_entities"), site.keywords.get("no_network")
    if entities is not None and entities.const is False:
        return Value(kind="parser:closed")
    explicit = any(value is not None and value.const is wrong for value, wrong in ((entities, True), (network, False)))
    return Value(kind="parser:open" if explicit else "parser")


FUNCTIONS: dict[str, Callable[[Site], Value]] = {"lxml.etree.XMLParser": _xml_parser}
