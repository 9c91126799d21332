"""Other query languages: LDAP filters and XPath expressions, judged by their structure as SQL is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting, quote_context

_XPATH = re.compile(
    r"(?P<space>\s+)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<open>['\"].*$)|(?P<number>\d+(\.\d+)?)|"
    r"(?P<word>[A-Za-z_][\w.-]*)|(?P<mark>.)",
    re.S,
)
_LDAP_ESCAPED = re.compile(r"\\(?:[0-9a-f]{2}|.)", re.I | re.S)
_LDAP_VALUE = re.compile(r"(?<==)[^()]*")
_LDAP_PART = re.compile(r"[^()&|!=*~<>]")
_NAME_PART = re.compile(r"[^,;+=]")
_NAME_VALUE = re.compile(r"(?<==)[^,;+]*")


def expression(text: str) -> tuple[str, ...]:
    """The tokens of an XPath expression, literals by their sort."""
    found = []
    for match in _XPATH.finditer(text):
        sort = match.lastgroup or ""
        if sort in ("word", "mark"):
            found.append(match.group())
        elif sort != "space":
            found.append(sort)
    return tuple(found)


def skeleton(text: str) -> str:
    """An LDAP filter without its names and values: parentheses, operators and wildcards; of a name, its parts.

    What follows a condition's first equals sign is its value, where only a parenthesis or a wildcard still means
    something: the functions that escape a value for a filter leave other marks as they are.
    """
    text = _LDAP_ESCAPED.sub("", text)
    if "(" not in text:
        return _NAME_PART.sub("", _NAME_VALUE.sub("", text)) + "*" * text.count("*")
    return _LDAP_PART.sub("", _LDAP_VALUE.sub(lambda value: "*" * value.group().count("*"), text))


class XPath(Probe):
    """A value that becomes part of an XPath expression."""

    weakness = "xpath-injection"
    kinds = frozenset({"xpath"})
    assumed_will_do = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Close the literal and add a condition."""
        quote = quote_context(sighting.before) or "'"
        for shape in (f"{quote} or {quote}{{m}}{quote}={quote}{{m}}", "1 or 1=1]|//{m}[1", f"{quote}]|//{{m}}[{quote}",
                      '" or "{m}"="{m}', "{m}']/../x[a='"):  # fmt: skip
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "leave the literal")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The expression has other tokens than with a benign value."""
        expected = expression(sighting.event.text)
        for event in self.at_sink(run, sighting):
            if attack.mark in event.text and expression(event.text) != expected:
                return f"the expression became {event.text[:300]!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A path of the code's own stands around the value."""
        return re.search(r"[/\[@]", sighting.fixed) is not None


class LdapFilter(Probe):
    """A value that becomes part of an LDAP filter."""

    weakness = "ldap-injection"
    kinds = frozenset({"ldap"})
    assumed_will_do = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Close the condition and add another; a wildcard."""
        for shape in ("*)({m}=*", "{m})(|({m}=*)", "{m}*", "*)(&({m}=*))(|(x=", "{m},dc=x"):
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "leave the condition")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The filter has another structure than with a benign value."""
        for event in self.at_sink(run, sighting):
            if attack.mark in event.text and skeleton(event.text) != skeleton(sighting.event.text):
                return f"the filter became {event.text[:300]!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A filter or a name of the code's own stands around the value."""
        return "=" in sighting.fixed


PROBES = [XPath(), LdapFilter()]
