"""Addresses on the web: taken apart, joined, and held against the hosts that are allowed."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import NOWHERE, Value, merged, opened


def _url(site: Site) -> Value:
    value = site.args[0] if site.args else NOWHERE
    return value._replace(kind="url")


def _urljoin(site: Site) -> Value:
    base, other = site.need(0, "base"), site.need(1, "url")
    return other if not base.prefix() else merged([base, other])


def _address_checked(site: Site) -> Value:
    value = site.need(0, "url")
    return opened(value.hole(), "match:ssrf,open-redirect")


FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    "urllib.parse.urlparse": _url,
    "urllib.parse.urlsplit": _url,
    "urlparse.urlparse": _url,
    "urlparse.urlsplit": _url,
    "urllib.parse.urljoin": _urljoin,
    "urlparse.urljoin": _urljoin,
    "django.utils.http.url_has_allowed_host_and_scheme": _address_checked,
    "django.utils.http.is_safe_url": _address_checked,
    "url_has_allowed_host_and_scheme": _address_checked,
}
