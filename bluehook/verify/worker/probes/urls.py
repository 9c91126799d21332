"""Addresses that an input chooses: server-side request forgery and open redirects.

The host is read as those who follow the address read it: a browser takes ``/\\h``, ``///h`` and ``https:h`` for other
hosts (https://url.spec.whatwg.org), a client library does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_EDGE = "".join(map(chr, range(33)))


def browser_host(address: str) -> str:
    """The host that a browser would go to; empty for a path of the same site."""
    text = re.sub(r"[\t\r\n]", "", address.strip(_EDGE)).replace("\\", "/")
    match = re.match(r"(?:(https?|ftp):/*|//+)([^/?#]*)", text, re.I)
    if match is None:
        return ""
    return match.group(2).rpartition("@")[2].partition(":")[0].lower()


def client_host(address: str) -> str:
    """The host that an HTTP library would connect to."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def owned(host: str, mark: str) -> bool:
    """Whether the host is one that the attacker can register: the mark stands in its last two labels."""
    return any(mark in label for label in host.split(".")[-2:])


def addresses(sighting: Sighting) -> list[str]:
    """Values for the place where this one stands: whole, in the host, behind it; and with the constants looked for."""
    wanted = [
        str(c) for key in ("contains", "endswith", "startswith", "==") for c in sighting.slot.constants.get(key, [])
    ]
    if "://" in sighting.event.text:
        wanted.append(client_host(sighting.event.text))
    hosts = [c for c in wanted if re.fullmatch(r"[\w.-]*\w\.\w+|zq\w{9}", c)]
    before = sighting.before
    if before and not before.endswith(("/", "//")) and "://" in before:
        return ["@{m}.test/", ".{m}.test/", ":x@{m}.test/", "{m}.test"]
    if before.endswith("//"):
        return ["{m}.test/", "{m}.test#", "{m}.test?", "x@{m}.test/", "{m}.test\\", "x:y@{m}.test/?"]
    shapes = ["https://{m}.test/", "//{m}.test/", "/\\{m}.test", "///{m}.test", "https:///{m}.test", "https:{m}.test",
              "http://{m}.test", "\\/{m}.test", "{m}.test"]  # fmt: skip
    for host in hosts[:3]:
        shapes += ["https://" + host + ".{m}.test/", "https://" + host + "@{m}.test/", "https://{m}" + host + "/",
                   "https://{m}.test/" + host, "https://{m}.test/?" + host, "https://{m}.test#" + host]  # fmt: skip
    for other in wanted[:4]:
        if other not in hosts and "{" not in other and other.strip("/:"):
            shapes += [
                "https://{m}.test/" + other,
                "https://{m}.test/?" + other,
                other + "@{m}.test/",
                other + ".{m}.test/",
            ]
    return shapes


class Address(Probe):
    """What the two families share."""

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Another host for the place where the value stands."""
        for shape in addresses(sighting):
            mark = canaries.word()
            yield Attack(shape.replace("{m}", mark), mark, "another host")

    def composed(self, sighting: Sighting) -> bool:
        """A host or a path of the code's own stands around the value, or the value is checked for a host.

        A parameter that is the base of the address is its caller's.
        """
        before, _, after = sighting.fixed.partition("\0")
        wanted = [str(c) for found in sighting.slot.constants.values() for c in found]
        checked = any(re.fullmatch(r"[\w.-]*\w\.[a-z]{2,}", host) for host in wanted)
        # Behind the value stands a host only up to the first slash: ``base + "/index.json"`` names none.
        own_host = re.search(r"\w\.\w", before) or re.match(r"[\w-]*(\.[\w-]+)*\.[a-z]{2,}(?![\w.-])", after)
        return own_host is not None or checked or (re.search(r"/\w", before) is not None)


class Fetch(Address):
    """A value that becomes part of an address that the server contacts."""

    weakness = "ssrf"
    kinds = frozenset({"url", "connect"})

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The attacker's host was contacted."""
        for event in self.at_sink(run, sighting):
            if owned(client_host(event.text), attack.mark):
                return f"the server contacted {event.text}"
            if event.text.lower().startswith("file:") and attack.mark in event.text:
                return f"the server read {event.text}"
        return ""


class Redirect(Address):
    """A value that becomes part of the address that the browser is sent to."""

    weakness = "open-redirect"
    kinds = frozenset({"redirect"})

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """A browser would leave for the attacker's host."""
        for event in self.at_sink(run, sighting):
            if owned(browser_host(event.text), attack.mark):
                return f"the browser was sent to {event.text}"
        return ""


class ReturnedAddress(Address):
    """An address that is handed back by a function whose name says what it is for."""

    kinds = frozenset({"return"})
    by_convention = True

    def __init__(self, weakness: str, names: str) -> None:
        self.weakness = weakness
        self._names = re.compile(names, re.I)

    def relevant(self, sighting: Sighting) -> bool:
        """Functions named after it, with a value that may stand in an address."""
        named = self._names.search(sighting.event.function) is not None and " " not in sighting.event.text
        is_base = sighting.before.endswith("://") and sighting.slot.trust != "outside"
        return named and not is_base

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The address leads to the attacker's host."""
        for event in self.at_sink(run, sighting):
            if owned(browser_host(event.text), attack.mark):
                return f"the address {event.text} was returned, which leads to the input's host"
        return ""


class BuiltAddress(ReturnedAddress):
    """An address that the function puts together; one that is handed back as it came is nobody's request yet."""

    def relevant(self, sighting: Sighting) -> bool:
        """Something stands around the value."""
        return super().relevant(sighting) and not sighting.whole


class JoinedRedirect(ReturnedAddress):
    """A value that a function named after redirects joins to a base: a path there, as the code sees it.

    ``urljoin`` does not keep what it joins at the base's host: ``//h`` and ``https://h`` are addresses of their own.
    """

    def relevant(self, sighting: Sighting) -> bool:
        """With a benign value the address stays with another host than the value's."""
        return super().relevant(sighting) and _BEHIND_HOST.match(sighting.before) is not None

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """What a browser and ``urljoin`` take for another host."""
        for shape in ("//{m}.test/", "/{m}.test/", "https://{m}.test/", "/\\{m}.test/", "\\\\{m}.test/"):
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "an address of its own in the place of a path")

    def composed(self, sighting: Sighting) -> bool:
        """Joining to a base claims to stay there."""
        return True


class JoinedPath(JoinedRedirect):
    """A value behind a slash of the code's own: with one more of the input's, the path becomes a host."""

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Only what needs a slash of the code's own to be a host: any address may be given to what resolves them."""
        mark = canaries.word()
        yield Attack(f"/{mark}.test/", mark, "a second slash")


class Subdomain(ReturnedAddress):
    """A value in the place of the first labels of a host whose other labels are given."""

    def relevant(self, sighting: Sighting) -> bool:
        """The value stands between the scheme and a dot."""
        between = sighting.before.endswith("://") and re.match(r"\.\w", sighting.after) is not None
        return between and self._names.search(sighting.event.function) is not None

    def composed(self, sighting: Sighting) -> bool:
        """The labels behind the value are there to confine it."""
        return True


_BEHIND_HOST = re.compile(r"^https?://[^/?#]+/")
_REDIRECTS = "redirect|next_url|return_url|callback|login_url|location"
_URLS = r"^(?!.*redirect).*(url|uri|endpoint)"
PROBES = [
    Fetch(),
    Redirect(),
    ReturnedAddress("open-redirect", _REDIRECTS),
    JoinedRedirect("open-redirect", _REDIRECTS),
    JoinedPath("ssrf", _URLS),
    Subdomain("ssrf", _URLS),
    BuiltAddress("ssrf", _URLS),
]
